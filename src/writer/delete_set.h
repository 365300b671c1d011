/* delete_set.h: an existing segment, and its deletes as the next commit will write them. */
#ifndef FR_WRITER_DELETE_SET_H
#define FR_WRITER_DELETE_SET_H

#include "index/manifest.h"
#include "segment/segment.h"

FR_VECTOR_TYPE(fr_marks, uint64_t);

struct fr_delete_set {
    struct fr_segment seg;
    const struct fr_settings *settings;
    bool open, changed;
    bool holes;           /* the lexicon counts documents that the segment was written without */
    struct fr_marks dead; /* a bit for each document, in whole words */
    uint32_t docs;        /* how many are deleted */
    uint64_t walked;      /* bytes that lookups touched since pages were last dropped */
};

/* The set must be closed, even if this fails. The settings have to last as long. */
frai_status fr_delete_set_open(struct fr_delete_set *set, const char *dir,
                               const struct fr_segment_ref *ref, const struct fr_settings *settings,
                               const frai_allocator *mem, frai_error *err);
void fr_delete_set_close(struct fr_delete_set *set); /* zeroed ones are fine */

/* False if the document was deleted already. */
bool fr_delete_set_add(struct fr_delete_set *set, uint32_t doc);

/* Writes the deletes for this generation, if there is something new, and notes them in ref. *gone:
 * all documents of the segment are deleted, so nothing was written. */
frai_status fr_delete_set_write(const struct fr_delete_set *set, const char *dir,
                                uint64_t generation, struct fr_segment_ref *ref, bool *gone,
                                frai_error *err);

#endif
