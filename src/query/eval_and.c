/* All terms in a document: the rarest leads, the others are sought; a phrase checks positions last.
 */
#include <math.h>

#include "query/evaluate.h"
#include "segment/deletes.h"

/* Indexes of cursors, rarest first, into scratch->order. False: memory, or a term is missing. */
static bool order_by_df(struct fr_evaluation *e, uint32_t **order, bool *possible)
{
    struct fr_buf *buf = &e->scratch->order;
    fr_buf_clear(buf);
    *possible = e->count > 0;
    if (!fr_buf_room(buf, e->count * sizeof(uint32_t))) return false;
    uint32_t *o = (uint32_t *)(void *)buf->data;
    for (uint32_t t = 0; t < e->count; t++) {
        if (!e->cursors[t].exists) *possible = false;
        uint32_t k = t;
        for (; k > 0 && e->cursors[o[k - 1]].postings.df > e->cursors[t].postings.df; k--)
            o[k] = o[k - 1];
        o[k] = t;
    }
    *order = o;
    return true;
}

/* Candidates that are looked up together, so that their cache misses overlap. */
#define BATCH 32u

/* Ranges of up to BATCH documents, found and read; of[i] is the range of document i. */
struct batch {
    struct fr_dense_range ranges[BATCH];
    uint8_t of[BATCH];
};

static bool read_batch(struct fr_cursor *c, const uint32_t *docs, uint32_t n, struct batch *b)
{
    const struct fr_dense *d = &c->postings.dense;
    uint32_t count = 0;
    bool sound = true;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t range = docs[i] / FR_RANGE_DOCS;
        if (i == 0 || range != b->ranges[count - 1].range)
            sound &= fr_dense_locate(d, range, &b->ranges[count++]);
        b->of[i] = (uint8_t)(count - 1);
    }
    for (uint32_t k = 0; k < count; k++) sound &= fr_dense_load(d, &b->ranges[k]);
    if (!sound) c->damaged = true;
    return sound;
}

/* From so many candidates in a row on it is cheaper to read the whole row. */
#define ROW_CANDIDATES 4u

/* Keeps those of the documents that a dense term has; returns how many. */
static size_t keep_dense(struct fr_cursor *c, uint32_t *docs, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0, end; i < n; i = end) {
        uint32_t row = docs[i] / FR_ROW_DOCS;
        uint64_t masks[64] = {0};
        bool whole = n - i >= ROW_CANDIDATES && docs[i + ROW_CANDIDATES - 1] / FR_ROW_DOCS == row;
        if (whole) {
            if (!fr_dense_row_or(&c->postings.dense, row, masks)) c->damaged = true;
            for (end = i; end < n && docs[end] / FR_ROW_DOCS == row; end++) {
                uint32_t doc = docs[end];
                docs[kept] = doc;
                kept += masks[doc / 64 % 64] >> (doc % 64) & 1;
            }
            continue;
        }
        struct batch b;
        for (end = i; end < n && end - i < BATCH; end++) { /* up to a row that is read as a whole */
            size_t ahead = end + ROW_CANDIDATES - 1;
            if (ahead < n && docs[ahead] / FR_ROW_DOCS == docs[end] / FR_ROW_DOCS) break;
        }
        if (!read_batch(c, docs + i, (uint32_t)(end - i), &b)) return 0;
        for (size_t k = i; k < end; k++) {
            uint32_t doc = docs[k];
            docs[kept] = doc;
            kept += b.ranges[b.of[k - i]].mask >> (doc % FR_RANGE_DOCS) & 1;
        }
    }
    return c->damaged ? 0 : kept;
}

/* The same of a sparse one; only blocks that may have one of them are decoded. */
static size_t keep_sparse(struct fr_cursor *c, uint32_t *docs, size_t n)
{
    const struct fr_postings *p = &c->postings;
    uint32_t others[FR_BLOCK + FR_COMMON], len, block = 0;
    uint64_t tf_at;
    size_t kept = 0;
    for (size_t i = 0, end; i < n; i = end, block++) {
        block = fr_postings_seek(p, block, docs[i]);
        if (block >= p->blocks) break;
        if (!fr_postings_decode_docs(p, block, others, &len, &tf_at)) {
            c->damaged = true;
            return 0;
        }
        uint32_t last = others[len - 1];
        for (end = i; end < n && docs[end] <= last;) end++;
        for (uint32_t k = 0; k < FR_COMMON; k++) others[len + k] = UINT32_MAX;
        kept += p->seg->kernels->keep_common(docs + i, (uint32_t)(end - i), others, docs + kept);
    }
    return kept;
}

/* Documents of a sparse lead that all others have. */
static bool collect_sparse(struct fr_evaluation *e, const uint32_t *order, struct fr_buf *docs)
{
    e->method = "documents of the rarest term, the others sought";
    struct fr_cursor *lead = &e->cursors[order[0]];
    if (!fr_buf_reserve(docs, (lead->postings.df + (size_t)FR_BLOCK + 8) * 4)) return false;
    uint32_t *list = (uint32_t *)(void *)docs->data;
    size_t n = 0;
    for (uint32_t b = 0; b < lead->postings.blocks; b++) {
        uint32_t len;
        uint64_t tf_at;
        if (!fr_postings_decode_docs(&lead->postings, b, list + n, &len, &tf_at)) {
            lead->damaged = true;
            break;
        }
        n += len;
    }
    e->decoded += n;
    for (uint32_t t = 1; t < e->count && n; t++) {
        struct fr_cursor *c = &e->cursors[order[t]];
        n = c->postings.is_dense ? keep_dense(c, list, n) : keep_sparse(c, list, n);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t doc = list[i];
        list[kept] = doc;
        kept += !fr_deletes_has(e->seg, doc);
    }
    docs->len = kept * 4;
    return true;
}

/* Documents of a row that all terms, which are dense, have. */
static bool row_masks(struct fr_evaluation *e, const uint32_t *order, uint32_t row,
                      uint64_t all[64])
{
    uint64_t ranges = ~0ull;
    for (uint32_t t = 0; t < e->count && ranges; t++)
        ranges &= fr_dense_row(&e->cursors[order[t]].postings.dense, row);
    memset(all, 0, 64 * sizeof *all);
    for (uint32_t t = 0; t < e->count && ranges; t++) {
        struct fr_cursor *c = &e->cursors[order[t]];
        uint64_t mine[64] = {0};
        if (!fr_dense_row_or(&c->postings.dense, row, mine)) {
            c->damaged = true;
            return false;
        }
        for (unsigned i = 0; i < 64; i++) all[i] = t ? all[i] & mine[i] : mine[i];
    }
    for (uint32_t i = 0; e->seg->deletes.dead && i < 64; i++)
        if (all[i]) all[i] &= fr_deletes_live_mask(e->seg, row * 64 + i);
    return ranges != 0;
}

static void put_documents(struct fr_buf *docs, uint32_t first, uint64_t mask)
{
    if (mask == 0 || !fr_buf_room(docs, 64 * sizeof(uint32_t))) return;
    uint32_t *to = (uint32_t *)(void *)(docs->data + docs->len), n = 0;
    for (; mask; mask &= mask - 1) to[n++] = first + (uint32_t)__builtin_ctzll(mask);
    docs->len += n * sizeof *to;
}

static bool collect_dense(struct fr_evaluation *e, const uint32_t *order, struct fr_buf *docs)
{
    e->method = "bits of all terms, by rows of 4096 documents";
    uint32_t rows = e->cursors[order[0]].postings.dense.row_count;
    for (uint32_t row = 0; row < rows; row++) {
        uint64_t all[64];
        if (!row_masks(e, order, row, all)) continue;
        if (!docs) e->matches += e->seg->kernels->count_bits(all, 64);
        for (uint32_t i = 0; docs && i < 64; i++)
            put_documents(docs, row * FR_ROW_DOCS + i * 64, all[i]);
    }
    return !docs || !docs->failed;
}

/* Terms of ascending document frequency: if the first is dense, all are. */
static bool are_dense(const struct fr_evaluation *e, const uint32_t *order)
{
    return e->cursors[order[0]].postings.is_dense;
}

/* The norms of documents, ascending, are sound. */
static bool norms_touched(struct fr_evaluation *e, const struct fr_buf *list)
{
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    const uint32_t *docs = (const uint32_t *)(const void *)list->data;
    for (size_t i = 0; i < FR_COUNT(list, uint32_t); i++) {
        if (i && docs[i] / FR_ROW_DOCS == docs[i - 1] / FR_ROW_DOCS) continue;
        uint32_t first = docs[i] / FR_ROW_DOCS * FR_ROW_DOCS, left = e->seg->stats.docs - first;
        if (fr_segment_verify_range(e->seg, norms + first, left < FR_ROW_DOCS ? left : FR_ROW_DOCS))
            continue;
        fr_evaluation_damaged(e);
        return false;
    }
    return true;
}

/* tf of a dense term in up to BATCH documents that it is in. */
static void read_dense_tfs(struct fr_cursor *c, const uint32_t *docs, uint32_t n, uint32_t *tfs)
{
    struct batch b;
    if (!read_batch(c, docs, n, &b)) return;
    for (uint32_t i = 0; i < n; i++)
        tfs[i] = fr_dense_tf(&c->postings.dense, &b.ranges[b.of[i]], docs[i] % FR_RANGE_DOCS);
}

/* Documents that all terms have, and what is known of them. */
struct candidates {
    struct fr_evaluation *e;
    const uint32_t *docs;
    size_t n;
    uint32_t *tfs;     /* n of each cursor; those of dense terms where a document is scored */
    float *bounds;     /* no score is above */
    uint32_t *falling; /* indexes of the others, by bound */
};

/* Scores up to BATCH of them, whose indexes are given. */
static void score_batch(struct candidates *x, const uint32_t *indexes, uint32_t n)
{
    struct fr_evaluation *e = x->e;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    uint32_t docs[BATCH], tfs[BATCH];
    float scores[BATCH] = {0}, k[BATCH];
    for (uint32_t i = 0; i < n; i++) {
        docs[i] = x->docs[indexes[i]];
        k[i] = e->k_of_norm[norms[docs[i]]];
    }
    for (uint32_t t = 0; t < e->count; t++) {
        struct fr_cursor *c = &e->cursors[t];
        for (uint32_t i = 0; i < n; i++) tfs[i] = x->tfs[t * x->n + indexes[i]];
        if (c->postings.is_dense) read_dense_tfs(c, docs, n, tfs);
        for (uint32_t i = 0; i < n; i++) scores[i] += fr_bm25(c->weight, tfs[i], k[i]);
    }
    for (uint32_t i = 0; i < n; i++) fr_topk_offer(e->top, e->base + docs[i], scores[i]);
    e->scored += n;
}

/* Adds what a term may give to each. */
static bool add_bounds(struct candidates *x, uint32_t t)
{
    struct fr_evaluation *e = x->e;
    struct fr_cursor *c = &e->cursors[t];
    const struct fr_dense *d = &c->postings.dense;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    if (!c->postings.is_dense) {
        for (size_t i = 0; i < x->n; i++)
            x->bounds[i] +=
                fr_bm25(c->weight, x->tfs[t * x->n + i], e->k_of_norm[norms[x->docs[i]]]);
        return true;
    }
    if (!fr_buf_reserve(&e->scratch->levels, FR_DENSE_LEVEL_BYTES(d->ranges))) return false;
    const uint8_t *codes = fr_dense_levels(d, e->scratch->levels.data);
    float level[FR_RANGE_LEVELS];
    for (unsigned i = 0; i < FR_RANGE_LEVELS; i++) level[i] = fr_cursor_bound(c, d->levels[i]);
    for (size_t i = 0; i < x->n; i++) {
        uint32_t range = x->docs[i] / FR_RANGE_DOCS;
        x->bounds[i] += level[codes[range / 2] >> (range % 2 * 4) & 15];
    }
    return true;
}

#define STEPS 256u

/* Orders the candidates by bound, in steps of it; returns how wide those are. */
static float sort_by_bound(struct candidates *x)
{
    uint32_t begin[STEPS + 1] = {0};
    float most = 0;
    for (size_t i = 0; i < x->n; i++) most = x->bounds[i] > most ? x->bounds[i] : most;
    float steps = most > 0 ? (STEPS - 1) / most : 0;
    for (size_t i = 0; i < x->n; i++) begin[STEPS - (uint32_t)(x->bounds[i] * steps)]++;
    for (uint32_t step = 1; step <= STEPS; step++) begin[step] += begin[step - 1];
    for (size_t i = 0; i < x->n; i++)
        x->falling[begin[STEPS - 1 - (uint32_t)(x->bounds[i] * steps)]++] = (uint32_t)i;
    return most / (STEPS - 1);
}

/* Sums in another order differ in their last bits. */
#define SLACK 1.0001f

/* Those of the highest bounds first, until no other can come in. */
static void score_falling(struct candidates *x)
{
    uint32_t chosen[BATCH], n = 0;
    float step = sort_by_bound(x), least = fr_topk_threshold(x->e->top);
    for (size_t i = 0; i < x->n; i++) {
        float bound = x->bounds[x->falling[i]];
        if ((bound + step) * SLACK < least) break;
        if (bound * SLACK < least) continue;
        chosen[n++] = x->falling[i];
        if (n < BATCH) continue;
        score_batch(x, chosen, n);
        least = fr_topk_threshold(x->e->top);
        n = 0;
    }
    score_batch(x, chosen, n);
}

static bool score_best(struct fr_evaluation *e, const struct fr_buf *list)
{
    struct fr_scratch *s = e->scratch;
    struct candidates x = {
        .e = e, .docs = (const uint32_t *)(const void *)list->data, .n = FR_COUNT(list, uint32_t)};
    if (!fr_buf_reserve(&s->decoded_tfs, x.n * e->count * 4) ||
        !fr_buf_reserve(&s->decoded_bounds, x.n * 4) || !fr_buf_reserve(&s->picked, x.n * 4))
        return false;
    x.tfs = (uint32_t *)(void *)s->decoded_tfs.data;
    x.bounds = (float *)(void *)s->decoded_bounds.data;
    x.falling = (uint32_t *)(void *)s->picked.data;
    memset(x.bounds, 0, x.n * sizeof *x.bounds);
    for (uint32_t t = 0; t < e->count; t++) {
        struct fr_cursor *c = &e->cursors[t];
        if (!c->postings.is_dense && !fr_postings_tfs(&c->postings, x.docs, x.n, x.tfs + t * x.n))
            c->damaged = true;
        if (c->damaged) return true;
        if (x.n > BATCH && !add_bounds(&x, t)) return false;
    }
    if (x.n > BATCH) {
        score_falling(&x);
        return true;
    }
    for (uint32_t i = 0; i < x.n; i++) x.falling[i] = i;
    score_batch(&x, x.falling, (uint32_t)x.n);
    return true;
}

/* Ranges in which every term has a document, a bit each, into scratch->live. */
static bool find_live(struct fr_evaluation *e)
{
    uint32_t words = (fr_range_count(e->seg->stats.docs) + 63) / 64;
    if (!fr_buf_reserve(&e->scratch->live, 2ull * words * 8)) return false;
    uint64_t *live = (uint64_t *)(void *)e->scratch->live.data, *mine = live + words;
    memset(live, 0xFF, words * 8ull);
    for (uint32_t t = 0; t < e->count; t++) {
        fr_cursor_ranges(&e->cursors[t], mine);
        for (uint32_t i = 0; i < words; i++) live[i] &= mine[i];
    }
    e->live = live;
    return true;
}

bool fr_evaluate_and(struct fr_evaluation *e)
{
    uint32_t *order;
    bool possible;
    if (!order_by_df(e, &order, &possible)) return false;
    if (!possible) return true;
    if (e->count == 1 && e->top) return fr_evaluate_or_block_max(e);
    if (e->count == 1 && !e->seg->deletes.dead) {
        e->matches += e->cursors[order[0]].postings.df;
        e->method = "document frequency of the only term";
        return true;
    }
    if (are_dense(e, order)) { /* too many to walk for the best: bounded by ranges, best first */
        if (!e->top) return collect_dense(e, order, NULL);
        e->all = true;
        return find_live(e) && fr_evaluate_or_block_max(e);
    }
    struct fr_buf *docs = &e->scratch->decoded;
    fr_buf_clear(docs);
    if (!collect_sparse(e, order, docs)) return false;
    e->matches += FR_COUNT(docs, uint32_t);
    return !e->top || !norms_touched(e, docs) || score_best(e, docs);
}

/* How often the sequence stands in the current document of all cursors. */
static uint32_t count_phrase(struct fr_evaluation *e, const uint32_t *sequence, uint32_t length,
                             bool *ok)
{
    struct fr_buf *starts = &e->scratch->starts, *positions = &e->scratch->positions;
    fr_buf_clear(starts);
    *ok = true;
    for (uint32_t i = 0; i < length; i++) {
        fr_buf_clear(positions);
        if (!fr_cursor_positions(&e->cursors[sequence[i]], i ? positions : starts)) {
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
    struct fr_evaluation *e;
    const uint32_t *sequence, *order;
    uint32_t *times; /* how often each term stands in the sequence */
    uint32_t length;
    float weight;
    bool memory;
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
    struct fr_evaluation *e = p->e;
    bool ok;
    if (most_often(p, doc, 1) == 0) return;
    uint32_t tf = count_phrase(e, p->sequence, p->length, &ok);
    if (!ok) p->memory = true;
    if (!ok || tf == 0) return;
    e->matches++;
    e->scored++;
    float k = e->k_of_norm[e->seg->sections[FR_SECTION_NORMS].data[doc]];
    if (e->top) fr_topk_offer(e->top, e->base + doc, fr_bm25(p->weight, tf, k));
}

/* How often a phrase must stand in a document to come in: w tf / (tf + k) >= threshold. */
static uint32_t needed(const struct phrase *p, float k)
{
    float threshold = fr_topk_threshold(p->e->top);
    if (threshold >= p->weight) return UINT32_MAX;
    float tf = ceilf(threshold * k / (p->weight - threshold) * 0.9999f);
    return tf < 1 ? 1 : tf < 1e9f ? (uint32_t)tf : UINT32_MAX;
}

/* Counts, for each range, the dense terms that are in one of its documents often enough for the
 * phrase to come in; *dense: how many those are in all. NULL: no memory. */
static const uint16_t *count_promising(const struct phrase *p, uint16_t *dense)
{
    struct fr_evaluation *e = p->e;
    struct fr_scratch *s = e->scratch;
    uint32_t ranges = fr_range_count(e->seg->stats.docs);
    size_t bytes = (ranges + 63ull) / 64 * 128;
    if (!fr_buf_reserve(&s->sums, bytes) ||
        !fr_buf_reserve(&s->levels, FR_DENSE_LEVEL_BYTES(ranges)))
        return NULL;
    uint16_t *sums = (uint16_t *)(void *)s->sums.data;
    float least = fr_topk_threshold(e->top) / p->weight * 0.9999f;
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
    for (size_t i = 0; i < n && !p->memory; i++) {
        uint32_t doc = docs[i];
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
        for (; once < end[norm] && !p->memory; once++) verify(p, by_norm[once]);
    return !p->memory && (once == n || find_often(p, list, n, norm));
}

bool fr_evaluate_phrase(struct fr_evaluation *e, const uint32_t *sequence, uint32_t length)
{
    uint32_t *order;
    bool possible;
    if (!order_by_df(e, &order, &possible)) return false;
    if (!possible || length == 0) return true;
    if (length == 1) return e->top ? fr_evaluate_or_block_max(e) : fr_evaluate_and(e);
    struct phrase p = {.e = e, .sequence = sequence, .order = order, .length = length};
    if (!fr_buf_reserve(&e->scratch->counts, e->count * sizeof *p.times)) return false;
    p.times = (uint32_t *)(void *)e->scratch->counts.data;
    memset(p.times, 0, e->count * sizeof *p.times);
    for (uint32_t i = 0; i < length; i++) {
        p.times[sequence[i]]++;
        p.weight += e->cursors[sequence[i]].weight;
    }
    struct fr_buf *docs = &e->scratch->decoded;
    fr_buf_clear(docs);
    if (!(are_dense(e, order) ? collect_dense(e, order, docs) : collect_sparse(e, order, docs)))
        return false;
    if (!norms_touched(e, docs)) return true;
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    if (e->top) return find_best(&p, docs);
    for (size_t i = 0; i < FR_COUNT(docs, uint32_t) && !p.memory; i++)
        verify(&p, FR_AT(docs, uint32_t, i));
    return !p.memory;
}
