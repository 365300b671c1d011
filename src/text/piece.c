/* A place is looked for from the end of what a piece may have back to its middle. The best one is
 * a line's end behind a sentence's, then a sentence's, a line's, a word's. */
#include "text/piece.h"

#include <stdint.h>
#include <string.h>

#include "text/charclass.h"
#include "text/utf8.h"

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Does what ends at `end` end a sentence even where no line does? */
static bool ends_sentence(const char *text, size_t end)
{
    char c = text[end - 1];
    return c == '!' || c == '?' || (c == '.' && !(end > 1 && is_digit(text[end - 2])));
}

/* Is the line's end at `end` one of a sentence or a paragraph, not of a line that was wrapped? */
static bool ends_paragraph(const char *text, size_t end)
{
    while (end > 0 && (text[end - 1] == '\r' || text[end - 1] == ' ')) end--;
    if (end == 0 || text[end - 1] == '\n' || ends_sentence(text, end)) return true;
    return end > 2 && memcmp(text + end - 3, "\xEB\x8B\xA4", 3) == 0; /* 다 */
}

/* Can nothing that begins with these bytes join what is before it (text/fold.c)? */
static bool stands_alone(const char *text, size_t len, size_t at)
{
    unsigned char c = (unsigned char)text[at];
    return c < 0x80 || (c >= 0xE4 && c <= 0xEC) ||
           (c == 0xED && at + 1 < len && (unsigned char)text[at + 1] < 0x9E);
}

/* Does a run of syllables go over `at`? */
static bool is_inside(const char *text, size_t len, size_t at)
{
    size_t before = at > 2 ? at - 3 : 0, next = at;
    uint32_t left = fr_utf8_next(text, at, &before), right = fr_utf8_next(text, len, &next);
    return before == at && fr_is_syllable(left) && fr_is_syllable(right);
}

/* A place inside a word that is longer than half a piece. */
static size_t cut_word(const char *text, size_t len, size_t end, enum fr_cut *cut)
{
    for (size_t i = end; i > end - 32; i--)
        if (stands_alone(text, len, i)) {
            *cut = is_inside(text, len, i) ? FR_CUT_INSIDE : FR_CUT_APART;
            return i;
        }
    *cut = FR_CUT_APART;
    for (size_t i = end; i > end - 4; i--)
        if (((unsigned char)text[i] & 0xC0) != 0x80) return i;
    return end;
}

size_t fr_piece_end(const char *text, size_t len, size_t most, enum fr_cut *cut)
{
    size_t sentence = 0, line = 0, word = 0;
    *cut = FR_CUT_NONE;
    if (len <= most) return len;
    *cut = FR_CUT_GAP;
    for (size_t i = most; i > most / 2; i--) {
        if (!is_blank(text[i - 1]) || is_blank(text[i])) continue;
        size_t end = i;
        bool new_line = false;
        for (; end > 0 && is_blank(text[end - 1]); end--) new_line |= text[end - 1] == '\n';
        if (new_line && ends_paragraph(text, i - 1)) return i;
        if (new_line && !line) line = i;
        if (!sentence && end > 0 && ends_sentence(text, end)) sentence = i;
        if (!word && !is_digit(text[i])) word = i;
    }
    if (sentence || line) return sentence ? sentence : line;
    if (!word) return cut_word(text, len, most, cut);
    *cut = FR_CUT_SPACE;
    return word;
}

size_t fr_piece_ahead(const char *text, size_t len, size_t end, enum fr_cut cut)
{
    size_t next = end;
    if (cut != FR_CUT_INSIDE || end == len) return 0;
    fr_utf8_next(text, len, &next);
    return next - end;
}

bool fr_piece_next(const char *text, size_t len, size_t most, struct fr_piece *piece)
{
    size_t at = piece->end;
    if (at >= len) return false;
    piece->begin = at;
    piece->before = piece->behind;
    piece->end = at + fr_piece_end(text + at, len - at, most, &piece->behind);
    piece->ahead = fr_piece_ahead(text, len, piece->end, piece->behind);
    return true;
}
