/* Any bytes as a file: JSON, text, HTML, or any name. What comes of it goes to a writer that only
 * looks: text is UTF-8, what is said is fit to be printed, nothing is lost in silence. One kind a
 * target, by FUZZ_INPUT (json, text, html, name):
 *   tests/fuzz/run 3600 json
 * Without libFuzzer, `fuzz_input_json FILE...` replays inputs. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "ingest/input.h"

#define NAME_OF(kind) #kind
#define NAME(kind)    NAME_OF(kind)

static const char *const kind = NAME(FUZZ_INPUT);
static unsigned long long added, added_bytes;

frai_slice frai_slice_of(const char *text)
{
    return (frai_slice){text ? text : "", text ? strlen(text) : 0};
}

static void check_text(frai_slice text)
{
    uint32_t cp;
    for (size_t i = 0; i < text.len;) {
        size_t n = utf8_at(text, i, &cp);
        assert(n > 0);
        i += n;
    }
    added_bytes += text.len;
}

frai_status frai_writer_add(frai_writer *writer, const frai_document *d, frai_error *err)
{
    (void)writer;
    const frai_slice all[] = {d->title, d->body, d->url, d->date, d->source};
    for (int i = 0; i < 5; i++) check_text(all[i]);
    for (size_t i = 0; i < d->field_count; i++) check_text(d->fields[i].value);
    assert(d->id.len > 0);
    added++;
    if (d->id.len <= 4096) return FRAI_OK;
    snprintf(err->message, sizeof err->message, "an id is too long");
    return FRAI_ERR_ARGUMENT;
}

/* What was said: lines of UTF-8 without anything that drives a terminal. */
static void check_said(const char *said, size_t len)
{
    uint32_t cp;
    frai_slice text = {said, len};
    for (size_t i = 0; i < len;) {
        size_t n = utf8_at(text, i, &cp);
        assert(n > 0);
        assert((cp >= ' ' || cp == '\n') && !(cp >= 0x7F && cp < 0xA0));
        assert(!(cp >= 0x202A && cp <= 0x202E) && !(cp >= 0x2066 && cp <= 0x2069));
        i += n;
    }
}

static void read_bytes(struct input *in, const char *path, const char *bytes, size_t len)
{
    struct source source = {.path = (char *)path, .size = 1};
    FILE *file = len ? fmemopen((void *)bytes, len, "rb") : fopen("/dev/null", "rb");
    assert(file);
    in->source = &source;
    input_read_file(in, file, path);
    fclose(file);
    assert(in->status == FRAI_OK);
}

/* Reads it, and returns the documents that came of it. */
static unsigned long long read_once(const char *path, const char *bytes, size_t len)
{
    static struct input in;
    static const char *formats[] = {"json", "txt", "html", "auto"};
    frai_error err;
    char *said;
    size_t said_len;
    FILE *shown_before = stderr;
    char why[MAPPING_WHY];
    in = (struct input){.format = "auto", .err = &err};
    for (int i = 0; i < 3; i++)
        if (strncmp(formats[i], kind, 1) == 0) in.format = formats[i];
    assert(input_map(&in, "title=t,body=b,x=y,n:number=n", why));
    added = added_bytes = 0;
    stderr = open_memstream(&said, &said_len);
    read_bytes(&in, path, bytes, len);
    input_report(&in);
    fclose(stderr);
    stderr = shown_before;
    check_said(said, said_len);
    free(said);
    assert(in.documents + skipped_of(&in) > 0);
    assert(in.documents <= added && in.textless <= in.documents);
    assert((input_useless(&in) == NULL) == (in.documents > in.textless));
    return added;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    if (strcmp(kind, "name") != 0) {
        unsigned long long first = read_once("in", bytes, size), first_bytes = added_bytes;
        unsigned long long again = read_once("in", bytes, size);
        assert(first == again && first_bytes == added_bytes);
        return 0;
    }
    size_t len = strnlen(bytes, size);
    char *path = malloc(len + 2);
    memcpy(path, bytes, len);
    memcpy(path + len, len ? "" : "x", len ? 1 : 2);
    read_once(path, bytes + len, size - len);
    read_once(path, "한글 제목\n본문\n", 25);
    read_once(path, "{\"b\":\"x\"} {\"b\":3", 16);
    free(path);
    return 0;
}
