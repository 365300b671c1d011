/* A probe has a plan of its own, so that the query that is being corrected stays as it is; its
 * documents are counted and not ranked. */
#include "query/probe.h"

#include "query/pass.h"

frai_status fr_probe_count(struct fr_searcher *s, frai_slice text, uint64_t limit, uint64_t *total,
                           frai_error *err)
{
    struct fr_question asked = {.text = text, .flags = FR_SEARCH_PLAIN};
    struct fr_pass pass = {.plan = &s->probe};
    asked.ranking = FRAI_RANK_BM25;
    asked.match = FRAI_MATCH_ALL;
    frai_status status = fr_plan_make(&s->context, &asked, &s->probe, err);
    if (status == FRAI_OK && s->probe.query.required_count > 0)
        status = fr_pass_count(s, &pass, limit, err);
    *total = pass.total;
    return status;
}
