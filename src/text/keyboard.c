/* Keys become letters and these syllables, greedily, as an input method composes them; and back. */
#include "text/keyboard.h"

#include "base/bytes.h"
#include "text/hangul.h"
#include "text/utf8.h"

/* Jamo here are compatibility letters (U+3131..3163). KS X 5002 layout. */
static const uint16_t key_jamo[26] = {
    0x3141, 0x3160, 0x314A, 0x3147, 0x3137, 0x3139, 0x314E, 0x3157, 0x3151, /* a b c d e f g h i */
    0x3153, 0x314F, 0x3163, 0x3161, 0x315C, 0x3150, 0x3154, 0x3142, 0x3131, /* j k l m n o p q r */
    0x3134, 0x3145, 0x3155, 0x314D, 0x3148, 0x314C, 0x315B, 0x314B};        /* s t u v w x y z */
static const struct {
    char key;
    uint16_t jamo;
} shifted[] = {{'Q', 0x3143}, {'W', 0x3149}, {'E', 0x3138}, {'R', 0x3132},
               {'T', 0x3146}, {'O', 0x3152}, {'P', 0x3156}};

/* Letters typed with two keys. */
static const struct {
    uint16_t first, second, both;
} compounds[] = {{0x3157, 0x314F, 0x3158}, {0x3157, 0x3150, 0x3159}, {0x3157, 0x3163, 0x315A},
                 {0x315C, 0x3153, 0x315D}, {0x315C, 0x3154, 0x315E}, {0x315C, 0x3163, 0x315F},
                 {0x3161, 0x3163, 0x3162}, {0x3131, 0x3145, 0x3133}, {0x3134, 0x3148, 0x3135},
                 {0x3134, 0x314E, 0x3136}, {0x3139, 0x3131, 0x313A}, {0x3139, 0x3141, 0x313B},
                 {0x3139, 0x3142, 0x313C}, {0x3139, 0x3145, 0x313D}, {0x3139, 0x314C, 0x313E},
                 {0x3139, 0x314D, 0x313F}, {0x3139, 0x314E, 0x3140}, {0x3142, 0x3145, 0x3144}};
#define COMPOUNDS (sizeof compounds / sizeof *compounds)

#define KEYS_MAX 256u

static bool is_vowel(uint32_t jamo)
{
    return jamo >= 0x314F && jamo <= 0x3163;
}

static uint16_t jamo_of_key(char key)
{
    if (key >= 'A' && key <= 'Z') {
        for (size_t i = 0; i < sizeof shifted / sizeof *shifted; i++)
            if (shifted[i].key == key) return shifted[i].jamo;
        key = (char)(key + 32);
    }
    return key >= 'a' && key <= 'z' ? key_jamo[key - 'a'] : 0;
}

static uint16_t compound(uint16_t first, uint16_t second)
{
    if (is_vowel(first) != is_vowel(second)) return 0;
    for (size_t i = 0; i < COMPOUNDS; i++)
        if (compounds[i].first == first && compounds[i].second == second) return compounds[i].both;
    return 0;
}

/* The letters that begin a syllable and those that end one, a bit each from U+3131 on. Both lists
 * (fr_jamo_initials, fr_jamo_finals) ascend, so the bits below a letter's count its place. */
#define INITIALS 0x3ff701cbu
#define FINALS   0x3efbff7fu

static int place(uint64_t list, uint16_t jamo)
{
    uint64_t bit = jamo >= 0x3131 && jamo <= 0x3163 ? 1ull << (jamo - 0x3131) : 0;
    return list & bit ? (int)fr_popcount(list & (bit - 1)) : -1;
}

/* One syllable from jamo[at..]; returns letters taken, 0 if none can begin here. A consonant before
 * a vowel belongs to the next syllable. */
static size_t take_syllable(const uint16_t *jamo, size_t at, size_t count, uint32_t *syllable)
{
    size_t i = at;
    int initial = place(INITIALS, jamo[i]);
    if (initial < 0 || ++i >= count || !is_vowel(jamo[i])) return 0;
    uint16_t vowel = jamo[i++], final = 0;
    if (i < count && compound(vowel, jamo[i])) vowel = compound(vowel, jamo[i++]);
    bool closes = i < count && place(FINALS, jamo[i]) >= 0;
    if (closes && !(i + 1 < count && is_vowel(jamo[i + 1]))) {
        final = jamo[i++];
        bool more =
            i < count && compound(final, jamo[i]) && place(FINALS, compound(final, jamo[i])) >= 0;
        if (more && !(i + 1 < count && is_vowel(jamo[i + 1]))) final = compound(final, jamo[i++]);
    }
    *syllable = fr_syllable_join((uint32_t)initial, vowel - FR_JAMO_FIRST_VOWEL,
                                 final ? (uint32_t)place(FINALS, final) + 1 : 0);
    return i - at;
}

bool fr_keyboard_to_hangul(const char *text, size_t len, struct fr_buf *out)
{
    uint16_t jamo[KEYS_MAX];
    if (len == 0 || len > KEYS_MAX) return false;
    for (size_t i = 0; i < len; i++)
        if (!(jamo[i] = jamo_of_key(text[i]))) return false;
    for (size_t at = 0; at < len;) {
        uint32_t syllable;
        size_t taken = take_syllable(jamo, at, len, &syllable);
        if (taken == 0) return false;
        char utf8[4];
        fr_buf_put(out, utf8, fr_utf8_put(utf8, syllable));
        at += taken;
    }
    return !out->failed;
}

static void put_keys(struct fr_buf *out, uint16_t jamo)
{
    for (size_t i = 0; i < COMPOUNDS; i++)
        if (compounds[i].both == jamo) {
            put_keys(out, compounds[i].first);
            put_keys(out, compounds[i].second);
            return;
        }
    for (size_t i = 0; i < sizeof shifted / sizeof *shifted; i++)
        if (shifted[i].jamo == jamo) fr_buf_u8(out, (uint8_t)shifted[i].key);
    for (int i = 0; i < 26; i++)
        if (key_jamo[i] == jamo) fr_buf_u8(out, (uint8_t)('a' + i));
}

bool fr_keyboard_to_latin(const char *text, size_t len, struct fr_buf *out)
{
    if (len == 0 || len > 3 * KEYS_MAX) return false;
    for (size_t i = 0; i < len;) {
        uint32_t cp = fr_utf8_next(text, len, &i);
        if (cp >= 0x3131 && cp <= 0x3163) {
            put_keys(out, (uint16_t)cp);
        } else if (fr_is_syllable(cp)) {
            struct fr_syllable_letters l = fr_syllable_split(cp);
            put_keys(out, fr_jamo_initials[l.initial]);
            put_keys(out, (uint16_t)(FR_JAMO_FIRST_VOWEL + l.vowel));
            if (l.final) put_keys(out, fr_jamo_finals[l.final]);
        } else {
            return false;
        }
    }
    return !out->failed;
}
