/* Reads the two forms of dense.h. Where a range's entries begin follows from what the row has
 * before it: the codes of a coded row are summed, in a listed row the set bits of `last` are
 * counted. Both are kernels (simd/dense_kernels.h), as are the expansion of entries and levels to
 * bits and bytes. */
#include "segment/dense.h"

#include "base/lower_bound.h"
#include "segment/dense_layout.h"

static const uint8_t *row_at(const struct fr_dense *d, uint32_t row)
{
    return d->rows + (size_t)row * d->row_bytes;
}

static const struct fr_coded_row *coded_row(const struct fr_dense *d, uint32_t row)
{
    return (const struct fr_coded_row *)(const void *)row_at(d, row);
}

/* Of either width. */
static struct fr_wide_listed_row listed_row(const struct fr_dense *d, uint32_t row)
{
    const void *at = row_at(d, row);
    const struct fr_wide_listed_row *wide = at;
    const struct fr_listed_row *narrow = at;
    if (d->row_bytes == sizeof *wide) return *wide;
    return (struct fr_wide_listed_row){narrow->ranges, narrow->entries_at, narrow->high_at};
}

bool fr_dense_open(const struct fr_segment *seg, uint32_t df, const uint8_t *bytes, uint64_t len,
                   struct fr_dense *d)
{
    struct fr_reader r = fr_reader_of(bytes, len);
    bool coded = fr_dense_is_coded(df, seg->stats.docs);
    *d = (struct fr_dense){.seg = seg,
                           .df = df,
                           .coded = coded,
                           .ranges = fr_range_count(seg->stats.docs),
                           .row_bytes = fr_dense_row_bytes(coded, df),
                           .chunk = fr_dense_chunk_ranges(df, seg->stats.docs),
                           .entry_bytes = df};
    d->row_count = fr_row_count(d->ranges);
    const void *start = fr_read_bytes(&r, sizeof(struct fr_dense_header));
    const struct fr_dense_header *header = start;
    if (!header || !fr_segment_verify_range(seg, bytes, sizeof *header)) return false;
    d->level_bytes = header->level_bytes;
    d->wide_bytes = header->wide_bytes;
    d->high_count = header->high_count;
    d->rare_count = header->rare_count;
    d->levels = header->levels;
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
    uint64_t bits =
        d->coded ? d->seg->kernels.dense.nonzero_codes(row_at(d, row)) : fr_load64(row_at(d, row));
    uint32_t left = d->ranges - row * FR_ROW_RANGES;
    return left < FR_ROW_RANGES ? bits & ((1ull << left) - 1) : bits;
}

const uint8_t *fr_dense_levels(const struct fr_dense *d, uint8_t *scratch)
{
    uint64_t used = 0;
    if (d->coded) return d->level_codes;
    for (uint32_t row = 0; row < d->row_count; row++) {
        uint64_t bits = fr_dense_row(d, row);
        uint32_t bytes = (fr_popcount(bits) + 1) / 2;
        if (bytes > d->level_bytes - used) bits = 0; /* damaged: its checksum would have told */
        d->seg->kernels.dense.expand_codes(d->level_codes + used, bits, scratch + 32ull * row);
        used += bits ? bytes : 0;
    }
    return scratch;
}

static uint64_t bits_of(uint64_t ids, unsigned n)
{
    uint64_t mask = 0;
    for (unsigned k = 0; k < FR_DENSE_BYTES_MOST; k++, ids >>= 8)
        mask |= (uint64_t)(k < n) << (ids & 63);
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
static inline unsigned code_at(const struct fr_coded_row *row, uint32_t range)
{
    uint8_t codes = row->codes[range % 32];
    return range % FR_ROW_RANGES < 32 ? codes & 15u : codes >> 4;
}

static uint32_t high_begin(const struct fr_dense *d, uint32_t row)
{
    uint32_t at = d->high_count;
    if (row < d->row_count) at = d->coded ? coded_row(d, row)->high_at : listed_row(d, row).high_at;
    return at < d->high_count ? at : d->high_count;
}

/* Where in high[begin, end), of the document's row, the document may stand: they are spread over
 * the row. */
static uint32_t guess_high(uint32_t begin, uint32_t end, uint32_t doc)
{
    return begin + (uint32_t)((uint64_t)(end - begin) * (doc % FR_ROW_DOCS) / FR_ROW_DOCS);
}

static bool locate_coded(const struct fr_dense *d, uint32_t range, struct fr_dense_range *r)
{
    const struct fr_coded_row *row = coded_row(d, range / FR_ROW_RANGES);
    unsigned code = code_at(row, range);
    if (code == 0) return true;
    uint64_t before = d->seg->kernels.dense.sum_codes(row->codes, range % 64, fr_wide_bytes);
    uint64_t at = (uint64_t)row->entries_at + (uint32_t)before;
    if (code <= FR_DENSE_BYTES_MOST) return locate_entries(d, at, code, r);
    uint64_t wide = (uint64_t)row->wide_at + (before >> 32);
    if (at + 8 > d->entry_bytes || wide + fr_wide_bytes[code] > d->wide_bytes ||
        !fr_segment_verify_range(d->seg, d->entries + at, 8) ||
        !fr_segment_verify_range(d->seg, d->wide + wide, fr_wide_bytes[code]))
        return false;
    r->wide = true;
    __builtin_prefetch(d->wide + wide);
    if (d->high_count) {
        uint32_t first = range * FR_RANGE_DOCS, begin = high_begin(d, range / FR_ROW_RANGES),
                 end = high_begin(d, range / FR_ROW_RANGES + 1);
        if (begin < end) __builtin_prefetch(d->high + 2ull * guess_high(begin, end, first));
    }
    r->n = code;
    r->entries = d->entries + at;
    r->codes = d->wide + wide;
    return true;
}

static bool locate_listed(const struct fr_dense *d, uint32_t range, struct fr_dense_range *r)
{
    struct fr_wide_listed_row row = listed_row(d, range / FR_ROW_RANGES);
    uint64_t below = (1ull << (range % 64)) - 1;
    if (!(row.ranges >> (range % 64) & 1)) return true;
    uint64_t first = row.entries_at, most = d->df;
    uint32_t nth = fr_popcount(row.ranges & below);
    if (first >= most) return false;
    uint64_t bits = most - first < FR_ROW_DOCS ? most - first : FR_ROW_DOCS;
    if (!fr_segment_verify_range(d->seg, d->last + first / 8, (first % 8 + bits + 7) / 8))
        return false;
    uint64_t found = d->seg->kernels.dense.find_group(d->last, first, first + bits, nth);
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
    for (uint32_t k = FR_DENSE_BYTES_MOST; k < r->n && !r->wide; k++)
        r->mask |= 1ull << (r->codes[k] & 63);
    uint32_t n = fr_popcount(r->mask);
    if (r->wide ? fr_range_code(n) != r->n : n != r->n) return false;
    return r->range != d->ranges - 1 || docs % 64 == 0 || !(r->mask >> (docs % 64));
}

bool fr_dense_find(const struct fr_dense *d, uint32_t range, struct fr_dense_range *r)
{
    return fr_dense_locate(d, range, r) && fr_dense_load(d, r);
}

static bool coded_row_or(const struct fr_dense *d, uint32_t row, uint64_t masks[64])
{
    const struct fr_coded_row *at = coded_row(d, row);
    uint64_t first = at->entries_at;
    uint32_t bytes =
        (uint32_t)d->seg->kernels.dense.sum_codes(at->codes, FR_ROW_RANGES, fr_wide_bytes);
    if (first + bytes > d->entry_bytes ||
        !fr_segment_verify_range(d->seg, d->entries + first, bytes))
        return false;
    d->seg->kernels.dense.or_entries(at->codes, d->entries + first, masks);
    return true;
}

static bool listed_row_or(const struct fr_dense *d, uint32_t row, uint64_t masks[64])
{
    struct fr_wide_listed_row at = listed_row(d, row);
    uint32_t first = at.entries_at;
    uint32_t end = row + 1 < d->row_count ? listed_row(d, row + 1).entries_at : d->df;
    if (first > end || end > d->df ||
        !fr_segment_verify_range(d->seg, d->entries + first, end - first) ||
        !fr_segment_verify_range(d->seg, d->last + first / 8, (end + 7) / 8 - first / 8))
        return false;
    return d->seg->kernels.dense.or_listed(at.ranges, d->last, first, d->entries + first,
                                           end - first, masks);
}

bool fr_dense_row_or(const struct fr_dense *d, uint32_t row, uint64_t masks[64])
{
    uint32_t docs = d->seg->stats.docs;
    if (!(d->coded ? coded_row_or(d, row, masks) : listed_row_or(d, row, masks))) return false;
    if (row + 1 < d->row_count) return true;
    for (uint32_t i = 0; i < FR_ROW_RANGES; i++) { /* a hostile file's beyond the last document */
        uint32_t first = row * FR_ROW_DOCS + i * FR_RANGE_DOCS;
        if (first + FR_RANGE_DOCS <= docs) continue;
        masks[i] &= first < docs ? (1ull << (docs - first)) - 1 : 0;
    }
    return true;
}

/* The first of rare[low, rare_count) that is of the document or a later one; rare_count if it can't
 * be read. */
static uint32_t find_rare(const struct fr_dense *d, uint32_t low, uint32_t doc)
{
    FR_LOWER_BOUND_FROM(uint32_t, low, d->rare_count, i, fr_load32(d->rare + 8ull * i) < doc);
    return low;
}

static uint32_t rare_tf(const struct fr_dense *d, uint32_t at, uint32_t doc)
{
    if (at >= d->rare_count || fr_load32(d->rare + 8ull * at) != doc) return 1;
    uint32_t tf = fr_load32(d->rare + 8ull * at + 4);
    return tf ? tf : 1;
}

static uint32_t high_doc(const struct fr_dense *d, uint32_t at)
{
    return fr_load16(d->high + 2ull * at) >> 4;
}

/* The first of high[low, end), of the document's row, that is of the document or a later one;
 * searched from `at` on, in either direction. */
static uint32_t find_high(const struct fr_dense *d, uint32_t low, uint32_t at, uint32_t end,
                          uint32_t doc)
{
    const uint32_t wanted = doc % FR_ROW_DOCS;
    uint32_t step = 4;
    if (low == end) return low;
    if (high_doc(d, at) < wanted) {
        for (low = at + 1; end - low > step && high_doc(d, low + step - 1) < wanted; step *= 2)
            low += step;
        if (end - low > step) end = low + step;
    } else {
        for (end = at; end - low > step && high_doc(d, end - step) >= wanted; step *= 2)
            end -= step;
        if (end - low > step) low = end - step;
    }
    uint32_t left = end - low;
    if (left == 0) return low;
    for (uint32_t half; left > 1; left -= half) { /* which half is a coin's toss: no branch */
        half = left / 2;
        low += high_doc(d, low + half - 1) < wanted ? half : 0;
    }
    return low + (high_doc(d, low) < wanted);
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

/* Moves to the first of the document or a later one of its row. */
static void seek_high(const struct fr_dense *d, uint32_t doc, struct fr_dense_high *high)
{
    uint32_t row_end = doc / FR_ROW_DOCS + 1;
    if (row_end != high->row_end) {
        if (row_end < high->row_end) high->rare = 0;
        high->row_end = row_end;
        row_high(d, doc, &high->begin, &high->end);
    }
    if (high->begin < high->end)
        high->at =
            find_high(d, high->begin, guess_high(high->begin, high->end, doc), high->end, doc);
    else
        high->at = high->end;
}

uint32_t fr_dense_rare_tf(const struct fr_dense *d, uint32_t doc, struct fr_dense_high *high)
{
    if (!high->rare_sound)
        high->rare_sound = fr_segment_verify_range(d->seg, d->rare, 8ull * d->rare_count);
    if (!high->rare_sound) return 1;
    if (high->rare >= d->rare_count || fr_load32(d->rare + 8ull * high->rare) > doc) high->rare = 0;
    high->rare = find_rare(d, high->rare, doc);
    return rare_tf(d, high->rare, doc);
}

/* tf of the document that `high` is at. */
static inline uint32_t tf_of_high(const struct fr_dense *d, uint32_t doc,
                                  struct fr_dense_high *high)
{
    unsigned more = fr_load16(d->high + 2ull * high->at) & 15;
    return more < 15 ? 4 + more : fr_dense_rare_tf(d, doc, high);
}

uint32_t fr_dense_high_tf(const struct fr_dense *d, uint32_t doc, struct fr_dense_high *high)
{
    seek_high(d, doc, high);
    if (high->at >= high->end || high_doc(d, high->at) != doc % FR_ROW_DOCS)
        return 1; /* the file says two things */
    return tf_of_high(d, doc, high);
}

/* tf codes of a range of few documents. */
static uint64_t spread_entries(const struct fr_dense_range *r, uint32_t tfs[FR_RANGE_DOCS])
{
    uint64_t largest = 0;
    memset(tfs, 0, FR_RANGE_DOCS * sizeof *tfs);
    for (uint32_t k = 0; k < r->n; k++) {
        unsigned i = r->entries[k] & 63, code = r->entries[k] >> 6;
        tfs[i] = code + 1;
        largest |= (uint64_t)(code == 3) << i;
    }
    return largest;
}

uint64_t fr_dense_spread_most(const struct fr_dense *d, const struct fr_dense_range *r,
                              struct fr_dense_high *high, uint32_t tfs[FR_RANGE_DOCS])
{
    uint64_t where = r->wide ? d->seg->kernels.dense.spread_codes(r->mask, r->codes, tfs)
                             : spread_entries(r, tfs);
    if (!where) return 0;
    seek_high(d, r->range * FR_RANGE_DOCS, high);
    uint32_t n = fr_popcount(where), left = high->end - high->at;
    for (; n > left; n--) where ^= 1ull << (63 - __builtin_clzll(where)); /* the file says less */
    uint64_t many = d->seg->kernels.dense.spread_high(where, d->high + 2ull * high->at, tfs);
    high->at += n;
    return many;
}

void fr_dense_spread_tfs(const struct fr_dense *d, const struct fr_dense_range *r,
                         struct fr_dense_high *high, uint32_t tfs[FR_RANGE_DOCS])
{
    for (uint64_t many = fr_dense_spread_most(d, r, high, tfs); many; many &= many - 1) {
        unsigned i = (unsigned)__builtin_ctzll(many);
        tfs[i] = fr_dense_rare_tf(d, r->range * FR_RANGE_DOCS + i, high);
    }
}

void fr_dense_tfs(const struct fr_dense *d, const struct fr_dense_range *r, uint32_t *tfs)
{
    struct fr_dense_high high = {0};
    uint32_t k = 0;
    for (uint64_t left = r->mask; left; left &= left - 1, k++) {
        uint32_t doc = r->range * FR_RANGE_DOCS + (uint32_t)__builtin_ctzll(left);
        unsigned code = fr_dense_tf_code(r, k);
        tfs[k] = code < 3 ? code + 1 : fr_dense_high_tf(d, doc, &high);
    }
}

/* Bits that positions take, where a tf of 4 stands for a larger one; `widths` are of the documents
 * of the range. */
static uint64_t bits_of_entries(const uint8_t *entries, uint32_t n, const uint8_t *widths)
{
    uint64_t bits = 0;
    for (uint32_t k = 0; k < n; k++)
        bits += fr_ascending_bits((entries[k] >> 6) + 1u, widths[entries[k] & 63]);
    return bits;
}

/* What the documents [from, to), all of one row, take beyond that. */
static uint64_t bits_of_high(const struct fr_dense *d, uint32_t from, uint32_t to,
                             const uint8_t *widths, struct fr_dense_high *high)
{
    uint32_t row = from - from % FR_ROW_DOCS;
    uint64_t bits = 0;
    for (seek_high(d, from, high); high->at < high->end; high->at++) {
        uint32_t doc = row + high_doc(d, high->at);
        if (doc >= to) break;
        uint32_t tf = tf_of_high(d, doc, high);
        if (tf > 4) bits += fr_ascending_bits(tf, widths[doc]) - fr_ascending_bits(4, widths[doc]);
    }
    return bits;
}

/* Of the ranges [first, end) of a coded row. False: damaged. */
static bool bits_of_coded(const struct fr_dense *d, uint32_t first, uint32_t end,
                          const uint8_t *widths, uint64_t *bits)
{
    const struct fr_dense_kernels *kernels = &d->seg->kernels.dense;
    const struct fr_coded_row *row = coded_row(d, end / FR_ROW_RANGES);
    uint64_t from = kernels->sum_codes(row->codes, first % FR_ROW_RANGES, fr_wide_bytes),
             to = kernels->sum_codes(row->codes, end % FR_ROW_RANGES, fr_wide_bytes);
    uint64_t at = row->entries_at, wide_at = row->wide_at;
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
        if (code <= FR_DENSE_BYTES_MOST) {
            *bits += bits_of_entries(entries, code, its);
            entries += code;
            continue;
        }
        uint64_t mask = fr_load64(entries);
        if (fr_range_code(fr_popcount(mask)) != code) return false;
        *bits += kernels->sum_wide(its, mask, wide);
        entries += 8;
        wide += fr_wide_bytes[code];
    }
    return true;
}

/* Of the entries [first, end) of a listed row, the first of which is of a range >= `from`. */
static bool bits_of_listed(const struct fr_dense *d, uint32_t from, uint32_t first, uint32_t end,
                           const uint8_t *widths, uint64_t *bits)
{
    uint32_t row = from / FR_ROW_RANGES;
    uint64_t ranges = listed_row(d, row).ranges & ~0ull << from % FR_ROW_RANGES;
    if (first > end || !fr_segment_verify_range(d->seg, d->entries + first, end - first) ||
        !fr_segment_verify_range(d->seg, d->last + first / 8, (end + 7) / 8 - first / 8))
        return false;
    for (uint32_t k = first; k < end && ranges; k++) {
        uint32_t range = row * FR_ROW_RANGES + (uint32_t)__builtin_ctzll(ranges);
        *bits += bits_of_entries(d->entries + k, 1, widths + (size_t)range * FR_RANGE_DOCS);
        if (d->last[k / 8] >> (k % 8) & 1) ranges &= ranges - 1;
    }
    return true;
}

/* To where the range's chunk begins. */
static void to_chunk(const struct fr_dense *d, uint32_t range, struct fr_dense_mark *mark)
{
    uint32_t chunk = range / d->chunk;
    mark->range = chunk * d->chunk;
    mark->bit = fr_load32(d->position_at + 4ull * chunk);
    mark->entry = d->coded ? 0 : listed_row(d, mark->range / FR_ROW_RANGES).entries_at;
}

bool fr_dense_find_positions(const struct fr_dense *d, const struct fr_dense_range *r,
                             const uint8_t *widths, struct fr_dense_mark *mark)
{
    if (mark->known && mark->range == r->range) return true;
    if (!mark->known || mark->range > r->range || mark->range / d->chunk != r->range / d->chunk)
        to_chunk(d, r->range, mark);
    uint32_t from = mark->range, entry = (uint32_t)(r->entries - d->entries);
    uint64_t docs = (r->range + 1ull - from) * FR_RANGE_DOCS,
             left = d->seg->stats.docs - from * (uint64_t)FR_RANGE_DOCS;
    bool sound = fr_segment_verify_range(d->seg, widths + from * 64ull, docs < left ? docs : left);
    if (sound && from < r->range) {
        sound = d->coded ? bits_of_coded(d, from, r->range, widths, &mark->bit)
                         : bits_of_listed(d, from, mark->entry, entry, widths, &mark->bit);
        mark->bit +=
            bits_of_high(d, from * FR_RANGE_DOCS, r->range * FR_RANGE_DOCS, widths, &mark->high);
    }
    mark->range = r->range;
    mark->entry = entry;
    mark->known = sound;
    return sound;
}
