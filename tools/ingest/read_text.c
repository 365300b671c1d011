/* A text file → a document. */
#include <errno.h>
#include <string.h>

#include "input.h"
#include "large.h"
#include "messages.h"

/* A first line longer than this is not a title. */
#define TITLE_BYTES_MAX 300

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ';
}

static frai_slice trim(frai_slice s)
{
    while (s.len > 0 && is_blank(*s.ptr)) s = (frai_slice){s.ptr + 1, s.len - 1};
    while (s.len > 0 && is_blank(s.ptr[s.len - 1])) s.len--;
    return s;
}

/* "# 제목 #" → "제목" */
static frai_slice without_hashes(frai_slice line)
{
    size_t hashes = 0;
    while (hashes < line.len && line.ptr[hashes] == '#') hashes++;
    if (hashes == 0 || hashes > 6 || (hashes < line.len && !is_blank(line.ptr[hashes])))
        return line;
    line = trim((frai_slice){line.ptr + hashes, line.len - hashes});
    while (line.len > 0 && line.ptr[line.len - 1] == '#') line.len--;
    return trim(line);
}

/* Prose begins with its title; data, programs and logs do not. */
static bool has_title(const char *path)
{
    static const char *const prose[] = {"",    "txt", "text", "md",       "markdown",
                                        "rst", "org", "adoc", "asciidoc", NULL};
    char extension[16];
    return is_one_of(extension_of(path, extension), prose);
}

static frai_slice take_title(frai_slice *body, const char *path)
{
    char extension[16];
    frai_slice none = {"", 0};
    if (!has_title(path)) return none;
    size_t begin = 0;
    while (begin < body->len && is_blank(body->ptr[begin])) begin++;
    size_t end = begin, next = 0;
    for (; end < body->len && body->ptr[end] != '\n' && body->ptr[end] != '\r'; end++)
        large_pass(end, &next);
    frai_slice title = trim((frai_slice){body->ptr + begin, end - begin});
    if (title.len > TITLE_BYTES_MAX || end == body->len) return none;
    extension_of(path, extension);
    if (extension[0] == 'm') title = without_hashes(title); /* md, markdown */
    *body = (frai_slice){body->ptr + end, body->len - end};
    return title;
}

bool read_whole(struct input *in, struct feed *feed, const char *path)
{
    feed_all(feed, INPUT_BYTES_MAX);
    frai_slice left = feed_left(feed);
    if (feed->error || feed->starved)
        skip_at(in, path, 0, 0, SKIP_READ, os_says(feed->error ? feed->error : ENOMEM));
    else if (left.len > INPUT_BYTES_MAX)
        skip_at(in, path, 0, 0, SKIP_SIZE, too_large());
    else
        return true;
    return false;
}

void read_text(struct input *in, struct feed *feed, const char *path)
{
    struct decoded text;
    if (!read_whole(in, feed, path)) return;
    frai_slice bytes = feed_left(feed);
    char id[SOURCE_ID_MAX + 1];
    frai_document d = {.struct_size = sizeof d, .path = frai_slice_of(path)};
    d.id = frai_slice_of(source_id(in->source, id));
    bool decoded = decode(bytes.ptr, bytes.len, &text);
    if (feed->wide != WIDE_NO) text.encoding = wide_encoding(feed->wide);
    text.broken += feed->broken;
    d.body = (frai_slice){text.text, text.len};
    while (d.body.len > 0 && d.body.ptr[d.body.len - 1] == '\0') d.body.len--;
    if (!decoded) {
        skip_at(in, path, 0, 0, SKIP_READ, os_says(ENOMEM));
    } else if (trim(d.body).len == 0) {
        skip(in, path, 0, SKIP_EMPTY);
    } else {
        d.title = take_title(&d.body, path);
        in->source->kind = SOURCE_TEXT;
        if (input_add(in, &d, path, 0, &text)) in->bytes += bytes.len;
    }
    decoded_free(&text);
}
