/* match.h: word-level matching: which documents have the words of a query, verified by positions,
 * and their BM25. */
#ifndef FR_QUERY_MATCH_H
#define FR_QUERY_MATCH_H

#include "query/evaluate.h"
#include "query/parse.h"

/* A lone syllable stands for every pair that it is part of. */
struct fr_syllable {
    struct fr_cursor *cursors; /* the syllable itself (if a term), pairs it begins, pairs it ends */
    uint32_t count, firsts; /* cursors[0, firsts) are pairs it begins; the lone one may be at 0 */
    bool lone;              /* cursors[0] is the syllable by itself */
    float weight;
};

struct fr_match {
    const struct fr_query *query;
    struct fr_evaluation evaluation; /* cursors: of query->terms, for positions and scores */
    struct fr_cursor *bit_cursors;   /* a second set, for windows of bits */
    struct fr_syllable *syllables;   /* one for each word; count 0 where it is no lone syllable */
    bool any;                        /* one word is enough */
    bool fade_lines;                 /* repeated lines add a tenth */
    uint64_t count_limit;            /* matches to count; more are only looked at for the top */
    const uint64_t *skip;            /* documents not wanted, ascending, without evaluation.base */
    size_t skip_count;
};

/* Counts matches and offers them to evaluation.top. False: out of memory. */
bool fr_match_segment(struct fr_match *m);

/* Has the document a word of the query that is no lone syllable, and no excluded one? Adds to *seen
 * (a bit for each of the first 64) words that it has. Documents ascend between rewinds of the
 * cursors. */
bool fr_match_has_any(struct fr_match *m, uint32_t doc, uint64_t *seen, bool *memory);

/* A whole word beats one that starts an 어절, that one beats one inside: times the weight. */
#define FR_SYLLABLE_WHOLE 2.0f
#define FR_SYLLABLE_START 1.0f

/* Score of one document that matches; parts (one for each term, then one for each word) gets what
 * each adds, if not NULL. */
bool fr_match_explain(struct fr_match *m, uint32_t doc, float *parts, float *score);

#endif
