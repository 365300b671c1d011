/* Every segment of the manifest is opened and verified. The next commit keeps the sound ones; of
 * the others each document whose id and stored text can be read is added again, as if it were new.
 */
#include "writer/repair.h"

#include <inttypes.h>
#include <stdio.h>

#include "index/snapshot.h"
#include "index/verify.h"
#include "segment/documents.h"
#include "segment/store.h"
#include "text/analyzer.h"
#include "writer/compact.h"

/* A document as it stands in a segment. */
struct stored {
    frai_slice id;
    struct fr_store_source source;
};

/* Gets each document of a walk, or why it could not be read; a failure that it returns ends the
 * walk. */
typedef frai_status (*visitor)(void *ctx, frai_status read, const struct stored *document,
                               frai_error *err);

/* Living documents in their order; those that were deleted too, if `all`. */
static frai_status walk_documents(const struct fr_segment *seg, bool all, visitor visit, void *ctx,
                                  frai_error *err)
{
    struct fr_store_reader store;
    struct fr_buf id;
    uint64_t walked = 0;
    frai_status status = all ? FRAI_OK : fr_live_check(seg, err);
    fr_buf_init(&id, seg->mem);
    fr_store_reader_init(&store, seg, seg->mem);
    for (uint32_t doc = 0; status == FRAI_OK && doc < seg->stats.docs; doc++) {
        struct stored document = {.id = {"", 0}};
        if (!all && !fr_document_is_live(seg, doc)) continue;
        status = fr_document_id(seg, doc, &id, err);
        document.id = fr_buf_slice(&id);
        if (status == FRAI_OK) status = fr_store_check(&store, doc, err);
        if (status == FRAI_OK) status = fr_store_source(&store, doc, &document.source, err);
        status = visit(ctx, status, &document, err);
        fr_segment_account_scan(seg, &walked,
                                id.len + (size_t)fr_record_bytes(&document.source.record));
    }
    fr_store_reader_deinit(&store);
    fr_buf_deinit(&id);
    return status;
}

static frai_status add(void *ctx, frai_status read, const struct stored *document, frai_error *err)
{
    FR_TRY(read);
    return fr_writer_add_source(ctx, document->id, (frai_slice){"", 0}, &document->source.record,
                                err);
}

frai_status fr_add_again(struct fr_writer *w, const struct fr_segment *seg, frai_error *err)
{
    return walk_documents(seg, false, add, w, err);
}

struct repair {
    struct fr_writer *writer;
    const frai_allocator *mem;
    const char *dir;
    void (*report)(void *ctx, const char *line);
    void *ctx;
    struct fr_repair_stats *stats;
    struct fr_segment_refs kept;
    struct fr_segment *seg; /* of each segment of the manifest; zeroed: it can't be opened */
    bool *opened, *sound;
    uint32_t count;
};

static void tell(struct repair *r, const char *line)
{
    if (r->report) r->report(r->ctx, line);
}

/* A failure of the moment: what can't be read now is not lost. */
static bool is_no_damage(frai_status status)
{
    return status == FRAI_ERR_MEMORY || status == FRAI_ERR_IO;
}

/* Opens a segment; without its deletes, if those are what is damaged. */
static frai_status open_one(struct repair *r, uint32_t i, const struct fr_segment_ref *ref,
                            frai_error *err)
{
    struct fr_segment_ref without = *ref;
    frai_error error = {0};
    frai_status status = fr_snapshot_open_segment(r->dir, ref, r->mem, &r->seg[i], &error);
    r->opened[i] = status == FRAI_OK;
    if (r->opened[i]) {
        status = fr_verify_segment(&r->seg[i], &error);
        r->sound[i] = status == FRAI_OK;
    }
    if (is_no_damage(status)) {
        *err = error;
        return status;
    }
    if (!r->sound[i]) tell(r, error.message);
    if (r->opened[i] || !ref->deletes) return FRAI_OK;
    without.deletes = 0;
    status = fr_snapshot_open_segment(r->dir, &without, r->mem, &r->seg[i], &error);
    r->opened[i] = status == FRAI_OK;
    if (is_no_damage(status)) {
        *err = error;
        return status;
    }
    if (r->opened[i]) tell(r, "documents that were deleted from this segment come back");
    return FRAI_OK;
}

/* Has a later segment a newer document of this id? Only a lost list of deletes lets that be. */
static frai_status comes_again(const struct repair *r, uint32_t segment, frai_slice id, bool *again,
                               frai_error *err)
{
    uint32_t doc;
    *again = false;
    for (uint32_t i = segment + 1; i < r->count && !*again; i++) {
        if (!r->opened[i]) continue;
        frai_status status = fr_document_find(&r->seg[i], id.ptr, id.len, &doc, err);
        if (is_no_damage(status)) return status;
        *again = status == FRAI_OK;
    }
    return FRAI_OK;
}

/* What a damaged segment still has. */
struct salvage {
    struct repair *repair;
    uint32_t segment;
};

static frai_status save(void *ctx, frai_status read, const struct stored *document, frai_error *err)
{
    const struct salvage *s = ctx;
    struct repair *r = s->repair;
    bool again;
    if (is_no_damage(read)) return read;
    if (read != FRAI_OK || fr_record_bytes(&document->source.record) == 0) {
        r->stats->lost++;
        return FRAI_OK;
    }
    FR_TRY(comes_again(r, s->segment, document->id, &again, err));
    if (again) return FRAI_OK;
    r->stats->documents++;
    return fr_writer_add_source(r->writer, document->id, (frai_slice){"", 0},
                                &document->source.record, err);
}

/* A document lives if it can't be read which do. */
static frai_status salvage(struct repair *r, uint32_t i, frai_error *err)
{
    const struct fr_segment *seg = &r->seg[i];
    bool told = fr_live_check(seg, NULL) == FRAI_OK;
    return walk_documents(seg, !told, save, &(struct salvage){r, i}, err);
}

static frai_status repair_all(struct repair *r, const struct fr_manifest *m, frai_error *err)
{
    char line[128];
    for (uint32_t i = 0; i < r->count; i++) {
        const struct fr_segment_ref *ref = fr_manifest_segment(m, i);
        FR_TRY(open_one(r, i, ref, err));
        if (r->sound[i]) fr_vec_append(&r->kept, ref, 1);
        r->stats->segments_kept += r->sound[i];
        r->stats->segments_damaged += !r->sound[i];
        if (r->opened[i]) continue;
        r->stats->segments_lost++;
        snprintf(line, sizeof line, "segment %" PRIu64 " can't be opened: what it had is lost",
                 ref->number);
        tell(r, line);
    }
    if (r->kept.buf.failed) return fr_fail_memory(err, "repairing");
    if (r->stats->segments_damaged == 0) return FRAI_OK;
    FR_TRY(fr_writer_keep_only(r->writer, &r->kept, err));
    for (uint32_t i = 0; i < r->count; i++)
        if (r->opened[i] && !r->sound[i]) FR_TRY(salvage(r, i, err));
    return fr_writer_added_again(r->writer, err);
}

frai_status fr_repair(struct fr_writer *b, void (*report)(void *ctx, const char *line), void *ctx,
                      struct fr_repair_stats *stats, frai_error *err)
{
    const struct fr_manifest *m = fr_writer_manifest(b);
    struct fr_manifest was = *m; /* its segments are copied: the writer's change */
    struct repair r = {.writer = b, .report = report, .ctx = ctx, .stats = stats};
    r.mem = m->segments.buf.mem;
    r.dir = fr_writer_directory(b);
    r.count = fr_manifest_segment_count(m);
    *stats = (struct fr_repair_stats){0};
    fr_buf_init(&r.kept.buf, r.mem);
    fr_buf_init(&was.segments.buf, r.mem);
    fr_vec_append(&was.segments, fr_vec_data(&m->segments), r.count);
    size_t flags = r.count + 1ull;
    r.seg = fr_new(r.mem, flags * sizeof *r.seg);
    r.opened = fr_new(r.mem, flags * sizeof *r.opened);
    r.sound = fr_new(r.mem, flags * sizeof *r.sound);
    frai_status status = r.seg && r.opened && r.sound && !was.segments.buf.failed
                             ? repair_all(&r, &was, err)
                             : fr_fail_memory(err, "repairing");
    for (uint32_t i = 0; i < r.count && r.opened; i++)
        if (r.opened[i]) fr_segment_close(&r.seg[i]);
    fr_free(r.mem, r.seg, flags * sizeof *r.seg);
    fr_free(r.mem, r.opened, flags * sizeof *r.opened);
    fr_free(r.mem, r.sound, flags * sizeof *r.sound);
    fr_buf_deinit(&r.kept.buf);
    fr_buf_deinit(&was.segments.buf);
    return status;
}
