/* eval_blocks.h: the best documents of one term in blocks, alone. */
#ifndef FR_QUERY_EVAL_BLOCKS_H
#define FR_QUERY_EVAL_BLOCKS_H

#include "query/evaluate.h"

/* The term, not dense, is e's only one. */
void fr_evaluate_blocks(const struct fr_evaluation *e, struct fr_collector *collector,
                        struct fr_eval_stats *stats);

#endif
