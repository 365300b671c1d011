/* The public functions of explain.h: arguments are checked, lists handed out. */
#include "api/search_api.h"
#include "query/diagnose.h"
#include "query/explain.h"

/* Ends a call: what it found so far is given up where it failed. */
static frai_status end(struct fr_searcher *s, frai_status status, frai_error *err)
{
    status = fr_searcher_end(s, status, err);
    if (status != FRAI_OK) fr_explain_clear(s);
    return status;
}

frai_status frai_searcher_explain(frai_searcher *s, uint64_t doc,
                                  const frai_explanation **explanation, frai_error *err)
{
    if (explanation) *explanation = NULL;
    if (!s || !explanation)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher and explanation must not be NULL");
    fr_searcher_begin(&s->searcher);
    FR_TRY(end(&s->searcher, fr_searcher_explain(&s->searcher, doc, err), err));
    *explanation = &s->searcher.explanation;
    return FRAI_OK;
}

uint32_t frai_explanation_count(const frai_explanation *explanation)
{
    return explanation ? (uint32_t)fr_vec_count(&explanation->parts) : 0;
}

const frai_score_part *frai_explanation_part(const frai_explanation *explanation, uint32_t i)
{
    if (i >= frai_explanation_count(explanation)) return NULL;
    return &fr_vec_at(&explanation->parts, i);
}

frai_status frai_searcher_diagnose(frai_searcher *s, frai_slice query,
                                   const frai_search_options *options, uint64_t doc,
                                   const frai_diagnosis **diagnosis, frai_error *err)
{
    frai_search_options o;
    if (diagnosis) *diagnosis = NULL;
    if (!s || !diagnosis || (!query.ptr && query.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher, query and diagnosis must not be NULL");
    FR_TRY(fr_read_options(options, &o, err));
    if (!query.ptr) query.ptr = "";
    fr_searcher_begin(&s->searcher);
    fr_interrupt_arm(&s->searcher.context.interrupt, o.interrupt, o.interrupt_arg, o.timeout_us);
    frai_status status = fr_searcher_diagnose(&s->searcher, query, doc, o.flags, err);
    FR_TRY(end(&s->searcher, status, err));
    *diagnosis = &s->searcher.diagnosis;
    return FRAI_OK;
}

uint32_t frai_diagnosis_count(const frai_diagnosis *diagnosis)
{
    return diagnosis ? (uint32_t)fr_vec_count(&diagnosis->findings) : 0;
}

const frai_finding *frai_diagnosis_finding(const frai_diagnosis *diagnosis, uint32_t i)
{
    if (i >= frai_diagnosis_count(diagnosis)) return NULL;
    return &fr_vec_at(&diagnosis->findings, i);
}

frai_status frai_searcher_describe_plan(frai_searcher *s, const frai_query_plan **plan,
                                        frai_error *err)
{
    if (plan) *plan = NULL;
    if (!s || !plan) return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher and plan must not be NULL");
    fr_searcher_begin(&s->searcher);
    FR_TRY(end(&s->searcher, fr_searcher_plan(&s->searcher, err), err));
    *plan = &s->searcher.described;
    return FRAI_OK;
}

uint32_t frai_query_plan_count(const frai_query_plan *plan)
{
    return plan ? (uint32_t)fr_vec_count(&plan->steps) : 0;
}

const frai_plan_step *frai_query_plan_step(const frai_query_plan *plan, uint32_t i)
{
    if (i >= frai_query_plan_count(plan)) return NULL;
    return &fr_vec_at(&plan->steps, i);
}
