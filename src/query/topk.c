#include "query/topk.h"

static void sift_down(struct fr_scored *heap, uint32_t count, uint32_t at)
{
    struct fr_scored moving = heap[at];
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= count) break;
        if (child + 1 < count && fr_scored_better(heap[child], heap[child + 1])) child++;
        if (!fr_scored_better(moving, heap[child])) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moving;
}

void fr_topk_offer(struct fr_topk *t, uint64_t doc, float score)
{
    struct fr_scored hit = {doc, score};
    if (t->k == 0) return;
    if (t->count == t->k) {
        if (!fr_scored_better(hit, t->heap[0])) return;
        t->heap[0] = hit;
        sift_down(t->heap, t->count, 0);
        return;
    }
    uint32_t at = t->count++;
    while (at > 0 && fr_scored_better(t->heap[(at - 1) / 2], hit)) {
        t->heap[at] = t->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    t->heap[at] = hit;
}

void fr_topk_sort(struct fr_topk *t)
{
    for (uint32_t left = t->count; left > 1; left--) {
        struct fr_scored worst = t->heap[0];
        t->heap[0] = t->heap[left - 1];
        sift_down(t->heap, left - 1, 0);
        t->heap[left - 1] = worst;
    }
}
