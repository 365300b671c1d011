/* title.h: what of a title has to be the same as a query for the two to be equal. */
#ifndef FR_TEXT_TITLE_H
#define FR_TEXT_TITLE_H

#include "text/fold.h"

/* Appends the letters and digits of folded text, without punctuation. Where two words that are no
 * syllables (Latin ones, numbers) stand apart, a space is kept; none between syllables. */
void fr_title_put(struct fr_buf *out, const struct fr_folded *cps, size_t count);

#endif
