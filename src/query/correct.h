/* correct.h: corrects words that occur in no document: typed in the other keyboard layout, as
 * initial consonants, without spaces, or with a slip of a finger. */
#ifndef FR_QUERY_CORRECT_H
#define FR_QUERY_CORRECT_H

#include "query/searcher.h"

#define FR_SPACED_MIN   4u /* syllables of a word that may be two */
#define FR_SENTENCE_MIN 8u /* syllables of what is a sentence without spaces, not a word */

#define FR_INITIALS_WORDS 4u /* of a query that are taken as initial consonants */

struct fr_correction {
    uint64_t seen; /* in: words (a bit for each of the first 64) that some hit has */
    struct fr_buf *rewritten, *suggestion;
    bool changed;       /* out: the text is to be searched for instead */
    struct fr_buf text; /* out: the query, corrected; words of initials are left as typed */
    uint32_t initials;  /* out: how many words of initials there are; where in text they begin */
    uint32_t initials_at[FR_INITIALS_WORDS];
    uint32_t effort; /* words for which the expensive corrections were tried */
};

/* Corrects those words of a plan, just searched for, that no hit has. out->text is the query with
 * its words corrected; out->rewritten, if that differs from the query, is the same as it is shown,
 * with what initials stand for; out->suggestion also has slips of a finger mended, which the other
 * two have only if `fuzzy`. Each word is corrected for itself. Excluded words stay; quotes are left
 * out where documents have the quoted words apart. The caller frees out->text. */
frai_status fr_correct(struct fr_searcher *s, const struct fr_plan *plan, bool fuzzy,
                       struct fr_correction *out, frai_error *err);

/* The text of a plan with spaces put into words of at least `syllables` syllables that are made up
 * of other words; empty if there are none. Does not check whether documents have them unspaced. */
frai_status fr_correct_spacing(struct fr_searcher *s, const struct fr_plan *plan,
                               uint32_t syllables, struct fr_buf *out, frai_error *err);

#endif
