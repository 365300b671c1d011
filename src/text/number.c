/* Digits with units of ten thousand (만, 억, 조) and small ones (십, 백, 천) add up to a value;
 * dates are three such groups. */
#include "text/number.h"

#include <stdio.h>

#include "text/charclass.h"

static bool is_digit(const struct fr_folded *cps, size_t i, size_t count)
{
    return i < count && fr_charclass_of(cps[i].cp) == FR_CHAR_DIGIT;
}

static bool is(const struct fr_folded *cps, size_t i, size_t count, uint32_t cp)
{
    return i < count && cps[i].cp == cp;
}

size_t fr_number_digits(const struct fr_folded *cps, size_t from, size_t count)
{
    size_t end = from;
    while (is_digit(cps, end, count)) end++;
    if (end - from > 3) return end;
    while (is(cps, end, count, ',') && is_digit(cps, end + 1, count) &&
           is_digit(cps, end + 2, count) && is_digit(cps, end + 3, count) &&
           !is_digit(cps, end + 4, count))
        end += 4;
    return end;
}

/* Digits that a number has at most, with zeros in front and commas. */
#define DIGITS_MOST 24u

/* Digits [from, end), commas left out, as an integer; false above 10^15 or for other digits. */
static bool read_digits(const struct fr_folded *cps, size_t from, size_t end, uint64_t *value)
{
    if (end - from > DIGITS_MOST) return false;
    for (; from < end; from++) {
        if (cps[from].cp == ',') continue;
        if (cps[from].cp < '0' || cps[from].cp > '9' || *value > 100000000000000u) return false;
        *value = *value * 10 + (cps[from].cp - '0');
    }
    return true;
}

static uint64_t small_unit(uint32_t cp)
{
    return cp == 0xC2ED ? 10 : cp == 0xBC31 ? 100 : cp == 0xCC9C ? 1000 : 0; /* 십 백 천 */
}

static uint64_t large_unit(uint32_t cp)
{
    return cp == 0xB9CC ? 10000u : cp == 0xC5B5 ? 100000000u : cp == 0xC870 ? 1000000000000u : 0;
}

bool fr_number_is_unit(uint32_t cp)
{
    return small_unit(cp) || large_unit(cp);
}

static bool finish(struct fr_number *n, uint64_t value)
{
    n->len = (unsigned)snprintf(n->text, sizeof n->text, "%llu", (unsigned long long)value);
    return true;
}

/* A group is what one of 만 억 조 multiplies: 3, 3.85, 1천90, 2천5백. */
struct group {
    uint64_t value, scale; /* value / scale */
    size_t end;
    bool units; /* 십, 백 or 천 were in it */
};

static bool read_group(const struct fr_folded *cps, size_t from, size_t count, struct group *g)
{
    size_t at = from;
    uint64_t sum = 0, least = 10000;
    *g = (struct group){0, 1, from, false};
    while (at < count) {
        size_t end = fr_number_digits(cps, at, count);
        uint64_t digits = 0, scale = 1;
        bool bare = end == at; /* 1억천만: a unit without digits */
        if (!bare && !read_digits(cps, at, end, &digits)) return false;
        if (!bare && at == from && is(cps, end, count, '.') && is_digit(cps, end + 1, count)) {
            size_t point = end + 1;
            for (end = point; is_digit(cps, end, count); end++) scale *= end - point < 6 ? 10 : 1;
            if (end - point > 6 || !read_digits(cps, point, end, &digits)) return false;
        }
        uint64_t unit = end < count ? small_unit(cps[end].cp) : 0;
        if (unit && unit < least && g->scale == 1 && (!bare || at > from || g->units)) {
            if (scale > 1) {
                sum = digits * unit;
                g->scale = scale;
            } else {
                sum += (bare ? 1 : digits) * unit;
            }
            least = unit;
            g->units = true;
            at = end + 1;
            continue;
        }
        if (bare) break;
        if (g->units && (g->scale > 1 || digits >= least || scale > 1)) break;
        sum += digits;
        g->scale = scale > 1 ? scale : g->scale;
        at = end;
        break;
    }
    g->value = sum;
    g->end = at;
    return at > from;
}

/* Are the digits [from, end), behind 만 and a space, of the same number: 7만 2,000, 1만 5000명? In
 * "3억 2025년" they are not. */
static bool goes_on(const struct fr_folded *cps, size_t from, size_t end, size_t count)
{
    for (size_t i = from; i < end; i++)
        if (cps[i].cp == ',') return true;
    bool unit = end < count && fr_charclass_of(cps[end].cp) == FR_CHAR_HANGUL;
    return end - from == 4 && unit && cps[end].cp != 0xB144; /* 년 */
}

bool fr_number_value(const struct fr_folded *cps, size_t from, size_t count, struct fr_number *n)
{
    uint64_t total = 0, last = UINT64_MAX;
    size_t at = from, end = from;
    bool units = false;
    while (at < count) {
        struct group g;
        bool digits = is_digit(cps, at, count);
        if (!digits && (last == UINT64_MAX || !small_unit(cps[at].cp))) break;
        if (digits) {
            if (!read_group(cps, at, count, &g)) break;
        } else { /* 1억천만 */
            g = (struct group){small_unit(cps[at].cp), 1, at + 1, true};
        }
        uint64_t unit = g.end < count ? large_unit(cps[g.end].cp) : 0;
        if (unit && unit >= last) break;
        if (!unit && last != UINT64_MAX && g.value >= last) break;
        uint64_t times = unit ? unit : 1;
        if (g.value > UINT64_MAX / 2 / times || g.value * times % g.scale) break;
        bool spaced = at > from && fr_charclass_of(cps[at - 1].cp) == FR_CHAR_SPACE;
        if (!unit && spaced && !g.units && !goes_on(cps, at, g.end, count)) break;
        total += g.value * times / g.scale;
        if (total > 1000000000000000000u) return false;
        units |= unit || g.units;
        end = at = g.end + (unit ? 1 : 0);
        if (!unit) break;
        last = unit;
        if (at + 1 < count && fr_charclass_of(cps[at].cp) == FR_CHAR_SPACE &&
            is_digit(cps, at + 1, count))
            at++;
    }
    n->end = end;
    return units && finish(n, total);
}

/* One or more digits, at most `most`; the count of them. */
static unsigned date_part(const struct fr_folded *cps, size_t at, size_t count, unsigned most,
                          unsigned *value)
{
    unsigned n = 0;
    for (*value = 0; n <= most && is_digit(cps, at + n, count); n++) {
        if (cps[at + n].cp > '9') return 0;
        *value = *value * 10 + (cps[at + n].cp - '0');
    }
    return n <= most ? n : 0;
}

bool fr_number_date(const struct fr_folded *cps, size_t from, size_t count, struct fr_number *n)
{
    static const uint32_t units[3] = {0xB144, 0xC6D4, 0xC77C}; /* 년 월 일 */
    unsigned part[3], digits;
    size_t at = from;
    if (from > 0 && is_digit(cps, from - 1, count)) return false;
    if (date_part(cps, at, count, 4, &part[0]) != 4 || part[0] < 1000) return false;
    uint32_t between = at + 4 < count ? cps[at + 4].cp : 0;
    bool korean = between == units[0];
    if (!korean && between != '.' && between != '-' && between != '/') return false;
    at += 5;
    for (int i = 1; i < 3; i++) {
        if ((korean || between == '.') && is(cps, at, count, ' ')) at++;
        digits = date_part(cps, at, count, 2, &part[i]);
        if (digits == 0) return false;
        at += digits;
        if (korean || i == 1) {
            if (!is(cps, at, count, korean ? units[i] : between)) return false;
            at++;
        }
    }
    if (part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31) return false;
    n->end = at;
    n->len =
        (unsigned)snprintf(n->text, sizeof n->text, "%04u-%02u-%02u", part[0], part[1], part[2]);
    return true;
}

bool fr_number_joined(const struct fr_folded *cps, size_t from, size_t count, struct fr_number *n)
{
    size_t at = from, groups = 0;
    if (from > 1 && cps[from - 1].cp == '-' && is_digit(cps, from - 2, count)) return false;
    n->len = 0;
    for (;;) {
        size_t end = at;
        while (is_digit(cps, end, count)) end++;
        if (end == at || n->len + (end - at) >= sizeof n->text) return false;
        for (; at < end; at++) {
            if (cps[at].cp > '9') return false;
            n->text[n->len++] = (char)cps[at].cp;
        }
        groups++;
        if (!is(cps, at, count, '-') || !is_digit(cps, at + 1, count)) break;
        at++;
    }
    n->end = at;
    return groups >= 2 && (groups >= 3 || n->len >= 7);
}
