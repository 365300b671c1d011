/* Documents fill a chunk until it has FR_CHUNK_BYTES or FR_CHUNK_DOCS; full chunks go to the
 * workers and come back in the order in which they were sent, so that neither threads nor their
 * timing change the segment. When the segment may have no more documents it is finished, and
 * another begins. */
#include "writer/pipeline.h"

#include <inttypes.h>
#include <stdio.h>

#include "index/snapshot.h"
#include "writer/long_document.h"
#include "writer/store_dictionary.h"

static uint32_t segment_count(const struct fr_pipeline *p)
{
    return fr_manifest_segment_count(p->manifest);
}

struct fr_segment_builder_options fr_pipeline_options(const struct fr_pipeline *p)
{
    return (struct fr_segment_builder_options){.mem = p->mem,
                                               .dir = p->dir,
                                               .number = p->manifest->next_segment,
                                               .memory_bytes = p->memory_bytes,
                                               .threads = p->threads,
                                               .settings = p->settings};
}

frai_status fr_pipeline_open(struct fr_pipeline *p, frai_error *err)
{
    fr_buf_init(&p->dictionary, p->mem);
    fr_buf_init(&p->record, p->mem);
    p->docs_most = fr_segment_docs_most(p->memory_bytes);
    if (p->segment_docs && p->segment_docs < p->docs_most) p->docs_most = p->segment_docs;
    p->under_way = p->threads - 1 + (p->threads > 1);
    p->workers = fr_workers_create(p->settings, p->threads, p->mem);
    return p->workers ? FRAI_OK : fr_fail_memory(err, "building");
}

static void destroy_chunk(struct fr_pipeline *p, struct fr_chunk *chunk)
{
    if (!chunk) return;
    fr_chunk_deinit(chunk);
    fr_free(p->mem, chunk, sizeof *chunk);
}

static void drop_builder(struct fr_pipeline *p)
{
    fr_segment_builder_destroy(p->builder);
    p->builder = NULL;
    p->next_doc = 0;
}

static void drop_queue(struct fr_pipeline *p)
{
    fr_reorder_queue_deinit(&p->queue);
    p->queue = (struct fr_reorder_queue){.mem = NULL};
}

void fr_pipeline_close(struct fr_pipeline *p)
{
    fr_workers_destroy(p->workers);
    p->workers = NULL;
    destroy_chunk(p, p->chunk);
    p->chunk = NULL;
    drop_queue(p);
    drop_builder(p);
    fr_buf_deinit(&p->dictionary);
    fr_buf_deinit(&p->record);
}

void fr_pipeline_discard(struct fr_pipeline *p)
{
    struct fr_chunk *chunk;
    while ((chunk = fr_workers_take(p->workers, 0)) != NULL) destroy_chunk(p, chunk);
    destroy_chunk(p, p->chunk);
    p->chunk = NULL;
    drop_builder(p);
    drop_queue(p);
}

bool fr_pipeline_is_empty(const struct fr_pipeline *p)
{
    return p->next_doc == 0 && !p->queue.mem;
}

/* ---- chunks ---- */

/* Takes done chunks until at most `keep` are under way. */
static frai_status take_chunks(struct fr_pipeline *p, uint32_t keep, frai_error *err)
{
    struct fr_chunk *chunk;
    frai_status status = FRAI_OK;
    while (status == FRAI_OK && (chunk = fr_workers_take(p->workers, keep)) != NULL) {
        status = chunk->failed ? fr_fail_memory(err, "building")
                               : fr_segment_builder_add_chunk(p->builder, chunk, err);
        destroy_chunk(p, chunk);
    }
    return status;
}

/* Stored text has the dictionary of the largest segment that is there, or one that is learnt from
 * the first chunk. */
static frai_status find_dictionary(struct fr_pipeline *p, const struct fr_chunk *chunk,
                                   frai_error *err)
{
    const struct fr_segment_ref *largest = NULL;
    for (uint32_t i = 0; i < segment_count(p); i++) {
        const struct fr_segment_ref *ref = fr_manifest_segment(p->manifest, i);
        if (!largest || ref->bytes > largest->bytes) largest = ref;
    }
    if (largest) {
        struct fr_segment seg;
        FR_TRY(fr_snapshot_open_segment(p->dir, largest, p->mem, &seg, err));
        frai_status status = fr_store_dictionary_borrow(&p->dictionary, &seg, err);
        fr_segment_close(&seg);
        if (status != FRAI_OK) return status;
    }
    if (!p->dictionary.len) FR_TRY(fr_store_dictionary_learn(&p->dictionary, chunk, err));
    if (p->dictionary.len)
        fr_workers_set_dictionary(p->workers, p->dictionary.data, p->dictionary.len);
    return FRAI_OK;
}

static frai_status send_chunk(struct fr_pipeline *p, uint32_t keep, frai_error *err)
{
    if (p->chunk && p->chunk->docs > 0) {
        if (!p->builder) {
            struct fr_segment_builder_options o = fr_pipeline_options(p);
            FR_TRY(fr_segment_builder_create(&o, &p->builder, err));
            if (!p->dictionary.len && p->settings->store_text)
                FR_TRY(find_dictionary(p, p->chunk, err));
        }
        struct fr_chunk *chunk = p->chunk;
        p->chunk = NULL;
        if (!fr_workers_submit(p->workers, chunk)) {
            destroy_chunk(p, chunk);
            return fr_fail_memory(err, "building");
        }
    }
    return p->builder ? take_chunks(p, keep, err) : FRAI_OK;
}

/* ---- segments ---- */

static frai_status write_segment(struct fr_pipeline *p, frai_error *err)
{
    struct fr_built_segment made;
    struct fr_manifest *m = p->manifest;
    frai_slice dictionary = {(const char *)p->dictionary.data, p->dictionary.len};
    FR_TRY(fr_segment_builder_finish(p->builder, dictionary, p->deletes, segment_count(p), &made,
                                     err));
    m->next_segment++;
    if (made.documents)
        fr_vec_append(&m->segments, &made.ref, 1);
    else
        fr_pending_deletes_pass(p->deletes, segment_count(p));
    p->made.index_bytes += made.ref.bytes;
    p->made.text_bytes += made.text_bytes;
    p->made.documents += made.documents;
    p->made.replaced += made.replaced;
    return m->segments.buf.failed ? fr_fail_memory(err, "building") : FRAI_OK;
}

static frai_status finish_segment(struct fr_pipeline *p, frai_error *err)
{
    frai_status status = FRAI_OK;
    if (!p->builder) return FRAI_OK;
    if (!fr_workers_release_memory(p->workers)) status = fr_fail_memory(err, "building");
    if (status == FRAI_OK && p->builder->docs > 0) status = write_segment(p, err);
    drop_builder(p);
    return status;
}

static frai_status begin_chunk(struct fr_pipeline *p, frai_error *err)
{
    p->chunk = fr_new(p->mem, sizeof *p->chunk);
    if (!p->chunk) return fr_fail_memory(err, "building");
    fr_chunk_init(p->chunk, p->mem);
    p->chunk->first_doc = p->next_doc;
    return FRAI_OK;
}

/* The parts of a document, one after another, into chunks of its own, which the workers get at
 * once. */
static frai_status send_parts(struct fr_pipeline *p, frai_slice id, struct fr_long_document *d,
                              frai_error *err)
{
    for (bool last = false; !last;) {
        FR_TRY(begin_chunk(p, err));
        struct fr_chunk *c = p->chunk;
        c->docs = 1;
        c->field_bounds = fr_settings_text_fields(p->settings) - 1;
        FR_TRY(fr_long_document_next(d, c, err));
        last = c->is_last;
        if (c->is_first) fr_records_add(&c->ids, id.ptr, id.len);
        if (last) fr_buf_put(&c->path, d->path.data, d->path.len);
        if (fr_records_failed(&c->ids) || c->path.failed || d->path.failed)
            return fr_fail_memory(err, "building");
        FR_TRY(send_chunk(p, p->under_way, err));
    }
    return FRAI_OK;
}

static frai_status add_long(struct fr_pipeline *p, frai_slice id,
                            const struct fr_record_source *record, frai_error *err)
{
    struct fr_long_document d;
    FR_TRY(send_chunk(p, p->under_way, err));
    fr_long_document_init(&d, p->settings, record, p->part_bytes, p->mem);
    frai_status status = send_parts(p, id, &d, err);
    fr_long_document_deinit(&d);
    p->next_doc++;
    return status;
}

static frai_status add_to_chunk(struct fr_pipeline *p, frai_slice id, const uint8_t *record,
                                size_t len, frai_error *err)
{
    if (!p->chunk) FR_TRY(begin_chunk(p, err));
    struct fr_chunk *c = p->chunk;
    if (!fr_buf_room(&c->records.bytes, 1)) return fr_fail_memory(err, "building");
    fr_records_add(&c->ids, id.ptr, id.len);
    fr_records_add(&c->records, record, len);
    if (fr_records_failed(&c->ids) || fr_records_failed(&c->records))
        return fr_fail_memory(err, "building");
    c->docs++;
    p->next_doc++;
    if (c->records.bytes.len >= FR_CHUNK_BYTES || c->docs == FR_CHUNK_DOCS)
        return send_chunk(p, p->under_way, err);
    return FRAI_OK;
}

/* Adds a document in the order that it has in the segment. */
static frai_status add_in_order(void *ctx, frai_slice id, const struct fr_record_source *record,
                                frai_error *err)
{
    struct fr_pipeline *p = ctx;
    if (p->next_doc == p->docs_most) {
        FR_TRY(send_chunk(p, 0, err));
        FR_TRY(finish_segment(p, err));
    }
    if (fr_record_bytes(record) > p->part_bytes) return add_long(p, id, record, err);
    const uint8_t *bytes = record->head;
    size_t len = (size_t)fr_record_bytes(record);
    if (record->rest_bytes) {
        fr_buf_clear(&p->record);
        if (!fr_buf_room(&p->record, len)) return fr_fail_memory(err, "building");
        FR_TRY(fr_record_read(record, 0, p->record.data, len, err));
        bytes = p->record.data;
    }
    return add_to_chunk(p, id, bytes, len, err);
}

frai_status fr_pipeline_drain_queue(struct fr_pipeline *p, frai_error *err)
{
    if (!p->queue.mem) return FRAI_OK;
    frai_status status = fr_reorder_queue_drain(&p->queue, p->threads, add_in_order, p, err);
    drop_queue(p);
    if (status == FRAI_OK) status = take_chunks(p, 0, err);
    if (status == FRAI_OK && !fr_workers_release_memory(p->workers))
        status = fr_fail_memory(err, "building");
    return status; /* others may be queued: they need the workers' memory */
}

static frai_status queue_document(struct fr_pipeline *p, frai_slice id,
                                  const struct fr_record_source *record, frai_error *err)
{
    if (!p->queue.mem) {
        char path[FR_PATH_MAX];
        snprintf(path, sizeof path, "%.4000s/tmp-%" PRIu64 "-reorder", p->dir,
                 p->manifest->next_segment);
        fr_reorder_queue_init(&p->queue, p->settings, path, p->memory_bytes, p->mem);
    }
    FR_TRY(fr_reorder_queue_add(&p->queue, id, record, err));
    uint64_t most = p->memory_bytes / FR_REORDER_DOC_BYTES;
    if (most > p->docs_most) most = p->docs_most;
    return fr_reorder_queue_documents(&p->queue) < most ? FRAI_OK : fr_pipeline_drain_queue(p, err);
}

frai_status fr_pipeline_add(struct fr_pipeline *p, frai_slice id,
                            const struct fr_record_source *record, frai_error *err)
{
    return p->reorders ? queue_document(p, id, record, err) : add_in_order(p, id, record, err);
}

frai_status fr_pipeline_finish(struct fr_pipeline *p, frai_error *err)
{
    FR_TRY(fr_pipeline_drain_queue(p, err));
    FR_TRY(send_chunk(p, 0, err));
    return finish_segment(p, err);
}
