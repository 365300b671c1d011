/* Terms at consecutive positions: documents that have all of them, then a look at the positions of
 * those that can come in. */
#include "query/eval_phrase.h"

#include <math.h>

#include "base/lower_bound.h"
#include "query/eval_and.h"
#include "query/intersect.h"
#include "query/range_rounds.h"
#include "query/topk.h"

/* A phrase that is looked for in documents that hold its terms. */
struct phrase {
    const struct fr_evaluation *e;
    struct fr_collector *collector;
    struct fr_eval_stats *stats;
    const struct fr_sequence *sequence;
    const uint32_t *order; /* of terms, rarest first */
    uint32_t *times;       /* how often each term stands in the sequence */
    uint32_t *slots;       /* places of the sequence, rarest term first, then what rules out most */
    float weight;
    uint32_t verified; /* documents */
    bool stopped;      /* canceled, or out of memory */
};

/* The score that a document has to reach; 0 if all are counted. */
static float threshold_of(const struct phrase *p)
{
    return p->collector->needs_scores ? fr_collector_threshold(p->collector) : 0;
}

/* Can a document in which the phrase stands so often at the most come in? fr_bm25 rounds three
 * times: more never scores less by as much as the factor. */
static bool may_come_in(const struct phrase *p, uint32_t most, float k)
{
    return most > 0 && fr_bm25(p->weight, most, k) * 1.00001f >= threshold_of(p);
}

/* How often the phrase stands at the most where one of its terms has that tf: it needs the term's
 * others too. */
static uint32_t most_of(const struct phrase *p, uint32_t term, uint32_t tf)
{
    return tf >= p->times[term] ? tf - p->times[term] + 1 : 0;
}

/* Lists that are so much longer than the other are searched. */
#define SEARCH_RATIO 64u

/* The positions of a list, with room for what kernels write and read behind them; NULL: no memory.
 */
static uint32_t *unpack(const struct phrase *p, const struct fr_position_list *list,
                        struct fr_positions *room)
{
    uint32_t *out = fr_vec_reserve(room, list->count + (size_t)FR_COMMON + 8);
    if (out && list->decoded) {
        memcpy(out, list->decoded, list->count * sizeof *out);
    } else if (out) {
        p->e->seg->kernels.codec.unpack(list->bits + list->first / 8, list->first % 8, out,
                                        list->count, list->width);
    }
    return out;
}

/* Keeps of n positions those that, `step` further, are in the list. */
static uint32_t keep_followed(struct phrase *p, const struct fr_position_list *list, uint32_t step,
                              uint32_t *positions, uint32_t n)
{
    uint32_t kept = 0, at = 0;
    bool search = list->count / SEARCH_RATIO >= n;
    for (uint32_t i = 0; i < n; i++) positions[i] += step;
    if (list->count == 1) {
        for (uint32_t i = 0; i < n; i++) kept += positions[i] == *list->decoded;
        positions[0] = *list->decoded;
        return kept;
    }
    if (!search) {
        uint32_t *others =
            list->decoded ? list->decoded : unpack(p, list, &p->e->scratch->positions);
        if (!others) return 0;
        if (list->count >= FR_ASCENDING_BUCKETS || !list->decoded)
            for (uint32_t k = 0; k < FR_COMMON; k++) others[list->count + k] = UINT32_MAX;
        return p->e->seg->kernels.scan.keep_common(positions, n, others, positions);
    }
    for (uint32_t i = 0; i < n && at < list->count; i++) {
        uint32_t wanted = positions[i];
        FR_LOWER_BOUND(uint32_t, at, list->count, k, fr_position_at(list, k) < wanted);
        positions[kept] = wanted;
        kept += at < list->count && fr_position_at(list, at) == wanted;
    }
    return kept;
}

/* Puts the places of the sequence in the order of their terms. */
static void order_slots(const struct phrase *p)
{
    uint32_t n = 0;
    for (uint32_t t = 0; t < p->e->count; t++)
        for (uint32_t i = 0; i < p->sequence->length; i++)
            if (p->sequence->terms[i] == p->order[t]) p->slots[n++] = i;
}

/* The place that ruled out a document is looked at second from now on: of neighbours that mostly
 * stand together, as in one word, the others tell little. */
static void look_earlier(struct phrase *p, uint32_t i)
{
    uint32_t slot = p->slots[i];
    for (; i > 1; i--) p->slots[i] = p->slots[i - 1];
    p->slots[1] = slot;
}

/* How often the sequence stands in a document that all terms have; 0 if it can't come in. The
 * rarest terms are looked at first, until one rules it out. */
static uint32_t count_phrase(struct phrase *p, uint32_t doc, float k)
{
    const struct fr_evaluation *e = p->e;
    uint32_t n = 0, most = UINT32_MAX, *positions = NULL;
    for (uint32_t i = 0; i < p->sequence->length; i++) {
        uint32_t slot = p->slots[i], term = p->sequence->terms[slot];
        struct fr_cursor *c = &e->cursors[term];
        struct fr_position_list list;
        if (!fr_cursor_go(c, doc)) return 0; /* damaged */
        uint32_t tf = fr_cursor_tf(c), its = most_of(p, term, tf);
        fr_work(e->interrupt, FR_WORK_SEEK + (i ? n : tf));
        if (its < most) most = its;
        if (!may_come_in(p, most, k)) return 0;
        if (!fr_cursor_position_list(c, &list)) return 0; /* damaged */
        if (i > 0) {
            n = keep_followed(p, &list, slot - p->slots[i - 1], positions, n);
        } else {
            positions = unpack(p, &list, &e->scratch->phrase_starts);
            if (!positions) return 0;
            for (n = list.count; n && *positions < slot; n--) positions++;
        }
        if (n < most) most = n;
        if (may_come_in(p, most, k)) continue;
        if (i > 1) look_earlier(p, i);
        return 0;
    }
    return n;
}

static void verify(struct phrase *p, uint32_t doc)
{
    const struct fr_evaluation *e = p->e;
    if (++p->verified % 64 == 0 && fr_interrupted(e->interrupt)) p->stopped = true;
    if (p->stopped) return;
    float k = e->k_of_norm[e->seg->sections[FR_SECTION_NORMS].data[doc]];
    uint32_t tf = count_phrase(p, doc, k);
    if (e->scratch->phrase_starts.buf.failed || e->scratch->positions.buf.failed) p->stopped = true;
    if (tf == 0 || p->stopped) return;
    p->stats->matches++;
    p->stats->scored++;
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
    size_t padded = (ranges + 63ull) / 64 * 64;
    uint16_t *sums = fr_vec_reserve(&s->sums, padded);
    if (!sums || !fr_buf_reserve(&s->levels, FR_DENSE_LEVEL_BYTES(ranges))) return NULL;
    float least = fr_collector_threshold(p->collector) /
                  p->weight; /* fr_cursor_bound has room for rounding */
    memset(sums, 0, padded * sizeof *sums);
    *dense = 0;
    for (uint32_t t = 0; t < e->count; t++) {
        struct fr_cursor *c = &e->cursors[t];
        const struct fr_dense *d = &c->postings.dense;
        uint16_t enough[FR_RANGE_LEVELS];
        if (!c->postings.is_dense) continue;
        for (unsigned i = 0; i < FR_RANGE_LEVELS; i++)
            enough[i] = fr_cursor_bound(c, d->levels[i]) >= least * c->weight;
        const uint8_t *codes = fr_dense_levels(d, s->levels.data);
        e->seg->kernels.scan.add_levels(sums, codes, ranges, enough);
        ++*dense;
    }
    return sums;
}

/* Documents whose bounds are best: looking at them first raises the threshold for the others. */
#define FIRST_LOOK 32u

/* Verifies documents of the list, which ascends, that have a bound; then they have none. */
static void verify_first(struct phrase *p, const uint32_t *docs, uint32_t *most, size_t n)
{
    const struct fr_evaluation *e = p->e;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    struct fr_scored best[FIRST_LOOK];
    struct fr_topk top;
    fr_topk_init(&top, best, FIRST_LOOK);
    for (size_t i = 0; i < n; i++)
        if (most[i] > 0)
            fr_collector_offer(&top.collector, i,
                               fr_bm25(p->weight, most[i], e->k_of_norm[norms[docs[i]]]));
    for (uint32_t i = 0; i < top.count; i++) {
        size_t at = best[i].doc;
        if (most[at] >= needed(p, e->k_of_norm[norms[docs[at]]])) verify(p, docs[at]);
        most[at] = 0;
    }
}

/* Bounds of the frequency of the phrase in n documents, which ascend: those that may come in are
 * kept in docs and most; returns how many. A term that few documents have is looked at before the
 * others. */
static size_t bound_documents(struct phrase *p, uint32_t *docs, uint32_t *most, uint32_t *tfs,
                              size_t n)
{
    const struct fr_evaluation *e = p->e;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    uint32_t least[256];
    for (unsigned norm = 0; norm < 256; norm++) least[norm] = needed(p, e->k_of_norm[norm]);
    for (size_t i = 0; i < n; i++) most[i] = UINT32_MAX;
    for (uint32_t t = 0; t < e->count && n && !fr_interrupted(e->interrupt); t++) {
        struct fr_cursor *c = &e->cursors[p->order[t]];
        uint32_t others = p->times[p->order[t]] - 1;
        size_t kept = 0;
        fr_intersect_tfs(c, docs, n, tfs);
        fr_work(e->interrupt, 2ull * n);
        if (!c->exists) return 0;
        for (size_t i = 0; i < n; i++) {
            uint32_t doc = docs[i], its = tfs[i] > others ? tfs[i] - others : 0;
            if (most[i] < its) its = most[i];
            docs[kept] = doc;
            most[kept] = its;
            kept += its >= least[norms[doc]];
        }
        n = kept;
    }
    return n;
}

/* Those of the documents whose norm is `from` or more. */
static void find_often(struct phrase *p, const uint32_t *list, size_t n, unsigned from)
{
    const struct fr_evaluation *e = p->e;
    struct fr_scratch *s = e->scratch;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    uint16_t dense = 0;
    const uint16_t *promising = count_promising(p, &dense);
    uint32_t *docs = fr_vec_reserve(&s->picked, n), *most = fr_vec_reserve(&s->most, n);
    uint32_t *tfs = fr_vec_reserve(&s->tfs, n);
    if (!promising || !docs || !most || !tfs) return;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        docs[kept] = list[i];
        kept += norms[list[i]] >= from && promising[list[i] / FR_RANGE_DOCS] == dense;
    }
    n = bound_documents(p, docs, most, tfs, kept);
    verify_first(p, docs, most, n);
    for (size_t i = 0; i < n && !p->stopped; i++)
        if (most[i] > 0 && most[i] >= needed(p, e->k_of_norm[norms[docs[i]]])) verify(p, docs[i]);
}

/* From so many documents on that were looked at in vain, frequencies are read before positions. */
#define SHORTEST_FIRST 64u

/* Most phrases stand once in a document, where its length alone decides: so the shortest documents
 * are looked at first, until even they need the phrase twice. If few of these have it, others are
 * looked at as they come: there is nothing that a bound could be held against. Of the rest, whose
 * lengths tell less, the frequencies of the terms bound that of the phrase. */
static void find_best(struct phrase *p, const struct fr_docs *docs)
{
    const struct fr_evaluation *e = p->e;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    const uint32_t *list = fr_vec_data(docs);
    uint32_t end[257] = {0};
    size_t n = fr_vec_count(docs), once = 0;
    if (n <= SHORTEST_FIRST) { /* nothing to choose from */
        for (; once < n && !p->stopped; once++) verify(p, list[once]);
        return;
    }
    uint32_t *by_norm = fr_vec_reserve(&e->scratch->picked, n);
    if (!by_norm) return;
    for (size_t i = 0; i < n; i++) end[norms[list[i]] + 1]++;
    for (unsigned v = 1; v < 257; v++) end[v] += end[v - 1]; /* begins, then ends of a norm's */
    for (size_t i = 0; i < n; i++) by_norm[end[norms[list[i]]]++] = list[i];
    unsigned norm = 0;
    for (; norm < 256 && once < SHORTEST_FIRST && needed(p, e->k_of_norm[norm]) == 1; norm++)
        for (; once < end[norm] && !p->stopped; once++) verify(p, by_norm[once]);
    size_t at = 0;
    for (; at < n && !(threshold_of(p) > 0) && !p->stopped; at++)
        if (norms[list[at]] >= norm) verify(p, list[at]);
    if (!p->stopped && at < n) find_often(p, list + at, n - at, norm);
}

/* Of so many terms, the rarest, frequencies are read before positions. */
#define BOUNDED_BY 2u

/* Looks at those documents of the range, which have all terms, that may come in. All terms are
 * dense. */
static void visit_range(struct phrase *p, uint32_t range, uint64_t docs)
{
    const struct fr_evaluation *e = p->e;
    uint32_t first = range * FR_RANGE_DOCS, most[FR_RANGE_DOCS];
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data + first;
    bool bounded = threshold_of(p) > 0;
    memset(most, 0xFF, sizeof most);
    for (uint32_t t = 0; t < BOUNDED_BY && t < e->count && bounded && docs; t++) {
        struct fr_cursor *c = &e->cursors[p->order[t]];
        if (!fr_cursor_go(c, first + (uint32_t)__builtin_ctzll(docs))) return; /* damaged */
        fr_cursor_load_tfs(c);
        for (uint64_t left = docs; left; left &= left - 1) {
            unsigned i = (unsigned)__builtin_ctzll(left);
            uint32_t its = most_of(p, p->order[t], c->tfs[i]);
            if (its < most[i]) most[i] = its;
            if (!may_come_in(p, most[i], e->k_of_norm[norms[i]])) docs ^= 1ull << i;
        }
    }
    for (; docs && !p->stopped; docs &= docs - 1) {
        unsigned i = (unsigned)__builtin_ctzll(docs);
        if (may_come_in(p, most[i], e->k_of_norm[norms[i]])) verify(p, first + i);
    }
}

/* Units of bounds: of a score that is `weight`. */
#define UNITS 65000.0f

static uint16_t units_below(float share)
{
    return (uint16_t)((share < 1 ? share : 1) * UNITS);
}

static uint16_t units_above(float share)
{
    return share > 0 ? (uint16_t)(units_below(share) + 2) : 0;
}

/* Bounds of the ranges that have a document with all terms, in units, by the term that bounds each
 * most; NULL: no memory. */
static const uint16_t *bound_ranges(const struct phrase *p, const uint64_t *rows, uint32_t groups)
{
    const struct fr_evaluation *e = p->e;
    struct fr_scratch *s = e->scratch;
    uint32_t ranges = fr_range_count(e->seg->stats.docs);
    uint16_t *bounds = fr_vec_reserve(&s->sums, groups * FR_PICK);
    if (!bounds || !fr_buf_reserve(&s->levels, FR_DENSE_LEVEL_BYTES(ranges))) return NULL;
    memset(bounds, 0xFF, ranges * sizeof *bounds);
    for (uint32_t t = 0; t < e->count; t++) {
        const struct fr_cursor *c = &e->cursors[t];
        const struct fr_dense *d = &c->postings.dense;
        uint16_t level[FR_RANGE_LEVELS];
        for (unsigned i = 0; i < FR_RANGE_LEVELS; i++)
            level[i] = units_above(fr_cursor_bound(c, d->levels[i]) / c->weight);
        e->seg->kernels.scan.min_levels(bounds, fr_dense_levels(d, s->levels.data), ranges, level);
    }
    memset(bounds + ranges, 0, (groups * FR_PICK - ranges) * sizeof *bounds);
    for (uint32_t r = 0; r < ranges; r++) bounds[r] = rows[r] ? bounds[r] : 0;
    return bounds;
}

#define FIRST_ROUND 4u

/* The ranges with the highest bounds first: what they hold keeps the others from being looked at.
 */
static void find_in_ranges(struct phrase *p)
{
    const struct fr_evaluation *e = p->e;
    struct fr_scratch *s = e->scratch;
    const uint64_t *rows = fr_intersect_rows(e, p->order, p->stats);
    uint32_t groups = fr_range_groups(fr_range_count(e->seg->stats.docs));
    struct fr_range_rounds rounds = {.kernels = &e->seg->kernels.scan, .group_count = groups};
    rounds.groups = fr_vec_reserve(&s->groups, groups);
    if (!rows || !rounds.groups || !(rounds.bounds = bound_ranges(p, rows, groups))) return;
    fr_range_rounds_begin(&rounds);
    for (uint32_t want = FIRST_ROUND; !p->stopped; want *= 3) {
        float share = threshold_of(p) / p->weight * .99999f;
        uint16_t least = units_below(share);
        if (!fr_range_rounds_next(&rounds, least ? least : 1, want, s)) return;
        const uint32_t *picked = fr_vec_data(&s->picked);
        for (size_t i = 0; i < fr_vec_count(&s->picked) && !p->stopped; i++)
            visit_range(p, picked[i], rows[picked[i]]);
    }
}

void fr_evaluate_phrase(const struct fr_evaluation *e, const struct fr_sequence *sequence,
                        struct fr_collector *c, struct fr_eval_stats *stats)
{
    const uint32_t *order = fr_intersect_order(e);
    if (!order || sequence->length == 0) return;
    if (sequence->length == 1) {
        fr_evaluate_and(e, c, stats);
        return;
    }
    struct phrase p = {.e = e, .collector = c, .stats = stats, .sequence = sequence};
    p.order = order;
    p.times = fr_vec_reserve(&e->scratch->times, (size_t)e->count + sequence->length);
    if (!p.times) return;
    p.slots = p.times + e->count;
    order_slots(&p);
    memset(p.times, 0, e->count * sizeof *p.times);
    for (uint32_t i = 0; i < sequence->length; i++) {
        p.times[sequence->terms[i]]++;
        p.weight += e->cursors[sequence->terms[i]].weight;
    }
    if (fr_intersect_is_dense(e, order)) {
        for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
        if (fr_evaluation_check_norms(e)) find_in_ranges(&p);
        return;
    }
    struct fr_docs *docs = &e->scratch->docs;
    fr_intersect(e, order, docs, stats);
    if (!fr_intersect_norms(e, docs)) return;
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    if (c->needs_scores) find_best(&p, docs);
    for (size_t i = 0; i < fr_vec_count(docs) && !c->needs_scores && !p.stopped; i++)
        verify(&p, fr_vec_at(docs, i));
}
