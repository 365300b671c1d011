/* place.h: where in a long document the words of a query stand, by their positions alone. */
#ifndef FR_QUERY_PLACE_H
#define FR_QUERY_PLACE_H

#include "query/part.h"

/* Positions [begin, end). */
struct fr_stretch {
    uint32_t begin, end;
};

/* A document of segment g. */
struct fr_place_question {
    const struct fr_plan *plan;
    uint32_t g, doc;
    struct fr_stretch within;
    uint32_t span;
};

/* The place in the document, no longer than `span`, that has most of the plan's words, then most
 * occurrences of them. Without *found there is none, and *out is not set. Opens a part of the plan
 * (part.h). */
frai_status fr_place_find(struct fr_searcher *s, const struct fr_place_question *question,
                          bool *found, struct fr_stretch *out, frai_error *err);

#endif
