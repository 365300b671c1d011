/* Escapes as RFC 8259 has them, and more where a terminal would obey. */
#include "json_text.h"

#include <string.h>

#include "clean.h"

static void put_escaped(FILE *out, uint32_t cp)
{
    static const char letters[] = "\b\t\n\f\r", names[] = "btnfr";
    const char *letter = cp ? strchr(letters, (int)cp) : NULL;
    if (cp < 0x20 && letter)
        fprintf(out, "\\%c", names[letter - letters]);
    else if (cp >= 0x10000)
        fprintf(out, "\\u%04x\\u%04x", 0xD800 + ((cp - 0x10000) >> 10), 0xDC00 + (cp & 0x3FF));
    else
        fprintf(out, "\\u%04x", cp);
}

void put_json_string(FILE *out, frai_slice text)
{
    putc('"', out);
    for (size_t at = 0; at < text.len;) {
        uint32_t cp;
        size_t n = utf8_at(text, at, &cp);
        if (n == 0)
            fputs("\xEF\xBF\xBD", out);
        else if (cp == '"' || cp == '\\')
            fprintf(out, "\\%c", (int)cp);
        else if (cp < 0x20 || cp == 0x7F || is_deceptive(cp))
            put_escaped(out, cp);
        else
            fwrite(text.ptr + at, 1, n, out);
        at += n ? n : 1;
    }
    putc('"', out);
}

void put_json_member(FILE *out, const char *name, frai_slice text)
{
    fprintf(out, ",\"%s\":", name);
    put_json_string(out, text);
}

static bool is_utf8(frai_slice text)
{
    uint32_t cp;
    for (size_t at = 0; at < text.len;) {
        size_t n = utf8_at(text, at, &cp);
        if (n == 0) return false;
        at += n;
    }
    return true;
}

void put_json_name(FILE *out, const char *name, frai_slice text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    put_json_member(out, name, text);
    if (is_utf8(text)) return;
    fprintf(out, ",\"%s_bytes\":\"", name);
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (c && strchr(plain, c))
            putc(c, out);
        else
            fprintf(out, "%%%02X", (unsigned)(unsigned char)c);
    }
    putc('"', out);
}
