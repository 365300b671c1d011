/* intersect.h: the documents that all terms of a query have. The rarest term leads; where even that
 * one is dense, whole rows of bits are intersected. */
#ifndef FR_QUERY_INTERSECT_H
#define FR_QUERY_INTERSECT_H

#include "query/evaluate.h"

/* Indexes of cursors, rarest first, in scratch->order; NULL if the segment lacks one of the terms.
 */
const uint32_t *fr_intersect_order(const struct fr_evaluation *e);

/* Is every term dense? If the rarest is, all are. */
static inline bool fr_intersect_is_dense(const struct fr_evaluation *e, const uint32_t *order)
{
    return e->cursors[order[0]].postings.is_dense;
}

/* The documents, ascending, into docs. */
void fr_intersect(const struct fr_evaluation *e, const uint32_t *order, struct fr_docs *docs,
                  struct fr_eval_stats *stats);

/* The same in two steps, if the rarest term is sparse: those that all sparse terms have, and of
 * these those that dense ones have too. */
void fr_intersect_sparse(const struct fr_evaluation *e, const uint32_t *order, struct fr_docs *docs,
                         struct fr_eval_stats *stats);
void fr_intersect_dense(const struct fr_evaluation *e, const uint32_t *order, struct fr_docs *docs);

/* A bit for each, in whole rows, into e->scratch->rows; NULL: none, or no memory. All terms are
 * dense. */
uint64_t *fr_intersect_rows(const struct fr_evaluation *e, const uint32_t *order,
                            struct fr_eval_stats *stats);

/* Only counts them; all terms are dense. */
void fr_intersect_count_dense(const struct fr_evaluation *e, const uint32_t *order,
                              struct fr_eval_stats *stats);

/* Are the norms of these documents, ascending, as they were written? If not, the cursors are
 * damaged. */
bool fr_intersect_norms(const struct fr_evaluation *e, const struct fr_docs *docs);

/* Documents that are looked up together, so that their cache misses overlap. */
#define FR_BATCH 32u

/* tf of a dense term in up to FR_BATCH documents; 0 where it isn't. */
void fr_intersect_dense_tfs(struct fr_cursor *c, const uint32_t *docs, uint32_t n, uint32_t *tfs);

/* tf of any term in documents that it is in and that ascend. On damage the cursor says so. */
void fr_intersect_tfs(struct fr_cursor *c, const uint32_t *docs, size_t n, uint32_t *tfs);

#endif
