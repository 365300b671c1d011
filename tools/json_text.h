/* json_text.h: JSON of any bytes: valid, and in UTF-8, always. */
#ifndef FRAI_TOOLS_JSON_TEXT_H
#define FRAI_TOOLS_JSON_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "frai/common.h"

/* A string: NUL and whatever could drive a terminal as \u escapes, broken UTF-8 as U+FFFD. */
void put_json_string(FILE *out, frai_slice text);

/* `,"name":"text"`, or with first true no comma before it. */
void put_json_member(FILE *out, const char *name, frai_slice text);

/* The same of a name whose bytes count: where they are no UTF-8, `,"name_bytes":"b%F0.txt"`
 * follows, with every byte but letters, digits and -._~/ percent-encoded (RFC 3986). */
void put_json_name(FILE *out, const char *name, frai_slice text);

#endif
