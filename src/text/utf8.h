/* utf8.h: decoding of bytes that may be broken, encoding of code points. */
#ifndef FR_TEXT_UTF8_H
#define FR_TEXT_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define FR_REPLACEMENT 0xFFFDu

uint32_t fr_utf8_next_any(const char *text, size_t len, size_t *at);

/* Reads one code point at text[*at], len > *at, and moves *at on. Ill-formed bytes give U+FFFD for
 * each maximal subpart (Unicode 15, 3.9, "Substitution of Maximal Subparts"). */
static inline uint32_t fr_utf8_next(const char *text, size_t len, size_t *at)
{
    const unsigned char *s = (const unsigned char *)text + *at;
    if (s[0] >= 0xE1 && s[0] <= 0xEC && len - *at >= 3 && s[1] >> 6 == 2 && s[2] >> 6 == 2) {
        *at += 3; /* most of Hangul */
        return (s[0] & 0xFu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
    }
    return fr_utf8_next_any(text, len, at);
}

/* Writes at most four bytes, returns how many. */
size_t fr_utf8_put(char *out, uint32_t cp);

#endif
