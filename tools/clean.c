/* Decodes UTF-8 and writes what is harmless as it is; clusters and widths are utf8proc's. */
#include "clean.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define CLUSTER_POINTS_MAX 20 /* of a cluster that goes on, the rest is another */
#define REPLACEMENT        0xFFFDu
#define VARIATION_EMOJI    0xFE0Fu

size_t utf8_at(frai_slice text, size_t at, uint32_t *cp)
{
    const unsigned char *s = (const unsigned char *)text.ptr + at;
    size_t left = text.len - at, n = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    *cp = s[0];
    if (s[0] < 0x80) return 1;
    if (s[0] < 0xC2 || s[0] > 0xF4 || n > left) return 0;
    *cp = s[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80) return 0;
        *cp = *cp << 6 | (s[i] & 0x3F);
    }
    bool overlong = (n == 3 && *cp < 0x800) || (n == 4 && *cp < 0x10000);
    return overlong || (*cp >= 0xD800 && *cp <= 0xDFFF) || *cp > 0x10FFFF ? 0 : n;
}

bool is_deceptive(uint32_t cp)
{
    return (cp >= 0x80 && cp <= 0x9F) || cp == 0x061C || (cp >= 0x200E && cp <= 0x200F) ||
           (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) ||
           (cp >= 0xFFF9 && cp <= 0xFFFB) || (cp >= 0xE0000 && cp <= 0xE00FF) ||
           (cp & 0xFFFE) == 0xFFFE;
}

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x2028 || cp == 0x2029;
}

/* What is printed for the character at *at. */
static uint32_t next_point(frai_slice text, size_t *at, enum clean_as as)
{
    uint32_t cp;
    size_t n = utf8_at(text, *at, &cp);
    *at += n ? n : 1;
    if (n == 0) return REPLACEMENT;
    if (as == CLEAN_PROSE && is_blank(cp)) return ' ';
    if (cp < 0x20) return 0x2400 + cp;
    if (cp == 0x7F) return 0x2421;
    return is_deceptive(cp) ? REPLACEMENT : cp;
}

static bool is_later_jamo(uint32_t cp)
{
    return (cp >= 0x1160 && cp <= 0x11FF) || (cp >= 0xD7B0 && cp <= 0xD7FF);
}

static void put_point(struct cluster *c, uint32_t cp)
{
    c->len +=
        (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)c->text + c->len);
    if (cp == VARIATION_EMOJI && c->columns == 1)
        c->columns = 2;
    else if (!is_later_jamo(cp))
        c->columns += utf8proc_charwidth((utf8proc_int32_t)cp);
}

/* Columns are a sum: a terminal that can't join an emoji shows its parts one by one. */
void next_cluster(frai_slice text, size_t *at, enum clean_as as, struct cluster *c)
{
    utf8proc_int32_t state = 0;
    uint32_t cp = next_point(text, at, as);
    *c = (struct cluster){.blank = cp == ' '};
    put_point(c, cp);
    for (int points = 1; *at < text.len && points < CLUSTER_POINTS_MAX; points++) {
        size_t next = *at;
        uint32_t following = next_point(text, &next, as);
        if (cp < 0x300 && following < 0x300) return;
        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)cp, (utf8proc_int32_t)following,
                                             &state))
            return;
        put_point(c, following);
        c->blank = false;
        cp = following;
        *at = next;
    }
}

void put_shown(FILE *out, frai_slice text)
{
    struct cluster c;
    for (size_t at = 0; at < text.len;) {
        next_cluster(text, &at, CLEAN_NAME, &c);
        fwrite(c.text, 1, c.len, out);
    }
}

void put_shown_lines(FILE *out, frai_slice text)
{
    for (size_t from = 0, at = 0; at <= text.len; at++) {
        bool end = at == text.len;
        if (!end && text.ptr[at] != '\n' && text.ptr[at] != '\t') continue;
        put_shown(out, (frai_slice){text.ptr + from, at - from});
        if (!end) putc(text.ptr[at], out);
        from = at + 1;
    }
}

static const char *keep_shown(frai_slice text, const char *behind)
{
    static char *buffers[8];
    static unsigned next;
    char **slot = &buffers[next++ % 8];
    size_t len;
    free(*slot);
    *slot = NULL;
    FILE *out = open_memstream(slot, &len);
    if (!out) return "";
    put_shown(out, text);
    fputs(behind, out);
    return fclose(out) == 0 && *slot ? *slot : "";
}

const char *shown_slice(frai_slice text)
{
    return keep_shown(text, "");
}

const char *shown_part(const char *text, size_t clusters)
{
    frai_slice all = frai_slice_of(text);
    size_t cut = cut_at_clusters(all, clusters);
    return keep_shown((frai_slice){all.ptr, cut}, cut < all.len ? "…" : "");
}

const char *shown(const char *text)
{
    return shown_slice(frai_slice_of(text));
}

size_t cut_at_clusters(frai_slice text, size_t clusters)
{
    struct cluster c;
    size_t at = 0;
    while (at < text.len && clusters-- > 0) next_cluster(text, &at, CLEAN_PROSE, &c);
    return at;
}
