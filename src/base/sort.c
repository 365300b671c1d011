/* Radix sort by digits of 11 bits, least significant first. */
#include "base/sort.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"

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

/* ---- any order ---- */

struct order {
    size_t size;
    int (*cmp)(const void *, const void *, void *);
    void *ctx;
};

#define SCRATCH_BYTES 8192u /* pieces of twice as many bytes are merged */
#define ELEMENT_MOST  64u

static inline void copy(const struct order *o, void *to, const void *from)
{
    switch (o->size) { /* a copy of a known size is no call */
    case 4: memcpy(to, from, 4); break;
    case 8: memcpy(to, from, 8); break;
    case 12: memcpy(to, from, 12); break;
    case 16: memcpy(to, from, 16); break;
    default: memcpy(to, from, o->size);
    }
}

static void swap(const struct order *o, char *a, char *b)
{
    char element[ELEMENT_MOST];
    copy(o, element, a);
    copy(o, a, b);
    copy(o, b, element);
}

/* scratch: of half as many elements. */
static void merge_sort(const struct order *o, char *base, size_t n, char *scratch)
{
    if (n < 2) return;
    size_t left = n / 2;
    char *middle = base + left * o->size, *end = base + n * o->size, *to = base;
    merge_sort(o, base, left, scratch);
    merge_sort(o, middle, n - left, scratch);
    if (o->cmp(middle - o->size, middle, o->ctx) <= 0) return;
    memcpy(scratch, base, left * o->size);
    for (char *at = scratch, *last = scratch + left * o->size; at < last; to += o->size) {
        if (middle < end && o->cmp(at, middle, o->ctx) > 0) {
            copy(o, to, middle);
            middle += o->size;
        } else {
            copy(o, to, at);
            at += o->size;
        }
    }
}

static void heap_sort(const struct order *o, char *base, size_t n)
{
    for (size_t start = n / 2, len = n; len > 1;) {
        if (start > 0)
            start--;
        else
            swap(o, base, base + --len * o->size);
        for (size_t at = start, child; (child = 2 * at + 1) < len; at = child) {
            if (child + 1 < len &&
                o->cmp(base + child * o->size, base + (child + 1) * o->size, o->ctx) < 0)
                child++;
            if (o->cmp(base + at * o->size, base + child * o->size, o->ctx) >= 0) break;
            swap(o, base + at * o->size, base + child * o->size);
        }
    }
}

/* Splits into elements that are not above one of them and such that are not below it; how many the
 * former are. n > 2. */
static size_t partition(const struct order *o, char *base, size_t n)
{
    char *low = base, *high = base + (n - 1) * o->size, *middle = base + n / 2 * o->size;
    char pivot[ELEMENT_MOST];
    if (o->cmp(middle, low, o->ctx) < 0) swap(o, middle, low);
    if (o->cmp(high, middle, o->ctx) < 0) {
        swap(o, high, middle);
        if (o->cmp(middle, low, o->ctx) < 0) swap(o, middle, low);
    }
    copy(o, pivot, middle);
    for (;;) {
        do low += o->size;
        while (o->cmp(low, pivot, o->ctx) < 0);
        do high -= o->size;
        while (o->cmp(high, pivot, o->ctx) > 0);
        if (low >= high) return (size_t)(high - base) / o->size + 1;
        swap(o, low, high);
    }
}

static void sort_piece(const struct order *o, char *base, size_t n, unsigned depth, char *scratch)
{
    while (n * o->size > 2 * SCRATCH_BYTES) {
        if (depth-- == 0) {
            heap_sort(o, base, n);
            return;
        }
        size_t left = partition(o, base, n);
        sort_piece(o, base, left, depth, scratch);
        base += left * o->size;
        n -= left;
    }
    merge_sort(o, base, n, scratch);
}

void fr_sort(void *base, size_t count, size_t size, int (*cmp)(const void *, const void *, void *),
             void *ctx)
{
    struct order o = {size, cmp, ctx};
    char scratch[SCRATCH_BYTES];
    FR_ASSERT(size <= ELEMENT_MOST);
    if (count > 1) sort_piece(&o, base, count, 2 * fr_bits(count), scratch);
}
