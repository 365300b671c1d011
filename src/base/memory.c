/* The libc allocator behind the hook, and buffers that grow by half. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static void *libc_resize(void *ctx, void *old, size_t old_bytes, size_t new_bytes)
{
    (void)ctx;
    (void)old_bytes;
    if (new_bytes == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, new_bytes);
}

static const frai_allocator libc_allocator = {libc_resize, NULL};

const frai_allocator *fr_allocator_or_libc(const frai_allocator *hook)
{
    return hook && hook->resize ? hook : &libc_allocator;
}

void *fr_resize(const frai_allocator *mem, void *old, size_t old_bytes, size_t new_bytes)
{
    return mem->resize(mem->ctx, old, old_bytes, new_bytes);
}

void *fr_new(const frai_allocator *mem, size_t bytes)
{
    void *ptr = fr_resize(mem, NULL, 0, bytes ? bytes : 1);
    if (ptr) memset(ptr, 0, bytes);
    return ptr;
}

void fr_free(const frai_allocator *mem, void *ptr, size_t bytes)
{
    if (ptr) fr_resize(mem, ptr, bytes ? bytes : 1, 0);
}

void fr_trim(const frai_allocator *mem)
{
#ifdef __GLIBC__
    if (mem == &libc_allocator) malloc_trim(0);
#else
    (void)mem;
#endif
}

void fr_buf_init(struct fr_buf *buf, const frai_allocator *mem)
{
    *buf = (struct fr_buf){.mem = mem};
}

void fr_buf_deinit(struct fr_buf *buf)
{
    if (buf->data) fr_resize(buf->mem, buf->data, buf->cap, 0);
    *buf = (struct fr_buf){.mem = buf->mem};
}

bool fr_buf_grow(struct fr_buf *buf, size_t extra)
{
    if (buf->failed || extra > SIZE_MAX / 4 || buf->len > SIZE_MAX / 4) {
        buf->failed = true;
        return false;
    }
    size_t need = buf->len + extra, cap = buf->cap < 64 ? 64 : buf->cap + buf->cap / 2;
    if (cap < need) cap = need;
    uint8_t *data = fr_resize(buf->mem, buf->data, buf->cap, cap);
    if (!data) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->cap = cap;
    return true;
}

void fr_buf_varint(struct fr_buf *buf, uint64_t v)
{
    if (!fr_buf_room(buf, 10)) return;
    while (v >= 0x80) {
        buf->data[buf->len++] = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    buf->data[buf->len++] = (uint8_t)v;
}

void fr_buf_print(struct fr_buf *buf, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n > 0) fr_buf_put(buf, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}
