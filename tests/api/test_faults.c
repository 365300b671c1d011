/* Every allocation and every system call fails once: a clean error, the committed index intact. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "support/faults.h"
#include "support/search.h"
#include "support/support.h"

static struct failing_memory memory = {.left = -1};
static frai_allocator failing = {NULL, NULL}; /* of it */
static frai_error *told = &error_;            /* or NULL, which every call takes */

static frai_status build_few(const char *dir, const frai_allocator *mem, const char *word,
                             int append)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    o.allocator = mem;
    o.mode = append ? FRAI_OPEN_OR_CREATE : FRAI_REPLACE;
    o.reorder = append; /* goes the way of the others after one of its own */
    frai_status status = frai_writer_open(dir, &o, &b, told);
    for (int i = 0; status == FRAI_OK && i < 20; i++) {
        char id[16], body[100];
        snprintf(id, sizeof id, "%s%d", word, i);
        snprintf(body, sizeof body, "%s 투자 model %d 비", word, i);
        frai_document d = {.struct_size = sizeof d,
                           .id = frai_slice_of(id),
                           .title = frai_slice_of("제목"),
                           .body = frai_slice_of(body)};
        status = frai_writer_add(b, &d, told);
    }
    if (status == FRAI_OK) status = frai_writer_commit(b, told);
    frai_writer_close(b);
    return status;
}

/* Every way of changing an index at once: it deletes by id and by path, adds, notes, commits a
 * segment that makes others merge, deletes of what is being merged, and compacts. */
static frai_status change_few(const char *dir, const frai_allocator *mem, uint32_t threads)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    frai_slice note;
    o.allocator = mem;
    o.mode = FRAI_OPEN_OR_CREATE;
    o.threads = threads;
    frai_status status = frai_writer_open(dir, &o, &b, told);
    if (status == FRAI_OK) status = frai_writer_user_data(b, &note, told);
    if (status == FRAI_OK) status = frai_writer_delete(b, frai_slice_of("1"), told);
    if (status == FRAI_OK) status = frai_writer_delete_path(b, frai_slice_of("셋"), told);
    for (int i = 0; status == FRAI_OK && i < 3; i++) {
        char id[16];
        snprintf(id, sizeof id, "새%d", i);
        frai_document d = {.struct_size = sizeof d,
                           .id = frai_slice_of(id),
                           .path = frai_slice_of("셋"),
                           .body = frai_slice_of("다음 투자 소식")};
        status = frai_writer_add(b, &d, told);
    }
    if (status == FRAI_OK) status = frai_writer_set_user_data(b, frai_slice_of("적바림"), told);
    if (status == FRAI_OK) status = frai_writer_commit(b, told);
    if (status == FRAI_OK) status = frai_writer_delete(b, frai_slice_of("2"), told);
    if (status == FRAI_OK) status = frai_writer_wait(b, told);
    if (status == FRAI_OK) status = frai_writer_commit(b, told);
    if (status == FRAI_OK) status = frai_writer_wait(b, told);
    if (status == FRAI_OK) status = frai_writer_compact(b, told);
    if (status == FRAI_OK) status = frai_writer_commit(b, told);
    frai_writer_close(b);
    return status;
}

enum { PARTS = 7, DAMAGED = 4, DAMAGED_WORDS = 1500 };

/* An index that another segment makes merge; each part has a document whose path goes. */
static const char *index_of_parts(void)
{
    const char *dir = temp_dir();
    for (int part = 0; part < PARTS; part++) {
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        frai_writer *b;
        o.mode = part > 0 ? FRAI_OPEN_OR_CREATE : FRAI_REPLACE;
        assert_ok(frai_writer_open(dir, &o, &b, &error_));
        for (int i = 0; i < 5; i++) {
            char id[16], body[64];
            snprintf(id, sizeof id, "%d", part * 5 + i);
            snprintf(body, sizeof body, "처음 투자 model %d", i);
            frai_document d = {.struct_size = sizeof d,
                               .id = frai_slice_of(id),
                               .path = frai_slice_of(i == 3 ? "셋" : "하나"),
                               .body = frai_slice_of(body)};
            assert_ok(frai_writer_add(b, &d, &error_));
        }
        assert_ok(frai_writer_commit(b, &error_));
        frai_writer_close(b);
    }
    return dir;
}

static int copy_file(void *ctx, const char *name, frai_slice bytes)
{
    write_file(path_in(ctx, name), bytes.ptr, bytes.len);
    return 0;
}

/* A copy to try a change on. */
static const char *copy_of(const char *dir)
{
    const char *copy = temp_dir();
    frai_index *index;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_index_export(index, copy_file, (void *)(uintptr_t)copy, &error_));
    frai_index_close(index);
    return copy;
}

/* The documents of before, of after the first commit or of after the second; these if the change
 * was acknowledged. */
static void assert_old_or_new(const char *dir, frai_status status)
{
    frai_index *index;
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    uint64_t documents = frai_index_document_count(index);
    frai_index_close(index);
    const uint64_t first = PARTS * 4 - 1 + 3;
    assert_true(documents == first - 1 ||
                (status != FRAI_OK && (documents == PARTS * 5 || documents == first)));
}

static int pass_over(void *ctx, const frai_dump_entry *entry)
{
    (void)ctx;
    (void)entry;
    return 0;
}

static int pass_over_file(void *ctx, const char *name, frai_slice bytes)
{
    (void)ctx;
    (void)name;
    (void)bytes;
    return 0;
}

/* All that can be asked of a searcher, of a hit or of its index. */
static frai_status ask_all(frai_index *index, frai_searcher *s, frai_slice query,
                           const frai_search_options *o, struct hit *hits, uint32_t *count)
{
    static const frai_slice words = {"투자, 돈", sizeof "투자, 돈" - 1};
    frai_passage passage = FRAI_PASSAGE_INIT;
    frai_slice text;
    const frai_explanation *e;
    const frai_diagnosis *d;
    const frai_query_plan *plan;
    uint64_t doc, total;
    uint32_t terms;
    struct hit term_hits[4];
    char note[16];
    size_t len;
    const frai_slice body = frai_slice_of("body");
    frai_index_stats stats = FRAI_INDEX_STATS_INIT;
    FR_TRY(frai_searcher_set_synonyms(s, words, told));
    FR_TRY(find_hits(s, query, o, hits, count, told));
    if (*count == 0) return FRAI_OK;
    FR_TRY(frai_searcher_read_field(s, hits[0].doc, frai_slice_of("id"), &text, told));
    FR_TRY(frai_index_find(index, text, &doc, told));
    FR_TRY(frai_searcher_read_field(s, hits[0].doc, body, &text, told));
    FR_TRY(frai_searcher_make_passage(s, hits[0].doc, body, 40, &passage, told));
    FR_TRY(frai_searcher_explain(s, hits[0].doc, &e, told));
    FR_TRY(frai_searcher_describe_plan(s, &plan, told));
    FR_TRY(frai_searcher_diagnose(s, frai_slice_of("없음 투자"), o, hits[0].doc, &d, told));
    FR_TRY(find_terms(s, frai_slice_of("투자 소식"), FRAI_TERMS_OR_TOP_COUNT, 4, term_hits, &terms,
                      &total, told));
    FR_TRY(frai_index_user_data(index, note, sizeof note, &len, told));
    FR_TRY(frai_index_read_stats(index, &stats, told));
    FR_TRY(frai_index_dump(index, FRAI_DUMP_POSTINGS, pass_over, NULL, told));
    return frai_index_export(index, pass_over_file, NULL, told);
}

static frai_status search_few(const char *dir, const frai_allocator *mem, const char *query,
                              uint32_t *count)
{
    frai_open_options o = FRAI_OPEN_OPTIONS_INIT;
    frai_index *index;
    frai_searcher *s;
    struct hit hits[50];
    frai_search_options so = FRAI_SEARCH_OPTIONS_INIT;
    *count = 0;
    so.limit = 50;
    o.allocator = mem;
    frai_status status = frai_index_open(dir, &o, &index, told);
    if (status != FRAI_OK) return status;
    status = frai_searcher_create(index, &s, told);
    if (status == FRAI_OK) status = ask_all(index, s, frai_slice_of(query), &so, hits, count);
    frai_searcher_destroy(s);
    frai_index_close(index);
    return status;
}

static void every_allocation_of_a_build_may_fail(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    uint32_t count;
    memory.left = -1;
    assert_ok(build_few(dir, NULL, "처음", 0));
    long n = 0;
    uint32_t committed = 0; /* documents that a build reported as done; later ones replace them */
    for (bool reached = true; reached; n++) {
        memory.left = n;
        told = n % 2 ? NULL : &error_;
        frai_status status = build_few(dir, &failing, "다음", 1);
        told = &error_;
        reached = memory.left < 0;
        assert_int_equal(memory.held, 0);
        memory.left = -1;
        /* sweeping old files may run out of memory and leave them for the next time */
        if (status == FRAI_OK)
            committed = 20;
        else
            assert_int_equal(status, FRAI_ERR_MEMORY);
        assert_ok(search_few(dir, NULL, "처음", &count));
        assert_int_equal(count, 20);
        assert_ok(search_few(dir, NULL, "다음", &count));
        assert_int_equal(count, committed);
    }
    assert_true(n > 50);
    assert_true(committed > 0);
    printf("%ld allocations failed in turn\n", n - 1);
}

static void every_allocation_of_a_change_may_fail(void **unused)
{
    (void)unused;
    const char *dir = index_of_parts();
    for (uint32_t threads = 1; threads <= 2; threads++) { /* two: merges have one of their own */
        long n = 0;
        for (bool reached = true; reached; n++) {
            const char *copy = copy_of(dir);
            memory.left = n;
            told = n % 2 ? NULL : &error_;
            frai_status status = change_few(copy, &failing, threads);
            told = &error_;
            reached = memory.left < 0;
            assert_int_equal(memory.held, 0);
            memory.left = -1;
            if (status != FRAI_OK && status != FRAI_ERR_MEMORY)
                fail_msg("allocation %ld: %s", n, error_.message);
            assert_old_or_new(copy, status);
            remove_tree(copy);
        }
        assert_true(n > 200);
        printf("%ld allocations of a change with %u threads failed in turn\n", n - 1, threads);
    }
}

/* Three segments, so large that what documents are lies on other pages than the first terms. */
static const char *index_to_damage(void)
{
    const char *dir = temp_dir();
    static char body[DAMAGED_WORDS * 8 + 16];
    for (size_t part = 0; part < 3; part++) {
        frai_writer *b;
        assert_ok(frai_writer_open(dir, NULL, &b, &error_));
        for (size_t i = 0; i < DAMAGED; i++) {
            char *at = body;
            for (int n = 0; n < DAMAGED_WORDS; n++)
                at += sprintf(at, " m%d", (int)rnd_below(1000000));
            add_body(b, part * DAMAGED + i, frai_slice_of(body));
        }
        assert_ok(frai_writer_commit(b, &error_));
        frai_writer_close(b);
    }
    return dir;
}

static void damage(const char *dir, const char *name, uint64_t at)
{
    size_t len;
    char *path = path_in(dir, name);
    unsigned char *bytes = read_file(path, &len);
    for (size_t i = at; i < at + 64 && i < len; i++) bytes[i] ^= 0x55;
    write_file(path, bytes, len);
    free(bytes);
}

/* Later calls of a writer that is spent tell why. */
static frai_status repair_few(const char *dir, frai_repair_stats *stats)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    o.allocator = &failing;
    frai_status status = frai_writer_open(dir, &o, &b, told);
    if (status != FRAI_OK) return status;
    status = frai_writer_repair(b, NULL, NULL, stats, told);
    if (status != FRAI_OK) {
        assert_int_equal(frai_writer_repair(b, NULL, NULL, stats, told), status);
        assert_int_equal(frai_writer_rollback(b, told), status);
        assert_int_equal(frai_writer_commit(b, told), status);
    }
    if (status == FRAI_OK) status = frai_writer_commit(b, told);
    frai_writer_close(b);
    return status;
}

static void every_allocation_of_a_repair_may_fail(void **unused)
{
    (void)unused;
    const char *dir = index_to_damage();
    long n = 0;
    for (bool reached = true; reached; n++) {
        const char *copy = copy_of(dir);
        frai_repair_stats stats = FRAI_REPAIR_STATS_INIT;
        frai_index *index;
        damage(copy, "seg-0000000000.frai", 100);
        damage(copy, "seg-0000000001.frai", 0);
        memory.left = n;
        told = n % 2 ? NULL : &error_;
        frai_status status = repair_few(copy, &stats);
        reached = memory.left < 0;
        told = &error_;
        assert_int_equal(memory.held, 0);
        memory.left = -1;
        if (status == FRAI_OK) {
            assert_int_equal(stats.segments_damaged, 2);
            assert_int_equal(stats.segments_lost, 1);
            assert_int_equal(stats.documents, DAMAGED);
            assert_ok(frai_index_check(copy, NULL, NULL, &error_));
            assert_ok(frai_index_open(copy, NULL, &index, &error_));
            assert_int_equal(frai_index_document_count(index), 2 * DAMAGED);
            frai_index_close(index);
        } else {
            assert_int_equal(status, FRAI_ERR_MEMORY);
            /* What came through although it failed is whole. */
            status = frai_index_check(copy, NULL, NULL, &error_);
            assert_true(status == FRAI_OK || status == FRAI_ERR_CORRUPT);
        }
        remove_tree(copy);
    }
    assert_true(n > 100);
    printf("%ld allocations of a repair failed in turn\n", n - 1);
}

static void every_allocation_of_a_search_may_fail(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    static const char *const queries[] = {"처음 투자", "비", "\"투자 model\" -없음"};
    assert_ok(build_few(dir, NULL, "처음", 0));
    for (int q = 0; q < 3; q++) {
        long n = 0;
        for (;; n++) {
            uint32_t count;
            memory.left = n;
            told = n % 2 ? NULL : &error_;
            frai_status status = search_few(dir, &failing, queries[q], &count);
            told = &error_;
            assert_int_equal(memory.held, 0);
            if (status == FRAI_OK) {
                assert_int_equal(count, 20);
                break;
            }
            if (status != FRAI_ERR_MEMORY) fail_msg("allocation %ld: %s", n, error_.message);
        }
        assert_true(n > 10);
    }
    memory.left = -1;
}

#define SEARCHER_MOST (64ll << 20)

/* Whatever is asked, a searcher keeps to its memory. */
static void absurd_queries_take_little_memory(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer_options bo = FRAI_WRITER_OPTIONS_INIT;
    frai_open_options o = FRAI_OPEN_OPTIONS_INIT;
    frai_writer *b;
    frai_index *index;
    frai_searcher *s;
    memory.left = -1;
    assert_ok(frai_writer_open(dir, &bo, &b, &error_));
    for (size_t i = 0; i < 20000; i++) {
        char body[256];
        snprintf(body, sizeof body, "가나다라 %zu 투자 소식 model%zu 서울 %zu월 미스트랄", i,
                 i % 977, i % 12);
        add_body(b, i, frai_slice_of(body));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    o.allocator = &failing;
    assert_ok(frai_index_open(dir, &o, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    memory.most = 0;
    char *query = malloc(1 << 20);
    for (int kind = 0; kind < 6; kind++) {
        size_t n = 0;
        while (n < (1 << 20) - 64) {
            uint64_t word = rnd();
            if (kind == 0) n += (size_t)sprintf(query + n, "가");
            if (kind == 1) n += (size_t)sprintf(query + n, "가 나 ");
            if (kind == 2) n += (size_t)sprintf(query + n, "model%d ", (int)(word % 977));
            if (kind == 3) n += (size_t)sprintf(query + n, "-%d월 ", (int)(word % 12));
            if (kind == 4)
                n += (size_t)sprintf(query + n, "\"투자 소식 %d\" ", (int)(word % 20000));
            if (kind == 5) n += (size_t)sprintf(query + n, "%c", (char)(1 + word % 255));
        }
        frai_search_options so = FRAI_SEARCH_OPTIONS_INIT;
        struct hit hits[10];
        uint32_t count;
        so.flags = FRAI_SEARCH_FUZZY | FRAI_SEARCH_PREFIX | FRAI_SEARCH_COUNT_EXACT;
        frai_status status = find_hits(s, (frai_slice){query, n}, &so, hits, &count, &error_);
        assert_true(status == FRAI_OK || status == FRAI_ERR_ARGUMENT || status == FRAI_ERR_SYNTAX);
    }
    free(query);
    frai_searcher_destroy(s);
    frai_index_close(index);
    assert_int_equal(memory.held, 0);
    assert_in_range(memory.most, 1, SEARCHER_MOST);
    printf("absurd queries tried, with %lld KiB of memory\n", memory.most / 1024);
}

/* ---- system calls ---- */

static const int errors[] = {EIO, ENOSPC, EMFILE, EINTR, ENOMEM, 0};
enum { ERRORS = sizeof errors / sizeof *errors };

/* Calls from the n-th on, at most `step` apart, until there are no more; how many were tried. */
static long fail_calls_of_a_change(const char *dir, uint32_t threads, uint64_t step)
{
    long tried = 0;
    bool reached = true;
    for (long n = 0; reached; n += 1 + (long)rnd_below(step), tried++) {
        const char *copy = copy_of(dir);
        failing_calls_install(&fr_io_system);
        failing_calls_left = n;
        told = tried % 2 ? NULL : &error_;
        frai_status status = change_few(copy, NULL, threads);
        told = &error_;
        reached = failing_calls_left < 0;
        failing_calls_left = -1;
        fr_io_install(NULL);
        if (failing_calls_errno == 0) assert_int_equal(status, FRAI_OK);
        assert_old_or_new(copy, status);
        remove_tree(copy);
    }
    return tried;
}

static void every_system_call_of_a_change_may_fail(void **unused)
{
    (void)unused;
    const char *dir = index_of_parts();
    for (uint32_t threads = 1; threads <= 2; threads++) { /* two: merges have one of their own */
        long tried = 0;
        for (size_t e = 0; e < ERRORS; e++) {
            failing_calls_errno = errors[e];
            tried += fail_calls_of_a_change(dir, threads, full_run() ? 1 : 4);
        }
        printf("%ld system calls of a change with %u threads failed in turn\n", tried, threads);
    }
}

static frai_status compact(const char *dir)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    o.mode = FRAI_OPEN_OR_CREATE;
    frai_status status = frai_writer_open(dir, &o, &b, &error_);
    if (status == FRAI_OK) status = frai_writer_compact(b, &error_);
    if (status == FRAI_OK) status = frai_writer_commit(b, &error_);
    frai_writer_close(b);
    return status;
}

/* Without stored text compacting is a merge; one that is asked for may not be left undone. */
static void compacting_without_room_is_told(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    const char *bodies[] = {"프랑스 투자", "미스트랄", "서울 소식"};
    long failed = 0;
    o.store_text = 0;
    failing_calls_errno = ENOSPC;
    o.mode = FRAI_REPLACE;
    for (size_t n = 3; n > 0; n--, o.mode = FRAI_OPEN_OR_CREATE) build_bodies(dir, &o, bodies, n);
    for (bool reached = true; reached;) {
        static long n;
        const char *copy = copy_of(dir);
        frai_index *index;
        frai_index_stats s = FRAI_INDEX_STATS_INIT;
        failing_calls_install(&fr_io_system);
        failing_calls_left = n++;
        frai_status status = compact(copy);
        reached = failing_calls_left < 0;
        failing_calls_left = -1;
        fr_io_install(NULL);
        assert_ok(frai_index_check(copy, NULL, NULL, &error_));
        assert_ok(frai_index_open(copy, NULL, &index, &error_));
        assert_ok(frai_index_read_stats(index, &s, &error_));
        frai_index_close(index);
        assert_int_equal(s.documents, 3);
        if (status == FRAI_OK) assert_int_equal(s.segments, 1);
        failed += status != FRAI_OK;
        remove_tree(copy);
    }
    assert_true(failed > 10);
}

static void every_system_call_may_fail(void **unused)
{
    (void)unused;
    long tried = 0;
    for (size_t e = 0; e < ERRORS; e++) {
        const char *dir = temp_dir();
        uint32_t count;
        failing_calls_errno = errors[e];
        failing_calls_left = -1;
        assert_ok(build_few(dir, NULL, "처음", 0));
        for (long n = 0;; n++, tried++) {
            failing_calls_install(&fr_io_system);
            failing_calls_left = n;
            frai_status status = build_few(dir, NULL, "다음", 1);
            bool reached = failing_calls_left < 0;
            failing_calls_left = -1;
            fr_io_install(NULL);
            assert_ok(search_few(dir, NULL, "처음", &count));
            assert_int_equal(count, 20);
            assert_ok(search_few(dir, NULL, "다음", &count));
            /* not reported as done: all of it or nothing; reported: all of it, once */
            assert_true(count == 20 || (count == 0 && status != FRAI_OK));
            if (failing_calls_errno == 0) assert_int_equal(status, FRAI_OK);
            if (!reached) break;
        }
    }
    printf("%ld system calls failed in turn\n", tried);
}

int main(void)
{
    failing = failing_allocator(&memory);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_a_build_may_fail),
        cmocka_unit_test(every_allocation_of_a_search_may_fail),
        cmocka_unit_test(every_allocation_of_a_repair_may_fail),
        cmocka_unit_test(every_system_call_may_fail),
        cmocka_unit_test(compacting_without_room_is_told),
        cmocka_unit_test(absurd_queries_take_little_memory),
        cmocka_unit_test(every_allocation_of_a_change_may_fail),
        cmocka_unit_test(every_system_call_of_a_change_may_fail),
    };
    stay_in_memory();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
