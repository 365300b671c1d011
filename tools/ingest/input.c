#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clean.h"
#include "messages.h"

#define NOTED_MAX 100 /* skipped items that are named on stderr; the rest is only counted */

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
        fprintf(stderr, "frai-index: %s:%llu: %s; %s\n", shown(path), line, skip_name(reason),
                say("건너뜁니다", "skipped"));
    else
        fprintf(stderr, "frai-index: %s: %s; %s\n", shown(path), skip_name(reason),
                say("건너뜁니다", "skipped"));
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

bool ends_with(const char *text, const char *end)
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
    read_text(in, file, path);
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

bool is_lines(const struct input *in, const char *path)
{
    return strcmp(in->format, "jsonl") == 0 || ends_with(path, ".jsonl") ||
           ends_with(path, ".ndjson");
}

bool is_text(const struct input *in, const char *path)
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
