/* Power is cut at every point of every commit: what the disk then holds, any prefix of what was
 * written and any part of what was not synced, opens to the index before or after; once a commit
 * has returned, to the one after. */
#include <stdio.h>
#include <string.h>

#include "support/disk.h"
#include "support/search.h"
#include "support/support.h"

enum { IDS = 8, SIGNATURE = 1024 };

/* What the index holds, as a line; "none" if there is none. Anything but these is a failure. */
static void sign(char out[SIGNATURE])
{
    frai_index *index;
    frai_searcher *s;
    size_t n = 0;
    frai_status status = frai_index_open(DISK_DIR, NULL, &index, &error_);
    if (status == FRAI_ERR_NOT_FOUND) {
        strcpy(out, "none");
        return;
    }
    assert_ok(status);
    assert_ok(frai_searcher_create(index, &s, &error_));
    for (int i = 0; i < IDS; i++) {
        char id[16];
        uint64_t doc;
        frai_slice body = {"-", 1};
        snprintf(id, sizeof id, "%d", i);
        status = frai_index_find(index, frai_slice_of(id), &doc, &error_);
        if (status == FRAI_OK)
            assert_ok(frai_searcher_read_field(s, doc, frai_slice_of("body"), &body, &error_));
        else
            assert_int_equal(status, FRAI_ERR_NOT_FOUND);
        n += (size_t)snprintf(out + n, SIGNATURE - n, "%.*s|", (int)body.len, body.ptr);
    }
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    struct hit hits[10];
    uint32_t count;
    assert_ok(find_info(s, frai_slice_of("투자"), &o, hits, &count, &info));
    snprintf(out + n, SIGNATURE - n, "%u of %llu, %u", count, (unsigned long long)info.total,
             (unsigned)frai_index_document_count(index));
    frai_searcher_destroy(s);
    frai_index_close(index);
}

static void change(bool first)
{
    static int version;
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    o.mode = !first && rnd_below(4) != 0 ? FRAI_OPEN_OR_CREATE : FRAI_REPLACE;
    o.threads = 1 + (uint32_t)rnd_below(2);
    assert_ok(frai_writer_open(DISK_DIR, &o, &b, &error_));
    for (int n = 1 + (int)rnd_below(6); n > 0; n--) {
        char id[16], body[64];
        int number = (int)rnd_below(IDS);
        snprintf(id, sizeof id, "%d", number);
        snprintf(body, sizeof body, "투자 소식 %d", version++);
        if (rnd_below(3) == 0)
            assert_true(frai_writer_delete(b, frai_slice_of(id), &error_) == FRAI_OK ||
                        o.mode == FRAI_REPLACE); /* where nothing was added yet */
        else
            add_body(b, (size_t)number, frai_slice_of(body));
    }
    if (o.mode != FRAI_REPLACE && rnd_below(3) == 0) assert_ok(frai_writer_compact(b, &error_));
    if (rnd_below(2)) assert_ok(frai_writer_set_user_data(b, frai_slice_of("적바림"), &error_));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
}

/* The next writer finds its way too. */
static void write_after_the_crash(void)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *b;
    frai_index *index;
    uint64_t doc;
    o.mode = FRAI_OPEN_OR_CREATE;
    frai_slice note;
    assert_ok(frai_writer_open(DISK_DIR, &o, &b, &error_));
    assert_ok(frai_writer_user_data(b, &note, &error_));
    assert_true(note.len == 0 || note.len == strlen("적바림"));
    add_body(b, 1000, frai_slice_of("그 뒤의 글"));
    assert_ok(frai_writer_commit(b, &error_));
    frai_writer_close(b);
    assert_ok(frai_index_open(DISK_DIR, NULL, &index, &error_));
    assert_ok(frai_index_find(index, frai_slice_of("1000"), &doc, &error_));
    frai_index_close(index);
}

static void a_crash_leaves_the_old_or_the_new(void **unused)
{
    (void)unused;
    static char before[SIGNATURE], after[SIGNATURE], found[SIGNATURE];
    const long rounds = full_run() ? 1000 : 25, states = full_run() ? 1000 : 400;
    long tried = 0, old = 0;
    for (long round = 0; round < rounds; round++) {
        if (round % 50 == 0) {
            if (round) disk_remove();
            disk_install();
        }
        disk_settle();
        sign(before);
        change(round % 50 == 0);
        sign(after);
        size_t all = disk_log_length();
        for (long i = 0; i < states; i++, tried++) {
            size_t prefix = i == 0 ? all : rnd_below(all + 1);
            disk_crash(prefix);
            sign(found);
            bool is_old = strcmp(found, before) == 0, is_new = strcmp(found, after) == 0;
            if (!is_new && (!is_old || prefix == all))
                fail_msg("after %zu of %zu operations: '%s', before '%s', after '%s'", prefix, all,
                         found, before, after);
            old += is_old;
            if (i % 16 == 0) write_after_the_crash();
        }
        disk_recover();
        sign(found);
        assert_string_equal(found, after);
    }
    disk_remove();
    assert_true(old > tried / 10 && old < tried);
    printf("%ld states of a crashed disk tried\n", tried);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_crash_leaves_the_old_or_the_new)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
