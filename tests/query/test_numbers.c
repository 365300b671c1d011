/* Numbers as people write them. Groups of what is the same amount: each finds all of its group, in
 * every surrounding, and none of another group. */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

#define MEMBERS 7

static const char *const groups[][MEMBERS] = {
    {"7만2000원", "7만 2천원", "72,000원", "72000원", "7.2만원", "7만 2,000원", "7만2천 원"},
    {"3.85억유로", "3억8500만유로", "3.85억 유로", "3억 8,500만 유로", "385,000,000유로",
     "385000000 유로", "3억8천5백만유로"},
    {"8500만유로", "8,500만 유로", "85,000,000유로", "0.85억유로"},
    {"85억유로", "8,500,000,000유로", "85억 유로"},
    {"2천원", "2,000원", "2000원", "2천 원"},
    {"7만원", "70,000원", "70000원", "7만 원"},
    {"684,320명", "684320명", "68만4320명", "68만 4,320명"},
    {"84,320명", "8만4320명", "8만 4천320명"},
    {"4320명", "4,320명", "4천320명"},
    {"1090억원", "1천90억원", "1,090억 원", "109,000,000,000원", "1천90억 원"},
    {"90억원", "9,000,000,000원", "90억 원"},
    {"1090억유로", "1천90억유로"},
    {"120만 대", "120만대", "1,200,000대", "1200000 대", "1.2백만 대"},
    {"20만대", "200,000대", "20만 대"},
    {"2.5%", "2.50%", "2.5퍼센트", "2.5 %", "02.5%"},
    {"25%", "25퍼센트", "25 %", "25.0%"},
    {"5%", "5퍼센트", "5.00 %"},
    {"1,500km", "1500km", "1500 km", "1천500km", "1500㎞"},
    {"500km", "500 km", "5백km"},
    {"60㎡", "60 ㎡"},
    {"160㎡", "160 ㎡"},
    {"1500만달러", "1천500만 달러", "15,000,000달러", "1천5백만달러"},
    {"3조2000억원", "3.2조원", "3조 2천억 원", "3,200,000,000,000원"},
    {"2000억원", "2천억 원", "0.2조원"},
    {"3조원", "3조 원", "3,000,000,000,000원"},
    {"5000년", "5천년", "5,000년", "5천 년"},
    {"15년", "15 년"},
    {"1만5천호", "15,000호", "1.5만호", "1만 5000호"},
};
#define GROUPS (sizeof groups / sizeof *groups)

/* What stands around an amount. */
static const char *const around[] = {"작년에 %s 들었다", "(%s)",   "%s",
                                     "약 %s, 그리고",    "%s이다", "%s입니다."};
#define AROUND (sizeof around / sizeof *around)

/* A text, and what it has and has not. */
static const struct {
    const char *text, *has[8], *lacks[8];
} texts[] = {
    {"10~15명이 모였다", {"10명", "15명", "10~15명"}, {"1015명", "5명", "0명", "1명", "10.15"}},
    {"10∼15개월 걸린다", {"10개월", "15개월", "10개"}, {"1개월", "10년", "5개월", "10월"}},
    {"3-5일 뒤", {"3일", "5일"}, {"35일", "4일", "2일"}},
    {"3~5만원을 냈다",
     {"3만원", "5만원", "30,000원", "3만", "5만 원"},
     {"3원", "35만원", "8만원", "3천원"}},
    {"10만~15만명이 왔다", {"10만명", "15만명", "100,000명", "15만"}, {"10명", "15명", "5만명"}},
    {"1천~2천원", {"1천원", "2천원", "1,000원"}, {"1원", "12천원", "3천원"}},
    {"1.5~2.5배 늘었다", {"1.5배", "2.5배"}, {"5배", "15배", "1배"}},
    {"10~15% 올랐다", {"10%", "15%", "15퍼센트", "10퍼센트"}, {"5%", "1%", "1015%"}},
    {"10~15km 떨어진", {"10km", "15km"}, {"5km", "1km"}},
    {"1,000~2,000대가 팔렸다", {"1000대", "2000대", "1,000대"}, {"0대", "000대", "12000대"}},
    {"2025-02-10일 자", {"10일"}, {"2025일"}},
    {"010-1234-5678번", {"5678번"}, {"1234번", "010번"}},
    {"3억8500만유로", {"3억", "3억8500"}, {"8500만", "8500", "500만", "85억", "300000000"}},
    {"7만 2천원", {"7만", "2천원"}, {"70000", "2000원", "7원", "만2000"}},
    {"7만2000원이다", {"7만"}, {"2000원", "2천원", "2000", "7원", "70000원"}},
    {"3.85억", {"3.85"}, {"85억", "8.5억", "38.5억", "3억", "0.385억"}},
    {"3.5% 성장", {"3.5"}, {"5%", "35%", "3%", "3~5", "0.5%"}},
    {"3 5 7", {"3"}, {"3.5", "35", "5.7"}},
    {"v1.2.3과 2025.02.10",
     {"v1.2", "1.2.3", "2025.02", "2025년 2월 10일"},
     {"1.3", "12.3", "2.10"}},
    {"2월10일", {"10일", "2월"}, {"210일", "20일", "0일"}},
    {"15,7 그리고 1,23,456", {"15", "7"}, {"157", "123456", "123,456"}},
    {"만났다 천천히 백화점 이어팟 조용히 억지로 천만다행",
     {"만났다"},
     {"10000", "1000", "100", "2", "10000000", "1천만"}},
    {"2025년 1월 3일 2만났다", {"2025년", "1월", "3일"}, {"2025만", "20250103", "1만", "3만"}},
};
#define TEXTS (sizeof texts / sizeof *texts)

static frai_index *index_;
static frai_searcher *searcher;
static size_t docs;

static void add(frai_writer *w, const char *body)
{
    add_body(w, docs++, frai_slice_of(body));
}

/* The documents of groups, then the texts. */
static int open_documents(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    char body[200];
    frai_writer *w;
    assert_ok(frai_writer_open(dir, NULL, &w, &error_));
    for (size_t g = 0; g < GROUPS; g++)
        for (size_t m = 0; m < MEMBERS; m++)
            for (size_t s = 0; s < AROUND; s++) {
                const char *amount = groups[g][m];
                snprintf(body, sizeof body, around[s], amount ? amount : "없음");
                add(w, body);
            }
    for (size_t i = 0; i < TEXTS; i++) add(w, texts[i].text);
    assert_ok(frai_writer_commit(w, &error_));
    frai_writer_close(w);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    searcher = open_search(dir, &index_);
    return 0;
}

static int close_documents(void **unused)
{
    (void)unused;
    close_search(searcher, index_);
    return 0;
}

/* Which documents have all of the query. */
static void find(const char *query, bool *found)
{
    static struct hit hits[2000];
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    uint32_t count;
    o.match = FRAI_MATCH_ALL;
    o.flags = FRAI_SEARCH_NO_FIX;
    o.limit = 2000;
    assert_true(docs < 2000);
    assert_ok(find_hits(searcher, frai_slice_of(query), &o, hits, &count, &error_));
    memset(found, 0, docs);
    for (uint32_t i = 0; i < count; i++) found[hits[i].doc] = true;
}

/* Without what doesn't count. */
static void strip(const char *amount, char *out)
{
    for (; *amount; amount++)
        if (*amount != ' ' && *amount != ',') *out++ = *amount;
    *out = '\0';
}

/* Is one of the group what stands behind a space of the amount: 2,000원 in "7만 2,000원"? */
static bool has_word(const char *amount, size_t group)
{
    char word[100], wanted[100];
    for (const char *p = amount; p && (p = strchr(p, ' ')); p++)
        for (size_t m = 0; m < MEMBERS && groups[group][m]; m++) {
            strip(p, word);
            strip(groups[group][m], wanted);
            if (strcmp(word, wanted) == 0) return true;
        }
    return false;
}

static void an_amount_finds_its_like_however_written_and_no_other(void **unused)
{
    (void)unused;
    static bool found[2000];
    int failures = 0, pairs = 0;
    for (size_t g = 0; g < GROUPS; g++)
        for (size_t m = 0; m < MEMBERS && groups[g][m]; m++) {
            find(groups[g][m], found);
            for (size_t i = 0; i < GROUPS * MEMBERS * AROUND; i++) {
                size_t other = i / AROUND / MEMBERS, member = i / AROUND % MEMBERS;
                bool same = other == g && groups[other][member];
                pairs++;
                if (found[i] == same || (!same && has_word(groups[other][member], g))) continue;
                failures++;
                char body[200];
                snprintf(body, sizeof body, around[i % AROUND],
                         groups[other][member] ? groups[other][member] : "없음");
                printf("'%s' %s '%s'\n", groups[g][m], same ? "misses" : "finds", body);
            }
        }
    printf("%d pairs\n", pairs);
    assert_int_equal(failures, 0);
}

static void a_text_has_the_numbers_that_it_states(void **unused)
{
    (void)unused;
    static bool found[2000];
    size_t first = GROUPS * MEMBERS * AROUND;
    int failures = 0;
    for (size_t i = 0; i < TEXTS; i++)
        for (size_t k = 0; k < 16; k++) {
            const char *query = k < 8 ? texts[i].has[k] : texts[i].lacks[k - 8];
            if (!query) continue;
            find(query, found);
            if (found[first + i] == (k < 8)) continue;
            failures++;
            printf("'%s' %s '%s'\n", query, k < 8 ? "misses" : "finds", texts[i].text);
        }
    assert_int_equal(failures, 0);
}

/* Digits, units and what stands between them at random: any of it can be indexed and searched for.
 */
static void any_digits_and_units_are_a_text_and_a_query(void **unused)
{
    (void)unused;
    static const char *const parts[] = {
        "0", "3", "10",   "2000", "385", "만",   "억", "천",     "십",   "조", ".", ",", "~",  "-",
        "%", " ", "개월", "명",   "km",  "이다", "년", "퍼센트", "유로", "원", "A", "(", "０", "٣"};
    static char bodies[600][400];
    static const char *list[600];
    for (int i = 0; i < 600; i++) {
        bodies[i][0] = '\0';
        for (size_t n = 1 + rnd_below(i % 3 ? 12 : 60); n > 0; n--)
            strcat(bodies[i], parts[rnd_below(sizeof parts / sizeof *parts)]);
        list[i] = bodies[i];
    }
    const char *dir = temp_dir();
    frai_index *index;
    frai_searcher *s;
    struct hit hits[1];
    build_bodies(dir, NULL, list, 600);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    for (int i = 0; i < 600; i++) {
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        uint32_t count;
        o.limit = 1;
        o.match = FRAI_MATCH_ANY;
        frai_status status = find_hits(s, frai_slice_of(bodies[i]), &o, hits, &count, &error_);
        assert_true(status == FRAI_OK || status == FRAI_ERR_SYNTAX);
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_amount_finds_its_like_however_written_and_no_other),
        cmocka_unit_test(a_text_has_the_numbers_that_it_states),
        cmocka_unit_test(any_digits_and_units_are_a_text_and_a_query),
    };
    return cmocka_run_group_tests(tests, open_documents, close_documents);
}
