/* Radix sort by digits of 11 bits, least significant first. */
#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

#define DIGIT_BITS 11
#define DIGITS     3
#define BUCKETS    (1u << DIGIT_BITS)

/* Sorts elements of `size` bytes by the 32 bits that begin at byte `at`. */
static inline void sort_by(void *elements, void *scratch, size_t n, size_t size, size_t at)
{
    uint32_t counts[DIGITS][BUCKETS], key;
    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < n; i++) {
        memcpy(&key, (const char *)elements + i * size + at, 4);
        counts[0][key & (BUCKETS - 1)]++;
        counts[1][(key >> DIGIT_BITS) & (BUCKETS - 1)]++;
        counts[2][key >> (2 * DIGIT_BITS)]++;
    }
    char *from = elements, *to = scratch;
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
        for (const char *element = from, *end = from + n * size; element < end; element += size) {
            memcpy(&key, element + at, 4);
            memcpy(to + count[(key >> shift) & (BUCKETS - 1)]++ * size, element, size);
        }
        char *swap = from;
        from = to;
        to = swap;
    }
    if (from != elements && n) memcpy(elements, from, n * size);
}

void fr_sort_items(struct fr_item *items, struct fr_item *scratch, size_t n)
{
    sort_by(items, scratch, n, sizeof *items, offsetof(struct fr_item, key));
}

void fr_sort_tuples(struct fr_tuple *tuples, struct fr_tuple *scratch, size_t n)
{
    const size_t major = offsetof(struct fr_tuple, major); /* its low half is first */
    sort_by(tuples, scratch, n, sizeof *tuples, offsetof(struct fr_tuple, minor));
    sort_by(tuples, scratch, n, sizeof *tuples, major);
    sort_by(tuples, scratch, n, sizeof *tuples, major + 4);
}

void fr_sort(void *base, size_t count, size_t size, int (*cmp)(const void *, const void *, void *),
             void *ctx)
{
    if (count > 1) qsort_r(base, count, size, cmp, ctx);
}
