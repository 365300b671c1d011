/* sort.h: stable least-significant-digit radix sorts of fixed records. `scratch` has room for n of
 * them, the result is in the first array; passes over digits in which all keys agree are skipped.
 */
#ifndef FR_BASE_SORT_H
#define FR_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* One occurrence of a term. */
struct fr_item {
    uint32_t key, doc, position;
};

/* By key. */
void fr_sort_items(struct fr_item *items, struct fr_item *scratch, size_t n);

struct fr_tuple {
    uint64_t major;
    uint32_t minor, number;
};

/* By major, then by minor. */
void fr_sort_tuples(struct fr_tuple *tuples, struct fr_tuple *scratch, size_t n);

/* qsort with a context, stable if cmp never returns 0 for different elements. */
void fr_sort(void *base, size_t count, size_t size, int (*cmp)(const void *, const void *, void *),
             void *ctx);

#endif
