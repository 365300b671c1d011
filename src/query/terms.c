/* Pre-cut terms, evaluated as they stand. */
#include "query/plan.h"

static bool evaluate(struct fr_searcher *s, struct fr_match *m, frai_terms_mode mode)
{
    struct fr_evaluation *e = &m->evaluation;
    switch (mode) {
    case FRAI_TERMS_OR: return fr_evaluate_or_ranges(e);
    case FRAI_TERMS_OR_COUNT: return fr_evaluate_or_count(e);
    case FRAI_TERMS_OR_TOP_COUNT:
        return fr_evaluate_or_ranges(e) && fr_plan_note(s, m, false) && fr_evaluate_or_count(e);
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
frai_status fr_terms_search(struct fr_searcher *s, const struct fr_terms *wanted, frai_hit *hits,
                            uint32_t *hit_count, uint64_t *total, frai_error *err)
{
    struct fr_topk top;
    frai_terms_mode mode = wanted->mode;
    s->ranking = FRAI_RANK_BM25;
    s->any = mode != FRAI_TERMS_AND;
    bool counting = wanted->k == 0 || mode == FRAI_TERMS_OR_COUNT || mode == FRAI_TERMS_AND_COUNT;
    struct fr_analyzer precut;
    fr_analyzer_init(&precut, FR_ANALYZER_PRECUT, &s->mem);
    bool parsed = fr_query_parse(&s->query, wanted->text, &precut, s->stemmer, FR_PARSE_EXACT);
    fr_analyzer_deinit(&precut);
    *total = 0;
    if (!parsed) return fr_search_memory(err);
    FR_TRY(fr_plan_heap(s, (uint64_t)wanted->skip + wanted->k, &top, err));
    FR_TRY(fr_plan_weigh(s, err));
    for (uint32_t g = 0; g < s->snapshot->segment_count; g++) {
        struct fr_match m;
        FR_TRY(fr_plan_segment(s, g, counting ? NULL : &top, &m, err));
        if (!evaluate(s, &m, mode) ||
            !fr_plan_note(s, &m, counting || mode == FRAI_TERMS_OR_TOP_COUNT))
            return fr_search_memory(err);
        FR_TRY(fr_plan_check(s, &m, err));
        *total += m.evaluation.matches;
    }
    fr_topk_sort(&top);
    *hit_count = 0;
    for (uint32_t i = wanted->skip; i < top.count; i++)
        hits[(*hit_count)++] = (frai_hit){top.heap[i].doc, top.heap[i].score};
    if (mode == FRAI_TERMS_OR || mode == FRAI_TERMS_AND || mode == FRAI_TERMS_PHRASE)
        *total = top.count; /* with what was skipped */
    return FRAI_OK;
}

frai_status fr_searcher_terms(struct fr_searcher *s, frai_slice terms, frai_terms_mode mode,
                              uint32_t k, frai_hit *hits, uint32_t *hit_count, uint64_t *total,
                              frai_error *err)
{
    struct fr_terms wanted = {terms, mode, 0, k};
    fr_searcher_forget(s);
    return fr_terms_search(s, &wanted, hits, hit_count, total, err);
}
