/* One pass over folded code points cuts runs of one script; each run gives its pairs or itself, and
 * what it may stand for besides (readings, values, names) at the same positions. */
#include "text/analyzer.h"

#include "text/amount.h"
#include "text/charclass.h"
#include "text/fold.h"
#include "text/hanja.h"
#include "text/lexicon_words.h"
#include "text/mark.h"
#include "text/number.h"
#include "text/particle.h"
#include "text/pretokenized.h"
#include "text/utf8.h"

const char *fr_term_class_name(unsigned term_class)
{
    static const char *const names[FR_TERM_CLASSES] = {"surface", "stem", "reading", "value",
                                                       "glued",   "line", "path",    "title"};
    return term_class < FR_TERM_CLASSES ? names[term_class] : "?";
}

size_t fr_pair_text(uint32_t key, char out[8])
{
    size_t n = fr_utf8_put(out, key >> 16);
    if (fr_pair_is_two(key)) n += fr_utf8_put(out + n, key & 0xFFFF);
    return n;
}

void fr_analyzer_init(struct fr_analyzer *a, enum fr_analyzer_kind kind, const frai_allocator *mem)
{
    *a = (struct fr_analyzer){.kind = kind, .piece_bytes = FR_PIECE_BYTES};
    fr_buf_init(&a->tokens.buf, mem);
    fr_buf_init(&a->extras.buf, mem);
    fr_buf_init(&a->words, mem);
    fr_buf_init(&a->eojeols.buf, mem);
    fr_buf_init(&a->folded.buf, mem);
    fr_buf_init(&a->stems.buf, mem);
    fr_buf_init(&a->stem_bytes, mem);
}

void fr_analyzer_deinit(struct fr_analyzer *a)
{
    fr_buf_deinit(&a->tokens.buf);
    fr_buf_deinit(&a->extras.buf);
    fr_buf_deinit(&a->words);
    fr_buf_deinit(&a->eojeols.buf);
    fr_buf_deinit(&a->folded.buf);
    fr_buf_deinit(&a->stems.buf);
    fr_buf_deinit(&a->stem_bytes);
}

void fr_analyzer_forget(struct fr_analyzer *a)
{
    fr_buf_clear(&a->tokens.buf);
    fr_buf_clear(&a->extras.buf);
    fr_buf_clear(&a->words);
    fr_buf_clear(&a->eojeols.buf);
    fr_buf_clear(&a->stems.buf);
    fr_buf_clear(&a->stem_bytes);
    a->names = 0;
}

void fr_analyzer_reset(struct fr_analyzer *a)
{
    fr_analyzer_forget(a);
    a->next_position = 0;
}

void fr_analyzer_gap(struct fr_analyzer *a)
{
    if (a->next_position) a->next_position += FR_SENTENCE_GAP;
}

static void put_token(struct fr_analyzer *a, struct fr_token token)
{
    fr_vec_append(&a->tokens, &token, 1);
}

/* A word term from the code points [from, to), cut at FR_WORD_MAX_BYTES; takes one position. The
 * digits of an `inner` part of a number, 2000 in 7만2000, 5 in 3.5, are no number by themselves. */
static void put_word(struct fr_analyzer *a, const struct fr_folded *cps, size_t from, size_t to,
                     bool starts, bool inner)
{
    while (from < to) {
        struct fr_token token = {.key = (uint32_t)a->words.len,
                                 .position = a->next_position++,
                                 .begin = cps[from].begin,
                                 .span = 1,
                                 .starts_eojeol = starts};
        size_t bytes = inner;
        if (inner) fr_buf_u8(&a->words, FR_AMOUNT_PART);
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
static void put_wide_pair(struct fr_analyzer *a, const struct fr_folded *cps, size_t i, size_t n,
                          bool starts)
{
    struct fr_token token = {.key = (uint32_t)a->words.len,
                             .position = a->next_position,
                             .begin = cps[i].begin,
                             .end = cps[i + n - 1].end,
                             .span = (uint8_t)n,
                             .starts_eojeol = starts};
    for (size_t k = i; k < i + n; k++) {
        char utf8[4];
        size_t bytes = fr_utf8_put(utf8, cps[k].cp);
        fr_buf_put(&a->words, utf8, bytes);
        token.word_bytes = (uint16_t)(token.word_bytes + bytes);
    }
    put_token(a, token);
}

static void put_pair(struct fr_analyzer *a, const struct fr_folded *cps, size_t i, size_t n,
                     bool starts)
{
    uint32_t first = cps[i].cp, second = n == 2 ? cps[i + 1].cp : 0;
    if (first > 0xFFFF || second > 0xFFFF)
        put_wide_pair(a, cps, i, n, starts);
    else
        fr_vec_push(&a->tokens, .key = fr_pair_key(first, second), .position = a->next_position,
                    .begin = cps[i].begin, .end = cps[i + n - 1].end, .span = (uint8_t)n,
                    .starts_eojeol = starts);
}

/* At character i of the text: is the analysis not to stop? */
static bool may_go_on(struct fr_analyzer *a, size_t i)
{
    if (i < a->asks_at) return true;
    a->asks_at = i + FR_STOP_STRIDE;
    a->stopped = a->stopped || fr_stops(&a->stop);
    return !a->stopped;
}

static void put_run(struct fr_analyzer *a, const struct fr_folded *cps, size_t from, size_t to,
                    bool starts)
{
    if (to - from == 1) {
        put_pair(a, cps, from, 1, starts);
        a->next_position++;
        return;
    }
    for (size_t i = from, end; i + 1 < to && may_go_on(a, i);) {
        for (end = to - i > FR_STOP_STRIDE ? i + FR_STOP_STRIDE : to - 1; i < end; i++) {
            put_pair(a, cps, i, 2, starts && i == from);
            a->next_position++;
        }
    }
    a->next_position++;
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

/* Is the line end at i a hard wrap: a line of `least` characters that stops in mid-sentence, and a
 * next line that goes on with a word? 다 closes a Korean sentence even where its full stop is
 * missing. */
static bool is_hard_wrap(const struct fr_folded *cps, size_t i, size_t line_start, size_t count,
                         size_t least)
{
    if (i - line_start < least) return false;
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

enum gap { NO_GAP, MAYBE_GAP, GAP };

/* What the character at i, no part of a run, says of the gap before the next run. In an excerpt
 * neither the length of the first line is known nor the date that a number may end. */
static enum gap gap_at(const struct fr_analyzer *a, const struct fr_folded *cps, size_t i,
                       size_t line_start, size_t count)
{
    enum fr_charclass class = fr_charclass_of(cps[i].cp);
    bool maybe = a->excerpt;
    if (class == FR_CHAR_LINE) {
        if (is_hard_wrap(cps, i, line_start, count, WRAPPED_LINE_MIN)) return NO_GAP;
        maybe &= line_start == 0 && is_hard_wrap(cps, i, line_start, count, 1);
        return maybe ? MAYBE_GAP : GAP;
    }
    if (!ends_sentence(cps, i, count)) return NO_GAP;
    maybe &= cps[i].cp == '.' && i > 0 && fr_charclass_of(cps[i - 1].cp) == FR_CHAR_DIGIT &&
             i + 2 < count && cps[i + 1].cp == ' ' &&
             fr_charclass_of(cps[i + 2].cp) == FR_CHAR_DIGIT;
    return maybe ? MAYBE_GAP : GAP;
}

/* ---- terms of other classes ---- */

void fr_analyzer_put_extra(struct fr_analyzer *a, uint8_t term_class, frai_slice text,
                           struct fr_place place)
{
    if (place.span > UINT8_MAX || text.len > FR_WORD_MAX_BYTES) return;
    struct fr_token token = {.key = (uint32_t)a->words.len,
                             .position = place.position,
                             .begin = place.begin,
                             .end = place.end,
                             .word_bytes = (uint16_t)text.len,
                             .span = (uint8_t)place.span,
                             .term_class = term_class};
    fr_buf_put(&a->words, text.ptr, text.len);
    fr_vec_append(&a->extras, &token, 1);
}

/* Every reading of every Han character of the run, at the character's position. */
static void put_readings(struct fr_analyzer *a, const struct fr_folded *cps, size_t from, size_t to,
                         uint32_t position)
{
    for (size_t i = from; i < to; i++) {
        uint16_t readings[FR_HANJA_READINGS];
        size_t n = fr_hanja_readings(cps[i].cp, readings);
        for (size_t k = 0; k < n; k++) {
            struct fr_token token = {.key = fr_pair_key(readings[k], FR_PAIR_READING),
                                     .position = position + (uint32_t)(i - from),
                                     .begin = cps[i].begin,
                                     .end = cps[i].end,
                                     .span = 1,
                                     .term_class = FR_TERM_READING};
            fr_vec_append(&a->extras, &token, 1);
        }
    }
}

static bool is_upper(const struct fr_analyzer *a, const struct fr_folded *c)
{
    return a->source[c->begin] >= 'A' && a->source[c->begin] <= 'Z';
}

/* A part of a word as a glued term. */
static void put_part(struct fr_analyzer *a, const struct fr_folded *cps, size_t from, size_t to,
                     uint32_t position)
{
    char text[FR_WORD_MAX_BYTES + 4];
    size_t len = 0;
    for (size_t i = from; i < to && len <= FR_WORD_MAX_BYTES; i++)
        len += fr_utf8_put(text + len, cps[i].cp);
    fr_analyzer_put_extra(a, FR_TERM_GLUED, (frai_slice){text, len},
                          (struct fr_place){position, 1, cps[from].begin, cps[to - 1].end});
}

/* What a run of letters is besides a word: the parts of camelCase; c++, c#. */
static void put_glued(struct fr_analyzer *a, const struct fr_folded *cps, size_t from, size_t to,
                      size_t count, uint32_t position)
{
    size_t part = from, symbol = to;
    for (size_t i = from + 1; i < to; i++) {
        if (!is_upper(a, &cps[i]) || is_upper(a, &cps[i - 1])) continue;
        if (i - part > 1) put_part(a, cps, part, i, position);
        part = i;
    }
    if (part > from && to - part > 1) put_part(a, cps, part, to, position);
    while (symbol < count && cps[symbol].cp == '+') symbol++;
    if (symbol == to && symbol < count && cps[symbol].cp == '#') symbol++;
    bool ends = symbol == count || fr_charclass_of(cps[symbol].cp) <= FR_CHAR_PUNCT ||
                fr_charclass_of(cps[symbol].cp) == FR_CHAR_HANGUL;
    if (symbol > to && (ends || to - from == 1)) put_part(a, cps, from, symbol, position);
}

/* Letters and digits side by side are one word too: b2b, 3d, icordebugthread4. */
struct mixed {
    size_t from;
    uint32_t first_position, runs;
};

static void begin_mixed(struct mixed *m, size_t from, uint32_t position)
{
    if (m->runs++ > 0) return;
    m->from = from;
    m->first_position = position;
}

/* A run of them ends. */
static void end_mixed(struct fr_analyzer *a, struct mixed *m, const struct fr_folded *cps,
                      size_t end, size_t count, uint32_t position)
{
    enum fr_charclass next = end < count ? fr_charclass_of(cps[end].cp) : FR_CHAR_SPACE;
    if (next == FR_CHAR_DIGIT || next == FR_CHAR_LETTER) return;
    if (m->runs > 1) {
        char text[FR_WORD_MAX_BYTES + 4];
        size_t len = 0;
        for (size_t k = m->from; k < end && len <= FR_WORD_MAX_BYTES; k++)
            len += fr_utf8_put(text + len, cps[k].cp);
        fr_analyzer_put_extra(a, FR_TERM_GLUED, (frai_slice){text, len},
                              (struct fr_place){position, position - m->first_position + 1,
                                                cps[m->from].begin, cps[end - 1].end});
    }
    m->runs = 0;
}

/* Do characters of these classes stand in one run? Old syllables stand among others. */
static bool is_one_run(enum fr_charclass a, enum fr_charclass b)
{
    bool hangul = a == FR_CHAR_HANGUL || a == FR_CHAR_OLD_HANGUL;
    return a == b || (hangul && (b == FR_CHAR_HANGUL || b == FR_CHAR_OLD_HANGUL));
}

/* What was cut through a run, [i, end) of it is in this piece. */
struct cut_run {
    bool goes_on; /* the character behind the piece is of the run */
    bool went_on; /* so is the one before it */
};

/* A run that was cut gives the pair over its end to the piece before. */
static void put_cut_run(struct fr_analyzer *a, const struct fr_folded *cps, size_t from, size_t to,
                        bool starts, struct cut_run cut)
{
    if (cut.went_on && !cut.goes_on && to - from == 1) {
        a->next_position++;
        return;
    }
    put_run(a, cps, from, to + cut.goes_on, starts);
    a->next_position -= cut.goes_on;
}

/* Analyzes cps[0, count); those behind, up to `all`, are of the next piece. */
static void analyze_korean(struct fr_analyzer *a, const struct fr_folded *cps, size_t count,
                           size_t all, enum fr_cut before)
{
    size_t line_start = 0;
    bool starts = before < FR_CUT_INSIDE;
    enum gap gap = before == FR_CUT_GAP ? GAP : NO_GAP;
    struct fr_amount number = {.number.end = 0};
    struct mixed mixed = {.runs = 0};
    for (size_t i = 0; i < count && may_go_on(a, i);) {
        enum fr_charclass class = fr_charclass_of(cps[i].cp);
        if (class <= FR_CHAR_PUNCT) {
            if (class != FR_CHAR_SPACE && i >= number.number.end) { /* 2025. 2. 10. is one date */
                enum gap here = gap_at(a, cps, i, line_start, count);
                if (here > gap) gap = here;
                if (class == FR_CHAR_LINE) line_start = i + 1;
            }
            if (cps[i].cp == '(') fr_lexicon_put_names(a, cps, i, count);
            starts = true;
            i++;
            continue;
        }
        size_t end = i + 1;
        if (class == FR_CHAR_DIGIT)
            end = fr_number_digits(cps, i, count);
        else if (class != FR_CHAR_EMOJI)
            while (end < count && is_one_run(fr_charclass_of(cps[end].cp), class)) end++;
        if (gap) fr_analyzer_gap(a);
        size_t first = fr_vec_count(&a->tokens);
        if (starts) {
            uint32_t position = a->next_position;
            fr_vec_append(&a->eojeols, &position, 1);
        }
        struct cut_run cut = {end == count && all > count, i == 0 && before == FR_CUT_INSIDE};
        bool whole = !cut.goes_on && !cut.went_on;
        if (starts && whole && class == FR_CHAR_HANGUL) fr_lexicon_put_stem(a, cps, i, end);
        uint32_t position = a->next_position;
        struct fr_run run = {i, end, count};
        if (class == FR_CHAR_DIGIT && i >= number.number.end)
            fr_amount_find(&number, cps, i, count, position);
        bool inner = class == FR_CHAR_DIGIT && fr_amount_is_inner(&number, cps, i);
        if (fr_is_syllabic(class))
            put_cut_run(a, cps, i, end, starts, cut);
        else
            put_word(a, cps, i, end, starts, inner);
        if (gap == MAYBE_GAP && !a->tokens.buf.failed) fr_vec_at(&a->tokens, first).maybe_gap = 1;
        gap = NO_GAP;
        if (i > 0 && fr_charclass_of(cps[i - 1].cp) == FR_CHAR_DIGIT &&
            (class == FR_CHAR_HANGUL || class == FR_CHAR_LETTER))
            fr_amount_put_range(a, cps, run, position);
        if (class == FR_CHAR_HANGUL && !cut.went_on)
            fr_mark_first(a, cps, run, starts && whole, position);
        if (class == FR_CHAR_HAN) put_readings(a, cps, i, end, position);
        if (class == FR_CHAR_LETTER) put_glued(a, cps, i, end, count, position);
        if (class == FR_CHAR_LETTER || (class == FR_CHAR_DIGIT && !inner)) {
            begin_mixed(&mixed, i, position);
            end_mixed(a, &mixed, cps, end, count, position);
        }
        if (class == FR_CHAR_DIGIT) fr_amount_put_percent(a, cps, run, position);
        if (number.number.end > i) fr_amount_put(a, &number, cps, run, position);
        if (class == FR_CHAR_HANGUL) fr_mark_last(a, cps, run, position);
        starts = false;
        i = end;
    }
}

static bool has_failed(const struct fr_analyzer *a)
{
    return a->stopped || a->tokens.buf.failed || a->extras.buf.failed || a->words.failed ||
           a->eojeols.buf.failed || a->stems.buf.failed || a->stem_bytes.failed;
}

/* Folds text[begin, end) behind what is folded; characters know their place in the text. */
static bool fold_part(struct fr_analyzer *a, const char *text, size_t begin, size_t end)
{
    size_t first = fr_vec_count(&a->folded);
    if (!fr_fold(text + begin, end - begin, &a->stop, &a->folded)) return false;
    for (size_t i = first; begin > 0 && i < fr_vec_count(&a->folded); i++) {
        struct fr_folded *c = &fr_vec_at(&a->folded, i);
        c->begin += (uint32_t)begin;
        c->end += (uint32_t)begin;
    }
    return true;
}

/* The characters of the piece stay behind those that are folded. */
static bool analyze_piece(struct fr_analyzer *a, const char *text, const struct fr_piece *piece)
{
    if (a->kind == FR_ANALYZER_PRECUT) {
        fr_pretokenized_analyze(a, text, piece->begin, piece->end);
        return !has_failed(a);
    }
    a->source = text;
    a->asks_at = FR_STOP_STRIDE;
    size_t first = fr_vec_count(&a->folded);
    if (!fold_part(a, text, piece->begin, piece->end)) return false;
    size_t own = fr_vec_count(&a->folded) - first;
    if (piece->ahead && !fold_part(a, text, piece->end, piece->end + piece->ahead)) return false;
    size_t all = fr_vec_count(&a->folded) - first;
    if (all) analyze_korean(a, fr_vec_data(&a->folded) + first, own, all, piece->before);
    fr_vec_set_count(&a->folded, first + own);
    return !has_failed(a);
}

bool fr_analyze_piece(struct fr_analyzer *a, const char *text, const struct fr_piece *piece)
{
    fr_buf_clear(&a->folded.buf);
    a->stopped = false;
    return analyze_piece(a, text, piece);
}

bool fr_analyze(struct fr_analyzer *a, const char *text, size_t len)
{
    struct fr_piece piece = {0};
    fr_buf_clear(&a->folded.buf);
    a->stopped = false;
    if (len > UINT32_MAX) len = UINT32_MAX;
    while (!a->stopped && fr_piece_next(text, len, a->piece_bytes, &piece)) {
        if (!analyze_piece(a, text, &piece)) return false;
        a->stopped = piece.end < len && fr_stops(&a->stop);
    }
    return !has_failed(a);
}
