/* lengths.h: how many surface terms each document has. A norm tells the small numbers exactly; the
 * section has the bits that others lose in it. */
#ifndef FR_SEGMENT_LENGTHS_H
#define FR_SEGMENT_LENGTHS_H

#include "segment/segment_writer.h"

/* norms: as they are written, of all documents; lengths: a uint32_t of each, which counts for
 * nothing where the norm is 0. */
frai_status fr_lengths_put(struct fr_segment_writer *out, const uint8_t *norms, uint32_t docs,
                           struct fr_spill_buffer *lengths, frai_error *err);

/* Reads documents in any order, quickest if they ascend. Begins as zeros, but for seg. */
struct fr_lengths_reader {
    const struct fr_segment *seg;
    uint32_t next; /* of this document, `at` is where the bits begin */
    uint64_t at;
};
frai_status fr_lengths_read(struct fr_lengths_reader *r, uint32_t doc, uint32_t *length,
                            frai_error *err);

#endif
