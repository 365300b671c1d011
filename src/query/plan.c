/* A plan is made in four steps: the text becomes words, words get what else may stand for them,
 * terms are looked up and counted in every segment, and the counts (or those that were handed in)
 * become weights. */
#include "query/plan.h"

#include "codec/norm.h"
#include "query/complete.h"
#include "query/cursor.h"
#include "query/expand.h"
#include "query/expand_forms.h"
#include "query/expand_path.h"
#include "query/initials.h"
#include "query/noun_odds.h"
#include "query/parse.h"
#include "query/rank.h"
#include "query/titled.h"
#include "query/tree.h"
#include "segment/deletes.h"
#include "segment/dictionary.h"

/* Buffer i of the plan, without those of its query; NULL after the last. */
static struct fr_buf *buffer(struct fr_plan *p, unsigned i)
{
    struct fr_buf *all[] = {&p->text,      &p->dfs.buf,    &p->first_dfs.buf,    &p->weights.buf,
                            &p->stems.buf, &p->shares.buf, &p->term_postings.buf};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

void fr_plan_init(struct fr_plan *p, const frai_allocator *mem)
{
    *p = (struct fr_plan){.ranking = FRAI_RANK_DEFAULT};
    fr_query_init(&p->query, mem);
    for (unsigned i = 0; buffer(p, i); i++) fr_buf_init(buffer(p, i), mem);
}

void fr_plan_deinit(struct fr_plan *p)
{
    fr_query_deinit(&p->query);
    for (unsigned i = 0; buffer(p, i); i++) fr_buf_deinit(buffer(p, i));
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

frai_status fr_plan_syllable(struct fr_context *ctx, const struct fr_plan *p,
                             const struct fr_segment *seg, uint32_t w,
                             struct fr_syllable_terms *found, frai_error *err)
{
    const struct fr_query_word *word = fr_plan_word(p, w);
    uint32_t alone, particle;
    fr_buf_clear(&ctx->ordinals.buf);
    FR_TRY(fr_dictionary_pair(seg, fr_pair_key(word->syllable, 0), &alone, err));
    FR_TRY(fr_dictionary_pair(seg, fr_pair_key(word->syllable, FR_PAIR_PARTICLE), &particle, err));
    found->lone = alone != FR_NO_TERM;
    found->with_particle = particle != FR_NO_TERM;
    if (found->lone) fr_vec_push(&ctx->ordinals, alone);
    if (found->with_particle) fr_vec_push(&ctx->ordinals, particle);
    FR_TRY(fr_dictionary_beginning(seg, word->syllable, FR_PAIR_READING, &ctx->ordinals, err));
    if (word->completes) FR_TRY(fr_completed_syllables(seg, word->syllable, &ctx->ordinals, err));
    found->firsts = (uint32_t)fr_vec_count(&ctx->ordinals);
    if (fr_syllable_is_inside(&p->query, word))
        FR_TRY(fr_dictionary_last(seg, word->syllable, &ctx->ordinals, err));
    return ctx->ordinals.buf.failed ? fr_fail_memory(err, "searching") : FRAI_OK;
}

/* Is it a pair that follows another one of its run, which has its first syllable too? */
static bool is_conditional(const struct fr_query_term *t)
{
    return t->word_bytes == 0 && t->continues && fr_pair_is_two(t->key);
}

static uint16_t first_syllable(const struct fr_query_term *t)
{
    return (uint16_t)(t->key >> 16);
}

/* How many documents have a lone syllable as a word, by itself or with a particle; or, a document
 * as often as it has pairs of it, anywhere. */
static frai_status count_syllable(struct fr_context *ctx, const struct fr_plan *p, uint32_t w,
                                  bool whole, uint64_t *df, frai_error *err)
{
    for (uint32_t g = 0; g < ctx->snapshot->segment_count; g++) {
        const struct fr_segment *seg = &ctx->snapshot->segments[g];
        struct fr_syllable_terms found;
        struct fr_postings postings;
        FR_TRY(fr_interrupt_check(&ctx->interrupt, err));
        FR_TRY(fr_plan_syllable(ctx, p, seg, w, &found, err));
        size_t wholes = (size_t)found.lone + found.with_particle;
        size_t count = whole ? wholes : fr_vec_count(&ctx->ordinals);
        fr_work(&ctx->interrupt, count * FR_WORK_LOOKUP / 4);
        for (size_t i = 0; i < count; i++) {
            uint32_t ordinal = fr_vec_at(&ctx->ordinals, i);
            bool is_pair_too = found.with_particle && i == found.lone;
            if (!whole && is_pair_too) continue;
            if (i % 64 == 63) FR_TRY(fr_interrupt_check(&ctx->interrupt, err));
            FR_TRY(fr_postings_open(seg, ordinal, &postings, err));
            *df += fr_living_df(&postings, ordinal);
        }
    }
    return FRAI_OK;
}

/* Opens the postings of all terms, and counts documents. */
static frai_status count_documents(struct fr_context *ctx, struct fr_plan *p, frai_error *err)
{
    uint32_t terms = fr_plan_term_count(p), words = fr_plan_words(p);
    struct fr_postings *opened =
        fr_vec_reserve(&p->term_postings, (size_t)ctx->snapshot->segment_count * terms);
    uint64_t *df = fr_vec_reserve(&p->dfs, (size_t)terms + words);
    if (!opened || !df) return fr_fail_memory(err, "searching");
    memset(df, 0, (terms + words) * sizeof *df);
    for (uint32_t g = 0; g < ctx->snapshot->segment_count; g++) {
        const struct fr_segment *seg = &ctx->snapshot->segments[g];
        FR_TRY(fr_interrupt_check(&ctx->interrupt, err));
        uint32_t *ordinals = fr_vec_reserve(&ctx->ordinals, terms);
        if (!ordinals) return fr_fail_memory(err, "searching");
        fr_work(&ctx->interrupt, (uint64_t)terms * FR_WORK_LOOKUP);
        for (uint32_t t = 0; t < terms; t++) {
            const struct fr_query_term *term = &fr_vec_at(&p->query.terms, t);
            FR_TRY(find_term(&p->query, seg, term, &ordinals[t], err));
            fr_postings_prefetch_group(seg, ordinals[t]);
        }
        for (uint32_t t = 0; t < terms; t++) fr_postings_prefetch_entry(seg, ordinals[t]);
        for (uint32_t t = 0; t < terms; t++, opened++) {
            *opened = (struct fr_postings){.df = 0};
            if (ordinals[t] != FR_NO_TERM) FR_TRY(fr_postings_open(seg, ordinals[t], opened, err));
            df[t] += fr_living_df(opened, ordinals[t]);
        }
    }
    for (uint32_t w = 0; w < words; w++) {
        const struct fr_query_word *word = fr_plan_word(p, w);
        bool among = !fr_syllable_is_inside(&p->query, word);
        if (!word->syllable) continue;
        if (among) FR_TRY(count_syllable(ctx, p, w, true, &df[terms + w], err));
        if (df[terms + w] == 0) FR_TRY(count_syllable(ctx, p, w, false, &df[terms + w], err));
    }
    return FRAI_OK;
}

/* Counts what begins as conditional pairs do, where their weights need it. */
static frai_status count_firsts(const struct fr_context *ctx, struct fr_plan *p, frai_error *err)
{
    uint32_t terms = fr_plan_term_count(p);
    uint64_t *first_df = fr_vec_reserve(&p->first_dfs, terms);
    if (!first_df) return fr_fail_memory(err, "searching");
    memset(first_df, 0, terms * sizeof *first_df);
    for (uint32_t t = 0; t < terms && p->ranking == FRAI_RANK_DEFAULT; t++) {
        const struct fr_query_term *term = &fr_vec_at(&p->query.terms, t);
        if (fr_vec_at(&p->dfs, t) == 0 || term->boost == 0 || !is_conditional(term)) continue;
        FR_TRY(fr_context_first_df(ctx, first_syllable(term), &first_df[t], err));
    }
    return FRAI_OK;
}

static frai_slice content_of(const struct fr_plan *p, uint32_t w)
{
    const struct fr_query_word *word = fr_plan_word(p, w);
    return fr_query_slice(&p->query, word->stem_at, word->content_bytes);
}

/* Asks the lexicon which words are nouns. */
static frai_status count_stems(const struct fr_context *ctx, struct fr_plan *p, frai_error *err)
{
    uint32_t words = fr_plan_words(p);
    struct fr_stem_docs *stems = fr_vec_reserve(&p->stems, words);
    if (!stems) return fr_fail_memory(err, "searching");
    for (uint32_t w = 0; w < words; w++) {
        frai_slice stem = content_of(p, w);
        stems[w] = (struct fr_stem_docs){0, 0};
        if (stem.len && p->ranking == FRAI_RANK_DEFAULT)
            FR_TRY(fr_context_stem_docs(ctx, stem, &stems[w], err));
    }
    return FRAI_OK;
}

/* Puts the statistics that were handed in over those of the index. */
static void take_stats(struct fr_plan *p, const struct fr_collection_stats *stats)
{
    uint32_t terms = fr_plan_term_count(p);
    char name[FR_TERM_NAME_MAX];
    p->collection = stats->all;
    p->average_length = fr_collection_average(&stats->all);
    for (uint32_t t = 0; t < terms; t++) {
        size_t len = fr_term_name(&p->query, t, name);
        const struct fr_term_stats *known = fr_stats_find(stats, (frai_slice){name, len});
        if (!known) continue;
        fr_vec_at(&p->dfs, t) = known->df;
        fr_vec_at(&p->first_dfs, t) = known->first_df;
    }
    for (uint32_t w = 0; w < fr_plan_words(p); w++) {
        if (!fr_plan_word(p, w)->syllable) continue;
        size_t len = fr_syllable_name(&p->query, w, name);
        const struct fr_term_stats *known = fr_stats_find(stats, (frai_slice){name, len});
        if (known) fr_vec_at(&p->dfs, terms + w) = known->df;
    }
    for (uint32_t w = 0; w < fr_plan_words(p); w++) {
        size_t len = fr_stem_name(content_of(p, w), name);
        const struct fr_term_stats *known = fr_stats_find(stats, (frai_slice){name, len});
        if (known) fr_vec_at(&p->stems, w) = (struct fr_stem_docs){known->df, known->first_df};
    }
}

frai_status fr_plan_collect(const struct fr_context *ctx, const struct fr_plan *p,
                            struct fr_collection_stats *stats, frai_error *err)
{
    uint32_t terms = fr_plan_term_count(p);
    char name[FR_TERM_NAME_MAX];
    fr_stats_clear(stats);
    stats->all = p->collection;
    for (uint32_t t = 0; t < terms; t++) {
        const struct fr_query_term *term = &fr_vec_at(&p->query.terms, t);
        uint64_t first_df = 0; /* also where no document here has the pair */
        if (is_conditional(term))
            FR_TRY(fr_context_first_df(ctx, first_syllable(term), &first_df, err));
        size_t len = fr_term_name(&p->query, t, name);
        fr_stats_put(stats, (frai_slice){name, len}, fr_vec_at(&p->dfs, t), first_df);
    }
    for (uint32_t w = 0; w < fr_plan_words(p); w++) {
        if (!fr_plan_word(p, w)->syllable) continue;
        size_t len = fr_syllable_name(&p->query, w, name);
        fr_stats_put(stats, (frai_slice){name, len}, fr_vec_at(&p->dfs, terms + w), 0);
    }
    for (uint32_t w = 0; w < fr_plan_words(p); w++) {
        struct fr_stem_docs docs = fr_vec_at(&p->stems, w);
        size_t len = fr_stem_name(content_of(p, w), name);
        if (docs.all) fr_stats_put(stats, (frai_slice){name, len}, docs.all, docs.noun);
    }
    if (stats->terms.buf.failed || stats->names.failed) return fr_fail_memory(err, "searching");
    fr_stats_sort(stats);
    return FRAI_OK;
}

/* In the name of a file a term weighs a share of what it does in the text, however rare it is in
 * names. */
static void weigh_path(const struct fr_plan *p, float *weight)
{
    for (uint32_t t = 0, terms = fr_plan_term_count(p); t < terms; t++) {
        uint32_t in_text = fr_vec_at(&p->query.terms, t).in_text;
        if (in_text == FR_NO_QUERY_TERM || weight[in_text] == 0) continue;
        float most = p->query.boosts->path * weight[in_text];
        if (weight[t] > most) weight[t] = most;
    }
}

/* However rare another form of a word is, what was typed weighs more. */
static void weigh_forms(const struct fr_plan *p, float *weight)
{
    for (uint32_t t = 0, terms = fr_plan_term_count(p); t < terms; t++) {
        const struct fr_query_term *term = fr_query_term_at(&p->query, t);
        if (!term->is_form || term->variant_of == FR_NO_QUERY_TERM) continue;
        float typed = weight[term->variant_of];
        float boost = fr_query_term_at(&p->query, term->variant_of)->boost;
        if (typed <= 0 || boost <= 0) continue;
        float most = typed * term->boost / boost;
        if (weight[t] > most) weight[t] = most;
    }
}

/* A term of what is no noun keeps a share of its boost; one of several words, the largest. */
static frai_status weigh_content(const struct fr_context *ctx, struct fr_plan *p, float *weight,
                                 frai_error *err)
{
    const struct fr_query *q = &p->query;
    uint32_t terms = fr_plan_term_count(p), first = 0;
    float *share = fr_vec_reserve(&p->shares, terms);
    if (!share) return fr_fail_memory(err, "searching");
    memset(share, 0, terms * sizeof *share);
    for (uint32_t i = 0; i < fr_vec_count(&q->units); i++) {
        const struct fr_scored_position *u = &fr_vec_at(&q->units, i);
        const struct fr_query_word *w = fr_plan_word(p, u->word);
        if (u->word != fr_vec_at(&q->units, first).word) first = i;
        uint32_t offset = u->position - fr_vec_at(&q->units, first).position;
        float noun = 1, least = q->boosts->no_noun;
        if (3 * offset < w->content_bytes)
            noun = fr_noun_probability(&ctx->model.nouns, &fr_vec_at(&p->stems, u->word),
                                       w->predicate);
        float kept = least + (1 - least) * noun;
        if (kept > share[u->term]) share[u->term] = kept;
    }
    for (uint32_t t = 0; t < terms; t++)
        if (share[t] > 0) weight[t] *= share[t];
    return FRAI_OK;
}

/* Statistics → weights of terms, then of words (lone syllables). From the weight of a pair inside a
 * run is taken what its first syllable, which the pair before has too, says already. */
static frai_status weigh(const struct fr_context *ctx, struct fr_plan *p, frai_error *err)
{
    uint32_t terms = fr_plan_term_count(p), words = fr_plan_words(p);
    float *weight = fr_vec_reserve(&p->weights, (size_t)terms + words);
    const uint64_t *df = fr_vec_data(&p->dfs), *first_df = fr_vec_data(&p->first_dfs),
                   n = p->collection.documents;
    if (!weight) return fr_fail_memory(err, "searching");
    for (uint32_t t = 0; t < terms + words; t++) {
        float boost = t < terms ? fr_vec_at(&p->query.terms, t).boost : 1.0f;
        weight[t] = df[t] ? boost * fr_bm25_idf(n, df[t] < n ? df[t] : n) : 0;
    }
    for (uint32_t t = 0; t < terms && p->ranking == FRAI_RANK_DEFAULT; t++)
        if (weight[t] != 0 && is_conditional(&fr_vec_at(&p->query.terms, t)))
            weight[t] *= fr_rank_conditional(df[t], first_df[t], p->collection.postings);
    if (p->ranking == FRAI_RANK_DEFAULT) FR_TRY(weigh_content(ctx, p, weight, err));
    weigh_path(p, weight);
    weigh_forms(p, weight);
    return FRAI_OK;
}

/* Makes “…” straight quotes in as many bytes: a soft hyphen, which is no text, fills them. */
static void straighten_quotes(struct fr_plan *p)
{
    static const char open[] = "\xE2\x80\x9C", close[] = "\xE2\x80\x9D";
    char *text = (char *)p->text.data, *begin = NULL;
    for (size_t i = 0; i + 3 <= p->text.len; i++) {
        if (memcmp(text + i, open, 3) == 0) begin = text + i;
        if (!begin || memcmp(text + i, close, 3) != 0) continue;
        memcpy(begin, "\"\xC2\xAD", 3);
        memcpy(text + i, "\xC2\xAD\"", 3);
        begin = NULL;
    }
}

/* The text's words, or its terms, and nothing that they may be besides. */
static bool parse(struct fr_context *ctx, const struct fr_question *asked, struct fr_plan *p)
{
    uint32_t how = (asked->flags & FRAI_SEARCH_EXACT ? FR_PARSE_EXACT : 0) |
                   (asked->flags & FRAI_SEARCH_NO_FIX ? FR_PARSE_WHOLE : 0) |
                   (asked->flags & FR_SEARCH_PLAIN ? FR_PARSE_PLAIN : 0) |
                   (asked->flags & FRAI_SEARCH_STRICT_LIMITS ? FR_PARSE_STRICT : 0);
    struct fr_analyzer own, *analyzer = &ctx->analyzer;
    if (!(asked->flags & FR_SEARCH_TERMS))
        return fr_query_parse(&p->query, fr_plan_text(p), analyzer, ctx->stemmer, how,
                              &ctx->interrupt);
    bool korean = analyzer->kind != FR_ANALYZER_PRECUT; /* terms may be asked for there too */
    if (korean) {
        analyzer = &own;
        fr_analyzer_init(analyzer, FR_ANALYZER_PRECUT, &ctx->mem);
    }
    bool parsed = fr_query_parse(&p->query, fr_plan_text(p), analyzer, ctx->stemmer, FR_PARSE_EXACT,
                                 &ctx->interrupt);
    if (korean) fr_analyzer_deinit(analyzer);
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
static frai_status expand(struct fr_context *ctx, const struct fr_question *asked,
                          struct fr_plan *p, frai_error *err)
{
    uint64_t initials = initial_words(asked, p);
    FR_TRY(fr_expand(ctx, &p->query, err));
    FR_TRY(fr_expand_forms(ctx, &p->query, err));
    p->query.origin = FR_AS_COMPLETION;
    if (asked->flags & FRAI_SEARCH_PREFIX) FR_TRY(fr_complete(ctx, &p->query, err));
    p->query.origin = FR_AS_INITIALS;
    if (initials) FR_TRY(fr_expand_initials(ctx, &p->query, initials, err));
    p->query.origin = FR_TYPED;
    return asked->flags & FR_SEARCH_TEXT_ONLY ? FRAI_OK : fr_expand_path(ctx, &p->query, err);
}

/* Half of the work that is left, then words stand for no more. */
static frai_status expand_within(struct fr_context *ctx, const struct fr_question *asked,
                                 struct fr_plan *p, frai_error *err)
{
    struct fr_interrupt *i = &ctx->interrupt;
    uint64_t most = i->work_most;
    if (!fr_work_is_spent(i)) i->work_most -= (most - i->work) / 2;
    frai_status status = expand(ctx, asked, p, err);
    i->work_most = most;
    p->query.origin = FR_TYPED; /* also where it was cut short */
    return fr_interrupt_cuts(i, status) ? FRAI_OK : status;
}

/* Is one word of the query enough? */
static bool wants_any(const struct fr_question *asked, const struct fr_query *q)
{
    bool many = asked->match == FRAI_MATCH_AUTO && q->required_count >= FR_QUERY_MANY_WORDS;
    return asked->match == FRAI_MATCH_ANY || many;
}

/* The table is as it was where the ranking and the collection are those of the plan before. */
static void set_norms(const struct fr_context *ctx, struct fr_plan *p)
{
    const struct fr_settings *settings = &ctx->snapshot->manifest.settings;
    bool bm25 = p->ranking == FRAI_RANK_BM25;
    float k1 = bm25 ? settings->k1 : ctx->model.k1, b = bm25 ? settings->b : ctx->model.b;
    struct fr_plan_norms *n = &p->norms;
    if (n->k1 == k1 && n->b == b && n->average_length == p->average_length) return;
    n->k1 = k1;
    n->b = b;
    n->average_length = p->average_length;
    fr_norm_k_table(k1, b, p->average_length, n->k);
}

frai_status fr_plan_make(struct fr_context *ctx, const struct fr_question *asked, struct fr_plan *p,
                         frai_error *err)
{
    struct fr_query *q = &p->query;
    p->flags = asked->flags;
    p->ranking = asked->ranking;
    if (!fr_buf_reserve(&p->text, asked->text.len)) return fr_fail_memory(err, "searching");
    fr_buf_put(&p->text, asked->text.ptr, asked->text.len);
    q->boosts = &ctx->model.boosts;
    if (!(asked->flags & FR_SEARCH_TERMS)) straighten_quotes(p);
    if (!parse(ctx, asked, p)) return fr_fail_memory(err, "searching");
    FR_TRY(fr_interrupt_check(&ctx->interrupt, err));
    if (asked->among) fr_query_place_among(q, asked->among);
    if (!(asked->flags & (FRAI_SEARCH_EXACT | FR_SEARCH_TERMS)))
        FR_TRY(expand_within(ctx, asked, p, err));
    if (p->ranking == FRAI_RANK_DEFAULT) {
        FR_TRY(fr_boilerplate_load(&ctx->lines, ctx->snapshot->segments,
                                   ctx->snapshot->segment_count, &ctx->analyzer, err));
        if (!fr_boilerplate_record(&ctx->lines, q)) return fr_fail_memory(err, "searching");
        if (!(asked->flags & (FR_SEARCH_PLAIN | FR_SEARCH_TERMS))) fr_titled_put_term(q);
    }
    fr_query_order_summands(q);
    if (fr_query_failed(q) || !fr_tree_make(q, wants_any(asked, q)))
        return fr_fail_memory(err, "searching");
    const struct fr_snapshot *all = ctx->snapshot;
    p->collection = (struct fr_collection){all->texts, all->tokens, all->postings};
    p->average_length = all->average_length;
    FR_TRY(count_documents(ctx, p, err));
    FR_TRY(count_firsts(ctx, p, err));
    FR_TRY(count_stems(ctx, p, err));
    if (asked->stats) take_stats(p, asked->stats);
    set_norms(ctx, p);
    return weigh(ctx, p, err);
}
