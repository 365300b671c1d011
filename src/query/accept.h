/* accept.h: which documents of a segment may be found at all: those that are not deleted and that
 * pass the filter, if there is one. Evaluators ask last, for 64 documents at once: terms are
 * cheaper to check. */
#ifndef FR_QUERY_ACCEPT_H
#define FR_QUERY_ACCEPT_H

#include "base/bytes.h"

struct fr_accept {
    const uint8_t *dead; /* a bit for each deleted document, in whole words; NULL: none are */
    const uint8_t *live; /* a bit for each number that the segment was written with a document for,
                            zeros after them; NULL: all were. Others have no terms either. */
    const uint64_t
        *filter; /* a bit for each document that may be found, in whole words; NULL: all may */
};

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

#endif
