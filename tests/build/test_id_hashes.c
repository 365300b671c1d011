/* Hashes that don't fit in memory come out in the same order as those that do. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "build/id_hashes.h"
#include "support/support.h"

enum { COUNT = 20000 };

struct pair {
    uint64_t hash;
    uint32_t doc;
};

static int by_hash(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

static void any_memory_gives_the_order_of_hashes(void **unused)
{
    (void)unused;
    static struct pair all[COUNT];
    const size_t limits[] = {1, 12, 1000, 4096, 100000, 1 << 20};
    const char *dir = temp_dir();
    for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
        struct fr_id_hashes h;
        uint32_t count = limits[l] < 100 ? 200 : COUNT;
        char path[300];
        snprintf(path, sizeof path, "%s/x", dir);
        fr_id_hashes_init(&h, fr_allocator_or_libc(NULL), path, limits[l]);
        for (uint32_t i = 0; i < count; i++) {
            uint64_t hash = rnd_below(3) ? rnd() : rnd_below(50) << 32 | rnd_below(3);
            all[i] = (struct pair){hash, i};
            fr_id_hashes_add(&h, hash, i);
        }
        assert_ok(fr_id_hashes_sort(&h, &error_));
        qsort(all, count, sizeof *all, by_hash);
        for (uint32_t i = 0; i < count; i++) {
            uint64_t hash;
            uint32_t doc;
            assert_ok(fr_id_hashes_at(&h, i, &hash, &doc, &error_));
            assert_true(hash == all[i].hash && doc == all[i].doc);
        }
        for (int n = 0; n < 500; n++) {
            uint64_t hash = rnd_below(2) ? rnd() : all[rnd_below(count)].hash;
            uint32_t found, expected = 0;
            while (expected < count && all[expected].hash < hash) expected++;
            assert_ok(fr_id_hashes_find(&h, hash, &found, &error_));
            assert_int_equal(found, expected);
        }
        fr_id_hashes_deinit(&h);
    }
}

static void none_is_fine(void **unused)
{
    (void)unused;
    struct fr_id_hashes h;
    uint32_t i;
    fr_id_hashes_init(&h, fr_allocator_or_libc(NULL), "/nowhere", 100);
    assert_ok(fr_id_hashes_sort(&h, &error_));
    assert_ok(fr_id_hashes_find(&h, 7, &i, &error_));
    assert_int_equal(i, 0);
    fr_id_hashes_deinit(&h);
    fr_id_hashes_init(&h, fr_allocator_or_libc(NULL), "/nowhere/at/all", 12);
    fr_id_hashes_add(&h, 1, 0);
    fr_id_hashes_add(&h, 2, 1);
    assert_int_equal(fr_id_hashes_sort(&h, &error_), FRAI_ERR_NOT_FOUND);
    fr_id_hashes_deinit(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_memory_gives_the_order_of_hashes),
                                       cmocka_unit_test(none_is_fine)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
