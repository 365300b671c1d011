/* The best documents that have all terms: their bounds are summed first, and the documents scored
 * by falling bound until no other can come in. */
#include "query/eval_and.h"

#include "query/eval_or_block_max.h"
#include "query/intersect.h"

/* Documents that all sparse terms have, and what is known of them. */
struct candidates {
    const struct fr_evaluation *e;
    const uint32_t *order;
    struct fr_collector *collector;
    struct fr_eval_stats *stats;
    uint32_t *docs;
    size_t n, room;
    uint32_t *tfs;     /* room of each cursor; those of dense terms where a document is looked at */
    float *bounds;     /* no score is above */
    uint32_t *falling; /* indexes of the others, by bound */
};

/* Keeps those of up to FR_BATCH documents, whose indexes are given, that have a dense term, and
 * reads how often; returns how many. */
static uint32_t keep_members(struct candidates *x, uint32_t t, uint32_t *indexes, uint32_t n)
{
    uint32_t docs[FR_BATCH], tfs[FR_BATCH] = {0}, kept = 0;
    for (uint32_t i = 0; i < n; i++) docs[i] = x->docs[indexes[i]];
    fr_intersect_dense_tfs(&x->e->cursors[t], docs, n, tfs);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t index = indexes[i];
        x->tfs[t * x->room + index] = tfs[i];
        indexes[kept] = index;
        kept += tfs[i] > 0;
    }
    return kept;
}

/* Scores those of up to FR_BATCH documents, whose indexes are given, that have all terms. */
static void score_batch(struct candidates *x, uint32_t *indexes, uint32_t n)
{
    const struct fr_evaluation *e = x->e;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    float scores[FR_BATCH] = {0}, k[FR_BATCH];
    fr_work(e->interrupt, (uint64_t)n * e->count * 2);
    for (uint32_t i = 0; i < e->count && n; i++)
        if (e->cursors[x->order[i]].postings.is_dense) n = keep_members(x, x->order[i], indexes, n);
    for (uint32_t i = 0; i < n; i++) k[i] = e->k_of_norm[norms[x->docs[indexes[i]]]];
    for (uint32_t t = 0; t < e->count; t++)
        for (uint32_t i = 0; i < n; i++)
            scores[i] += fr_bm25(e->cursors[t].weight, x->tfs[t * x->room + indexes[i]], k[i]);
    for (uint32_t i = 0; i < n; i++)
        fr_collector_offer(x->collector, e->base + x->docs[indexes[i]], scores[i]);
    x->stats->scored += n;
}

/* Of fewer documents, bounds of ranges aren't worth reading. */
#define LEVELS_LEAST 256u

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
                fr_bm25(c->weight, x->tfs[t * x->room + i], e->k_of_norm[norms[x->docs[i]]]);
        return;
    }
    if (x->n < LEVELS_LEAST && !d->coded) {
        for (size_t i = 0; i < x->n; i++) x->bounds[i] += c->max_score;
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
    for (size_t i = 0; i < x->n && !fr_interrupted(x->e->interrupt); i++) {
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

static void score_best(const struct fr_evaluation *e, const uint32_t *order,
                       const struct fr_docs *list, struct fr_collector *collector,
                       struct fr_eval_stats *stats)
{
    struct fr_scratch *s = e->scratch;
    struct candidates x = {.e = e, .order = order, .collector = collector, .stats = stats};
    x.docs = fr_vec_data(list);
    x.n = x.room = fr_vec_count(list);
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

/* Of so many candidates a sample is looked at, and if so many of it have all terms, documents are
 * looked at in the order of their bounds before all are known. */
#define SAMPLED_LEAST 256u
#define SAMPLE_LEAST  4u

/* Is it likely that many of the documents that all sparse terms have have the others too? */
static bool are_many(const struct fr_evaluation *e, const uint32_t *order,
                     const struct fr_docs *list)
{
    uint32_t docs[FR_BATCH], tfs[FR_BATCH] = {0}, n = FR_BATCH;
    size_t count = fr_vec_count(list);
    if (count < SAMPLED_LEAST) return false;
    for (uint32_t i = 0; i < n; i++) docs[i] = fr_vec_at(list, count / FR_BATCH * i);
    for (uint32_t t = 0; t < e->count && n >= SAMPLE_LEAST; t++) {
        uint32_t kept = 0;
        if (!e->cursors[order[t]].postings.is_dense) continue;
        fr_intersect_dense_tfs(&e->cursors[order[t]], docs, n, tfs);
        for (uint32_t i = 0; i < n; i++) {
            docs[kept] = docs[i];
            kept += tfs[i] > 0;
        }
        n = kept;
    }
    return n >= SAMPLE_LEAST;
}

/* The lead is sparse. */
static void find_best(const struct fr_evaluation *e, const uint32_t *order, struct fr_collector *c,
                      struct fr_eval_stats *stats)
{
    struct fr_docs *docs = &e->scratch->docs;
    fr_intersect_sparse(e, order, docs, stats);
    if (!are_many(e, order, docs)) fr_intersect_dense(e, order, docs);
    if (fr_intersect_norms(e, docs)) score_best(e, order, docs, c, stats);
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
    } else if (c->needs_scores) {
        find_best(e, order, c, stats);
    } else {
        fr_intersect(e, order, &e->scratch->docs, stats);
        stats->matches += fr_vec_count(&e->scratch->docs);
    }
}
