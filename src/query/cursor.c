#include "query/cursor.h"

#include <math.h>

float fr_bm25_idf(uint64_t docs, uint64_t df)
{
    double n = (double)docs, d = (double)df;
    return (float)log(1.0 + (n - d + 0.5) / (d + 0.5));
}

static void end(struct fr_cursor *c)
{
    c->doc = FR_END;
    c->block = c->postings.blocks;
    c->len = c->at = 0;
}

bool fr_cursor_load(struct fr_cursor *c, uint32_t block)
{
    c->has_tfs = false;
    if (!fr_postings_decode_docs(&c->postings, block, c->docs, &c->tf_at)) {
        c->damaged = true;
        end(c);
        return false;
    }
    c->block = block;
    c->len = fr_postings_block_len(&c->postings, block);
    c->at = 0;
    c->doc = c->docs[0];
    return true;
}

void fr_cursor_load_tfs(struct fr_cursor *c)
{
    c->has_tfs = true;
    if (fr_postings_decode_tfs(&c->postings, c->block, c->tf_at, c->tfs)) return;
    c->damaged = true;
    for (uint32_t i = 0; i < c->len; i++) c->tfs[i] = 1;
}

void fr_cursor_rewind(struct fr_cursor *c)
{
    if (c->exists && !c->damaged)
        fr_cursor_load(c, 0);
    else
        end(c);
}

void fr_cursor_next_block(struct fr_cursor *c)
{
    if (c->block + 1 >= c->postings.blocks)
        end(c);
    else
        fr_cursor_load(c, c->block + 1);
}

void fr_cursor_seek(struct fr_cursor *c, uint32_t target)
{
    if (c->doc >= target) return;
    if (c->docs[c->len - 1] < target) {
        uint32_t block = fr_postings_seek(&c->postings, c->block + 1, target);
        if (block >= c->postings.blocks) {
            end(c);
            return;
        }
        if (!fr_cursor_load(c, block) || c->doc >= target) return;
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
        fr_cursor_next_block(c); /* only where the segment is damaged */
}

/* Gaps below which most postings share a word of bits with the one before. */
#define DENSE_GAP 12u

/* Sets the bits of docs[at, end). Dense postings gather a word in a register: a read just behind a
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

void fr_cursor_or_into(struct fr_cursor *c, uint32_t first, uint32_t stop, uint64_t *bits)
{
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

bool fr_cursor_positions(struct fr_cursor *c, struct fr_buf *out)
{
    if (!c->has_tfs) fr_cursor_load_tfs(c);
    if (fr_postings_positions(&c->postings, c->block, c->docs, c->tfs, c->at, out)) return true;
    if (!out->failed) c->damaged = true;
    return false;
}
