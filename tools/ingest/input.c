/* Opens each file, looks at its first bytes, and hands it to the reader of its kind. */
#include "input.h"

#include "large.h"
#include "messages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *extension_of(const char *path, char out[16])
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t n = 0;
    if (dot && dot != name && strlen(dot + 1) < 16)
        for (; dot[n + 1]; n++)
            out[n] = dot[n + 1] >= 'A' && dot[n + 1] <= 'Z' ? (char)(dot[n + 1] | 32) : dot[n + 1];
    out[n] = '\0';
    return out;
}

bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0) return true;
    return false;
}

/* The first bytes that are no white space and no mark. */
static frai_slice beginning(const struct feed *feed)
{
    frai_slice s = feed_left(feed);
    if (s.len >= 3 && memcmp(s.ptr, "\xEF\xBB\xBF", 3) == 0) s = (frai_slice){s.ptr + 3, s.len - 3};
    while (s.len > 0 && (unsigned char)*s.ptr <= ' ') s = (frai_slice){s.ptr + 1, s.len - 1};
    return s;
}

static bool begins(frai_slice s, const char *with)
{
    size_t n = strlen(with);
    return s.len >= n && strncasecmp(s.ptr, with, n) == 0;
}

/* "{" before a key, or "[" before an object. */
static bool looks_like_json(frai_slice s)
{
    if (s.len == 0 || (*s.ptr != '{' && *s.ptr != '[')) return false;
    bool array = *s.ptr == '[';
    do {
        s = (frai_slice){s.ptr + 1, s.len - 1};
    } while (s.len > 0 && (unsigned char)*s.ptr <= ' ');
    return s.len > 0 && (array ? *s.ptr == '{' : *s.ptr == '"' || *s.ptr == '}');
}

enum reading reading_of(struct input *in, struct feed *feed, const char *path)
{
    static const char *const lines[] = {"jsonl", "ndjson", NULL};
    static const char *const pages[] = {"html", "htm", "xhtml", NULL};
    char extension[16];
    size_t mark;
    if (strcmp(in->format, "txt") == 0) return READING_TEXT;
    if (strcmp(in->format, "html") == 0) return READING_HTML;
    if (strncmp(in->format, "json", 4) == 0) return READING_JSON;
    extension_of(path, extension);
    if (is_one_of(extension, lines)) return READING_JSON;
    if (is_one_of(extension, pages)) return READING_HTML;
    if (strcmp(extension, "json") == 0)
        return json_is_documents(in, feed) ? READING_JSON : READING_TEXT;
    if (extension[0]) return READING_TEXT;
    frai_slice left = feed_left(feed);
    if (wide_of(left.ptr, left.len, &mark) != WIDE_NO) return READING_TEXT;
    frai_slice begin = beginning(feed);
    if (begins(begin, "<!doctype html") || begins(begin, "<html")) return READING_HTML;
    bool json = looks_like_json(begin);
    if (json && strcmp(path, "-") != 0) json = json_is_documents(in, feed);
    return json ? READING_JSON : READING_TEXT;
}

static int read_body(void *body, uint64_t offset, char *to, size_t bytes)
{
    memcpy(to, (const char *)body + offset, bytes);
    if (offset / LARGE_STEP != (offset + bytes) / LARGE_STEP) large_rest();
    return 0;
}

bool input_add(struct input *in, const frai_document *document, const char *path,
               unsigned long long line, const struct decoded *from)
{
    frai_error err = {0};
    frai_document d = *document;
    const frai_text_source body = {d.body.len, read_body, (void *)(uintptr_t)d.body.ptr};
    if (d.body.len >= LARGE_BYTES) d.body_source = &body;
    if (in->adding && in->source->kind == SOURCE_TEXT) in->adding(in);
    if (in->status != FRAI_OK) return false;
    frai_status status = frai_writer_add(in->writer, &d, &err);
    if (status == FRAI_ERR_ARGUMENT) {
        skip_at(in, path, line, 0, SKIP_REFUSED, err.message);
        return false;
    }
    if (status != FRAI_OK) {
        in->status = status;
        *in->err = err;
        return false;
    }
    in->encodings[from->encoding]++;
    in->broken += from->broken;
    if (from->doubtful && in->doubtful++ == 0)
        snprintf(in->doubtful_path, sizeof in->doubtful_path, "%s", path);
    in->documents++;
    if (in->tick) in->tick(in);
    return true;
}

bool input_read_file(struct input *in, FILE *file, const char *path)
{
    struct feed feed;
    feed_open(&feed, file);
    frai_slice left = feed_left(&feed);
    bool binary = is_binary(left.ptr, left.len);
    enum reading reading = binary ? READING_TEXT : reading_of(in, &feed, path);
    if (feed.error || feed.starved)
        skip_at(in, path, 0, 0, SKIP_READ, os_says(feed.error ? feed.error : ENOMEM));
    else if (left.len == 0)
        skip(in, path, 0, SKIP_EMPTY);
    else if (binary)
        skip_binary(in, path);
    else if (reading == READING_JSON)
        read_json(in, &feed, path);
    else if (reading == READING_HTML)
        read_html(in, &feed, path);
    else
        read_text(in, &feed, path);
    if (feed.error) in->source->size = -1; /* the next build tries again */
    feed_close(&feed);
    return in->status == FRAI_OK;
}
