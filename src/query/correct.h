/* correct.h: words that no document has: typed in the other keyboard layout, as initial consonants,
 * without spaces, or with a slip of a finger. */
#ifndef FR_QUERY_CORRECT_H
#define FR_QUERY_CORRECT_H

#include "query/searcher.h"

#define FR_SPACED_MIN   4u /* syllables of a word that may be two */
#define FR_SENTENCE_MIN 8u /* syllables of what is a sentence without spaces, not a word */

#define FR_INITIALS_WORDS 4u /* of a query that are taken as initial consonants */

struct fr_correction {
    uint64_t seen; /* in: words (a bit for each of the first 64) that some hit has */
    struct fr_buf *rewritten, *suggestion;
    bool changed;       /* text is to be searched for */
    struct fr_buf text; /* the query with its words corrected; those of initials as typed */
    uint32_t initials;  /* words of initials, and where in text they begin */
    uint32_t initials_at[FR_INITIALS_WORDS];
    uint32_t effort; /* words that much was done for */
};

/* Looks at the words of a plan, just searched for, that no hit has. Puts its text with those
 * corrected into out->text and, as it is to be shown, with what initials stand for, into
 * out->rewritten (if that differs from the text); into out->suggestion what it would be with slips
 * mended, unless `fuzzy`: then they are mended in the others too. Acts per word; excluded ones
 * stay, and quotes around words that documents have apart are left out. out->text is the caller's
 * to free. */
frai_status fr_correct(struct fr_searcher *s, const struct fr_plan *plan, bool fuzzy,
                       struct fr_correction *out, frai_error *err);

/* A plan's text with spaces put into those of its words, of so many syllables or more, that are
 * made of other words; nothing if none is. Whether some document has them as they are is not looked
 * at. */
frai_status fr_correct_spacing(struct fr_searcher *s, const struct fr_plan *plan,
                               uint32_t syllables, struct fr_buf *out, frai_error *err);

#endif
