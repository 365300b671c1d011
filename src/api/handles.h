/* handles.h: what the opaque handles of search.h hold. */
#ifndef FR_API_HANDLES_H
#define FR_API_HANDLES_H

#include "query/searcher.h"

struct frai_index {
    struct fr_snapshot snapshot;
    uint64_t searcher_memory; /* that each searcher may hold; 0: any */
};

struct frai_searcher {
    struct fr_searcher searcher;
};

/* The caller's options, of whatever size, over the defaults. */
frai_status fr_read_options(const frai_search_options *given, frai_search_options *o,
                            frai_error *err);

/* Ends a search: the searcher's results, or none and no latest query. */
frai_status fr_give_results(struct fr_searcher *s, frai_status status, const frai_results **results,
                            frai_error *err);

#endif
