#include "query/searcher.h"

#include "codec/norm.h"
#include "segment/dictionary.h"
#include "segment/lexicon.h"

frai_status fr_search_memory(frai_error *err)
{
    return fr_fail(err, FRAI_ERR_MEMORY, "out of memory while searching");
}

frai_status fr_search_refuse(const struct fr_searcher *s, uint32_t flags, frai_error *err)
{
    if (flags & FRAI_SEARCH_STRICT_LIMITS && s->query.ignored)
        return fr_fail(err, FRAI_ERR_ARGUMENT,
                       "the query is too long: %u of its words are beyond the limits of %u words "
                       "and %u terms; shorten it",
                       (unsigned)s->query.ignored, FRAI_QUERY_WORDS_MAX, FR_QUERY_TERMS_MAX);
    if (fr_query_only_excludes(&s->query))
        return fr_fail(err, FRAI_ERR_SYNTAX,
                       "the query only says what to leave out; for all documents without a word, "
                       "write: * -word");
    return FRAI_OK;
}

/* K of BM25 by norm, for both rankings. */
static void fill_norms(struct fr_searcher *s)
{
    const struct fr_settings *settings = &s->snapshot->manifest.settings;
    float average = s->snapshot->average_length;
    fr_norm_k_table(FR_RANK_K1, FR_RANK_B, average, s->k_of_norm[FRAI_RANK_DEFAULT]);
    fr_norm_k_table(settings->k1, settings->b, average, s->k_of_norm[FRAI_RANK_BM25]);
}

/* Buffer i of the searcher's own, NULL behind the last. */
static struct fr_buf *buffer(struct fr_searcher *s, unsigned i)
{
    struct fr_buf *all[] = {&s->heap,
                            &s->cursors,
                            &s->bit_cursors,
                            &s->syllables,
                            &s->syllable_cursors,
                            &s->ordinals,
                            &s->weights,
                            &s->dfs,
                            &s->text,
                            &s->text2,
                            &s->rewritten,
                            &s->term_postings,
                            &s->ranked,
                            &s->instead,
                            &s->suggestion,
                            &s->steps,
                            &s->first_docs,
                            &s->asked[0].text,
                            &s->asked[1].text,
                            &s->missing};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
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
    for (unsigned i = 0; buffer(s, i); i++) fr_buf_init(buffer(s, i), mem);
    uint32_t segments = snapshot->segment_count;
    s->stores = fr_new(mem, segments * sizeof *s->stores);
    s->store_open = fr_new(mem, segments * sizeof *s->store_open);
    s->stemmer = fr_stemmer_create();
    fr_rank_init(&s->rank, mem);
    fr_lines_init(&s->lines, mem);
    fr_synonyms_init(&s->synonyms, mem);
    fill_norms(s);
    if (s->stores && s->store_open && s->stemmer) return FRAI_OK;
    fr_searcher_deinit(s);
    return fr_search_memory(err);
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
    fr_rank_deinit(&s->rank);
    fr_lines_deinit(&s->lines);
    fr_synonyms_deinit(&s->synonyms);
    for (unsigned i = 0; buffer(s, i); i++) fr_buf_deinit(buffer(s, i));
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

frai_status fr_searcher_has_pair(const struct fr_searcher *s, uint32_t first, uint32_t second,
                                 bool *found, frai_error *err)
{
    *found = false;
    for (uint32_t g = 0; g < s->snapshot->segment_count && !*found; g++) {
        uint32_t ordinal;
        FR_TRY(fr_dictionary_pair(&s->snapshot->segments[g], fr_pair_key(first, second), &ordinal,
                                  err));
        *found = ordinal != FR_NO_TERM;
    }
    return FRAI_OK;
}

frai_status fr_searcher_known(struct fr_searcher *s, frai_slice key, uint64_t *docs,
                              frai_error *err)
{
    struct fr_buf scratch;
    frai_status status = FRAI_OK;
    *docs = 0;
    fr_buf_init(&scratch, s->snapshot->mem);
    for (uint32_t g = 0; g < s->snapshot->segment_count && status == FRAI_OK; g++) {
        uint64_t part = 0;
        if (s->snapshot->segments[g].stats.lexicon_words)
            status = fr_lexicon_docs(&s->snapshot->segments[g], key, &scratch, &part, err);
        *docs += part;
    }
    fr_buf_deinit(&scratch);
    return status;
}
