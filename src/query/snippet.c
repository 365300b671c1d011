/* The stretch of a text that shows most of a query, with the matched syllables marked. The text is
 * analyzed as a document is; a word is where its terms cover it, and the best stretch is found by
 * moving a window over these places. Texts may have hundreds of megabytes: every loop over one asks
 * whether the call is to end. */
#include "query/snippet.h"

#include "base/checksum.h"
#include "base/lower_bound.h"
#include "base/sort.h"
#include "text/charclass.h"
#include "text/fold.h"
#include "text/stem.h"
#include "text/utf8.h"

/* An occurrence of a word of the query in the text. */
struct occurrence {
    uint32_t begin, end; /* bytes */
    uint32_t word;
};

/* The term of a covering of a word; the key of a word's bytes is their hash. */
struct wanted {
    uint64_t key;
    uint32_t covering, word;
};

/* Where a word would begin (a position), the syllables it covers there. */
struct start {
    uint32_t word, at, token;
    uint64_t mask;
};

struct finder {
    struct fr_searcher *s;
    const struct fr_query *query;
    FR_VECTOR(struct occurrence) found;
    FR_VECTOR(struct start) starts;
    FR_VECTOR(struct wanted) wanted; /* by key */
    bool stems;                      /* some of them are stems */
    size_t steps;                    /* so far */
};

static int by_start(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct start *x = a, *y = b;
    if (x->word != y->word) return x->word < y->word ? -1 : 1;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    if (x->token != y->token) return x->token < y->token ? -1 : 1;
    return x->mask < y->mask ? -1 : x->mask > y->mask;
}

static int by_key(const void *a, const void *b, void *ctx)
{
    const struct wanted *x = a, *y = b;
    (void)ctx;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return x->covering < y->covering ? -1 : x->covering > y->covering;
}

static uint64_t word_key(uint8_t term_class, frai_slice word)
{
    return (fr_hash64(word.ptr, word.len) + term_class) | 1ull << 63;
}

static void put_occurrence(struct finder *f, uint32_t begin, uint32_t end, uint32_t word)
{
    fr_vec_push(&f->found, begin, end, word);
}

/* At each of many steps: is the call not to end? */
static bool goes_on(struct finder *f)
{
    return ++f->steps % FR_STOP_STRIDE != 0 || !fr_interrupted(&f->s->context.interrupt);
}

#define PIECE 512u /* elements that are sorted without a question */

/* Starts and marks that are noted in a text: of a query that repeats itself a million times in it
 * those at its front are enough for a passage. */
#define NOTED_MOST (1u << 20)

/* The elements of a list, and their order. */
struct order {
    size_t size;
    int (*cmp)(const void *, const void *, void *);
};

/* Where, from `at` on, the first element of an ascending list is that comes after the other one,
 * or, `strictly`, beside it. */
static size_t run_end(const uint8_t *list, const struct order *o, size_t at, size_t end,
                      const uint8_t *other, bool strictly)
{
    int most = strictly ? -1 : 0;
    FR_LOWER_BOUND_FROM(size_t, at, end, i, o->cmp(list + i * o->size, other, NULL) <= most);
    return at;
}

/* Merges each two neighbours of the ascending pieces of `width` elements, run by run: they are
 * ascending already but where they meet, mostly. False: interrupted, or out of memory. */
static bool merge_pieces(struct finder *f, struct fr_buf *list, size_t width, const struct order *o)
{
    struct fr_buf from = *list;
    size_t n = from.len / o->size, i = 0, run;
    fr_buf_init(list, from.mem);
    bool ok = fr_buf_room(list, from.len);
    for (size_t first = 0; first < n && ok; first += 2 * width) {
        size_t middle = n - first > width ? first + width : n, k = middle,
               end = n - middle > width ? middle + width : n;
        for (i = first; (i < middle || k < end) && ok; ok = goes_on(f)) {
            const uint8_t *left = from.data + i * o->size, *right = from.data + k * o->size;
            run = k < end ? run_end(from.data, o, i, middle, right, false) : middle;
            fr_buf_put(list, left, (run - i) * o->size);
            i = run;
            left = from.data + i * o->size;
            run = i < middle ? run_end(from.data, o, k, end, left, true) : end;
            fr_buf_put(list, right, (run - k) * o->size);
            k = run;
        }
    }
    fr_buf_deinit(&from);
    return ok;
}

static bool sort_list(struct finder *f, struct fr_buf *list, struct order o)
{
    size_t n = list->len / o.size;
    for (size_t i = 0; i < n; i += PIECE) {
        if (fr_interrupted(&f->s->context.interrupt)) return false;
        fr_sort(list->data + i * o.size, n - i < PIECE ? n - i : PIECE, o.size, o.cmp, NULL);
    }
    for (size_t width = PIECE; width < n; width *= 2)
        if (!merge_pieces(f, list, width, &o)) return false;
    return true;
}

static bool has_room(const struct finder *f)
{
    return fr_vec_count(&f->starts) < NOTED_MOST && fr_vec_count(&f->found) < NOTED_MOST;
}

/* A lone syllable of the query, wherever it stands in a token. */
static void find_syllable(struct finder *f, const struct fr_query_word *word, uint32_t number)
{
    const struct fr_folded_text *folded = &f->s->context.analyzer.folded;
    for (size_t i = 0; i < fr_vec_count(folded) && has_room(f) && goes_on(f); i++) {
        const struct fr_folded *c = &fr_vec_at(folded, i);
        if (c->cp == word->syllable) put_occurrence(f, c->begin, c->end, number);
    }
}

static const struct fr_covering *covering_at(const struct finder *f, uint32_t i)
{
    return &fr_vec_at(&f->query->coverings, i);
}

static const struct fr_query_term *term_at(const struct finder *f, uint32_t covering)
{
    return &fr_vec_at(&f->query->terms, covering_at(f, covering)->term);
}

static const struct fr_token *token_at(const struct finder *f, uint32_t i)
{
    const struct fr_analyzer *a = &f->s->context.analyzer;
    uint32_t tokens = (uint32_t)fr_vec_count(&a->tokens);
    return i < tokens ? &fr_vec_at(&a->tokens, i) : &fr_vec_at(&a->extras, i - tokens);
}

static void put_wanted(struct finder *f, const struct fr_query_word *word, uint32_t number)
{
    for (uint32_t i = word->first; i < word->first + word->count; i++) {
        const struct fr_query_term *term = term_at(f, i);
        struct wanted w = {term->key, i, number};
        if (term->word_bytes)
            w.key = word_key(term->term_class, fr_query_term_bytes(f->query, term));
        f->stems |= term->word_bytes && term->term_class == FR_TERM_STEM;
        fr_vec_append(&f->wanted, &w, 1);
    }
}

static bool starts_eojeol(const struct finder *f, uint32_t position)
{
    const struct fr_analyzer *a = &f->s->context.analyzer;
    uint32_t count = (uint32_t)fr_vec_count(&a->eojeols), first = 0;
    FR_LOWER_BOUND(uint32_t, first, count, i, fr_vec_at(&a->eojeols, i) < position);
    return first < count && fr_vec_at(&a->eojeols, first) == position;
}

/* Notes a token of the text as a start of every covering that the key is of; a word's bytes are
 * compared. */
static void find_key(struct finder *f, uint64_t key, frai_slice word, uint32_t token)
{
    size_t count = fr_vec_count(&f->wanted), at = 0;
    FR_LOWER_BOUND(size_t, at, count, i, fr_vec_at(&f->wanted, i).key < key)
    for (; at < count && fr_vec_at(&f->wanted, at).key == key && goes_on(f); at++) {
        const struct wanted *w = &fr_vec_at(&f->wanted, at);
        const struct fr_covering *a = covering_at(f, w->covering);
        frai_slice term = fr_query_term_bytes(f->query, term_at(f, w->covering));
        uint32_t position = token_at(f, token)->position;
        if (term.len != word.len || (word.len && memcmp(term.ptr, word.ptr, word.len) != 0))
            continue;
        if (position < a->offset) continue;
        if (a->starts_eojeol && !starts_eojeol(f, position - a->offset)) continue;
        fr_vec_push(&f->starts, w->word, position - a->offset, token, a->mask);
    }
}

/* Where tokens of the text make coverings of words. */
static void find_starts(struct finder *f)
{
    const struct fr_analyzer *a = &f->s->context.analyzer;
    uint32_t count = (uint32_t)(fr_vec_count(&a->tokens) + fr_vec_count(&a->extras));
    size_t wanted = fr_vec_count(&f->wanted);
    if (wanted == 0 || f->wanted.buf.failed) return;
    fr_sort(fr_vec_data(&f->wanted), wanted, sizeof(struct wanted), by_key, NULL);
    for (uint32_t t = 0; t < count && has_room(f) && goes_on(f); t++) {
        const struct fr_token *token = token_at(f, t);
        if (token->word_bytes == 0) {
            find_key(f, token->key, (frai_slice){"", 0}, t);
            continue;
        }
        frai_slice word = {fr_token_word(a, token), token->word_bytes};
        find_key(f, word_key(token->term_class, word), word, t);
        if (f->stems && token->term_class == FR_TERM_SURFACE &&
            fr_stem(f->s->context.stemmer, word.ptr, word.len, &word.ptr, &word.len))
            find_key(f, word_key(FR_TERM_STEM, word), word, t);
    }
}

static uint64_t atoms_of(const struct finder *f, uint32_t number)
{
    const struct fr_query_word *word = &fr_vec_at(&f->query->words, number);
    uint64_t full = 0;
    for (uint32_t i = 0; i < word->count; i++) full |= covering_at(f, word->first + i)->mask;
    return full;
}

/* Words are where starts at one place cover all their syllables. */
static void find_words(struct finder *f)
{
    size_t count = fr_vec_count(&f->starts);
    uint64_t full = 0;
    if (f->starts.buf.failed || count == 0) return;
    if (!sort_list(f, &f->starts.buf, (struct order){sizeof(struct start), by_start})) return;
    const struct start *s = fr_vec_data(&f->starts);
    for (size_t i = 0; i < count && fr_vec_count(&f->found) < NOTED_MOST && goes_on(f);) {
        size_t end = i;
        uint64_t covered = 0;
        if (i == 0 || s[i].word != s[i - 1].word) full = atoms_of(f, s[i].word);
        for (; end < count && s[end].word == s[i].word && s[end].at == s[i].at; end++)
            covered |= s[end].mask;
        for (; i < end; i++) {
            if (covered != full) continue;
            const struct fr_token *token = token_at(f, s[i].token);
            put_occurrence(f, token->begin, token->end, s[i].word);
        }
    }
}

/* ---- lines that the corpus repeats ---- */

/* The line that was looked at last. */
struct line {
    struct finder *f;
    const struct fr_boilerplate *known;
    frai_slice text;
    size_t begin, end;
    bool repeated;
};

static bool is_repeated(struct line *l, size_t at)
{
    if (fr_interner_count(&l->known->names) == 0) return false;
    if (at >= l->begin && at < l->end) return l->repeated;
    size_t begin = at, end = at;
    while (begin > 0 && l->text.ptr[begin - 1] != '\n') begin--;
    while (end < l->text.len && l->text.ptr[end] != '\n') end++;
    l->begin = begin;
    l->end = end;
    while (begin < end && (unsigned char)l->text.ptr[begin] <= ' ') begin++;
    while (end > begin && (unsigned char)l->text.ptr[end - 1] <= ' ') end--;
    l->repeated =
        end > begin && fr_boilerplate_has(l->known, (frai_slice){l->text.ptr + begin, end - begin});
    return l->repeated;
}

/* Leaves out what stands in repeated lines. */
static size_t drop_repeated(struct line *l, struct occurrence *o, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n && goes_on(l->f); i++)
        if (!is_repeated(l, o[i].begin)) o[kept++] = o[i];
    return kept;
}

/* The first line that is none of them; 0 if all are. */
static size_t skip_repeated(struct line *l)
{
    frai_slice text = l->text;
    for (size_t i = 0; i < text.len;) {
        while (i < text.len && (unsigned char)text.ptr[i] <= ' ') i++;
        if (i < text.len && !is_repeated(l, i)) return i;
        while (i < text.len && text.ptr[i] != '\n') i++;
    }
    return 0;
}

/* Where the first repeated line between begin and end begins; end if none does. */
static size_t stop_at_repeated(struct line *l, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        if (l->text.ptr[i] == '\n' && i + 1 < end && is_repeated(l, i + 1)) return i;
    return end;
}

static int by_place(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct occurrence *x = a, *y = b;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    return x->word < y->word ? -1 : x->word > y->word;
}

/* Overlapping and touching marks of one word become one. */
static size_t merge(struct finder *f, struct occurrence *o, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n && goes_on(f); i++) {
        if (kept && o[i].begin <= o[kept - 1].end && o[i].word == o[kept - 1].word) {
            if (o[i].end > o[kept - 1].end) o[kept - 1].end = o[i].end;
        } else {
            o[kept++] = o[i];
        }
    }
    return kept;
}

/* The place from which `span` bytes show most different words, then most marks. */
static size_t best_start(struct finder *f, const struct occurrence *o, size_t n, uint64_t span)
{
    size_t best = 0, end = 0, best_marks = 0, marks[64] = {0};
    uint32_t best_words = 0, words = 0;
    for (size_t i = 0; i < n && goes_on(f); i++) {
        for (; end < n && o[end].end <= o[i].begin + span; end++)
            words += marks[o[end].word % 64]++ == 0;
        if (words > best_words || (words == best_words && end - i > best_marks)) {
            best = i;
            best_words = words;
            best_marks = end - i;
        }
        if (end == i) /* longer than the span */
            end++;
        else
            words -= --marks[o[i].word % 64] == 0;
    }
    return best;
}

static bool is_boundary(uint32_t cp)
{
    return fr_charclass_of(cp) <= FR_CHAR_LINE;
}

/* From `at` back to a sentence's or a word's start, at most `most` characters. */
static size_t step_back(frai_slice text, size_t at, uint32_t most)
{
    size_t word = at;
    for (uint32_t n = 0; at > 0 && n < most; n++) {
        size_t previous = at - 1;
        while (previous > 0 && ((unsigned char)text.ptr[previous] & 0xC0) == 0x80) previous--;
        size_t next = previous;
        uint32_t cp = fr_utf8_next(text.ptr, text.len, &next);
        if (cp == '\n' ||
            ((cp == '.' || cp == '!' || cp == '?') && at < text.len && text.ptr[at] == ' '))
            return at;
        if (is_boundary(cp)) word = at;
        at = previous;
    }
    return at == 0 ? 0 : word;
}

/* `most` characters on, to a word's end if one is near; never inside a cluster of marks. */
static size_t step_on(frai_slice text, size_t at, uint32_t most)
{
    size_t word = at;
    for (uint32_t n = 0; at < text.len; n++) {
        size_t before = at;
        uint32_t cp = fr_utf8_next(text.ptr, text.len, &at);
        if (n >= most) {
            bool joins = (cp >= 0x300 && cp < 0x370) || (cp >= 0x1160 && cp < 0x1200) ||
                         cp == 0x200D || (cp >= 0xFE00 && cp <= 0xFE0F);
            if (!joins) return n >= most && word + 60 > before && word > 0 ? word : before;
        }
        if (is_boundary(cp)) word = before;
    }
    return text.len;
}

static bool is_blank(frai_slice text, size_t begin, size_t end)
{
    while (begin < end)
        if (!is_boundary(fr_utf8_next(text.ptr, end, &begin))) return false;
    return true;
}

/* The words of the query in the text, by their places, into f->found. */
static bool find_all(struct finder *f, frai_slice text)
{
    struct fr_analyzer *a = &f->s->context.analyzer;
    fr_analyzer_reset(a);
    bool ok = fr_analyze(a, text.ptr, text.len);
    for (uint32_t i = 0; ok && i < fr_vec_count(&f->query->words); i++) {
        const struct fr_query_word *word = &fr_vec_at(&f->query->words, i);
        if (word->negative) continue;
        if (word->syllable)
            find_syllable(f, word, i);
        else
            put_wanted(f, word, i);
    }
    if (ok) find_starts(f);
    if (ok) find_words(f);
    if (!ok || fr_interrupted(&f->s->context.interrupt) || f->found.buf.failed ||
        f->starts.buf.failed || f->wanted.buf.failed)
        return false;
    return sort_list(f, &f->found.buf, (struct order){sizeof(struct occurrence), by_place});
}

/* Which part of the text is shown. */
static void place(struct line *l, const struct occurrence *o, size_t n, uint32_t characters,
                  frai_passage *out)
{
    frai_slice text = l->text;
    size_t begin = 0, end = text.len;
    bool whole = characters >= FRAI_PASSAGE_WHOLE;
    if (!whole) {
        size_t first = n ? best_start(l->f, o, n, characters * 3ull) : 0;
        begin = n ? step_back(text, o[first].begin, characters / 4) : skip_repeated(l);
    }
    while (begin < text.len && (unsigned char)text.ptr[begin] <= ' ') begin++;
    if (!whole) end = stop_at_repeated(l, begin, step_on(text, begin, characters));
    while (end > begin && (unsigned char)text.ptr[end - 1] <= ' ') end--;
    *out = (frai_passage){.struct_size = sizeof *out,
                          .text = {text.ptr + begin, end - begin},
                          .offset = begin,
                          .cut_before = !is_blank(text, 0, begin),
                          .cut_after = !is_blank(text, end, text.len)};
}

/* The passage of occurrences that are in order; marks that overlap or touch become one span. */
static bool make_passage(struct finder *f, frai_slice text, uint32_t characters, frai_passage *out)
{
    struct fr_searcher *s = f->s;
    struct line line = {.f = f, .known = &s->context.lines, .text = text};
    struct occurrence *o = fr_vec_data(&f->found);
    size_t n = merge(f, o, fr_vec_count(&f->found));
    if (characters < FRAI_PASSAGE_WHOLE) n = drop_repeated(&line, o, n);
    place(&line, o, n, characters, out);
    fr_buf_clear(&s->spans.buf);
    for (size_t i = 0; i < n && goes_on(f); i++) {
        if (o[i].begin < out->offset || o[i].end > out->offset + out->text.len) continue;
        size_t count = fr_vec_count(&s->spans);
        frai_span *last = count ? &fr_vec_at(&s->spans, count - 1) : NULL;
        if (!last || o[i].begin > last->end)
            fr_vec_push(&s->spans, o[i].begin, o[i].end);
        else if (o[i].end > last->end)
            last->end = o[i].end;
    }
    out->spans = fr_vec_data(&s->spans);
    out->span_count = fr_vec_count(&s->spans);
    return !s->spans.buf.failed && !fr_interrupted(&s->context.interrupt);
}

frai_status fr_snippet_make(struct fr_searcher *s, const struct fr_plan *plan, frai_slice text,
                            uint32_t characters, frai_passage *out, frai_error *err)
{
    struct finder f = {.s = s, .query = &plan->query};
    FR_TRY(fr_boilerplate_load(&s->context.lines, s->context.snapshot->segments,
                               s->context.snapshot->segment_count, &s->context.analyzer, err));
    fr_buf_init(&f.found.buf, &s->context.mem);
    fr_buf_init(&f.starts.buf, &s->context.mem);
    fr_buf_init(&f.wanted.buf, &s->context.mem);
    bool made = find_all(&f, text) && make_passage(&f, text, characters, out);
    fr_buf_deinit(&f.found.buf);
    fr_buf_deinit(&f.starts.buf);
    fr_buf_deinit(&f.wanted.buf);
    return made ? FRAI_OK : fr_fail_memory(err, "searching");
}
