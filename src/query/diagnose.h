/* diagnose.h: why a document is a hit of a query, or none. */
#ifndef FR_QUERY_DIAGNOSE_H
#define FR_QUERY_DIAGNOSE_H

#include "query/searcher.h"

/* What there is to say of each word of a query and this document, into s->diagnosis. The latest
 * query stays. */
frai_status fr_searcher_diagnose(struct fr_searcher *s, frai_slice query, uint64_t doc,
                                 uint32_t flags, frai_error *err);

#endif
