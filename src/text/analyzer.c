#include "text/analyzer.h"

#include "text/charclass.h"
#include "text/fold.h"
#include "text/particle.h"
#include "text/utf8.h"

const char *fr_term_class_name(unsigned term_class)
{
    static const char *const names[FR_TERM_CLASSES] = {"surface", "stem", "reading", "value",
                                                       "glued"};
    return term_class < FR_TERM_CLASSES ? names[term_class] : "?";
}

size_t fr_pair_text(uint32_t key, char out[8])
{
    size_t n = fr_utf8_put(out, key >> 16);
    if (key & 0xFFFF) n += fr_utf8_put(out + n, key & 0xFFFF);
    return n;
}

void fr_analyzer_init(struct fr_analyzer *a, enum fr_analyzer_kind kind, const frai_allocator *mem)
{
    *a = (struct fr_analyzer){.kind = kind};
    fr_buf_init(&a->tokens, mem);
    fr_buf_init(&a->words, mem);
    fr_buf_init(&a->eojeols, mem);
    fr_buf_init(&a->folded, mem);
    fr_buf_init(&a->stems, mem);
    fr_buf_init(&a->stem_bytes, mem);
}

void fr_analyzer_deinit(struct fr_analyzer *a)
{
    fr_buf_deinit(&a->tokens);
    fr_buf_deinit(&a->words);
    fr_buf_deinit(&a->eojeols);
    fr_buf_deinit(&a->folded);
    fr_buf_deinit(&a->stems);
    fr_buf_deinit(&a->stem_bytes);
}

void fr_analyzer_reset(struct fr_analyzer *a)
{
    a->tokens.len = a->words.len = a->eojeols.len = 0;
    a->stems.len = a->stem_bytes.len = 0;
    a->next_position = 0;
}

void fr_analyzer_gap(struct fr_analyzer *a)
{
    if (a->next_position) a->next_position += FR_SENTENCE_GAP;
}

static void put_token(struct fr_analyzer *a, struct fr_token token)
{
    fr_buf_put(&a->tokens, &token, sizeof token);
}

/* A word term from the code points [from, to), cut at FR_WORD_MAX_BYTES; takes one position. */
static void put_word(struct fr_analyzer *a, const struct fr_folded *cps, size_t from, size_t to,
                     bool starts)
{
    while (from < to) {
        struct fr_token token = {.key = (uint32_t)a->words.len,
                                 .position = a->next_position++,
                                 .begin = cps[from].begin,
                                 .span = 1,
                                 .starts_eojeol = starts};
        size_t bytes = 0;
        for (; from < to; from++) {
            char utf8[4];
            if (cps[from].cp == ',') continue; /* inside a number */
            size_t n = fr_utf8_put(utf8, cps[from].cp);
            if (bytes + n > FR_WORD_MAX_BYTES) break;
            fr_buf_put(&a->words, utf8, n);
            bytes += n;
            token.end = cps[from].end;
        }
        token.word_bytes = (uint16_t)bytes;
        put_token(a, token);
        starts = false;
    }
}

/* A syllable or pair outside the BMP does not fit a pair key: its bytes are a word term. */
static void put_pair(struct fr_analyzer *a, const struct fr_folded *cps, size_t i, size_t n,
                     bool starts)
{
    struct fr_token token = {.position = a->next_position,
                             .begin = cps[i].begin,
                             .end = cps[i + n - 1].end,
                             .span = (uint8_t)n,
                             .starts_eojeol = starts};
    uint32_t first = cps[i].cp, second = n == 2 ? cps[i + 1].cp : 0;
    if (first > 0xFFFF || second > 0xFFFF) {
        token.key = (uint32_t)a->words.len;
        for (size_t k = i; k < i + n; k++) {
            char utf8[4];
            size_t bytes = fr_utf8_put(utf8, cps[k].cp);
            fr_buf_put(&a->words, utf8, bytes);
            token.word_bytes = (uint16_t)(token.word_bytes + bytes);
        }
    } else {
        token.key = fr_pair_key(first, second);
    }
    put_token(a, token);
}

static void put_run(struct fr_analyzer *a, const struct fr_folded *cps, size_t from, size_t to,
                    bool starts)
{
    if (to - from == 1) {
        put_pair(a, cps, from, 1, starts);
        a->next_position++;
        return;
    }
    for (size_t i = from; i + 1 < to; i++) {
        put_pair(a, cps, i, 2, starts && i == from);
        a->next_position++;
    }
    a->next_position++;
}

/* The lexicon's word of an 어절: its leading Hangul run without particles. */
static void put_stem(struct fr_analyzer *a, const struct fr_folded *cps, size_t from, size_t to)
{
    uint32_t word[FR_LEXICON_MAX_SYLLABLES];
    size_t n = to - from;
    if (n < 2 || n > FR_LEXICON_MAX_SYLLABLES) return;
    for (size_t i = 0; i < n; i++) word[i] = cps[from + i].cp;
    size_t stem = fr_particle_stem(word, n);
    struct fr_stem_range range = {(uint32_t)a->stem_bytes.len, 0};
    for (size_t i = 0; i < stem; i++) {
        char utf8[4];
        fr_buf_put(&a->stem_bytes, utf8, fr_utf8_put(utf8, word[i]));
    }
    range.bytes = (uint32_t)a->stem_bytes.len - range.begin;
    fr_buf_put(&a->stems, &range, sizeof range);
}

/* "." ends a sentence before a space or an end, or after Hangul followed by a
 * letter (밝혔다.프랑스); the others always do when a space follows. */
static bool ends_sentence(const struct fr_folded *cps, size_t i, size_t count)
{
    uint32_t cp = cps[i].cp;
    if (cp == 0x3002) return true; /* 。 */
    if (cp != '.' && cp != '!' && cp != '?') return false;
    if (i + 1 == count) return true;
    enum fr_charclass next = fr_charclass_of(cps[i + 1].cp);
    if (next == FR_CHAR_SPACE || next == FR_CHAR_LINE) return true;
    bool letter = next == FR_CHAR_LETTER || fr_is_syllabic(next);
    return letter && i > 0 && fr_charclass_of(cps[i - 1].cp) == FR_CHAR_HANGUL;
}

/* A line of fewer characters is a heading or an item, not prose that somebody wrapped. */
#define WRAPPED_LINE_MIN 30

/* Is the line end at i a hard wrap: a long line that stops in mid-sentence, and a next line that
 * goes on with a word? 다 closes a Korean sentence even where its full stop is missing. */
static bool is_hard_wrap(const struct fr_folded *cps, size_t i, size_t line_start, size_t count)
{
    if (i - line_start < WRAPPED_LINE_MIN) return false;
    size_t last = i;
    while (last > line_start && fr_charclass_of(cps[last - 1].cp) <= FR_CHAR_LINE) last--;
    if (last == line_start) return false;
    uint32_t before = cps[last - 1].cp;
    enum fr_charclass class = fr_charclass_of(before);
    if ((class == FR_CHAR_PUNCT && before != ',') || before == 0xB2E4) return false;
    size_t next = i;
    if (cps[next].cp == '\r' && next + 1 < count && cps[next + 1].cp == '\n') next++;
    next++;
    return next < count && fr_charclass_of(cps[next].cp) > FR_CHAR_PUNCT;
}

static bool is_digit(const struct fr_folded *cps, size_t i, size_t count)
{
    return i < count && fr_charclass_of(cps[i].cp) == FR_CHAR_DIGIT;
}

/* Where a number that begins at `from` ends: 1,090 is one number, its commas groups of three
 * digits; a comma before any other count of digits separates. */
static size_t end_of_number(const struct fr_folded *cps, size_t from, size_t count)
{
    size_t end = from;
    while (is_digit(cps, end, count)) end++;
    if (end - from > 3) return end;
    while (end < count && cps[end].cp == ',' && is_digit(cps, end + 1, count) &&
           is_digit(cps, end + 2, count) && is_digit(cps, end + 3, count) &&
           !is_digit(cps, end + 4, count))
        end += 4;
    return end;
}

static void analyze_korean(struct fr_analyzer *a)
{
    const struct fr_folded *cps = (const struct fr_folded *)(const void *)a->folded.data;
    size_t count = FR_COUNT(&a->folded, struct fr_folded), line_start = 0;
    bool starts = true, gap = false;
    for (size_t i = 0; i < count;) {
        enum fr_charclass class = fr_charclass_of(cps[i].cp);
        if (class <= FR_CHAR_PUNCT) {
            if (class == FR_CHAR_LINE) {
                if (!is_hard_wrap(cps, i, line_start, count)) gap = true;
                line_start = i + 1;
            } else if (class == FR_CHAR_PUNCT && ends_sentence(cps, i, count)) {
                gap = true;
            }
            starts = true;
            i++;
            continue;
        }
        size_t end = i + 1;
        if (class == FR_CHAR_DIGIT)
            end = end_of_number(cps, i, count);
        else
            while (end < count && fr_charclass_of(cps[end].cp) == class) end++;
        if (gap) fr_analyzer_gap(a);
        gap = false;
        if (starts) {
            uint32_t position = a->next_position;
            fr_buf_put(&a->eojeols, &position, sizeof position);
        }
        if (starts && class == FR_CHAR_HANGUL) put_stem(a, cps, i, end);
        if (fr_is_syllabic(class))
            put_run(a, cps, i, end, starts);
        else
            put_word(a, cps, i, end, starts);
        starts = false;
        i = end;
    }
}

bool fr_precut_pair(const char *token, size_t len, uint32_t *key)
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

static void analyze_precut(struct fr_analyzer *a, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        while (i < len && (unsigned char)text[i] <= ' ') i++;
        size_t begin = i;
        while (i < len && (unsigned char)text[i] > ' ') i++;
        if (i == begin) break;
        struct fr_token token = {.position = a->next_position++,
                                 .begin = (uint32_t)begin,
                                 .end = (uint32_t)i,
                                 .span = 1};
        size_t bytes = i - begin;
        if (!fr_precut_pair(text + begin, bytes, &token.key)) {
            if (bytes > UINT16_MAX) bytes = UINT16_MAX;
            token.key = (uint32_t)a->words.len;
            token.word_bytes = (uint16_t)bytes;
            fr_buf_put(&a->words, text + begin, bytes);
        }
        put_token(a, token);
    }
}

bool fr_analyze(struct fr_analyzer *a, const char *text, size_t len)
{
    if (a->kind == FR_ANALYZER_PRECUT) {
        analyze_precut(a, text, len);
    } else {
        a->folded.len = 0;
        if (!fr_fold(text, len, &a->folded)) return false;
        analyze_korean(a);
    }
    return !a->tokens.failed && !a->words.failed && !a->eojeols.failed && !a->stems.failed &&
           !a->stem_bytes.failed;
}
