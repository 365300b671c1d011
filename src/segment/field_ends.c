/* Groups of FR_FIELD_END_GROUP documents, so that each has widths of its own: one long title makes
 * no other group longer. In a group any document is found without a look at those before it. */
#include "segment/field_ends.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "codec/bitstream.h"

void fr_field_end_writer_init(struct fr_field_end_writer *w, struct fr_segment_writer *out)
{
    *w = (struct fr_field_end_writer){.out = out, .bounds = out->stats.text_fields - 1};
    fr_buf_init(&w->lengths.buf, out->mem);
}

void fr_field_end_writer_deinit(struct fr_field_end_writer *w)
{
    fr_buf_deinit(&w->lengths.buf);
}

/* One field's lengths of all documents of the group. */
static void pack_field(const struct fr_field_end_writer *w, uint32_t field, uint32_t docs,
                       unsigned width, struct fr_buf *out)
{
    uint8_t packed[FR_FIELD_END_GROUP * 4 + 8] = {0};
    for (uint32_t doc = 0; doc < docs; doc++)
        fr_bits_put(packed, (uint64_t)doc * width, width,
                    fr_vec_at(&w->lengths, (size_t)doc * w->bounds + field));
    fr_buf_put(out, packed, ((size_t)docs * width + 7) / 8);
}

void fr_field_end_writer_finish(struct fr_field_end_writer *w)
{
    struct fr_spill_buffer *ends = fr_segment_writer_section(w->out, FR_SECTION_FIELD_ENDS),
                           *index = fr_segment_writer_section(w->out, FR_SECTION_FIELD_END_INDEX);
    uint32_t docs = (uint32_t)(fr_vec_count(&w->lengths) / w->bounds);
    if (w->lengths.buf.failed) ends->buf.failed = true;
    if (docs == 0 || ends->buf.failed) return;
    fr_buf_u64(&index->buf, fr_spill_buffer_len(ends));
    size_t widths_at = ends->buf.len;
    if (!fr_buf_room(&ends->buf, w->bounds)) return;
    ends->buf.len += w->bounds;
    for (uint32_t field = 0; field < w->bounds; field++) {
        uint32_t all = 0;
        for (uint32_t doc = 0; doc < docs; doc++)
            all |= fr_vec_at(&w->lengths, (size_t)doc * w->bounds + field);
        ends->buf.data[widths_at + field] = (uint8_t)fr_bits(all);
        pack_field(w, field, docs, fr_bits(all), &ends->buf);
    }
    fr_spill_if_full(ends);
    fr_spill_if_full(index);
    fr_vec_set_count(&w->lengths, 0);
}

void fr_field_end_writer_add(struct fr_field_end_writer *w, const uint32_t *ends)
{
    uint32_t previous = 0;
    for (uint32_t field = 0; field < w->bounds; field++) {
        FR_ASSERT(ends[field] >= previous);
        fr_vec_push(&w->lengths, ends[field] - previous);
        previous = ends[field];
    }
    if (++w->docs % FR_FIELD_END_GROUP == 0) fr_field_end_writer_finish(w);
}

frai_status fr_field_ends_read(const struct fr_segment *seg, uint32_t doc, uint32_t count,
                               uint32_t *ends, frai_error *err)
{
    const struct fr_section *s = &seg->sections[FR_SECTION_FIELD_ENDS];
    uint32_t group = doc / FR_FIELD_END_GROUP, place = doc % FR_FIELD_END_GROUP, end = 0;
    uint32_t docs = seg->stats.docs - group * FR_FIELD_END_GROUP,
             bounds = seg->stats.text_fields - 1;
    const uint8_t *entry = fr_segment_part(seg, FR_SECTION_FIELD_END_INDEX, group * 8ull, 8);
    if (!entry) return fr_segment_damaged(seg, "field_end_index", err);
    uint64_t at = fr_load64(entry);
    const uint8_t *widths = fr_segment_part(seg, FR_SECTION_FIELD_ENDS, at, bounds);
    if (!widths) return fr_segment_damaged(seg, "field_ends", err);
    if (docs > FR_FIELD_END_GROUP) docs = FR_FIELD_END_GROUP;
    at += bounds;
    for (uint32_t field = 0; field < count; field++) {
        uint64_t bytes = ((uint64_t)docs * widths[field] + 7) / 8;
        if (widths[field] > 32 || !fr_segment_part(seg, FR_SECTION_FIELD_ENDS, at, bytes))
            return fr_segment_damaged(seg, "field_ends", err);
        uint32_t before = end;
        end += fr_bits_get(s->data + at, (uint64_t)place * widths[field], widths[field]);
        if (end < before) return fr_segment_damaged(seg, "field_ends", err);
        ends[field] = end;
        at += bytes;
    }
    return FRAI_OK;
}
