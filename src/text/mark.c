/* What stands before a run and after it tells which of its syllables may be looked for alone. */
#include "text/mark.h"

#include "text/charclass.h"
#include "text/number.h"
#include "text/particle.h"

static void put_mark(struct fr_analyzer *a, const struct fr_folded *c, enum fr_pair_mark mark,
                     uint32_t position)
{
    fr_vec_push(&a->extras, .key = fr_pair_key(c->cp, mark), .position = position,
                .begin = c->begin, .end = c->end, .span = 1, .term_class = FR_TERM_GLUED);
}

/* Does the run at i go on what stands before it: the 명 of 3명이, the 대 of 40%대로? */
static bool goes_on(const struct fr_folded *cps, size_t i)
{
    enum fr_charclass before = i ? fr_charclass_of(cps[i - 1].cp) : FR_CHAR_SPACE;
    if (before == FR_CHAR_PUNCT) /* but (서울 begins a word */
        return i > 1 && fr_charclass_of(cps[i - 2].cp) > FR_CHAR_LINE;
    return before > FR_CHAR_PUNCT;
}

/* A unit of one syllable behind a number and a space, with the copula: 120만 대이다. */
static bool is_counted(const struct fr_folded *cps, size_t from, size_t n)
{
    if (from < 2 || cps[from - 1].cp != ' ') return false;
    uint32_t before = cps[from - 2].cp, copula = cps[from + 1].cp;
    bool number = fr_charclass_of(before) == FR_CHAR_DIGIT || fr_number_is_unit(before);
    return number && ((copula == 0xC774 && n > 2) || copula == 0xC600); /* 이, 였 */
}

void fr_mark_first(struct fr_analyzer *a, const struct fr_folded *cps, struct fr_run r, bool starts,
                   uint32_t position)
{
    uint32_t run[FR_PARTICLE_MOST + 1];
    size_t from = r.from, n = r.to - r.from;
    if (n < 2) return;
    if (goes_on(cps, from) || is_counted(cps, from, n))
        put_mark(a, &cps[from], FR_PAIR_GOES_ON, position);
    if (!starts || n > FR_PARTICLE_MOST + 1) return;
    for (size_t i = 0; i < n; i++) run[i] = cps[from + i].cp;
    if (fr_particle_is_behind_one(run, n)) put_mark(a, &cps[from], FR_PAIR_PARTICLE, position);
}

void fr_mark_last(struct fr_analyzer *a, const struct fr_folded *cps, struct fr_run r,
                  uint32_t position)
{
    size_t to = r.to, from = r.from;
    enum fr_charclass next = to < r.count ? fr_charclass_of(cps[to].cp) : FR_CHAR_SPACE;
    if (to - from > 1 && next > FR_CHAR_PUNCT)
        put_mark(a, &cps[to - 1], FR_PAIR_ENDS, position + (uint32_t)(to - from - 1));
}
