/* eval_or_block_max.h: finds the best documents by score bounds of ranges of 64 documents. */
#ifndef FR_QUERY_EVAL_OR_BLOCK_MAX_H
#define FR_QUERY_EVAL_OR_BLOCK_MAX_H

#include "query/evaluate.h"

/* Documents with any term, pruned dynamically and exact. verifier: NULL if every document with a
 * term matches. */
void fr_evaluate_or_block_max(const struct fr_evaluation *e, const struct fr_verifier *verifier,
                              struct fr_collector *c, struct fr_eval_stats *stats);

/* The same of documents with all terms. ranges: those in which all terms are, a bit each. */
void fr_evaluate_and_block_max(const struct fr_evaluation *e, const uint64_t *ranges,
                               struct fr_collector *c, struct fr_eval_stats *stats);

#endif
