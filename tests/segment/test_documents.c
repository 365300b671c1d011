/* What a segment keeps of each document besides its terms, against plain arrays: stored records,
 * ends of text fields and columns, as they were built and as merging copied them. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "codec/norm.h"
#include "index/snapshot.h"
#include "segment/column_writer.h"
#include "segment/documents.h"
#include "segment/field_ends.h"
#include "segment/lengths.h"
#include "segment/record.h"
#include "support/support.h"
#include "text/analyzer.h"

/* ---- records ---- */

static void a_record_gives_back_its_fields(void **unused)
{
    (void)unused;
    for (int round = 0; round < 2000; round++) {
        struct fr_buf record;
        char text[8][300];
        frai_slice values[8];
        fr_buf_init(&record, fr_allocator_or_libc(NULL));
        for (uint32_t i = 0; i < 8; i++) {
            values[i] = (frai_slice){text[i], rnd_below(3) ? rnd_below(300) : 0};
            for (size_t k = 0; k < values[i].len; k++) text[i][k] = (char)rnd();
            fr_record_put(&record, i * i * 40, values[i]);
        }
        for (uint32_t i = 0; i < 8; i++) {
            frai_slice field = fr_record_field(record.data, record.len, i * i * 40);
            assert_int_equal(field.len, values[i].len);
            assert_memory_equal(field.ptr, values[i].ptr, field.len);
        }
        size_t cut = record.len ? rnd_below(record.len) : 0;
        uint8_t *part = malloc(cut + 1); /* the sanitizer sees a read beyond */
        uint8_t *exact = part + 1;
        memcpy(exact, record.data ? record.data : (uint8_t *)"", cut);
        for (uint32_t i = 0; i < 8; i++) {
            frai_slice field = fr_record_field(exact, cut, i * i * 40);
            assert_true(field.len == 0 || field.len == values[i].len);
        }
        free(part);
        fr_buf_deinit(&record);
    }
}

static void a_path_is_found_shared_or_not(void **unused)
{
    (void)unused;
    for (int shared = 0; shared < 2; shared++) {
        struct fr_buf record;
        fr_buf_init(&record, fr_allocator_or_libc(NULL));
        fr_record_put(&record, shared ? FR_FIELD_SHARED_PATH : FR_FIELD_PATH, frai_slice_of("a/b"));
        assert_memory_equal(fr_record_path(record.data, record.len).ptr, "a/b", 3);
        fr_buf_deinit(&record);
    }
}

/* ---- ends and columns ---- */

enum { DOCS = 700, TEXTS = 4, CLASSES = 40 };

/* What a document was given, and what must come back of it. */
static struct plain {
    bool there;
    uint32_t ends[TEXTS]; /* positions */
    uint32_t length;
    char class[16]; /* "": none */
    double number;  /* NaN: none */
    int64_t day;    /* FR_NO_DATE: none */
} plain[DOCS];

static const frai_field_spec fields[] = {{"요약", FRAI_FIELD_TEXT},
                                         {"분류", FRAI_FIELD_KEYWORD},
                                         {"비고", FRAI_FIELD_TEXT},
                                         {"금액", FRAI_FIELD_NUMBER},
                                         {"마감", FRAI_FIELD_DATE}};

/* Words of one position each; a field with words begins a gap behind the one before. */
static frai_slice random_text(uint32_t words, uint32_t *position)
{
    char *text = malloc(3ull * words + 1), *at = text;
    for (uint32_t i = 0; i < words; i++) at += sprintf(at, "a%c ", (int)('a' + rnd_below(26)));
    *at = '\0';
    if (words && *position) *position += FR_SENTENCE_GAP;
    *position += words;
    return (frai_slice){text, (size_t)(at - text)};
}

static void add_random(frai_writer *b, int n)
{
    static const uint32_t words_most[] = {2, 10, 200, 40000};
    struct plain *p = &plain[n];
    char id[16], class[16] = "", number[32] = "", date[32] = "";
    frai_slice texts[TEXTS];
    uint32_t position = 0, most = words_most[rnd_below(50) ? rnd_below(3) : 3];
    p->length = 0;
    for (int i = 0; i < TEXTS; i++) {
        uint32_t words = rnd_below(3) ? (uint32_t)rnd_below(most) : 0;
        texts[i] = random_text(words, &position);
        p->ends[i] = position;
        p->length += words;
    }
    uint64_t day = 1 + rnd_below(28);
    if (rnd_below(4)) sprintf(class, "갈래%d", (int)rnd_below(CLASSES));
    if (rnd_below(4)) sprintf(number, "%.17g", ((double)rnd_below(2000000) - 1e6) / 7);
    if (rnd_below(4)) sprintf(date, "2025-02-%02d", (int)day);
    p->there = true;
    strcpy(p->class, class);
    p->number = number[0] ? strtod(number, NULL) : NAN;
    p->day = date[0] ? 1738368000 + ((int64_t)day - 1) * 86400 : FR_NO_DATE;
    frai_field_value values[] = {{frai_slice_of("요약"), texts[2]},
                                 {frai_slice_of("분류"), frai_slice_of(class)},
                                 {frai_slice_of("비고"), texts[3]},
                                 {frai_slice_of("금액"), frai_slice_of(number)},
                                 {frai_slice_of("마감"), frai_slice_of(date)}};
    sprintf(id, "%d", n);
    frai_document d = {.struct_size = sizeof d,
                       .id = frai_slice_of(id),
                       .title = texts[0],
                       .body = texts[1],
                       .fields = values,
                       .field_count = 5};
    assert_ok(frai_writer_add(b, &d, &error_));
    for (int i = 0; i < TEXTS; i++) free((char *)(uintptr_t)texts[i].ptr);
}

static void check_ends(const struct fr_segment *seg, uint32_t doc, const struct plain *p)
{
    uint32_t ends[TEXTS - 1] = {0};
    assert_int_equal(seg->stats.text_fields, TEXTS);
    uint32_t count = 1 + (uint32_t)rnd_below(TEXTS - 1);
    assert_ok(fr_field_ends_read(seg, doc, count, ends, &error_));
    for (uint32_t i = 0; i < count; i++) assert_int_equal(ends[i], p->ends[i]);
    if (seg->stats.analyzer != FR_ANALYZER_KOREAN) return;
    struct fr_eojeols eojeols;
    assert_ok(fr_eojeols_read(seg, doc, &eojeols, &error_));
    assert_int_equal(eojeols.positions, p->ends[TEXTS - 1]);
}

static void check_values(const struct fr_columns *columns, uint32_t doc, const struct plain *p)
{
    const struct fr_column *class = fr_columns_find(columns, frai_slice_of("분류")),
                           *number = fr_columns_find(columns, frai_slice_of("금액")),
                           *day = fr_columns_find(columns, frai_slice_of("마감"));
    frai_slice keyword = fr_column_keyword(class, doc);
    uint32_t ordinal = fr_column_ordinal(class, doc);
    assert_int_equal(keyword.len, strlen(p->class));
    assert_memory_equal(keyword.ptr, p->class, keyword.len);
    assert_int_equal(ordinal == 0, p->class[0] == '\0');
    if (ordinal) assert_int_equal(fr_column_lower_bound(class, keyword), ordinal);
    if (isnan(p->number))
        assert_true(isnan(fr_column_number(number, doc)));
    else
        assert_true(fr_column_number(number, doc) == p->number);
    assert_true(fr_column_date(day, doc) == p->day);
}

/* The ordinals of a column are the ranks of its keywords, whatever is looked for. */
static void check_order(const struct fr_column *c)
{
    assert_int_equal(fr_column_keyword_at(c, 0).len, 0);
    for (uint32_t i = 2; i <= c->keyword_count; i++)
        assert_true(fr_slice_compare(fr_column_keyword_at(c, i - 1), fr_column_keyword_at(c, i)) <
                    0);
    for (int round = 0; round < 50; round++) {
        char text[16] = "";
        if (rnd_below(10)) sprintf(text, "갈래%d", (int)rnd_below(100));
        frai_slice sought = frai_slice_of(text);
        uint32_t before = 1;
        while (before <= c->keyword_count &&
               fr_slice_compare(fr_column_keyword_at(c, before), sought) < 0)
            before++;
        assert_int_equal(fr_column_lower_bound(c, sought), before);
    }
}

static void check_all(const char *dir)
{
    struct fr_snapshot s;
    uint32_t living = 0, there = 0;
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    assert_ok(fr_snapshot_open(&s, dir, fr_allocator_or_libc(NULL), &error_));
    for (uint32_t g = 0; g < s.segment_count; g++) {
        const struct fr_segment *seg = &s.segments[g];
        const struct fr_columns *columns;
        struct fr_lengths_reader lengths = {.seg = seg}, anew = {.seg = seg};
        struct fr_buf id;
        fr_buf_init(&id, s.mem);
        assert_ok(fr_snapshot_columns(&s, g, &columns, &error_));
        assert_null(fr_columns_find(columns, frai_slice_of("없음")));
        check_order(fr_columns_find(columns, frai_slice_of("분류")));
        for (uint32_t doc = 0; doc < seg->stats.docs; doc++) {
            if (!fr_document_is_live(seg, doc)) continue;
            assert_ok(fr_document_id(seg, doc, &id, &error_));
            fr_buf_u8(&id, 0);
            const struct plain *p = &plain[atoi((const char *)id.data)];
            assert_true(p->there);
            uint32_t length;
            struct fr_lengths_reader *r = rnd_below(3) ? &lengths : &anew;
            assert_ok(fr_lengths_read(r, doc, &length, &error_));
            assert_int_equal(length, p->length);
            check_ends(seg, doc, p);
            check_values(columns, doc, p);
            living++;
        }
        fr_buf_deinit(&id);
    }
    for (int n = 0; n < DOCS; n++) there += plain[n].there;
    assert_int_equal(living, there);
    fr_snapshot_close(&s);
}

static void ends_and_values_are_those_of_plain_arrays(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < 3; kind++) { /* merged with stored text and without; pre-cut */
        const char *dir = temp_dir();
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        frai_writer *b;
        o.fields = fields;
        o.field_count = 5;
        o.store_text = kind == 0;
        if (kind == 2) o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
        memset(plain, 0, sizeof plain);
        assert_ok(frai_writer_open(dir, &o, &b, &error_));
        for (int round = 0; round < 12; round++) {
            for (uint64_t n = rnd_below(round % 3 ? 120 : 20); n > 0; n--) {
                int doc = (int)rnd_below(DOCS);
                char id[16];
                sprintf(id, "%d", doc);
                if (rnd_below(4)) {
                    add_random(b, doc);
                    continue;
                }
                assert_ok(frai_writer_delete(b, frai_slice_of(id), &error_));
                plain[doc].there = false;
            }
            assert_ok(frai_writer_commit(b, &error_));
            if (round % 4 == 3) check_all(dir);
        }
        assert_ok(frai_writer_compact(b, &error_));
        assert_ok(frai_writer_commit(b, &error_));
        frai_writer_close(b);
        check_all(dir);
        remove_tree(dir);
    }
}

/* A section of lengths alone, as it was written and forged. */
static void lengths_of_forged_bytes_stay_in_the_section(void **unused)
{
    (void)unused;
    enum { N = 3000 };
    struct fr_segment_writer w;
    struct fr_spill_buffer lengths;
    const frai_allocator *mem = fr_allocator_or_libc(NULL);
    uint32_t of[N], read;
    uint8_t norms[N];
    const char *dir = temp_dir();
    fr_segment_writer_init(&w, mem, path_in(dir, "tmp"), 1u << 20);
    fr_spill_buffer_init(&lengths, mem, path_in(dir, "lengths"), 1u << 20);
    for (uint32_t i = 0; i < N; i++) {
        of[i] = (uint32_t)(rnd() >> 36 >> rnd_below(28));
        norms[i] = fr_norm_encode(of[i]);
        fr_buf_u32(&lengths.buf, of[i]);
    }
    assert_ok(fr_lengths_put(&w, norms, N, &lengths, &error_));
    struct fr_buf *bits = &fr_segment_writer_section(&w, FR_SECTION_LENGTHS)->buf;
    size_t len = bits->len, all = len + N + FR_SECTION_PAD;
    uint8_t *bytes = calloc(all, 1);
    uint64_t verified = UINT64_MAX; /* pages have no checksums here */
    struct fr_segment seg = {.mem = mem, .map = {bytes, all}};
    memcpy(bytes, norms, N);
    memcpy(bytes + N, bits->data, len);
    seg.verified = &verified;
    seg.paged_bytes = all;
    seg.stats.docs = N;
    seg.sections[FR_SECTION_NORMS] = (struct fr_section){bytes, N};
    seg.sections[FR_SECTION_LENGTHS] = (struct fr_section){bytes + N, len};
    struct fr_lengths_reader r = {.seg = &seg};
    for (int i = 0; i < 2000; i++) {
        uint32_t doc = (uint32_t)rnd_below(N);
        assert_ok(fr_lengths_read(&r, doc, &read, &error_));
        assert_int_equal(read, of[doc]);
    }
    unsigned refused = 0;
    for (int round = 0; round < 4000; round++) {
        uint64_t cut = rnd_below(2) ? rnd_below(len + 1) : len;
        seg.sections[FR_SECTION_LENGTHS].len = cut;
        for (int i = 0; i < 4; i++) bytes[rnd_below(N + len)] = (uint8_t)rnd();
        r = (struct fr_lengths_reader){.seg = &seg};
        for (int i = 0; i < 5; i++)
            refused += fr_lengths_read(&r, (uint32_t)rnd_below(N), &read, &error_) != FRAI_OK;
    }
    assert_true(refused > 0);
    free(bytes);
    fr_spill_buffer_deinit(&lengths);
    fr_segment_writer_deinit(&w);
}

static struct fr_snapshot shared;

static void *open_columns(void *out)
{
    frai_error error;
    const struct fr_columns *columns = NULL;
    if (fr_snapshot_columns(&shared, 0, &columns, &error) == FRAI_OK)
        *(const struct fr_columns **)out = columns;
    return NULL;
}

static void threads_that_ask_at_once_get_the_same_columns(void **unused)
{
    (void)unused;
    const char *dir = temp_dir(), *const bodies[] = {"하나", "둘"};
    build_bodies(dir, NULL, bodies, 2);
    for (int round = 0; round < 50; round++) {
        enum { THREADS = 4 };
        pthread_t threads[THREADS];
        const struct fr_columns *made[THREADS] = {NULL};
        assert_ok(fr_snapshot_open(&shared, dir, fr_allocator_or_libc(NULL), &error_));
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, open_columns, &made[i]), 0);
        for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
        assert_non_null(made[0]);
        for (int i = 1; i < THREADS; i++) assert_ptr_equal(made[i], made[0]);
        fr_snapshot_close(&shared);
    }
}

/* ---- a section of columns alone: values that no document's text gives ---- */

static void dates_keep_their_whole_range(void **unused)
{
    (void)unused;
    static const int64_t given[] = {INT64_MIN + 1, INT64_MAX, FR_NO_DATE, 0, -1, 1};
    struct fr_segment_writer w;
    struct fr_column_writer column;
    const frai_allocator *mem = fr_allocator_or_libc(NULL);
    const char *prefix = path_in(temp_dir(), "tmp");
    fr_segment_writer_init(&w, mem, prefix, 1u << 20);
    fr_column_writer_init(&column, "때", FR_COLUMN_DATE, mem, prefix, 1u << 20);
    w.stats.docs = 6;
    for (int i = 0; i < 6; i++) fr_column_writer_date(&column, given[i]);
    assert_ok(fr_columns_write(&w, &column, 1, &error_));
    struct fr_buf *bytes = &fr_segment_writer_section(&w, FR_SECTION_COLUMNS)->buf;
    assert_true(fr_buf_room(bytes, FR_SECTION_PAD));
    memset(bytes->data + bytes->len, 0, FR_SECTION_PAD);
    struct fr_segment seg = {.mem = mem, .map = {bytes->data, bytes->len}};
    uint64_t verified = UINT64_MAX; /* pages have no checksums here */
    seg.verified = &verified;
    seg.paged_bytes = bytes->len;
    seg.stats = w.stats;
    seg.sections[FR_SECTION_COLUMNS] = (struct fr_section){bytes->data, bytes->len};
    struct fr_columns columns;
    assert_ok(fr_columns_open(&columns, &seg, &error_));
    for (uint32_t i = 0; i < 6; i++) assert_true(fr_column_date(&columns.column[0], i) == given[i]);
    fr_columns_close(&columns);

    /* What is cut off or counts more than there is, is refused. */
    for (uint64_t cut = 0; cut < bytes->len; cut++) {
        seg.sections[FR_SECTION_COLUMNS].len = cut;
        assert_int_equal(fr_columns_open(&columns, &seg, &error_), FRAI_ERR_CORRUPT);
    }
    seg.sections[FR_SECTION_COLUMNS].len = bytes->len;
    seg.stats.docs = 7;
    assert_int_equal(fr_columns_open(&columns, &seg, &error_), FRAI_ERR_CORRUPT);
    seg.stats.docs = 6;
    seg.stats.columns = UINT32_MAX;
    assert_int_equal(fr_columns_open(&columns, &seg, &error_), FRAI_ERR_CORRUPT);
    fr_column_writer_deinit(&column);
    fr_segment_writer_deinit(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_gives_back_its_fields),
        cmocka_unit_test(a_path_is_found_shared_or_not),
        cmocka_unit_test(ends_and_values_are_those_of_plain_arrays),
        cmocka_unit_test(lengths_of_forged_bytes_stay_in_the_section),
        cmocka_unit_test(threads_that_ask_at_once_get_the_same_columns),
        cmocka_unit_test(dates_keep_their_whole_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
