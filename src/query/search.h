/* search.h: the query of a user, from its text to a page of hits. */
#ifndef FR_QUERY_SEARCH_H
#define FR_QUERY_SEARCH_H

#include "query/searcher.h"

frai_status fr_searcher_search(struct fr_searcher *s, frai_slice query,
                               const frai_search_options *options, frai_hit *hits,
                               uint32_t *hit_count, frai_error *err);

#endif
