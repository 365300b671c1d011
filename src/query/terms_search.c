/* Terms that were cut before, evaluated as they stand: by the evaluator of each mode, without words
 * and without corrections. */
#include "query/terms_search.h"

#include "query/eval_and.h"
#include "query/eval_count.h"
#include "query/eval_or_block_max.h"
#include "query/eval_phrase.h"
#include "query/eval_reference.h"
#include "query/page.h"
#include "query/part.h"

/* The k best but for the first `skip`. */
struct wanted {
    frai_terms_mode mode;
    uint32_t skip, k;
};

static void evaluate(struct fr_searcher *s, const struct fr_plan *plan, struct fr_match *m,
                     frai_terms_mode mode)
{
    const struct fr_evaluation *e = &m->evaluation;
    struct fr_collector *c = m->collector;
    struct fr_sequence sequence = {fr_vec_data(&plan->query.sequence),
                                   (uint32_t)fr_vec_count(&plan->query.sequence)};
    switch (mode) {
    case FRAI_TERMS_OR: fr_evaluate_or_block_max(e, NULL, c, &m->stats); break;
    case FRAI_TERMS_OR_COUNT: fr_evaluate_or_count(e, &m->stats); break;
    case FRAI_TERMS_OR_TOP_COUNT:
        fr_evaluate_or_block_max(e, NULL, c, &m->stats);
        fr_part_note(s, m, false);
        fr_evaluate_or_count(e, &m->stats);
        break;
    case FRAI_TERMS_AND:
    case FRAI_TERMS_AND_COUNT: fr_evaluate_and(e, c, &m->stats); break;
    case FRAI_TERMS_OR_EXHAUSTIVE: fr_evaluate_or_exhaustive(e, c, &m->stats); break;
    case FRAI_TERMS_AND_EXHAUSTIVE: fr_evaluate_and_exhaustive(e, c, &m->stats); break;
    case FRAI_TERMS_PHRASE: fr_evaluate_phrase(e, &sequence, c, &m->stats); break;
    }
}

/* Does the mode find documents without counting all that match? */
static bool is_found_only(frai_terms_mode mode)
{
    return mode == FRAI_TERMS_OR || mode == FRAI_TERMS_AND || mode == FRAI_TERMS_PHRASE;
}

/* Adds hits to s->results. Pre-cut phrases repeat a term's weight for every place it has in the
 * sequence: the evaluator sums weights over the sequence, as Lucene's PhraseWeight does. */
static frai_status search_terms(struct fr_searcher *s, const struct fr_plan *plan,
                                const struct wanted *wanted, uint64_t *total, frai_error *err)
{
    struct fr_topk top;
    frai_terms_mode mode = wanted->mode;
    bool counting = wanted->k == 0 || mode == FRAI_TERMS_OR_COUNT || mode == FRAI_TERMS_AND_COUNT;
    *total = 0;
    FR_TRY(fr_searcher_heap(s, (uint64_t)wanted->skip + wanted->k, &top, err));
    for (uint32_t g = 0; g < s->context.snapshot->segment_count; g++) {
        struct fr_match m;
        frai_status status = fr_interrupt_check(&s->context.interrupt, err);
        if (fr_interrupt_cuts(&s->context.interrupt, status)) break;
        FR_TRY(status);
        FR_TRY(fr_part_terms(s, plan, g, counting ? NULL : &top.collector, &m, err));
        evaluate(s, plan, &m, mode);
        fr_part_note(s, &m, counting || mode == FRAI_TERMS_OR_TOP_COUNT);
        status = fr_part_check(s, &m, err);
        *total += m.stats.matches;
        if (fr_interrupt_cuts(&s->context.interrupt, status)) break;
        FR_TRY(status);
    }
    fr_topk_sort(&top, &s->context.interrupt);
    if (wanted->skip < top.count)
        fr_vec_append(&s->results.hits, top.heap + wanted->skip, top.count - wanted->skip);
    if (s->results.hits.buf.failed) return fr_fail_memory(err, "searching");
    if (is_found_only(mode)) *total = top.count; /* with what was skipped */
    return FRAI_OK;
}

frai_status fr_searcher_terms(struct fr_searcher *s, frai_slice terms, frai_terms_mode mode,
                              uint32_t k, frai_error *err)
{
    struct wanted wanted = {mode, 0, k};
    struct fr_question asked = {.text = terms, .flags = FR_SEARCH_TERMS};
    asked.ranking = FRAI_RANK_BM25;
    fr_searcher_forget(s);
    FR_TRY(fr_plan_make(&s->context, &asked, &s->probe, err));
    frai_search_info *info = &s->results.info;
    FR_TRY(search_terms(s, &s->probe, &wanted, &info->total, err));
    info->total_is_exact = !is_found_only(mode) || info->total < k;
    return FRAI_OK;
}

frai_status fr_terms_search(struct fr_searcher *s, const frai_search_options *o,
                            frai_search_info *info, frai_error *err)
{
    const struct fr_plan *plan = &s->main;
    bool all = o->match == FRAI_MATCH_ALL;
    struct wanted best = {all ? FRAI_TERMS_AND : FRAI_TERMS_OR_TOP_COUNT, (uint32_t)o->offset,
                          o->limit};
    struct wanted count = {FRAI_TERMS_AND_COUNT, 0, 0};
    FR_TRY(fr_plan_refuse(plan, err));
    FR_TRY(search_terms(s, plan, &best, &info->total, err));
    size_t found = fr_vec_count(&s->results.hits);
    info->truncated = plan->query.truncated;
    info->hits_with_all_words = (uint32_t)found;
    info->all_words_first = all;
    info->words = fr_plan_term_count(plan);
    info->words_ignored = plan->query.ignored;
    info->total_is_exact = 1;
    if (all) return search_terms(s, plan, &count, &info->total, err);
    return fr_page_count_full(s, plan, fr_vec_data(&s->results.hits), found,
                              &info->hits_with_all_words, err);
}
