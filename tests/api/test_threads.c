/* One writer and readers, each a thread of one process: every search sees one commit, all of it,
 * and never an older one than before. tests/api/tsan runs it under ThreadSanitizer. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

enum { IDS = 12, OPENERS = 4, SHARERS = 4 };

static const char *dir;
static atomic_int stop, newest; /* newest: the version that was committed last */
static atomic_uint reads;

static frai_slice body_of(int version, char out[64])
{
    snprintf(out, 64, "투자 소식 %d", version);
    return frai_slice_of(out);
}

/* Adds documents that stay besides those that every version replaces: segments come to merge. */
static void *write_versions(void *arg)
{
    int commits = *(int *)arg;
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    frai_error err;
    o.mode = FRAI_OPEN_OR_CREATE;
    o.threads = 2;
    if (frai_writer_open(dir, &o, &b, &err)) return "cannot open the writer";
    for (int version = 2; version <= commits; version++) {
        char body[64], id[16];
        for (int i = 0; i < IDS; i++) {
            frai_document d = {.struct_size = sizeof d, .body = body_of(version, body)};
            snprintf(id, sizeof id, "%d", i);
            d.id = frai_slice_of(id);
            if (frai_writer_add(b, &d, &err)) return "cannot add";
        }
        frai_document d = {.struct_size = sizeof d, .body = frai_slice_of("서울 날씨")};
        snprintf(id, sizeof id, "more%d", version);
        d.id = frai_slice_of(id);
        if (frai_writer_add(b, &d, &err)) return "cannot add";
        if (version % 50 == 0 && frai_writer_compact(b, &err)) return "cannot compact";
        if (frai_writer_commit(b, &err)) return "cannot commit";
        atomic_store(&newest, version);
    }
    frai_writer_close(b);
    return NULL;
}

/* NULL, or what is wrong. *version: that of the snapshot. */
static const char *look(frai_index *index, int *version)
{
    frai_searcher *s;
    struct hit hits[IDS + 1];
    frai_error err;
    frai_slice body;
    uint32_t count;
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    const char *wrong = NULL;
    o.limit = IDS + 1;
    if (frai_searcher_create(index, &s, &err)) return "cannot make a searcher";
    if (find_hits(s, frai_slice_of("투자"), &o, hits, &count, &err)) wrong = "cannot search";
    if (!wrong && count != IDS) wrong = "documents are missing";
    for (uint32_t i = 0; !wrong && i < count; i++) {
        if (frai_searcher_read_field(s, hits[i].doc, frai_slice_of("body"), &body, &err))
            wrong = "cannot read a field";
        else if (i && number_at_end(body) != *version)
            wrong = "two versions at once";
        if (!wrong) *version = number_at_end(body);
    }
    frai_searcher_destroy(s);
    atomic_fetch_add(&reads, 1);
    return wrong;
}

static void *open_and_look(void *arg)
{
    int latest = 0;
    (void)arg;
    while (!atomic_load(&stop)) {
        frai_index *index;
        frai_error err;
        int version = 0, committed = atomic_load(&newest);
        if (frai_index_open(dir, NULL, &index, &err)) return "cannot open the index";
        const char *wrong = look(index, &version);
        frai_index_close(index);
        if (wrong) return (void *)(uintptr_t)wrong;
        if (version < latest || version < committed) return "an older commit than was there";
        latest = version;
    }
    return NULL;
}

/* A snapshot that several threads search goes on being what it was. */
static void *look_at_shared(void *arg)
{
    frai_index *index = arg;
    while (!atomic_load(&stop)) {
        int version = 0;
        const char *wrong = look(index, &version);
        if (wrong) return (void *)(uintptr_t)wrong;
        if (version != 1) return "the snapshot changed";
    }
    return NULL;
}

static void threads_see_whole_commits(void **unused)
{
    (void)unused;
    int commits = full_run() ? 1000 : 60;
    frai_index *shared;
    pthread_t writer, readers[OPENERS + SHARERS];
    void *wrong;
    char bodies[IDS][64];
    const char *list[IDS];
    dir = temp_dir();
    for (int i = 0; i < IDS; i++) list[i] = body_of(1, bodies[i]).ptr;
    build_bodies(dir, NULL, list, IDS);
    assert_ok(frai_index_open(dir, NULL, &shared, &error_));
    for (int i = 0; i < OPENERS + SHARERS; i++)
        assert_int_equal(
            pthread_create(&readers[i], NULL, i < OPENERS ? open_and_look : look_at_shared, shared),
            0);
    assert_int_equal(pthread_create(&writer, NULL, write_versions, &commits), 0);
    pthread_join(writer, &wrong);
    atomic_store(&stop, 1);
    if (wrong) fail_msg("writer: %s", (const char *)wrong);
    for (int i = 0; i < OPENERS + SHARERS; i++) {
        pthread_join(readers[i], &wrong);
        if (wrong) fail_msg("reader %d: %s", i, (const char *)wrong);
    }
    frai_index_close(shared);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    printf("%u reads of %d threads beside %d commits tried\n", atomic_load(&reads),
           OPENERS + SHARERS, commits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(threads_see_whole_commits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
