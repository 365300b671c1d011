/* Damaged indexes that are repaired hold every document that could be read, as it was, and say how
 * many they lost; an exported index is the index. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/search.h"
#include "support/support.h"

enum { DOCS = 3000, DELETED = 100, COMMITS = 3, FILES = 16 };

static char *bodies[DOCS];

static struct {
    char name[64];
    unsigned char *bytes;
    size_t len;
} files[FILES];
static int file_count;

static bool is_deleted(int id)
{
    return id < DELETED;
}

/* Of every second document the name is its own. */
static void add(frai_writer *b, int i)
{
    char id[16], path[40];
    snprintf(id, sizeof id, "%d", i);
    snprintf(path, sizeof path, "글/이름표-%d.txt", i);
    frai_document d = {.struct_size = sizeof d,
                       .id = frai_slice_of(id),
                       .body = frai_slice_of(bodies[i]),
                       .path = frai_slice_of(path),
                       .path_is_shared = i % 2};
    assert_ok(frai_writer_add(b, &d, &error_));
}

static void make(const char *dir)
{
    static const char *const pool[] = {"프랑스", "미스트랄", "투자", "인공지능", "model"};
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    for (int i = 0; i < DOCS; i++) {
        char *at = bodies[i] = calloc(1, 1200);
        for (int n = 10 + (int)rnd_below(60); n > 0; n--) {
            int number = (int)rnd_below(1000);
            at += sprintf(at, "%s%d ", pool[rnd_below(5)], number);
        }
    }
    for (int part = 0; part < COMMITS; part++) {
        frai_writer *b;
        o.mode = part > 0 ? FRAI_OPEN_OR_CREATE : FRAI_REPLACE;
        assert_ok(frai_writer_open(dir, &o, &b, &error_));
        for (int i = part * DOCS / COMMITS; i < (part + 1) * DOCS / COMMITS; i++) add(b, i);
        for (int i = 0; part == COMMITS - 1 && i < DELETED; i++) {
            char id[16];
            snprintf(id, sizeof id, "%d", i);
            assert_ok(frai_writer_delete(b, frai_slice_of(id), &error_));
        }
        assert_ok(frai_writer_commit(b, &error_));
        frai_writer_close(b);
    }
}

static int take_file(void *ctx, const char *name, frai_slice bytes)
{
    (void)ctx;
    assert_true(file_count < FILES);
    snprintf(files[file_count].name, sizeof files[0].name, "%s", name);
    files[file_count].bytes = malloc(bytes.len);
    memcpy(files[file_count].bytes, bytes.ptr, bytes.len);
    files[file_count++].len = bytes.len;
    return 0;
}

static void lay_out(const char *dir)
{
    for (int i = 0; i < file_count; i++)
        write_file(path_in(dir, files[i].name), files[i].bytes, files[i].len);
}

/* Documents that are found by their names. */
static int found_by_name(frai_searcher *s)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    struct hit hit;
    uint32_t count;
    o.limit = 1;
    o.flags = FRAI_SEARCH_COUNT_EXACT;
    assert_ok(find_info(s, frai_slice_of("이름표"), &o, &hit, &count, &info));
    return (int)info.total;
}

/* Counts the living; each has its text and, if it had one, its name. */
static int look(const char *dir, bool deleted_may_be_back)
{
    frai_index *index;
    frai_searcher *s;
    int living = 0, named = 0;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    for (int i = 0; i < DOCS; i++) {
        char id[16];
        uint64_t doc;
        frai_slice body;
        snprintf(id, sizeof id, "%d", i);
        frai_status status = frai_index_find(index, frai_slice_of(id), &doc, &error_);
        if (status == FRAI_ERR_NOT_FOUND) continue;
        assert_ok(status);
        assert_ok(frai_searcher_read_field(s, doc, frai_slice_of("body"), &body, &error_));
        assert_int_equal(body.len, strlen(bodies[i]));
        assert_memory_equal(body.ptr, bodies[i], body.len);
        assert_true(!is_deleted(i) || deleted_may_be_back);
        living += !is_deleted(i);
        named += i % 2 == 0;
    }
    assert_int_equal(found_by_name(s), named);
    frai_searcher_destroy(s);
    frai_index_close(index);
    return living;
}

static frai_repair_stats repair(const char *dir)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_repair_stats stats = FRAI_REPAIR_STATS_INIT;
    frai_writer *b;
    o.mode = FRAI_OPEN_OR_CREATE;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    assert_ok(frai_writer_repair(b, NULL, NULL, &stats, &error_));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    return stats;
}

static void an_exported_index_is_the_index(void **unused)
{
    (void)unused;
    const char *dir = temp_dir(), *copy = temp_dir();
    frai_index *index;
    make(dir);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_index_export(index, take_file, NULL, &error_));
    frai_index_close(index);
    lay_out(copy);
    assert_ok(frai_index_check(copy, NULL, NULL, &error_));
    assert_int_equal(look(copy, false), DOCS - DELETED);
    frai_repair_stats stats = repair(copy);
    assert_int_equal(stats.segments_damaged, 0);
    assert_int_equal(stats.segments_kept, COMMITS);
    remove_tree(copy);
}

static void flip(const char *dir, int file)
{
    unsigned char *byte = files[file].bytes + rnd_below(files[file].len), was = *byte;
    *byte ^= (unsigned char)(1u << rnd_below(8));
    write_file(path_in(dir, files[file].name), files[file].bytes, files[file].len);
    *byte = was;
}

/* The manifest comes last in the export. */
static int random_file(void)
{
    return (int)rnd_below((uint64_t)file_count - 1);
}

static void flipped_bytes_lose_what_they_hit(void **unused)
{
    (void)unused;
    uint64_t lost = 0;
    int rounds = full_run() ? 500 : 40;
    for (int round = 0; round < rounds; round++) {
        const char *dir = temp_dir();
        int file = random_file();
        bool deletes = strstr(files[file].name, ".del-") != NULL;
        lay_out(dir);
        flip(dir, file);
        assert_int_equal(frai_index_check(dir, NULL, NULL, &error_), FRAI_ERR_CORRUPT);
        frai_repair_stats stats = repair(dir);
        assert_int_equal(stats.segments_damaged, 1);
        int living = look(dir, deletes);
        if (stats.segments_lost == 0) assert_int_equal(living + (int)stats.lost, DOCS - DELETED);
        if (deletes) assert_int_equal(living, DOCS - DELETED);
        lost += stats.lost;
        remove_tree(dir);
    }
    /* A page has dozens of documents; a few pages have what all need. */
    assert_in_range(lost, 1, (uint64_t)rounds * 300);
    printf("%d damaged indexes repaired in turn, %llu documents lost\n", rounds,
           (unsigned long long)lost);
}

static void what_is_gone_is_lost_and_all_else_stays(void **unused)
{
    (void)unused;
    int counts[] = {0, 0};
    for (int round = 0; round < 20; round++) {
        const char *dir = temp_dir();
        int file = round % (file_count - 1); /* each in turn; the manifest comes last */
        bool deletes = strstr(files[file].name, ".del-") != NULL;
        lay_out(dir);
        if (rnd_below(2))
            unlink(path_in(dir, files[file].name));
        else
            write_file(path_in(dir, files[file].name), files[file].bytes,
                       rnd_below(files[file].len));
        frai_repair_stats stats = repair(dir);
        int living = look(dir, deletes);
        assert_int_equal(stats.segments_damaged, 1);
        assert_int_equal(stats.segments_lost, !deletes);
        if (deletes) assert_int_equal(living, DOCS - DELETED);
        if (!deletes)
            assert_in_range(living, DOCS - DELETED - DOCS / COMMITS, DOCS - DOCS / COMMITS);
        counts[deletes]++;
        remove_tree(dir);
    }
    assert_true(counts[0] && counts[1]);
}

static void without_a_manifest_nothing_is_guessed(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    lay_out(dir);
    flip(dir, file_count - 1);
    o.mode = FRAI_OPEN_OR_CREATE;
    assert_int_equal(frai_writer_open(dir, &o, &b, &error_), FRAI_ERR_CORRUPT);
    assert_int_equal(access(path_in(dir, files[0].name), F_OK), 0); /* nothing was swept */
    for (int i = 0; i < file_count; i++) free(files[i].bytes);
    for (int i = 0; i < DOCS; i++) free(bodies[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_exported_index_is_the_index),
                                       cmocka_unit_test(flipped_bytes_lose_what_they_hit),
                                       cmocka_unit_test(what_is_gone_is_lost_and_all_else_stays),
                                       cmocka_unit_test(without_a_manifest_nothing_is_guessed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
