#include "input.h"

#include <dirent.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "messages.h"

#define FILE_BYTES_MAX (128ull << 20)
#define NOTED_MAX      100 /* skipped items that are named on stderr; the rest is only counted */
#define DEPTH_MAX      100

const char *skip_name(enum skip reason)
{
    switch (reason) {
    case SKIP_BINARY: return say("이진 파일", "binary");
    case SKIP_EMPTY: return say("빈 파일", "empty");
    case SKIP_TYPE: return say("다른 형식", "other type");
    case SKIP_READ: return say("읽을 수 없음", "unreadable");
    case SKIP_JSON: return say("잘못된 JSON", "malformed JSON");
    case SKIP_SIZE: return say("너무 큼", "too large");
    default: return "";
    }
}

void skip(struct input *in, const char *path, unsigned long long line, enum skip reason)
{
    unsigned long long noted = 0;
    for (int i = 0; i < SKIP_REASONS; i++) noted += in->skipped[i];
    in->skipped[reason]++;
    if (noted >= NOTED_MAX || reason == SKIP_TYPE) return;
    if (line)
        fprintf(stderr, "frai-index: %s:%llu: %s; %s\n", path, line, skip_name(reason),
                say("건너뜁니다", "skipped"));
    else
        fprintf(stderr, "frai-index: %s: %s; %s\n", path, skip_name(reason),
                say("건너뜁니다", "skipped"));
}

/* Length of a well-formed UTF-8 sequence at s, 0 if there is none (RFC 3629). */
static size_t utf8_sequence(const unsigned char *s, size_t left)
{
    if (s[0] < 0x80) return 1;
    if (s[0] >= 0xE1 && s[0] <= 0xEC && left >= 3 && s[1] >> 6 == 2 && s[2] >> 6 == 2) return 3;
    size_t n = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || n > left) return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xC0) != 0x80) return 0;
    if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
        (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F))
        return 0;
    return n;
}

/* Whole conversion with iconv, or NULL if any byte does not convert. */
static char *convert(const char *from, const char *bytes, size_t len, size_t *out_len)
{
    iconv_t cd = iconv_open("UTF-8", from);
    if (cd == (iconv_t)-1) return NULL;
    size_t room = len * 3 + 4, left = len;
    char *out = malloc(room), *to = out, *at = (char *)bytes;
    size_t to_left = room - 1;
    bool ok = out && iconv(cd, &at, &left, &to, &to_left) != (size_t)-1 && left == 0;
    iconv_close(cd);
    if (!ok) {
        free(out);
        return NULL;
    }
    *to = '\0';
    *out_len = (size_t)(to - out);
    return out;
}

/* UTF-8 with U+FFFD for each byte that is part of no sequence. */
static char *repair(const char *bytes, size_t len, size_t *out_len)
{
    char *out = malloc(len * 3 + 1), *to = out;
    if (!out) return NULL;
    for (size_t i = 0; i < len;) {
        size_t n = utf8_sequence((const unsigned char *)bytes + i, len - i);
        memcpy(to, n ? bytes + i : "\xEF\xBF\xBD", n ? n : 3);
        to += n ? n : 3;
        i += n ? n : 1;
    }
    *to = '\0';
    *out_len = (size_t)(to - out);
    return out;
}

char *to_utf8(const char *bytes, size_t len, size_t *out_len, enum encoding *encoding)
{
    size_t broken = 0, multibyte = 0;
    const unsigned char *s = (const unsigned char *)bytes;
    for (size_t i = 0; i < len;) {
        size_t n = utf8_sequence(s + i, len - i);
        broken += n == 0;
        multibyte += n > 1;
        i += n ? n : 1;
    }
    *encoding = ENCODING_UTF8;
    if (broken == 0) {
        size_t mark = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        char *copy = malloc(len - mark + 1);
        if (!copy) return NULL;
        memcpy(copy, bytes + mark, len - mark);
        copy[len - mark] = '\0';
        *out_len = len - mark;
        return copy;
    }
    char *out = NULL;
    if (len >= 2 && s[0] == 0xFF && s[1] == 0xFE)
        out = convert("UTF-16LE", bytes + 2, len - 2, out_len);
    if (len >= 2 && s[0] == 0xFE && s[1] == 0xFF)
        out = convert("UTF-16BE", bytes + 2, len - 2, out_len);
    *encoding = ENCODING_UTF16;
    if (out) return out;
    *encoding = ENCODING_CP949;
    /* Korean in CP949 has hardly a byte pair that is UTF-8; text with more whole sequences than
     * broken bytes is UTF-8 that something has torn. */
    if (multibyte <= broken) out = convert("CP949", bytes, len, out_len);
    if (out) return out;
    *encoding = ENCODING_BROKEN;
    return repair(bytes, len, out_len);
}

bool input_map(struct input *in, const char *spec, const char **why)
{
    static const char *const builtin[] = {"id", "title", "body", "url", "path", "date", "source"};
    static const char *const kinds[] = {"text", "keyword", "number", "date"};
    while (*spec) {
        size_t len = strcspn(spec, ",");
        const char *equals = memchr(spec, '=', len);
        *why = spec;
        if (!equals || in->mapping_count == MAPPINGS_MAX) return false;
        struct mapping *m = &in->mappings[in->mapping_count];
        size_t name = (size_t)(equals - spec), key = len - name - 1;
        const char *colon = memchr(spec, ':', name);
        size_t bare = colon ? (size_t)(colon - spec) : name;
        if (bare == 0 || bare >= sizeof m->field || key == 0 || key >= sizeof m->key) return false;
        memcpy(m->field, spec, bare);
        m->field[bare] = '\0';
        memcpy(m->key, equals + 1, key);
        m->key[key] = '\0';
        m->kind = FRAI_FIELD_TEXT;
        for (int i = 0; i < 7; i++)
            if (strcmp(m->field, builtin[i]) == 0) m->kind = 0;
        if (colon) {
            size_t n = name - bare - 1;
            int found = -1;
            for (int i = 0; i < 4; i++)
                if (strlen(kinds[i]) == n && memcmp(colon + 1, kinds[i], n) == 0) found = i;
            if (found < 0 || m->kind == 0) return false;
            m->kind = (frai_field_kind)(found + 1);
        }
        in->mapping_count++;
        spec += len + (spec[len] == ',');
    }
    return true;
}

/* ---- text files ---- */

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

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static void read_stream(struct input *in, FILE *file, const char *path, bool json)
{
    if (json) {
        read_json_lines(in, file, path);
        return;
    }
    size_t len;
    char *data = read_all(file, &len);
    if (!data || ferror(file))
        skip(in, path, 0, SKIP_READ);
    else
        add_text(in, data, len, path);
    free(data);
}

static bool read_stdin(struct input *in)
{
    bool json = strcmp(in->format, "jsonl") == 0;
    if (strcmp(in->format, "auto") == 0) {
        int c;
        do {
            c = getchar();
        } while (c == ' ' || c == '\n' || c == '\r' || c == '\t');
        json = c == '{';
        if (c != EOF) ungetc(c, stdin);
    }
    read_stream(in, stdin, "-", json);
    return in->status == FRAI_OK;
}

static bool is_lines(const struct input *in, const char *path)
{
    return strcmp(in->format, "jsonl") == 0 || ends_with(path, ".jsonl") ||
           ends_with(path, ".ndjson");
}

static bool is_text(const struct input *in, const char *path)
{
    return strcmp(in->format, "txt") == 0 || ends_with(path, ".txt");
}

bool input_read(struct input *in, struct source *source)
{
    struct stat st;
    in->source = source;
    if (strcmp(source->path, "-") == 0) return read_stdin(in);
    FILE *file = fopen(source->path, "rb");
    if (!file) {
        if (source->named) return false;
        skip(in, source->path, 0, SKIP_READ);
        return true;
    }
    if (fstat(fileno(file), &st) == 0) source_stat(source, &st);
    read_stream(in, file, source->path,
                is_lines(in, source->path) && strcmp(in->format, "txt") != 0);
    fclose(file);
    return in->status == FRAI_OK;
}

static bool list_file(struct input *in, const char *path, const struct stat *st, bool named,
                      struct sources *sources)
{
    if (!named && !is_lines(in, path) && !is_text(in, path)) {
        skip(in, path, 0, SKIP_TYPE);
        return true;
    }
    struct source *source = sources_add(sources, path);
    if (!source) return false;
    source->named = named;
    if (st) source_stat(source, st);
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of a directory in byte order, so that the same tree gives the same index. */
static char **names_in(const char *dir, size_t *count)
{
    DIR *d = opendir(dir);
    char **names = NULL;
    size_t room = 0;
    *count = 0;
    if (!d) return NULL;
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        if (entry->d_name[0] == '.') continue; /* hidden: .git, .frai */
        if (*count + 1 >= room) {
            char **grown = realloc(names, (room = room ? room * 2 : 64) * sizeof *names);
            if (!grown) break;
            names = grown;
        }
        names[(*count)++] = strdup(entry->d_name);
    }
    closedir(d);
    if (!names) names = calloc(1, sizeof *names);
    qsort(names, *count, sizeof *names, by_name);
    return names;
}

static bool list_tree(struct input *in, const char *path, int depth, bool named,
                      struct sources *sources)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        if (named) return false;
        skip(in, path, 0, SKIP_READ);
        return true;
    }
    if (!S_ISDIR(st.st_mode)) {
        if (S_ISREG(st.st_mode) || named) return list_file(in, path, &st, named, sources);
        skip(in, path, 0, SKIP_TYPE);
        return true;
    }
    if (ends_with(path, ".frai")) return true; /* an index lies among its sources */
    size_t count;
    char **names = depth < DEPTH_MAX ? names_in(path, &count) : NULL;
    if (!names) {
        if (named) return false;
        skip(in, path, 0, SKIP_READ);
        return true;
    }
    bool ok = true;
    size_t base = strlen(path);
    while (base > 1 && path[base - 1] == '/') base--;
    for (size_t i = 0; i < count; i++) {
        size_t room = base + strlen(names[i]) + 2;
        char *child = malloc(room);
        if (ok && child) {
            snprintf(child, room, "%.*s/%s", (int)base, path, names[i]);
            ok = list_tree(in, child, depth + 1, false, sources);
        }
        free(child);
        free(names[i]);
    }
    free(names);
    return ok;
}

bool input_list(struct input *in, const char *path, struct sources *sources)
{
    if (strcmp(path, "-") == 0) return list_file(in, path, NULL, true, sources);
    return list_tree(in, path, 0, true, sources);
}
