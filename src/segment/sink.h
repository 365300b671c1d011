/* sink.h: the bytes of one section while it is built: memory first, then a temporary file. */
#ifndef FR_SEGMENT_SINK_H
#define FR_SEGMENT_SINK_H

#include "base/io.h"

struct fr_sink {
    struct fr_buf buf; /* what is not spilled yet: append here, then call fr_sink_settle */
    uint64_t spilled;
    size_t limit; /* bytes in memory before they are spilled */
    int fd;
    char path[FR_PATH_MAX];
    frai_status status; /* sticky */
    frai_error error;
};

/* path: of the temporary file, made only when needed. */
void fr_sink_init(struct fr_sink *sink, const frai_allocator *mem, const char *path, size_t limit);
void fr_sink_deinit(struct fr_sink *sink); /* removes the temporary file */

/* Spills if over the limit. Call after appending to buf. */
void fr_sink_settle(struct fr_sink *sink);

/* What will only be read from here on: if some of it was spilled, all is, and its memory is free.
 */
void fr_sink_rest(struct fr_sink *sink);

static inline uint64_t fr_sink_len(const struct fr_sink *sink)
{
    return sink->spilled + sink->buf.len;
}

/* Reads `len` bytes from `at`, spilled or not. */
frai_status fr_sink_read(struct fr_sink *sink, uint64_t at, void *out, size_t len, frai_error *err);

/* OK, or the first failure of this sink. */
frai_status fr_sink_status(struct fr_sink *sink, frai_error *err);

#endif
