#include "writer/replaced_ids.h"

void fr_replaced_ids_init(struct fr_replaced_ids *r, struct fr_external_sort *hashes,
                          struct fr_id_writer *ids, const frai_allocator *mem)
{
    *r = (struct fr_replaced_ids){.hashes = hashes, .ids = ids};
    fr_buf_init(&r->dead, mem);
}

void fr_replaced_ids_deinit(struct fr_replaced_ids *r)
{
    fr_buf_deinit(&r->dead);
}

static bool drop(struct fr_replaced_ids *r, uint32_t doc)
{
    size_t bytes = (r->ids->docs + 7) / 8;
    if (r->dead.len == 0) {
        if (!fr_buf_room(&r->dead, bytes)) return false;
        memset(r->dead.data, 0, bytes);
        r->dead.len = bytes;
    }
    r->dead.data[doc / 8] |= (uint8_t)(1u << doc % 8);
    return true;
}

static frai_status has_id(struct fr_replaced_ids *r, uint32_t doc, frai_slice id,
                          struct fr_buf *scratch, bool *has, frai_error *err)
{
    FR_TRY(fr_id_writer_read(r->ids, doc, scratch, err));
    *has = scratch->len == id.len && memcmp(scratch->data, id.ptr, id.len) == 0;
    return FRAI_OK;
}

/* Does the i-th of the sorted hashes belong to an id that comes again? Then it comes later. */
static frai_status comes_again(struct fr_replaced_ids *r, uint32_t i, struct fr_tuple id,
                               struct fr_buf *one, struct fr_buf *other, bool *again,
                               frai_error *err)
{
    struct fr_tuple next;
    *again = false;
    for (uint32_t k = i + 1; k < r->ids->docs && !*again; k++) {
        FR_TRY(fr_external_sort_at(r->hashes, k, &next, err));
        if (next.major != id.major) break;
        FR_TRY(fr_id_writer_read(r->ids, id.number, one, err));
        frai_slice name = {(const char *)one->data, one->len};
        FR_TRY(has_id(r, next.number, name, other, again, err));
    }
    return FRAI_OK;
}

/* Those whose id comes again later. */
static frai_status drop_replaced(struct fr_replaced_ids *r, frai_error *err)
{
    struct fr_buf one, other;
    fr_buf_init(&one, r->dead.mem);
    fr_buf_init(&other, r->dead.mem);
    frai_status status = FRAI_OK;
    for (uint32_t i = 0; i + 1 < r->ids->docs && status == FRAI_OK; i++) {
        bool again = false;
        struct fr_tuple id;
        status = fr_external_sort_at(r->hashes, i, &id, err);
        if (status == FRAI_OK) status = comes_again(r, i, id, &one, &other, &again, err);
        if (status == FRAI_OK && again && !drop(r, id.number))
            status = fr_fail_memory(err, "building");
    }
    if (status == FRAI_OK && (one.failed || other.failed)) status = fr_fail_memory(err, "building");
    fr_buf_deinit(&one);
    fr_buf_deinit(&other);
    return status;
}

/* Those with this id that were added before it was deleted. */
static frai_status drop_id(struct fr_replaced_ids *r, const struct fr_pending_id *id,
                           struct fr_buf *scratch, frai_error *err)
{
    uint32_t i;
    FR_TRY(fr_external_sort_find(r->hashes, id->hash, &i, err));
    for (; i < r->ids->docs; i++) {
        struct fr_tuple there;
        bool has;
        FR_TRY(fr_external_sort_at(r->hashes, i, &there, err));
        if (there.major != id->hash) break;
        if (there.number >= id->doc) continue;
        FR_TRY(has_id(r, there.number, id->id, scratch, &has, err));
        if (has && !drop(r, there.number)) return fr_fail_memory(err, "building");
    }
    return FRAI_OK;
}

/* Those that were deleted after they had been added. */
static frai_status drop_deleted(struct fr_replaced_ids *r, const struct fr_pending_deletes *deletes,
                                uint32_t place, frai_error *err)
{
    struct fr_buf name;
    fr_buf_init(&name, r->dead.mem);
    frai_status status = FRAI_OK;
    for (size_t i = 0; deletes && i < fr_pending_deletes_count(deletes) && status == FRAI_OK; i++) {
        struct fr_pending_id id = fr_pending_deletes_at(deletes, i);
        if (id.segment == place) status = drop_id(r, &id, &name, err);
    }
    fr_buf_deinit(&name);
    return status;
}

frai_status fr_replaced_ids_find(struct fr_replaced_ids *r,
                                 const struct fr_pending_deletes *deletes, uint32_t place,
                                 frai_error *err)
{
    FR_TRY(drop_replaced(r, err));
    return drop_deleted(r, deletes, place, err);
}
