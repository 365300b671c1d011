/* Terms at consecutive positions: documents that have all of them, then a look at the positions of
 * those that can come in. */
#include "query/eval_phrase.h"

#include <math.h>

#include "base/lower_bound.h"
#include "query/eval_and.h"
#include "query/intersect.h"
#include "query/topk.h"

/* A phrase that is looked for in documents that hold its terms. */
struct phrase {
    const struct fr_evaluation *e;
    struct fr_collector *collector;
    struct fr_eval_stats *stats;
    const struct fr_sequence *sequence;
    const uint32_t *order;
    uint32_t *times; /* how often each term stands in the sequence */
    uint32_t *tf;    /* of each term in the document that is looked at */
    uint32_t *slots; /* places of the sequence, by tf of their terms: the rarest decides */
    float weight;
    uint32_t verified; /* documents */
    bool stopped;      /* canceled, or out of memory */
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
        p->tf[p->order[t]] = tf;
        uint32_t ends = tf >= times ? tf - times + 1 : 0;
        if (ends < most) most = ends;
    }
    return most;
}

/* Lists this many times longer than the other are searched, shorter ones are walked. */
#define SEARCH_RATIO 8u

/* Keeps of n places where the phrase may begin those whose position `slot` is in the list. */
static uint32_t keep_starts(const struct fr_position_list *list, uint32_t slot, uint32_t *starts,
                            uint32_t n)
{
    uint32_t kept = 0, at = 0, position = fr_position_at(list, 0);
    bool search = list->count / SEARCH_RATIO >= n;
    for (uint32_t i = 0; i < n && at < list->count; i++) {
        uint32_t wanted = starts[i] + slot;
        if (search) {
            FR_LOWER_BOUND(uint32_t, at, list->count, k, fr_position_at(list, k) < wanted);
            if (at < list->count) position = fr_position_at(list, at);
        } else {
            while (position < wanted && ++at < list->count) position = fr_position_at(list, at);
        }
        starts[kept] = starts[i];
        kept += position == wanted;
    }
    return kept;
}

/* Orders the places of the sequence by how often their terms are in the document. */
static void order_slots(const struct phrase *p)
{
    const uint32_t *terms = p->sequence->terms;
    for (uint32_t i = 0; i < p->sequence->length; i++) {
        uint32_t k = i;
        for (; k > 0 && p->tf[terms[p->slots[k - 1]]] > p->tf[terms[i]]; k--)
            p->slots[k] = p->slots[k - 1];
        p->slots[k] = i;
    }
}

/* How often the sequence stands in the document that all cursors are at; most_often has read the
 * tfs. */
static uint32_t count_phrase(struct phrase *p)
{
    uint32_t n = 0, *starts = NULL;
    order_slots(p);
    for (uint32_t i = 0; i < p->sequence->length; i++) {
        uint32_t slot = p->slots[i];
        struct fr_position_list list;
        if (!fr_cursor_position_list(&p->e->cursors[p->sequence->terms[slot]], &list)) {
            n = 0; /* damaged */
            break;
        }
        if (i > 0) {
            n = keep_starts(&list, slot, starts, n);
        } else {
            starts = fr_vec_reserve(&p->e->scratch->phrase_starts, list.count);
            if (!starts) {
                p->stopped = true;
                return 0;
            }
            for (uint32_t k = 0; k < list.count; k++) {
                uint32_t position = fr_position_at(&list, k);
                starts[n] = position - slot;
                n += position >= slot;
            }
        }
        if (n == 0) break;
    }
    return n;
}

static void verify(struct phrase *p, uint32_t doc)
{
    const struct fr_evaluation *e = p->e;
    if (++p->verified % 64 == 0 && fr_interrupted(e->interrupt)) p->stopped = true;
    if (p->stopped || most_often(p, doc, 1) == 0) return;
    uint32_t tf = count_phrase(p);
    if (tf == 0) return;
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
 * are looked at first, until even they need the phrase twice. Of the others, whose lengths tell
 * less, the frequencies of the terms bound that of the phrase. */
static void find_best(struct phrase *p, const struct fr_docs *docs)
{
    const struct fr_evaluation *e = p->e;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    const uint32_t *list = fr_vec_data(docs);
    uint32_t end[257] = {0};
    size_t n = fr_vec_count(docs), once = 0;
    uint32_t *by_norm = fr_vec_reserve(&e->scratch->picked, n);
    if (!by_norm) return;
    for (size_t i = 0; i < n; i++) end[norms[list[i]] + 1]++;
    for (unsigned v = 1; v < 257; v++) end[v] += end[v - 1]; /* begins, then ends of a norm's */
    for (size_t i = 0; i < n; i++) by_norm[end[norms[list[i]]]++] = list[i];
    unsigned norm = 0;
    for (; norm < 256 && once < SHORTEST_FIRST && needed(p, e->k_of_norm[norm]) == 1; norm++)
        for (; once < end[norm] && !p->stopped; once++) verify(p, by_norm[once]);
    if (!p->stopped && once < n) find_often(p, list, n, norm);
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
    p.times = fr_vec_reserve(&e->scratch->times, 2ull * e->count + sequence->length);
    if (!p.times) return;
    p.tf = p.times + e->count;
    p.slots = p.tf + e->count;
    memset(p.times, 0, e->count * sizeof *p.times);
    for (uint32_t i = 0; i < sequence->length; i++) {
        p.times[sequence->terms[i]]++;
        p.weight += e->cursors[sequence->terms[i]].weight;
    }
    struct fr_docs *docs = &e->scratch->docs;
    fr_intersect(e, order, docs, stats);
    if (!fr_intersect_norms(e, docs)) return;
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    if (c->needs_scores) find_best(&p, docs);
    for (size_t i = 0; i < fr_vec_count(docs) && !c->needs_scores && !p.stopped; i++)
        verify(&p, fr_vec_at(docs, i));
}
