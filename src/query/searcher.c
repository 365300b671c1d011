#include "query/searcher.h"

#include "codec/norm.h"
#include "query/correct.h"
#include "segment/dictionary.h"

static frai_status memory_failure(frai_error *err)
{
    return fr_fail(err, FRAI_ERR_MEMORY, "out of memory while searching");
}

frai_status fr_searcher_init(struct fr_searcher *s, const struct fr_snapshot *snapshot,
                             frai_error *err)
{
    const frai_allocator *mem = snapshot->mem;
    *s = (struct fr_searcher){.snapshot = snapshot};
    fr_query_init(&s->query, mem);
    fr_analyzer_init(&s->analyzer, (enum fr_analyzer_kind)snapshot->manifest.settings.analyzer,
                     mem);
    fr_scratch_init(&s->scratch, mem);
    struct fr_buf *all[] = {
        &s->heap,      &s->cursors,      &s->bit_cursors, &s->syllables, &s->syllable_cursors,
        &s->ordinals,  &s->weights,      &s->dfs,         &s->text,      &s->text2,
        &s->rewritten, &s->term_ordinals};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) fr_buf_init(all[i], mem);
    uint32_t segments = snapshot->segment_count;
    s->stores = fr_new(mem, segments * sizeof *s->stores);
    s->store_open = fr_new(mem, segments * sizeof *s->store_open);
    s->stemmer = fr_stemmer_create();
    float k1 = snapshot->manifest.settings.k1, b = snapshot->manifest.settings.b;
    for (int i = 0; i < 256; i++) {
        float average = snapshot->average_length, length = (float)fr_norm_decode((uint8_t)i);
        s->k_of_norm[i] = k1 * (1 - b + b * (average > 0 ? length / average : 1));
    }
    if (s->stores && s->store_open && s->stemmer) return FRAI_OK;
    fr_searcher_deinit(s);
    return memory_failure(err);
}

void fr_searcher_deinit(struct fr_searcher *s)
{
    const frai_allocator *mem = s->snapshot->mem;
    uint32_t segments = s->snapshot->segment_count;
    for (uint32_t i = 0; s->stores && s->store_open && i < segments; i++)
        if (s->store_open[i]) fr_store_reader_deinit(&s->stores[i]);
    fr_free(mem, s->stores, segments * sizeof *s->stores);
    fr_free(mem, s->store_open, segments * sizeof *s->store_open);
    fr_stemmer_destroy(s->stemmer);
    fr_query_deinit(&s->query);
    fr_analyzer_deinit(&s->analyzer);
    fr_scratch_deinit(&s->scratch);
    struct fr_buf *all[] = {
        &s->heap,      &s->cursors,      &s->bit_cursors, &s->syllables, &s->syllable_cursors,
        &s->ordinals,  &s->weights,      &s->dfs,         &s->text,      &s->text2,
        &s->rewritten, &s->term_ordinals};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) fr_buf_deinit(all[i]);
}

/* ---- plan ---- */

static bool reserve(struct fr_buf *buf, size_t bytes)
{
    buf->len = 0;
    return fr_buf_room(buf, bytes ? bytes : 1);
}

static frai_status find_term(const struct fr_searcher *s, const struct fr_segment *seg,
                             const struct fr_query_term *t, uint32_t *ordinal, frai_error *err)
{
    if (t->word_bytes == 0) return fr_dictionary_pair(seg, t->key, ordinal, err);
    frai_slice word = fr_query_term_bytes(&s->query, t);
    return fr_dictionary_word(seg, t->term_class, word.ptr, word.len, ordinal, err);
}

static uint32_t term_count(const struct fr_searcher *s)
{
    return (uint32_t)FR_COUNT(&s->query.terms, struct fr_query_term);
}

/* Lone syllable `word` in a segment: ordinals (uint32_t) into s->ordinals, how many of them are
 * pairs that it begins, and whether the first is the syllable by itself. */
static frai_status syllable_terms(struct fr_searcher *s, const struct fr_segment *seg,
                                  const struct fr_query_word *word, uint32_t *firsts, bool *lone,
                                  frai_error *err)
{
    uint32_t begin, end, alone;
    s->ordinals.len = 0;
    FR_TRY(fr_dictionary_first(seg, word->syllable, &begin, &end, err));
    FR_TRY(fr_dictionary_pair(seg, fr_pair_key(word->syllable, 0), &alone, err));
    for (uint32_t i = begin; i < end; i++) fr_buf_u32(&s->ordinals, i);
    *lone = alone != FR_NO_TERM;
    *firsts = end - begin;
    bool inside = s->query.positive == 1 && !word->negative;
    if (inside) FR_TRY(fr_dictionary_last(seg, word->syllable, &s->ordinals, err));
    return s->ordinals.failed ? memory_failure(err) : FRAI_OK;
}

/* Opens a cursor's postings; the score's bound follows from the stored one. */
static frai_status open_cursor(const struct fr_searcher *s, const struct fr_segment *seg,
                               uint32_t ordinal, float weight, struct fr_cursor *c, frai_error *err)
{
    c->exists = ordinal != FR_NO_TERM;
    c->damaged = false;
    c->weight = weight;
    c->max_score = c->bound_scale = 0;
    c->block = c->len = c->at = 0;
    c->doc = FR_END;
    c->postings = (struct fr_postings){0};
    if (!c->exists) return FRAI_OK;
    FR_TRY(fr_postings_open(seg, ordinal, &c->postings, err));
    /* K shrinks with the ratio of the average lengths at most, and the impact grows by no more. */
    float ratio =
        seg->stats.average_length > 0 ? s->snapshot->average_length / seg->stats.average_length : 1;
    if (ratio < 1) ratio = 1;
    c->bound_scale = weight * ratio * (1.00001f / 255.0f);
    c->max_score = (float)c->postings.max_impact * c->bound_scale;
    return FRAI_OK;
}

/* Document frequencies over all segments → weights of terms, then of words (lone syllables). */
static frai_status weigh(struct fr_searcher *s, frai_error *err)
{
    uint32_t terms = term_count(s),
             words = (uint32_t)FR_COUNT(&s->query.words, struct fr_query_word);
    if (!reserve(&s->term_ordinals, (size_t)s->snapshot->segment_count * terms * 4))
        return memory_failure(err);
    if (!reserve(&s->dfs, (terms + words) * 8ull) || !reserve(&s->weights, (terms + words) * 4ull))
        return memory_failure(err);
    uint64_t *df = (uint64_t *)(void *)s->dfs.data;
    float *weight = (float *)(void *)s->weights.data;
    memset(df, 0, (terms + words) * 8ull);
    struct fr_postings p;
    for (uint32_t g = 0; g < s->snapshot->segment_count; g++) {
        const struct fr_segment *seg = &s->snapshot->segments[g];
        for (uint32_t t = 0; t < terms; t++) {
            uint32_t ordinal;
            FR_TRY(
                find_term(s, seg, &FR_AT(&s->query.terms, struct fr_query_term, t), &ordinal, err));
            FR_AT(&s->term_ordinals, uint32_t, (size_t)g * terms + t) = ordinal;
            if (ordinal == FR_NO_TERM) continue;
            FR_TRY(fr_postings_open(seg, ordinal, &p, err));
            df[t] += p.df;
        }
        for (uint32_t w = 0; w < words; w++) {
            const struct fr_query_word *word = &FR_AT(&s->query.words, struct fr_query_word, w);
            uint32_t firsts;
            bool lone;
            if (!word->syllable) continue;
            FR_TRY(syllable_terms(s, seg, word, &firsts, &lone, err));
            for (size_t i = 0; i < FR_COUNT(&s->ordinals, uint32_t); i++) {
                FR_TRY(fr_postings_open(seg, FR_AT(&s->ordinals, uint32_t, i), &p, err));
                df[terms + w] += p.df;
            }
        }
    }
    uint64_t n = s->snapshot->texts;
    for (uint32_t t = 0; t < terms + words; t++) {
        float boost = t < terms ? FR_AT(&s->query.terms, struct fr_query_term, t).boost : 1.0f;
        weight[t] = df[t] ? boost * fr_bm25_idf(n, df[t] < n ? df[t] : n) : 0;
    }
    return FRAI_OK;
}

static frai_status open_cursors(struct fr_searcher *s, uint32_t g, frai_error *err)
{
    uint32_t terms = term_count(s);
    if (!reserve(&s->cursors, terms * sizeof(struct fr_cursor))) return memory_failure(err);
    for (uint32_t t = 0; t < terms; t++)
        FR_TRY(open_cursor(
            s, &s->snapshot->segments[g], FR_AT(&s->term_ordinals, uint32_t, (size_t)g * terms + t),
            FR_AT(&s->weights, float, t), &FR_AT(&s->cursors, struct fr_cursor, t), err));
    return FRAI_OK;
}

static frai_status open_syllables(struct fr_searcher *s, const struct fr_segment *seg,
                                  frai_error *err)
{
    uint32_t words = (uint32_t)FR_COUNT(&s->query.words, struct fr_query_word);
    uint32_t terms = term_count(s);
    if (!reserve(&s->syllables, words * sizeof(struct fr_syllable))) return memory_failure(err);
    struct fr_syllable *list = (struct fr_syllable *)(void *)s->syllables.data;
    memset(list, 0, words * sizeof *list);
    s->syllable_cursors.len = 0;
    for (uint32_t w = 0; w < words; w++) {
        const struct fr_query_word *word = &FR_AT(&s->query.words, struct fr_query_word, w);
        if (!word->syllable) continue;
        FR_TRY(syllable_terms(s, seg, word, &list[w].firsts, &list[w].lone, err));
        list[w].count = (uint32_t)FR_COUNT(&s->ordinals, uint32_t);
        list[w].weight = FR_AT(&s->weights, float, terms + w);
        size_t bytes = list[w].count * sizeof(struct fr_cursor);
        if (!fr_buf_room(&s->syllable_cursors, bytes)) return memory_failure(err);
        struct fr_cursor *c =
            (struct fr_cursor *)(void *)(s->syllable_cursors.data + s->syllable_cursors.len);
        for (uint32_t i = 0; i < list[w].count; i++)
            FR_TRY(open_cursor(s, seg, FR_AT(&s->ordinals, uint32_t, i), 0, &c[i], err));
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

static frai_status prepare(struct fr_searcher *s, uint32_t g, struct fr_topk *top,
                           struct fr_match *m, frai_error *err)
{
    const struct fr_segment *seg = &s->snapshot->segments[g];
    FR_TRY(open_cursors(s, g, err));
    *m = (struct fr_match){.query = &s->query, .any = s->any};
    m->evaluation = (struct fr_evaluation){
        .seg = seg,
        .cursors = (struct fr_cursor *)(void *)s->cursors.data,
        .count = term_count(s),
        .k_of_norm = s->k_of_norm,
        .base = s->snapshot->bases[g],
        .top = top,
        .scratch = &s->scratch,
    };
    return FRAI_OK;
}

static frai_status prepare_words(struct fr_searcher *s, uint32_t g, struct fr_topk *top,
                                 struct fr_match *m, frai_error *err)
{
    FR_TRY(prepare(s, g, top, m, err));
    size_t bytes = m->evaluation.count * sizeof(struct fr_cursor); /* the same, just opened */
    if (!reserve(&s->bit_cursors, bytes)) return memory_failure(err);
    if (bytes) memcpy(s->bit_cursors.data, s->cursors.data, bytes);
    FR_TRY(open_syllables(s, &s->snapshot->segments[g], err));
    m->bit_cursors = (struct fr_cursor *)(void *)s->bit_cursors.data;
    m->syllables = (struct fr_syllable *)(void *)s->syllables.data;
    return FRAI_OK;
}

static frai_status check_cursors(const struct fr_searcher *s, const struct fr_match *m,
                                 frai_error *err)
{
    bool damaged = any_damaged(m->evaluation.cursors, m->evaluation.count);
    if (m->bit_cursors) {
        damaged |= any_damaged(m->bit_cursors, m->evaluation.count);
        damaged |= any_damaged((const struct fr_cursor *)(const void *)s->syllable_cursors.data,
                               (uint32_t)FR_COUNT(&s->syllable_cursors, struct fr_cursor));
    }
    return damaged ? fr_segment_damaged(m->evaluation.seg, "postings", err) : FRAI_OK;
}

/* ---- search ---- */

static frai_status make_heap(struct fr_searcher *s, uint64_t k, struct fr_topk *top,
                             frai_error *err)
{
    if (k > s->snapshot->live_docs) k = s->snapshot->live_docs;
    if (!reserve(&s->heap, (size_t)k * sizeof(struct fr_scored))) return memory_failure(err);
    *top = (struct fr_topk){(struct fr_scored *)(void *)s->heap.data, (uint32_t)k, 0};
    return FRAI_OK;
}

static frai_status match_words(struct fr_searcher *s, bool any, struct fr_topk *top,
                               frai_search_info *info, frai_error *err)
{
    s->any = any;
    for (uint32_t g = 0; g < s->snapshot->segment_count; g++) {
        struct fr_match m;
        FR_TRY(prepare_words(s, g, top, &m, err));
        if (!fr_match_segment(&m)) return memory_failure(err);
        FR_TRY(check_cursors(s, &m, err));
        info->total += m.evaluation.matches;
        info->scored_docs += m.evaluation.scored;
        info->decoded_postings += m.evaluation.decoded;
    }
    return FRAI_OK;
}

static frai_status parse(struct fr_searcher *s, frai_slice query, uint32_t flags, frai_error *err)
{
    if (!fr_query_parse(&s->query, query, &s->analyzer, s->stemmer, flags & FRAI_SEARCH_EXACT,
                        NULL))
        return memory_failure(err);
    return weigh(s, err);
}

frai_status fr_searcher_count(struct fr_searcher *s, frai_slice query, uint64_t *total,
                              frai_error *err)
{
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    FR_TRY(parse(s, query, 0, err));
    if (s->query.positive > 0) FR_TRY(match_words(s, false, NULL, &info, err));
    *total = info.total;
    return FRAI_OK;
}

/* Looks for the query in the other keyboard layout, word by word, and if that helps searches again.
 */
static frai_status search_corrected(struct fr_searcher *s, frai_slice query,
                                    const frai_search_options *o, bool any, struct fr_topk *top,
                                    frai_search_info *info, frai_error *err)
{
    bool changed;
    FR_TRY(fr_correct_layout(s, query, &s->rewritten, &changed, err));
    if (!changed) {
        s->rewritten.len = 0;
        return parse(s, query, o->flags, err);
    }
    info->rewritten = (frai_slice){(const char *)s->rewritten.data, s->rewritten.len};
    FR_TRY(parse(s, info->rewritten, o->flags, err));
    return match_words(s, any, top, info, err);
}

static frai_status search_words(struct fr_searcher *s, frai_slice query,
                                const frai_search_options *o, struct fr_topk *top,
                                frai_search_info *info, frai_error *err)
{
    info->total_is_exact = 1;
    info->truncated = s->query.truncated;
    if (s->query.positive == 0) return FRAI_OK;
    bool any = o->match == FRAI_MATCH_ANY && s->query.positive > 1;
    FR_TRY(match_words(s, any, top, info, err));
    if (info->total == 0 && !(o->flags & (FRAI_SEARCH_NO_FIX | FRAI_SEARCH_EXACT)))
        FR_TRY(search_corrected(s, query, o, any, top, info, err));
    if (info->total == 0 && o->match == FRAI_MATCH_AUTO && s->query.positive > 1) {
        FR_TRY(match_words(s, true, top, info, err));
        info->partial = info->total > 0;
    }
    if (info->total > FRAI_TOTAL_EXACT_MAX && !(o->flags & FRAI_SEARCH_COUNT_EXACT)) {
        info->total = FRAI_TOTAL_EXACT_MAX;
        info->total_is_exact = 0;
    }
    return FRAI_OK;
}

frai_status fr_searcher_search(struct fr_searcher *s, frai_slice query,
                               const frai_search_options *o, frai_hit *hits, uint32_t *hit_count,
                               frai_error *err)
{
    struct fr_topk top;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    if (s->analyzer.kind == FR_ANALYZER_PRECUT)
        return fr_searcher_terms(s, query,
                                 o->match == FRAI_MATCH_ALL ? FRAI_TERMS_AND : FRAI_TERMS_OR,
                                 o->limit, hits, hit_count, &info.total, err);
    s->rewritten.len = 0;
    FR_TRY(parse(s, query, o->flags, err));
    FR_TRY(make_heap(s, o->offset + o->limit, &top, err));
    FR_TRY(search_words(s, query, o, &top, &info, err));
    fr_topk_sort(&top);
    uint32_t n = 0;
    for (uint64_t i = o->offset; i < top.count && n < o->limit; i++, n++)
        hits[n] = (frai_hit){top.heap[i].doc, top.heap[i].score};
    *hit_count = n;
    if (o->info) {
        info.struct_size = o->info->struct_size;
        *o->info = info;
    }
    return FRAI_OK;
}

static bool evaluate(struct fr_searcher *s, struct fr_evaluation *e, frai_terms_mode mode)
{
    switch (mode) {
    case FRAI_TERMS_OR: return fr_evaluate_or_ranges(e);
    case FRAI_TERMS_OR_COUNT: return fr_evaluate_or_count(e);
    case FRAI_TERMS_AND:
    case FRAI_TERMS_AND_COUNT: return fr_evaluate_and(e);
    case FRAI_TERMS_OR_EXHAUSTIVE: return fr_evaluate_or_exhaustive(e);
    case FRAI_TERMS_AND_EXHAUSTIVE: return fr_evaluate_and_exhaustive(e);
    case FRAI_TERMS_PHRASE:
        return fr_evaluate_phrase(e, (const uint32_t *)(const void *)s->query.sequence.data,
                                  (uint32_t)FR_COUNT(&s->query.sequence, uint32_t));
    }
    return true;
}

/* Pre-cut phrases repeat a term's weight for every place it has in the sequence: the evaluator sums
 * weights over the sequence, as Lucene's PhraseWeight does. */
frai_status fr_searcher_terms(struct fr_searcher *s, frai_slice terms, frai_terms_mode mode,
                              uint32_t k, frai_hit *hits, uint32_t *hit_count, uint64_t *total,
                              frai_error *err)
{
    struct fr_topk top;
    bool counting = mode == FRAI_TERMS_OR_COUNT || mode == FRAI_TERMS_AND_COUNT;
    struct fr_analyzer precut;
    fr_analyzer_init(&precut, FR_ANALYZER_PRECUT, s->snapshot->mem);
    bool parsed = fr_query_parse(&s->query, terms, &precut, s->stemmer, true, NULL);
    fr_analyzer_deinit(&precut);
    *total = 0;
    if (!parsed) return memory_failure(err);
    FR_TRY(make_heap(s, k, &top, err));
    FR_TRY(weigh(s, err));
    for (uint32_t g = 0; g < s->snapshot->segment_count; g++) {
        struct fr_match m;
        FR_TRY(prepare(s, g, counting ? NULL : &top, &m, err));
        if (!evaluate(s, &m.evaluation, mode)) return memory_failure(err);
        FR_TRY(check_cursors(s, &m, err));
        *total += m.evaluation.matches;
    }
    fr_topk_sort(&top);
    for (uint32_t i = 0; i < top.count; i++)
        hits[i] = (frai_hit){top.heap[i].doc, top.heap[i].score};
    *hit_count = top.count;
    if (mode == FRAI_TERMS_OR || mode == FRAI_TERMS_AND) *total = top.count;
    return FRAI_OK;
}

frai_status fr_searcher_record(struct fr_searcher *s, uint64_t doc, const uint8_t **record,
                               size_t *len, frai_error *err)
{
    if (doc >= s->snapshot->docs)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "document %llu: there is no such document",
                       (unsigned long long)doc);
    uint32_t local, g = fr_snapshot_segment_of(s->snapshot, doc, &local);
    if (!s->store_open[g]) {
        FR_TRY(fr_store_reader_init(&s->stores[g], &s->snapshot->segments[g], err));
        s->store_open[g] = true;
    }
    return fr_store_read(&s->stores[g], local, record, len, err);
}

/* ---- explain ---- */

static void print_term(struct fr_searcher *s, uint32_t t, float part, const struct fr_match *m)
{
    const struct fr_query_term *term = &FR_AT(&s->query.terms, struct fr_query_term, t);
    char pair[8] = "";
    frai_slice text = {pair, 0};
    if (term->word_bytes)
        text = fr_query_term_bytes(&s->query, term);
    else
        text.len = fr_pair_text(term->key, pair);
    fr_buf_print(&s->text, "  %.9g\t%s %.*s\tdf=%llu idf*boost=%.6g tf=%u\n", (double)part,
                 fr_term_class_name(term->term_class), (int)text.len, text.ptr,
                 (unsigned long long)FR_AT(&s->dfs, uint64_t, t),
                 (double)FR_AT(&s->weights, float, t), fr_cursor_tf(&m->evaluation.cursors[t]));
}

frai_status fr_searcher_explain(struct fr_searcher *s, uint64_t doc, frai_error *err)
{
    s->text.len = 0;
    if (doc >= s->snapshot->docs)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "document %llu: there is no such document",
                       (unsigned long long)doc);
    uint32_t terms = term_count(s),
             words = (uint32_t)FR_COUNT(&s->query.words, struct fr_query_word);
    if (words == 0) return FRAI_OK;
    uint32_t local, g = fr_snapshot_segment_of(s->snapshot, doc, &local);
    struct fr_match m;
    struct fr_buf parts_buf;
    fr_buf_init(&parts_buf, s->snapshot->mem);
    float score, *parts;
    if (!fr_buf_room(&parts_buf, (terms + words) * sizeof(float))) return memory_failure(err);
    parts = (float *)(void *)parts_buf.data;
    frai_status status = weigh(s, err);
    if (status == FRAI_OK) status = prepare_words(s, g, NULL, &m, err);
    if (status == FRAI_OK && !fr_match_explain(&m, local, parts, &score))
        status = memory_failure(err);
    if (status == FRAI_OK) status = check_cursors(s, &m, err);
    if (status == FRAI_OK) {
        fr_buf_print(&s->text, "%.9g = BM25, sum of the lines below (words: %s)\n", (double)score,
                     s->any ? "any" : "all");
        for (uint32_t t = 0; t < terms; t++)
            if (parts[t] != 0) print_term(s, t, parts[t], &m);
        for (uint32_t w = 0; w < words; w++)
            if (parts[terms + w] != 0)
                fr_buf_print(&s->text, "  %.9g\tsyllable, with its place in the word\n",
                             (double)parts[terms + w]);
        if (s->text.failed) status = memory_failure(err);
    }
    fr_buf_deinit(&parts_buf);
    return status;
}
