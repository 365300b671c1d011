/* Sentences of the headers about what every call has in common, or what its numbers mean. */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

/* An error that no call writes. */
static frai_error untouched, written;

#define assert_untouched(call)                                                                     \
    do {                                                                                           \
        memset(&untouched, 0xA5, sizeof untouched);                                                \
        written = untouched;                                                                       \
        assert_int_equal(call, FRAI_OK);                                                           \
        assert_memory_equal(&written, &untouched, sizeof written);                                 \
    } while (0)

static int take_file(void *ctx, const char *name, frai_slice bytes)
{
    (void)ctx;
    (void)name;
    (void)bytes;
    return 0;
}

static void write_documents(frai_writer *w, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) add_body(w, i, frai_slice_of("투자 소식"));
    assert_untouched(frai_writer_commit(w, &written));
}

static void what_succeeds_leaves_the_error_alone(void **unused)
{
    (void)unused;
    const char *dir = path_in(temp_dir(), "new");
    static char copy[4096];
    snprintf(copy, sizeof copy, "%s", dir);
    frai_writer *w;
    frai_index *index;
    char data[8];
    size_t len;
    uint64_t doc;
    frai_slice user_data;
    for (int mode = 0; mode < 4; mode++) {
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        o.mode = (frai_open_mode)mode;
        if (mode == FRAI_CREATE_ONLY) remove_tree(copy);
        if (mode != FRAI_OPEN_EXISTING) {
            assert_untouched(frai_writer_open(copy, &o, &w, &written));
            frai_writer_close(w);
        }
    }
    assert_untouched(frai_writer_open(copy, NULL, &w, &written));
    assert_untouched(frai_writer_set_user_data(w, frai_slice_of("data"), &written));
    write_documents(w, 0, 10);
    assert_untouched(frai_index_open(copy, NULL, &index, &written));
    for (size_t i = 1; i < 5; i++) write_documents(w, i * 10, i * 10 + 10); /* sweeps the data */
    assert_untouched(frai_index_user_data(index, data, sizeof data, &len, &written));
    assert_int_equal(len, 0);
    assert_untouched(frai_index_export(index, take_file, NULL, &written));
    frai_index_close(index);
    assert_untouched(frai_index_open(copy, NULL, &index, &written));
    assert_untouched(frai_index_find(index, frai_slice_of("3"), &doc, &written));
    frai_index_close(index);
    assert_untouched(frai_writer_user_data(w, &user_data, &written));
    assert_untouched(frai_writer_compact(w, &written));
    assert_untouched(frai_writer_rollback(w, &written));
    assert_untouched(frai_writer_wait(w, &written));
    frai_writer_close(w);
    assert_untouched(frai_index_check(copy, NULL, NULL, &written));
}

enum { DOCS = 300 };

static frai_searcher *searcher_of(uint32_t analyzer, frai_index **index)
{
    static const char *const bodies[] = {"투자 소식", "투자", "소식 서울"};
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *w;
    frai_searcher *s;
    o.analyzer = analyzer;
    assert_ok(frai_writer_open(dir, &o, &w, &error_));
    for (size_t i = 0; i < DOCS; i++) add_body(w, i, frai_slice_of(bodies[i % 3]));
    assert_ok(frai_writer_commit(w, &error_));
    frai_writer_close(w);
    assert_ok(frai_index_open(dir, NULL, index, &error_));
    assert_ok(frai_searcher_create(*index, &s, &error_));
    return s;
}

/* Of each query: what is said to be exact is what counting gives, and what isn't is no more. */
static void a_total_is_called_exact_only_if_it_is(void **unused)
{
    (void)unused;
    static const char *const queries[] = {"투자", "투자 소식", "서울 투자", "투자 -소식",
                                          "투",   "* -서울",   "없다",      "소식 서울 투자"};
    frai_index *index;
    frai_searcher *s = searcher_of(FRAI_ANALYZER_KOREAN, &index);
    int lower = 0, exact = 0;
    for (size_t q = 0; q < sizeof queries / sizeof *queries * 9; q++) {
        struct hit hits[DOCS];
        uint32_t count;
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        frai_search_info all = FRAI_SEARCH_INFO_INIT, info = FRAI_SEARCH_INFO_INIT;
        frai_slice query = frai_slice_of(queries[q / 9]);
        o.match = (frai_match)(q % 3);
        o.rank = (frai_rank)(q % 2);
        o.limit = q % 9 < 3 ? 3 : q % 9 < 6 ? 120 : DOCS;
        o.flags = FRAI_SEARCH_COUNT_EXACT;
        assert_ok(find_info(s, query, &o, hits, &count, &all));
        assert_int_equal(all.total_is_exact, 1);
        o.flags = FRAI_SEARCH_NO_TOTAL;
        assert_ok(find_info(s, query, &o, hits, &count, &info));
        if (info.total_is_exact)
            assert_int_equal(info.total, all.total);
        else
            assert_in_range(info.total, 1, all.total);
        exact += info.total_is_exact;
        lower += info.total < all.total;
    }
    assert_true(exact > 10 && lower > 10);
    for (int mode = 0; mode <= FRAI_TERMS_OR_TOP_COUNT; mode++) {
        frai_search_info info = FRAI_SEARCH_INFO_INIT;
        const frai_results *results;
        for (uint32_t k = 5; k <= DOCS; k += DOCS - 5) {
            assert_ok(frai_search_terms(s, frai_slice_of("투자"), (frai_terms_mode)mode, k,
                                        &results, &error_));
            frai_results_read_info(results, &info);
            assert_int_equal(info.total_is_exact, mode > FRAI_TERMS_PHRASE || k == DOCS);
        }
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* In indexes of the caller's terms, too. */
static void words_beyond_the_limits_are_told(void **unused)
{
    (void)unused;
    enum { TERMS = 30000 };
    frai_index *index;
    frai_searcher *s = searcher_of(FRAI_ANALYZER_PRETOKENIZED, &index);
    char *query = malloc(TERMS * 8), *end = query;
    const frai_results *results;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    for (int i = 0; i < TERMS; i++) end += sprintf(end, "t%d ", i);
    frai_slice text = {query, (size_t)(end - query)};
    assert_ok(frai_search(s, text, &o, &results, &error_));
    frai_results_read_info(results, &info);
    assert_int_equal(info.truncated, 1);
    assert_in_range(info.words + info.words_ignored, TERMS - 1, TERMS); /* one is cut in two */
    o.flags = FRAI_SEARCH_STRICT_LIMITS;
    assert_int_equal(frai_search(s, text, &o, &results, &error_), FRAI_ERR_ARGUMENT);
    assert_ok(frai_search(s, frai_slice_of("투자 소식"), &o, &results, &error_));
    assert_int_equal(frai_results_count(results), 10);
    free(query);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static int counts_up(void *asked)
{
    ++*(long *)asked;
    return 0;
}

/* However long a word is, or what is between words: the caller can cancel. */
static void long_queries_are_read_with_questions(void **unused)
{
    (void)unused;
    enum { BYTES = 1 << 19 };
    static const char *const units[] = {"가", "a", "a1", " ", ".", "-", "\xff", "1,"};
    frai_index *index;
    frai_searcher *s = searcher_of(FRAI_ANALYZER_KOREAN, &index);
    char *query = malloc(BYTES + 2);
    for (size_t u = 0; u < sizeof units / sizeof *units * 2; u++) {
        const char *unit = units[u / 2];
        const frai_results *results;
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        size_t len = strlen(unit), n = 0;
        long asked = 0;
        if (u % 2) query[n++] = '"';
        while (n + len <= BYTES) n += (size_t)sprintf(query + n, "%s", unit);
        if (u % 2) query[n++] = '"';
        o.interrupt = counts_up;
        o.interrupt_arg = &asked;
        assert_ok(frai_search(s, (frai_slice){query, n}, &o, &results, &error_));
        if (u % 2 == 0 || strchr(" .-", *unit)) assert_true(asked > (long)(BYTES / len / 40000));
    }
    free(query);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_succeeds_leaves_the_error_alone),
        cmocka_unit_test(a_total_is_called_exact_only_if_it_is),
        cmocka_unit_test(words_beyond_the_limits_are_told),
        cmocka_unit_test(long_queries_are_read_with_questions),
    };
    stay_in_memory();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
