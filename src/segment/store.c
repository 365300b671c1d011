/* Records are packed until a block of FR_STORE_BLOCK_BYTES is full, and compressed together, with a
 * dictionary that all blocks share. A record is found by binary search over the first documents of
 * blocks; the block that was read last stays decompressed, for neighbours are often read together.
 */
#include "segment/store.h"

#include "base/bytes.h"
#include "base/lower_bound.h"

bool fr_store_pack(struct fr_compressor *c, uint32_t first_doc, const struct fr_records *records,
                   struct fr_store_blocks *out, struct fr_buf *scratch)
{
    const uint32_t *lengths = fr_vec_data(&records->lengths);
    size_t count = fr_vec_count(&records->lengths);
    const uint8_t *record = records->bytes.data;
    for (size_t i = 0; i < count;) {
        size_t first = i, bytes = 0;
        do {
            bytes += lengths[i++];
        } while (i < count && bytes + lengths[i] <= FR_STORE_BLOCK_BYTES);
        fr_buf_clear(scratch);
        fr_buf_varint(scratch, i - first);
        for (size_t k = first; k < i; k++) fr_buf_varint(scratch, lengths[k]);
        fr_buf_put(scratch, record, bytes);
        record += bytes;
        size_t at = out->bytes.len;
        if (scratch->failed || !fr_compress(c, scratch->data, scratch->len, &out->bytes))
            return false;
        fr_vec_push(&out->entries, .at = at, .bytes = (uint32_t)(out->bytes.len - at),
                    .plain_bytes = (uint32_t)scratch->len,
                    .first_doc = first_doc + (uint32_t)first);
    }
    return !out->entries.buf.failed;
}

void fr_store_append(struct fr_segment_writer *w, const struct fr_store_blocks *blocks)
{
    struct fr_spill_buffer *store = fr_segment_writer_section(w, FR_SECTION_STORE);
    struct fr_spill_buffer *index = fr_segment_writer_section(w, FR_SECTION_STORE_INDEX);
    uint64_t base = fr_spill_buffer_len(store);
    for (size_t i = 0; i < fr_vec_count(&blocks->entries); i++) {
        struct fr_store_entry entry = fr_vec_at(&blocks->entries, i);
        entry.at += base;
        fr_buf_put(&index->buf, &entry, sizeof entry);
    }
    fr_buf_put(&store->buf, blocks->bytes.data, blocks->bytes.len);
    fr_spill_if_full(store);
    fr_spill_if_full(index);
}

void fr_store_put_dictionary(struct fr_segment_writer *w, frai_slice dictionary)
{
    fr_segment_writer_put(w, FR_SECTION_STORE_DICT, dictionary.ptr, dictionary.len);
}

void fr_store_reader_init(struct fr_store_reader *r, const struct fr_segment *seg,
                          const frai_allocator *mem)
{
    *r = (struct fr_store_reader){.seg = seg, .block = UINT64_MAX};
    fr_buf_init(&r->plain, mem);
    fr_buf_init(&r->ends.buf, mem);
}

void fr_store_reader_deinit(struct fr_store_reader *r)
{
    fr_decompressor_destroy(r->decompressor);
    r->decompressor = NULL;
    fr_buf_deinit(&r->plain);
    fr_buf_deinit(&r->ends.buf);
}

/* A plain block is a few records, or one long one. */
#define PLAIN_MAX (1u << 30)

static frai_status find_records(struct fr_store_reader *r, frai_error *err)
{
    struct fr_reader in = fr_reader_of(r->plain.data, r->plain.len);
    uint64_t count = fr_read_varint(&in);
    if (count > r->plain.len) return fr_segment_damaged(r->seg, "store", err);
    if (!fr_vec_reserve(&r->ends, (size_t)count + 1))
        return fr_fail_memory(err, "reading the index");
    struct fr_reader records = in;
    for (uint64_t i = 0; i < count; i++) fr_read_varint(&records);
    fr_vec_push(&r->ends, (uint32_t)(records.at - r->plain.data));
    for (uint64_t i = 0; i < count; i++) {
        fr_read_bytes(&records, fr_read_varint(&in));
        fr_vec_push(&r->ends, (uint32_t)(records.at - r->plain.data));
    }
    return records.bad ? fr_segment_damaged(r->seg, "store", err) : FRAI_OK;
}

static frai_status load_block(struct fr_store_reader *r, uint64_t block,
                              const struct fr_store_entry *entry, frai_error *err)
{
    const struct fr_segment *seg = r->seg;
    if (!r->decompressor) {
        const struct fr_section *dict = &seg->sections[FR_SECTION_STORE_DICT];
        if (!fr_segment_verify_range(seg, dict->data, dict->len))
            return fr_segment_damaged(seg, "store_dict", err);
        r->decompressor = fr_decompressor_create(dict->data, (size_t)dict->len);
        if (!r->decompressor) return fr_fail_memory(err, "reading the index");
    }
    uint32_t bytes = entry->bytes, plain = entry->plain_bytes;
    const uint8_t *packed = fr_segment_part(seg, FR_SECTION_STORE, entry->at, bytes);
    if (!packed || plain > PLAIN_MAX) return fr_segment_damaged(seg, "store", err);
    r->block = UINT64_MAX;
    fr_buf_clear(&r->plain);
    if (!fr_buf_room(&r->plain, plain)) return fr_fail_memory(err, "reading the index");
    if (!fr_decompress(r->decompressor, packed, bytes, r->plain.data, plain))
        return fr_segment_damaged(seg, "store", err);
    r->plain.len = plain;
    FR_TRY(find_records(r, err));
    r->block = block;
    return FRAI_OK;
}

/* NULL: damaged. */
static const struct fr_store_entry *entry_at(const struct fr_segment *seg, uint64_t block)
{
    const size_t size = sizeof(struct fr_store_entry);
    return (const struct fr_store_entry *)(const void *)fr_segment_part(seg, FR_SECTION_STORE_INDEX,
                                                                        block * size, size);
}

frai_status fr_store_read(struct fr_store_reader *r, uint32_t doc, const uint8_t **record,
                          size_t *len, frai_error *err)
{
    const struct fr_segment *seg = r->seg;
    const struct fr_store_entry *entry;
    *record = NULL;
    *len = 0;
    uint64_t blocks = seg->sections[FR_SECTION_STORE_INDEX].len / sizeof *entry;
    if (blocks == 0) return FRAI_OK;
    uint64_t next = 1;
    bool sound = true;
    FR_LOWER_BOUND(uint64_t, next, blocks, i,
                   (sound = sound && (entry = entry_at(seg, i)) != NULL) &&
                       entry->first_doc <= doc);
    entry = sound ? entry_at(seg, next - 1) : NULL;
    if (!entry) return fr_segment_damaged(seg, "store_index", err);
    if (r->block != next - 1) FR_TRY(load_block(r, next - 1, entry, err));
    uint32_t first = entry->first_doc;
    if (doc < first || doc - first + 1 >= fr_vec_count(&r->ends))
        return fr_segment_damaged(seg, "store", err);
    const uint32_t *ends = &fr_vec_at(&r->ends, doc - first);
    *record = r->plain.data + ends[0];
    *len = ends[1] - ends[0];
    return FRAI_OK;
}
