/* probe.h: how many documents a text finds, asked while another query is read or corrected. */
#ifndef FR_QUERY_PROBE_H
#define FR_QUERY_PROBE_H

#include "query/searcher.h"

/* Counts the documents that have all words of a text, up to `limit`; uses s->probe. */
frai_status fr_probe_count(struct fr_searcher *s, frai_slice text, uint64_t limit, uint64_t *total,
                           frai_error *err);

#endif
