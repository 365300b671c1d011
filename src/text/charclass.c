/* Ranges of code points, then utf8proc's category for the rest. */
#include "text/charclass.h"

#include <stddef.h>

#include <utf8proc.h>

#include "text/hanyang.h"

static enum fr_charclass ascii_class(uint32_t cp)
{
    if (cp >= '0' && cp <= '9') return FR_CHAR_DIGIT;
    if ((cp | 32) >= 'a' && (cp | 32) <= 'z') return FR_CHAR_LETTER;
    if (cp == '\n' || cp == '\r' || cp == '\f' || cp == '\v') return FR_CHAR_LINE;
    return cp <= ' ' || cp == 0x7F ? FR_CHAR_SPACE : FR_CHAR_PUNCT;
}

/* Emoji below U+1F000 (emoji-data.txt of Unicode 15: Emoji_Presentation, and the commonest of those
 * that a variation selector makes emoji). Stars, squares and arrows of lists are none. */
static bool is_old_emoji(uint32_t cp)
{
    static const uint16_t ranges[][2] = {
        {0x231A, 0x231B}, {0x23E9, 0x23F3}, {0x2600, 0x2604}, {0x2614, 0x2615}, {0x2639, 0x263A},
        {0x2648, 0x2653}, {0x2665, 0x2666}, {0x267F, 0x267F}, {0x2693, 0x2693}, {0x26A0, 0x26A1},
        {0x26BD, 0x26BE}, {0x26C4, 0x26C5}, {0x26CE, 0x26CE}, {0x26D4, 0x26D4}, {0x26EA, 0x26EA},
        {0x26F2, 0x26F3}, {0x26F5, 0x26F5}, {0x26FA, 0x26FA}, {0x26FD, 0x26FD}, {0x2702, 0x2702},
        {0x2705, 0x2705}, {0x2708, 0x270D}, {0x2714, 0x2714}, {0x2728, 0x2728}, {0x274C, 0x274C},
        {0x274E, 0x274E}, {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2763, 0x2764}, {0x2795, 0x2797},
        {0x27B0, 0x27B0}, {0x2B50, 0x2B50}, {0x2B55, 0x2B55}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && cp >= ranges[i][0]; i++)
        if (cp <= ranges[i][1]) return true;
    return false;
}

enum fr_charclass fr_charclass_any(uint32_t cp)
{
    if (cp < 0x80) return ascii_class(cp);
    if (cp >= 0x3131 && cp <= 0x318E) /* U+318D ㆍ is typed as a middle dot, and separates */
        return cp == 0x318D ? FR_CHAR_PUNCT : FR_CHAR_JAMO;
    if ((cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3400 && cp <= 0x4DBF) ||
        (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x20000 && cp <= 0x3FFFF) || cp == 0x3005 ||
        cp == 0x3007)
        return FR_CHAR_HAN;
    if ((cp >= 0x3041 && cp <= 0x3096) || (cp >= 0x3099 && cp <= 0x309F) ||
        (cp >= 0x30A1 && cp <= 0x30FA) || (cp >= 0x30FC && cp <= 0x30FF) ||
        (cp >= 0x31F0 && cp <= 0x31FF))
        return FR_CHAR_KANA;
    if ((cp >= 0x1100 && cp <= 0x11FF) || (cp >= 0xA960 && cp <= 0xA97F) ||
        (cp >= 0xD7B0 && cp <= 0xD7FF))
        return FR_CHAR_OLD_HANGUL;
    if (cp == 0x85 || cp == 0x2028 || cp == 0x2029) return FR_CHAR_LINE;
    switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_NL: return FR_CHAR_LETTER;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NO: return FR_CHAR_DIGIT;
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return FR_CHAR_LINE;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_CC: return FR_CHAR_SPACE;
    case UTF8PROC_CATEGORY_SO:
        return (cp >= 0x1F000 && cp <= 0x1FAFF) || is_old_emoji(cp) ? FR_CHAR_EMOJI : FR_CHAR_PUNCT;
    case UTF8PROC_CATEGORY_CO: /* not folded yet, in a query as it was typed */
        return fr_hanyang_letters(cp) ? FR_CHAR_OLD_HANGUL : FR_CHAR_PUNCT;
    default: return FR_CHAR_PUNCT;
    }
}

bool fr_is_currency(uint32_t cp)
{
    return utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_SC;
}
