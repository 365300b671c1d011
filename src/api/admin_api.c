/* The public functions of admin.h but frai_index_dump: statistics, verification, repair, copies. */
#include <stdio.h>

#include "api/handles.h"
#include "api/structs.h"
#include "frai/admin.h"
#include "index/snapshot.h"
#include "index/sweep.h"
#include "index/verify.h"
#include "segment/deletes.h"
#include "writer/repair.h"

static void read_stats(const struct fr_snapshot *s, frai_index_stats *stats)
{
    for (uint32_t g = 0; g < s->segment_count; g++) {
        const struct fr_segment *seg = &s->segments[g];
        stats->pairs += seg->stats.pair_terms;
        stats->words += seg->stats.word_terms;
        stats->lexicon_words += seg->stats.lexicon_words;
        stats->postings += seg->stats.postings;
        stats->positions += seg->stats.positions;
        stats->source_bytes += seg->stats.source_bytes;
        stats->bytes += seg->map.len;
    }
    stats->terms = stats->pairs + stats->words;
    stats->documents = s->live_docs;
    stats->tokens = s->tokens;
    stats->segments = s->segment_count;
    stats->generation = s->manifest.generation;
    stats->k1 = s->manifest.settings.k1;
    stats->b = s->manifest.settings.b;
    stats->average_length = s->average_length;
}

frai_status frai_index_read_stats(const frai_index *index, frai_index_stats *stats, frai_error *err)
{
    if (!index || !stats)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "index and stats must not be NULL");
    frai_index_stats read = FRAI_INDEX_STATS_INIT;
    read_stats(&index->snapshot, &read);
    fr_give_struct(stats, &read, sizeof read);
    return FRAI_OK;
}

int frai_index_read_section(const frai_index *index, uint32_t i, frai_section_stats *section)
{
    if (!index || !section || i >= FR_SECTION_LIMIT) return 0;
    const struct fr_snapshot *s = &index->snapshot;
    bool rest = i == FR_SECTION_LIMIT - 1;
    frai_section_stats read = FRAI_SECTION_STATS_INIT;
    read.name = rest ? "checksums_and_padding" : fr_section_name(i + 1);
    for (uint32_t g = 0; g < s->segment_count; g++) {
        const struct fr_segment *seg = &s->segments[g];
        read.bytes += rest ? seg->map.len : seg->sections[i + 1].len;
        for (unsigned id = 1; rest && id < FR_SECTION_LIMIT; id++)
            read.bytes -= seg->sections[id].len;
    }
    fr_give_struct(section, &read, sizeof read);
    return 1;
}

/* ---- check ---- */

struct check {
    void (*report)(void *ctx, const frai_error *finding);
    void *ctx;
    frai_status status;
    frai_error *err;
};

/* Notes a failure; the first is the one returned, but that of the disk or the memory only where
 * nothing is damaged. */
static void note(struct check *c, frai_status status, const frai_error *error)
{
    if (status == FRAI_OK) return;
    if (c->report) c->report(c->ctx, error);
    bool outside = c->status == FRAI_ERR_IO || c->status == FRAI_ERR_MEMORY;
    if (c->status != FRAI_OK && (!outside || status == FRAI_ERR_IO || status == FRAI_ERR_MEMORY))
        return;
    c->status = status;
    if (c->err) *c->err = *error;
}

static frai_status check_note(const char *dir, const struct fr_manifest *m,
                              const frai_allocator *mem, frai_error *err)
{
    struct fr_buf bytes;
    fr_buf_init(&bytes, mem);
    frai_status status = fr_manifest_read_note(dir, m, &bytes, NULL, err);
    fr_buf_deinit(&bytes);
    return status;
}

static bool has_ref(const struct fr_manifest *m, const struct fr_segment_ref *ref)
{
    for (size_t i = 0; i < fr_manifest_segment_count(m); i++)
        if (memcmp(fr_manifest_segment(m, i), ref, sizeof *ref) == 0) return true;
    return false;
}

/* What the one before it, in `newer`, has too is not read again. *newer is then this one. */
static void check_generation(struct check *c, const char *dir, uint64_t generation,
                             struct fr_manifest *newer, const frai_allocator *mem)
{
    struct fr_manifest m;
    frai_error error = {0};
    bool foreign;
    fr_manifest_init(&m, mem);
    frai_status status = fr_manifest_read(dir, generation, &m, &foreign, &error);
    if (status != FRAI_OK) {
        note(c, status, &error);
        fr_manifest_deinit(&m);
        return;
    }
    bool noted = m.note == newer->note && m.note_bytes == newer->note_bytes &&
                 memcmp(&m.note_hash, &newer->note_hash, sizeof m.note_hash) == 0;
    if (!noted) note(c, check_note(dir, &m, mem, &error), &error);
    uint32_t count = fr_manifest_segment_count(&m);
    for (uint32_t i = 0; i < count; i++) {
        const struct fr_segment_ref *ref = fr_manifest_segment(&m, i);
        struct fr_segment seg;
        if (has_ref(newer, ref)) continue;
        status = fr_snapshot_open_segment(dir, ref, mem, &seg, &error);
        if (status == FRAI_ERR_NOT_FOUND) status = error.code = FRAI_ERR_CORRUPT;
        note(c, status, &error);
        if (status != FRAI_OK) continue;
        status = fr_verify_segment(&seg, &error);
        note(c, status, &error);
        fr_segment_close(&seg);
    }
    fr_manifest_deinit(newer);
    *newer = m;
}

static void tell_stranger(void *ctx, const char *name)
{
    const struct check *c = ctx;
    frai_error finding = {.code = FRAI_OK};
    snprintf(finding.message, sizeof finding.message,
             "%.180s: not a file of the index; it is not read", name);
    if (c->report) c->report(c->ctx, &finding);
}

frai_status frai_index_check(const char *dir, void (*report)(void *ctx, const frai_error *finding),
                             void *ctx, frai_error *err)
{
    if (!dir) return fr_fail(err, FRAI_ERR_ARGUMENT, "dir must not be NULL");
    const frai_allocator *mem = fr_allocator_or_libc(NULL);
    struct check c = {report, ctx, FRAI_OK, err};
    struct fr_generations generations;
    struct fr_manifest newer;
    fr_buf_init(&generations.buf, mem);
    fr_manifest_init(&newer, mem);
    frai_status status = fr_manifest_list(dir, &generations, err);
    uint64_t most = UINT64_MAX;
    if (status == FRAI_OK) fr_manifest_strangers(dir, mem, tell_stranger, &c, &most);
    /* Of older ones a killed writer may have removed a part. */
    size_t count = status == FRAI_OK ? fr_vec_count(&generations) : 0, checked = 0;
    for (size_t i = 0; i < count && checked < FR_GENERATIONS_KEPT; i++) {
        uint64_t generation = fr_vec_at(&generations, i);
        if (fr_manifest_is_foreign(dir, generation, most, mem)) continue;
        check_generation(&c, dir, generation, &newer, mem);
        checked++;
    }
    fr_manifest_deinit(&newer);
    fr_buf_deinit(&generations.buf);
    return status != FRAI_OK ? status : c.status;
}

/* ---- repair ---- */

struct report {
    void (*report)(void *ctx, const frai_error *finding);
    void *ctx;
};

static void report_line(void *ctx, const char *line)
{
    const struct report *r = ctx;
    frai_error finding = {.code = FRAI_ERR_CORRUPT};
    snprintf(finding.message, sizeof finding.message, "%s", line);
    if (r->report) r->report(r->ctx, &finding);
}

frai_status frai_writer_repair(frai_writer *b, void (*report)(void *ctx, const frai_error *finding),
                               void *ctx, frai_repair_stats *stats, frai_error *err)
{
    if (!b || !stats) return fr_fail(err, FRAI_ERR_ARGUMENT, "writer and stats must not be NULL");
    struct fr_repair_stats r;
    frai_error error = {0};
    FR_TRY(fr_writer_require_settled(b->writer, err));
    struct report to = {report, ctx};
    if (fr_repair(b->writer, report_line, &to, &r, &error) != FRAI_OK)
        return fr_writer_fail(b->writer, &error, err);
    const frai_repair_stats out = {sizeof out,  r.segments_kept, r.segments_damaged,
                                   r.documents, r.lost,          r.segments_lost};
    fr_give_struct(stats, &out, sizeof out);
    return FRAI_OK;
}

/* ---- export ---- */

struct export
{
    int (*file)(void *ctx, const char *name, frai_slice bytes);
    void *ctx;
};

static frai_status export_bytes(const struct export *e, const char *name, const void *bytes,
                                size_t len, frai_error *err)
{
    if (e->file(e->ctx, name, (frai_slice){bytes, len}) == 0) return FRAI_OK;
    return fr_fail(err, FRAI_ERR_CANCELED, "%s: stopped", name);
}

static frai_status export_segments(const struct export *e, const struct fr_snapshot *s,
                                   frai_error *err)
{
    char name[64];
    for (uint32_t i = 0; i < s->segment_count; i++) {
        const struct fr_segment_ref *ref = fr_manifest_segment(&s->manifest, i);
        const struct fr_segment *seg = &s->segments[i];
        FR_TRY(fr_segment_check(seg, err));
        fr_segment_file_name(ref->number, name);
        FR_TRY(export_bytes(e, name, seg->map.data, seg->map.len, err));
        if (!ref->deletes) continue;
        fr_deletes_file_name(ref->number, ref->deletes, name);
        FR_TRY(export_bytes(e, name, seg->deletes.map.data, seg->deletes.map.len, err));
    }
    return FRAI_OK;
}

static frai_status export(const struct export *e, const struct fr_snapshot *s, frai_error *err)
{
    struct fr_manifest m = s->manifest;
    struct fr_buf bytes;
    char name[64];
    FR_TRY(export_segments(e, s, err));
    fr_buf_init(&bytes, s->mem);
    bool gone;
    frai_status status = fr_manifest_read_note(s->dir, &m, &bytes, &gone, err);
    if (gone) { /* later commits have swept it; no search needs it */
        m.note = m.note_bytes = 0;
        m.note_hash = (struct fr_hash128){0, 0};
        status = FRAI_OK;
    }
    fr_note_file_name(m.note, name);
    if (status == FRAI_OK && m.note) status = export_bytes(e, name, bytes.data, bytes.len, err);
    bytes.len = 0;
    fr_manifest_encode(&m, &bytes);
    fr_manifest_file_name(m.generation, name);
    if (status == FRAI_OK && bytes.failed) status = fr_fail_memory(err, "reading the index");
    if (status == FRAI_OK) status = export_bytes(e, name, bytes.data, bytes.len, err);
    fr_buf_deinit(&bytes);
    return status;
}

frai_status frai_index_export(const frai_index *index,
                              int (*file)(void *ctx, const char *name, frai_slice bytes), void *ctx,
                              frai_error *err)
{
    if (!index || !file) return fr_fail(err, FRAI_ERR_ARGUMENT, "index and file must not be NULL");
    const struct export e = {file, ctx};
    frai_error error = {0};
    return fr_tell(err, export(&e, &index->snapshot, &error), &error);
}

frai_status frai_index_user_data(const frai_index *index, char *out, size_t room, size_t *len,
                                 frai_error *err)
{
    if (!index || !len || (!out && room))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "index, out and len must not be NULL");
    const struct fr_snapshot *s = &index->snapshot;
    frai_error error = {0};
    frai_status status = fr_manifest_peek_note(s->dir, &s->manifest, out, room, len, &error);
    if (status != FRAI_ERR_NOT_FOUND) return fr_tell(err, status, &error);
    *len = 0;
    return FRAI_OK;
}
