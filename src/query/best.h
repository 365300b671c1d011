/* best.h: the best documents of a segment, found by the bounds of their terms. */
#ifndef FR_QUERY_BEST_H
#define FR_QUERY_BEST_H

#include "query/pass.h"

/* Offers those that come in to pass->top. tree: what they have to satisfy; NULL: what the pass asks
 * for. Nothing is excluded; lone syllables are words, or begin an 어절. What has no term that
 * scores isn't found: *complete becomes false if such documents may come in. */
frai_status fr_best_of_segment(struct fr_searcher *s, uint32_t g, struct fr_pass *pass,
                               const struct fr_tree *tree, bool *complete, frai_error *err);

#endif
