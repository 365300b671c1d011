/* Commits of several segments, of which one loses all its documents within the commit: the next one
 * takes its place, and what was deleted of the one is not deleted of the other. */
#include <string.h>

#include "segment/documents.h"
#include "support/support.h"
#include "text/analyzer.h"
#include "writer/commit.h"
#include "writer/compact.h"

enum { SEGMENT_DOCS = 2 };

static struct fr_writer *open_builder(const char *dir)
{
    struct fr_writer_options o = {.mem = fr_allocator_or_libc(NULL),
                                  .memory_bytes = 64u << 20,
                                  .threads = 1,
                                  .segment_docs = SEGMENT_DOCS};
    struct fr_writer *b;
    o.settings = (struct fr_settings){FR_ANALYZER_KOREAN, true, .k1 = 0.9f, .b = 0.4f};
    assert_ok(fr_writer_open(dir, &o, &b, &error_));
    return b;
}

/* Opens a writer and takes steps: "+a" adds a document with the id a, "-a" deletes it, "!" commits
 * and compacts. */
static struct fr_writer *take_steps(const char *dir, const char *steps)
{
    struct fr_writer *b = open_builder(dir);
    struct fr_buf record;
    fr_buf_init(&record, fr_allocator_or_libc(NULL));
    fr_record_put(&record, FR_FIELD_BODY, frai_slice_of("투자 소식"));
    fr_record_put(&record, FR_FIELD_PATH, frai_slice_of("1"));
    for (const char *at = steps; *at; at++) {
        frai_slice id = {at + 1, 1};
        if (*at == '+') assert_ok(fr_writer_add(b, id, record.data, record.len, &error_));
        if (*at == '-') assert_ok(fr_writer_delete(b, id, &error_));
        if (*at == '!') assert_ok(fr_writer_commit(b, &error_));
        if (*at == '!') assert_ok(fr_writer_compact(b, &error_));
    }
    fr_buf_deinit(&record);
    return b;
}

/* These ids, one letter each, and no others; closes the writer. */
static void assert_committed(struct fr_writer *b, const char *dir, const char *ids)
{
    frai_index *index;
    uint64_t doc;
    assert_ok(fr_writer_commit(b, &error_));
    fr_writer_close(b);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    for (const char *id = ids; *id; id++)
        assert_ok(frai_index_find(index, (frai_slice){id, 1}, &doc, &error_));
    assert_int_equal(frai_index_document_count(index), strlen(ids));
    frai_index_close(index);
}

/* The third document ends a segment of two, of which nothing is left. */
static void ids_that_come_again_stay(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    assert_committed(take_steps(dir, "+a +b -a -b +b +a +c"), dir, "abc");
}

static void ids_that_are_deleted_later_go(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    assert_committed(take_steps(dir, "+a +b -a -b +b +a -b +c"), dir, "ac");
}

/* Paths are dropped of what was committed, also where that is indexed again. */
static void paths_of_what_was_added_stay(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    struct fr_writer *b = take_steps(dir, "+a +b ! -a -b +c +d");
    assert_ok(fr_writer_delete_path(b, frai_slice_of("1"), &error_));
    assert_committed(b, dir, "cd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_that_come_again_stay),
        cmocka_unit_test(ids_that_are_deleted_later_go),
        cmocka_unit_test(paths_of_what_was_added_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
