/* range_score.h: scores of the documents of a range whose postings have been found. */
#ifndef FR_QUERY_RANGE_SCORE_H
#define FR_QUERY_RANGE_SCORE_H

#include "query/range_part.h"

struct fr_range_scorer {
    const struct fr_evaluation *e;
    struct fr_range_part *parts; /* in the order of the summands */
    uint32_t count;
    uint32_t slot, range; /* the parts' slot is of this range */
    uint32_t *tfs;        /* of all parts, FR_RANGE_DOCS each, once they are spread */
};

/* Spreads term frequencies and scores all documents of the range, as every evaluator does, in the
 * order of the summands; of those that are returned, whose frequencies aren't all known yet, no
 * less than their score. */
uint64_t fr_range_bound_all(const struct fr_range_scorer *s, float scores[FR_RANGE_DOCS]);

/* Scores document i of the range; spread: after fr_range_bound_all. */
float fr_range_score(const struct fr_range_scorer *s, unsigned i, bool spread);

#endif
