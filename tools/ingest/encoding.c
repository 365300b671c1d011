#include "encoding.h"

#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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
