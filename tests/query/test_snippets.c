/* Passages: all that is matched in them is marked, what is left out is said, long lines are fine.
 */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

static frai_index *index_;
static frai_searcher *searcher;

/* An index of these bodies, searched for the query. */
static void open_and_search(const char *const *bodies, size_t n, const char *query)
{
    const char *dir = temp_dir();
    struct hit hits[10];
    uint32_t count;
    build_bodies(dir, NULL, bodies, n);
    assert_ok(frai_index_open(dir, NULL, &index_, &error_));
    assert_ok(frai_searcher_create(index_, &searcher, &error_));
    assert_ok(find_hits(searcher, frai_slice_of(query), NULL, hits, &count, &error_));
    assert_true(count > 0);
}

static void close_all(void)
{
    frai_searcher_destroy(searcher);
    frai_index_close(index_);
}

static frai_passage passage_of(uint64_t doc, uint32_t characters)
{
    frai_passage p = FRAI_PASSAGE_INIT;
    assert_ok(
        frai_searcher_make_passage(searcher, doc, frai_slice_of("body"), characters, &p, &error_));
    return p;
}

static void marks_of_a_private_use_code_are_those_of_its_bytes(void **unused)
{
    (void)unused;
    open_and_search((const char *const[]){"서울 \uF53A글 학회"}, 1, "ᄒᆞᆫ글");
    frai_passage p = passage_of(0, 100);
    assert_int_equal(p.span_count, 1);
    assert_int_equal(p.spans[0].begin, strlen("서울 "));
    assert_int_equal(p.spans[0].end, strlen("서울 \uF53A글"));
    close_all();
}

static void the_whole_text_has_all_marks(void **unused)
{
    (void)unused;
    enum { TIMES = 50000 };
    static const char unit[] = "서울 투자 소식, ";
    size_t len = strlen(unit);
    char *body = malloc(TIMES * len + 1);
    for (size_t i = 0; i < TIMES; i++) memcpy(body + i * len, unit, len);
    body[TIMES * len] = '\0';
    open_and_search((const char *const[]){body}, 1, "투자");
    frai_passage p = passage_of(0, FRAI_PASSAGE_WHOLE);
    assert_int_equal(p.text.len, TIMES * len - 1); /* white space at the end is left out */
    assert_false(p.cut_before || p.cut_after);
    assert_int_equal(p.span_count, TIMES);
    for (uint64_t i = 0; i < p.span_count; i++) {
        assert_int_equal(p.spans[i].begin, i * len + strlen("서울 "));
        assert_int_equal(p.spans[i].end, i * len + strlen("서울 투자"));
    }
    p = passage_of(0, 100);
    assert_in_range(p.span_count, 5, 15);
    assert_true(p.cut_after);
    free(body);
    close_all();
}

static void white_space_left_out_is_no_cut(void **unused)
{
    (void)unused;
    static const struct {
        const char *body;
        int before, after;
    } cases[] = {
        {"\n\n  투자 소식", 0, 0},
        {"투자 소식 \r\n\t \n", 0, 0},
        {"\xE3\x80\x80\n투자\xE3\x80\x80", 0, 0},
        {"제목\n투자 소식", 1, 0},
        {"\xC2\xA0\n투자 소식\n\xC2\xA0", 0, 0},
        {"\n.\n투자 소식", 1, 0},
    };
    const char *bodies[sizeof cases / sizeof *cases];
    size_t n = sizeof cases / sizeof *cases;
    for (size_t i = 0; i < n; i++) bodies[i] = cases[i].body;
    open_and_search(bodies, n, "투자");
    for (size_t i = 0; i < n; i++) {
        frai_passage p = passage_of(i, 30);
        if (p.cut_before != cases[i].before || p.cut_after != cases[i].after)
            fail_msg("'%s': cut before %d, after %d", cases[i].body, p.cut_before, p.cut_after);
    }
    close_all();
}

/* The stretch with most different words wins, of these the one with most marks, then the first. */
static void the_best_stretch_is_shown(void **unused)
{
    (void)unused;
    char body[8000] = "";
    const char *const parts[] = {"투자 투자 투자", "투자 소식", "소식 투자 소식", "투자 소식 소식"};
    for (int i = 0; i < 4; i++) {
        strcat(body, parts[i]);
        for (int k = 0; k < 60; k++) strcat(body, " 다른 낱말");
        strcat(body, ". ");
    }
    open_and_search((const char *const[]){body}, 1, "투자 소식");
    frai_passage p = passage_of(0, 40);
    assert_true(p.text.len > 0 && strncmp(p.text.ptr, parts[2], strlen(parts[2])) == 0);
    assert_int_equal(p.span_count, 3);
    close_all();
}

static void sizes_of_the_struct_are_kept(void **unused)
{
    (void)unused;
    open_and_search((const char *const[]){"투자 소식"}, 1, "투자");
    struct {
        frai_passage p;
        char behind[16];
    } room;
    memset(&room, 0x5A, sizeof room);
    room.p.struct_size = offsetof(frai_passage, spans);
    assert_ok(frai_searcher_make_passage(searcher, 0, frai_slice_of("body"), 20, &room.p, &error_));
    assert_int_equal(room.p.text.len, strlen("투자 소식"));
    assert_int_equal(((unsigned char *)&room)[offsetof(frai_passage, spans)], 0x5A);
    memset(&room, 0x5A, sizeof room);
    room.p.struct_size = sizeof room;
    assert_ok(frai_searcher_make_passage(searcher, 0, frai_slice_of("body"), 20, &room.p, &error_));
    assert_int_equal(room.p.span_count, 1);
    assert_int_equal(room.behind[0], 0x5A);
    close_all();
}

/* Lines that the corpus repeats are not marked, but in the whole text. */
static void repeated_lines_are_marked_in_the_whole_text(void **unused)
{
    (void)unused;
    enum { DOCS = 300 };
    char *bodies[DOCS];
    for (int i = 0; i < DOCS; i++) {
        bodies[i] = malloc(400);
        snprintf(
            bodies[i], 400, "파리의 회사가 새 투자를 받았다고 여러 신문이 전했다. %d번 기사다\n%s",
            i, i < 100 ? "ⓒ 가온경제 무단전재 및 재배포 금지, 투자 판단은 독자의 몫입니다" : "끝");
    }
    open_and_search((const char *const *)bodies, DOCS, "투자");
    assert_int_equal(passage_of(0, 200).span_count, 1);
    assert_int_equal(passage_of(0, FRAI_PASSAGE_WHOLE).span_count, 2);
    for (int i = 0; i < DOCS; i++) free(bodies[i]);
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_text_has_all_marks),
        cmocka_unit_test(marks_of_a_private_use_code_are_those_of_its_bytes),
        cmocka_unit_test(white_space_left_out_is_no_cut),
        cmocka_unit_test(the_best_stretch_is_shown),
        cmocka_unit_test(sizes_of_the_struct_are_kept),
        cmocka_unit_test(repeated_lines_are_marked_in_the_whole_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
