/* The work that a search may do is counted in units that depend on the query and the index alone,
 * and a search that has done it ends with what it found. Queries of random shapes, over documents
 * that repeat their syllables. FRAI_SEED repeats a run; no time is measured. */
#include <stdio.h>
#include <string.h>

#include "api/handles.h"
#include "shapes.h"
#include "support/search.h"

/* Work between two questions whether to go on. */
#define OVERSHOOT 6000000u

/* Held by a searcher, whatever it is asked. */
#define HELD_MOST (64u << 20)

enum { DOCS = 9000, LONG_DOCS = 30, LONG = 150000, SHAPES = 16, SHAPES_OF_FULL_RUN = 5000 };

static const char *const words[] = {"가나",   "나다",     "가나다", "다라마", "가",     "나",
                                    "라",     "마바사아", "투자",   "소식",   "서울",   "회의",
                                    "회의록", "검색",     "2025",   "server", "국회가", "지었다",
                                    "빨라",   "투자를",   "비",     "大學",   "3억원",  "가가가",
                                    "가가나", "나가나가", "models", "엔진을", "은행",   "은행들"};
enum { WORDS = sizeof words / sizeof *words };
static const struct vocabulary vocabulary = {words, WORDS};

static frai_index *index_;
static frai_searcher *searcher;

/* Of one syllable with another one now and then, of two in turn, of three at random, of words. */
static size_t long_text(char *out, int i)
{
    size_t n = 0;
    while (n + 40 < LONG) {
        uint64_t k = n / 3;
        const char *syllable = i % 4 == 0   ? k % (20 + (uint64_t)i) ? "가" : "나"
                               : i % 4 == 1 ? k % 2 ? "가" : "나"
                               : i % 4 == 2 ? words[4 + rnd_below(3)]
                                            : NULL;
        n += (size_t)(syllable ? sprintf(out + n, "%s", syllable)
                               : sprintf(out + n, "%s%s", words[rnd_below(WORDS)],
                                         rnd_below(6) ? " " : ".\n"));
    }
    return n;
}

static int setup(void **unused)
{
    (void)unused;
    static char body[LONG];
    const char *dir = temp_dir();
    frai_writer *b;
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    for (int i = 0; i < DOCS; i++) {
        size_t n = 0;
        for (uint64_t k = 1 + rnd_below(20); i >= LONG_DOCS && k > 0; k--)
            n += (size_t)sprintf(body + n, "%s ", words[rnd_below(1 + rnd_below(WORDS))]);
        if (i < LONG_DOCS) n = long_text(body, i);
        add_body(b, (size_t)i, (frai_slice){body, n});
        if (i == DOCS / 2) assert_ok(frai_writer_commit(b, &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    searcher = open_search(dir, &index_);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    close_search(searcher, index_);
    return 0;
}

struct found {
    struct hit hits[DOCS];
    uint32_t count;
    frai_search_info info;
    frai_status status;
};

static void search(const struct shape *s, uint32_t limit, uint64_t work, struct found *f)
{
    static char text[1 << 20];
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    size_t n = shape_text(s, &vocabulary, text, sizeof text);
    o.limit = limit;
    o.flags = s->flags;
    o.match = (frai_match)s->match;
    o.rank = (frai_rank)s->rank;
    o.work_limit = work;
    f->info = (frai_search_info)FRAI_SEARCH_INFO_INIT;
    f->status = find_info(searcher, (frai_slice){text, n}, &o, f->hits, &f->count, &f->info);
}

static void name(const struct shape *s, const char *claim)
{
    char text[1024];
    shape_name(s, text, sizeof text);
    fail_msg("%s: %s", text, claim);
}

static bool has(const struct found *all, uint64_t doc)
{
    for (uint32_t i = 0; i < all->count; i++)
        if (all->hits[i].doc == doc) return true;
    return false;
}

static void assert_same(const struct shape *s, const struct found *a, const struct found *b)
{
    bool same = a->count == b->count && a->info.total == b->info.total &&
                a->info.work == b->info.work && a->info.partial == b->info.partial;
    for (uint32_t i = 0; i < a->count && same; i++)
        same = a->hits[i].doc == b->hits[i].doc && a->hits[i].score == b->hits[i].score;
    if (!same) name(s, "one query, two answers");
}

/* With less and less work: what is found matches, and no more is done than may be. */
static void check_shape(const struct shape *s)
{
    static struct found whole, again, all, cut;
    search(s, 10, FRAI_WORK_UNLIMITED, &whole);
    if (whole.status == FRAI_ERR_SYNTAX) return; /* exclusions only */
    assert_int_equal(whole.status, FRAI_OK);
    assert_int_equal(whole.info.partial, 0);
    search(s, DOCS, FRAI_WORK_UNLIMITED, &all);
    for (uint64_t limit = whole.info.work; limit > 0; limit = limit / (2 + rnd_below(5))) {
        search(s, 10, limit, &cut);
        assert_int_equal(cut.status, FRAI_OK);
        if (cut.info.work > limit + OVERSHOOT) {
            print_message("%llu of %llu\n", (unsigned long long)cut.info.work,
                          (unsigned long long)limit);
            name(s, "more work than may be done");
        }
        if (cut.info.partial && cut.info.total_is_exact) name(s, "a part is no whole");
        bool fixed = cut.info.rewritten.len || all.info.rewritten.len;
        for (uint32_t i = 0; i < cut.count && !fixed && s->flags & FRAI_SEARCH_NO_FIX; i++)
            if (!has(&all, cut.hits[i].doc)) name(s, "a hit that is none");
        search(s, 10, limit, &again);
        assert_same(s, &cut, &again);
    }
    search(s, 10, whole.info.work * 8, &cut);
    assert_same(s, &whole, &cut); /* no trace of the others is left */
    if (frai_searcher_memory(searcher) > HELD_MOST) name(s, "holds too much");
}

static void searches_do_the_work_that_they_may(void **unused)
{
    (void)unused;
    uint64_t state = rnd_below(UINT64_MAX);
    for (int i = full_run() ? SHAPES_OF_FULL_RUN : SHAPES; i > 0; i--) {
        struct shape s;
        shape_make(&s, &state);
        check_shape(&s);
    }
}

/* Shapes that took minutes once. */
static void known_shapes_stay_cheap(void **unused)
{
    (void)unused;
    static char text[64 << 10];
    static const struct {
        const char *unit, *before, *after;
        uint32_t least, most, flags;
        uint64_t work;
    } shapes[] = {
        {"가", "\"", "\" ", 2, 41, 0, 200000000},
        {"가", "", "", 200, 200, FRAI_SEARCH_EXACT, 200000000},
        {"가", "", "", 50, 50, FRAI_SEARCH_EXACT, 200000000},
        {"가나", "\"", "\" ", 2, 41, 0, 200000000},
        {"가", "-", " ", 2, 61, 0, 200000000},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        frai_search_info info = FRAI_SEARCH_INFO_INIT;
        struct hit hits[10];
        uint32_t count;
        size_t n = (size_t)sprintf(text, "%s", shapes[i].before[0] == '-' ? "나다 " : "");
        for (uint32_t k = shapes[i].least; k <= shapes[i].most; k++) {
            n += (size_t)sprintf(text + n, "%s", shapes[i].before);
            for (uint32_t u = 0; u < k; u++) n += (size_t)sprintf(text + n, "%s", shapes[i].unit);
            n += (size_t)sprintf(text + n, "%s", shapes[i].after);
        }
        o.flags = shapes[i].flags;
        assert_ok(find_info(searcher, (frai_slice){text, n}, &o, hits, &count, &info));
        assert_int_equal(info.partial, 0);
        assert_true(info.work < shapes[i].work);
    }
}

/* A search may add so much to what its searcher holds, and says so where that doesn't do. */
static void searches_have_so_much_memory(void **unused)
{
    (void)unused;
    frai_searcher *s;
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    static struct hit hits[DOCS];
    uint32_t count;
    o.match = FRAI_MATCH_ANY;
    assert_ok(frai_searcher_create(index_, &s, &error_));
    s->searcher.search_memory = 1000;
    frai_slice query = frai_slice_of("가나 소식 투자 \"나다 가나\" 서울");
    assert_int_equal(find_hits(s, query, &o, hits, &count, &error_), FRAI_ERR_MEMORY);
    assert_non_null(strstr(error_.message, "this needs more"));
    s->searcher.search_memory = FRAI_SEARCH_MEMORY;
    o.limit = DOCS;
    for (int i = 0; i < 3; i++) { /* all hits too, again and again */
        uint64_t before = frai_searcher_memory(s);
        assert_ok(find_hits(s, query, &o, hits, &count, &error_));
        assert_true(count > DOCS / 10);
        assert_true(frai_searcher_memory(s) <= before + FRAI_SEARCH_MEMORY + DOCS * 128);
    }
    frai_searcher_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches_do_the_work_that_they_may),
        cmocka_unit_test(known_shapes_stay_cheap),
        cmocka_unit_test(searches_have_so_much_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
