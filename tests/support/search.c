#include "support/search.h"

uint32_t take_hits(const frai_results *results, struct hit *hits)
{
    uint32_t count = frai_results_count(results);
    for (uint32_t i = 0; i < count; i++)
        hits[i] = (struct hit){frai_results_doc(results, i), frai_results_score(results, i)};
    return count;
}

frai_status find_hits(frai_searcher *s, frai_slice query, const frai_search_options *options,
                      struct hit *hits, uint32_t *count, frai_error *err)
{
    const frai_results *results;
    frai_status status = frai_search(s, query, options, &results, err);
    *count = take_hits(results, hits);
    return status;
}

frai_status find_info(frai_searcher *s, frai_slice query, const frai_search_options *options,
                      struct hit *hits, uint32_t *count, frai_search_info *info)
{
    const frai_results *results;
    frai_status status = frai_search(s, query, options, &results, &error_);
    *count = take_hits(results, hits);
    if (status == FRAI_OK) frai_results_read_info(results, info);
    return status;
}

frai_status find_terms(frai_searcher *s, frai_slice terms, frai_terms_mode mode, uint32_t k,
                       struct hit *hits, uint32_t *count, uint64_t *total, frai_error *err)
{
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    const frai_results *results;
    frai_status status = frai_search_terms(s, terms, mode, k, &results, err);
    *count = take_hits(results, hits);
    frai_results_read_info(results, &info);
    *total = info.total;
    return status;
}
