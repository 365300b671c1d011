#include "text/particle.h"

#include <stdbool.h>
#include <wchar.h>

/* What must end the syllable before: a final consonant, none, or either. */
enum before { ANY, FINAL, OPEN, OPEN_OR_RIEUL, FINAL_NOT_RIEUL };

/* By last syllable, ascending, the longest first. */
static const struct particle {
    wchar_t text[5];
    uint8_t len;
    uint8_t before;
} particles[] = {
#define PARTICLE(text, before)                                                                     \
    {                                                                                              \
        L##text, sizeof L##text / sizeof(wchar_t) - 1, before                                      \
    }
    PARTICLE("가", OPEN),
    PARTICLE("에게", ANY),
    PARTICLE("이라고", FINAL),
    PARTICLE("라고", OPEN),
    PARTICLE("과", FINAL),
    PARTICLE("이나", FINAL),
    PARTICLE("나", OPEN),
    PARTICLE("이라는", FINAL),
    PARTICLE("에서는", ANY),
    PARTICLE("으로는", FINAL_NOT_RIEUL),
    PARTICLE("에는", ANY),
    PARTICLE("라는", OPEN),
    PARTICLE("로는", OPEN_OR_RIEUL),
    PARTICLE("는", OPEN),
    PARTICLE("보다", ANY),
    PARTICLE("마다", ANY),
    PARTICLE("에서도", ANY),
    PARTICLE("으로도", FINAL_NOT_RIEUL),
    PARTICLE("에도", ANY),
    PARTICLE("로도", OPEN_OR_RIEUL),
    PARTICLE("도", ANY),
    PARTICLE("처럼", ANY),
    PARTICLE("으로", FINAL_NOT_RIEUL),
    PARTICLE("로", OPEN_OR_RIEUL),
    PARTICLE("를", OPEN),
    PARTICLE("에만", ANY),
    PARTICLE("만", ANY),
    PARTICLE("이며", FINAL),
    PARTICLE("며", OPEN),
    PARTICLE("으로서", FINAL_NOT_RIEUL),
    PARTICLE("에게서", ANY),
    PARTICLE("에서", ANY),
    PARTICLE("께서", ANY),
    PARTICLE("로서", OPEN_OR_RIEUL),
    PARTICLE("으로써", FINAL_NOT_RIEUL),
    PARTICLE("로써", OPEN_OR_RIEUL),
    PARTICLE("밖에", ANY),
    PARTICLE("에", ANY),
    PARTICLE("와", OPEN),
    PARTICLE("은", FINAL),
    PARTICLE("을", FINAL),
    PARTICLE("에서의", ANY),
    PARTICLE("만의", ANY),
    PARTICLE("과의", FINAL),
    PARTICLE("와의", OPEN),
    PARTICLE("의", ANY),
    PARTICLE("이", FINAL),
    PARTICLE("마저", ANY),
    PARTICLE("까지", ANY),
    PARTICLE("조차", ANY),
    PARTICLE("에서부터", ANY),
    PARTICLE("으로부터", FINAL_NOT_RIEUL),
    PARTICLE("로부터", OPEN_OR_RIEUL),
    PARTICLE("부터", ANY),
    PARTICLE("한테", ANY),
#undef PARTICLE
};
#define PARTICLES (sizeof particles / sizeof *particles)

static bool agrees(uint32_t syllable, enum before before)
{
    if (syllable < 0xAC00 || syllable > 0xD7A3) return false;
    unsigned final = (syllable - 0xAC00) % 28, rieul = 8;
    switch (before) {
    case FINAL: return final != 0;
    case OPEN: return final == 0;
    case OPEN_OR_RIEUL: return final == 0 || final == rieul;
    case FINAL_NOT_RIEUL: return final != 0 && final != rieul;
    default: return true;
    }
}

static uint32_t last_of(size_t i)
{
    return (uint32_t)particles[i].text[particles[i].len - 1];
}

static size_t strip_one(const uint32_t *cps, size_t n, size_t least)
{
    if (n == 0) return 0;
    size_t i = 0, end = PARTICLES;
    while (i < end) { /* the first that ends so, if one does */
        size_t middle = (i + end) / 2;
        if (last_of(middle) < cps[n - 1])
            i = middle + 1;
        else
            end = middle;
    }
    for (; i < PARTICLES && last_of(i) == cps[n - 1]; i++) {
        const struct particle *p = &particles[i];
        size_t len = p->len, k = 0;
        if (n < len + least) continue;
        while (k < len && cps[n - len + k] == (uint32_t)p->text[k]) k++;
        if (k == len && (n == len || agrees(cps[n - len - 1], (enum before)p->before)))
            return n - len;
    }
    return n;
}

/* 한국은행에서부터도 carries two. */
static size_t strip(const uint32_t *cps, size_t n, size_t least)
{
    size_t stem = strip_one(cps, n, least);
    return stem == n ? n : strip_one(cps, stem, least);
}

size_t fr_particle_stem(const uint32_t *cps, size_t n)
{
    return strip(cps, n, 2);
}

size_t fr_particle_rest(const uint32_t *cps, size_t n)
{
    size_t rest = strip(cps, n, 0);
    return rest == 1 ? n : rest;
}
