/* segment_writer.h: sections → one immutable file. The file is under its temporary name until
 * fr_segment_writer_finish has flushed it to disk. */
#ifndef FR_SEGMENT_SEGMENT_WRITER_H
#define FR_SEGMENT_SEGMENT_WRITER_H

#include "base/assert.h"
#include "base/checksum.h"
#include "segment/format.h"
#include "segment/spill_buffer.h"

struct fr_segment_writer {
    struct fr_spill_buffer section_[FR_SECTION_LIMIT]; /* fr_segment_writer_section; [0] unused */
    struct fr_segment_stats stats;
    const frai_allocator *mem;
};

/* temp_prefix: path that temporary files begin with. limit: bytes a section keeps in memory. */
void fr_segment_writer_init(struct fr_segment_writer *w, const frai_allocator *mem,
                            const char *temp_prefix, size_t limit);
void fr_segment_writer_deinit(struct fr_segment_writer *w);

/* The buffer of a section, for the one file that writes it: append to buf, then call
 * fr_spill_if_full. */
static inline struct fr_spill_buffer *fr_segment_writer_section(struct fr_segment_writer *w,
                                                                enum fr_section_id id)
{
    FR_ASSERT(id > 0 && id < FR_SECTION_LIMIT);
    return &w->section_[id];
}

/* Appends to a section. */
void fr_segment_writer_put(struct fr_segment_writer *w, enum fr_section_id id, const void *bytes,
                           size_t len);

/* Moves the bytes into the section, which must be empty; `bytes` is empty afterwards. */
void fr_segment_writer_take(struct fr_segment_writer *w, enum fr_section_id id,
                            struct fr_buf *bytes);

/* OK, or the first failure of a section; what was appended to it later may be missing. */
frai_status fr_segment_writer_status(struct fr_segment_writer *w, frai_error *err);

/* Writes and fsyncs `path`. bytes, hash: for the manifest. */
frai_status fr_segment_writer_finish(struct fr_segment_writer *w, const char *path, uint64_t *bytes,
                                     struct fr_hash128 *hash, frai_error *err);

#endif
