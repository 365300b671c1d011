/* The section table: what a later program of the same format may add to a segment, and what nobody
 * may. Files are forged out of sound ones, every checksum made to fit. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "index/manifest.h"
#include "segment/segment.h"
#include "support/asked.h"
#include "support/support.h"

enum { ENTRIES_MOST = 100, NEW_SECTION = 5000 };
static const char added[] = "what a later program knows to read";

/* A segment's file, taken apart. */
struct file {
    unsigned char *data;
    size_t len;
    struct fr_segment_stats stats;
    struct fr_section_entry entry[ENTRIES_MOST];
    uint64_t paged_bytes;
};

static struct file take_apart(const char *path)
{
    struct file f = {0};
    struct fr_segment_tail tail;
    f.data = read_file(path, &f.len);
    memcpy(&tail, f.data + f.len - sizeof tail, sizeof tail);
    const unsigned char *footer = f.data + tail.footer_at;
    memcpy(&f.stats, footer, sizeof f.stats);
    assert_in_range(f.stats.section_count, 1, ENTRIES_MOST - 2);
    memcpy(f.entry, footer + sizeof f.stats, f.stats.section_count * sizeof *f.entry);
    memcpy(&f.paged_bytes, footer + sizeof f.stats + f.stats.section_count * sizeof *f.entry, 8);
    return f;
}

static void put(unsigned char **at, const void *bytes, size_t len)
{
    memcpy(*at, bytes, len);
    *at += len;
}

/* Writes the file anew with its entries as they are now, and commits it in place of the sound one.
 */
static void commit(const char *dir, const struct file *f)
{
    struct fr_page_table table = {f->paged_bytes,
                                  (f->paged_bytes + FR_PAGE_BYTES - 1) / FR_PAGE_BYTES};
    uint64_t groups = (table.page_count + FR_PAGES_PER_GROUP - 1) / FR_PAGES_PER_GROUP;
    unsigned char *whole = malloc(f->len + 65536 + table.page_count * 8), *at = whole;
    put(&at, f->data, f->paged_bytes);
    unsigned char *sums = at;
    for (uint64_t page = 0; page < table.page_count; page++) {
        uint64_t from = page * FR_PAGE_BYTES, left = f->paged_bytes - from;
        uint64_t sum = fr_hash64(whole + from, left < FR_PAGE_BYTES ? left : FR_PAGE_BYTES);
        put(&at, &sum, 8);
    }
    struct fr_segment_tail tail = {.footer_at = (uint64_t)(at - whole),
                                   .format = FRAI_FORMAT_VERSION};
    unsigned char *footer = at;
    put(&at, &f->stats, sizeof f->stats);
    put(&at, f->entry, f->stats.section_count * sizeof *f->entry);
    put(&at, &table, sizeof table);
    for (uint64_t g = 0; g < groups; g++) {
        uint64_t first = g * FR_PAGES_PER_GROUP, left = table.page_count - first;
        uint64_t sum = fr_hash64(sums + first * 8,
                                 (left < FR_PAGES_PER_GROUP ? left : FR_PAGES_PER_GROUP) * 8);
        put(&at, &sum, 8);
    }
    tail.footer_bytes = (uint64_t)(at - footer);
    tail.footer_hash = fr_hash64(footer, tail.footer_bytes);
    memcpy(tail.magic, FR_SEGMENT_END_MAGIC, 8);
    tail.hash = fr_hash64(&tail, offsetof(struct fr_segment_tail, hash));
    put(&at, &tail, sizeof tail);
    write_file(segment_path(dir), whole, (size_t)(at - whole));

    struct fr_manifest m;
    bool fell_back;
    fr_manifest_init(&m, fr_allocator_or_libc(NULL));
    assert_ok(fr_manifest_newest(dir, &m, &fell_back, &error_));
    assert_int_equal(fr_manifest_segment_count(&m), 1);
    struct fr_segment_ref *ref = fr_manifest_segment(&m, 0);
    ref->bytes = (uint64_t)(at - whole);
    ref->hash = fr_hash128(footer, (size_t)(at - footer));
    m.generation++;
    assert_ok(fr_manifest_publish(dir, &m, &error_));
    assert_int_equal(unlink(path_in(dir, "MANIFEST-0000000001")), 0); /* it names the sound one */
    fr_manifest_deinit(&m);
    free(whole);
}

/* Appends a section behind the others. */
static struct fr_section_entry *add_section(struct file *f, uint32_t id, uint32_t flags)
{
    struct fr_section_entry *e = &f->entry[f->stats.section_count++];
    uint64_t at = f->paged_bytes;
    *e = (struct fr_section_entry){id, flags, at, sizeof added};
    f->paged_bytes = (at + sizeof added + FR_SECTION_PAD + FR_SECTION_ALIGN - 1) /
                     FR_SECTION_ALIGN * FR_SECTION_ALIGN;
    unsigned char *data = calloc(1, f->paged_bytes);
    memcpy(data, f->data, at);
    memcpy(data + at, added, sizeof added);
    free(f->data);
    f->data = data;
    return e;
}

static const char *fresh_index(struct file *f, int store_text)
{
    static const char *const bodies[] = {"프랑스 미스트랄은 투자를 유치했다", "서울 투자 소식",
                                         "미스트랄 모델", "비"};
    const char *dir = temp_dir();
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    o.store_text = store_text;
    build_bodies(dir, &o, bodies, 4);
    *f = take_apart(segment_path(dir));
    return dir;
}

static void ask(const char *dir, const char *query, struct answer *answer)
{
    struct request request = {.query = frai_slice_of(query), .limit = 10};
    frai_index *index;
    frai_searcher *searcher;
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &searcher, &error_));
    assert_int_equal(answer_request(searcher, &request, answer), FRAI_OK);
    assert_true(request_hit_count > 0);
    frai_searcher_destroy(searcher);
    frai_index_close(index);
}

static void assert_same_answers(const char *dir, const char *other)
{
    static const char *const queries[] = {"미스트랄", "투자", "서울 투자", "미스트", "비"};
    for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
        struct answer here = {0}, there = {0};
        ask(dir, queries[q], &here);
        ask(other, queries[q], &there);
        assert_string_equal(here.text, there.text);
        free(here.text);
        free(there.text);
    }
    assert_ok(frai_index_check(dir, NULL, NULL, &error_));
}

static frai_status open_index(const char *dir)
{
    frai_index *index;
    frai_status status = frai_index_open(dir, NULL, &index, &error_);
    if (status == FRAI_OK) frai_index_close(index);
    assert_int_equal(frai_index_check(dir, NULL, NULL, NULL), status);
    return status;
}

static bool has_section(const char *dir, uint32_t id)
{
    struct file f = take_apart(segment_path(dir));
    bool found = false;
    for (uint32_t i = 0; i < f.stats.section_count; i++) found |= f.entry[i].id == id;
    free(f.data);
    return found;
}

/* ... and merging, which doesn't know what it says, leaves it out. */
static void an_optional_section_that_is_unknown_changes_no_answer(void **unused)
{
    (void)unused;
    for (int store_text = 0; store_text < 2; store_text++) {
        struct file f, sound;
        const char *dir = fresh_index(&f, store_text), *plain = fresh_index(&sound, store_text);
        frai_writer *b;
        add_section(&f, NEW_SECTION, FR_SECTION_OPTIONAL);
        add_section(&f, NEW_SECTION + 1, FR_SECTION_OPTIONAL);
        commit(dir, &f);
        assert_true(has_section(dir, NEW_SECTION));
        assert_same_answers(dir, plain);
        assert_ok(frai_writer_open(dir, NULL, &b, &error_));
        assert_ok(
            frai_writer_delete(b, frai_slice_of("3"), &error_)); /* else all is merged already */
        assert_ok(frai_writer_commit(b, &error_));
        assert_ok(frai_writer_compact(b, &error_));
        assert_ok(frai_writer_commit(b, &error_));
        frai_writer_close(b);
        assert_false(has_section(dir, NEW_SECTION));
        assert_int_equal(open_index(dir), FRAI_OK);
        free(f.data);
        free(sound.data);
    }
}

static void damage_of_an_optional_section_is_found_by_a_check(void **unused)
{
    (void)unused;
    struct file f;
    frai_index *index;
    const char *dir = fresh_index(&f, 1);
    uint64_t at = add_section(&f, NEW_SECTION, FR_SECTION_OPTIONAL)->at;
    commit(dir, &f);
    size_t len;
    unsigned char *bytes = read_file(segment_path(dir), &len);
    bytes[at] ^= 1;
    write_file(segment_path(dir), bytes, len);
    assert_int_equal(frai_index_check(dir, NULL, NULL, &error_), FRAI_ERR_CORRUPT);
    assert_ok(frai_index_open(dir, NULL, &index, &error_)); /* ... and in nobody's way */
    frai_index_close(index);
    free(bytes);
    free(f.data);
}

/* ... by writers too: a repair would take it for damage, and drop it. */
static void what_must_be_known_is_refused_as_too_new(void **unused)
{
    (void)unused;
    frai_writer_options replace = FRAI_WRITER_OPTIONS_INIT;
    replace.mode = FRAI_REPLACE;
    static const uint32_t flags[] = {0, 2, 2 | FR_SECTION_OPTIONAL, 1u << 31};
    static const uint32_t ids[] = {0, FR_SECTION_LIMIT, NEW_SECTION, UINT32_MAX};
    for (int kind = 0; kind < 16; kind++) {
        struct file f;
        const char *dir = fresh_index(&f, 1);
        add_section(&f, ids[kind / 4], flags[kind % 4]);
        commit(dir, &f);
        assert_int_equal(open_index(dir), FRAI_ERR_TOO_NEW);
        assert_non_null(strstr(error_.message, "newer than this program"));
        frai_writer *b;
        assert_int_equal(frai_writer_open(dir, NULL, &b, &error_), FRAI_ERR_TOO_NEW);
        assert_non_null(strstr(error_.message, "newer than this program"));
        assert_ok(frai_writer_open(dir, &replace, &b, &error_));
        frai_writer_close(b);
        assert_int_equal(open_index(dir), FRAI_ERR_TOO_NEW);
        free(f.data);
    }
}

static void entries_that_lie_are_damage(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < 12; kind++) {
        struct file f;
        const char *dir = fresh_index(&f, 1);
        struct fr_section_entry *e = add_section(&f, NEW_SECTION, FR_SECTION_OPTIONAL);
        struct fr_section_entry *before = e - 1;
        switch (kind) {
        case 0: e->at = before->at; break;               /* overlaps */
        case 1: e->at = 0; break;                        /* the header, too */
        case 2: e->at -= FR_SECTION_ALIGN; break;        /* the padding */
        case 3: e->at += 8; break;                       /* is not aligned */
        case 4: e->at = f.paged_bytes; break;            /* is past the pages */
        case 5: e->bytes = f.paged_bytes - e->at; break; /* has no padding */
        case 6: e->bytes = UINT64_MAX; break;            /* wraps */
        case 7: e->at = UINT64_MAX / FR_SECTION_ALIGN * FR_SECTION_ALIGN; break;
        case 8: e->id = before->id, e->flags = 0; break;             /* comes twice */
        case 9: *before = *e; break;                                 /* one is missing */
        case 10: f.stats.section_count = UINT32_MAX / 24 + 2; break; /* more than there are */
        case 11: f.stats.section_count = 0; break;
        }
        if (kind < 10) {
            commit(dir, &f);
            assert_int_equal(open_index(dir), FRAI_ERR_CORRUPT);
            assert_non_null(strstr(error_.message, "section table"));
        } else { /* the count alone: what follows it then isn't what it was */
            struct fr_segment_stats lying = f.stats;
            f.stats.section_count = (uint32_t)(e - f.entry) + 1;
            commit(dir, &f);
            size_t len;
            unsigned char *bytes = read_file(segment_path(dir), &len);
            struct fr_segment_tail tail;
            struct fr_segment seg;
            memcpy(&tail, bytes + len - sizeof tail, sizeof tail);
            memcpy(bytes + tail.footer_at, &lying, sizeof lying);
            tail.footer_hash = fr_hash64(bytes + tail.footer_at, tail.footer_bytes);
            tail.hash = fr_hash64(&tail, offsetof(struct fr_segment_tail, hash));
            memcpy(bytes + len - sizeof tail, &tail, sizeof tail);
            write_file(segment_path(dir), bytes, len);
            assert_int_equal(
                fr_segment_open(&seg, segment_path(dir), "s", fr_allocator_or_libc(NULL), &error_),
                FRAI_ERR_CORRUPT);
            free(bytes);
        }
        free(f.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_optional_section_that_is_unknown_changes_no_answer),
        cmocka_unit_test(damage_of_an_optional_section_is_found_by_a_check),
        cmocka_unit_test(what_must_be_known_is_refused_as_too_new),
        cmocka_unit_test(entries_that_lie_are_damage),
    };
    stay_in_memory();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
