/* topk.h: the collector of the best k documents, by score, then by ascending number. */
#ifndef FR_QUERY_TOPK_H
#define FR_QUERY_TOPK_H

#include "query/collector.h"
#include "query/interrupt.h"

struct fr_topk {
    struct fr_collector collector;
    struct fr_scored *heap; /* the worst on top; room for k */
    uint32_t k, count;
};

void fr_topk_init(struct fr_topk *t, struct fr_scored *heap, uint32_t k);
void fr_topk_clear(struct fr_topk *t);

/* Best first; nothing may be offered afterwards. An interrupt leaves them in some order. */
void fr_topk_sort(struct fr_topk *t, struct fr_interrupt *interrupt);

/* A heap with the best on top: of `count` in any order; and without its top. */
void fr_scored_heap_make(struct fr_scored *heap, size_t count);
void fr_scored_heap_pop(struct fr_scored *heap, size_t count);

#endif
