/* delete_set.h: a segment of the index, and its deletes as the next commit will have them. */
#ifndef FR_WRITER_DELETE_SET_H
#define FR_WRITER_DELETE_SET_H

#include "index/manifest.h"
#include "segment/segment.h"

struct fr_delete_set {
    struct fr_segment seg;
    bool open, changed;
    FR_VECTOR(uint64_t) dead; /* a bit for each document, in whole words */
    uint32_t docs;            /* deleted */
    uint64_t walked;          /* bytes of lookups since its pages could go */
};

/* What it opened is to be closed, whatever comes of it. */
frai_status fr_delete_set_open(struct fr_delete_set *set, const char *dir,
                               const struct fr_segment_ref *ref, const frai_allocator *mem,
                               frai_error *err);
void fr_delete_set_close(struct fr_delete_set *set); /* zeroed ones are fine */

/* False: it was deleted before. */
bool fr_delete_set_add(struct fr_delete_set *set, uint32_t doc);

/* Writes the deletes of this generation, and notes them in ref; *gone: nothing is left of the
 * segment, and nothing was written. */
frai_status fr_delete_set_write(const struct fr_delete_set *set, const char *dir,
                                uint64_t generation, struct fr_segment_ref *ref, bool *gone,
                                frai_error *err);

#endif
