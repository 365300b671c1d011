/* What opening for writing finds, makes, keeps and refuses. */
#include <sys/stat.h>
#include <unistd.h>

#include "support/support.h"

static const char *const bodies[] = {"프랑스 투자", "미스트랄", "서울 소식"};

static uint64_t documents_in(const char *dir)
{
    frai_index *index;
    if (frai_index_open(dir, NULL, &index, &error_) != FRAI_OK) return 0;
    uint64_t n = frai_index_document_count(index);
    frai_index_close(index);
    return n;
}

static frai_status open_as(const char *dir, frai_open_mode mode, frai_writer **b)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    o.mode = mode;
    return frai_writer_open(dir, &o, b, &error_);
}

static void defaults_keep_what_is_there(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer *b;
    build_bodies(dir, NULL, bodies, 3);
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    assert_ok(frai_writer_delete(b, frai_slice_of("1"), &error_));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_int_equal(documents_in(dir), 2);
}

static void an_existing_index_is_never_made(void **unused)
{
    (void)unused;
    const char *dir = temp_dir(), *none = path_in(dir, "none");
    frai_writer *b;
    assert_int_equal(open_as(none, FRAI_OPEN_EXISTING, &b), FRAI_ERR_NOT_FOUND);
    assert_null(b);
    assert_int_not_equal(access(none, F_OK), 0);
    assert_int_equal(open_as(dir, FRAI_OPEN_EXISTING, &b), FRAI_ERR_NOT_FOUND);
    assert_int_equal(rmdir(dir), 0); /* not even a lock is in it */
    build_bodies(dir, NULL, bodies, 3);
    assert_ok(open_as(dir, FRAI_OPEN_EXISTING, &b));
    frai_writer_close(b);
    assert_int_equal(documents_in(dir), 3);
}

static void a_new_index_replaces_none(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer *b;
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    o.mode = FRAI_CREATE_ONLY;
    build_bodies(dir, &o, bodies, 3);
    assert_int_equal(open_as(dir, FRAI_CREATE_ONLY, &b), FRAI_ERR_EXISTS);
    assert_int_equal(documents_in(dir), 3);
    write_file(path_in(dir, "MANIFEST-0000000001"), "FRAIMAN\nxxxxxxxxxxxxxxxxxxxx", 28);
    assert_int_equal(open_as(dir, FRAI_CREATE_ONLY, &b), FRAI_ERR_EXISTS);
    assert_int_equal(open_as(dir, FRAI_OPEN_OR_CREATE, &b), FRAI_ERR_CORRUPT);
    assert_int_equal(open_as(dir, FRAI_OPEN_EXISTING, &b), FRAI_ERR_CORRUPT);
    assert_ok(open_as(dir, FRAI_REPLACE, &b));
    frai_writer_close(b);
    assert_int_equal(open_as(dir, (frai_open_mode)4, &b), FRAI_ERR_ARGUMENT);
    assert_int_equal(open_as(dir, (frai_open_mode)-1, &b), FRAI_ERR_ARGUMENT);
}

static void only_replacing_drops_what_was_there_and_only_at_the_commit(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer *b;
    build_bodies(dir, NULL, bodies, 3);
    assert_ok(open_as(dir, FRAI_REPLACE, &b));
    add_body(b, 9, frai_slice_of("하나"));
    frai_writer_close(b);
    assert_int_equal(documents_in(dir), 3);
    assert_ok(open_as(dir, FRAI_REPLACE, &b));
    add_body(b, 9, frai_slice_of("하나"));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_int_equal(documents_in(dir), 1);
}

static void a_directory_of_other_files_is_refused(void **unused)
{
    (void)unused;
    for (int mode = FRAI_OPEN_OR_CREATE; mode <= FRAI_REPLACE; mode++) {
        const char *dir = temp_dir();
        frai_writer *b;
        frai_status wanted = mode == FRAI_OPEN_EXISTING ? FRAI_ERR_NOT_FOUND : FRAI_ERR_EXISTS;
        write_file(path_in(dir, "letter.txt"), "x", 1);
        assert_int_equal(open_as(dir, (frai_open_mode)mode, &b), wanted);
        assert_int_not_equal(access(path_in(dir, "lock"), F_OK), 0);
    }
}

/* Calls that look for documents where none can be are told so, and the writer goes on. */
static void nothing_can_be_changed_before_there_is_something(void **unused)
{
    (void)unused;
    static const frai_open_mode modes[] = {FRAI_REPLACE, FRAI_CREATE_ONLY};
    for (int i = 0; i < 2; i++) {
        const char *dir = temp_dir();
        frai_writer *b;
        frai_repair_stats repaired = FRAI_REPAIR_STATS_INIT;
        if (modes[i] == FRAI_REPLACE) build_bodies(dir, NULL, bodies, 3);
        assert_ok(open_as(dir, modes[i], &b));
        assert_int_equal(frai_writer_delete(b, frai_slice_of("0"), &error_), FRAI_ERR_ARGUMENT);
        assert_int_equal(frai_writer_delete_path(b, frai_slice_of("p"), &error_),
                         FRAI_ERR_ARGUMENT);
        assert_int_equal(frai_writer_compact(b, &error_), FRAI_ERR_ARGUMENT);
        assert_int_equal(frai_writer_repair(b, NULL, NULL, &repaired, &error_), FRAI_ERR_ARGUMENT);
        add_body(b, 0, frai_slice_of("하나"));
        add_body(b, 1, frai_slice_of("둘"));
        assert_ok(frai_writer_delete(b, frai_slice_of("0"), &error_)); /* of what was added */
        assert_ok(frai_writer_rollback(b, &error_));
        assert_int_equal(frai_writer_delete(b, frai_slice_of("0"), &error_), FRAI_ERR_ARGUMENT);
        add_body(b, 2, frai_slice_of("하나"));
        add_body(b, 3, frai_slice_of("둘"));
        assert_ok(frai_writer_commit(b, &error_));
        assert_int_equal(documents_in(dir), 2);
        assert_ok(frai_writer_delete(b, frai_slice_of("2"), &error_));
        assert_ok(frai_writer_compact(b, &error_));
        assert_ok(frai_writer_commit(b, &error_));
        frai_writer_close(b);
        assert_int_equal(documents_in(dir), 1);
    }
}

static void changing_an_empty_index_is_fine(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer *b;
    frai_repair_stats repaired = FRAI_REPAIR_STATS_INIT;
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    assert_ok(frai_writer_delete(b, frai_slice_of("0"), &error_));
    assert_ok(frai_writer_delete_path(b, frai_slice_of("p"), &error_));
    assert_ok(frai_writer_compact(b, &error_));
    assert_ok(frai_writer_rollback(b, &error_));
    assert_ok(frai_writer_repair(b, NULL, NULL, &repaired, &error_));
    add_body(b, 0, frai_slice_of("하나"));
    assert_int_equal(frai_writer_repair(b, NULL, NULL, &repaired, &error_), FRAI_ERR_ARGUMENT);
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_int_equal(documents_in(dir), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_keep_what_is_there),
        cmocka_unit_test(an_existing_index_is_never_made),
        cmocka_unit_test(a_new_index_replaces_none),
        cmocka_unit_test(only_replacing_drops_what_was_there_and_only_at_the_commit),
        cmocka_unit_test(a_directory_of_other_files_is_refused),
        cmocka_unit_test(nothing_can_be_changed_before_there_is_something),
        cmocka_unit_test(changing_an_empty_index_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
