/* Private-use codes of old Hangul become their letters. Clusters are decomposed, mapped and
 * composed with utf8proc, one at a time, so that each code point knows its bytes. */
#include "text/fold.h"

#include <utf8proc.h>

#include "text/charclass.h"
#include "text/hangul.h"
#include "text/hanyang.h"
#include "text/utf8.h"

#define CLUSTER_MAX 64

/* The compatibility letter of a conjoining jamo (L 1100..1112, V 1161..1175, T 11A8..11C2). */
static uint32_t jamo_to_letter(uint32_t cp)
{
    if (cp >= 0x1100 && cp <= 0x1112) return fr_jamo_initials[cp - 0x1100];
    if (cp >= 0x1161 && cp <= 0x1175) return FR_JAMO_FIRST_VOWEL + (cp - 0x1161);
    if (cp >= 0x11A8 && cp <= 0x11C2) return fr_jamo_finals[cp - 0x11A7];
    return cp;
}

/* Half-width Hangul letters FFA1..FFDC → compatibility letters; 0 if cp is none. */
static uint32_t halfwidth_letter(uint32_t cp)
{
    if (cp >= 0xFFA1 && cp <= 0xFFBE) return 0x3131 + (cp - 0xFFA1);
    if (cp >= 0xFFC2 && cp <= 0xFFC7) return 0x314F + (cp - 0xFFC2);
    if (cp >= 0xFFCA && cp <= 0xFFCF) return 0x3155 + (cp - 0xFFCA);
    if (cp >= 0xFFD2 && cp <= 0xFFD7) return 0x315B + (cp - 0xFFD2);
    if (cp >= 0xFFDA && cp <= 0xFFDC) return 0x3161 + (cp - 0xFFDA);
    return 0;
}

static bool is_compatibility_letter(uint32_t cp)
{
    return cp >= 0x3131 && cp <= 0x318E && cp != 0x3164;
}

/* Default_Ignorable_Code_Point of Unicode 15 (DerivedCoreProperties), and skin tones of emoji. */
static bool is_ignorable(uint32_t cp)
{
    if (cp < 0xAD) return false;
    return cp == 0xAD || cp == 0x34F || cp == 0x61C || cp == 0x115F || cp == 0x1160 ||
           cp == 0x17B4 || cp == 0x17B5 || (cp >= 0x180B && cp <= 0x180F) ||
           (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2060 && cp <= 0x206F) || cp == 0x3164 || (cp >= 0xFE00 && cp <= 0xFE0F) ||
           cp == 0xFEFF || cp == 0x302E || cp == 0x302F /* tone marks of old Hangul */ ||
           cp == 0xFFA0 || (cp >= 0xFFF0 && cp <= 0xFFF8) || (cp >= 0x1BCA0 && cp <= 0x1BCA3) ||
           (cp >= 0x1D173 && cp <= 0x1D17A) || (cp >= 0x1F3FB && cp <= 0x1F3FF) ||
           (cp >= 0xE0000 && cp <= 0xE0FFF);
}

/* May cp join onto what stands before it when text is composed? */
static bool joins_backward(uint32_t cp)
{
    if (cp < 0x300) return false;
    if (fr_is_syllable(cp)) return false;
    if ((cp >= 0x1160 && cp <= 0x11FF) || (cp >= 0xD7B0 && cp <= 0xD7FB)) return true;
    if (cp == 0xFF9E || cp == 0xFF9F) return true;
    if (cp >= 0x3400 && cp <= 0x9FFF) return false;
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)cp);
    if (property->combining_class != 0) return true;
    /* Starters that compose with the letter before them (U+09BE and its like) are marks too. */
    return property->category == UTF8PROC_CATEGORY_MC || property->category == UTF8PROC_CATEGORY_MN;
}

struct cluster {
    utf8proc_int32_t cps[CLUSTER_MAX];
    unsigned count;
    uint32_t begin, end;
};

static void put_folded(struct fr_folded_text *out, uint32_t cp, uint32_t begin, uint32_t end)
{
    fr_vec_push(out, cp, begin, end);
}

/* Decomposes and recomposes a cluster, with (compat) or without compatibility mappings. */
static unsigned normalize(struct cluster *c, bool compat, utf8proc_int32_t *out, unsigned room)
{
    char utf8[CLUSTER_MAX * 4];
    size_t bytes = 0;
    for (unsigned i = 0; i < c->count; i++) bytes += fr_utf8_put(utf8 + bytes, (uint32_t)c->cps[i]);
    utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE;
    if (compat) options |= UTF8PROC_COMPAT;
    utf8proc_ssize_t n = utf8proc_decompose((const utf8proc_uint8_t *)utf8, (utf8proc_ssize_t)bytes,
                                            out, (utf8proc_ssize_t)room, options);
    if (n < 0 || (unsigned)n > room) return 0;
    n = utf8proc_normalize_utf32(out, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    return n < 0 ? 0 : (unsigned)n;
}

static bool is_conjoining(uint32_t cp)
{
    return fr_charclass_of(cp) == FR_CHAR_OLD_HANGUL;
}

/* Letters that stand together, one of which no modern syllable has? */
static bool is_old_syllable(const utf8proc_int32_t *cps, unsigned n)
{
    bool old = false;
    for (unsigned i = 0; i < n; i++) {
        uint32_t cp = (uint32_t)cps[i];
        if (!is_conjoining(cp) && !fr_is_syllable(cp)) return false;
        old |= is_conjoining(cp) && jamo_to_letter(cp) == cp;
    }
    return old && n > 1;
}

/* No compatibility mapping is longer than 18 code points (U+FDFA). */
#define EXPANDED_MAX (CLUSTER_MAX * 18)

static void flush_cluster(struct cluster *c, struct fr_folded_text *out)
{
    if (c->count == 0) return;
    if (c->count == 1 && is_compatibility_letter((uint32_t)c->cps[0])) {
        put_folded(out, (uint32_t)c->cps[0], c->begin, c->end);
        c->count = 0;
        return;
    }
    utf8proc_int32_t cps[EXPANDED_MAX];
    unsigned n = normalize(c, true, cps, EXPANDED_MAX);
    for (unsigned i = 0; i < n; i++) cps[i] = utf8proc_tolower(cps[i]);
    bool old = is_old_syllable(cps, n);
    for (unsigned i = 0; i < n; i++) {
        uint32_t cp = old ? (uint32_t)cps[i] : jamo_to_letter((uint32_t)cps[i]);
        if (!is_ignorable(cp)) put_folded(out, cp, c->begin, c->end);
    }
    c->count = 0;
}

/* Takes the code point of bytes [begin, end) into the cluster before it, or a new one. */
static void take(struct cluster *c, uint32_t cp, uint32_t begin, uint32_t end,
                 struct fr_folded_text *out)
{
    if (is_ignorable(cp)) return;
    uint32_t letter = halfwidth_letter(cp);
    if (letter) cp = letter;
    if (c->count == 0 || c->count == CLUSTER_MAX || !joins_backward(cp)) {
        flush_cluster(c, out);
        c->begin = begin;
    }
    c->cps[c->count++] = (utf8proc_int32_t)cp;
    c->end = end;
}

/* Folds what begins in text[from, end), all but the cluster that may go on; returns where the rest
 * begins. */
static size_t fold_part(frai_slice whole, size_t from, size_t end, struct cluster *c,
                        struct fr_folded_text *out)
{
    const char *text = whole.ptr;
    size_t i = from, len = whole.len;
    while (i < end) {
        uint32_t begin = (uint32_t)i;
        unsigned char byte = (unsigned char)text[i];
        uint32_t cp;
        if (byte < 0x80) {
            i++;
            cp = byte;
        } else {
            cp = fr_utf8_next(text, len, &i);
        }
        bool plain = cp < 0x80 || fr_is_syllable(cp);
        /* The fast path: what nothing can join, and needs no table, leaves at once. */
        if (plain && i < len) {
            unsigned char next = (unsigned char)text[i];
            /* ASCII and U+4000..D77F hold nothing that composes with, or reorders, what is before.
             */
            plain = next < 0x80 || (next >= 0xE4 && next <= 0xEC) ||
                    (next == 0xED && i + 1 < len && (unsigned char)text[i + 1] < 0x9E);
        }
        if (plain) {
            flush_cluster(c, out);
            if (cp - 'A' < 26u) cp += 32;
            put_folded(out, cp, begin, (uint32_t)i);
            continue;
        }
        const uint16_t *letters = fr_hanyang_letters(cp);
        if (!letters) take(c, cp, begin, (uint32_t)i, out);
        for (unsigned k = 0; letters && k < FR_HANYANG_LETTERS && letters[k]; k++)
            take(c, letters[k], begin, (uint32_t)i, out);
    }
    return i;
}

bool fr_fold(const char *text, size_t len, const struct fr_stop *stop, struct fr_folded_text *out)
{
    if (len > UINT32_MAX) len = UINT32_MAX;
    struct cluster c = {.count = 0};
    for (size_t i = 0; i < len;) {
        size_t end = len - i < FR_STOP_STRIDE ? len : i + FR_STOP_STRIDE;
        i = fold_part((frai_slice){text, len}, i, end, &c, out);
        if (i < len && fr_stops(stop)) return false;
    }
    flush_cluster(&c, out);
    return !out->buf.failed;
}

static void flush_nfc(struct cluster *c, struct fr_buf *out)
{
    utf8proc_int32_t cps[EXPANDED_MAX];
    unsigned n = c->count ? normalize(c, false, cps, EXPANDED_MAX) : 0;
    for (unsigned i = 0; i < n; i++) {
        char utf8[4];
        fr_buf_put(out, utf8, fr_utf8_put(utf8, (uint32_t)cps[i]));
    }
    c->count = 0;
}

bool fr_nfc(const char *text, size_t len, struct fr_buf *out)
{
    struct cluster c = {.count = 0};
    for (size_t i = 0; i < len;) {
        uint32_t cp = fr_utf8_next(text, len, &i);
        if (c.count && (!joins_backward(cp) || c.count == CLUSTER_MAX)) flush_nfc(&c, out);
        c.cps[c.count++] = (utf8proc_int32_t)cp;
    }
    flush_nfc(&c, out);
    return !out->failed;
}
