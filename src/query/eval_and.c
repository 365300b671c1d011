/* The best documents that have all terms: their bounds are summed first, and the documents scored
 * by falling bound until no other can come in. */
#include "query/eval_and.h"

#include "query/eval_or_block_max.h"
#include "query/intersect.h"

/* Documents that all terms have, and what is known of them. */
struct candidates {
    const struct fr_evaluation *e;
    struct fr_collector *collector;
    struct fr_eval_stats *stats;
    const uint32_t *docs;
    size_t n;
    uint32_t *tfs;     /* n of each cursor; those of dense terms where a document is scored */
    float *bounds;     /* no score is above */
    uint32_t *falling; /* indexes of the others, by bound */
};

/* Scores up to FR_BATCH of them, whose indexes are given. */
static void score_batch(struct candidates *x, const uint32_t *indexes, uint32_t n)
{
    const struct fr_evaluation *e = x->e;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    uint32_t docs[FR_BATCH], tfs[FR_BATCH];
    float scores[FR_BATCH] = {0}, k[FR_BATCH];
    for (uint32_t i = 0; i < n; i++) {
        docs[i] = x->docs[indexes[i]];
        k[i] = e->k_of_norm[norms[docs[i]]];
    }
    for (uint32_t t = 0; t < e->count; t++) {
        struct fr_cursor *c = &e->cursors[t];
        for (uint32_t i = 0; i < n; i++) tfs[i] = x->tfs[t * x->n + indexes[i]];
        if (c->postings.is_dense) fr_intersect_dense_tfs(c, docs, n, tfs);
        for (uint32_t i = 0; i < n; i++) scores[i] += fr_bm25(c->weight, tfs[i], k[i]);
    }
    for (uint32_t i = 0; i < n; i++) fr_collector_offer(x->collector, e->base + docs[i], scores[i]);
    x->stats->scored += n;
}

/* Adds what a term may give to each. */
static void add_bounds(struct candidates *x, uint32_t t)
{
    const struct fr_evaluation *e = x->e;
    struct fr_cursor *c = &e->cursors[t];
    const struct fr_dense *d = &c->postings.dense;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    if (!c->postings.is_dense) {
        for (size_t i = 0; i < x->n; i++)
            x->bounds[i] +=
                fr_bm25(c->weight, x->tfs[t * x->n + i], e->k_of_norm[norms[x->docs[i]]]);
        return;
    }
    if (!fr_buf_reserve(&e->scratch->levels, FR_DENSE_LEVEL_BYTES(d->ranges))) return;
    const uint8_t *codes = fr_dense_levels(d, e->scratch->levels.data);
    float level[FR_RANGE_LEVELS];
    for (unsigned i = 0; i < FR_RANGE_LEVELS; i++) level[i] = fr_cursor_bound(c, d->levels[i]);
    for (size_t i = 0; i < x->n; i++) {
        uint32_t range = x->docs[i] / FR_RANGE_DOCS;
        x->bounds[i] += level[codes[range / 2] >> (range % 2 * 4) & 15];
    }
}

#define STEPS 256u

/* Of STEPS equal ones; grows with the bound, whatever the rounding. */
static uint32_t step_of(float bound, float steps)
{
    return (uint32_t)(bound * steps);
}

/* Orders the candidates by falling step of their bounds; returns how many steps there are to a
 * bound of 1. */
static float sort_by_step(struct candidates *x)
{
    uint32_t begin[STEPS + 1] = {0};
    float most = 0;
    for (size_t i = 0; i < x->n; i++) most = x->bounds[i] > most ? x->bounds[i] : most;
    float steps = most > 0 ? (STEPS - 1) / most : 0;
    for (size_t i = 0; i < x->n; i++) begin[STEPS - step_of(x->bounds[i], steps)]++;
    for (uint32_t step = 1; step <= STEPS; step++) begin[step] += begin[step - 1];
    for (size_t i = 0; i < x->n; i++)
        x->falling[begin[STEPS - 1 - step_of(x->bounds[i], steps)]++] = (uint32_t)i;
    return steps;
}

/* Those of the highest bounds first, until no other can come in. Bounds are summed in the order of
 * the scores, of numbers that are no smaller: rounding leaves them above. */
static void score_falling(struct candidates *x)
{
    uint32_t chosen[FR_BATCH], n = 0;
    float steps = sort_by_step(x), least = fr_collector_threshold(x->collector);
    for (size_t i = 0; i < x->n; i++) {
        float bound = x->bounds[x->falling[i]];
        if (!(least * steps < STEPS) || step_of(bound, steps) < step_of(least, steps)) break;
        if (bound < least) continue;
        chosen[n++] = x->falling[i];
        if (n < FR_BATCH) continue;
        score_batch(x, chosen, n);
        least = fr_collector_threshold(x->collector);
        n = 0;
    }
    score_batch(x, chosen, n);
}

static void score_best(const struct fr_evaluation *e, const struct fr_docs *list,
                       struct fr_collector *collector, struct fr_eval_stats *stats)
{
    struct fr_scratch *s = e->scratch;
    struct candidates x = {.e = e, .collector = collector, .stats = stats};
    x.docs = fr_vec_data(list);
    x.n = fr_vec_count(list);
    x.tfs = fr_vec_reserve(&s->tfs, x.n * e->count);
    x.bounds = fr_vec_reserve(&s->scores, x.n);
    x.falling = fr_vec_reserve(&s->picked, x.n);
    if (!x.tfs || !x.bounds || !x.falling) return;
    memset(x.bounds, 0, x.n * sizeof *x.bounds);
    for (uint32_t t = 0; t < e->count; t++) {
        struct fr_cursor *c = &e->cursors[t];
        if (!c->postings.is_dense && !fr_postings_tfs(&c->postings, x.docs, x.n, x.tfs + t * x.n))
            fr_cursor_damaged(c, FR_SECTION_POSTINGS);
        if (x.n > FR_BATCH) add_bounds(&x, t);
        fr_work(e->interrupt, 2ull * x.n);
        if (!c->exists || fr_interrupted(e->interrupt)) return;
    }
    if (x.n > FR_BATCH) {
        score_falling(&x);
        return;
    }
    for (uint32_t i = 0; i < x.n; i++) x.falling[i] = i;
    score_batch(&x, x.falling, (uint32_t)x.n);
}

/* Ranges in which every term has a document, a bit each, in scratch->candidates; NULL: no memory.
 */
static const uint64_t *find_ranges(const struct fr_evaluation *e)
{
    uint32_t words = (fr_range_count(e->seg->stats.docs) + 63) / 64;
    uint64_t *all = fr_vec_reserve(&e->scratch->candidates, 2ull * words);
    if (!all) return NULL;
    uint64_t *mine = all + words;
    memset(all, 0xFF, words * 8ull);
    for (uint32_t t = 0; t < e->count; t++) {
        if (fr_interrupted(e->interrupt)) break;
        fr_cursor_ranges(&e->cursors[t], mine);
        fr_work(e->interrupt, words);
        for (uint32_t i = 0; i < words; i++) all[i] &= mine[i];
    }
    return all;
}

/* All terms are dense: too many documents to walk for the best, so ranges are bounded first. */
static void evaluate_dense(const struct fr_evaluation *e, const uint32_t *order,
                           struct fr_collector *c, struct fr_eval_stats *stats)
{
    if (c->needs_scores) {
        const uint64_t *ranges = find_ranges(e);
        if (ranges) fr_evaluate_and_block_max(e, ranges, c, stats);
    } else {
        fr_intersect_count_dense(e, order, stats);
    }
}

void fr_evaluate_and(const struct fr_evaluation *e, struct fr_collector *c,
                     struct fr_eval_stats *stats)
{
    const uint32_t *order = fr_intersect_order(e);
    if (!order) return;
    if (e->count == 1 && c->needs_scores) {
        fr_evaluate_or_block_max(e, NULL, c, stats);
    } else if (e->count == 1 && fr_accept_all(&e->accept)) {
        stats->matches += e->cursors[order[0]].postings.df;
        stats->method = FRAI_METHOD_FREQUENCY;
    } else if (fr_intersect_is_dense(e, order)) {
        evaluate_dense(e, order, c, stats);
    } else {
        struct fr_docs *docs = &e->scratch->docs;
        fr_intersect(e, order, docs, stats);
        stats->matches += fr_vec_count(docs);
        if (c->needs_scores && fr_intersect_norms(e, docs)) score_best(e, docs, c, stats);
    }
}
