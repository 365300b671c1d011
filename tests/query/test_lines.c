/* Lines that one document of a hundred repeats: found, but worth a tenth and never shown. Snippets:
 * where they begin, what they mark. */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

#define DOCS 300
static const char line[] = "ⓒ 가온경제 무단전재 및 재배포 금지, 투자 판단은 독자의 몫입니다";

static frai_searcher *searcher;
static frai_index *indexes[8];
static frai_searcher *searchers[8];
static int opened;

static frai_searcher *open_searcher(const char *const *bodies, size_t n)
{
    const char *dir = temp_dir();
    build_bodies(dir, NULL, bodies, n);
    assert_ok(frai_index_open(dir, NULL, &indexes[opened], &error_));
    assert_ok(frai_searcher_create(indexes[opened], &searchers[opened], &error_));
    return searchers[opened++];
}

/* Document 0 mentions 투자 in its text, 1 .. 99 only in the line, the others not at all. */
static int setup(void **unused)
{
    (void)unused;
    static char bodies[DOCS][400];
    static const char *list[DOCS];
    for (int i = 0; i < DOCS; i++) {
        const char *text = i == 0 ? "파리의 회사가 오늘 새 투자를 받았다고 여러 신문이 길게 전했다"
                                  : "파리의 회사가 오늘 새 모델을 냈다고 여러 신문이 길게 전했다";
        snprintf(bodies[i], sizeof bodies[i], "%s. 기사 번호는 %d번이다\n%s", text, i,
                 i > 0 && i < 100 ? line : "끝");
        list[i] = bodies[i];
    }
    searcher = open_searcher(list, DOCS);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    for (int i = 0; i < opened; i++) {
        frai_searcher_destroy(searchers[i]);
        frai_index_close(indexes[i]);
    }
    return 0;
}

static uint32_t search(const char *query, frai_rank rank, struct hit hits[DOCS])
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    uint32_t count;
    o.limit = DOCS;
    o.rank = rank;
    assert_ok(find_hits(searcher, frai_slice_of(query), &o, hits, &count, &error_));
    return count;
}

static float score_of(const struct hit *hits, uint32_t count, uint64_t doc)
{
    for (uint32_t i = 0; i < count; i++)
        if (hits[i].doc == doc) return hits[i].score;
    fail_msg("%llu is no hit", (unsigned long long)doc);
    return 0;
}

static void a_mention_in_the_text_comes_before_any_in_the_line(void **unused)
{
    (void)unused;
    static const char *const queries[] = {"투자", "투자 신문", "새 투자 받았다 신문", "투자를"};
    for (int i = 0; i < 4; i++) {
        struct hit hits[DOCS];
        uint32_t count = search(queries[i], FRAI_RANK_DEFAULT, hits);
        assert_true(count >= 100); /* still found */
        assert_int_equal(hits[0].doc, 0);
    }
}

static void the_line_adds_a_tenth_at_most(void **unused)
{
    (void)unused;
    struct hit hits[DOCS], plain[DOCS];
    uint32_t count = search("투자", FRAI_RANK_DEFAULT, hits), n;
    float text = score_of(hits, count, 0), repeated = score_of(hits, count, 7);
    assert_true(repeated > 0 && repeated <= text / 10);
    n = search("투자", FRAI_RANK_BM25, plain); /* BM25 alone knows no lines */
    assert_true(score_of(plain, n, 7) > score_of(plain, n, 0) / 2);
    count = search("신문 투자", FRAI_RANK_DEFAULT, hits);
    n = search("신문", FRAI_RANK_DEFAULT, plain);
    assert_true(score_of(hits, count, 7) <= score_of(plain, n, 7) + text / 10 + 0.001f);
}

static void show(frai_searcher *s, uint64_t doc, uint32_t characters, char out[2000])
{
    frai_passage snippet = FRAI_PASSAGE_INIT;
    size_t n = 0;
    assert_ok(
        frai_searcher_make_passage(s, doc, frai_slice_of("body"), characters, &snippet, &error_));
    for (uint64_t i = 0, span = 0; i <= snippet.text.len; i++) {
        if (span < snippet.span_count && snippet.offset + i == snippet.spans[span].end)
            out[n++] = ']', span++;
        if (span < snippet.span_count && snippet.offset + i == snippet.spans[span].begin)
            out[n++] = '[';
        if (i < snippet.text.len) out[n++] = snippet.text.ptr[i];
    }
    out[n] = '\0';
}

static void the_line_is_never_shown(void **unused)
{
    (void)unused;
    struct hit hits[DOCS];
    char text[2000];
    uint32_t count = search("투자 판단", FRAI_RANK_DEFAULT, hits);
    for (uint32_t i = 0; i < count; i++) {
        show(searcher, hits[i].doc, 100, text);
        if (strstr(text, "무단전재")) fail_msg("%s", text);
        assert_true(strlen(text) > 0);
    }
    show(searcher, 7, 1u << 20, text); /* the whole text has it */
    assert_non_null(strstr(text, "무단전재"));
}

static void explanations_sum_to_the_score_with_lines(void **unused)
{
    (void)unused;
    struct hit hits[DOCS];
    uint32_t count = search("투자 신문", FRAI_RANK_DEFAULT, hits);
    for (uint32_t h = 0; h < count; h += 7) {
        assert_explained(searcher, hits[h].doc, hits[h].score, "");
    }
}

/* query, text, snippet of 40 characters with its marks. */
static const char *const snippets[][3] = {
    {"투자", "프랑스 정부는 어제 새로운 계획을 발표했다. 은행들이 모두 투자를 약속했다.",
     "은행들이 모두 [투자]를 약속했다."},
    {"미스트랄 투자", "긴 머리말이 여기에 있고 또 있고 또 있다. 미스트랄은 어제 투자를 받았다.",
     "[미스트랄]은 어제 [투자]를 받았다."},
    {"국회", "어제 國會 도서관에서", "어제 [國會] 도서관에서"},
    {"385000000", "모두 3억8500만유로를 냈다", "모두 [3억8500만]유로를 냈다"},
    {"2025-02-10", "그것은 2025년 2월 10일의 일", "그것은 [2025년 2월 10일]의 일"},
    {"미스트랄투자", "미스트랄 투자 소식", "[미스트랄] [투자] 소식"},
    {"프랑스", "佛 자랑", "[佛] 자랑"},
    {"컨텐츠", "새 콘텐츠를 만든다", "새 [콘텐츠]를 만든다"},
    {"models", "many modeling tools", "many [modeling] tools"},
    {"오픈AI", "오픈 AI와 구글", "[오픈] [AI]와 구글"},
    {"반도체 반도", "반도체가 반도에", "[반도체]가 [반도]에"},
};

static void snippets_begin_at_a_word_and_mark_the_query_alone(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof snippets / sizeof *snippets; i++) {
        frai_index *index;
        frai_searcher *s;
        struct hit hit;
        uint32_t count;
        char text[2000];
        const char *dir = temp_dir();
        build_bodies(dir, NULL, &snippets[i][1], 1);
        assert_ok(frai_index_open(dir, NULL, &index, &error_));
        assert_ok(frai_searcher_create(index, &s, &error_));
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        o.limit = 1;
        assert_ok(find_hits(s, frai_slice_of(snippets[i][0]), &o, &hit, &count, &error_));
        if (count != 1) fail_msg("'%s' and '%s'", snippets[i][0], snippets[i][1]);
        show(s, 0, 40, text);
        assert_string_equal(text, snippets[i][2]);
        frai_searcher_destroy(s);
        frai_index_close(index);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mention_in_the_text_comes_before_any_in_the_line),
        cmocka_unit_test(the_line_adds_a_tenth_at_most),
        cmocka_unit_test(the_line_is_never_shown),
        cmocka_unit_test(explanations_sum_to_the_score_with_lines),
        cmocka_unit_test(snippets_begin_at_a_word_and_mark_the_query_alone),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
