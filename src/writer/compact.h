/* compact.h: documents that are committed are indexed again. */
#ifndef FR_WRITER_COMPACT_H
#define FR_WRITER_COMPACT_H

#include "writer/writer.h"

/* Adds all living documents of what is committed, as the next commit's only ones. */
frai_status fr_writer_compact(struct fr_writer *w, frai_error *err);

/* What was added since the latest commit was committed before that: it is indexed again. */
frai_status fr_writer_added_again(struct fr_writer *w, frai_error *err);

/* Of the segments that are there only these stay at the next commit. */
frai_status fr_writer_keep_only(struct fr_writer *w, const struct fr_segment_refs *segments,
                                frai_error *err);

#endif
