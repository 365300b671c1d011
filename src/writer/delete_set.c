/* A bitmap in memory, which begins as that of the segment's file of deletes; if it changed, the
 * file is written anew for the generation to come. */
#include "writer/delete_set.h"

#include "base/bytes.h"
#include "index/snapshot.h"
#include "segment/deletes.h"

frai_status fr_delete_set_open(struct fr_delete_set *set, const char *dir,
                               const struct fr_segment_ref *ref, const frai_allocator *mem,
                               frai_error *err)
{
    FR_TRY(fr_snapshot_open_segment(dir, ref, mem, &set->seg, err));
    set->open = true;
    size_t words = (set->seg.stats.docs + 63ull) / 64;
    fr_buf_init(&set->dead.buf, mem);
    uint64_t *dead = fr_vec_reserve(&set->dead, words);
    if (!dead) return fr_fail_memory(err, "deleting");
    memset(dead, 0, words * sizeof *dead);
    if (set->seg.deletes.dead) memcpy(dead, set->seg.deletes.dead, words * sizeof *dead);
    set->docs = set->seg.deletes.docs;
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

frai_status fr_delete_set_write(const struct fr_delete_set *set, const char *dir,
                                uint64_t generation, struct fr_segment_ref *ref, bool *gone,
                                frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    struct fr_buf bytes;
    *gone = set->changed && set->docs == set->seg.stats.live_docs;
    if (!set->changed || *gone) return FRAI_OK;
    fr_deletes_file_name(ref->number, generation, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    fr_buf_init(&bytes, set->dead.buf.mem);
    frai_status status = fr_deletes_make(&set->seg, fr_vec_data(&set->dead), &bytes, err);
    if (status == FRAI_OK) status = fr_io_write_file(path, &bytes, err);
    if (status == FRAI_OK) {
        ref->deletes = generation;
        ref->deletes_bytes = bytes.len;
        ref->deletes_hash = fr_hash128(bytes.data, bytes.len);
    }
    fr_buf_deinit(&bytes);
    return status;
}
