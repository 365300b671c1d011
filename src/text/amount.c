/* Numbers are read again from the few places where a part of them may begin, and backwards from a
 * unit that two numbers share. */
#include "text/amount.h"

#include "text/charclass.h"
#include "text/utf8.h"

/* Characters that a number of a range has at most. */
#define NUMBER_MOST 40u

static bool is_digit(const struct fr_folded *c)
{
    return fr_charclass_of(c->cp) == FR_CHAR_DIGIT;
}

void fr_amount_find(struct fr_amount *m, const struct fr_folded *cps, size_t i, size_t count,
                    uint32_t position)
{
    struct fr_number n;
    bool date = fr_number_date(cps, i, count, &n),
         value = !date && fr_number_value(cps, i, count, &n);
    uint8_t term_class = date || value ? FR_TERM_VALUE : FR_TERM_GLUED;
    if (date || value || fr_number_joined(cps, i, count, &n))
        *m = (struct fr_amount){n, i, position, term_class, value};
}

bool fr_amount_is_inner(const struct fr_amount *m, const struct fr_folded *cps, size_t i)
{
    if (i > 1 && cps[i - 1].cp == '.' && is_digit(&cps[i - 2])) return true;
    return m->has_parts && i > m->from && i < m->number.end && fr_number_is_unit(cps[i - 1].cp);
}

/* Positions that the characters of a number take: one for digits, one for each syllable. */
static uint32_t positions_in(const struct fr_folded *cps, size_t from, size_t end)
{
    uint32_t positions = 0;
    for (size_t i = from; i < end; i++) {
        bool inside = i > from && (is_digit(&cps[i - 1]) || cps[i - 1].cp == ',');
        bool digit = is_digit(&cps[i]);
        positions += digit ? !inside : fr_charclass_of(cps[i].cp) > FR_CHAR_PUNCT;
    }
    return positions;
}

size_t fr_amount_part(const struct fr_folded *cps, size_t from, size_t end,
                      char text[FR_AMOUNT_PART_BYTES])
{
    size_t len = 1;
    text[0] = FR_AMOUNT_PART;
    for (size_t i = from; i < end; i++) {
        if (cps[i].cp == ',' || cps[i].cp == ' ') continue;
        if (len + 4 > FR_AMOUNT_PART_BYTES) return 0;
        len += fr_utf8_put(text + len, cps[i].cp);
    }
    return len;
}

/* The part [from, end) of the number, which ends at the position. */
static void put_part(struct fr_analyzer *a, const struct fr_folded *cps, size_t from, size_t end,
                     uint32_t position)
{
    char text[FR_AMOUNT_PART_BYTES];
    struct fr_number n;
    if (!fr_number_value(cps, from, end, &n) || n.end != end) return;
    size_t len = fr_amount_part(cps, from, end, text);
    if (len)
        fr_analyzer_put_extra(a, FR_TERM_VALUE, (frai_slice){text, len},
                              (struct fr_place){position, positions_in(cps, from, end),
                                                cps[from].begin, cps[end - 1].end});
}

/* What of the number ends before character `end`: parts begin where it does, or behind a space. */
static void put_ending(struct fr_analyzer *a, const struct fr_amount *m,
                       const struct fr_folded *cps, size_t end, uint32_t position)
{
    const struct fr_number *n = &m->number;
    bool whole = end == n->end;
    if (whole)
        fr_analyzer_put_extra(a, m->term_class, (frai_slice){n->text, n->len},
                              (struct fr_place){position, position - m->first_position + 1,
                                                cps[m->from].begin, cps[end - 1].end});
    if (!m->has_parts) return;
    if (!whole) put_part(a, cps, m->from, end, position);
    for (size_t i = m->from + 1; i < end; i++)
        if (fr_charclass_of(cps[i - 1].cp) == FR_CHAR_SPACE) put_part(a, cps, i, end, position);
}

void fr_amount_put(struct fr_analyzer *a, const struct fr_amount *m, const struct fr_folded *cps,
                   struct fr_run run, uint32_t position)
{
    size_t to = run.to < m->number.end ? run.to : m->number.end;
    if (is_digit(&cps[run.from])) {
        put_ending(a, m, cps, to, position);
        return;
    }
    for (size_t i = run.from; i < to; i++)
        put_ending(a, m, cps, i + 1, position + (uint32_t)(i - run.from));
}

size_t fr_amount_percent(const struct fr_folded *cps, size_t i, size_t count)
{
    static const uint32_t word[] = {0xD37C, 0xC13C, 0xD2B8}; /* 퍼센트 */
    size_t at = i + (i < count && cps[i].cp == ' '), k = 0;
    if (at < count && cps[at].cp == '%') return at + 1 - i;
    while (k < 3 && at + k < count && cps[at + k].cp == word[k]) k++;
    return k == 3 ? at + 3 - i : 0;
}

static bool is_range_sign(uint32_t cp)
{
    return cp == '~' || cp == '-' || cp == 0x2013 || cp == 0x223C || cp == 0x301C;
}

/* Is there a sign of percent behind the digits that end before i, or behind those of a range that
 * they begin? */
static bool has_percent(const struct fr_folded *cps, size_t i, size_t count)
{
    if (fr_amount_percent(cps, i, count)) return true;
    if (i + 1 >= count || !is_range_sign(cps[i].cp) || !is_digit(&cps[i + 1])) return false;
    size_t end = i + 1;
    while (end < count && end - i < NUMBER_MOST && (is_digit(&cps[end]) || cps[end].cp == '.'))
        end++;
    return fr_amount_percent(cps, end, count) > 0;
}

/* Digits, with their point but without commas, as UTF-8; 0: they are too many. */
static unsigned digits_text(const struct fr_folded *cps, size_t from, size_t end,
                            char text[FR_NUMBER_TEXT])
{
    unsigned len = 0;
    for (size_t i = from; i < end; i++) {
        if (cps[i].cp == ',') continue;
        if (len + 5 > FR_NUMBER_TEXT) return 0;
        len += (unsigned)fr_utf8_put(text + len, cps[i].cp);
    }
    return len;
}

/* Without zeros that say nothing, and with the sign. */
static frai_slice percent_text(char *text, unsigned len)
{
    char *begin = text, *end = text + len;
    while (end - begin > 1 && begin[0] == '0' && begin[1] != '.') begin++;
    if (memchr(begin, '.', (size_t)(end - begin))) {
        while (end[-1] == '0') end--;
        if (end[-1] == '.') end--;
    }
    *end++ = '%';
    return (frai_slice){begin, (size_t)(end - begin)};
}

/* Do digits begin at i that end, with commas, before `end`? */
static bool begins(const struct fr_folded *cps, size_t i, size_t end)
{
    return is_digit(&cps[i]) && (i == 0 || !is_digit(&cps[i - 1])) &&
           fr_number_digits(cps, i, end) == end;
}

void fr_amount_put_percent(struct fr_analyzer *a, const struct fr_folded *cps, struct fr_run run,
                           uint32_t position)
{
    char text[FR_NUMBER_TEXT + 1];
    size_t from = run.from;
    bool fraction = from > 1 && cps[from - 1].cp == '.' && is_digit(&cps[from - 2]);
    bool point = run.to + 1 < run.count && cps[run.to].cp == '.' && is_digit(&cps[run.to + 1]);
    if (point || (from > 0 && fr_number_is_unit(cps[from - 1].cp)) ||
        !has_percent(cps, run.to, run.count))
        return;
    if (fraction) {
        for (from--; from > 0 && run.from - from < FR_NUMBER_TEXT;) { /* 1,234.5 */
            if (!is_digit(&cps[from - 1]) && cps[from - 1].cp != ',') break;
            from--;
        }
        while (from < run.from && !begins(cps, from, run.from - 1)) from++;
        if (from == run.from) return; /* too many digits */
    }
    unsigned len = digits_text(cps, from, run.to, text);
    struct fr_place place = {position, 1 + fraction, cps[from].begin, cps[run.to - 1].end};
    if (len == 0 || place.span > position + 1) return;
    fr_analyzer_put_extra(a, FR_TERM_VALUE, percent_text(text, len), place);
}

/* ---- ranges ---- */

static bool is_of_number(uint32_t cp)
{
    return fr_charclass_of(cp) == FR_CHAR_DIGIT || cp == ',' || cp == '.' || fr_number_is_unit(cp);
}

static size_t number_before(const struct fr_folded *cps, size_t end)
{
    size_t from = end;
    while (from > 0 && end - from < NUMBER_MOST && is_of_number(cps[from - 1].cp)) from--;
    return from;
}

/* Is [from, end) one number, with nothing before it that it goes on? */
static bool is_number(const struct fr_folded *cps, size_t from, size_t end)
{
    struct fr_number n;
    if (!is_digit(&cps[from]) || (from > 0 && is_digit(&cps[from - 1]))) return false;
    if (fr_number_value(cps, from, end, &n)) return n.end == end;
    size_t whole = fr_number_digits(cps, from, end);
    if (whole + 1 < end && cps[whole].cp == '.' && is_digit(&cps[whole + 1]))
        for (whole++; whole < end && is_digit(&cps[whole]);) whole++;
    return whole == end;
}

/* Two numbers with a sign between, the second before the run. */
struct range {
    size_t first, first_end, second;
};

static bool find_range(const struct fr_folded *cps, size_t from, struct range *r)
{
    r->second = number_before(cps, from);
    if (r->second == from || r->second == 0 || !is_digit(&cps[r->second]) ||
        !is_range_sign(cps[r->second - 1].cp))
        return false;
    r->first_end = r->second - 1;
    r->first = number_before(cps, r->first_end);
    if (r->first > 0 && is_range_sign(cps[r->first - 1].cp)) return false; /* 2025-02-10 */
    while (r->first < r->first_end && !is_number(cps, r->first, r->first_end)) r->first++;
    return r->first < r->first_end;
}

/* The first number's value; units that only the second has, 3~5만, are the first's too: the run's
 * characters up to units_end. */
static bool read_first(const struct fr_folded *cps, const struct range *r, size_t from,
                       size_t units_end, struct fr_number *n)
{
    struct fr_folded with_units[2 * NUMBER_MOST];
    size_t len = r->first_end - r->first, units = units_end - from;
    if (fr_number_value(cps, r->first, r->first_end, n) && n->end == r->first_end) return true;
    if (units == 0) {
        n->len = digits_text(cps, r->first, r->first_end, n->text);
        return n->len > 0;
    }
    for (size_t i = r->second; i < from; i++)
        if (fr_number_is_unit(cps[i].cp)) return false;
    if (len + units > 2 * NUMBER_MOST) return false;
    memcpy(with_units, cps + r->first, len * sizeof *cps);
    memcpy(with_units + len, cps + from, units * sizeof *cps);
    return fr_number_value(with_units, 0, len + units, n) && n->end == len + units;
}

void fr_amount_put_range(struct fr_analyzer *a, const struct fr_folded *cps, struct fr_run run,
                         uint32_t position)
{
    struct range r;
    struct fr_number n;
    char text[FR_NUMBER_TEXT + FR_WORD_MAX_BYTES];
    size_t unit = run.from;
    if (!find_range(cps, run.from, &r)) return;
    if (fr_number_value(cps, r.second, run.to, &n) && n.end > unit) unit = n.end;
    uint32_t behind = positions_in(cps, r.second, run.from) + 1;
    if (position < behind || !read_first(cps, &r, run.from, unit, &n)) return;
    bool has_units = fr_number_is_unit(cps[r.first_end - 1].cp),
         letters = run.to > unit && fr_charclass_of(cps[unit].cp) == FR_CHAR_LETTER;
    struct fr_place place = {position - behind, 1, cps[r.first].begin, cps[r.first_end - 1].end};
    if (!has_units) place.position += (uint32_t)(unit - run.from) + letters;
    if (!has_units && unit > run.from)
        fr_analyzer_put_extra(a, FR_TERM_VALUE, (frai_slice){n.text, n.len}, place);
    memcpy(text, n.text, n.len);
    size_t len = n.len, end = letters ? run.to : unit + FR_AMOUNT_UNIT;
    for (size_t i = unit; i < end && i < run.to && len + 4 <= FR_WORD_MAX_BYTES; i++) {
        len += fr_utf8_put(text + len, cps[i].cp);
        if (!letters || i + 1 == end)
            fr_analyzer_put_extra(a, FR_TERM_GLUED, (frai_slice){text, len}, place);
    }
}
