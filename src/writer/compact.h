/* compact.h: indexes committed documents again, from their stored text. */
#ifndef FR_WRITER_COMPACT_H
#define FR_WRITER_COMPACT_H

#include "writer/writer.h"

/* Adds all living committed documents again; the next commit has these alone. Without stored text,
 * all segments are merged instead. */
frai_status fr_writer_compact(struct fr_writer *w, frai_error *err);

/* Says that the documents added since the latest commit are committed ones that are indexed again.
 */
frai_status fr_writer_added_again(struct fr_writer *w, frai_error *err);

/* The next commit keeps these of the existing segments, and no others. */
frai_status fr_writer_keep_only(struct fr_writer *w, const struct fr_segment_refs *segments,
                                frai_error *err);

#endif
