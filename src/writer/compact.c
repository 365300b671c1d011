/* Compaction: all living documents are added again from their stored text, as the next commit's
 * only ones; without stored text all segments are merged. And what repair needs of it. */
#include "writer/compact.h"

#include "index/snapshot.h"
#include "writer/commit.h"
#include "writer/repair.h"

/* All documents are added again, as the next commit's only ones. */
static frai_status add_all_again(struct fr_writer *w, const struct fr_snapshot *now,
                                 frai_error *err)
{
    fr_vec_set_count(&w->manifest.segments, 0);
    w->kept = 0;
    w->replaces = true;
    w->keeps_note = w->note.len == 0;
    w->manifest.settings.reorder = w->settings.reorder = w->pipeline.reorders;
    fr_pending_deletes_clear(&w->deletes, &w->manifest);
    for (uint32_t g = 0; g < now->segment_count; g++)
        FR_TRY(fr_add_again(w, &now->segments[g], err));
    return fr_writer_added_again(w, err);
}

/* Without stored text segments are merged instead, here and now. */
static frai_status merge_all(struct fr_writer *w, frai_error *err)
{
    bool adopted = false;
    fr_writer_drop_merge(w);
    FR_TRY(fr_writer_start_merge(w, true, err));
    if (w->merging) {
        FR_TRY(
            fr_background_merge_wait(w->merging, err)); /* no room: that is for who asked to know */
        FR_TRY(fr_writer_publish_merge(w, &adopted, err));
    }
    w->keeps_note = true;
    return FRAI_OK;
}

static frai_status compact(struct fr_writer *w, frai_error *err)
{
    struct fr_snapshot now;
    if (!fr_writer_is_clean(w)) FR_TRY(fr_writer_commit_changes(w, err));
    if (!w->reopened) return FRAI_OK;
    if (!w->settings.store_text) return merge_all(w, err);
    FR_TRY(fr_snapshot_open(&now, w->dir, w->mem, err));
    frai_status status = add_all_again(w, &now, err);
    fr_snapshot_close(&now);
    return status;
}

frai_status fr_writer_compact(struct fr_writer *w, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(fr_writer_check_usable(w, err));
    FR_TRY(fr_writer_check_begun(w, err));
    return fr_writer_sticky(w, compact(w, &error), &error, err);
}

frai_status fr_writer_added_again(struct fr_writer *w, frai_error *err)
{
    FR_TRY(fr_pipeline_drain_queue(&w->pipeline,
                                   err)); /* numbers documents: those of later calls come behind */
    w->deletes.again_segment = fr_manifest_segment_count(&w->manifest);
    w->deletes.again_docs = w->pipeline.next_doc;
    return FRAI_OK;
}

frai_status fr_writer_keep_only(struct fr_writer *w, const struct fr_segment_refs *segments,
                                frai_error *err)
{
    fr_vec_copy(&w->manifest.segments, segments);
    w->replaces = true;
    fr_pending_deletes_clear(&w->deletes, &w->manifest);
    if (w->manifest.segments.buf.failed) return fr_fail_memory(err, "building");
    return fr_writer_count_documents(w, &w->kept, err);
}
