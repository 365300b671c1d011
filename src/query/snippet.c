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

static bool same_term(const struct fr_searcher *s, const struct fr_query_term *term,
                      const struct fr_analyzer *a, const struct fr_token *t)
{
    if (t->word_bytes == 0) return term->word_bytes == 0 && term->key == t->key;
    if (term->word_bytes == 0) return false;
    const char *word = (const char *)a->words.data + t->key;
    size_t len = t->word_bytes;
    if (term->term_class == FR_TERM_STEM && !fr_stem(s->stemmer, word, len, &word, &len))
        return false;
    frai_slice wanted = fr_query_term_bytes(&s->query, term);
    return wanted.len == len && memcmp(wanted.ptr, word, len) == 0;
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

static void find_word(struct finder *f, const struct fr_query_word *word, uint32_t number)
{
    const struct fr_searcher *s = f->s;
    const struct fr_analyzer *a = &s->analyzer;
    f->starts.len = 0;
    uint64_t full = 0;
    for (uint32_t i = 0; i < word->count; i++) {
        const struct fr_alternative *alt =
            &FR_AT(&s->query.alternatives, struct fr_alternative, word->first + i);
        const struct fr_query_term *term = &FR_AT(&s->query.terms, struct fr_query_term, alt->term);
        full |= alt->mask;
        for (uint32_t t = 0; t < FR_COUNT(&a->tokens, struct fr_token); t++) {
            const struct fr_token *token = &FR_AT(&a->tokens, struct fr_token, t);
            if (token->position < alt->offset || !same_term(s, term, a, token)) continue;
            struct start start = {token->position - alt->offset, t, alt->mask};
            fr_buf_put(&f->starts, &start, sizeof start);
        }
    }
    size_t count = FR_COUNT(&f->starts, struct start);
    if (f->starts.failed) return;
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
            uint32_t t = FR_AT(&f->starts, struct start, i).token;
            const struct fr_token *token = &FR_AT(&a->tokens, struct fr_token, t);
            put_occurrence(f, token->begin, token->end, number);
        }
    }
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
    fr_buf_init(&f.starts, s->snapshot->mem);
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
    ok = ok && !f.found->failed && !f.starts.failed;
    fr_buf_deinit(&f.starts);
    if (!ok) return fr_fail(err, FRAI_ERR_MEMORY, "out of memory while making a snippet");
    struct occurrence *o = (struct occurrence *)(void *)f.found->data;
    size_t n = FR_COUNT(f.found, struct occurrence);
    fr_sort(o, n, sizeof *o, by_place, NULL);
    n = merge(o, n);
    size_t first = n ? best_start(o, n, characters * 3) : 0;
    size_t begin = n ? step_back(text, o[first].begin, characters / 4) : 0;
    while (begin < text.len && (unsigned char)text.ptr[begin] <= ' ') begin++;
    size_t end = step_on(text, begin, characters);
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
