/* memory.h: the only way to memory: an allocator hook, and one growable buffer on top of it. */
#ifndef FR_BASE_MEMORY_H
#define FR_BASE_MEMORY_H

#include <stdbool.h>
#include <string.h>

#include "frai/common.h"

/* The libc allocator when hook is NULL, else hook. */
const frai_allocator *fr_allocator_or_libc(const frai_allocator *hook);

/* new_bytes 0 frees and returns NULL; NULL otherwise means out of memory, old stays valid. */
void *fr_resize(const frai_allocator *mem, void *old, size_t old_bytes, size_t new_bytes);

/* Zeroed, or NULL. Freed with fr_free and the same size. */
void *fr_new(const frai_allocator *mem, size_t bytes);
void fr_free(const frai_allocator *mem, void *ptr, size_t bytes);

/* Gives memory that was freed back to the system, where the allocator is libc's. */
void fr_trim(const frai_allocator *mem);

/* A growable array of bytes. Sticky: after one failed growth every append is a no-op and `failed`
 * says so, so that a writer checks once at its end. */
struct fr_buf {
    const frai_allocator *mem;
    uint8_t *data;
    size_t len, cap;
    bool failed;
};

void fr_buf_init(struct fr_buf *buf, const frai_allocator *mem);
void fr_buf_deinit(struct fr_buf *buf);
bool fr_buf_grow(struct fr_buf *buf, size_t extra); /* the slow half of fr_buf_room */

/* Room for `extra` more bytes, at data + len, which is never NULL then. */
static inline bool fr_buf_room(struct fr_buf *buf, size_t extra)
{
    return buf->data && buf->cap - buf->len >= extra ? true : fr_buf_grow(buf, extra);
}

/* Its bytes, until it grows. */
static inline frai_slice fr_buf_slice(const struct fr_buf *buf)
{
    return (frai_slice){(const char *)buf->data, buf->len};
}

/* Forgets what is in it, and that it failed: what fails does so once. */
static inline void fr_buf_clear(struct fr_buf *buf)
{
    buf->len = 0;
    buf->failed = false;
}

/* Forgets what is in it; room for `bytes`, and data is never NULL then. */
static inline bool fr_buf_reserve(struct fr_buf *buf, size_t bytes)
{
    fr_buf_clear(buf);
    return fr_buf_room(buf, bytes ? bytes : 1);
}

static inline void fr_buf_put(struct fr_buf *buf, const void *bytes, size_t len)
{
    if (len == 0 || !fr_buf_room(buf, len)) return;
    memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
}

static inline void fr_buf_u8(struct fr_buf *buf, uint8_t v)
{
    fr_buf_put(buf, &v, 1);
}

/* Little-endian machines only (checked at configure time), so plain copies are the file format. */
static inline void fr_buf_u16(struct fr_buf *buf, uint16_t v)
{
    fr_buf_put(buf, &v, 2);
}
static inline void fr_buf_u32(struct fr_buf *buf, uint32_t v)
{
    fr_buf_put(buf, &v, 4);
}
static inline void fr_buf_u64(struct fr_buf *buf, uint64_t v)
{
    fr_buf_put(buf, &v, 8);
}
void fr_buf_varint(struct fr_buf *buf, uint64_t v);
/* printf of at most 511 bytes; more is cut off. */
void fr_buf_print(struct fr_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
