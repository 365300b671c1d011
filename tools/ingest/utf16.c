/* UTF-16, read on behind lone surrogates and behind bytes that were lost or came twice. */
#include "encoding.h"

#include <string.h>

#define SAMPLE 8192
#define WINDOW 16 /* units that are looked at to find the beat again */

static uint32_t unit_at(enum wide wide, const unsigned char *s, size_t i)
{
    return wide == WIDE_LITTLE ? s[i] | (uint32_t)s[i + 1] << 8 : (uint32_t)s[i] << 8 | s[i + 1];
}

/* What text is mostly made of. Between the beats Hangul reads as something else half the time. */
static bool is_likely(uint32_t u)
{
    return (u >= 0x20 && u < 0x7F) || (u >= '\t' && u <= '\r') || (u >= 0xA0 && u < 0x250) ||
           (u >= 0xAC00 && u <= 0xD7A3) || (u >= 0x2010 && u < 0x2040) ||
           (u >= 0x3000 && u < 0x3100) || (u >= 0x3130 && u < 0x3400) ||
           (u >= 0x4E00 && u < 0xA000) || (u >= 0xFF00 && u < 0xFFF0) ||
           (u >= 0xD800 && u < 0xE000) || (u >= 0x2190 && u < 0x2700);
}

/* Likely units among those from i on; `units` of them are there. */
static unsigned likely(enum wide wide, const unsigned char *s, size_t len, size_t i, unsigned units)
{
    unsigned n = 0;
    for (unsigned k = 0; k < units && i + 1 < len; k++, i += 2) n += is_likely(unit_at(wide, s, i));
    return n;
}

/* Units of a stretch that are ASCII, and those that are Hangul. */
struct script {
    size_t ascii, hangul;
};

static struct script script_of(enum wide wide, const unsigned char *s, size_t len)
{
    struct script n = {0, 0};
    for (size_t i = 0; i + 1 < len; i += 2) {
        uint32_t u = unit_at(wide, s, i);
        n.ascii += u > 0 && u < 0x7F;
        n.hangul += u >= 0xAC00 && u <= 0xD7A3;
    }
    return n;
}

/* The same of all text. A byte that was lost moves what is behind it, so that each stretch is
 * looked at by itself, and both ways. */
static struct script script_by_stretches(enum wide wide, const unsigned char *s, size_t len)
{
    enum { STRETCH = 64 };
    struct script all = {0, 0};
    for (size_t i = 0; i < len; i += STRETCH) {
        size_t n = len - i < STRETCH ? len - i : STRETCH;
        struct script even = script_of(wide, s + i, n), odd = script_of(wide, s + i + 1, n - 1);
        bool later = odd.ascii + odd.hangul > even.ascii + even.hangul;
        all.ascii += later ? odd.ascii : even.ascii;
        all.hangul += later ? odd.hangul : even.hangul;
    }
    return all;
}

/* Without a mark it is told by its ASCII, spaces and line ends at least, among Hangul. */
static enum wide wide_by_script(const unsigned char *s, size_t len)
{
    while (len > 0 && s[len - 1] == 0) len--; /* padding */
    if (len > SAMPLE) len = SAMPLE;
    if (len < 2 || !memchr(s, 0, len)) return WIDE_NO;
    struct script little = script_by_stretches(WIDE_LITTLE, s, len),
                  big = script_by_stretches(WIDE_BIG, s, len);
    bool is_big = big.ascii + big.hangul > little.ascii + little.hangul;
    struct script best = is_big ? big : little;
    if (best.ascii <= len / 32 || best.ascii + best.hangul < len / 2 - len / 8) return WIDE_NO;
    return is_big ? WIDE_BIG : WIDE_LITTLE;
}

enum wide wide_of(const char *bytes, size_t len, size_t *mark)
{
    const unsigned char *s = (const unsigned char *)bytes;
    *mark = 0;
    if (len >= 3 && s[0] == 0xEF && s[1] == 0xBB && s[2] == 0xBF) *mark = 3;
    if (len >= 2 && s[0] == 0xFF && s[1] == 0xFE) *mark = 2;
    if (len >= 2 && s[0] == 0xFE && s[1] == 0xFF) *mark = 2;
    if (*mark == 3) return WIDE_NO;
    if (*mark == 2) return s[0] == 0xFF ? WIDE_LITTLE : WIDE_BIG;
    return wide_by_script(s, len);
}

/* Whether text goes on a byte later rather than here. */
static bool lost_beat(enum wide wide, const unsigned char *s, size_t len, size_t i)
{
    unsigned units = WINDOW;
    if (i + 2 * WINDOW + 1 > len) units = (unsigned)((len - i) / 2);
    if (units < 4) return false;
    if (i + 1 + 2 * (size_t)units > len) units--;
    return likely(wide, s, len, i + 1, 4) > likely(wide, s, len, i, 4) &&
           likely(wide, s, len, i + 1, units) >= likely(wide, s, len, i, units) + 1 + units / 5;
}

size_t wide_decode(enum wide wide, const char *bytes, size_t len, bool last, struct buffer *out,
                   unsigned long long *broken)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t i = 0, spare = last ? 0 : 2 * WINDOW + 4;
    while (i + spare + 1 < len) {
        uint32_t u = unit_at(wide, s, i), low;
        bool high = u >= 0xD800 && u < 0xDC00;
        if (high && i + 3 < len && (low = unit_at(wide, s, i + 2)) >= 0xDC00 && low < 0xE000) {
            buffer_append_char(out, 0x10000 + ((u - 0xD800) << 10) + (low - 0xDC00));
            i += 4;
            continue;
        }
        bool lone = u >= 0xD800 && u < 0xE000;
        if ((lone || !is_likely(u)) && lost_beat(wide, s, len, i)) {
            buffer_append_char(out, 0xFFFD);
            (*broken)++;
            i++;
            continue;
        }
        buffer_append_char(out, lone ? 0xFFFD : u);
        *broken += lone;
        i += 2;
    }
    if (last && i < len) {
        if (s[i] != 0) { /* half a character */
            buffer_append_char(out, 0xFFFD);
            (*broken)++;
        }
        i = len;
    }
    return i;
}
