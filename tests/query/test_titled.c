/* A document whose title is the query comes first: against all documents, asked one by one. */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

#define DOCS  1500
#define ASKED (sizeof asked / sizeof *asked)

/* What is asked; titles that are the same but for what doesn't count; titles that are not. Queries
 * with the same letters are of one group. */
static const struct {
    const char *query, *same[3], *other[3];
    uint32_t flags;
    int group;
} asked[] = {
    {"교환", {"교환", "교환!", " (교환)"}, {"교환권", "재교환", "교환 안내"}, 0, 1},
    {"배송 조회",
     {"배송조회", "배송·조회", "<배송> 조회?"},
     {"배송 조회 방법", "조회 배송", "배송"},
     0,
     2},
    {"배송조회", {"배송조회", "배송 조회", "배송_조회"}, {"배송조회도", "배 송 장", "조회"}, 0, 2},
    {"눈 오는 밤길",
     {"눈 오는 밤길", "눈오는 밤길", "눈, 오는 밤길."},
     {"눈", "밤길", "오는 밤길 눈"},
     0,
     3},
    {"Data Base",
     {"data base", "DATA-BASE", "Ｄａｔａ base"},
     {"database design", "data", "base data"},
     0,
     4},
    {"꽃", {"꽃", "꽃?", "「꽃」"}, {"꽃 축제", "꽃꽃", "들꽃"}, 0, 5},
    {"교환 -조회", {"교환", "교환.", "“교환”"}, {"교환 조회", "조회", "교환 물건"}, 0, 1},
    {"\"배송 조회\"",
     {"배송 조회", "배송 조회.", "'배송 조회'"},
     {"배송 조회는", "조회 배송", "그 배송 조회"},
     0,
     2},
    {"배송 조회",
     {"배송 조회", "배송 조회.", "'배송 조회'"},
     {"배송 조회는", "조회 배송", "배송"},
     FRAI_SEARCH_EXACT,
     2},
    {"10,500원", {"10500원", "10,500 원", "10,500원!"}, {"500원", "10,500원짜리", "1만 원"}, 0, 6},
};

static int titled[DOCS]; /* the group of the document's title; 0: of none */
static frai_index *index_;
static frai_searcher *searcher;

static const char *some_title(int *group)
{
    size_t i = rnd_below(ASKED), k = rnd_below(3);
    *group = rnd_below(15) == 0 ? asked[i].group : 0;
    if (*group) return asked[i].same[k];
    return rnd_below(2) ? asked[i].other[k] : "";
}

/* Texts have the words far more often than the documents that they are the titles of. */
static void add(frai_writer *w, size_t number)
{
    char id[16], body[4096] = "본문";
    size_t len = strlen(body);
    const char *title = some_title(&titled[number]);
    for (size_t n = *title ? rnd_below(4) : rnd_below(60); n > 0; n--)
        len += (size_t)sprintf(body + len, " %s", asked[rnd_below(ASKED)].other[rnd_below(3)]);
    snprintf(id, sizeof id, "%zu", number);
    frai_document d = {.struct_size = sizeof d,
                       .id = frai_slice_of(id),
                       .title = frai_slice_of(title),
                       .body = frai_slice_of(body)};
    assert_ok(frai_writer_add(w, &d, &error_));
}

/* In three segments. */
static int open_documents(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    for (int part = 0; part < 3; part++) {
        frai_writer *w;
        assert_ok(frai_writer_open(dir, NULL, &w, &error_));
        for (size_t i = part * DOCS / 3; i < (part + 1) * DOCS / 3; i++) add(w, i);
        assert_ok(frai_writer_commit(w, &error_));
        frai_writer_close(w);
    }
    searcher = open_search(dir, &index_);
    return 0;
}

static int close_documents(void **unused)
{
    (void)unused;
    close_search(searcher, index_);
    return 0;
}

static bool is_titled(size_t i, uint64_t doc)
{
    return titled[doc] == asked[i].group;
}

static frai_search_options options(size_t i, frai_match match, uint32_t limit)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    o.flags = asked[i].flags;
    o.match = match;
    o.limit = limit;
    return o;
}

static uint32_t find(size_t i, const frai_search_options *o, struct hit *hits)
{
    uint32_t count;
    assert_ok(find_hits(searcher, frai_slice_of(asked[i].query), o, hits, &count, &error_));
    return count;
}

static void a_title_that_is_the_query_comes_first(void **unused)
{
    (void)unused;
    static struct hit all[DOCS], page[DOCS];
    for (size_t i = 0; i < ASKED; i++)
        for (int match = FRAI_MATCH_AUTO; match <= FRAI_MATCH_ANY; match++) {
            frai_search_options o = options(i, (frai_match)match, DOCS);
            uint32_t count = find(i, &o, all), wanted = 0, there = 0;
            bool excludes = strchr(asked[i].query, '-');
            for (size_t d = 0; d < DOCS && !excludes; d++) wanted += is_titled(i, d);
            for (size_t k = 0; k < count && excludes; k++) wanted += is_titled(i, all[k].doc);
            while (there < count && is_titled(i, all[there].doc)) there++;
            if (there != wanted || wanted == 0 || wanted == count)
                fail_msg("%s: %u titled, %u of %u hits first", asked[i].query, wanted, there,
                         count);
            for (uint32_t limit = 1; limit <= 40; limit = limit * 2 + 1) {
                o.limit = limit;
                assert_int_equal(find(i, &o, page), limit < count ? limit : count);
                for (uint32_t k = 0; k < limit && k < count && k < wanted; k++) {
                    assert_true(is_titled(i, page[k].doc));
                    if (k < 3) assert_explained(searcher, page[k].doc, page[k].score, "");
                }
            }
        }
}

static void what_is_found_and_counted_stays_the_same(void **unused)
{
    (void)unused;
    static struct hit ranked[DOCS], plain[DOCS];
    for (size_t i = 0; i < ASKED; i++) {
        frai_search_info info = FRAI_SEARCH_INFO_INIT;
        frai_search_options o = options(i, FRAI_MATCH_ALL, DOCS);
        uint32_t count = find(i, &o, ranked), again;
        static bool seen[DOCS];
        memset(seen, 0, sizeof seen);
        o.rank = FRAI_RANK_BM25;
        assert_int_equal(find(i, &o, plain), count);
        for (uint32_t k = 0; k < count; k++) seen[plain[k].doc] = true;
        for (uint32_t k = 0; k < count; k++) {
            assert_true(seen[ranked[k].doc]);
            seen[ranked[k].doc] = false;
        }
        o = options(i, FRAI_MATCH_ALL, 1);
        o.flags |= FRAI_SEARCH_COUNT_EXACT;
        assert_ok(find_info(searcher, frai_slice_of(asked[i].query), &o, ranked, &again, &info));
        assert_int_equal(info.total, count);
    }
}

static void bm25_alone_gives_nothing_for_the_title(void **unused)
{
    (void)unused;
    struct hit hits[10];
    for (size_t i = 0; i < ASKED; i++) {
        frai_search_options o = options(i, FRAI_MATCH_ALL, 10);
        const frai_explanation *e;
        o.rank = FRAI_RANK_BM25;
        uint32_t count = find(i, &o, hits);
        for (uint32_t k = 0; k < count; k++) {
            assert_ok(frai_searcher_explain(searcher, hits[k].doc, &e, &error_));
            for (size_t p = 0; p < frai_explanation_count(e); p++)
                assert_int_not_equal(frai_explanation_part(e, p)->kind, FRAI_SCORE_TITLED);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_title_that_is_the_query_comes_first),
        cmocka_unit_test(what_is_found_and_counted_stays_the_same),
        cmocka_unit_test(bm25_alone_gives_nothing_for_the_title),
    };
    return cmocka_run_group_tests(tests, open_documents, close_documents);
}
