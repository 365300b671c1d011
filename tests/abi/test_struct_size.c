/* Structs that begin with struct_size, in every size from nothing to twice what this library knows:
 * a smaller one is an older caller's, a larger one a newer caller's. What lies behind the size that
 * was said is a wall that may be neither read nor written. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/search.h"
#include "support/support.h"

static const char *const bodies[] = {"프랑스 투자", "미스트랄 투자", "서울 소식"};
static frai_index *index_;
static frai_searcher *searcher;

/* `size` bytes before a page that can't be touched; the known ones are those of `full`. */
static void *before_wall(const void *full, size_t known, size_t size)
{
    static unsigned char *pages;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (!pages) {
        pages = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_true(pages != MAP_FAILED);
        assert_int_equal(mprotect(pages + 2 * page, page, PROT_NONE), 0);
    }
    assert_true(size <= 2 * page);
    unsigned char *at = pages + 2 * page - size;
    memset(at, 0xA5, size);
    memcpy(at, full, known < size ? known : size);
    if (size >= sizeof size) memcpy(at, &size, sizeof size);
    return at;
}

/* All sizes that a struct can have had: it holds 8 bytes that are aligned. */
#define EACH_SIZE(size, type) for (size_t size = 8; size <= 2 * sizeof(type) + 8; size += 8)

/* What a call wrote into a struct of `size` is the beginning of what it writes into a whole one,
 * but for a slice that is cut: its length is 0 there. */
static void assert_beginning(const void *given, const void *whole, size_t known, size_t size)
{
    size_t bytes = size < known ? size : known;
    if (bytes == known && known % 8 == 0 && ((const char *)whole)[known - 1] == 0)
        bytes -= 4; /* may be padding */
    assert_memory_equal((const char *)given + 8, (const char *)whole + 8, bytes - 8);
    for (size_t i = known; i < size; i++) assert_int_equal(((const unsigned char *)given)[i], 0xA5);
}

/* Every size up to the known one, in memory that may be touched: what is cut is not written. */
#define EACH_CUT(size, given)                                                                      \
    for (size_t size = 0; size <= sizeof(given) && begin_cut(&given, sizeof given, size); size++)

static bool begin_cut(void *given, size_t known, size_t size)
{
    memset(given, 0xA5, known);
    memcpy(given, &size, sizeof size);
    return true;
}

/* Whole words of the result up to the size, and the rest left alone. */
static void assert_cut(const void *given, const void *whole, size_t known, size_t size)
{
    const unsigned char *bytes = given;
    size_t words = size < 8 ? 8 : size / 8 * 8;
    assert_beginning(given, whole, known, words);
    for (size_t i = words; i < known; i++) assert_int_equal(bytes[i], 0xA5);
}

static void open_options(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    const frai_open_options full = FRAI_OPEN_OPTIONS_INIT;
    build_bodies(dir, NULL, bodies, 3);
    EACH_SIZE(size, full)
    {
        frai_index *index;
        assert_ok(frai_index_open(dir, before_wall(&full, sizeof full, size), &index, &error_));
        frai_index_close(index);
    }
}

static int calls;
static void *counting(void *ctx, void *old, size_t old_bytes, size_t new_bytes)
{
    (void)ctx;
    (void)old_bytes;
    calls++;
    if (new_bytes) return realloc(old, new_bytes);
    free(old);
    return NULL;
}

/* A struct of a newer header has an allocator too. */
static void an_allocator_of_a_larger_struct_is_used(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    const frai_allocator allocator = {counting, NULL};
    frai_open_options full = FRAI_OPEN_OPTIONS_INIT;
    frai_index *index;
    build_bodies(dir, NULL, bodies, 3);
    full.allocator = &allocator;
    assert_ok(
        frai_index_open(dir, before_wall(&full, sizeof full, sizeof full + 24), &index, &error_));
    frai_index_close(index);
    assert_true(calls > 0);
}

static void build_options_and_documents(void **unused)
{
    (void)unused;
    static const frai_field_spec fields[] = {{"tag", FRAI_FIELD_KEYWORD}};
    frai_writer_options full = FRAI_WRITER_OPTIONS_INIT;
    full.fields = fields;
    full.field_count = 1;
    full.reorder = 1;
    EACH_SIZE(size, full)
    {
        frai_writer *b;
        const char *dir = temp_dir();
        assert_ok(frai_writer_open(dir, before_wall(&full, sizeof full, size), &b, &error_));
        frai_writer_close(b);
        remove_tree(dir);
    }
    const frai_field_value values[] = {{{"tag", 3}, {"값", 3}}};
    const frai_document d = {sizeof d, {"1", 1},           {"제목", 6}, {"프랑스", 9}, {"u", 1},
                             {"p", 1}, {"2025-02-10", 10}, {"s", 1},    values,        1,
                             0,        sizeof *values,     NULL};
    frai_writer *b;
    assert_ok(frai_writer_open(temp_dir(), &full, &b, &error_));
    EACH_SIZE(size, d)
    {
        assert_ok(frai_writer_add(b, before_wall(&d, sizeof d, size), &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
}

/* Elements of arrays: of a caller whose header has longer ones, and of the first release's. */
static void elements_of_arrays(void **unused)
{
    (void)unused;
    const struct {
        frai_field_spec spec;
        uint64_t more;
    } specs[] = {{{"tag", FRAI_FIELD_KEYWORD}, UINT64_MAX}, {{"memo", FRAI_FIELD_TEXT}, 77}};
    const struct {
        frai_field_value value;
        uint64_t more;
    } values[] = {{{{"memo", 4}, {"쪽지", 6}}, 77}, {{{"tag", 3}, {"값", 3}}, UINT64_MAX}};
    static const frai_field_value first[] = {{{"tag", 3}, {"옛값", 6}}};
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_document d = FRAI_DOCUMENT_INIT;
    const char *dir = temp_dir();
    frai_writer *b;
    frai_index *index;
    frai_searcher *s;
    frai_slice value;
    o.fields = &specs[0].spec;
    o.field_count = 2;
    o.field_size = 4;
    assert_int_equal(frai_writer_open(dir, &o, &b, &error_), FRAI_ERR_ARGUMENT);
    o.field_size = sizeof specs[0];
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    d.fields = &values[0].value;
    d.field_count = 2;
    d.field_size = sizeof values[0];
    assert_ok(frai_writer_add(b, &d, &error_));
    d.fields = first;
    d.field_count = 1;
    d.field_size = 0;
    assert_ok(frai_writer_add(b, &d, &error_));
    d.field_size = 7;
    assert_int_equal(frai_writer_add(b, &d, &error_), FRAI_ERR_ARGUMENT);
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &s, &error_));
    assert_ok(frai_searcher_read_field(s, 0, frai_slice_of("tag"), &value, &error_));
    assert_memory_equal(value.ptr, "값", value.len);
    assert_ok(frai_searcher_read_field(s, 0, frai_slice_of("memo"), &value, &error_));
    assert_memory_equal(value.ptr, "쪽지", value.len);
    assert_ok(frai_searcher_read_field(s, 1, frai_slice_of("tag"), &value, &error_));
    assert_memory_equal(value.ptr, "옛값", value.len);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void build_and_repair_stats(void **unused)
{
    (void)unused;
    frai_writer *b;
    const char *dir = temp_dir();
    frai_writer_stats whole = FRAI_WRITER_STATS_INIT;
    frai_repair_stats repaired = FRAI_REPAIR_STATS_INIT;
    build_bodies(dir, NULL, bodies, 3);
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    add_body(b, 0, frai_slice_of("하나"));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_read_stats(b, &whole);
    EACH_SIZE(size, whole)
    {
        frai_writer_stats *given = before_wall(&whole, 0, size);
        frai_writer_read_stats(b, given);
        assert_beginning(given, &whole, sizeof whole, size);
        assert_int_equal(given->struct_size, size);
    }
    assert_ok(frai_writer_repair(b, NULL, NULL, &repaired, &error_));
    EACH_SIZE(size, repaired)
    {
        frai_repair_stats *given = before_wall(&repaired, 0, size);
        assert_ok(frai_writer_repair(b, NULL, NULL, given, &error_));
        assert_beginning(given, &repaired, sizeof repaired, size);
    }
    frai_writer_close(b);
}

static void index_stats(void **unused)
{
    (void)unused;
    frai_index_stats whole = FRAI_INDEX_STATS_INIT;
    assert_ok(frai_index_read_stats(index_, &whole, &error_));
    assert_int_equal(whole.documents, 3);
    EACH_SIZE(size, whole)
    {
        frai_index_stats *given = before_wall(&whole, 0, size);
        assert_ok(frai_index_read_stats(index_, given, &error_));
        assert_beginning(given, &whole, sizeof whole, size);
    }
}

static void section_stats(void **unused)
{
    (void)unused;
    frai_index_stats stats = FRAI_INDEX_STATS_INIT;
    frai_section_stats whole = FRAI_SECTION_STATS_INIT;
    uint64_t bytes = 0;
    uint32_t count = 0;
    assert_ok(frai_index_read_stats(index_, &stats, &error_));
    while (frai_index_read_section(index_, count, &whole)) {
        bytes += whole.bytes;
        count++;
    }
    assert_true(count > 10);
    assert_int_equal(bytes, stats.bytes);
    assert_int_equal(frai_index_read_section(NULL, 0, &whole), 0);
    assert_int_equal(frai_index_read_section(index_, 0, NULL), 0);
    EACH_SIZE(size, whole)
    {
        frai_section_stats *given = before_wall(&whole, 0, size);
        assert_int_equal(frai_index_read_section(index_, count - 1, given), 1);
        assert_beginning(given, &whole, sizeof whole, size);
    }
}

static void search_options(void **unused)
{
    (void)unused;
    const frai_search_options full = FRAI_SEARCH_OPTIONS_INIT;
    const frai_slice query = frai_slice_of("투자");
    struct hit hits[10];
    uint32_t count;
    EACH_SIZE(size, full)
    {
        const frai_search_options *given = before_wall(&full, sizeof full, size);
        const frai_diagnosis *d;
        assert_ok(find_hits(searcher, query, given, hits, &count, &error_));
        assert_int_equal(count, 2);
        assert_ok(frai_searcher_diagnose(searcher, query, given, 0, &d, &error_));
        assert_true(frai_diagnosis_count(d) > 0);
    }
}

static void search_info(void **unused)
{
    (void)unused;
    static const frai_search_info unset; /* but for its size */
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    struct hit hits[10];
    uint32_t count;
    EACH_SIZE(size, unset)
    {
        frai_search_info *given = before_wall(&unset, 0, size);
        assert_ok(find_info(searcher, frai_slice_of("서울 파리"), &o, hits, &count, given));
        if (size >= 16) assert_int_equal(given->total, 1);
        if (size > offsetof(frai_search_info, missing) + 8) assert_int_equal(given->missing.len, 6);
        if (size >= sizeof unset) assert_int_equal(given->words, 2);
        for (size_t i = sizeof unset; i < size; i++)
            assert_int_equal(((const unsigned char *)given)[i], 0xA5);
    }
    frai_search_info whole, cut;
    memset(&whole, 0xA5, sizeof whole); /* padding too */
    whole.struct_size = sizeof whole;
    assert_ok(find_info(searcher, frai_slice_of("서울 파리"), &o, hits, &count, &whole));
    EACH_CUT(size, cut)
    {
        assert_ok(find_info(searcher, frai_slice_of("서울 파리"), &o, hits, &count, &cut));
        assert_cut(&cut, &whole, sizeof whole, size);
    }
}

static void passage(void **unused)
{
    (void)unused;
    const frai_slice body = frai_slice_of("body"), query = frai_slice_of("투자");
    frai_passage whole = FRAI_PASSAGE_INIT, cut;
    struct hit hits[10];
    uint32_t count;
    assert_ok(find_hits(searcher, query, NULL, hits, &count, &error_));
    assert_ok(frai_searcher_make_passage(searcher, 0, body, 40, &whole, &error_));
    assert_int_equal(whole.span_count, 1);
    EACH_SIZE(size, whole)
    {
        frai_passage *given = before_wall(&whole, 0, size);
        assert_ok(frai_searcher_make_passage(searcher, 0, body, 40, given, &error_));
        assert_int_equal(given->struct_size, size);
        if (size >= 24) assert_int_equal(given->text.len, whole.text.len);
        if (size >= sizeof whole) assert_int_equal(given->span_count, 1);
        for (size_t i = sizeof whole; i < size; i++)
            assert_int_equal(((const unsigned char *)given)[i], 0xA5);
    }
    EACH_CUT(size, cut)
    {
        assert_ok(frai_searcher_make_passage(searcher, 0, body, 40, &cut, &error_));
        for (size_t i = size < 8 ? 8 : size / 8 * 8; i < sizeof cut; i++)
            assert_int_equal(((const unsigned char *)&cut)[i], 0xA5);
        if (size >= sizeof cut) assert_int_equal(cut.span_count, 1);
    }
}

/* A struct that was not begun with its macro: nothing is guessed. */
static void a_size_that_was_not_set_is_an_error(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_writer *b;
    frai_index *index;
    for (size_t size = 0; size < 8; size++) {
        const frai_writer_options build = {.struct_size = size};
        const frai_open_options open = {.struct_size = size};
        const frai_document d = {.struct_size = size};
        const frai_search_options search = {.struct_size = size, .limit = 10};
        frai_writer_stats stats = {.struct_size = size, .documents = 77};
        frai_index_stats read = {.struct_size = size, .documents = 77};
        frai_search_info info = {.struct_size = size, .total = 77};
        frai_passage passage = {.struct_size = size, .offset = 77};
        frai_search_options asking = FRAI_SEARCH_OPTIONS_INIT;
        const frai_slice query = frai_slice_of("투자"), body = frai_slice_of("body");
        struct hit hits[10];
        uint32_t count;
        const frai_diagnosis *diagnosis;
        assert_int_equal(find_hits(searcher, query, &search, hits, &count, &error_),
                         FRAI_ERR_ARGUMENT);
        assert_int_equal(frai_searcher_diagnose(searcher, query, &search, 0, &diagnosis, &error_),
                         FRAI_ERR_ARGUMENT);
        assert_ok(find_info(searcher, query, &asking, hits, &count, &info));
        assert_int_equal(info.total, 77);
        assert_ok(frai_searcher_make_passage(searcher, 0, body, 40, &passage, &error_));
        assert_int_equal(passage.offset, 77);
        assert_ok(frai_index_read_stats(index_, &read, &error_));
        assert_int_equal(read.documents, 77);
        assert_int_equal(frai_writer_open(dir, &build, &b, &error_), FRAI_ERR_ARGUMENT);
        assert_int_equal(frai_index_open(dir, &open, &index, &error_), FRAI_ERR_ARGUMENT);
        assert_ok(frai_writer_open(dir, NULL, &b, &error_));
        assert_int_equal(frai_writer_add(b, &d, &error_), FRAI_ERR_ARGUMENT);
        frai_writer_read_stats(b, &stats);
        assert_int_equal(stats.documents, 77);
        frai_writer_close(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_options),
        cmocka_unit_test(an_allocator_of_a_larger_struct_is_used),
        cmocka_unit_test(build_options_and_documents),
        cmocka_unit_test(build_and_repair_stats),
        cmocka_unit_test(elements_of_arrays),
        cmocka_unit_test(index_stats),
        cmocka_unit_test(section_stats),
        cmocka_unit_test(search_options),
        cmocka_unit_test(search_info),
        cmocka_unit_test(passage),
        cmocka_unit_test(a_size_that_was_not_set_is_an_error),
    };
    const char *dir = temp_dir();
    build_bodies(dir, NULL, bodies, 3);
    if (frai_index_open(dir, NULL, &index_, &error_) ||
        frai_searcher_create(index_, &searcher, &error_))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    frai_searcher_destroy(searcher);
    frai_index_close(index_);
    return failed;
}
