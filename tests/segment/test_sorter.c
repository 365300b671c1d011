/* Tuples that don't fit in memory come out in the same order as those that do. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "segment/external_sort.h"
#include "support/support.h"

enum { COUNT = 20000 };

static int by_keys(const void *a, const void *b)
{
    const struct fr_tuple *x = a, *y = b;
    if (x->major != y->major) return x->major < y->major ? -1 : 1;
    if (x->minor != y->minor) return x->minor < y->minor ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void any_memory_gives_the_same_order(void **unused)
{
    (void)unused;
    static struct fr_tuple all[COUNT];
    const size_t limits[] = {1, 16, 1000, 4096, 100000, 1 << 20};
    const char *dir = temp_dir();
    for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
        struct fr_external_sort s;
        uint32_t count = limits[l] < 100 ? 200 : COUNT;
        char path[300];
        snprintf(path, sizeof path, "%s/x", dir);
        fr_external_sort_init(&s, fr_allocator_or_libc(NULL), path, limits[l]);
        for (uint32_t i = 0; i < count; i++) {
            uint64_t major = rnd_below(3) ? rnd() : rnd_below(50) << 32 | rnd_below(3);
            uint32_t minor = rnd_below(2) ? (uint32_t)rnd() : (uint32_t)rnd_below(4);
            all[i] = (struct fr_tuple){major, minor, i};
            fr_external_sort_add(&s, all[i]);
        }
        assert_ok(fr_external_sort_run(&s, &error_));
        qsort(all, count, sizeof *all, by_keys);
        for (uint32_t i = 0; i < count; i++) {
            struct fr_tuple t;
            assert_ok(fr_external_sort_at(&s, i, &t, &error_));
            assert_memory_equal(&t, &all[i], sizeof t);
        }
        for (int n = 0; n < 500; n++) {
            uint64_t major = rnd_below(2) ? rnd() : all[rnd_below(count)].major;
            uint32_t found, expected = 0;
            while (expected < count && all[expected].major < major) expected++;
            assert_ok(fr_external_sort_find(&s, major, &found, &error_));
            assert_int_equal(found, expected);
        }
        fr_external_sort_deinit(&s);
    }
}

static void none_is_fine(void **unused)
{
    (void)unused;
    struct fr_external_sort s;
    uint32_t i;
    fr_external_sort_init(&s, fr_allocator_or_libc(NULL), "/nowhere", 100);
    assert_ok(fr_external_sort_run(&s, &error_));
    assert_ok(fr_external_sort_find(&s, 7, &i, &error_));
    assert_int_equal(i, 0);
    fr_external_sort_deinit(&s);
    fr_external_sort_init(&s, fr_allocator_or_libc(NULL), "/nowhere/at/all", 16);
    fr_external_sort_add(&s, (struct fr_tuple){1, 0, 0});
    fr_external_sort_add(&s, (struct fr_tuple){2, 0, 1});
    assert_int_equal(fr_external_sort_run(&s, &error_), FRAI_ERR_NOT_FOUND);
    fr_external_sort_deinit(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_memory_gives_the_same_order),
                                       cmocka_unit_test(none_is_fine)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
