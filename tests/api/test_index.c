/* What an index promises: the same bytes for the same input, the last of equal ids, segments that
 * add up, commits that are seen at once or not at all, errors that name what is wrong. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "segment/columns.h"
#include "segment/documents.h"
#include "support/search.h"
#include "support/support.h"

static char *random_body(size_t words)
{
    static const char *const pool[] = {"프랑스", "미스트랄",   "투자",   "인공지능", "AI",
                                       "model",  "데이터센터", "2025년", "서울은",   "佛"};
    char *body = calloc(1, words * 24 + 1), *at = body;
    for (size_t i = 0; i < words; i++)
        at += sprintf(at, "%s%s", pool[rnd_below(10)], rnd_below(9) ? " " : ". ");
    return body;
}

static void add(frai_writer *b, const char *id, const char *title, const char *body)
{
    frai_document d = {.struct_size = sizeof d,
                       .id = frai_slice_of(id),
                       .title = frai_slice_of(title),
                       .body = frai_slice_of(body),
                       .source = frai_slice_of(id[0] % 2 ? "가온경제" : "누리테크"),
                       .date = frai_slice_of("2025-02-10")};
    assert_ok(frai_writer_add(b, &d, &error_));
}

static void the_same_input_gives_the_same_bytes(void **unused)
{
    (void)unused;
    enum { N = 40000 };
    static char *bodies[N];
    for (int i = 0; i < N; i++) bodies[i] = random_body(1 + rnd_below(i % 6 ? 12 : 900));
    unsigned char *first = NULL;
    size_t first_len = 0;
    static const struct {
        uint32_t threads;
        uint64_t memory;
    } ways[] = {{1, 512u << 20}, {2, 512u << 20}, {4, 512u << 20}, {1, 64u << 20}, {3, 200u << 20}};
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        const char *dir = temp_dir();
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        frai_writer *b;
        o.threads = ways[w].threads;
        o.memory_bytes = ways[w].memory;
        assert_ok(frai_writer_open(dir, &o, &b, &error_));
        for (int i = 0; i < N; i++) {
            char id[32];
            snprintf(id, sizeof id, "doc-%d", i % 39000); /* a thousand come twice */
            add(b, id, i % 3 ? "제목" : "", bodies[i]);
        }
        assert_ok(frai_writer_commit(b, &error_));
        frai_writer_stats stats = FRAI_WRITER_STATS_INIT;
        frai_writer_read_stats(b, &stats);
        assert_int_equal(stats.documents, 39000);
        assert_int_equal(stats.replaced, 1000);
        frai_writer_close(b);
        size_t len;
        unsigned char *bytes = read_file(segment_path(dir), &len);
        if (w == 0) {
            first = bytes;
            first_len = len;
            assert_ok(frai_index_check(dir, NULL, NULL, &error_));
            continue;
        }
        assert_int_equal(len, first_len);
        assert_memory_equal(bytes, first, len);
        free(bytes);
        remove_tree(dir);
    }
    free(first);
    for (int i = 0; i < N; i++) free(bodies[i]);
}

static void the_last_document_with_an_id_counts(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer *b;
    frai_index *index;
    frai_searcher *s;
    struct hit hits[10];
    uint32_t count;
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    add(b, "a", "", "미스트랄 투자");
    add(b, "b", "", "다른 글");
    add(b, "a", "", "허깅페이스 소식");
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_int_equal(frai_index_document_count(index), 2);
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_ok(find_hits(s, frai_slice_of("미스트랄"), NULL, hits, &count, &error_));
    assert_int_equal(count, 0);
    assert_ok(find_hits(s, frai_slice_of("허깅페이스"), NULL, hits, &count, &error_));
    assert_int_equal(count, 1);
    frai_slice value;
    assert_ok(frai_searcher_read_field(s, hits[0].doc, frai_slice_of("body"), &value, &error_));
    assert_int_equal(value.len, strlen("허깅페이스 소식"));
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* A reordered index finds the same documents with the same scores, and of equal ids the last. */
static void order_does_not_matter(void **unused)
{
    (void)unused;
    enum { N = 6000, HITS = 400 };
    static const char *const queries[] = {"프랑스", "미스트랄 투자", "\"AI model\"", "佛 -투자",
                                          "데이터센터 2025년 서울"};
    static struct hit hits[2][HITS];
    static char *bodies[N];
    frai_index *index[2];
    frai_searcher *s[2];
    for (int i = 0; i < N; i++) { /* something to tell documents apart by */
        char *text = random_body(1 + rnd_below(30));
        bodies[i] = malloc(strlen(text) + 16);
        sprintf(bodies[i], "%s t%d", text, (int)rnd_below(40));
        free(text);
    }
    for (int way = 0; way < 2; way++) {
        const char *dir = temp_dir();
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        frai_writer *b;
        o.reorder = way;
        o.memory_bytes = 64u << 20;
        o.threads = 2;
        assert_ok(frai_writer_open(dir, &o, &b, &error_));
        for (int i = 0; i < N; i++) {
            char id[32];
            snprintf(id, sizeof id, "doc-%d", i % (N - 500));
            add(b, id, "", bodies[i]);
        }
        assert_ok(frai_writer_commit(b, &error_));
        frai_writer_close(b);
        assert_ok(frai_index_check(dir, NULL, NULL, &error_));
        assert_ok(frai_index_open(dir, NULL, &index[way], &error_));
        assert_int_equal(frai_index_document_count(index[way]), N - 500);
        assert_ok(frai_searcher_create(index[way], &s[way], &error_));
    }
    uint64_t moved = 0;
    for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        frai_search_info info[2] = {FRAI_SEARCH_INFO_INIT, FRAI_SEARCH_INFO_INIT};
        uint32_t count[2];
        o.limit = HITS;
        o.rank = FRAI_RANK_BM25;
        o.flags = FRAI_SEARCH_COUNT_EXACT;
        for (int way = 0; way < 2; way++) {
            assert_ok(find_info(s[way], frai_slice_of(queries[q]), &o, hits[way], &count[way],
                                &info[way]));
        }
        assert_int_equal(count[0], count[1]);
        assert_int_equal(info[0].total, info[1].total);
        for (uint32_t i = 0; i < count[0]; i++) assert_true(hits[0][i].score == hits[1][i].score);
    }
    for (int i = 0; i < N - 500; i++) { /* each has the body that it had last */
        char id[32];
        uint64_t doc[2];
        frai_slice body;
        snprintf(id, sizeof id, "doc-%d", i);
        for (int way = 0; way < 2; way++) {
            const char *last = bodies[i < 500 ? N - 500 + i : i];
            assert_ok(frai_index_find(index[way], frai_slice_of(id), &doc[way], &error_));
            assert_ok(
                frai_searcher_read_field(s[way], doc[way], frai_slice_of("body"), &body, &error_));
            assert_int_equal(body.len, strlen(last));
            assert_memory_equal(body.ptr, last, body.len);
        }
        moved += doc[0] != doc[1];
    }
    assert_true(moved > N / 2);
    for (int way = 0; way < 2; way++) {
        frai_searcher_destroy(s[way]);
        frai_index_close(index[way]);
    }
    for (int i = 0; i < N; i++) free(bodies[i]);
}

static void segments_score_as_one(void **unused)
{
    (void)unused;
    const char *one = temp_dir(), *many = temp_dir();
    char *bodies[300];
    for (int i = 0; i < 300; i++) bodies[i] = random_body(1 + rnd_below(40));
    build_bodies(one, NULL, (const char *const *)bodies, 300);
    for (int part = 0; part < 3; part++) {
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        o.mode = FRAI_OPEN_OR_CREATE;
        frai_writer *more;
        assert_ok(frai_writer_open(many, &o, &more, &error_));
        for (size_t i = 0; i < 100; i++)
            add_body(more, (size_t)part * 100 + i, frai_slice_of(bodies[(size_t)part * 100 + i]));
        assert_ok(frai_writer_commit(more, &error_));
        frai_writer_close(more);
    }
    static const char *const queries[] = {"미스트랄 투자", "AI", "프랑스 서울", "비",
                                          "models",        "佛"};
    frai_index *a, *b;
    frai_searcher *sa, *sb;
    assert_ok(frai_index_open(one, NULL, &a, &error_));
    assert_ok(frai_index_open(many, NULL, &b, &error_));
    assert_ok(frai_searcher_create(a, &sa, &error_));
    assert_ok(frai_searcher_create(b, &sb, &error_));
    for (size_t q = 0; q < 6; q++) {
        struct hit x[300], y[300];
        uint32_t n, m;
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        o.limit = 300;
        assert_ok(find_hits(sa, frai_slice_of(queries[q]), &o, x, &n, &error_));
        assert_ok(find_hits(sb, frai_slice_of(queries[q]), &o, y, &m, &error_));
        assert_int_equal(n, m);
        for (uint32_t i = 0; i < n; i++) {
            assert_int_equal(x[i].doc, y[i].doc);
            assert_true(x[i].score == y[i].score);
        }
    }
    frai_searcher_destroy(sa);
    frai_searcher_destroy(sb);
    frai_index_close(a);
    frai_index_close(b);
    for (int i = 0; i < 300; i++) free(bodies[i]);
}

static void pages_are_parts_of_one_list(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    char *bodies[200];
    frai_index *index;
    frai_searcher *s;
    struct hit all[200], page[7];
    uint32_t n, m;
    for (int i = 0; i < 200; i++) bodies[i] = random_body(1 + rnd_below(10));
    build_bodies(dir, NULL, (const char *const *)bodies, 200);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    o.limit = 200;
    assert_ok(find_hits(s, frai_slice_of("투자"), &o, all, &n, &error_));
    o.limit = 7;
    for (o.offset = 0; o.offset < n; o.offset += 7) {
        assert_ok(find_hits(s, frai_slice_of("투자"), &o, page, &m, &error_));
        assert_int_equal(m, n - o.offset < 7 ? n - o.offset : 7);
        for (uint32_t i = 0; i < m; i++) assert_int_equal(page[i].doc, all[o.offset + i].doc);
    }
    o.limit = 0;
    assert_int_equal(find_hits(s, frai_slice_of("투자"), &o, page, &m, &error_), FRAI_ERR_ARGUMENT);
    frai_searcher_destroy(s);
    frai_index_close(index);
    for (int i = 0; i < 200; i++) free(bodies[i]);
}

/* The next id: often the one before with the number that it ends in moved on, whatever digits stand
 * before that; of up to 24 digits. */
static void random_id(char id[64])
{
    static const char *const ends[] = {"", "0", "00", "9", "99999999999999999", "a", "-", "가"};
    size_t len = strlen(id), at = len;
    while (at > 0 && id[at - 1] >= '0' && id[at - 1] <= '9') at--;
    unsigned way = (unsigned)rnd_below(16);
    if (way == 0 || len > 40) {
        sprintf(id, "%s%llu", rnd_below(2) ? "x" : "", (unsigned long long)rnd() >> rnd_below(60));
    } else if (way == 1) {
        strcat(id, ends[rnd_below(8)]);
    } else {
        unsigned long long number = len - at > 18 ? 0 : strtoull(id + at, NULL, 10);
        unsigned long long step = 1 + rnd_below(way < 4 ? 1000 : 2);
        sprintf(id + at, "%llu", rnd_below(8) || number < step ? number + step : number - step);
        if (rnd_below(64) == 0) sprintf(id + at, "0%llu", number);
    }
}

static void ids_come_back_whatever_they_are(void **unused)
{
    (void)unused;
    enum { DOCS = 4000 };
    const char *dir = temp_dir();
    static char ids[DOCS][64];
    frai_writer *b;
    frai_index *index;
    frai_searcher *s;
    char id[64] = "x1";
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    for (int i = 0; i < DOCS; i++) {
        random_id(id);
        strcpy(ids[i], id);
        add(b, id, "제목", "투자");
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    for (int i = DOCS - 1; i >= 0; i--) {
        uint64_t doc;
        frai_slice found;
        assert_ok(frai_index_find(index, frai_slice_of(ids[i]), &doc, &error_));
        assert_in_range(doc, i, DOCS); /* the last of those with this id */
        assert_ok(frai_searcher_read_field(s, doc, frai_slice_of("id"), &found, &error_));
        assert_int_equal(found.len, strlen(ids[i]));
        assert_memory_equal(found.ptr, ids[i], found.len);
        assert_string_equal(ids[doc], ids[i]);
        if (doc != (uint64_t)i)
            assert_int_equal(
                frai_searcher_read_field(s, (uint64_t)i, frai_slice_of("id"), &found, &error_),
                FRAI_ERR_ARGUMENT);
        strcat(ids[i], "z");
        if (strlen(ids[i]) < 60 && i % 16 == 0)
            assert_int_equal(frai_index_find(index, frai_slice_of(ids[i]), &doc, &error_),
                             FRAI_ERR_NOT_FOUND);
        ids[i][strlen(ids[i]) - 1] = '\0';
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void fields_and_columns_come_back(void **unused)
{
    (void)unused;
    static const frai_field_spec fields[] = {{"요약", FRAI_FIELD_TEXT},
                                             {"분류", FRAI_FIELD_KEYWORD},
                                             {"금액", FRAI_FIELD_NUMBER},
                                             {"마감", FRAI_FIELD_DATE}};
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    o.fields = fields;
    o.field_count = 4;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    for (int i = 0; i < 500; i++) {
        char number[32], class[32];
        snprintf(number, sizeof number, "%d.5", i);
        snprintf(class, sizeof class, "분류%d", i % 7);
        frai_field_value values[] = {
            {frai_slice_of("요약"), frai_slice_of("유일한낱말")},
            {frai_slice_of("분류"), frai_slice_of(class)},
            {frai_slice_of("금액"), frai_slice_of(number)},
            {frai_slice_of("마감"), frai_slice_of(i % 2 ? "2025년 2월 10일" : "")}};
        frai_document d = {.struct_size = sizeof d,
                           .body = frai_slice_of("본문"),
                           .fields = values,
                           .field_count = i % 5 ? 4 : 0};
        assert_ok(frai_writer_add(b, &d, &error_));
    }
    frai_field_value unknown = {frai_slice_of("없음"), frai_slice_of("x")};
    frai_document bad = {.struct_size = sizeof bad, .fields = &unknown, .field_count = 1};
    assert_int_equal(frai_writer_add(b, &bad, &error_), FRAI_ERR_ARGUMENT);
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);

    struct fr_segment seg;
    struct fr_columns columns;
    const struct fr_column *c;
    assert_ok(fr_segment_open(&seg, segment_path(dir), "s", fr_allocator_or_libc(NULL), &error_));
    assert_ok(fr_columns_open(&columns, &seg, &error_));
    c = fr_columns_find(&columns, frai_slice_of("분류"));
    assert_memory_equal(fr_column_keyword(c, 8).ptr, "분류1", 7);
    assert_int_equal(fr_column_keyword(c, 5).len, 0);
    c = fr_columns_find(&columns, frai_slice_of("금액"));
    assert_true(fr_column_number(c, 123) == 123.5);
    assert_true(isnan(fr_column_number(c, 5))); /* none */
    c = fr_columns_find(&columns, frai_slice_of("마감"));
    assert_int_equal(fr_column_date(c, 3), 1739145600);
    assert_int_equal(fr_column_date(c, 4), FR_NO_DATE);
    assert_null(fr_columns_find(&columns, frai_slice_of("none")));
    fr_columns_close(&columns);
    uint32_t doc;
    assert_ok(fr_document_find(&seg, "#123", 4, &doc, &error_));
    assert_int_equal(doc, 123);
    assert_int_equal(fr_document_find(&seg, "nobody", 6, &doc, &error_), FRAI_ERR_NOT_FOUND);
    fr_segment_close(&seg);

    frai_index *index;
    frai_searcher *s;
    struct hit hit;
    uint32_t n;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    frai_search_options so = FRAI_SEARCH_OPTIONS_INIT;
    so.limit = 1;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_ok(find_info(s, frai_slice_of("유일한낱말"), &so, &hit, &n, &info));
    assert_int_equal(info.total, 400);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void a_second_writer_is_told_who_the_first_is(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer *a, *b;
    assert_ok(frai_writer_open(dir, NULL, &a, &error_));
    assert_int_equal(frai_writer_open(dir, NULL, &b, &error_), FRAI_ERR_LOCKED);
    char pid[32];
    snprintf(pid, sizeof pid, "%ld", (long)getpid());
    assert_non_null(strstr(error_.message, pid));
    frai_writer_close(a);
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    frai_writer_close(b);
}

static void what_is_not_committed_is_not_there(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer *b;
    frai_index *index, *old;
    static const char *const bodies[] = {"처음 글"};
    assert_int_equal(frai_index_open(dir, NULL, &index, &error_), FRAI_ERR_NOT_FOUND);
    build_bodies(dir, NULL, bodies, 1);
    assert_ok(frai_index_open(dir, NULL, &old, &error_));
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    add(b, "x", "", "버려질 글");
    frai_writer_close(b);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_int_equal(frai_index_document_count(index), 1);
    frai_index_close(index);
    /* a rebuild swaps; who has the old one open keeps it */
    static const char *const more[] = {"둘째", "셋째"};
    build_bodies(dir, NULL, more, 2);
    assert_int_equal(frai_index_document_count(old), 1);
    frai_searcher *s;
    struct hit hits[4];
    uint32_t n;
    assert_ok(frai_searcher_create(old, &s, &error_));
    assert_ok(find_hits(s, frai_slice_of("처음"), NULL, hits, &n, &error_));
    assert_int_equal(n, 1);
    frai_searcher_destroy(s);
    frai_index_close(old);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_int_equal(frai_index_document_count(index), 2);
    frai_index_close(index);
    segment_path(dir); /* and one segment is left */
}

static void the_manifest_before_serves_when_the_newest_is_torn(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_index *index;
    frai_writer_options append = FRAI_WRITER_OPTIONS_INIT;
    static const char *const bodies[] = {"하나"};
    build_bodies(dir, NULL, bodies, 1);
    build_bodies(dir, &append, bodies, 1);
    write_file(path_in(dir, "MANIFEST-0000000002"), "FRAIMAN\nxxxxxxxxxxxxxxxxxxxx", 28);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_int_equal(frai_index_document_count(index), 1);
    assert_true(frai_index_used_previous_commit(index));
    frai_index_close(index);
    assert_int_equal(frai_index_check(dir, NULL, NULL, &error_), FRAI_ERR_CORRUPT);
}

static void other_formats_are_told_from_damage(void **unused)
{
    (void)unused;
    static const char *const bodies[] = {"하나"};
    for (int step = -1; step < 2; step += 2) {
        const char *dir = temp_dir();
        frai_index *index;
        build_bodies(dir, NULL, bodies, 1);
        size_t len;
        char *path = path_in(dir, "MANIFEST-0000000001");
        unsigned char *m = read_file(path, &len);
        m[8] = (unsigned char)(FRAI_FORMAT_VERSION + step);
        uint64_t sum = fr_hash64(m, len - 8);
        memcpy(m + len - 8, &sum, 8);
        write_file(path, m, len);
        free(m);
        assert_int_equal(frai_index_open(dir, NULL, &index, &error_),
                         step > 0 ? FRAI_ERR_TOO_NEW : FRAI_ERR_TOO_OLD);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_input_gives_the_same_bytes),
        cmocka_unit_test(the_last_document_with_an_id_counts),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(segments_score_as_one),
        cmocka_unit_test(pages_are_parts_of_one_list),
        cmocka_unit_test(ids_come_back_whatever_they_are),
        cmocka_unit_test(fields_and_columns_come_back),
        cmocka_unit_test(a_second_writer_is_told_who_the_first_is),
        cmocka_unit_test(what_is_not_committed_is_not_there),
        cmocka_unit_test(the_manifest_before_serves_when_the_newest_is_torn),
        cmocka_unit_test(other_formats_are_told_from_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
