/* The merge reads a snapshot of its own, so that it needs no lock against the writer. While it
 * runs, commits may delete documents of the segments that it merges: before the result is adopted,
 * their deletes are compared with those of the snapshot, and what is new is deleted in the result.
 */
#include "writer/background_merge.h"

#include <errno.h>
#include <pthread.h>

#include "index/snapshot.h"
#include "index/sweep.h"
#include "segment/deletes.h"
#include "writer/copy_segments.h"
#include "writer/delete_set.h"
#include "writer/doc_map.h"
#include "writer/merge_policy.h"

struct fr_background_merge {
    struct fr_segment_builder_options options;
    struct fr_settings settings;
    struct fr_snapshot from; /* the commit that it merges segments of */
    uint32_t begin, end;     /* these */
    struct fr_built_segment made;
    frai_status status;
    frai_error error;
    bool has_thread;
    int ended; /* atomic */
    pthread_t thread;
};

static frai_status merge(struct fr_background_merge *g, frai_error *err)
{
    struct fr_segment_builder *a;
    FR_TRY(fr_segment_builder_create(&g->options, &a, err));
    frai_status status =
        fr_segment_builder_copy_segments(a, g->from.segments + g->begin, g->end - g->begin, err);
    if (status == FRAI_OK)
        status = fr_segment_builder_finish(a, (frai_slice){NULL, 0}, NULL, 0, &g->made, err);
    fr_segment_builder_destroy(a);
    return status;
}

static void *run(void *arg)
{
    struct fr_background_merge *g = arg;
    g->status = merge(g, &g->error);
    __atomic_store_n(&g->ended, 1, __ATOMIC_RELEASE);
    return NULL;
}

/* Which segments are to be merged; none: *begin = *end. */
static frai_status choose(struct fr_background_merge *g, bool all, frai_error *err)
{
    uint32_t count = g->from.segment_count;
    g->begin = g->end = 0;
    if (all) {
        bool one = count == 1 && g->from.segments[0].deletes.docs == 0;
        g->end = one ? 0 : count;
        return FRAI_OK;
    }
    size_t bytes = (count + 1ull) * sizeof(struct fr_merge_candidate);
    struct fr_merge_candidate *candidates = fr_new(g->options.mem, bytes);
    if (!candidates) return fr_fail_memory(err, "merging");
    for (uint32_t i = 0; i < count; i++) {
        const struct fr_segment *seg = &g->from.segments[i];
        candidates[i] = (struct fr_merge_candidate){seg->stats.live_docs, seg->deletes.docs};
    }
    uint32_t most = fr_segment_docs_most(g->options.memory_bytes);
    if (!fr_merge_policy_choose(candidates, count, most, &g->begin, &g->end)) g->begin = g->end = 0;
    fr_free(g->options.mem, candidates, bytes);
    return FRAI_OK;
}

/* Can it run in a thread with so much memory? Then the merge is given just that. */
static bool fits_background(struct fr_background_merge *g, uint64_t bytes)
{
    uint64_t docs = 0;
    for (uint32_t i = g->begin; i < g->end; i++) docs += g->from.segments[i].stats.live_docs;
    if (bytes == 0 || docs > fr_segment_docs_most(bytes)) return false;
    g->options.memory_bytes = bytes;
    g->options.threads = 1;
    return true;
}

frai_status fr_background_merge_start(const struct fr_segment_builder_options *o, bool all,
                                      uint64_t background_bytes, struct fr_background_merge **out,
                                      frai_error *err)
{
    struct fr_background_merge *g = fr_new(o->mem, sizeof *g);
    *out = NULL;
    if (!g) return fr_fail_memory(err, "merging");
    g->options = *o;
    g->settings = *o->settings;
    g->options.settings = &g->settings;
    g->options.dir = g->from.dir;
    frai_status status = fr_snapshot_open(&g->from, o->dir, o->mem, err);
    if (status != FRAI_OK) {
        fr_free(o->mem, g, sizeof *g);
        return status;
    }
    status = choose(g, all, err);
    if (status != FRAI_OK || g->begin == g->end) {
        fr_background_merge_destroy(g);
        return status;
    }
    g->has_thread =
        fits_background(g, background_bytes) && pthread_create(&g->thread, NULL, run, g) == 0;
    if (!g->has_thread) run(g);
    *out = g;
    return FRAI_OK;
}

uint64_t fr_background_merge_number(const struct fr_background_merge *g)
{
    return g ? g->options.number : FR_NO_SEGMENT;
}

bool fr_background_merge_has_ended(struct fr_background_merge *g)
{
    return __atomic_load_n(&g->ended, __ATOMIC_ACQUIRE);
}

frai_status fr_background_merge_wait(struct fr_background_merge *g, frai_error *err)
{
    if (g->has_thread) pthread_join(g->thread, NULL);
    g->has_thread = false;
    if (g->status != FRAI_OK && err) *err = g->error;
    return g->status;
}

void fr_background_merge_destroy(struct fr_background_merge *g)
{
    if (!g) return;
    fr_background_merge_wait(g, NULL);
    fr_snapshot_close(&g->from);
    fr_free(g->options.mem, g, sizeof *g);
}

/* ---- adopting ---- */

/* The manifest's segment with this number; NULL if there is none. */
static struct fr_segment_ref *ref_of(struct fr_manifest *m, uint64_t number)
{
    for (uint32_t i = 0; i < fr_manifest_segment_count(m); i++) {
        struct fr_segment_ref *ref = fr_manifest_segment(m, i);
        if (ref->number == number) return ref;
    }
    return NULL;
}

/* Deletes in the merged segment what was deleted from segment i of the snapshot since that was
 * opened: all of its documents, if the manifest doesn't name it any more. */
static frai_status delete_since(struct fr_background_merge *g, uint32_t i, struct fr_manifest *m,
                                uint32_t first, struct fr_delete_set *deletes, frai_error *err)
{
    const struct fr_segment *seg = &g->from.segments[i];
    const struct fr_segment_ref *was = fr_manifest_segment(&g->from.manifest, i);
    const struct fr_segment_ref *is = ref_of(m, was->number);
    struct fr_segment now = {0};
    struct fr_doc_map source;
    if (is && is->deletes == was->deletes) return FRAI_OK;
    if (!deletes->open)
        FR_TRY(fr_delete_set_open(deletes, g->from.dir, &g->made.ref, g->options.settings,
                                  g->options.mem, err));
    frai_status status = fr_doc_map_init(&source, seg, first, g->options.mem, err);
    if (status == FRAI_OK && is)
        status = fr_snapshot_open_segment(g->from.dir, is, g->options.mem, &now, err);
    bool opened = status == FRAI_OK && is;
    for (uint32_t doc = 0; status == FRAI_OK && doc < seg->stats.docs; doc++)
        if (fr_doc_map_has(&source, doc) && (!is || fr_deletes_has(&now, doc)))
            fr_delete_set_add(deletes, fr_doc_map_number(&source, doc));
    fr_doc_map_deinit(&source);
    if (opened) fr_segment_close(&now);
    return status;
}

/* The merged segment's deletes; *gone: nothing of it is left. */
static frai_status delete_lost(struct fr_background_merge *g, struct fr_manifest *m, bool *gone,
                               frai_error *err)
{
    struct fr_delete_set deletes = {.open = false};
    frai_status status = FRAI_OK;
    uint32_t first = 0;
    for (uint32_t i = g->begin; status == FRAI_OK && i < g->end; i++) {
        const struct fr_segment *seg = &g->from.segments[i];
        status = delete_since(g, i, m, first, &deletes, err);
        first += seg->stats.live_docs - seg->deletes.docs;
    }
    if (status == FRAI_OK)
        status =
            fr_delete_set_write(&deletes, g->from.dir, m->generation + 1, &g->made.ref, gone, err);
    fr_delete_set_close(&deletes);
    return status;
}

/* The merged segment takes the place of the first that it was made of, unless nothing of it is
 * left. */
static void replace(struct fr_background_merge *g, struct fr_manifest *m, bool gone)
{
    uint32_t kept = 0, count = fr_manifest_segment_count(m);
    for (uint32_t i = 0; i < count; i++) {
        struct fr_segment_ref ref = *fr_manifest_segment(m, i);
        bool merged = false;
        for (uint32_t k = g->begin; k < g->end && !merged; k++)
            merged = fr_manifest_segment(&g->from.manifest, k)->number == ref.number;
        if (merged && gone) continue;
        if (merged) ref = g->made.ref;
        gone |= merged;
        *fr_manifest_segment(m, kept++) = ref;
    }
    fr_vec_set_count(&m->segments, kept);
}

frai_status fr_background_merge_adopt(struct fr_background_merge *g, struct fr_manifest *m,
                                      bool *adopted, frai_error *err)
{
    bool gone = false;
    *adopted = false;
    frai_status status = fr_background_merge_wait(g, err);
    if (status != FRAI_OK) {
        /* What was committed is safe: where there is no room now, another commit merges. */
        int os_errno = g->error.os_errno;
        bool no_room = status == FRAI_ERR_MEMORY || os_errno == ENOSPC || os_errno == EDQUOT;
        return no_room ? FRAI_OK : status;
    }
    for (uint32_t i = g->begin; i < g->end && !*adopted; i++)
        *adopted = ref_of(m, fr_manifest_segment(&g->from.manifest, i)->number) != NULL;
    if (!*adopted) return FRAI_OK;
    FR_TRY(delete_lost(g, m, &gone, err));
    replace(g, m, gone);
    return FRAI_OK;
}
