/* compile_word.h: turns a word of the query text into a word of the query, with the terms that may
 * cover its syllables. */
#ifndef FR_QUERY_COMPILE_WORD_H
#define FR_QUERY_COMPILE_WORD_H

#include "query/query.h"
#include "text/stem.h"

struct fr_typed_word {
    size_t begin, end; /* bytes of the text */
    bool negative, phrase;
    bool whole; /* always one word: a phrase if a sentence ends in it */
};

/* Adds a word of the text, or several words if a sentence ends in it. A word that the query already
 * has is not added again. False: out of memory. */
bool fr_query_put_word(struct fr_query *q, frai_slice text, const struct fr_typed_word *word,
                       struct fr_analyzer *analyzer, struct fr_stemmer *stemmer);

/* Makes the word `syllables` wide: what covered its last syllable covers the new ones too. */
void fr_query_widen(struct fr_query *q, struct fr_query_word *w, uint32_t syllables);

/* Lets a text, which may contain spaces, stand for the whole of word w. False: out of memory. */
bool fr_query_put_text(struct fr_query *q, struct fr_query_word *w, struct fr_analyzer *a,
                       frai_slice text, float boost);

#endif
