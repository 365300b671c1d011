/* search.h: a whole search, from the text of a query to a page of hits. */
#ifndef FR_QUERY_SEARCH_H
#define FR_QUERY_SEARCH_H

#include "query/searcher.h"

/* Into s->results, which are empty. */
frai_status fr_searcher_search(struct fr_searcher *s, frai_slice query,
                               const frai_search_options *options, frai_error *err);

/* The same, scored by statistics of more than this index (stats.h). */
frai_status fr_searcher_search_by(struct fr_searcher *s, frai_slice query,
                                  const frai_search_options *options,
                                  const struct fr_collection_stats *stats, frai_error *err);

/* This index's share of such statistics for a query; uses s->probe. */
frai_status fr_searcher_collect(struct fr_searcher *s, frai_slice query,
                                const frai_search_options *options,
                                struct fr_collection_stats *stats, frai_error *err);

#endif
