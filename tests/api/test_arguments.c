/* NULL, zero, huge and senseless arguments of the functions that write and inspect: an error, and
 * everything goes on. */
#include <math.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

static const char *const bodies[] = {"프랑스 투자", "미스트랄", "서울 소식"};
static const frai_slice null_slice = {NULL, 3}, some = {"1", 1};
#define REFUSED(call) assert_int_equal(call, FRAI_ERR_ARGUMENT)

static void opening(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    static const float no_k1[] = {NAN, -1, INFINITY, 101}, no_b[] = {NAN, -0.1f, 1.1f, INFINITY};
    frai_writer *b;
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    REFUSED(frai_writer_open(NULL, NULL, &b, &error_));
    REFUSED(frai_writer_open(dir, NULL, NULL, &error_));
    REFUSED(frai_writer_open("", NULL, &b, NULL));
    assert_null(b);
    for (int i = 0; i < 4; i++) {
        o = (frai_writer_options)FRAI_WRITER_OPTIONS_INIT;
        o.k1 = no_k1[i];
        REFUSED(frai_writer_open(dir, &o, &b, &error_));
        o = (frai_writer_options)FRAI_WRITER_OPTIONS_INIT;
        o.b = no_b[i];
        REFUSED(frai_writer_open(dir, &o, &b, &error_));
    }
    o = (frai_writer_options)FRAI_WRITER_OPTIONS_INIT;
    o.analyzer = 77;
    REFUSED(frai_writer_open(dir, &o, &b, &error_));
    o = (frai_writer_options)FRAI_WRITER_OPTIONS_INIT;
    o.field_count = 1;
    REFUSED(frai_writer_open(dir, &o, &b, &error_));
    o.field_count = SIZE_MAX;
    REFUSED(frai_writer_open(dir, &o, &b, &error_));
    const frai_field_spec senseless[] = {{NULL, FRAI_FIELD_TEXT},
                                         {"", FRAI_FIELD_TEXT},
                                         {"id", FRAI_FIELD_TEXT},
                                         {"a", 0},
                                         {"a", 5},
                                         {"a", (frai_field_kind)-1}};
    for (int i = 0; i < 6; i++) {
        o.fields = &senseless[i];
        o.field_count = 1;
        REFUSED(frai_writer_open(dir, &o, &b, &error_));
    }
    static const uint64_t memory[] = {0, 1, 1ull << 33, 1ull << 62, UINT64_MAX};
    for (int i = 0; i < 5; i++) {
        o = (frai_writer_options)FRAI_WRITER_OPTIONS_INIT;
        o.memory_bytes = memory[i];
        o.threads = i % 2 ? UINT32_MAX : 0;
        o.reorder = i == 4;
        build_bodies(dir, &o, bodies, 3);
    }
    const frai_allocator none = {NULL, NULL};
    o = (frai_writer_options)FRAI_WRITER_OPTIONS_INIT;
    o.allocator = &none; /* as good as none */
    build_bodies(dir, &o, bodies, 3);
}

static void documents(void **unused)
{
    (void)unused;
    const frai_field_spec fields[] = {{"tag", FRAI_FIELD_KEYWORD}};
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    o.fields = fields;
    o.field_count = 1;
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    const frai_document good = FRAI_DOCUMENT_INIT;
    frai_document d = good;
    REFUSED(frai_writer_add(NULL, &d, &error_));
    REFUSED(frai_writer_add(b, NULL, &error_));
    frai_slice *const slices[] = {&d.id, &d.title, &d.body, &d.url, &d.path, &d.date, &d.source};
    static const size_t huge[] = {SIZE_MAX, SIZE_MAX / 2 + 2, (256u << 20) + 1, (size_t)1 << 32};
    for (int i = 0; i < 7; i++) {
        d = good;
        *slices[i] = null_slice;
        REFUSED(frai_writer_add(b, &d, &error_));
        for (int k = 0; k < 4; k++) {
            *slices[i] = (frai_slice){"x", huge[k]};
            REFUSED(frai_writer_add(b, &d, &error_));
            *slices[(i + 1) % 7] = (frai_slice){"x", SIZE_MAX - huge[k] + 2}; /* sums to 1 */
            REFUSED(frai_writer_add(b, &d, NULL));
        }
    }
    d = good;
    const frai_text_source unreadable = {1, NULL, NULL};
    d.body_source = &unreadable;
    REFUSED(frai_writer_add(b, &d, &error_));
    d = good;
    d.field_count = 1;
    REFUSED(frai_writer_add(b, &d, &error_));
    frai_field_value value = {{"tag", 3}, {"x", SIZE_MAX}};
    d.fields = &value;
    REFUSED(frai_writer_add(b, &d, &error_));
    value.value = null_slice;
    REFUSED(frai_writer_add(b, &d, &error_));
    value = (frai_field_value){null_slice, {"x", 1}};
    REFUSED(frai_writer_add(b, &d, &error_));
    value = (frai_field_value){{NULL, 0}, {"x", 1}};
    REFUSED(frai_writer_add(b, &d, &error_));
    value = (frai_field_value){{"tag", SIZE_MAX}, {"x", 1}};
    REFUSED(frai_writer_add(b, &d, &error_));
    d.field_count = SIZE_MAX;
    REFUSED(frai_writer_add(b, &d, &error_));
    assert_ok(frai_writer_add(b, &good, &error_)); /* one that is empty is fine */
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_stats s = FRAI_WRITER_STATS_INIT;
    frai_writer_read_stats(b, &s);
    assert_int_equal(s.documents, 1);
    frai_writer_close(b);
}

static void other_calls_of_a_builder(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer *b;
    frai_slice note;
    frai_repair_stats repaired = FRAI_REPAIR_STATS_INIT;
    frai_writer_stats s = FRAI_WRITER_STATS_INIT;
    build_bodies(dir, NULL, bodies, 3);
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    REFUSED(frai_writer_delete(NULL, some, &error_));
    REFUSED(frai_writer_delete(b, null_slice, &error_));
    assert_ok(frai_writer_delete(b, (frai_slice){NULL, 0}, &error_)); /* nobody's ids */
    assert_ok(frai_writer_delete(b, (frai_slice){"x", SIZE_MAX}, &error_));
    REFUSED(frai_writer_delete_path(NULL, some, &error_));
    REFUSED(frai_writer_delete_path(b, null_slice, &error_));
    REFUSED(frai_writer_delete_path(b, (frai_slice){NULL, 0}, &error_));
    assert_ok(frai_writer_delete_path(b, (frai_slice){"x", SIZE_MAX}, &error_));
    REFUSED(frai_writer_set_user_data(NULL, some, &error_));
    REFUSED(frai_writer_set_user_data(b, null_slice, &error_));
    REFUSED(frai_writer_set_user_data(b, (frai_slice){"x", SIZE_MAX}, &error_));
    REFUSED(frai_writer_set_user_data(b, (frai_slice){"x", (1u << 30) + 1}, &error_));
    REFUSED(frai_writer_user_data(NULL, &note, &error_));
    REFUSED(frai_writer_user_data(b, NULL, &error_));
    assert_ok(frai_writer_user_data(b, &note, &error_));
    assert_true(note.ptr && note.len == 0);
    REFUSED(frai_writer_compact(NULL, &error_));
    REFUSED(frai_writer_rollback(NULL, &error_));
    REFUSED(frai_writer_commit(NULL, &error_));
    REFUSED(frai_writer_wait(NULL, &error_));
    REFUSED(frai_writer_repair(NULL, NULL, NULL, &repaired, &error_));
    REFUSED(frai_writer_repair(b, NULL, NULL, NULL, &error_));
    assert_ok(frai_writer_repair(b, NULL, NULL, &repaired, NULL));
    frai_writer_read_stats(NULL, NULL);
    frai_writer_read_stats(b, NULL);
    s.documents = 77;
    frai_writer_read_stats(NULL, &s);
    assert_int_equal(s.documents, 0);
    assert_ok(frai_writer_set_user_data(b, (frai_slice){NULL, 0}, &error_));
    add_body(b, 9, (frai_slice){NULL, 0});
    assert_ok(frai_writer_commit(b, NULL));
    frai_writer_read_stats(b, &s);
    assert_int_equal(s.documents, 4);
    frai_writer_close(b);
    frai_writer_close(NULL);
}

static int stop(void *ctx, const frai_token_info *token)
{
    (void)ctx;
    return token ? 0 : 1;
}

static int pass(void *ctx, const frai_dump_entry *entry)
{
    (void)ctx;
    return entry ? 0 : 1;
}

static void inspecting(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_index *index;
    frai_searcher *s;
    frai_index_stats stats = FRAI_INDEX_STATS_INIT;
    struct hit hits[4];
    uint32_t n;
    uint64_t total;
    char out[8];
    build_bodies(dir, NULL, bodies, 3);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_int_equal(frai_index_document_count(NULL), 0);
    assert_int_equal(frai_index_used_previous_commit(NULL), 0);
    REFUSED(frai_index_read_stats(NULL, &stats, &error_));
    REFUSED(frai_index_read_stats(index, NULL, &error_));
    REFUSED(frai_index_check(NULL, NULL, NULL, &error_));
    assert_ok(frai_index_check(dir, NULL, NULL, NULL));
    REFUSED(frai_index_export(NULL, NULL, NULL, &error_));
    REFUSED(frai_index_export(index, NULL, NULL, &error_));
    REFUSED(frai_index_dump(NULL, FRAI_DUMP_DOCS, pass, NULL, &error_));
    REFUSED(frai_index_dump(index, FRAI_DUMP_DOCS, NULL, NULL, &error_));
    REFUSED(frai_index_dump(index, (frai_dump)3, pass, NULL, &error_));
    REFUSED(frai_index_dump(index, (frai_dump)-1, pass, NULL, &error_));
    REFUSED(frai_text_tokenize(some, NULL, NULL, &error_));
    REFUSED(frai_text_tokenize(null_slice, stop, NULL, &error_));
    REFUSED(frai_text_tokenize((frai_slice){"x", SIZE_MAX}, stop, NULL, &error_));
    REFUSED(frai_text_tokenize((frai_slice){"x", (size_t)1 << 32}, stop, NULL, &error_));
    assert_ok(frai_text_tokenize((frai_slice){NULL, 0}, stop, NULL, NULL));
    assert_int_equal(frai_text_normalize(null_slice, out, sizeof out), 0);
    assert_int_equal(frai_text_normalize((frai_slice){NULL, 0}, out, sizeof out), 0);
    assert_int_equal(frai_text_normalize((frai_slice){"x", SIZE_MAX}, out, sizeof out), 0);
    assert_int_equal(frai_text_normalize(some, NULL, sizeof out), 0);
    assert_int_equal(frai_text_normalize(some, out, 0), 0);
    assert_int_equal(frai_text_normalize(some, out, sizeof out), 1);
    REFUSED(find_terms(NULL, some, FRAI_TERMS_OR, 4, hits, &n, &total, &error_));
    REFUSED(frai_search_terms(s, some, FRAI_TERMS_OR, 4, NULL, &error_));
    REFUSED(find_terms(s, some, (frai_terms_mode)99, 4, hits, &n, &total, &error_));
    REFUSED(find_terms(s, some, FRAI_TERMS_OR, UINT32_MAX, hits, &n, &total, &error_));
    for (frai_terms_mode mode = FRAI_TERMS_OR; mode <= FRAI_TERMS_OR_TOP_COUNT; mode++) {
        bool counts = mode == FRAI_TERMS_OR_COUNT || mode == FRAI_TERMS_AND_COUNT ||
                      mode == FRAI_TERMS_OR_EXHAUSTIVE || mode == FRAI_TERMS_AND_EXHAUSTIVE;
        frai_status status = find_terms(s, some, mode, 0, NULL, &n, &total, &error_);
        assert_int_equal(status, counts ? FRAI_OK : FRAI_ERR_ARGUMENT);
    }
    assert_ok(find_hits(s, frai_slice_of("투자"), NULL, hits, &n, &error_));
    assert_int_equal(n, 1);
    frai_searcher_destroy(s);
    frai_index_close(index);
    assert_non_null(frai_status_name((frai_status)9999));
    assert_int_equal(frai_version_number(), FRAI_VERSION_NUMBER);
    assert_non_null(frai_status_name((frai_status)-1));
    assert_int_equal(frai_slice_of(NULL).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening),
        cmocka_unit_test(documents),
        cmocka_unit_test(other_calls_of_a_builder),
        cmocka_unit_test(inspecting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
