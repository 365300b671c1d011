/* Documents without an id, and the counts of what lives. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/support.h"

static frai_writer *open_mode(const char *dir, frai_open_mode mode)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    o.mode = mode;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    return b;
}

static void add(frai_writer *b, const char *id, const char *path)
{
    frai_document d = FRAI_DOCUMENT_INIT;
    d.id = frai_slice_of(id);
    d.path = frai_slice_of(path);
    d.body = frai_slice_of("프랑스 투자");
    assert_ok(frai_writer_add(b, &d, &error_));
}

static int collect(void *ctx, const frai_dump_entry *entry)
{
    strncat(ctx, entry->id.ptr, entry->id.len);
    strcat(ctx, " ");
    return 0;
}

static const char *ids_of(const char *dir)
{
    static char ids[4096];
    frai_index *index;
    ids[0] = '\0';
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_index_dump(index, FRAI_DUMP_DOCS, collect, ids, &error_));
    frai_index_close(index);
    return ids;
}

static uint64_t counted(const frai_writer *b)
{
    frai_writer_stats s = FRAI_WRITER_STATS_INIT;
    frai_writer_read_stats(b, &s);
    return s.documents;
}

static void documents_without_ids_replace_none_of_earlier_sessions(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    for (int session = 0; session < 3; session++) {
        frai_writer *b = open_mode(dir, FRAI_OPEN_OR_CREATE);
        add(b, NULL, "a.txt");
        add(b, NULL, NULL);
        if (session == 1) assert_ok(frai_writer_commit(b, &error_));
        add(b, NULL, "a.txt");
        if (session == 2) { /* what was given up leaves its numbers unused */
            assert_ok(frai_writer_rollback(b, &error_));
            add(b, NULL, NULL);
        }
        assert_ok(frai_writer_commit(b, &error_));
        if (session == 1) assert_ok(frai_writer_compact(b, &error_));
        if (session == 1) assert_ok(frai_writer_commit(b, &error_));
        frai_writer_close(b);
    }
    assert_string_equal(ids_of(dir), "a.txt#0 #1 a.txt#2 a.txt#3 #4 a.txt#5 #9 ");
    frai_writer *b = open_mode(dir, FRAI_REPLACE);
    add(b, NULL, NULL);
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_string_equal(ids_of(dir), "#0 "); /* none is left that could be replaced */
}

static void ids_that_look_like_them_are_passed(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer *b = open_mode(dir, FRAI_OPEN_OR_CREATE);
    add(b, "#1", NULL);
    add(b, "x", NULL);
    add(b, "17", NULL);
    add(b, NULL, NULL);
    add(b, "q#7", NULL);
    assert_ok(frai_writer_commit(b, &error_));
    add(b, NULL, "q");
    add(b, "#18446744073709551615", NULL); /* no reason to count from there */
    add(b, "#99999999999999999999999999", NULL);
    add(b, NULL, NULL);
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_string_equal(ids_of(dir), "#1 x 17 #2 q#7 q#8 #18446744073709551615 "
                                     "#99999999999999999999999999 #9 ");
}

static void a_long_path_makes_an_id_that_can_be_deleted(void **unused)
{
    (void)unused;
    static char path[9000];
    const char *dir = temp_dir();
    frai_writer *b = open_mode(dir, FRAI_OPEN_OR_CREATE);
    for (size_t i = 0; i + 3 < sizeof path; i += 3) memcpy(path + i, "가", 3);
    add(b, NULL, path);
    assert_ok(frai_writer_commit(b, &error_));
    frai_index *index;
    frai_searcher *s;
    frai_slice id;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_ok(frai_searcher_read_field(s, 0, frai_slice_of("id"), &id, &error_));
    assert_true(id.len <= 4096 && id.len > 4000);
    assert_memory_equal(id.ptr + id.len - 5, "가#0", 5);
    assert_ok(frai_writer_delete(b, id, &error_));
    assert_ok(frai_writer_commit(b, &error_));
    assert_int_equal(counted(b), 0);
    frai_searcher_destroy(s);
    frai_index_close(index);
    frai_writer_close(b);
}

/* The bytes of all files but the lock, as one number. */
static uint64_t bytes_of(const char *dir)
{
    uint64_t sum = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        uint64_t hash = 14695981039346656037ull;
        size_t len;
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "lock") == 0) continue;
        unsigned char *data = read_file(path_in(dir, entry->d_name), &len);
        for (size_t i = 0; i < len; i++) hash = (hash ^ data[i]) * 1099511628211ull;
        sum += hash;
        free(data);
    }
    closedir(d);
    return sum;
}

static void the_ids_depend_on_neither_threads_nor_memory(void **unused)
{
    (void)unused;
    uint64_t first = 0;
    for (int way = 0; way < 3; way++) {
        const char *dir = temp_dir();
        for (int session = 0; session < 3; session++) {
            frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
            frai_writer *b;
            o.threads = way == 1 ? 4 : 1;
            o.memory_bytes = way == 2 ? 64u << 20 : 1u << 30;
            assert_ok(frai_writer_open(dir, &o, &b, &error_));
            for (int i = 0; i < 500; i++) add(b, NULL, i % 3 ? "a" : NULL);
            assert_ok(frai_writer_commit(b, &error_));
            frai_writer_close(b);
        }
        uint64_t bytes = bytes_of(dir);
        if (way == 0) first = bytes;
        assert_true(bytes == first);
    }
}

static void what_lives_is_counted(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    char id[16];
    frai_writer *b = open_mode(dir, FRAI_OPEN_OR_CREATE);
    assert_int_equal(counted(b), 0);
    for (int i = 0; i < 10; i++) snprintf(id, sizeof id, "%d", i), add(b, id, NULL);
    assert_int_equal(counted(b), 0); /* of what is committed */
    assert_ok(frai_writer_commit(b, &error_));
    assert_int_equal(counted(b), 10);
    frai_writer_close(b);
    b = open_mode(dir, FRAI_OPEN_EXISTING);
    assert_int_equal(counted(b), 10);
    for (int i = 8; i < 13; i++) snprintf(id, sizeof id, "%d", i), add(b, id, NULL);
    add(b, "12", NULL);
    assert_ok(frai_writer_delete(b, frai_slice_of("0"), &error_));
    assert_ok(frai_writer_rollback(b, &error_));
    assert_int_equal(counted(b), 10);
    for (int i = 8; i < 13; i++) snprintf(id, sizeof id, "%d", i), add(b, id, NULL);
    assert_ok(frai_writer_delete(b, frai_slice_of("0"), &error_));
    assert_ok(frai_writer_commit(b, &error_));
    assert_int_equal(counted(b), 12);
    assert_ok(frai_writer_compact(b, &error_));
    assert_ok(frai_writer_rollback(b, &error_));
    assert_int_equal(counted(b), 12);
    assert_ok(frai_writer_compact(b, &error_));
    add(b, "13", NULL);
    assert_ok(frai_writer_commit(b, &error_));
    assert_int_equal(counted(b), 13);
    assert_ok(frai_writer_wait(b, &error_));
    assert_int_equal(counted(b), 13);
    frai_writer_close(b);
    b = open_mode(dir, FRAI_REPLACE);
    add(b, "1", NULL);
    assert_ok(frai_writer_commit(b, &error_));
    assert_int_equal(counted(b), 1);
    frai_writer_close(b);
}

/* Chunks that wait for workers are bounded whatever number of them is asked for. */
static uint64_t held, most_held;
static void *count_memory(void *ctx, void *old, size_t old_bytes, size_t new_bytes)
{
    (void)ctx;
    uint64_t now = __atomic_add_fetch(&held, new_bytes - old_bytes, __ATOMIC_RELAXED);
    if (now < (1ull << 62) && now > most_held) most_held = now;
    if (new_bytes) return realloc(old, new_bytes);
    free(old);
    return NULL;
}

static void any_number_of_threads_keeps_to_the_memory(void **unused)
{
    (void)unused;
    static const uint32_t threads[] = {1, 0, 64, UINT32_MAX};
    uint64_t one = 0;
    static char body[1 << 19];
    const frai_allocator counting = {count_memory, NULL};
    memset(body, ' ', sizeof body);
    for (size_t at = 0; at + 4 < sizeof body; at += at % 7 ? 3 : 4) { /* what packs badly */
        unsigned syllable = 0xAC00 + (unsigned)rnd_below(11172);
        body[at] = (char)(0xE0 | syllable >> 12);
        body[at + 1] = (char)(0x80 | (syllable >> 6 & 0x3F));
        body[at + 2] = (char)(0x80 | (syllable & 0x3F));
    }
    for (int i = 0; i < 4; i++) {
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        frai_writer *b;
        bool more = i == 3; /* text doesn't take more of it */
        held = most_held = 0;
        o.allocator = &counting;
        o.threads = threads[i];
        o.memory_bytes = 64u << 20;
        assert_ok(frai_writer_open(temp_dir(), &o, &b, &error_));
        for (size_t n = 0; n < (more ? 96u : 32u); n++)
            add_body(b, n, (frai_slice){body, sizeof body});
        assert_ok(frai_writer_commit(b, &error_));
        frai_writer_close(b);
        assert_int_equal(held, 0);
        if (i == 0) one = most_held;
        assert_true(more ? most_held < one + one / 8 : most_held == one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_without_ids_replace_none_of_earlier_sessions),
        cmocka_unit_test(ids_that_look_like_them_are_passed),
        cmocka_unit_test(a_long_path_makes_an_id_that_can_be_deleted),
        cmocka_unit_test(the_ids_depend_on_neither_threads_nor_memory),
        cmocka_unit_test(what_lives_is_counted),
        cmocka_unit_test(any_number_of_threads_keeps_to_the_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
