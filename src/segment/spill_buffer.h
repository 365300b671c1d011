/* spill_buffer.h: the bytes of one section while it is built: memory first, then a temporary file.
 */
#ifndef FR_SEGMENT_SPILL_BUFFER_H
#define FR_SEGMENT_SPILL_BUFFER_H

#include "base/io.h"

struct fr_spill_buffer {
    struct fr_buf buf; /* what is not spilled yet: append here, then call fr_spill_if_full */
    uint64_t spilled;
    size_t limit; /* bytes in memory before they are spilled */
    int fd;
    char path[FR_PATH_MAX];
    frai_status status; /* sticky */
    frai_error error;
};

/* path: of the temporary file, made only when needed. */
void fr_spill_buffer_init(struct fr_spill_buffer *sink, const frai_allocator *mem, const char *path,
                          size_t limit);
void fr_spill_buffer_deinit(struct fr_spill_buffer *sink); /* removes the temporary file */

/* Spills if over the limit. Call after appending to buf. */
void fr_spill_if_full(struct fr_spill_buffer *sink);

/* No more appends follow. If anything was spilled, the rest is spilled too, and its memory freed.
 */
void fr_spill_all(struct fr_spill_buffer *sink);

static inline uint64_t fr_spill_buffer_len(const struct fr_spill_buffer *sink)
{
    return sink->spilled + sink->buf.len;
}

/* Reads `len` bytes from offset `at`, spilled or not. */
frai_status fr_spill_buffer_read(struct fr_spill_buffer *sink, uint64_t at, void *out, size_t len,
                                 frai_error *err);

/* OK, or the first failure. */
frai_status fr_spill_buffer_status(struct fr_spill_buffer *sink, frai_error *err);

#endif
