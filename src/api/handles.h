/* handles.h: what the opaque handles of search.h hold. */
#ifndef FR_API_HANDLES_H
#define FR_API_HANDLES_H

#include "query/searcher.h"

struct frai_index {
    struct fr_snapshot snapshot;
};

struct frai_searcher {
    struct fr_searcher searcher;
};

#endif
