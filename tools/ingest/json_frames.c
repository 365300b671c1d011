/* Counts brackets outside of strings. */
#include "json_frames.h"

#include <string.h>

static bool is_white(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\x1E' || c == '\0';
}

/* Is what comes at `at` escaped by the backslashes before it, from `begin` on? */
static bool is_escaped(frai_slice text, size_t begin, size_t at)
{
    size_t first = at;
    while (first > begin && text.ptr[first - 1] == '\\') first--;
    return (at - first) % 2;
}

/* Behind the end of the string that text[s->at] is in. */
static enum json_step scan_string(struct json_scan *s, frai_slice text)
{
    while (s->at < text.len) {
        const char *from = text.ptr + s->at, *quote = memchr(from, '"', text.len - s->at);
        size_t begin = s->at, end = quote ? (size_t)(quote - text.ptr) : text.len;
        const char *line_end = memchr(from, '\n', end - begin);
        if (line_end) {
            s->at = (size_t)(line_end - text.ptr);
            return JSON_WRONG;
        }
        if (s->escaped && begin < end) begin++; /* the first is */
        bool escaped = begin > s->at || !s->escaped ? is_escaped(text, begin, end) : true;
        s->at = end + (quote != NULL);
        s->escaped = quote ? false : escaped;
        if (!quote || escaped) continue;
        s->in_string = false;
        s->last = '"';
        return JSON_FOUND;
    }
    return JSON_MORE;
}

enum json_step json_scan_object(struct json_scan *s, frai_slice text)
{
    while (s->at < text.len) {
        if (s->in_string) {
            enum json_step step = scan_string(s, text);
            if (step != JSON_FOUND) return step;
            continue;
        }
        char c = text.ptr[s->at];
        bool opens = c == '{' || c == '[';
        if ((opens || c == '"') && s->depth > 0 && !strchr(c == '"' ? ":,[{" : ":,[", s->last))
            return JSON_WRONG;
        s->at++;
        s->lines |= c == '\n';
        s->in_string = c == '"';
        if (opens) s->depth++;
        if ((c == '}' || c == ']') && --s->depth == 0) return JSON_FOUND;
        if (!is_white(c)) s->last = c;
    }
    return JSON_MORE;
}

enum json_step json_next_object(struct json_place *p, frai_slice text, size_t *at)
{
    for (; *at < text.len; ++*at) {
        char c = text.ptr[*at];
        if (is_white(c)) continue;
        if (c == '{' && !(p->in_array && p->follows)) return JSON_FOUND;
        if (c == '[' && !p->in_array)
            *p = (struct json_place){.in_array = true};
        else if (c == ',' && p->follows)
            *p = (struct json_place){.in_array = p->in_array, .comma = true};
        else if (c == ']' && p->in_array && !p->comma)
            *p = (struct json_place){.follows = true};
        else
            return JSON_WRONG;
    }
    return JSON_MORE;
}
