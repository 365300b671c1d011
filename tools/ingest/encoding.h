/* encoding.h: bytes of any supported encoding → UTF-8. */
#ifndef FRAI_TOOLS_ENCODING_H
#define FRAI_TOOLS_ENCODING_H

#include <stddef.h>

enum encoding { ENCODING_UTF8, ENCODING_CP949, ENCODING_UTF16, ENCODING_BROKEN, ENCODINGS };

/* malloc'ed, with a NUL behind; NULL: out of memory. */
char *to_utf8(const char *bytes, size_t len, size_t *out_len, enum encoding *encoding);

#endif
