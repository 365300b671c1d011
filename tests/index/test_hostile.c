/* Files that others have put into the directory of an index: links, pipes, junk of high numbers.
 * Nothing is written through them, nothing waits for them, and they hamper no later write. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "support/support.h"

static const char *const bodies[] = {"프랑스 투자", "미스트랄", "서울 소식"};
static const char secret[] = "what is not the index's";

static frai_status add_one(const char *dir, size_t number)
{
    frai_writer *b;
    frai_status status = frai_writer_open(dir, NULL, &b, &error_);
    if (status != FRAI_OK) return status;
    add_body(b, number, frai_slice_of("하나"));
    status = frai_writer_set_user_data(b, frai_slice_of("적바림"), &error_);
    if (status == FRAI_OK) status = frai_writer_delete(b, frai_slice_of("1"), &error_);
    if (status == FRAI_OK) status = frai_writer_commit(b, &error_);
    frai_writer_close(b);
    return status;
}

static uint64_t documents_in(const char *dir, int *fell_back)
{
    frai_index *index;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    uint64_t n = frai_index_document_count(index);
    *fell_back = frai_index_used_previous_commit(index);
    frai_index_close(index);
    return n;
}

static bool has_id(const char *dir, const char *id)
{
    frai_index *index;
    uint64_t doc;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    frai_status status = frai_index_find(index, frai_slice_of(id), &doc, &error_);
    frai_index_close(index);
    assert_true(status == FRAI_OK || status == FRAI_ERR_NOT_FOUND);
    return status == FRAI_OK;
}

static void assert_untouched(const char *path)
{
    size_t len;
    unsigned char *data = read_file(path, &len);
    assert_int_equal(len, sizeof secret);
    assert_memory_equal(data, secret, len);
    free(data);
}

static void print_line(void *ctx, const frai_error *finding)
{
    strcat(ctx, finding->message);
    strcat(ctx, "\n");
}

/* Names that a writer makes: none is followed or waited for, whatever was planted under it. */
static void what_is_planted_is_replaced_or_refused(void **unused)
{
    (void)unused;
    static const char *const names[] = {"lock", "tmp-manifest", "note-0000000002",
                                        "seg-0000000000.del-0000000002", "seg-0000000001.frai"};
    for (int i = 0; i < 5; i++)
        for (int kind = 0; kind < 5; kind++) {
            const char *dir = temp_dir(), *victim = path_in(temp_dir(), "victim");
            char *name = path_in(dir, names[i]);
            int fell_back;
            build_bodies(dir, NULL, bodies, 3);
            write_file(victim, secret, sizeof secret);
            unlink(name);
            if (kind == 0) assert_int_equal(symlink(victim, name), 0);
            if (kind == 1) assert_int_equal(link(victim, name), 0);
            if (kind == 2) assert_int_equal(mkfifo(name, 0666), 0);
            if (kind == 3) assert_int_equal(mkdir(name, 0777), 0);
            if (kind == 4) assert_int_equal(symlink("nowhere", name), 0);
            frai_status status = add_one(dir, 7);
            /* A lock that is somebody's file is locked, but not written into. Of directories only
             * those are in the way that a commit can't do without. */
            bool locks = i == 0 && kind == 1;
            if (i == 0 && !locks)
                assert_int_equal(status, FRAI_ERR_IO);
            else if (kind != 3 || i == 4)
                assert_int_equal(status, FRAI_OK);
            else
                assert_int_equal(status, FRAI_ERR_IO);
            assert_untouched(victim);
            assert_int_equal(documents_in(dir, &fell_back), 3); /* one came, one went; or neither */
            assert_int_equal(has_id(dir, "7"), status == FRAI_OK);
            assert_int_equal(has_id(dir, "1"), status != FRAI_OK);
            assert_false(fell_back);
            assert_ok(frai_index_check(dir, NULL, NULL, &error_));
        }
}

/* A named file that is a link or a pipe is none of the index. */
static void readers_follow_no_link_and_wait_for_no_pipe(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < 3; kind++)
        for (int which = 0; which < 2; which++) {
            const char *dir = temp_dir(), *moved = path_in(temp_dir(), "moved");
            frai_index *index;
            build_bodies(dir, NULL, bodies, 3);
            char *name = which ? path_in(dir, "MANIFEST-0000000001") : segment_path(dir);
            assert_int_equal(rename(name, moved), 0);
            if (kind == 0) assert_int_equal(symlink(moved, name), 0);
            if (kind == 1) assert_int_equal(mkfifo(name, 0666), 0);
            if (kind == 2) assert_int_equal(mkdir(name, 0777), 0);
            assert_int_equal(frai_index_open(dir, NULL, &index, &error_), FRAI_ERR_CORRUPT);
            assert_int_equal(frai_index_check(dir, NULL, NULL, &error_), FRAI_ERR_CORRUPT);
        }
}

/* Something of another's: text, a pipe, a link or a directory. */
enum { PLANTS = 4 };
static void plant(int kind, const char *name)
{
    if (kind == 0) write_file(name, "a list of goods", 15);
    if (kind == 1) assert_int_equal(mkfifo(name, 0666), 0);
    if (kind == 2) assert_int_equal(symlink("nowhere", name), 0);
    if (kind == 3) assert_int_equal(mkdir(name, 0777), 0);
}

static void junk_of_high_numbers_counts_for_nothing(void **unused)
{
    (void)unused;
    static const char *const junk[] = {
        "MANIFEST-99",         "MANIFEST-0000000099",           "MANIFEST-18446744073709551615",
        "MANIFEST-9999999999", "seg-18446744073709551614.frai", "MANIFEST-4611686018427387904",
        "MANIFEST-",           "MANIFEST-4611686018427387905"};
    for (int i = 0; i < 8; i++)
        for (int kind = 0; kind < 4; kind++) {
            const char *dir = temp_dir();
            char *name = path_in(dir, junk[i]), told[4096] = "";
            int fell_back;
            build_bodies(dir, NULL, bodies, 3);
            plant(kind, name);
            if (kind == 0) write_file(name, "FRAIMAN\nxxxxxxxxxxxxxxxxxxxx", 28);
            assert_int_equal(documents_in(dir, &fell_back), 3);
            assert_false(fell_back);
            for (size_t n = 10; n < 14; n++) assert_ok(add_one(dir, n));
            assert_int_equal(documents_in(dir, &fell_back), 6);
            assert_false(fell_back);
            assert_ok(frai_index_check(dir, print_line, told, &error_));
            assert_non_null(strstr(told, junk[i]));
            assert_non_null(strstr(told, "not a file of the index"));
            assert_int_equal(access(path_in(dir, "MANIFEST-0000000001"), F_OK), -1); /* swept */
        }
}

static void assert_sound(const char *dir, uint64_t documents)
{
    int fell_back;
    assert_int_equal(documents_in(dir, &fell_back), documents);
    assert_false(fell_back);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
}

/* Under the names that the next commits would have: one of them, or all. */
static void junk_just_above_the_newest_hampers_nothing(void **unused)
{
    (void)unused;
    static const char *const names[] = {"MANIFEST-0000000002", "MANIFEST-0000000003",
                                        "MANIFEST-0000000004", "MANIFEST-0000000005"};
    for (int which = 0; which < 5; which++)
        for (int kind = 0; kind < PLANTS; kind++) {
            const char *dir = temp_dir();
            char told[4096] = "";
            build_bodies(dir, NULL, bodies, 3);
            for (int i = 0; i < 4; i++)
                if (which == i || which == 4) plant(kind, path_in(dir, names[i]));
            assert_sound(dir, 3);
            assert_ok(frai_index_check(dir, print_line, told, &error_));
            assert_non_null(strstr(told, "not a file of the index"));
            for (size_t n = 10; n < 16; n++) {
                assert_ok(add_one(dir, n));
                assert_sound(dir, n - 7); /* of the first one document goes */
            }
            assert_int_equal(access(path_in(dir, "MANIFEST-0000000001"), F_OK), -1); /* swept */
            remove_tree(dir);
        }
}

static void count_file(void *ctx, const char *name)
{
    (void)name;
    ++*(size_t *)ctx;
}

static size_t files_in(const char *dir)
{
    size_t files = 0;
    assert_int_equal(fr_io_current()->list(dir, count_file, &files), 0);
    return files;
}

/* Between the commits of one writer, which gives room back and merges. */
static void junk_beside_a_writer_hampers_nothing(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < PLANTS; kind++) {
        const char *dir = temp_dir();
        frai_writer *b;
        int fell_back;
        frai_index_stats stats = FRAI_INDEX_STATS_INIT;
        assert_ok(frai_writer_open(dir, NULL, &b, &error_));
        for (size_t n = 0; n < 40; n++) {
            frai_index *index;
            add_body(b, n, frai_slice_of("하나"));
            if (n % 11 == 10) assert_ok(frai_writer_compact(b, &error_));
            assert_ok(frai_writer_commit(b, &error_));
            assert_sound(dir, n + 1);
            assert_ok(frai_index_open(dir, NULL, &index, &error_));
            assert_ok(frai_index_read_stats(index, &stats, &error_));
            frai_index_close(index);
            if (n % 3) continue;
            char name[64];
            snprintf(name, sizeof name, "MANIFEST-%010d", (int)(stats.generation + 1 + n % 4));
            if (access(path_in(dir, name), F_OK) != 0) plant(kind, path_in(dir, name));
            assert_sound(dir, n + 1);
        }
        frai_writer_close(b);
        assert_int_equal(documents_in(dir, &fell_back), 40);
        if (kind != 3) assert_in_range(files_in(dir), 1, 24); /* files are swept */
        remove_tree(dir);
    }
}

/* Where nothing else is there, names say only how far to go on. */
static void junk_of_high_numbers_is_replaced(void **unused)
{
    (void)unused;
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    o.mode = FRAI_REPLACE;
    static const char *const junk[] = {"MANIFEST-0000000007", "MANIFEST-4611686018427387904",
                                       "MANIFEST-0000000001"};
    for (int i = 0; i < 3; i++)
        for (int kind = 0; kind < PLANTS; kind++) {
            const char *dir = temp_dir();
            plant(kind, path_in(dir, junk[i]));
            build_bodies(dir, &o, bodies, 3);
            assert_sound(dir, 3);
            assert_ok(add_one(dir, 7));
            assert_sound(dir, 3);
        }
}

/* Segments that no manifest names are swept; what is left has no say in the numbers to come. */
static void segments_that_nobody_named_hamper_nothing(void **unused)
{
    (void)unused;
    static const char *const junk[] = {"seg-4611686018427387904.frai",
                                       "seg-2305843009213693952.frai", "seg-0000000001.frai"};
    for (int i = 0; i < 3; i++)
        for (int first = 0; first < 2; first++) {
            const char *dir = temp_dir();
            int fell_back;
            if (!first) build_bodies(dir, NULL, bodies, 3);
            write_file(path_in(dir, junk[i]), "junk", 4);
            for (size_t n = 10; n < 14; n++) assert_ok(add_one(dir, n));
            assert_int_equal(documents_in(dir, &fell_back), first ? 4 : 6);
            assert_ok(frai_index_check(dir, NULL, NULL, &error_));
        }
}

/* Torn, flipped, cut or zeroed: as long as it may have been a manifest. The next commit ends it. */
static void a_torn_commit_is_still_told(void **unused)
{
    (void)unused;
    static const frai_slice torn[] = {{"FRAIMAN\nxxxxxxxxxxxxxxxxxxxx", 28},
                                      {"GRAIMAN\nxxxxxxxxxxxxxxxxxxxx", 28},
                                      {"FRAI\0\0\0\0\0\0\0\0\0\0\0\0", 16},
                                      {"FRA", 3},
                                      {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0xxxxxxxxxxx", 27},
                                      {"", 0}};
    for (size_t i = 0; i < sizeof torn / sizeof *torn; i++) {
        const char *dir = temp_dir();
        int fell_back;
        build_bodies(dir, NULL, bodies, 3);
        build_bodies(dir, NULL, bodies, 3);
        write_file(path_in(dir, "MANIFEST-0000000002"), torn[i].ptr, torn[i].len);
        write_file(path_in(dir, "MANIFEST-0000000090"), torn[i].ptr, torn[i].len);
        documents_in(dir, &fell_back);
        assert_true(fell_back);
        assert_int_equal(frai_index_check(dir, NULL, NULL, &error_), FRAI_ERR_CORRUPT);
        assert_ok(add_one(dir, 7));
        assert_sound(dir, 3);
    }
}

/* ---- children ---- */

static int exit_code_of(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100;
}

/* A child that lives until the pipe is closed. */
static pid_t lasting_child(int to_child[2])
{
    assert_int_equal(pipe(to_child), 0);
    pid_t child = fork();
    if (child == 0) {
        char c;
        close(to_child[1]);
        ssize_t n = read(to_child[0], &c, 1);
        _exit(n == 0 ? 0 : 1);
    }
    close(to_child[0]);
    return child;
}

static char lock_path[300];
static int removals; /* still to come */

static int lock_what_is_removed(int fd, int operation)
{
    if (removals > 0 && operation & LOCK_EX) {
        removals--;
        unlink(lock_path);
    }
    return fr_io_system.flock(fd, operation);
}

/* A writer that waited at the door has the file that is there, not one that the writer before took
 * away with it. */
static void a_lock_that_was_removed_locks_nothing(void **unused)
{
    (void)unused;
    struct fr_io io = *fr_io_current();
    frai_writer *b, *other;
    const char *dir = temp_dir();
    io.flock = lock_what_is_removed;
    snprintf(lock_path, sizeof lock_path, "%s/lock", dir);
    fr_io_install(&io);
    removals = 3;
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    assert_int_equal(frai_writer_open(dir, NULL, &other, &error_), FRAI_ERR_LOCKED);
    frai_writer_close(b);
    removals = 1000000;
    assert_int_equal(frai_writer_open(dir, NULL, &b, &error_), FRAI_ERR_LOCKED);
    fr_io_install(NULL);
}

static void a_child_does_not_keep_the_lock_of_its_parent(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    int to_child[2], ready[2];
    frai_writer *b, *other;
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    pid_t child = lasting_child(to_child);
    assert_int_equal(frai_writer_open(dir, NULL, &other, &error_), FRAI_ERR_LOCKED);
    frai_writer_close(b);
    assert_ok(frai_writer_open(dir, NULL, &b, &error_)); /* the parent closed its own */
    frai_writer_close(b);
    close(to_child[1]);
    assert_int_equal(exit_code_of(child), 0);

    assert_int_equal(pipe(ready), 0);
    pid_t writer = fork();
    if (writer == 0) { /* dies with the index locked, and leaves a child */
        if (frai_writer_open(dir, NULL, &b, NULL) != FRAI_OK) _exit(1);
        pid_t orphan = fork();
        if (orphan == 0) {
            close(ready[0]);
            pause();
            _exit(0);
        }
        if (write(ready[1], &orphan, sizeof orphan) != sizeof orphan) _exit(2);
        pause();
        _exit(3);
    }
    pid_t orphan;
    assert_int_equal(read(ready[0], &orphan, sizeof orphan), sizeof orphan);
    assert_int_equal(frai_writer_open(dir, NULL, &other, &error_), FRAI_ERR_LOCKED);
    kill(writer, SIGKILL);
    exit_code_of(writer);
    frai_status status = frai_writer_open(dir, NULL, &b, &error_);
    kill(orphan, SIGKILL);
    assert_ok(status);
    frai_writer_close(b);
    close(ready[0]);
    close(ready[1]);
}

/* The exit code says which call did not fail as it should. */
static int use_in_child(frai_writer *b, const char *dir)
{
    frai_document d = FRAI_DOCUMENT_INIT;
    frai_repair_stats repaired = FRAI_REPAIR_STATS_INIT;
    frai_slice note, id = frai_slice_of("1");
    frai_index *index;
    d.body = frai_slice_of("하나");
    if (frai_writer_add(b, &d, NULL) != FRAI_ERR_ARGUMENT) return 1;
    if (frai_writer_delete(b, id, NULL) != FRAI_ERR_ARGUMENT) return 2;
    if (frai_writer_delete_path(b, id, NULL) != FRAI_ERR_ARGUMENT) return 3;
    if (frai_writer_set_user_data(b, id, NULL) != FRAI_ERR_ARGUMENT) return 4;
    if (frai_writer_user_data(b, &note, NULL) != FRAI_ERR_ARGUMENT) return 5;
    if (frai_writer_compact(b, NULL) != FRAI_ERR_ARGUMENT) return 6;
    if (frai_writer_repair(b, NULL, NULL, &repaired, NULL) != FRAI_ERR_ARGUMENT) return 7;
    if (frai_writer_rollback(b, NULL) != FRAI_ERR_ARGUMENT) return 8;
    if (frai_writer_commit(b, NULL) != FRAI_ERR_ARGUMENT) return 9;
    if (frai_writer_wait(b, NULL) != FRAI_ERR_ARGUMENT) return 10;
    frai_writer_close(b);
    if (frai_index_open(dir, NULL, &index, NULL) != FRAI_OK) return 11;
    frai_index_close(index);
    return 0;
}

static void a_builder_is_of_no_use_in_a_child(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    int fell_back;
    o.threads = 4;
    build_bodies(dir, NULL, bodies, 3);
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    add_body(b, 7, frai_slice_of("하나"));
    pid_t child = fork();
    if (child == 0) _exit(use_in_child(b, dir));
    assert_int_equal(exit_code_of(child), 0);
    assert_ok(frai_writer_commit(b, &error_)); /* and nothing of the parent's was touched */
    frai_writer_close(b);
    assert_int_equal(documents_in(dir, &fell_back), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_planted_is_replaced_or_refused),
        cmocka_unit_test(readers_follow_no_link_and_wait_for_no_pipe),
        cmocka_unit_test(junk_of_high_numbers_counts_for_nothing),
        cmocka_unit_test(junk_just_above_the_newest_hampers_nothing),
        cmocka_unit_test(junk_beside_a_writer_hampers_nothing),
        cmocka_unit_test(junk_of_high_numbers_is_replaced),
        cmocka_unit_test(segments_that_nobody_named_hamper_nothing),
        cmocka_unit_test(a_torn_commit_is_still_told),
        cmocka_unit_test(a_lock_that_was_removed_locks_nothing),
        cmocka_unit_test(a_child_does_not_keep_the_lock_of_its_parent),
        cmocka_unit_test(a_builder_is_of_no_use_in_a_child),
    };
    alarm(120); /* what waits for a pipe fails */
    stay_in_memory();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
