/* eval_count.h: how many documents have one of the terms. */
#ifndef FR_QUERY_EVAL_COUNT_H
#define FR_QUERY_EVAL_COUNT_H

#include "query/evaluate.h"

void fr_evaluate_or_count(const struct fr_evaluation *e, struct fr_eval_stats *stats);

#endif
