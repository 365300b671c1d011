/* Writers that are killed at any moment, and readers beside a writer. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/search.h"
#include "support/support.h"

enum { IDS = 12, READERS = 8 };

/* Version of each document; 0: there is none. */
struct model {
    int version[IDS];
};

static frai_slice name_of(int id)
{
    static char name[16];
    snprintf(name, sizeof name, "%d", id);
    return frai_slice_of(name);
}

static void add_version(frai_writer *b, int id, int version)
{
    char body[64];
    snprintf(body, sizeof body, "투자 소식 %d", version);
    add_body(b, (size_t)id, frai_slice_of(body));
}

static struct model look(const char *dir)
{
    struct model m = {{0}};
    frai_index *index;
    frai_searcher *s;
    uint64_t doc;
    frai_slice body;
    frai_status status = frai_index_open(dir, NULL, &index, &error_);
    if (status == FRAI_ERR_NOT_FOUND) return m;
    assert_ok(status);
    assert_ok(frai_searcher_create(index, &s, &error_));
    for (int id = 0; id < IDS; id++) {
        status = frai_index_find(index, name_of(id), &doc, &error_);
        if (status == FRAI_ERR_NOT_FOUND) continue;
        assert_ok(status);
        assert_ok(frai_searcher_read_field(s, doc, frai_slice_of("body"), &body, &error_));
        m.version[id] = number_at_end(body);
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
    return m;
}

/* ---- killed writers ---- */

struct message {
    char kind; /* I: about to commit this; A: it is committed */
    struct model model;
};

/* Commits change after change and says so, until it is killed. */
static void write_until_killed(const char *dir, int pipe, struct model m, int version)
{
    frai_writer *b = NULL;
    for (;;) {
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        frai_error err;
        o.mode = FRAI_OPEN_OR_CREATE;
        o.threads = 1 + (uint32_t)rnd_below(2); /* two: merges have one of their own */
        if (!b && frai_writer_open(dir, &o, &b, &err)) _exit(1);
        for (int n = 1 + (int)rnd_below(6); n > 0; n--) {
            int id = (int)rnd_below(IDS);
            m.version[id] = rnd_below(4) ? ++version : 0;
            if (m.version[id])
                add_version(b, id, version);
            else if (frai_writer_delete(b, name_of(id), &err))
                _exit(2);
        }
        struct message message = {'I', m};
        if (write(pipe, &message, sizeof message) != sizeof message) _exit(3);
        if (rnd_below(4) == 0 && frai_writer_compact(b, &err)) _exit(4); /* commits, too */
        if (frai_writer_commit(b, &err)) _exit(5);
        message.kind = 'A';
        if (write(pipe, &message, sizeof message) != sizeof message) _exit(6);
        if (rnd_below(2)) continue;
        frai_writer_close(b);
        b = NULL;
    }
}

static int highest(const struct model *m)
{
    int most = 0;
    for (int id = 0; id < IDS; id++) most = m->version[id] > most ? m->version[id] : most;
    return most;
}

static bool alike(const struct model *a, const struct model *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* Microseconds that a commit takes on this machine, now. */
static uint64_t time_of_commit(void)
{
    struct timespec start, end;
    const char *body = "투자 소식 1", *dir = temp_dir();
    clock_gettime(CLOCK_MONOTONIC, &start);
    build_bodies(dir, NULL, &body, 1);
    clock_gettime(CLOCK_MONOTONIC, &end);
    remove_tree(dir);
    return (uint64_t)(end.tv_sec - start.tv_sec) * 1000000 + (uint64_t)(end.tv_nsec / 1000) -
           (uint64_t)(start.tv_nsec / 1000);
}

static void a_killed_writer_loses_nothing(void **unused)
{
    (void)unused;
    const int runs = full_run() ? 10000 : 500;
    const char *dir = temp_dir();
    struct model m = look(dir);
    int committed = 0;
    uint64_t most =
        0; /* microseconds until a writer is killed: so that some commit, and some don't */
    for (int run = 0; run < runs; run++) {
        int ends[2];
        if (run % 50 == 0) most = 6 * time_of_commit() + 8000;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            for (int i = 0; i <= run % 97; i++) rnd(); /* another way each time */
            write_until_killed(dir, ends[1], m, highest(&m) + 1000);
        }
        close(ends[1]);
        usleep((useconds_t)rnd_below(most));
        kill(child, SIGKILL);
        struct message message;
        struct model last = m, next = m;
        while (read(ends[0], &message, sizeof message) == (ssize_t)sizeof message) {
            if (message.kind == 'A') {
                last = message.model;
                committed++;
            }
            next = message.model;
        }
        close(ends[0]);
        int status;
        waitpid(child, &status, 0);
        if (!WIFSIGNALED(status)) fail_msg("the writer gave up with %d", WEXITSTATUS(status));
        m = look(dir);
        if (!alike(&m, &last) && !alike(&m, &next))
            fail_msg("run %d: neither what was committed nor what was being", run);
    }
    assert_int_equal(frai_index_check(dir, NULL, NULL, &error_), FRAI_OK);
    assert_true(committed > runs / 4);
    printf("%d killed writers tried, %d commits\n", runs, committed);
}

/* ---- readers beside a writer ---- */

struct shared {
    volatile int stop;
    volatile int reads[READERS];
};

/* Every index that is opened holds one version, all of it. */
static void read_until_stopped(const char *dir, struct shared *shared, int number)
{
    int latest = 0;
    while (!shared->stop) {
        frai_index *index;
        frai_searcher *s;
        struct hit hits[IDS + 1];
        frai_error err;
        uint32_t count;
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        o.limit = IDS + 1;
        if (frai_index_open(dir, NULL, &index, &err)) _exit(1);
        if (frai_index_used_previous_commit(index)) _exit(2);
        if (frai_searcher_create(index, &s, &err)) _exit(3);
        if (find_hits(s, frai_slice_of("투자"), &o, hits, &count, &err)) _exit(4);
        if (count != IDS) _exit(5);
        int version = 0;
        for (uint32_t i = 0; i < count; i++) {
            frai_slice body;
            if (frai_searcher_read_field(s, hits[i].doc, frai_slice_of("body"), &body, &err))
                _exit(6);
            if (i && number_at_end(body) != version) _exit(7);
            version = number_at_end(body);
        }
        if (version < latest) _exit(8);
        latest = version;
        shared->reads[number]++;
        frai_searcher_destroy(s);
        frai_index_close(index);
    }
    _exit(0);
}

static void commit_version(const char *dir, int version)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    o.mode = version > 1 ? FRAI_OPEN_OR_CREATE : FRAI_REPLACE;
    o.threads = 1 + version % 2;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    for (int id = 0; id < IDS; id++) add_version(b, id, version);
    if (version % 7 == 0) assert_ok(frai_writer_compact(b, &error_));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
}

static void readers_see_whole_commits(void **unused)
{
    (void)unused;
    const int commits = full_run() ? 1000 : 60;
    const char *dir = temp_dir();
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    pid_t readers[READERS];
    commit_version(dir, 1);
    for (int i = 0; i < READERS; i++)
        if ((readers[i] = fork()) == 0) read_until_stopped(dir, shared, i);
    for (int version = 2; version <= commits; version++) commit_version(dir, version);
    shared->stop = 1;
    int reads = 0;
    for (int i = 0; i < READERS; i++) {
        int status;
        waitpid(readers[i], &status, 0);
        if (!WIFEXITED(status) || WEXITSTATUS(status))
            fail_msg("reader %d ended with %d", i, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
        reads += shared->reads[i];
    }
    munmap(shared, sizeof *shared);
    assert_true(reads > commits);
    printf("%d reads beside %d commits tried\n", reads, commits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_killed_writer_loses_nothing),
                                       cmocka_unit_test(readers_see_whole_commits)};
    stay_in_memory();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
