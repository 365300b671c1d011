/* search.h: results as arrays of the caller's, with room for what the options ask for. */
#ifndef FRAI_TESTS_SEARCH_H
#define FRAI_TESTS_SEARCH_H

#include "support/support.h"

struct hit {
    uint64_t doc;
    float score;
};

/* A searcher of the index in the directory. */
frai_searcher *open_search(const char *dir, frai_index **index);
void close_search(frai_searcher *s, frai_index *index);

/* Copies the hits; returns how many. */
uint32_t take_hits(const frai_results *results, struct hit *hits);

/* frai_search; without hits on failure. */
frai_status find_hits(frai_searcher *s, frai_slice query, const frai_search_options *options,
                      struct hit *hits, uint32_t *count, frai_error *err);

/* The same, and what the search says of itself; on failure info is as it was. Errors go to error_.
 */
frai_status find_info(frai_searcher *s, frai_slice query, const frai_search_options *options,
                      struct hit *hits, uint32_t *count, frai_search_info *info);

/* frai_search_terms, with the total; hits may be NULL if k is 0. */
frai_status find_terms(frai_searcher *s, frai_slice terms, frai_terms_mode mode, uint32_t k,
                       struct hit *hits, uint32_t *count, uint64_t *total, frai_error *err);

/* An explanation begins with the score, which is the sum of the other parts; are some of these of a
 * term of the class? */
bool assert_explained(frai_searcher *s, uint64_t doc, float score, const char *term_class);

/* What the document's diagnosis has of a kind; NULL: nothing. The last one is the verdict. */
const frai_finding *find_kind(const frai_diagnosis *diagnosis, frai_finding_kind kind);
frai_finding_kind verdict(const frai_diagnosis *diagnosis);

#endif
