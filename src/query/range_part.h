/* range_part.h: a term of a query while its documents are bounded and scored by ranges of 64. */
#ifndef FR_QUERY_RANGE_PART_H
#define FR_QUERY_RANGE_PART_H

#include "query/evaluate.h"

#define FR_RANGE_SLOTS 32u /* ranges that are scored together */

/* One term while ranges are scored. */
struct fr_range_part {
    struct fr_cursor *cursor;
    const struct fr_range_part *typed; /* scores only where that one does not; or NULL */
    uint32_t group;                    /* where the first of its alternatives stands */
    float most;                        /* that any of its alternatives may score */
    bool shared;                       /* it has alternatives */
    bool follows;                      /* in parts, one of its alternatives */
    const uint8_t *codes;              /* dense: range maxima */
    uint16_t levels[FR_RANGE_LEVELS];  /* dense: in units */
    const uint32_t *docs, *tfs;        /* sparse: postings, followed by FR_SEEK_PAD FR_END */
    const uint16_t *bounds;            /* ... in units */
    uint32_t at;                       /* sparse: where the latest range began */
    uint32_t *last;                 /* sparse: number of the last posting of each range; or NULL */
    uint16_t bit;                   /* sparse: in present; from the 16th on all share one */
    uint16_t level[FR_RANGE_SLOTS]; /* dense: of the slots' ranges; 0 where none is */
    uint16_t rest[FR_RANGE_SLOTS];  /* ... and what rest loses with the part */
    uint32_t begin[FR_RANGE_SLOTS]; /* sparse: where the slot's postings begin */
    uint64_t mask[FR_RANGE_SLOTS];  /* documents of the slots' ranges */
    struct fr_dense_range range[FR_RANGE_SLOTS]; /* dense */
};

/* Terms of other classes only match. */
static inline bool fr_cursor_scores(const struct fr_cursor *c)
{
    return c->exists && c->weight > 0;
}

/* Makes a part, without bounds, of each cursor that scores, in the order of the summands. numbers:
 * room for one of each cursor. */
void fr_range_parts_make(const struct fr_evaluation *e, struct fr_range_part *parts,
                         uint32_t *numbers);

/* Sparse parts before dense ones, larger bounds first, alternatives side by side. */
void fr_range_parts_sort(struct fr_range_part **parts, uint32_t count);

/* Drops, of `len` postings, those outside the ranges [begin, end); returns how many are left. */
uint32_t fr_range_trim(uint32_t *docs, uint32_t *tfs, uint32_t len, uint32_t begin, uint32_t end);

#endif
