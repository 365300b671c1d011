/* Tables of vowels and initials that are confused, tried on one syllable at a time. */
#include "text/spelling.h"
#include "text/hangul.h"

/* In the order of syllables (Unicode 15, 3.12). */
enum initial { G, GG, N, D, DD, R, M, B, BB, S, SS, NONE, J, JJ, C, K, T, P, H };
enum vowel { A, AE, YA, YAE, EO, E, YEO, YE, O, WA, WAE, OE, YO, U, WO, WE, WI, YU, EU, YI, I };

#define BIT(x) (1u << (x))
#define ALL    0x7FFFFu

/* Vowels that take each other's place behind one of the initials. */
static const struct {
    uint8_t one, other;
    uint32_t initials;
    bool inside; /* not in a word's first syllable */
} vowels[] = {
    {EO, O, BIT(K) | BIT(T) | BIT(P) | BIT(B) | BIT(R), false},
    {E, I, BIT(S), true},
    {AE, E, ALL, false},
    {A, AE, BIT(NONE), false},
    {A, EO, BIT(T) | BIT(S), false},
    {YA, A, BIT(J) | BIT(C), false},
    {YEO, EO, BIT(J) | BIT(C), false},
    {YO, O, BIT(J) | BIT(C), false},
    {YU, U, BIT(J) | BIT(C), false},
    {WI, I, BIT(S), false},
};

/* Tense consonants that are written for plain and aspirated ones. */
static const struct {
    uint8_t tense, plain;
} initials[] = {{GG, K}, {DD, T}, {BB, P}, {SS, S}, {JJ, J}};

size_t fr_spelling_others(uint32_t syllable, bool first, uint16_t out[FR_SPELLINGS])
{
    size_t n = 0;
    if (!fr_is_syllable(syllable)) return 0;
    struct fr_syllable_letters l = fr_syllable_split(syllable);
    uint32_t initial = l.initial, vowel = l.vowel, final = l.final;
    for (size_t i = 0; i < sizeof vowels / sizeof *vowels && n < FR_SPELLINGS; i++) {
        bool one = vowels[i].one == vowel, other = vowels[i].other == vowel;
        if ((!one && !other) || !(vowels[i].initials >> initial & 1) || (vowels[i].inside && first))
            continue;
        uint32_t to = one ? vowels[i].other : vowels[i].one;
        out[n++] = fr_syllable_join(initial, to, final);
    }
    for (size_t i = 0; first && i < sizeof initials / sizeof *initials && n < FR_SPELLINGS; i++) {
        bool tense = initials[i].tense == initial;
        if (!tense && initials[i].plain != initial) continue;
        uint32_t to = tense ? initials[i].plain : initials[i].tense;
        out[n++] = fr_syllable_join(to, vowel, final);
    }
    return n;
}
