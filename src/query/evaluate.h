/* evaluate.h: term-level evaluators over one segment. All of them give the same documents, order
 * and bits of score: a score is the sum, in query order, of float terms. */
#ifndef FR_QUERY_EVALUATE_H
#define FR_QUERY_EVALUATE_H

#include "query/cursor.h"
#include "query/scratch.h"
#include "query/topk.h"

#define FR_WINDOW_DOCS 16384u

/* One segment's part of a query of distinct terms. */
struct fr_evaluation {
    const struct fr_segment *seg;
    struct fr_cursor *cursors; /* in query order */
    const uint32_t
        *variant_of; /* of each: the cursor that it stands in for, or FR_END; may be NULL */
    uint32_t count;
    const float *k_of_norm; /* 256: K of BM25 with the snapshot's average length */
    uint64_t base;          /* first document number of the segment */
    struct fr_topk *top;    /* NULL: only count */
    uint64_t matches;       /* out, added to, by evaluators that count */
    struct fr_scratch *scratch;
    /* Of fr_evaluate_or_block_max: only documents that this accepts come in, and it may lower their
     * score; they ascend between calls of `rewind`. NULL: all do. `live`: ranges to look at, a bit
     * each; NULL: all. `filter`: which documents of a range are worth a look, by the documents
     * that each term has in it. */
    uint64_t (*filter)(void *ctx, uint32_t range, const uint64_t *masks);
    bool (*accepts)(void *ctx, uint32_t doc, float *score);
    void (*rewind)(void *ctx);
    void *judge;
    const uint64_t *live;
    bool all;                 /* documents without one of the terms stay out */
    uint64_t scored, decoded; /* out: work done, for --explain */
    const char *method;       /* out: how */
};

/* Some of the segment's bytes are not as they were written. */
static inline void fr_evaluation_damaged(struct fr_evaluation *e)
{
    for (uint32_t t = 0; t < e->count; t++) e->cursors[t].damaged = true;
}

/* Each returns false when memory ran out; damage is in the cursors. */
bool fr_evaluate_or_exhaustive(struct fr_evaluation *e);  /* counts */
bool fr_evaluate_and_exhaustive(struct fr_evaluation *e); /* counts */
bool fr_evaluate_or_block_max(struct fr_evaluation *e);   /* dynamic pruning, exact */
bool fr_evaluate_and(struct fr_evaluation *e);            /* counts if top is NULL, else prunes */
bool fr_evaluate_or_count(struct fr_evaluation *e);

/* Terms in `sequence` (indexes of cursors, repeats allowed) at consecutive positions. The score is
 * that of one term with the sum of the weights. Counts. */
bool fr_evaluate_phrase(struct fr_evaluation *e, const uint32_t *sequence, uint32_t length);

#endif
