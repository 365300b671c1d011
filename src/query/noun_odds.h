/* noun_odds.h: is a word of the query a noun? Without a dictionary: by what follows it in the text.
 * Nouns say what a text is about; verbs, adverbs and determiners vary, or stand everywhere, and
 * weigh less. */
#ifndef FR_QUERY_NOUN_ODDS_H
#define FR_QUERY_NOUN_ODDS_H

#include "query/model.h"
#include "segment/lexicon.h"

/* How likely the stem is a noun, 0 to 1; predicate: the query has a verb's ending behind it. */
float fr_noun_probability(const struct fr_noun_model *model, const struct fr_stem_docs *docs,
                          bool predicate);

#endif
