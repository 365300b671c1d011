/* scratch.h: arrays that a searcher keeps from query to query, so that most queries allocate
 * nothing. What runs while another runs has arrays of its own: an evaluator that bounds ranges
 * looks at single documents in between. */
#ifndef FR_QUERY_SCRATCH_H
#define FR_QUERY_SCRATCH_H

#include "base/sort.h"
#include "base/vector.h"
#include "segment/postings.h"

FR_VECTOR_TYPE(fr_docs, uint32_t); /* documents of a segment, ascending */

struct fr_range_part; /* range_part.h: a term while ranges are scored */
struct fr_occurrence; /* presence.c: what a document has of a word */

/* Positions [begin, end) of a repeated line in a document. */
struct fr_line_extent {
    uint32_t begin, end;
};

struct fr_scratch {
    /* The evaluator that runs: bounds of ranges of documents, */
    FR_VECTOR(uint16_t) sums, groups, present, alternatives;
    FR_VECTOR(uint32_t) lasts;
    struct fr_buf levels; /* codes of a term, as fr_dense_levels unpacks them */
    FR_VECTOR(struct fr_range_part) parts;
    FR_VECTOR(struct fr_range_part *) part_order;
    FR_VECTOR(uint64_t) masks;
    FR_VECTOR(uint32_t) range_tfs;
    /* documents and what is known of them, */
    struct fr_docs docs;
    FR_VECTOR(uint32_t) tfs, picked, most;
    FR_VECTOR(uint16_t) bounds; /* in units of the evaluator's scale */
    FR_VECTOR(float) scores;
    /* and terms in some order, or how often each is there. */
    FR_VECTOR(uint32_t) order, times;
    /* Windows of documents. */
    FR_VECTOR(uint64_t) rows;
    FR_VECTOR(float) window_scores;
    FR_VECTOR(uint16_t) window_terms;
    FR_VECTOR(uint32_t) syllable_tfs;
    struct fr_buf syllable_lone, flags;
    FR_VECTOR(struct fr_item) log, log_sorted;
    /* Ranges that may hold matches, and which terms' are known. */
    FR_VECTOR(uint64_t) candidates;
    struct fr_buf candidates_known;
    /* The look at one document. */
    struct fr_positions positions, phrase_starts;
    FR_VECTOR(struct fr_occurrence) occurrences;
    FR_VECTOR(struct fr_line_extent) lines;
};

void fr_scratch_init(struct fr_scratch *s, const frai_allocator *mem);
void fr_scratch_deinit(struct fr_scratch *s);

#endif
