/* Names of files: a field of low weight that counts for nothing else. */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

struct file {
    const char *path, *title, *body;
    int shared;
};

static frai_index *index_;
static frai_searcher *searcher;

static void build(const char *dir, const struct file *files, size_t n, uint32_t analyzer)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    o.analyzer = analyzer;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    for (size_t i = 0; i < n; i++) {
        char id[16];
        snprintf(id, sizeof id, "%zu", i);
        frai_document d = {.struct_size = sizeof d,
                           .id = frai_slice_of(id),
                           .title = frai_slice_of(files[i].title),
                           .body = frai_slice_of(files[i].body),
                           .path = frai_slice_of(files[i].path),
                           .path_is_shared = files[i].shared};
        assert_ok(frai_writer_add(b, &d, &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
}

static void open_files(const struct file *files, size_t n)
{
    const char *dir = temp_dir();
    build(dir, files, n, FRAI_ANALYZER_KOREAN);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    assert_ok(frai_index_open(dir, NULL, &index_, &error_));
    assert_ok(frai_searcher_create(index_, &searcher, &error_));
}

static void close_files(void)
{
    frai_searcher_destroy(searcher);
    frai_index_close(index_);
}

#define HITS 300

static uint32_t search(const char *query, frai_rank rank, struct hit hits[HITS])
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    uint32_t count;
    o.limit = HITS;
    o.match = FRAI_MATCH_ALL;
    o.rank = rank;
    assert_ok(find_hits(searcher, frai_slice_of(query), &o, hits, &count, &error_));
    return count;
}

/* The word is in the middle of a long text, at its end, in a title, or in a name only, in many
 * documents or few. */
static void who_has_the_word_in_text_or_title_comes_first(void **unused)
{
    (void)unused;
    static char paths[200][64], text[20000];
    static struct file files[200];
    struct hit hits[HITS];
    for (int named = 1; named <= 100; named += 33) {
        size_t len = 0;
        for (int i = 0; i < 400; i++) len += (size_t)sprintf(text + len, "서울 사무소 %d번 ", i);
        sprintf(text + len, "예산회의록이 있다");
        for (int i = 0; i < 200; i++) {
            sprintf(paths[i], "글/%s-%d.txt", i < named ? "회의록" : "보고", i);
            files[i] = (struct file){paths[i], "", "짧은 글이다", 0};
        }
        files[150].body = text;
        files[151].body = "짧은 회의록";
        files[152].title = "회의록";
        open_files(files, 200);
        for (int rank = 0; rank < 2; rank++) {
            assert_int_equal(search("회의록", (frai_rank)rank, hits), named + 3);
            for (int i = 0; i < named + 3; i++) assert_true((hits[i].doc >= 150) == (i < 3));
        }
        close_files();
    }
}

static const struct file some[] = {
    {"메모/회의록-3차.txt", "1분기", "예산을 논의했다. 서울 사무소에서 만났다.", 0},
    {"메모/회의록-4차.txt", "2분기", "회의록 양식을 고쳤다.", 0},
    {"/var/log/app-3.log", "", "server started", 0},
    {"docs/news.jsonl", "", "뉴스 하나", 1},
    {"docs/news.jsonl", "", "뉴스 둘", 1},
    /* as a Mac writes 보고서.TXT: jamo to be composed */
    {"\xE1\x84\x87\xE1\x85\xA9\xE1\x84\x80\xE1\x85\xA9\xE1\x84\x89\xE1\x85\xA5.TXT", "", "매출", 0},
    {"홀로섬.txt", "", "", 0},
    {"docs/", "", "이름이 없다", 0},
    {"...", "", "점뿐이다", 0},
    {"\xFF\xFE/\xFF깨진\xC0이름.txt", "", "깨진", 0},
};
#define SOME (sizeof some / sizeof *some)

static void assert_hits(const char *query, const char *wanted)
{
    struct hit hits[HITS];
    char got[64] = "";
    uint32_t count = search(query, FRAI_RANK_DEFAULT, hits);
    for (uint64_t doc = 0; doc < SOME; doc++)
        for (uint32_t i = 0; i < count; i++)
            if (hits[i].doc == doc) sprintf(got + strlen(got), "%d", (int)doc);
    if (strcmp(got, wanted) != 0) fail_msg("%s: hits '%s', not '%s'", query, got, wanted);
}

static void names_are_found_as_texts_are(void **unused)
{
    (void)unused;
    open_files(some, SOME);
    assert_hits("회의록", "01");
    assert_hits("회의록 예산", "0");
    assert_hits("예산 회의록은", "0");
    assert_hits("3차", "0");
    assert_hits("app 3", "2");
    assert_hits("APP-3.log", "2");
    assert_hits("news", ""); /* what many documents share names none of them */
    assert_hits("뉴스 -news", "34");
    assert_hits("보고서", "5");
    assert_hits("보고서.txt", "5");
    assert_hits("홀로섬", "6");
    assert_hits("홀로", "6");
    assert_hits("이름", "79");
    assert_hits("docs", "");
    assert_hits("var", "");
    close_files();
}

static void explanations_sum_to_the_score_and_name_the_class(void **unused)
{
    (void)unused;
    static const char *const queries[] = {"회의록", "회의록 예산", "app 3", "3차", "보고서"};
    struct hit hits[HITS];
    open_files(some, SOME);
    for (int q = 0; q < 5; q++) {
        uint32_t count = search(queries[q], FRAI_RANK_DEFAULT, hits);
        bool named = false;
        for (uint32_t h = 0; h < count; h++) {
            named |= assert_explained(searcher, hits[h].doc, hits[h].score, "path");
            assert_true(hits[h].score > 0);
        }
        assert_true(named);
    }
    close_files();
}

static void a_hit_by_its_name_says_so_and_marks_nothing(void **unused)
{
    (void)unused;
    struct hit hits[HITS];
    frai_slice path;
    frai_passage snippet = FRAI_PASSAGE_INIT;
    const frai_diagnosis *d;
    open_files(some, SOME);
    assert_int_equal(search("회의록 예산", FRAI_RANK_DEFAULT, hits), 1);
    assert_ok(
        frai_searcher_make_passage(searcher, 0, frai_slice_of("body"), 100, &snippet, &error_));
    assert_int_equal(snippet.span_count, 1); /* 예산 */
    assert_int_equal(search("회의록", FRAI_RANK_DEFAULT, hits), 2);
    assert_ok(
        frai_searcher_make_passage(searcher, 0, frai_slice_of("body"), 100, &snippet, &error_));
    assert_int_equal(snippet.span_count, 0);
    assert_ok(frai_searcher_diagnose(searcher, frai_slice_of("회의록 예산"), NULL, 0, &d, &error_));
    static const frai_finding_kind kinds[] = {FRAI_FINDING_WORD, FRAI_FINDING_ONLY_FILE_NAME,
                                              FRAI_FINDING_WORD, FRAI_FINDING_HIT};
    assert_int_equal(frai_diagnosis_count(d), 4);
    for (uint32_t i = 0; i < 4; i++) assert_int_equal(frai_diagnosis_finding(d, i)->kind, kinds[i]);
    for (uint32_t i = 0; i < 4; i += 2) {
        const frai_finding *f = frai_diagnosis_finding(d, i);
        assert_true(f->present && !f->excluded);
        assert_int_equal(f->text.len, strlen(i ? "예산" : "회의록"));
        assert_memory_equal(f->text.ptr, i ? "예산" : "회의록", f->text.len);
    }
    assert_null(frai_diagnosis_finding(d, 4));
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    o.flags = FRAI_SEARCH_EXACT;
    assert_ok(frai_searcher_diagnose(searcher, frai_slice_of("회의록"), &o, 0, &d, &error_));
    assert_false(find_kind(d, FRAI_FINDING_WORD)->present);
    assert_non_null(find_kind(d, FRAI_FINDING_IF_NOT_EXACT));
    assert_int_equal(verdict(d), FRAI_FINDING_LACKS_WORD);
    assert_ok(frai_searcher_read_field(searcher, 3, frai_slice_of("path"), &path, &error_));
    assert_int_equal(path.len, strlen("docs/news.jsonl"));
    close_files();
}

static void a_name_that_initials_find_is_said_to_be_found_by_them(void **unused)
{
    (void)unused;
    struct hit hits[HITS];
    const frai_diagnosis *d;
    bool hit = false;
    open_files(some, SOME);
    uint32_t count = search("ㅎㅇㄹ", FRAI_RANK_DEFAULT, hits);
    for (uint32_t i = 0; i < count; i++) hit |= hits[i].doc == 0;
    assert_true(hit); /* 회의록, in its name alone */
    assert_ok(frai_searcher_diagnose(searcher, frai_slice_of("ㅎㅇㄹ"), NULL, 0, &d, &error_));
    const frai_finding *f = find_kind(d, FRAI_FINDING_CORRECTED);
    assert_non_null(f);
    assert_int_equal(f->text.len, strlen("회의록"));
    assert_memory_equal(f->text.ptr, "회의록", f->text.len);
    close_files();
}

/* Documents that have no names, and the same with names that no query asks for: the same hits with
 * the same scores. */
static void names_count_for_nothing_else(void **unused)
{
    (void)unused;
    static const char *const queries[] = {"예산",       "서울 사무소",   "회의록 양식",
                                          "server",     "뉴스",          "\"서울 사무소\"",
                                          "매출 -서울", "뉴스 하나 매출"};
    static struct file bare[SOME], named[SOME];
    static struct hit hits[2][8][HITS];
    uint32_t counts[2][8];
    for (size_t i = 0; i < SOME; i++) {
        bare[i] = named[i] = some[i];
        bare[i].path = "";
        named[i].path = i % 2 ? "x/다른이름-zzz.txt" : "무엇.md";
        named[i].shared = 0;
    }
    for (int side = 0; side < 2; side++) {
        frai_index_stats stats = FRAI_INDEX_STATS_INIT;
        open_files(side ? named : bare, SOME);
        for (int q = 0; q < 8; q++)
            counts[side][q] = search(queries[q], FRAI_RANK_DEFAULT, hits[side][q]);
        assert_ok(frai_index_read_stats(index_, &stats, &error_));
        close_files();
    }
    assert_memory_equal(counts[0], counts[1], sizeof counts[0]);
    for (int q = 0; q < 8; q++)
        for (uint32_t i = 0; i < counts[0][q]; i++) {
            assert_true(hits[0][q][i].doc == hits[1][q][i].doc);
            assert_true(hits[0][q][i].score == hits[1][q][i].score);
        }
}

static int count_paths(void *ctx, const frai_dump_entry *entry)
{
    *(int *)ctx += strcmp(entry->term_class, "path") == 0;
    return 0;
}

static void pre_cut_terms_have_no_names(void **unused)
{
    (void)unused;
    for (uint32_t analyzer = FRAI_ANALYZER_KOREAN; analyzer <= FRAI_ANALYZER_PRETOKENIZED;
         analyzer++) {
        const char *dir = temp_dir();
        frai_index *index;
        int paths = 0;
        build(dir, some, SOME, analyzer);
        assert_ok(frai_index_check(dir, NULL, NULL, &error_));
        assert_ok(frai_index_open(dir, NULL, &index, &error_));
        assert_ok(frai_index_dump(index, FRAI_DUMP_TERMS, count_paths, &paths, &error_));
        assert_true((paths > 0) == (analyzer == FRAI_ANALYZER_KOREAN));
        frai_index_close(index);
    }
}

/* Names as long as there may be, of one letter, of many: none costs more than its bytes. */
static void any_bytes_are_a_name_and_a_text(void **unused)
{
    (void)unused;
    static char paths[40][5000], texts[40][5010];
    static struct file files[40];
    for (int i = 0; i < 40; i++) {
        size_t len = i < 20 ? rnd_below(40) : 1 + rnd_below(4990);
        for (size_t k = 0; k < len; k++)
            paths[i][k] = i % 3 ? (char)(1 + rnd_below(255)) : "1 a.가-/"[rnd_below(8)];
        if (len) paths[i][0] = '1'; /* and no minus */
        paths[i][len] = '\0';
        snprintf(texts[i], sizeof texts[i], "글 %.4999s", paths[i]);
        files[i] = (struct file){paths[i], "", texts[i], 0};
    }
    open_files(files, 40);
    struct hit hits[HITS];
    for (int i = 0; i < 40; i++) search(paths[i], FRAI_RANK_DEFAULT, hits);
    assert_int_equal(search("글", FRAI_RANK_DEFAULT, hits), 40);
    close_files();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_the_word_in_text_or_title_comes_first),
        cmocka_unit_test(names_are_found_as_texts_are),
        cmocka_unit_test(explanations_sum_to_the_score_and_name_the_class),
        cmocka_unit_test(a_hit_by_its_name_says_so_and_marks_nothing),
        cmocka_unit_test(a_name_that_initials_find_is_said_to_be_found_by_them),
        cmocka_unit_test(names_count_for_nothing_else),
        cmocka_unit_test(pre_cut_terms_have_no_names),
        cmocka_unit_test(any_bytes_are_a_name_and_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
