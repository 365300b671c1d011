/* place.h: where in a long document the words of a query stand, by their positions alone. */
#ifndef FR_QUERY_PLACE_H
#define FR_QUERY_PLACE_H

#include "query/part.h"

/* Positions [begin, end). */
struct fr_stretch {
    uint32_t begin, end;
};

/* In the document, number `doc` of segment g, between the positions of `within`, the place no
 * longer than `span` that has most of the plan's words, then most occurrences of them. False, and
 * the place is not set: there is none. Opens a part of the plan (part.h). */
frai_status fr_place_find(struct fr_searcher *s, const struct fr_plan *plan, uint32_t g,
                          uint32_t doc, struct fr_stretch within, uint32_t span, bool *found,
                          struct fr_stretch *out, frai_error *err);

#endif
