/* dense_writer.h: writes the postings of a dense term, in the form that segment/dense.h reads; one
 * term at a time. */
#ifndef FR_SEGMENT_DENSE_WRITER_H
#define FR_SEGMENT_DENSE_WRITER_H

#include "base/vector.h"
#include "segment/format.h"

struct fr_dense_writer {
    const struct fr_segment_stats *stats;
    struct fr_buf entries, counts; /* bytes; counts: of each range so far */
    FR_VECTOR(uint16_t) high;
    FR_VECTOR(struct fr_rare_tf) rare;
    FR_VECTOR(uint32_t) chunk_at; /* bits of positions before each chunk */
};
void fr_dense_writer_init(struct fr_dense_writer *w, const struct fr_segment_stats *stats,
                          const frai_allocator *mem);
void fr_dense_writer_deinit(struct fr_dense_writer *w);

/* Documents ascend. */
void fr_dense_writer_add(struct fr_dense_writer *w, uint32_t doc, uint32_t tf);

/* position_at: bits of the term's positions before those of a document for which begins_chunk
 * holds. */
bool fr_dense_writer_begins_chunk(const struct fr_dense_writer *w, uint32_t doc);
void fr_dense_writer_chunk(struct fr_dense_writer *w, uint32_t doc, uint32_t position_at);

/* Appends the term to out and makes the writer ready for the next. range_max: the largest impact
 * byte of each range. */
void fr_dense_writer_finish(struct fr_dense_writer *w, const uint8_t *range_max,
                            struct fr_buf *out);
bool fr_dense_writer_failed(const struct fr_dense_writer *w);

#endif
