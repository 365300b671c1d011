/* A term's postings wait in `early` until there are so many that the term is dense; from there on
 * they go to the dense writer one by one. A term that ends before is written as a rare one, in its
 * entry, or in blocks. The largest impact of every range of documents is kept meanwhile: dense
 * terms and blocks have bounds that are made of it. */
#include "segment/postings_writer.h"

#include <stdio.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "codec/ascending.h"
#include "codec/norm.h"
#include "codec/pfor.h"

#define LONG_BYTES (1u << 20) /* of long postings in memory */

bool fr_postings_writer_init(struct fr_postings_writer *w, struct fr_segment_writer *out,
                             const uint8_t *norms, const uint8_t *widths)
{
    const frai_allocator *mem = out->mem;
    *w = (struct fr_postings_writer){.out = out, .norms = norms, .widths = widths};
    fr_norm_k_table(out->stats.k1, out->stats.b, out->stats.average_length, w->impact_k);
    for (uint32_t tf = 1; tf <= FR_IMPACT_TFS; tf++)
        for (unsigned norm = 0; norm < 256; norm++)
            w->impact[tf - 1][norm] = fr_impact_byte(tf, w->impact_k[norm]);
    char path[FR_PATH_MAX];
    fr_buf_init(&w->early.buf, mem);
    snprintf(path, sizeof path, "%.4000s-long",
             fr_segment_writer_section(out, FR_SECTION_POSITIONS)->path);
    fr_spill_buffer_init(&w->long_positions, mem, path, LONG_BYTES);
    fr_dense_writer_init(&w->dense, &out->stats, mem);
    w->dense_df = fr_dense_least(out->stats.docs, FR_DENSE_SHARE);
    fr_buf_init(&w->last.buf, mem);
    fr_buf_init(&w->doc_at.buf, mem);
    fr_buf_init(&w->position_at.buf, mem);
    fr_buf_init(&w->bounds, mem);
    w->range_count = fr_range_count(out->stats.docs);
    w->range_max = fr_new(mem, w->range_count);
    w->previous = UINT32_MAX;
    return w->range_max != NULL;
}

void fr_postings_writer_deinit(struct fr_postings_writer *w)
{
    fr_buf_deinit(&w->early.buf);
    fr_spill_buffer_deinit(&w->long_positions);
    fr_dense_writer_deinit(&w->dense);
    fr_buf_deinit(&w->last.buf);
    fr_buf_deinit(&w->doc_at.buf);
    fr_buf_deinit(&w->position_at.buf);
    fr_buf_deinit(&w->bounds);
    if (w->out) fr_free(w->out->mem, w->range_max, w->range_count);
}

/* The writer goes on where the section ends. */
static bool write_to(struct fr_spill_buffer *sink, struct fr_bit_writer *out, uint64_t bits)
{
    if (!fr_buf_room(&sink->buf, (size_t)(bits / 8) + 24)) return false;
    out->at = sink->buf.data + sink->buf.len;
    return true;
}

static void written(struct fr_spill_buffer *sink, const struct fr_bit_writer *out)
{
    sink->buf.len = (size_t)(out->at - sink->buf.data);
}

/* Positions of a long posting are packed as they are (codec/ascending.h). */
static void append_portion(struct fr_spill_buffer *sink, struct fr_bit_writer *out,
                           const uint32_t *positions, uint32_t n, unsigned width)
{
    if (!write_to(sink, out, (uint64_t)n * width)) return;
    for (uint32_t k = 0; k < n; k++) fr_bits_append(out, width, positions[k]);
    written(sink, out);
    fr_spill_if_full(sink);
}

/* Those of the long posting that comes next. */
static void append_long(struct fr_postings_writer *w, struct fr_spill_buffer *sink,
                        struct fr_bit_writer *out, uint32_t tf, unsigned width)
{
    uint32_t portion[2048];
    for (uint32_t n; tf > 0; tf -= n) {
        n = tf < 2048 ? tf : 2048;
        if (fr_spill_buffer_read(&w->long_positions, w->long_at, portion, n * sizeof *portion,
                                 NULL) != FRAI_OK)
            return; /* fr_postings_writer_finish tells */
        w->long_at += n * sizeof *portion;
        append_portion(sink, out, portion, n, width);
    }
}

/* A posting in `early` behind another. */
static const uint32_t *behind(const uint32_t *posting)
{
    return posting + 2 + (posting[1] > FR_POSTING_LONG ? 0 : posting[1]);
}

/* Of what is pending; then nothing is. `postings` are these, as they waited in `early`. */
static void flush_positions(struct fr_postings_writer *w, const uint32_t *postings)
{
    struct fr_spill_buffer *sink = fr_segment_writer_section(w->out, FR_SECTION_POSITIONS);
    const uint32_t *end = postings;
    for (uint32_t i = 0; i < w->pending; i++) end = behind(end);
    w->pending = 0;
    size_t room = (size_t)(end - postings) * sizeof *end + 16;
    if (!fr_buf_room(&sink->buf, room)) return;
    struct fr_bit_writer out = {.at = sink->buf.data + sink->buf.len};
    for (; postings < end; postings = behind(postings)) {
        unsigned width = w->widths[postings[0]];
        if (postings[1] <= FR_POSTING_LONG) {
            fr_ascending_append(&out, postings + 2, postings[1], width);
            continue;
        }
        written(sink, &out);
        append_long(w, sink, &out, postings[1], width);
        if (!write_to(sink, &out, 8ull * room)) return;
    }
    *out.at = (uint8_t)out.word;
    sink->buf.len = (size_t)(out.at - sink->buf.data) + (out.held > 0);
    fr_spill_if_full(sink);
}

static uint64_t position_bytes(struct fr_postings_writer *w)
{
    return fr_spill_buffer_len(fr_segment_writer_section(w->out, FR_SECTION_POSITIONS)) -
           w->positions_start;
}

/* The field of an offset has 32 bits. */
static uint32_t offset_of(struct fr_postings_writer *w, uint64_t at)
{
    if (at > UINT32_MAX) w->too_large = true;
    return (uint32_t)at;
}

static uint8_t note_impact(struct fr_postings_writer *w, uint32_t doc, uint32_t tf)
{
    uint8_t norm = w->norms[doc], *range = &w->range_max[doc / FR_RANGE_DOCS];
    uint8_t impact =
        tf <= FR_IMPACT_TFS ? w->impact[tf - 1][norm] : fr_impact_byte(tf, w->impact_k[norm]);
    if (impact > *range) *range = impact;
    if (impact > w->term_max) w->term_max = impact;
    return impact;
}

static void flush_block(struct fr_postings_writer *w, const uint32_t *pending)
{
    struct fr_spill_buffer *postings = fr_segment_writer_section(w->out, FR_SECTION_POSTINGS);
    fr_vec_push(&w->doc_at, offset_of(w, fr_spill_buffer_len(postings) - w->postings_start));
    fr_vec_push(&w->position_at, offset_of(w, position_bytes(w)));
    fr_vec_push(&w->last, w->docs[w->pending - 1]);

    uint32_t gaps[FR_BLOCK], extra[FR_BLOCK], previous = w->previous;
    uint8_t bound = 0;
    for (uint32_t i = 0; i < w->pending; i++) {
        uint32_t doc = w->docs[i];
        gaps[i] = doc - previous - 1; /* previous is ~0 before the first */
        previous = doc;
        extra[i] = w->tfs[i] - 1;
        uint8_t impact = note_impact(w, doc, w->tfs[i]);
        if (impact > bound) bound = impact;
    }
    w->previous = previous;
    fr_buf_u8(&w->bounds, bound);
    uint8_t bytes[2 * FR_PFOR_MAX_BYTES];
    uint32_t n = fr_pfor_encode(gaps, w->pending, bytes);
    n += fr_pfor_encode(extra, w->pending, bytes + n);
    fr_buf_put(&postings->buf, bytes, n);
    fr_spill_if_full(postings);
    flush_positions(w, pending);
}

/* What waits in `early` goes out in blocks, or, of a rare term, stays pending but for its
 * positions. */
static void write_early(struct fr_postings_writer *w, bool rare)
{
    if (w->early.buf.failed || fr_vec_count(&w->early) == 0) return;
    const uint32_t *at = fr_vec_data(&w->early), *end = at + fr_vec_count(&w->early);
    while (at < end) {
        const uint32_t *first = at;
        for (w->pending = 0; at < end && w->pending < FR_BLOCK; at = behind(at)) {
            w->docs[w->pending] = at[0];
            w->tfs[w->pending++] = at[1];
        }
        if (rare)
            flush_positions(w, first);
        else
            flush_block(w, first);
    }
    fr_vec_set_count(&w->early, 0);
}

static void note_dense(struct fr_postings_writer *w, uint32_t doc, uint32_t tf)
{
    if (fr_dense_writer_begins_chunk(&w->dense, doc))
        fr_dense_writer_chunk(&w->dense, doc, offset_of(w, position_bytes(w) * 8 + w->carry_bits));
    fr_dense_writer_add(&w->dense, doc, tf);
    note_impact(w, doc, tf);
}

/* A dense term's positions follow each other bit by bit. */
static void add_dense(struct fr_postings_writer *w, uint32_t doc, uint32_t tf,
                      const uint32_t *positions)
{
    struct fr_spill_buffer *sink = fr_segment_writer_section(w->out, FR_SECTION_POSITIONS);
    struct fr_bit_writer out = {NULL, w->carry, w->carry_bits};
    unsigned width = w->widths[doc];
    note_dense(w, doc, tf);
    if (tf > FR_POSTING_LONG) {
        append_long(w, sink, &out, tf, width);
    } else if (write_to(sink, &out, fr_ascending_bits(tf, width))) {
        fr_ascending_append(&out, positions, tf, width);
        written(sink, &out);
    }
    w->carry = out.word;
    w->carry_bits = out.held;
    fr_spill_if_full(sink);
}

/* A term turns out to be dense. */
static void add_early(struct fr_postings_writer *w)
{
    if (w->early.buf.failed || fr_vec_count(&w->early) == 0) return;
    const uint32_t *at = fr_vec_data(&w->early), *end = at + fr_vec_count(&w->early);
    for (; at < end; at = behind(at)) add_dense(w, at[0], at[1], at + 2);
    fr_vec_set_count(&w->early, 0);
}

/* Counts the posting of the document. Is it beyond those that make a term dense? */
static bool begin_posting(struct fr_postings_writer *w, uint32_t doc, uint32_t tf)
{
    FR_ASSERT(tf > 0 && doc < w->out->stats.docs && (w->df == 0 || doc > w->latest));
    w->latest = doc;
    w->out->stats.positions += tf;
    return ++w->df > w->dense_df;
}

void fr_postings_writer_add(struct fr_postings_writer *w, uint32_t doc, uint32_t tf,
                            const uint32_t *positions)
{
    if (begin_posting(w, doc, tf)) {
        add_dense(w, doc, tf, positions);
        return;
    }
    if (!fr_vec_room(&w->early, 2 + (size_t)tf)) return;
    uint32_t *early = fr_vec_end(&w->early);
    early[0] = doc;
    early[1] = tf;
    for (uint32_t k = 0; k < tf; k++) early[2 + k] = positions[k];
    fr_vec_add(&w->early, 2 + (size_t)tf);
    if (w->df == w->dense_df) add_early(w);
}

void fr_postings_writer_begin_long(struct fr_postings_writer *w, uint32_t doc, uint32_t tf)
{
    w->long_left = tf;
    w->long_is_dense = begin_posting(w, doc, tf);
    if (w->long_is_dense) {
        note_dense(w, doc, tf);
        return;
    }
    const uint32_t early[] = {doc, tf};
    fr_vec_append(&w->early, early, 2);
}

void fr_postings_writer_more(struct fr_postings_writer *w, const uint32_t *positions, uint32_t n)
{
    w->long_left -= n;
    if (w->long_is_dense) {
        struct fr_bit_writer out = {NULL, w->carry, w->carry_bits};
        append_portion(fr_segment_writer_section(w->out, FR_SECTION_POSITIONS), &out, positions, n,
                       w->widths[w->latest]);
        w->carry = out.word;
        w->carry_bits = out.held;
        return;
    }
    fr_buf_put(&w->long_positions.buf, positions, n * sizeof *positions);
    fr_spill_if_full(&w->long_positions);
    if (w->long_left == 0 && w->df == w->dense_df) add_early(w);
}

/* Skip data of a term that is in blocks, if there are two or more. */
static void write_blocks(struct fr_postings_writer *w)
{
    struct fr_spill_buffer *blocks = fr_segment_writer_section(w->out, FR_SECTION_BLOCKS);
    if (w->df <= FR_BLOCK) return;
    fr_buf_put(&blocks->buf, w->last.buf.data, w->last.buf.len);
    fr_buf_put(&blocks->buf, w->doc_at.buf.data, w->doc_at.buf.len);
    fr_buf_put(&blocks->buf, w->position_at.buf.data, w->position_at.buf.len);
    fr_buf_put(&blocks->buf, w->bounds.data, w->bounds.len);
    fr_spill_if_full(blocks);
    w->blocks_written += w->bounds.len;
}

static void flush_term(struct fr_postings_writer *w)
{
    struct fr_spill_buffer *postings = fr_segment_writer_section(w->out, FR_SECTION_POSTINGS);
    bool dense = w->df >= w->dense_df;
    uint32_t ranges = w->range_count;
    if (dense) {
        struct fr_spill_buffer *positions = fr_segment_writer_section(w->out, FR_SECTION_POSITIONS);
        if (w->carry_bits) fr_buf_u8(&positions->buf, (uint8_t)w->carry);
        w->carry_bits = 0;
        w->carry = 0;
        fr_dense_writer_finish(&w->dense, w->range_max, &postings->buf);
        fr_spill_if_full(postings);
    } else if (w->df <= FR_RARE_MOST) {
        write_early(w, true);
        ranges = 0;
    } else {
        write_early(w, false);
        write_blocks(w);
        if (w->previous != UINT32_MAX) ranges = w->previous / FR_RANGE_DOCS + 1;
    }
    memset(w->range_max, 0, ranges);
}

/* The postings of a rare term, which are still in docs and tfs. */
static void put_rare(const struct fr_postings_writer *w, struct fr_buf *out)
{
    uint32_t previous = UINT32_MAX;
    for (uint32_t i = 0; i < w->df; i++) {
        uint64_t gap = w->docs[i] - previous - 1;
        previous = w->docs[i];
        fr_buf_varint(out, gap << 1 | (w->tfs[i] > 1));
        if (w->tfs[i] > 1) fr_buf_varint(out, w->tfs[i] - 2);
    }
}

void fr_postings_writer_end_term(struct fr_postings_writer *w)
{
    uint64_t blocks_before = w->blocks_written;
    FR_ASSERT(w->df > 0);
    flush_term(w);
    struct fr_spill_buffer *terms = fr_segment_writer_section(w->out, FR_SECTION_TERMS);
    if (w->ordinal % FR_TERM_GROUP == 0) {
        struct fr_spill_buffer *index = fr_segment_writer_section(w->out, FR_SECTION_TERM_INDEX);
        struct fr_term_group group = {.terms_at = fr_spill_buffer_len(terms),
                                      .postings_at = w->postings_start,
                                      .positions_at = w->positions_start,
                                      .blocks_before = blocks_before};
        fr_buf_put(&index->buf, &group, sizeof group);
        fr_spill_if_full(index);
    }
    uint64_t postings_end =
        fr_spill_buffer_len(fr_segment_writer_section(w->out, FR_SECTION_POSTINGS));
    uint64_t positions_end =
        fr_spill_buffer_len(fr_segment_writer_section(w->out, FR_SECTION_POSITIONS));
    fr_buf_varint(&terms->buf, w->df);
    if (w->df <= FR_RARE_MOST)
        put_rare(w, &terms->buf);
    else
        fr_buf_varint(&terms->buf, postings_end - w->postings_start);
    fr_buf_varint(&terms->buf, positions_end - w->positions_start);
    if (w->df > FR_RARE_MOST) fr_buf_u8(&terms->buf, w->term_max);
    fr_spill_if_full(terms);
    w->out->stats.postings += w->df;
    fr_vec_set_count(&w->last, 0);
    fr_vec_set_count(&w->doc_at, 0);
    fr_vec_set_count(&w->position_at, 0);
    w->bounds.len = 0;
    w->df = 0;
    w->term_max = 0;
    w->previous = UINT32_MAX;
    w->postings_start = postings_end;
    w->positions_start = positions_end;
    if (w->long_positions.spilled == 0) w->long_positions.buf.len = 0;
    w->long_at = fr_spill_buffer_len(&w->long_positions);
    w->ordinal++;
}

frai_status fr_postings_writer_finish(struct fr_postings_writer *w, frai_error *err)
{
    /* A section that could not be spilled stands still: report that, not what follows from it. */
    FR_TRY(fr_segment_writer_status(w->out, err));
    FR_TRY(fr_spill_buffer_status(&w->long_positions, err));
    if (w->too_large)
        return fr_fail(err, FRAI_ERR_UNSUPPORTED, "postings of one term pass 4 GiB in one segment");
    if (w->early.buf.failed || fr_dense_writer_failed(&w->dense) || w->last.buf.failed ||
        w->doc_at.buf.failed || w->position_at.buf.failed || w->bounds.failed)
        return fr_fail_memory(err, "building");
    return FRAI_OK;
}
