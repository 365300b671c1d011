/* segment_writer.h: sections → one immutable file. The file is under its temporary name until
 * fr_segment_writer_finish has flushed it to disk. */
#ifndef FR_SEGMENT_SEGMENT_WRITER_H
#define FR_SEGMENT_SEGMENT_WRITER_H

#include "base/checksum.h"
#include "segment/format.h"
#include "segment/spill_buffer.h"

struct fr_segment_writer {
    struct fr_spill_buffer sections[FR_SECTION_LIMIT]; /* [0] unused */
    struct fr_segment_stats stats;
    const frai_allocator *mem;
};

/* temp_prefix: path that temporary files begin with. limit: bytes a section keeps in memory. */
void fr_segment_writer_init(struct fr_segment_writer *w, const frai_allocator *mem,
                            const char *temp_prefix, size_t limit);
void fr_segment_writer_deinit(struct fr_segment_writer *w);

/* Writes and fsyncs `path`. bytes, hash: for the manifest. */
frai_status fr_segment_writer_finish(struct fr_segment_writer *w, const char *path, uint64_t *bytes,
                                     struct fr_hash128 *hash, frai_error *err);

#endif
