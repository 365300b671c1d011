#include "shapes.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "frai/search.h"

enum { WORD, PHRASE, EXCLUDED, EXCLUDED_PHRASE, WAYS };
static const char *const ways[] = {"words", "phrases", "-words", "-phrases"};

enum { SYLLABLE, WORDS, GLUED, SLIPPED, CUT, SENTENCES, NUMBER, LATIN, JAMO, HAN, LONE, KINDS };
static const char *const kinds[] = {"one syllable", "words",         "words without spaces",
                                    "slips",        "cut words",     "sentences",
                                    "numbers",      "letters",       "jamo",
                                    "Han",          "lone syllables"};

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint64_t shape_random(uint64_t *state, uint64_t below)
{
    return next(state) % below;
}

/* 1 and more, up to about `most`: small ones as often as large ones. */
static uint16_t some(uint64_t *state, unsigned bits)
{
    uint64_t most = 2ull << shape_random(state, bits);
    return (uint16_t)(1 + shape_random(state, most - 1));
}

static void make_part(struct shape_part *p, uint64_t *state)
{
    p->as = (uint8_t)(shape_random(state, 2) ? WORD : shape_random(state, WAYS));
    p->of = (uint8_t)shape_random(state, KINDS);
    p->count = some(state, 9);
    p->length = some(state, 7);
    p->seed = (uint32_t)next(state);
}

static void choose_options(struct shape *s, uint64_t *state)
{
    static const uint32_t flags[] = {FRAI_SEARCH_EXACT, FRAI_SEARCH_COUNT_EXACT, FRAI_SEARCH_NO_FIX,
                                     FRAI_SEARCH_FUZZY, FRAI_SEARCH_PREFIX};
    s->flags = 0;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (shape_random(state, 3) == 0) s->flags |= flags[i];
    s->match = (uint32_t)shape_random(state, 3);
    s->rank = shape_random(state, 4) == 0 ? FRAI_RANK_BM25 : FRAI_RANK_DEFAULT;
    s->limit = shape_random(state, 4) ? 10 : some(state, 14);
    s->offset = shape_random(state, 8) ? 0 : some(state, 14);
}

void shape_make(struct shape *s, uint64_t *state)
{
    memset(s, 0, sizeof *s);
    s->parts = 1 + (uint32_t)shape_random(state, SHAPE_PARTS);
    for (uint32_t i = 0; i < s->parts; i++) make_part(&s->part[i], state);
    choose_options(s, state);
}

void shape_change(struct shape *s, uint64_t *state)
{
    struct shape_part *p = &s->part[shape_random(state, s->parts)];
    switch (shape_random(state, 7)) {
    case 0: make_part(p, state); break;
    case 1: p->count = some(state, 9); break;
    case 2: p->length = some(state, 7); break;
    case 3: p->seed = (uint32_t)next(state); break;
    case 4: p->as = (uint8_t)shape_random(state, WAYS); break;
    case 5: choose_options(s, state); break;
    case 6:
        if (s->parts < SHAPE_PARTS) make_part(&s->part[s->parts++], state);
        break;
    }
}

struct out {
    char *text;
    size_t len, room;
};

static void put(struct out *o, const char *text, size_t len)
{
    if (o->len + len > o->room) len = 0;
    memcpy(o->text + o->len, text, len);
    o->len += len;
}

static void put_code(struct out *o, uint32_t cp)
{
    char text[3] = {(char)(0xE0 | cp >> 12), (char)(0x80 | (cp >> 6 & 63)),
                    (char)(0x80 | (cp & 63))};
    put(o, text, 3);
}

static size_t lead(const char *text)
{
    unsigned char c = (unsigned char)*text;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/* A word without its last character, or with another one in its place. */
static void put_bent(struct out *o, const char *word, uint64_t *state, bool slipped)
{
    size_t len = strlen(word), last = len;
    for (size_t at = 0; at < len; at += lead(word + at)) last = at;
    put(o, word, last);
    if (slipped) put_code(o, 0xAC00 + (uint32_t)shape_random(state, 11172));
}

static void put_unit(struct out *o, const struct shape_part *p, const struct vocabulary *v,
                     uint64_t *state, uint32_t syllable, size_t unit)
{
    const char *word = v->words[shape_random(state, 2) ? shape_random(state, v->count)
                                                       : shape_random(state, v->count / 64 + 1)];
    char text[16];
    bool spaced = p->of != SYLLABLE && p->of != GLUED && p->of != JAMO && p->of != HAN;
    if (unit && spaced) put(o, " ", 1);
    switch (p->of) {
    case SYLLABLE: put_code(o, syllable); break;
    case WORDS:
    case GLUED: put(o, word, strlen(word)); break;
    case SLIPPED: put_bent(o, word, state, true); break;
    case CUT: put_bent(o, word, state, false); break;
    case SENTENCES:
        put(o, word, strlen(word));
        put(o, ".", 1);
        break;
    case NUMBER:
        put(o, text,
            (size_t)snprintf(text, sizeof text, "%u", (unsigned)shape_random(state, 3000)));
        break;
    case LATIN:
        for (unsigned i = 0; i < 5; i++) put(o, &"aeinorst"[shape_random(state, 8)], 1);
        break;
    case JAMO: put_code(o, 0x3131 + (uint32_t)shape_random(state, 30)); break;
    case HAN: put_code(o, 0x4E00 + (uint32_t)shape_random(state, 20000)); break;
    case LONE: put(o, word, lead(word)); break;
    }
}

size_t shape_text(const struct shape *s, const struct vocabulary *v, char *text, size_t room)
{
    struct out o = {text, 0, room};
    for (uint32_t i = 0; i < s->parts; i++) {
        const struct shape_part *p = &s->part[i];
        uint64_t state = p->seed;
        bool quoted = p->as == PHRASE || p->as == EXCLUDED_PHRASE;
        const char *word = v->words[shape_random(&state, v->count)];
        uint32_t syllable = 0xAC00;
        if (shape_random(&state, 3) && lead(word) == 3)
            syllable = ((unsigned char)word[0] & 15u) << 12 | ((unsigned char)word[1] & 63u) << 6 |
                       ((unsigned char)word[2] & 63u);
        for (uint32_t n = 0; n < p->count; n++) {
            if (o.len) put(&o, " ", 1);
            if (p->as == EXCLUDED || p->as == EXCLUDED_PHRASE) put(&o, "-", 1);
            if (quoted) put(&o, "\"", 1);
            for (uint32_t unit = 0; unit < p->length; unit++)
                put_unit(&o, p, v, &state, syllable, unit);
            if (quoted) put(&o, "\"", 1);
        }
    }
    return o.len;
}

void shape_name(const struct shape *s, char *out, size_t room)
{
    size_t n = 0;
    for (uint32_t i = 0; i < s->parts && n < room; i++)
        n +=
            (size_t)snprintf(out + n, room - n, "%s%u %s of %u %s", i ? ", " : "", s->part[i].count,
                             ways[s->part[i].as], s->part[i].length, kinds[s->part[i].of]);
    for (size_t i = 0; i < 5 && n < room; i++)
        if (s->flags >> (i < 2 ? i : i == 2 ? 2 : i + 1) & 1)
            n += (size_t)snprintf(
                out + n, room - n, "; %s",
                (const char *const[]){"exact", "count", "no fix", "fuzzy", "prefix"}[i]);
    if (n < room)
        snprintf(out + n, room - n, "; %s%s, %u from %u",
                 (const char *const[]){"auto", "all", "any"}[s->match],
                 s->rank == FRAI_RANK_BM25 ? ", bm25" : "", s->limit, s->offset);
}
