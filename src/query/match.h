/* match.h: which documents of a segment a query matches, verified by positions, and their BM25. */
#ifndef FR_QUERY_MATCH_H
#define FR_QUERY_MATCH_H

#include "query/presence.h"

/* A word of one syllable stands for every pair that has the syllable. */
struct fr_syllable {
    struct fr_cursor *cursors; /* the syllable itself (if a term), pairs it begins, pairs it ends */
    uint32_t count, firsts;    /* cursors[0, firsts) are pairs that it begins */
    uint32_t wholes;           /* ... and of these, [0, wholes) the syllable as a word: at most 2 */
    uint32_t latest;           /* the one that began an 어절 in the document looked at last */
    float weight;
};

struct fr_match {
    struct fr_gap_reader *gaps;
    const struct fr_query *query;
    const struct fr_rank_model *model;
    struct fr_tree tree;             /* what a document has to satisfy, of words of the query */
    struct fr_evaluation evaluation; /* cursors: of query->terms, for positions and scores */
    struct fr_collector *collector;
    struct fr_eval_stats stats;
    struct fr_cursor *bit_cursors; /* a second set, for windows of bits */
    struct fr_syllable *syllables; /* of each word; count 0 where it is no lone syllable */
    bool fade_lines;               /* repeated lines add less */
    uint64_t count_limit;          /* matches to count; beyond that only the best are looked for */
    const uint64_t *skip;          /* documents to leave out, ascending; without the base */
    size_t skip_count;
    const struct fr_scored *titled; /* more of them */
    size_t titled_count;
    const uint64_t *candidates; /* ranges that may hold matches, a bit each; NULL: all may */
};

bool fr_match_is_skipped(const struct fr_match *m, uint32_t doc);

/* Counts matches and offers them to the collector. */
void fr_match_segment(struct fr_match *m);

/* Does the tree hold for this one document, from fresh cursors? Then *score, unless NULL, is its
 * BM25, which needs norms that were checked. */
bool fr_match_holds(struct fr_match *m, uint32_t doc, float *score);

/* Sets there[word] of each word in the tree, also of those under a NOT, from fresh cursors. */
void fr_match_each(struct fr_match *m, uint32_t doc, bool *there);

/* BM25 of a document that matches. Documents ascend between rewinds of the cursors. Lone syllables,
 * if m->syllables are open, count as in a document that has them, or what they stand for. */
float fr_match_score(struct fr_match *m, uint32_t doc);

/* Makes that of the BM25 that its terms give, where it has repeated lines. */
void fr_match_fade(struct fr_match *m, uint32_t doc, float *score);

/* Does the tree hold for the document? Without m->syllables it is judged by the terms of its words
 * alone, which can't tell where lone syllables stand. If it does, *seen, which may be NULL, gets a
 * bit for each of the first 64 words that the document has and that are not excluded. Documents
 * ascend between rewinds of the cursors. */
bool fr_match_verify(struct fr_match *m, uint32_t doc, uint64_t *seen);

/* The score of one document that matches. Fills parts with what each term adds, then what each word
 * does. */
float fr_match_explain(struct fr_match *m, uint32_t doc, float *parts);

#endif
