/* correct.h: corrects words that occur in no document: typed in the other keyboard layout, as
 * initial consonants, without spaces, or with a typing error. */
#ifndef FR_QUERY_CORRECT_H
#define FR_QUERY_CORRECT_H

#include "query/searcher.h"

#define FR_SPACED_MIN 4u /* syllables of a word that may be two */
#define FR_SENTENCE_MIN                                                                            \
    8u /* syllables from which on a word is taken for a sentence without spaces */

#define FR_INITIALS_WORDS 4u /* of a query that are taken as initial consonants */

struct fr_correction {
    uint64_t seen; /* in: words (a bit for each of the first 64) that some hit has */
    struct fr_buf *rewritten, *suggestion, *replaced;
    bool changed;       /* out: the text is to be searched for instead */
    struct fr_buf text; /* out: the query, corrected; words of initials are left as typed */
    uint32_t initials;  /* out: how many words of initials there are; where in text they begin */
    uint32_t initials_at[FR_INITIALS_WORDS];
    uint32_t effort; /* words for which the expensive corrections were tried */
};

/* Corrects the words of a plan that no hit of its search has, each by itself. out->text is the
 * corrected query. If it differs from the query, out->rewritten is the text to show: the same, with
 * the words that initials stand for. out->suggestion also corrects typing errors; the other two do
 * so only if `fuzzy`. out->replaced has a line of each word that out->rewritten lacks. Excluded
 * words are kept; quotes are dropped where documents have the quoted words, but not as a phrase.
 * The caller frees out->text. */
frai_status fr_correct(struct fr_searcher *s, const struct fr_plan *plan, bool fuzzy,
                       struct fr_correction *out, frai_error *err);

/* The text of a plan with spaces put into words of at least `syllables` syllables that are made up
 * of other words; empty if there are none. Does not check whether documents have them unspaced. */
frai_status fr_correct_spacing(struct fr_searcher *s, const struct fr_plan *plan,
                               uint32_t syllables, struct fr_buf *out, frai_error *err);

/* Appends a line "word \t instead". */
void fr_put_replaced(struct fr_buf *out, frai_slice word, frai_slice instead);

#endif
