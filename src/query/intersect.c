/* With a sparse lead, the documents of the rarest term are decoded into a list, which each other
 * term in turn filters: a sparse one block by block, a dense one by batches of ranges, so that
 * their cache misses overlap. If every term is dense, whole rows of bits are intersected. */
#include "query/intersect.h"

const uint32_t *fr_intersect_order(const struct fr_evaluation *e)
{
    uint32_t *o = fr_vec_reserve(&e->scratch->order, e->count);
    if (!o || e->count == 0) return NULL;
    for (uint32_t t = 0; t < e->count; t++) {
        if (!e->cursors[t].exists) return NULL;
        uint32_t k = t;
        for (; k > 0 && e->cursors[o[k - 1]].postings.df > e->cursors[t].postings.df; k--)
            o[k] = o[k - 1];
        o[k] = t;
    }
    return o;
}

/* Ranges of up to FR_BATCH documents, found and read; of[i] is the range of document i. */
struct batch {
    struct fr_dense_range ranges[FR_BATCH];
    uint8_t of[FR_BATCH];
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
    if (!sound) fr_cursor_damaged(c, FR_SECTION_POSTINGS);
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
            if (!fr_dense_row_or(&c->postings.dense, row, masks))
                fr_cursor_damaged(c, FR_SECTION_POSTINGS);
            for (end = i; end < n && docs[end] / FR_ROW_DOCS == row; end++) {
                uint32_t doc = docs[end];
                docs[kept] = doc;
                kept += masks[doc / 64 % 64] >> (doc % 64) & 1;
            }
            continue;
        }
        struct batch b;
        for (end = i; end < n && end - i < FR_BATCH;
             end++) { /* up to a row that is read as a whole */
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
    return c->exists ? kept : 0;
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
            fr_cursor_damaged(c, FR_SECTION_POSTINGS);
            return 0;
        }
        uint32_t last = others[len - 1];
        for (end = i; end < n && docs[end] <= last;) end++;
        for (uint32_t k = 0; k < FR_COMMON; k++) others[len + k] = UINT32_MAX;
        kept +=
            p->seg->kernels.scan.keep_common(docs + i, (uint32_t)(end - i), others, docs + kept);
    }
    return kept;
}

/* Keeps those of the documents that may be found; returns how many. */
static size_t keep_accepted(const struct fr_evaluation *e, uint32_t *docs, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t doc = docs[i];
        docs[kept] = doc;
        kept += fr_accept_has(&e->accept, doc);
    }
    return kept;
}

void fr_intersect_sparse(const struct fr_evaluation *e, const uint32_t *order, struct fr_docs *docs,
                         struct fr_eval_stats *stats)
{
    stats->method = FRAI_METHOD_RAREST_TERM;
    fr_buf_clear(&docs->buf);
    struct fr_cursor *lead = &e->cursors[order[0]];
    uint32_t *list = fr_vec_reserve(docs, lead->postings.df + (size_t)FR_BLOCK + 8);
    if (!list) return;
    size_t n = 0;
    for (uint32_t b = 0; b < lead->postings.blocks; b++) {
        uint32_t len;
        uint64_t tf_at;
        if (!fr_evaluation_wants(e, &lead->postings, b)) continue;
        if (!fr_postings_decode_docs(&lead->postings, b, list + n, &len, &tf_at)) {
            fr_cursor_damaged(lead, FR_SECTION_POSTINGS);
            break;
        }
        stats->decoded += len;
        fr_work(e->interrupt, len);
        n += e->accept.filter ? keep_accepted(e, list + n, len) : len;
    }
    for (uint32_t t = 1; t < e->count && n && !fr_interrupted(e->interrupt); t++) {
        struct fr_cursor *c = &e->cursors[order[t]];
        if (c->postings.is_dense) break;
        fr_work(e->interrupt, 2ull * n);
        n = keep_sparse(c, list, n);
    }
    fr_vec_set_count(docs, e->accept.dead ? keep_accepted(e, list, n) : n);
}

void fr_intersect_dense(const struct fr_evaluation *e, const uint32_t *order, struct fr_docs *docs)
{
    size_t n = fr_vec_count(docs);
    for (uint32_t t = 1; t < e->count && n && !fr_interrupted(e->interrupt); t++) {
        struct fr_cursor *c = &e->cursors[order[t]];
        if (!c->postings.is_dense) continue;
        fr_work(e->interrupt, 2ull * n);
        n = keep_dense(c, fr_vec_data(docs), n);
    }
    fr_vec_set_count(docs, n);
}

/* Documents of a row that all terms, which are dense, have. */
static bool row_masks(const struct fr_evaluation *e, const uint32_t *order, uint32_t row,
                      uint64_t all[64])
{
    uint64_t ranges = fr_accept_row(&e->accept, row);
    for (uint32_t t = 0; t < e->count && ranges; t++)
        ranges &= fr_dense_row(&e->cursors[order[t]].postings.dense, row);
    memset(all, 0, 64 * sizeof *all);
    for (uint32_t t = 0; t < e->count && ranges; t++) {
        struct fr_cursor *c = &e->cursors[order[t]];
        uint64_t mine[64] = {0};
        if (!fr_dense_row_or(&c->postings.dense, row, mine)) {
            fr_cursor_damaged(c, FR_SECTION_POSTINGS);
            return false;
        }
        for (unsigned i = 0; i < 64; i++) all[i] = t ? all[i] & mine[i] : mine[i];
    }
    for (uint32_t i = 0; !fr_accept_all(&e->accept) && i < 64; i++)
        if (all[i]) all[i] &= fr_accept_mask(&e->accept, row * 64 + i);
    return ranges != 0;
}

uint64_t *fr_intersect_rows(const struct fr_evaluation *e, const uint32_t *order,
                            struct fr_eval_stats *stats)
{
    stats->method = FRAI_METHOD_ROWS;
    uint32_t rows = e->cursors[order[0]].postings.dense.row_count;
    uint64_t *all = fr_vec_reserve(&e->scratch->rows, rows * 64ull);
    for (uint32_t row = 0; all && row < rows; row++) {
        if (fr_interrupted(e->interrupt)) return NULL;
        fr_work(e->interrupt, 16ull * e->count);
        if (!row_masks(e, order, row, all + row * 64ull)) memset(all + row * 64ull, 0, 64 * 8);
    }
    return all;
}

static void put_documents(struct fr_docs *docs, uint32_t first, uint64_t mask)
{
    if (mask == 0 || !fr_vec_room(docs, 64)) return;
    uint32_t *to = fr_vec_end(docs), n = 0;
    for (; mask; mask &= mask - 1) to[n++] = first + (uint32_t)__builtin_ctzll(mask);
    fr_vec_add(docs, n);
}

static void collect_dense(const struct fr_evaluation *e, const uint32_t *order,
                          struct fr_docs *docs, struct fr_eval_stats *stats)
{
    stats->method = FRAI_METHOD_ROWS;
    fr_buf_clear(&docs->buf);
    uint32_t rows = e->cursors[order[0]].postings.dense.row_count;
    for (uint32_t row = 0; row < rows && !fr_interrupted(e->interrupt); row++) {
        uint64_t all[64];
        fr_work(e->interrupt, 16ull * e->count);
        if (!row_masks(e, order, row, all)) continue;
        for (uint32_t i = 0; i < 64; i++) put_documents(docs, row * FR_ROW_DOCS + i * 64, all[i]);
    }
}

void fr_intersect(const struct fr_evaluation *e, const uint32_t *order, struct fr_docs *docs,
                  struct fr_eval_stats *stats)
{
    if (fr_intersect_is_dense(e, order)) {
        collect_dense(e, order, docs, stats);
        return;
    }
    fr_intersect_sparse(e, order, docs, stats);
    fr_intersect_dense(e, order, docs);
}

void fr_intersect_count_dense(const struct fr_evaluation *e, const uint32_t *order,
                              struct fr_eval_stats *stats)
{
    stats->method = FRAI_METHOD_ROWS;
    uint32_t rows = e->cursors[order[0]].postings.dense.row_count;
    for (uint32_t row = 0; row < rows && !fr_interrupted(e->interrupt); row++) {
        uint64_t all[64];
        fr_work(e->interrupt, 16ull * e->count);
        if (row_masks(e, order, row, all))
            stats->matches += e->seg->kernels.scan.count_bits(all, 64);
    }
}

bool fr_intersect_norms(const struct fr_evaluation *e, const struct fr_docs *list)
{
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    const uint32_t *docs = fr_vec_data(list);
    size_t n = fr_vec_count(list);
    if (n && docs[n - 1] - docs[0] < n * FR_ROW_DOCS / 4 && /* a row has several */
        fr_segment_verify_range(e->seg, norms + docs[0], docs[n - 1] - docs[0] + 1ull))
        return true;
    for (size_t i = 0; i < n; i++) {
        if (i && docs[i] / FR_ROW_DOCS == docs[i - 1] / FR_ROW_DOCS) continue;
        uint32_t first = docs[i] / FR_ROW_DOCS * FR_ROW_DOCS, left = e->seg->stats.docs - first;
        if (fr_segment_verify_range(e->seg, norms + first, left < FR_ROW_DOCS ? left : FR_ROW_DOCS))
            continue;
        fr_damage_note(e->damage, FR_SECTION_NORMS);
        return false;
    }
    return true;
}

void fr_intersect_dense_tfs(struct fr_cursor *c, const uint32_t *docs, uint32_t n, uint32_t *tfs)
{
    struct batch b;
    if (!read_batch(c, docs, n, &b)) return;
    for (uint32_t i = 0; i < n; i++) {
        const struct fr_dense_range *r = &b.ranges[b.of[i]];
        unsigned at = docs[i] % FR_RANGE_DOCS;
        tfs[i] = r->mask >> at & 1 ? fr_dense_tf(&c->postings.dense, r, at, &c->high) : 0;
    }
}

void fr_intersect_tfs(struct fr_cursor *c, const uint32_t *docs, size_t n, uint32_t *tfs)
{
    if (!c->postings.is_dense) {
        if (!fr_postings_tfs(&c->postings, docs, n, tfs)) fr_cursor_damaged(c, FR_SECTION_POSTINGS);
        return;
    }
    for (size_t i = 0; i < n && c->exists; i += FR_BATCH)
        fr_intersect_dense_tfs(c, docs + i, (uint32_t)(n - i < FR_BATCH ? n - i : FR_BATCH),
                               tfs + i);
}
