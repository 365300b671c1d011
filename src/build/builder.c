#include "build/builder.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/bytes.h"
#include "build/buried.h"
#include "build/merge.h"
#include "build/reorder.h"
#include "build/workers.h"
#include "codec/norm.h"
#include "index/snapshot.h"
#include "segment/dictionary.h"
#include "segment/documents.h"
#include "text/date.h"

#define MEMORY_MIN         (64ull << 20)
#define SEGMENT_DOCS_MAX   (1u << 28)
#define DICTIONARY_BYTES   (112u << 10)
#define TRAINING_BYTES     (2u << 20)
#define TRAINING_MIN_BYTES (64u << 10)
#define ID_BYTES_MAX       4096u

/* One segment in the making. */
struct assembly {
    struct fr_segment_writer writer;
    struct fr_sink runs;
    struct fr_buf run_list;  /* struct fr_run */
    struct fr_buf id_hashes; /* struct fr_item: half of the hash of an id, document, other half */
    struct fr_buf norms, widths; /* bytes */
    struct fr_buf lengths;       /* uint32_t */
    struct fr_buf previous_id;
    struct fr_eojeol_writer eojeols;
    struct fr_column_writer *columns;
    uint32_t column_count, docs;
    uint64_t text_bytes;
};

struct fr_builder {
    const frai_allocator *mem;
    char dir[FR_PATH_MAX];
    int lock;
    uint64_t memory_bytes;
    struct fr_manifest manifest; /* being made */
    bool replaces;               /* older segments stop being named */
    bool reopened;               /* the directory held an index */
    struct fr_settings settings;
    struct fr_workers *workers;
    uint32_t threads;
    uint32_t under_way;     /* chunks that may be with the workers */
    struct fr_chunk *chunk; /* being filled */
    struct assembly *assembly;
    bool reorders;
    struct fr_reorder waiting; /* if it reorders: documents of the next commit */
    uint8_t *dictionary;
    size_t dictionary_bytes;
    bool trained;
    struct fr_buried buried; /* what this commit deletes */
    struct fr_builder_stats stats;
    uint64_t added;
    uint32_t next_doc;  /* of the segment being made */
    frai_status status; /* sticky */
    frai_error error;
};

static frai_status memory_failure(frai_error *err)
{
    return fr_fail(err, FRAI_ERR_MEMORY, "out of memory while building");
}

/* ---- columns: source and date of every index, then the declared typed fields ---- */

static frai_status make_columns(struct fr_builder *b, struct assembly *a, frai_error *err)
{
    uint32_t count = 2;
    for (uint32_t i = 0; i < b->settings.field_count; i++)
        count += b->settings.fields[i].kind != FR_FIELD_TEXT;
    a->columns = fr_new(b->mem, count * sizeof *a->columns);
    if (!a->columns) return memory_failure(err);
    a->column_count = count;
    fr_column_writer_init(&a->columns[0], "source", FR_COLUMN_KEYWORD, b->mem);
    fr_column_writer_init(&a->columns[1], "date", FR_COLUMN_DATE, b->mem);
    uint32_t next = 2;
    for (uint32_t i = 0; i < b->settings.field_count; i++) {
        const struct fr_field_spec *f = &b->settings.fields[i];
        enum fr_column_kind kind = f->kind == FR_FIELD_KEYWORD  ? FR_COLUMN_KEYWORD
                                   : f->kind == FR_FIELD_NUMBER ? FR_COLUMN_NUMBER
                                                                : FR_COLUMN_DATE;
        if (f->kind != FR_FIELD_TEXT)
            fr_column_writer_init(&a->columns[next++], f->name, kind, b->mem);
    }
    return FRAI_OK;
}

static void put_column(struct fr_column_writer *c, frai_slice value)
{
    char number[64];
    int64_t seconds;
    switch (c->kind) {
    case FR_COLUMN_KEYWORD: fr_column_writer_keyword(c, value.ptr, value.len); break;
    case FR_COLUMN_DATE:
        if (!fr_date_parse(value.ptr, value.len, &seconds)) seconds = FR_NO_DATE;
        fr_column_writer_date(c, seconds);
        break;
    case FR_COLUMN_NUMBER: {
        double parsed = NAN;
        if (value.len > 0 && value.len < sizeof number) {
            memcpy(number, value.ptr, value.len);
            number[value.len] = '\0';
            if (sscanf(number, "%lf", &parsed) != 1) parsed = NAN;
        }
        fr_column_writer_number(c, parsed);
        break;
    }
    }
}

static void put_columns(struct fr_builder *b, struct assembly *a, const uint8_t *record, size_t len)
{
    put_column(&a->columns[0], fr_record_field(record, len, FR_FIELD_SOURCE));
    put_column(&a->columns[1], fr_record_field(record, len, FR_FIELD_DATE));
    uint32_t next = 2;
    for (uint32_t i = 0; i < b->settings.field_count; i++)
        if (b->settings.fields[i].kind != FR_FIELD_TEXT)
            put_column(&a->columns[next++], fr_record_field(record, len, FR_FIELD_BUILTIN + i));
}

/* ---- one segment in the making ---- */

static void assembly_destroy(struct fr_builder *b)
{
    struct assembly *a = b->assembly;
    if (!a) return;
    fr_segment_writer_deinit(&a->writer);
    fr_sink_deinit(&a->runs);
    fr_buf_deinit(&a->run_list);
    fr_buf_deinit(&a->id_hashes);
    fr_buf_deinit(&a->norms);
    fr_buf_deinit(&a->widths);
    fr_buf_deinit(&a->lengths);
    fr_buf_deinit(&a->previous_id);
    fr_eojeol_writer_deinit(&a->eojeols);
    for (uint32_t i = 0; a->columns && i < a->column_count; i++)
        fr_column_writer_deinit(&a->columns[i]);
    fr_free(b->mem, a->columns, a->column_count * sizeof *a->columns);
    fr_free(b->mem, a, sizeof *a);
    b->assembly = NULL;
}

static frai_status assembly_create(struct fr_builder *b, frai_error *err)
{
    struct assembly *a = fr_new(b->mem, sizeof *a);
    if (!a) return memory_failure(err);
    char prefix[FR_PATH_MAX + 32], runs[FR_PATH_MAX];
    snprintf(prefix, sizeof prefix, "%s/tmp-%" PRIu64, b->dir, b->manifest.next_segment);
    fr_segment_writer_init(&a->writer, b->mem, prefix, (size_t)(b->memory_bytes / 32));
    snprintf(runs, sizeof runs, "%.4000s-runs", prefix);
    fr_sink_init(&a->runs, b->mem, runs, (size_t)(b->memory_bytes / 4));
    fr_buf_init(&a->run_list, b->mem);
    fr_buf_init(&a->id_hashes, b->mem);
    fr_buf_init(&a->norms, b->mem);
    fr_buf_init(&a->widths, b->mem);
    fr_buf_init(&a->lengths, b->mem);
    fr_buf_init(&a->previous_id, b->mem);
    fr_eojeol_writer_init(&a->eojeols, &a->writer);
    b->assembly = a;
    return make_columns(b, a, err);
}

static void put_store(struct fr_builder *b, struct assembly *a, struct fr_chunk *chunk)
{
    struct fr_sink *store = &a->writer.sections[FR_SECTION_STORE];
    struct fr_sink *index = &a->writer.sections[FR_SECTION_STORE_INDEX];
    if (!b->settings.store_text) return;
    uint64_t base = fr_sink_len(store);
    for (size_t at = 0; at + FR_STORE_INDEX_BYTES <= chunk->store_index.len;
         at += FR_STORE_INDEX_BYTES) {
        fr_buf_u64(&index->buf, base + fr_load64(chunk->store_index.data + at));
        fr_buf_put(&index->buf, chunk->store_index.data + at + 8, FR_STORE_INDEX_BYTES - 8);
    }
    fr_buf_put(&store->buf, chunk->store.data, chunk->store.len);
    fr_sink_settle(store);
    fr_sink_settle(index);
}

/* What a document holds in memory until the segment is written: its hash, length, norm, width and
 * the values of its columns. */
#define BYTES_PER_DOC 36u

/* Runs may fill a quarter of the memory, less what the documents themselves take. */
static size_t runs_limit(const struct fr_builder *b, const struct assembly *a)
{
    uint64_t quarter = b->memory_bytes / 4, taken = (uint64_t)a->docs * BYTES_PER_DOC;
    uint64_t least = 1u << 20;
    return (size_t)(quarter > taken + least ? quarter - taken : least);
}

/* Adds what the workers made of a chunk, in input order. */
static void take_chunk(struct fr_builder *b, struct assembly *a, struct fr_chunk *chunk)
{
    const uint8_t *record = chunk->records.data, *id = chunk->ids.data;
    const uint32_t *start = (const uint32_t *)(const void *)chunk->starts.data;
    bool korean = b->settings.analyzer == FR_ANALYZER_KOREAN;
    for (uint32_t i = 0; i < chunk->docs; i++) {
        uint32_t id_len = FR_AT(&chunk->id_lengths, uint32_t, i);
        uint32_t record_len = FR_AT(&chunk->record_lengths, uint32_t, i);
        uint32_t length = FR_AT(&chunk->lengths, uint32_t, i);
        uint32_t positions = FR_AT(&chunk->positions, uint32_t, i);
        uint32_t starts = FR_AT(&chunk->start_counts, uint32_t, i);
        uint64_t hash = fr_hash64(id, id_len);
        struct fr_item item = {(uint32_t)(hash >> 32), a->docs, (uint32_t)hash};
        fr_buf_put(&a->id_hashes, &item, sizeof item);
        fr_front_write(&a->writer.sections[FR_SECTION_IDS],
                       &a->writer.sections[FR_SECTION_ID_INDEX], &a->previous_id, a->docs,
                       FR_ID_GROUP, id, id_len);
        fr_buf_u8(&a->norms, fr_norm_encode(length));
        fr_buf_u8(&a->widths, (uint8_t)fr_bits(positions ? positions - 1 : 0));
        fr_buf_u32(&a->lengths, length);
        if (korean)
            fr_eojeol_writer_add(&a->eojeols, positions, FR_AT(&chunk->title_ends, uint32_t, i),
                                 start, starts);
        put_columns(b, a, record, record_len);
        start += starts;
        id += id_len;
        record += record_len;
        a->docs++;
    }
    struct fr_run run = {.at = fr_sink_len(&a->runs), .first_doc = chunk->first_doc};
    run.words_at = run.at + chunk->words_at;
    run.lexicon_at = run.at + chunk->lexicon_at;
    run.end = run.at + chunk->run.len;
    fr_buf_put(&a->run_list, &run, sizeof run);
    fr_buf_put(&a->runs.buf, chunk->run.data, chunk->run.len);
    a->runs.limit = runs_limit(b, a);
    fr_sink_settle(&a->runs);
    put_store(b, a, chunk);
    a->text_bytes += chunk->text_bytes;
}

static uint64_t hash_of(const struct fr_item *id)
{
    return (uint64_t)id->key << 32 | id->position;
}

/* Orders a->id_hashes by hash, then document, by its low half and then by its high one. */
static bool sort_hashes(struct fr_builder *b, struct assembly *a)
{
    struct fr_item *h = (struct fr_item *)(void *)a->id_hashes.data;
    struct fr_buf scratch;
    fr_buf_init(&scratch, b->mem);
    bool ok = fr_buf_reserve(&scratch, a->id_hashes.len);
    for (unsigned half = 0; ok && half < 2; half++) {
        for (uint32_t i = 0; i < a->docs; i++)
            h[i] = (struct fr_item){h[i].position, h[i].doc, h[i].key};
        fr_sort_items(h, (struct fr_item *)(void *)scratch.data, a->docs);
    }
    fr_buf_deinit(&scratch);
    return ok;
}

/* The id of a document, out of the section being written. */
static frai_status written_id(struct assembly *a, uint32_t doc, struct fr_buf *out, frai_error *err)
{
    struct fr_sink *ids = &a->writer.sections[FR_SECTION_IDS];
    uint64_t begin, end = fr_sink_len(ids), group = doc / FR_ID_GROUP;
    FR_TRY(fr_sink_read(&a->writer.sections[FR_SECTION_ID_INDEX], group * 8, &begin, 8, err));
    if ((group + 1) * FR_ID_GROUP < a->docs)
        FR_TRY(fr_sink_read(&a->writer.sections[FR_SECTION_ID_INDEX], group * 8 + 8, &end, 8, err));
    struct fr_buf bytes;
    fr_buf_init(&bytes, out->mem);
    frai_status status = FRAI_OK;
    if (!fr_buf_room(&bytes, (size_t)(end - begin))) status = memory_failure(err);
    if (status == FRAI_OK)
        status = fr_sink_read(ids, begin, bytes.data, (size_t)(end - begin), err);
    struct fr_reader r = fr_reader_of(bytes.data, (size_t)(end - begin));
    out->len = 0;
    for (uint32_t i = 0; status == FRAI_OK && i <= doc % FR_ID_GROUP; i++)
        if (!fr_front_next(&r, out)) status = memory_failure(err); /* our own bytes */
    fr_buf_deinit(&bytes);
    return status;
}

/* Notes a document whose id comes again. */
static bool bury(struct assembly *a, uint32_t doc, struct fr_buf *dead)
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

/* Buries documents whose id comes again later; hashes are sorted. */
static frai_status bury_replaced(struct fr_builder *b, struct assembly *a, struct fr_buf *dead,
                                 frai_error *err)
{
    const struct fr_item *h = (const struct fr_item *)(const void *)a->id_hashes.data;
    struct fr_buf one, other;
    fr_buf_init(&one, b->mem);
    fr_buf_init(&other, b->mem);
    frai_status status = FRAI_OK;
    for (uint32_t i = 0; i + 1 < a->docs && status == FRAI_OK; i++) {
        bool again = false;
        for (uint32_t k = i + 1; k < a->docs && hash_of(&h[k]) == hash_of(&h[i]) && !again; k++) {
            status = written_id(a, h[i].doc, &one, err);
            if (status == FRAI_OK) status = written_id(a, h[k].doc, &other, err);
            if (status != FRAI_OK) break;
            again = one.len == other.len && memcmp(one.data, other.data, one.len) == 0;
        }
        if (again && !bury(a, h[i].doc, dead)) status = memory_failure(err);
    }
    if (status == FRAI_OK && (one.failed || other.failed)) status = memory_failure(err);
    fr_buf_deinit(&one);
    fr_buf_deinit(&other);
    return status;
}

/* The first of the sorted hashes that is not below `hash`. */
static uint32_t find_hash(const struct assembly *a, uint64_t hash)
{
    uint32_t low = 0, high = a->docs;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct fr_item *h = &FR_AT(&a->id_hashes, struct fr_item, middle);
        if (hash_of(h) < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Buries documents of this segment that were deleted after they had been added. */
static frai_status bury_deleted(struct fr_builder *b, struct assembly *a, struct fr_buf *dead,
                                frai_error *err)
{
    struct fr_buf name;
    fr_buf_init(&name, b->mem);
    frai_status status = FRAI_OK;
    uint32_t segment = (uint32_t)FR_COUNT(&b->manifest.segments, struct fr_segment_ref);
    for (size_t i = 0; i < fr_buried_count(&b->buried) && status == FRAI_OK; i++) {
        struct fr_buried_id id = fr_buried_at(&b->buried, i);
        if (id.segment != segment) continue;
        for (uint32_t k = find_hash(a, id.hash); k < a->docs && status == FRAI_OK; k++) {
            const struct fr_item *h = &FR_AT(&a->id_hashes, struct fr_item, k);
            if (hash_of(h) != id.hash) break;
            if (h->doc >= id.doc) continue;
            status = written_id(a, h->doc, &name, err);
            if (status != FRAI_OK || name.len != id.id.len ||
                memcmp(name.data, id.id.ptr, name.len) != 0)
                continue;
            if (!bury(a, h->doc, dead)) status = memory_failure(err);
        }
    }
    fr_buf_deinit(&name);
    return status;
}

/* Ids, replaced documents and the statistics that follow from them. `dead` gets a bitmap, or stays
 * empty when every document lives. */
static frai_status settle_documents(struct fr_builder *b, struct assembly *a, struct fr_buf *dead,
                                    frai_error *err)
{
    struct fr_segment_stats *stats = &a->writer.stats;
    if (a->run_list.failed || a->id_hashes.failed || a->norms.failed || a->widths.failed ||
        a->lengths.failed || a->previous_id.failed || !sort_hashes(b, a))
        return memory_failure(err);
    FR_TRY(bury_replaced(b, a, dead, err));
    FR_TRY(bury_deleted(b, a, dead, err));
    stats->docs = a->docs;
    struct fr_buf order;
    fr_buf_init(&order, b->mem);
    for (uint32_t i = 0; i < a->docs; i++) {
        uint32_t doc = FR_AT(&a->id_hashes, struct fr_item, i).doc;
        if (dead->len && dead->data[doc / 8] >> (doc % 8) & 1) continue;
        fr_buf_u32(&order, doc);
        stats->tokens += FR_AT(&a->lengths, uint32_t, doc);
        stats->texts += FR_AT(&a->lengths, uint32_t, doc) > 0;
    }
    bool failed = order.failed;
    if (!failed) {
        stats->live_docs = (uint32_t)FR_COUNT(&order, uint32_t);
        fr_id_lookup_write(&a->writer, (const uint32_t *)(const void *)order.data,
                           stats->live_docs);
    }
    fr_buf_deinit(&order);
    b->stats.replaced += a->docs - stats->live_docs;
    b->stats.documents += stats->live_docs;
    return failed ? memory_failure(err) : FRAI_OK;
}

static void put_range_norms(struct assembly *a)
{
    struct fr_buf *out = &a->writer.sections[FR_SECTION_RANGE_NORMS].buf;
    for (uint32_t first = 0; first < a->docs; first += FR_RANGE_DOCS) {
        uint8_t least = 255;
        for (uint32_t doc = first; doc < a->docs && doc < first + FR_RANGE_DOCS; doc++)
            if (a->norms.data[doc] < least) least = a->norms.data[doc];
        fr_buf_u8(out, least);
    }
}

static frai_status assemble(struct fr_builder *b, struct assembly *a, struct fr_buf *dead,
                            frai_error *err)
{
    struct fr_segment_stats *stats = &a->writer.stats;
    bool text = b->settings.analyzer == FR_ANALYZER_KOREAN;
    stats->k1 = text ? FR_RANK_K1 : b->settings.k1;
    stats->b = text ? FR_RANK_B : b->settings.b;
    stats->analyzer = b->settings.analyzer;
    stats->source_bytes = a->text_bytes;
    FR_TRY(settle_documents(b, a, dead, err));
    fr_buf_deinit(&a->id_hashes);
    fr_buf_deinit(&a->lengths);
    stats->average_length = stats->texts ? (float)((double)stats->tokens / stats->texts) : 0;
    struct fr_merge_input in = {
        .runs = &a->runs,
        .run = (const struct fr_run *)(const void *)a->run_list.data,
        .run_count = (uint32_t)FR_COUNT(&a->run_list, struct fr_run),
        .dead = dead->len ? dead->data : NULL,
        .norms = a->norms.data,
        .widths = a->widths.data,
        .threads = b->threads,
        .buffer_bytes = (size_t)(b->memory_bytes / 8),
    };
    FR_TRY(fr_sink_status(&a->runs, err));
    FR_TRY(fr_merge_runs(&in, &a->writer, err));
    fr_eojeol_writer_finish(&a->eojeols);
    fr_buf_put(&a->writer.sections[FR_SECTION_NORMS].buf, a->norms.data, a->norms.len);
    fr_buf_put(&a->writer.sections[FR_SECTION_WIDTHS].buf, a->widths.data, a->widths.len);
    put_range_norms(a);
    if (b->settings.store_text)
        fr_buf_put(&a->writer.sections[FR_SECTION_STORE_DICT].buf, b->dictionary,
                   b->dictionary_bytes);
    FR_TRY(fr_columns_write(&a->writer, a->columns, a->column_count, err));
    char name[64], path[FR_PATH_MAX];
    struct fr_segment_ref ref = {.number = b->manifest.next_segment};
    fr_segment_file_name(ref.number, name);
    if (!fr_path_join(path, sizeof path, b->dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    FR_TRY(fr_segment_writer_finish(&a->writer, path, &ref.bytes, &ref.hash, err));
    b->manifest.next_segment++;
    fr_buf_put(&b->manifest.segments, &ref, sizeof ref);
    b->stats.index_bytes += ref.bytes;
    b->stats.text_bytes += a->text_bytes;
    return b->manifest.segments.failed ? memory_failure(err) : FRAI_OK;
}

static frai_status finish_segment(struct fr_builder *b, frai_error *err)
{
    if (!b->assembly || b->assembly->docs == 0) {
        assembly_destroy(b);
        return FRAI_OK;
    }
    struct fr_buf dead;
    fr_buf_init(&dead, b->mem);
    frai_status status = assemble(b, b->assembly, &dead, err);
    fr_buf_deinit(&dead);
    assembly_destroy(b);
    b->next_doc = 0;
    return status;
}

/* ---- chunks ---- */

static void chunk_destroy(struct fr_builder *b, struct fr_chunk *chunk)
{
    if (!chunk) return;
    fr_chunk_deinit(chunk);
    fr_free(b->mem, chunk, sizeof *chunk);
}

/* Takes done chunks until at most `keep` are under way. */
static frai_status drain(struct fr_builder *b, uint32_t keep, frai_error *err)
{
    struct fr_chunk *chunk;
    frai_status status = FRAI_OK;
    while ((chunk = fr_workers_take(b->workers, keep)) != NULL) {
        if (chunk->failed) status = memory_failure(err);
        if (status == FRAI_OK) take_chunk(b, b->assembly, chunk);
        chunk_destroy(b, chunk);
        if (status != FRAI_OK) return status;
    }
    return fr_sink_status(&b->assembly->runs, err);
}

/* Learns the dictionary of stored text from the first chunk. */
static frai_status train(struct fr_builder *b, const struct fr_chunk *chunk, frai_error *err)
{
    b->trained = true;
    if (!b->settings.store_text || chunk->records.len < TRAINING_MIN_BYTES) return FRAI_OK;
    struct fr_buf sizes;
    fr_buf_init(&sizes, b->mem);
    size_t bytes = 0;
    for (uint32_t i = 0; i < chunk->docs && bytes < TRAINING_BYTES; i++) {
        size_t len = FR_AT(&chunk->record_lengths, uint32_t, i);
        fr_buf_put(&sizes, &len, sizeof len);
        bytes += len;
    }
    b->dictionary = fr_new(b->mem, DICTIONARY_BYTES);
    if (!b->dictionary || sizes.failed) {
        fr_buf_deinit(&sizes);
        return memory_failure(err);
    }
    size_t most = bytes / 16 < DICTIONARY_BYTES ? bytes / 16 : DICTIONARY_BYTES;
    b->dictionary_bytes = fr_compress_train(b->dictionary, most, chunk->records.data,
                                            (const size_t *)(const void *)sizes.data,
                                            (unsigned)(sizes.len / sizeof(size_t)));
    fr_workers_set_dictionary(b->workers, b->dictionary, b->dictionary_bytes);
    fr_buf_deinit(&sizes);
    return FRAI_OK;
}

static frai_status send_chunk(struct fr_builder *b, uint32_t keep, frai_error *err)
{
    if (b->chunk && b->chunk->docs > 0) {
        if (!b->assembly) FR_TRY(assembly_create(b, err));
        if (!b->trained) FR_TRY(train(b, b->chunk, err));
        struct fr_chunk *chunk = b->chunk;
        b->chunk = NULL;
        if (!fr_workers_give(b->workers, chunk)) {
            chunk_destroy(b, chunk);
            return memory_failure(err);
        }
    }
    return b->assembly ? drain(b, keep, err) : FRAI_OK;
}

/* ---- the builder ---- */

const struct fr_settings *fr_builder_settings(const struct fr_builder *b)
{
    return &b->settings;
}

void fr_builder_stats_of(const struct fr_builder *b, struct fr_builder_stats *out)
{
    *out = b->stats;
}

static frai_status open_directory(struct fr_builder *b, const struct fr_builder_options *options,
                                  frai_error *err)
{
    if (fr_io_current()->mkdir(b->dir, 0777) < 0 && errno != EEXIST)
        return fr_fail_os(err, errno, "%s: cannot make the directory", b->dir);
    FR_TRY(fr_lock_take(b->dir, &b->lock, err));
    bool fell_back;
    frai_status status = fr_manifest_newest(b->dir, &b->manifest, &fell_back, err);
    b->reopened = status == FRAI_OK;
    bool unreadable = status != FRAI_OK && status != FRAI_ERR_NOT_FOUND;
    if (options->append) {
        if (status == FRAI_OK) b->settings = b->manifest.settings;
        if (unreadable) return status;
    }
    if (unreadable) {
        /* A rebuild replaces an index of any state; generations go on from the newest name. */
        struct fr_buf generations;
        fr_buf_init(&generations, b->mem);
        frai_status listed = fr_manifest_list(b->dir, &generations, err);
        if (listed == FRAI_OK) b->manifest.generation = FR_AT(&generations, uint64_t, 0);
        fr_buf_deinit(&generations);
        if (listed != FRAI_OK) return listed;
    }
    uint64_t unused = fr_manifest_free_number(b->dir);
    if (b->manifest.next_segment < unused) b->manifest.next_segment = unused;
    if (!options->append) {
        b->manifest.segments.len = 0;
        b->replaces = true;
    }
    b->manifest.settings = b->settings;
    if (b->reopened) fr_manifest_sweep(b->dir, b->mem); /* what a killed writer left */
    fr_buried_clear(&b->buried, &b->manifest);
    return FRAI_OK;
}

frai_status fr_builder_open(const char *dir, const struct fr_builder_options *options,
                            struct fr_builder **out, frai_error *err)
{
    const frai_allocator *mem = options->mem;
    *out = NULL;
    struct fr_builder *b = fr_new(mem, sizeof *b);
    if (!b) return memory_failure(err);
    b->mem = mem;
    b->lock = -1;
    b->settings = options->settings;
    b->reorders = options->reorder;
    b->memory_bytes = options->memory_bytes < MEMORY_MIN ? MEMORY_MIN : options->memory_bytes;
    fr_manifest_init(&b->manifest, mem);
    fr_buried_init(&b->buried, mem);
    size_t n = strlen(dir);
    frai_status status = FRAI_OK;
    if (n == 0 || n > FR_PATH_MAX - 128)
        status = fr_fail(err, FRAI_ERR_ARGUMENT, "%s: path too long or empty", dir);
    else
        memcpy(b->dir, dir, n + 1);
    if (status == FRAI_OK) status = open_directory(b, options, err);
    if (status == FRAI_OK) {
        /* A chunk under way needs about 64 MiB in its worker. */
        uint32_t threads = options->threads, most = (uint32_t)(b->memory_bytes >> 26) / 2;
        if (threads > most) threads = most ? most : 1;
        b->threads = threads;
        b->under_way = threads - 1 + (threads > 1);
        b->workers = fr_workers_create(&b->settings, threads, mem);
        if (!b->workers) status = memory_failure(err);
    }
    if (status != FRAI_OK) {
        fr_builder_close(b);
        return status;
    }
    *out = b;
    return FRAI_OK;
}

static frai_status add(struct fr_builder *b, frai_slice id, const uint8_t *record, size_t len,
                       frai_error *err)
{
    if (b->next_doc == SEGMENT_DOCS_MAX) {
        FR_TRY(send_chunk(b, 0, err));
        FR_TRY(finish_segment(b, err));
    }
    if (!b->chunk) {
        b->chunk = fr_new(b->mem, sizeof *b->chunk);
        if (!b->chunk) return memory_failure(err);
        fr_chunk_init(b->chunk, b->mem);
        b->chunk->first_doc = b->next_doc;
    }
    struct fr_chunk *c = b->chunk;
    if (!fr_buf_room(&c->records, 1)) return memory_failure(err);
    fr_buf_put(&c->ids, id.ptr, id.len);
    fr_buf_u32(&c->id_lengths, (uint32_t)id.len);
    fr_buf_put(&c->records, record, len);
    fr_buf_u32(&c->record_lengths, (uint32_t)len);
    if (c->ids.failed || c->id_lengths.failed || c->records.failed || c->record_lengths.failed)
        return memory_failure(err);
    c->docs++;
    b->next_doc++;
    if (c->records.len >= FR_CHUNK_BYTES || c->docs == FR_CHUNK_DOCS)
        return send_chunk(b, b->under_way, err);
    return FRAI_OK;
}

/* Runs a step unless one failed before; the first failure is what every later call reports. */
static frai_status sticky(struct fr_builder *b, frai_status status, const frai_error *error,
                          frai_error *err)
{
    if (status != FRAI_OK && b->status == FRAI_OK) {
        b->status = status;
        b->error = *error;
    }
    if (b->status != FRAI_OK && err) *err = b->error;
    return b->status;
}

static frai_status wait(struct fr_builder *b, frai_slice id, const uint8_t *record, size_t len,
                        frai_error *err)
{
    if (!b->waiting.mem) {
        char path[FR_PATH_MAX];
        snprintf(path, sizeof path, "%.4000s/tmp-%" PRIu64 "-reorder", b->dir,
                 b->manifest.next_segment);
        fr_reorder_init(&b->waiting, &b->settings, path, b->memory_bytes, b->mem);
    }
    return fr_reorder_add(&b->waiting, id, record, len) ? FRAI_OK : memory_failure(err);
}

static frai_status add_waiting(void *ctx, frai_slice id, const uint8_t *record, size_t len,
                               frai_error *err)
{
    return add(ctx, id, record, len, err);
}

/* In the order that the terms of the documents ask for. */
static frai_status take_waiting(struct fr_builder *b, frai_error *err)
{
    if (!b->waiting.mem) return FRAI_OK;
    frai_status status = fr_reorder_drain(&b->waiting, b->threads, add_waiting, b, err);
    fr_reorder_deinit(&b->waiting);
    b->waiting = (struct fr_reorder){.mem = NULL};
    return status;
}

frai_status fr_builder_add(struct fr_builder *b, frai_slice id, const uint8_t *record, size_t len,
                           frai_error *err)
{
    frai_error error = {0};
    if (b->status != FRAI_OK) return sticky(b, b->status, &b->error, err);
    char numbered[ID_BYTES_MAX + 32];
    if (id.len > ID_BYTES_MAX)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "an id is longer than %u bytes", ID_BYTES_MAX);
    if (id.len == 0) {
        frai_slice path = fr_record_field(record, len, FR_FIELD_PATH);
        int n =
            snprintf(numbered, sizeof numbered, "%.*s#%" PRIu64,
                     (int)(path.len < ID_BYTES_MAX ? path.len : ID_BYTES_MAX), path.ptr, b->added);
        id = (frai_slice){numbered, (size_t)n};
    }
    b->added++;
    frai_status status =
        b->reorders ? wait(b, id, record, len, &error) : add(b, id, record, len, &error);
    return sticky(b, status, &error, err);
}

static frai_status delete_id(struct fr_builder *b, frai_slice id, frai_error *err)
{
    FR_TRY(take_waiting(b, err)); /* numbers documents in the order they came */
    uint32_t segment = (uint32_t)FR_COUNT(&b->manifest.segments, struct fr_segment_ref);
    return fr_bury(&b->buried, id, segment, b->next_doc) ? FRAI_OK : memory_failure(err);
}

frai_status fr_builder_delete(struct fr_builder *b, frai_slice id, frai_error *err)
{
    frai_error error = {0};
    if (b->status != FRAI_OK) return sticky(b, b->status, &b->error, err);
    return sticky(b, delete_id(b, id, &error), &error, err);
}

static frai_status commit(struct fr_builder *b, frai_error *err)
{
    uint64_t gone;
    FR_TRY(take_waiting(b, err));
    FR_TRY(send_chunk(b, 0, err));
    FR_TRY(finish_segment(b, err));
    FR_TRY(fr_buried_apply(&b->buried, b->dir, &b->manifest, b->mem, &gone, err));
    b->stats.replaced += gone;
    b->manifest.generation++;
    FR_TRY(fr_manifest_publish(b->dir, &b->manifest, err));
    if (b->replaces && b->reopened) {
        /* Space is given back: a second generation names the same, so that the old files can go. */
        b->manifest.generation++;
        FR_TRY(fr_manifest_publish(b->dir, &b->manifest, err));
    }
    b->replaces = false;
    b->reopened = true;
    fr_buried_clear(&b->buried, &b->manifest);
    fr_manifest_sweep(b->dir, b->mem);
    return FRAI_OK;
}

static frai_status add_again(struct fr_builder *b, const struct fr_segment *seg, frai_error *err)
{
    struct fr_store_reader store;
    struct fr_buf id;
    fr_buf_init(&id, b->mem);
    frai_status status = fr_store_reader_init(&store, seg, err);
    for (uint32_t doc = 0; status == FRAI_OK && doc < seg->stats.docs; doc++) {
        const uint8_t *record;
        size_t len;
        if (!fr_document_is_live(seg, doc)) continue;
        status = fr_document_id(seg, doc, &id, err);
        if (status == FRAI_OK) status = fr_store_read(&store, doc, &record, &len, err);
        if (status == FRAI_OK)
            status =
                fr_builder_add(b, (frai_slice){(const char *)id.data, id.len}, record, len, err);
    }
    fr_store_reader_deinit(&store);
    fr_buf_deinit(&id);
    return status;
}

static frai_status compact(struct fr_builder *b, frai_error *err)
{
    struct fr_snapshot now;
    if (!b->settings.store_text)
        return fr_fail(err, FRAI_ERR_UNSUPPORTED,
                       "%s: an index without stored text is compacted by building it again",
                       b->dir);
    if (b->next_doc || b->waiting.mem || fr_buried_count(&b->buried)) FR_TRY(commit(b, err));
    FR_TRY(fr_snapshot_open(&now, b->dir, b->mem, err));
    b->manifest.segments.len = 0;
    b->replaces = true;
    fr_buried_clear(&b->buried, &b->manifest);
    frai_status status = FRAI_OK;
    for (uint32_t g = 0; status == FRAI_OK && g < now.segment_count; g++)
        status = add_again(b, &now.segments[g], err);
    fr_snapshot_close(&now);
    return status;
}

frai_status fr_builder_compact(struct fr_builder *b, frai_error *err)
{
    frai_error error = {0};
    if (b->status != FRAI_OK) return sticky(b, b->status, &b->error, err);
    return sticky(b, compact(b, &error), &error, err);
}

frai_status fr_builder_commit(struct fr_builder *b, frai_error *err)
{
    frai_error error = {0};
    if (b->status != FRAI_OK) return sticky(b, b->status, &b->error, err);
    return sticky(b, commit(b, &error), &error, err);
}

void fr_builder_close(struct fr_builder *b)
{
    if (!b) return;
    fr_workers_destroy(b->workers);
    chunk_destroy(b, b->chunk);
    fr_buried_deinit(&b->buried);
    fr_reorder_deinit(&b->waiting);
    assembly_destroy(b);
    fr_free(b->mem, b->dictionary, DICTIONARY_BYTES);
    fr_manifest_deinit(&b->manifest);
    fr_lock_drop(b->lock);
    fr_free(b->mem, b, sizeof *b);
}
