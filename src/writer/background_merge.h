/* background_merge.h: a merge of committed segments, in a thread of its own where there is memory
 * for one. Meanwhile the writer adds, deletes and commits; when the merge has ended, it adopts the
 * result into a manifest. One thread calls these functions. */
#ifndef FR_WRITER_BACKGROUND_MERGE_H
#define FR_WRITER_BACKGROUND_MERGE_H

#include "writer/segment_builder.h"

struct fr_background_merge;

/* Begins to merge segments of the newest commit: all of them, or those that the merge policy
 * chooses. *out is NULL if there is nothing to merge. o->dir and o->settings are copied; o->number
 * is the number of the merged segment. background_bytes: memory for a background thread; if it is
 * too little, or no thread can be started, the merge runs before this returns. */
frai_status fr_background_merge_start(const struct fr_segment_builder_options *o, bool all,
                                      uint64_t background_bytes, struct fr_background_merge **out,
                                      frai_error *err);

/* The number of the merged segment; FR_NO_SEGMENT if the merge is NULL. */
uint64_t fr_background_merge_number(const struct fr_background_merge *g);

bool fr_background_merge_has_ended(struct fr_background_merge *g);

/* Waits for the end, and returns how the merge went. */
frai_status fr_background_merge_wait(struct fr_background_merge *g, frai_error *err);

/* Waits for the end, and replaces the merged segments by the result in m. Documents deleted since
 * the merge began are written as deletes of the new segment, for the generation after m's. *adopted
 * is false if there was no room for the merge, or if m names none of its segments any more. */
frai_status fr_background_merge_adopt(struct fr_background_merge *g, struct fr_manifest *m,
                                      bool *adopted, frai_error *err);

/* Waits for the end. A result that was not adopted stays on disk until the next sweep. */
void fr_background_merge_destroy(struct fr_background_merge *g);

#endif
