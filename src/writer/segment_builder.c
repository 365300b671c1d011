#include "writer/segment_builder.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "codec/norm.h"
#include "segment/deletes.h"
#include "segment/dictionary.h"
#include "segment/documents.h"
#include "segment/external_sort.h"
#include "segment/field_ends.h"
#include "segment/store.h"
#include "writer/column_builder.h"
#include "writer/term_merge.h"

/* A section, or another thing that a sink takes, holds such a part of the memory. */
#define SINKS 64u

struct fr_segment_builder {
    const frai_allocator *mem;
    const struct fr_settings *settings;
    uint64_t number, memory_bytes;
    uint32_t threads;
    char path[FR_PATH_MAX];
    struct fr_buf sources; /* struct fr_doc_map, if it is made of segments */
    frai_slice dictionary; /* ... of their stored text, which the segment keeps */
    struct fr_segment_writer writer;
    struct fr_spill_buffer runs;
    struct fr_buf run_list;                         /* struct fr_run */
    struct fr_external_sort hashes;                 /* of ids; numbers are documents */
    struct fr_spill_buffer norm_bytes, width_bytes; /* of each document, while they come */
    struct fr_buf norms, widths;                    /* all of them, at the end */
    struct fr_spill_buffer lengths;                 /* uint32_t; of chunks only */
    struct fr_buf previous_id;
    struct fr_eojeol_writer eojeols;
    struct fr_field_end_writer field_ends;
    struct fr_column_builder columns;
    uint32_t docs;
    uint64_t text_bytes, tokens;
    uint32_t texts; /* documents with a token */
};

static frai_status memory_failure(frai_error *err)
{
    return fr_fail(err, FRAI_ERR_MEMORY, "out of memory while building");
}

/* ---- one segment in the making ---- */

void fr_segment_builder_destroy(struct fr_segment_builder *a)
{
    if (!a) return;
    fr_segment_writer_deinit(&a->writer);
    fr_spill_buffer_deinit(&a->runs);
    fr_spill_buffer_deinit(&a->lengths);
    fr_spill_buffer_deinit(&a->norm_bytes);
    fr_spill_buffer_deinit(&a->width_bytes);
    fr_external_sort_deinit(&a->hashes);
    struct fr_buf *made[] = {&a->run_list, &a->norms, &a->widths, &a->previous_id, &a->sources};
    for (size_t i = 0; i < FR_COUNT(&a->sources, struct fr_doc_map); i++)
        fr_doc_map_deinit(&FR_AT(&a->sources, struct fr_doc_map, i));
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) fr_buf_deinit(made[i]);
    fr_eojeol_writer_deinit(&a->eojeols);
    fr_field_end_writer_deinit(&a->field_ends);
    fr_column_builder_deinit(&a->columns);
    fr_free(a->mem, a, sizeof *a);
}

static void make_sink(struct fr_segment_builder *a, struct fr_spill_buffer *sink,
                      const char *prefix, const char *what, size_t limit)
{
    char path[FR_PATH_MAX];
    snprintf(path, sizeof path, "%.4000s-%s", prefix, what);
    fr_spill_buffer_init(sink, a->mem, path, limit);
}

/* Title, body and those declared. */
static uint32_t text_fields(const struct fr_settings *settings)
{
    uint32_t count = 2;
    for (uint32_t i = 0; i < settings->field_count; i++)
        count += settings->fields[i].kind == FR_FIELD_TEXT;
    return count;
}

frai_status fr_segment_builder_create(const struct fr_segment_builder_options *o,
                                      struct fr_segment_builder **out, frai_error *err)
{
    struct fr_segment_builder *a = fr_new(o->mem, sizeof *a);
    *out = NULL;
    if (!a) return memory_failure(err);
    a->mem = o->mem;
    a->settings = o->settings;
    a->number = o->number;
    a->memory_bytes = o->memory_bytes;
    a->threads = o->threads;
    char name[64], prefix[FR_PATH_MAX + 32], path[FR_PATH_MAX + 64];
    snprintf(prefix, sizeof prefix, "%s/tmp-%" PRIu64, o->dir, a->number);
    fr_segment_writer_init(&a->writer, a->mem, prefix, (size_t)(a->memory_bytes / SINKS));
    make_sink(a, &a->runs, prefix, "runs", (size_t)(a->memory_bytes / 4));
    make_sink(a, &a->lengths, prefix, "lengths", (size_t)(a->memory_bytes / SINKS));
    make_sink(a, &a->norm_bytes, prefix, "norms", (size_t)(a->memory_bytes / SINKS));
    make_sink(a, &a->width_bytes, prefix, "widths", (size_t)(a->memory_bytes / SINKS));
    snprintf(path, sizeof path, "%s-hashes", prefix);
    fr_external_sort_init(&a->hashes, a->mem, path, (size_t)(a->memory_bytes / 16));
    struct fr_buf *made[] = {&a->run_list, &a->norms, &a->widths, &a->previous_id, &a->sources};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) fr_buf_init(made[i], a->mem);
    fr_eojeol_writer_init(&a->eojeols, &a->writer);
    a->writer.stats.text_fields = text_fields(a->settings);
    fr_field_end_writer_init(&a->field_ends, &a->writer);
    fr_segment_file_name(a->number, name);
    frai_status status = fr_column_builder_init(&a->columns, a->settings, prefix,
                                                (size_t)(a->memory_bytes / SINKS), a->mem, err);
    if (status == FRAI_OK && !fr_path_join(a->path, sizeof a->path, o->dir, name))
        status = fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    if (status != FRAI_OK) {
        fr_segment_builder_destroy(a);
        return status;
    }
    *out = a;
    return FRAI_OK;
}

uint32_t fr_segment_builder_documents(const struct fr_segment_builder *a)
{
    return a->docs;
}

/* Adds packed blocks of stored text, and their index entries with offsets in `blocks`. */
static void put_store(struct fr_segment_builder *a, const struct fr_buf *blocks,
                      const uint8_t *entries, size_t count)
{
    struct fr_spill_buffer *store = &a->writer.sections[FR_SECTION_STORE];
    struct fr_spill_buffer *index = &a->writer.sections[FR_SECTION_STORE_INDEX];
    uint64_t base = fr_spill_buffer_len(store);
    for (size_t i = 0; i < count; i++, entries += FR_STORE_INDEX_BYTES) {
        fr_buf_u64(&index->buf, base + fr_load64(entries));
        fr_buf_put(&index->buf, entries + 8, FR_STORE_INDEX_BYTES - 8);
    }
    fr_buf_put(&store->buf, blocks->data, blocks->len);
    fr_spill_if_full(store);
    fr_spill_if_full(index);
}

/* The id, norm and width of the next document. */
static void put_document(struct fr_segment_builder *a, const uint8_t *id, size_t id_len,
                         uint8_t norm, uint8_t width)
{
    fr_external_sort_add(&a->hashes, (struct fr_tuple){fr_hash64(id, id_len), 0, a->docs});
    fr_front_write(&a->writer.sections[FR_SECTION_IDS], &a->writer.sections[FR_SECTION_ID_INDEX],
                   &a->previous_id, a->docs, FR_ID_GROUP, id, id_len);
    fr_buf_u8(&a->norm_bytes.buf, norm);
    fr_buf_u8(&a->width_bytes.buf, width);
    fr_spill_if_full(&a->norm_bytes);
    fr_spill_if_full(&a->width_bytes);
    a->docs++;
}

frai_status fr_segment_builder_add_chunk(struct fr_segment_builder *a, struct fr_chunk *chunk,
                                         frai_error *err)
{
    const uint8_t *record = chunk->records.data, *id = chunk->ids.data;
    const uint32_t *start = (const uint32_t *)(const void *)chunk->starts.data;
    bool korean = a->settings->analyzer == FR_ANALYZER_KOREAN;
    for (uint32_t i = 0; i < chunk->docs; i++) {
        uint32_t id_len = FR_AT(&chunk->id_lengths, uint32_t, i);
        uint32_t record_len = FR_AT(&chunk->record_lengths, uint32_t, i);
        uint32_t length = FR_AT(&chunk->lengths, uint32_t, i);
        uint32_t positions = FR_AT(&chunk->positions, uint32_t, i);
        uint32_t starts = FR_AT(&chunk->start_counts, uint32_t, i);
        fr_buf_u32(&a->lengths.buf, length);
        a->tokens += length;
        a->texts += length > 0;
        if (korean) fr_eojeol_writer_add(&a->eojeols, positions, start, starts);
        fr_field_end_writer_add(
            &a->field_ends, &FR_AT(&chunk->field_ends, uint32_t, (size_t)i * a->field_ends.bounds));
        fr_column_builder_add(&a->columns, record, record_len);
        put_document(a, id, id_len, fr_norm_encode(length), chunk->widths.data[i]);
        start += starts;
        id += id_len;
        record += record_len;
    }
    struct fr_run run = {.at = fr_spill_buffer_len(&a->runs), .first_doc = chunk->first_doc};
    run.words_at = run.at + chunk->words_at;
    run.lexicon_at = run.at + chunk->lexicon_at;
    run.end = run.at + chunk->run.len;
    fr_buf_put(&a->run_list, &run, sizeof run);
    fr_buf_put(&a->runs.buf, chunk->run.data, chunk->run.len);
    fr_spill_if_full(&a->lengths);
    fr_spill_if_full(&a->runs);
    put_store(a, &chunk->store, chunk->store_index.data,
              chunk->store_index.len / FR_STORE_INDEX_BYTES);
    a->text_bytes += chunk->text_bytes;
    return fr_spill_buffer_status(&a->runs, err);
}

/* ---- of segments ---- */

static frai_status take_eojeols(struct fr_segment_builder *a, const struct fr_doc_map *s,
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

static frai_status take_field_ends(struct fr_segment_builder *a, const struct fr_doc_map *s,
                                   frai_error *err)
{
    uint32_t bounds = a->field_ends.bounds;
    if (s->seg->stats.text_fields != bounds + 1)
        return fr_segment_damaged(s->seg, "field_ends", err);
    uint32_t *ends = fr_new(a->mem, bounds * sizeof *ends);
    frai_status status = ends ? FRAI_OK : memory_failure(err);
    for (uint32_t doc = 0; status == FRAI_OK && doc < s->seg->stats.docs; doc++) {
        if (!fr_doc_map_has(s, doc)) continue;
        status = fr_field_ends_read(s->seg, doc, bounds, ends, err);
        if (status == FRAI_OK) fr_field_end_writer_add(&a->field_ends, ends);
    }
    fr_free(a->mem, ends, bounds * sizeof *ends);
    return status;
}

static frai_status take_documents(struct fr_segment_builder *a, const struct fr_doc_map *s,
                                  frai_error *err)
{
    struct fr_buf id;
    uint64_t walked = 0;
    fr_buf_init(&id, a->mem);
    frai_status status = FRAI_OK;
    for (uint32_t doc = 0; status == FRAI_OK && doc < s->seg->stats.docs; doc++) {
        if (!fr_doc_map_has(s, doc)) continue;
        const uint8_t *norm = fr_segment_part(s->seg, FR_SECTION_NORMS, doc, 1);
        const uint8_t *width = fr_segment_part(s->seg, FR_SECTION_WIDTHS, doc, 1);
        status = norm && width ? fr_document_id(s->seg, doc, &id, err)
                               : fr_segment_damaged(s->seg, "norms or widths", err);
        if (status != FRAI_OK) break;
        put_document(a, id.data, id.len, *norm, *width);
        fr_spill_if_full(&a->writer.sections[FR_SECTION_IDS]);
        fr_segment_account_scan(s->seg, &walked, id.len + 2);
    }
    fr_buf_deinit(&id);
    return status;
}

/* Stored text on its way from segments: blocks go as they are, or, where a document of them is
 * gone or the dictionary is another, their records are packed again. */
struct repacking {
    struct fr_segment_builder *a;
    struct fr_compressor *compressor;
    struct fr_buf records, lengths; /* bytes; uint32_t each: of consecutive documents */
    struct fr_buf blocks, index, scratch;
    uint32_t next; /* the document after them */
};

#define REPACKED_BYTES (1u << 20)

static frai_status pack_records(struct repacking *r, frai_error *err)
{
    uint32_t count = (uint32_t)FR_COUNT(&r->lengths, uint32_t);
    bool ok = !r->records.failed && !r->lengths.failed;
    if (ok && count == 0) return FRAI_OK;
    r->blocks.len = r->index.len = 0;
    if (ok && !r->compressor)
        r->compressor =
            fr_compressor_create(r->a->dictionary.ptr, r->a->dictionary.len, FR_STORE_LEVEL);
    if (!ok || !r->compressor ||
        !fr_store_pack(r->compressor, r->next - count, r->records.data,
                       (const uint32_t *)(const void *)r->lengths.data, count, &r->blocks,
                       &r->index, &r->scratch))
        return memory_failure(err);
    put_store(r->a, &r->blocks, r->index.data, r->index.len / FR_STORE_INDEX_BYTES);
    r->records.len = r->lengths.len = 0;
    return FRAI_OK;
}

/* Bytes of text that analysis counted. */
static uint64_t text_of(const struct fr_segment_builder *a, const uint8_t *record, size_t len)
{
    uint64_t bytes = fr_record_field(record, len, FR_FIELD_TITLE).len +
                     fr_record_field(record, len, FR_FIELD_BODY).len;
    for (uint32_t i = 0; i < a->settings->field_count; i++)
        if (a->settings->fields[i].kind == FR_FIELD_TEXT)
            bytes += fr_record_field(record, len, FR_FIELD_BUILTIN + i).len;
    return bytes;
}

static frai_status repack_block(struct repacking *r, const struct fr_doc_map *s,
                                struct fr_store_reader *store, uint32_t begin, uint32_t end,
                                frai_error *err)
{
    for (uint32_t doc = begin; doc < end; doc++) {
        const uint8_t *record;
        size_t len;
        FR_TRY(fr_store_read(store, doc, &record, &len, err));
        if (!fr_doc_map_has(s, doc)) {
            uint64_t text = text_of(r->a, record, len);
            r->a->text_bytes -= text < r->a->text_bytes ? text : r->a->text_bytes;
            continue;
        }
        fr_buf_put(&r->records, record, len);
        fr_buf_u32(&r->lengths, (uint32_t)len);
        r->next++;
        if (r->records.len >= REPACKED_BYTES) FR_TRY(pack_records(r, err));
    }
    return FRAI_OK;
}

static frai_status copy_block(struct repacking *r, const struct fr_doc_map *s, const uint8_t *entry,
                              uint32_t documents, frai_error *err)
{
    FR_TRY(pack_records(r, err));
    uint32_t bytes = fr_load32(entry + 8);
    const uint8_t *block = fr_segment_part(s->seg, FR_SECTION_STORE, fr_load64(entry), bytes);
    if (!block) return fr_segment_damaged(s->seg, "store", err);
    r->blocks.len = r->index.len = 0;
    fr_buf_put(&r->blocks, block, bytes);
    fr_buf_u64(&r->index, 0);
    fr_buf_put(&r->index, entry + 8, 8);
    fr_buf_u32(&r->index, r->next);
    if (r->blocks.failed || r->index.failed) return memory_failure(err);
    put_store(r->a, &r->blocks, r->index.data, 1);
    r->next += documents;
    return FRAI_OK;
}

static frai_status take_store(struct repacking *r, const struct fr_doc_map *s, frai_error *err)
{
    const struct fr_section *dict = &s->seg->sections[FR_SECTION_STORE_DICT];
    const struct fr_section *index = &s->seg->sections[FR_SECTION_STORE_INDEX];
    uint32_t blocks = (uint32_t)(index->len / FR_STORE_INDEX_BYTES), docs = s->seg->stats.docs;
    const uint8_t *entries = fr_segment_part(s->seg, FR_SECTION_STORE_INDEX, 0, index->len);
    if (!entries || !fr_segment_verify_range(s->seg, dict->data, dict->len))
        return fr_segment_damaged(s->seg, "store_index", err);
    bool same = dict->len == r->a->dictionary.len &&
                (dict->len == 0 || memcmp(dict->data, r->a->dictionary.ptr, dict->len) == 0);
    struct fr_store_reader store;
    uint64_t walked = 0;
    frai_status status = fr_store_reader_init(&store, s->seg, err);
    for (uint32_t i = 0; status == FRAI_OK && i < blocks; i++, entries += FR_STORE_INDEX_BYTES) {
        fr_segment_account_scan(s->seg, &walked, fr_load32(entries + 8));
        uint32_t begin = fr_load32(entries + 16);
        uint32_t end = i + 1 < blocks ? fr_load32(entries + FR_STORE_INDEX_BYTES + 16) : docs;
        if (begin > end || end > docs || (i == 0 && begin > 0))
            status = fr_segment_damaged(s->seg, "store_index", err);
        else if (same && fr_doc_map_has_all(s, begin, end))
            status = copy_block(r, s, entries, end - begin, err);
        else
            status = repack_block(r, s, &store, begin, end, err);
    }
    fr_store_reader_deinit(&store);
    return status;
}

static frai_status take_stores(struct fr_segment_builder *a, frai_error *err)
{
    struct repacking r = {.a = a};
    struct fr_buf *made[] = {&r.records, &r.lengths, &r.blocks, &r.index, &r.scratch};
    uint32_t most = 0;
    frai_status status = FRAI_OK;
    for (unsigned i = 0; i < 5; i++) fr_buf_init(made[i], a->mem);
    for (size_t i = 0; i < FR_COUNT(&a->sources, struct fr_doc_map); i++) {
        const struct fr_doc_map *s = &FR_AT(&a->sources, struct fr_doc_map, i);
        const struct fr_section *dict = &s->seg->sections[FR_SECTION_STORE_DICT];
        if (s->docs < most) continue;
        most = s->docs;
        a->dictionary = (frai_slice){(const char *)dict->data, (size_t)dict->len};
        if (!fr_segment_verify_range(s->seg, dict->data, dict->len))
            status = fr_segment_damaged(s->seg, "store_dict", err);
    }
    for (size_t i = 0; status == FRAI_OK && i < FR_COUNT(&a->sources, struct fr_doc_map); i++)
        status = take_store(&r, &FR_AT(&a->sources, struct fr_doc_map, i), err);
    if (status == FRAI_OK) status = pack_records(&r, err);
    fr_compressor_destroy(r.compressor);
    for (unsigned i = 0; i < 5; i++) fr_buf_deinit(made[i]);
    return status;
}

frai_status fr_segment_builder_copy_segments(struct fr_segment_builder *a,
                                             const struct fr_segment *segments, uint32_t count,
                                             frai_error *err)
{
    uint32_t docs = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct fr_segment *seg = &segments[i];
        struct fr_doc_map *s = NULL;
        if (fr_buf_room(&a->sources, sizeof *s)) {
            s = (struct fr_doc_map *)(void *)(a->sources.data + a->sources.len);
            a->sources.len += sizeof *s;
        }
        if (!s || !fr_doc_map_init(s, seg, docs, a->mem)) return memory_failure(err);
        docs += s->docs;
        a->tokens += seg->stats.tokens - seg->deletes.tokens;
        a->texts += seg->stats.texts - seg->deletes.texts;
        a->text_bytes += seg->stats.source_bytes;
        FR_TRY(take_documents(a, s, err));
        if (a->settings->analyzer == FR_ANALYZER_KOREAN) FR_TRY(take_eojeols(a, s, err));
        FR_TRY(take_field_ends(a, s, err));
        FR_TRY(fr_column_builder_copy(&a->columns, s, err));
        fr_map_drop_pages(&seg->map);
    }
    return a->settings->store_text ? take_stores(a, err) : FRAI_OK;
}

/* The id of a document, out of the section being written. */
static frai_status written_id(struct fr_segment_builder *a, uint32_t doc, struct fr_buf *out,
                              frai_error *err)
{
    struct fr_spill_buffer *ids = &a->writer.sections[FR_SECTION_IDS];
    uint64_t begin, end = fr_spill_buffer_len(ids), group = doc / FR_ID_GROUP;
    FR_TRY(
        fr_spill_buffer_read(&a->writer.sections[FR_SECTION_ID_INDEX], group * 8, &begin, 8, err));
    if ((group + 1) * FR_ID_GROUP < a->docs)
        FR_TRY(fr_spill_buffer_read(&a->writer.sections[FR_SECTION_ID_INDEX], group * 8 + 8, &end,
                                    8, err));
    struct fr_buf bytes;
    fr_buf_init(&bytes, out->mem);
    frai_status status = FRAI_OK;
    if (!fr_buf_room(&bytes, (size_t)(end - begin))) status = memory_failure(err);
    if (status == FRAI_OK)
        status = fr_spill_buffer_read(ids, begin, bytes.data, (size_t)(end - begin), err);
    struct fr_reader r = fr_reader_of(bytes.data, (size_t)(end - begin));
    out->len = 0;
    for (uint32_t i = 0; status == FRAI_OK && i <= doc % FR_ID_GROUP; i++)
        if (!fr_front_next(&r, out)) status = memory_failure(err); /* our own bytes */
    fr_buf_deinit(&bytes);
    return status;
}

/* Notes a document whose id comes again. */
static bool bury(struct fr_segment_builder *a, uint32_t doc, struct fr_buf *dead)
{
    struct fr_buf *live = &a->writer.sections[FR_SECTION_LIVE].buf;
    size_t bytes = (a->docs + 7) / 8;
    if (dead->len == 0) {
        if (!fr_buf_room(dead, bytes) || !fr_buf_room(live, bytes)) return false;
        memset(dead->data, 0, bytes);
        memset(live->data, 0xFF, bytes);
        if (a->docs % 8) live->data[bytes - 1] = (uint8_t)((1u << a->docs % 8) - 1);
        dead->len = live->len = bytes;
    }
    dead->data[doc / 8] |= (uint8_t)(1u << doc % 8);
    live->data[doc / 8] &= (uint8_t) ~(1u << doc % 8);
    a->norms.data[doc] = 0;
    return true;
}

static frai_status has_id(struct fr_segment_builder *a, uint32_t doc, frai_slice id,
                          struct fr_buf *scratch, bool *has, frai_error *err)
{
    FR_TRY(written_id(a, doc, scratch, err));
    *has = scratch->len == id.len && memcmp(scratch->data, id.ptr, id.len) == 0;
    return FRAI_OK;
}

/* Does the i-th of the sorted hashes belong to an id that comes again? Then it comes later. */
static frai_status comes_again(struct fr_segment_builder *a, uint32_t i, struct fr_tuple id,
                               struct fr_buf *one, struct fr_buf *other, bool *again,
                               frai_error *err)
{
    struct fr_tuple next;
    *again = false;
    for (uint32_t k = i + 1; k < a->docs && !*again; k++) {
        FR_TRY(fr_external_sort_at(&a->hashes, k, &next, err));
        if (next.major != id.major) break;
        FR_TRY(written_id(a, id.number, one, err));
        frai_slice name = {(const char *)one->data, one->len};
        FR_TRY(has_id(a, next.number, name, other, again, err));
    }
    return FRAI_OK;
}

/* Buries documents whose id comes again later. */
static frai_status bury_replaced(struct fr_segment_builder *a, struct fr_buf *dead, frai_error *err)
{
    struct fr_buf one, other;
    fr_buf_init(&one, a->mem);
    fr_buf_init(&other, a->mem);
    frai_status status = FRAI_OK;
    for (uint32_t i = 0; i + 1 < a->docs && status == FRAI_OK; i++) {
        bool again = false;
        struct fr_tuple id;
        status = fr_external_sort_at(&a->hashes, i, &id, err);
        if (status == FRAI_OK) status = comes_again(a, i, id, &one, &other, &again, err);
        if (status == FRAI_OK && again && !bury(a, id.number, dead)) status = memory_failure(err);
    }
    if (status == FRAI_OK && (one.failed || other.failed)) status = memory_failure(err);
    fr_buf_deinit(&one);
    fr_buf_deinit(&other);
    return status;
}

/* Buries the documents with this id that were added before it was deleted. */
static frai_status bury_id(struct fr_segment_builder *a, const struct fr_pending_id *id,
                           struct fr_buf *scratch, struct fr_buf *dead, frai_error *err)
{
    uint32_t i;
    FR_TRY(fr_external_sort_find(&a->hashes, id->hash, &i, err));
    for (; i < a->docs; i++) {
        struct fr_tuple there;
        bool has;
        FR_TRY(fr_external_sort_at(&a->hashes, i, &there, err));
        if (there.major != id->hash) break;
        if (there.number >= id->doc) continue;
        FR_TRY(has_id(a, there.number, id->id, scratch, &has, err));
        if (has && !bury(a, there.number, dead)) return memory_failure(err);
    }
    return FRAI_OK;
}

/* Buries documents of this segment that were deleted after they had been added. */
static frai_status bury_deleted(struct fr_segment_builder *a,
                                const struct fr_pending_deletes *buried, uint32_t place,
                                struct fr_buf *dead, frai_error *err)
{
    struct fr_buf name;
    fr_buf_init(&name, a->mem);
    frai_status status = FRAI_OK;
    for (size_t i = 0; buried && i < fr_pending_deletes_count(buried) && status == FRAI_OK; i++) {
        struct fr_pending_id id = fr_pending_deletes_at(buried, i);
        if (id.segment == place) status = bury_id(a, &id, &name, dead, err);
    }
    fr_buf_deinit(&name);
    return status;
}

static frai_status load(struct fr_segment_builder *a, struct fr_spill_buffer *from,
                        struct fr_buf *to, frai_error *err)
{
    if (!fr_buf_reserve(to, a->docs)) return memory_failure(err);
    FR_TRY(fr_spill_buffer_read(from, 0, to->data, a->docs, err));
    to->len = a->docs;
    fr_spill_buffer_deinit(from);
    return FRAI_OK;
}

/* Ids, replaced documents and the statistics that follow from them. `dead` gets a bitmap, or stays
 * empty when every document lives. */
static frai_status settle_documents(struct fr_segment_builder *a,
                                    const struct fr_pending_deletes *buried, uint32_t place,
                                    struct fr_buf *dead, frai_error *err)
{
    struct fr_segment_stats *stats = &a->writer.stats;
    struct fr_id_lookup_writer lookup;
    if (a->run_list.failed || a->previous_id.failed) return memory_failure(err);
    FR_TRY(fr_external_sort_run(&a->hashes, err));
    FR_TRY(load(a, &a->norm_bytes, &a->norms, err));
    FR_TRY(load(a, &a->width_bytes, &a->widths, err));
    FR_TRY(bury_replaced(a, dead, err));
    FR_TRY(bury_deleted(a, buried, place, dead, err));
    stats->docs = a->docs;
    stats->tokens = a->tokens;
    stats->texts = a->texts;
    fr_id_lookup_writer_init(&lookup, &a->writer);
    for (uint32_t i = 0; i < a->docs; i++) {
        struct fr_tuple id;
        uint32_t length;
        FR_TRY(fr_external_sort_at(&a->hashes, i, &id, err));
        uint32_t doc = id.number;
        if (!dead->len || !(dead->data[doc / 8] >> (doc % 8) & 1)) {
            fr_id_lookup_writer_put(&lookup, doc);
            stats->live_docs++;
            continue;
        }
        FR_TRY(fr_spill_buffer_read(&a->lengths, doc * 4ull, &length, 4, err));
        stats->tokens -= length;
        stats->texts -= length > 0;
    }
    fr_id_lookup_writer_finish(&lookup);
    return FRAI_OK;
}

static void put_range_norms(struct fr_segment_builder *a)
{
    struct fr_buf *out = &a->writer.sections[FR_SECTION_RANGE_NORMS].buf;
    for (uint32_t first = 0; first < a->docs; first += FR_RANGE_DOCS) {
        uint8_t least = 255;
        for (uint32_t doc = first; doc < a->docs && doc < first + FR_RANGE_DOCS; doc++)
            if (a->norms.data[doc] < least) least = a->norms.data[doc];
        fr_buf_u8(out, least);
    }
}

/* The section becomes these bytes, which leave memory if they are many. */
static void put_section(struct fr_segment_builder *a, unsigned section, struct fr_buf *bytes)
{
    struct fr_spill_buffer *out = &a->writer.sections[section];
    fr_buf_deinit(&out->buf);
    out->buf = *bytes;
    fr_buf_init(bytes, a->mem);
    fr_spill_if_full(out);
}

static frai_status assemble(struct fr_segment_builder *a, frai_slice dictionary,
                            const struct fr_pending_deletes *buried, uint32_t place,
                            struct fr_buf *dead, frai_error *err)
{
    struct fr_segment_stats *stats = &a->writer.stats;
    bool text = a->settings->analyzer == FR_ANALYZER_KOREAN;
    stats->k1 = text ? FR_RANK_K1 : a->settings->k1;
    stats->b = text ? FR_RANK_B : a->settings->b;
    stats->analyzer = a->settings->analyzer;
    stats->source_bytes = a->text_bytes;
    fr_spill_all(&a->runs);
    FR_TRY(settle_documents(a, buried, place, dead, err));
    fr_external_sort_deinit(&a->hashes);
    fr_spill_buffer_deinit(&a->lengths);
    stats->average_length = stats->texts ? (float)((double)stats->tokens / stats->texts) : 0;
    struct fr_merge_input in = {
        .runs = &a->runs,
        .run = (const struct fr_run *)(const void *)a->run_list.data,
        .run_count = (uint32_t)FR_COUNT(&a->run_list, struct fr_run),
        .dead = dead->len ? dead->data : NULL,
        .source = (const struct fr_doc_map *)(const void *)a->sources.data,
        .source_count = (uint32_t)FR_COUNT(&a->sources, struct fr_doc_map),
        .norms = a->norms.data,
        .widths = a->widths.data,
        .threads = a->threads,
        .buffer_bytes = (size_t)(a->memory_bytes / 8),
    };
    FR_TRY(fr_spill_buffer_status(&a->runs, err));
    FR_TRY(fr_merge(&in, &a->writer, err));
    fr_eojeol_writer_finish(&a->eojeols);
    fr_field_end_writer_finish(&a->field_ends);
    put_range_norms(a);
    put_section(a, FR_SECTION_NORMS, &a->norms);
    put_section(a, FR_SECTION_WIDTHS, &a->widths);
    if (a->settings->store_text)
        fr_buf_put(&a->writer.sections[FR_SECTION_STORE_DICT].buf, dictionary.ptr, dictionary.len);
    return fr_column_builder_finish(&a->columns, &a->writer, err);
}

frai_status fr_segment_builder_finish(struct fr_segment_builder *a, frai_slice dictionary,
                                      const struct fr_pending_deletes *buried, uint32_t place,
                                      struct fr_built_segment *out, frai_error *err)
{
    struct fr_buf dead;
    fr_buf_init(&dead, a->mem);
    if (a->sources.len) dictionary = a->dictionary;
    frai_status status = assemble(a, dictionary, buried, place, &dead, err);
    fr_buf_deinit(&dead);
    FR_TRY(status);
    *out = (struct fr_built_segment){.ref = {.number = a->number}, .text_bytes = a->text_bytes};
    out->documents = a->writer.stats.live_docs;
    out->replaced = a->docs - out->documents;
    return fr_segment_writer_finish(&a->writer, a->path, &out->ref.bytes, &out->ref.hash, err);
}
