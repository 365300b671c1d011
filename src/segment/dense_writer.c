/* Entries are collected until the term ends; then the number of its documents tells which of the
 * two forms of dense.h it gets, and rows are laid out from the counts of entries in each range. */
#include "segment/dense_writer.h"

#include "base/assert.h"
#include "segment/dense_layout.h"

static struct fr_buf *buffer(struct fr_dense_writer *w, unsigned i)
{
    struct fr_buf *all[] = {&w->entries, &w->counts, &w->high.buf, &w->rare.buf, &w->chunk_at.buf};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

void fr_dense_writer_init(struct fr_dense_writer *w, const struct fr_segment_stats *stats,
                          const frai_allocator *mem)
{
    *w = (struct fr_dense_writer){.stats = stats};
    for (unsigned i = 0; buffer(w, i); i++) fr_buf_init(buffer(w, i), mem);
}

void fr_dense_writer_deinit(struct fr_dense_writer *w)
{
    for (unsigned i = 0; buffer(w, i); i++) fr_buf_deinit(buffer(w, i));
}

bool fr_dense_writer_failed(const struct fr_dense_writer *w)
{
    return w->entries.failed || w->counts.failed || w->high.buf.failed || w->rare.buf.failed ||
           w->chunk_at.buf.failed;
}

static void put_high(struct fr_dense_writer *w, uint32_t doc, uint32_t tf)
{
    uint32_t more = tf - 4 < 15 ? tf - 4 : 15;
    fr_vec_push(&w->high, (uint16_t)(doc % FR_ROW_DOCS << 4 | more));
    if (more < 15) return;
    fr_vec_push(&w->rare, doc, tf);
}

void fr_dense_writer_add(struct fr_dense_writer *w, uint32_t doc, uint32_t tf)
{
    while (w->counts.len <= doc / FR_RANGE_DOCS && !w->counts.failed) fr_buf_u8(&w->counts, 0);
    if (w->counts.failed) return;
    FR_ASSERT(w->counts.len == doc / FR_RANGE_DOCS + 1); /* documents ascend */
    w->counts.data[w->counts.len - 1]++;
    fr_buf_u8(&w->entries, (uint8_t)(doc % FR_RANGE_DOCS | (tf < 4 ? tf - 1 : 3) << 6));
    if (tf >= 4) put_high(w, doc, tf);
}

bool fr_dense_writer_begins_chunk(const struct fr_dense_writer *w, uint32_t doc)
{
    return doc / FR_RANGE_DOCS / FR_DENSE_CHUNK >= fr_vec_count(&w->chunk_at);
}

void fr_dense_writer_chunk(struct fr_dense_writer *w, uint32_t doc, uint32_t position_at)
{
    while (fr_dense_writer_begins_chunk(w, doc) && !w->chunk_at.buf.failed)
        fr_vec_push(&w->chunk_at, position_at);
}

/* A walk over the term's rows. */
struct row_walk {
    uint32_t row, entry, high; /* first entry and high of the row */
    uint32_t entries, highs;   /* how many it has */
};

static bool next_row(const struct fr_dense_writer *w, struct row_walk *walk)
{
    uint32_t rows = fr_row_count(fr_range_count(w->stats->docs));
    walk->entry += walk->entries;
    walk->high += walk->highs;
    walk->entries = walk->highs = 0;
    if (++walk->row >= rows) return false;
    const uint8_t *counts = w->counts.data + (size_t)walk->row * FR_ROW_RANGES;
    for (uint32_t i = 0; i < FR_ROW_RANGES; i++) walk->entries += counts[i];
    for (uint32_t i = 0; i < walk->entries; i++)
        walk->highs += w->entries.data[walk->entry + i] >> 6 == 3;
    return true;
}

/* Rows of a coded term; its streams into entries and wide. */
static void put_coded(const struct fr_dense_writer *w, struct fr_buf *out, struct fr_buf *entries,
                      struct fr_buf *wide)
{
    struct row_walk walk = {.row = UINT32_MAX};
    while (next_row(w, &walk)) {
        struct fr_coded_row row = {.entries_at = (uint32_t)entries->len,
                                   .wide_at = (uint32_t)wide->len,
                                   .high_at = walk.high};
        const uint8_t *counts = w->counts.data + (size_t)walk.row * FR_ROW_RANGES;
        const uint8_t *entry = w->entries.data + walk.entry;
        for (uint32_t i = 0; i < FR_ROW_RANGES; entry += counts[i++]) {
            unsigned code = fr_range_code(counts[i]);
            row.codes[i % 32] |= (uint8_t)(i < 32 ? code : code << 4);
            if (code <= FR_DENSE_BYTES_MOST) {
                fr_buf_put(entries, entry, counts[i]);
                continue;
            }
            uint64_t mask = 0;
            uint8_t tfs[16] = {0};
            for (uint32_t k = 0; k < counts[i]; k++) {
                mask |= 1ull << (entry[k] & 63);
                tfs[k / 4] |= (uint8_t)(entry[k] >> 6 << (k % 4 * 2));
            }
            fr_buf_u64(entries, mask);
            fr_buf_put(wide, tfs, fr_wide_bytes[code]);
        }
        fr_buf_put(out, &row, sizeof row);
    }
}

static void put_listed_row(struct fr_buf *out, uint32_t df, uint64_t ranges,
                           const struct row_walk *walk)
{
    struct fr_wide_listed_row wide = {ranges, walk->entry, walk->high};
    struct fr_listed_row narrow = {ranges, (uint16_t)walk->entry, (uint16_t)walk->high};
    if (fr_listed_is_wide(df))
        fr_buf_put(out, &wide, sizeof wide);
    else
        fr_buf_put(out, &narrow, sizeof narrow);
}

static void put_listed(const struct fr_dense_writer *w, uint32_t df, struct fr_buf *out,
                       struct fr_buf *last)
{
    struct row_walk walk = {.row = UINT32_MAX};
    uint64_t at = 0;
    for (uint32_t i = 0; i < (df + 7) / 8; i++) fr_buf_u8(last, 0);
    while (!last->failed && next_row(w, &walk)) {
        const uint8_t *counts = w->counts.data + (size_t)walk.row * FR_ROW_RANGES;
        uint64_t ranges = 0;
        for (uint32_t i = 0; i < FR_ROW_RANGES; i++) {
            if (!counts[i]) continue;
            ranges |= 1ull << i;
            at += counts[i];
            last->data[(at - 1) / 8] |= (uint8_t)(1u << (at - 1) % 8);
        }
        put_listed_row(out, df, ranges, &walk);
    }
}

/* Sixteen levels for the maxima of a term: 0 for a range without it, then the quantiles where
 * most of the pruning is decided, the top ones finest (placed by measuring Korean bigrams). */
static void choose_levels(const uint32_t histogram[256], uint8_t levels[FR_RANGE_LEVELS])
{
    static const float quantile[FR_RANGE_LEVELS - 1] = {
        .05f, .12f, .2f, .3f, .4f, .5f, .6f, .7f, .8f, .87f, .92f, .96f, .985f, .996f, 1.f};
    uint32_t total = 0, seen = 0, next = 0;
    for (unsigned v = 1; v < 256; v++) total += histogram[v];
    levels[0] = 0;
    for (unsigned v = 1; v < 256; v++) {
        seen += histogram[v];
        while (next < FR_RANGE_LEVELS - 1 && (float)seen >= quantile[next] * (float)total &&
               histogram[v])
            levels[++next] = (uint8_t)v;
    }
    while (next < FR_RANGE_LEVELS - 1) {
        next++;
        levels[next] = levels[next - 1];
    }
}

/* The code of each maximum: the smallest level that is not below it. */
static void level_table(const uint8_t *range_max, uint32_t ranges, uint8_t levels[FR_RANGE_LEVELS],
                        uint8_t code_of_max[256])
{
    uint32_t histogram[256] = {0};
    for (uint32_t r = 0; r < ranges; r++) histogram[range_max[r]]++;
    choose_levels(histogram, levels);
    unsigned code = 0;
    for (unsigned v = 0; v < 256; v++) {
        while (code < FR_RANGE_LEVELS - 1 && levels[code] < v) code++;
        code_of_max[v] = (uint8_t)code;
    }
}

/* Codes of all ranges, or, row by row and each row from a byte on, of those that have entries. */
static void put_levels(const struct fr_dense_writer *w, bool coded, const uint8_t *range_max,
                       const uint8_t code_of_max[256], struct fr_buf *out)
{
    uint32_t ranges = fr_range_count(w->stats->docs), n = 0;
    uint8_t pending = 0;
    for (uint32_t r = 0; r < ranges; r++) {
        if (coded || w->counts.data[r]) {
            pending |= (uint8_t)(code_of_max[range_max[r]] << (n % 2 * 4));
            if (n++ % 2) fr_buf_u8(out, pending);
        }
        bool row_ends = r % FR_ROW_RANGES == FR_ROW_RANGES - 1 || r + 1 == ranges;
        if (n % 2 && row_ends) {
            fr_buf_u8(out, pending);
            n++;
        }
        if (n % 2 == 0) pending = 0;
    }
}

void fr_dense_writer_finish(struct fr_dense_writer *w, const uint8_t *range_max, struct fr_buf *out)
{
    uint32_t docs = w->stats->docs, ranges = fr_range_count(docs), df = (uint32_t)w->entries.len;
    bool coded = fr_dense_is_coded(df, docs);
    struct fr_buf entries, wide, rows, codes;
    uint8_t levels[FR_RANGE_LEVELS], code_of_max[256];
    struct fr_buf *made[] = {&entries, &wide, &rows, &codes};
    for (unsigned i = 0; i < 4; i++) fr_buf_init(made[i], out->mem);
    while (w->counts.len < (size_t)fr_row_count(ranges) * FR_ROW_RANGES && !w->counts.failed)
        fr_buf_u8(&w->counts, 0);
    fr_dense_writer_chunk(w, docs - 1, fr_vec_count(&w->chunk_at) ? UINT32_MAX : 0);
    if (!fr_dense_writer_failed(w)) {
        level_table(range_max, ranges, levels, code_of_max);
        put_levels(w, coded, range_max, code_of_max, &codes);
        if (coded)
            put_coded(w, &rows, &entries, &wide);
        else
            put_listed(w, df, &rows, &wide);
        struct fr_dense_header header = {.level_bytes = (uint32_t)codes.len,
                                         .wide_bytes = coded ? (uint32_t)wide.len : 0,
                                         .high_count = (uint32_t)fr_vec_count(&w->high),
                                         .rare_count = (uint32_t)fr_vec_count(&w->rare)};
        memcpy(header.levels, levels, sizeof levels);
        fr_buf_put(out, &header, sizeof header);
        fr_buf_put(out, rows.data, rows.len);
        const uint32_t *chunk_at = fr_vec_data(&w->chunk_at);
        for (size_t i = 0; i < fr_vec_count(&w->chunk_at);
             i += fr_dense_chunk_ranges(df, docs) / FR_DENSE_CHUNK)
            fr_buf_u32(out, chunk_at[i]);
        fr_buf_put(out, codes.data, codes.len);
        fr_buf_put(out, w->high.buf.data, w->high.buf.len);
        fr_buf_put(out, w->rare.buf.data, w->rare.buf.len);
        fr_buf_put(out, wide.data, wide.len);
        fr_buf_put(out, coded ? entries.data : w->entries.data,
                   coded ? entries.len : w->entries.len);
    }
    for (unsigned i = 0; i < 4; i++) {
        if (made[i]->failed) out->failed = true;
        fr_buf_deinit(made[i]);
    }
    for (unsigned i = 0; buffer(w, i); i++) buffer(w, i)->len = 0;
}
