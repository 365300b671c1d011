/* Documents that are analyzed and stored in parts: what the index says of them is what it says of
 * the same documents in one piece, and little of them is read to show a hit. */
#include <stdio.h>
#include <string.h>

#include "api/handles.h"
#include "segment/postings.h"
#include "segment/segment.h"
#include "support/forge.h"
#include "support/parts.h"
#include "support/search.h"
#include "writer/compact.h"

enum { TEXT_BYTES = 600000, PART_BYTES = 100000, WHOLE = 64 << 20 };

static char text[TEXT_BYTES + 1000];

static void open_one(const char *dir, struct fr_segment *seg)
{
    assert_ok(fr_segment_open(seg, segment_path(dir), "seg", fr_allocator_or_libc(NULL), &error_));
}

/* All that is not stored text. */
static void assert_sections_equal(const char *a, const char *b)
{
    struct fr_segment x, y;
    open_one(a, &x);
    open_one(b, &y);
    for (int id = 1; id < FR_SECTION_LIMIT; id++) {
        const struct fr_section *s = &x.sections[id], *t = &y.sections[id];
        if (id >= FR_SECTION_STORE && id <= FR_SECTION_STORE_DICT) continue;
        if (s->len != t->len || (s->len && memcmp(s->data, t->data, s->len) != 0))
            fail_msg("section %s differs: %zu and %zu bytes", fr_section_name(id), (size_t)s->len,
                     (size_t)t->len);
    }
    assert_memory_equal(&x.stats, &y.stats, sizeof x.stats);
    fr_segment_close(&x);
    fr_segment_close(&y);
}

/* Positions of every posting ascend, and there are as many as is said. */
static void assert_positions_ascend(const char *dir)
{
    struct fr_segment seg;
    uint64_t positions = 0;
    open_one(dir, &seg);
    struct fr_postings_walk walk = {.seg = &seg};
    for (uint32_t t = 0; t < seg.stats.pair_terms + seg.stats.word_terms; t++) {
        struct fr_postings p;
        assert_ok(fr_postings_next(&walk, &p, &error_));
        for (uint32_t b = 0; b < p.blocks; b++) {
            uint32_t n, docs[FR_BLOCK + 8], tfs[FR_BLOCK + 8], room[FR_ASCENDING_ROOM];
            assert_true(fr_postings_decode(&p, b, docs, tfs, &n));
            for (uint32_t i = 0; i < n; i++) {
                struct fr_position_list list;
                assert_true(fr_postings_position_list(&p, b, docs, tfs, i, &list));
                assert_true(fr_position_list_decode(&list, &seg, room));
                assert_int_equal(list.count, tfs[i]);
                for (uint32_t k = 1; k < list.count; k++)
                    assert_true(fr_position_at(&list, k) > fr_position_at(&list, k - 1));
                positions += list.count;
            }
        }
    }
    assert_int_equal(positions, seg.stats.positions);
    fr_segment_close(&seg);
}

/* Terms with a document of very many positions are rare, in blocks, or dense. */
static void long_postings_are_written_in_every_form(void **unused)
{
    (void)unused;
    static const int counts[] = {0, 20, 70, 200};
    frai_slice body = {text, parts_text(PARTS_ONE_SYLLABLE, text, TEXT_BYTES)};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const char *parts = temp_dir(), *whole = temp_dir();
        for (int k = 0; k < 2; k++) {
            struct fr_writer *w = open_parts(k ? whole : parts, k ? WHOLE : PART_BYTES, 1, false);
            char id[16];
            for (int d = 0; d < counts[i]; d++) {
                snprintf(id, sizeof id, "%d", d);
                if (d == 5 || d == 68 || d == 150) add_parts(w, "또", "가", body, "가가가");
                add_parts(w, id, "", frai_slice_of(d % 3 ? "가가가" : "나라"), "");
            }
            add_parts(w, "긴", "가가", body, "가가");
            commit_parts(w);
        }
        assert_sections_equal(parts, whole);
        assert_positions_ascend(parts);
        struct fr_writer *w = open_parts(parts, PART_BYTES, 1, false);
        add_parts(w, "새", "가가", frai_slice_of("가가가"), "");
        assert_ok(fr_writer_commit(w, &error_));
        assert_ok(fr_writer_start_merge(w, true, &error_)); /* copies postings */
        assert_ok(fr_writer_wait(w, &error_));
        fr_writer_close(w);
        assert_positions_ascend(parts);
        assert_ok(frai_index_check(parts, NULL, NULL, &error_));
        remove_tree(parts);
        remove_tree(whole);
    }
}

static void build(const char *dir, uint32_t part_bytes)
{
    struct fr_writer *w = open_parts(dir, part_bytes, 1, false);
    char id[16], summary[100];
    for (int i = 0; i < 5; i++) {
        snprintf(id, sizeof id, "문서-%d", i);
        snprintf(summary, sizeof summary, "%d번 미스트랄(mistral)을 줄인 글", i);
        frai_slice body = frai_slice_of(i == 1 ? text : id); /* no line is in two of them */
        add_parts(w, id, i == 3 ? "" : "제목이다", body, i == 2 ? "" : summary);
    }
    commit_parts(w);
}

static void parts_make_the_index_of_the_whole(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < PARTS_TEXTS; kind++) {
        const char *parts = temp_dir(), *whole = temp_dir();
        text[parts_text((enum parts_text)kind, text, TEXT_BYTES)] = '\0';
        build(parts, PART_BYTES);
        build(whole, WHOLE);
        assert_sections_equal(parts, whole);
        assert_ok(frai_index_check(parts, NULL, NULL, &error_));
        remove_tree(parts);
        remove_tree(whole);
    }
}

static void assert_field(frai_searcher *s, uint64_t doc, const char *field, frai_slice expected)
{
    frai_slice value;
    assert_ok(frai_searcher_read_field(s, doc, frai_slice_of(field), &value, &error_));
    assert_int_equal(value.len, expected.len);
    assert_memory_equal(value.ptr, expected.ptr, expected.len);
}

/* What add_parts was given. */
static void assert_stored(const char *dir, const char *id, const char *title, frai_slice body,
                          const char *summary)
{
    frai_index *index;
    frai_searcher *s = open_search(dir, &index);
    uint64_t doc;
    char path[256];
    snprintf(path, sizeof path, "dir/%s.txt", id);
    assert_ok(frai_index_find(index, frai_slice_of(id), &doc, &error_));
    assert_field(s, doc, "id", frai_slice_of(id));
    assert_field(s, doc, "title", frai_slice_of(title));
    assert_field(s, doc, "body", body);
    assert_field(s, doc, "summary", frai_slice_of(summary));
    assert_field(s, doc, "path", frai_slice_of(path));
    assert_field(s, doc, "tag", frai_slice_of(id));
    assert_field(s, doc, "url", (frai_slice){"", 0});
    close_search(s, index);
}

static void parts_give_every_field_back(void **unused)
{
    (void)unused;
    for (int reorder = 0; reorder < 2; reorder++) {
        const char *dir = temp_dir();
        frai_slice body = {text, parts_text(PARTS_SENTENCES, text, TEXT_BYTES)};
        struct fr_writer *w = open_parts(dir, PART_BYTES, 1, reorder);
        add_parts(w, "짧은", "제목", (frai_slice){text, 3}, "");
        add_parts(w, "긴", "제목이다", body, "줄인 글");
        add_parts(w, "다른", "제목", (frai_slice){text, 3}, "둘");
        commit_parts(w);
        assert_stored(dir, "긴", "제목이다", body, "줄인 글");
        assert_stored(dir, "다른", "제목", (frai_slice){text, 3}, "둘");
    }
}

static void threads_change_no_byte(void **unused)
{
    (void)unused;
    size_t lens[2];
    unsigned char *files[2];
    frai_slice body = {text, parts_text(PARTS_SENTENCES, text, TEXT_BYTES)};
    for (int i = 0; i < 2; i++) {
        const char *dir = temp_dir();
        struct fr_writer *w = open_parts(dir, PART_BYTES, i ? 4 : 1, false);
        for (int d = 0; d < 4; d++) add_parts(w, d % 2 ? "긴" : "또", "제목", body, "끝");
        commit_parts(w);
        files[i] = read_file(segment_path(dir), &lens[i]);
    }
    assert_int_equal(lens[0], lens[1]);
    assert_memory_equal(files[0], files[1], lens[0]);
    free(files[0]);
    free(files[1]);
}

static uint64_t blocks_read(const frai_searcher *s)
{
    uint64_t blocks = 0;
    for (uint32_t i = 0; i < 2 * s->searcher.context.snapshot->segment_count; i++)
        if (s->searcher.store_open[i]) blocks += s->searcher.stores[i].blocks_read;
    return blocks;
}

static uint64_t find_one(frai_searcher *s, const char *query)
{
    struct hit hits[10];
    uint32_t count;
    assert_ok(find_hits(s, frai_slice_of(query), NULL, hits, &count, &error_));
    assert_int_equal(count, 1);
    return hits[0].doc;
}

/* The passage is of the text, has the word, marked, and took few blocks. */
static void assert_shown(const char *dir, frai_slice body, const char *query, const char *word)
{
    frai_index *index;
    frai_searcher *s = open_search(dir, &index);
    frai_passage p = FRAI_PASSAGE_INIT;
    uint64_t doc = find_one(s, query), before = blocks_read(s);
    assert_ok(frai_searcher_make_passage(s, doc, frai_slice_of("body"), 120, &p, &error_));
    assert_in_range(blocks_read(s) - before, 1, 6);
    assert_true(p.offset + p.text.len <= body.len);
    assert_memory_equal(p.text.ptr, body.ptr + p.offset, p.text.len);
    assert_true(p.span_count > 0);
    assert_true(p.spans[0].begin >= p.offset && p.spans[0].end <= p.offset + p.text.len);
    assert_non_null(memmem(p.text.ptr, p.text.len, word, strlen(word)));
    assert_memory_equal(body.ptr + p.spans[0].begin, word, 3);
    close_search(s, index);
}

static void few_parts_are_read_to_show_a_place(void **unused)
{
    (void)unused;
    static const double places[] = {0, .3, .5, .9, 1};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *dir = temp_dir();
        size_t len = parts_text(i % 2 ? PARTS_ONE_LINE : PARTS_SENTENCES, text, TEXT_BYTES);
        const char word[] = " 미스트랄 투자는 ";
        size_t at = (size_t)(places[i] * (double)len);
        while (at < len && text[at] != ' ') at++;
        memmove(text + at + sizeof word - 1, text + at, len - at);
        memcpy(text + at, word, sizeof word - 1);
        frai_slice body = {text, len + sizeof word - 1};
        struct fr_writer *w = open_parts(dir, PART_BYTES, 1, false);
        add_parts(w, "앞", "하나", frai_slice_of("다른 글"), "");
        add_parts(w, "긴", "제목이다", body, "줄인 글");
        commit_parts(w);
        assert_shown(dir, body, "미스트랄", "미스트랄");
        assert_shown(dir, body, "미스트랄 투자", "미스트랄 투자");
        assert_shown(dir, body, "\"미스트랄 투자\"", "미스트랄 투자");
    }
}

static void a_place_that_is_not_there_shows_the_beginning(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_index *index;
    frai_passage p = FRAI_PASSAGE_INIT;
    frai_slice body = {text, parts_text(PARTS_SENTENCES, text, TEXT_BYTES)};
    struct fr_writer *w = open_parts(dir, PART_BYTES, 1, false);
    add_parts(w, "긴", "미스트랄", body, "줄인 글");
    commit_parts(w);
    frai_searcher *s = open_search(dir, &index);
    uint64_t doc = find_one(s, "미스트랄");
    assert_ok(frai_searcher_make_passage(s, doc, frai_slice_of("body"), 120, &p, &error_));
    assert_int_equal(p.offset, 0);
    assert_int_equal(p.span_count, 0);
    assert_true(p.cut_after && !p.cut_before);
    assert_in_range(blocks_read(s), 1, 4);
    close_search(s, index);
}

static void a_phrase_over_a_sentence_end_is_found_where_it_is(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    frai_index *index;
    size_t len = parts_text(PARTS_ONE_LINE, text, TEXT_BYTES - 1000);
    /* Positions agree with the phrase at the first place, but another word stands in the gap. */
    static const char first[] = " 투자를나라 은행 ", second[] = " 투자. 은행 ";
    memmove(text + sizeof first - 1, text, len);
    memcpy(text, first, sizeof first - 1);
    len += sizeof first - 1;
    memcpy(text + len, second, sizeof second - 1);
    frai_slice body = {text, len + sizeof second - 1};
    struct fr_writer *w = open_parts(dir, PART_BYTES, 1, false);
    add_parts(w, "긴", "제목", body, "줄인 글");
    add_parts(w, "둘", "제목", (frai_slice){text, len}, "줄인 글");
    commit_parts(w);
    frai_searcher *s = open_search(dir, &index);
    uint64_t doc = find_one(s, "\"투자. 은행\""), expected;
    assert_ok(frai_index_find(index, frai_slice_of("긴"), &expected, &error_));
    assert_int_equal(doc, expected);
    assert_in_range(blocks_read(s), 1, 12);
    close_search(s, index);
}

/* Added to, merged, compacted and repaired, the index is as a fresh one. */
static void long_documents_outlive_changes(void **unused)
{
    (void)unused;
    const char *dir = temp_dir(), *fresh = temp_dir();
    frai_repair_stats stats = FRAI_REPAIR_STATS_INIT;
    frai_slice body = {text, parts_text(PARTS_SENTENCES, text, TEXT_BYTES)},
               half = {text, body.len / 2};
    while (((unsigned char)half.ptr[half.len] & 0xC0) == 0x80) half.len--;
    for (int i = 0; i < 3; i++) {
        struct fr_writer *w = open_parts(dir, PART_BYTES, 1, false);
        add_parts(w, "가", "제목", i == 1 ? half : body, "하나");
        add_parts(w, i == 0 ? "나" : i == 1 ? "다" : "라", "제목이다", half, "둘");
        if (i == 2) assert_ok(fr_writer_delete(w, frai_slice_of("나"), &error_));
        commit_parts(w);
        assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    }
    assert_stored(dir, "가", "제목", body, "하나");
    assert_stored(dir, "다", "제목이다", half, "둘");
    struct fr_writer *w = open_parts(dir, PART_BYTES, 1, false);
    assert_ok(fr_writer_compact(w, &error_));
    commit_parts(w);
    w = open_parts(fresh, PART_BYTES, 1, false);
    add_parts(w, "다", "제목이다", half, "둘");
    add_parts(w, "가", "제목", body, "하나");
    add_parts(w, "라", "제목이다", half, "둘");
    commit_parts(w);
    assert_sections_equal(dir, fresh);
    assert_stored(dir, "가", "제목", body, "하나");
    /* A damaged posting: documents are read again and added. */
    size_t len;
    char path[4096];
    snprintf(path, sizeof path, "%s", segment_path(dir));
    unsigned char *data = read_file(path, &len);
    struct fr_segment seg;
    open_one(dir, &seg);
    size_t at = (size_t)(seg.sections[FR_SECTION_POSITIONS].data - seg.map.data);
    fr_segment_close(&seg);
    data[at] ^= 1;
    write_file(path, data, len);
    free(data);
    frai_writer *b;
    assert_ok(frai_writer_open(dir, NULL, &b, &error_));
    assert_ok(frai_writer_repair(b, NULL, NULL, &stats, &error_));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_int_equal(stats.documents, 3);
    assert_int_equal(stats.lost, 0);
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    assert_stored(dir, "가", "제목", body, "하나");
    assert_stored(dir, "라", "제목이다", half, "둘");
}

/* Merging copies parts as they are, or packs them anew where the dictionary is another. */
static void merged_parts_are_those_that_were_merged(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    char id[16];
    for (int i = 0; i < 9; i++) {
        frai_slice body = {text,
                           parts_text((enum parts_text)(i % PARTS_TEXTS), text, TEXT_BYTES / 2)};
        struct fr_writer *w = open_parts(dir, PART_BYTES, 1, false);
        snprintf(id, sizeof id, "%d", i);
        add_parts(w, id, "제목", body, id);
        commit_parts(w);
        assert_stored(dir, id, "제목", body, id);
    }
    segment_path(dir); /* one */
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
    frai_slice body = {text, parts_text(PARTS_ONE_SYLLABLE, text, TEXT_BYTES / 2)};
    assert_stored(dir, "8", "제목", body, "8");
    assert_stored(dir, "2", "제목", body, "2");
}

static size_t index_at, index_len; /* of section store_index in the file */

static void change_store_index(unsigned char *data, size_t len)
{
    static const uint32_t odd[] = {0, 1, 2, 65535, 1u << 30, UINT32_MAX, INT32_MAX};
    size_t entries = index_len / sizeof(struct fr_store_entry);
    (void)len;
    for (uint64_t n = 1 + rnd_below(3); n > 0; n--) {
        unsigned char *entry = data + index_at + rnd_below(entries) * sizeof(struct fr_store_entry);
        uint32_t value;
        unsigned char *at = entry + 4 * rnd_below(6);
        memcpy(&value, at, 4);
        value = rnd_below(2) ? odd[rnd_below(7)] : value + (uint32_t)rnd_below(5) - 2;
        memcpy(at, &value, 4);
    }
}

static void ask_parts(const char *dir)
{
    static const char *const queries[] = {"제목", "하나", "\"투자. 은행\"", "각"},
                             *const fields[] = {"title", "body", "summary", "path", "tag"};
    frai_index *index;
    frai_searcher *s;
    frai_error err;
    if (frai_index_open(dir, NULL, &index, &err) != FRAI_OK) return;
    if (frai_searcher_create(index, &s, &err) == FRAI_OK) {
        struct hit hits[10];
        uint32_t count;
        find_hits(s, frai_slice_of(queries[rnd_below(4)]), NULL, hits, &count, &err);
        for (uint64_t doc = 0; doc < 3; doc++)
            for (int i = 0; i < 5; i++) {
                frai_passage p;
                frai_slice value;
                frai_searcher_read_field(s, doc, frai_slice_of(fields[i]), &value, &err);
                frai_searcher_make_passage(s, doc, frai_slice_of(fields[i]), 100, &p, &err);
            }
        frai_searcher_destroy(s);
    }
    frai_index_close(index);
}

static void forged_parts_are_never_read_outside(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    struct fr_segment seg;
    frai_slice body = {text, parts_text(PARTS_SENTENCES, text, TEXT_BYTES / 2)};
    struct fr_writer *w = open_parts(dir, PART_BYTES, 1, false);
    add_parts(w, "0", "제목", body, "하나");
    add_parts(w, "1", "제목", frai_slice_of("투자. 은행"), "둘");
    add_parts(w, "2", "제목", body, "하나");
    commit_parts(w);
    open_one(dir, &seg);
    index_at = (size_t)(seg.sections[FR_SECTION_STORE_INDEX].data - seg.map.data);
    index_len = (size_t)seg.sections[FR_SECTION_STORE_INDEX].len;
    fr_segment_close(&seg);
    int rounds = full_run() ? 3000 : 60;
    forge(dir, rounds, change_store_index, ask_parts);
    forge(dir, rounds / 3, change_store_index, change_copy);
    forge(dir, rounds, change_bytes, ask_parts);
}

static int read_text(void *arg, uint64_t offset, char *to, size_t bytes)
{
    uint64_t *next = arg;
    if (offset != *next) return 1; /* in order, each byte once */
    *next += bytes;
    for (size_t i = 0; i < bytes; i++)
        to[i] = (offset + i) % 40 == 39 ? '\n' : 'a' + (char)((offset + i) % 7);
    return 0;
}

static int fail_to_read(void *arg, uint64_t offset, char *to, size_t bytes)
{
    memset(to, ' ', bytes);
    return offset + bytes > *(uint64_t *)arg;
}

static void a_source_is_read_once_from_front_to_back(void **unused)
{
    (void)unused;
    static const uint64_t sizes[] = {1, 1000, 3 << 20};
    const char *dir = temp_dir();
    frai_writer *w;
    assert_ok(frai_writer_open(dir, NULL, &w, &error_));
    for (int i = 0; i < 3; i++) {
        uint64_t next = 0;
        const frai_text_source source = {sizes[i], read_text, &next};
        frai_document d = FRAI_DOCUMENT_INIT;
        d.title = frai_slice_of("제목");
        d.path = frai_slice_of("길");
        d.body_source = &source;
        assert_ok(frai_writer_add(w, &d, &error_));
        assert_int_equal(next, sizes[i]);
    }
    const frai_text_source large = {FRAI_DOCUMENT_BYTES_MAX + 1ull, read_text, NULL};
    frai_document d = FRAI_DOCUMENT_INIT;
    d.body_source = &large;
    assert_int_equal(frai_writer_add(w, &d, &error_), FRAI_ERR_ARGUMENT);
    assert_ok(frai_writer_commit(w, &error_));
    uint64_t fails_at = 2 << 20;
    const frai_text_source torn = {5 << 20, fail_to_read, &fails_at};
    d.body_source = &torn;
    assert_int_equal(frai_writer_add(w, &d, &error_), FRAI_ERR_IO);
    assert_int_equal(frai_writer_commit(w, &error_), FRAI_ERR_IO);
    frai_writer_close(w);
    frai_index *index;
    frai_searcher *s = open_search(dir, &index);
    assert_int_equal(frai_index_document_count(index), 3);
    frai_slice value;
    uint64_t next = 0, doc;
    assert_ok(frai_index_find(index, frai_slice_of("길#2"), &doc, &error_));
    assert_ok(frai_searcher_read_field(s, doc, frai_slice_of("body"), &value, &error_));
    assert_int_equal(value.len, sizes[2]);
    char *expected = malloc(value.len);
    read_text(&next, 0, expected, value.len);
    assert_memory_equal(value.ptr, expected, value.len);
    free(expected);
    close_search(s, index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_make_the_index_of_the_whole),
        cmocka_unit_test(long_postings_are_written_in_every_form),
        cmocka_unit_test(parts_give_every_field_back),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(few_parts_are_read_to_show_a_place),
        cmocka_unit_test(a_place_that_is_not_there_shows_the_beginning),
        cmocka_unit_test(a_phrase_over_a_sentence_end_is_found_where_it_is),
        cmocka_unit_test(long_documents_outlive_changes),
        cmocka_unit_test(merged_parts_are_those_that_were_merged),
        cmocka_unit_test(forged_parts_are_never_read_outside),
        cmocka_unit_test(a_source_is_read_once_from_front_to_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
