#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/interner.h"
#include "base/io.h"
#include "base/process.h"
#include "base/sort.h"
#include "support/support.h"
#include "text/date.h"

static void radix_sort_orders_like_a_stable_sort(void **unused)
{
    (void)unused;
    for (int round = 0; round < 40; round++) {
        size_t n = rnd_below(3000);
        struct fr_item *items = malloc((n + 1) * sizeof *items),
                       *scratch = malloc((n + 1) * sizeof *items);
        uint32_t mask = round % 4 == 0 ? 7 : round % 4 == 1 ? 0xFFFF0000u : 0xFFFFFFFFu;
        for (size_t i = 0; i < n; i++)
            items[i] = (struct fr_item){(uint32_t)rnd() & mask, (uint32_t)i, 0};
        fr_sort_items(items, scratch, n);
        for (size_t i = 1; i < n; i++) {
            assert_true(items[i - 1].key <= items[i].key);
            if (items[i - 1].key == items[i].key) assert_true(items[i - 1].doc < items[i].doc);
        }
        free(items);
        free(scratch);
    }
}

static void interner_numbers_strings_in_order_of_first_sight(void **unused)
{
    (void)unused;
    struct fr_interner in;
    fr_interner_init(&in, fr_allocator_or_libc(NULL));
    char text[32];
    for (uint32_t i = 0; i < 5000; i++) {
        int n = snprintf(text, sizeof text, "w%u", i);
        assert_int_equal(fr_intern(&in, text, (size_t)n), i);
    }
    assert_int_equal(fr_intern(&in, "w42", 3), 42);
    assert_int_equal(fr_intern(&in, "", 0), 5000);
    assert_int_equal(fr_intern(&in, "", 0), 5000);
    assert_memory_equal(fr_interned(&in, 4999).ptr, "w4999", 5);
    fr_interner_clear(&in);
    assert_int_equal(fr_intern(&in, "w42", 3), 0);
    fr_interner_deinit(&in);
}

static void varints_read_back_and_truncated_ones_are_bad(void **unused)
{
    (void)unused;
    static const uint64_t values[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
    struct fr_buf buf;
    fr_buf_init(&buf, fr_allocator_or_libc(NULL));
    for (size_t i = 0; i < 8; i++) fr_buf_varint(&buf, values[i]);
    struct fr_reader r = fr_reader_of(buf.data, buf.len);
    for (size_t i = 0; i < 8; i++) assert_int_equal(fr_read_varint(&r), values[i]);
    assert_false(r.bad);
    assert_int_equal(fr_read_varint(&r), 0);
    assert_true(r.bad);
    r = fr_reader_of("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 11);
    fr_read_varint(&r);
    assert_true(r.bad);
    fr_buf_deinit(&buf);
}

static int calls;
static ssize_t stingy_pread(int fd, void *buf, size_t len, off_t at)
{
    if (calls++ % 3 == 0) {
        errno = EINTR;
        return -1;
    }
    return pread(fd, buf, len > 3 ? 3 : len, at);
}
static ssize_t stingy_write(int fd, const void *buf, size_t len)
{
    if (calls++ % 3 == 0) {
        errno = EINTR;
        return -1;
    }
    return write(fd, buf, len > 2 ? 2 : len);
}

static void short_and_interrupted_calls_are_finished(void **unused)
{
    (void)unused;
    struct fr_io io = fr_io_system;
    io.pread = stingy_pread;
    io.write = stingy_write;
    fr_io_install(&io);
    int fd;
    char back[100], *path = path_in(temp_dir(), "f");
    assert_ok(fr_io_create(path, O_RDWR, &fd, &error_));
    for (int i = 0; i < 100; i++) back[i] = (char)i;
    assert_ok(fr_io_write_all(fd, back, 100, path, &error_));
    memset(back, 0, 100);
    assert_ok(fr_io_read_at(fd, back, 100, 0, path, &error_));
    for (int i = 0; i < 100; i++) assert_int_equal(back[i], i);
    assert_int_equal(fr_io_read_at(fd, back, 100, 1, path, &error_), FRAI_ERR_CORRUPT);
    close(fd);
    fr_io_install(NULL);
}

static void an_error_message_keeps_its_end_and_whole_characters(void **unused)
{
    (void)unused;
    static const char cut[] = "…", reason[] = ": Permission denied";
    char text[400] = "";
    for (int i = 0; i < 100; i++) strcat(text, "한");
    for (int shift = 0; shift < 3; shift++) {
        frai_error err;
        fr_fail_os(&err, EACCES, "%s%.*s", text, shift, "ab");
        size_t n = strlen(err.message), ends = strlen(reason) + (size_t)shift;
        assert_in_range(n, sizeof err.message - 3, sizeof err.message - 1);
        assert_memory_equal(err.message, cut, 3);
        assert_memory_equal(err.message + 3, text, 3);
        assert_int_equal((n - 3 - ends) % 3, 0);
        assert_string_equal(err.message + n - strlen(reason), reason);
    }
}

static void dates_in_their_usual_notations_are_one_day(void **unused)
{
    (void)unused;
    static const char *const same[] = {"2025-02-10",
                                       "2025.02.10",
                                       "2025/2/10",
                                       "20250210",
                                       "2025년 2월 10일",
                                       "2025. 2. 10.",
                                       "2025-02-10T00:00:00Z",
                                       "2025-02-10 09:00:00+09:00"};
    int64_t seconds;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        if (!fr_date_parse(same[i], strlen(same[i]), &seconds)) fail_msg("%s", same[i]);
        assert_int_equal(seconds, 1739145600);
    }
    static const char *const wrong[] = {"", "2025", "2025-13-01", "2025-02-30", "어제", "25-02-10"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(fr_date_parse(wrong[i], strlen(wrong[i]), &seconds));
    assert_true(fr_date_parse("2024-02-29", 10, &seconds));
}

/* With a page that the kernel wipes, and without. */
static void a_child_is_another_process(void **unused)
{
    (void)unused;
    struct fr_process marked, plain;
    int status;
    fr_process_init(&marked);
    fr_process_init(&plain);
    fr_process_deinit(&plain);
    assert_true(fr_process_is_this(&marked) && fr_process_is_this(&plain));
    pid_t child = fork();
    if (child == 0) _exit(fr_process_is_this(&marked) || fr_process_is_this(&plain));
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    fr_process_deinit(&marked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(radix_sort_orders_like_a_stable_sort),
        cmocka_unit_test(interner_numbers_strings_in_order_of_first_sight),
        cmocka_unit_test(varints_read_back_and_truncated_ones_are_bad),
        cmocka_unit_test(short_and_interrupted_calls_are_finished),
        cmocka_unit_test(an_error_message_keeps_its_end_and_whole_characters),
        cmocka_unit_test(dates_in_their_usual_notations_are_one_day),
        cmocka_unit_test(a_child_is_another_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
