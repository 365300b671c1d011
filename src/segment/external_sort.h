/* external_sort.h: sorts more tuples than memory holds: sorted runs go to a temporary file and are
 * merged (Knuth, The Art of Computer Programming 3, 5.4). */
#ifndef FR_SEGMENT_EXTERNAL_SORT_H
#define FR_SEGMENT_EXTERNAL_SORT_H

#include "base/sort.h"
#include "base/vector.h"
#include "segment/spill_buffer.h"

FR_VECTOR_TYPE(fr_tuples, struct fr_tuple);

struct fr_external_sort {
    struct fr_tuples run;         /* being filled */
    FR_VECTOR(uint64_t) run_ends; /* of each run written: tuples before its end */
    struct fr_spill_buffer runs, sorted;
    struct fr_tuples piece; /* of the sorted ones, those from piece_at on */
    uint32_t piece_at;
    uint32_t count;
    size_t limit; /* bytes of a run */
    bool failed;  /* out of memory */
};

/* path: the beginning of the temporary files' names. */
void fr_external_sort_init(struct fr_external_sort *s, const frai_allocator *mem, const char *path,
                           size_t limit);
void fr_external_sort_deinit(struct fr_external_sort *s);

void fr_external_sort_add(struct fr_external_sort *s, struct fr_tuple tuple);

/* Sorts all tuples that were added: by major, then by minor, then in the order they came. */
frai_status fr_external_sort_run(struct fr_external_sort *s, frai_error *err);

/* Tuple i of the sorted ones. */
frai_status fr_external_sort_at(struct fr_external_sort *s, uint32_t i, struct fr_tuple *tuple,
                                frai_error *err);

/* The first tuple whose major key is not below this one; s->count if there is none. */
frai_status fr_external_sort_find(struct fr_external_sort *s, uint64_t major, uint32_t *i,
                                  frai_error *err);

#endif
