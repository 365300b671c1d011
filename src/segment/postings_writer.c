#include "segment/postings_writer.h"

#include <math.h>

#include "base/bytes.h"
#include "codec/bitstream.h"
#include "codec/norm.h"
#include "codec/pfor.h"

bool fr_postings_writer_init(struct fr_postings_writer *w, struct fr_segment_writer *out,
                             const uint8_t *norms, const uint8_t *widths)
{
    const frai_allocator *mem = out->mem;
    *w = (struct fr_postings_writer){.out = out, .norms = norms, .widths = widths};
    fr_norm_k_table(out->stats.k1, out->stats.b, out->stats.average_length, w->impact_k);
    fr_buf_init(&w->last, mem);
    fr_buf_init(&w->doc_at, mem);
    fr_buf_init(&w->position_at, mem);
    fr_buf_init(&w->bounds, mem);
    fr_buf_init(&w->positions, mem);
    fr_buf_init(&w->packed, mem);
    w->range_count = fr_range_count(out->stats.docs);
    w->range_max = fr_new(mem, w->range_count);
    w->previous = UINT32_MAX;
    return w->range_max != NULL;
}

void fr_postings_writer_deinit(struct fr_postings_writer *w)
{
    fr_buf_deinit(&w->last);
    fr_buf_deinit(&w->doc_at);
    fr_buf_deinit(&w->position_at);
    fr_buf_deinit(&w->bounds);
    fr_buf_deinit(&w->positions);
    fr_buf_deinit(&w->packed);
    if (w->out) fr_free(w->out->mem, w->range_max, w->range_count);
}

/* tf / (tf + K) in 255ths, rounded up: a bound whatever the rounding of the float scorer. */
static uint8_t impact_byte(const struct fr_postings_writer *w, uint32_t doc, uint32_t tf)
{
    float impact = (float)tf / ((float)tf + w->impact_k[w->norms[doc]]);
    float scaled = ceilf(impact * 255.0f * 1.000001f);
    return scaled >= 255.0f ? 255 : (uint8_t)scaled;
}

static void pack_positions(struct fr_postings_writer *w, struct fr_sink *sink)
{
    uint64_t bits = 0;
    if (w->positions.failed) return;
    for (uint32_t i = 0; i < w->pending; i++) bits += (uint64_t)w->tfs[i] * w->widths[w->docs[i]];
    size_t bytes = (size_t)((bits + 7) / 8);
    if (!fr_buf_room(&sink->buf, bytes + 8)) return;
    uint8_t *to = sink->buf.data + sink->buf.len;
    memset(to, 0, bytes + 8);
    const uint32_t *position = (const uint32_t *)(const void *)w->positions.data;
    uint64_t at = 0;
    for (uint32_t i = 0; i < w->pending; i++) {
        unsigned width = w->widths[w->docs[i]];
        for (uint32_t k = 0; k < w->tfs[i]; k++, at += width)
            fr_bits_put(to, at, width, *position++);
    }
    sink->buf.len += bytes;
}

static void flush_block(struct fr_postings_writer *w)
{
    if (w->pending == 0) return;
    struct fr_sink *postings = &w->out->sections[FR_SECTION_POSTINGS];
    struct fr_sink *positions = &w->out->sections[FR_SECTION_POSITIONS];
    uint64_t doc_at = fr_sink_len(postings) - w->postings_start;
    uint64_t position_at = fr_sink_len(positions) - w->positions_start;
    if (doc_at > UINT32_MAX || position_at > UINT32_MAX) w->too_large = true;
    fr_buf_u32(&w->doc_at, (uint32_t)doc_at);
    fr_buf_u32(&w->position_at, (uint32_t)position_at);
    fr_buf_u32(&w->last, w->docs[w->pending - 1]);

    uint32_t gaps[FR_BLOCK], extra[FR_BLOCK], previous = w->previous;
    uint8_t bound = 0;
    for (uint32_t i = 0; i < w->pending; i++) {
        uint32_t doc = w->docs[i];
        gaps[i] = doc - previous - 1; /* previous is ~0 before the first */
        previous = doc;
        extra[i] = w->tfs[i] - 1;
        uint8_t impact = impact_byte(w, doc, w->tfs[i]);
        if (impact > bound) bound = impact;
        uint8_t *range = &w->range_max[doc / FR_RANGE_DOCS];
        if (impact > *range) *range = impact;
    }
    w->previous = previous;
    fr_buf_u8(&w->bounds, bound);
    if (bound > w->term_max) w->term_max = bound;
    uint8_t bytes[2 * FR_PFOR_MAX_BYTES];
    uint32_t n = fr_pfor_encode(gaps, w->pending, bytes);
    n += fr_pfor_encode(extra, w->pending, bytes + n);
    fr_buf_put(&postings->buf, bytes, n);
    fr_sink_settle(postings);
    pack_positions(w, positions);
    fr_sink_settle(positions);
    w->pending = 0;
    w->positions.len = 0;
}

void fr_postings_writer_add(struct fr_postings_writer *w, uint32_t doc, uint32_t tf,
                            const uint32_t *positions)
{
    w->docs[w->pending] = doc;
    w->tfs[w->pending++] = tf;
    w->df++;
    fr_buf_put(&w->positions, positions, tf * sizeof *positions);
    w->out->stats.positions += tf;
    if (w->pending == FR_BLOCK) flush_block(w);
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

static void write_ranges(struct fr_postings_writer *w)
{
    uint32_t histogram[256] = {0};
    for (uint32_t r = 0; r < w->range_count; r++) histogram[w->range_max[r]]++;
    uint8_t levels[FR_RANGE_LEVELS], code_of[256];
    choose_levels(histogram, levels);
    unsigned code = 0;
    for (unsigned v = 0; v < 256; v++) {
        while (code < FR_RANGE_LEVELS - 1 && levels[code] < v) code++;
        code_of[v] = (uint8_t)code;
    }
    struct fr_sink *sink = &w->out->sections[FR_SECTION_RANGES];
    fr_buf_put(&sink->buf, levels, sizeof levels);
    for (uint32_t r = 0; r < w->range_count; r += 2) {
        unsigned high = r + 1 < w->range_count ? code_of[w->range_max[r + 1]] : 0;
        fr_buf_u8(&sink->buf, (uint8_t)(code_of[w->range_max[r]] | high << 4));
    }
    fr_sink_settle(sink);
    w->range_terms++;
}

void fr_postings_writer_end_term(struct fr_postings_writer *w)
{
    flush_block(w);
    struct fr_sink *terms = &w->out->sections[FR_SECTION_TERMS];
    if (w->ordinal % FR_TERM_GROUP == 0) {
        struct fr_sink *index = &w->out->sections[FR_SECTION_TERM_INDEX];
        fr_buf_u64(&index->buf, fr_sink_len(terms));
        fr_buf_u64(&index->buf, w->postings_start);
        fr_buf_u64(&index->buf, w->positions_start);
        fr_buf_u64(&index->buf, w->blocks_written);
        fr_buf_u64(&index->buf, w->range_terms);
        fr_sink_settle(index);
    }
    uint64_t postings_end = fr_sink_len(&w->out->sections[FR_SECTION_POSTINGS]);
    uint64_t positions_end = fr_sink_len(&w->out->sections[FR_SECTION_POSITIONS]);
    fr_buf_varint(&terms->buf, w->df);
    fr_buf_varint(&terms->buf, postings_end - w->postings_start);
    fr_buf_varint(&terms->buf, positions_end - w->positions_start);
    fr_buf_u8(&terms->buf, w->term_max);
    fr_sink_settle(terms);
    if (w->df > FR_BLOCK) {
        struct fr_sink *blocks = &w->out->sections[FR_SECTION_BLOCKS];
        fr_buf_put(&blocks->buf, w->last.data, w->last.len);
        fr_buf_put(&blocks->buf, w->doc_at.data, w->doc_at.len);
        fr_buf_put(&blocks->buf, w->position_at.data, w->position_at.len);
        fr_buf_put(&blocks->buf, w->bounds.data, w->bounds.len);
        fr_sink_settle(blocks);
        w->blocks_written += w->bounds.len;
    }
    if (fr_term_is_dense(w->df, w->out->stats.docs)) {
        write_ranges(w);
        memset(w->range_max, 0, w->range_count);
    } else {
        const uint32_t *last = (const uint32_t *)(const void *)w->last.data;
        bool whole = w->last.len > 0 && !w->last.failed;
        uint32_t most = whole ? last[w->last.len / 4 - 1] / FR_RANGE_DOCS : w->range_count - 1;
        memset(w->range_max, 0, w->range_count ? most + 1u : 0);
    }
    w->out->stats.postings += w->df;
    w->last.len = w->doc_at.len = w->position_at.len = w->bounds.len = 0;
    w->df = 0;
    w->term_max = 0;
    w->previous = UINT32_MAX;
    w->postings_start = postings_end;
    w->positions_start = positions_end;
    w->ordinal++;
}

frai_status fr_postings_writer_finish(struct fr_postings_writer *w, frai_error *err)
{
    /* A section that could not be spilled stands still: report that, not what follows from it. */
    for (unsigned id = 1; id < FR_SECTION_LIMIT; id++)
        FR_TRY(fr_sink_status(&w->out->sections[id], err));
    if (w->too_large)
        return fr_fail(err, FRAI_ERR_UNSUPPORTED, "postings of one term pass 4 GiB in one segment");
    if (w->last.failed || w->doc_at.failed || w->position_at.failed || w->bounds.failed ||
        w->positions.failed)
        return fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
    return FRAI_OK;
}
