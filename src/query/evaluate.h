/* evaluate.h: term-level evaluators over one segment. All of them give the same documents, order
 * and bits of score: a score is the sum, in query order, of floats. (The reference, of terms that
 * were cut before, has no alternatives.)
 *
 * Evaluators have no status. One that meets damage notes it, one whose interrupt fires, also
 * because memory runs out, stops anywhere; fr_part_check (part.h) tells, and then what they gave is
 * not to be used. */
#ifndef FR_QUERY_EVALUATE_H
#define FR_QUERY_EVALUATE_H

#include "frai/explain.h"
#include "query/accept.h"
#include "query/collector.h"
#include "query/cursor.h"
#include "query/interrupt.h"
#include "query/query.h"
#include "query/scratch.h"

/* One segment's part of a query of distinct terms. */
struct fr_evaluation {
    const struct fr_segment *seg;
    struct fr_cursor *cursors;      /* in query order */
    const struct fr_summand *order; /* all of them; NULL: as they are, without alternatives */
    uint32_t count;
    const float *k_of_norm;  /* 256: K of BM25 with the snapshot's average length */
    uint64_t base;           /* first document number of the segment */
    struct fr_accept accept; /* no other documents match */
    struct fr_scratch *scratch;
    struct fr_interrupt *interrupt;
    struct fr_damage *damage;
};

static inline struct fr_summand fr_evaluation_summand(const struct fr_evaluation *e, uint32_t i)
{
    return e->order ? e->order[i] : (struct fr_summand){i, FR_NO_QUERY_TERM, true};
}

/* What an evaluator did; numbers are added to. */
struct fr_eval_stats {
    uint64_t matches;         /* counted, by evaluators that count */
    uint64_t scored, decoded; /* documents, postings: the work, for --explain */
    frai_method method;
};

/* What a document has to satisfy besides having the terms. It gets what may come in, and offers
 * what does to the collector. */
struct fr_verifier {
    void *ctx;
    const uint64_t *ranges; /* ranges that may hold matches, a bit each; NULL: all */
    /* Of a range, the documents that are worth verifying, given those that have each term. It may
     * keep too many. */
    uint64_t (*prefilter)(void *ctx, uint32_t range, const uint64_t *masks);
    /* What a score may be more than its terms', and in which documents of a range. */
    float more;
    uint64_t (*has_more)(void *ctx, const uint64_t *masks);
    void (*take)(void *ctx, uint32_t doc, float most); /* it has no higher score */
    /* Offers some of what it was given so far; at the last, all that still comes in. */
    void (*settle)(void *ctx, bool last);
};

/* Are the norms of all documents as they were written? Notes it if not. */
static inline bool fr_evaluation_check_norms(const struct fr_evaluation *e)
{
    const struct fr_section *norms = &e->seg->sections[FR_SECTION_NORMS];
    if (fr_segment_verify_range(e->seg, norms->data, norms->len)) return true;
    fr_damage_note(e->damage, FR_SECTION_NORMS);
    return false;
}

/* May any document of the block pass the filter? The term isn't dense. */
static inline bool fr_evaluation_wants(const struct fr_evaluation *e, const struct fr_postings *p,
                                       uint32_t block)
{
    uint32_t docs = e->seg->stats.docs, last = fr_postings_last(p, block);
    if (!e->accept.filter) return true;
    return fr_accept_any(&e->accept, fr_postings_after(p, block), last < docs ? last : docs - 1);
}

#endif
