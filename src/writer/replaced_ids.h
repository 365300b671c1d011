/* replaced_ids.h: finds the documents that a new segment drops when it is finished: those whose id
 * was added to it again, and those that were deleted after they had been added. */
#ifndef FR_WRITER_REPLACED_IDS_H
#define FR_WRITER_REPLACED_IDS_H

#include "segment/external_sort.h"
#include "segment/front_coding.h"
#include "writer/pending_deletes.h"

struct fr_replaced_ids {
    struct fr_external_sort *hashes; /* sorted: h64 of each id, document */
    struct fr_list_writer *ids;
    struct fr_buf dead;       /* a bit for each document, set if it is dropped; empty if none is */
    struct fr_buf one, other; /* scratch: ids that are compared */
};

void fr_replaced_ids_init(struct fr_replaced_ids *r, struct fr_external_sort *hashes,
                          struct fr_list_writer *ids, const frai_allocator *mem);
void fr_replaced_ids_deinit(struct fr_replaced_ids *r);

/* deletes (may be NULL): those of the segment that is number `place` in the manifest apply. */
frai_status fr_replaced_ids_find(struct fr_replaced_ids *r,
                                 const struct fr_pending_deletes *deletes, uint32_t place,
                                 frai_error *err);

static inline bool fr_replaced_ids_has(const struct fr_replaced_ids *r, uint32_t doc)
{
    return r->dead.len && (r->dead.data[doc / 8] >> (doc % 8) & 1);
}

#endif
