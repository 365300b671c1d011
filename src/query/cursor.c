/* A cursor holds one decoded block. Inside it, seek gallops and then bisects; beyond it, the block
 * is found by the last documents of blocks and decoded. A dense term has a block for each range of
 * 64 documents: a word of bits, in which next and seek are bit scans. */
#include "query/cursor.h"

#include "base/assert.h"

void fr_cursor_damaged(struct fr_cursor *c, enum fr_section_id section)
{
    c->exists = false;
    fr_damage_note(c->damage, section);
}

static void end(struct fr_cursor *c)
{
    c->doc = FR_END;
    c->block = c->postings.blocks;
    c->len = c->at = 0;
}

/* Puts a dense term's cursor on the first document of its range from number i on; false if
 * there is none. */
static bool place(struct fr_cursor *c, unsigned i)
{
    uint64_t left = c->range.mask & ~0ull << i;
    if (!left) return false;
    unsigned found = (unsigned)__builtin_ctzll(left);
    c->at = fr_popcount(c->range.mask & ((1ull << found) - 1));
    c->doc = c->block * FR_RANGE_DOCS + found;
    return true;
}

static void decode(struct fr_cursor *c, uint32_t block)
{
    bool sound;
    c->has_tfs = false;
    c->block = block;
    if (c->postings.is_dense) {
        sound = fr_dense_find(&c->postings.dense, block, &c->range) && place(c, 0);
    } else {
        sound = fr_postings_decode_docs(&c->postings, block, c->docs, &c->len, &c->tf_at);
        c->at = 0;
        c->doc = c->docs[0];
    }
    if (sound) return;
    fr_cursor_damaged(c, FR_SECTION_POSTINGS);
    end(c);
}

void fr_cursor_load(struct fr_cursor *c, uint32_t from, uint32_t target)
{
    uint32_t block = fr_postings_seek(&c->postings, from, target);
    if (block < c->postings.blocks)
        decode(c, block);
    else
        end(c);
}

void fr_cursor_load_tfs(struct fr_cursor *c)
{
    if (c->has_tfs) return;
    c->has_tfs = true;
    if (c->postings.is_dense) {
        fr_dense_spread_tfs(&c->postings.dense, &c->range, &c->high, c->tfs);
        return;
    }
    if (fr_postings_decode_tfs(&c->postings, c->block, c->tf_at, c->tfs)) return;
    fr_cursor_damaged(c, FR_SECTION_POSTINGS);
    for (uint32_t i = 0; i < c->len; i++) c->tfs[i] = 1;
}

void fr_cursor_open(const struct fr_postings *postings, float ratio, float weight,
                    struct fr_damage *damage, struct fr_cursor *c)
{
    c->bound_k_ratio = ratio;
    c->exists = postings->df > 0;
    c->damage = damage;
    c->weight = weight;
    c->block = c->len = c->at = 0;
    c->doc = FR_END;
    c->high = (struct fr_dense_high){0};
    c->postings = *postings;
    if (postings->is_dense)
        c->mark = (struct fr_dense_mark){.known = false};
    else
        c->block_mark = (struct fr_block_mark){.known = false};
    c->max_score = c->exists ? fr_cursor_bound(c, postings->max_impact) : 0;
}

void fr_cursor_rewind(struct fr_cursor *c)
{
    FR_ASSERT(!c->exists || c->postings.df > 0);
    if (c->exists)
        fr_cursor_load(c, 0, 0);
    else
        end(c);
}

void fr_cursor_next_block(struct fr_cursor *c)
{
    fr_cursor_load(c, c->block + 1, 0);
}

void fr_cursor_next_dense(struct fr_cursor *c)
{
    unsigned i = c->doc % FR_RANGE_DOCS;
    if (i == FR_RANGE_DOCS - 1 || !place(c, i + 1)) fr_cursor_next_block(c);
}

static void seek_dense(struct fr_cursor *c, uint32_t target)
{
    if (target / FR_RANGE_DOCS != c->block) fr_cursor_load(c, c->block + 1, target);
    if (c->doc >= target) return;
    if (!place(c, target % FR_RANGE_DOCS)) fr_cursor_next_block(c);
}

void fr_cursor_seek(struct fr_cursor *c, uint32_t target)
{
    if (c->doc >= target) return;
    if (c->postings.is_dense) {
        seek_dense(c, target);
        return;
    }
    if (c->docs[c->len - 1] < target) {
        fr_cursor_load(c, c->block + 1, target);
        if (c->doc >= target) return;
    }
    uint32_t low = c->at, step = 1; /* docs[low] < target */
    while (low + step < c->len && c->docs[low + step] < target) {
        low += step;
        step *= 2;
    }
    uint32_t at = low + step < c->len ? low + step : c->len;
    while (at - low > 1) {
        uint32_t middle = (low + at) / 2;
        if (c->docs[middle] < target)
            low = middle;
        else
            at = middle;
    }
    c->at = at;
    if (at < c->len)
        c->doc = c->docs[at];
    else
        fr_cursor_next_block(c);
}

bool fr_cursor_go(struct fr_cursor *c, uint32_t doc)
{
    if (!c->exists) return false;
    if (c->postings.is_dense && doc / FR_RANGE_DOCS == c->block) {
        bool there = c->range.mask >> (doc % FR_RANGE_DOCS) & 1;
        if (there) place(c, doc % FR_RANGE_DOCS);
        return there;
    }
    if (c->doc > doc) fr_cursor_load(c, 0, doc);
    fr_cursor_seek(c, doc);
    return c->doc == doc;
}

void fr_cursor_ranges(struct fr_cursor *c, uint64_t *bits)
{
    const struct fr_postings *p = &c->postings;
    uint32_t ranges = fr_range_count(p->seg->stats.docs), docs[FR_BLOCK + 8], n;
    uint64_t tf_at;
    memset(bits, 0, ((size_t)ranges + 63) / 64 * 8);
    for (uint32_t row = 0; p->is_dense && row < p->dense.row_count; row++)
        bits[row] = fr_dense_row(&p->dense, row);
    for (uint32_t b = 0; !p->is_dense && b < p->blocks; b++) {
        if (!fr_postings_decode_docs(p, b, docs, &n, &tf_at)) {
            fr_cursor_damaged(c, FR_SECTION_POSTINGS);
            return;
        }
        for (uint32_t i = 0; i < n; i++) {
            uint32_t range = docs[i] / FR_RANGE_DOCS;
            bits[range / 64] |= 1ull << (range % 64);
        }
    }
}

/* Gaps below which most postings share a word of bits with the one before. */
#define DENSE_GAP 12u

/* Sets the bits of docs[at, end). Dense postings gather a word in a register: a read just after a
 * write to the same word waits for it. */
static void set_bits(const uint32_t *docs, uint32_t at, uint32_t end, uint32_t first,
                     uint64_t *bits)
{
    if (docs[end - 1] - docs[at] > DENSE_GAP * (end - at)) {
        for (; at < end; at++) bits[(docs[at] - first) / 64] |= 1ull << ((docs[at] - first) % 64);
        return;
    }
    uint32_t word = (docs[at] - first) / 64;
    uint64_t gathered = 0;
    for (; at < end; at++) {
        uint32_t bit = docs[at] - first;
        if (bit / 64 != word) {
            bits[word] |= gathered;
            gathered = 0;
            word = bit / 64;
        }
        gathered |= 1ull << (bit % 64);
    }
    bits[word] |= gathered;
}

void fr_cursor_or_rows(struct fr_cursor *c, uint32_t first, uint32_t stop, uint64_t *bits)
{
    const struct fr_dense *d = &c->postings.dense;
    uint32_t row = first / FR_ROW_DOCS, after = (stop + FR_ROW_DOCS - 1) / FR_ROW_DOCS;
    for (; row < after && row < d->row_count && c->exists; row++, bits += 64)
        if (!fr_dense_row_or(d, row, bits)) fr_cursor_damaged(c, FR_SECTION_POSTINGS);
}

void fr_cursor_or_into(struct fr_cursor *c, uint32_t first, uint32_t stop, uint64_t *bits)
{
    if (c->postings.is_dense && c->doc < stop && first % FR_ROW_DOCS == 0 &&
        (stop % FR_ROW_DOCS == 0 || stop == c->postings.seg->stats.docs)) {
        fr_cursor_or_rows(c, first, stop, bits);
        if (c->exists)
            fr_cursor_load(c, 0, stop);
        else
            end(c);
        return;
    }
    for (; c->postings.is_dense && c->doc < stop; fr_cursor_next(c))
        bits[(c->doc - first) / 64] |= 1ull << ((c->doc - first) % 64);
    while (c->doc < stop) {
        uint32_t end = c->len;
        if (c->docs[end - 1] >= stop)
            for (end = c->at; c->docs[end] < stop;) end++;
        set_bits(c->docs, c->at, end, first, bits);
        if (end < c->len) {
            c->at = end;
            c->doc = c->docs[end];
            return;
        }
        fr_cursor_next_block(c);
    }
}

bool fr_cursor_locate_positions(struct fr_cursor *c, struct fr_position_list *list)
{
    bool sound;
    fr_cursor_load_tfs(c);
    if (c->postings.is_dense)
        sound = fr_postings_range_position_list(&c->postings, &c->range, c->tfs,
                                                c->doc % FR_RANGE_DOCS, &c->mark, list);
    else
        sound =
            fr_postings_move_mark(&c->postings, c->block, c->docs, c->tfs, c->at, &c->block_mark) &&
            fr_postings_marked_position_list(&c->postings, &c->block_mark, c->doc, c->tfs[c->at],
                                             list);
    if (!sound) fr_cursor_damaged(c, FR_SECTION_POSITIONS);
    return sound;
}

bool fr_cursor_position_list(struct fr_cursor *c, struct fr_position_list *list)
{
    if (!fr_cursor_locate_positions(c, list)) return false;
    if (fr_position_list_decode(list, c->postings.seg, c->positions)) return true;
    fr_cursor_damaged(c, FR_SECTION_POSITIONS);
    return false;
}
