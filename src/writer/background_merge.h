/* background_merge.h: a merge of committed segments, which may take its time beside the writer, in
 * a thread of its own. The writer goes on, deletes and commits, and takes the merged segment into a
 * manifest when it is there. One thread calls these functions. */
#ifndef FR_WRITER_BACKGROUND_MERGE_H
#define FR_WRITER_BACKGROUND_MERGE_H

#include "writer/segment_builder.h"

struct fr_background_merge;

/* Begins to merge segments of the newest commit: all of them, or what the tiers ask for. *out NULL:
 * there is nothing to merge. options: o->dir and o->settings are copied; o->number is that of the
 * segment to be made. beside: bytes of memory for a thread, if these suffice and one can be had;
 * else it has ended on return. */
frai_status fr_background_merge_start(const struct fr_segment_builder_options *o, bool all,
                                      uint64_t beside, struct fr_background_merge **out,
                                      frai_error *err);

/* The number of the segment in the making; FR_NO_SEGMENT of NULL. */
uint64_t fr_background_merge_number(const struct fr_background_merge *g);

bool fr_background_merge_has_ended(struct fr_background_merge *g);

/* Waits for the end: whether it could be made. */
frai_status fr_background_merge_wait(struct fr_background_merge *g, frai_error *err);

/* Waits for the end, and puts what was made in the place of what it was made of. What m no longer
 * has of that is deleted in it, in files of the generation after m's. *adopted false: there was no
 * room for the merge, or m names none of its segments any more. */
frai_status fr_background_merge_adopt(struct fr_background_merge *g, struct fr_manifest *m,
                                      bool *adopted, frai_error *err);

/* Waits for the end. What was not adopted stays on disk for a sweep. */
void fr_background_merge_destroy(struct fr_background_merge *g);

#endif
