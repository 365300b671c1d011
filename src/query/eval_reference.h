/* eval_reference.h: the reference for the other evaluators, which looks at every posting. */
#ifndef FR_QUERY_EVAL_REFERENCE_H
#define FR_QUERY_EVAL_REFERENCE_H

#include "query/evaluate.h"

/* Documents with any term, or with all terms; both count. */
void fr_evaluate_or_exhaustive(const struct fr_evaluation *e, struct fr_collector *c,
                               struct fr_eval_stats *stats);
void fr_evaluate_and_exhaustive(const struct fr_evaluation *e, struct fr_collector *c,
                                struct fr_eval_stats *stats);

#endif
