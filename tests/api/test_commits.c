/* What a commit leaves on disk: deletes that are under a checksum, notes, paths that are gone, and
 * nothing of what was rolled back. */
#include <stdio.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

static void add_at(frai_writer *b, const char *id, const char *path, const char *body)
{
    frai_document d = {.struct_size = sizeof d,
                       .id = frai_slice_of(id),
                       .path = frai_slice_of(path),
                       .body = frai_slice_of(body)};
    assert_ok(frai_writer_add(b, &d, &error_));
}

static void assert_documents(const char *dir, uint64_t count)
{
    frai_index *index;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_int_equal(frai_index_document_count(index), count);
    frai_index_close(index);
}

static void paths_are_deleted_and_notes_kept(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    frai_slice note;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    assert_ok(frai_writer_user_data(b, &note, &error_));
    assert_int_equal(note.len, 0);
    for (int i = 0; i < 40; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        add_at(b, id,
               i % 10 == 0   ? "하나.jsonl"
               : i % 10 == 1 ? "둘.jsonl"
                             : "셋.jsonl",
               "투자 소식");
    }
    assert_ok(frai_writer_set_user_data(b, frai_slice_of("처음"), &error_));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    o.mode = FRAI_OPEN_OR_CREATE;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    assert_ok(frai_writer_user_data(b, &note, &error_));
    assert_int_equal(note.len, strlen("처음"));
    assert_memory_equal(note.ptr, "처음", note.len);
    assert_ok(frai_writer_delete_path(b, frai_slice_of("하나.jsonl"), &error_));
    assert_ok(frai_writer_delete_path(b, frai_slice_of("없는.jsonl"), &error_));
    add_at(b, "0", "하나.jsonl", "새 소식"); /* the path of the commit to come stays */
    assert_ok(frai_writer_commit(b, &error_));
    assert_documents(dir, 37);
    assert_ok(frai_writer_user_data(b, &note, &error_));
    assert_int_equal(note.len, 0); /* it was the other commit's */
    assert_ok(frai_writer_set_user_data(b, frai_slice_of("다음"), &error_));
    assert_ok(frai_writer_commit(b, &error_));
    assert_ok(frai_writer_compact(b, &error_));
    assert_ok(frai_writer_commit(b, &error_));
    assert_ok(frai_writer_user_data(b, &note, &error_));
    assert_memory_equal(note.ptr, "다음", strlen("다음"));
    frai_writer_close(b);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    const char *file = path_in(dir, "note-0000000003");
    size_t len;
    unsigned char *bytes = read_file(file, &len);
    bytes[0] ^= 1;
    write_file(file, bytes, len);
    free(bytes);
    assert_int_equal(frai_index_check(dir, NULL, NULL, &error_), FRAI_ERR_CORRUPT);
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    assert_int_equal(frai_writer_user_data(b, &note, &error_), FRAI_ERR_CORRUPT);
    frai_writer_close(b);
}

static void a_rollback_forgets_all(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    add_at(b, "a", "p", "투자");
    assert_ok(frai_writer_rollback(b, &error_));
    add_at(b, "b", "p", "투자 소식");
    add_at(b, "c", "p", "서울");
    assert_ok(frai_writer_commit(b, &error_));
    assert_documents(dir, 2);
    add_at(b, "d", "p", "파리");
    assert_ok(frai_writer_delete(b, frai_slice_of("b"), &error_));
    assert_ok(frai_writer_delete_path(b, frai_slice_of("p"), &error_));
    assert_ok(frai_writer_rollback(b, &error_));
    assert_ok(frai_writer_compact(b, &error_));
    assert_ok(frai_writer_rollback(b, &error_));
    add_at(b, "e", "p", "런던");
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_documents(dir, 3);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
}

/* What was added and deleted again before a commit leaves no segment behind. */
static void an_empty_commit_adds_no_segment(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    frai_index *index;
    frai_index_stats stats = FRAI_INDEX_STATS_INIT;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    for (int round = 0; round < 20; round++) {
        add_at(b, "x", "p", "투자");
        assert_ok(frai_writer_delete(b, frai_slice_of("x"), &error_));
        assert_ok(frai_writer_commit(b, &error_));
    }
    assert_documents(dir, 0);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_index_read_stats(index, &stats, &error_));
    assert_int_equal(stats.segments, 0);
    frai_index_close(index);
    add_at(b, "x", "p", "투자");
    assert_ok(frai_writer_commit(b, &error_));
    assert_ok(frai_writer_delete(b, frai_slice_of("x"), &error_));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_documents(dir, 0);
}

/* Every byte of a file of deletes is under a checksum, and no length of it is taken for another. */
static void damaged_deletes_are_told(void **unused)
{
    (void)unused;
    const char *dir = temp_dir(), *bodies[] = {"프랑스 투자", "미스트랄", "서울 소식", "비"};
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    frai_index *index;
    char path[600];
    build_bodies(dir, NULL, bodies, 4);
    o.mode = FRAI_OPEN_OR_CREATE;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    assert_ok(frai_writer_delete(b, frai_slice_of("1"), &error_));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    snprintf(path, sizeof path, "%s", segment_path(dir));
    sprintf(path + strlen(path) - strlen(".frai"), ".del-%010d", 2);
    size_t len;
    unsigned char *bytes = read_file(path, &len);
    for (size_t i = 0; i < len; i++) {
        unsigned char bit = (unsigned char)(1u << rnd_below(8));
        bytes[i] ^= bit;
        write_file(path, bytes, len);
        assert_int_equal(frai_index_open(dir, NULL, &index, &error_), FRAI_ERR_CORRUPT);
        assert_int_equal(frai_index_check(dir, NULL, NULL, &error_), FRAI_ERR_CORRUPT);
        bytes[i] ^= bit;
    }
    for (size_t cut = 0; cut < len; cut++) {
        write_file(path, bytes, cut);
        assert_int_equal(frai_index_open(dir, NULL, &index, &error_), FRAI_ERR_CORRUPT);
    }
    write_file(path, bytes, len);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_int_equal(frai_index_document_count(index), 3);
    frai_index_close(index);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_deleted_and_notes_kept),
        cmocka_unit_test(a_rollback_forgets_all),
        cmocka_unit_test(an_empty_commit_adds_no_segment),
        cmocka_unit_test(damaged_deletes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
