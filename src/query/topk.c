/* A binary heap of the best k with the worst on top; sorting it is the second half of a heap sort.
 */
#include "query/topk.h"

static void sift_down(struct fr_scored *heap, uint32_t count, uint32_t at)
{
    struct fr_scored moving = heap[at];
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child + 1 < count)
            child += fr_scored_better(heap[child], heap[child + 1]); /* a coin's toss */
        else if (child >= count)
            break;
        if (!fr_scored_better(moving, heap[child])) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moving;
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
