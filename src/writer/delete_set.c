/* A bitmap in memory, which begins as that of the segment's file of deletes; if it changed, the
 * file is written anew for the generation to come. */
#include "writer/delete_set.h"

#include "base/bytes.h"
#include "index/snapshot.h"
#include "segment/deletes.h"
#include "segment/documents.h"
#include "writer/lost_strings.h"

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
    if (set->seg.deletes.dead) memcpy(dead, set->seg.deletes.dead, words * sizeof *dead);
    set->docs = set->seg.deletes.docs;
    set->holes = ref->deletes == 0 && set->seg.stats.live_docs < set->seg.stats.docs &&
                 fr_lost_strings_are_known(&set->seg, settings);
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

/* What the lexicon loses by all documents that are gone and that it still counts. */
static frai_status lose_strings(const struct fr_delete_set *set, struct fr_buf *strings,
                                frai_error *err)
{
    const struct fr_segment *seg = &set->seg;
    size_t words = (seg->stats.docs + 63ull) / 64;
    FR_VECTOR(uint64_t) gone;
    if (!fr_lost_strings_are_known(seg, set->settings)) return FRAI_OK;
    FR_TRY(fr_live_check(seg, err));
    fr_buf_init(&gone.buf, set->dead.buf.mem);
    frai_status status = fr_vec_reserve(&gone, words) ? FRAI_OK : fr_fail_memory(err, "deleting");
    for (size_t w = 0; status == FRAI_OK && w < words; w++) {
        const uint8_t *counted = seg->deletes.dead;
        uint64_t bits = fr_vec_at(&set->dead, w) & (counted ? ~fr_load64(counted + 8 * w) : ~0ull);
        for (uint32_t i = 0; set->holes && i < 64 && 64 * w + i < seg->stats.docs; i++)
            if (!fr_document_is_live(seg, (uint32_t)(64 * w + i))) bits |= 1ull << i;
        fr_vec_push(&gone, bits);
    }
    if (status == FRAI_OK)
        status = fr_lost_strings(seg, set->settings, fr_vec_data(&gone), strings, err);
    fr_buf_deinit(&gone.buf);
    return status;
}

frai_status fr_delete_set_write(const struct fr_delete_set *set, const char *dir,
                                uint64_t generation, struct fr_segment_ref *ref, bool *gone,
                                frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    struct fr_buf bytes, strings;
    *gone = set->changed && set->docs == set->seg.stats.live_docs;
    if ((!set->changed && !set->holes) || *gone) return FRAI_OK;
    fr_deletes_file_name(ref->number, generation, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    fr_buf_init(&bytes, set->dead.buf.mem);
    fr_buf_init(&strings, set->dead.buf.mem);
    frai_status status = lose_strings(set, &strings, err);
    if (status == FRAI_OK)
        status =
            fr_deletes_make(&set->seg, fr_vec_data(&set->dead),
                            (frai_slice){(const char *)strings.data, strings.len}, &bytes, err);
    fr_buf_deinit(&strings);
    if (status == FRAI_OK) status = fr_io_write_file(path, &bytes, err);
    if (status == FRAI_OK) {
        ref->deletes = generation;
        ref->deletes_bytes = bytes.len;
        ref->deletes_hash = fr_hash128(bytes.data, bytes.len);
    }
    fr_buf_deinit(&bytes);
    return status;
}
