/* yajl's events; a key outside the mapping is passed over. */
#include "json_fields.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "large.h"
#include "messages.h"

/* The parser goes through the text once and without a tree, keeps lengths (a NUL is a character)
 * and the digits of numbers, and nesting costs it a byte a level. */
struct reader {
    struct json_fields *fields;
    unsigned long depth;
    uint64_t current;    /* the values that what is read now belongs to */
    struct tally *tally; /* of the key it stands under */
    bool no_memory;
    jmp_buf out; /* where allocations of the parser's that fail go: it does not look */
};

void json_fields_init(struct json_fields *f, const struct input *in)
{
    static const char *const names[KEYS] = {"id",  "title", "text", "body",
                                            "url", "path",  "date", "source"};
    *f = (struct json_fields){.count = KEYS + in->mapping_count};
    for (int i = 0; i < f->count; i++) {
        struct json_value *v = &f->values[i];
        v->key = i < KEYS ? names[i] : in->mappings[i - KEYS].key;
        v->key_len = strlen(v->key);
        bool body = i == KEY_TEXT || i == KEY_BODY ||
                    (i >= KEYS && strcmp(in->mappings[i - KEYS].field, "body") == 0);
        v->between = body ? "\n" : ", ";
    }
}

void json_fields_free(struct json_fields *f)
{
    for (int i = 0; i < f->count; i++) buffer_free(&f->values[i].text);
}

frai_slice json_value_of(const struct json_fields *f, int key)
{
    const struct buffer *t = &f->values[key].text;
    return (frai_slice){t->len ? t->data : "", t->len};
}

static int put_scalar(struct reader *r, const char *bytes, size_t len)
{
    uint64_t current = r->current;
    for (int i = 0; current; i++, current >>= 1) {
        struct json_value *v = &r->fields->values[i];
        if (!(current & 1) || len == 0) continue;
        if (v->text.len) buffer_append(&v->text, v->between, strlen(v->between));
        buffer_append(&v->text, bytes, len);
        if (v->text.failed) r->no_memory = true;
    }
    return !r->no_memory;
}

static int on_null(void *ctx)
{
    (void)ctx;
    return 1;
}

static int on_boolean(void *ctx, int value)
{
    return put_scalar(ctx, value ? "true" : "false", value ? 4 : 5);
}

static int on_number(void *ctx, const char *digits, size_t len)
{
    return put_scalar(ctx, digits, len);
}

static int on_string(void *ctx, const unsigned char *bytes, size_t len)
{
    struct reader *r = ctx;
    if (r->tally) r->tally->bytes += len;
    return put_scalar(r, (const char *)bytes, len);
}

static int on_key(void *ctx, const unsigned char *bytes, size_t len)
{
    struct reader *r = ctx;
    if (r->depth != 1) return 1;
    r->current = 0;
    for (int i = 0; i < r->fields->count; i++) {
        struct json_value *v = &r->fields->values[i];
        if (v->key_len != len || memcmp(v->key, bytes, len) != 0) continue;
        r->current |= 1ull << i;
        v->text.len = 0;
        v->met = true;
    }
    if (r->fields->keys) r->tally = tally_add(r->fields->keys, (const char *)bytes, len);
    return 1;
}

static int on_begin(void *ctx)
{
    struct reader *r = ctx;
    r->depth++;
    return 1;
}

static int on_end(void *ctx)
{
    struct reader *r = ctx;
    r->depth--;
    return 1;
}

static void *parser_resize(void *ctx, void *old, size_t bytes)
{
    struct reader *r = ctx;
    void *grown = large_realloc(old, bytes);
    if (!grown) longjmp(r->out, 1);
    return grown;
}

static void *parser_allocate(void *ctx, size_t bytes)
{
    return parser_resize(ctx, NULL, bytes);
}

static void parser_free(void *ctx, void *old)
{
    (void)ctx;
    large_free(old);
}

/* Four digits at s as a UTF-16 unit; -1: they are none. */
static long hex_unit(const char *s)
{
    long unit = 0;
    for (int i = 0; i < 4; i++) {
        int c = s[i] | 32;
        if (s[i] >= '0' && s[i] <= '9')
            unit = unit * 16 + (s[i] - '0');
        else if (c >= 'a' && c <= 'f')
            unit = unit * 16 + (c - 'a' + 10);
        else
            return -1;
    }
    return unit;
}

/* The first escape from `at` on that is half a surrogate pair; text.len: there is none. */
static size_t half_pair(frai_slice text, size_t at)
{
    const char *end = text.ptr + text.len, *s = text.ptr + at;
    for (; (s = large_find(s, '\\', (size_t)(end - s))) != NULL;) {
        bool unit = end - s >= 6 && s[1] == 'u';
        long u = unit ? hex_unit(s + 2) : -1, next = -1;
        if (u >= 0xD800 && u < 0xDC00 && end - s >= 12 && s[6] == '\\' && s[7] == 'u')
            next = hex_unit(s + 8);
        bool pair = next >= 0xDC00 && next < 0xE000;
        if (u >= 0xD800 && u < 0xE000 && !pair) return (size_t)(s - text.ptr);
        s += pair ? 12 : end - s < 2 ? 1 : 2;
    }
    return text.len;
}

/* What the parser says of UTF-8 with balanced brackets, where Korean is spoken in Korean. */
static const char *in_korean(const char *why)
{
    static const char *const said[][2] = {
        {"inside a string, '\\'", "문자열의 '\\' 뒤에 올 수 없는 글자가 있습니다"},
        {"invalid character inside string", "문자열에 제어 문자가 그대로 있습니다"},
        {"invalid (non-hex) character", "'\\u' 뒤에 16진수 네 자리가 아닌 것이 있습니다"},
        {"invalid char in json", "JSON에 올 수 없는 글자가 있습니다"},
        {"invalid string in json", "JSON에 올 수 없는 말이 있습니다"},
        {"digit is required after the exponent", "수의 지수에 숫자가 없습니다"},
        {"digit is required after the decimal", "소수점 뒤에 숫자가 없습니다"},
        {"digit is required after the minus", "빼기표 뒤에 숫자가 없습니다"},
        {"probable comment", "주석이 있습니다; JSON에는 주석을 쓸 수 없습니다"},
        {"unallowed token", "이 자리에 올 수 없는 것이 있습니다"},
        {"invalid object key", "키는 큰따옴표로 묶은 문자열이어야 합니다"},
        {"separated by a colon", "키와 값 사이에 ':'이 없습니다"},
        {"after key and value", "값 뒤에 ','나 '}'가 없습니다"},
        {"after array element", "배열의 값 뒤에 ','나 ']'가 없습니다"}};
    for (size_t i = 0; speaks_korean() && i < sizeof said / sizeof *said; i++)
        if (strstr(why, said[i][0])) return said[i][1];
    return why;
}

/* What is wrong with the part of the text that begins at `from`. */
static void explain(yajl_handle parser, frai_slice text, size_t from, struct json_fault *fault)
{
    unsigned char *why = yajl_get_error(parser, 0, NULL, 0);
    fault->at = from + yajl_get_bytes_consumed(parser);
    if (fault->at > text.len) fault->at = text.len;
    why[strcspn((char *)why, "\n")] = '\0';
    snprintf(fault->why, sizeof fault->why, "%s", in_korean((char *)why));
    yajl_free_error(parser, why);
}

static const yajl_callbacks callbacks = {.yajl_null = on_null,
                                         .yajl_boolean = on_boolean,
                                         .yajl_number = on_number,
                                         .yajl_string = on_string,
                                         .yajl_start_map = on_begin,
                                         .yajl_map_key = on_key,
                                         .yajl_end_map = on_end,
                                         .yajl_start_array = on_begin,
                                         .yajl_end_array = on_end};

/* text[at, end), by steps; *from: where the one that was read last begins. */
static yajl_status parse_part(yajl_handle parser, frai_slice text, size_t at, size_t end,
                              size_t *from)
{
    yajl_status status = yajl_status_ok;
    for (size_t n; at < end && status == yajl_status_ok; at += n) {
        n = end - at < LARGE_STEP ? end - at : LARGE_STEP;
        *from = at;
        status = yajl_parse(parser, (const unsigned char *)text.ptr + at, n);
        if (n == LARGE_STEP) large_rest();
    }
    return status;
}

/* The parser replaces a half pair by "?"; it is given an escape of U+FFFD in place of each. *from:
 * where what it read last begins. */
static yajl_status parse(yajl_handle parser, frai_slice text, unsigned long long *broken,
                         size_t *from)
{
    yajl_status status = yajl_status_ok;
    for (size_t at = 0; at < text.len && status == yajl_status_ok;) {
        size_t half = half_pair(text, at);
        *from = at;
        status = parse_part(parser, text, at, half, from);
        at = half;
        if (half == text.len || status != yajl_status_ok) continue;
        *from = at;
        status = yajl_parse(parser, (const unsigned char *)"\\ufffd", 6);
        at += 6;
        ++*broken;
    }
    if (status != yajl_status_ok) return status;
    *from = text.len;
    return yajl_complete_parse(parser);
}

enum json_result json_read_object(struct json_fields *f, frai_slice text,
                                  unsigned long long *broken, struct json_fault *fault)
{
    struct reader r = {.fields = f};
    yajl_alloc_funcs memory = {parser_allocate, parser_resize, parser_free, &r};
    yajl_handle volatile parser = NULL;
    enum json_result volatile result = JSON_MEMORY;
    for (int i = 0; i < f->count; i++) f->values[i].text.len = 0;
    if (setjmp(r.out) == 0) {
        size_t from = 0;
        parser = yajl_alloc(&callbacks, &memory, &r);
        yajl_config(parser, yajl_dont_validate_strings, 1); /* the text is UTF-8 */
        yajl_status status = parse(parser, text, broken, &from);
        if (status == yajl_status_ok)
            result = JSON_DONE;
        else if (!r.no_memory) {
            explain(parser, text, from, fault);
            result = JSON_MALFORMED;
        }
    }
    if (parser) yajl_free(parser);
    for (int i = 0; i < f->count; i++)
        if (f->values[i].text.failed) buffer_free(&f->values[i].text);
    return result;
}
