/* sort.h: stable least-significant-digit radix sorts of fixed records, and a sort by any order. */
#ifndef FR_BASE_SORT_H
#define FR_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* One occurrence of a term. */
struct fr_item {
    uint32_t key, doc, position;
};

/* By key. `scratch` has room for n, the result is in the first array; passes over digits in which
 * all keys agree are skipped. */
void fr_sort_items(struct fr_item *items, struct fr_item *scratch, size_t n);

struct fr_tuple {
    uint64_t major;
    uint32_t minor, number;
};

/* By major, then by minor; scratch as above. */
void fr_sort_tuples(struct fr_tuple *tuples, struct fr_tuple *scratch, size_t n);

/* qsort with a context, for elements of at most 64 bytes. Takes no memory: quicksort down to pieces
 * that fit a buffer on the stack, which are merged; a heap sort if pivots are bad (Musser,
 * Introspective Sorting and Selection Algorithms, 1997). Elements that are equal for cmp come in
 * any order: where that matters it tells them apart. */
void fr_sort(void *base, size_t count, size_t size, int (*cmp)(const void *, const void *, void *),
             void *ctx);

#endif
