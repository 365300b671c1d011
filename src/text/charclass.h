/* charclass.h: what a folded code point is to the analyzer. */
#ifndef FR_TEXT_CHARCLASS_H
#define FR_TEXT_CHARCLASS_H

#include <stdbool.h>
#include <stdint.h>

#include "text/hangul.h"

enum fr_charclass {
    FR_CHAR_SPACE, /* white space and controls */
    FR_CHAR_LINE,  /* line and paragraph ends */
    FR_CHAR_PUNCT, /* everything that separates */
    FR_CHAR_DIGIT,
    FR_CHAR_LETTER, /* letters of alphabets: words */
    FR_CHAR_EMOJI,  /* a word each */
    FR_CHAR_HANGUL, /* from here on: syllables, cut into bigrams */
    FR_CHAR_HAN,
    FR_CHAR_KANA,
    FR_CHAR_JAMO,
    FR_CHAR_OLD_HANGUL /* conjoining letters: what folding leaves of old syllables */
};

enum fr_charclass fr_charclass_any(uint32_t folded);

static inline enum fr_charclass fr_charclass_of(uint32_t folded)
{
    return fr_is_syllable(folded) ? FR_CHAR_HANGUL : fr_charclass_any(folded);
}

bool fr_is_currency(uint32_t cp);

static inline bool fr_is_syllabic(enum fr_charclass c)
{
    return c >= FR_CHAR_HANGUL;
}

#endif
