#include "query/parse.h"

#include "text/charclass.h"
#include "text/fold.h"
#include "text/number.h"
#include "text/particle.h"
#include "text/utf8.h"

/* Bytes of a query that are looked at; terms run out long before. */
#define QUERY_BYTES_MAX (64u << 10)

void fr_query_init(struct fr_query *q, const frai_allocator *mem)
{
    *q = (struct fr_query){0};
    fr_buf_init(&q->terms, mem);
    fr_buf_init(&q->alternatives, mem);
    fr_buf_init(&q->words, mem);
    fr_buf_init(&q->units, mem);
    fr_buf_init(&q->sequence, mem);
    fr_buf_init(&q->bytes, mem);
    fr_buf_init(&q->repeated, mem);
}

void fr_query_deinit(struct fr_query *q)
{
    fr_buf_deinit(&q->terms);
    fr_buf_deinit(&q->alternatives);
    fr_buf_deinit(&q->words);
    fr_buf_deinit(&q->units);
    fr_buf_deinit(&q->sequence);
    fr_buf_deinit(&q->bytes);
    fr_buf_deinit(&q->repeated);
}

uint32_t fr_query_put_term(struct fr_query *q, uint8_t term_class, uint32_t key, const char *word,
                           size_t word_bytes, float boost)
{
    uint32_t count = (uint32_t)FR_COUNT(&q->terms, struct fr_query_term);
    for (uint32_t i = 0; i < count; i++) {
        struct fr_query_term *t = &FR_AT(&q->terms, struct fr_query_term, i);
        if (t->word_bytes != word_bytes || t->term_class != term_class) continue;
        if (word_bytes ? memcmp(q->bytes.data + t->key, word, word_bytes) != 0 : t->key != key)
            continue;
        if (boost > t->boost) t->boost = boost;
        return i;
    }
    if (count == FR_QUERY_TERMS_MAX) {
        q->truncated = true;
        return FR_NO_QUERY_TERM;
    }
    struct fr_query_term t = {.key = word_bytes ? (uint32_t)q->bytes.len : key,
                              .word_bytes = (uint16_t)word_bytes,
                              .term_class = term_class,
                              .continues = true,
                              .boost = boost,
                              .instead = FR_NO_QUERY_TERM};
    fr_buf_put(&q->bytes, word, word_bytes);
    fr_buf_put(&q->terms, &t, sizeof t);
    return count;
}

void fr_query_begin_run(struct fr_query *q, uint32_t term)
{
    if (term != FR_NO_QUERY_TERM && !q->terms.failed)
        FR_AT(&q->terms, struct fr_query_term, term).continues = false;
}

void fr_query_put_alternative(struct fr_query *q, struct fr_query_word *w, uint32_t term,
                              uint32_t offset, uint64_t mask)
{
    struct fr_alternative a = {term, (uint16_t)offset, mask};
    if (term == FR_NO_QUERY_TERM) return;
    fr_buf_put(&q->alternatives, &a, sizeof a);
    w->count++;
}

static bool is_space(unsigned char c)
{
    return c <= ' ' || c == 0x7F;
}

/* Has the run at [begin, end) anything to search for? */
static bool has_letters(frai_slice text, size_t begin, size_t end)
{
    while (begin < end) {
        uint32_t cp = fr_utf8_next(text.ptr, end, &begin);
        if (fr_charclass_of(cp) > FR_CHAR_PUNCT) return true;
    }
    return false;
}

static bool parse_precut(struct fr_query *q, frai_slice text, struct fr_analyzer *a)
{
    fr_analyzer_reset(a);
    if (!fr_analyze(a, text.ptr, text.len)) return false;
    const struct fr_token *t = (const struct fr_token *)(const void *)a->tokens.data;
    for (size_t i = 0; i < FR_COUNT(&a->tokens, struct fr_token); i++, t++) {
        uint32_t term = fr_query_put_term(
            q, FR_TERM_SURFACE, t->key, (const char *)a->words.data + t->key, t->word_bytes, 1.0f);
        if (term != FR_NO_QUERY_TERM) fr_buf_u32(&q->sequence, term);
    }
    return true;
}

/* Bytes that a number or date written with spaces has at most. */
#define NUMBER_BYTES 64u

/* Where the number or date that begins here ends, if spaces are in it: 3억 8,500만. */
static size_t number_extent(frai_slice text, size_t begin, struct fr_buf *folded)
{
    size_t len = text.len - begin < NUMBER_BYTES ? text.len - begin : NUMBER_BYTES;
    if (len == 0 || text.ptr[begin] < '0' || text.ptr[begin] > '9') return 0;
    folded->len = 0;
    if (!fr_fold(text.ptr + begin, len, folded)) return 0;
    const struct fr_folded *cps = (const struct fr_folded *)(const void *)folded->data;
    size_t count = FR_COUNT(folded, struct fr_folded);
    struct fr_number n;
    if (!fr_number_date(cps, 0, count, &n) && !fr_number_value(cps, 0, count, &n)) return 0;
    return begin + cps[n.end - 1].end;
}

/* Between words of a query, as a space is: brackets, quotes, colons, commas, slashes, middle dots.
 * What may stand inside a word does not part it: v1.2.3, 010-1234-5678, snake_case, at&t, c++. */
static bool is_separator(uint32_t cp)
{
    static const uint16_t separators[] = {
        '"',    '\'',   '(',    ')',    ',',    '/',    ':',    ';',    '<',    '=',
        '>',    '[',    '\\',   ']',    '`',    '{',    '|',    '}',    0xAB,   0xB7,
        0xBB,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x2027, 0x3000, 0x3001,
        0x3008, 0x3009, 0x300A, 0x300B, 0x300C, 0x300D, 0x300E, 0x300F, 0x3010, 0x3011,
        0x30FB, 0x318D, 0xFF08, 0xFF09, 0xFF0C, 0xFF0F, 0xFF1A, 0xFF1B};
    size_t n = sizeof separators / sizeof *separators, i = 0;
    if (cp <= ' ' || cp == 0x7F) return true;
    while (i < n && separators[i] < cp) i++;
    return i < n && separators[i] == cp;
}

static size_t word_end(frai_slice text, size_t begin, struct fr_analyzer *a)
{
    size_t end = number_extent(text, begin, &a->folded);
    size_t i = end > begin ? end : begin;
    while (i < text.len) {
        size_t next = i;
        if (is_separator(fr_utf8_next(text.ptr, text.len, &next))) break;
        i = next;
    }
    return i;
}

/* Where the next word or quote begins; *closed: a bracket or quote closes just before it. */
static size_t word_begin(frai_slice text, size_t i, bool *closed)
{
    *closed = false;
    while (i < text.len && text.ptr[i] != '"') {
        size_t next = i;
        uint32_t cp = fr_utf8_next(text.ptr, text.len, &next);
        if (!is_separator(cp)) break;
        *closed = cp > ' ' && cp != ',' && cp != ':' && cp != ';' && cp != '/';
        i = next;
    }
    return i;
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
    bool exact;
    bool excludes; /* -word excludes */
};

static bool parse_words(struct parser *p)
{
    frai_slice text = p->text;
    for (size_t i = 0; i < text.len && !p->q->truncated;) {
        bool closed, starts;
        i = word_begin(text, i, &closed);
        starts = i == 0 || is_space((unsigned char)text.ptr[i - 1]);
        bool negative = p->excludes && starts && i < text.len && text.ptr[i] == '-';
        size_t begin = i + negative;
        if (begin < text.len && text.ptr[begin] == '"') {
            const char *close = memchr(text.ptr + begin + 1, '"', text.len - begin - 1);
            i = begin + 1;
            if (!close || !has_letters(text, begin + 1, (size_t)(close - text.ptr))) continue;
            i = (size_t)(close - text.ptr) + 1;
            if (!fr_query_put_word(p->q, text, begin + 1, i - 1,
                                   (struct fr_word_kind){negative, true}, p->a, p->stemmer))
                return false;
            continue;
        }
        i = word_end(text, begin, p->a);
        if (i == begin || (closed && !p->exact && is_particle(text, begin, i))) continue;
        if (!fr_query_put_word(p->q, text, begin, i, (struct fr_word_kind){negative, p->exact},
                               p->a, p->stemmer))
            return false;
    }
    return true;
}

/* Among three words or more a lone syllable is a term like others: a whole word. */
static void score_syllables(struct fr_query *q)
{
    size_t words = FR_COUNT(&q->words, struct fr_query_word);
    if (q->positive < FR_QUERY_MANY_WORDS || q->terms.failed || q->alternatives.failed) return;
    for (size_t i = 0; i < words; i++) {
        struct fr_query_word *w = &FR_AT(&q->words, struct fr_query_word, i);
        if (!w->syllable || w->negative) continue;
        w->syllable = 0;
        uint32_t term = FR_AT(&q->alternatives, struct fr_alternative, w->first).term;
        FR_AT(&q->terms, struct fr_query_term, term).boost = 1;
    }
}

static void forget(struct fr_query *q)
{
    q->terms.len = q->alternatives.len = q->words.len = q->sequence.len = q->bytes.len = 0;
    q->units.len = q->repeated.len = 0;
    q->positive = q->syllables = 0;
    q->truncated = false;
}

bool fr_query_parse(struct fr_query *q, frai_slice text, struct fr_analyzer *a,
                    struct fr_stemmer *stemmer, bool exact)
{
    bool cut = text.len > QUERY_BYTES_MAX;
    if (cut) text.len = QUERY_BYTES_MAX;
    forget(q);
    struct parser p = {q, text, a, stemmer, exact, true};
    bool ok = a->kind == FR_ANALYZER_PRECUT ? parse_precut(q, text, a) : parse_words(&p);
    if (ok && q->positive == 0 && FR_COUNT(&q->words, struct fr_query_word) > 0) {
        forget(q); /* nothing is left to exclude from: it is text */
        p.excludes = false;
        ok = parse_words(&p);
    }
    q->truncated |= cut;
    score_syllables(q);
    return ok && !q->terms.failed && !q->alternatives.failed && !q->words.failed &&
           !q->sequence.failed && !q->bytes.failed && !q->units.failed;
}
