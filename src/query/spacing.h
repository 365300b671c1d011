/* spacing.h: words typed without the spaces between them. */
#ifndef FR_QUERY_SPACING_H
#define FR_QUERY_SPACING_H

#include "query/searcher.h"

/* Cuts a word where spaces may be missing and appends its pieces to `out`, spaces between them.
 * `loose`: also after punctuation. */
struct fr_spacing {
    uint32_t pieces, syllables;
    uint32_t unknown; /* syllables in pieces that no lexicon has */
    uint32_t lone;    /* pieces of one syllable */
};
frai_status fr_spacing_split(struct fr_searcher *s, frai_slice word, bool loose, struct fr_buf *out,
                             struct fr_spacing *found, frai_error *err);

/* Is the word a date (2005년 5월 21일), or a number typed with spaces? Appends its parts, commas
 * between them; of a date, unless `apart`, only the day without the year, as one word (5월21일). */
enum fr_spaced_number { FR_NO_NUMBER, FR_NUMBER, FR_DATE };
enum fr_spaced_number fr_spacing_number(struct fr_searcher *s, frai_slice word, bool apart,
                                        struct fr_buf *out);

#endif
