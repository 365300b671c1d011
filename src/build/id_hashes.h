/* id_hashes.h: the hashes of a segment's ids, in order, whatever memory there is: sorted runs go to
 * a temporary file and are merged (Knuth, The Art of Computer Programming 3, 5.4). */
#ifndef FR_BUILD_ID_HASHES_H
#define FR_BUILD_ID_HASHES_H

#include "base/sort.h"
#include "segment/sink.h"

struct fr_id_hashes {
    struct fr_buf run;      /* struct fr_item, being filled: halves of a hash in key and position */
    struct fr_buf run_ends; /* uint64_t of each run written: items before its end */
    struct fr_sink runs, sorted;
    struct fr_buf piece; /* struct fr_item: of the sorted ones, those from piece_at on */
    uint32_t piece_at;
    uint32_t count;
    size_t limit; /* bytes of a run */
    bool failed;  /* out of memory */
};

/* path: what temporary files begin with. */
void fr_id_hashes_init(struct fr_id_hashes *h, const frai_allocator *mem, const char *path,
                       size_t limit);
void fr_id_hashes_deinit(struct fr_id_hashes *h);

/* Documents come in order. */
void fr_id_hashes_add(struct fr_id_hashes *h, uint64_t hash, uint32_t doc);

/* When all are there: in the order of hashes, then of documents. */
frai_status fr_id_hashes_sort(struct fr_id_hashes *h, frai_error *err);

/* The i-th; sorted ones only. */
frai_status fr_id_hashes_at(struct fr_id_hashes *h, uint32_t i, uint64_t *hash, uint32_t *doc,
                            frai_error *err);

/* The first whose hash is not below this one; count if none. */
frai_status fr_id_hashes_find(struct fr_id_hashes *h, uint64_t hash, uint32_t *i, frai_error *err);

#endif
