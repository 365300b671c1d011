/* pass.h: one pass of a search over all segments: the best documents that a plan finds, ranked, or
 * how many there are. */
#ifndef FR_QUERY_PASS_H
#define FR_QUERY_PASS_H

#include "query/part.h"

/* Which words occur in some hit, a bit for each of the first 64; not known if every hit has all. */
struct fr_seen {
    uint64_t words;
    bool known;
};

struct fr_pass {
    const struct fr_plan *plan;
    bool any;             /* any of the plan's words is enough */
    uint64_t wanted;      /* hits up to the page's end; more may be kept to be ranked */
    const uint64_t *skip; /* documents to leave out, ascending */
    size_t skip_count;
    /* Out: */
    struct fr_topk top; /* in the searcher's heap, best first */
    bool complete;      /* top has all that match */
    uint32_t ranked;    /* how many of the first ones are ranked by positions too */
    struct fr_seen seen;
    uint64_t total;                         /* added to: matches that were counted */
    uint64_t scored_docs, decoded_postings; /* added to */
};

/* The best documents by BM25, and how many there are; counting may stop at `limit`. */
frai_status fr_pass_best(struct fr_searcher *s, struct fr_pass *pass, uint64_t limit,
                         frai_error *err);

/* Counts matches; may stop once there are `limit`. */
frai_status fr_pass_count(struct fr_searcher *s, struct fr_pass *pass, uint64_t limit,
                          frai_error *err);

/* Best first. */
void fr_pass_sort(struct fr_scored *hits, size_t count);

/* The tree of the plan that the pass evaluates. */
struct fr_tree fr_pass_tree(const struct fr_pass *pass);

/* Visits each hit of a plan, by ascending document, with the part of its segment. */
struct fr_hit_visitor {
    frai_status (*visit)(void *ctx, struct fr_match *m, struct fr_scored *hit, frai_error *err);
    void *ctx;
};
frai_status fr_pass_visit(struct fr_searcher *s, const struct fr_plan *plan, struct fr_scored *hits,
                          size_t count, const struct fr_hit_visitor *visitor, frai_error *err);

/* Documents that were found before, and, unless they are only counted, those that were offered. */
void fr_pass_leave_out(const struct fr_searcher *s, const struct fr_pass *pass, struct fr_match *m,
                       bool only_count);

/* Is nothing excluded, and no word a lone syllable? */
bool fr_pass_is_plain(const struct fr_query *query);

#endif
