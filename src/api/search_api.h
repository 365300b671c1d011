/* search_api.h: what every call that searches begins and ends with. */
#ifndef FR_API_SEARCH_API_H
#define FR_API_SEARCH_API_H

#include "api/handles.h"

/* The caller's options, of whatever size, over the defaults. */
frai_status fr_read_options(const frai_search_options *given, frai_search_options *o,
                            frai_error *err);

/* Ends a search: the searcher's results, or none and no latest query. */
frai_status fr_give_results(struct fr_searcher *s, frai_status status, const frai_results **results,
                            frai_error *err);

#endif
