/* What a searcher says it holds is what its allocator has given; a limit of it is kept, named when
 * it refuses, and forgotten with the query that was too large. FRAI_SEED repeats a run. */
#include <stdio.h>
#include <string.h>

#include "api/handles.h"
#include "base/compress.h"
#include "support/asked.h"
#include "support/faults.h"

static struct failing_memory memory = {.left = -1};
static frai_allocator counting;
static const char *dir;

enum { DOCS = 3000 };

static const char *const words[] = {"투자",   "소식", "서울", "미스트랄", "국회", "비",
                                    "models", "검색", "엔진", "프랑스",   "2025", "회의록"};
enum { WORDS = sizeof words / sizeof *words };

static int setup(void **unused)
{
    (void)unused;
    static char body[4000];
    frai_writer *b;
    dir = temp_dir();
    counting = failing_allocator(&memory);
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    for (int i = 0; i < DOCS; i++) {
        size_t n = 0, count = 1 + rnd_below(i % 50 ? 8 : 300);
        for (size_t k = 0; k < count; k++)
            n += (size_t)sprintf(body + n, "%s ", words[rnd_below(WORDS)]);
        add_body(b, (size_t)i, (frai_slice){body, n});
        if (i == DOCS / 2) assert_ok(frai_writer_commit(b, &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    return 0;
}

static frai_index *open_index(uint64_t limit)
{
    frai_index *index;
    frai_open_options o = FRAI_OPEN_OPTIONS_INIT;
    o.allocator = &counting;
    o.searcher_memory = limit;
    assert_ok(frai_index_open(dir, &o, &index, &error_));
    return index;
}

/* A query that needs much, and one that needs little. */
static const char large_text[] =
    "투자 소식 서울 미스트랄 국회 비 models 검색 엔진 프랑스 2025 회의록 "
    "\"투자 소식\" \"서울 미스트랄\" 국회비 검색엔진 -금지 미스트랄투자";
static const struct request small = {.query = {"서울", 6}, .limit = 3, .rank = FRAI_RANK_BM25};
static const struct request large = {.query = {large_text, sizeof large_text - 1},
                                     .limit = REQUEST_LIMIT_MAX,
                                     .flags = FRAI_SEARCH_COUNT_EXACT,
                                     .match = FRAI_MATCH_ANY};

static uint64_t of_zstd(const frai_searcher *s)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < 2 * (size_t)s->searcher.context.snapshot->segment_count; i++)
        if (s->searcher.store_open[i] && s->searcher.stores[i].decompressor)
            bytes += fr_decompressor_bytes(s->searcher.stores[i].decompressor);
    return bytes;
}

static void ask_anything(frai_searcher *s)
{
    struct answer a = {.text = NULL};
    char text[200];
    size_t n = 0;
    for (size_t i = 1 + rnd_below(6); i > 0; i--)
        n += (size_t)sprintf(text + n, "%s%s", words[rnd_below(WORDS)], rnd_below(3) ? " " : "");
    struct request r = {.query = {text, n}, .limit = 1 + (uint32_t)rnd_below(60)};
    r.flags = rnd_below(2) ? FRAI_SEARCH_FUZZY : FRAI_SEARCH_PREFIX;
    struct question q = {.call = (enum call)rnd_below(CALLS),
                         .doc = rnd_below(DOCS),
                         .field = "body",
                         .characters = 100,
                         .query = r.query};
    if (rnd_below(2))
        answer_request(s, &r, &a);
    else
        answer_question(s, &q, &a);
    if (rnd_below(20) == 0)
        frai_searcher_set_synonyms(s, frai_slice_of("서울, 수도\n투자, 소식"), &error_);
    free(a.text);
}

static void what_is_held_is_what_was_given(void **unused)
{
    (void)unused;
    frai_index *index = open_index(0);
    frai_searcher *s;
    long long before = memory.held;
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_int_equal(frai_searcher_memory(s), memory.held - before);
    for (int i = 0; i < (full_run() ? 100000 : 1500); i++) {
        memory.left = rnd_below(10) ? -1 : (long)rnd_below(200);
        ask_anything(s);
        memory.left = -1;
        assert_int_equal(frai_searcher_memory(s), memory.held - before + of_zstd(s));
    }
    assert_true(of_zstd(s) > 0);
    frai_searcher_destroy(s);
    assert_int_equal(memory.held, before);
    assert_int_equal(frai_searcher_memory(NULL), 0);
    frai_index_close(index);
}

/* Asks for the large query and then for the small one, with a limit. Both answer as they do
 * without, or are refused. Bits: 1 the large one was answered, 2 the small one. */
static int ask_with_limit(uint64_t limit, const struct answer *expected)
{
    const struct request *requests[] = {&large, &small};
    char said[100];
    int answered = 0;
    frai_index *index = open_index(limit);
    frai_searcher *s;
    long long before = memory.held;
    snprintf(said, sizeof said, "a searcher may hold %llu bytes, and this needs more",
             (unsigned long long)limit);
    memory.most = memory.held;
    frai_status status = frai_searcher_create(index, &s, &error_);
    uint64_t created = frai_searcher_memory(s);
    for (int i = 0; i < 2 && status == FRAI_OK; i++) {
        struct answer a = {.text = NULL};
        if (answer_request(s, requests[i], &a) == FRAI_OK) {
            answered |= 1 << i;
            assert_int_equal(a.len, expected[i].len);
            assert_memory_equal(a.text, expected[i].text, a.len);
        } else {
            assert_int_equal(error_.code, FRAI_ERR_MEMORY);
            assert_string_equal(error_.message, said);
            assert_true(frai_searcher_memory(s) < created + 4096); /* it gave all back */
        }
        free(a.text);
        assert_true(memory.most - before <= (long long)limit);
    }
    if (status != FRAI_OK) {
        assert_int_equal(status, FRAI_ERR_MEMORY);
        assert_string_equal(error_.message, said);
        assert_null(s);
        assert_int_equal(memory.held, before);
    }
    frai_searcher_destroy(s);
    assert_int_equal(memory.held, before);
    frai_index_close(index);
    return answered;
}

static void a_limit_refuses_what_needs_more(void **unused)
{
    (void)unused;
    struct answer expected[2] = {{.text = NULL}, {.text = NULL}};
    frai_index *index = open_index(0);
    frai_searcher *s;
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_ok(answer_request(s, &small, &expected[1]));
    uint64_t needed_little = frai_searcher_memory(s);
    assert_ok(answer_request(s, &large, &expected[0]));
    uint64_t needed_much = 2 * frai_searcher_memory(s);
    frai_searcher_destroy(s);
    frai_index_close(index);
    int refused_both = 0, only_small = 0;
    for (uint64_t limit = 1; limit < needed_much; limit += 1 + needed_much / 60) {
        int answered = ask_with_limit(limit, expected);
        refused_both += answered == 0;
        only_small += answered == 2;
        assert_true(answered != 1); /* what the large one held is given back */
        if (limit > 2 * needed_little) assert_true(answered & 2);
    }
    assert_true(refused_both > 0 && only_small > 0);
    assert_int_equal(ask_with_limit(needed_much, expected), 3);
    for (int i = 0; i < 2; i++) free(expected[i].text);
}

/* A text of one syllable in which everything of a query of it matches everywhere. */
static void a_passage_of_one_syllable_takes_little_memory(void **unused)
{
    (void)unused;
    enum { SYLLABLES = 300000, PHRASES = 24 };
    char *body = malloc(3 * SYLLABLES), *query = malloc(PHRASES * PHRASES * 8), *at = query;
    const char *one = temp_dir();
    frai_open_options o = FRAI_OPEN_OPTIONS_INIT;
    frai_passage passage = FRAI_PASSAGE_INIT;
    frai_writer *b;
    frai_index *index;
    frai_searcher *s;
    const frai_results *results;
    for (int i = 0; i < SYLLABLES; i++) memcpy(body + 3 * i, "가", 3);
    assert_ok(frai_writer_open(one, NULL, &b, &error_));
    add_body(b, 1, (frai_slice){body, 3 * SYLLABLES});
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    for (int i = 0; i < PHRASES; i++) {
        *at++ = '"';
        for (int k = 0; k < i + 2; k++, at += 3) memcpy(at, "가", 3);
        memcpy(at, "\" ", 2);
        at += 2;
    }
    o.allocator = &counting;
    assert_ok(frai_index_open(one, &o, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_ok(frai_search(s, (frai_slice){query, (size_t)(at - query)}, NULL, &results, &error_));
    assert_int_equal(frai_results_count(results), 1);
    memory.most = memory.held;
    assert_ok(frai_searcher_make_passage(s, frai_results_doc(results, 0), frai_slice_of("body"),
                                         100, &passage, &error_));
    assert_true(passage.span_count > 0);
    assert_true(memory.most < 128 << 20);
    frai_searcher_destroy(s);
    frai_index_close(index);
    free(body);
    free(query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_held_is_what_was_given),
        cmocka_unit_test(a_limit_refuses_what_needs_more),
        cmocka_unit_test(a_passage_of_one_syllable_takes_little_memory),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
