/* commit.h: publishes what was added and deleted as a new generation, and merges segments. */
#ifndef FR_WRITER_COMMIT_H
#define FR_WRITER_COMMIT_H

#include "writer/writer.h"

frai_status fr_writer_commit(struct fr_writer *w, frai_error *err);

/* Waits for merges, and publishes their results unless there are uncommitted changes. */
frai_status fr_writer_wait(struct fr_writer *w, frai_error *err);

/* ---- for writer.c and compact.c ---- */

/* Makes the manifest as it is now the state that a rollback returns to. */
frai_status fr_writer_remember_commit(struct fr_writer *w, frai_error *err);

frai_status fr_writer_commit_changes(struct fr_writer *w, frai_error *err);

/* Begins a merge of committed segments: of all, or of those that the merge policy chooses. If it
 * lacks memory, no merge is begun; that is an error only for `all`. */
frai_status fr_writer_start_merge(struct fr_writer *w, bool all, frai_error *err);
void fr_writer_drop_merge(struct fr_writer *w);

/* Adopts the merged segment into the manifest, and publishes that. */
frai_status fr_writer_publish_merge(struct fr_writer *w, bool *adopted, frai_error *err);

#endif
