/* CP949 (with EUC-KR in it), read on behind what is broken. iconv knows the characters; where pairs
 * begin again behind a broken byte is chosen here, so that as much as possible is Hangul. */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "encoding.h"
#include "large.h"

#define LEADS 126 /* 0x81 … 0xFE */

/* By the two bytes of a pair; 0: there is no such pair. */
static uint16_t characters[LEADS][256];

static void load(void)
{
    static bool loaded;
    if (loaded) return;
    loaded = true;
    iconv_t cd = iconv_open("UTF-16LE", "CP949");
    if (cd == (iconv_t)-1) return;
    for (unsigned lead = 0; lead < LEADS; lead++)
        for (unsigned trail = 0x41; trail < 0xFF; trail++) {
            char pair[2] = {(char)(lead + 0x81), (char)trail}, *at = pair;
            unsigned char unit[4];
            char *to = (char *)unit;
            size_t left = 2, room = sizeof unit;
            if (iconv(cd, &at, &left, &to, &room) != (size_t)-1 && left == 0 && room == 2)
                characters[lead][trail] = (uint16_t)(unit[0] | unit[1] << 8);
            iconv(cd, NULL, NULL, NULL, NULL);
        }
    iconv_close(cd);
}

/* The pair at i, 0 if there is none. */
static uint16_t pair_at(const unsigned char *s, size_t len, size_t i)
{
    return i + 1 < len && s[i] >= 0x81 && s[i] <= 0xFE ? characters[s[i] - 0x81][s[i + 1]] : 0;
}

static bool is_hangul(uint16_t c)
{
    return c >= 0xAC00 && c <= 0xD7A3;
}

struct pairs cp949_count(const char *bytes, size_t len)
{
    const unsigned char *s = (const unsigned char *)bytes;
    struct pairs n = {0};
    size_t next = 0;
    load();
    for (size_t i = 0; i < len; i++) {
        large_pass(i, &next);
        if (s[i] < 0x80) continue;
        uint16_t c = pair_at(s, len, i);
        n.whole += c != 0;
        n.hangul += is_hangul(c);
        n.rare += is_hangul(c) && (s[i] < 0xB0 || s[i + 1] < 0xA1);
        n.broken += c == 0;
        i += c != 0;
    }
    return n;
}

/* What stands at a byte, and what it costs to read it so. A pair of high bytes that is no character
 * is one that was broken; the lone byte costs more than any pair, so that it is the exception. */
enum step { STEP_ASCII, STEP_BROKEN, STEP_PAIR, STEP_BROKEN_PAIR };
enum { COST_RARE = 1, COST_BROKEN = 3 };

/* Writes the cheapest reading of a stretch in steps, from its end to its beginning. */
static void choose(const unsigned char *s, size_t len, unsigned char *steps)
{
    unsigned next = 0, after = 0; /* costs from i + 1 and from i + 2 on */
    for (size_t i = len; i-- > 0;) {
        unsigned best = next + (s[i] < 0x80 ? 0 : COST_BROKEN);
        enum step step = s[i] < 0x80 ? STEP_ASCII : STEP_BROKEN;
        uint16_t c = pair_at(s, len, i);
        unsigned pair = after + (is_hangul(c) ? 0 : COST_RARE);
        if (c && pair <= best) {
            best = pair;
            step = STEP_PAIR;
        } else if (!c && i + 1 < len && s[i] >= 0x80 && s[i + 1] >= 0x80 &&
                   after + COST_BROKEN <= best) {
            best = after + COST_BROKEN;
            step = STEP_BROKEN_PAIR;
        }
        steps[i] = (unsigned char)step;
        after = next;
        next = best;
    }
}

static void read_steps(const unsigned char *s, size_t len, const unsigned char *steps,
                       struct buffer *out, unsigned long long *broken)
{
    for (size_t i = 0; i < len;) {
        if (steps[i] == STEP_ASCII) {
            buffer_append(out, (const char *)s + i++, 1);
        } else if (steps[i] == STEP_PAIR) {
            buffer_append_char(out, pair_at(s, len, i));
            i += 2;
        } else {
            buffer_append_char(out, 0xFFFD);
            (*broken)++;
            i += steps[i] == STEP_BROKEN ? 1 : 2;
        }
    }
}

/* A stretch without a byte that ends every pair. Where all of it is pairs that is how it is read.
 */
static void read_stretch(const unsigned char *s, size_t len, struct buffer *out,
                         unsigned long long *broken)
{
    if (cp949_count((const char *)s, len).broken > 0) {
        unsigned char *steps = malloc(len);
        if (!steps) {
            out->failed = true;
            return;
        }
        choose(s, len, steps);
        read_steps(s, len, steps, out, broken);
        free(steps);
        return;
    }
    for (size_t i = 0; i < len; i++) {
        if (s[i] < 0x80)
            buffer_append(out, (const char *)s + i, 1);
        else
            buffer_append_char(out, pair_at(s, len, i++));
    }
}

void cp949_decode(const char *bytes, size_t len, struct buffer *out, unsigned long long *broken)
{
    const unsigned char *s = (const unsigned char *)bytes;
    load();
    for (size_t i = 0; i < len;) {
        size_t end = i;
        while (end < len && s[end] >= 'A') end++; /* spaces, digits, marks: no second bytes */
        if (end > i) read_stretch(s + i, end - i, out, broken);
        i = end;
        while (end < len && s[end] < 'A') end++;
        buffer_append(out, bytes + i, end - i);
        i = end;
    }
}
