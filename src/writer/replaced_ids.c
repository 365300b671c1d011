/* Documents sorted by the hash of their id bring equal ids together: of these, all but the last one
 * go. Ids that were deleted are looked up in the same order. Equal hashes are no proof: the ids
 * themselves are compared. */
#include "writer/replaced_ids.h"

#include "base/interner.h"

void fr_replaced_ids_init(struct fr_replaced_ids *r, struct fr_external_sort *hashes,
                          struct fr_list_writer *ids, const frai_allocator *mem)
{
    *r = (struct fr_replaced_ids){.hashes = hashes, .ids = ids};
    fr_buf_init(&r->dead, mem);
    fr_buf_init(&r->one, mem);
    fr_buf_init(&r->other, mem);
}

void fr_replaced_ids_deinit(struct fr_replaced_ids *r)
{
    fr_buf_deinit(&r->dead);
    fr_buf_deinit(&r->one);
    fr_buf_deinit(&r->other);
}

static bool drop(struct fr_replaced_ids *r, uint32_t doc)
{
    size_t bytes = (r->ids->count + 7) / 8;
    if (r->dead.len == 0) {
        if (!fr_buf_room(&r->dead, bytes)) return false;
        memset(r->dead.data, 0, bytes);
        r->dead.len = bytes;
    }
    r->dead.data[doc / 8] |= (uint8_t)(1u << doc % 8);
    return true;
}

static frai_status has_id(struct fr_replaced_ids *r, uint32_t doc, frai_slice id, bool *has,
                          frai_error *err)
{
    FR_TRY(fr_list_writer_read(r->ids, doc, &r->other, err));
    *has = fr_slice_compare(fr_buf_slice(&r->other), id) == 0;
    return FRAI_OK;
}

/* Does the i-th of the sorted hashes belong to an id that comes again? Then it comes later. */
static frai_status comes_again(struct fr_replaced_ids *r, uint32_t i, struct fr_tuple id,
                               bool *again, frai_error *err)
{
    struct fr_tuple next;
    *again = false;
    for (uint32_t k = i + 1; k < r->ids->count && !*again; k++) {
        FR_TRY(fr_external_sort_at(r->hashes, k, &next, err));
        if (next.major != id.major) break;
        FR_TRY(fr_list_writer_read(r->ids, id.number, &r->one, err));
        FR_TRY(has_id(r, next.number, fr_buf_slice(&r->one), again, err));
    }
    return FRAI_OK;
}

/* Those whose id comes again later. */
static frai_status drop_replaced(struct fr_replaced_ids *r, frai_error *err)
{
    frai_status status = FRAI_OK;
    for (uint32_t i = 0; i + 1 < r->ids->count && status == FRAI_OK; i++) {
        bool again = false;
        struct fr_tuple id;
        status = fr_external_sort_at(r->hashes, i, &id, err);
        if (status == FRAI_OK) status = comes_again(r, i, id, &again, err);
        if (status == FRAI_OK && again && !drop(r, id.number))
            status = fr_fail_memory(err, "building");
    }
    return status;
}

/* Those with this id that were added before it was deleted. */
static frai_status drop_id(struct fr_replaced_ids *r, const struct fr_pending_id *id,
                           frai_error *err)
{
    uint32_t i;
    FR_TRY(fr_external_sort_find(r->hashes, id->hash, &i, err));
    for (; i < r->ids->count; i++) {
        struct fr_tuple there;
        bool has;
        FR_TRY(fr_external_sort_at(r->hashes, i, &there, err));
        if (there.major != id->hash) break;
        if (there.number >= id->doc) continue;
        FR_TRY(has_id(r, there.number, id->id, &has, err));
        if (has && !drop(r, there.number)) return fr_fail_memory(err, "building");
    }
    return FRAI_OK;
}

/* Those that were deleted after they had been added. */
static frai_status drop_deleted(struct fr_replaced_ids *r, const struct fr_pending_deletes *deletes,
                                uint32_t place, frai_error *err)
{
    frai_status status = FRAI_OK;
    for (size_t i = 0; deletes && i < fr_pending_deletes_count(deletes) && status == FRAI_OK; i++) {
        struct fr_pending_id id = fr_pending_deletes_at(deletes, i);
        if (id.segment == place) status = drop_id(r, &id, err);
    }
    return status;
}

frai_status fr_replaced_ids_find(struct fr_replaced_ids *r,
                                 const struct fr_pending_deletes *deletes, uint32_t place,
                                 frai_error *err)
{
    FR_TRY(drop_replaced(r, err));
    return drop_deleted(r, deletes, place, err);
}
