#include "segment/dense.h"

#define HEADER_BYTES    16u
#define CODED_ROW_BYTES 44u /* codes, where the row's entries, wide and high begin: u32 each */
#define BYTES_MOST      8u  /* a coded range of more documents is bits */
#define ROW_RANGES      64u

/* Bytes of tf codes by a range's code: the smallest that hold two bits for each document. */
static const uint8_t wide_bytes[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 5, 6, 8, 11, 16};

static unsigned code_of(uint32_t n)
{
    unsigned code = n <= BYTES_MOST ? n : BYTES_MOST + 1;
    while (code > BYTES_MOST && wide_bytes[code] * 4u < n) code++;
    return code;
}

/* Of a listed term with so many documents: the row's bits, where its entries and high begin. */
static uint32_t number_bytes(uint32_t df)
{
    return df > UINT16_MAX ? 4 : 2;
}

static bool is_coded(uint32_t df, uint32_t docs)
{
    return df >= fr_dense_least(docs, FR_DENSE_CODED_SHARE);
}

static uint32_t row_count(uint32_t ranges)
{
    return ranges / ROW_RANGES + (ranges % ROW_RANGES != 0);
}

static uint32_t row_bytes(bool coded, uint32_t df)
{
    return coded ? CODED_ROW_BYTES : 8 + 2 * number_bytes(df);
}

/* Ranges that have one offset of positions: the more documents, the fewer. */
static uint32_t chunk_ranges(uint32_t df, uint32_t docs)
{
    uint64_t ranges = fr_range_count(docs);
    return !is_coded(df, docs) ? ROW_RANGES
           : df >= 8 * ranges  ? FR_DENSE_CHUNK
           : df >= 4 * ranges  ? 2 * FR_DENSE_CHUNK
                               : 4 * FR_DENSE_CHUNK;
}

static const uint8_t *row_at(const struct fr_dense *d, uint32_t row)
{
    return d->rows + (size_t)row * d->row_bytes;
}

static uint32_t load_number(const struct fr_dense *d, const uint8_t *at)
{
    return d->row_bytes == 12 ? fr_load16(at) : fr_load32(at);
}

bool fr_dense_open(const struct fr_segment *seg, uint32_t df, const uint8_t *bytes, uint64_t len,
                   struct fr_dense *d)
{
    struct fr_reader r = fr_reader_of(bytes, len);
    bool coded = is_coded(df, seg->stats.docs);
    *d = (struct fr_dense){.seg = seg,
                           .df = df,
                           .coded = coded,
                           .ranges = fr_range_count(seg->stats.docs),
                           .row_bytes = row_bytes(coded, df),
                           .chunk = chunk_ranges(df, seg->stats.docs),
                           .entry_bytes = df};
    d->row_count = row_count(d->ranges);
    if (len < HEADER_BYTES || !fr_segment_verify_range(seg, bytes, HEADER_BYTES)) return false;
    d->level_bytes = fr_read_u32(&r);
    d->wide_bytes = fr_read_u32(&r);
    d->high_count = fr_read_u32(&r);
    d->rare_count = fr_read_u32(&r);
    d->levels = fr_read_bytes(&r, FR_RANGE_LEVELS);
    d->rows = fr_read_bytes(&r, (uint64_t)d->row_count * d->row_bytes);
    d->position_at = fr_read_bytes(&r, (d->ranges + d->chunk - 1) / d->chunk * 4ull);
    d->level_codes = fr_read_bytes(&r, d->level_bytes);
    if (r.bad || (coded && d->level_bytes != (d->ranges + 1) / 2) ||
        !fr_segment_verify_range(seg, bytes, (uint64_t)(r.at - bytes)))
        return false;
    d->high = fr_read_bytes(&r, 2ull * d->high_count);
    d->rare = fr_read_bytes(&r, 8ull * d->rare_count);
    d->wide = fr_read_bytes(&r, d->wide_bytes);
    if (!coded) d->last = fr_read_bytes(&r, (df + 7ull) / 8);
    if (coded) d->entry_bytes = (uint32_t)fr_reader_left(&r);
    d->entries = fr_read_bytes(&r, d->entry_bytes);
    return !r.bad && fr_reader_left(&r) == 0;
}

uint64_t fr_dense_row(const struct fr_dense *d, uint32_t row)
{
    const uint8_t *at = row_at(d, row);
    uint64_t bits = d->coded ? d->seg->kernels->nonzero_codes(at) : fr_load64(at);
    uint32_t left = d->ranges - row * ROW_RANGES;
    return left < ROW_RANGES ? bits & ((1ull << left) - 1) : bits;
}

const uint8_t *fr_dense_levels(const struct fr_dense *d, uint8_t *scratch)
{
    uint64_t used = 0;
    if (d->coded) return d->level_codes;
    for (uint32_t row = 0; row < d->row_count; row++) {
        uint64_t bits = fr_dense_row(d, row);
        uint32_t bytes = (fr_popcount(bits) + 1) / 2;
        if (bytes > d->level_bytes - used) bits = 0; /* damaged: its checksum would have told */
        d->seg->kernels->expand_codes(d->level_codes + used, bits, scratch + 32ull * row);
        used += bits ? bytes : 0;
    }
    return scratch;
}

static uint64_t bits_of(uint64_t ids, unsigned n)
{
    uint64_t mask = 0;
    for (unsigned k = 0; k < BYTES_MOST; k++, ids >>= 8) mask |= (uint64_t)(k < n) << (ids & 63);
    return mask;
}

static bool locate_entries(const struct fr_dense *d, uint64_t at, uint32_t n,
                           struct fr_dense_range *r)
{
    r->n = n;
    if (at + n > d->entry_bytes || !fr_segment_verify_range(d->seg, d->entries + at, n))
        return false;
    r->entries = r->codes = d->entries + at;
    return true;
}

/* Code of a range in its row of a coded term. */
static inline unsigned code_at(const uint8_t *row, uint32_t range)
{
    return range % ROW_RANGES < 32 ? row[range % 32] & 15u : row[range % 32] >> 4;
}

static bool locate_coded(const struct fr_dense *d, uint32_t range, struct fr_dense_range *r)
{
    const uint8_t *row = row_at(d, range / ROW_RANGES);
    unsigned code = code_at(row, range);
    if (code == 0) return true;
    uint64_t before = d->seg->kernels->sum_codes(row, range % 64, wide_bytes);
    uint64_t at = (uint64_t)fr_load32(row + 32) + (uint32_t)before;
    if (code <= BYTES_MOST) return locate_entries(d, at, code, r);
    uint64_t wide = (uint64_t)fr_load32(row + 36) + (before >> 32);
    if (at + 8 > d->entry_bytes || wide + wide_bytes[code] > d->wide_bytes ||
        !fr_segment_verify_range(d->seg, d->entries + at, 8) ||
        !fr_segment_verify_range(d->seg, d->wide + wide, wide_bytes[code]))
        return false;
    r->wide = true;
    r->n = code;
    r->entries = d->entries + at;
    r->codes = d->wide + wide;
    return true;
}

static bool locate_listed(const struct fr_dense *d, uint32_t range, struct fr_dense_range *r)
{
    const uint8_t *row = row_at(d, range / ROW_RANGES);
    uint64_t ranges = fr_load64(row), below = (1ull << (range % 64)) - 1;
    if (!(ranges >> (range % 64) & 1)) return true;
    uint64_t first = load_number(d, row + 8), most = d->df;
    uint32_t nth = fr_popcount(ranges & below);
    if (first >= most) return false;
    uint64_t bits = most - first < FR_ROW_DOCS ? most - first : FR_ROW_DOCS;
    if (!fr_segment_verify_range(d->seg, d->last + first / 8, (first % 8 + bits + 7) / 8))
        return false;
    uint64_t found = d->seg->kernels->find_group(d->last, first, first + bits, nth);
    uint32_t n = (uint32_t)(found >> 32);
    return n && n <= FR_RANGE_DOCS && locate_entries(d, (uint32_t)found, n, r);
}

bool fr_dense_locate(const struct fr_dense *d, uint32_t range, struct fr_dense_range *r)
{
    *r = (struct fr_dense_range){0, d->entries, d->entries, range, 0, false};
    bool sound = d->coded ? locate_coded(d, range, r) : locate_listed(d, range, r);
    __builtin_prefetch(r->entries);
    return sound;
}

bool fr_dense_load(const struct fr_dense *d, struct fr_dense_range *r)
{
    uint32_t docs = d->seg->stats.docs;
    r->mask = fr_load64(r->entries); /* a section has bytes behind it */
    if (!r->wide) r->mask = bits_of(r->mask, r->n);
    for (uint32_t k = BYTES_MOST; k < r->n && !r->wide; k++) r->mask |= 1ull << (r->codes[k] & 63);
    uint32_t n = fr_popcount(r->mask);
    if (r->wide ? code_of(n) != r->n : n != r->n) return false;
    return r->range != d->ranges - 1 || docs % 64 == 0 || !(r->mask >> (docs % 64));
}

bool fr_dense_find(const struct fr_dense *d, uint32_t range, struct fr_dense_range *r)
{
    return fr_dense_locate(d, range, r) && fr_dense_load(d, r);
}

static bool coded_row_or(const struct fr_dense *d, uint32_t row, uint64_t masks[64])
{
    const uint8_t *at = row_at(d, row);
    uint64_t first = fr_load32(at + 32);
    uint32_t bytes = (uint32_t)d->seg->kernels->sum_codes(at, ROW_RANGES, wide_bytes);
    if (first + bytes > d->entry_bytes ||
        !fr_segment_verify_range(d->seg, d->entries + first, bytes))
        return false;
    d->seg->kernels->or_entries(at, d->entries + first, masks);
    return true;
}

static bool listed_row_or(const struct fr_dense *d, uint32_t row, uint64_t masks[64])
{
    const uint8_t *at = row_at(d, row);
    uint8_t range[ROW_RANGES];
    uint32_t ranges = 0, first = load_number(d, at + 8);
    uint32_t end = row + 1 < d->row_count ? load_number(d, at + d->row_bytes + 8) : d->df;
    for (uint64_t left = fr_load64(at); left; left &= left - 1)
        range[ranges++] = (uint8_t)__builtin_ctzll(left);
    if (first > end || end > d->df ||
        !fr_segment_verify_range(d->seg, d->entries + first, end - first) ||
        !fr_segment_verify_range(d->seg, d->last + first / 8, (end + 7) / 8 - first / 8))
        return false;
    uint32_t i = 0;
    for (uint32_t k = first; k < end && i < ranges; k++) {
        masks[range[i]] |= 1ull << (d->entries[k] & 63);
        i += d->last[k / 8] >> (k % 8) & 1;
    }
    return i == ranges;
}

bool fr_dense_row_or(const struct fr_dense *d, uint32_t row, uint64_t masks[64])
{
    uint32_t docs = d->seg->stats.docs;
    if (!(d->coded ? coded_row_or(d, row, masks) : listed_row_or(d, row, masks))) return false;
    if (row + 1 < d->row_count) return true;
    for (uint32_t i = 0; i < ROW_RANGES; i++) { /* a hostile file's beyond the last document */
        uint32_t first = row * FR_ROW_DOCS + i * FR_RANGE_DOCS;
        if (first + FR_RANGE_DOCS <= docs) continue;
        masks[i] &= first < docs ? (1ull << (docs - first)) - 1 : 0;
    }
    return true;
}

static uint32_t high_begin(const struct fr_dense *d, uint32_t row)
{
    uint32_t at = d->high_count;
    if (row < d->row_count)
        at = d->coded ? fr_load32(row_at(d, row) + 40)
                      : load_number(d, row_at(d, row) + 8 + number_bytes(d->df));
    return at < d->high_count ? at : d->high_count;
}

static uint32_t rare_tf(const struct fr_dense *d, uint32_t doc)
{
    uint32_t low = 0, high = d->rare_count;
    if (!fr_segment_verify_range(d->seg, d->rare, 8ull * d->rare_count)) return 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (fr_load32(d->rare + 8ull * middle) < doc)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == d->rare_count || fr_load32(d->rare + 8ull * low) != doc) return 1;
    uint32_t tf = fr_load32(d->rare + 8ull * low + 4);
    return tf ? tf : 1;
}

/* The tf of a document of code 3, which is high[at]; 1 where the file says two things. */
static uint32_t tf_at(const struct fr_dense *d, uint32_t at, uint32_t end, uint32_t doc)
{
    if (at >= end) return 1;
    uint16_t found = fr_load16(d->high + 2ull * at);
    if (found >> 4 != doc % FR_ROW_DOCS) return 1;
    return (found & 15) < 15 ? 4u + (found & 15) : rare_tf(d, doc);
}

/* The first of high[low, high) that is of the document or behind it. */
static uint32_t find_high(const struct fr_dense *d, uint32_t low, uint32_t high, uint32_t doc)
{
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (fr_load16(d->high + 2ull * middle) >> 4 < doc % FR_ROW_DOCS)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Of the document's row: [*begin, *end), nothing if it can't be read. */
static void row_high(const struct fr_dense *d, uint32_t doc, uint32_t *begin, uint32_t *end)
{
    *begin = high_begin(d, doc / FR_ROW_DOCS);
    *end = high_begin(d, doc / FR_ROW_DOCS + 1);
    if (*begin >= *end ||
        !fr_segment_verify_range(d->seg, d->high + 2ull * *begin, 2ull * (*end - *begin)))
        *end = *begin;
}

uint32_t fr_dense_high_tf(const struct fr_dense *d, uint32_t doc)
{
    uint32_t begin, end;
    row_high(d, doc, &begin, &end);
    return tf_at(d, find_high(d, begin, end, doc), end, doc);
}

void fr_dense_tfs(const struct fr_dense *d, const struct fr_dense_range *r, uint32_t *tfs)
{
    uint32_t k = 0;
    for (uint64_t left = r->mask; left; left &= left - 1, k++) {
        unsigned code = fr_dense_tf_code(r, k);
        tfs[k] = code < 3 ? code + 1
                          : fr_dense_high_tf(d, r->range * 64 + (uint32_t)__builtin_ctzll(left));
    }
}

/* Bits that positions take. Those of a posting take tf times its document's width, where 4 stands
 * for a larger tf; `widths` are of the documents of the range. */
static uint64_t bits_of_entries(const uint8_t *entries, uint32_t n, const uint8_t *widths)
{
    uint64_t bits = 0;
    for (uint32_t k = 0; k < n; k++) bits += ((entries[k] >> 6) + 1u) * widths[entries[k] & 63];
    return bits;
}

/* What the documents [from, to), all of one row, take beyond that. */
static uint64_t bits_of_high(const struct fr_dense *d, uint32_t from, uint32_t to,
                             const uint8_t *widths)
{
    uint32_t begin, end, first = from - from % FR_ROW_DOCS;
    uint64_t bits = 0;
    row_high(d, from, &begin, &end);
    for (uint32_t at = find_high(d, begin, end, from); at < end; at++) {
        uint16_t high = fr_load16(d->high + 2ull * at);
        uint32_t doc = first + (high >> 4), more = high & 15;
        if (doc >= to) break;
        uint32_t tf = more < 15 ? more + 4 : rare_tf(d, doc);
        bits += tf > 4 ? (uint64_t)(tf - 4) * widths[doc] : 0;
    }
    return bits;
}

/* Of the ranges [first, end) of a coded row. False: damaged. */
static bool bits_of_coded(const struct fr_dense *d, uint32_t first, uint32_t end,
                          const uint8_t *widths, uint64_t *bits)
{
    const struct fr_kernels *kernels = d->seg->kernels;
    const uint8_t *row = row_at(d, end / ROW_RANGES);
    uint64_t from = kernels->sum_codes(row, first % ROW_RANGES, wide_bytes),
             to = kernels->sum_codes(row, end % ROW_RANGES, wide_bytes);
    uint64_t at = fr_load32(row + 32), wide_at = fr_load32(row + 36);
    uint32_t bytes = (uint32_t)to - (uint32_t)from, wides = (uint32_t)((to >> 32) - (from >> 32));
    at += (uint32_t)from;
    wide_at += from >> 32;
    if (at + bytes > d->entry_bytes || wide_at + wides > d->wide_bytes ||
        !fr_segment_verify_range(d->seg, d->entries + at, bytes) ||
        !fr_segment_verify_range(d->seg, d->wide + wide_at, wides))
        return false;
    const uint8_t *entries = d->entries + at, *wide = d->wide + wide_at;
    for (uint32_t range = first; range < end; range++) {
        const uint8_t *its = widths + (size_t)range * FR_RANGE_DOCS;
        unsigned code = code_at(row, range);
        if (code <= BYTES_MOST) {
            *bits += bits_of_entries(entries, code, its);
            entries += code;
            continue;
        }
        uint64_t mask = fr_load64(entries);
        if (code_of(fr_popcount(mask)) != code) return false;
        *bits += kernels->sum_wide(its, mask, wide);
        entries += 8;
        wide += wide_bytes[code];
    }
    return true;
}

/* Of a listed row's ranges before the one whose entries begin at `end`. */
static bool bits_of_listed(const struct fr_dense *d, uint32_t row, uint32_t end,
                           const uint8_t *widths, uint64_t *bits)
{
    uint64_t ranges = fr_load64(row_at(d, row));
    uint32_t first = load_number(d, row_at(d, row) + 8);
    if (first > end || !fr_segment_verify_range(d->seg, d->entries + first, end - first) ||
        !fr_segment_verify_range(d->seg, d->last + first / 8, (end + 7) / 8 - first / 8))
        return false;
    for (uint32_t k = first; k < end && ranges; k++) {
        uint32_t range = row * ROW_RANGES + (uint32_t)__builtin_ctzll(ranges);
        *bits += bits_of_entries(d->entries + k, 1, widths + (size_t)range * FR_RANGE_DOCS);
        if (d->last[k / 8] >> (k % 8) & 1) ranges &= ranges - 1;
    }
    return true;
}

bool fr_dense_position(const struct fr_dense *d, const struct fr_dense_range *r, uint32_t doc,
                       const uint8_t *widths, uint64_t *bit)
{
    uint32_t first = r->range / d->chunk * d->chunk;
    uint64_t docs = (r->range + 1ull - first) * FR_RANGE_DOCS,
             left = d->seg->stats.docs - first * (uint64_t)FR_RANGE_DOCS;
    if (!fr_segment_verify_range(d->seg, widths + first * 64ull, docs < left ? docs : left))
        return false;
    *bit = fr_load32(d->position_at + 4ull * (first / d->chunk));
    if (!(d->coded ? bits_of_coded(d, first, r->range, widths, bit)
                   : bits_of_listed(d, r->range / ROW_RANGES, (uint32_t)(r->entries - d->entries),
                                    widths, bit)))
        return false;
    const uint8_t *its = widths + (size_t)r->range * FR_RANGE_DOCS;
    uint64_t before = r->mask & ((1ull << (doc % FR_RANGE_DOCS)) - 1);
    *bit += r->wide ? d->seg->kernels->sum_wide(its, before, r->codes)
                    : bits_of_entries(r->entries, fr_popcount(before), its);
    *bit += bits_of_high(d, first * FR_RANGE_DOCS, doc, widths);
    return true;
}

static struct fr_buf *buffer(struct fr_dense_writer *w, unsigned i)
{
    struct fr_buf *all[] = {&w->entries, &w->counts, &w->high, &w->rare, &w->chunk_at};
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
    return w->entries.failed || w->counts.failed || w->high.failed || w->rare.failed ||
           w->chunk_at.failed;
}

static void put_high(struct fr_dense_writer *w, uint32_t doc, uint32_t tf)
{
    uint32_t more = tf - 4 < 15 ? tf - 4 : 15;
    fr_buf_u16(&w->high, (uint16_t)(doc % FR_ROW_DOCS << 4 | more));
    if (more < 15) return;
    fr_buf_u32(&w->rare, doc);
    fr_buf_u32(&w->rare, tf);
}

void fr_dense_writer_add(struct fr_dense_writer *w, uint32_t doc, uint32_t tf)
{
    while (w->counts.len <= doc / FR_RANGE_DOCS && !w->counts.failed) fr_buf_u8(&w->counts, 0);
    if (w->counts.failed) return;
    w->counts.data[w->counts.len - 1]++;
    fr_buf_u8(&w->entries, (uint8_t)(doc % FR_RANGE_DOCS | (tf < 4 ? tf - 1 : 3) << 6));
    if (tf >= 4) put_high(w, doc, tf);
}

bool fr_dense_writer_begins_chunk(const struct fr_dense_writer *w, uint32_t doc)
{
    return doc / FR_RANGE_DOCS / FR_DENSE_CHUNK >= FR_COUNT(&w->chunk_at, uint32_t);
}

void fr_dense_writer_chunk(struct fr_dense_writer *w, uint32_t doc, uint32_t position_at)
{
    while (fr_dense_writer_begins_chunk(w, doc) && !w->chunk_at.failed)
        fr_buf_u32(&w->chunk_at, position_at);
}

/* A walk over the term's rows. */
struct row_walk {
    uint32_t row, entry, high; /* first entry and high of the row */
    uint32_t entries, highs;   /* how many it has */
};

static bool next_row(const struct fr_dense_writer *w, struct row_walk *walk)
{
    uint32_t rows = row_count(fr_range_count(w->stats->docs));
    walk->entry += walk->entries;
    walk->high += walk->highs;
    walk->entries = walk->highs = 0;
    if (++walk->row >= rows) return false;
    const uint8_t *counts = w->counts.data + (size_t)walk->row * ROW_RANGES;
    for (uint32_t i = 0; i < ROW_RANGES; i++) walk->entries += counts[i];
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
        uint8_t codes[32] = {0};
        const uint8_t *counts = w->counts.data + (size_t)walk.row * ROW_RANGES;
        const uint8_t *entry = w->entries.data + walk.entry;
        uint32_t entries_at = (uint32_t)entries->len, wide_at = (uint32_t)wide->len;
        for (uint32_t i = 0; i < ROW_RANGES; entry += counts[i++]) {
            unsigned code = code_of(counts[i]);
            codes[i % 32] |= (uint8_t)(i < 32 ? code : code << 4);
            if (code <= BYTES_MOST) {
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
            fr_buf_put(wide, tfs, wide_bytes[code]);
        }
        fr_buf_put(out, codes, sizeof codes);
        fr_buf_u32(out, entries_at);
        fr_buf_u32(out, wide_at);
        fr_buf_u32(out, walk.high);
    }
}

static void put_number(struct fr_buf *out, uint32_t df, uint32_t v)
{
    if (number_bytes(df) == 2)
        fr_buf_u16(out, (uint16_t)v);
    else
        fr_buf_u32(out, v);
}

static void put_listed(const struct fr_dense_writer *w, uint32_t df, struct fr_buf *out,
                       struct fr_buf *last)
{
    struct row_walk walk = {.row = UINT32_MAX};
    uint64_t at = 0;
    for (uint32_t i = 0; i < (df + 7) / 8; i++) fr_buf_u8(last, 0);
    while (!last->failed && next_row(w, &walk)) {
        const uint8_t *counts = w->counts.data + (size_t)walk.row * ROW_RANGES;
        uint64_t ranges = 0;
        for (uint32_t i = 0; i < ROW_RANGES; i++) {
            if (!counts[i]) continue;
            ranges |= 1ull << i;
            at += counts[i];
            last->data[(at - 1) / 8] |= (uint8_t)(1u << (at - 1) % 8);
        }
        fr_buf_u64(out, ranges);
        put_number(out, df, walk.entry);
        put_number(out, df, walk.high);
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
        bool row_ends = r % ROW_RANGES == ROW_RANGES - 1 || r + 1 == ranges;
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
    bool coded = is_coded(df, docs);
    struct fr_buf entries, wide, rows, codes;
    uint8_t levels[FR_RANGE_LEVELS], code_of_max[256];
    struct fr_buf *made[] = {&entries, &wide, &rows, &codes};
    for (unsigned i = 0; i < 4; i++) fr_buf_init(made[i], out->mem);
    while (w->counts.len < (size_t)row_count(ranges) * ROW_RANGES && !w->counts.failed)
        fr_buf_u8(&w->counts, 0);
    fr_dense_writer_chunk(w, docs - 1, w->chunk_at.len ? UINT32_MAX : 0);
    if (!fr_dense_writer_failed(w)) {
        level_table(range_max, ranges, levels, code_of_max);
        put_levels(w, coded, range_max, code_of_max, &codes);
        if (coded)
            put_coded(w, &rows, &entries, &wide);
        else
            put_listed(w, df, &rows, &wide);
        fr_buf_u32(out, (uint32_t)codes.len);
        fr_buf_u32(out, coded ? (uint32_t)wide.len : 0);
        fr_buf_u32(out, (uint32_t)(w->high.len / 2));
        fr_buf_u32(out, (uint32_t)(w->rare.len / 8));
        fr_buf_put(out, levels, sizeof levels);
        fr_buf_put(out, rows.data, rows.len);
        const uint32_t *chunk_at = (const uint32_t *)(const void *)w->chunk_at.data;
        for (size_t i = 0; i < FR_COUNT(&w->chunk_at, uint32_t);
             i += chunk_ranges(df, docs) / FR_DENSE_CHUNK)
            fr_buf_u32(out, chunk_at[i]);
        fr_buf_put(out, codes.data, codes.len);
        fr_buf_put(out, w->high.data, w->high.len);
        fr_buf_put(out, w->rare.data, w->rare.len);
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
