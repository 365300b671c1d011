/* accept.h: which documents of a segment a search may find at all: those that live and that a
 * filter leaves. Evaluators ask for 64 documents at once, and last: terms decide more cheaply. */
#ifndef FR_QUERY_ACCEPT_H
#define FR_QUERY_ACCEPT_H

#include "base/bytes.h"

struct fr_accept {
    const uint8_t *dead;    /* deleted documents, a bit each, whole words; NULL: none is */
    const uint64_t *filter; /* documents to be found, a bit each, whole words; NULL: all are */
};

/* May every document be found, so that document frequencies are counts? */
static inline bool fr_accept_all(const struct fr_accept *a)
{
    return !a->dead && !a->filter;
}

/* Of documents [64 * range, 64 * range + 64), those that may be found. */
static inline uint64_t fr_accept_mask(const struct fr_accept *a, uint32_t range)
{
    uint64_t mask = a->dead ? ~fr_load64(a->dead + 8ull * range) : ~0ull;
    return a->filter ? mask & a->filter[range] : mask;
}

static inline bool fr_accept_has(const struct fr_accept *a, uint32_t doc)
{
    return fr_accept_all(a) || (fr_accept_mask(a, doc / 64) >> (doc % 64) & 1);
}

#endif
