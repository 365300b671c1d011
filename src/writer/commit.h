/* commit.h: what was added and deleted becomes the newest generation, and segments are merged. */
#ifndef FR_WRITER_COMMIT_H
#define FR_WRITER_COMMIT_H

#include "writer/writer.h"

frai_status fr_writer_commit(struct fr_writer *w, frai_error *err);

/* Waits for merges under way, and publishes what they made, unless something is not committed. */
frai_status fr_writer_wait(struct fr_writer *w, frai_error *err);

/* ---- for writer.c and compact.c ---- */

/* What the manifest names now is what a rollback goes back to. */
frai_status fr_writer_remember_commit(struct fr_writer *w, frai_error *err);

frai_status fr_writer_commit_changes(struct fr_writer *w, frai_error *err);

/* Begins a merge of what is committed: of all segments, or of those that the policy names. Without
 * memory for it none is under way then; of `all` that is an error. */
frai_status fr_writer_start_merge(struct fr_writer *w, bool all, frai_error *err);
void fr_writer_drop_merge(struct fr_writer *w);

/* Takes the merged segment into the manifest, and publishes that. */
frai_status fr_writer_publish_merge(struct fr_writer *w, bool *adopted, frai_error *err);

#endif
