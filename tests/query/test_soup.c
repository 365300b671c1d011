/* What no one writes, as documents and as queries: it is indexed, searched for and bounded, and no
 * number comes of it that is not there. */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

#define PARTS 1000

/* `part` again and again, numbered where it says so. */
static char *many(const char *part, int times)
{
    char *text = malloc((size_t)times * (strlen(part) + 12) + 1);
    size_t len = 0;
    for (int i = 0; i < times; i++) len += (size_t)sprintf(text + len, part, i);
    return text;
}

/* Forms of one verb: stems and endings put together. */
static char *forms(void)
{
    static const char *const stems[] = {"걷",   "걸",     "걷었", "걸었",
                                        "걷겠", "걸으시", "걷기", "걸어지"};
    static const char *const endings[] = {"다",   "는",   "고",     "지",    "게",   "으니",
                                          "어서", "으면", "습니다", "는데",  "도록", "자",
                                          "나요", "던",   "을까",   "더라도"};
    char *text = malloc(PARTS * 40 + 1);
    size_t len = 0;
    for (size_t i = 0; i < PARTS; i++)
        len += (size_t)sprintf(text + len, "%s%s ", stems[i % 8], endings[i / 8 % 16]);
    return text;
}

static void soup_is_indexed_and_searched_for(void **unused)
{
    (void)unused;
    char *texts[] = {
        many("습니다 는데도 았었는가요 으로부터 이라도 ", PARTS),
        forms(),
        many("ㅋㅎㅏㅑᄀᆨㄳㅢᆞ", PARTS),
        many("ㄱ ㅏ ㄴㄷ ", PARTS),
        many("7", 10000),
        many("0", 10000),
        many("1,", 5000),
        many(",1,22,333,4444", PARTS),
        many("1.", 5000),
        many("9억", 5000),
        many("1e308 ", PARTS),
        many("1~2-3~", PARTS),
        many("3조 2억 1만 ", PARTS),
        many("%d만 %%", PARTS),
        many("비 ", PARTS),
        many("0.0", 3000),
    };
    enum { TEXTS = sizeof texts / sizeof *texts };
    const char *dir = temp_dir();
    frai_index *index;
    frai_searcher *s;
    struct hit hits[TEXTS];
    build_bodies(dir, NULL, (const char *const *)texts, TEXTS);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    for (int i = 0; i < TEXTS; i++)
        for (int match = FRAI_MATCH_AUTO; match <= FRAI_MATCH_ANY; match++) {
            frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
            uint32_t count;
            o.limit = TEXTS;
            o.match = (frai_match)match;
            assert_ok(find_hits(s, frai_slice_of(texts[i]), &o, hits, &count, &error_));
        }
    for (int i = 0; i < TEXTS; i++) free(texts[i]);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void no_number_comes_of_it(void **unused)
{
    (void)unused;
    char *long_number = many("7", 10000), *zeros = malloc(10100);
    sprintf(zeros, "%010000d만 원", 5);
    const char *bodies[] = {long_number,  zeros,
                            "1e308 규모", "1,23,4 그리고 12,34만",
                            "000385만",   "99999999999999999999만 원",
                            "9만9억9조",  "1.2.3만"};
    enum { BODIES = sizeof bodies / sizeof *bodies };
    static const struct {
        const char *query;
        int wrong; /* the document that must not be found */
    } asked[] = {{"77", 0},     {"7777777", 0}, {"5만", 1},      {"50000", 1},  {"1308", 2},
                 {"308만", 2},  {"1234", 3},    {"12340000", 3}, {"1234만", 3}, {"123", 3},
                 {"385", 4},    {"38500", 4},   {"9999만", 5},   {"99만", 5},   {"9조9억9만", 6},
                 {"12.3만", 7}, {"3만", 7},     {"30000", 7},    {"123만", 7}};
    const char *dir = temp_dir();
    frai_index *index;
    frai_searcher *s;
    int failures = 0;
    build_bodies(dir, NULL, bodies, BODIES);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct hit hits[BODIES];
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        uint32_t count;
        o.limit = BODIES;
        o.match = FRAI_MATCH_ALL;
        o.flags = FRAI_SEARCH_NO_FIX;
        assert_ok(find_hits(s, frai_slice_of(asked[i].query), &o, hits, &count, &error_));
        for (uint32_t k = 0; k < count; k++) {
            if (hits[k].doc != (uint64_t)asked[i].wrong) continue;
            printf("'%s' is found in '%.60s'\n", asked[i].query, bodies[asked[i].wrong]);
            failures++;
        }
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
    free(long_number);
    free(zeros);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(soup_is_indexed_and_searched_for),
        cmocka_unit_test(no_number_comes_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
