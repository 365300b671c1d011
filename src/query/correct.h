/* correct.h: words that no document has: typed in the other keyboard layout, as initial consonants,
 * without spaces, or with a slip of a finger. */
#ifndef FR_QUERY_CORRECT_H
#define FR_QUERY_CORRECT_H

#include "query/searcher.h"

#define FR_SPACED_MIN   4u /* syllables of a word that may be two */
#define FR_SENTENCE_MIN 8u /* syllables of what is a sentence without spaces, not a word */

struct fr_correction {
    bool changed;      /* s->rewritten differs from the query */
    uint64_t initials; /* words (a bit each) that are initial consonants */
    uint32_t effort;   /* words that much was done for */
};

/* Looks at the words of s->query, just searched for as `query`, that no hit has. Puts the query
 * with those corrected into s->rewritten (if anything changed), and into s->suggestion what it
 * would be with slips mended, unless `fuzzy`: then they are mended in s->rewritten too. Acts per
 * word; words in quotes and excluded ones stay. Replaces s->query. */
frai_status fr_correct(struct fr_searcher *s, frai_slice query, bool fuzzy,
                       struct fr_correction *out, frai_error *err);

/* The query with spaces put into those words of s->query, of so many syllables or more, that are
 * made of other words; nothing if none is. Whether some document has them as they are is not looked
 * at. replaced: s->query is another. */
frai_status fr_correct_spacing(struct fr_searcher *s, frai_slice query, uint32_t syllables,
                               struct fr_buf *out, bool *replaced, frai_error *err);

/* spacing.c: a word cut where spaces may have been, appended to out with them; `loose`: behind
 * punctuation too. */
struct fr_spacing {
    uint32_t pieces, syllables;
    uint32_t unknown; /* syllables in pieces that no lexicon has */
    uint32_t lone;    /* pieces of one syllable */
    bool counted;     /* documents were counted: s->query is another */
};
frai_status fr_spacing_split(struct fr_searcher *s, frai_slice word, bool loose, struct fr_buf *out,
                             struct fr_spacing *found, frai_error *err);

/* fuzzy.c: appends the word of the lexicon that is nearest to a word of syllables, by keystrokes of
 * the 두벌식 layout: one off for up to four syllables, two for more. Nothing if none is. */
frai_status fr_fuzzy_nearest(struct fr_searcher *s, frai_slice word, struct fr_buf *out,
                             frai_error *err);

#endif
