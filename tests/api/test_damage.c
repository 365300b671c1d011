/* A small index with each byte flipped and cut at each length: an error or the right answer, never
 * a crash, and frai_index_check sees every one. All of them with FRAI_FULL=1, else a seeded sample.
 */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checksum.h"
#include "base/io.h"
#include "segment/segment.h"
#include "support/forge.h"
#include "support/search.h"
#include "support/support.h"

static const char *const queries[] = {"미스트랄 투자", "\"프랑스 AI\"", "비", "models -서울",
                                      "대학교병원"};
#define QUERIES (sizeof queries / sizeof *queries)

static void make_index(const char *dir)
{
    static char texts[60][200];
    const char *bodies[60];
    for (int i = 0; i < 60; i++) {
        snprintf(texts[i], sizeof texts[i],
                 "프랑스 AI 스타트업 미스트랄%d 투자. 서울 대학교 병원 비 models %d spending",
                 i % 7, i * 37 % 11);
        bodies[i] = texts[i];
    }
    build_bodies(dir, NULL, bodies, 60);
}

struct answer {
    frai_status status;
    uint32_t count;
    struct hit hits[20];
    char snippet[400];
};

/* All queries, with a snippet and the id of the first hit. */
static void ask(const char *dir, struct answer *answers)
{
    frai_index *index;
    frai_searcher *s;
    frai_error err;
    memset(answers, 0, QUERIES * sizeof *answers);
    frai_status status = frai_index_open(dir, NULL, &index, &err);
    if (status == FRAI_OK) {
        status = frai_searcher_create(index, &s, &err);
        if (status != FRAI_OK) frai_index_close(index);
    }
    for (size_t q = 0; q < QUERIES; q++) {
        struct answer *a = &answers[q];
        a->status = status;
        if (status != FRAI_OK) continue;
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        o.limit = 20;
        a->status = find_hits(s, frai_slice_of(queries[q]), &o, a->hits, &a->count, &err);
        frai_passage snippet = FRAI_PASSAGE_INIT;
        if (a->status == FRAI_OK && a->count)
            a->status = frai_searcher_make_passage(s, a->hits[0].doc, frai_slice_of("body"), 40,
                                                   &snippet, &err);
        if (a->status == FRAI_OK && a->count)
            memcpy(a->snippet, snippet.text.ptr, snippet.text.len < 400 ? snippet.text.len : 400);
    }
    if (status != FRAI_OK) return;
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static struct answer right[QUERIES];
static unsigned long tried;

static void assert_right_or_error(const char *dir, const char *what, size_t at, bool must_be_found)
{
    static struct answer got[QUERIES];
    frai_error err;
    ask(dir, got);
    tried++;
    for (size_t q = 0; q < QUERIES; q++) {
        if (got[q].status != FRAI_OK) continue;
        if (got[q].count != right[q].count ||
            memcmp(got[q].hits, right[q].hits, sizeof got[q].hits) != 0 ||
            memcmp(got[q].snippet, right[q].snippet, sizeof got[q].snippet) != 0)
            fail_msg("%s %zu: a wrong answer to '%s'", what, at, queries[q]);
    }
    frai_status checked = frai_index_check(dir, NULL, NULL, &err);
    if (must_be_found && checked == FRAI_OK) fail_msg("%s %zu: check finds nothing", what, at);
}

static void damage_file(const char *dir, char *path)
{
    size_t len;
    unsigned char *data = read_file(path, &len);
    size_t step = full_run() ? 1 : len / 1000 + 1;
    for (size_t i = full_run() ? 0 : rnd_below(step); i < len;
         i += full_run() ? 1 : 1 + rnd_below(2 * step)) {
        unsigned char was = data[i];
        data[i] ^= (unsigned char)(1u << rnd_below(8));
        write_file(path, data, len);
        assert_right_or_error(dir, "flipped byte", i, true);
        data[i] = was;
    }
    for (size_t cut = full_run() ? 0 : rnd_below(step); cut < len;
         cut += full_run() ? 1 : 1 + rnd_below(2 * step)) {
        write_file(path, data, cut);
        assert_right_or_error(dir, "cut at", cut, true);
    }
    write_file(path, data, len);
    free(data);
}

static void flipped_and_truncated_files_give_errors_or_right_answers(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    make_index(dir);
    ask(dir, right);
    for (size_t q = 0; q < QUERIES; q++) {
        assert_int_equal(right[q].status, FRAI_OK);
        assert_true(right[q].count > 0 || q == 3);
    }
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    char segment[4096], manifest[4096];
    snprintf(segment, sizeof segment, "%s", segment_path(dir));
    snprintf(manifest, sizeof manifest, "%s/MANIFEST-0000000001", dir);
    damage_file(dir, segment);
    damage_file(dir, manifest);
    printf("%lu damaged indexes tried\n", tried);
}

static void ask_words(const char *dir)
{
    static struct answer got[QUERIES];
    ask(dir, got);
}

/* k1, b and the average length, as they stand in the footer, become what no index has. */
static void change_floats(unsigned char *data, size_t len)
{
    static const frai_writer_options usual = FRAI_WRITER_OPTIONS_INIT;
    static const float odd[] = {NAN, INFINITY, -1, 0, FLT_MIN, FLT_MIN / 1024, FLT_MAX, 999, 1e-9f};
    const float texts[] = {FR_IMPACT_K1, FR_IMPACT_B}, terms[] = {usual.k1, usual.b};
    unsigned char *at = memmem(data, len, texts, sizeof texts);
    if (!at) at = memmem(data, len, terms, sizeof terms);
    assert_non_null(at);
    for (int i = 0; i < 3; i++)
        if (rnd_below(2)) memcpy(at + 4 * i, &odd[rnd_below(sizeof odd / sizeof *odd)], 4);
}

static size_t positions_at, positions_len; /* of the section in the file */

static void change_positions(unsigned char *data, size_t len)
{
    (void)len;
    for (uint64_t n = 1 + rnd_below(positions_len); n > 0; n--)
        data[positions_at + rnd_below(positions_len)] = (unsigned char)rnd();
}

static void ask_one_word(const char *dir)
{
    frai_index *index;
    frai_searcher *s;
    frai_error err;
    struct hit hits[5];
    uint32_t count;
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    o.limit = 5;
    if (frai_index_open(dir, NULL, &index, &err) != FRAI_OK) return;
    if (frai_searcher_create(index, &s, &err) == FRAI_OK) {
        find_hits(s, frai_slice_of("투자"), &o, hits, &count, &err);
        frai_searcher_destroy(s);
    }
    frai_index_close(index);
}

/* Those that bounds of the ranking trust in need not ascend. */
static void forged_positions_are_damage_or_places(void **unused)
{
    (void)unused;
    enum { N = 60 };
    static const char *const words[] = {"미스트랄", "투자", "투자비", "병원"};
    static char texts[N][400 * 14];
    const char *bodies[N], *dir = temp_dir();
    struct fr_segment seg;
    for (int i = 0; i < N; i++) {
        size_t n = 0;
        for (uint64_t k = 1 + rnd_below(1 + rnd_below(400)); k-- > 0;)
            n += (size_t)sprintf(texts[i] + n, "%s ", words[rnd_below(4)]);
        bodies[i] = texts[i];
    }
    build_bodies(dir, NULL, bodies, N);
    assert_ok(fr_segment_open(&seg, segment_path(dir), "seg", fr_allocator_or_libc(NULL), &error_));
    positions_at = (size_t)(seg.sections[FR_SECTION_POSITIONS].data - seg.map.data);
    positions_len = (size_t)seg.sections[FR_SECTION_POSITIONS].len;
    fr_segment_close(&seg);
    forge(dir, full_run() ? 10000 : 200, change_positions, ask_one_word);
}

static void forged_files_are_never_read_outside(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    int rounds = full_run() ? 40000 : 600;
    make_index(dir);
    forge(dir, rounds, change_bytes, ask_words);
    forge(dir, rounds / 8, change_floats, ask_words);
    forge(dir, rounds / 4, change_bytes, change_copy);
    printf("%d forged indexes tried\n", rounds);
}

#define DENSE_DOCS 9000

/* Terms t0, t1, ... each in two of three documents of the one before, some of them often: postings
 * in every form. */
static void make_dense_index(const char *dir)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *writer;
    o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
    assert_ok(frai_writer_open(dir, &o, &writer, &error_));
    for (int d = 0; d < DENSE_DOCS; d++) {
        char body[2000];
        size_t n = 0;
        double share = 1;
        for (int t = 0; t < 16; t++, share *= 0.66) {
            if ((double)rnd_below(1000000) >= share * 1000000) continue;
            for (uint64_t tf = rnd_below(6) ? 1 : 1 + rnd_below(24); tf > 0; tf--)
                n += (size_t)sprintf(body + n, "t%d ", t);
        }
        add_body(writer, (size_t)d, (frai_slice){body, n});
    }
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
}

static void ask_terms(const char *dir)
{
    static const char *const terms[] = {"t0 t1", "t9 t10 t2", "t3 t3 t4", "t12 t0", "t10"};
    frai_index *index;
    frai_searcher *s;
    frai_error err;
    if (frai_index_open(dir, NULL, &index, &err) != FRAI_OK) return;
    if (frai_searcher_create(index, &s, &err) == FRAI_OK) {
        for (int mode = FRAI_TERMS_OR; mode <= FRAI_TERMS_OR_TOP_COUNT; mode++) {
            struct hit hits[10];
            uint32_t n;
            uint64_t total;
            frai_slice query = frai_slice_of(terms[rnd_below(sizeof terms / sizeof *terms)]);
            find_terms(s, query, (frai_terms_mode)mode, 10, hits, &n, &total, &err);
        }
        frai_searcher_destroy(s);
    }
    frai_index_close(index);
}

static void forged_dense_postings_are_never_read_outside(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    make_dense_index(dir);
    forge(dir, full_run() ? 20000 : 150, change_bytes, ask_terms);
    forge(dir, full_run() ? 2000 : 50, change_floats, ask_terms);
    forge(dir, full_run() ? 4000 : 30, change_bytes, change_copy);
}

/* Every query in every mode. */
#define TERM_QUERIES 4
#define TERM_MODES   (FRAI_TERMS_OR_TOP_COUNT + 1)

struct term_answer {
    frai_status status;
    uint32_t count;
    uint64_t total;
    struct hit hits[10];
};

static void answer_terms(const char *dir, struct term_answer answers[TERM_QUERIES][TERM_MODES])
{
    static const char *const terms[TERM_QUERIES] = {"t13 t2", "t0 t1", "t0 t1 t14", "t12"};
    frai_index *index;
    frai_searcher *s = NULL;
    frai_error err;
    memset(answers, 0, TERM_QUERIES * sizeof *answers);
    frai_status status = frai_index_open(dir, NULL, &index, &err);
    if (status == FRAI_OK) {
        status = frai_searcher_create(index, &s, &err);
        if (status != FRAI_OK) frai_index_close(index);
    }
    for (int q = 0; q < TERM_QUERIES; q++)
        for (int mode = 0; mode < TERM_MODES; mode++) {
            struct term_answer *a = &answers[q][mode];
            a->status = status != FRAI_OK
                            ? status
                            : find_terms(s, frai_slice_of(terms[q]), (frai_terms_mode)mode, 10,
                                         a->hits, &a->count, &a->total, &err);
        }
    if (status != FRAI_OK) return;
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* Inverts a span of the segment at a time: postings of every form, and the norms of some of the
 * documents that are scored. */
static void inverted_spans_give_errors_or_right_answers(void **unused)
{
    (void)unused;
    enum { SPAN = 512 };
    static struct term_answer good[TERM_QUERIES][TERM_MODES], got[TERM_QUERIES][TERM_MODES];
    const char *dir = temp_dir();
    char segment[4096];
    size_t len, errors = 0;
    make_dense_index(dir);
    snprintf(segment, sizeof segment, "%s", segment_path(dir));
    unsigned char *data = read_file(segment, &len);
    answer_terms(dir, good);
    for (int q = 0; q < TERM_QUERIES; q++)
        for (int mode = 0; mode < TERM_MODES; mode++) {
            assert_int_equal(good[q][mode].status, FRAI_OK);
            assert_true(mode == FRAI_TERMS_PHRASE || good[q][mode].count || good[q][mode].total);
        }
    for (size_t at = 0; at < len; at += SPAN) {
        size_t end = at + SPAN < len ? at + SPAN : len;
        for (size_t i = at; i < end; i++) data[i] ^= 0xFF;
        write_file(segment, data, len);
        for (size_t i = at; i < end; i++) data[i] ^= 0xFF;
        answer_terms(dir, got);
        for (int q = 0; q < TERM_QUERIES; q++)
            for (int mode = 0; mode < TERM_MODES; mode++) {
                const struct term_answer *a = &got[q][mode], *g = &good[q][mode];
                errors += a->status != FRAI_OK;
                if (a->status == FRAI_OK && (a->count != g->count || a->total != g->total ||
                                             memcmp(a->hits, g->hits, sizeof a->hits) != 0))
                    fail_msg("inverted at %zu: a wrong answer, query %d mode %d", at, q, mode);
            }
    }
    assert_true(errors > 0);
    free(data);
}

/* ---- what an error names ---- */

#define MANY_DOCS 1500

static void make_large_index(const char *dir)
{
    static char texts[MANY_DOCS][300];
    static const char *bodies[MANY_DOCS];
    for (int i = 0; i < MANY_DOCS; i++) {
        snprintf(
            texts[i], sizeof texts[i],
            "프랑스 AI 스타트업 미스트랄%d 투자. 서울 대학교 병원 비 models %d spending 번호%llu "
            "글%llu 끝%llu. 비가 온다 %llu",
            i % 7, i * 37 % 11, (unsigned long long)rnd_below(1000000),
            (unsigned long long)rnd_below(1000000), (unsigned long long)rnd_below(1000000),
            (unsigned long long)rnd_below(3000));
        bodies[i] = texts[i];
    }
    build_bodies(dir, NULL, bodies, MANY_DOCS);
}

/* The section in parentheses. */
static frai_slice section_named(const frai_error *err)
{
    const char *begin = strchr(err->message, '('), *end = begin ? strchr(begin, ')') : NULL;
    if (!end) fail_msg("no section is named: %s", err->message);
    return (frai_slice){begin + 1, (size_t)(end - begin - 1)};
}

/* Searches and looks at hits; how many of the calls failed, each naming that section. */
static int failures_naming(const char *dir, frai_slice section)
{
    static const char *const asked[] = {"미스트랄 투자", "\"프랑스 AI\"", "비",   "models -서울",
                                        "대학교병원",    "\"병원. 비\"",  "투쟈", "spending"};
    frai_index *index;
    frai_searcher *s;
    frai_error err;
    int failures = 0;
    assert_ok(frai_index_open(dir, NULL, &index, &err));
    assert_ok(frai_searcher_create(index, &s, &err));
    for (size_t q = 0; q < 2 * (sizeof asked / sizeof *asked); q++) {
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        const frai_results *results;
        frai_slice text;
        o.rank = q % 2 ? FRAI_RANK_BM25 : FRAI_RANK_DEFAULT;
        frai_status status = frai_search(s, frai_slice_of(asked[q / 2]), &o, &results, &err);
        if (status == FRAI_OK && frai_results_count(results))
            status = frai_searcher_read_field(s, frai_results_doc(results, 0),
                                              frai_slice_of("body"), &text, &err);
        if (status == FRAI_OK) continue;
        failures++;
        frai_slice named = section_named(&err);
        assert_int_equal(status, FRAI_ERR_CORRUPT);
        if (named.len != section.len || memcmp(named.ptr, section.ptr, section.len) != 0)
            fail_msg("'%s': %s, but check names %.*s", asked[q / 2], err.message, (int)section.len,
                     section.ptr);
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
    return failures;
}

static void a_search_names_the_section_that_check_names(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    char path[4096];
    struct fr_segment seg;
    size_t len, named = 0;
    uint64_t at[FR_SECTION_LIMIT];
    make_large_index(dir);
    snprintf(path, sizeof path, "%s", segment_path(dir));
    unsigned char *data = read_file(path, &len);
    assert_ok(fr_segment_open(&seg, path, "segment", fr_allocator_or_libc(NULL), &error_));
    for (int id = 1; id < FR_SECTION_LIMIT; id++) {
        uint64_t bytes = seg.sections[id].len;
        at[id] = bytes ? (uint64_t)(seg.sections[id].data - seg.map.data) + rnd_below(bytes) : 0;
    }
    fr_segment_close(&seg);
    for (int id = 1; id < FR_SECTION_LIMIT; id++) {
        if (!at[id]) continue;
        frai_error err;
        data[at[id]] ^= 0x55;
        write_file(path, data, len);
        data[at[id]] ^= 0x55;
        assert_int_equal(frai_index_check(dir, NULL, NULL, &err), FRAI_ERR_CORRUPT);
        named += failures_naming(dir, section_named(&err)) > 0;
    }
    if (named < 10) fail_msg("damage was met in %zu sections only", named);
    free(data);
}

/* ---- notes ---- */

static int open_no_note(const char *path, int flags, mode_t mode)
{
    if (!strstr(path, "/note-")) return fr_io_system.open(path, flags, mode);
    errno = EACCES;
    return -1;
}

static int count_files(void *ctx, const char *name, frai_slice bytes)
{
    (void)name;
    (void)bytes;
    ++*(int *)ctx;
    return 0;
}

/* Gone, cut, changed, something else or locked away: it is told, the writer goes on, and the next
 * commit has another. */
static void a_note_that_can_not_be_read_is_told(void **unused)
{
    (void)unused;
    static const char *const body = "투자";
    for (int kind = 0; kind < 5; kind++) {
        const char *dir = temp_dir();
        char *name = path_in(dir, "note-0000000001");
        struct fr_io io = fr_io_system;
        frai_writer *b;
        frai_index *index;
        frai_slice note;
        int files = 0;
        assert_ok(frai_writer_open(dir, NULL, &b, &error_));
        add_body(b, 1, frai_slice_of(body));
        assert_ok(frai_writer_set_user_data(b, frai_slice_of("적바림"), &error_));
        assert_ok(frai_writer_commit(b, &error_));
        if (kind < 4) assert_int_equal(unlink(name), 0);
        if (kind == 1) write_file(name, "적", 3);
        if (kind == 2) write_file(name, "적바라", 9);
        if (kind == 3) assert_int_equal(mkdir(name, 0777), 0);
        io.open = open_no_note;
        if (kind == 4) fr_io_install(&io);
        frai_status wanted = kind == 4 ? FRAI_ERR_IO : FRAI_ERR_CORRUPT;
        assert_int_equal(frai_writer_user_data(b, &note, &error_), wanted);
        assert_int_equal(note.len, 0);
        assert_non_null(strstr(error_.message, "note-0000000001"));
        assert_int_equal(frai_writer_user_data(b, &note, NULL), wanted);
        assert_int_equal(frai_index_check(dir, NULL, NULL, &error_), wanted);
        fr_io_install(NULL);
        assert_ok(frai_index_open(dir, NULL, &index, &error_));
        frai_status status = frai_index_export(index, count_files, &files, &error_);
        assert_int_equal(status, kind == 0 || kind == 4 ? FRAI_OK : FRAI_ERR_CORRUPT);
        if (status == FRAI_OK) assert_int_equal(files, kind == 0 ? 2 : 3);
        frai_index_close(index);
        add_body(b, 2, frai_slice_of(body));
        assert_ok(frai_writer_set_user_data(b, frai_slice_of("다른 것"), &error_));
        assert_ok(frai_writer_commit(b, &error_));
        assert_ok(frai_writer_user_data(b, &note, &error_));
        assert_int_equal(note.len, strlen("다른 것"));
        frai_writer_close(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flipped_and_truncated_files_give_errors_or_right_answers),
        cmocka_unit_test(forged_positions_are_damage_or_places),
        cmocka_unit_test(forged_files_are_never_read_outside),
        cmocka_unit_test(forged_dense_postings_are_never_read_outside),
        cmocka_unit_test(inverted_spans_give_errors_or_right_answers),
        cmocka_unit_test(a_search_names_the_section_that_check_names),
        cmocka_unit_test(a_note_that_can_not_be_read_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
