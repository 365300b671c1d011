/* Blocks of stored text go into the merged segment as they are where all of their documents live
 * and the dictionary is the same; that of the largest segment is chosen, so that most blocks can.
 * The documents of other blocks are collected and packed anew. */
#include "writer/repack_store.h"

#include "segment/store.h"

/* Stored text on its way from segments: blocks go as they are, or, where a document of them is
 * gone or the dictionary is another, their records are packed again. */
struct repacking {
    struct fr_segment_writer *out;
    const struct fr_settings *settings;
    frai_slice dictionary; /* of the largest segment: the blocks of most documents can stay */
    uint64_t *text_bytes;
    struct fr_compressor *compressor;
    struct fr_records records;
    struct fr_store_blocks blocks;
    struct fr_buf scratch;
    uint32_t next;   /* the document after the records */
    uint64_t walked; /* bytes of blocks since pages of the map were dropped */
};

#define REPACKED_BYTES (1u << 20)

static void clear_blocks(struct repacking *r)
{
    fr_buf_clear(&r->blocks.bytes);
    fr_buf_clear(&r->blocks.entries.buf);
}

static bool has_compressor(struct repacking *r)
{
    if (!r->compressor)
        r->compressor = fr_compressor_create(r->dictionary.ptr, r->dictionary.len, FR_STORE_LEVEL);
    return r->compressor != NULL;
}

static frai_status pack_records(struct repacking *r, frai_error *err)
{
    uint32_t count = (uint32_t)fr_vec_count(&r->records.lengths);
    bool ok = !fr_records_failed(&r->records);
    if (ok && count == 0) return FRAI_OK;
    clear_blocks(r);
    if (!ok || !has_compressor(r) ||
        !fr_store_pack(r->compressor, r->next - count, &r->records, &r->blocks, &r->scratch))
        return fr_fail_memory(err, "merging");
    fr_store_append(r->out, &r->blocks, 0);
    fr_buf_clear(&r->records.bytes);
    fr_buf_clear(&r->records.lengths.buf);
    return FRAI_OK;
}

/* Of the bytes that analysis counted. */
static void drop_text(struct repacking *r, uint64_t bytes)
{
    *r->text_bytes -= bytes < *r->text_bytes ? bytes : *r->text_bytes;
}

static frai_status repack_block(struct repacking *r, const struct fr_doc_map *s,
                                struct fr_store_reader *store, uint32_t begin, uint32_t end,
                                frai_error *err)
{
    fr_segment_account_scan(s->seg, &r->walked, FR_STORE_BLOCK_BYTES);
    for (uint32_t doc = begin; doc < end; doc++) {
        const uint8_t *record;
        size_t len;
        FR_TRY(fr_store_read(store, doc, &record, &len, err));
        if (!fr_doc_map_has(s, doc)) {
            for (uint32_t f = 0; f < FR_FIELD_BUILTIN + r->settings->field_count; f++)
                if (fr_settings_is_text(r->settings, f))
                    drop_text(r, fr_record_field(record, len, f).len);
            continue;
        }
        fr_records_add(&r->records, record, len);
        r->next++;
        if (r->records.bytes.len >= REPACKED_BYTES) FR_TRY(pack_records(r, err));
    }
    return FRAI_OK;
}

/* The block as it is; what was collected stands before it. */
static frai_status copy_block(struct repacking *r, const struct fr_doc_map *s,
                              const struct fr_store_entry *from, frai_error *err)
{
    struct fr_store_entry entry = *from;
    const uint8_t *block = fr_segment_part(s->seg, FR_SECTION_STORE, entry.at, entry.bytes);
    if (!block) return fr_segment_damaged(s->seg, "store", err);
    fr_segment_account_scan(s->seg, &r->walked, entry.bytes);
    clear_blocks(r);
    fr_buf_put(&r->blocks.bytes, block, entry.bytes);
    entry.at = 0;
    entry.first_doc = r->next;
    fr_vec_append(&r->blocks.entries, &entry, 1);
    if (r->blocks.bytes.failed || r->blocks.entries.buf.failed)
        return fr_fail_memory(err, "merging");
    fr_store_append(r->out, &r->blocks, 0);
    return FRAI_OK;
}

static frai_status copy_whole(struct repacking *r, const struct fr_doc_map *s,
                              const struct fr_store_entry *from, uint32_t documents,
                              frai_error *err)
{
    FR_TRY(pack_records(r, err));
    FR_TRY(copy_block(r, s, from, err));
    r->next += documents;
    return FRAI_OK;
}

/* ---- documents in parts ---- */

static frai_status drop_long(struct repacking *r, struct fr_store_reader *store, uint32_t doc,
                             frai_error *err)
{
    struct fr_stored stored;
    FR_TRY(fr_store_find(store, doc, &stored, err));
    for (uint64_t at = 0; at < stored.bytes;) {
        struct fr_stored_field field;
        FR_TRY(fr_store_next_field(store, &stored, &at, &field, err));
        if (fr_settings_is_text(r->settings, field.number)) drop_text(r, field.bytes);
    }
    return FRAI_OK;
}

static frai_status repack_part(struct repacking *r, struct fr_store_reader *store, uint64_t block,
                               const struct fr_store_entry *from, frai_error *err)
{
    const struct fr_store_entry entry = {.first_doc = r->next, .position = from->position};
    frai_slice plain;
    FR_TRY(fr_store_read_block(store, block, &plain, err));
    clear_blocks(r);
    if (!has_compressor(r) || !fr_store_pack_block(r->compressor, (const uint8_t *)plain.ptr,
                                                   plain.len, entry, &r->blocks))
        return fr_fail_memory(err, "merging");
    fr_store_append(r->out, &r->blocks, 0);
    return FRAI_OK;
}

/* The blocks of one document. */
struct parts {
    uint32_t first, count;
    const struct fr_store_entry *entry; /* of the first one */
    bool same;                          /* they have the dictionary of the merged segment */
};

static frai_status take_long(struct repacking *r, const struct fr_doc_map *s,
                             struct fr_store_reader *store, const struct parts *p, frai_error *err)
{
    uint32_t doc = p->entry->first_doc;
    if (!fr_doc_map_has(s, doc)) return drop_long(r, store, doc, err);
    FR_TRY(pack_records(r, err));
    for (uint32_t i = 0; i < p->count; i++)
        FR_TRY(p->same ? copy_block(r, s, p->entry + i, err)
                       : repack_part(r, store, p->first + i, p->entry + i, err));
    r->next++;
    return FRAI_OK;
}

static frai_status repack_segment(struct repacking *r, const struct fr_doc_map *s, frai_error *err)
{
    const struct fr_section *dict = &s->seg->sections[FR_SECTION_STORE_DICT];
    const struct fr_section *index = &s->seg->sections[FR_SECTION_STORE_INDEX];
    const void *start = fr_segment_part(s->seg, FR_SECTION_STORE_INDEX, 0, index->len);
    const struct fr_store_entry *entry = start;
    uint32_t blocks = (uint32_t)(index->len / sizeof *entry), docs = s->seg->stats.docs;
    if (!start || !fr_segment_verify_range(s->seg, dict->data, dict->len))
        return fr_segment_damaged(s->seg, "store_index", err);
    bool same = dict->len == r->dictionary.len &&
                (dict->len == 0 || memcmp(dict->data, r->dictionary.ptr, dict->len) == 0);
    struct fr_store_reader store;
    frai_status status = FRAI_OK;
    fr_store_reader_init(&store, s->seg, s->seg->mem);
    for (uint32_t i = 0, parts; status == FRAI_OK && i < blocks; i += parts, entry += parts) {
        for (parts = 1; i + parts < blocks && entry[parts].first_doc == entry->first_doc;) parts++;
        uint32_t begin = entry->first_doc, end = i + parts < blocks ? entry[parts].first_doc : docs;
        if (begin > end || end > docs || (i == 0 && begin > 0) || (parts > 1 && end - begin != 1))
            status = fr_segment_damaged(s->seg, "store_index", err);
        else if (parts > 1)
            status = take_long(r, s, &store, &(struct parts){i, parts, entry, same}, err);
        else if (same && fr_doc_map_has_all(s, begin, end))
            status = copy_whole(r, s, entry, end - begin, err);
        else
            status = repack_block(r, s, &store, begin, end, err);
    }
    fr_store_reader_deinit(&store);
    return status;
}

static frai_status choose_dictionary(struct repacking *r, const struct fr_doc_map *sources,
                                     uint32_t count, frai_error *err)
{
    const struct fr_doc_map *largest = NULL;
    for (uint32_t i = 0; i < count; i++)
        if (!largest || sources[i].docs >= largest->docs) largest = &sources[i];
    if (!largest) return FRAI_OK;
    const struct fr_section *dict = &largest->seg->sections[FR_SECTION_STORE_DICT];
    r->dictionary = (frai_slice){(const char *)dict->data, (size_t)dict->len};
    return fr_segment_verify_range(largest->seg, dict->data, dict->len)
               ? FRAI_OK
               : fr_segment_damaged(largest->seg, "store_dict", err);
}

frai_status fr_repack_store(const struct fr_doc_map *sources, uint32_t count,
                            const struct fr_settings *settings, struct fr_segment_writer *out,
                            uint64_t *text_bytes, frai_error *err)
{
    struct repacking r = {.out = out, .settings = settings, .text_bytes = text_bytes};
    struct fr_buf *made[] = {&r.records.bytes, &r.records.lengths.buf, &r.blocks.bytes,
                             &r.blocks.entries.buf, &r.scratch};
    for (unsigned i = 0; i < 5; i++) fr_buf_init(made[i], out->mem);
    frai_status status = choose_dictionary(&r, sources, count, err);
    for (uint32_t i = 0; status == FRAI_OK && i < count; i++)
        status = repack_segment(&r, &sources[i], err);
    if (status == FRAI_OK) status = pack_records(&r, err);
    if (status == FRAI_OK) fr_store_put_dictionary(out, r.dictionary);
    fr_compressor_destroy(r.compressor);
    for (unsigned i = 0; i < 5; i++) fr_buf_deinit(made[i]);
    return status;
}
