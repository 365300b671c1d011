/* Which keys of JSON objects give which fields. */
#include <string.h>

#include "clean.h"
#include "input.h"
#include "messages.h"

#define KINDS "text, keyword, number, date"

/* The kind of a declared field by its name, `len` bytes of it; 0: there is none of that name. */
static int kind_named(const char *name, size_t len)
{
    static const char *const kinds[] = {"text", "keyword", "number", "date"};
    for (int i = 0; i < 4; i++)
        if (strlen(kinds[i]) == len && memcmp(name, kinds[i], len) == 0) return i + 1;
    return 0;
}

/* The next mapping, if it can be one. */
static bool add(struct input *in, frai_slice field, frai_slice key, int kind, char why[MAPPING_WHY])
{
    struct mapping *m = &in->mappings[in->mapping_count];
    if (in->mapping_count == MAPPINGS_MAX) {
        snprintf(why, MAPPING_WHY, say("필드는 %d개까지입니다", "there are at most %d fields"),
                 MAPPINGS_MAX);
        return false;
    }
    if (field.len >= sizeof m->field || key.len >= sizeof m->key) {
        snprintf(why, MAPPING_WHY,
                 say("필드 이름은 %zu바이트, 키는 %zu바이트까지입니다",
                     "a field's name has at most %zu bytes, a key %zu"),
                 sizeof m->field - 1, sizeof m->key - 1);
        return false;
    }
    *m = (struct mapping){.kind = (frai_field_kind)kind};
    memcpy(m->field, field.ptr, field.len);
    memcpy(m->key, key.ptr, key.len);
    for (int i = 0; i < in->mapping_count; i++) {
        if (strcmp(in->mappings[i].field, m->field) != 0) continue;
        snprintf(why, MAPPING_WHY,
                 say("%s 필드의 키가 둘입니다 ('%s', '%s'); 하나만 쓰세요",
                     "the field %s has two keys, '%s' and '%s'; name one"),
                 shown(m->field), shown(in->mappings[i].key), shown(m->key));
        return false;
    }
    in->mapping_count++;
    return true;
}

/* "price:number=가격" */
static bool map_one(struct input *in, frai_slice spec, char why[MAPPING_WHY])
{
    static const char *const builtin[] = {"id",   "title", "body",   "url",
                                          "path", "date",  "source", NULL};
    const char *equals = memchr(spec.ptr, '=', spec.len);
    size_t name = equals ? (size_t)(equals - spec.ptr) : 0;
    const char *colon = memchr(spec.ptr, ':', name);
    frai_slice field = {spec.ptr, colon ? (size_t)(colon - spec.ptr) : name};
    frai_slice key = {spec.ptr + name + 1, equals ? spec.len - name - 1 : 0};
    if (field.len == 0 || key.len == 0) {
        snprintf(why, MAPPING_WHY, "%s",
                 say("필드=키 또는 필드:종류=키, 쉼표로 나누어 써야 합니다",
                     "must be FIELD=KEY or FIELD:TYPE=KEY, separated by commas"));
        return false;
    }
    bool known = false;
    for (int i = 0; builtin[i]; i++)
        known |= strlen(builtin[i]) == field.len && memcmp(builtin[i], field.ptr, field.len) == 0;
    if (!colon) return add(in, field, key, known ? 0 : FRAI_FIELD_TEXT, why);
    frai_slice type = {colon + 1, name - field.len - 1};
    int kind = kind_named(type.ptr, type.len);
    if (kind && !known) return add(in, field, key, kind, why);
    if (kind)
        snprintf(why, MAPPING_WHY,
                 say("%s 필드에는 종류를 붙일 수 없습니다", "the field %s takes no type"),
                 shown_slice(field));
    else
        snprintf(why, MAPPING_WHY,
                 say("'%s'라는 종류는 없습니다; " KINDS " 중 하나여야 합니다",
                     "there is no type '%s'; the types are " KINDS),
                 shown_slice(type));
    return false;
}

bool input_map(struct input *in, const char *specs, char why[MAPPING_WHY])
{
    while (*specs) {
        size_t len = strcspn(specs, ",");
        if (!map_one(in, (frai_slice){specs, len}, why)) return false;
        specs += len + (specs[len] == ',');
    }
    return true;
}

bool input_map_id(struct input *in, const char *key, char why[MAPPING_WHY])
{
    frai_slice name = {key, strlen(key)};
    if (name.len) return add(in, (frai_slice){"id", 2}, name, 0, why);
    snprintf(why, MAPPING_WHY, "%s", say("JSON의 키 하나여야 합니다", "must be a key of the JSON"));
    return false;
}
