/* range_rounds.h: ranges of 64 documents by falling bound, in rounds: each takes the next best, in
 * their order, and leaves those that can't come in any more by the time they would be next. */
#ifndef FR_QUERY_RANGE_ROUNDS_H
#define FR_QUERY_RANGE_ROUNDS_H

#include "query/scratch.h"
#include "simd/scan_kernels.h"

struct fr_range_rounds {
    const struct fr_scan_kernels *kernels;
    const uint16_t *bounds; /* of each range, in units; 0: it has nothing */
    uint16_t *groups;       /* the largest of FR_PICK each */
    uint32_t group_count;
    uint32_t top; /* ranges with bounds from here on were taken */
};

/* Groups of n ranges, a multiple of FR_PICK: bounds has room for FR_PICK ranges each. */
static inline uint32_t fr_range_groups(uint32_t ranges)
{
    return (ranges + FR_PICK * FR_PICK - 1) / (FR_PICK * FR_PICK) * FR_PICK;
}

/* Looks at the bounds; kernels, bounds, groups and group_count are set. */
void fr_range_rounds_begin(struct fr_range_rounds *r);

/* Ranges of the next round, about `want` or more of them, with bounds of `least` > 0 or more, into
 * s->picked, ascending. False: there is none. */
bool fr_range_rounds_next(struct fr_range_rounds *r, uint16_t least, uint32_t want,
                          struct fr_scratch *s);

#endif
