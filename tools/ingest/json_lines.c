/* JSON lines → documents. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

#define LINE_BYTES_MAX (256u << 20)

/* Where the number behind a top-level key stands in the line: cJSON keeps a double only, and an id
 * has to keep its digits. */
static frai_slice raw_number(const char *line, const char *key)
{
    int depth = 0;
    size_t key_len = strlen(key);
    for (const char *p = line; *p; p++) {
        if (*p == '{' || *p == '[') depth++;
        if (*p == '}' || *p == ']') depth--;
        if (*p != '"') continue;
        const char *name = ++p;
        while (*p && *p != '"') p += *p == '\\' && p[1] ? 2 : 1;
        if (!*p) break;
        if (depth != 1 || (size_t)(p - name) != key_len || memcmp(name, key, key_len) != 0)
            continue;
        const char *value = p + 1 + strspn(p + 1, " \t");
        if (*value != ':') continue;
        value += 1 + strspn(value + 1, " \t");
        return (frai_slice){value, strspn(value, "-+.eE0123456789")};
    }
    return (frai_slice){"", 0};
}

static frai_slice value_of(const cJSON *object, const char *line, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    if (cJSON_IsString(item)) return frai_slice_of(item->valuestring);
    if (cJSON_IsNumber(item)) return raw_number(line, key);
    if (cJSON_IsBool(item)) return frai_slice_of(cJSON_IsTrue(item) ? "true" : "false");
    return (frai_slice){"", 0};
}

static void put_value(frai_document *d, frai_field_value *declared, const struct mapping *m,
                      frai_slice value)
{
    if (m->kind) {
        declared[d->field_count++] = (frai_field_value){frai_slice_of(m->field), value};
        return;
    }
    const struct {
        const char *name;
        frai_slice *to;
    } builtin[] = {{"id", &d->id},        {"title", &d->title}, {"body", &d->body},
                   {"url", &d->url},      {"path", &d->path},   {"date", &d->date},
                   {"source", &d->source}};
    for (int i = 0; i < 7; i++)
        if (strcmp(m->field, builtin[i].name) == 0) *builtin[i].to = value;
}

/* False: not a JSON object. */
static bool add_line(struct input *in, const char *line, size_t len, const char *path,
                     unsigned long long number)
{
    cJSON *object = cJSON_ParseWithLength(line, len + 1);
    if (!cJSON_IsObject(object)) {
        cJSON_Delete(object);
        return false;
    }
    frai_field_value declared[MAPPINGS_MAX];
    frai_document d = {.struct_size = sizeof d, .fields = declared};
    d.id = value_of(object, line, "id");
    d.title = value_of(object, line, "title");
    d.body = value_of(object, line, "text");
    if (d.body.len == 0) d.body = value_of(object, line, "body");
    d.url = value_of(object, line, "url");
    d.path = value_of(object, line, "path");
    d.date = value_of(object, line, "date");
    d.source = value_of(object, line, "source");
    if (d.path.len == 0 && strcmp(path, "-") != 0) d.path = frai_slice_of(path);
    frai_slice own = d.path;
    for (int i = 0; i < in->mapping_count; i++)
        put_value(&d, declared, &in->mappings[i], value_of(object, line, in->mappings[i].key));
    if (in->source->kind != SOURCE_MIXED)
        in->source->kind = d.path.ptr == own.ptr && own.ptr == path ? SOURCE_LINES : SOURCE_MIXED;
    char numbered[4096];
    if (d.id.len == 0 && strlen(path) < sizeof numbered - 32) {
        snprintf(numbered, sizeof numbered, "%s#%llu", strcmp(path, "-") == 0 ? "" : path, number);
        d.id = frai_slice_of(numbered);
    }
    frai_error err = {0};
    frai_status status = frai_builder_add(in->builder, &d, &err);
    if (status != FRAI_OK && status != FRAI_ERR_ARGUMENT) {
        in->status = status;
        *in->err = err;
    }
    cJSON_Delete(object);
    return status == FRAI_OK || status != FRAI_ERR_ARGUMENT;
}

void read_json_lines(struct input *in, FILE *file, const char *path)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    unsigned long long number = 0, documents = 0;
    while (in->status == FRAI_OK && (n = getline(&line, &room, file)) >= 0) {
        size_t len = (size_t)n;
        number++;
        while (len > 0 && (unsigned char)line[len - 1] <= ' ') len--;
        if (len == 0) continue;
        line[len] = '\0';
        if (len > LINE_BYTES_MAX) {
            skip(in, path, number, SKIP_SIZE);
            continue;
        }
        size_t text_len;
        enum encoding encoding;
        char *text = to_utf8(line, len, &text_len, &encoding);
        if (!text || !add_line(in, text, text_len, path, documents)) {
            skip(in, path, number, SKIP_JSON);
        } else {
            in->encodings[encoding]++;
            in->documents++;
            documents++;
            in->bytes += len + 1;
            if (in->tick) in->tick(in);
        }
        free(text);
    }
    if (ferror(file)) skip(in, path, number, SKIP_READ);
    free(line);
}
