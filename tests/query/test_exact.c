/* A search for all words without corrections never finds what was not asked for: small random
 * collections against an oracle that looks at the characters of the texts alone. And what a search
 * says of a query's words. */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

#define DOCS      40
#define WORDS     30
#define SYLLABLES 12

/* Words of which many are parts, beginnings and neighbours of each other, or end like particles. */
static const char *const vocabulary[] = {
    "투자", "투자자",   "자유",     "유치",   "치자",     "교통대란", "교통대책",   "대란",
    "고속", "도로",     "고속도로", "카메라", "카메룬",   "우리나라", "우리",       "나라",
    "비",   "가",       "비가",     "은행",   "은",       "행사",     "21일",       "1일",
    "2025", "b2b",      "c++",      "api",    "미스트랄", "트랄",     "스트라이크", "오픈ai",
    "ai",   "프랑스의", "프랑스",   "스의",   "A씨",      "씨앗",     "3만"};
#define VOCABULARY (sizeof vocabulary / sizeof *vocabulary)

/* What a word may carry at its end and need not have in the text. */
static const char *const particles[] = {"은", "는", "이",   "가", "을",   "를",   "의",
                                        "도", "에", "에서", "로", "으로", "까지", "만",
                                        "와", "과", "라도", "란", "이란"};
#define PARTICLES (sizeof particles / sizeof *particles)

static char bodies[DOCS][WORDS * 40], plain[DOCS][WORDS * 40];

/* Letters and digits in small letters, a '\n' where a sentence ends; nothing else. (A line end may
 * be a wrapped line's.) */
static void make_plain(const char *text, char *out)
{
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        bool ends = *p == '.' && (p[1] == ' ' || !p[1]);
        if (ends && n && out[n - 1] != '\n') out[n++] = '\n';
        if (*p < 0 || (*p >= '0' && *p <= '9')) out[n++] = *p;
        if ((*p | 32) >= 'a' && (*p | 32) <= 'z') out[n++] = *p | 32;
    }
    out[n] = '\0';
}

static void make_documents(void)
{
    static const char *const between[] = {" ", " ", " ", ", ", ". ", "\n", "-", ""};
    for (int d = 0; d < DOCS; d++) {
        size_t n = 0;
        for (uint64_t w = 0, words = 1 + rnd_below(WORDS - 1); w < words; w++) {
            n += (size_t)sprintf(bodies[d] + n, "%s", vocabulary[rnd_below(VOCABULARY)]);
            if (rnd_below(3) == 0)
                n += (size_t)sprintf(bodies[d] + n, "%s", particles[rnd_below(PARTICLES)]);
            if (w + 1 < words) n += (size_t)sprintf(bodies[d] + n, "%s", between[rnd_below(8)]);
        }
        make_plain(bodies[d], plain[d]);
    }
}

/* Stands the word in the text, whole or, unless `exact`, without particles at its end? */
static bool may_have(const char *text, const char *word, bool exact)
{
    char left[200];
    make_plain(word, left);
    for (int taken = 0; taken < 4; taken++) {
        if (strstr(text, left)) return true;
        if (exact) return false;
        size_t len = strlen(left), longest = 0;
        for (size_t i = 0; i < PARTICLES; i++) {
            size_t n = strlen(particles[i]);
            if (n < len && n > longest && strcmp(left + len - n, particles[i]) == 0) longest = n;
        }
        if (longest == 0) return false;
        left[len - longest] = '\0';
    }
    return false;
}

struct wanted {
    char text[200];
    bool negative, phrase;
};

static void make_word(struct wanted *w)
{
    size_t n = 0;
    w->negative = rnd_below(5) == 0;
    w->phrase = rnd_below(4) == 0;
    const char *first = vocabulary[rnd_below(VOCABULARY)];
    w->phrase |= w->negative && first[0] >= '0' && first[0] <= '9'; /* -6 is a number */
    int parts = rnd_below(6) == 0 ? (int)rnd_below(SYLLABLES) : 1 + (int)rnd_below(2);
    for (int i = 0; i <= parts; i++) {
        if (i && w->phrase) w->text[n++] = ' ';
        n += (size_t)sprintf(w->text + n, "%s", i ? vocabulary[rnd_below(VOCABULARY)] : first);
        if (i == parts || parts == 1) break;
    }
    if (!w->phrase && rnd_below(4) == 0)
        sprintf(w->text + n, "%s", particles[rnd_below(PARTICLES)]);
}

static size_t put_query(char *out, const struct wanted *w, int words)
{
    size_t n = 0;
    for (int i = 0; i < words; i++)
        n += (size_t)sprintf(out + n, "%s%s%s%s%s", i ? " " : "", w[i].negative ? "-" : "",
                             w[i].phrase ? "\"" : "", w[i].text, w[i].phrase ? "\"" : "");
    return n;
}

static frai_searcher *open_documents(frai_index **index)
{
    const char *texts[DOCS], *dir = temp_dir();
    frai_searcher *s;
    make_documents();
    for (int d = 0; d < DOCS; d++) texts[d] = bodies[d];
    build_bodies(dir, NULL, texts, DOCS);
    assert_ok(frai_index_open(dir, NULL, index, &error_));
    assert_ok(frai_searcher_create(*index, &s, &error_));
    return s;
}

static int compare_query(frai_searcher *s, uint32_t flags)
{
    struct wanted w[5];
    char query[1200];
    int words = 1 + (int)rnd_below(5);
    for (int i = 0; i < words; i++) make_word(&w[i]);
    w[0].negative = false;
    size_t len = put_query(query, w, words);
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    struct hit hits[DOCS];
    uint32_t count;
    o.limit = DOCS;
    o.match = FRAI_MATCH_ALL;
    o.flags = flags | FRAI_SEARCH_NO_FIX | FRAI_SEARCH_STRICT_LIMITS;
    assert_ok(find_info(s, (frai_slice){query, len}, &o, hits, &count, &info));
    assert_int_equal(info.rewritten.len, 0);
    assert_int_equal(info.words_ignored, 0);
    for (uint32_t h = 0; h < count; h++)
        for (int i = 0; i < words; i++) {
            if (w[i].negative) continue;
            bool exact = w[i].phrase || flags & FRAI_SEARCH_EXACT;
            if (!may_have(plain[hits[h].doc], w[i].text, exact))
                fail_msg("'%s' has no '%s' of '%s'", bodies[hits[h].doc], w[i].text, query);
        }
    return (int)count;
}

static void all_words_without_corrections_are_all_there(void **unused)
{
    (void)unused;
    int hits = 0, queries = 0;
    for (int round = 0; round < (full_run() ? 300 : 15); round++) {
        frai_index *index;
        frai_searcher *s = open_documents(&index);
        for (int q = 0; q < 200; q++, queries++)
            hits += compare_query(s, rnd_below(2) ? 0 : FRAI_SEARCH_EXACT);
        frai_searcher_destroy(s);
        frai_index_close(index);
    }
    printf("  %d queries, %d hits\n", queries, hits);
    assert_true(hits > queries / 4);
}

static frai_status search(frai_searcher *s, const char *query, uint32_t flags,
                          frai_search_info *info, uint32_t *count)
{
    static struct hit hits[1000];
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    *info = (frai_search_info)FRAI_SEARCH_INFO_INIT;
    o.limit = 1000;
    o.flags = flags;
    return find_info(s, frai_slice_of(query), &o, hits, count, info);
}

/* `words` different words, "a0 a1 …". */
static char *many_words(int words)
{
    static char query[1 << 20];
    size_t n = 0;
    for (int i = 0; i < words; i++) n += (size_t)sprintf(query + n, "a%d ", i);
    return query;
}

static void words_beyond_the_limits_are_counted_or_refused(void **unused)
{
    (void)unused;
    frai_index *index;
    frai_searcher *s = open_documents(&index);
    frai_search_info info;
    uint32_t count;
    const uint32_t strict = FRAI_SEARCH_STRICT_LIMITS;
    char limit[20];
    assert_ok(search(s, many_words(FRAI_QUERY_WORDS_MAX), strict, &info, &count));
    assert_int_equal(info.words, FRAI_QUERY_WORDS_MAX);
    assert_int_equal(info.words_ignored, 0);
    assert_false(info.truncated);
    assert_ok(search(s, many_words(FRAI_QUERY_WORDS_MAX + 3), 0, &info, &count));
    assert_int_equal(info.words, FRAI_QUERY_WORDS_MAX);
    assert_int_equal(info.words_ignored, 3);
    assert_true(info.truncated);
    assert_int_equal(search(s, many_words(FRAI_QUERY_WORDS_MAX + 3), strict, &info, &count),
                     FRAI_ERR_ARGUMENT);
    snprintf(limit, sizeof limit, "%u words", FRAI_QUERY_WORDS_MAX);
    assert_non_null(strstr(error_.message, limit));
    assert_non_null(strstr(error_.message, " 3 "));
    char *again = many_words(FRAI_QUERY_WORDS_MAX); /* the same words twice are no more */
    memmove(again + strlen(again), again, strlen(again) + 1);
    assert_ok(search(s, again, strict, &info, &count));
    assert_int_equal(info.words_ignored, 0);
    assert_ok(search(s, many_words(60000), 0, &info, &count));
    assert_int_equal(info.words_ignored, 60000 - FRAI_QUERY_WORDS_MAX);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* A phrase with more terms than a query may have is looked for in part, and said to be; where it is
 * excluded it is left out rather than excluded in part. */
static void a_phrase_beyond_the_limits_is_told_of(void **unused)
{
    (void)unused;
    frai_index *index;
    frai_searcher *s = open_documents(&index);
    frai_search_info info;
    uint32_t count, all;
    static char query[(1 << 20) + 8];
    assert_ok(search(s, "*", 0, &info, &all));
    assert_int_equal(all, DOCS);
    sprintf(query, "\"%s\"", many_words(3000));
    assert_ok(search(s, query, 0, &info, &count));
    assert_int_equal(info.words_ignored, 1);
    assert_int_equal(search(s, query, FRAI_SEARCH_STRICT_LIMITS, &info, &count), FRAI_ERR_ARGUMENT);
    sprintf(query, "* -\"%s\"", many_words(3000));
    assert_ok(search(s, query, 0, &info, &count));
    assert_int_equal(info.words_ignored, 1);
    assert_int_equal(count, DOCS);
    assert_int_equal(search(s, query, FRAI_SEARCH_STRICT_LIMITS, &info, &count), FRAI_ERR_ARGUMENT);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void queries_without_words_say_so(void **unused)
{
    (void)unused;
    static const char *const queries[] = {"",   " ",  "!?",  "\"\"", "-", "- -",
                                          "()", "**", "→ ★", "-!",   "…", "\xFF\xFE"};
    frai_index *index;
    frai_searcher *s = open_documents(&index);
    frai_search_info info;
    uint32_t count;
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        info.words = 7;
        assert_ok(search(s, queries[i], 0, &info, &count));
        if (info.words || count || info.total) fail_msg("'%s'", queries[i]);
    }
    assert_ok(search(s, "없는낱말", 0, &info, &count));
    assert_int_equal(info.words, 1);
    assert_ok(search(s, "* -없는낱말", 0, &info, &count));
    assert_int_equal(info.words, 2);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* Where nothing may be left out, an exclusion of nothing is no exclusion. */
static void exclusions_of_nothing_and_unclear_ones_are_refused_where_limits_are_strict(
    void **unused)
{
    (void)unused;
    static const char *const queries[] = {"* -!",      "* -*",        "* -\"→\"",   "투자 -\"\"",
                                          "투자 -3억", "투자 --유치", "투자 –유치", "투자 −유치",
                                          "투자 -$5",  "－투자"};
    frai_index *index;
    frai_searcher *s = open_documents(&index);
    frai_search_info info;
    uint32_t count;
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        assert_ok(search(s, queries[i], 0, &info, &count));
        if (search(s, queries[i], FRAI_SEARCH_STRICT_LIMITS, &info, &count) != FRAI_ERR_ARGUMENT)
            fail_msg("'%s'", queries[i]);
    }
    assert_ok(search(s, "투자 - 유치", FRAI_SEARCH_STRICT_LIMITS, &info, &count));
    assert_ok(search(s, "투자 -→유치", FRAI_SEARCH_STRICT_LIMITS, &info, &count));
    assert_ok(search(s, "투자 -\"3억\" \"-3억\" 2-3월", FRAI_SEARCH_STRICT_LIMITS, &info, &count));
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* All documents, page by page, in their order. */
static void all_documents_come_in_their_order(void **unused)
{
    (void)unused;
    frai_index *index;
    frai_searcher *s = open_documents(&index);
    for (int match = FRAI_MATCH_AUTO; match <= FRAI_MATCH_ANY; match++)
        for (uint64_t offset = 0; offset < DOCS; offset += 7) {
            frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
            frai_search_info info = FRAI_SEARCH_INFO_INIT;
            struct hit hits[7];
            uint32_t count;
            o.limit = 7;
            o.offset = offset;
            o.match = (frai_match)match;
            assert_ok(find_info(s, frai_slice_of("*"), &o, hits, &count, &info));
            assert_int_equal(info.total, DOCS);
            assert_int_equal(count, DOCS - offset < 7 ? DOCS - offset : 7);
            for (uint32_t i = 0; i < count; i++) {
                assert_int_equal(hits[i].doc, offset + i);
                assert_true(hits[i].score == 0);
            }
        }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_words_without_corrections_are_all_there),
        cmocka_unit_test(words_beyond_the_limits_are_counted_or_refused),
        cmocka_unit_test(a_phrase_beyond_the_limits_is_told_of),
        cmocka_unit_test(queries_without_words_say_so),
        cmocka_unit_test(
            exclusions_of_nothing_and_unclear_ones_are_refused_where_limits_are_strict),
        cmocka_unit_test(all_documents_come_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
