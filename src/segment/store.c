/* Records are packed until a block of FR_STORE_BLOCK_BYTES is full, and compressed together, with a
 * dictionary that all blocks share. A record is found by binary search over the first documents of
 * blocks; the block that was read last stays decompressed, for neighbours are often read together.
 */
#include "segment/store.h"

#include "base/bytes.h"
#include "base/lower_bound.h"

bool fr_store_pack_block(struct fr_compressor *c, const uint8_t *plain, size_t len,
                         struct fr_store_entry entry, struct fr_store_blocks *out)
{
    entry.at = out->bytes.len;
    if (!fr_compress(c, plain, len, &out->bytes)) return false;
    entry.bytes = (uint32_t)(out->bytes.len - entry.at);
    entry.plain_bytes = (uint32_t)len;
    fr_vec_append(&out->entries, &entry, 1);
    return !out->entries.buf.failed;
}

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
        struct fr_store_entry entry = {.first_doc = first_doc + (uint32_t)first};
        if (scratch->failed || !fr_store_pack_block(c, scratch->data, scratch->len, entry, out))
            return false;
    }
    return true;
}

void fr_store_append(struct fr_segment_writer *w, const struct fr_store_blocks *blocks,
                     uint32_t base)
{
    struct fr_spill_buffer *store = fr_segment_writer_section(w, FR_SECTION_STORE);
    struct fr_spill_buffer *index = fr_segment_writer_section(w, FR_SECTION_STORE_INDEX);
    uint64_t start = fr_spill_buffer_len(store);
    for (size_t i = 0; i < fr_vec_count(&blocks->entries); i++) {
        struct fr_store_entry entry = fr_vec_at(&blocks->entries, i);
        entry.at += start;
        int32_t position = (int32_t)(entry.position + base);
        entry.position = position > 0 ? (uint32_t)position : 0;
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
    fr_buf_init(&r->joined, mem);
    r->place_doc = UINT32_MAX;
}

void fr_store_reader_deinit(struct fr_store_reader *r)
{
    fr_decompressor_destroy(r->decompressor);
    r->decompressor = NULL;
    fr_buf_deinit(&r->plain);
    fr_buf_deinit(&r->ends.buf);
    fr_buf_deinit(&r->joined);
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

/* NULL: damaged. */
static const struct fr_store_entry *entry_at(const struct fr_segment *seg, uint64_t block)
{
    const size_t size = sizeof(struct fr_store_entry);
    return (const struct fr_store_entry *)(const void *)fr_segment_part(seg, FR_SECTION_STORE_INDEX,
                                                                        block * size, size);
}

static frai_status load_block(struct fr_store_reader *r, uint64_t block, bool has_records,
                              frai_error *err)
{
    const struct fr_segment *seg = r->seg;
    const struct fr_store_entry *entry = entry_at(seg, block);
    if (!entry) return fr_segment_damaged(seg, "store_index", err);
    if (r->block == block) return FRAI_OK;
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
    r->blocks_read++;
    fr_vec_set_count(&r->ends, 0);
    if (has_records)
        FR_TRY(find_records(r, err));
    else
        fr_segment_account_scan(seg, &r->walked, bytes);
    r->block = block;
    return FRAI_OK;
}

/* The number of blocks whose first document is not above `doc`; ~0: damaged. */
static uint64_t blocks_up_to(const struct fr_segment *seg, uint64_t blocks, uint64_t doc)
{
    const struct fr_store_entry *entry;
    uint64_t next = 0;
    bool sound = true;
    FR_LOWER_BOUND(uint64_t, next, blocks, i,
                   (sound = sound && (entry = entry_at(seg, i)) != NULL) &&
                       entry->first_doc <= doc);
    return sound ? next : UINT64_MAX;
}

/* Sums up the parts. */
static frai_status count_bytes(const struct fr_segment *seg, struct fr_stored *s, frai_error *err)
{
    for (uint64_t i = s->first; i < s->first + s->count; i++) {
        const struct fr_store_entry *entry = entry_at(seg, i);
        if (!entry) return fr_segment_damaged(seg, "store_index", err);
        s->bytes += entry->plain_bytes;
    }
    return s->bytes <= PLAIN_MAX ? FRAI_OK : fr_segment_damaged(seg, "store", err);
}

frai_status fr_store_find(struct fr_store_reader *r, uint32_t doc, struct fr_stored *out,
                          frai_error *err)
{
    const struct fr_segment *seg = r->seg;
    uint64_t blocks = seg->sections[FR_SECTION_STORE_INDEX].len / sizeof(struct fr_store_entry);
    *out = (struct fr_stored){.doc = doc};
    if (blocks == 0) return FRAI_OK;
    uint64_t end = blocks_up_to(seg, blocks, doc);
    const struct fr_store_entry *last = end && end <= blocks ? entry_at(seg, end - 1) : NULL;
    const struct fr_store_entry *before = last && end > 1 ? entry_at(seg, end - 2) : NULL;
    if (!last || (end > 1 && !before)) return fr_segment_damaged(seg, "store_index", err);
    out->first = end - 1;
    out->count = 1;
    uint32_t first_doc = last->first_doc;
    if (!before || before->first_doc != first_doc) return FRAI_OK;
    out->first = first_doc ? blocks_up_to(seg, blocks, first_doc - 1) : 0;
    if (out->first >= end || first_doc != doc) return fr_segment_damaged(seg, "store_index", err);
    out->count = end - out->first;
    return count_bytes(seg, out, err);
}

/* Goes to the part that has the byte. */
static frai_status seek(struct fr_store_reader *r, const struct fr_stored *s, uint64_t at,
                        frai_error *err)
{
    if (r->place_doc != s->doc || at < r->place_at) {
        r->place_doc = s->doc;
        r->place = s->first;
        r->place_at = 0;
    }
    for (; r->place < s->first + s->count; r->place++) {
        const struct fr_store_entry *entry = entry_at(r->seg, r->place);
        if (!entry) break;
        if (at - r->place_at < entry->plain_bytes) return load_block(r, r->place, false, err);
        r->place_at += entry->plain_bytes;
    }
    r->place_doc = UINT32_MAX;
    return fr_segment_damaged(r->seg, "store", err);
}

frai_status fr_store_read_bytes(struct fr_store_reader *r, const struct fr_stored *s, uint64_t at,
                                void *to, size_t bytes, frai_error *err)
{
    while (bytes) {
        FR_TRY(seek(r, s, at, err));
        size_t from = (size_t)(at - r->place_at), n = r->plain.len - from;
        if (n > bytes) n = bytes;
        memcpy(to, r->plain.data + from, n);
        to = (uint8_t *)to + n;
        at += n;
        bytes -= n;
    }
    return FRAI_OK;
}

/* Bytes of a long record, in their block or in `joined`. */
static frai_status view_bytes(struct fr_store_reader *r, const struct fr_stored *s, uint64_t at,
                              size_t bytes, const uint8_t **out, frai_error *err)
{
    *out = (const uint8_t *)"";
    if (bytes == 0) return FRAI_OK;
    FR_TRY(seek(r, s, at, err));
    size_t from = (size_t)(at - r->place_at);
    *out = r->plain.data + from;
    if (bytes <= r->plain.len - from) return FRAI_OK;
    fr_buf_clear(&r->joined);
    if (!fr_buf_room(&r->joined, bytes)) return fr_fail_memory(err, "reading the index");
    r->joined.len = bytes;
    *out = r->joined.data;
    return fr_store_read_bytes(r, s, at, r->joined.data, bytes, err);
}

static frai_status read_short(struct fr_store_reader *r, const struct fr_stored *s,
                              const uint8_t **record, size_t *len, frai_error *err)
{
    FR_TRY(load_block(r, s->first, true, err));
    const struct fr_store_entry *entry = entry_at(r->seg, s->first);
    uint32_t doc = s->doc, first = entry ? entry->first_doc : UINT32_MAX;
    if (doc < first || doc - first + 1 >= fr_vec_count(&r->ends))
        return fr_segment_damaged(r->seg, "store", err);
    const uint32_t *ends = &fr_vec_at(&r->ends, doc - first);
    *record = r->plain.data + ends[0];
    *len = ends[1] - ends[0];
    return FRAI_OK;
}

frai_status fr_store_read(struct fr_store_reader *r, uint32_t doc, const uint8_t **record,
                          size_t *len, frai_error *err)
{
    struct fr_stored s;
    *record = NULL;
    *len = 0;
    FR_TRY(fr_store_find(r, doc, &s, err));
    if (s.count == 0) return FRAI_OK;
    if (!fr_stored_is_long(&s)) return read_short(r, &s, record, len, err);
    FR_TRY(view_bytes(r, &s, 0, (size_t)s.bytes, record, err));
    *len = (size_t)s.bytes;
    return FRAI_OK;
}

static frai_status read_long(void *ctx, uint64_t at, void *to, size_t bytes, frai_error *err)
{
    const struct fr_store_source *s = ctx;
    return fr_store_read_bytes(s->reader, &s->stored, at, to, bytes, err);
}

frai_status fr_store_source(struct fr_store_reader *r, uint32_t doc, struct fr_store_source *out,
                            frai_error *err)
{
    *out = (struct fr_store_source){.reader = r};
    FR_TRY(fr_store_find(r, doc, &out->stored, err));
    if (!fr_stored_is_long(&out->stored))
        return fr_store_read(r, doc, &out->record.head, &out->record.head_bytes, err);
    out->record.rest_bytes = out->stored.bytes;
    out->record.read = read_long;
    out->record.ctx = out;
    return FRAI_OK;
}

frai_status fr_store_next_field(struct fr_store_reader *r, const struct fr_stored *s, uint64_t *at,
                                struct fr_stored_field *field, frai_error *err)
{
    const uint8_t *bytes;
    uint64_t left = s->bytes - *at;
    FR_TRY(seek(r, s, *at, err));
    size_t from = (size_t)(*at - r->place_at),
           len = r->plain.len - from; /* no part ends in a head */
    bytes = r->plain.data + from;
    struct fr_reader head = fr_reader_of(bytes, len);
    field->number = fr_read_varint(&head);
    field->bytes = fr_read_varint(&head);
    uint64_t head_bytes = (uint64_t)(head.at - bytes);
    if (head.bad || head_bytes > left || field->bytes > left - head_bytes)
        return fr_segment_damaged(r->seg, "store", err);
    field->at = *at + head_bytes;
    *at = field->at + field->bytes;
    return FRAI_OK;
}

frai_status fr_store_read_field(struct fr_store_reader *r, uint32_t doc, uint32_t field,
                                frai_slice *value, frai_error *err)
{
    struct fr_stored s;
    const uint8_t *bytes;
    size_t len;
    *value = (frai_slice){"", 0};
    FR_TRY(fr_store_find(r, doc, &s, err));
    if (!fr_stored_is_long(&s)) {
        FR_TRY(fr_store_read(r, doc, &bytes, &len, err));
        *value = fr_record_field(bytes, len, field);
        return FRAI_OK;
    }
    for (uint64_t at = 0; at < s.bytes;) {
        struct fr_stored_field found;
        FR_TRY(fr_store_next_field(r, &s, &at, &found, err));
        if (found.number != field) continue;
        FR_TRY(view_bytes(r, &s, found.at, (size_t)found.bytes, &bytes, err));
        *value = (frai_slice){(const char *)bytes, (size_t)found.bytes};
        break;
    }
    return FRAI_OK;
}

#define NEAR_BEFORE 128u /* positions that are looked at around a place, at the least */
#define NEAR_BEHIND 512u
#define NEAR_PARTS  4u /* at the most */

/* The last part that begins at the position or before it. */
static frai_status part_of(const struct fr_segment *seg, const struct fr_stored *s,
                           uint32_t position, uint64_t *part, frai_error *err)
{
    const struct fr_store_entry *entry;
    uint64_t next = s->first + 1;
    bool sound = true;
    FR_LOWER_BOUND(uint64_t, next, s->first + s->count, i,
                   (sound = sound && (entry = entry_at(seg, i)) != NULL) &&
                       entry->position <= position);
    *part = next - 1;
    return sound ? FRAI_OK : fr_segment_damaged(seg, "store_index", err);
}

frai_status fr_store_read_near(struct fr_store_reader *r, const struct fr_stored *s,
                               const struct fr_stored_place *place, struct fr_stored_text *out,
                               frai_error *err)
{
    const struct fr_stored_field *field = &place->field;
    uint32_t begin = place->begin, end = place->end;
    uint64_t first, last, from = 0, to;
    const uint8_t *bytes;
    FR_TRY(part_of(r->seg, s, begin > NEAR_BEFORE ? begin - NEAR_BEFORE : 0, &first, err));
    if (end < UINT32_MAX - NEAR_BEHIND) end += NEAR_BEHIND;
    FR_TRY(part_of(r->seg, s, end, &last, err));
    if (last < first) return fr_segment_damaged(r->seg, "store_index", err);
    if (last - first >= NEAR_PARTS) last = first + NEAR_PARTS - 1;
    for (uint64_t i = s->first; i < first; i++) from += entry_at(r->seg, i)->plain_bytes;
    to = from;
    for (uint64_t i = first; i <= last; i++) to += entry_at(r->seg, i)->plain_bytes;
    if (from < field->at) from = field->at;
    if (to > field->at + field->bytes) to = field->at + field->bytes;
    if (to < from) to = from = field->at;
    FR_TRY(view_bytes(r, s, from, (size_t)(to - from), &bytes, err));
    out->at = from - field->at;
    out->text = (frai_slice){(const char *)bytes, (size_t)(to - from)};
    const struct fr_store_entry *next =
        last + 1 < s->first + s->count ? entry_at(r->seg, last + 1) : NULL;
    out->stop = next ? next->position : UINT32_MAX;
    return FRAI_OK;
}

frai_status fr_store_read_block(struct fr_store_reader *r, uint64_t block, frai_slice *plain,
                                frai_error *err)
{
    FR_TRY(load_block(r, block, false, err));
    *plain = fr_buf_slice(&r->plain);
    return FRAI_OK;
}

frai_status fr_store_read_path(struct fr_store_reader *r, uint32_t doc, frai_slice *path,
                               frai_error *err)
{
    FR_TRY(fr_store_read_field(r, doc, FR_FIELD_PATH, path, err));
    return path->len ? FRAI_OK : fr_store_read_field(r, doc, FR_FIELD_SHARED_PATH, path, err);
}

frai_status fr_store_check(struct fr_store_reader *r, uint32_t doc, frai_error *err)
{
    struct fr_stored s;
    const uint8_t *record;
    size_t len;
    FR_TRY(fr_store_find(r, doc, &s, err));
    if (!fr_stored_is_long(&s)) return fr_store_read(r, doc, &record, &len, err);
    for (uint64_t i = 0; i < s.count; i++) FR_TRY(load_block(r, s.first + i, false, err));
    return FRAI_OK;
}
