/* Terms at consecutive positions: documents that have all of them, then a look at the positions of
 * those that can come in. */
#include "query/eval_phrase.h"

#include <math.h>

#include "query/eval_and.h"
#include "query/intersect.h"

/* How often the sequence stands in the current document of all cursors. */
static uint32_t count_phrase(const struct fr_evaluation *e, const struct fr_sequence *sequence,
                             bool *ok)
{
    struct fr_buf *starts = &e->scratch->starts, *positions = &e->scratch->positions;
    fr_buf_clear(starts);
    *ok = true;
    for (uint32_t i = 0; i < sequence->length; i++) {
        fr_buf_clear(positions);
        if (!fr_cursor_positions(&e->cursors[sequence->terms[i]], i ? positions : starts)) {
            *ok = !starts->failed && !positions->failed;
            return 0;
        }
        if (i == 0) continue;
        uint32_t *s = (uint32_t *)(void *)starts->data;
        const uint32_t *p = (const uint32_t *)(const void *)positions->data;
        size_t kept = 0, n = FR_COUNT(starts, uint32_t), m = FR_COUNT(positions, uint32_t);
        for (size_t a = 0, b = 0; a < n; a++) {
            while (b < m && p[b] < s[a] + i) b++;
            if (b < m && p[b] == s[a] + i) s[kept++] = s[a];
        }
        starts->len = kept * sizeof *s;
        if (kept == 0) return 0;
    }
    return (uint32_t)FR_COUNT(starts, uint32_t);
}

/* A phrase that is looked for in documents that hold its terms. */
struct phrase {
    const struct fr_evaluation *e;
    struct fr_collector *collector;
    struct fr_eval_stats *stats;
    const struct fr_sequence *sequence;
    const uint32_t *order;
    uint32_t *times; /* how often each term stands in the sequence */
    float weight;
    uint32_t verified; /* documents */
    bool memory, stopped;
};

/* How often the document holds the phrase at the most: as its rarest term, less the others of that
 * term that the phrase needs; 0 on damage. Stops where it is below `least`. */
static uint32_t most_often(const struct phrase *p, uint32_t doc, uint32_t least)
{
    uint32_t most = UINT32_MAX;
    for (uint32_t t = 0; t < p->e->count && most >= least; t++) {
        struct fr_cursor *c = &p->e->cursors[p->order[t]];
        if (!fr_cursor_go(c, doc)) return 0;
        uint32_t tf = fr_cursor_tf(c), times = p->times[p->order[t]];
        uint32_t ends = tf >= times ? tf - times + 1 : 0;
        if (ends < most) most = ends;
    }
    return most;
}

static void verify(struct phrase *p, uint32_t doc)
{
    const struct fr_evaluation *e = p->e;
    bool ok;
    if (++p->verified % 64 == 0 && fr_interrupted(e->interrupt)) p->stopped = true;
    if (p->stopped || most_often(p, doc, 1) == 0) return;
    uint32_t tf = count_phrase(e, p->sequence, &ok);
    if (!ok) p->memory = true;
    if (!ok || tf == 0) return;
    p->stats->matches++;
    p->stats->scored++;
    float k = e->k_of_norm[e->seg->sections[FR_SECTION_NORMS].data[doc]];
    fr_collector_offer(p->collector, e->base + doc, fr_bm25(p->weight, tf, k));
}

/* How often a phrase must stand in a document to come in: w tf / (tf + k) >= T, the threshold. T
 * and the score are rounded three times each, the quotient here four times; what T is off by in
 * relation to itself, tf is w / (w - T) times. */
static uint32_t needed(const struct phrase *p, float k)
{
    float threshold = fr_collector_threshold(p->collector);
    if (threshold > p->weight) return UINT32_MAX;
    float off = 12 * 0x1p-24f * (p->weight / (p->weight - threshold));
    float tf = ceilf(threshold * k / (p->weight - threshold) * (1 - off));
    return tf < 1 ? 1 : tf < 1e9f ? (uint32_t)tf : UINT32_MAX;
}

/* Counts, for each range, the dense terms that are in one of its documents often enough for the
 * phrase to come in; *dense: how many those are in all. NULL: no memory. */
static const uint16_t *count_promising(const struct phrase *p, uint16_t *dense)
{
    const struct fr_evaluation *e = p->e;
    struct fr_scratch *s = e->scratch;
    uint32_t ranges = fr_range_count(e->seg->stats.docs);
    size_t bytes = (ranges + 63ull) / 64 * 128;
    if (!fr_buf_reserve(&s->sums, bytes) ||
        !fr_buf_reserve(&s->levels, FR_DENSE_LEVEL_BYTES(ranges)))
        return NULL;
    uint16_t *sums = (uint16_t *)(void *)s->sums.data;
    float least = fr_collector_threshold(p->collector) /
                  p->weight; /* fr_cursor_bound has room for rounding */
    memset(sums, 0, bytes);
    *dense = 0;
    for (uint32_t t = 0; t < e->count; t++) {
        struct fr_cursor *c = &e->cursors[t];
        const struct fr_dense *d = &c->postings.dense;
        uint16_t enough[FR_RANGE_LEVELS];
        if (!c->postings.is_dense) continue;
        for (unsigned i = 0; i < FR_RANGE_LEVELS; i++)
            enough[i] = fr_cursor_bound(c, d->levels[i]) >= least * c->weight;
        const uint8_t *codes = fr_dense_levels(d, s->levels.data);
        e->seg->kernels->add_levels(sums, codes, ranges, enough);
        ++*dense;
    }
    return sums;
}

/* Those of the documents that may hold the phrase twice or more, and whose norm is `from` or more:
 * in order, since cursors like that. */
static bool find_often(struct phrase *p, const uint32_t *docs, size_t n, unsigned from)
{
    const struct fr_evaluation *e = p->e;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    uint16_t dense;
    const uint16_t *promising = count_promising(p, &dense);
    if (!promising) return false;
    for (size_t i = 0; i < n && !p->memory && !p->stopped; i++) {
        uint32_t doc = docs[i];
        if (i % 4096 == 4095 && fr_interrupted(e->interrupt)) break;
        if (norms[doc] < from || promising[doc / FR_RANGE_DOCS] != dense) continue;
        uint32_t least = needed(p, e->k_of_norm[norms[doc]]);
        if (most_often(p, doc, least) >= least) verify(p, doc);
    }
    return !p->memory;
}

/* Most phrases stand once in a document, where its length alone decides: so the shortest documents
 * are looked at first, until even they need the phrase twice. */
static bool find_best(struct phrase *p, const struct fr_buf *docs)
{
    const struct fr_evaluation *e = p->e;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    const uint32_t *list = (const uint32_t *)(const void *)docs->data;
    uint32_t end[257] = {0};
    size_t n = FR_COUNT(docs, uint32_t), once = 0;
    struct fr_buf *sorted = &e->scratch->decoded_tfs;
    if (!fr_buf_reserve(sorted, n * 4)) return false;
    uint32_t *by_norm = (uint32_t *)(void *)sorted->data;
    for (size_t i = 0; i < n; i++) end[norms[list[i]] + 1]++;
    for (unsigned v = 1; v < 257; v++) end[v] += end[v - 1]; /* begins, then ends of a norm's */
    for (size_t i = 0; i < n; i++) by_norm[end[norms[list[i]]]++] = list[i];
    unsigned norm = 0;
    for (; norm < 256 && needed(p, e->k_of_norm[norm]) == 1; norm++)
        for (; once < end[norm] && !p->memory && !p->stopped; once++) verify(p, by_norm[once]);
    return !p->memory && (once == n || find_often(p, list, n, norm));
}

bool fr_evaluate_phrase(const struct fr_evaluation *e, const struct fr_sequence *sequence,
                        struct fr_collector *c, struct fr_eval_stats *stats)
{
    uint32_t *order;
    bool possible;
    if (!fr_intersect_order(e, &order, &possible)) return false;
    if (!possible || sequence->length == 0) return true;
    if (sequence->length == 1) return fr_evaluate_and(e, c, stats);
    struct phrase p = {.e = e, .collector = c, .stats = stats, .sequence = sequence};
    p.order = order;
    if (!fr_buf_reserve(&e->scratch->counts, e->count * sizeof *p.times)) return false;
    p.times = (uint32_t *)(void *)e->scratch->counts.data;
    memset(p.times, 0, e->count * sizeof *p.times);
    for (uint32_t i = 0; i < sequence->length; i++) {
        p.times[sequence->terms[i]]++;
        p.weight += e->cursors[sequence->terms[i]].weight;
    }
    struct fr_buf *docs = &e->scratch->decoded;
    if (!fr_intersect(e, order, docs, stats)) return false;
    if (!fr_intersect_norms(e, docs)) return true;
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    if (c->needs_scores) return find_best(&p, docs);
    for (size_t i = 0; i < FR_COUNT(docs, uint32_t) && !p.memory && !p.stopped; i++)
        verify(&p, FR_AT(docs, uint32_t, i));
    return !p.memory;
}
