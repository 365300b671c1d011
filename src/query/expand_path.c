/* The name of a document's file, searched as a field of low weight: for each term that may cover
 * syllables of a word, the same in the class of names. Only terms that some name has come into the
 * query, and only where names can cover the word: others cost their lookups and nothing else. */
#include "query/expand_path.h"

#include "base/checksum.h"
#include "segment/dictionary.h"
#include "text/path.h"

#define TERMS_MAX 512u /* of a query that names are added to */

/* A term of names that covers what a covering of the word does. */
struct twin {
    uint32_t in_text; /* the covering's term */
    uint32_t offset;
    uint16_t bytes;
    uint64_t mask;
    char text[FR_WORD_MAX_BYTES + sizeof FR_PATH_DOT];
};
FR_VECTOR_TYPE(twins, struct twin);

static bool have_paths(const struct fr_context *ctx)
{
    for (uint32_t g = 0; g < ctx->snapshot->segment_count; g++)
        if (ctx->snapshot->segments[g].stats.path_terms) return true;
    return false;
}

static frai_status look_up(const struct fr_context *ctx, const struct twin *t, bool *known,
                           frai_error *err)
{
    *known = false;
    for (uint32_t g = 0; g < ctx->snapshot->segment_count && !*known; g++) {
        const struct fr_segment *seg = &ctx->snapshot->segments[g];
        uint32_t ordinal = FR_NO_TERM;
        if (seg->stats.path_terms)
            FR_TRY(fr_dictionary_word(seg, FR_TERM_PATH, t->text, t->bytes, &ordinal, err));
        *known = ordinal != FR_NO_TERM;
    }
    return FRAI_OK;
}

/* Has some name the term? */
static frai_status is_known(struct fr_context *ctx, const struct twin *t, bool *known,
                            frai_error *err)
{
    uint64_t hash = fr_hash64(t->text, t->bytes),
             *seen = &ctx->path_terms[hash >> 32 & (FR_PATH_TERMS - 1)];
    *known = *seen & 1;
    if (*seen && (*seen | 1) == (hash | 1)) return FRAI_OK;
    FR_TRY(look_up(ctx, t, known, err));
    *seen = (hash | 1) - !*known;
    return FRAI_OK;
}

/* The covering's twin; false: it can have none. */
static bool make_twin(const struct fr_query *q, const struct fr_covering *a, bool dotted,
                      struct twin *t)
{
    const struct fr_query_term *term = &fr_vec_at(&q->terms, a->term);
    char pair[8];
    frai_slice text = fr_query_term_bytes(q, term);
    if (!term->word_bytes) text = (frai_slice){pair, fr_path_pair(term->key, pair)};
    size_t dot = dotted ? strlen(FR_PATH_DOT) : 0;
    if (!fr_term_is_text(term->term_class) || text.len > FR_WORD_MAX_BYTES) return false;
    *t = (struct twin){.in_text = a->term, .offset = a->offset, .mask = a->mask};
    t->bytes = (uint16_t)(dot + text.len);
    memcpy(t->text, FR_PATH_DOT, dot);
    memcpy(t->text + dot, text.ptr, text.len);
    return true;
}

/* A word of a query and what names have of it. */
struct name_word {
    const struct fr_query *q;
    const struct fr_query_word *w;
    struct twins *twins;
    uint64_t covered; /* syllables that they cover */
};

/* Adds the twins of coverings that cover the first syllable or do not. */
static frai_status find_twins(struct fr_context *ctx, struct name_word *n, bool first,
                              frai_error *err)
{
    const struct fr_query_word *w = n->w;
    for (uint32_t i = w->first; i < w->first + w->count; i++) {
        const struct fr_covering *a = &fr_vec_at(&n->q->coverings, i);
        if ((a->mask & 1) != first || a->starts_eojeol) continue;
        FR_TRY(fr_interrupt_check(&ctx->interrupt, err));
        bool behind_dot = w->dotted & a->mask & (0 - a->mask); /* its first syllable is */
        for (int dotted = 0; dotted <= behind_dot; dotted++) {
            struct twin t;
            bool known;
            if (!make_twin(n->q, a, dotted, &t)) continue;
            FR_TRY(is_known(ctx, &t, &known, err));
            if (!known) continue;
            fr_vec_append(n->twins, &t, 1);
            n->covered |= t.mask;
        }
    }
    return n->twins->buf.failed ? fr_fail_memory(err, "searching") : FRAI_OK;
}

static void put_twin(struct fr_query *q, struct fr_query_word *w, const struct twin *t)
{
    float boost = fr_vec_at(&q->terms, t->in_text).boost;
    uint32_t term =
        fr_query_put_term(q, FR_TERM_PATH, 0, t->text, t->bytes, q->boosts->path * boost);
    fr_query_put_covering(q, w, term, t->offset, t->mask);
    if (term != FR_NO_QUERY_TERM && !fr_query_failed(q))
        fr_vec_at(&q->terms, term).in_text = t->in_text;
}

static frai_status expand_word(struct fr_context *ctx, struct fr_query *q, uint32_t i,
                               struct twins *twins, frai_error *err)
{
    struct fr_query_word *w = &fr_vec_at(&q->words, i);
    struct name_word n = {q, w, twins, 0};
    uint64_t needed = w->min_syllables < 64 ? (1ull << w->min_syllables) - 1 : ~0ull;
    if (w->phrase) return FRAI_OK;
    fr_buf_clear(&twins->buf);
    FR_TRY(find_twins(ctx, &n, true, err));
    if (n.covered) FR_TRY(find_twins(ctx, &n, false, err));
    size_t count = fr_vec_count(twins), terms = fr_vec_count(&q->terms);
    if ((n.covered & needed) != needed || terms + count > TERMS_MAX) return FRAI_OK;
    fr_query_reopen(q, w);
    for (size_t k = 0; k < count; k++) put_twin(q, w, &fr_vec_at(twins, k));
    return fr_query_failed(q) ? fr_fail_memory(err, "searching") : FRAI_OK;
}

frai_status fr_expand_path(struct fr_context *ctx, struct fr_query *q, frai_error *err)
{
    frai_status status = FRAI_OK;
    struct twins twins;
    if (!have_paths(ctx)) return FRAI_OK;
    fr_buf_init(&twins.buf, &ctx->mem);
    for (uint32_t i = 0; i < fr_vec_count(&q->words); i++)
        if (status == FRAI_OK) status = expand_word(ctx, q, i, &twins, err);
    fr_buf_deinit(&twins.buf);
    return status;
}
