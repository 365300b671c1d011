/* What src/segment/FORMAT.md quotes: the layouts that segment/format.h declares, and the worked
 * example, three documents that are built anew and dumped byte by byte. FRAI_REWRITE=1 writes both
 * into the page; look at the difference before you commit it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "segment/segment.h"
#include "support/support.h"

static char dump[200000];
static size_t dump_len;

static void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void print(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    dump_len += (size_t)vsnprintf(dump + dump_len, sizeof dump - dump_len, format, args);
    va_end(args);
}

static void rows(const unsigned char *data, size_t from, size_t len)
{
    for (size_t at = 0; at < len; at += 16) {
        print("%06zx ", from + at);
        for (size_t i = 0; i < 16 && at + i < len; i++) print(" %02x", data[from + at + i]);
        print("\n");
    }
}

static void make_dump(void)
{
    static const char *const ids[] = {"a", "b", "c"}, *const titles[] = {"佛 AI", "", "투자"},
                             *const bodies[] = {"미스트랄은 투자를 유치했다.",
                                                "미스트랄 모델 models", "투자 투자 AI"};
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    o.store_text = 0; /* so that no version of zstd is part of the example */
    assert_ok(frai_writer_open(dir, &o, &b, &error_));
    for (int i = 0; i < 3; i++) {
        frai_document d = {.struct_size = sizeof d,
                           .id = frai_slice_of(ids[i]),
                           .title = frai_slice_of(titles[i]),
                           .body = frai_slice_of(bodies[i]),
                           .date = frai_slice_of(i ? "2025-02-10" : "")};
        assert_ok(frai_writer_add(b, &d, &error_));
    }
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    size_t len;
    unsigned char *data = read_file(segment_path(dir), &len);
    struct fr_segment seg;
    assert_ok(fr_segment_open(&seg, segment_path(dir), "s", fr_allocator_or_libc(NULL), &error_));
    print("header\n");
    rows(data, 0, sizeof(struct fr_segment_header));
    for (unsigned id = 1; id < FR_SECTION_LIMIT; id++) {
        size_t at = (size_t)(seg.sections[id].data - seg.map.data);
        if (seg.sections[id].len)
            print("section %u %s, %zu bytes, then zeros\n", id, fr_section_name(id),
                  (size_t)seg.sections[id].len);
        rows(data, at, (size_t)seg.sections[id].len);
    }
    size_t sums = (size_t)seg.paged_bytes, footer = sums + (size_t)seg.page_count * 8;
    print("page checksums\n");
    rows(data, sums, footer - sums);
    print("footer\n");
    rows(data, footer, len - sizeof(struct fr_segment_tail) - footer);
    print("tail\n");
    rows(data, len - sizeof(struct fr_segment_tail), sizeof(struct fr_segment_tail));
    size_t manifest_len;
    unsigned char *manifest = read_file(path_in(dir, "MANIFEST-0000000001"), &manifest_len);
    print("MANIFEST-0000000001\n");
    rows(manifest, 0, manifest_len);
    free(manifest);
    fr_segment_close(&seg);
    free(data);
}

#define MEMBER(type, member)                                                                       \
    print("%6zu %4zu  %s\n", offsetof(struct type, member), sizeof(((struct type *)NULL)->member), \
          #member)
#define TITLE(type, what) print("%s, %zu bytes\n", what, sizeof(struct type))

static void make_layouts(void)
{
    TITLE(fr_segment_header, "segment header");
    MEMBER(fr_segment_header, magic);
    MEMBER(fr_segment_header, format);
    MEMBER(fr_segment_header, zeros);
    TITLE(fr_segment_tail, "segment tail");
    MEMBER(fr_segment_tail, footer_at);
    MEMBER(fr_segment_tail, footer_bytes);
    MEMBER(fr_segment_tail, footer_hash);
    MEMBER(fr_segment_tail, zeros);
    MEMBER(fr_segment_tail, format);
    MEMBER(fr_segment_tail, zero);
    MEMBER(fr_segment_tail, magic);
    MEMBER(fr_segment_tail, hash);
    TITLE(fr_segment_stats, "statistics");
    MEMBER(fr_segment_stats, tokens);
    MEMBER(fr_segment_stats, postings);
    MEMBER(fr_segment_stats, positions);
    MEMBER(fr_segment_stats, source_bytes);
    MEMBER(fr_segment_stats, docs);
    MEMBER(fr_segment_stats, live_docs);
    MEMBER(fr_segment_stats, texts);
    MEMBER(fr_segment_stats, pair_terms);
    MEMBER(fr_segment_stats, word_terms);
    MEMBER(fr_segment_stats, path_terms);
    MEMBER(fr_segment_stats, lexicon_words);
    MEMBER(fr_segment_stats, columns);
    MEMBER(fr_segment_stats, text_fields);
    MEMBER(fr_segment_stats, analyzer);
    MEMBER(fr_segment_stats, k1);
    MEMBER(fr_segment_stats, b);
    MEMBER(fr_segment_stats, average_length);
    MEMBER(fr_segment_stats, section_count);
    TITLE(fr_section_entry, "entry of the section table");
    MEMBER(fr_section_entry, id);
    MEMBER(fr_section_entry, flags);
    MEMBER(fr_section_entry, at);
    MEMBER(fr_section_entry, bytes);
    TITLE(fr_page_table, "page table");
    MEMBER(fr_page_table, paged_bytes);
    MEMBER(fr_page_table, page_count);
    TITLE(fr_term_group, "term group (term_index)");
    MEMBER(fr_term_group, terms_at);
    MEMBER(fr_term_group, postings_at);
    MEMBER(fr_term_group, positions_at);
    MEMBER(fr_term_group, blocks_before);
    TITLE(fr_dense_header, "header of a dense term");
    MEMBER(fr_dense_header, level_bytes);
    MEMBER(fr_dense_header, wide_bytes);
    MEMBER(fr_dense_header, high_count);
    MEMBER(fr_dense_header, rare_count);
    MEMBER(fr_dense_header, levels);
    TITLE(fr_coded_row, "coded row");
    MEMBER(fr_coded_row, codes);
    MEMBER(fr_coded_row, entries_at);
    MEMBER(fr_coded_row, wide_at);
    MEMBER(fr_coded_row, high_at);
    TITLE(fr_listed_row, "listed row");
    MEMBER(fr_listed_row, ranges);
    MEMBER(fr_listed_row, entries_at);
    MEMBER(fr_listed_row, high_at);
    TITLE(fr_wide_listed_row, "wide listed row");
    MEMBER(fr_wide_listed_row, ranges);
    MEMBER(fr_wide_listed_row, entries_at);
    MEMBER(fr_wide_listed_row, high_at);
    TITLE(fr_store_entry, "entry of store_index");
    MEMBER(fr_store_entry, at);
    MEMBER(fr_store_entry, bytes);
    MEMBER(fr_store_entry, plain_bytes);
    MEMBER(fr_store_entry, first_doc);
}

/* The block of the page that begins with this line is what `make` prints. */
static void check_block(const char *fence, void (*make)(void))
{
    char path[4096];
    size_t len;
    snprintf(path, sizeof path, "%s/src/segment/FORMAT.md", getenv("FRAI_SOURCE"));
    char *page = (char *)read_file(path, &len), *begin = strstr(page, fence);
    assert_non_null(begin);
    begin += strlen(fence);
    char *end = strstr(begin, "```");
    assert_non_null(end);
    dump_len = 0;
    make();
    if (getenv("FRAI_REWRITE")) {
        char *whole = malloc(len + dump_len + 1);
        size_t head = (size_t)(begin - page);
        memcpy(whole, page, head);
        memcpy(whole + head, dump, dump_len);
        memcpy(whole + head + dump_len, end, len - (size_t)(end - page));
        write_file(path, whole, head + dump_len + len - (size_t)(end - page));
        free(whole);
    } else {
        *end = '\0';
        assert_string_equal(begin, dump);
    }
    free(page);
}

static void the_page_shows_the_bytes_that_are_written(void **unused)
{
    (void)unused;
    check_block("```text dump\n", make_dump);
}

static void the_page_shows_the_layouts_of_the_program(void **unused)
{
    (void)unused;
    check_block("```text layout\n", make_layouts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_shows_the_bytes_that_are_written),
        cmocka_unit_test(the_page_shows_the_layouts_of_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
