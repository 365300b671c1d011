#include "writer/writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/process.h"
#include "index/lock.h"
#include "index/snapshot.h"
#include "index/sweep.h"
#include "writer/background_merge.h"
#include "writer/numbering.h"
#include "writer/reorder_queue.h"
#include "writer/repair.h"
#include "writer/segment_builder.h"
#include "writer/store_dictionary.h"
#include "writer/workers.h"

#define MEMORY_MIN   (64ull << 20)
#define BESIDE_MIN   (256ull << 20) /* memory from which on merges have a part of their own */
#define BESIDE_PART  4u
#define THREADS_MOST 256u

struct fr_writer {
    const frai_allocator *mem;
    char dir[FR_PATH_MAX];
    struct fr_lock lock;
    struct fr_process process; /* that opened it: forked children have no part in it */
    uint64_t memory_bytes;
    struct fr_manifest manifest; /* being made */
    struct fr_buf committed;     /* its segments, as they were after the latest commit */
    bool replaces;               /* older segments stop being named */
    bool replaced;               /* ... as it was after the latest commit */
    bool reopened;               /* the directory held an index */
    bool begins;                 /* the mode wants nothing to be there, and nothing is committed */
    struct fr_buf note;          /* of the next commit */
    bool keeps_note;             /* the next commit has the note that the latest has */
    struct fr_settings settings;
    struct fr_workers *workers;
    uint32_t threads;
    uint32_t under_way;     /* chunks that may be with the workers */
    struct fr_chunk *chunk; /* being filled */
    struct fr_segment_builder *assembly;
    uint64_t merge_bytes; /* of a merge in a thread of its own; 0: merges have none */
    struct fr_background_merge *merging; /* under way, or not adopted yet */
    bool reorders;
    struct fr_reorder_queue waiting;  /* if it reorders: documents of the next commit */
    struct fr_buf dictionary;         /* of stored text */
    struct fr_pending_deletes buried; /* what this commit deletes */
    struct fr_writer_stats stats;     /* of what is committed */
    struct fr_writer_stats pending;   /* of the segments that the next commit adds */
    uint64_t kept;                    /* documents of those that it keeps */
    uint32_t next_doc;                /* of the segment being made */
    uint32_t docs_most;               /* of it */
    frai_status status;               /* sticky */
    frai_error error;
};

static frai_status memory_failure(frai_error *err)
{
    return fr_fail(err, FRAI_ERR_MEMORY, "out of memory while building");
}

/* The segments that the manifest being made names. */
static uint32_t segment_count(const struct fr_writer *b)
{
    return (uint32_t)FR_COUNT(&b->manifest.segments, struct fr_segment_ref);
}

static struct fr_segment_builder_options assembly_options(const struct fr_writer *b)
{
    return (struct fr_segment_builder_options){.mem = b->mem,
                                               .dir = b->dir,
                                               .number = b->manifest.next_segment,
                                               .memory_bytes = b->memory_bytes,
                                               .threads = b->threads,
                                               .settings = &b->settings};
}

static void assembly_drop(struct fr_writer *b)
{
    fr_segment_builder_destroy(b->assembly);
    b->assembly = NULL;
    b->next_doc = 0;
}

static frai_status finish_segment(struct fr_writer *b, frai_error *err)
{
    struct fr_built_segment made;
    frai_status status = FRAI_OK;
    if (!b->assembly) return FRAI_OK;
    if (!fr_workers_release_memory(b->workers)) status = memory_failure(err);
    if (status == FRAI_OK && fr_segment_builder_documents(b->assembly) > 0) {
        frai_slice dictionary = {(const char *)b->dictionary.data, b->dictionary.len};
        status = fr_segment_builder_finish(b->assembly, dictionary, &b->buried, segment_count(b),
                                           &made, err);
        if (status == FRAI_OK) {
            b->manifest.next_segment++;
            if (made.documents)
                fr_buf_put(&b->manifest.segments, &made.ref, sizeof made.ref);
            else
                fr_pending_deletes_pass(&b->buried, segment_count(b));
            if (b->manifest.segments.failed) status = memory_failure(err);
            b->pending.index_bytes += made.ref.bytes;
            b->pending.text_bytes += made.text_bytes;
            b->pending.documents += made.documents;
            b->pending.replaced += made.replaced;
        }
    }
    assembly_drop(b);
    return status;
}

/* ---- chunks ---- */

static void chunk_destroy(struct fr_writer *b, struct fr_chunk *chunk)
{
    if (!chunk) return;
    fr_chunk_deinit(chunk);
    fr_free(b->mem, chunk, sizeof *chunk);
}

/* Takes done chunks until at most `keep` are under way. */
static frai_status drain(struct fr_writer *b, uint32_t keep, frai_error *err)
{
    struct fr_chunk *chunk;
    frai_status status = FRAI_OK;
    while ((chunk = fr_workers_take(b->workers, keep)) != NULL) {
        if (chunk->failed) status = memory_failure(err);
        if (status == FRAI_OK) status = fr_segment_builder_add_chunk(b->assembly, chunk, err);
        chunk_destroy(b, chunk);
        if (status != FRAI_OK) return status;
    }
    return FRAI_OK;
}

/* Stored text has the dictionary of the largest segment that is there, or one that is learnt from
 * the first chunk. */
static frai_status find_dictionary(struct fr_writer *b, const struct fr_chunk *chunk,
                                   frai_error *err)
{
    const struct fr_segment_ref *largest = NULL;
    for (uint32_t i = 0; i < segment_count(b); i++) {
        const struct fr_segment_ref *ref = &FR_AT(&b->manifest.segments, struct fr_segment_ref, i);
        if (!largest || ref->bytes > largest->bytes) largest = ref;
    }
    if (largest) {
        struct fr_segment seg;
        FR_TRY(fr_snapshot_open_segment(b->dir, largest, b->mem, &seg, err));
        frai_status status = fr_store_dictionary_borrow(&b->dictionary, &seg, err);
        fr_segment_close(&seg);
        if (status != FRAI_OK) return status;
    }
    if (!b->dictionary.len) FR_TRY(fr_store_dictionary_learn(&b->dictionary, chunk, err));
    if (b->dictionary.len)
        fr_workers_set_dictionary(b->workers, b->dictionary.data, b->dictionary.len);
    return FRAI_OK;
}

static frai_status send_chunk(struct fr_writer *b, uint32_t keep, frai_error *err)
{
    if (b->chunk && b->chunk->docs > 0) {
        if (!b->assembly) {
            struct fr_segment_builder_options o = assembly_options(b);
            FR_TRY(fr_segment_builder_create(&o, &b->assembly, err));
            if (!b->dictionary.len && b->settings.store_text)
                FR_TRY(find_dictionary(b, b->chunk, err));
        }
        struct fr_chunk *chunk = b->chunk;
        b->chunk = NULL;
        if (!fr_workers_submit(b->workers, chunk)) {
            chunk_destroy(b, chunk);
            return memory_failure(err);
        }
    }
    return b->assembly ? drain(b, keep, err) : FRAI_OK;
}

/* ---- the writer ---- */

const struct fr_settings *fr_writer_settings(const struct fr_writer *b)
{
    return &b->settings;
}

void fr_writer_read_stats(const struct fr_writer *b, struct fr_writer_stats *out)
{
    *out = b->stats;
}

static void sweep(const struct fr_writer *b)
{
    fr_manifest_sweep(b->dir, fr_background_merge_number(b->merging), b->mem);
}

/* What the manifest names now is what a rollback goes back to. */
static frai_status settle(struct fr_writer *b, frai_error *err)
{
    b->committed.len = 0;
    fr_buf_put(&b->committed, b->manifest.segments.data, b->manifest.segments.len);
    b->replaced = b->replaces;
    b->note.len = 0;
    b->keeps_note = false;
    b->pending = (struct fr_writer_stats){0};
    b->kept = b->stats.documents;
    fr_pending_deletes_clear(&b->buried, &b->manifest);
    return b->committed.failed ? memory_failure(err) : FRAI_OK;
}

/* Is an index there, or none, as the mode wants it? */
static frai_status check_mode(const struct fr_writer *b, frai_open_mode mode, frai_error *err)
{
    struct fr_buf generations;
    fr_buf_init(&generations, b->mem);
    frai_status status = fr_manifest_list(b->dir, &generations, err);
    fr_buf_deinit(&generations);
    if (mode == FRAI_OPEN_EXISTING) return status;
    if (status == FRAI_ERR_NOT_FOUND || mode != FRAI_CREATE_ONLY) return FRAI_OK;
    if (status != FRAI_OK) return status;
    return fr_fail(err, FRAI_ERR_EXISTS, "%s: there is an index here already", b->dir);
}

/* Living documents of the segments that the manifest names. What is damaged has none: a writer
 * that repairs has to open. */
static frai_status count_documents(const struct fr_writer *b, uint64_t *count, frai_error *err)
{
    *count = 0;
    for (uint32_t i = 0; i < segment_count(b); i++) {
        const struct fr_segment_ref *ref = &FR_AT(&b->manifest.segments, struct fr_segment_ref, i);
        struct fr_segment seg;
        frai_status status = fr_snapshot_open_segment(b->dir, ref, b->mem, &seg, err);
        if (status == FRAI_ERR_MEMORY || status == FRAI_ERR_IO) return status;
        if (status != FRAI_OK) continue;
        *count += seg.stats.live_docs - seg.deletes.docs;
        fr_segment_close(&seg);
    }
    return FRAI_OK;
}

static frai_status open_directory(struct fr_writer *b, const struct fr_writer_options *options,
                                  frai_error *err)
{
    bool fell_back, replace = options->mode == FRAI_REPLACE;
    FR_TRY(check_mode(b, options->mode, err));
    if (fr_io_current()->mkdir(b->dir, 0777) < 0 && errno != EEXIST)
        return fr_fail_os(err, errno, "%s: cannot make the directory", b->dir);
    if (fr_manifest_is_misplaced(b->dir))
        return fr_fail(err, FRAI_ERR_EXISTS, "%s: a directory with other files, and no index in it",
                       b->dir);
    FR_TRY(fr_lock_take(b->dir, &b->lock, err));
    FR_TRY(check_mode(b, options->mode, err)); /* others may have written before it was locked */
    frai_status status = fr_manifest_newest(b->dir, &b->manifest, &fell_back, err);
    b->reopened = status == FRAI_OK;
    if (status == FRAI_OK && !replace) b->settings = b->manifest.settings;
    if (status != FRAI_OK && status != FRAI_ERR_NOT_FOUND) {
        if (!replace || status == FRAI_ERR_MEMORY) return status;
        FR_TRY(fr_manifest_step_over(b->dir, &b->manifest, true, err));
    }
    if (b->reopened) sweep(b); /* what a killed writer left */
    uint64_t unused = fr_manifest_free_number(b->dir);
    if (b->manifest.next_segment < unused) b->manifest.next_segment = unused;
    b->begins = replace || options->mode == FRAI_CREATE_ONLY;
    if (replace) {
        b->manifest.segments.len = b->manifest.next_id = 0;
        b->replaces = true;
    }
    if (options->reorder && (replace || !b->reopened)) b->settings.reorder = 1;
    b->reorders = options->reorder || b->settings.reorder;
    b->manifest.settings = b->settings;
    FR_TRY(count_documents(b, &b->stats.documents, err));
    return settle(b, err);
}

frai_status fr_writer_open(const char *dir, const struct fr_writer_options *options,
                           struct fr_writer **out, frai_error *err)
{
    const frai_allocator *mem = options->mem;
    *out = NULL;
    struct fr_writer *b = fr_new(mem, sizeof *b);
    if (!b) return memory_failure(err);
    b->mem = mem;
    b->lock.fd = -1;
    fr_process_init(&b->process);
    b->settings = options->settings;
    b->memory_bytes = options->memory_bytes < MEMORY_MIN ? MEMORY_MIN : options->memory_bytes;
    fr_manifest_init(&b->manifest, mem);
    fr_pending_deletes_init(&b->buried, b->dir, b->memory_bytes, mem);
    fr_buf_init(&b->committed, mem);
    fr_buf_init(&b->note, mem);
    fr_buf_init(&b->dictionary, mem);
    size_t n = strlen(dir);
    frai_status status = FRAI_OK;
    if (n == 0 || n > FR_PATH_MAX - 128)
        status = fr_fail(err, FRAI_ERR_ARGUMENT, "path too long or empty");
    else
        memcpy(b->dir, dir, n + 1);
    if (status == FRAI_OK) status = open_directory(b, options, err);
    if (status == FRAI_OK) {
        /* A chunk under way needs about 64 MiB in its worker. */
        uint64_t room = b->memory_bytes >> 27;
        uint32_t most = room < THREADS_MOST ? (uint32_t)room : THREADS_MOST;
        uint32_t threads = options->threads < most ? options->threads : most;
        if (threads == 0) threads = 1;
        b->threads = threads;
        if (threads > 1 && b->memory_bytes >= BESIDE_MIN)
            b->merge_bytes = b->memory_bytes / BESIDE_PART;
        b->memory_bytes -= b->merge_bytes;
        b->docs_most = fr_segment_docs_most(b->memory_bytes);
        if (options->segment_docs && options->segment_docs < b->docs_most)
            b->docs_most = options->segment_docs;
        b->under_way = threads - 1 + (threads > 1);
        b->workers = fr_workers_create(&b->settings, threads, mem);
        if (!b->workers) status = memory_failure(err);
    }
    if (status != FRAI_OK) {
        fr_writer_close(b);
        return status;
    }
    *out = b;
    return FRAI_OK;
}

static frai_status add(struct fr_writer *b, frai_slice id, const uint8_t *record, size_t len,
                       frai_error *err)
{
    if (b->next_doc == b->docs_most) {
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
static frai_status sticky(struct fr_writer *b, frai_status status, const frai_error *error,
                          frai_error *err)
{
    if (status != FRAI_OK && b->status == FRAI_OK) {
        b->status = status;
        b->error = *error;
    }
    if (b->status != FRAI_OK && err) *err = b->error;
    return b->status;
}

/* Can the writer go on? */
static frai_status usable(const struct fr_writer *b, frai_error *err)
{
    if (!fr_process_is_this(&b->process))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "%s: a forked child can't use its parent's writer",
                       b->dir);
    if (b->status != FRAI_OK && err) *err = b->error;
    return b->status;
}

static frai_status add_waiting(void *ctx, frai_slice id, const uint8_t *record, size_t len,
                               frai_error *err)
{
    return add(ctx, id, record, len, err);
}

/* In the order that the terms of the documents ask for. */
static frai_status take_waiting(struct fr_writer *b, frai_error *err)
{
    if (!b->waiting.mem) return FRAI_OK;
    frai_status status = fr_reorder_queue_drain(&b->waiting, b->threads, add_waiting, b, err);
    fr_reorder_queue_deinit(&b->waiting);
    b->waiting = (struct fr_reorder_queue){.mem = NULL};
    if (status == FRAI_OK) status = drain(b, 0, err);
    if (status == FRAI_OK && !fr_workers_release_memory(b->workers)) status = memory_failure(err);
    return status; /* others may wait: they need the workers' memory */
}

static frai_status wait(struct fr_writer *b, frai_slice id, const uint8_t *record, size_t len,
                        frai_error *err)
{
    if (!b->waiting.mem) {
        char path[FR_PATH_MAX];
        snprintf(path, sizeof path, "%.4000s/tmp-%" PRIu64 "-reorder", b->dir,
                 b->manifest.next_segment);
        fr_reorder_queue_init(&b->waiting, &b->settings, path, b->memory_bytes, b->mem);
    }
    if (!fr_reorder_queue_add(&b->waiting, id, record, len)) return memory_failure(err);
    uint64_t most = b->memory_bytes / FR_REORDER_DOC_BYTES;
    if (most > b->docs_most) most = b->docs_most;
    return fr_reorder_queue_documents(&b->waiting) < most ? FRAI_OK : take_waiting(b, err);
}

frai_status fr_writer_add(struct fr_writer *b, frai_slice id, const uint8_t *record, size_t len,
                          frai_error *err)
{
    frai_error error = {0};
    FR_TRY(usable(b, err));
    char numbered[FR_ID_BYTES_MAX];
    if (id.len > FR_ID_BYTES_MAX)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "an id of %zu bytes; at most %u", id.len,
                       FR_ID_BYTES_MAX);
    if (id.len == 0)
        id = fr_numbered_id(fr_record_path(record, len), b->manifest.next_id++, numbered);
    else
        b->manifest.next_id = fr_number_past(b->manifest.next_id, id);
    frai_status status =
        b->reorders ? wait(b, id, record, len, &error) : add(b, id, record, len, &error);
    return sticky(b, status, &error, err);
}

frai_status fr_writer_fail(struct fr_writer *b, const frai_error *error, frai_error *err)
{
    FR_TRY(usable(b, err));
    return sticky(b, error->code, error, err);
}

/* Fails where a call looks for documents and none can be there. */
static frai_status has_documents(const struct fr_writer *b, frai_error *err)
{
    if (!b->begins) return FRAI_OK;
    return fr_fail(err, FRAI_ERR_ARGUMENT,
                   "%s: a new index has nothing to change before its first commit", b->dir);
}

/* Is there something that the next commit adds? */
static bool has_added(const struct fr_writer *b)
{
    return b->next_doc || b->waiting.mem || segment_count(b) > b->buried.settled;
}

static frai_status delete_id(struct fr_writer *b, frai_slice id, frai_error *err)
{
    FR_TRY(take_waiting(b, err)); /* numbers documents in the order they came */
    return fr_pending_deletes_by_id(&b->buried, &b->manifest, id, segment_count(b), b->next_doc,
                                    err);
}

frai_status fr_writer_delete(struct fr_writer *b, frai_slice id, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(usable(b, err));
    if (!has_added(b)) FR_TRY(has_documents(b, err));
    if (id.len == 0 || id.len > FR_ID_BYTES_MAX) return FRAI_OK; /* no document has it */
    return sticky(b, delete_id(b, id, &error), &error, err);
}

/* Publishes the manifest. Twice, if space is given back, so that both generations that are kept
 * name the new files, and the old ones can go; or if names were stepped over, so that both stand
 * side by side. */
static frai_status publish(struct fr_writer *b, bool twice, frai_error *err)
{
    for (int times = twice ? 2 : 1; times > 0; times--) {
        b->manifest.generation++;
        FR_TRY(fr_manifest_publish(b->dir, &b->manifest, err));
    }
    FR_TRY(settle(b, err));
    sweep(b);
    return FRAI_OK;
}

/* ---- merging ---- */

static bool has_changes(const struct fr_writer *b)
{
    return b->next_doc || b->waiting.mem || !fr_pending_deletes_is_empty(&b->buried) ||
           b->replaces != b->replaced || b->manifest.segments.len != b->committed.len;
}

/* Is all that was asked for committed? */
static bool is_clean(const struct fr_writer *b)
{
    return !has_changes(b) && !b->note.len;
}

static frai_status start_merge(struct fr_writer *b, bool all, frai_error *err)
{
    struct fr_segment_builder_options o = assembly_options(b);
    frai_error error = {0};
    frai_status status =
        fr_background_merge_start(&o, all, all ? 0 : b->merge_bytes, &b->merging, &error);
    b->manifest.next_segment += b->merging != NULL;
    /* As in fr_background_merge_adopt: another commit may find room. */
    if (status == FRAI_ERR_MEMORY && !all) return FRAI_OK;
    if (status != FRAI_OK && err) *err = error;
    return status;
}

static void drop_merge(struct fr_writer *b)
{
    fr_background_merge_destroy(b->merging);
    b->merging = NULL;
}

/* Takes the merged segment into the manifest. */
static frai_status adopt_merge(struct fr_writer *b, bool *adopted, frai_error *err)
{
    frai_status status = fr_manifest_step_over(b->dir, &b->manifest, false, err);
    if (status == FRAI_OK)
        status = fr_background_merge_adopt(b->merging, &b->manifest, adopted, err);
    drop_merge(b);
    return status;
}

/* Waits for the merge, if there is one, and publishes what it made, until there is nothing more to
 * merge. What is not committed keeps it from being published. */
static frai_status end_merges(struct fr_writer *b, frai_error *err)
{
    bool adopted = true;
    if (b->merging) fr_background_merge_wait(b->merging, NULL);
    while (b->merging && adopted && is_clean(b)) {
        FR_TRY(adopt_merge(b, &adopted, err));
        if (!adopted) break;
        FR_TRY(publish(b, true, err));
        FR_TRY(start_merge(b, false, err));
    }
    return FRAI_OK;
}

static void count_commit(struct fr_writer *b, uint64_t deleted, uint64_t replaced)
{
    b->stats.documents = b->kept + b->pending.documents - deleted - replaced;
    b->stats.replaced += b->pending.replaced + replaced;
    b->stats.deleted += deleted;
    b->stats.text_bytes += b->pending.text_bytes;
    b->stats.index_bytes += b->pending.index_bytes;
}

static frai_status commit(struct fr_writer *b, frai_error *err)
{
    uint64_t deleted, replaced;
    bool adopted = false;
    uint64_t generation = b->manifest.generation;
    FR_TRY(take_waiting(b, err));
    FR_TRY(send_chunk(b, 0, err));
    FR_TRY(finish_segment(b, err));
    FR_TRY(fr_manifest_step_over(b->dir, &b->manifest, false, err));
    FR_TRY(fr_pending_deletes_write(&b->buried, &b->manifest, &deleted, &replaced, err));
    if (b->merging && fr_background_merge_has_ended(b->merging))
        FR_TRY(adopt_merge(b, &adopted, err));
    if (!b->keeps_note) FR_TRY(fr_manifest_write_note(b->dir, &b->manifest, &b->note, err));
    bool stepped = b->manifest.generation != generation;
    bool twice = adopted || stepped || (b->replaces && b->reopened);
    b->replaces = b->begins = false;
    b->reopened = true;
    struct fr_writer_stats before = b->stats;
    count_commit(b, deleted, replaced);
    frai_status status = publish(b, twice, err);
    if (status != FRAI_OK) b->stats = before;
    return status;
}

/* All documents are added again, as the next commit's only ones. */
static frai_status add_all_again(struct fr_writer *b, const struct fr_snapshot *now,
                                 frai_error *err)
{
    b->manifest.segments.len = b->kept = 0;
    b->replaces = true;
    b->keeps_note = b->note.len == 0;
    b->manifest.settings.reorder = b->settings.reorder = b->reorders;
    fr_pending_deletes_clear(&b->buried, &b->manifest);
    for (uint32_t g = 0; g < now->segment_count; g++)
        FR_TRY(fr_add_again(b, &now->segments[g], err));
    return fr_writer_added_again(b, err);
}

/* Without stored text segments are merged instead, here and now. */
static frai_status merge_all(struct fr_writer *b, frai_error *err)
{
    bool adopted = false;
    drop_merge(b);
    FR_TRY(start_merge(b, true, err));
    if (b->merging) {
        FR_TRY(
            fr_background_merge_wait(b->merging, err)); /* no room: that is for who asked to know */
        FR_TRY(adopt_merge(b, &adopted, err));
    }
    if (adopted) FR_TRY(publish(b, true, err));
    b->keeps_note = true;
    return FRAI_OK;
}

static frai_status compact(struct fr_writer *b, frai_error *err)
{
    struct fr_snapshot now;
    if (!is_clean(b)) FR_TRY(commit(b, err));
    if (!b->reopened) return FRAI_OK;
    if (!b->settings.store_text) return merge_all(b, err);
    FR_TRY(fr_snapshot_open(&now, b->dir, b->mem, err));
    frai_status status = add_all_again(b, &now, err);
    fr_snapshot_close(&now);
    return status;
}

frai_status fr_writer_compact(struct fr_writer *b, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(usable(b, err));
    FR_TRY(has_documents(b, err));
    return sticky(b, compact(b, &error), &error, err);
}

frai_status fr_writer_delete_path(struct fr_writer *b, frai_slice path, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(usable(b, err));
    if (!b->settings.store_text)
        return fr_fail(err, FRAI_ERR_UNSUPPORTED, "%s: without stored text no path is known",
                       b->dir);
    FR_TRY(has_documents(b, err));
    if (path.len > FRAI_DOCUMENT_BYTES_MAX) return FRAI_OK; /* no document has it */
    bool ok = fr_pending_deletes_by_path(&b->buried, path);
    return sticky(b, ok ? FRAI_OK : memory_failure(&error), &error, err);
}

frai_status fr_writer_user_data(struct fr_writer *b, struct fr_buf *out, frai_error *err)
{
    FR_TRY(usable(b, err));
    fr_buf_clear(out);
    return b->begins ? FRAI_OK : fr_manifest_read_note(b->dir, &b->manifest, out, NULL, err);
}

frai_status fr_writer_set_user_data(struct fr_writer *b, frai_slice note, frai_error *err)
{
    struct fr_buf copy;
    FR_TRY(usable(b, err));
    fr_buf_init(&copy, b->mem);
    fr_buf_put(&copy, note.ptr, note.len);
    if (copy.failed) return memory_failure(err);
    fr_buf_deinit(&b->note);
    b->note = copy;
    b->keeps_note = false;
    return FRAI_OK;
}

const struct fr_manifest *fr_writer_manifest(const struct fr_writer *b)
{
    return &b->manifest;
}

const char *fr_writer_directory(const struct fr_writer *b)
{
    return b->dir;
}

frai_status fr_writer_added_again(struct fr_writer *b, frai_error *err)
{
    FR_TRY(take_waiting(b, err)); /* numbers documents: those of later calls come behind */
    b->buried.again_segment = segment_count(b);
    b->buried.again_docs = b->next_doc;
    return FRAI_OK;
}

frai_status fr_writer_is_settled(const struct fr_writer *b, frai_error *err)
{
    FR_TRY(usable(b, err));
    FR_TRY(has_documents(b, err));
    if (is_clean(b)) return FRAI_OK;
    return fr_fail(err, FRAI_ERR_ARGUMENT, "%s: something is not committed yet", b->dir);
}

frai_status fr_writer_keep_only(struct fr_writer *b, const struct fr_buf *segments, frai_error *err)
{
    b->manifest.segments.len = 0;
    fr_buf_put(&b->manifest.segments, segments->data, segments->len);
    b->replaces = true;
    fr_pending_deletes_clear(&b->buried, &b->manifest);
    if (b->manifest.segments.failed) return memory_failure(err);
    return count_documents(b, &b->kept, err);
}

static frai_status rollback(struct fr_writer *b, frai_error *err)
{
    struct fr_chunk *chunk;
    while ((chunk = fr_workers_take(b->workers, 0)) != NULL) chunk_destroy(b, chunk);
    chunk_destroy(b, b->chunk);
    b->chunk = NULL;
    assembly_drop(b);
    fr_reorder_queue_deinit(&b->waiting);
    b->waiting = (struct fr_reorder_queue){.mem = NULL};
    b->manifest.segments.len = 0;
    fr_buf_put(&b->manifest.segments, b->committed.data, b->committed.len);
    b->replaces = b->replaced;
    if (b->reopened) sweep(b); /* segments that were whole already */
    return b->manifest.segments.failed ? memory_failure(err) : settle(b, err);
}

frai_status fr_writer_rollback(struct fr_writer *b, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(usable(b, err));
    return sticky(b, rollback(b, &error), &error, err);
}

frai_status fr_writer_commit(struct fr_writer *b, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(usable(b, err));
    frai_status status = commit(b, &error);
    if (status == FRAI_OK && !b->merging) status = start_merge(b, false, &error);
    if (status == FRAI_OK && !b->merge_bytes) status = end_merges(b, &error);
    return sticky(b, status, &error, err);
}

frai_status fr_writer_wait(struct fr_writer *b, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(usable(b, err));
    return sticky(b, end_merges(b, &error), &error, err);
}

static bool has_lock(const struct fr_writer *b)
{
    return b->lock.map || b->lock.fd >= 0;
}

/* Gives back the room of segments and notes that no commit names: where there is a manifest, by
 * what it says, since a commit that failed late may have come through. */
static void drop_uncommitted(struct fr_writer *b)
{
    bool news = b->manifest.segments.len != b->committed.len || b->status != FRAI_OK;
    struct fr_buf generations;
    if (!has_lock(b) || !news) return;
    fr_buf_init(&generations, b->mem);
    frai_status listed = fr_manifest_list(b->dir, &generations, NULL);
    fr_buf_deinit(&generations);
    for (uint32_t i = 0; listed == FRAI_ERR_NOT_FOUND && i < segment_count(b); i++) {
        char name[64], path[FR_PATH_MAX];
        fr_segment_file_name(FR_AT(&b->manifest.segments, struct fr_segment_ref, i).number, name);
        if (fr_path_join(path, sizeof path, b->dir, name)) fr_io_current()->unlink(path);
    }
    if (listed == FRAI_OK) sweep(b);
}

void fr_writer_close(struct fr_writer *b)
{
    /* A child has neither its threads nor its lock. */
    if (!b || !fr_process_is_this(&b->process)) return;
    if (b->merging && b->status == FRAI_OK && fr_writer_rollback(b, NULL) == FRAI_OK)
        fr_writer_wait(b, NULL);
    drop_merge(b);
    fr_workers_destroy(b->workers);
    chunk_destroy(b, b->chunk);
    fr_pending_deletes_deinit(&b->buried);
    fr_reorder_queue_deinit(&b->waiting);
    assembly_drop(b);
    drop_uncommitted(b);
    fr_buf_deinit(&b->committed);
    fr_buf_deinit(&b->note);
    fr_buf_deinit(&b->dictionary);
    fr_manifest_deinit(&b->manifest);
    fr_lock_drop(&b->lock);
    fr_process_deinit(&b->process);
    fr_free(b->mem, b, sizeof *b);
}
