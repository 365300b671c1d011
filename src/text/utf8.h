/* utf8.h: decoding of bytes that may be broken, encoding of code points. */
#ifndef FR_TEXT_UTF8_H
#define FR_TEXT_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define FR_REPLACEMENT 0xFFFDu

/* Reads one code point at text[*at], len > *at, and moves *at on. Ill-formed bytes give U+FFFD for
 * each maximal subpart (Unicode 15, 3.9, "Substitution of Maximal Subparts"). */
uint32_t fr_utf8_next(const char *text, size_t len, size_t *at);

/* Writes at most four bytes, returns how many. */
size_t fr_utf8_put(char *out, uint32_t cp);

/* How many U+FFFD a decoder would put in for broken bytes; 0 means the text is valid. */
size_t fr_utf8_count_broken(const char *text, size_t len);

#endif
