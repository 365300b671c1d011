/* lexicon_words.h: what a text teaches the lexicon: stems, and names in two scripts. */
#ifndef FR_TEXT_LEXICON_WORDS_H
#define FR_TEXT_LEXICON_WORDS_H

#include "text/analyzer.h"

/* Of the 어절 that begins with the run of Hangul [from, to): the run without particles, and again,
 * with a mark, if these show that it is a noun. */
void fr_lexicon_put_stem(struct fr_analyzer *a, const struct fr_folded *cps, size_t from,
                         size_t to);

/* 라 프렌치 테크(La French Tech): where as many words sound alike in order, each stretch of them is
 * a name of its own; otherwise the word before the parenthesis is, if it sounds like what is in it:
 * 설정(Transact-SQL) is no name. */
void fr_lexicon_put_names(struct fr_analyzer *a, const struct fr_folded *cps, size_t open,
                          size_t count);

#endif
