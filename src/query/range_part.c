/* Alternatives are parts side by side, as the summands are; where parts are sorted they stay so. */
#include "query/range_part.h"

#include "base/sort.h"

static void end_group(struct fr_range_part *parts, uint32_t first, uint32_t end)
{
    float most = 0;
    for (uint32_t n = first; n < end; n++)
        if (parts[n].cursor->max_score > most) most = parts[n].cursor->max_score;
    for (uint32_t n = first; n < end; n++) {
        struct fr_range_part *p = &parts[n];
        p->group = first;
        p->most = most;
        p->shared = end - first > 1;
    }
}

void fr_range_parts_make(const struct fr_evaluation *e, struct fr_range_part *parts,
                         uint32_t *numbers)
{
    uint32_t n = 0, first = 0;
    for (uint32_t i = 0; i < e->count; i++) {
        uint32_t t = e->order ? e->order[i].term : i;
        if (!e->order || e->order[i].begins) {
            end_group(parts, first, n);
            first = n;
        }
        numbers[t] = fr_cursor_scores(&e->cursors[t]) ? n : FR_END;
        if (numbers[t] == FR_END) continue;
        parts[n].cursor = &e->cursors[t];
        parts[n].typed = NULL;
        parts[n].follows = false;
        n++;
    }
    end_group(parts, first, n);
    for (uint32_t i = 0; e->order && i < e->count; i++) {
        uint32_t t = numbers[e->order[i].term], typed = e->order[i].typed;
        if (t != FR_END && typed != FR_NO_QUERY_TERM && numbers[typed] != FR_END)
            parts[t].typed = &parts[numbers[typed]];
    }
}

static bool comes_before(const struct fr_range_part *a, const struct fr_range_part *b)
{
    if (!a->codes != !b->codes) return !a->codes;
    if (a->most != b->most) return a->most > b->most;
    if (a->group != b->group) return a->group < b->group;
    if (a->cursor->max_score != b->cursor->max_score)
        return a->cursor->max_score > b->cursor->max_score;
    return a < b;
}

static int by_place(const void *a, const void *b, void *unused)
{
    const struct fr_range_part *const *x = a, *const *y = b;
    (void)unused;
    return comes_before(*x, *y) ? -1 : comes_before(*y, *x);
}

#define FEW_PARTS 32u /* are sorted by insertion */

void fr_range_parts_sort(struct fr_range_part **parts, uint32_t count)
{
    if (count > FEW_PARTS) fr_sort(parts, count, sizeof(struct fr_range_part *), by_place, NULL);
    for (uint32_t i = 1; i < count && count <= FEW_PARTS; i++) {
        struct fr_range_part *moved = parts[i];
        uint32_t k = i;
        for (; k > 0 && comes_before(moved, parts[k - 1]); k--) parts[k] = parts[k - 1];
        parts[k] = moved;
    }
    for (uint32_t i = 0; i < count; i++)
        parts[i]->follows = i > 0 && parts[i]->group == parts[i - 1]->group &&
                            !parts[i]->codes == !parts[i - 1]->codes;
}

uint32_t fr_range_trim(uint32_t *docs, uint32_t *tfs, uint32_t len, uint32_t begin, uint32_t end)
{
    uint32_t from = 0;
    while (from < len && docs[from] / FR_RANGE_DOCS < begin) from++;
    while (len > from && docs[len - 1] / FR_RANGE_DOCS >= end) len--;
    memmove(docs, docs + from, (len - from) * sizeof *docs);
    memmove(tfs, tfs + from, (len - from) * sizeof *tfs);
    return len - from;
}
