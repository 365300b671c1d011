/* Opens the newest manifest that is whole with its segments, and begins again where a file was
 * swept meanwhile. */
#include "index/snapshot.h"

#include "base/lower_bound.h"
#include "segment/deletes.h"

/* A writer may remove a segment between our reading of its manifest and our opening of it; then
 * there is a newer manifest. */
#define OPEN_ATTEMPTS 20

static frai_status open_deletes(const char *dir, const struct fr_segment_ref *ref,
                                struct fr_segment *seg, frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    fr_deletes_file_name(ref->number, ref->deletes, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    FR_TRY(fr_deletes_read(seg, path, err));
    const struct fr_deletes *d = &seg->deletes;
    if (d->map.len != ref->deletes_bytes || d->hash.low != ref->deletes_hash.low ||
        d->hash.high != ref->deletes_hash.high)
        return fr_fail(err, FRAI_ERR_CORRUPT, "%s: not the file that the manifest names", path);
    return FRAI_OK;
}

frai_status fr_snapshot_open_segment(const char *dir, const struct fr_segment_ref *ref,
                                     const frai_allocator *mem, struct fr_segment *seg,
                                     frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    fr_segment_file_name(ref->number, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    FR_TRY(fr_segment_open(seg, path, name, mem, err));
    frai_status status = FRAI_OK;
    if (seg->map.len != ref->bytes || seg->hash.low != ref->hash.low ||
        seg->hash.high != ref->hash.high)
        status = fr_segment_damaged(seg, "not the file that the manifest names", err);
    if (status == FRAI_OK && ref->deletes) status = open_deletes(dir, ref, seg, err);
    if (status != FRAI_OK) fr_segment_close(seg);
    return status;
}

static frai_status open_segments(struct fr_snapshot *s, frai_error *err)
{
    uint32_t count = fr_manifest_segment_count(&s->manifest);
    s->segments = fr_new(s->mem, (count + 1) * sizeof *s->segments);
    s->bases = fr_new(s->mem, (count + 1) * sizeof *s->bases);
    s->columns = fr_new(s->mem, (count + 1) * sizeof *s->columns);
    s->segment_count = 0;
    s->docs = s->live_docs = s->texts = s->tokens = s->postings = 0;
    if (!s->segments || !s->bases || !s->columns) return fr_fail_memory(err, "reading the index");
    for (uint32_t i = 0; i < count; i++) {
        const struct fr_segment_ref *ref = fr_manifest_segment(&s->manifest, i);
        struct fr_segment *seg = &s->segments[i];
        FR_TRY(fr_snapshot_open_segment(s->dir, ref, s->mem, seg, err));
        s->segment_count++;
        if (seg->stats.analyzer != s->manifest.settings.analyzer)
            return fr_segment_damaged(seg, "another analyzer", err);
        s->bases[i] = s->docs;
        s->docs += seg->stats.docs;
        s->live_docs += seg->stats.live_docs - seg->deletes.docs;
        s->texts += seg->stats.texts - seg->deletes.texts;
        s->tokens += seg->stats.tokens - seg->deletes.tokens;
        s->postings += seg->stats.postings - seg->deletes.postings;
    }
    s->average_length = s->texts ? (float)((double)s->tokens / (double)s->texts) : 0;
    return FRAI_OK;
}

static void drop_columns(const struct fr_snapshot *s, struct fr_columns *columns)
{
    if (!columns) return;
    fr_columns_close(columns);
    fr_free(s->mem, columns, sizeof *columns);
}

static void close_segments(struct fr_snapshot *s)
{
    uint32_t count = fr_manifest_segment_count(&s->manifest);
    for (uint32_t i = 0; i < s->segment_count; i++) {
        drop_columns(s, s->columns[i]);
        fr_segment_close(&s->segments[i]);
    }
    fr_free(s->mem, s->segments, (count + 1) * sizeof *s->segments);
    fr_free(s->mem, s->bases, (count + 1) * sizeof *s->bases);
    fr_free(s->mem, s->columns, (count + 1) * sizeof *s->columns);
    s->segments = NULL;
    s->bases = NULL;
    s->columns = NULL;
    s->segment_count = 0;
}

frai_status fr_snapshot_open(struct fr_snapshot *s, const char *dir, const frai_allocator *mem,
                             frai_error *err)
{
    *s = (struct fr_snapshot){.mem = mem};
    fr_manifest_init(&s->manifest, mem);
    size_t n = strlen(dir);
    if (n >= sizeof s->dir) return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    memcpy(s->dir, dir, n + 1);
    frai_status status = FRAI_OK;
    for (int attempt = 0; attempt < OPEN_ATTEMPTS; attempt++) {
        status = fr_manifest_newest(dir, &s->manifest, &s->fell_back, err);
        if (status != FRAI_OK) break;
        status = open_segments(s, err);
        if (status == FRAI_OK) return FRAI_OK;
        close_segments(s);
        if (status != FRAI_ERR_NOT_FOUND) break;
        status =
            fr_fail(err, FRAI_ERR_CORRUPT, "%s: a segment that the manifest names is missing", dir);
    }
    fr_manifest_deinit(&s->manifest);
    return status;
}

void fr_snapshot_close(struct fr_snapshot *s)
{
    close_segments(s);
    fr_manifest_deinit(&s->manifest);
}

frai_status fr_snapshot_columns(const struct fr_snapshot *s, uint32_t segment,
                                const struct fr_columns **out, frai_error *err)
{
    struct fr_columns *there = __atomic_load_n(&s->columns[segment], __ATOMIC_ACQUIRE);
    if (!there) {
        struct fr_columns *made = fr_new(s->mem, sizeof *made);
        if (!made) return fr_fail_memory(err, "reading the index");
        frai_status status = fr_columns_open(made, &s->segments[segment], err);
        /* Of threads that come at once the first one's are kept. */
        if (status == FRAI_OK &&
            __atomic_compare_exchange_n(&s->columns[segment], &there, made, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE))
            there = made;
        else
            drop_columns(s, made);
        if (status != FRAI_OK) return status;
    }
    *out = there;
    return FRAI_OK;
}

uint32_t fr_snapshot_segment_of(const struct fr_snapshot *s, uint64_t doc, uint32_t *local)
{
    uint32_t next = 1;
    FR_LOWER_BOUND(uint32_t, next, s->segment_count, i, s->bases[i] <= doc);
    *local = (uint32_t)(doc - s->bases[next - 1]);
    return next - 1;
}
