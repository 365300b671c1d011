/* What an index knows of words, and what it corrects and finds by that, is what its living
 * documents teach, however many segments they are in. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

enum { HITS = 400 };

struct text {
    const char *body;
    int copies, deleted; /* of these, the first ones */
};

static const struct text texts[] = {{"SQLServer", 5, 3},         {"SQL Server", 3, 0},
                                    {"미스트랄 투자", 4, 4},     {"인공지능 연구소", 3, 3},
                                    {"인공지능", 1, 0},          {"번개구름 한 점", 2, 1},
                                    {"컨텐츠 모음", 2, 2},       {"데이터베이스 관리자", 3, 1},
                                    {"서울 대학교 병원", 40, 0}, {"사고를 냈다", 3, 3},
                                    {"사고 싶다", 2, 0},         {"살까 하다 샀습니다", 1, 0},
                                    {"쉬다 왔다", 13, 0},        {"쉬었고", 1, 0},
                                    {"쉬었는데", 1, 0},          {"쉬었던", 1, 0},
                                    {"쉬었지만", 1, 0}};

/* All documents, of which some are deleted then; fresh: those that stay, alone, so many a commit.
 */
static void build_texts(const char *dir, bool fresh, int a_commit)
{
    frai_writer *b;
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    int id = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int k = 0; k < texts[i].copies; k++) {
            if (!fresh || k >= texts[i].deleted)
                add_body(b, (size_t)id, frai_slice_of(texts[i].body));
            if (++id % a_commit == 0) assert_ok(frai_writer_commit(b, &error_));
        }
    assert_ok(frai_writer_commit(b, &error_));
    id = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int k = 0; k < texts[i].copies; k++, id++) {
            char name[16];
            snprintf(name, sizeof name, "%d", id);
            if (!fresh && k < texts[i].deleted)
                assert_ok(frai_writer_delete(b, frai_slice_of(name), &error_));
        }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
}

/* What a search says, as text. */
static void describe(frai_searcher *s, const char *query, uint32_t flags, char *out, size_t room)
{
    static struct hit hits[HITS];
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    uint32_t count;
    o.limit = HITS;
    o.flags = FRAI_SEARCH_COUNT_EXACT | flags;
    assert_ok(find_info(s, frai_slice_of(query), &o, hits, &count, &info));
    int n = snprintf(out, room, "%llu hits, '%.*s', '%.*s', '%.*s'", (unsigned long long)info.total,
                     (int)info.rewritten.len, info.rewritten.ptr, (int)info.suggestion.len,
                     info.suggestion.ptr, (int)info.missing.len, info.missing.ptr);
    for (uint32_t i = 0; i < count; i++) {
        frai_slice id;
        assert_ok(frai_searcher_read_field(s, hits[i].doc, frai_slice_of("id"), &id, &error_));
        n += snprintf(out + n, room - (size_t)n, " %.*s", (int)id.len, id.ptr);
    }
}

static void assert_described_alike(const char *dir, const char *fresh)
{
    static const char *const queries[] = {
        "SQLServer",    "sqlserver",    "미스트럴",       "미스트럴 병원",
        "ㅁㅅㅌㄹ",     "미스트랄투자", "인공지능연구소", "인공지능연구소장",
        "번개구름한점", "번개구룸",     "소나기비단",     "콘텐츠",
        "데이터배이스", "ㄷㅇㅌㅂㅇㅅ", "서울대학교병언", "서울대학교연구소인공지능미스트랄투자",
        "사고",         "사다",         "쉬다",           "쉬었다"};
    frai_index *index, *fresh_index;
    frai_searcher *a = open_search(dir, &index), *b = open_search(fresh, &fresh_index);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        for (uint32_t flags = 0; flags < 2; flags++) {
            char got[2000], wanted[2000];
            describe(a, queries[i], flags * FRAI_SEARCH_FUZZY, got, sizeof got);
            describe(b, queries[i], flags * FRAI_SEARCH_FUZZY, wanted, sizeof wanted);
            if (strcmp(got, wanted) != 0)
                fail_msg("%s: %s; not, as of a fresh index, %s", queries[i], got, wanted);
        }
    close_search(a, index);
    close_search(b, fresh_index);
}

static void corrections_and_forms_are_those_of_living_documents(void **unused)
{
    (void)unused;
    const char *changed = temp_dir(), *fresh = temp_dir();
    build_texts(changed, false, INT_MAX);
    build_texts(fresh, true, INT_MAX);
    assert_true(index_bytes(changed) > index_bytes(fresh)); /* no merge left the deleted ones out */
    assert_described_alike(changed, fresh);
}

static void corrections_and_forms_are_those_of_one_segment(void **unused)
{
    (void)unused;
    const char *many = temp_dir(), *one = temp_dir();
    build_texts(many, true, 3);
    build_texts(one, true, INT_MAX);
    assert_described_alike(many, one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corrections_and_forms_are_those_of_living_documents),
        cmocka_unit_test(corrections_and_forms_are_those_of_one_segment)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
