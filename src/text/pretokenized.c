/* Terms between spaces, as they stand: most are one or two syllables of three bytes each, which are
 * told by a few bits of eight bytes at once. */
#include "text/pretokenized.h"

#include "base/bytes.h"
#include "text/charclass.h"
#include "text/utf8.h"

/* The term of one token: a pair's key, if it is one or two syllables (true), or a word. */
static bool read_pair(const char *token, size_t len, uint32_t *key)
{
    uint32_t cps[2] = {0, 0};
    size_t count = 0;
    for (size_t i = 0; i < len;) {
        size_t at = i;
        uint32_t cp = fr_utf8_next(token, len, &i);
        if (count == 2 || cp > 0xFFFF || !fr_is_syllabic(fr_charclass_of(cp))) return false;
        if (cp == FR_REPLACEMENT && i - at != 3) return false;
        cps[count++] = cp;
    }
    *key = fr_pair_key(cps[0], cps[1]);
    return count > 0;
}

/* The key of the term at `text` if it is one or two Hangul syllables, as most are, and a space.
 * Eight bytes are there. Returns its bytes, or 0: look closer. */
static size_t hangul_term(const char *text, uint32_t *key)
{
    uint64_t b = fr_load64(text);
    uint32_t first = (uint32_t)((b & 0xF) << 12 | (b >> 8 & 0x3F) << 6 | (b >> 16 & 0x3F)),
             second = (uint32_t)((b >> 24 & 0xF) << 12 | (b >> 32 & 0x3F) << 6 | (b >> 40 & 0x3F));
    if ((b & 0xC0C0F0) != 0x8080E0 || fr_charclass_of(first) != FR_CHAR_HANGUL) return 0;
    *key = fr_pair_key(first, 0);
    if ((b >> 24 & 0xFF) <= ' ') return 3;
    if ((b >> 24 & 0xC0C0F0) != 0x8080E0 || (b >> 48 & 0xFF) > ' ' ||
        fr_charclass_of(second) != FR_CHAR_HANGUL)
        return 0;
    *key = fr_pair_key(first, second);
    return 6;
}

void fr_pretokenized_analyze(struct fr_analyzer *a, const char *text, size_t from, size_t to)
{
    for (size_t i = from; i < to;) {
        while (i < to && (unsigned char)text[i] <= ' ') i++;
        size_t begin = i;
        uint32_t key = 0;
        if (to - i >= 8) i += hangul_term(text + i, &key);
        bool known = i > begin;
        while (i < to && (unsigned char)text[i] > ' ') i++;
        size_t bytes = i - begin;
        if (bytes == 0) break;
        if (known || read_pair(text + begin, bytes, &key)) {
            bytes = 0;
        } else {
            if (bytes > UINT16_MAX) bytes = UINT16_MAX;
            key = (uint32_t)a->words.len;
            fr_buf_put(&a->words, text + begin, bytes);
        }
        fr_vec_push(&a->tokens, .key = key, .position = a->next_position++,
                    .begin = (uint32_t)begin, .end = (uint32_t)i, .word_bytes = (uint16_t)bytes,
                    .span = 1);
    }
}
