#include "text/particle.h"

#include <stdbool.h>
#include <wchar.h>

/* What must end the syllable before: a final consonant, none, or either. */
enum before { ANY, FINAL, OPEN, OPEN_OR_RIEUL, FINAL_NOT_RIEUL };

static const struct particle {
    wchar_t text[5];
    enum before before;
} particles[] = {
    {L"에서부터", ANY},
    {L"으로부터", FINAL_NOT_RIEUL},
    {L"이라는", FINAL},
    {L"이라고", FINAL},
    {L"으로서", FINAL_NOT_RIEUL},
    {L"으로써", FINAL_NOT_RIEUL},
    {L"로부터", OPEN_OR_RIEUL},
    {L"에게서", ANY},
    {L"에서는", ANY},
    {L"에서도", ANY},
    {L"에서의", ANY},
    {L"으로는", FINAL_NOT_RIEUL},
    {L"으로도", FINAL_NOT_RIEUL},
    {L"에서", ANY},
    {L"에게", ANY},
    {L"에는", ANY},
    {L"에도", ANY},
    {L"에만", ANY},
    {L"까지", ANY},
    {L"부터", ANY},
    {L"보다", ANY},
    {L"처럼", ANY},
    {L"마다", ANY},
    {L"조차", ANY},
    {L"마저", ANY},
    {L"밖에", ANY},
    {L"께서", ANY},
    {L"한테", ANY},
    {L"이나", FINAL},
    {L"이며", FINAL},
    {L"라는", OPEN},
    {L"라고", OPEN},
    {L"으로", FINAL_NOT_RIEUL},
    {L"로서", OPEN_OR_RIEUL},
    {L"로써", OPEN_OR_RIEUL},
    {L"로는", OPEN_OR_RIEUL},
    {L"로도", OPEN_OR_RIEUL},
    {L"만의", ANY},
    {L"과의", FINAL},
    {L"와의", OPEN},
    {L"은", FINAL},
    {L"는", OPEN},
    {L"이", FINAL},
    {L"가", OPEN},
    {L"을", FINAL},
    {L"를", OPEN},
    {L"과", FINAL},
    {L"와", OPEN},
    {L"의", ANY},
    {L"에", ANY},
    {L"로", OPEN_OR_RIEUL},
    {L"도", ANY},
    {L"만", ANY},
    {L"나", OPEN},
    {L"며", OPEN},
};

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

static size_t strip_one(const uint32_t *cps, size_t n, size_t least)
{
    for (size_t i = 0; i < sizeof particles / sizeof *particles; i++) {
        size_t len = wcslen(particles[i].text);
        if (n < len + least) continue;
        size_t k = 0;
        while (k < len && cps[n - len + k] == (uint32_t)particles[i].text[k]) k++;
        if (k == len && (n == len || agrees(cps[n - len - 1], particles[i].before))) return n - len;
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
