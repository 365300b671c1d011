/* Lists of strings against plain arrays of them: as they are read back, from the segment and from
 * the writer that still holds them, where a search for a key ends, and what damage does. */
#include <stdio.h>
#include <string.h>

#include "base/interner.h"
#include "segment/front_coding.h"
#include "support/support.h"

enum { STRINGS = 400, LONGEST = 40 };

/* What was given, ascending. */
static struct plain {
    char bytes[LONGEST];
    size_t len;
} plain[STRINGS];

static frai_slice slice(size_t i)
{
    return (frai_slice){plain[i].bytes, plain[i].len};
}

static int by_bytes(const void *a, const void *b)
{
    const struct plain *x = a, *y = b;
    return fr_slice_compare((frai_slice){x->bytes, x->len}, (frai_slice){y->bytes, y->len});
}

/* Of few letters, so that strings share beginnings; half of them end in numbers. */
static struct plain random_string(void)
{
    struct plain s = {.len = rnd_below(7) + (rnd_below(4) ? 0 : 20)};
    for (size_t i = 0; i < s.len; i++) s.bytes[i] = 'a';
    for (size_t i = s.len < 20 ? 0 : 20 - rnd_below(3); i < s.len; i++)
        s.bytes[i] = (char)('a' + rnd_below(3));
    if (rnd_below(2))
        s.len += (size_t)sprintf(s.bytes + s.len, "%0*d", (int)rnd_below(5),
                                 (int)rnd_below(rnd_below(2) ? 30 : 2000000));
    return s;
}

static uint32_t fill_plain(void)
{
    for (size_t i = 0; i < STRINGS; i++) plain[i] = random_string();
    qsort(plain, STRINGS, sizeof *plain, by_bytes);
    uint32_t count = 0;
    for (size_t i = 0; i < STRINGS; i++)
        if (count == 0 || by_bytes(&plain[count - 1], &plain[i]) != 0) plain[count++] = plain[i];
    return 1 + (uint32_t)rnd_below(count);
}

/* A segment of nothing but a list's two sections, without checksums. */
struct listed {
    struct fr_segment_writer writer;
    struct fr_list_writer list;
    struct fr_segment seg;
    struct fr_buf bytes;
    uint64_t verified;
};

static void write_list(struct listed *l, enum fr_string_list list, uint32_t count)
{
    const frai_allocator *mem = fr_allocator_or_libc(NULL);
    *l = (struct listed){.verified = UINT64_MAX};
    fr_segment_writer_init(&l->writer, mem, path_in(temp_dir(), "tmp"), 1u << 20);
    fr_list_writer_init(&l->list, list, &l->writer);
    for (uint32_t i = 0; i < count; i++)
        fr_list_writer_add(&l->list, (const uint8_t *)plain[i].bytes, plain[i].len);
    const struct fr_buf *strings = &l->list.strings->buf, *index = &l->list.index->buf;
    fr_buf_init(&l->bytes, mem);
    fr_buf_put(&l->bytes, strings->data, strings->len);
    fr_buf_put(&l->bytes, index->data, index->len);
    l->seg = (struct fr_segment){.mem = mem, .map = {l->bytes.data, l->bytes.len}};
    l->seg.verified = &l->verified;
    l->seg.paged_bytes = l->bytes.len;
    assert_true(l->bytes.len < 64 * FR_PAGE_BYTES);
    l->seg.stats.docs = l->seg.stats.word_terms = l->seg.stats.lexicon_words = count;
    const struct fr_section parts[] = {{l->bytes.data, strings->len},
                                       {l->bytes.data + strings->len, index->len}};
    enum fr_section_id first = list == FR_LIST_WORDS ? FR_SECTION_WORDS
                               : list == FR_LIST_IDS ? FR_SECTION_IDS
                                                     : FR_SECTION_LEXICON;
    l->seg.sections[first] = parts[0];
    l->seg.sections[first + 1] = parts[1];
}

static void close_list(struct listed *l)
{
    fr_list_writer_deinit(&l->list);
    fr_segment_writer_deinit(&l->writer);
    fr_buf_deinit(&l->bytes);
}

static void assert_is(const struct fr_buf *string, size_t i)
{
    assert_int_equal(fr_slice_compare(fr_buf_slice(string), slice(i)), 0);
}

static void assert_seeks(const struct listed *l, enum fr_string_list list, uint32_t count,
                         struct fr_buf *string)
{
    struct plain key = random_string();
    if (rnd_below(2)) key = plain[rnd_below(count)];
    frai_slice wanted = {key.bytes, key.len};
    uint32_t found, first = 0;
    while (first < count && fr_slice_compare(slice(first), wanted) < 0) first++;
    assert_ok(fr_list_seek(&l->seg, list, wanted, &found, string, &error_));
    assert_int_equal(found, first);
    bool there = first < count && fr_slice_compare(slice(first), wanted) == 0;
    assert_int_equal(fr_slice_compare(fr_buf_slice(string), wanted) == 0, there);
}

static void strings_are_read_and_found_as_they_were_given(void **unused)
{
    (void)unused;
    struct fr_buf string;
    fr_buf_init(&string, fr_allocator_or_libc(NULL));
    for (int round = 0; round < 60; round++) {
        enum fr_string_list list = (enum fr_string_list)(round % 3);
        uint32_t count = fill_plain();
        struct listed l;
        write_list(&l, list, count);
        for (uint32_t i = 0; i < count; i++) {
            assert_ok(fr_list_read(&l.seg, list, i, &string, &error_));
            assert_is(&string, i);
            assert_ok(fr_list_writer_read(&l.list, i, &string, &error_));
            assert_is(&string, i);
        }
        for (int i = 0; i < 100; i++) assert_seeks(&l, list, count, &string);
        assert_int_equal(fr_list_read(&l.seg, list, count, &string, &error_), FRAI_ERR_CORRUPT);
        close_list(&l);
    }
    fr_buf_deinit(&string);
}

static void damage_is_an_error_or_another_string(void **unused)
{
    (void)unused;
    struct fr_buf string;
    fr_buf_init(&string, fr_allocator_or_libc(NULL));
    for (int round = 0; round < 300; round++) {
        uint32_t count = fill_plain(), number;
        struct listed l;
        write_list(&l, FR_LIST_WORDS, count);
        for (int i = 0; i < 3; i++) l.bytes.data[rnd_below(l.bytes.len)] = (uint8_t)rnd();
        for (uint32_t i = 0; i < count; i++) {
            frai_status status = fr_list_read(&l.seg, FR_LIST_WORDS, i, &string, &error_);
            assert_true(status == FRAI_OK || status == FRAI_ERR_CORRUPT);
        }
        frai_status status =
            fr_list_seek(&l.seg, FR_LIST_WORDS, slice(count - 1), &number, &string, &error_);
        assert_true(status == FRAI_ERR_CORRUPT || (status == FRAI_OK && number <= count));
        close_list(&l);
    }
    fr_buf_deinit(&string);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_read_and_found_as_they_were_given),
        cmocka_unit_test(damage_is_an_error_or_another_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
