/* accept.h: which documents of a segment may be found at all: those that are not deleted and that
 * pass the filter, if there is one. Deletes are few: evaluators ask last, for 64 documents at once,
 * since terms are cheaper to check. A filter may pass little: evaluators skip ranges, blocks, rows
 * and windows of which nothing passes. */
#ifndef FR_QUERY_ACCEPT_H
#define FR_QUERY_ACCEPT_H

#include "base/bytes.h"
#include "base/units.h"

struct fr_accept {
    const uint8_t *dead; /* a bit for each deleted document, in whole words; NULL: none are */
    const uint8_t *live; /* a bit for each number that the segment was written with a document for,
                            zeros after them; NULL: all were. Others have no terms either. */
    const uint64_t *filter; /* a bit for each that passes, in whole words; NULL: all do */
    const uint64_t *ranges; /* with a filter: a bit for each range of which something passes */
};

/* Fills `ranges` for a filter of the documents of a segment. */
static inline void fr_accept_find_ranges(const uint64_t *filter, uint32_t docs, uint64_t *ranges)
{
    uint32_t count = docs / FR_RANGE_DOCS + (docs % FR_RANGE_DOCS > 0);
    memset(ranges, 0, ((size_t)count + 63) / 64 * 8);
    for (uint32_t r = 0; r < count; r++) ranges[r / 64] |= (uint64_t)(filter[r] != 0) << (r % 64);
}

/* May every document be found that has a term? Then document frequencies are numbers of matches. */
static inline bool fr_accept_all(const struct fr_accept *a)
{
    return !a->dead && !a->filter;
}

/* Of documents [64 * range, 64 * range + 64), those that may be found. */
static inline uint64_t fr_accept_mask(const struct fr_accept *a, uint32_t range)
{
    uint64_t mask = a->dead ? ~fr_load64(a->dead + 8ull * range) : ~0ull;
    if (a->live) mask &= fr_load64(a->live + 8ull * range);
    return a->filter ? mask & a->filter[range] : mask;
}

/* May a document be found that has a term? */
static inline bool fr_accept_has(const struct fr_accept *a, uint32_t doc)
{
    return fr_accept_all(a) || (fr_accept_mask(a, doc / 64) >> (doc % 64) & 1);
}

/* Of the row's ranges, those of which something passes the filter. */
static inline uint64_t fr_accept_row(const struct fr_accept *a, uint32_t row)
{
    return a->filter ? a->ranges[row] : ~0ull;
}

/* May any of the documents [first, last] pass the filter? */
static inline bool fr_accept_any(const struct fr_accept *a, uint32_t first, uint32_t last)
{
    uint32_t row = first / FR_ROW_DOCS, end = last / FR_ROW_DOCS;
    uint64_t from = ~0ull << (first / FR_RANGE_DOCS % 64);
    if (!a->filter) return true;
    for (; row < end; row++, from = ~0ull)
        if (a->ranges[row] & from) return true;
    return a->ranges[end] & from & ~0ull >> (63 - last / FR_RANGE_DOCS % 64);
}

#endif
