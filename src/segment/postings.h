/* postings.h: the postings of one term in one segment, read block by block.
 *
 * Block b holds up to FR_BLOCK documents, the last of them fr_postings_last(p, b). A block of a
 * dense term is a range of 64 documents, and may hold none.
 *
 * Functions that decode return false if the bytes don't decode; the caller reports that with
 * fr_segment_damaged. */
#ifndef FR_SEGMENT_POSTINGS_H
#define FR_SEGMENT_POSTINGS_H

#include "base/bytes.h"
#include "base/vector.h"
#include "codec/ascending.h"
#include "segment/dense.h"
#include "segment/segment.h"

struct fr_postings {
    const struct fr_segment *seg;
    uint32_t df, blocks;
    uint8_t max_impact; /* 255ths of tf / (tf + K), an upper bound */
    const uint8_t *postings, *positions;
    uint64_t postings_bytes, positions_bytes;
    const uint8_t *last, *doc_at, *position_at, *bounds; /* NULL with one block */
    uint32_t docs[FR_RARE_MOST], tfs[FR_RARE_MOST];      /* of a rare term: all it has */
    bool is_dense;
    struct fr_dense dense; /* if it is */
};

/* Term `ordinal` of the dictionary. */
frai_status fr_postings_open(const struct fr_segment *seg, uint32_t ordinal, struct fr_postings *p,
                             frai_error *err);

/* A walk over all terms: quicker than opening each. */
struct fr_postings_walk {
    const struct fr_segment *seg;
    uint32_t ordinal; /* of the term to come; the rest is the reader's own */
    struct fr_reader entries;
    uint64_t postings_at, positions_at, block;
};
frai_status fr_postings_next(struct fr_postings_walk *w, struct fr_postings *p, frai_error *err);

/* Prefetch the cache lines that fr_postings_open will touch (first the group, then the entry), so
 * that the misses of many terms overlap. */
void fr_postings_prefetch_group(const struct fr_segment *seg, uint32_t ordinal);
void fr_postings_prefetch_entry(const struct fr_segment *seg, uint32_t ordinal);

static inline uint32_t fr_postings_last(const struct fr_postings *p, uint32_t block)
{
    return p->last ? fr_load32(p->last + 4ull * block) : UINT32_MAX;
}

/* No document of the block is before this one. */
static inline uint32_t fr_postings_after(const struct fr_postings *p, uint32_t block)
{
    return block ? fr_postings_last(p, block - 1) : 0;
}

static inline uint8_t fr_postings_bound(const struct fr_postings *p, uint32_t block)
{
    return p->bounds ? p->bounds[block] : p->max_impact;
}

/* The first block from `from` on that may hold a document >= doc; p->blocks if none. */
uint32_t fr_postings_seek(const struct fr_postings *p, uint32_t from, uint32_t doc);

/* The n documents of a block; docs has room for FR_BLOCK + 8; all are < docs of the segment and
 * ascend. *tf_at: where the block's term frequencies are, for the next function. */
bool fr_postings_decode_docs(const struct fr_postings *p, uint32_t block, uint32_t *docs,
                             uint32_t *n, uint64_t *tf_at);
bool fr_postings_decode_tfs(const struct fr_postings *p, uint32_t block, uint64_t tf_at,
                            uint32_t *tfs);

/* tf in each of n documents, which ascend; 0 where the term is not. */
bool fr_postings_tfs(const struct fr_postings *p, const uint32_t *docs, size_t n, uint32_t *tfs);

/* Both; tfs has room for FR_BLOCK + 8. */
bool fr_postings_decode(const struct fr_postings *p, uint32_t block, uint32_t *docs, uint32_t *tfs,
                        uint32_t *n);

FR_VECTOR_TYPE(fr_positions, uint32_t);

/* Appends the positions of all n documents of the block, one after another. */
bool fr_postings_block_positions(const struct fr_postings *p, uint32_t block, const uint32_t *docs,
                                 const uint32_t *tfs, uint32_t n, struct fr_positions *out);

/* Positions of a term in one document; they ascend. More than FR_ASCENDING_MOST stay as they stand
 * in the file, where any can be read without those before it; others are decoded before they are
 * asked for, but the first. */
struct fr_position_list {
    uint32_t *decoded;
    const uint8_t *bits;
    uint64_t first; /* bit */
    uint32_t width, count;
};

/* room: for FR_ASCENDING_ROOM. False: they are damaged. */
bool fr_position_list_decode(struct fr_position_list *list, const struct fr_segment *seg,
                             uint32_t *room);

/* Of a decoded list. */
static inline uint32_t fr_position_at(const struct fr_position_list *l, uint32_t i)
{
    return l->decoded ? l->decoded[i]
                      : fr_bits_get(l->bits, l->first + (uint64_t)i * l->width, l->width);
}

static inline uint32_t fr_position_first(const struct fr_position_list *l)
{
    return fr_ascending_first(l->bits, l->first, l->count, l->width);
}

/* Those of document i of the range, not decoded yet; tfs and mark: as of dense.h. */
bool fr_postings_range_position_list(const struct fr_postings *p, const struct fr_dense_range *r,
                                     const uint32_t tfs[FR_RANGE_DOCS], unsigned i,
                                     struct fr_dense_mark *mark, struct fr_position_list *list);

/* Where the positions of a posting begin, of a term that is not dense: from there on those of a
 * later one of its block are found. */
struct fr_block_mark {
    uint64_t bit, first; /* first: of the block */
    uint32_t block, posting;
    bool known;
};

/* Moves *mark, of this term, to posting i of the block. docs and tfs as decoded. */
bool fr_postings_move_mark(const struct fr_postings *p, uint32_t block, const uint32_t *docs,
                           const uint32_t *tfs, uint32_t i, struct fr_block_mark *mark);

/* Positions of the posting that *mark is at, not decoded yet. */
bool fr_postings_marked_position_list(const struct fr_postings *p, const struct fr_block_mark *mark,
                                      uint32_t doc, uint32_t tf, struct fr_position_list *list);

/* Positions of the block's posting `i`, of any term, not decoded yet. docs and tfs as decoded. */
bool fr_postings_position_list(const struct fr_postings *p, uint32_t block, const uint32_t *docs,
                               const uint32_t *tfs, uint32_t i, struct fr_position_list *list);

/* Appends the positions of the block's posting `i`. docs and tfs as decoded. */
bool fr_postings_positions(const struct fr_postings *p, uint32_t block, const uint32_t *docs,
                           const uint32_t *tfs, uint32_t i, struct fr_positions *out);

#endif
