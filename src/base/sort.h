/* sort.h: stable least-significant-digit radix sort of fixed records by a 32-bit key. */
#ifndef FR_BASE_SORT_H
#define FR_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* One occurrence of a term. */
struct fr_item {
    uint32_t key, doc, position;
};

/* Sorts by key, keeping the order of equals. `scratch` has room for n items. Passes over digits in
 * which all keys agree are skipped. The result is in `items`. */
void fr_sort_items(struct fr_item *items, struct fr_item *scratch, size_t n);

/* qsort with a context, stable if cmp never returns 0 for different elements. */
void fr_sort(void *base, size_t count, size_t size, int (*cmp)(const void *, const void *, void *),
             void *ctx);

#endif
