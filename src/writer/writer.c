/* The life of a writer: opening with its lock, adding and deleting, rolling back, closing. */
#include "writer/writer.h"

#include <errno.h>

#include "base/bytes.h"
#include "index/snapshot.h"
#include "index/sweep.h"
#include "segment/record.h"
#include "writer/commit.h"
#include "writer/numbering.h"

#define MEMORY_MIN   (64ull << 20)
#define BESIDE_MIN   (256ull << 20) /* memory from which on merges have a part of their own */
#define BESIDE_PART  4u
#define THREADS_MOST 256u

const struct fr_settings *fr_writer_settings(const struct fr_writer *w)
{
    return &w->settings;
}

void fr_writer_read_stats(const struct fr_writer *w, struct fr_writer_stats *out)
{
    *out = w->stats;
}

void fr_writer_sweep(const struct fr_writer *w)
{
    fr_manifest_sweep(w->dir, fr_background_merge_number(w->merging), w->mem);
}

/* Is an index there, or none, as the mode wants it? */
static frai_status check_mode(const struct fr_writer *w, frai_open_mode mode, frai_error *err)
{
    struct fr_generations generations;
    fr_buf_init(&generations.buf, w->mem);
    frai_status status = fr_manifest_list(w->dir, &generations, err);
    fr_buf_deinit(&generations.buf);
    if (mode == FRAI_OPEN_EXISTING) return status;
    if (status == FRAI_ERR_NOT_FOUND || mode != FRAI_CREATE_ONLY) return FRAI_OK;
    if (status != FRAI_OK) return status;
    return fr_fail(err, FRAI_ERR_EXISTS, "%s: there is an index here already", w->dir);
}

frai_status fr_writer_count_documents(const struct fr_writer *w, uint64_t *count, frai_error *err)
{
    *count = 0;
    for (uint32_t i = 0; i < fr_manifest_segment_count(&w->manifest); i++) {
        const struct fr_segment_ref *ref = fr_manifest_segment(&w->manifest, i);
        struct fr_segment seg;
        frai_status status = fr_snapshot_open_segment(w->dir, ref, w->mem, &seg, err);
        if (status == FRAI_ERR_CORRUPT || status == FRAI_ERR_NOT_FOUND) continue; /* for repair */
        if (status != FRAI_OK) return status;
        *count += seg.stats.live_docs - seg.deletes.docs;
        fr_segment_close(&seg);
    }
    return FRAI_OK;
}

static frai_status open_directory(struct fr_writer *w, const struct fr_writer_options *options,
                                  frai_error *err)
{
    bool fell_back, replace = options->mode == FRAI_REPLACE;
    FR_TRY(check_mode(w, options->mode, err));
    if (fr_io_current()->mkdir(w->dir, 0777) < 0 && errno != EEXIST)
        return fr_fail_os(err, errno, "%s: cannot make the directory", w->dir);
    if (fr_manifest_is_misplaced(w->dir))
        return fr_fail(err, FRAI_ERR_EXISTS, "%s: a directory with other files, and no index in it",
                       w->dir);
    FR_TRY(fr_lock_take(w->dir, &w->lock, err));
    FR_TRY(check_mode(w, options->mode, err)); /* others may have written before it was locked */
    frai_status status = fr_manifest_newest(w->dir, &w->manifest, &fell_back, err);
    w->reopened = status == FRAI_OK;
    if (status == FRAI_OK && !replace) w->settings = w->manifest.settings;
    if (status != FRAI_OK && status != FRAI_ERR_NOT_FOUND) {
        if (!replace || status == FRAI_ERR_MEMORY) return status;
        FR_TRY(fr_manifest_step_over(w->dir, &w->manifest, true, err));
    }
    if (w->reopened) fr_writer_sweep(w); /* what a killed writer left */
    uint64_t unused = fr_manifest_free_number(w->dir);
    if (w->manifest.next_segment < unused) w->manifest.next_segment = unused;
    w->begins = replace || options->mode == FRAI_CREATE_ONLY;
    if (replace) {
        fr_vec_set_count(&w->manifest.segments, 0);
        w->manifest.next_id = 0;
        w->replaces = true;
    }
    if (options->reorder && (replace || !w->reopened)) w->settings.reorder = 1;
    w->pipeline.reorders = options->reorder || w->settings.reorder;
    w->manifest.settings = w->settings;
    FR_TRY(fr_writer_count_documents(w, &w->stats.documents, err));
    return fr_writer_remember_commit(w, err);
}

/* Cuts the memory into parts, and starts the workers. */
static frai_status open_pipeline(struct fr_writer *w, const struct fr_writer_options *options,
                                 uint64_t memory_bytes, frai_error *err)
{
    uint64_t room = memory_bytes / (2 * FR_WORKER_BYTES);
    uint32_t most = room < THREADS_MOST ? (uint32_t)room : THREADS_MOST;
    uint32_t threads = options->threads < most ? options->threads : most;
    struct fr_pipeline *p = &w->pipeline;
    p->threads = threads ? threads : 1;
    if (p->threads > 1 && memory_bytes >= BESIDE_MIN) w->merge_bytes = memory_bytes / BESIDE_PART;
    p->memory_bytes = memory_bytes - w->merge_bytes;
    p->segment_docs = options->segment_docs;
    p->part_bytes = options->part_bytes ? options->part_bytes : FR_PART_BYTES;
    return fr_pipeline_open(p, err);
}

static frai_status open_all(struct fr_writer *w, const char *dir,
                            const struct fr_writer_options *options, uint64_t memory_bytes,
                            frai_error *err)
{
    size_t n = strlen(dir);
    if (n == 0 || n > FR_PATH_MAX - 128)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long or empty");
    memcpy(w->dir, dir, n + 1);
    FR_TRY(open_directory(w, options, err));
    return open_pipeline(w, options, memory_bytes, err);
}

frai_status fr_writer_open(const char *dir, const struct fr_writer_options *options,
                           struct fr_writer **out, frai_error *err)
{
    const frai_allocator *mem = options->mem;
    uint64_t memory_bytes = options->memory_bytes < MEMORY_MIN ? MEMORY_MIN : options->memory_bytes;
    *out = NULL;
    struct fr_writer *w = fr_new(mem, sizeof *w);
    if (!w) return fr_fail_memory(err, "building");
    w->mem = mem;
    w->lock.fd = -1;
    fr_process_init(&w->process);
    w->settings = options->settings;
    fr_manifest_init(&w->manifest, mem);
    fr_pending_deletes_init(&w->deletes, w->dir, memory_bytes, mem);
    fr_buf_init(&w->committed.buf, mem);
    fr_buf_init(&w->note, mem);
    w->pipeline = (struct fr_pipeline){.mem = mem,
                                       .dir = w->dir,
                                       .settings = &w->settings,
                                       .manifest = &w->manifest,
                                       .deletes = &w->deletes};
    frai_status status = open_all(w, dir, options, memory_bytes, err);
    if (status != FRAI_OK) {
        fr_writer_close(w);
        return status;
    }
    *out = w;
    return FRAI_OK;
}

frai_status fr_writer_sticky(struct fr_writer *w, frai_status status, const frai_error *error,
                             frai_error *err)
{
    if (status != FRAI_OK && w->status == FRAI_OK) {
        w->status = status;
        w->error = *error;
    }
    if (w->status != FRAI_OK && err) *err = w->error;
    return w->status;
}

frai_status fr_writer_check_usable(const struct fr_writer *w, frai_error *err)
{
    if (!fr_process_is_this(&w->process))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "%s: a forked child can't use its parent's writer",
                       w->dir);
    if (w->status != FRAI_OK && err) *err = w->error;
    return w->status;
}

frai_status fr_writer_add(struct fr_writer *w, frai_slice id, const uint8_t *record, size_t len,
                          frai_error *err)
{
    const struct fr_record_source whole = {.head = record, .head_bytes = len};
    return fr_writer_add_source(w, id, fr_record_path(record, len), &whole, err);
}

frai_status fr_writer_add_source(struct fr_writer *w, frai_slice id, frai_slice path,
                                 const struct fr_record_source *record, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(fr_writer_check_usable(w, err));
    char numbered[FR_ID_BYTES_MAX];
    if (id.len > FR_ID_BYTES_MAX)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "an id of %zu bytes; at most %u", id.len,
                       FR_ID_BYTES_MAX);
    if (id.len == 0)
        id = fr_numbered_id(path, w->manifest.next_id++, numbered);
    else
        w->manifest.next_id = fr_number_past(w->manifest.next_id, id);
    return fr_writer_sticky(w, fr_pipeline_add(&w->pipeline, id, record, &error), &error, err);
}

frai_status fr_writer_fail(struct fr_writer *w, const frai_error *error, frai_error *err)
{
    FR_TRY(fr_writer_check_usable(w, err));
    return fr_writer_sticky(w, error->code, error, err);
}

frai_status fr_writer_check_begun(const struct fr_writer *w, frai_error *err)
{
    if (!w->begins) return FRAI_OK;
    return fr_fail(err, FRAI_ERR_ARGUMENT,
                   "%s: a new index has nothing to change before its first commit", w->dir);
}

/* Is there something that the next commit adds? */
static bool has_added(const struct fr_writer *w)
{
    return !fr_pipeline_is_empty(&w->pipeline) ||
           fr_manifest_segment_count(&w->manifest) > w->deletes.settled;
}

static frai_status delete_id(struct fr_writer *w, frai_slice id, frai_error *err)
{
    FR_TRY(
        fr_pipeline_drain_queue(&w->pipeline, err)); /* numbers documents in the order they came */
    return fr_pending_deletes_by_id(&w->deletes, &w->manifest, id,
                                    fr_manifest_segment_count(&w->manifest), w->pipeline.next_doc,
                                    err);
}

frai_status fr_writer_delete(struct fr_writer *w, frai_slice id, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(fr_writer_check_usable(w, err));
    if (!has_added(w)) FR_TRY(fr_writer_check_begun(w, err));
    if (id.len == 0 || id.len > FR_ID_BYTES_MAX) return FRAI_OK; /* no document has it */
    return fr_writer_sticky(w, delete_id(w, id, &error), &error, err);
}

static bool has_changes(const struct fr_writer *w)
{
    return !fr_pipeline_is_empty(&w->pipeline) || !fr_pending_deletes_is_empty(&w->deletes) ||
           w->replaces != w->replaced ||
           fr_manifest_segment_count(&w->manifest) != fr_vec_count(&w->committed);
}

bool fr_writer_is_clean(const struct fr_writer *w)
{
    return !has_changes(w) && !w->note.len;
}

frai_status fr_writer_delete_path(struct fr_writer *w, frai_slice path, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(fr_writer_check_usable(w, err));
    if (!w->settings.store_text)
        return fr_fail(err, FRAI_ERR_UNSUPPORTED, "%s: without stored text no path is known",
                       w->dir);
    FR_TRY(fr_writer_check_begun(w, err));
    if (path.len > FRAI_DOCUMENT_BYTES_MAX) return FRAI_OK; /* no document has it */
    bool ok = fr_pending_deletes_by_path(&w->deletes, path);
    return fr_writer_sticky(w, ok ? FRAI_OK : fr_fail_memory(&error, "building"), &error, err);
}

frai_status fr_writer_user_data(struct fr_writer *w, struct fr_buf *out, frai_error *err)
{
    FR_TRY(fr_writer_check_usable(w, err));
    fr_buf_clear(out);
    return w->begins ? FRAI_OK : fr_manifest_read_note(w->dir, &w->manifest, out, NULL, err);
}

frai_status fr_writer_set_user_data(struct fr_writer *w, frai_slice note, frai_error *err)
{
    struct fr_buf copy;
    FR_TRY(fr_writer_check_usable(w, err));
    fr_buf_init(&copy, w->mem);
    fr_buf_put(&copy, note.ptr, note.len);
    if (copy.failed) return fr_fail_memory(err, "building");
    fr_buf_deinit(&w->note);
    w->note = copy;
    w->keeps_note = false;
    return FRAI_OK;
}

const struct fr_manifest *fr_writer_manifest(const struct fr_writer *w)
{
    return &w->manifest;
}

const char *fr_writer_directory(const struct fr_writer *w)
{
    return w->dir;
}

frai_status fr_writer_require_settled(const struct fr_writer *w, frai_error *err)
{
    FR_TRY(fr_writer_check_usable(w, err));
    FR_TRY(fr_writer_check_begun(w, err));
    if (fr_writer_is_clean(w)) return FRAI_OK;
    return fr_fail(err, FRAI_ERR_ARGUMENT, "%s: something is not committed yet", w->dir);
}

static frai_status rollback(struct fr_writer *w, frai_error *err)
{
    fr_pipeline_discard(&w->pipeline);
    fr_vec_copy(&w->manifest.segments, &w->committed);
    w->replaces = w->replaced;
    if (w->reopened) fr_writer_sweep(w); /* segments that were whole already */
    return w->manifest.segments.buf.failed ? fr_fail_memory(err, "building")
                                           : fr_writer_remember_commit(w, err);
}

frai_status fr_writer_rollback(struct fr_writer *w, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(fr_writer_check_usable(w, err));
    return fr_writer_sticky(w, rollback(w, &error), &error, err);
}

static bool has_lock(const struct fr_writer *w)
{
    return w->lock.map || w->lock.fd >= 0;
}

/* Gives back the room of segments and notes that no commit names: where there is a manifest, by
 * what it says, since a commit that failed late may have come through. */
static void drop_uncommitted(struct fr_writer *w)
{
    bool news = fr_manifest_segment_count(&w->manifest) != fr_vec_count(&w->committed) ||
                w->status != FRAI_OK;
    struct fr_generations generations;
    if (!has_lock(w) || !news) return;
    fr_buf_init(&generations.buf, w->mem);
    frai_status listed = fr_manifest_list(w->dir, &generations, NULL);
    fr_buf_deinit(&generations.buf);
    for (uint32_t i = 0;
         listed == FRAI_ERR_NOT_FOUND && i < fr_manifest_segment_count(&w->manifest); i++) {
        char name[64], path[FR_PATH_MAX];
        fr_segment_file_name(fr_manifest_segment(&w->manifest, i)->number, name);
        if (fr_path_join(path, sizeof path, w->dir, name)) fr_io_current()->unlink(path);
    }
    if (listed == FRAI_OK) fr_writer_sweep(w);
}

void fr_writer_close(struct fr_writer *w)
{
    /* A child has neither its threads nor its lock. */
    if (!w || !fr_process_is_this(&w->process)) return;
    if (w->merging && w->status == FRAI_OK && fr_writer_rollback(w, NULL) == FRAI_OK)
        fr_writer_wait(w, NULL);
    fr_writer_drop_merge(w);
    fr_pipeline_close(&w->pipeline);
    fr_pending_deletes_deinit(&w->deletes);
    drop_uncommitted(w);
    fr_buf_deinit(&w->committed.buf);
    fr_buf_deinit(&w->note);
    fr_manifest_deinit(&w->manifest);
    fr_lock_drop(&w->lock);
    fr_process_deinit(&w->process);
    fr_free(w->mem, w, sizeof *w);
}
