/* dense.h: postings of terms that many documents have, by ranges of 64 documents: any range can be
 * found, and its documents read as bits, without decoding what comes before. A row is 64 ranges.
 * There are two forms:
 *
 *   coded    a 4-bit code for every range: 1-8 that many entries, 9-15 64 bits,
 *            and its tf codes, two bits each, in the stream `wide`
 *
 *   listed   a bit for each range that has entries;
 *            a bit for each entry, set in a range's last
 *
 *   entry    a byte: document of the range + 64 * tf code
 *   tf code  tf - 1; 3 for 4 and more, which `high` has: uint16 document of the row * 16 + tf - 4;
 *            15 there for 19 and more, which `rare` has: uint32 document, uint32 tf
 *
 * Functions that read return false if the bytes don't decode. */
#ifndef FR_SEGMENT_DENSE_H
#define FR_SEGMENT_DENSE_H

#include "base/bytes.h"
#include "base/memory.h"
#include "codec/ascending.h"
#include "segment/segment.h"

struct fr_dense {
    const struct fr_segment *seg;
    const uint8_t *levels;      /* FR_RANGE_LEVELS impact bytes, ascending, the first 0 */
    const uint8_t *level_codes; /* 4 bits for each range; listed: for each that has entries */
    const uint8_t *rows, *position_at, *entries, *wide, *last, *high, *rare;
    uint32_t df, ranges, row_count, row_bytes, chunk, level_bytes;
    uint32_t entry_bytes, wide_bytes, high_count, rare_count;
    bool coded;
};

/* A range: which of its documents have the term, and where their tf codes are. */
struct fr_dense_range {
    uint64_t mask;
    const uint8_t *entries, *codes; /* codes: of tf, in entries or, if `wide`, two bits each */
    uint32_t range, n;              /* n: entries; 0: there is no document, unless wide */
    bool wide;
};

bool fr_dense_open(const struct fr_segment *seg, uint32_t df, const uint8_t *bytes, uint64_t len,
                   struct fr_dense *d);

/* A bit for each range of the row that has a document. */
uint64_t fr_dense_row(const struct fr_dense *d, uint32_t row);

/* ORs the documents of each range of the row into its mask. */
bool fr_dense_row_or(const struct fr_dense *d, uint32_t row, uint64_t masks[64]);

/* Level of every range, four bits each, the low half of a byte first: d->level_codes, or written to
 * `scratch`, which has room for FR_DENSE_LEVEL_BYTES(d->ranges). */
#define FR_DENSE_LEVEL_BYTES(ranges) ((size_t)((ranges) + 63) / 64 * 32 + 32)
const uint8_t *fr_dense_levels(const struct fr_dense *d, uint8_t *scratch);

static inline void fr_dense_prefetch(const struct fr_dense *d, uint32_t range)
{
    __builtin_prefetch(d->rows + (size_t)(range / 64) * d->row_bytes);
}

/* Finds where the range's bytes are, then, the processor having been told to bring them, reads
 * them; both at once. range < d->ranges. */
bool fr_dense_locate(const struct fr_dense *d, uint32_t range, struct fr_dense_range *r);
bool fr_dense_load(const struct fr_dense *d, struct fr_dense_range *r);
bool fr_dense_find(const struct fr_dense *d, uint32_t range, struct fr_dense_range *r);

/* tf code of the range's k-th document. */
static inline unsigned fr_dense_tf_code(const struct fr_dense_range *r, uint32_t k)
{
    return r->wide ? (unsigned)r->codes[k / 4] >> (k % 4 * 2) & 3 : (unsigned)r->codes[k] >> 6;
}

/* Where the tf of the latest document of tf code 3 stood: documents that ascend are found from
 * there on. Zeroed first. */
struct fr_dense_high {
    uint32_t row_end; /* the row's number and one; 0: nothing is known */
    uint32_t begin, at, end, rare;
    bool rare_sound; /* has been looked at */
};

/* tf, 4 or more, of a document of tf code 3. */
uint32_t fr_dense_high_tf(const struct fr_dense *d, uint32_t doc, struct fr_dense_high *high);

/* tf, 19 or more, of a document whose tf is in `rare`. */
uint32_t fr_dense_rare_tf(const struct fr_dense *d, uint32_t doc, struct fr_dense_high *high);

/* tf of document i of the range; its bit is in the mask. */
static inline uint32_t fr_dense_tf(const struct fr_dense *d, const struct fr_dense_range *r,
                                   unsigned i, struct fr_dense_high *high)
{
    unsigned code = fr_dense_tf_code(r, fr_popcount(r->mask & ((1ull << i) - 1)));
    return code < 3 ? code + 1 : fr_dense_high_tf(d, r->range * FR_RANGE_DOCS + i, high);
}

/* tf in each of 64 documents, 0 where the term is not. Of those of tf 19 and more, which are
 * returned, fr_dense_spread_most says 19. */
uint64_t fr_dense_spread_most(const struct fr_dense *d, const struct fr_dense_range *r,
                              struct fr_dense_high *high, uint32_t tfs[FR_RANGE_DOCS]);
void fr_dense_spread_tfs(const struct fr_dense *d, const struct fr_dense_range *r,
                         struct fr_dense_high *high, uint32_t tfs[FR_RANGE_DOCS]);

/* Of those that have the term, in order. */
void fr_dense_tfs(const struct fr_dense *d, const struct fr_dense_range *r, uint32_t *tfs);

/* Where the positions of a range begin, in bits from the term's first: from there on those of a
 * later range of its chunk are found. */
struct fr_dense_mark {
    uint64_t bit;
    uint32_t range, entry;     /* entry: the first of the range */
    struct fr_dense_high high; /* the first of the range or a later one */
    bool known;
};

/* Moves *mark, of this term, to the range; widths: of all documents of the segment. */
bool fr_dense_find_positions(const struct fr_dense *d, const struct fr_dense_range *r,
                             const uint8_t *widths, struct fr_dense_mark *mark);

/* Where the positions of document i of the range begin, from the range's first; tfs: as spread. */
static inline uint64_t fr_dense_position(const struct fr_dense *d, const struct fr_dense_range *r,
                                         unsigned i, const uint8_t *widths,
                                         const uint32_t tfs[FR_RANGE_DOCS])
{
    const uint8_t *its = widths + (size_t)r->range * FR_RANGE_DOCS;
    uint64_t many, bits = d->seg->kernels.dense.sum_products(its, tfs, i, &many);
    for (; many; many &= many - 1) bits += fr_ascending_beyond(tfs[__builtin_ctzll(many)]);
    return bits;
}

#endif
