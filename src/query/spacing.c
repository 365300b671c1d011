/* Words typed without the spaces between them. The cheapest way to cut a run of syllables or of
 * letters is found over its characters (Viterbi, 1967): a piece that some document has as a word,
 * its particle left out, costs what it says by itself, -ln of its share of the documents; a piece
 * that none has costs more than the rarest word for every syllable. */
#include "query/spacing.h"

#include <math.h>
#include <stdlib.h>

#include "query/probe.h"
#include "segment/deletes.h"
#include "segment/dictionary.h"
#include "text/charclass.h"
#include "text/number.h"
#include "text/particle.h"
#include "text/utf8.h"

#define RUN_MAX      60u  /* characters */
#define LONE_COST    3.0f /* of a piece of one syllable or two letters, besides */
#define UNKNOWN_COST 4.0f /* of an unknown syllable, besides */
#define PIECE_COST   1.0f
#define LETTERS      2u /* that are counted as a syllable */

/* Characters of one kind: Hangul syllables, or letters of ASCII. */
struct run {
    const char *text;      /* as typed */
    uint32_t n, width;     /* characters, bytes of each */
    uint32_t cps[RUN_MAX]; /* of syllables */
    char small[RUN_MAX];   /* letters, folded */
};

struct cut {
    float cost;
    uint32_t from; /* where the last piece begins */
    bool known;
};

struct piece {
    uint32_t from, n;
    bool known;
};

struct pieces {
    struct piece piece[RUN_MAX];
    uint32_t count, unknown;
};

static bool is_letters(const struct run *r)
{
    return r->width == 1;
}

/* What n characters of the run count as: a word of letters is no less than one of syllables. */
static uint32_t syllables_of(const struct run *r, uint32_t n)
{
    if (!is_letters(r)) return n;
    return n < 2 * LETTERS ? 2 : n / LETTERS;
}

/* What is known of a piece. */
struct known {
    uint64_t docs; /* that have it as a word */
    bool goes_on;  /* a longer piece may be a word too */
};

/* A piece of letters: longer ones may be words if some word begins with it. */
static frai_status look_up_letters(struct fr_searcher *s, const char *letters, size_t len,
                                   struct known *known, frai_error *err)
{
    struct fr_buf word;
    frai_status status = FRAI_OK;
    *known = (struct known){0, false};
    fr_buf_init(&word, &s->context.mem);
    for (uint32_t g = 0; g < s->context.snapshot->segment_count && status == FRAI_OK; g++) {
        const struct fr_segment *seg = &s->context.snapshot->segments[g];
        struct fr_postings postings;
        uint32_t number, key;
        bool is_pair;
        status = fr_dictionary_word_seek(seg, FR_TERM_SURFACE, letters, len, &number, err);
        if (status != FRAI_OK || number == seg->stats.word_terms) continue;
        number += seg->stats.pair_terms;
        status = fr_dictionary_term(seg, number, &is_pair, &key, &word, err);
        if (status != FRAI_OK || word.len < len + 1 || word.data[0] != FR_TERM_SURFACE ||
            memcmp(word.data + 1, letters, len) != 0)
            continue;
        known->goes_on = true;
        if (word.len != len + 1) continue;
        status = fr_postings_open(seg, number, &postings, err);
        if (status == FRAI_OK) known->docs += fr_living_df(&postings, number);
    }
    fr_buf_deinit(&word);
    return status;
}

/* The n syllables of the run from `from` on: longer ones may be words if some document has the last
 * two side by side. */
static frai_status look_up_syllables(struct fr_searcher *s, const struct run *r, uint32_t from,
                                     uint32_t n, struct known *known, frai_error *err)
{
    const uint32_t *cps = r->cps + from;
    const char *text = r->text + 3ull * from;
    size_t stem = n > 2 ? fr_particle_stem(cps, n) : n;
    known->docs = 0;
    if (n > 1)
        FR_TRY(fr_context_has_pair(&s->context, cps[n - 2], cps[n - 1], &known->goes_on, err));
    if (!known->goes_on) return FRAI_OK;
    FR_TRY(fr_context_lexicon_df(&s->context, (frai_slice){text, 3ull * stem}, &known->docs, err));
    if (known->docs == 0 && stem < n)
        FR_TRY(fr_context_lexicon_df(&s->context, (frai_slice){text, 3ull * n}, &known->docs, err));
    return FRAI_OK;
}

static float piece_cost(const struct fr_searcher *s, const struct run *r, uint32_t n, uint64_t docs)
{
    float rarest = logf((float)s->context.snapshot->texts + 1);
    float unknown = (float)n * (rarest + UNKNOWN_COST);
    if (docs > s->context.snapshot->texts) docs = s->context.snapshot->texts;
    float cost = docs ? rarest - logf((float)docs) : is_letters(r) ? unknown / LETTERS : unknown;
    if (n == 1 || (is_letters(r) && n == LETTERS)) cost += LONE_COST;
    return PIECE_COST + cost;
}

/* Relaxes the cuts after every piece that begins at `from`; apart: the run itself is no word. */
static frai_status cut_from(struct fr_searcher *s, const struct run *r, uint32_t from, bool apart,
                            struct cut *best, frai_error *err)
{
    uint32_t longest = is_letters(r) ? 24 : 10;
    struct known known = {0, true};
    for (uint32_t n = 1; n <= longest && from + n <= r->n; n++) {
        known.docs = 0;
        FR_TRY(fr_interrupt_check(&s->context.interrupt, err));
        if (known.goes_on && !is_letters(r))
            FR_TRY(look_up_syllables(s, r, from, n, &known, err));
        else if (known.goes_on && n > 1)
            FR_TRY(look_up_letters(s, r->small + from, n, &known, err));
        if (apart && n == r->n) known.docs = 0;
        float cost = best[from].cost + piece_cost(s, r, n, known.docs);
        if (cost <= best[from + n].cost) best[from + n] = (struct cut){cost, from, known.docs > 0};
    }
    return FRAI_OK;
}

static frai_status cut_run(struct fr_searcher *s, const struct run *r, bool apart, struct pieces *p,
                           frai_error *err)
{
    struct cut best[RUN_MAX + 1];
    best[0] = (struct cut){0, 0, true};
    for (uint32_t i = 1; i <= r->n; i++) best[i].cost = INFINITY;
    for (uint32_t from = 0; from < r->n; from++) FR_TRY(cut_from(s, r, from, apart, best, err));
    p->count = p->unknown = 0;
    for (uint32_t end = r->n; end > 0; end = best[end].from) p->count++;
    for (uint32_t end = r->n, i = p->count; i-- > 0; end = best[end].from) {
        p->piece[i] = (struct piece){best[end].from, end - best[end].from, best[end].known};
        p->unknown += !best[end].known;
    }
    return FRAI_OK;
}

/* Appends pieces, a space between. */
static void put_pieces(const struct run *r, const struct pieces *p, struct fr_buf *out,
                       struct fr_spacing *found)
{
    for (uint32_t i = 0; i < p->count; i++) {
        const struct piece *piece = &p->piece[i];
        if (i) fr_buf_u8(out, ' ');
        fr_buf_put(out, r->text + (size_t)r->width * piece->from, (size_t)r->width * piece->n);
        found->pieces++;
        found->lone += piece->n == 1 && !is_letters(r);
        found->syllables += syllables_of(r, piece->n);
        if (!piece->known) found->unknown += syllables_of(r, piece->n);
    }
}

static bool is_ascii_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* More than `docs` documents have the pieces one after the other? */
static frai_status count_apart(struct fr_searcher *s, frai_slice pieces, uint64_t docs, bool *more,
                               frai_error *err)
{
    struct fr_buf phrase;
    uint64_t total = 0;
    frai_status status = FRAI_ERR_MEMORY;
    fr_buf_init(&phrase, &s->context.mem);
    fr_buf_u8(&phrase, '"');
    fr_buf_put(&phrase, pieces.ptr, pieces.len);
    fr_buf_u8(&phrase, '"');
    if (!phrase.failed)
        status = fr_probe_count(s, (frai_slice){(const char *)phrase.data, phrase.len}, docs + 1,
                                &total, err);
    fr_buf_deinit(&phrase);
    *more = total > docs;
    return status;
}

static struct run letters_of(const char *text, uint32_t n)
{
    struct run r = {.text = text, .n = n, .width = 1};
    for (uint32_t i = 0; i < n; i++) r.small[i] = (char)(text[i] | 0x20);
    return r;
}

/* A word of letters that documents have, or its pieces: what more documents have. */
static frai_status put_word(struct fr_searcher *s, const struct run *word, uint64_t docs,
                            struct fr_buf *out, struct fr_spacing *found, frai_error *err)
{
    struct pieces whole = {.piece = {{0, word->n, docs > 0}}, .count = 1}, parts;
    struct fr_spacing before = *found;
    size_t begin = out->len;
    bool more = false;
    if (docs && word->n >= 2 * LETTERS) {
        FR_TRY(cut_run(s, word, true, &parts, err));
        if (parts.unknown == 0) {
            put_pieces(word, &parts, out, found);
            frai_slice text = {(const char *)out->data + begin, out->len - begin};
            FR_TRY(count_apart(s, text, docs, &more, err));
        }
    }
    if (more) return FRAI_OK;
    out->len = begin;
    *found = before;
    put_pieces(word, &whole, out, found);
    return FRAI_OK;
}

/* Letters: SQLServer → SQL Server. What no document has is cut, then each piece is looked at. */
static frai_status split_letters(struct fr_searcher *s, const char *text, uint32_t n,
                                 struct fr_buf *out, struct fr_spacing *found, frai_error *err)
{
    struct run r = letters_of(text, n);
    struct known known;
    struct pieces p;
    FR_TRY(look_up_letters(s, r.small, n, &known, err));
    if (known.docs) return put_word(s, &r, known.docs, out, found, err);
    FR_TRY(cut_run(s, &r, false, &p, err));
    for (uint32_t i = 0; i < p.count && !out->failed; i++) {
        struct run word = letters_of(text + p.piece[i].from, p.piece[i].n);
        if (i) fr_buf_u8(out, ' ');
        FR_TRY(look_up_letters(s, word.small, word.n, &known, err));
        FR_TRY(put_word(s, &word, known.docs, out, found, err));
    }
    return FRAI_OK;
}

/* The Hangul that text begins with; 0 characters: none. */
static size_t read_syllables(frai_slice text, struct run *r)
{
    size_t at = 0;
    for (size_t next = 0; at < text.len && r->n < RUN_MAX; at = next) {
        uint32_t cp = fr_utf8_next(text.ptr, text.len, &next);
        if (fr_charclass_of(cp) != FR_CHAR_HANGUL) break;
        r->cps[r->n++] = cp;
    }
    return at;
}

/* Punctuation that stands between words, not inside a name, a number or an address. */
static bool parts_words(uint32_t cp)
{
    return fr_charclass_of(cp) == FR_CHAR_PUNCT && !(cp < 0x80 && strchr("&+._:@#/'", (int)cp));
}

frai_status fr_spacing_split(struct fr_searcher *s, frai_slice word, bool loose, struct fr_buf *out,
                             struct fr_spacing *found, frai_error *err)
{
    bool hangul = false, digit = false, parts = false; /* parts: a space is due */
    struct pieces pieces;
    *found = (struct fr_spacing){.pieces = 0};
    for (size_t at = 0; at < word.len;) {
        const char *here = word.ptr + at;
        struct run r = {.text = here, .width = 3};
        size_t syllables = read_syllables((frai_slice){here, word.len - at}, &r), letters = 0;
        while (at + letters < word.len && letters < RUN_MAX && is_ascii_letter(here[letters]))
            letters++;
        parts |= at > 0 && hangul != (syllables > 0);
        hangul = syllables > 0;
        at += syllables + letters;
        if (parts && syllables + letters) fr_buf_u8(out, ' ');
        if (syllables) {
            FR_TRY(cut_run(s, &r, false, &pieces, err));
            put_pieces(&r, &pieces, out, found);
        } else if (letters) {
            FR_TRY(split_letters(s, here, (uint32_t)letters, out, found, err));
        }
        if (syllables + letters) {
            parts = digit = false;
            continue;
        }
        uint32_t cp = fr_utf8_next(word.ptr, word.len, &at);
        bool closes = fr_charclass_of(cp) == FR_CHAR_PUNCT && cp != '(' && cp != '[';
        if (parts && !closes) { /* after, else: a - before a word excludes it */
            fr_buf_u8(out, ' ');
            parts = false;
        }
        bool number = fr_charclass_of(cp) == FR_CHAR_DIGIT;
        found->pieces += number && !digit;
        digit = number;
        fr_buf_put(out, here, (size_t)(word.ptr + at - here));
        parts |= loose && parts_words(cp);
    }
    return out->failed ? fr_fail_memory(err, "searching") : FRAI_OK;
}

/* Bytes that a number or date has at most. */
#define NUMBER_BYTES 64u

enum fr_spaced_number fr_spacing_number(struct fr_searcher *s, frai_slice word, bool apart,
                                        struct fr_buf *out)
{
    struct fr_folded_text *folded = &s->context.analyzer.folded;
    size_t len = word.len < NUMBER_BYTES ? word.len : NUMBER_BYTES;
    struct fr_number n;
    fr_buf_clear(&folded->buf);
    if (len == 0 || word.ptr[0] < '0' || word.ptr[0] > '9' || !fr_fold(word.ptr, len, NULL, folded))
        return FR_NO_NUMBER;
    const struct fr_folded *cps = fr_vec_data(folded);
    size_t count = fr_vec_count(folded);
    if (fr_number_date(cps, 0, count, &n)) {
        unsigned month = (unsigned)atoi(n.text + 5), day = (unsigned)atoi(n.text + 8);
        if (apart) fr_buf_print(out, "%u년, ", (unsigned)atoi(n.text));
        fr_buf_print(out, apart ? "%u월, %u일" : "%u월%u일", month, day);
        fr_buf_put(out, word.ptr + cps[n.end - 1].end, word.len - cps[n.end - 1].end);
        return FR_DATE;
    }
    if (!memchr(word.ptr, ' ', word.len) || !fr_number_value(cps, 0, count, &n))
        return FR_NO_NUMBER;
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] == ' ') fr_buf_u8(out, ',');
        fr_buf_u8(out, (uint8_t)word.ptr[i]);
    }
    return FR_NUMBER;
}
