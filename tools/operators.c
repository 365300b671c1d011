/* Words of the query are compared with operators of other engines; the user is told that they were
 * words. */
#include "operators.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct word {
    const char *ptr;
    size_t len;
};

static bool is_one_of(const char *const *list, struct word w)
{
    for (; *list; list++)
        if (strlen(*list) == w.len && memcmp(*list, w.ptr, w.len) == 0) return true;
    return false;
}

/* A syllable or letter of Hangul. */
static bool has_hangul(struct word w)
{
    for (size_t i = 0; i + 2 < w.len; i++) {
        const unsigned char *p = (const unsigned char *)w.ptr + i;
        unsigned cp = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
        if ((p[0] & 0xF0) == 0xE0 &&
            ((cp >= 0xAC00 && cp <= 0xD7A3) || (cp >= 0x3131 && cp <= 0x318E)))
            return true;
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_digit(struct word w)
{
    for (size_t i = 0; i < w.len; i++)
        if (is_digit(w.ptr[i])) return true;
    return false;
}

/* AND; and, where the words beside it are Korean. */
static bool is_boolean(struct word before, struct word w, struct word after)
{
    static const char *const upper[] = {"AND", "OR", "NOT", "NEAR", NULL}, *const lower[] = {
                                                                               "and", "or", "not",
                                                                               NULL};
    struct word near = {w.ptr, 4};
    if (before.len + after.len == 0) return false;
    if (is_one_of(upper, w)) return true;
    if (w.len > 4 && (w.ptr[4] == '/' || w.ptr[4] == '(') && is_one_of(upper, near)) return true;
    return is_one_of(lower, w) && has_hangul(before) && has_hangul(after);
}

/* title:투자, or title: before a word; how long the name is with its colon, or 0. */
static size_t field_name(struct word before, struct word w, struct word after)
{
    static const char *const fields[] = {"title",    "body",   "id",   "url",     "path",
                                         "date",     "source", "site", "intitle", "inurl",
                                         "filetype", "author", NULL};
    const char *colon = memchr(w.ptr, ':', w.len);
    size_t n = colon ? (size_t)(colon - w.ptr) : 0;
    if (n == 0 || !is_one_of(fields, (struct word){w.ptr, n})) return 0;
    if (n + 1 == w.len) return before.len + after.len ? n + 1 : 0;
    return w.ptr[n + 1] == '/' ? 0 : n + 1;
}

/* 투자~2, 투자~0.8: to so many slips, which are 0 to 2; "말 말"~3. */
static bool is_fuzzy(struct word w)
{
    const char *tilde = memrchr(w.ptr, '~', w.len);
    size_t n = tilde ? (size_t)(tilde - w.ptr) : 0, digits = tilde ? w.len - n - 1 : 0;
    if (n == 0 || digits == 0 || !is_digit(tilde[1])) return false;
    bool fraction = digits > 2 && tilde[2] == '.' && is_digit(tilde[3]);
    if (tilde[-1] == '"') return digits == 1;
    return !has_digit((struct word){w.ptr, n}) && (fraction || (digits == 1 && tilde[1] <= '2'));
}

/* 투자*, news*: a star behind two letters at the least, the only one. */
static bool is_prefix(struct word w)
{
    return w.len > 2 && memchr(w.ptr, '*', w.len) == w.ptr + w.len - 1 &&
           ((unsigned char)w.ptr[w.len - 2] >= 0x80 || strchr("\"')]", w.ptr[w.len - 2]) == NULL);
}

static struct word next_word(const char **at)
{
    *at += strspn(*at, " \t\r\n");
    struct word w = {*at, strcspn(*at, " \t\r\n")};
    *at += w.len;
    return w;
}

int find_operators(const char *query, char *out, size_t room)
{
    int kinds = 0;
    size_t used = 0;
    bool quoted = false;
    const char *at = query;
    struct word before = {"", 0}, w = next_word(&at);
    out[0] = '\0';
    while (w.len > 0) {
        struct word after = next_word(&at);
        bool inside = quoted;
        for (size_t i = 0; i < w.len; i++) quoted ^= w.ptr[i] == '"';
        size_t field = inside ? 0 : field_name(before, w, after), n = field ? field : w.len;
        int kind = field || (!inside && is_boolean(before, w, after)) ? OPERATOR_WORD
                   : !quoted && is_fuzzy(w)                           ? OPERATOR_FUZZY
                   : !inside && !quoted && is_prefix(w)               ? OPERATOR_PREFIX
                                                                      : 0;
        if (kind && memmem(out, used, w.ptr, n) == NULL && used + n + 3 < room) {
            used += (size_t)snprintf(out + used, room - used, "%s%.*s", used ? ", " : "", (int)n,
                                     w.ptr);
            kinds |= kind;
        }
        before = w;
        w = after;
    }
    return kinds;
}
