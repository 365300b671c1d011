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

struct counted {
    uint64_t comparisons;
    int hostile;    /* McIlroy's adversary: values are decided as they are compared */
    uint32_t solid; /* ... values so far */
    uint32_t candidate;
    uint32_t *value;
};

#define GAS UINT32_MAX

static int by_first(const void *a, const void *b, void *ctx)
{
    struct counted *c = ctx;
    uint32_t x, y;
    memcpy(&x, a, 4);
    memcpy(&y, b, 4);
    c->comparisons++;
    if (!c->hostile) return x < y ? -1 : x > y;
    uint32_t *v = c->value;
    if (v[x] == GAS && v[y] == GAS) v[x == c->candidate ? x : y] = c->solid++;
    if (v[x] == GAS) c->candidate = x;
    if (v[y] == GAS) c->candidate = y;
    return v[x] < v[y] ? -1 : v[x] > v[y];
}

static uint32_t pattern(int kind, uint32_t i, uint32_t n)
{
    switch (kind) {
    case 0: return (uint32_t)rnd();
    case 1: return i;
    case 2: return n - i;
    case 3: return 7;
    case 4: return i < n / 2 ? i : n - i;
    case 5: return (uint32_t)rnd_below(4);
    default: return i; /* names of values */
    }
}

/* A Killer Adversary for Quicksort (McIlroy, 1999) is among the inputs: no input takes more than a
 * few n log n comparisons, and what comes out is a sorted permutation of what went in. */
static void any_order_is_sorted_in_n_log_n(void **unused)
{
    (void)unused;
    static const size_t sizes[] = {4, 8, 12, 16, 20, 24, 40, 64};
    static const uint32_t counts[] = {0, 1, 2, 3, 10, 100, 2000, 30000};
    for (int kind = 0; kind < 7; kind++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
                size_t size = sizes[s];
                uint32_t n = counts[k] + (uint32_t)rnd_below(counts[k] / 4 + 1);
                uint8_t *bytes = malloc(n * size + 1);
                struct counted c = {.hostile = kind == 6, .value = malloc(n * 4ull + 4)};
                uint64_t sum = 0, log = fr_bits(n);
                for (uint32_t i = 0; i < n; i++) {
                    uint32_t v = pattern(kind, i, n);
                    for (size_t at = 0; at < size; at += 4) memcpy(bytes + i * size + at, &v, 4);
                    sum += v;
                    c.value[i] = GAS;
                }
                fr_sort(bytes, n, size, by_first, &c);
                if (n > 1) assert_true(c.comparisons <= 5 * n * log);
                c.hostile = 0;
                uint32_t before = 0;
                for (uint32_t i = 0; i < n; i++) {
                    uint32_t v, rank;
                    memcpy(&v, bytes + i * size, 4);
                    for (size_t at = 0; at < size; at += 4)
                        assert_memory_equal(bytes + i * size + at, &v, 4);
                    rank = kind == 6 ? c.value[v] : v;
                    assert_true(i == 0 || before <= rank);
                    before = rank;
                    sum -= v;
                }
                assert_int_equal(sum, 0);
                free(bytes);
                free(c.value);
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
        cmocka_unit_test(any_order_is_sorted_in_n_log_n),
        cmocka_unit_test(interner_numbers_strings_in_order_of_first_sight),
        cmocka_unit_test(varints_read_back_and_truncated_ones_are_bad),
        cmocka_unit_test(short_and_interrupted_calls_are_finished),
        cmocka_unit_test(an_error_message_keeps_its_end_and_whole_characters),
        cmocka_unit_test(dates_in_their_usual_notations_are_one_day),
        cmocka_unit_test(a_child_is_another_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
