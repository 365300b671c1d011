/* terms_search.h: searches for pre-tokenized terms. */
#ifndef FR_QUERY_TERMS_SEARCH_H
#define FR_QUERY_TERMS_SEARCH_H

#include "frai/experimental/terms.h"
#include "query/searcher.h"

/* In an index of such terms: evaluates s->main, a plan made with FR_SEARCH_TERMS. Hits go into
 * s->results, what is known about them into *info. */
frai_status fr_terms_search(struct fr_searcher *s, const frai_search_options *options,
                            frai_search_info *info, frai_error *err);

/* frai_search_terms, into s->results. */
frai_status fr_searcher_terms(struct fr_searcher *s, frai_slice terms, frai_terms_mode mode,
                              uint32_t k, frai_error *err);

#endif
