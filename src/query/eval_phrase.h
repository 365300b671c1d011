/* eval_phrase.h: documents in which terms stand one after another. */
#ifndef FR_QUERY_EVAL_PHRASE_H
#define FR_QUERY_EVAL_PHRASE_H

#include "query/evaluate.h"

/* Indexes of cursors, repeats allowed. */
struct fr_sequence {
    const uint32_t *terms;
    uint32_t length;
};

/* Documents with the terms of the sequence at consecutive positions. The score is that of one term
 * with the sum of the weights. Counts. */
void fr_evaluate_phrase(const struct fr_evaluation *e, const struct fr_sequence *sequence,
                        struct fr_collector *c, struct fr_eval_stats *stats);

#endif
