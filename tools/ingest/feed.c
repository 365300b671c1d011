/* A buffer that is refilled from the front. */
#include "feed.h"

#include <errno.h>
#include <string.h>

#include "large.h"

void feed_open(struct feed *f, FILE *file)
{
    *f = (struct feed){.file = file, .line = 1};
    while (f->bytes.len < FEED_SAMPLE && feed_more(f)) continue;
}

void feed_close(struct feed *f)
{
    buffer_free(&f->bytes);
    buffer_free(&f->raw);
}

/* What is there stays, and may be dropped to make room. */
static bool starve(struct feed *f)
{
    f->bytes.failed = f->raw.failed = false;
    f->starved = true;
    return false;
}

/* UTF-16 or UTF-32 that was read → `bytes`. */
static void decode_raw(struct feed *f, bool last)
{
    if (f->raw.len == 0) return;
    size_t used = wide_decode(f->wide, f->raw.data, f->raw.len, last, &f->bytes, &f->broken);
    f->raw.len -= used;
    memmove(f->raw.data, f->raw.data + used, f->raw.len);
}

bool feed_more(struct feed *f)
{
    struct buffer *to = f->wide == WIDE_NO ? &f->bytes : &f->raw;
    if (f->ended) return false;
    if (f->begin >= f->bytes.len - f->begin) {
        f->bytes.len -= f->begin;
        if (f->begin) memmove(f->bytes.data, f->bytes.data + f->begin, f->bytes.len);
        f->begin = 0;
    }
    f->starved = false;
    if (!buffer_reserve(to, FEED_SAMPLE)) return starve(f);
    errno = 0;
    size_t n = fread(to->data + to->len, 1, FEED_SAMPLE, f->file);
    to->len += n;
    if (f->total / LARGE_STEP != (f->total + n) / LARGE_STEP) large_rest();
    f->total += n;
    bool last = n < FEED_SAMPLE && (feof(f->file) || ferror(f->file));
    size_t before = f->bytes.len;
    if (f->wide != WIDE_NO) decode_raw(f, last && !ferror(f->file));
    f->ended = last;
    if (last && ferror(f->file)) f->error = errno ? errno : EIO;
    if (f->bytes.failed) return starve(f);
    return f->wide == WIDE_NO ? n > 0 : f->bytes.len > before || !last;
}

frai_slice feed_left(const struct feed *f)
{
    if (!f->bytes.data) return (frai_slice){"", 0};
    return (frai_slice){f->bytes.data + f->begin, f->bytes.len - f->begin};
}

void feed_all(struct feed *f, size_t limit)
{
    while (f->bytes.len - f->begin <= limit && feed_more(f)) continue;
}

void feed_decode(struct feed *f)
{
    size_t mark;
    frai_slice left = feed_left(f);
    enum wide wide = wide_of(left.ptr, left.len, &mark);
    feed_drop(f, mark);
    if (wide == WIDE_NO) return;
    left = feed_left(f);
    struct buffer bytes = f->bytes;
    f->bytes = (struct buffer){0};
    f->begin = 0;
    f->wide = wide;
    buffer_append(&f->raw, left.ptr, left.len);
    buffer_free(&bytes);
    decode_raw(f, f->ended && !f->error);
}

void feed_drop(struct feed *f, size_t count)
{
    if (count == 0) return;
    const char *at = f->bytes.data + f->begin, *stop = at + count;
    while ((at = large_find(at, '\n', (size_t)(stop - at))) != NULL) {
        f->line++;
        at++;
    }
    f->begin += count;
}

bool feed_skip_line(struct feed *f)
{
    for (;;) {
        frai_slice left = feed_left(f);
        const char *end = left.len ? memchr(left.ptr, '\n', left.len) : NULL;
        feed_drop(f, end ? (size_t)(end - left.ptr) + 1 : left.len);
        if (end) return true;
        if (!feed_more(f) && feed_left(f).len == 0) return false;
    }
}
