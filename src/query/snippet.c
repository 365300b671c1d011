/* The stretch of a text that shows most of a query, with the matched syllables marked. */
#include "base/sort.h"
#include "query/searcher.h"
#include "text/charclass.h"
#include "text/fold.h"
#include "text/utf8.h"

/* An occurrence of a word of the query in the text. */
struct occurrence {
    uint32_t begin, end; /* bytes */
    uint32_t word;
};

struct finder {
    struct fr_searcher *s;
    struct fr_buf *found; /* struct occurrence */
    struct fr_buf starts; /* struct start */
    struct fr_buf pairs;  /* struct wanted_pair */
};

/* Where a word would begin (a position), the atoms it covers there. */
struct start {
    uint32_t at;
    uint32_t token;
    uint64_t mask;
};

static int by_start(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct start *x = a, *y = b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return x->token < y->token ? -1 : x->token > y->token;
}

/* Does a word of the text (a token, or an extra of its class) make the term? */
static bool same_word(const struct fr_searcher *s, const struct fr_query_term *term,
                      const struct fr_analyzer *a, const struct fr_token *t)
{
    const char *word = fr_token_word(a, t);
    size_t len = t->word_bytes;
    if (term->word_bytes == 0 || len == 0) return false;
    if (term->term_class == FR_TERM_STEM) {
        if (t->term_class != FR_TERM_SURFACE || !fr_stem(s->stemmer, word, len, &word, &len))
            return false;
    } else if (term->term_class != t->term_class) {
        return false;
    }
    frai_slice wanted = fr_query_term_bytes(&s->query, term);
    return wanted.len == len && memcmp(wanted.ptr, word, len) == 0;
}

/* A pair that an alternative of the word is. */
struct wanted_pair {
    uint32_t key, alternative;
};

static int by_key(const void *a, const void *b, void *ctx)
{
    const struct wanted_pair *x = a, *y = b;
    (void)ctx;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return x->alternative < y->alternative ? -1 : x->alternative > y->alternative;
}

static void put_occurrence(struct finder *f, uint32_t begin, uint32_t end, uint32_t word)
{
    struct occurrence o = {begin, end, word};
    fr_buf_put(f->found, &o, sizeof o);
}

/* A lone syllable of the query, wherever it stands in a token. */
static void find_syllable(struct finder *f, const struct fr_query_word *word, uint32_t number)
{
    const struct fr_buf *folded = &f->s->analyzer.folded;
    for (size_t i = 0; i < FR_COUNT(folded, struct fr_folded); i++) {
        const struct fr_folded *c = &FR_AT(folded, struct fr_folded, i);
        if (c->cp == word->syllable) put_occurrence(f, c->begin, c->end, number);
    }
}

static const struct fr_alternative *alternative_at(const struct finder *f, uint32_t i)
{
    return &FR_AT(&f->s->query.alternatives, struct fr_alternative, i);
}

static const struct fr_token *token_at(const struct finder *f, uint32_t i)
{
    const struct fr_analyzer *a = &f->s->analyzer;
    uint32_t tokens = (uint32_t)FR_COUNT(&a->tokens, struct fr_token);
    return i < tokens ? &FR_AT(&a->tokens, struct fr_token, i)
                      : &FR_AT(&a->extras, struct fr_token, i - tokens);
}

static void put_start(struct finder *f, const struct fr_alternative *alt, uint32_t token)
{
    uint32_t position = token_at(f, token)->position;
    if (position < alt->offset) return;
    struct start start = {position - alt->offset, token, alt->mask};
    fr_buf_put(&f->starts, &start, sizeof start);
}

/* Where tokens of the text make alternatives of the word. */
static void find_starts(struct finder *f, const struct fr_query_word *word)
{
    const struct fr_analyzer *a = &f->s->analyzer;
    uint32_t count =
        (uint32_t)(FR_COUNT(&a->tokens, struct fr_token) + FR_COUNT(&a->extras, struct fr_token));
    f->starts.len = f->pairs.len = 0;
    for (uint32_t i = word->first; i < word->first + word->count; i++) {
        const struct fr_query_term *term =
            &FR_AT(&f->s->query.terms, struct fr_query_term, alternative_at(f, i)->term);
        struct wanted_pair pair = {term->key, i};
        if (term->word_bytes == 0) fr_buf_put(&f->pairs, &pair, sizeof pair);
    }
    size_t pairs = FR_COUNT(&f->pairs, struct wanted_pair);
    if (f->pairs.failed) return;
    if (pairs) fr_sort(f->pairs.data, pairs, sizeof(struct wanted_pair), by_key, NULL);
    for (uint32_t t = 0; t < count; t++) {
        const struct fr_token *token = token_at(f, t);
        if (token->word_bytes) {
            for (uint32_t i = word->first; i < word->first + word->count; i++) {
                const struct fr_alternative *alt = alternative_at(f, i);
                if (same_word(f->s, &FR_AT(&f->s->query.terms, struct fr_query_term, alt->term), a,
                              token))
                    put_start(f, alt, t);
            }
            continue;
        }
        size_t low = 0, high = pairs;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (FR_AT(&f->pairs, struct wanted_pair, middle).key < token->key)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < pairs && FR_AT(&f->pairs, struct wanted_pair, low).key == token->key; low++)
            put_start(f, alternative_at(f, FR_AT(&f->pairs, struct wanted_pair, low).alternative),
                      t);
    }
}

static void find_word(struct finder *f, const struct fr_query_word *word, uint32_t number)
{
    uint64_t full = 0;
    find_starts(f, word);
    for (uint32_t i = 0; i < word->count; i++) full |= alternative_at(f, word->first + i)->mask;
    size_t count = FR_COUNT(&f->starts, struct start);
    if (f->starts.failed || f->pairs.failed || count == 0) return;
    fr_sort(f->starts.data, count, sizeof(struct start), by_start, NULL);
    for (size_t i = 0; i < count;) {
        size_t end = i;
        uint64_t covered = 0;
        for (; end < count &&
               FR_AT(&f->starts, struct start, end).at == FR_AT(&f->starts, struct start, i).at;
             end++)
            covered |= FR_AT(&f->starts, struct start, end).mask;
        for (; i < end; i++) {
            if (covered != full) continue;
            const struct fr_token *token = token_at(f, FR_AT(&f->starts, struct start, i).token);
            put_occurrence(f, token->begin, token->end, number);
        }
    }
}

/* ---- lines that the corpus repeats ---- */

struct text_line {
    size_t begin, end; /* bytes, white space at both ends left out */
};

static struct text_line line_at(frai_slice text, size_t at)
{
    struct text_line l = {at, at};
    while (l.begin > 0 && text.ptr[l.begin - 1] != '\n') l.begin--;
    while (l.end < text.len && text.ptr[l.end] != '\n') l.end++;
    while (l.begin < l.end && (unsigned char)text.ptr[l.begin] <= ' ') l.begin++;
    while (l.end > l.begin && (unsigned char)text.ptr[l.end - 1] <= ' ') l.end--;
    return l;
}

static bool is_repeated(const struct fr_searcher *s, frai_slice text, size_t at)
{
    struct text_line l = line_at(text, at);
    return l.end > l.begin && s->lines.names.len &&
           fr_lines_have(&s->lines, (frai_slice){text.ptr + l.begin, l.end - l.begin});
}

/* Leaves out what stands in repeated lines. */
static size_t drop_repeated(const struct fr_searcher *s, frai_slice text, struct occurrence *o,
                            size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!is_repeated(s, text, o[i].begin)) o[kept++] = o[i];
    return kept;
}

/* The first line from `at` on that is none of them; `at` if all are. */
static size_t skip_repeated(const struct fr_searcher *s, frai_slice text, size_t at)
{
    for (size_t i = at; i < text.len;) {
        while (i < text.len && (unsigned char)text.ptr[i] <= ' ') i++;
        if (i < text.len && !is_repeated(s, text, i)) return i;
        while (i < text.len && text.ptr[i] != '\n') i++;
    }
    return at;
}

/* Where the first repeated line between begin and end begins; end if none does. */
static size_t stop_at_repeated(const struct fr_searcher *s, frai_slice text, size_t begin,
                               size_t end)
{
    for (size_t i = begin; i < end; i++)
        if (text.ptr[i] == '\n' && i + 1 < end && is_repeated(s, text, i + 1)) return i;
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
static size_t merge(struct occurrence *o, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept && o[i].begin <= o[kept - 1].end && o[i].word == o[kept - 1].word) {
            if (o[i].end > o[kept - 1].end) o[kept - 1].end = o[i].end;
        } else {
            o[kept++] = o[i];
        }
    }
    return kept;
}

/* The place from which `span` bytes show most different words, then most marks. */
static size_t best_start(const struct occurrence *o, size_t n, uint32_t span)
{
    size_t best = 0;
    uint32_t best_words = 0, best_marks = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t words = 0;
        uint32_t marks = 0;
        for (size_t k = i; k < n && o[k].end <= o[i].begin + span; k++) {
            words |= 1ull << (o[k].word % 64);
            marks++;
        }
        uint32_t different = (uint32_t)__builtin_popcountll(words);
        if (different > best_words || (different == best_words && marks > best_marks)) {
            best = i;
            best_words = different;
            best_marks = marks;
        }
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

frai_status fr_snippet_make(struct fr_searcher *s, frai_slice text, uint32_t characters,
                            frai_snippet *out, frai_error *err)
{
    struct finder f = {.s = s, .found = &s->scratch.order};
    f.found->len = 0;
    FR_TRY(fr_lines_load(&s->lines, s->snapshot->segments, s->snapshot->segment_count, &s->analyzer,
                         err));
    fr_buf_init(&f.starts, s->snapshot->mem);
    fr_buf_init(&f.pairs, s->snapshot->mem);
    fr_analyzer_reset(&s->analyzer);
    bool ok = fr_analyze(&s->analyzer, text.ptr, text.len);
    for (uint32_t i = 0; ok && i < FR_COUNT(&s->query.words, struct fr_query_word); i++) {
        const struct fr_query_word *word = &FR_AT(&s->query.words, struct fr_query_word, i);
        if (word->negative) continue;
        if (word->syllable)
            find_syllable(&f, word, i);
        else
            find_word(&f, word, i);
    }
    ok = ok && !f.found->failed && !f.starts.failed && !f.pairs.failed;
    fr_buf_deinit(&f.starts);
    fr_buf_deinit(&f.pairs);
    if (!ok) return fr_fail(err, FRAI_ERR_MEMORY, "out of memory while making a snippet");
    struct occurrence *o = (struct occurrence *)(void *)f.found->data;
    size_t n = FR_COUNT(f.found, struct occurrence);
    fr_sort(o, n, sizeof *o, by_place, NULL);
    n = drop_repeated(s, text, o, merge(o, n));
    size_t first = n ? best_start(o, n, characters * 3) : 0;
    size_t begin = n ? step_back(text, o[first].begin, characters / 4) : skip_repeated(s, text, 0);
    while (begin < text.len && (unsigned char)text.ptr[begin] <= ' ') begin++;
    size_t end = step_on(text, begin, characters);
    if (characters < FR_SNIPPET_WHOLE) end = stop_at_repeated(s, text, begin, end);
    bool more = false;
    for (size_t i = end; i < text.len && !more; i++) more = (unsigned char)text.ptr[i] > ' ';
    while (end > begin && (unsigned char)text.ptr[end - 1] <= ' ') end--;
    *out = (frai_snippet){.text = {text.ptr + begin, end - begin},
                          .offset = begin,
                          .cut_before = begin > 0,
                          .cut_after = more};
    for (size_t i = 0; i < n && out->span_count < FRAI_SNIPPET_SPANS; i++) {
        if (o[i].begin < begin || o[i].end > end) continue;
        frai_span *last = out->span_count ? &out->spans[out->span_count - 1] : NULL;
        if (last && o[i].begin <= last->end) {
            if (o[i].end > last->end) last->end = o[i].end;
        } else {
            out->spans[out->span_count++] = (frai_span){o[i].begin, o[i].end};
        }
    }
    return FRAI_OK;
}
