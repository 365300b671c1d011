/* collector.h: receives the documents that match. It tells evaluators which score is still worth
 * finding; the check is inline, so that a hot loop makes no call for a document that is not. */
#ifndef FR_QUERY_COLLECTOR_H
#define FR_QUERY_COLLECTOR_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"

struct fr_scored {
    uint64_t doc;
    float score;
};

static inline bool fr_scored_better(struct fr_scored a, struct fr_scored b)
{
    return (a.score > b.score) | ((a.score == b.score) & (a.doc < b.doc)); /* without a branch */
}

struct fr_collector {
    bool needs_scores;      /* false: matches are only counted, not offered */
    struct fr_scored least; /* what a document has to be better than; it only rises */
    void (*offer)(struct fr_collector *c, uint64_t doc, float score);
};

/* Keeps no document; for counting. */
static inline struct fr_collector fr_count_only(void)
{
    return (struct fr_collector){.least = {0, INFINITY}};
}

/* The score that a document has to reach; if it is equal, the document number decides. */
static inline float fr_collector_threshold(const struct fr_collector *c)
{
    return c->least.score;
}

static inline bool fr_collector_wants(const struct fr_collector *c, uint64_t doc, float score)
{
    return score >= c->least.score && fr_scored_better((struct fr_scored){doc, score}, c->least);
}

/* In any order of documents, each once. */
static inline void fr_collector_offer(struct fr_collector *c, uint64_t doc, float score)
{
    struct fr_scored before = c->least;
    if (!fr_collector_wants(c, doc, score)) return;
    c->offer(c, doc, score);
    FR_ASSERT(!fr_scored_better(before, c->least));
    (void)before;
}

#endif
