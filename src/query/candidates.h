/* candidates.h: where matches may be, judged by terms without their positions: in which ranges of
 * 64 documents, and in which documents of a range. */
#ifndef FR_QUERY_CANDIDATES_H
#define FR_QUERY_CANDIDATES_H

#include "query/match.h"

struct fr_candidates {
    struct fr_match *m;
    uint32_t words;   /* of 64 ranges each: whole windows of documents */
    uint64_t *ranges; /* found, a bit each */
    uint64_t *terms, *clause, *spare;
    uint8_t *known;     /* terms whose ranges are read */
    uint8_t *scoreless; /* terms that the segment has and that only match */
    bool unscored;      /* only those are looked at */
};

/* Arrays in scratch, for trees of m that are no deeper than the one it has. False: out of memory.
 */
bool fr_candidates_init(struct fr_candidates *c, struct fr_match *m);

/* Fills c->ranges. False: there are none. */
bool fr_candidates_find(struct fr_candidates *c);

/* May documents match that have no term that scores? c->ranges then says where. */
bool fr_candidates_find_unscored(struct fr_candidates *c);

/* A bit for each document of a range that may match. masks[t], of each term that scores: the
 * documents that have it. */
uint64_t fr_candidates_in_range(struct fr_candidates *c, uint32_t range, const uint64_t *masks);

#endif
