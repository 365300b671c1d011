/* One pass over folded code points; what stood before is read back from the buffer's end. */
#include "text/title.h"

#include "text/charclass.h"
#include "text/number.h"
#include "text/utf8.h"

/* The class of the last character that was put. */
static enum fr_charclass last_class(const struct fr_buf *out)
{
    size_t at = out->len;
    if (at == 0) return FR_CHAR_SPACE;
    while (--at > 0 && out->data[at] >> 6 == 2) continue;
    return fr_charclass_of(fr_utf8_next((const char *)out->data, out->len, &at));
}

static bool is_word(enum fr_charclass class)
{
    return class > FR_CHAR_PUNCT && !fr_is_syllabic(class);
}

/* c++ is not c. */
static bool is_symbol(const struct fr_folded *cps, size_t i)
{
    bool symbol = cps[i].cp == '+' || cps[i].cp == '#';
    while (symbol && i > 0 && cps[i - 1].cp == '+') i--;
    return symbol && i > 0 && fr_charclass_of(cps[i - 1].cp) == FR_CHAR_LETTER;
}

void fr_title_put(struct fr_buf *out, const struct fr_folded *cps, size_t count)
{
    bool apart = true;
    for (size_t i = 0, digits = 0; i < count && !out->failed; i++) {
        enum fr_charclass class = fr_charclass_of(cps[i].cp);
        char utf8[4];
        if (class == FR_CHAR_DIGIT && i >= digits) digits = fr_number_digits(cps, i, count);
        if (i < digits && cps[i].cp == ',') continue;
        if (class <= FR_CHAR_PUNCT && !is_symbol(cps, i)) {
            apart = true;
            continue;
        }
        if (apart && is_word(class) && is_word(last_class(out))) fr_buf_u8(out, ' ');
        fr_buf_put(out, utf8, fr_utf8_put(utf8, cps[i].cp));
        apart = false;
    }
}
