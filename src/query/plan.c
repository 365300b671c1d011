#include "query/plan.h"

#include <float.h>

#include "codec/norm.h"
#include "query/expand.h"
#include "query/searcher.h"
#include "segment/deletes.h"
#include "segment/dictionary.h"

void fr_plan_init(struct fr_plan *p, const frai_allocator *mem)
{
    *p = (struct fr_plan){.ranking = FRAI_RANK_DEFAULT};
    fr_query_init(&p->query, mem);
    fr_buf_init(&p->text, mem);
    fr_buf_init(&p->dfs, mem);
    fr_buf_init(&p->weights, mem);
    fr_buf_init(&p->term_postings, mem);
}

void fr_plan_deinit(struct fr_plan *p)
{
    fr_query_deinit(&p->query);
    fr_buf_deinit(&p->text);
    fr_buf_deinit(&p->dfs);
    fr_buf_deinit(&p->weights);
    fr_buf_deinit(&p->term_postings);
}

void fr_plan_clear(struct fr_plan *p)
{
    fr_query_clear(&p->query);
    fr_buf_clear(&p->text);
}

frai_status fr_plan_refuse(const struct fr_plan *p, frai_error *err)
{
    bool strict = p->flags & FRAI_SEARCH_STRICT_LIMITS;
    if (strict && p->query.ignored)
        return fr_fail(err, FRAI_ERR_ARGUMENT,
                       "the query is too long: %u of its words are beyond the limits of %u words "
                       "and %u terms; shorten it",
                       (unsigned)p->query.ignored, FRAI_QUERY_WORDS_MAX, FR_QUERY_TERMS_MAX);
    if (strict && p->query.empty)
        return fr_fail(err, FRAI_ERR_ARGUMENT,
                       "what the query leaves out has nothing that can be looked for (punctuation "
                       "alone)");
    if (strict && p->query.unclear)
        return fr_fail(
            err, FRAI_ERR_ARGUMENT,
            "the query has a dash that excludes nothing; write -\"6\" to exclude a number, "
            "\"-6\" to look for it");
    if (fr_query_only_excludes(&p->query))
        return fr_fail(err, FRAI_ERR_SYNTAX,
                       "the query only says what to leave out; for all documents without a word, "
                       "write: * -word");
    return FRAI_OK;
}

static frai_status find_term(const struct fr_query *q, const struct fr_segment *seg,
                             const struct fr_query_term *t, uint32_t *ordinal, frai_error *err)
{
    if (t->word_bytes == 0) return fr_dictionary_pair(seg, t->key, ordinal, err);
    frai_slice word = fr_query_term_bytes(q, t);
    return fr_dictionary_word(seg, t->term_class, word.ptr, word.len, ordinal, err);
}

/* What a lone syllable stands for in a segment: the pairs that it begins are `firsts` of the
 * ordinals, and the first of these may be the syllable by itself. */
struct syllable_terms {
    uint32_t firsts;
    bool lone;
};

/* Of lone syllable w; ordinals (uint32_t) into s->ordinals. */
static frai_status find_syllable(struct fr_searcher *s, const struct fr_plan *p,
                                 const struct fr_segment *seg, uint32_t w,
                                 struct syllable_terms *found, frai_error *err)
{
    const struct fr_query_word *word = fr_plan_word(p, w);
    uint32_t begin, end, alone;
    fr_buf_clear(&s->ordinals);
    FR_TRY(fr_dictionary_first(seg, word->syllable, &begin, &end, err));
    FR_TRY(fr_dictionary_pair(seg, fr_pair_key(word->syllable, 0), &alone, err));
    for (uint32_t i = begin; i < end; i++) fr_buf_u32(&s->ordinals, i);
    found->lone = alone != FR_NO_TERM;
    if (word->completes) FR_TRY(fr_completed_syllables(seg, word->syllable, &s->ordinals, err));
    found->firsts = (uint32_t)FR_COUNT(&s->ordinals, uint32_t);
    bool inside = p->query.positive == 1 && !word->negative;
    if (inside) FR_TRY(fr_dictionary_last(seg, word->syllable, &s->ordinals, err));
    return s->ordinals.failed ? fr_search_memory(err) : FRAI_OK;
}

/* By how much the K that a segment's bounds are made of exceeds the query's, at the most. Both are
 * affine in the length, so their ratio is largest at one end. */
static float bound_odds(const float *k, const struct fr_segment *seg)
{
    const uint8_t ends[] = {0, 255};
    float most = 0;
    for (int i = 0; i < 2; i++) {
        float made = fr_norm_k(ends[i], seg->stats.k1, seg->stats.b, seg->stats.average_length);
        float odds = k[ends[i]] > 0 ? made / k[ends[i]] : FLT_MAX;
        if (odds > most) most = odds;
    }
    return most;
}

/* A cursor over opened postings (df 0: there are none); the score's bound follows from the stored
 * one and from bound_odds of the segment. */
static void set_cursor(const struct fr_postings *postings, float odds, float weight,
                       struct fr_cursor *c)
{
    c->odds = odds;
    c->exists = postings->df > 0;
    c->damaged = false;
    c->weight = weight;
    c->block = c->len = c->at = 0;
    c->doc = FR_END;
    c->postings = *postings;
    c->max_score = c->exists ? fr_cursor_bound(c, postings->max_impact) : 0;
}

/* Takes from the weight of a pair inside a run what its first syllable, which the pair before has
 * too, says already. */
static frai_status condition(const struct fr_searcher *s, const struct fr_plan *p,
                             const uint64_t *df, float *weight, frai_error *err)
{
    uint64_t all = s->snapshot->postings;
    for (uint32_t t = 0, terms = fr_plan_terms(p); t < terms; t++) {
        const struct fr_query_term *term = &FR_AT(&p->query.terms, struct fr_query_term, t);
        if (weight[t] == 0 || term->word_bytes || !term->continues ||
            (term->key & 0xFFFF) <= FR_PAIR_READING)
            continue;
        uint64_t first_df = 0;
        for (uint32_t g = 0; g < s->snapshot->segment_count; g++) {
            const struct fr_segment *seg = &s->snapshot->segments[g];
            uint16_t first = (uint16_t)(term->key >> 16);
            uint32_t part;
            FR_TRY(fr_dictionary_first_df(seg, first, &part, err));
            first_df += part - fr_deletes_of_first(seg, first);
        }
        weight[t] *= fr_rank_conditional(df[t], first_df, all);
    }
    return FRAI_OK;
}

/* In the name of a file a term weighs a share of what it does in the text, however rare it is in
 * names. */
static void weigh_path(const struct fr_plan *p, float *weight)
{
    for (uint32_t t = 0, terms = fr_plan_terms(p); t < terms; t++) {
        uint32_t in_text = FR_AT(&p->query.terms, struct fr_query_term, t).in_text;
        if (in_text == FR_NO_QUERY_TERM || weight[in_text] == 0) continue;
        float most = FR_BOOST_PATH * weight[in_text];
        if (weight[t] > most) weight[t] = most;
    }
}

/* Document frequencies over all segments → weights of terms, then of words (lone syllables). */
static frai_status weigh(struct fr_searcher *s, struct fr_plan *p, frai_error *err)
{
    uint32_t terms = fr_plan_terms(p), words = fr_plan_words(p);
    if (!fr_buf_reserve(&p->term_postings,
                        (size_t)s->snapshot->segment_count * terms * sizeof(struct fr_postings)))
        return fr_search_memory(err);
    struct fr_postings *opened = (struct fr_postings *)(void *)p->term_postings.data;
    if (!fr_buf_reserve(&p->dfs, (terms + words) * 8ull) ||
        !fr_buf_reserve(&p->weights, (terms + words) * 4ull))
        return fr_search_memory(err);
    uint64_t *df = (uint64_t *)(void *)p->dfs.data;
    float *weight = (float *)(void *)p->weights.data;
    memset(df, 0, (terms + words) * 8ull);
    struct fr_postings postings;
    for (uint32_t g = 0; g < s->snapshot->segment_count; g++) {
        const struct fr_segment *seg = &s->snapshot->segments[g];
        if (!fr_buf_reserve(&s->ordinals, terms * 4ull)) return fr_search_memory(err);
        uint32_t *ordinals = (uint32_t *)(void *)s->ordinals.data;
        for (uint32_t t = 0; t < terms; t++) {
            const struct fr_query_term *term = &FR_AT(&p->query.terms, struct fr_query_term, t);
            FR_TRY(find_term(&p->query, seg, term, &ordinals[t], err));
            fr_postings_expect_group(seg, ordinals[t]);
        }
        for (uint32_t t = 0; t < terms; t++) fr_postings_expect_entry(seg, ordinals[t]);
        for (uint32_t t = 0; t < terms; t++, opened++) {
            *opened = (struct fr_postings){.df = 0};
            if (ordinals[t] != FR_NO_TERM) FR_TRY(fr_postings_open(seg, ordinals[t], opened, err));
            df[t] += opened->df - (opened->df ? fr_deletes_of_term(seg, ordinals[t]) : 0);
        }
        for (uint32_t w = 0; w < words; w++) {
            struct syllable_terms found;
            if (!fr_plan_word(p, w)->syllable) continue;
            FR_TRY(find_syllable(s, p, seg, w, &found, err));
            for (size_t i = 0; i < FR_COUNT(&s->ordinals, uint32_t); i++) {
                uint32_t ordinal = FR_AT(&s->ordinals, uint32_t, i);
                FR_TRY(fr_postings_open(seg, ordinal, &postings, err));
                df[terms + w] += postings.df - fr_deletes_of_term(seg, ordinal);
            }
        }
    }
    uint64_t n = s->snapshot->texts;
    for (uint32_t t = 0; t < terms + words; t++) {
        float boost = t < terms ? FR_AT(&p->query.terms, struct fr_query_term, t).boost : 1.0f;
        weight[t] = df[t] ? boost * fr_bm25_idf(n, df[t] < n ? df[t] : n) : 0;
    }
    if (p->ranking == FRAI_RANK_DEFAULT) FR_TRY(condition(s, p, df, weight, err));
    weigh_path(p, weight);
    return FRAI_OK;
}

static frai_status open_cursors(struct fr_searcher *s, const struct fr_plan *p, uint32_t g,
                                frai_error *err)
{
    uint32_t terms = fr_plan_terms(p);
    float odds = bound_odds(s->k_of_norm[p->ranking], &s->snapshot->segments[g]);
    if (!fr_buf_reserve(&s->cursors, terms * sizeof(struct fr_cursor)) ||
        !fr_buf_reserve(&s->instead, terms * 4ull))
        return fr_search_memory(err);
    for (uint32_t t = 0; t < terms; t++)
        fr_buf_u32(&s->instead, FR_AT(&p->query.terms, struct fr_query_term, t).instead);
    for (uint32_t t = 0; t < terms; t++)
        set_cursor(&FR_AT(&p->term_postings, struct fr_postings, (size_t)g * terms + t), odds,
                   FR_AT(&p->weights, float, t), &FR_AT(&s->cursors, struct fr_cursor, t));
    return FRAI_OK;
}

static frai_status open_syllables(struct fr_searcher *s, const struct fr_plan *p,
                                  const struct fr_segment *seg, frai_error *err)
{
    uint32_t words = fr_plan_words(p), terms = fr_plan_terms(p);
    if (!fr_buf_reserve(&s->syllables, words * sizeof(struct fr_syllable)))
        return fr_search_memory(err);
    struct fr_syllable *list = (struct fr_syllable *)(void *)s->syllables.data;
    memset(list, 0, words * sizeof *list);
    fr_buf_clear(&s->syllable_cursors);
    for (uint32_t w = 0; w < words; w++) {
        struct syllable_terms found;
        if (!fr_plan_word(p, w)->syllable) continue;
        FR_TRY(find_syllable(s, p, seg, w, &found, err));
        list[w].firsts = found.firsts;
        list[w].lone = found.lone;
        list[w].count = (uint32_t)FR_COUNT(&s->ordinals, uint32_t);
        list[w].weight = FR_AT(&p->weights, float, terms + w);
        size_t bytes = list[w].count * sizeof(struct fr_cursor);
        if (!fr_buf_room(&s->syllable_cursors, bytes)) return fr_search_memory(err);
        struct fr_cursor *c =
            (struct fr_cursor *)(void *)(s->syllable_cursors.data + s->syllable_cursors.len);
        for (uint32_t i = 0; i < list[w].count; i++) {
            struct fr_postings postings;
            FR_TRY(fr_postings_open(seg, FR_AT(&s->ordinals, uint32_t, i), &postings, err));
            set_cursor(&postings, 1, 0, &c[i]); /* scores nothing by itself */
        }
        s->syllable_cursors.len += bytes;
    }
    uint32_t before = 0; /* only now the buffer stays where it is */
    for (uint32_t w = 0; w < words; w++) {
        if (!list[w].count) continue;
        list[w].cursors = &FR_AT(&s->syllable_cursors, struct fr_cursor, before);
        before += list[w].count;
    }
    return FRAI_OK;
}

static bool any_damaged(const struct fr_cursor *c, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (c[i].damaged) return true;
    return false;
}

frai_status fr_plan_open_terms(struct fr_searcher *s, const struct fr_plan *p, uint32_t g,
                               struct fr_topk *top, struct fr_match *m, frai_error *err)
{
    FR_TRY(open_cursors(s, p, g, err));
    *m = (struct fr_match){
        .searcher = s, .query = &p->query, .any = p->any, .count_limit = UINT64_MAX};
    m->only = FR_ALL_WORDS;
    m->fade_lines = p->ranking == FRAI_RANK_DEFAULT;
    m->evaluation = (struct fr_evaluation){
        .seg = &s->snapshot->segments[g],
        .cursors = (struct fr_cursor *)(void *)s->cursors.data,
        .instead = (const uint32_t *)(const void *)s->instead.data,
        .count = fr_plan_terms(p),
        .k_of_norm = s->k_of_norm[p->ranking],
        .base = s->snapshot->bases[g],
        .top = top,
        .scratch = &s->scratch,
    };
    return FRAI_OK;
}

frai_status fr_plan_copy_cursors(struct fr_searcher *s, const struct fr_match *m,
                                 struct fr_cursor **copy, frai_error *err)
{
    size_t bytes = m->evaluation.count * sizeof(struct fr_cursor);
    if (!fr_buf_reserve(&s->bit_cursors, bytes)) return fr_search_memory(err);
    if (bytes) memcpy(s->bit_cursors.data, m->evaluation.cursors, bytes);
    *copy = (struct fr_cursor *)(void *)s->bit_cursors.data;
    return FRAI_OK;
}

frai_status fr_plan_open_words(struct fr_searcher *s, const struct fr_plan *p, uint32_t g,
                               struct fr_topk *top, struct fr_match *m, frai_error *err)
{
    FR_TRY(fr_plan_open_terms(s, p, g, top, m, err));
    FR_TRY(fr_plan_copy_cursors(s, m, &m->bit_cursors, err));
    FR_TRY(open_syllables(s, p, &s->snapshot->segments[g], err));
    m->syllables = (struct fr_syllable *)(void *)s->syllables.data;
    return FRAI_OK;
}

frai_status fr_plan_heap(struct fr_searcher *s, uint64_t k, struct fr_topk *top, frai_error *err)
{
    if (k > s->snapshot->live_docs) k = s->snapshot->live_docs;
    if (!fr_buf_reserve(&s->heap, (size_t)k * sizeof(struct fr_scored)))
        return fr_search_memory(err);
    *top = (struct fr_topk){(struct fr_scored *)(void *)s->heap.data, (uint32_t)k, 0};
    return FRAI_OK;
}

bool fr_plan_rank(struct fr_searcher *s, const struct fr_plan *p)
{
    return fr_rank_prepare(&s->rank, &p->query, (const float *)(const void *)p->weights.data,
                           (float)s->snapshot->texts, s->snapshot->average_length);
}

bool fr_plan_note(struct fr_searcher *s, const struct fr_match *m, bool counted)
{
    const struct fr_evaluation *e = &m->evaluation;
    struct fr_step step = {e->way, e->base, e->matches, e->scored, e->decoded, counted};
    fr_buf_put(&s->steps, &step, sizeof step);
    return !s->steps.failed;
}

frai_status fr_plan_check(const struct fr_searcher *s, const struct fr_match *m, frai_error *err)
{
    bool damaged = any_damaged(m->evaluation.cursors, m->evaluation.count);
    if (m->bit_cursors) {
        damaged |= any_damaged(m->bit_cursors, m->evaluation.count);
        damaged |= any_damaged((const struct fr_cursor *)(const void *)s->syllable_cursors.data,
                               (uint32_t)FR_COUNT(&s->syllable_cursors, struct fr_cursor));
    }
    return damaged ? fr_segment_damaged(m->evaluation.seg, "postings", err) : FRAI_OK;
}

/* The text's words, or its terms, and nothing that they may be besides. */
static bool parse(struct fr_searcher *s, const struct fr_question *asked, struct fr_plan *p)
{
    uint32_t how = (asked->flags & FRAI_SEARCH_EXACT ? FR_PARSE_EXACT : 0) |
                   (asked->flags & FRAI_SEARCH_NO_FIX ? FR_PARSE_WHOLE : 0) |
                   (asked->flags & FR_SEARCH_PLAIN ? FR_PARSE_PLAIN : 0);
    struct fr_analyzer precut;
    if (!(asked->flags & FR_SEARCH_TERMS))
        return fr_query_parse(&p->query, fr_plan_text(p), &s->analyzer, s->stemmer, how);
    fr_analyzer_init(&precut, FR_ANALYZER_PRECUT, &s->mem);
    bool parsed = fr_query_parse(&p->query, fr_plan_text(p), &precut, s->stemmer, FR_PARSE_EXACT);
    fr_analyzer_deinit(&precut);
    return parsed;
}

/* The words that begin where those of initial consonants do, a bit each. */
static uint64_t initial_words(const struct fr_question *asked, const struct fr_plan *p)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; asked->initials && i < fr_plan_words(p) && i < 64; i++)
        for (uint32_t k = 0; k < asked->initials; k++)
            if (fr_plan_word(p, i)->begin == asked->initials_at[k]) bits |= 1ull << i;
    return bits;
}

/* What else the words may be. */
static frai_status expand(struct fr_searcher *s, const struct fr_question *asked, struct fr_plan *p,
                          frai_error *err)
{
    uint64_t initials = initial_words(asked, p);
    FR_TRY(fr_expand(s, &p->query, err));
    if (asked->flags & FRAI_SEARCH_PREFIX) FR_TRY(fr_complete(s, &p->query, err));
    if (initials) FR_TRY(fr_expand_initials(s, &p->query, initials, err));
    return asked->flags & FR_SEARCH_TEXT_ONLY ? FRAI_OK : fr_expand_path(s, &p->query, err);
}

/* Is one word of the query enough? */
static bool wants_any(const struct fr_question *asked, const struct fr_query *q)
{
    bool many = asked->match == FRAI_MATCH_AUTO && q->positive >= FR_QUERY_MANY_WORDS;
    if (asked->flags & FR_SEARCH_TERMS) return asked->match != FRAI_MATCH_ALL;
    return q->positive > 1 && (asked->match == FRAI_MATCH_ANY || many);
}

frai_status fr_plan_make(struct fr_searcher *s, const struct fr_question *asked, struct fr_plan *p,
                         frai_error *err)
{
    struct fr_query *q = &p->query;
    p->flags = asked->flags;
    p->ranking = asked->ranking;
    if (!fr_buf_reserve(&p->text, asked->text.len)) return fr_search_memory(err);
    fr_buf_put(&p->text, asked->text.ptr, asked->text.len);
    if (!parse(s, asked, p)) return fr_search_memory(err);
    if (asked->among) fr_query_place_among(q, asked->among);
    p->any = wants_any(asked, q);
    if (!(asked->flags & (FRAI_SEARCH_EXACT | FR_SEARCH_TERMS))) FR_TRY(expand(s, asked, p, err));
    if (p->ranking == FRAI_RANK_DEFAULT) {
        FR_TRY(fr_lines_load(&s->lines, s->snapshot->segments, s->snapshot->segment_count,
                             &s->analyzer, err));
        if (!fr_lines_note(&s->lines, q)) return fr_search_memory(err);
    }
    if (q->alternatives.failed || q->terms.failed || q->bytes.failed) return fr_search_memory(err);
    return weigh(s, p, err);
}
