/* Phrases against a judge of their own: the terms of the quoted text, looked for one after another
 * among the terms of each document, with the positions that the analyzer gives both. */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"
#include "text/analyzer.h"

#define DOCS  60
#define WORDS 400 /* of a document, at most */

struct text {
    char bytes[WORDS * 24];
    size_t begin[WORDS], end[WORDS], words; /* bytes of each word */
};
static struct text documents[DOCS];
static struct fr_analyzer analyzed[DOCS];

static void put_word(struct text *t, size_t *n)
{
    static const char *const words[] = {"투자", "투자했다", "그녀는", "가", "사과", "미스트랄",
                                        "AI",   "b2b",      "2025",   "2",  "10",   "佛敎",
                                        "은행", "유치",     "나라",   "비"};
    t->begin[t->words] = *n;
    const char *word = words[rnd_below(sizeof words / sizeof *words)];
    *n += (size_t)sprintf(t->bytes + *n, "%s", word);
    t->end[t->words++] = *n;
}

static void make_text(struct text *t)
{
    static const char *const between[] = {" ",  " ",  " ",    " ",  " ", ". ",
                                          "? ", "\n", "\n\n", ", ", ".", "-"};
    size_t n = 0, words = 1 + rnd_below(rnd_below(3) ? 40 : WORDS - 1);
    t->words = 0;
    while (t->words < words) {
        if (t->words) n += (size_t)sprintf(t->bytes + n, "%s", between[rnd_below(12)]);
        put_word(t, &n);
    }
    t->bytes[n] = '\0';
}

static frai_slice term_of(const struct fr_analyzer *a, const struct fr_token *t)
{
    return t->word_bytes ? (frai_slice){(const char *)a->words.data + t->key, t->word_bytes}
                         : (frai_slice){(const char *)&t->key, 4};
}

static bool same_term(const struct fr_analyzer *a, const struct fr_token *x,
                      const struct fr_analyzer *b, const struct fr_token *y)
{
    frai_slice s = term_of(a, x), t = term_of(b, y);
    return !x->word_bytes == !y->word_bytes && s.len == t.len && memcmp(s.ptr, t.ptr, s.len) == 0;
}

/* Are the phrase's tokens there from the document's token `at` on? A gap of which the phrase is not
 * sure may be missing. */
static bool goes_on(const struct fr_analyzer *doc, size_t at, const struct fr_analyzer *phrase)
{
    const struct fr_token *d = fr_vec_data(&doc->tokens) + at, *p = fr_vec_data(&phrase->tokens);
    size_t n = fr_vec_count(&phrase->tokens);
    if (fr_vec_count(&doc->tokens) - at < n) return false;
    for (size_t i = 0; i < n; i++) {
        if (!same_term(doc, &d[i], phrase, &p[i])) return false;
        if (i == 0) continue;
        uint32_t step = d[i].position - d[i - 1].position,
                 wanted = p[i].position - p[i - 1].position;
        if (step != wanted && !(p[i].maybe_gap && step + FR_SENTENCE_GAP == wanted)) return false;
    }
    return true;
}

static bool phrase_in(const struct fr_analyzer *doc, const struct fr_analyzer *phrase)
{
    for (size_t at = 0; at < fr_vec_count(&doc->tokens); at++)
        if (goes_on(doc, at, phrase)) return true;
    return false;
}

/* A stretch of a document's text; `shuffled`: with two of its words in each other's place. */
static size_t take_phrase(char *out, const struct text *t, size_t *from, bool shuffled)
{
    size_t first = rnd_below(t->words), most = t->words - first;
    size_t words = 1 + rnd_below(rnd_below(2) ? most : most < 5 ? most : 5), n = 0;
    size_t a = first + rnd_below(words), b = first + rnd_below(words);
    for (size_t i = first; i < first + words; i++) {
        size_t word = !shuffled ? i : i == a ? b : i == b ? a : i;
        size_t gap = i > first ? t->begin[i] - t->end[i - 1] : 0;
        memcpy(out + n, t->bytes + t->begin[i] - gap, gap);
        n += gap;
        memcpy(out + n, t->bytes + t->begin[word], t->end[word] - t->begin[word]);
        n += t->end[word] - t->begin[word];
    }
    *from = t->begin[first];
    return n;
}

static frai_index *index_documents(frai_searcher **s)
{
    const char *bodies[DOCS], *dir = temp_dir();
    frai_index *index;
    for (int d = 0; d < DOCS; d++) {
        make_text(&documents[d]);
        bodies[d] = documents[d].bytes;
        fr_analyzer_init(&analyzed[d], FR_ANALYZER_KOREAN, fr_allocator_or_libc(NULL));
        assert_true(fr_analyze(&analyzed[d], bodies[d], strlen(bodies[d])));
    }
    build_bodies(dir, NULL, bodies, DOCS);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, s, &error_));
    return index;
}

/* The documents that a search finds, a flag each. */
static void find(frai_searcher *s, const char *query, uint32_t flags, bool got[DOCS])
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    struct hit hits[DOCS];
    uint32_t count;
    o.limit = DOCS;
    o.flags = flags;
    assert_ok(find_hits(s, frai_slice_of(query), &o, hits, &count, &error_));
    memset(got, 0, DOCS * sizeof *got);
    for (uint32_t i = 0; i < count; i++) got[hits[i].doc] = true;
}

static void judge(frai_searcher *s, const char *phrase, int source)
{
    static char query[sizeof documents[0].bytes + 8];
    bool quoted[DOCS], excluded[DOCS];
    struct fr_analyzer a;
    fr_analyzer_init(&a, FR_ANALYZER_KOREAN, fr_allocator_or_libc(NULL));
    a.excerpt = true;
    assert_true(fr_analyze(&a, phrase, strlen(phrase)));
    sprintf(query, "\"%s\"", phrase);
    find(s, query, FRAI_SEARCH_NO_FIX, quoted);
    sprintf(query, "* -\"%s\"", phrase);
    find(s, query, 0, excluded);
    for (int d = 0; d < DOCS; d++) {
        bool there = phrase_in(&analyzed[d], &a);
        if (d == source && !there) fail_msg("'%s' is from '%s'", phrase, documents[d].bytes);
        if (quoted[d] != there || excluded[d] == there)
            fail_msg("'%s' (%d, %d, %d) and '%s'", phrase, there, quoted[d], excluded[d],
                     documents[d].bytes);
    }
    fr_analyzer_deinit(&a);
}

static void phrases_are_found_where_the_text_has_them_and_nowhere_else(void **unused)
{
    (void)unused;
    static char phrase[sizeof documents[0].bytes];
    for (int round = 0; round < (full_run() ? 60 : 4); round++) {
        frai_searcher *s;
        frai_index *index = index_documents(&s);
        for (int q = 0; q < 150; q++) {
            int d = (int)rnd_below(DOCS);
            bool shuffled = rnd_below(2);
            size_t from, n = take_phrase(phrase, &documents[d], &from, shuffled);
            phrase[n] = '\0';
            judge(s, phrase, shuffled ? -1 : d);
        }
        frai_searcher_destroy(s);
        frai_index_close(index);
        for (int d = 0; d < DOCS; d++) fr_analyzer_deinit(&analyzed[d]);
    }
}

/* A paragraph of several hundred syllables is one phrase; a syllable more or fewer is another. */
static void a_pasted_paragraph_is_one_phrase(void **unused)
{
    (void)unused;
    static char whole[12000], other[12000], query[12100];
    for (int i = 0; i < 400; i++) {
        char word[40];
        sprintf(word, "%c%c번째 낱말이다%s", 'a' + i / 26, 'a' + i % 26, i % 9 == 8 ? ". " : " ");
        strcat(whole, word);
    }
    strcpy(other, whole);
    memcpy(strstr(other, "mm번째"), "mn", 2);
    const char *bodies[] = {whole, other}, *dir = temp_dir();
    frai_searcher *s;
    frai_index *index;
    struct hit hits[4];
    uint32_t count;
    build_bodies(dir, NULL, bodies, 2);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    sprintf(query, "\"%s\"", whole + 7);
    assert_ok(find_hits(s, frai_slice_of(query), NULL, hits, &count, &error_));
    assert_int_equal(count, 1);
    assert_int_equal(hits[0].doc, 0);
    sprintf(query, "낱말 -\"%s\"", whole + 7);
    assert_ok(find_hits(s, frai_slice_of(query), NULL, hits, &count, &error_));
    assert_int_equal(count, 1);
    assert_int_equal(hits[0].doc, 1);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* Lines that somebody wrapped go on, however little of the first one is quoted. */
static void a_wrapped_line_is_no_end_of_a_phrase(void **unused)
{
    (void)unused;
    static const char *const bodies[] = {
        ("오늘 발표한 기계 학습 모델은 여러 언어를 다루며 값이 싸고 빠르다는 평가를 받는\n모델로서 "
         "앞으로 널리 쓰일 것으로 보인다"),
        "평가를 받는\n모델로서", "평가를 받는 모델로서", "평가를 받는다.\n모델로서"};
    static const struct {
        const char *query;
        uint32_t docs; /* a bit each */
    } cases[] = {{"\"평가를 받는\n모델로서\"", 7},   {"\"받는 모델로서\"", 5},
                 {"\"모델로서 앞으로\"", 1},         {"\"평가를 받는다. 모델로서\"", 8},
                 {"\"평가를 받는다\n모델로서\"", 8}, {"\"빠르다는 평가를 받는\n모델로서\"", 1}};
    const char *dir = temp_dir();
    frai_searcher *s;
    frai_index *index;
    build_bodies(dir, NULL, bodies, 4);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        struct hit hits[8];
        uint32_t count, docs = 0;
        o.flags = FRAI_SEARCH_NO_FIX;
        assert_ok(find_hits(s, frai_slice_of(cases[c].query), &o, hits, &count, &error_));
        for (uint32_t i = 0; i < count; i++) docs |= 1u << hits[i].doc;
        if (docs != cases[c].docs) fail_msg("%s: %x", cases[c].query, docs);
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_are_found_where_the_text_has_them_and_nowhere_else),
        cmocka_unit_test(a_pasted_paragraph_is_one_phrase),
        cmocka_unit_test(a_wrapped_line_is_no_end_of_a_phrase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
