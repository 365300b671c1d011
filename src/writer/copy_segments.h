/* copy_segments.h: copies the documents of existing segments into a new one. */
#ifndef FR_WRITER_COPY_SEGMENTS_H
#define FR_WRITER_COPY_SEGMENTS_H

#include "writer/segment_builder.h"

/* Adds the living documents of the segments, in their order, without analyzing their text. The
 * segments stay open until the new one is finished. Called once, for a builder without chunks. What
 * depends on the whole corpus (FORMAT.md's lexicon, with its thresholds) is summed from what the
 * segments kept. */
frai_status fr_segment_builder_copy_segments(struct fr_segment_builder *a,
                                             const struct fr_segment *segments, uint32_t count,
                                             frai_error *err);

#endif
