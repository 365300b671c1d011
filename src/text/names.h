/* names.h: names that a text gives in two scripts: 미스트랄(Mistral). */
#ifndef FR_TEXT_NAMES_H
#define FR_TEXT_NAMES_H

#include <stdbool.h>

#include "text/fold.h"

#define FR_NAME_WORDS 4u

/* Words of folded characters, [begin, end) each, in order. */
struct fr_name_words {
    size_t begin[FR_NAME_WORDS], end[FR_NAME_WORDS];
    size_t count;
};

/* A parenthesis opens at `open`: the Hangul words before it (the last ones, if there are more) and
 * the Latin words in it. False: there are none, or something else is in it. */
bool fr_names_read(const struct fr_folded *cps, size_t open, size_t count,
                   struct fr_name_words *hangul, struct fr_name_words *latin);

/* Could the Latin letters be what the syllables say? Compares consonants in order, voiced, tense
 * and aspirated ones alike: 프렌치 and french, not 회장 and chairman. */
bool fr_names_sound_alike(const struct fr_folded *hangul, size_t syllables,
                          const struct fr_folded *latin, size_t letters);

#endif
