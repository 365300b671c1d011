/* A text file → a document. */
#include <stdlib.h>
#include <string.h>

#include "encoding.h"
#include "input.h"

#define FILE_BYTES_MAX (128ull << 20)

static char *read_all(FILE *file, size_t *len)
{
    size_t room = 1 << 16;
    char *data = malloc(room);
    *len = 0;
    while (data) {
        size_t n = fread(data + *len, 1, room - *len, file);
        *len += n;
        if (n == 0 || *len > FILE_BYTES_MAX) break;
        if (*len < room) continue;
        char *grown = realloc(data, room *= 2);
        if (!grown) free(data);
        data = grown;
    }
    return data;
}

static bool is_binary(const char *data, size_t len)
{
    const unsigned char *s = (const unsigned char *)data;
    if (len >= 2 && ((s[0] == 0xFF && s[1] == 0xFE) || (s[0] == 0xFE && s[1] == 0xFF)))
        return false;
    return memchr(data, '\0', len < 8192 ? len : 8192) != NULL;
}

/* A first line longer than this is not a title. */
#define TITLE_BYTES_MAX 300

static frai_slice take_title(frai_slice *body)
{
    size_t begin = 0;
    while (begin < body->len && (unsigned char)body->ptr[begin] <= ' ') begin++;
    size_t end = begin;
    while (end < body->len && body->ptr[end] != '\n') end++;
    size_t stop = end;
    while (stop > begin && (unsigned char)body->ptr[stop - 1] <= ' ') stop--;
    if (stop - begin > TITLE_BYTES_MAX || end == body->len) return (frai_slice){"", 0};
    frai_slice title = {body->ptr + begin, stop - begin};
    *body = (frai_slice){body->ptr + end, body->len - end};
    return title;
}

static void add_text(struct input *in, char *data, size_t len, const char *path)
{
    size_t text_len;
    enum encoding encoding;
    if (len > FILE_BYTES_MAX) {
        skip(in, path, 0, SKIP_SIZE);
        return;
    }
    if (is_binary(data, len)) {
        skip(in, path, 0, SKIP_BINARY);
        return;
    }
    char *text = to_utf8(data, len, &text_len, &encoding);
    size_t visible = 0;
    while (text && visible < text_len && (unsigned char)text[visible] <= ' ') visible++;
    if (!text || visible == text_len) {
        skip(in, path, 0, SKIP_EMPTY);
    } else {
        frai_document d = {
            .struct_size = sizeof d, .id = frai_slice_of(path), .path = frai_slice_of(path)};
        d.body = (frai_slice){text, text_len};
        d.title = take_title(&d.body);
        in->encodings[encoding]++;
        in->source->kind = SOURCE_TEXT;
        in->status = frai_builder_add(in->builder, &d, in->err);
        in->documents++;
        in->bytes += len;
        if (in->tick) in->tick(in);
    }
    free(text);
}

void read_text(struct input *in, FILE *file, const char *path)
{
    size_t len;
    char *data = read_all(file, &len);
    if (!data || ferror(file))
        skip(in, path, 0, SKIP_READ);
    else
        add_text(in, data, len, path);
    free(data);
}
