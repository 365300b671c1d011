/* Query text → words, by one pass from left to right. Separators end words, quotes make phrases, a
 * "-" before a word, a quote or brackets excludes, a "*" of its own asks for all documents; numbers
 * and dates may have spaces in them. Each word is analyzed by itself (compile_word.c). */
#include "query/parse.h"

#include "query/compile_word.h"
#include "text/charclass.h"
#include "text/fold.h"
#include "text/number.h"
#include "text/particle.h"
#include "text/title.h"
#include "text/utf8.h"

/* Is it the n-th step of a loop over characters at which the caller is asked, and cancels? */
static bool stops_at(struct fr_interrupt *interrupt, size_t n)
{
    return n % 16384 == 16383 && fr_interrupted(interrupt);
}

/* Has the run at [begin, end) anything to search for? */
static bool has_letters(frai_slice text, size_t begin, size_t end, struct fr_interrupt *interrupt)
{
    for (size_t n = 0; begin < end && !stops_at(interrupt, n); n++) {
        uint32_t cp = fr_utf8_next(text.ptr, end, &begin);
        if (fr_charclass_of(cp) > FR_CHAR_PUNCT) return true;
    }
    return false;
}

static bool parse_pretokenized(struct fr_query *q, frai_slice text, struct fr_analyzer *a,
                               struct fr_interrupt *interrupt)
{
    fr_analyzer_reset(a);
    if (!fr_analyze(a, text.ptr, text.len)) return false;
    const struct fr_token *t = fr_vec_data(&a->tokens);
    for (size_t i = 0; i < fr_vec_count(&a->tokens); i++, t++) {
        if (i % 256 == 255 && fr_interrupted(interrupt)) break;
        uint32_t term =
            fr_query_put_term(q, FR_TERM_SURFACE, t->key, fr_token_word(a, t), t->word_bytes, 1.0f);
        if (term != FR_NO_QUERY_TERM) fr_vec_push(&q->sequence, term);
        q->ignored += term == FR_NO_QUERY_TERM;
    }
    return true;
}

/* Bytes that a number or date written with spaces has at most. */
#define NUMBER_BYTES 64u

/* The beginning of a number or date, folded; NULL if what begins here is no digit. */
static const struct fr_folded *fold_number(frai_slice text, size_t begin,
                                           struct fr_folded_text *folded, size_t *count)
{
    size_t len = text.len - begin < NUMBER_BYTES ? text.len - begin : NUMBER_BYTES;
    fr_buf_clear(&folded->buf);
    if (len == 0 || !fr_fold(text.ptr + begin, len, NULL, folded)) return NULL;
    const struct fr_folded *cps = fr_vec_data(folded);
    *count = fr_vec_count(folded);
    return *count && cps[0].cp >= '0' && cps[0].cp <= '9' ? cps : NULL;
}

/* Where the number or date that begins here ends, if spaces are in it: 3억 8,500만. */
static size_t number_extent(frai_slice text, size_t begin, struct fr_folded_text *folded)
{
    struct fr_number n;
    size_t count;
    const struct fr_folded *cps = fold_number(text, begin, folded, &count);
    if (!cps || (!fr_number_date(cps, 0, count, &n) && !fr_number_value(cps, 0, count, &n)))
        return 0;
    return begin + cps[n.end - 1].end;
}

/* Where the digits that begin here end, with the commas in them: 3,000명. */
static size_t digits_extent(frai_slice text, size_t begin, struct fr_folded_text *folded)
{
    size_t count;
    const struct fr_folded *cps = fold_number(text, begin, folded, &count);
    return cps ? begin + cps[fr_number_digits(cps, 0, count) - 1].end : begin;
}

/* Where the unit of one syllable behind a number and a space ends, 100만 대, 5 %; end: there is
 * none.
 */
static size_t unit_extent(frai_slice text, size_t end)
{
    size_t at = end + 1;
    if (at >= text.len || text.ptr[end] != ' ') return end;
    uint32_t unit = fr_utf8_next(text.ptr, text.len, &at);
    size_t next = at;
    if (unit == '%') return at;
    if (!fr_particle_is_unit(unit)) return end;
    bool goes_on = at < text.len && fr_is_syllable(fr_utf8_next(text.ptr, text.len, &next));
    return goes_on ? end : at;
}

static bool is_space(uint32_t cp)
{
    return fr_charclass_of(cp) <= FR_CHAR_LINE;
}

/* Between words of a query, as a space is: brackets, quotes, colons, commas, slashes, middle dots.
 * What may stand inside a word does not part it: v1.2.3, 010-1234-5678, snake_case, at&t, c++. */
static bool is_separator(uint32_t cp)
{
    static const uint16_t separators[] = {
        '"',    '\'',   '(',    ')',    ',',    '/',    ':',    ';',    '<',    '=',
        '>',    '[',    '\\',   ']',    '`',    '{',    '|',    '}',    0xAB,   0xB7,
        0xBB,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x2027, 0x3001, 0x3008,
        0x3009, 0x300A, 0x300B, 0x300C, 0x300D, 0x300E, 0x300F, 0x3010, 0x3011, 0x30FB,
        0x318D, 0xFF08, 0xFF09, 0xFF0C, 0xFF0F, 0xFF1A, 0xFF1B};
    size_t n = sizeof separators / sizeof *separators, i = 0;
    if (is_space(cp)) return true;
    while (i < n && separators[i] < cp) i++;
    return i < n && separators[i] == cp;
}

static uint32_t character_at(frai_slice text, size_t i)
{
    return i < text.len ? fr_utf8_next(text.ptr, text.len, &i) : 0;
}

static size_t word_end(frai_slice text, size_t begin, struct fr_analyzer *a,
                       struct fr_interrupt *interrupt)
{
    if (begin == text.len) return begin;
    size_t end = number_extent(text, begin + (text.ptr[begin] == '-'), &a->folded);
    size_t i = end > begin ? end : begin, n = 0;
    for (bool digit = false; i < text.len && !stops_at(interrupt, n); n++) {
        size_t next = i;
        uint32_t cp = fr_utf8_next(text.ptr, text.len, &next);
        if (is_separator(cp)) break;
        bool begins = !digit && fr_charclass_of(cp) == FR_CHAR_DIGIT;
        digit = fr_charclass_of(cp) == FR_CHAR_DIGIT;
        if (begins) end = digits_extent(text, i, &a->folded);
        i = begins && end > next ? end : next;
    }
    bool number = text.ptr[begin] >= '0' && text.ptr[begin] <= '9' && i == end;
    return number ? unit_extent(text, i) : i;
}

/* Where the next word or quote begins, and what stands just before it. */
struct place {
    size_t at;
    bool starts; /* nothing, or a space */
    bool closed; /* what closes a bracket or a quote */
};

static struct place word_begin(frai_slice text, size_t i, bool starts,
                               struct fr_interrupt *interrupt)
{
    struct place p = {i, starts, false};
    bool joined = i > 0;
    for (size_t n = 0; p.at < text.len && text.ptr[p.at] != '"' && !stops_at(interrupt, n); n++) {
        size_t next = p.at;
        uint32_t cp = fr_utf8_next(text.ptr, text.len, &next);
        if (!is_separator(cp)) break;
        p.starts = is_space(cp);
        joined &= !p.starts;
        p.closed = joined && cp != ',' && cp != ':' && cp != ';' && cp != '/';
        p.at = next;
    }
    return p;
}

/* The particle of what stands in brackets or quotes before it: (La French Tech)는. */
static bool is_particle(frai_slice text, size_t begin, size_t end)
{
    uint32_t cps[4];
    size_t n = 0;
    while (begin < end && n < 4) cps[n++] = fr_utf8_next(text.ptr, end, &begin);
    return begin == end && n > 0 && fr_particle_rest(cps, n) == 0;
}

struct parser {
    struct fr_query *q;
    frai_slice text;
    struct fr_analyzer *a;
    struct fr_stemmer *stemmer;
    uint32_t how;
    struct fr_interrupt *interrupt;
    size_t excluded_to; /* words that begin before it are excluded */
    bool headline;      /* quotes and "-" are text */
};

/* Is the "-" at i the sign of a number: -6도, -.5, -$500? */
static bool is_minus(frai_slice text, size_t i)
{
    size_t next = i + 1;
    uint32_t cp = next < text.len ? fr_utf8_next(text.ptr, text.len, &next) : 0;
    if (fr_charclass_of(cp) == FR_CHAR_DIGIT) return true;
    bool joins = cp == '.' || fr_is_currency(cp);
    return joins && fr_charclass_of(character_at(text, next)) == FR_CHAR_DIGIT;
}

/* Might what begins with cp and goes on with `next` be meant to be excluded? */
static bool looks_excluded(uint32_t cp, uint32_t next)
{
    bool dash = cp == '-' || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0xFE58 ||
                cp == 0xFE63 || cp == 0xFF0D;
    return dash && next && !is_space(next);
}

/* What closes an opening bracket or quote; 0: cp opens nothing. */
static uint32_t closing(uint32_t cp)
{
    static const uint16_t pairs[][2] = {
        {'(', ')'},       {'[', ']'},       {'{', '}'},       {'<', '>'},       {'\'', '\''},
        {'`', '`'},       {0xAB, 0xBB},     {0x2018, 0x2019}, {0x201C, 0x201D}, {0x3008, 0x3009},
        {0x300A, 0x300B}, {0x300C, 0x300D}, {0x300E, 0x300F}, {0x3010, 0x3011}, {0xFF08, 0xFF09}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][0] == cp) return pairs[i][1];
    return 0;
}

/* Bytes between brackets that are excluded together. */
#define BRACKET_BYTES 1024u

/* How far the exclusion of a "-" at i reaches: over the word after it, or over all words in the
 * brackets after it. i: it excludes nothing and is text. */
static size_t excluded_to(frai_slice text, size_t i)
{
    size_t begin = i + 1, at = begin;
    if (begin >= text.len || is_minus(text, i)) return i;
    uint32_t cp = fr_utf8_next(text.ptr, text.len, &at), close = closing(cp);
    size_t first = at;
    while (close && at < text.len && at < begin + BRACKET_BYTES)
        if (fr_utf8_next(text.ptr, text.len, &at) == close) return at;
    if (close || cp == '"') return first + 1;
    bool is_text = is_separator(cp) || cp == '-';
    return is_text ? i : begin + 1;
}

/* Adds what was just folded to what a title has to be. */
static void keep_title(struct parser *p)
{
    const struct fr_folded_text *folded = &p->a->folded;
    fr_title_put(&p->q->title, fr_vec_data(folded), fr_vec_count(folded));
}

/* Puts the word or the inside of quotes [begin, end); beyond the limits it is only counted. */
static bool put_word(struct parser *p, size_t begin, size_t end, bool quoted)
{
    struct fr_typed_word word = {.begin = begin,
                                 .end = end,
                                 .negative = begin < p->excluded_to,
                                 .phrase = quoted || p->how & FR_PARSE_EXACT,
                                 .whole = p->how & FR_PARSE_WHOLE};
    if (!p->q->truncated && begin < FR_QUERY_BYTES_MAX) {
        bool put = fr_query_put_word(p->q, p->text, &word, p->a, p->stemmer);
        if (put && !word.negative) keep_title(p);
        return put;
    }
    p->q->ignored += has_letters(p->text, begin, end, p->interrupt);
    return true;
}

/* Steps over a "-" that excludes; *i stays where it is if there is none. */
static bool take_minus(struct parser *p, size_t *i)
{
    size_t at = *i;
    if (at >= p->text.len || at >= FR_QUERY_BYTES_MAX || p->text.ptr[at] != '-') return false;
    size_t to = excluded_to(p->text, at);
    if (to == at) return false;
    if (to > p->excluded_to) p->excluded_to = to;
    *i = at + 1;
    return true;
}

/* Takes what is inside the quotes that open at *i, and moves *i after them; if none close, after
 * the first. */
static bool take_quoted(struct parser *p, size_t *i)
{
    frai_slice text = p->text;
    size_t begin = *i + 1;
    const char *close = memchr(text.ptr + begin, '"', text.len - begin);
    *i = begin;
    if (!close) return true;
    size_t end = (size_t)(close - text.ptr);
    bool doubled = end == begin && end + 1 < text.len && !is_separator(character_at(text, end + 1));
    if (doubled) return true; /* ""the second one opens"" */
    *i = end + 1;
    if (has_letters(text, begin, end, p->interrupt)) return put_word(p, begin, end, true);
    p->q->empty += begin < p->excluded_to;
    return true;
}

/* A query of so many words outside exclusions, some of them outside quotes, is a headline that was
 * pasted: what it quotes, or has a dash before, are words among others. */
#define HEADLINE_WORDS 5u

static bool is_headline(const struct parser *p)
{
    const uint32_t operators = FR_PARSE_EXACT | FR_PARSE_WHOLE | FR_PARSE_STRICT;
    frai_slice text = p->text;
    size_t words = 0, outside = 0;
    if (p->how & operators || text.len > FR_QUERY_BYTES_MAX) return false;
    if (!memchr(text.ptr, '"', text.len) && !memchr(text.ptr, '-', text.len)) return false;
    bool quoted = false;
    for (size_t i = 0, end; i < text.len; i = end + 1) {
        size_t to = text.ptr[i] == '-' && !quoted ? excluded_to(text, i) : i;
        const char *close =
            to > i && text.ptr[i + 1] == '"' ? memchr(text.ptr + to, '"', text.len - to) : NULL;
        for (end = close ? (size_t)(close - text.ptr) : to;
             end < text.len && (unsigned char)text.ptr[end] > ' ';)
            end++;
        if (to > i) continue;
        bool counts = has_letters(text, i, end, p->interrupt);
        words += counts;
        outside += counts && !quoted && text.ptr[i] != '"';
        for (size_t k = i; k < end; k++) quoted ^= text.ptr[k] == '"';
    }
    return words >= HEADLINE_WORDS && outside > 0;
}

static bool parse_words(struct parser *p)
{
    frai_slice text = p->text;
    bool operators = !(p->how & FR_PARSE_PLAIN) && !p->headline, ok = true;
    for (size_t i = 0; i < text.len && ok && !fr_interrupted(p->interrupt);) {
        struct place place = word_begin(text, i, i == 0, p->interrupt);
        size_t begin = i = place.at;
        bool word = operators && place.starts, excludes = word && take_minus(p, &begin);
        size_t after = begin;
        uint32_t first = begin < text.len ? fr_utf8_next(text.ptr, text.len, &after) : 0;
        p->q->unclear += word && !excludes && looks_excluded(first, character_at(text, after));
        if (begin < text.len && text.ptr[begin] == '"') {
            i = begin + p->headline;
            if (p->headline) continue;
            ok = take_quoted(p, &i);
            continue;
        }
        i = excludes && closing(character_at(text, begin))
                ? begin
                : word_end(text, begin, p->a, p->interrupt);
        if (i == begin) continue;
        bool star = word && !excludes && i == begin + 1 && text.ptr[begin] == '*';
        p->q->all_documents |= star;
        bool particle = place.closed && !(p->how & FR_PARSE_EXACT) && is_particle(text, begin, i);
        if (particle) {
            fr_buf_clear(&p->a->folded.buf);
            ok = fr_fold(text.ptr + begin, i - begin, NULL, &p->a->folded);
            keep_title(p);
        }
        if (!star && !particle) ok = put_word(p, begin, i, false);
    }
    return ok;
}

/* The syllable at an end of the word, if it is one of Hangul; 0 otherwise. */
static uint32_t syllable_at_end(frai_slice text, const struct fr_query_word *w, bool last)
{
    size_t at = last && w->end - w->begin >= 3 ? w->end - 3u : w->begin;
    uint32_t cp = character_at(text, at);
    return fr_is_syllable(cp) ? cp : 0;
}

/* A word of one syllable is also there where the text has no space between it and the word behind
 * it: 물 통 in 물통, 눈 오는 in 눈오는; not 사과 일 in 과일. */
static void join_syllables(struct fr_query *q, frai_slice text)
{
    for (size_t i = 0; i + 1 < fr_vec_count(&q->words) && !q->truncated; i++) {
        struct fr_query_word *pair[2] = {fr_query_word_at(q, i), fr_query_word_at(q, i + 1)};
        if (pair[0]->negative || pair[1]->negative || pair[1]->begin != pair[0]->end + 1u) continue;
        if (!pair[0]->syllable) continue;
        uint32_t left = syllable_at_end(text, pair[0], true),
                 right = syllable_at_end(text, pair[1], false);
        if (!left || !right || pair[0]->phrase || pair[1]->phrase) continue;
        uint32_t term = fr_query_put_term(q, FR_TERM_SURFACE, fr_pair_key(left, right), NULL, 0,
                                          q->boosts->glued);
        for (int k = 0; k < 2 && !fr_query_failed(q); k++) {
            if (!pair[k]->syllable) continue;
            fr_query_reopen(q, pair[k]);
            fr_query_put_covering(q, pair[k], term, 0, 1);
        }
    }
}

bool fr_query_parse(struct fr_query *q, frai_slice text, struct fr_analyzer *a,
                    struct fr_stemmer *stemmer, uint32_t how, struct fr_interrupt *interrupt)
{
    fr_query_clear(q);
    struct parser p = {q, text, a, stemmer, how, interrupt, 0, false};
    bool pretokenized = a->kind == FR_ANALYZER_PRECUT;
    if (pretokenized && text.len > FR_QUERY_BYTES_MAX) {
        for (size_t i = FR_QUERY_BYTES_MAX; i < text.len && !stops_at(interrupt, i); i++)
            q->ignored += text.ptr[i] != ' ' && text.ptr[i - 1] == ' ';
        text.len = FR_QUERY_BYTES_MAX;
        q->truncated = true;
    }
    p.headline = !pretokenized && text.len && is_headline(&p);
    bool ok = pretokenized ? parse_pretokenized(q, text, a, interrupt) : parse_words(&p);
    if (!pretokenized) join_syllables(q, text);
    q->truncated |= q->ignored > 0;
    fr_query_place_among(q, q->required_count);
    return ok && !fr_query_failed(q);
}
