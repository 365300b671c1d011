/* What a document adds to a section is written at once, through buffers that spill to temporary
 * files. What needs all documents waits for the end: which ids came again, the merge of all runs
 * into the postings, and the columns. */
#include "writer/segment_builder.h"

#include <inttypes.h>
#include <stdio.h>

#include "codec/norm.h"
#include "segment/lengths.h"
#include "segment/store.h"
#include "writer/replaced_ids.h"
#include "writer/term_merge.h"
#include "writer/workers.h"

/* A section, or another thing that can be spilled, holds such a part of the memory; those that
 * terms fill when nothing else is under way any more, one of eight. */
#define SPILLED_PARTS 64u
#define TERM_PARTS    8u

/* Runs may have what threads at work and others leave, but no more than that others find room
 * beside them when they are merged. */
static size_t bytes_of_runs(uint64_t memory_bytes, uint32_t threads)
{
    uint64_t most = memory_bytes / 8 * 3, taken = threads * FR_WORKER_BYTES + memory_bytes / 16 * 3;
    uint64_t left = taken < memory_bytes ? memory_bytes - taken : 0;
    if (left > most) left = most;
    return (size_t)(left > memory_bytes / 4 ? left : memory_bytes / 4);
}

/* Buffer i, NULL after the last. */
static struct fr_buf *buffer(struct fr_segment_builder *a, unsigned i)
{
    struct fr_buf *all[] = {&a->run_list.buf,
                            &a->norms,
                            &a->widths,
                            &a->sources.buf,
                            &a->long_totals.field_ends.buf,
                            &a->long_totals.starts,
                            &a->long_totals.id};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

void fr_segment_builder_destroy(struct fr_segment_builder *a)
{
    if (!a) return;
    fr_segment_writer_deinit(&a->writer);
    fr_spill_buffer_deinit(&a->runs);
    fr_spill_buffer_deinit(&a->lengths);
    fr_spill_buffer_deinit(&a->norm_bytes);
    fr_spill_buffer_deinit(&a->width_bytes);
    fr_external_sort_deinit(&a->hashes);
    for (size_t i = 0; i < fr_vec_count(&a->sources); i++)
        fr_doc_map_deinit(&fr_vec_at(&a->sources, i));
    for (unsigned i = 0; buffer(a, i); i++) fr_buf_deinit(buffer(a, i));
    fr_list_writer_deinit(&a->ids);
    fr_eojeol_writer_deinit(&a->eojeols);
    fr_field_end_writer_deinit(&a->field_ends);
    fr_column_builder_deinit(&a->columns);
    fr_free(a->mem, a, sizeof *a);
}

static void make_spill_buffer(struct fr_segment_builder *a, struct fr_spill_buffer *buffer,
                              const char *prefix, const char *what, size_t limit)
{
    char path[FR_PATH_MAX];
    snprintf(path, sizeof path, "%.4000s-%s", prefix, what);
    fr_spill_buffer_init(buffer, a->mem, path, limit);
}

frai_status fr_segment_builder_create(const struct fr_segment_builder_options *o,
                                      struct fr_segment_builder **out, frai_error *err)
{
    struct fr_segment_builder *a = fr_new(o->mem, sizeof *a);
    *out = NULL;
    if (!a) return fr_fail_memory(err, "building");
    a->mem = o->mem;
    a->settings = o->settings;
    a->number = o->number;
    a->memory_bytes = o->memory_bytes;
    a->threads = o->threads;
    char name[64], prefix[FR_PATH_MAX + 32], path[FR_PATH_MAX + 64];
    snprintf(prefix, sizeof prefix, "%s/tmp-%" PRIu64, o->dir, a->number);
    fr_segment_writer_init(&a->writer, a->mem, prefix, (size_t)(a->memory_bytes / SPILLED_PARTS));
    size_t of_terms = (size_t)(a->memory_bytes / TERM_PARTS);
    fr_segment_writer_section(&a->writer, FR_SECTION_POSTINGS)->limit = of_terms;
    fr_segment_writer_section(&a->writer, FR_SECTION_POSITIONS)->limit = of_terms;
    make_spill_buffer(a, &a->runs, prefix, "runs", bytes_of_runs(a->memory_bytes, a->threads));
    make_spill_buffer(a, &a->lengths, prefix, "lengths", (size_t)(a->memory_bytes / SPILLED_PARTS));
    make_spill_buffer(a, &a->norm_bytes, prefix, "norms",
                      (size_t)(a->memory_bytes / SPILLED_PARTS));
    make_spill_buffer(a, &a->width_bytes, prefix, "widths",
                      (size_t)(a->memory_bytes / SPILLED_PARTS));
    snprintf(path, sizeof path, "%s-hashes", prefix);
    fr_external_sort_init(&a->hashes, a->mem, path, (size_t)(a->memory_bytes / 16));
    for (unsigned i = 0; buffer(a, i); i++) fr_buf_init(buffer(a, i), a->mem);
    fr_list_writer_init(&a->ids, FR_LIST_IDS, &a->writer);
    fr_eojeol_writer_init(&a->eojeols, &a->writer);
    a->writer.stats.text_fields = fr_settings_text_fields(a->settings);
    fr_field_end_writer_init(&a->field_ends, &a->writer);
    fr_segment_file_name(a->number, name);
    frai_status status = fr_column_builder_init(
        &a->columns, a->settings, prefix, (size_t)(a->memory_bytes / SPILLED_PARTS), a->mem, err);
    if (status == FRAI_OK && !fr_path_join(a->path, sizeof a->path, o->dir, name))
        status = fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    if (status != FRAI_OK) {
        fr_segment_builder_destroy(a);
        return status;
    }
    *out = a;
    return FRAI_OK;
}

void fr_segment_builder_put_document(struct fr_segment_builder *a, frai_slice id, uint32_t length,
                                     uint8_t width)
{
    fr_external_sort_add(&a->hashes, (struct fr_tuple){fr_hash64(id.ptr, id.len), 0, a->docs});
    fr_list_writer_add(&a->ids, (const uint8_t *)id.ptr, id.len);
    fr_buf_u32(&a->lengths.buf, length);
    fr_buf_u8(&a->norm_bytes.buf, fr_norm_encode(length));
    fr_buf_u8(&a->width_bytes.buf, width);
    fr_spill_if_full(&a->lengths);
    fr_spill_if_full(&a->norm_bytes);
    fr_spill_if_full(&a->width_bytes);
    a->docs++;
}

/* What a chunk has for the merge and the store; its positions begin at `base`. */
static void put_run(struct fr_segment_builder *a, const struct fr_chunk *chunk, uint32_t base)
{
    struct fr_run run = {.at = fr_spill_buffer_len(&a->runs),
                         .first_doc = chunk->first_doc,
                         .base = base,
                         .is_part = chunk->is_part};
    run.words_at = run.at + chunk->words_at;
    run.lexicon_at = run.at + chunk->lexicon_at;
    run.end = run.at + chunk->run.len;
    fr_vec_append(&a->run_list, &run, 1);
    fr_buf_put(&a->runs.buf, chunk->run.data, chunk->run.len);
    fr_spill_if_full(&a->runs);
    fr_store_append(&a->writer, &chunk->store, base);
    a->text_bytes += chunk->text_bytes;
}

static void count_terms(struct fr_segment_builder *a, uint32_t length)
{
    a->tokens += length;
    a->texts += length > 0;
}

/* ---- documents in parts ---- */

static void begin_long(struct fr_segment_builder *a, const struct fr_chunk *chunk)
{
    struct fr_long_totals *t = &a->long_totals;
    t->length = t->end = t->name_end = 0;
    fr_vec_set_count(&t->field_ends, 0);
    for (uint32_t i = 0; i < a->field_ends.bounds; i++) fr_vec_push(&t->field_ends, UINT32_MAX);
    fr_buf_clear(&t->starts);
    fr_buf_clear(&t->id);
    fr_buf_put(&t->id, chunk->ids.bytes.data, chunk->ids.bytes.len);
    fr_column_builder_add(&a->columns, chunk->records.bytes.data, chunk->part_bytes);
}

/* What the part's positions are counted from; those before its first term have nothing to follow
 * where no part before has one. */
static uint32_t base_of_part(const struct fr_segment_builder *a, const struct fr_chunk *chunk)
{
    if (chunk->is_first) return 0;
    if (a->long_totals.end) return a->long_totals.end - FR_PART_ORIGIN;
    return chunk->first_position == UINT32_MAX ? 0 - FR_PART_ORIGIN : 0 - chunk->first_position;
}

/* The bitmap of 어절 goes on to `end`. */
static void put_starts(struct fr_long_totals *t, const struct fr_chunk *chunk, uint32_t base)
{
    size_t bytes = ((size_t)t->end + 7) / 8;
    if (!fr_buf_room(&t->starts, bytes - t->starts.len)) return;
    memset(t->starts.data + t->starts.len, 0, bytes - t->starts.len);
    t->starts.len = bytes;
    for (size_t i = 0; i < fr_vec_count(&chunk->starts); i++) {
        uint32_t at = base + fr_vec_at(&chunk->starts, i);
        if (at < t->end) t->starts.data[at / 8] |= (uint8_t)(1u << at % 8);
    }
}

static void end_long(struct fr_segment_builder *a)
{
    struct fr_long_totals *t = &a->long_totals;
    uint32_t end = 0, last = t->name_end ? t->name_end - 1 : 0;
    const struct fr_eojeols eojeols = {t->end, t->starts.data};
    count_terms(a, t->length);
    if (a->settings->analyzer == FR_ANALYZER_KOREAN) fr_eojeol_writer_copy(&a->eojeols, &eojeols);
    for (uint32_t i = 0; i < a->field_ends.bounds; i++) { /* of fields that it doesn't have too */
        if (fr_vec_at(&t->field_ends, i) == UINT32_MAX) fr_vec_at(&t->field_ends, i) = end;
        end = fr_vec_at(&t->field_ends, i);
    }
    fr_field_end_writer_add(&a->field_ends, fr_vec_data(&t->field_ends));
    fr_segment_builder_put_document(a, fr_buf_slice(&t->id), t->length, (uint8_t)fr_bits(last));
}

static frai_status add_part(struct fr_segment_builder *a, struct fr_chunk *chunk, frai_error *err)
{
    struct fr_long_totals *t = &a->long_totals;
    if (chunk->is_first) begin_long(a, chunk);
    uint32_t base = base_of_part(a, chunk), before = t->end;
    if (t->field_ends.buf.failed || t->id.failed) return fr_fail_memory(err, "building");
    uint32_t terms = fr_vec_at(&chunk->lengths, 0);
    bool begun = chunk->is_first || before || terms;
    t->length += terms;
    if (begun) t->end = base + fr_vec_at(&chunk->positions, 0);
    begun |= chunk->first_position != UINT32_MAX;
    t->name_end = begun ? base + chunk->end_position : 0;
    put_starts(t, chunk, base);
    for (uint32_t i = 0; i < a->field_ends.bounds; i++) {
        uint32_t at = fr_vec_at(&chunk->field_ends, i);
        if (at == UINT32_MAX) continue;
        at = base + at <= t->end ? base + at : before;
        fr_vec_at(&t->field_ends, i) = at;
    }
    put_run(a, chunk, base);
    if (t->starts.failed) return fr_fail_memory(err, "building");
    if (chunk->is_last) end_long(a);
    return fr_spill_buffer_status(&a->runs, err);
}

frai_status fr_segment_builder_add_chunk(struct fr_segment_builder *a, struct fr_chunk *chunk,
                                         frai_error *err)
{
    if (chunk->is_part) return add_part(a, chunk, err);
    const uint8_t *record = chunk->records.bytes.data, *id = chunk->ids.bytes.data;
    const uint32_t *start = fr_vec_data(&chunk->starts);
    bool korean = a->settings->analyzer == FR_ANALYZER_KOREAN;
    for (uint32_t i = 0; i < chunk->docs; i++) {
        uint32_t id_len = fr_vec_at(&chunk->ids.lengths, i);
        uint32_t record_len = fr_vec_at(&chunk->records.lengths, i);
        uint32_t length = fr_vec_at(&chunk->lengths, i);
        uint32_t positions = fr_vec_at(&chunk->positions, i);
        uint32_t starts = fr_vec_at(&chunk->start_counts, i);
        count_terms(a, length);
        if (korean) fr_eojeol_writer_add(&a->eojeols, positions, start, starts);
        fr_field_end_writer_add(&a->field_ends,
                                &fr_vec_at(&chunk->field_ends, (size_t)i * a->field_ends.bounds));
        fr_column_builder_add(&a->columns, record, record_len);
        fr_segment_builder_put_document(a, (frai_slice){(const char *)id, id_len}, length,
                                        chunk->widths.data[i]);
        start += starts;
        id += id_len;
        record += record_len;
    }
    put_run(a, chunk, 0);
    return fr_spill_buffer_status(&a->runs, err);
}

static frai_status load(struct fr_segment_builder *a, struct fr_spill_buffer *from,
                        struct fr_buf *to, frai_error *err)
{
    if (!fr_buf_reserve(to, a->docs)) return fr_fail_memory(err, "building");
    FR_TRY(fr_spill_buffer_read(from, 0, to->data, a->docs, err));
    to->len = a->docs;
    fr_spill_buffer_deinit(from);
    return FRAI_OK;
}

/* Section id_lookup, and the statistics without the documents that are dropped. */
static frai_status count_living(struct fr_segment_builder *a, const struct fr_replaced_ids *dropped,
                                frai_error *err)
{
    struct fr_segment_stats *stats = &a->writer.stats;
    struct fr_id_lookup_writer lookup;
    stats->docs = a->docs;
    stats->tokens = a->tokens;
    stats->texts = a->texts;
    fr_id_lookup_writer_init(&lookup, &a->writer);
    for (uint32_t i = 0; i < a->docs; i++) {
        struct fr_tuple id;
        uint32_t length;
        FR_TRY(fr_external_sort_at(&a->hashes, i, &id, err));
        if (!fr_replaced_ids_has(dropped, id.number)) {
            fr_id_lookup_writer_put(&lookup, id.number);
            stats->live_docs++;
            continue;
        }
        FR_TRY(fr_spill_buffer_read(&a->lengths, id.number * 4ull, &length, 4, err));
        stats->tokens -= length;
        stats->texts -= length > 0;
    }
    fr_id_lookup_writer_finish(&lookup);
    return FRAI_OK;
}

/* Section live, unless all documents live; the others' norms become 0. */
static void mark_dropped(struct fr_segment_builder *a, const struct fr_replaced_ids *dropped)
{
    for (uint32_t first = 0; dropped->dead.len && first < a->docs; first += 8) {
        uint8_t live = 0;
        for (uint32_t doc = first; doc < a->docs && doc < first + 8; doc++) {
            if (fr_replaced_ids_has(dropped, doc))
                a->norms.data[doc] = 0;
            else
                live |= (uint8_t)(1u << doc % 8);
        }
        fr_segment_writer_put(&a->writer, FR_SECTION_LIVE, &live, 1);
    }
}

static frai_status settle_documents(struct fr_segment_builder *a,
                                    const struct fr_pending_deletes *deletes, uint32_t place,
                                    struct fr_replaced_ids *dropped, frai_error *err)
{
    if (a->run_list.buf.failed) return fr_fail_memory(err, "building");
    FR_TRY(fr_external_sort_run(&a->hashes, err));
    FR_TRY(load(a, &a->norm_bytes, &a->norms, err));
    FR_TRY(load(a, &a->width_bytes, &a->widths, err));
    FR_TRY(fr_replaced_ids_find(dropped, deletes, place, err));
    mark_dropped(a, dropped);
    FR_TRY(count_living(a, dropped, err));
    FR_TRY(fr_lengths_put(&a->writer, a->norms.data, a->docs, &a->lengths, err));
    fr_external_sort_deinit(&a->hashes);
    fr_spill_buffer_deinit(&a->lengths);
    return FRAI_OK;
}

static void put_range_norms(struct fr_segment_builder *a)
{
    for (uint32_t first = 0; first < a->docs; first += FR_RANGE_DOCS) {
        uint8_t least = 255;
        for (uint32_t doc = first; doc < a->docs && doc < first + FR_RANGE_DOCS; doc++)
            if (a->norms.data[doc] < least) least = a->norms.data[doc];
        fr_segment_writer_put(&a->writer, FR_SECTION_RANGE_NORMS, &least, 1);
    }
}

static frai_status write_all_sections(struct fr_segment_builder *a,
                                      const struct fr_pending_deletes *deletes, uint32_t place,
                                      struct fr_replaced_ids *dropped, frai_error *err)
{
    struct fr_segment_stats *stats = &a->writer.stats;
    bool text = a->settings->analyzer == FR_ANALYZER_KOREAN;
    stats->k1 = text ? FR_IMPACT_K1 : a->settings->k1;
    stats->b = text ? FR_IMPACT_B : a->settings->b;
    stats->analyzer = a->settings->analyzer;
    stats->source_bytes = a->text_bytes;
    fr_spill_all(&a->runs);
    FR_TRY(settle_documents(a, deletes, place, dropped, err));
    stats->average_length = stats->texts ? (float)((double)stats->tokens / stats->texts) : 0;
    struct fr_merge_input in = {
        .runs = &a->runs,
        .run = fr_vec_data(&a->run_list),
        .run_count = (uint32_t)fr_vec_count(&a->run_list),
        .dead = dropped->dead.len ? dropped->dead.data : NULL,
        .source = fr_vec_data(&a->sources),
        .source_count = (uint32_t)fr_vec_count(&a->sources),
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
    fr_segment_writer_take(&a->writer, FR_SECTION_NORMS, &a->norms);
    fr_segment_writer_take(&a->writer, FR_SECTION_WIDTHS, &a->widths);
    return fr_column_builder_finish(&a->columns, &a->writer, err);
}

frai_status fr_segment_builder_finish(struct fr_segment_builder *a, frai_slice dictionary,
                                      const struct fr_pending_deletes *deletes, uint32_t place,
                                      struct fr_built_segment *out, frai_error *err)
{
    struct fr_replaced_ids dropped;
    fr_replaced_ids_init(&dropped, &a->hashes, &a->ids, a->mem);
    frai_status status = write_all_sections(a, deletes, place, &dropped, err);
    fr_replaced_ids_deinit(&dropped);
    FR_TRY(status);
    if (a->settings->store_text && fr_vec_count(&a->sources) == 0)
        fr_store_put_dictionary(&a->writer, dictionary);
    *out = (struct fr_built_segment){.ref = {.number = a->number}, .text_bytes = a->text_bytes};
    out->documents = a->writer.stats.live_docs;
    out->replaced = a->docs - out->documents;
    return fr_segment_writer_finish(&a->writer, a->path, &out->ref.bytes, &out->ref.hash, err);
}
