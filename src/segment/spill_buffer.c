/* Bytes are appended to memory, which is written to the end of a temporary file whenever it is
 * full. What is read may lie in both. The file is made only when it is needed, and its failures are
 * kept until somebody asks. */
#include "segment/spill_buffer.h"

#include <fcntl.h>
#include <stdio.h>

#define CAPACITY_KEPT (1u << 20)

void fr_spill_buffer_init(struct fr_spill_buffer *sink, const frai_allocator *mem, const char *path,
                          size_t limit)
{
    *sink = (struct fr_spill_buffer){.fd = -1, .limit = limit};
    fr_buf_init(&sink->buf, mem);
    snprintf(sink->path, sizeof sink->path, "%s", path);
}

void fr_spill_buffer_deinit(struct fr_spill_buffer *sink)
{
    if (sink->fd >= 0) {
        fr_io_current()->close(sink->fd);
        fr_io_current()->unlink(sink->path);
    }
    sink->fd = -1;
    fr_buf_deinit(&sink->buf);
}

void fr_spill_if_full(struct fr_spill_buffer *sink)
{
    if (sink->buf.len < sink->limit || sink->status != FRAI_OK) return;
    if (sink->fd < 0) sink->status = fr_io_create_anew(sink->path, O_RDWR, &sink->fd, &sink->error);
    if (sink->status == FRAI_OK)
        sink->status =
            fr_io_write_all(sink->fd, sink->buf.data, sink->buf.len, sink->path, &sink->error);
    if (sink->status == FRAI_OK) sink->spilled += sink->buf.len;
    sink->buf.len = 0;
    if (sink->buf.cap <= 4 * sink->limit + CAPACITY_KEPT) return;
    bool failed = sink->buf.failed; /* what was large once need not be again */
    fr_buf_deinit(&sink->buf);
    sink->buf.failed = failed;
}

void fr_spill_all(struct fr_spill_buffer *sink)
{
    if (sink->spilled == 0) return;
    sink->limit = 0;
    fr_spill_if_full(sink);
}

frai_status fr_spill_buffer_status(struct fr_spill_buffer *sink, frai_error *err)
{
    if (sink->status != FRAI_OK) {
        if (err) *err = sink->error;
        return sink->status;
    }
    return sink->buf.failed ? fr_fail_memory(err, "building") : FRAI_OK;
}

frai_status fr_spill_buffer_read(struct fr_spill_buffer *sink, uint64_t at, void *out, size_t len,
                                 frai_error *err)
{
    FR_TRY(fr_spill_buffer_status(sink, err));
    uint8_t *to = out;
    if (at < sink->spilled) {
        size_t n = sink->spilled - at < len ? (size_t)(sink->spilled - at) : len;
        FR_TRY(fr_io_read_at(sink->fd, to, n, at, sink->path, err));
        to += n;
        at += n;
        len -= n;
    }
    if (len == 0) return FRAI_OK;
    if (at - sink->spilled + len > sink->buf.len)
        return fr_fail(err, FRAI_ERR_IO, "%s: temporary file is too short", sink->path);
    memcpy(to, sink->buf.data + (at - sink->spilled), len);
    return FRAI_OK;
}
