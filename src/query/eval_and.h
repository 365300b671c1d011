/* eval_and.h: documents with all terms. */
#ifndef FR_QUERY_EVAL_AND_H
#define FR_QUERY_EVAL_AND_H

#include "query/evaluate.h"

/* Prunes, or counts if the collector wants nothing else. */
void fr_evaluate_and(const struct fr_evaluation *e, struct fr_collector *c,
                     struct fr_eval_stats *stats);

#endif
