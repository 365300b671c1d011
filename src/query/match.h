/* match.h: word-level matching: which documents have the words of a query, verified by positions,
 * and their BM25. */
#ifndef FR_QUERY_MATCH_H
#define FR_QUERY_MATCH_H

#include "query/evaluate.h"
#include "query/query.h"

/* A lone syllable stands for every pair that it is part of. */
struct fr_syllable {
    struct fr_cursor *cursors; /* the syllable itself (if a term), pairs it begins, pairs it ends */
    uint32_t count, firsts; /* cursors[0, firsts) are pairs it begins; the lone one may be at 0 */
    bool lone;              /* cursors[0] is the syllable by itself */
    float weight;
};

struct fr_searcher;

#define FR_ALL_WORDS UINT32_MAX
struct fr_match {
    struct fr_searcher *searcher; /* reads documents where positions alone don't tell */
    const struct fr_query *query;
    const struct fr_rank_model *model;
    struct fr_evaluation evaluation; /* cursors: of query->terms, for positions and scores */
    struct fr_collector *collector;
    struct fr_eval_stats stats;
    struct fr_cursor *bit_cursors;     /* a second set, for windows of bits */
    struct fr_syllable *syllables;     /* one for each word; count 0 where it is no lone syllable */
    bool any;                          /* one word is enough */
    uint32_t only;                     /* of the words, only this is looked for, besides excluded
                                          ones; or FR_ALL_WORDS */
    const struct fr_query_word *whole; /* the query's only word, a lone syllable, with only what the
                                          text has of it: found where it is a whole word; or NULL */
    bool fade_lines;                   /* repeated lines add a tenth */
    uint64_t count_limit;              /* matches to count; more are only looked at for the top */
    const uint64_t *skip; /* documents not wanted, ascending, without evaluation.base */
    size_t skip_count;
    const uint64_t *live; /* ranges that may hold matches (a bit each), or NULL */
};

/* Where matches may be, ranges of 64 documents at a time; in evaluation.scratch. */
struct fr_candidates {
    struct fr_match *m;
    uint32_t words;   /* of 64 ranges each, whole windows of documents */
    uint64_t *ranges; /* a bit each: fr_candidates_find */
    uint64_t *terms, *clause, *word;
    uint8_t *known; /* terms whose bits are there */
};
bool fr_candidates_init(struct fr_candidates *l, struct fr_match *m); /* false: out of memory */

/* Fills l->ranges. False: there are none. */
bool fr_candidates_find(struct fr_candidates *l);

/* Documents of a range (a bit each) that may match, when masks[t] are those that have scored term
 * t.
 */
uint64_t fr_candidates_in_range(struct fr_candidates *l, uint32_t range, const uint64_t *masks);

/* Is word i looked for, not excluded? */
static inline bool fr_match_wants(const struct fr_match *m, uint32_t i)
{
    return !FR_AT(&m->query->words, struct fr_query_word, i).negative &&
           (m->only == FR_ALL_WORDS || m->only == i);
}

/* How many of its first syllables make the word. */
uint32_t fr_match_syllables_needed(const struct fr_match *m, const struct fr_query_word *word);

/* presence.c: has the document the word, no lone syllable? Documents ascend between rewinds of the
 * cursors. *memory is set where memory ran out. */
bool fr_match_word(struct fr_match *m, const struct fr_query_word *word, uint32_t doc,
                   bool *memory);

/* gaps.c: does the text of a document in which a phrase's positions agree have its gaps? Without
 * stored text: true. */
bool fr_gaps_hold(struct fr_match *m, const struct fr_query_word *phrase, uint32_t doc,
                  bool *memory);

bool fr_match_is_skipped(const struct fr_match *m, uint32_t doc);

/* Counts matches and offers them to the collector. False: out of memory. */
bool fr_match_segment(struct fr_match *m);

/* Has this one document, from fresh cursors, all words as a search wants them? */
bool fr_match_holds(struct fr_match *m, uint32_t doc, bool *memory);

/* Which of its words, excluded ones too, this one document has, from fresh cursors: as above, each
 * for itself. there: of each word. */
void fr_match_each(struct fr_match *m, uint32_t doc, bool *there, bool *memory);

/* BM25 of a document, lone syllables left out. Documents ascend between rewinds of the cursors. */
float fr_match_score(struct fr_match *m, uint32_t doc);

/* Has the document every word, none of them a lone syllable, and no excluded one? Documents ascend
 * between rewinds of the cursors. */
bool fr_match_has_all(struct fr_match *m, uint32_t doc, bool *memory);

/* Has the document a word of the query that is no lone syllable, and no excluded one? Adds to *seen
 * (a bit for each of the first 64) words that it has. Documents ascend between rewinds of the
 * cursors. */
bool fr_match_has_any(struct fr_match *m, uint32_t doc, uint64_t *seen, bool *memory);

/* Score of one document that matches; parts (one for each term, then one for each word) gets what
 * each adds, if not NULL. */
bool fr_match_explain(struct fr_match *m, uint32_t doc, float *parts, float *score);

#endif
