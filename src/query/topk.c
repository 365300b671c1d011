/* A binary heap of the best k with the worst on top; sorting it is the second half of a heap sort.
 */
#include "query/topk.h"

/* Does x belong above y? */
static inline bool is_above(struct fr_scored x, struct fr_scored y, bool best_on_top)
{
    return best_on_top ? fr_scored_better(x, y) : fr_scored_better(y, x);
}

__attribute__((always_inline)) static inline void sift(struct fr_scored *heap, size_t count,
                                                       size_t at, bool best_on_top)
{
    struct fr_scored moving = heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < count) /* a coin's toss */
            child += is_above(heap[child + 1], heap[child], best_on_top);
        else if (child >= count)
            break;
        if (!is_above(heap[child], moving, best_on_top)) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moving;
}

static void sift_down(struct fr_scored *heap, uint32_t count, uint32_t at)
{
    sift(heap, count, at, false);
}

void fr_scored_heap_make(struct fr_scored *heap, size_t count)
{
    for (size_t i = count / 2; i-- > 0;) sift(heap, count, i, true);
}

void fr_scored_heap_pop(struct fr_scored *heap, size_t count)
{
    FR_ASSERT(count > 0);
    heap[0] = heap[count - 1];
    if (count > 1) sift(heap, count - 1, 0, true);
}

static void offer(struct fr_collector *c, uint64_t doc, float score)
{
    struct fr_topk *t = (struct fr_topk *)(void *)c; /* its first member */
    struct fr_scored hit = {doc, score};
    if (t->count == t->k) {
        t->heap[0] = hit;
        sift_down(t->heap, t->count, 0);
    } else {
        uint32_t at = t->count++;
        while (at > 0 && fr_scored_better(t->heap[(at - 1) / 2], hit)) {
            t->heap[at] = t->heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        t->heap[at] = hit;
    }
    if (t->count == t->k) c->least = t->heap[0];
}

void fr_topk_init(struct fr_topk *t, struct fr_scored *heap, uint32_t k)
{
    *t = (struct fr_topk){.collector = {.needs_scores = true, .offer = offer}, .heap = heap};
    t->k = k;
    fr_topk_clear(t);
}

void fr_topk_clear(struct fr_topk *t)
{
    t->count = 0;
    t->collector.least = (struct fr_scored){UINT64_MAX, 0};
    if (t->k == 0) t->collector.least = (struct fr_scored){0, INFINITY};
}

void fr_topk_sort(struct fr_topk *t, struct fr_interrupt *interrupt)
{
    fr_work(interrupt, (uint64_t)t->count * FR_WORK_SEEK);
    for (uint32_t left = t->count; left > 1; left--) {
        if (left % 4096 == 0 && fr_interrupt_fires(interrupt)) return;
        struct fr_scored worst = t->heap[0];
        t->heap[0] = t->heap[left - 1];
        sift_down(t->heap, left - 1, 0);
        t->heap[left - 1] = worst;
    }
}
