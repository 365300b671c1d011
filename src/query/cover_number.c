/* Numbers of a query by their values, and what may stand behind them in a text. */
#include "query/cover_number.h"

#include <wchar.h>

#include "text/amount.h"
#include "text/charclass.h"
#include "text/utf8.h"

/* Terms after which no more of what may stand before a unit is looked for. */
#define UNIT_TERMS 400u

/* The syllable at the offset; 0 if none of Hangul is there. */
static uint32_t unit_at(const struct fr_word_parts *p, uint32_t offset)
{
    for (size_t i = 0; i < fr_vec_count(&p->a->tokens); i++) {
        const struct fr_token *t = &fr_vec_at(&p->a->tokens, i);
        uint32_t wanted = p->first_position + offset;
        if (t->word_bytes || t->position + t->span <= wanted) continue;
        if (t->position > wanted) return 0;
        uint32_t syllable = t->position == wanted ? t->key >> 16 : t->key & 0xFFFF;
        return fr_charclass_of(syllable) == FR_CHAR_HANGUL ? syllable : 0;
    }
    return 0;
}

/* The syllables of 퍼센트 at the offset, behind digits; 0: others or none. */
static uint64_t percent_syllables(const struct fr_word_parts *p, uint32_t offset)
{
    struct fr_folded word[3] = {{0, 0, 0}};
    for (uint32_t i = 0; i < 3; i++) word[i].cp = unit_at(p, offset + i);
    return fr_amount_percent(word, 0, 3) == 3 ? fr_bits_of(offset, offset + 3) : 0;
}

/* What the text may have of a longer number: the same characters, [begin, end) of the source. */
static void cover_part(struct fr_word_parts *p, const struct fr_token *t, uint32_t last,
                       uint64_t mask)
{
    const struct fr_folded *cps = fr_vec_data(&p->a->folded);
    size_t count = fr_vec_count(&p->a->folded), from = 0, end;
    char text[FR_AMOUNT_PART_BYTES];
    while (from < count && cps[from].begin < t->begin) from++;
    for (end = from; end < count && cps[end].end <= t->end;) end++;
    size_t len = fr_amount_part(cps, from, end, text);
    if (len) fr_cover(p, FR_TERM_VALUE, (frai_slice){text, len}, 0, last, mask);
}

/* Digits behind units say nothing that the value doesn't. */
static void silence(struct fr_word_parts *p, uint32_t last, uint64_t mask)
{
    for (size_t i = 0; i < fr_vec_count(&p->a->tokens); i++) {
        const struct fr_token *t = &fr_vec_at(&p->a->tokens, i);
        frai_slice text = {fr_token_word(p->a, t), t->word_bytes};
        if (!t->word_bytes || text.ptr[0] != FR_AMOUNT_PART || t->position < p->first_position)
            continue;
        if (t->position - p->first_position > last ||
            !(mask & fr_bit(t->position - p->first_position)))
            continue;
        uint32_t term = fr_query_put_term(p->q, FR_TERM_SURFACE, 0, text.ptr, text.len, 0);
        if (term != FR_NO_QUERY_TERM) fr_query_term_at(p->q, term)->boost = 0;
    }
}

void fr_cover_amount(struct fr_word_parts *p, const struct fr_token *t, uint32_t last,
                     uint64_t mask)
{
    frai_slice value = {fr_token_word(p->a, t), t->word_bytes};
    float boost = fr_is_digits(value) ? p->q->boosts->value : 0;
    if (value.ptr[0] == FR_AMOUNT_PART) return;
    fr_uncover(p->q, p->w, mask);
    if (boost > 0) silence(p, last, mask);
    if (value.ptr[value.len - 1] == '%') mask |= percent_syllables(p, last + 1);
    fr_cover(p, FR_TERM_VALUE, value, boost, last, mask);
    if (!fr_is_digits(value)) return;
    fr_cover(p, FR_TERM_SURFACE, value, boost, last, mask);
    cover_part(p, t, last, mask);
}

/* In the text the number before a unit may end in a syllable, in one run with the unit: 72000원 is
 * 7만 2천원. Or in the query it does, 천원, and in the text the unit begins a run. */
static void cover_unit(struct fr_word_parts *p, uint32_t last)
{
    static const wchar_t multiples[] = L"십백천만억조";
    uint32_t next = last + 1, unit = unit_at(p, next);
    if (unit == 0 || next >= p->w->syllable_count) return;
    for (const wchar_t *m = multiples; !fr_query_failed(p->q) && *m; m++)
        fr_cover_pair(p, (uint32_t)*m, unit, 0, last, fr_bit(next));
    if (next + 1 < p->w->syllable_count) return;
    fr_cover_pair(p, unit, FR_PAIR_GOES_ON, 0, next, fr_bit(next));
    fr_cover_pair(p, unit, FR_PAIR_PARTICLE, 0, next, fr_bit(next));
}

/* The first end of a range, which lacks its unit in the text: 10개월 in 10~15개월. `number`: its
 * syllables. */
static void cover_range(struct fr_word_parts *p, frai_slice value, uint32_t last, uint64_t number)
{
    char text[FR_WORD_MAX_BYTES + 4];
    size_t len = value.len;
    if (len + 3 * FR_AMOUNT_UNIT > FR_WORD_MAX_BYTES) return;
    memcpy(text, value.ptr, len);
    for (uint32_t k = 1; k <= FR_AMOUNT_UNIT && last + k < p->w->syllable_count; k++) {
        uint32_t syllable = unit_at(p, last + k);
        if (syllable == 0) return;
        len += fr_utf8_put(text + len, syllable);
        fr_cover(p, FR_TERM_GLUED, (frai_slice){text, len}, 0, last,
                 number | fr_bits_of(last + 1, last + 1 + k));
    }
}

/* The digits at token i, with those before their point: 1.5; nothing if a point follows. */
static frai_slice decimal_at(const struct fr_word_parts *p, size_t i, char text[FR_WORD_MAX_BYTES])
{
    const struct fr_token *t = &fr_vec_at(&p->a->tokens, i);
    frai_slice fraction = {fr_token_word(p->a, t), t->word_bytes}, none = {NULL, 0};
    bool ends = i + 1 == fr_vec_count(&p->a->tokens) || !t[1].word_bytes ||
                p->a->words.data[t[1].key] != FR_AMOUNT_PART;
    if (!ends || !fraction.len || fr_is_digits(fraction)) return ends ? fraction : none;
    if (fraction.ptr[0] != FR_AMOUNT_PART || i == 0 || !t[-1].word_bytes) return none;
    frai_slice whole = {fr_token_word(p->a, t - 1), t[-1].word_bytes};
    if (!fr_is_digits(whole) || whole.len + fraction.len > FR_WORD_MAX_BYTES) return none;
    memcpy(text, whole.ptr, whole.len);
    memcpy(text + whole.len, fraction.ptr, fraction.len);
    text[whole.len] = '.';
    return (frai_slice){text, whole.len + fraction.len};
}

void fr_cover_units(struct fr_word_parts *p)
{
    if (fr_vec_count(&p->q->terms) > UNIT_TERMS) return;
    uint64_t numbers = 0; /* syllables of values */
    for (size_t i = 0; i < fr_vec_count(&p->a->extras); i++) {
        const struct fr_token *t = &fr_vec_at(&p->a->extras, i);
        frai_slice text = {fr_token_word(p->a, t), t->word_bytes};
        if (t->term_class != FR_TERM_VALUE || !fr_is_digits(text)) continue;
        if (t->position < p->first_position + t->span - 1) continue;
        uint32_t last = t->position - p->first_position;
        uint64_t number = fr_bits_of(last + 1 - t->span, last + 1);
        cover_unit(p, last);
        cover_range(p, text, last, number);
        numbers |= number;
    }
    for (size_t i = 0; i < fr_vec_count(&p->a->tokens); i++) {
        const struct fr_token *t = &fr_vec_at(&p->a->tokens, i);
        char decimal[FR_WORD_MAX_BYTES];
        frai_slice text = decimal_at(p, i, decimal);
        if (!t->word_bytes || t->position < p->first_position || text.len == 0) continue;
        uint32_t last = t->position - p->first_position;
        bool point = text.ptr == decimal;
        if (numbers & fr_bit(last) || point > last || !(point || fr_is_digits(text))) continue;
        if (text.len > 1 && !point) cover_unit(p, last);
        cover_range(p, text, last, fr_bits_of(last - point, last + 1));
    }
}
