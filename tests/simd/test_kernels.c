#include <string.h>

#include "base/units.h"
#include "simd/dispatch.h"
#include "support/support.h"

/* On 1,024 bounds; x and y are alike. */
static void same_scans(const struct fr_scan_kernels *scalar, const struct fr_scan_kernels *k,
                       uint16_t *x, uint16_t *y)
{
    uint16_t low = x[rnd_below(1024)], high = (uint16_t)(low + rnd_below(65536u - low)),
             maxima[2][64];
    uint32_t n = 16 * (uint32_t)rnd_below(65), at = (uint32_t)rnd_below(1009);
    assert_int_equal(scalar->count_between(x, n, low, high), k->count_between(x, n, low, high));
    assert_int_equal(scalar->pick_between(x + at, low, high), k->pick_between(x + at, low, high));
    memset(maxima, 0, sizeof maxima);
    assert_int_equal(scalar->group_maxima(x, n / 256 * 16, maxima[0]),
                     k->group_maxima(x, n / 256 * 16, maxima[1]));
    assert_memory_equal(maxima[0], maxima[1], sizeof maxima[0]);
    uint64_t where = rnd() & (rnd_below(2) ? rnd() : ~0ull);
    uint16_t value = (uint16_t)rnd(), least = (uint16_t)(rnd() >> rnd_below(64));
    assert_int_equal(scalar->add_where(x, where, value, least),
                     k->add_where(y, where, value, least));
    assert_memory_equal(x, y, 64 * sizeof *x);
    assert_int_equal(scalar->raise_where(x, x + 64, where, value, least),
                     k->raise_where(y, y + 64, where, value, least));
    assert_memory_equal(x, y, 128 * sizeof *x);
    uint32_t docs[1000 + FR_SEEK_PAD], doc = 0, count = (uint32_t)rnd_below(1000);
    for (uint32_t i = 0; i < count; i++) docs[i] = doc += 1 + (uint32_t)(rnd() >> 42);
    for (uint32_t i = count; i < count + FR_SEEK_PAD; i++) docs[i] = UINT32_MAX;
    uint32_t from = (uint32_t)rnd_below(count + 1), target = (uint32_t)rnd_below(doc + 2ull);
    assert_int_equal(scalar->seek(docs, from, target), k->seek(docs, from, target));
    scalar->keep_where(x, where);
    k->keep_where(y, where);
    assert_memory_equal(x, y, 64 * sizeof *x);
    uint32_t some[1000], kept[2][1000], asked = 0, one_in = 1 + (uint32_t)rnd_below(20);
    for (uint32_t i = 0; i < count; i++)
        if (rnd_below(one_in) == 0) some[asked++] = docs[i] - (uint32_t)rnd_below(2);
    for (uint32_t i = 0; i + 1 < asked; i++) assert_true(some[i] <= some[i + 1]);
    float scores[2][64], k_of[64], weight = (float)rnd_below(1000) / 64;
    uint32_t tfs[64];
    for (int i = 0; i < 64; i++) {
        scores[0][i] = scores[1][i] = (float)rnd_below(1000) / 128;
        k_of[i] = (float)(1 + rnd_below(1000)) / 256;
        tfs[i] = rnd_below(3) ? (uint32_t)(rnd() >> (32 + rnd_below(32))) : 0;
    }
    scalar->add_scores(scores[0], tfs, k_of, weight);
    k->add_scores(scores[1], tfs, k_of, weight);
    assert_memory_equal(scores[0], scores[1], sizeof scores[0]);
    float limit = rnd_below(2) ? scores[0][rnd_below(64)] : (float)rnd_below(1000) / 64;
    assert_int_equal(scalar->at_least(scores[0], limit), k->at_least(scores[1], limit));
    uint32_t common = scalar->keep_common(some, asked, docs, kept[0]);
    assert_int_equal(common, k->keep_common(some, asked, docs, kept[1]));
    if (common) assert_memory_equal(kept[0], kept[1], common * sizeof **kept);
}

/* Entries of ranges, sometimes with one group more or fewer than ranges. */
static void same_listed(const struct fr_dense_kernels *scalar, const struct fr_dense_kernels *k)
{
    uint8_t last[600] = {0}, entries[500 + FR_OVERREAD];
    uint64_t masks[2][64] = {{0}}, ranges = rnd() & (rnd_below(2) ? rnd() : ~0ull);
    uint64_t first = rnd_below(64);
    for (uint32_t i = 0; i < sizeof entries; i++) /* those of a range are different */
        entries[i] = (uint8_t)(7 * i % 64 | (rnd() & 0xC0));
    uint32_t n = 0, of_a_range = 1 + (uint32_t)rnd_below(rnd_below(4) ? 3 : 12);
    for (uint64_t left = ranges; left && n < 400; left &= left - 1) {
        n += 1 + (uint32_t)rnd_below(of_a_range);
        last[(first + n - 1) / 8] |= (uint8_t)(1u << (first + n - 1) % 8);
        if ((left & (left - 1)) && rnd_below(500) == 0) ranges &= ~(left & -left);
    }
    if (rnd_below(8) == 0) n += (uint32_t)rnd_below(3);
    bool sound = scalar->or_listed(ranges, last, first, entries, n, masks[0]);
    assert_int_equal(sound, k->or_listed(ranges, last, first, entries, n, masks[1]));
    if (sound) assert_memory_equal(masks[0], masks[1], sizeof masks[0]);
}

/* On random bytes. */
static void same_dense(const struct fr_dense_kernels *scalar, const struct fr_dense_kernels *k,
                       const uint8_t *codes)
{
    uint8_t few[32], wide[16], expanded[2][32];
    uint32_t n = (uint32_t)rnd_below(65);
    uint64_t where = rnd() & rnd(), masks[2][64];
    for (int i = 0; i < 32; i++) few[i] = (uint8_t)(codes[i] & (rnd_below(3) ? rnd() : 0));
    for (int i = 0; i < 16; i++) wide[i] = i ? (uint8_t)rnd_below(17) : 0;
    assert_int_equal(scalar->sum_codes(few, n, wide), k->sum_codes(few, n, wide));
    assert_int_equal(scalar->nonzero_codes(few), k->nonzero_codes(few));
    scalar->expand_codes(codes, where, expanded[0]);
    k->expand_codes(codes, where, expanded[1]);
    assert_memory_equal(expanded[0], expanded[1], 32);
    for (int i = 0; i < 64; i++) masks[0][i] = masks[1][i] = rnd_below(2) ? rnd() : 0;
    uint8_t entries[512 + FR_OVERREAD];
    for (size_t i = 0; i < sizeof entries; i++) entries[i] = (uint8_t)rnd();
    for (size_t i = 0, at = 0; i < 64; i++) { /* bytes of a code are different */
        unsigned code = i < 32 ? few[i] & 15u : few[i - 32] >> 4, base = (unsigned)rnd_below(64);
        for (unsigned b = 0; b < code && code <= 8; b++)
            entries[at + b] = (uint8_t)((base + 7 * b) % 64 | (entries[at + b] & 0xC0));
        at += code < 8 ? code : 8;
    }
    scalar->or_entries(few, entries, masks[0]);
    k->or_entries(few, entries, masks[1]);
    assert_memory_equal(masks[0], masks[1], sizeof masks[0]);
    same_listed(scalar, k);
    assert_int_equal(scalar->sum_wide(codes + n, where, entries),
                     k->sum_wide(codes + n, where, entries));
    assert_int_equal(scalar->sum_wide(codes + n, ~0ull, entries),
                     k->sum_wide(codes + n, ~0ull, entries));
    uint32_t values[2][64];
    assert_int_equal(scalar->spread_codes(where, entries, values[0]),
                     k->spread_codes(where, entries, values[1]));
    assert_memory_equal(values[0], values[1], sizeof values[0]);
    uint64_t some = where & (rnd_below(4) ? rnd() : ~0ull);
    const uint8_t *last = entries + sizeof entries - 2 * (size_t)__builtin_popcountll(some);
    assert_int_equal(scalar->spread_high(some, last, values[0]),
                     k->spread_high(some, last, values[1]));
    assert_memory_equal(values[0], values[1], sizeof values[0]);
    for (int i = 0; i < 64; i++) values[0][i] = (uint32_t)(rnd() >> (32 + rnd_below(32)));
    uint64_t many[2];
    assert_int_equal(scalar->sum_products(codes + n, values[0], n, &many[0]),
                     k->sum_products(codes + n, values[0], n, &many[1]));
    assert_int_equal(many[0], many[1]);
    uint64_t first = rnd_below(1000), end = first + rnd_below(3000);
    uint32_t nth = (uint32_t)rnd_below(200);
    assert_int_equal(scalar->find_group(codes, first, end, nth),
                     k->find_group(codes, first, end, nth));
}

static void kernels_equal_the_scalar_twin(void **unused)
{
    (void)unused;
    const struct fr_kernels scalar = fr_kernels_of(FR_ISA_SCALAR);
    for (int isa = 1; isa < FR_ISA_COUNT; isa++) {
        const struct fr_kernels k = fr_kernels_of((enum fr_isa)isa);
        for (int round = 0; round < 3000; round++) {
            uint32_t n = (uint32_t)rnd_below(FR_BLOCK + 1), a[FR_BLOCK + 8], b[FR_BLOCK + 8],
                     base = (uint32_t)rnd();
            for (uint32_t i = 0; i < n; i++) a[i] = b[i] = (uint32_t)rnd() >> rnd_below(32);
            scalar.codec.sum_gaps(a, n, base);
            k.codec.sum_gaps(b, n, base);
            if (n) assert_memory_equal(a, b, n * sizeof *a);
            unsigned width = (unsigned)rnd_below(33), first = (unsigned)rnd_below(8);
            uint8_t packed[4 * FR_BLOCK + 1 + FR_OVERREAD];
            for (size_t i = 0; i < sizeof packed; i++) packed[i] = (uint8_t)rnd();
            scalar.codec.unpack(packed, first, a, n, width);
            k.codec.unpack(packed, first, b, n, width);
            if (n) assert_memory_equal(a, b, n * sizeof *a);
            uint64_t words[64];
            for (int i = 0; i < 64; i++) words[i] = rnd() & rnd();
            assert_int_equal(scalar.scan.count_bits(words, n % 64),
                             k.scan.count_bits(words, n % 64));
            uint16_t x[1024], y[1024], level[16];
            uint8_t codes[512 + 2 * FR_OVERREAD];
            uint32_t m = (uint32_t)rnd_below(960);
            for (int i = 0; i < 1024; i++) x[i] = y[i] = (uint16_t)rnd();
            for (int i = 0; i < 16; i++) level[i] = (uint16_t)rnd();
            for (size_t i = 0; i < sizeof codes; i++) codes[i] = (uint8_t)rnd();
            scalar.scan.add_levels(x, codes, m, level);
            k.scan.add_levels(y, codes, m, level);
            if (m) assert_memory_equal(x, y, m * sizeof *x);
            scalar.scan.min_levels(x, codes + 1, m, level);
            k.scan.min_levels(y, codes + 1, m, level);
            if (m) assert_memory_equal(x, y, m * sizeof *x);
            scalar.scan.max_levels(x, codes + 1, m, level);
            k.scan.max_levels(y, codes + 1, m, level);
            if (m) assert_memory_equal(x, y, m * sizeof *x);
            memcpy(y, x, sizeof x);
            same_scans(&scalar.scan, &k.scan, x, y);
            same_dense(&scalar.dense, &k.dense, codes);
        }
    }
}

static void a_level_that_the_processor_lacks_is_refused(void **unused)
{
    (void)unused;
    const struct fr_kernels best = fr_kernels_current();
    for (int isa = 0; isa < FR_ISA_COUNT; isa++) {
        bool there = fr_kernels_of((enum fr_isa)isa).isa == (enum fr_isa)isa;
        assert_int_equal(fr_kernels_use(fr_isa_name((enum fr_isa)isa)), there);
        assert_int_equal(fr_kernels_current().isa, there ? (enum fr_isa)isa : best.isa);
    }
    assert_false(fr_kernels_use("sse9"));
    assert_true(fr_kernels_use(NULL));
    assert_int_equal(fr_kernels_current().isa, best.isa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_equal_the_scalar_twin),
        cmocka_unit_test(a_level_that_the_processor_lacks_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
