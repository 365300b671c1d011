/* A number without a document: its id came again before the commit, or was deleted. No call knows
 * it; and where it can't be read which numbers are such, nothing is taken for one. */
#include <stdio.h>
#include <string.h>

#include "segment/segment.h"
#include "support/search.h"
#include "support/support.h"

enum { DOCS = 4000, AGAIN = 50 };

/* The first AGAIN ids come again at the end. */
static const char *make_index(void)
{
    const char *dir = temp_dir();
    frai_writer *w;
    char body[64];
    assert_ok(frai_writer_open(dir, NULL, &w, &error_));
    for (size_t i = 0; i < DOCS + AGAIN; i++) {
        int n = snprintf(body, sizeof body, "투자 소식 %zu", i * 37 % 1001);
        add_body(w, i % DOCS, (frai_slice){body, (size_t)n});
    }
    assert_ok(frai_writer_commit(w, &error_));
    frai_writer_close(w);
    return dir;
}

static void numbers_without_a_document_can_not_be_named(void **unused)
{
    (void)unused;
    const char *dir = make_index();
    frai_index *index;
    frai_searcher *s;
    const frai_results *results;
    const frai_explanation *explanation;
    const frai_diagnosis *diagnosis;
    frai_passage passage = FRAI_PASSAGE_INIT;
    frai_slice value, query = frai_slice_of("투자");
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_ok(frai_search(s, query, NULL, &results, &error_));
    for (uint64_t doc = 0; doc < DOCS + AGAIN; doc++) {
        frai_status expected = doc < AGAIN ? FRAI_ERR_ARGUMENT : FRAI_OK;
        const char *fields[] = {"id", "body"};
        for (int f = 0; f < 2; f++) {
            frai_slice field = frai_slice_of(fields[f]);
            assert_int_equal(frai_searcher_read_field(s, doc, field, &value, NULL), expected);
            assert_int_equal(frai_searcher_make_passage(s, doc, field, 20, &passage, NULL),
                             expected);
        }
        if (doc >= 2 * AGAIN) continue;
        assert_int_equal(frai_searcher_explain(s, doc, &explanation, NULL), expected);
        assert_int_equal(frai_searcher_diagnose(s, query, NULL, doc, &diagnosis, NULL), expected);
    }
    uint64_t doc;
    assert_ok(frai_index_find(index, frai_slice_of("0"), &doc, &error_));
    assert_int_equal(doc, DOCS);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* Queries that a document without any term fulfills don't find them either. */
static void numbers_without_a_document_are_no_hits(void **unused)
{
    (void)unused;
    static const char *const queries[] = {"*", "* -없다", "투자"};
    static struct hit hits[DOCS + AGAIN];
    const char *dir = make_index();
    frai_index *index;
    frai_searcher *s;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
        frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
        frai_search_info info = FRAI_SEARCH_INFO_INIT;
        uint32_t count;
        o.limit = DOCS + AGAIN;
        o.flags = FRAI_SEARCH_COUNT_EXACT;
        assert_ok(find_info(s, frai_slice_of(queries[q]), &o, hits, &count, &info));
        assert_int_equal(info.total, DOCS);
        assert_int_equal(count, DOCS);
        for (uint32_t i = 0; i < count; i++) assert_true(hits[i].doc >= AGAIN);
    }
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void damage(const char *dir, enum fr_section_id section)
{
    struct fr_segment seg;
    size_t len;
    char *path = segment_path(dir);
    unsigned char *bytes = read_file(path, &len);
    assert_ok(fr_segment_open(&seg, path, "segment", fr_allocator_or_libc(NULL), &error_));
    assert_in_range(seg.sections[section].len, 101, DOCS + AGAIN);
    bytes[seg.sections[section].data - seg.map.data + 100] ^= 1;
    fr_segment_close(&seg);
    write_file(path, bytes, len);
    free(bytes);
}

static int count(void *ctx, const frai_dump_entry *entry)
{
    (void)entry;
    ++*(int *)ctx;
    return 0;
}

static void what_lives_is_not_guessed(void **unused)
{
    (void)unused;
    const char *dir = make_index();
    frai_index *index;
    frai_searcher *s;
    frai_writer *w;
    frai_slice value;
    const frai_results *results;
    int documents = 0;
    damage(dir, FR_SECTION_LIVE);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_int_equal(frai_index_dump(index, FRAI_DUMP_DOCS, count, &documents, &error_),
                     FRAI_ERR_CORRUPT);
    assert_int_equal(documents, 0);
    assert_int_equal(frai_search(s, frai_slice_of("*"), NULL, &results, &error_), FRAI_ERR_CORRUPT);
    assert_int_equal(frai_searcher_read_field(s, DOCS - 1, frai_slice_of("id"), &value, &error_),
                     FRAI_ERR_CORRUPT);
    frai_searcher_destroy(s);
    frai_index_close(index);

    assert_ok(frai_writer_open(dir, NULL, &w, &error_));
    assert_int_equal(frai_writer_compact(w, &error_), FRAI_ERR_CORRUPT);
    frai_writer_close(w);
    assert_ok(frai_writer_open(dir, NULL, &w, &error_));
    assert_ok(frai_writer_delete_path(w, frai_slice_of("a/path"), &error_));
    assert_int_equal(frai_writer_commit(w, &error_), FRAI_ERR_CORRUPT);
    frai_writer_close(w);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_int_equal(frai_index_document_count(index), DOCS);
    frai_index_close(index);
}

/* ... nor how long documents are, for queries without a term too. */
static void lengths_are_not_guessed(void **unused)
{
    (void)unused;
    static const char *const queries[] = {"투자", "투", "*", "* -투"};
    const char *dir = make_index();
    damage(dir, FR_SECTION_NORMS);
    for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
        frai_index *index;
        frai_searcher *s;
        const frai_results *results;
        assert_ok(frai_index_open(dir, NULL, &index, &error_));
        assert_ok(frai_searcher_create(index, &s, &error_));
        assert_int_equal(frai_search(s, frai_slice_of(queries[q]), NULL, &results, &error_),
                         FRAI_ERR_CORRUPT);
        frai_searcher_destroy(s);
        frai_index_close(index);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_without_a_document_can_not_be_named),
        cmocka_unit_test(numbers_without_a_document_are_no_hits),
        cmocka_unit_test(what_lives_is_not_guessed),
        cmocka_unit_test(lengths_are_not_guessed),
    };
    stay_in_memory();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
