/* A searcher's contract: what a call answers depends on the latest search, not on the calls
 * between; after any failure it goes on working; no argument makes it crash. */
#include <stdio.h>
#include <string.h>

#include "support/asked.h"
#include "support/faults.h"

static struct failing_memory memory_ = {.left = -1};
static frai_allocator failing;

static const char *const bodies[] = {
    "어제 투자소식을 전했다. 서울의 투자 소식은 늘 새롭다",
    "투자 소식지와 서울 소식, 투자한 소식",
    "서울 비 소식. 미스트랄(Mistral) 투자 3억 8500만 유로",
    "비가 온다. 國會에서 佛 투자 model 100",
    "프랑스 서울 투자 소식 model 200 미스트랄",
    "콘텐츠 투자 models C++ 010-1234-5678",
    "\n \n  서울의 봄  \n\n",
    "무단 전재 금지\n투자\n무단 전재 금지",
};
enum { BODIES = sizeof bodies / sizeof *bodies };

static frai_index *open_index(const frai_writer_options *options, const frai_allocator *mem)
{
    const char *dir = temp_dir();
    frai_open_options o = FRAI_OPEN_OPTIONS_INIT;
    frai_index *index;
    build_bodies(dir, options, bodies, BODIES);
    o.allocator = mem;
    assert_ok(frai_index_open(dir, &o, &index, &error_));
    return index;
}

/* Of documents whose files have names. */
static frai_index *open_named_index(const frai_allocator *mem)
{
    static const char *const paths[] = {"투자소식.txt", "글/서울-투자.md", "미스트랄 비.txt",
                                        "models 3억.csv"};
    const char *dir = temp_dir();
    frai_open_options o = FRAI_OPEN_OPTIONS_INIT;
    frai_writer *b;
    frai_index *index;
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    for (int i = 0; i < BODIES; i++) {
        frai_document d = FRAI_DOCUMENT_INIT;
        d.body = frai_slice_of(bodies[i]);
        d.path = frai_slice_of(paths[i % 4]);
        assert_ok(frai_writer_add(b, &d, &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    o.allocator = mem;
    assert_ok(frai_index_open(dir, &o, &index, &error_));
    return index;
}

static frai_searcher *searcher_of(frai_index *index)
{
    frai_searcher *s;
    assert_ok(frai_searcher_create(index, &s, &error_));
    return s;
}

static frai_searcher *searcher_with(frai_index *index, const char *synonyms)
{
    frai_searcher *s = searcher_of(index);
    assert_ok(frai_searcher_set_synonyms(s, frai_slice_of(synonyms), &error_));
    return s;
}

static struct request request_of(const char *query, uint32_t flags)
{
    return (struct request){.query = frai_slice_of(query), .limit = 10, .flags = flags};
}

static void assert_same(const struct answer *got, const struct answer *wanted, const char *what)
{
    if (got->len != wanted->len || memcmp(got->text, wanted->text, got->len) != 0)
        fail_msg("%s:\n%s\ninstead of\n%s", what, got->text, wanted->text);
}

/* Queries with two kinds of hits, corrections, expansions, exclusions, lone syllables. */
static const char *const queries[] = {"투자소식",
                                      "서울 투자",
                                      "비",
                                      "\"투자 소식\" -서울",
                                      "xnwk",
                                      "ㅁㅅㅌㄹ",
                                      "투지소식",
                                      "3억8500만유로",
                                      "models c++",
                                      "국회 佛 비",
                                      "콘텐츠 소식 서울",
                                      "비 투자",
                                      ""};
enum { QUERIES = sizeof queries / sizeof *queries };

/* All that can be asked about a document after the search. */
static const struct question questions[] = {
    {CALL_EXPLAIN, 0, "", 0, {"", 0}, 0},
    {CALL_PASSAGE, 0, "body", 20, {"", 0}, 0},
    {CALL_PLAN, 0, "", 0, {"", 0}, 0},
    {CALL_WHY, 0, "", 0, {"투지 ㅁㅅㅌㄹ -서울", 25}, FRAI_SEARCH_PREFIX},
    {CALL_WHY, 6, "", 0, {"xnwk", 4}, 0},
    {CALL_PASSAGE, 0, "body", 200, {"", 0}, 0},
    {CALL_FIELD, 0, "id", 0, {"", 0}, 0},
    {CALL_PASSAGE, 0, "body", FRAI_PASSAGE_WHOLE, {"", 0}, 0},
};
enum { QUESTIONS = sizeof questions / sizeof *questions };

static void answers_depend_on_the_search_alone(void **unused)
{
    (void)unused;
    frai_index *index = open_index(NULL, NULL);
    frai_searcher *used = searcher_of(index);
    struct answer got = {0}, wanted = {0};
    for (int i = 0; i < QUERIES; i++) {
        struct request r = request_of(queries[i], i % 2 ? FRAI_SEARCH_FUZZY : 0);
        answer_request(used, &r, &got);
        for (int n = 0; n < 60; n++) {
            struct question q = questions[rnd_below(QUESTIONS)];
            frai_searcher *fresh = searcher_of(index);
            q.doc = rnd_below(BODIES);
            answer_request(fresh, &r, &wanted);
            if (n == 0) assert_same(&got, &wanted, queries[i]);
            answer_question(fresh, &q, &wanted);
            answer_question(used, &q, &got);
            assert_same(&got, &wanted, queries[i]);
            frai_searcher_destroy(fresh);
        }
    }
    frai_searcher_destroy(used);
    frai_index_close(index);
    free(got.text);
    free(wanted.text);
}

/* One call after another with the n-th allocation failing, for every n, on the same searcher; after
 * each failure the call gives what a fresh searcher gives. */
static void every_allocation_of_a_searcher_may_fail(void **unused)
{
    (void)unused;
    frai_index *index = open_named_index(&failing);
    struct answer got = {0}, wanted = {0};
    long tried = 0;
    for (int i = 0; i < QUERIES; i++)
        for (int k = -1; k < QUESTIONS; k++) {
            struct request r = request_of(queries[i], FRAI_SEARCH_FUZZY | FRAI_SEARCH_PREFIX);
            frai_status status = FRAI_ERR_MEMORY;
            for (long n = 0; status == FRAI_ERR_MEMORY; n++, tried++) {
                frai_searcher *used = searcher_with(index, "서울, 경기, 투자 소식");
                if (k >= 0) answer_request(used, &r, &got);
                memory_.left = n;
                status = k < 0 ? answer_request(used, &r, &got)
                               : answer_question(used, &questions[k], &got);
                memory_.left = -1;
                if (status != FRAI_OK) assert_int_equal(status, FRAI_ERR_MEMORY);
                if (k < 0) answer_request(used, &r, &got);
                frai_searcher *fresh = searcher_with(index, "서울, 경기, 투자 소식");
                answer_request(fresh, &r, &wanted);
                if (k < 0) assert_same(&got, &wanted, queries[i]);
                for (int q = 0; q < QUESTIONS; q++) {
                    answer_question(used, &questions[q], &got);
                    answer_question(fresh, &questions[q], &wanted);
                    assert_same(&got, &wanted, queries[i]);
                }
                frai_searcher_destroy(fresh);
                frai_searcher_destroy(used);
            }
        }
    frai_index_close(index);
    free(got.text);
    free(wanted.text);
    assert_true(tried > 500);
    printf("%ld allocations of one searcher's calls failed in turn\n", tried);
}

/* Terms that could not be searched for leave nothing: no lines of a plan, and no call that fails.
 */
static void failed_terms_leave_no_query(void **unused)
{
    (void)unused;
    frai_index *index = open_index(NULL, &failing);
    frai_slice terms = frai_slice_of("투자 소식");
    const frai_diagnosis *d;
    const frai_query_plan *plan;
    frai_status status = FRAI_ERR_MEMORY;
    for (long n = 0; status == FRAI_ERR_MEMORY; n++) {
        frai_searcher *s = searcher_of(index);
        struct hit hits[4];
        uint32_t count;
        uint64_t total;
        memory_.left = n;
        status = find_terms(s, terms, FRAI_TERMS_OR, 4, hits, &count, &total, &error_);
        memory_.left = -1;
        assert_ok(frai_searcher_diagnose(s, frai_slice_of("xnwk"), NULL, 6, &d, &error_));
        assert_ok(frai_searcher_describe_plan(s, &plan, &error_));
        assert_int_equal(frai_query_plan_count(plan) > 0, status == FRAI_OK);
        frai_searcher_destroy(s);
    }
    assert_int_equal(status, FRAI_OK);
    frai_index_close(index);
}

static void a_failed_list_of_synonyms_leaves_the_one_before(void **unused)
{
    (void)unused;
    frai_index *index = open_index(NULL, &failing);
    frai_searcher *s = searcher_of(index);
    struct request r = request_of("불란서", 0);
    struct answer a = {0};
    frai_status status = FRAI_ERR_MEMORY;
    assert_ok(frai_searcher_set_synonyms(s, frai_slice_of("불란서, 프랑스"), &error_));
    for (long n = 0; status != FRAI_OK; n++) {
        answer_request(s, &r, &a);
        assert_int_equal(request_hit_count, 1);
        memory_.left = n;
        status = frai_searcher_set_synonyms(s, frai_slice_of("하나, 둘\n셋, 넷"), &error_);
        memory_.left = -1;
        if (status != FRAI_OK) assert_int_equal(status, FRAI_ERR_MEMORY);
    }
    answer_request(s, &r, &a);
    assert_int_equal(request_hit_count, 0);
    free(a.text);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void full_counts_hits_that_have_all_words(void **unused)
{
    (void)unused;
    static const struct {
        const char *query;
        frai_match match;
        uint64_t offset;
        uint32_t hits, full;
        int first;
    } cases[] = {
        {"서울 미스트랄", FRAI_MATCH_AUTO, 0, 5, 2, 1},
        {"서울 미스트랄", FRAI_MATCH_AUTO, 1, 4, 1, 1},
        {"서울 미스트랄", FRAI_MATCH_AUTO, 3, 2, 0, 1},
        {"서울 미스트랄", FRAI_MATCH_ALL, 0, 2, 2, 1},
        {"서울 미스트랄", FRAI_MATCH_ANY, 0, 5, 2, 0},
        {"서울 미스트랄 model", FRAI_MATCH_AUTO, 0, 7, 1, 0},
        {"서울 비", FRAI_MATCH_ANY, 0, 6, 1, 0},
        {"투자소식", FRAI_MATCH_AUTO, 0, 7, 3, 1},
    };
    frai_index *index = open_index(NULL, NULL);
    frai_searcher *s = searcher_of(index);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        frai_search_info info = FRAI_SEARCH_INFO_INIT;
        struct hit hits[10];
        uint32_t count;
        o.match = cases[i].match;
        o.offset = cases[i].offset;
        assert_ok(find_info(s, frai_slice_of(cases[i].query), &o, hits, &count, &info));
        if (count != cases[i].hits || info.hits_with_all_words != cases[i].full ||
            info.all_words_first != cases[i].first)
            fail_msg("%s (%zu): %u hits, %u full, %d", cases[i].query, i, count,
                     info.hits_with_all_words, info.all_words_first);
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void full_is_counted_in_pre_cut_indexes(void **unused)
{
    (void)unused;
    static const char *const texts[] = {"가나 나다", "가나 가나", "나다 다라", "라마"};
    frai_writer_options bo = FRAI_WRITER_OPTIONS_INIT;
    const char *dir = temp_dir();
    frai_index *index;
    bo.analyzer = FRAI_ANALYZER_PRETOKENIZED;
    build_bodies(dir, &bo, texts, 4);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    frai_searcher *s = searcher_of(index);
    for (int match = FRAI_MATCH_AUTO; match <= FRAI_MATCH_ANY; match++) {
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        frai_search_info info = FRAI_SEARCH_INFO_INIT;
        struct hit hits[10];
        uint32_t count;
        o.match = (frai_match)match;
        assert_ok(find_info(s, frai_slice_of("가나 나다"), &o, hits, &count, &info));
        assert_int_equal(count, match == FRAI_MATCH_ALL ? 1 : 3);
        assert_int_equal(info.total, count);
        assert_int_equal(info.hits_with_all_words, 1);
        assert_int_equal(info.all_words_first, match == FRAI_MATCH_ALL);
        assert_explained(s, hits[0].doc, hits[0].score, "");
        o.offset = 1;
        assert_ok(find_info(s, frai_slice_of("가나 나다"), &o, hits, &count, &info));
        assert_int_equal(info.hits_with_all_words, 0);
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* What a search says of itself stays until the next search, which may be asked for it. */
static void words_of_a_search_live_until_the_next(void **unused)
{
    (void)unused;
    frai_index *index = open_index(NULL, NULL);
    frai_searcher *s = searcher_of(index);
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    struct hit hits[10];
    uint32_t count;
    struct answer a = {0};
    assert_ok(find_info(s, frai_slice_of("xnwk 미스트랄"), &o, hits, &count, &info));
    assert_true(info.rewritten.len > 0);
    char *kept = strndup(info.rewritten.ptr, info.rewritten.len);
    for (int i = 0; i < QUESTIONS; i++) answer_question(s, &questions[i], &a);
    assert_int_equal(strlen(kept), info.rewritten.len);
    assert_memory_equal(kept, info.rewritten.ptr, info.rewritten.len);
    assert_ok(find_info(s, info.rewritten, &o, hits, &count, &info));
    assert_true(count > 0);
    assert_ok(find_info(s, frai_slice_of("투쟈"), &o, hits, &count, &info));
    assert_true(info.suggestion.len > 0);
    assert_ok(find_info(s, info.suggestion, &o, hits, &count, &info));
    assert_true(count > 0);
    free(kept);
    free(a.text);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* Fields and passages outlive explanations, and these outlive fields. */
static void slices_live_until_the_next_call_of_their_kind(void **unused)
{
    (void)unused;
    frai_index *index = open_index(NULL, NULL);
    frai_searcher *s = searcher_of(index);
    struct answer a = {0};
    frai_slice body;
    const frai_explanation *e;
    const frai_diagnosis *d;
    struct request r = request_of("투자소식", 0);
    answer_request(s, &r, &a);
    assert_ok(frai_searcher_read_field(s, 1, frai_slice_of("body"), &body, &error_));
    assert_ok(frai_searcher_explain(s, 0, &e, &error_));
    assert_ok(frai_searcher_diagnose(s, frai_slice_of("비"), NULL, 0, &d, &error_));
    const frai_finding *f = frai_diagnosis_finding(d, 0);
    assert_int_equal(f->text.len, strlen("비"));
    assert_int_equal(body.len, strlen(bodies[1]));
    assert_memory_equal(body.ptr, bodies[1], body.len);
    assert_ok(frai_searcher_read_field(s, 0, frai_slice_of("body"), &body, &error_));
    answer_request(s, &r, &a);
    assert_memory_equal(body.ptr, bodies[0], body.len);
    assert_memory_equal(f->text.ptr, "비", f->text.len);
    free(a.text);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

#define ARGUMENT(call) assert_int_equal(call, FRAI_ERR_ARGUMENT)

static void null_arguments_are_errors(void **unused)
{
    (void)unused;
    frai_index *index = open_index(NULL, NULL);
    frai_searcher *s = searcher_of(index), *none;
    const frai_results *results;
    const frai_explanation *e;
    const frai_diagnosis *d;
    const frai_query_plan *plan;
    frai_slice text, null = {NULL, 0}, broken = {NULL, 5}, body = frai_slice_of("body");
    frai_passage passage = FRAI_PASSAGE_INIT;
    uint64_t doc;
    frai_index *nothing;
    ARGUMENT(frai_index_open(NULL, NULL, &nothing, NULL));
    ARGUMENT(frai_index_open("x", NULL, NULL, NULL));
    ARGUMENT(frai_searcher_create(NULL, &none, NULL));
    ARGUMENT(frai_searcher_create(index, NULL, NULL));
    assert_int_equal(frai_index_document_count(NULL), 0);
    assert_int_equal(frai_index_used_previous_commit(NULL), 0);
    frai_index_close(NULL);
    frai_searcher_destroy(NULL);
    ARGUMENT(frai_searcher_set_interrupt(NULL, NULL, NULL, 0, NULL));
    ARGUMENT(frai_searcher_set_synonyms(NULL, body, NULL));
    ARGUMENT(frai_searcher_set_synonyms(s, broken, NULL));
    assert_ok(frai_searcher_set_synonyms(s, null, &error_));
    assert_ok(frai_search(s, body, NULL, &results, &error_));
    assert_non_null(results);
    ARGUMENT(frai_search(NULL, body, NULL, &results, NULL));
    assert_null(results);
    ARGUMENT(frai_search(s, broken, NULL, &results, NULL));
    ARGUMENT(frai_search(s, body, NULL, NULL, NULL));
    ARGUMENT(frai_search_terms(NULL, body, FRAI_TERMS_OR, 1, &results, NULL));
    ARGUMENT(frai_search_terms(s, broken, FRAI_TERMS_OR, 1, &results, NULL));
    ARGUMENT(frai_search_terms(s, body, FRAI_TERMS_OR, 1, NULL, NULL));
    ARGUMENT(frai_searcher_read_field(NULL, 0, body, &text, NULL));
    assert_non_null(text.ptr);
    ARGUMENT(frai_searcher_read_field(s, 0, null, &text, NULL));
    ARGUMENT(frai_searcher_read_field(s, 0, body, NULL, NULL));
    ARGUMENT(frai_searcher_make_passage(s, 0, null, 9, &passage, NULL));
    ARGUMENT(frai_searcher_make_passage(NULL, 0, body, 9, &passage, NULL));
    ARGUMENT(frai_searcher_make_passage(s, 0, body, 9, NULL, NULL));
    ARGUMENT(frai_index_find(NULL, body, &doc, NULL));
    ARGUMENT(frai_index_find(index, broken, &doc, NULL));
    ARGUMENT(frai_index_find(index, body, NULL, NULL));
    assert_int_equal(frai_index_find(index, null, &doc, NULL), FRAI_ERR_NOT_FOUND);
    ARGUMENT(frai_searcher_diagnose(NULL, body, NULL, 0, &d, NULL));
    ARGUMENT(frai_searcher_diagnose(s, broken, NULL, 0, &d, NULL));
    ARGUMENT(frai_searcher_diagnose(s, body, NULL, 0, NULL, NULL));
    assert_ok(frai_searcher_diagnose(s, null, NULL, 0, &d, &error_));
    ARGUMENT(frai_searcher_explain(NULL, 0, &e, NULL));
    ARGUMENT(frai_searcher_explain(s, 0, NULL, NULL));
    ARGUMENT(frai_searcher_describe_plan(NULL, &plan, NULL));
    ARGUMENT(frai_searcher_describe_plan(s, NULL, NULL));
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static frai_status search_with(frai_searcher *s, const frai_search_options *o)
{
    struct hit hits[10];
    uint32_t count;
    frai_status status = find_hits(s, frai_slice_of("투자"), o, hits, &count, NULL);
    if (status != FRAI_OK) assert_int_equal(count, 0);
    return status;
}

static void odd_options_are_errors(void **unused)
{
    (void)unused;
    frai_index *index = open_index(NULL, NULL);
    frai_searcher *s = searcher_of(index);
    frai_search_options o;
    const frai_diagnosis *d;
#define ODD(member, value)                                                                         \
    o = (frai_search_options)FRAI_SEARCH_OPTIONS_INIT;                                             \
    o.member = value;                                                                              \
    ARGUMENT(search_with(s, &o))
    ODD(limit, 0);
    ODD(limit, UINT32_MAX);
    ODD(offset, UINT64_MAX);
    ODD(offset, FRAI_LIMIT_MAX);
    ODD(match, (frai_match)3);
    ODD(rank, (frai_rank)2);
    ODD(flags, 1u << 31);
    ARGUMENT(frai_searcher_diagnose(s, frai_slice_of("투자"), &o, 0, &d, NULL));
    o = (frai_search_options)FRAI_SEARCH_OPTIONS_INIT;
    o.offset = FRAI_LIMIT_MAX - 10;
    assert_int_equal(search_with(s, &o), FRAI_OK);
    o = (frai_search_options){.struct_size = sizeof o.struct_size}; /* of the rest the defaults */
    assert_int_equal(search_with(s, &o), FRAI_OK);
    o.struct_size = 0;
    ARGUMENT(search_with(s, &o));
    ARGUMENT(frai_searcher_diagnose(s, frai_slice_of("투자"), &o, 0, &d, NULL));
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void odd_documents_and_lengths_are_handled(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_index *index;
    frai_writer *b;
    build_bodies(dir, NULL, bodies, BODIES);
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    assert_ok(frai_writer_delete(b, frai_slice_of("3"), &error_));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    frai_searcher *s = searcher_of(index);
    struct answer a = {0};
    struct request r = request_of("투자", 0);
    answer_request(s, &r, &a);
    static const uint64_t docs[] = {3, BODIES, UINT32_MAX, UINT64_MAX};
    for (size_t d = 0; d < 4; d++)
        for (int i = 0; i < QUESTIONS; i++) {
            struct question q = questions[i];
            q.doc = docs[d];
            if (q.call != CALL_PLAN) ARGUMENT(answer_question(s, &q, &a));
        }
    static const uint32_t lengths[] = {
        0, 1, 2, 1u << 20, (1u << 20) - 1, UINT32_MAX / 3 + 1, 1u << 31, UINT32_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct question q = {CALL_PASSAGE, 0, "body", lengths[i], {"", 0}, 0};
        assert_ok(answer_question(s, &q, &a));
    }
    free(a.text);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

int main(void)
{
    failing = failing_allocator(&memory_);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_depend_on_the_search_alone),
        cmocka_unit_test(every_allocation_of_a_searcher_may_fail),
        cmocka_unit_test(failed_terms_leave_no_query),
        cmocka_unit_test(a_failed_list_of_synonyms_leaves_the_one_before),
        cmocka_unit_test(full_counts_hits_that_have_all_words),
        cmocka_unit_test(full_is_counted_in_pre_cut_indexes),
        cmocka_unit_test(words_of_a_search_live_until_the_next),
        cmocka_unit_test(slices_live_until_the_next_call_of_their_kind),
        cmocka_unit_test(null_arguments_are_errors),
        cmocka_unit_test(odd_options_are_errors),
        cmocka_unit_test(odd_documents_and_lengths_are_handled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
