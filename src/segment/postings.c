/* A term has one of three forms, by the number of its documents: rare ones stand in the term's
 * entry, those of frequent terms lie by ranges (dense.h), and all others lie in blocks of FR_BLOCK
 * documents: gaps, then term frequencies, both in patched frame of reference (codec/pfor.h).
 * Entries of terms are read from the beginning of their group on; blocks are found by the array of
 * their last documents, in section `blocks`. Positions of a document take so many bits as its tf
 * and its width tell (codec/ascending.h). */
#include "segment/postings.h"

#include "codec/bitstream.h"
#include "codec/norm.h"
#include "codec/pfor.h"

static uint64_t blocks_of(uint64_t df)
{
    return (df + FR_BLOCK - 1) / FR_BLOCK;
}

/* Section `blocks` holds, for each term of two blocks or more, n last documents, n offsets of
 * postings, n offsets of positions (4 bytes each) and n bounds (1 byte). */
#define BLOCK_ENTRY_BYTES 13u

struct term_entry {
    uint64_t df, postings_bytes, positions_bytes;
    uint32_t docs[FR_RARE_MOST], tfs[FR_RARE_MOST]; /* of a rare term */
    uint8_t max_impact;                             /* of others */
};

static void read_entry(struct fr_reader *r, struct term_entry *e)
{
    e->df = fr_read_varint(r);
    e->postings_bytes = 0;
    bool rare = e->df <= FR_RARE_MOST;
    uint32_t doc = UINT32_MAX;
    for (uint32_t i = 0; rare && i < e->df; i++) {
        uint64_t gap = fr_read_varint(r);
        doc += (uint32_t)(gap >> 1) + 1;
        e->docs[i] = doc;
        e->tfs[i] = gap & 1 ? fr_read_varint32(r) + 2 : 1;
    }
    if (!rare) e->postings_bytes = fr_read_varint(r);
    e->positions_bytes = fr_read_varint(r);
    if (!rare) e->max_impact = fr_read_u8(r);
}

/* Moves on over an entry; only its df and lengths are known then. */
static void skip_entry(struct fr_reader *r, struct term_entry *e)
{
    e->df = fr_read_varint(r);
    e->postings_bytes = 0;
    bool rare = e->df <= FR_RARE_MOST;
    for (uint32_t i = 0; rare && i < e->df; i++)
        if (fr_read_varint(r) & 1) fr_read_varint(r);
    if (!rare) e->postings_bytes = fr_read_varint(r);
    e->positions_bytes = fr_read_varint(r);
    if (!rare) fr_read_u8(r);
}

/* A rare term's postings, looked through, and their largest impact. */
static bool take_rare(struct fr_postings *p, const struct term_entry *e)
{
    const struct fr_segment_stats *stats = &p->seg->stats;
    const uint8_t *norms = p->seg->sections[FR_SECTION_NORMS].data;
    for (uint32_t i = 0; i < p->df; i++) {
        uint32_t doc = e->docs[i];
        if (doc >= stats->docs || (i && doc <= e->docs[i - 1]) || e->tfs[i] == 0 ||
            !fr_segment_verify_range(p->seg, norms + doc, 1))
            return false;
        uint8_t impact = fr_impact_byte(
            e->tfs[i], fr_norm_k(norms[doc], stats->k1, stats->b, stats->average_length));
        if (impact > p->max_impact) p->max_impact = impact;
        p->docs[i] = doc;
        p->tfs[i] = e->tfs[i];
    }
    return true;
}

static const struct fr_term_group *group_at(const struct fr_segment *seg, uint32_t ordinal)
{
    const void *groups = seg->sections[FR_SECTION_TERM_INDEX].data;
    return (const struct fr_term_group *)groups + ordinal / FR_TERM_GROUP;
}

void fr_postings_prefetch_group(const struct fr_segment *seg, uint32_t ordinal)
{
    if (ordinal < seg->stats.pair_terms + seg->stats.word_terms)
        __builtin_prefetch(group_at(seg, ordinal));
}

void fr_postings_prefetch_entry(const struct fr_segment *seg, uint32_t ordinal)
{
    if (ordinal >= seg->stats.pair_terms + seg->stats.word_terms) return;
    const struct fr_section *terms = &seg->sections[FR_SECTION_TERMS],
                            *postings = &seg->sections[FR_SECTION_POSTINGS];
    uint64_t at = group_at(seg, ordinal)->terms_at,
             postings_at = group_at(seg, ordinal)->postings_at;
    for (uint64_t i = 0; i < 256 && at + i < terms->len; i += 64)
        __builtin_prefetch(terms->data + at + i);
    if (postings_at < postings->len) __builtin_prefetch(postings->data + postings_at);
}

/* Stands at the first term of the group that `ordinal` is in. */
static frai_status find_group(struct fr_postings_walk *w, uint32_t ordinal, frai_error *err)
{
    const struct fr_segment *seg = w->seg;
    if (ordinal >= seg->stats.pair_terms + seg->stats.word_terms)
        return fr_segment_damaged(seg, "term number", err);
    const struct fr_term_group *group = group_at(seg, ordinal);
    if (!fr_segment_verify_range(seg, (const uint8_t *)group, sizeof *group))
        return fr_segment_damaged(seg, "term_index", err);
    uint64_t at = group->terms_at;
    w->ordinal = ordinal - ordinal % FR_TERM_GROUP;
    w->postings_at = group->postings_at;
    w->positions_at = group->positions_at;
    w->block = group->blocks_before;
    const struct fr_section *terms = &seg->sections[FR_SECTION_TERMS];
    if (at > terms->len) return fr_segment_damaged(seg, "terms", err);
    uint64_t most = FR_TERM_GROUP * 90ull; /* the longest group */
    if (most > terms->len - at) most = terms->len - at;
    if (!fr_segment_verify_range(seg, terms->data + at, most))
        return fr_segment_damaged(seg, "terms", err);
    w->entries = fr_reader_of(terms->data + at, most);
    return FRAI_OK;
}

static void pass(struct fr_postings_walk *w, const struct term_entry *e)
{
    w->ordinal++;
    w->postings_at += e->postings_bytes;
    w->positions_at += e->positions_bytes;
    if (e->df > FR_BLOCK && !fr_term_is_dense(e->df, w->seg->stats.docs))
        w->block += blocks_of(e->df);
}

static frai_status open_term(struct fr_postings_walk *w, struct fr_postings *p, frai_error *err)
{
    const struct fr_segment *seg = w->seg;
    const struct fr_segment_stats *stats = &seg->stats;
    const struct fr_section *postings = &seg->sections[FR_SECTION_POSTINGS];
    const struct fr_section *positions = &seg->sections[FR_SECTION_POSITIONS];
    uint64_t postings_at = w->postings_at, positions_at = w->positions_at, block = w->block;
    struct term_entry e = {.df = 0};
    *p = (struct fr_postings){.seg = seg};
    read_entry(&w->entries, &e);
    pass(w, &e);
    if (w->entries.bad || e.df == 0 || e.df > stats->docs || postings_at > postings->len ||
        e.postings_bytes > postings->len - postings_at || positions_at > positions->len ||
        e.positions_bytes > positions->len - positions_at)
        return fr_segment_damaged(seg, "terms", err);
    p->df = (uint32_t)e.df;
    p->blocks = (uint32_t)blocks_of(e.df);
    p->postings = postings->data + postings_at;
    p->postings_bytes = e.postings_bytes;
    p->positions = positions->data + positions_at;
    p->positions_bytes = e.positions_bytes;
    if (p->df <= FR_RARE_MOST)
        return take_rare(p, &e) ? FRAI_OK : fr_segment_damaged(seg, "terms", err);
    p->max_impact = e.max_impact;
    p->is_dense = fr_term_is_dense(e.df, stats->docs);
    if (p->is_dense) {
        p->blocks = fr_range_count(stats->docs);
        return fr_dense_open(seg, p->df, p->postings, p->postings_bytes, &p->dense)
                   ? FRAI_OK
                   : fr_segment_damaged(seg, "postings", err);
    }
    if (p->blocks > 1) {
        const uint64_t n = p->blocks;
        if (block > UINT64_MAX / BLOCK_ENTRY_BYTES) return fr_segment_damaged(seg, "blocks", err);
        p->last = fr_segment_part(seg, FR_SECTION_BLOCKS, block * BLOCK_ENTRY_BYTES,
                                  n * BLOCK_ENTRY_BYTES);
        if (!p->last) return fr_segment_damaged(seg, "blocks", err);
        p->doc_at = p->last + 4 * n;
        p->position_at = p->doc_at + 4 * n;
        p->bounds = p->position_at + 4 * n;
    }
    return FRAI_OK;
}

frai_status fr_postings_open(const struct fr_segment *seg, uint32_t ordinal, struct fr_postings *p,
                             frai_error *err)
{
    struct fr_postings_walk w = {.seg = seg};
    struct term_entry e = {.df = 0};
    *p = (struct fr_postings){.seg = seg};
    FR_TRY(find_group(&w, ordinal, err));
    while (w.ordinal < ordinal) {
        skip_entry(&w.entries, &e);
        pass(&w, &e);
    }
    return open_term(&w, p, err);
}

frai_status fr_postings_next(struct fr_postings_walk *w, struct fr_postings *p, frai_error *err)
{
    if (w->ordinal % FR_TERM_GROUP == 0) FR_TRY(find_group(w, w->ordinal, err));
    return open_term(w, p, err);
}

uint32_t fr_postings_seek(const struct fr_postings *p, uint32_t from, uint32_t doc)
{
    if (p->is_dense) {
        uint32_t range = doc / FR_RANGE_DOCS > from ? doc / FR_RANGE_DOCS : from;
        for (uint32_t row = range / 64; row < p->dense.row_count; row++, range = row * 64) {
            uint64_t bits = fr_dense_row(&p->dense, row) >> (range % 64);
            if (bits) return range + (uint32_t)__builtin_ctzll(bits);
        }
        return p->blocks;
    }
    if (from >= p->blocks || fr_postings_last(p, from) >= doc) return from;
    if (!p->last) return p->blocks;
    uint32_t low = from, step = 1; /* last(low) < doc */
    while (low + step < p->blocks && fr_postings_last(p, low + step) < doc) {
        low += step;
        step *= 2;
    }
    uint32_t high = low + step < p->blocks ? low + step : p->blocks;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (fr_postings_last(p, middle) < doc)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* Where block b begins in `bytes` of a stream, and where it must end. */
static bool block_extent(const uint8_t *offsets, uint32_t block, uint32_t blocks, uint64_t bytes,
                         uint64_t *at, uint64_t *end)
{
    *at = offsets ? fr_load32(offsets + 4ull * block) : 0;
    *end = offsets && block + 1 < blocks ? fr_load32(offsets + 4ull * (block + 1)) : bytes;
    return *at <= *end && *end <= bytes;
}

/* Would gaps + 1, summed onto base, pass 2^32? Then documents would not ascend. 128 gaps of 24 bits
 * on a base below 2^31 can't; only others are added up. */
static bool wraps(const struct fr_postings *p, uint32_t block, uint64_t at, uint32_t n,
                  const uint32_t *gaps, uint32_t base)
{
    uint64_t sum = block == 0 ? 0 : (uint64_t)base + 1;
    if (sum < 1u << 31 && fr_pfor_bits(p->postings + at, n) <= 24) return false;
    for (uint32_t i = 0; i < n; i++) sum += (uint64_t)gaps[i] + 1;
    return sum > UINT32_MAX;
}

static uint32_t block_len(const struct fr_postings *p, uint32_t block)
{
    return block + 1 < p->blocks ? FR_BLOCK : p->df - block * FR_BLOCK;
}

static bool decode_range(const struct fr_postings *p, uint32_t range, uint32_t *docs, uint32_t *n)
{
    struct fr_dense_range r;
    *n = 0;
    if (!fr_dense_find(&p->dense, range, &r)) return false;
    for (uint64_t left = r.mask; left; left &= left - 1)
        docs[(*n)++] = range * FR_RANGE_DOCS + (uint32_t)__builtin_ctzll(left);
    return true;
}

bool fr_postings_decode_docs(const struct fr_postings *p, uint32_t block, uint32_t *docs,
                             uint32_t *n, uint64_t *tf_at)
{
    const struct fr_segment *seg = p->seg;
    uint64_t at, end;
    *tf_at = 0;
    if (p->is_dense) return decode_range(p, block, docs, n);
    if (p->df <= FR_RARE_MOST) {
        *n = p->df;
        memcpy(docs, p->docs, sizeof p->docs);
        return true;
    }
    if (!block_extent(p->doc_at, block, p->blocks, p->postings_bytes, &at, &end)) return false;
    if (!fr_segment_verify_range(seg, p->postings + at, end - at)) return false;
    *n = block_len(p, block);
    uint32_t used = fr_pfor_decode(&seg->kernels.codec, p->postings + at, end - at, *n, docs);
    if (used == 0) return false;
    uint32_t base = block == 0 ? UINT32_MAX : fr_postings_last(p, block - 1);
    if (wraps(p, block, at, *n, docs, base)) return false;
    seg->kernels.codec.sum_gaps(docs, *n, base);
    *tf_at = at + used;
    uint32_t last = docs[*n - 1];
    return last < seg->stats.docs && (!p->last || last == fr_postings_last(p, block));
}

bool fr_postings_decode_tfs(const struct fr_postings *p, uint32_t block, uint64_t tf_at,
                            uint32_t *tfs)
{
    uint64_t at, end;
    if (p->is_dense) {
        struct fr_dense_range r;
        if (!fr_dense_find(&p->dense, block, &r)) return false;
        fr_dense_tfs(&p->dense, &r, tfs);
        return true;
    }
    if (p->df <= FR_RARE_MOST) {
        memcpy(tfs, p->tfs, sizeof p->tfs);
        return true;
    }
    if (!block_extent(p->doc_at, block, p->blocks, p->postings_bytes, &at, &end)) return false;
    uint32_t n = block_len(p, block);
    if (tf_at < at || tf_at > end ||
        !fr_pfor_decode(&p->seg->kernels.codec, p->postings + tf_at, end - tf_at, n, tfs))
        return false;
    for (uint32_t i = 0; i < n; i++) tfs[i]++;
    return true;
}

bool fr_postings_decode(const struct fr_postings *p, uint32_t block, uint32_t *docs, uint32_t *tfs,
                        uint32_t *n)
{
    uint64_t tf_at;
    return fr_postings_decode_docs(p, block, docs, n, &tf_at) &&
           fr_postings_decode_tfs(p, block, tf_at, tfs);
}

bool fr_postings_tfs(const struct fr_postings *p, const uint32_t *docs, size_t n, uint32_t *tfs)
{
    uint32_t there[FR_BLOCK + 8], their[FR_BLOCK + 8], len, block = 0;
    uint64_t tf_at;
    size_t i = 0;
    for (; i < n; block++) {
        block = fr_postings_seek(p, block, docs[i]);
        if (block >= p->blocks) break;
        if (!fr_postings_decode_docs(p, block, there, &len, &tf_at)) return false;
        bool has_tfs = false;
        if (n - i >= len && memcmp(docs + i, there, len * sizeof *docs) == 0) { /* all of it */
            if (!fr_postings_decode_tfs(p, block, tf_at, their)) return false;
            memcpy(tfs + i, their, len * sizeof *tfs);
            i += len;
            continue;
        }
        for (uint32_t at = 0; i < n && len && docs[i] <= there[len - 1]; i++) {
            while (there[at] < docs[i]) at++;
            tfs[i] = 0;
            if (there[at] != docs[i]) continue;
            if (!has_tfs && !fr_postings_decode_tfs(p, block, tf_at, their)) return false;
            has_tfs = true;
            tfs[i] = their[at];
        }
    }
    for (; i < n; i++) tfs[i] = 0;
    return true;
}

/* tf positions of the document, which begin at a bit. */
static bool position_list(const struct fr_postings *p, uint64_t bit, uint32_t doc, uint32_t tf,
                          struct fr_position_list *list)
{
    uint64_t end = 8 * p->positions_bytes;
    unsigned width = p->seg->sections[FR_SECTION_WIDTHS].data[doc];
    if (!fr_ascending_fits(tf, width)) return false;
    uint64_t need = fr_ascending_bits(tf, width);
    *list =
        (struct fr_position_list){.bits = p->positions, .first = bit, .width = width, .count = tf};
    return bit <= end && need <= end - bit &&
           fr_segment_verify_range(p->seg, p->positions + bit / 8, (bit + need + 7) / 8 - bit / 8);
}

bool fr_position_list_decode(struct fr_position_list *list, const struct fr_segment *seg,
                             uint32_t *room)
{
    if (list->count == 0 || list->count > FR_ASCENDING_MOST) return true;
    list->decoded = room;
    return fr_ascending_decode(&seg->kernels.codec, list->bits, list->first, list->count,
                               list->width, room);
}

/* False: out of memory, or damaged. */
static bool append_positions(const struct fr_postings *p, struct fr_position_list *list,
                             struct fr_positions *out)
{
    if (!fr_vec_room(out, (size_t)list->count + FR_ASCENDING_ROOM) ||
        !fr_position_list_decode(list, p->seg, fr_vec_end(out)))
        return false;
    if (!list->decoded)
        p->seg->kernels.codec.unpack(list->bits + list->first / 8, list->first % 8, fr_vec_end(out),
                                     list->count, list->width);
    fr_vec_add(out, list->count);
    return true;
}

bool fr_postings_range_position_list(const struct fr_postings *p, const struct fr_dense_range *r,
                                     const uint32_t tfs[FR_RANGE_DOCS], unsigned i,
                                     struct fr_dense_mark *mark, struct fr_position_list *list)
{
    const uint8_t *widths = p->seg->sections[FR_SECTION_WIDTHS].data;
    if (!fr_dense_find_positions(&p->dense, r, widths, mark)) return false;
    uint64_t bit = mark->bit + fr_dense_position(&p->dense, r, i, widths, tfs);
    return position_list(p, bit, r->range * FR_RANGE_DOCS + i, tfs[i], list);
}

/* The widths of n documents are sound; few pages hold those of neighbours, others are looked at one
 * by one. */
static bool widths_touched(const struct fr_postings *p, const uint32_t *docs, uint32_t n)
{
    const uint8_t *widths = p->seg->sections[FR_SECTION_WIDTHS].data;
    uint32_t span = docs[n - 1] - docs[0];
    if (span < 16 * FR_PAGE_BYTES)
        return fr_segment_verify_range(p->seg, widths + docs[0], span + 1ull);
    for (uint32_t i = 0; i < n; i++)
        if (!fr_segment_verify_range(p->seg, widths + docs[i], 1)) return false;
    return true;
}

/* Moves *mark to the block, if it isn't in it. */
static bool to_block(const struct fr_postings *p, uint32_t block, struct fr_block_mark *mark)
{
    uint64_t at, end;
    if (mark->known && mark->block == block) return true;
    if (!block_extent(p->position_at, block, p->blocks, p->positions_bytes, &at, &end))
        return false;
    *mark = (struct fr_block_mark){.bit = 8 * at, .first = 8 * at, .block = block, .known = true};
    return true;
}

bool fr_postings_move_mark(const struct fr_postings *p, uint32_t block, const uint32_t *docs,
                           const uint32_t *tfs, uint32_t i, struct fr_block_mark *mark)
{
    const uint8_t *widths = p->seg->sections[FR_SECTION_WIDTHS].data;
    if (!to_block(p, block, mark)) return false;
    if (mark->posting > i) {
        mark->posting = 0;
        mark->bit = mark->first;
    }
    if (docs[i] >= p->seg->stats.docs ||
        !widths_touched(p, docs + mark->posting, i + 1 - mark->posting))
        return false;
    for (; mark->posting < i; mark->posting++)
        mark->bit += fr_ascending_bits(tfs[mark->posting], widths[docs[mark->posting]]);
    return true;
}

bool fr_postings_marked_position_list(const struct fr_postings *p, const struct fr_block_mark *mark,
                                      uint32_t doc, uint32_t tf, struct fr_position_list *list)
{
    return position_list(p, mark->bit, doc, tf, list);
}

bool fr_postings_position_list(const struct fr_postings *p, uint32_t block, const uint32_t *docs,
                               const uint32_t *tfs, uint32_t i, struct fr_position_list *list)
{
    struct fr_block_mark mark = {.known = false};
    if (!p->is_dense)
        return fr_postings_move_mark(p, block, docs, tfs, i, &mark) &&
               position_list(p, mark.bit, docs[i], tfs[i], list);
    struct fr_dense_range r;
    struct fr_dense_mark range_mark = {.known = false};
    uint32_t its[FR_RANGE_DOCS];
    unsigned nth = docs[i] % FR_RANGE_DOCS;
    if (docs[i] >= p->seg->stats.docs || !fr_dense_find(&p->dense, block, &r) ||
        !(r.mask >> nth & 1))
        return false;
    fr_dense_spread_tfs(&p->dense, &r, &range_mark.high, its);
    return fr_postings_range_position_list(p, &r, its, nth, &range_mark, list);
}

bool fr_postings_positions(const struct fr_postings *p, uint32_t block, const uint32_t *docs,
                           const uint32_t *tfs, uint32_t i, struct fr_positions *out)
{
    struct fr_position_list list;
    return fr_postings_position_list(p, block, docs, tfs, i, &list) &&
           append_positions(p, &list, out);
}

bool fr_postings_block_positions(const struct fr_postings *p, uint32_t block, const uint32_t *docs,
                                 const uint32_t *tfs, uint32_t n, struct fr_positions *out)
{
    const uint8_t *widths = p->seg->sections[FR_SECTION_WIDTHS].data;
    struct fr_dense_range r;
    struct fr_dense_mark mark = {.known = false};
    struct fr_block_mark block_mark = {.known = false};
    if (n == 0) return true;
    if (docs[n - 1] >= p->seg->stats.docs || !widths_touched(p, docs, n)) return false;
    if (p->is_dense ? !fr_dense_find(&p->dense, block, &r) ||
                          !fr_dense_find_positions(&p->dense, &r, widths, &mark)
                    : !to_block(p, block, &block_mark))
        return false;
    uint64_t bit = p->is_dense ? mark.bit : block_mark.bit; /* docs are all of the range's */
    for (uint32_t i = 0; i < n; i++) {
        struct fr_position_list list;
        if (!position_list(p, bit, docs[i], tfs[i], &list) || !append_positions(p, &list, out))
            return false;
        bit += fr_ascending_bits(tfs[i], widths[docs[i]]);
    }
    return true;
}
