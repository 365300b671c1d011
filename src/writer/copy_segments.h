/* copy_segments.h: a segment in the making gets the documents of segments that are there. */
#ifndef FR_WRITER_COPY_SEGMENTS_H
#define FR_WRITER_COPY_SEGMENTS_H

#include "writer/segment_builder.h"

/* Adds the living documents of segments, which stay open until the segment is finished, in their
 * order, without a look at their text; called once. A builder has either chunks or segments. What
 * only the whole corpus tells (words and lines of so many documents, FORMAT.md's lexicon) is summed
 * from what the segments kept. */
frai_status fr_segment_builder_copy_segments(struct fr_segment_builder *a,
                                             const struct fr_segment *segments, uint32_t count,
                                             frai_error *err);

#endif
