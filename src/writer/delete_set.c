/* A bitmap in memory, which begins as that of the segment's file of deletes; if it changed, the
 * file is written anew for the generation to come. */
#include "writer/delete_set.h"

#include "base/bytes.h"
#include "index/snapshot.h"
#include "segment/deletes.h"
#include "segment/documents.h"
#include "writer/lost_text.h"

frai_status fr_delete_set_open(struct fr_delete_set *set, const char *dir,
                               const struct fr_segment_ref *ref, const struct fr_settings *settings,
                               const frai_allocator *mem, frai_error *err)
{
    FR_TRY(fr_snapshot_open_segment(dir, ref, mem, &set->seg, err));
    set->open = true;
    set->settings = settings;
    size_t words = (set->seg.stats.docs + 63ull) / 64;
    fr_buf_init(&set->dead.buf, mem);
    uint64_t *dead = fr_vec_reserve(&set->dead, words);
    if (!dead) return fr_fail_memory(err, "deleting");
    memset(dead, 0, words * sizeof *dead);
    fr_vec_set_count(&set->dead, words);
    if (set->seg.deletes.dead) memcpy(dead, set->seg.deletes.dead, words * sizeof *dead);
    set->docs = set->seg.deletes.docs;
    set->holes = ref->deletes == 0 && set->seg.sections[FR_SECTION_LIVE].len > 0 &&
                 fr_lost_text_is_known(&set->seg, settings);
    return FRAI_OK;
}

void fr_delete_set_close(struct fr_delete_set *set)
{
    if (!set->open) return;
    fr_segment_close(&set->seg);
    fr_buf_deinit(&set->dead.buf);
    set->open = false;
}

bool fr_delete_set_add(struct fr_delete_set *set, uint32_t doc)
{
    uint64_t *word = &fr_vec_at(&set->dead, doc / 64), bit = 1ull << (doc % 64);
    if (*word & bit) return false;
    *word |= bit;
    set->docs++;
    set->changed = true;
    return true;
}

/* Documents that were deleted since the file before was written, a bit each; or those that the
 * segment was written without. */
static frai_status find_gone(const struct fr_delete_set *set, bool holes, struct fr_marks *gone,
                             frai_error *err)
{
    const struct fr_segment *seg = &set->seg;
    const uint8_t *before = seg->deletes.dead, *live = seg->sections[FR_SECTION_LIVE].data;
    FR_TRY(fr_live_check(seg, err));
    fr_vec_set_count(gone, 0);
    for (size_t w = 0; w < fr_vec_count(&set->dead); w++) {
        uint64_t bits = fr_vec_at(&set->dead, w) & (before ? ~fr_load64(before + 8 * w) : ~0ull);
        if (holes) {
            bits = ~fr_load64(live + 8 * w); /* behind the section stand zeros */
            if (64 * w + 64 > seg->stats.docs) bits &= (1ull << seg->stats.docs % 64) - 1;
        }
        fr_vec_push(gone, bits);
    }
    return gone->buf.failed ? fr_fail_memory(err, "deleting") : FRAI_OK;
}

/* What an index of text loses: told by the stored text of the documents, else by the postings of
 * all terms. */
static frai_status lose(const struct fr_delete_set *set, struct fr_lost *lost, frai_error *err)
{
    const struct fr_segment *seg = &set->seg;
    bool known = fr_lost_text_is_known(seg, set->settings);
    struct fr_marks gone;
    frai_status status = FRAI_OK;
    if (set->settings->analyzer != FR_ANALYZER_KOREAN) return FRAI_OK;
    fr_buf_init(&gone.buf, set->dead.buf.mem);
    if (set->changed) status = find_gone(set, false, &gone, err);
    if (status == FRAI_OK && set->changed)
        status = known ? fr_lost_text(seg, set->settings, fr_vec_data(&gone), true, lost, err)
                       : fr_lost_postings(seg, fr_vec_data(&gone), lost, err);
    if (status == FRAI_OK && set->holes) status = find_gone(set, true, &gone, err);
    if (status == FRAI_OK && set->holes)
        status = fr_lost_text(seg, set->settings, fr_vec_data(&gone), false, lost, err);
    fr_buf_deinit(&gone.buf);
    return status;
}

frai_status fr_delete_set_write(const struct fr_delete_set *set, const char *dir,
                                uint64_t generation, struct fr_segment_ref *ref, bool *gone,
                                frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    struct fr_buf bytes;
    struct fr_lost lost;
    *gone = set->changed && set->docs == set->seg.stats.live_docs;
    if ((!set->changed && !set->holes) || *gone) return FRAI_OK;
    fr_deletes_file_name(ref->number, generation, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    fr_buf_init(&bytes, set->dead.buf.mem);
    fr_lost_init(&lost, set->dead.buf.mem);
    frai_status status = lose(set, &lost, err);
    if (status == FRAI_OK)
        status = fr_deletes_make(&set->seg, fr_vec_data(&set->dead), &lost, &bytes, err);
    fr_lost_deinit(&lost);
    if (status == FRAI_OK) status = fr_io_write_file(path, &bytes, err);
    if (status == FRAI_OK) {
        ref->deletes = generation;
        ref->deletes_bytes = bytes.len;
        ref->deletes_hash = fr_hash128(bytes.data, bytes.len);
    }
    fr_buf_deinit(&bytes);
    return status;
}
