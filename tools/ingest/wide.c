/* UTF-16, read on behind lone surrogates and behind bytes that were lost or came twice, and UTF-32.
 */
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
        n.ascii += u < 0x7F && is_likely(u);
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

static bool is_32(enum wide wide)
{
    return wide == WIDE_LITTLE_32 || wide == WIDE_BIG_32;
}

static uint32_t unit32_at(enum wide wide, const unsigned char *s, size_t i)
{
    return wide == WIDE_LITTLE_32
               ? unit_at(WIDE_LITTLE, s, i) | unit_at(WIDE_LITTLE, s, i + 2) << 16
               : unit_at(WIDE_BIG, s, i) << 16 | unit_at(WIDE_BIG, s, i + 2);
}

static bool is_character(uint32_t u)
{
    return u < 0xD800 || (u >= 0xE000 && u <= 0x10FFFF);
}

/* Whether nearly all of it is what text is mostly made of. */
static bool is_text_of_32(enum wide wide, const unsigned char *s, size_t len)
{
    size_t units = 0, good = 0;
    while (len > 0 && s[len - 1] == 0) len--; /* padding, and what the last character begins with */
    if (len > SAMPLE) len = SAMPLE;
    for (size_t i = 0; i + 3 < len; i += 4, units++) {
        uint32_t u = unit32_at(wide, s, i);
        bool symbol = u >= 0x1F000 && u < 0x1FB00, ideograph = u >= 0x20000 && u < 0x32000;
        good += (is_character(u) && is_likely(u)) || symbol || ideograph;
    }
    return units > 1 && good >= units - units / 8;
}

static enum wide wide32_of(const unsigned char *s, size_t len, size_t *mark)
{
    static const unsigned char little[] = {0xFF, 0xFE, 0, 0}, big[] = {0, 0, 0xFE, 0xFF};
    *mark = len >= 4 && (memcmp(s, little, 4) == 0 || memcmp(s, big, 4) == 0) ? 4 : 0;
    if (*mark) {
        enum wide wide = s[0] ? WIDE_LITTLE_32 : WIDE_BIG_32;
        if (len < 8 || is_character(unit32_at(wide, s, 4))) return wide;
        *mark = 0; /* UTF-16 that begins with a NUL */
        return WIDE_NO;
    }
    if (is_text_of_32(WIDE_LITTLE_32, s, len)) return WIDE_LITTLE_32;
    return is_text_of_32(WIDE_BIG_32, s, len) ? WIDE_BIG_32 : WIDE_NO;
}

enum wide wide_of(const char *bytes, size_t len, size_t *mark)
{
    const unsigned char *s = (const unsigned char *)bytes;
    enum wide of_32 = wide32_of(s, len, mark);
    if (of_32 != WIDE_NO) return of_32;
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

/* Bytes of a character that is cut off at the end. */
static void decode_rest(const unsigned char *s, size_t len, struct buffer *out,
                        unsigned long long *broken)
{
    while (len > 0 && s[len - 1] == 0) len--; /* padding */
    if (len == 0) return;
    buffer_append_char(out, 0xFFFD);
    (*broken)++;
}

static size_t decode_32(enum wide wide, const unsigned char *s, size_t len, bool last,
                        struct buffer *out, unsigned long long *broken)
{
    size_t i = 0;
    for (; i + 3 < len; i += 4) {
        uint32_t u = unit32_at(wide, s, i);
        bool good = is_character(u);
        buffer_append_char(out, good ? u : 0xFFFD);
        *broken += !good;
    }
    if (!last) return i;
    decode_rest(s + i, len - i, out, broken);
    return len;
}

size_t wide_decode(enum wide wide, const char *bytes, size_t len, bool last, struct buffer *out,
                   unsigned long long *broken)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t i = 0, spare = last ? 0 : 2 * WINDOW + 4;
    if (is_32(wide)) return decode_32(wide, s, len, last, out, broken);
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
    if (!last) return i;
    decode_rest(s + i, len - i, out, broken);
    return len;
}

enum encoding wide_encoding(enum wide wide)
{
    return is_32(wide) ? ENCODING_UTF32 : ENCODING_UTF16;
}
