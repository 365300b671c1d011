/* experimental/terms.h: indexes of terms that the caller made, and the evaluators behind a search.
 * For measurements and comparisons; may change in any release. */
#ifndef FRAI_EXPERIMENTAL_TERMS_H
#define FRAI_EXPERIMENTAL_TERMS_H

#include "../search.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For frai_writer_options.analyzer: the body consists of terms, separated by spaces, whose
 * positions are 0, 1, 2, ...; queries do too. frai_search ranks by BM25 there, takes
 * FRAI_MATCH_AUTO for FRAI_MATCH_ANY, and neither corrects nor tells what is missing or what work
 * it was; passages mark no matches, and a diagnosis knows no words. */
#define FRAI_ANALYZER_PRETOKENIZED 2u

typedef enum frai_terms_mode {
    FRAI_TERMS_OR = 0,
    FRAI_TERMS_AND,
    FRAI_TERMS_PHRASE,
    FRAI_TERMS_OR_COUNT,
    FRAI_TERMS_AND_COUNT,
    FRAI_TERMS_OR_EXHAUSTIVE, /* the reference evaluators: no pruning */
    FRAI_TERMS_AND_EXHAUSTIVE,
    FRAI_TERMS_OR_TOP_COUNT /* the best of OR, and its exact count */
} frai_terms_mode;

/* Searches for pre-tokenized terms between spaces. OR, AND and counts use the distinct ones; PHRASE
 * keeps all. Finds up to k hits (k may be 0 for the counting and the exhaustive modes); info.total
 * is exact for these modes, else the number of hits. Results and errors as frai_search. */
FRAI_API frai_status frai_search_terms(frai_searcher *searcher, frai_slice terms,
                                       frai_terms_mode mode, uint32_t k,
                                       const frai_results **results, frai_error *err);

#ifdef __cplusplus
}
#endif
#endif
