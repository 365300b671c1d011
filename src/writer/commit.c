/* A commit: documents become segments, deletes are written, and the manifest that names both is
 * published. Then merges: begun after a commit, and published by a later one, or when it is waited
 * for. */
#include "writer/commit.h"

#include "index/sweep.h"

frai_status fr_writer_remember_commit(struct fr_writer *w, frai_error *err)
{
    fr_vec_copy(&w->committed, &w->manifest.segments);
    w->replaced = w->replaces;
    w->note.len = 0;
    w->keeps_note = false;
    w->pipeline.made = (struct fr_pipeline_stats){0};
    w->kept = w->stats.documents;
    fr_pending_deletes_clear(&w->deletes, &w->manifest);
    return w->committed.buf.failed ? fr_fail_memory(err, "building") : FRAI_OK;
}

/* Publishes the manifest. Twice, if space is given back, so that both generations that are kept
 * name the new files, and the old ones can go; or if names were stepped over, so that both stand
 * side by side. */
static frai_status publish_manifest(struct fr_writer *w, bool twice, frai_error *err)
{
    for (int times = twice ? 2 : 1; times > 0; times--) {
        w->manifest.generation++;
        FR_TRY(fr_manifest_publish(w->dir, &w->manifest, err));
    }
    FR_TRY(fr_writer_remember_commit(w, err));
    fr_writer_sweep(w);
    return FRAI_OK;
}

/* ---- merging ---- */

frai_status fr_writer_start_merge(struct fr_writer *w, bool all, frai_error *err)
{
    struct fr_segment_builder_options o = fr_pipeline_options(&w->pipeline);
    frai_error error = {0};
    frai_status status =
        fr_background_merge_start(&o, all, all ? 0 : w->merge_bytes, &w->merging, &error);
    w->manifest.next_segment += w->merging != NULL;
    /* As in fr_background_merge_adopt: another commit may find room. */
    if (status == FRAI_ERR_MEMORY && !all) return FRAI_OK;
    if (status != FRAI_OK && err) *err = error;
    return status;
}

void fr_writer_drop_merge(struct fr_writer *w)
{
    fr_background_merge_destroy(w->merging);
    w->merging = NULL;
}

/* Takes the merged segment into the manifest. */
static frai_status adopt_merge(struct fr_writer *w, bool *adopted, frai_error *err)
{
    frai_status status = fr_manifest_step_over(w->dir, &w->manifest, false, err);
    if (status == FRAI_OK)
        status = fr_background_merge_adopt(w->merging, &w->manifest, adopted, err);
    fr_writer_drop_merge(w);
    return status;
}

frai_status fr_writer_publish_merge(struct fr_writer *w, bool *adopted, frai_error *err)
{
    FR_TRY(adopt_merge(w, adopted, err));
    return *adopted ? publish_manifest(w, true, err) : FRAI_OK;
}

/* Waits for the merge, if there is one, and publishes what it made, until there is nothing more to
 * merge. What is not committed keeps it from being published. */
static frai_status end_merges(struct fr_writer *w, frai_error *err)
{
    bool adopted = true;
    if (w->merging) fr_background_merge_wait(w->merging, NULL);
    while (w->merging && adopted && fr_writer_is_clean(w)) {
        FR_TRY(fr_writer_publish_merge(w, &adopted, err));
        if (adopted) FR_TRY(fr_writer_start_merge(w, false, err));
    }
    return FRAI_OK;
}

/* ---- committing ---- */

static void count_commit(struct fr_writer *w, uint64_t deleted, uint64_t replaced)
{
    w->stats.documents = w->kept + w->pipeline.made.documents - deleted - replaced;
    w->stats.replaced += w->pipeline.made.replaced + replaced;
    w->stats.deleted += deleted;
    w->stats.text_bytes += w->pipeline.made.text_bytes;
    w->stats.index_bytes += w->pipeline.made.index_bytes;
}

frai_status fr_writer_commit_changes(struct fr_writer *w, frai_error *err)
{
    uint64_t deleted, replaced;
    bool adopted = false;
    uint64_t generation = w->manifest.generation;
    FR_TRY(fr_pipeline_finish(&w->pipeline, err));
    FR_TRY(fr_manifest_step_over(w->dir, &w->manifest, false, err));
    FR_TRY(fr_pending_deletes_write(&w->deletes, &w->manifest, &deleted, &replaced, err));
    if (w->merging && fr_background_merge_has_ended(w->merging))
        FR_TRY(adopt_merge(w, &adopted, err));
    if (!w->keeps_note) FR_TRY(fr_manifest_write_note(w->dir, &w->manifest, &w->note, err));
    bool stepped = w->manifest.generation != generation;
    bool twice = adopted || stepped || (w->replaces && w->reopened);
    w->replaces = w->begins = false;
    w->reopened = true;
    struct fr_writer_stats before = w->stats;
    count_commit(w, deleted, replaced);
    frai_status status = publish_manifest(w, twice, err);
    if (status != FRAI_OK) w->stats = before;
    return status;
}

frai_status fr_writer_commit(struct fr_writer *w, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(fr_writer_check_usable(w, err));
    frai_status status = fr_writer_commit_changes(w, &error);
    if (status == FRAI_OK && !w->merging) status = fr_writer_start_merge(w, false, &error);
    if (status == FRAI_OK && !w->merge_bytes) status = end_merges(w, &error);
    return fr_writer_sticky(w, status, &error, err);
}

frai_status fr_writer_wait(struct fr_writer *w, frai_error *err)
{
    frai_error error = {0};
    FR_TRY(fr_writer_check_usable(w, err));
    return fr_writer_sticky(w, end_merges(w, &error), &error, err);
}
