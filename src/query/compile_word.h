/* compile_word.h: a word of the query text → a word of the query, with the terms that may cover its
 * syllables. */
#ifndef FR_QUERY_COMPILE_WORD_H
#define FR_QUERY_COMPILE_WORD_H

#include "query/query.h"
#include "text/stem.h"

struct fr_word_kind {
    bool negative, phrase;
    bool whole; /* never more than one word: a phrase if a sentence ends in it */
};

/* Adds the word text[begin, end), or several words if a sentence ends in it. A word that the query
 * has already is not added again. False: out of memory. */
bool fr_query_put_word(struct fr_query *q, frai_slice text, size_t begin, size_t end,
                       struct fr_word_kind kind, struct fr_analyzer *analyzer,
                       struct fr_stemmer *stemmer);

/* Lets a text, which may have spaces, stand for the whole word w. False: out of memory. */
bool fr_query_put_text(struct fr_query *q, struct fr_query_word *w, struct fr_analyzer *a,
                       frai_slice text, float boost);

#endif
