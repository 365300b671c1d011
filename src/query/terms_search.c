/* Terms that were cut before, evaluated as they stand: by the evaluator of each mode, without words
 * and without corrections. */
#include "query/terms_search.h"

#include "query/page.h"
#include "query/part.h"

/* The k best but for the first `skip`. */
struct wanted {
    frai_terms_mode mode;
    uint32_t skip, k;
};

static bool evaluate(struct fr_searcher *s, const struct fr_plan *plan, struct fr_match *m,
                     frai_terms_mode mode)
{
    struct fr_evaluation *e = &m->evaluation;
    switch (mode) {
    case FRAI_TERMS_OR: return fr_evaluate_or_block_max(e);
    case FRAI_TERMS_OR_COUNT: return fr_evaluate_or_count(e);
    case FRAI_TERMS_OR_TOP_COUNT:
        return fr_evaluate_or_block_max(e) && fr_part_note(s, m, false) && fr_evaluate_or_count(e);
    case FRAI_TERMS_AND:
    case FRAI_TERMS_AND_COUNT: return fr_evaluate_and(e);
    case FRAI_TERMS_OR_EXHAUSTIVE: return fr_evaluate_or_exhaustive(e);
    case FRAI_TERMS_AND_EXHAUSTIVE: return fr_evaluate_and_exhaustive(e);
    case FRAI_TERMS_PHRASE:
        return fr_evaluate_phrase(e, (const uint32_t *)(const void *)plan->query.sequence.data,
                                  (uint32_t)FR_COUNT(&plan->query.sequence, uint32_t));
    }
    return true;
}

/* Pre-cut phrases repeat a term's weight for every place it has in the sequence: the evaluator sums
 * weights over the sequence, as Lucene's PhraseWeight does. */
static frai_status search_terms(struct fr_searcher *s, const struct fr_plan *plan,
                                const struct wanted *wanted, frai_hit *hits, uint32_t *hit_count,
                                uint64_t *total, frai_error *err)
{
    struct fr_topk top;
    frai_terms_mode mode = wanted->mode;
    bool counting = wanted->k == 0 || mode == FRAI_TERMS_OR_COUNT || mode == FRAI_TERMS_AND_COUNT;
    *total = 0;
    FR_TRY(fr_searcher_heap(s, (uint64_t)wanted->skip + wanted->k, &top, err));
    for (uint32_t g = 0; g < s->context.snapshot->segment_count; g++) {
        struct fr_match m;
        FR_TRY(fr_part_terms(s, plan, g, counting ? NULL : &top, &m, err));
        if (!evaluate(s, plan, &m, mode) ||
            !fr_part_note(s, &m, counting || mode == FRAI_TERMS_OR_TOP_COUNT))
            return fr_search_memory(err);
        FR_TRY(fr_part_check(s, &m, err));
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
    struct wanted wanted = {mode, 0, k};
    struct fr_question asked = {.text = terms, .flags = FR_SEARCH_TERMS};
    asked.ranking = FRAI_RANK_BM25;
    fr_searcher_forget(s);
    *total = 0;
    FR_TRY(fr_plan_make(&s->context, &asked, &s->probe, err));
    return search_terms(s, &s->probe, &wanted, hits, hit_count, total, err);
}

/* How many of these hits have all terms. */
static frai_status count_full(struct fr_searcher *s, const frai_hit *hits, uint32_t count,
                              uint32_t *full, frai_error *err)
{
    struct fr_buf list;
    fr_buf_init(&list, &s->context.mem);
    for (uint32_t i = 0; i < count; i++)
        FR_PUSH(&list, struct fr_scored, .doc = hits[i].doc, .score = hits[i].score);
    frai_status status = list.failed ? fr_search_memory(err) : FRAI_OK;
    if (status == FRAI_OK)
        status = fr_page_count_full(s, &s->main, (const struct fr_scored *)(const void *)list.data,
                                    count, full, err);
    fr_buf_deinit(&list);
    return status;
}

frai_status fr_terms_search(struct fr_searcher *s, const frai_search_options *o, frai_hit *hits,
                            uint32_t *hit_count, frai_search_info *info, frai_error *err)
{
    const struct fr_plan *plan = &s->main;
    bool all = !plan->any;
    struct wanted best = {all ? FRAI_TERMS_AND : FRAI_TERMS_OR_TOP_COUNT, (uint32_t)o->offset,
                          o->limit};
    struct wanted count = {FRAI_TERMS_AND_COUNT, 0, 0};
    uint32_t none;
    FR_TRY(search_terms(s, plan, &best, hits, hit_count, &info->total, err));
    info->truncated = plan->query.truncated;
    info->full = *hit_count;
    info->full_first = all;
    info->words = fr_plan_term_count(plan);
    info->total_is_exact = 1;
    if (!o->info) return FRAI_OK;
    if (all) return search_terms(s, plan, &count, NULL, &none, &info->total, err);
    return count_full(s, hits, *hit_count, &info->full, err);
}
