/* missing.h: words of a query that no hit has. */
#ifndef FR_QUERY_MISSING_H
#define FR_QUERY_MISSING_H

#include "query/pass.h"

/* Puts into s->missing those words of the plan that no matching document has. seen: by the search
 * for the plan. */
frai_status fr_find_missing(struct fr_searcher *s, const struct fr_plan *plan,
                            const struct fr_seen *seen, frai_error *err);

#endif
