/* page.h: a page of hits: the results that are handed out, and how many of them have all words. */
#ifndef FR_QUERY_PAGE_H
#define FR_QUERY_PAGE_H

#include "query/searcher.h"
#include "query/topk.h"

/* Puts hits of the latest query from `offset` on, `limit` at most, into s->results. */
frai_status fr_page_put(struct fr_searcher *s, uint64_t offset, uint32_t limit, frai_error *err);

/* How many of the hits have all words of the plan. */
frai_status fr_page_count_full(struct fr_searcher *s, const struct fr_plan *plan,
                               const struct fr_scored *hits, size_t count, uint32_t *full,
                               frai_error *err);

#endif
