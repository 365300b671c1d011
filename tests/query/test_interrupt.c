/* Searches that are canceled, at every place where they ask: they end, and leave the searcher as a
 * fresh one. What of the library may loop is built to count its basic blocks, so that no loop goes
 * on for long without a question. */
#include <stdio.h>
#include <string.h>

#include "api/handles.h"
#include "query/terms_search.h"
#include "support/asked.h"

/* Basic blocks that may be run between two questions. */
#define BLOCKS_MOST 8000000ull

#define DOCS  24000
#define PARTS 3
#define TEXT  (70u << 10)

/* ---- counting ---- */

static _Thread_local uint64_t blocks; /* writers have threads */
static uint64_t blocks_most;

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    blocks++;
}

struct canceling {
    long at;    /* the question that is answered yes; 0: none */
    long asked; /* so many were */
};

static void note_blocks(void)
{
    if (blocks > blocks_most) blocks_most = blocks;
    blocks = 0;
}

static int cancels(void *arg)
{
    struct canceling *c = arg;
    note_blocks();
    return ++c->asked == c->at;
}

/* ---- an index of words, few of which are in most documents ---- */

static const char syllables[] = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로";
enum { SYLLABLES = sizeof syllables / 3 };

static size_t put_word(char *out, uint64_t number)
{
    size_t n = 0;
    for (int i = 0; i < 2 || number; i++, number /= SYLLABLES, n += 3)
        memcpy(out + n, syllables + number % SYLLABLES * 3, 3);
    return n;
}

/* The n-th word comes in about one of n. */
static uint64_t random_word(void)
{
    return 1ull << rnd_below(14) | rnd_below(1ull << rnd_below(14));
}

static size_t put_words(char *out, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        n += put_word(out + n, random_word());
        out[n++] = ' ';
    }
    return n;
}

static frai_index *index_, *index_of_terms;
static frai_searcher *searcher, *searcher_of_terms;

static void make_index(uint32_t analyzer, frai_index **index, frai_searcher **s)
{
    static char body[64 << 10];
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    o.analyzer = analyzer;
    for (int part = 0; part < PARTS; part++) {
        frai_writer *b;
        assert_ok(frai_writer_open(dir, &o, &b, &error_));
        for (int i = 0; i < DOCS / PARTS; i++) {
            size_t n = put_words(body, i % 1000 ? 6 : 2000);
            if (i % 10 == 0) n += (size_t)sprintf(body + n, "server%d replication", i);
            add_body(b, (size_t)(part * DOCS + i), (frai_slice){body, n});
        }
        assert_ok(frai_writer_commit(b, &error_));
        frai_writer_close(b);
    }
    assert_ok(frai_index_open(dir, NULL, index, &error_));
    assert_ok(frai_searcher_create(*index, s, &error_));
}

static int setup(void **unused)
{
    (void)unused;
    make_index(FRAI_ANALYZER_KOREAN, &index_, &searcher);
    make_index(FRAI_ANALYZER_PRETOKENIZED, &index_of_terms, &searcher_of_terms);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    frai_searcher_destroy(searcher);
    frai_searcher_destroy(searcher_of_terms);
    frai_index_close(index_);
    frai_index_close(index_of_terms);
    return 0;
}

/* ---- absurd queries ---- */

static void words_of(char *out, size_t *n)
{
    *n = put_words(out, 4000);
}

static void sentence_without_spaces(char *out, size_t *n)
{
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < 20; k++) *n += put_word(out + *n, random_word());
        out[(*n)++] = ' ';
    }
}

/* Words of which no document has a pair, so that each is corrected. */
static void slips(char *out, size_t *n)
{
    for (int i = 0; i < 16; i++)
        *n += (size_t)sprintf(out + *n, "쀍켋뷁쒧%s훍 ", i % 2 ? "뚏" : "");
}

static void near_words(char *out, size_t *n)
{
    for (int i = 0; i < 12; i++) {
        *n += put_word(out + *n, 4000 + 31 * (uint64_t)i);
        memcpy(out + *n, "쉛 ", 4);
        *n += 4;
    }
}

static void one_letter(char *out, size_t *n)
{
    memset(out, 'a', *n = TEXT / 8);
}

static void punctuation(char *out, size_t *n)
{
    memset(out, '-', *n = TEXT - 1);
}

static void phrases(char *out, size_t *n)
{
    for (int i = 0; i < 40; i++) {
        out[(*n)++] = '"';
        *n += put_words(out + *n, 6);
        out[*n - 1] = '"';
        out[(*n)++] = ' ';
    }
}

static void syllables_alone(char *out, size_t *n)
{
    for (int i = 0; i < 8; i++, *n += 4) {
        memcpy(out + *n, syllables + 3 * i, 3);
        out[*n + 3] = ' ';
    }
}

static const struct {
    const char *text; /* or made */
    void (*make)(char *out, size_t *n);
    uint32_t flags;
    frai_match match;
    uint32_t limit;
} queries[] = {
    {"가나 나가", NULL, 0, FRAI_MATCH_AUTO, 10},
    {"가나 나가 다가", NULL, FRAI_SEARCH_COUNT_EXACT, FRAI_MATCH_ANY, 10},
    {"가나 나가 다가", NULL, FRAI_SEARCH_COUNT_EXACT, FRAI_MATCH_ALL, 60},
    {"가나나가", NULL, 0, FRAI_MATCH_AUTO, 10},
    {"가", NULL, FRAI_SEARCH_COUNT_EXACT, FRAI_MATCH_AUTO, 10},
    {"* -가", NULL, FRAI_SEARCH_COUNT_EXACT, FRAI_MATCH_AUTO, 10},
    {"\"가나 나가\"", NULL, FRAI_SEARCH_COUNT_EXACT, FRAI_MATCH_AUTO, 10},
    {"가나다", NULL, FRAI_SEARCH_PREFIX, FRAI_MATCH_AUTO, 10},
    {"가", NULL, FRAI_SEARCH_PREFIX, FRAI_MATCH_AUTO, 10},
    {"serv", NULL, FRAI_SEARCH_PREFIX, FRAI_MATCH_AUTO, 10},
    {"ㄱㄴㄷㄹㅁㅂ ㄱㄴ ㄴㄷ ㅁㅂㅅㅇ", NULL, 0, FRAI_MATCH_ALL, 10},
    {"serverreplicationserverreplicationlogsserver", NULL, 0, FRAI_MATCH_AUTO, 10},
    {NULL, syllables_alone, FRAI_SEARCH_COUNT_EXACT, FRAI_MATCH_ANY, 10},
    {NULL, words_of, FRAI_SEARCH_COUNT_EXACT, FRAI_MATCH_AUTO, 10},
    {NULL, words_of, FRAI_SEARCH_EXACT, FRAI_MATCH_ALL, 10},
    {NULL, sentence_without_spaces, 0, FRAI_MATCH_AUTO, 10},
    {NULL, slips, FRAI_SEARCH_FUZZY, FRAI_MATCH_ALL, 10},
    {NULL, near_words, FRAI_SEARCH_FUZZY, FRAI_MATCH_AUTO, 10},
    {NULL, phrases, 0, FRAI_MATCH_AUTO, 10},
    {NULL, one_letter, 0, FRAI_MATCH_AUTO, 10},
    {NULL, punctuation, 0, FRAI_MATCH_AUTO, 10},
};
enum { QUERIES = sizeof queries / sizeof *queries };

static struct request request_of(int i)
{
    static char text[TEXT];
    struct request r = {.flags = queries[i].flags, .match = queries[i].match};
    r.limit = queries[i].limit;
    size_t n = 0;
    if (queries[i].make) queries[i].make(text, &n);
    r.query = queries[i].text ? frai_slice_of(queries[i].text) : (frai_slice){text, n};
    return r;
}

static frai_status search(frai_searcher *s, const struct request *r, struct canceling *c,
                          uint64_t timeout_us)
{
    const frai_results *results;
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    o.flags = r->flags;
    o.match = r->match;
    o.limit = r->limit;
    o.interrupt = c ? cancels : NULL;
    o.interrupt_arg = c;
    o.timeout_us = timeout_us;
    blocks = 0;
    frai_status status = frai_search(s, r->query, &o, &results, &error_);
    note_blocks();
    assert_true((status == FRAI_OK) == (results != NULL));
    return status;
}

static void assert_answers_as(const struct request *r, const struct answer *expected)
{
    struct answer now = {.text = NULL};
    answer_request(searcher, r, &now);
    assert_int_equal(now.len, expected->len);
    assert_memory_equal(now.text, expected->text, now.len);
    free(now.text);
}

static void a_canceled_search_leaves_nothing_behind(void **unused)
{
    (void)unused;
    for (int i = 0; i < QUERIES; i++) {
        struct request r = request_of(i);
        struct canceling c = {.at = 0};
        struct answer expected = {.text = NULL};
        frai_searcher *fresh;
        assert_ok(frai_searcher_create(index_, &fresh, &error_));
        answer_request(fresh, &r, &expected);
        assert_ok(search(fresh, &r, &c, 0));
        long all = c.asked, step = full_run() ? 1 : all / 12 + 1;
        assert_true(all > 0);
        for (long at = 1; at <= all; at += at < 4 ? 1 : step) {
            c = (struct canceling){.at = at};
            assert_int_equal(search(searcher, &r, &c, 0), FRAI_ERR_CANCELED);
            assert_int_equal(c.asked, at); /* once it was said, nobody asks again */
            assert_answers_as(&r, &expected);
        }
        c = (struct canceling){.at = all + 1};
        assert_ok(search(searcher, &r, &c, 0));
        frai_searcher_destroy(fresh);
        free(expected.text);
    }
}

static void no_loop_goes_on_for_long_without_a_question(void **unused)
{
    (void)unused;
    for (int i = 0; i < QUERIES; i++) {
        struct request r = request_of(i);
        struct canceling c = {.at = 0};
        blocks_most = 0;
        assert_ok(search(searcher, &r, &c, 0));
        assert_true(blocks_most > 0); /* they are counted */
        if (blocks_most > BLOCKS_MOST)
            fail_msg("query %d: %ld questions, %llu blocks between two", i, c.asked,
                     (unsigned long long)blocks_most);
    }
}

/* ---- the evaluators of terms ---- */

static frai_status search_terms(frai_slice terms, frai_terms_mode mode, uint32_t k,
                                struct canceling *c)
{
    struct fr_searcher *s = &searcher_of_terms->searcher;
    fr_searcher_begin(s);
    fr_interrupt_arm(&s->context.interrupt, c ? cancels : NULL, c, 0);
    blocks = 0;
    frai_status status = fr_searcher_terms(s, terms, mode, k, &error_);
    note_blocks();
    return fr_searcher_end(s, status, &error_);
}

/* Hits and total of the latest search for terms. */
static uint64_t hash_of_answer(void)
{
    const struct frai_results *r = &searcher_of_terms->searcher.results;
    uint64_t hash = r->info.total;
    for (uint32_t i = 0; i < frai_results_count(r); i++) {
        float score = frai_results_score(r, i);
        uint32_t bits;
        memcpy(&bits, &score, sizeof bits);
        hash = (hash ^ frai_results_doc(r, i) << 32 ^ bits) * 0x9E3779B97F4A7C15u;
    }
    return hash;
}

static void evaluators_of_terms_ask_too(void **unused)
{
    (void)unused;
    static char many[TEXT];
    size_t n = put_words(many, 40);
    const frai_slice terms[] = {frai_slice_of("나가 나가"),
                                frai_slice_of("나가 다가"),
                                frai_slice_of("나가 다가 마가"),
                                {many, n}};
    for (int i = 0; i < 4 * (FRAI_TERMS_OR_TOP_COUNT + 1); i++) {
        frai_terms_mode mode = (frai_terms_mode)(i / 4);
        struct canceling c = {.at = 0};
        uint32_t k = i % 2 ? 10 : DOCS;
        blocks_most = 0;
        assert_ok(search_terms(terms[i % 4], mode, k, &c));
        uint64_t expected = hash_of_answer();
        assert_true(c.asked > 0 && blocks_most <= BLOCKS_MOST);
        long all = c.asked, step = all / 8 + 1;
        for (long at = 1; at <= all; at += at < 4 ? 1 : step) {
            c = (struct canceling){.at = at};
            assert_int_equal(search_terms(terms[i % 4], mode, k, &c), FRAI_ERR_CANCELED);
            assert_int_equal(c.asked, at);
            assert_ok(search_terms(terms[i % 4], mode, k, NULL));
            assert_int_equal(hash_of_answer(), expected);
        }
    }
}

static void a_deadline_ends_a_search(void **unused)
{
    (void)unused;
    struct request r = {.query = frai_slice_of("가나 나가"), .limit = 10};
    struct answer expected = {.text = NULL};
    answer_request(searcher, &r, &expected);
    assert_int_equal(search(searcher, &r, NULL, 1), FRAI_ERR_CANCELED);
    assert_string_equal(error_.message, "the search took longer than the 1 us it had");
    assert_answers_as(&r, &expected);
    assert_ok(search(searcher, &r, NULL, UINT64_MAX));
    struct canceling c = {.at = 1};
    assert_int_equal(search(searcher, &r, &c, UINT64_MAX), FRAI_ERR_CANCELED);
    assert_string_equal(error_.message, "the search was canceled");
    free(expected.text);
}

static void a_diagnosis_can_be_canceled(void **unused)
{
    (void)unused;
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    const frai_diagnosis *d;
    frai_slice query = frai_slice_of("가나 쀍켋뷁쒧훍 serverreplicationlog");
    struct canceling c = {.at = 0};
    o.interrupt = cancels;
    o.interrupt_arg = &c;
    assert_ok(frai_searcher_diagnose(searcher, query, &o, 0, &d, &error_));
    long all = c.asked;
    assert_true(all > 0);
    for (long at = 1; at <= all; at += all / 20 + 1) {
        c = (struct canceling){.at = at};
        assert_int_equal(frai_searcher_diagnose(searcher, query, &o, 0, &d, &error_),
                         FRAI_ERR_CANCELED);
        assert_null(d);
    }
    c = (struct canceling){.at = 0};
    assert_ok(frai_searcher_diagnose(searcher, query, &o, 0, &d, &error_));
    assert_int_equal(c.asked, all);
}

/* ---- a long document ---- */

/* Many words (NULL), one run of syllables, one word, two words. */
static const struct {
    const char *piece;
    size_t times;
} long_texts[] = {{NULL, 0}, {"가나", 500000}, {"가나 ", 300000}, {"server replication ", 100000}};
enum { LONG_TEXTS = sizeof long_texts / sizeof *long_texts };

static frai_status passage(frai_searcher *s, uint64_t doc, struct canceling *c, frai_passage *made)
{
    *made = (frai_passage)FRAI_PASSAGE_INIT;
    assert_ok(frai_searcher_set_interrupt(s, c ? cancels : NULL, c, 0, &error_));
    blocks = 0;
    frai_status status =
        frai_searcher_make_passage(s, doc, frai_slice_of("body"), 100, made, &error_);
    note_blocks();
    assert_ok(frai_searcher_set_interrupt(s, NULL, NULL, 0, &error_));
    return status;
}

static void check_passages(frai_searcher *s, const char *query)
{
    struct request r = {.query = frai_slice_of(query), .limit = LONG_TEXTS};
    assert_ok(search(s, &r, NULL, 0));
    for (uint64_t doc = 0; doc < LONG_TEXTS; doc++) {
        frai_passage expected, made;
        struct canceling c = {.at = 0};
        blocks_most = 0;
        assert_ok(passage(s, doc, &c, &expected));
        assert_true(c.asked > 4);
        if (blocks_most > BLOCKS_MOST)
            fail_msg("%s in document %d: %llu blocks between two questions", query, (int)doc,
                     (unsigned long long)blocks_most);
        uint64_t offset = expected.offset, spans = expected.span_count;
        long all = c.asked, step = all / 12 + 1;
        for (long at = 1; at <= all; at += step) {
            c = (struct canceling){.at = at};
            assert_int_equal(passage(s, doc, &c, &made), FRAI_ERR_CANCELED);
            assert_int_equal(c.asked, at);
            assert_int_equal(made.span_count, 0);
        }
        assert_ok(passage(s, doc, NULL, &made));
        assert_int_equal(made.offset, offset);
        assert_int_equal(made.span_count, spans);
    }
}

static void passages_of_long_documents_end_too(void **unused)
{
    (void)unused;
    static char body[3 << 20];
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    frai_index *index;
    frai_searcher *s;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    for (int i = 0; i < LONG_TEXTS; i++) {
        size_t n = 0;
        for (size_t k = 0; k < long_texts[i].times; k++)
            n += (size_t)sprintf(body + n, "%s", long_texts[i].piece);
        add_body(b, (size_t)i, (frai_slice){body, n ? n : put_words(body, 200000)});
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    check_passages(s, "가나 나가 server");
    check_passages(s, "가");
    frai_passage made = FRAI_PASSAGE_INIT;
    assert_ok(frai_searcher_set_interrupt(s, NULL, NULL, 1, &error_));
    assert_int_equal(frai_searcher_make_passage(s, 1, frai_slice_of("body"), 100, &made, &error_),
                     FRAI_ERR_CANCELED);
    assert_string_equal(error_.message, "the search took longer than the 1 us it had");
    frai_searcher_destroy(s);
    frai_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_canceled_search_leaves_nothing_behind),
        cmocka_unit_test(no_loop_goes_on_for_long_without_a_question),
        cmocka_unit_test(evaluators_of_terms_ask_too),
        cmocka_unit_test(a_deadline_ends_a_search),
        cmocka_unit_test(a_diagnosis_can_be_canceled),
        cmocka_unit_test(passages_of_long_documents_end_too),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
