/* topk.h: the best k documents so far, by score, then by ascending number. */
#ifndef FR_QUERY_TOPK_H
#define FR_QUERY_TOPK_H

#include "base/memory.h"

struct fr_scored {
    uint64_t doc;
    float score;
};

struct fr_topk {
    struct fr_scored *heap; /* the worst on top; room for k */
    uint32_t k, count;
};

static inline bool fr_scored_better(struct fr_scored a, struct fr_scored b)
{
    return a.score != b.score ? a.score > b.score : a.doc < b.doc;
}

/* The score that a new document has to reach (an equal one may win by its number). */
static inline float fr_topk_threshold(const struct fr_topk *t)
{
    return t->count == t->k ? t->heap[0].score : 0.0f;
}

/* Would this document come in? */
static inline bool fr_topk_wants(const struct fr_topk *t, uint64_t doc, float score)
{
    struct fr_scored hit = {doc, score};
    return t->count < t->k || (t->k > 0 && fr_scored_better(hit, t->heap[0]));
}

void fr_topk_offer(struct fr_topk *t, uint64_t doc, float score);
void fr_topk_sort(struct fr_topk *t); /* best first; nothing may be offered afterwards */

#endif
