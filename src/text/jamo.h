/* jamo.h: the letters of Hangul syllables, as compatibility letters (U+3131..3163). */
#ifndef FR_TEXT_JAMO_H
#define FR_TEXT_JAMO_H

#include <stdint.h>

#define FR_JAMO_INITIALS    19
#define FR_JAMO_FINALS      28
#define FR_JAMO_FIRST_VOWEL 0x314Fu /* the vowels are in order */

/* In the order of syllables (Unicode 15, 3.12); the first final is none, 0. */
extern const uint16_t fr_jamo_initials[FR_JAMO_INITIALS];
extern const uint16_t fr_jamo_finals[FR_JAMO_FINALS];

/* The number of a consonant among the initials, -1 if it is none. */
static inline int fr_jamo_initial(uint32_t letter)
{
    for (int i = 0; i < FR_JAMO_INITIALS; i++)
        if (fr_jamo_initials[i] == letter) return i;
    return -1;
}

#endif
