/* All terms in a document: the rarest leads, the others are sought; a phrase checks positions last.
 */
#include <math.h>

#include "query/evaluate.h"

/* Indexes of cursors, rarest first, into scratch->order. False: memory, or a term is missing. */
static bool order_by_df(struct fr_evaluation *e, uint32_t **order, bool *possible)
{
    struct fr_buf *buf = &e->scratch->order;
    buf->len = 0;
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

static size_t keep_sparse(struct fr_cursor *c, uint32_t *docs, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        fr_cursor_seek(c, docs[i]);
        if (c->doc == docs[i]) docs[kept++] = docs[i];
    }
    return kept;
}

/* Documents of a sparse lead that all others have. */
static bool collect_sparse(struct fr_evaluation *e, const uint32_t *order, struct fr_buf *docs)
{
    struct fr_cursor *lead = &e->cursors[order[0]];
    if (!fr_buf_reserve(docs, (lead->postings.df + (size_t)FR_BLOCK + 8) * 4)) return false;
    uint32_t *list = (uint32_t *)(void *)docs->data;
    size_t n = 0;
    for (uint32_t t = 1; t < e->count; t++)
        if (!e->cursors[order[t]].postings.is_dense) fr_cursor_rewind(&e->cursors[order[t]]);
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
    docs->len = n * 4;
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
    return ranges != 0;
}

static void put_documents(struct fr_buf *docs, uint32_t first, uint64_t mask)
{
    for (; mask; mask &= mask - 1) fr_buf_u32(docs, first + (uint32_t)__builtin_ctzll(mask));
}

/* Also those into `often`, unless NULL, that have the rarest term twice or more. */
static bool collect_dense(struct fr_evaluation *e, const uint32_t *order, struct fr_buf *docs,
                          struct fr_buf *often)
{
    struct fr_cursor *lead = &e->cursors[order[0]];
    uint32_t rows = lead->postings.dense.row_count;
    for (uint32_t row = 0; row < rows; row++) {
        uint64_t all[64];
        if (!row_masks(e, order, row, all)) continue;
        if (!docs) e->matches += e->seg->kernels->count_bits(all, 64);
        for (uint32_t i = 0; docs && i < 64; i++) {
            struct fr_dense_range range;
            if (!all[i]) continue;
            put_documents(docs, row * FR_ROW_DOCS + i * 64, all[i]);
            if (often && fr_dense_find(&lead->postings.dense, row * 64 + i, &range))
                put_documents(often, row * FR_ROW_DOCS + i * 64, all[i] & fr_dense_often(&range));
        }
    }
    return !(docs && docs->failed) && !(often && often->failed);
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
        if (fr_segment_touch(e->seg, norms + first, left < FR_ROW_DOCS ? left : FR_ROW_DOCS))
            continue;
        fr_evaluation_damaged(e);
        return false;
    }
    return true;
}

/* tf of a term in documents that it is in. */
static void read_tfs(struct fr_cursor *c, const uint32_t *docs, size_t n, uint32_t *tfs)
{
    if (!c->postings.is_dense) fr_cursor_rewind(c);
    for (size_t i = 0, end; i < n && !c->damaged; i = end) {
        end = n - i < BATCH ? n : i + BATCH;
        struct batch b;
        if (c->postings.is_dense && !read_batch(c, docs + i, (uint32_t)(end - i), &b)) return;
        for (size_t k = i; k < end; k++) {
            if (c->postings.is_dense) {
                const struct fr_dense_range *r = &b.ranges[b.of[k - i]];
                tfs[k] = fr_dense_tf(&c->postings.dense, r, docs[k] % FR_RANGE_DOCS);
            } else {
                fr_cursor_seek(c, docs[k]);
                tfs[k] = c->doc == docs[k] ? fr_cursor_tf(c) : 1;
            }
        }
    }
}

static bool score_all(struct fr_evaluation *e, const struct fr_buf *list)
{
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    const uint32_t *docs = (const uint32_t *)(const void *)list->data;
    size_t n = FR_COUNT(list, uint32_t);
    if (!fr_buf_reserve(&e->scratch->decoded_tfs, n * e->count * 4)) return false;
    uint32_t *tfs = (uint32_t *)(void *)e->scratch->decoded_tfs.data;
    for (uint32_t t = 0; t < e->count; t++) read_tfs(&e->cursors[t], docs, n, tfs + t * n);
    for (size_t i = 0; i < n; i++) {
        float k = e->k_of_norm[norms[docs[i]]], score = 0;
        for (uint32_t t = 0; t < e->count; t++)
            score += fr_bm25(e->cursors[t].weight, tfs[t * n + i], k);
        fr_topk_offer(e->top, e->base + docs[i], score);
    }
    e->scored += n;
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
    if (e->count == 1 && e->top) return fr_evaluate_or_ranges(e);
    if (e->count == 1) {
        e->matches += e->cursors[order[0]].postings.df;
        return true;
    }
    if (are_dense(e, order)) { /* too many to walk for the best: bounded by ranges, best first */
        if (!e->top) return collect_dense(e, order, NULL, NULL);
        e->all = true;
        return find_live(e) && fr_evaluate_or_ranges(e);
    }
    struct fr_buf *docs = &e->scratch->decoded;
    docs->len = 0;
    if (!collect_sparse(e, order, docs)) return false;
    e->matches += FR_COUNT(docs, uint32_t);
    return !e->top || !norms_touched(e, docs) || score_all(e, docs);
}

/* How often the sequence stands in the current document of all cursors. */
static uint32_t count_phrase(struct fr_evaluation *e, const uint32_t *sequence, uint32_t length,
                             bool *ok)
{
    struct fr_buf *starts = &e->scratch->starts, *positions = &e->scratch->positions;
    starts->len = 0;
    *ok = true;
    for (uint32_t i = 0; i < length; i++) {
        positions->len = 0;
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
    uint32_t length;
    float weight;
    bool memory;
};

/* How often the document holds the phrase at the most: as its rarest term; 0 on damage. Stops where
 * it is below `least`. */
static uint32_t most_often(const struct phrase *p, uint32_t doc, uint32_t least)
{
    uint32_t most = UINT32_MAX;
    for (uint32_t t = 0; t < p->e->count && most >= least; t++) {
        struct fr_cursor *c = &p->e->cursors[p->order[t]];
        if (!fr_cursor_go(c, doc)) return 0;
        uint32_t tf = fr_cursor_tf(c);
        if (tf < most) most = tf;
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

/* Most phrases stand once in a document, where its length alone decides: so the shortest documents
 * are looked at first. When even they need the phrase twice, `often` has all others that may come
 * in: those with the rarest term twice or more. */
static bool find_best(struct phrase *p, const struct fr_buf *docs, const struct fr_buf *often)
{
    const struct fr_evaluation *e = p->e;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    const uint32_t *list = (const uint32_t *)(const void *)docs->data;
    uint32_t end[257] = {0};
    size_t n = FR_COUNT(docs, uint32_t);
    struct fr_buf *sorted = &e->scratch->decoded_tfs;
    if (!fr_buf_reserve(sorted, n * 4)) return false;
    uint32_t *by_norm = (uint32_t *)(void *)sorted->data;
    for (size_t i = 0; i < n; i++) end[norms[list[i]] + 1]++;
    for (unsigned v = 1; v < 257; v++) end[v] += end[v - 1]; /* begins, then ends of a norm's */
    for (size_t i = 0; i < n; i++) by_norm[end[norms[list[i]]]++] = list[i];
    size_t once = 0;
    for (; once < n && !p->memory && needed(p, e->k_of_norm[norms[by_norm[once]]]) == 1; once++)
        verify(p, by_norm[once]);
    uint8_t from = once < n ? norms[by_norm[once]] : 255; /* verified up to here, but within it */
    size_t begin = once < n && from ? end[from - 1] : 0;
    const uint32_t *rest = (const uint32_t *)(const void *)often->data;
    for (size_t i = 0; once < n && i < FR_COUNT(often, uint32_t) && !p->memory; i++) {
        uint8_t norm = norms[rest[i]];
        if (norm < from || (norm == from && once > begin && rest[i] <= by_norm[once - 1])) continue;
        uint32_t least = needed(p, e->k_of_norm[norm]);
        if (most_often(p, rest[i], least) >= least) verify(p, rest[i]);
    }
    return !p->memory;
}

bool fr_evaluate_phrase(struct fr_evaluation *e, const uint32_t *sequence, uint32_t length)
{
    uint32_t *order;
    bool possible;
    if (!order_by_df(e, &order, &possible)) return false;
    if (!possible || length == 0) return true;
    if (length == 1) return e->top ? fr_evaluate_or_ranges(e) : fr_evaluate_and(e);
    struct phrase p = {.e = e, .sequence = sequence, .order = order, .length = length};
    for (uint32_t i = 0; i < length; i++) p.weight += e->cursors[sequence[i]].weight;
    struct fr_buf *docs = &e->scratch->decoded, *often = &e->scratch->decoded_bounds;
    docs->len = often->len = 0;
    bool dense = are_dense(e, order);
    if (!(dense ? collect_dense(e, order, docs, e->top ? often : NULL)
                : collect_sparse(e, order, docs)))
        return false;
    if (!norms_touched(e, docs)) return true;
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    if (e->top) return find_best(&p, docs, dense ? often : docs);
    for (size_t i = 0; i < FR_COUNT(docs, uint32_t) && !p.memory; i++)
        verify(&p, FR_AT(docs, uint32_t, i));
    return !p.memory;
}
