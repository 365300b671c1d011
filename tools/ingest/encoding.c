/* A byte order mark decides; else UTF-8 if the bytes are, else UTF-16 or UTF-32 by where zeros
 * stand, else CP949. */
#include "encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "large.h"

#define REPLACEMENT "\xEF\xBF\xBD"

bool buffer_reserve(struct buffer *t, size_t more)
{
    if (t->failed) return false;
    if (t->room - t->len >= more) return true;
    size_t room = t->len + more;
    if (room < t->room + t->room / 2) room = t->room + t->room / 2;
    char *grown = large_realloc(t->data, room);
    t->failed = !grown;
    if (!grown) return false;
    t->data = grown;
    t->room = room;
    return true;
}

void buffer_append(struct buffer *t, const char *bytes, size_t len)
{
    if (len == 0 || !buffer_reserve(t, len)) return;
    large_copy(t->data + t->len, bytes, len);
    if (t->len / LARGE_STEP != (t->len + len) / LARGE_STEP) large_rest();
    t->len += len;
}

void buffer_append_char(struct buffer *t, uint32_t cp)
{
    char s[4];
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; cp >>= 6) s[i] = (char)(0x80 | (cp & 0x3F));
    s[0] = (char)(n == 1 ? cp : (0xF00u >> n & 0xFF) | cp);
    buffer_append(t, s, n);
}

void buffer_free(struct buffer *t)
{
    large_free(t->data);
    *t = (struct buffer){0};
}

/* How UTF-8 reads bytes: whole sequences, those of three bytes or more, and bytes that are in none.
 */
struct sequences {
    size_t whole, three, broken;
};

static struct sequences utf8_count(frai_slice text)
{
    struct sequences n = {0, 0, 0};
    uint32_t cp;
    size_t next = 0;
    for (size_t i = 0; i < text.len;) {
        large_pass(i, &next);
        if ((unsigned char)text.ptr[i] < 0x80) {
            i++;
            continue;
        }
        size_t len = utf8_at(text, i, &cp);
        n.whole += len > 0;
        n.three += len > 2;
        n.broken += len == 0;
        i += len ? len : 1;
    }
    return n;
}

static bool continues(frai_slice text, size_t at)
{
    return at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80;
}

/* Bytes of one character of which something is broken: what its first byte announces, but for one
 * byte that is another or one too many; or some byte and those that continue it. */
static size_t broken_length(frai_slice text, size_t at)
{
    uint32_t cp;
    unsigned char lead = (unsigned char)text.ptr[at];
    bool leads = lead >= 0xC2 && lead <= 0xF4;
    size_t announced = lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xC2 && lead < 0xE0 ? 2 : 4, n = 1;
    while (n < announced && continues(text, at + n)) n++;
    if (leads && n == announced) return n + continues(text, at + n);
    if (!leads || at + n >= text.len) return n;
    size_t begins = utf8_at(text, at + n, &cp), more = 0, missing = announced - n;
    if (begins > 1) return n;
    while (more < missing && continues(text, at + n + 1 + more)) more++;
    if (more > 0 && more + 1 >= missing) return n + 1 + more;
    return missing == 1 && begins == 0 ? n + 1 : n;
}

static void utf8_repair(frai_slice text, struct buffer *out, unsigned long long *broken)
{
    uint32_t cp;
    size_t kept = 0;
    for (size_t i = 0; i < text.len;) {
        size_t n = (unsigned char)text.ptr[i] < 0x80 ? 1 : utf8_at(text, i, &cp);
        if (n == 0) {
            buffer_append(out, text.ptr + kept, i - kept);
            buffer_append(out, REPLACEMENT, 3);
            (*broken)++;
            kept = i + broken_length(text, i);
            n = kept - i;
        }
        i += n;
    }
    buffer_append(out, text.ptr + kept, text.len - kept);
}

/* Whether a line of a file that is CP949 as a whole, or UTF-8, is so too. */
static bool line_is_cp949(frai_slice line, struct sequences n, bool file_is)
{
    struct pairs pairs = cp949_count(line.ptr, line.len);
    if (!file_is)
        return n.broken > 4 * n.whole && pairs.broken == 0 && pairs.whole >= 2 &&
               2 * pairs.hangul >= pairs.whole;
    if (n.broken == 0) return pairs.broken == 0 && (n.three < 2 || 2 * n.three < n.whole);
    return !(n.three >= 2 && n.whole > 2 * n.broken && pairs.broken > 0);
}

static void decode_lines(frai_slice text, bool cp949, struct decoded *out)
{
    while (text.len > 0) {
        const char *end = large_find(text.ptr, '\n', text.len);
        frai_slice line = {text.ptr, end ? (size_t)(end - text.ptr) + 1 : text.len};
        struct sequences n = utf8_count(line);
        if (n.broken + n.whole == 0 || (n.broken == 0 && !cp949))
            buffer_append(&out->owned, line.ptr, line.len);
        else if (line_is_cp949(line, n, cp949))
            cp949_decode(line.ptr, line.len, &out->owned, &out->broken);
        else
            utf8_repair(line, &out->owned, &out->broken);
        text.ptr += line.len;
        text.len -= line.len;
    }
}

static bool decode_wide(enum wide wide, frai_slice bytes, struct decoded *out)
{
    out->encoding = wide_encoding(wide);
    wide_decode(wide, bytes.ptr, bytes.len, true, &out->owned, &out->broken);
    out->text = out->owned.data ? out->owned.data : "";
    out->len = out->owned.len;
    return !out->owned.failed;
}

/* Does a sequence of two or three bytes begin with it? */
static unsigned char begins(unsigned char c)
{
    return (c >= 0xC2) & (c <= 0xEF);
}

/* Is c, after c1 and c2 before that, no byte of such sequences, nor ASCII but NUL? */
static unsigned char misplaced(unsigned char c2, unsigned char c1, unsigned char c)
{
    unsigned char rest = (c & 0xC0) == 0x80;
    unsigned char wanted = begins(c1) | ((c2 >= 0xE0) & begins(c2));
    unsigned char overlong = (c1 == 0xE0) & (c < 0xA0), surrogate = (c1 == 0xED) & (c >= 0xA0);
    return (rest != wanted) | overlong | surrogate | !(rest | begins(c) | ((c > 0) & (c < 0x80)));
}

/* UTF-8 that can be nothing else: without NULs it is no UTF-16 and no UTF-32. Text with sequences
 * of four bytes is not called so. Looks at all bytes alike, as vectors do. */
static bool is_plain(frai_slice text)
{
    const unsigned char *s = (const unsigned char *)text.ptr;
    size_t n = text.len;
    if (n < 2 || s[0] == 0xEF) return false;
    unsigned char bad =
        misplaced(0, 0, s[0]) | misplaced(0, s[0], s[1]) | misplaced(s[n - 2], s[n - 1], ' ');
    for (size_t i = 2, end; i < n && !bad; i = end) {
        end = n - i < LARGE_STEP ? n : i + LARGE_STEP;
        for (size_t k = i; k < end; k++) bad |= misplaced(s[k - 2], s[k - 1], s[k]);
        if (end < n) large_rest();
    }
    return !bad;
}

bool decode(const char *bytes, size_t len, struct decoded *out)
{
    size_t mark;
    *out = (struct decoded){.text = bytes, .len = len, .encoding = ENCODING_UTF8};
    if (is_plain((frai_slice){bytes, len})) return true;
    enum wide wide = wide_of(bytes, len, &mark);
    frai_slice text = {bytes + mark, len - mark};
    if (wide != WIDE_NO) return decode_wide(wide, text, out);
    struct sequences n = utf8_count(text);
    out->text = text.ptr;
    out->len = text.len;
    if (n.broken == 0) return true;
    /* Korean in CP949 has hardly a byte pair that is UTF-8; text with more whole sequences than
     * broken bytes is UTF-8 that something has torn. */
    struct pairs pairs = cp949_count(text.ptr, text.len);
    bool cp949 = n.whole <= n.broken && pairs.whole > pairs.broken;
    decode_lines(text, cp949, out);
    /* Of Korean one syllable in hundreds is rare; of Shift-JIS, Big5 or Johab read so, most are. */
    out->doubtful = cp949 && pairs.rare >= 8 && 3 * pairs.rare > 2 * pairs.hangul;
    out->encoding = cp949 ? ENCODING_CP949 : ENCODING_BROKEN;
    out->text = out->owned.data ? out->owned.data : "";
    out->len = out->owned.len;
    return !out->owned.failed;
}

bool decode_named(const char *name, const char *bytes, size_t len, struct decoded *out)
{
    iconv_t cd = iconv_open("UTF-8", name);
    *out = (struct decoded){.text = "", .encoding = ENCODING_BROKEN};
    if (cd == (iconv_t)-1) return false;
    char *at = (char *)bytes;
    size_t left = len;
    while (left > 0 && buffer_reserve(&out->owned, left < 4096 ? 4 * left + 16 : left + left / 2)) {
        struct buffer *t = &out->owned;
        char *to = t->data + t->len;
        size_t room = t->room - t->len;
        size_t done = iconv(cd, &at, &left, &to, &room);
        t->len = t->room - room;
        if (done != (size_t)-1 || errno == E2BIG) continue;
        buffer_append(t, REPLACEMENT, 3);
        out->broken++;
        at++;
        left--;
    }
    iconv_close(cd);
    out->text = out->owned.data ? out->owned.data : "";
    out->len = out->owned.len;
    return !out->owned.failed;
}

void decoded_free(struct decoded *d)
{
    buffer_free(&d->owned);
}

char *to_utf8(const char *bytes, size_t len, size_t *out_len, enum encoding *encoding)
{
    struct decoded d;
    bool decoded = decode(bytes, len, &d);
    struct buffer copy = {0};
    buffer_append(&copy, d.text, d.len);
    buffer_append(&copy, "", 1);
    *out_len = d.len;
    *encoding = d.encoding;
    decoded_free(&d);
    if (decoded && !copy.failed) return copy.data;
    buffer_free(&copy);
    return NULL;
}

static bool has_mark(const char *bytes, size_t len)
{
    static const frai_slice marks[] = {{"%PDF-", 5},
                                       {"\x89PNG", 4},
                                       {"PK\3\4", 4},
                                       {"PK\5\6", 4},
                                       {"\x1F\x8B\x08", 3},
                                       {"BZh", 3},
                                       {"\xFD\x37zXZ", 5},
                                       {"7z\xBC\xAF", 4},
                                       {"\x28\xB5\x2F\xFD", 4},
                                       {"GIF8", 4},
                                       {"\xFF\xD8\xFF", 3},
                                       {"RIFF", 4},
                                       {"ID3", 3},
                                       {"OggS", 4},
                                       {"\x7F"
                                        "ELF",
                                        4},
                                       {"\xCA\xFE\xBA\xBE", 4},
                                       {"{\\rtf", 5},
                                       {"SQLite format 3", 15},
                                       {"HWP Document File", 17},
                                       {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (len >= marks[i].len && memcmp(bytes, marks[i].ptr, marks[i].len) == 0) return true;
    return false;
}

bool is_binary(const char *bytes, size_t len)
{
    size_t mark, controls = 0;
    while (len > 0 && bytes[len - 1] == '\0') len--; /* padding */
    if (len == 0) return false;
    if (has_mark(bytes, len)) return true;
    if (wide_of(bytes, len, &mark) != WIDE_NO) return false;
    if (len > 65536) len = 65536;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        controls += c == 0x7F || (c < ' ' && !(c >= '\b' && c <= '\r') && c != 0x1A && c != 0x1B);
    }
    return controls * 32 > len;
}
