/* hangul.h: syllables (U+AC00..D7A3) and the letters that they are made of, by the arithmetic of
 * the Unicode Standard 15.0, 3.12. Letters stand as compatibility letters (U+3131..3163). */
#ifndef FR_TEXT_HANGUL_H
#define FR_TEXT_HANGUL_H

#include <stdbool.h>
#include <stdint.h>

#define FR_JAMO_INITIALS    19
#define FR_JAMO_FINALS      28
#define FR_JAMO_FIRST_VOWEL 0x314Fu /* the vowels are in order */

/* In the order of syllables; the first final is none, 0. */
extern const uint16_t fr_jamo_initials[FR_JAMO_INITIALS];
extern const uint16_t fr_jamo_finals[FR_JAMO_FINALS];

/* The number of a consonant among the initials, -1 if it is none. */
static inline int fr_jamo_initial(uint32_t letter)
{
    for (int i = 0; i < FR_JAMO_INITIALS; i++)
        if (fr_jamo_initials[i] == letter) return i;
    return -1;
}

#define FR_SYLLABLE_FIRST 0xAC00u
#define FR_SYLLABLE_LAST  0xD7A3u
#define FR_JAMO_VOWELS    21u
/* Syllables that share an initial. */
#define FR_INITIAL_SYLLABLES (FR_JAMO_VOWELS * FR_JAMO_FINALS)

/* Letters by their numbers among the initials, vowels and finals (0: none). */
struct fr_syllable_letters {
    uint32_t initial, vowel, final;
};

static inline bool fr_is_syllable(uint32_t cp)
{
    return cp >= FR_SYLLABLE_FIRST && cp <= FR_SYLLABLE_LAST;
}

static inline struct fr_syllable_letters fr_syllable_split(uint32_t syllable)
{
    uint32_t s = syllable - FR_SYLLABLE_FIRST;
    return (struct fr_syllable_letters){
        s / FR_INITIAL_SYLLABLES, s % FR_INITIAL_SYLLABLES / FR_JAMO_FINALS, s % FR_JAMO_FINALS};
}

static inline uint16_t fr_syllable_join(uint32_t initial, uint32_t vowel, uint32_t final)
{
    return (uint16_t)(FR_SYLLABLE_FIRST + (initial * FR_JAMO_VOWELS + vowel) * FR_JAMO_FINALS +
                      final);
}

#endif
