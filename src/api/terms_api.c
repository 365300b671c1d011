/* frai_search_terms: arguments are checked, results handed out. */
#include "api/search_api.h"
#include "frai/experimental/terms.h"
#include "query/terms_search.h"

/* Do documents come back, not only their count? */
static bool gives_hits(frai_terms_mode mode)
{
    return mode == FRAI_TERMS_OR || mode == FRAI_TERMS_AND || mode == FRAI_TERMS_PHRASE ||
           mode == FRAI_TERMS_OR_TOP_COUNT;
}

frai_status frai_search_terms(frai_searcher *s, frai_slice terms, frai_terms_mode mode, uint32_t k,
                              const frai_results **results, frai_error *err)
{
    if (results) *results = NULL;
    if (s) fr_searcher_forget(&s->searcher);
    if (!s || !results || (!terms.ptr && terms.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher, results and terms must not be NULL");
    if (k > FRAI_LIMIT_MAX || (unsigned)mode > FRAI_TERMS_OR_TOP_COUNT ||
        (k == 0 && gives_hits(mode)))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "k or mode is out of range");
    if (!terms.ptr) terms.ptr = "";
    struct fr_searcher *in = &s->searcher;
    fr_searcher_begin(in);
    frai_status status = fr_searcher_terms(in, terms, mode, k, err);
    return fr_give_results(in, status, results, err);
}
