/* heap.h: a binary heap of numbers, the least on top, by an order that the caller keeps. */
#ifndef FR_BASE_HEAP_H
#define FR_BASE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

/* Lets the one at `at`, which may have become greater, sink to its place. */
static inline void fr_heap_sink(uint32_t *heap, uint32_t len, uint32_t at,
                                bool (*before)(const void *ctx, uint32_t a, uint32_t b),
                                const void *ctx)
{
    uint32_t moving = heap[at];
    for (;;) {
        uint32_t least = 2 * at + 1;
        if (least >= len) break;
        if (least + 1 < len && before(ctx, heap[least + 1], heap[least])) least++;
        if (!before(ctx, heap[least], moving)) break;
        heap[at] = heap[least];
        at = least;
    }
    heap[at] = moving;
}

/* Makes a heap of numbers in any order. */
static inline void fr_heap_make(uint32_t *heap, uint32_t len,
                                bool (*before)(const void *ctx, uint32_t a, uint32_t b),
                                const void *ctx)
{
    for (uint32_t i = len / 2; i-- > 0;) fr_heap_sink(heap, len, i, before, ctx);
}

#endif
