/* pretokenized.h: text that was cut into terms before. */
#ifndef FR_TEXT_PRETOKENIZED_H
#define FR_TEXT_PRETOKENIZED_H

#include "text/analyzer.h"

/* Appends a token for each term of text[from, to); one of one or two syllables is a pair, others
 * are words. */
void fr_pretokenized_analyze(struct fr_analyzer *a, const char *text, size_t from, size_t to);

#endif
