#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

#define DIGIT_BITS 11
#define DIGITS     3
#define BUCKETS    (1u << DIGIT_BITS)

void fr_sort_items(struct fr_item *items, struct fr_item *scratch, size_t n)
{
    uint32_t counts[DIGITS][BUCKETS];
    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < n; i++) {
        uint32_t key = items[i].key;
        counts[0][key & (BUCKETS - 1)]++;
        counts[1][(key >> DIGIT_BITS) & (BUCKETS - 1)]++;
        counts[2][key >> (2 * DIGIT_BITS)]++;
    }
    struct fr_item *from = items, *to = scratch;
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        uint32_t *count = counts[digit], sum = 0, used = 0;
        for (unsigned b = 0; b < BUCKETS; b++) {
            uint32_t c = count[b];
            used += c != 0;
            count[b] = sum;
            sum += c;
        }
        if (used <= 1) continue;
        unsigned shift = digit * DIGIT_BITS;
        for (size_t i = 0; i < n; i++)
            to[count[(from[i].key >> shift) & (BUCKETS - 1)]++] = from[i];
        struct fr_item *swap = from;
        from = to;
        to = swap;
    }
    if (from != items && n) memcpy(items, from, n * sizeof *items);
}

void fr_sort(void *base, size_t count, size_t size, int (*cmp)(const void *, const void *, void *),
             void *ctx)
{
    if (count > 1) qsort_r(base, count, size, cmp, ctx);
}
