/* rank_bound.h: where the units of a query stand in a document, and how high that lets it rank. */
#ifndef FR_QUERY_RANK_BOUND_H
#define FR_QUERY_RANK_BOUND_H

#include "query/rank.h"

/* Finds the units in a document; documents must ascend between rewinds of e->cursors. False: out of
 * memory, or damage, which is noted. */
bool fr_rank_locate(struct fr_rank *r, const struct fr_evaluation *e, uint32_t doc,
                    struct fr_rank_place *place);

/* The highest score that a document found with this BM25 may get, */
float fr_rank_bound(const struct fr_rank *r, float bm25);

/* ... and that this one may get, by the first position and the number of each unit's. */
float fr_rank_place_bound(struct fr_rank *r, const struct fr_rank_place *place, float bm25);

#endif
