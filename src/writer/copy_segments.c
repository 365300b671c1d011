/* A segment out of segments that are there: what they have of their living documents is copied,
 * each section by its own reader and writer, without a look at the text. */
#include "writer/copy_segments.h"

#include "segment/documents.h"
#include "segment/lengths.h"
#include "writer/repack_store.h"

static frai_status copy_eojeols(struct fr_segment_builder *a, const struct fr_doc_map *s,
                                frai_error *err)
{
    struct fr_eojeols group[FR_EOJEOL_GROUP];
    uint64_t walked = 0;
    for (uint32_t doc = 0; doc < s->seg->stats.docs; doc++) {
        if (doc % FR_EOJEOL_GROUP == 0)
            FR_TRY(fr_eojeols_read_group(s->seg, doc / FR_EOJEOL_GROUP, group, err));
        if (!fr_doc_map_has(s, doc)) continue;
        fr_eojeol_writer_copy(&a->eojeols, &group[doc % FR_EOJEOL_GROUP]);
        fr_segment_account_scan(s->seg, &walked, group[doc % FR_EOJEOL_GROUP].positions / 8 + 8ull);
    }
    return FRAI_OK;
}

static frai_status copy_field_ends(struct fr_segment_builder *a, const struct fr_doc_map *s,
                                   frai_error *err)
{
    uint32_t bounds = a->field_ends.bounds;
    if (s->seg->stats.text_fields != bounds + 1)
        return fr_segment_damaged(s->seg, "field_ends", err);
    uint32_t *ends = fr_new(a->mem, bounds * sizeof *ends);
    frai_status status = ends ? FRAI_OK : fr_fail_memory(err, "merging");
    for (uint32_t doc = 0; status == FRAI_OK && doc < s->seg->stats.docs; doc++) {
        if (!fr_doc_map_has(s, doc)) continue;
        status = fr_field_ends_read(s->seg, doc, bounds, ends, err);
        if (status == FRAI_OK) fr_field_end_writer_add(&a->field_ends, ends);
    }
    fr_free(a->mem, ends, bounds * sizeof *ends);
    return status;
}

static frai_status copy_documents(struct fr_segment_builder *a, const struct fr_doc_map *s,
                                  frai_error *err)
{
    struct fr_buf id;
    struct fr_lengths_reader lengths = {.seg = s->seg};
    uint64_t walked = 0;
    fr_buf_init(&id, a->mem);
    frai_status status = FRAI_OK;
    for (uint32_t doc = 0; status == FRAI_OK && doc < s->seg->stats.docs; doc++) {
        if (!fr_doc_map_has(s, doc)) continue;
        const uint8_t *width = fr_segment_part(s->seg, FR_SECTION_WIDTHS, doc, 1);
        uint32_t length;
        status = width ? fr_document_id(s->seg, doc, &id, err)
                       : fr_segment_damaged(s->seg, "widths", err);
        if (status == FRAI_OK) status = fr_lengths_read(&lengths, doc, &length, err);
        if (status != FRAI_OK) break;
        fr_segment_builder_put_document(a, (frai_slice){(const char *)id.data, id.len}, length,
                                        *width);
        fr_segment_account_scan(s->seg, &walked, id.len + 3);
    }
    fr_buf_deinit(&id);
    return status;
}

frai_status fr_segment_builder_copy_segments(struct fr_segment_builder *a,
                                             const struct fr_segment *segments, uint32_t count,
                                             frai_error *err)
{
    uint32_t docs = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct fr_segment *seg = &segments[i];
        if (!fr_vec_room(&a->sources, 1)) return fr_fail_memory(err, "merging");
        struct fr_doc_map *s = fr_vec_end(&a->sources);
        fr_vec_add(&a->sources, 1);
        FR_TRY(fr_doc_map_init(s, seg, docs, a->mem, err));
        docs += s->docs;
        a->tokens += seg->stats.tokens - seg->deletes.tokens;
        a->texts += seg->stats.texts - seg->deletes.texts;
        a->text_bytes += seg->stats.source_bytes;
        FR_TRY(copy_documents(a, s, err));
        if (a->settings->analyzer == FR_ANALYZER_KOREAN) FR_TRY(copy_eojeols(a, s, err));
        FR_TRY(copy_field_ends(a, s, err));
        FR_TRY(fr_column_builder_copy(&a->columns, s, err));
        fr_map_drop_pages(&seg->map);
    }
    return a->settings->store_text ? fr_repack_store(fr_vec_data(&a->sources), count, a->settings,
                                                     &a->writer, &a->text_bytes, err)
                                   : FRAI_OK;
}
