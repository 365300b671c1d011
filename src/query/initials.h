/* initials.h: 초성, words written as their initial consonants. */
#ifndef FR_QUERY_INITIALS_H
#define FR_QUERY_INITIALS_H

#include "query/context.h"

/* Is the word nothing but initial consonants, two or more? */
bool fr_initials_are(frai_slice word);

/* Appends the words that the initials may stand for, cut to the number of initials, those of most
 * documents first, with commas between them. Appends nothing if there are none. */
frai_status fr_initials_best(struct fr_context *ctx, frai_slice word, struct fr_buf *out,
                             frai_error *err);

/* Lets words of initial consonants stand for words that begin with them. words: a bit for each of
 * the first 64 that no document has as it is. */
frai_status fr_expand_initials(struct fr_context *ctx, struct fr_query *q, uint64_t words,
                               frai_error *err);

#endif
