/* fuzzy.h: words with a typing error. */
#ifndef FR_QUERY_FUZZY_H
#define FR_QUERY_FUZZY_H

#include "query/context.h"

/* Appends the word of the lexicon that is nearest to a word of syllables, in keystrokes of the
 * 두벌식 layout: at most one off for up to four syllables, two for more. Appends nothing if there
 * is no such word. */
frai_status fr_fuzzy_nearest(struct fr_context *ctx, frai_slice word, struct fr_buf *out,
                             frai_error *err);

/* Puts into out the commonest word whose keystrokes begin with all of the typed word's and go on by
 * two or more within its last syllable, of three or more (도서고, 도서관). Nothing: there is none.
 */
frai_status fr_fuzzy_begun(struct fr_context *ctx, frai_slice word, struct fr_buf *out,
                           frai_error *err);

#endif
