/* A name in Latin letters behind one in Hangul, in brackets, is the same name if the consonants of
 * both sound alike, in order. */
#include "text/names.h"

#include "text/charclass.h"
#include "text/hangul.h"

#define LATIN_MAX_CHARS 48u

static enum fr_charclass class_at(const struct fr_folded *cps, size_t i)
{
    return fr_charclass_of(cps[i].cp);
}

static bool read_latin(const struct fr_folded *cps, size_t open, size_t count,
                       struct fr_name_words *w)
{
    size_t i = open + 1;
    w->count = 0;
    while (i < count && i - open <= LATIN_MAX_CHARS && w->count < FR_NAME_WORDS) {
        size_t begin = i;
        while (i < count && cps[i].cp < 0x250 &&
               (class_at(cps, i) == FR_CHAR_LETTER ||
                (i > begin && class_at(cps, i) == FR_CHAR_DIGIT)))
            i++;
        if (i == begin || i == count) return false;
        w->begin[w->count] = begin;
        w->end[w->count++] = i;
        if (cps[i].cp == ')') return true;
        if (cps[i].cp != ' ' && cps[i].cp != '-') return false;
        i++;
    }
    return false;
}

bool fr_names_read(const struct fr_folded *cps, size_t open, size_t count,
                   struct fr_name_words *hangul, struct fr_name_words *latin)
{
    if (open == 0 || class_at(cps, open - 1) != FR_CHAR_HANGUL ||
        !read_latin(cps, open, count, latin))
        return false;
    size_t at = open, n = 0, begin[FR_NAME_WORDS], end[FR_NAME_WORDS];
    while (n < FR_NAME_WORDS) {
        end[n] = at;
        while (at > 0 && class_at(cps, at - 1) == FR_CHAR_HANGUL) at--;
        if (at == end[n]) break;
        begin[n++] = at;
        if (at == 0 || cps[at - 1].cp != ' ') break;
        at--;
    }
    hangul->count = n;
    for (size_t i = 0; i < n; i++) {
        hangul->begin[i] = begin[n - 1 - i];
        hangul->end[i] = end[n - 1 - i];
    }
    return true;
}

/* Groups of consonants that Korean writes alike. A letter may belong to several. */
enum { K = 1, N = 2, T = 4, L = 8, M = 16, P = 32, S = 64, C = 128, H = 256 };

static uint16_t sound_of_letter(uint32_t letter, uint32_t next)
{
    switch (letter) {
    case 'g': return K | C;
    case 'k':
    case 'q': return K;
    case 'c': return next == 'h' ? C | K | S : K | S;
    case 'x': return K | S;
    case 'n': return N;
    case 'd': return T;
    case 't': return next == 'h' ? T | S : T | C;
    case 'l':
    case 'r': return L;
    case 'm': return M;
    case 'b':
    case 'f':
    case 'p':
    case 'v': return P;
    case 's': return S | C;
    case 'z':
    case 'j': return C | S;
    case 'h': return H;
    default: return 0;
    }
}

static const uint16_t initial_sounds[19] = {K, K, N, T, T, L, M, P, P, S,
                                            S, 0, C, C, C, K, T, P, H};
static const uint16_t final_sounds[28] = {0,     K, K,     K,     N, N, N, T | S, L, L,
                                          L,     L, L,     L,     L, L, M, P,     P, T | S,
                                          T | S, N, T | C, T | C, K, T, P, H};

#define SOUNDS_MAX 48u

static size_t sounds_of_hangul(const struct fr_folded *cps, size_t n, uint16_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < n && count + 2 < SOUNDS_MAX; i++) {
        struct fr_syllable_letters l = fr_syllable_split(cps[i].cp);
        if (initial_sounds[l.initial]) out[count++] = initial_sounds[l.initial];
        if (final_sounds[l.final]) out[count++] = final_sounds[l.final];
    }
    return count;
}

static size_t sounds_of_latin(const struct fr_folded *cps, size_t n, uint16_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < n && count < SOUNDS_MAX; i++) {
        uint32_t next = i + 1 < n ? cps[i + 1].cp : 0;
        if (i > 0 && cps[i].cp == 'h' &&
            (cps[i - 1].cp == 'c' || cps[i - 1].cp == 's' || cps[i - 1].cp == 't' ||
             cps[i - 1].cp == 'p'))
            continue;
        if (i > 0 && cps[i].cp == cps[i - 1].cp) continue; /* a doubled letter sounds once */
        uint16_t sound = sound_of_letter(cps[i].cp, next);
        if (sound) out[count++] = sound;
    }
    return count;
}

bool fr_names_sound_alike(const struct fr_folded *hangul, size_t syllables,
                          const struct fr_folded *latin, size_t letters)
{
    uint16_t a[SOUNDS_MAX], b[SOUNDS_MAX];
    size_t n = sounds_of_hangul(hangul, syllables, a), m = sounds_of_latin(latin, letters, b);
    uint8_t common[SOUNDS_MAX + 1] = {0}; /* longest common subsequence, row by row */
    for (size_t i = 0; i < n; i++) {
        uint8_t diagonal = 0;
        for (size_t k = 0; k < m; k++) {
            uint8_t above = common[k + 1];
            if (a[i] & b[k])
                common[k + 1] = (uint8_t)(diagonal + 1);
            else if (common[k] > above)
                common[k + 1] = common[k];
            diagonal = above;
        }
    }
    return n > 0 && m > 0 && 10u * common[m] >= 3u * (n + m); /* 0.6 of the mean length */
}
