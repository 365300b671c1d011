#include <string.h>

#include "codec/ascending.h"
#include "codec/bitstream.h"
#include "codec/norm.h"
#include "codec/pfor.h"
#include "simd/dispatch.h"
#include "support/support.h"

static const uint32_t lengths[] = {0, 1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 100, 127, 128};

static void fill(uint32_t *values, uint32_t n, unsigned width, int kind)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t all = width == 0 ? 0 : width == 32 ? UINT32_MAX : (1u << width) - 1;
        values[i] = kind == 0       ? (uint32_t)rnd() & all
                    : kind == 1     ? all
                    : rnd_below(20) ? (uint32_t)rnd() & all >> width / 2
                                    : all;
    }
}

static void every_length_and_width_reads_back_at_every_level(void **unused)
{
    (void)unused;
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (unsigned width = 0; width <= 32; width++)
            for (int kind = 0; kind < 3; kind++) {
                uint32_t n = lengths[l], values[FR_BLOCK], back[FR_BLOCK + 8];
                uint8_t bytes[FR_PFOR_MAX_BYTES + FR_OVERREAD];
                memset(bytes, 0xA5, sizeof bytes);
                fill(values, n, width, kind);
                uint32_t used = fr_pfor_encode(values, n, bytes);
                assert_true(used <= FR_PFOR_MAX_BYTES);
                assert_int_equal(bytes[used], 0xA5);
                for (int isa = 0; isa < FR_ISA_COUNT; isa++) {
                    struct fr_kernels k = fr_kernels_of((enum fr_isa)isa);
                    memset(back, 0xEE, sizeof back);
                    assert_int_equal(fr_pfor_decode(&k.codec, bytes, used, n, back), used);
                    if (n) assert_memory_equal(values, back, n * sizeof *values);
                }
            }
}

static void a_block_is_no_larger_than_plain_packing(void **unused)
{
    (void)unused;
    for (int round = 0; round < 2000; round++) {
        uint32_t values[FR_BLOCK], most = 0;
        uint8_t bytes[FR_PFOR_MAX_BYTES + 8];
        fill(values, FR_BLOCK, (unsigned)rnd_below(33), 2);
        for (uint32_t i = 0; i < FR_BLOCK; i++) most |= values[i];
        unsigned width = most ? 32u - (unsigned)__builtin_clz(most) : 0;
        assert_true(fr_pfor_encode(values, FR_BLOCK, bytes) <= 1 + 16 * width);
    }
}

static void short_or_hostile_blocks_are_refused_or_harmless(void **unused)
{
    (void)unused;
    const struct fr_kernels k = fr_kernels_current();
    uint32_t values[FR_BLOCK], back[FR_BLOCK + 8];
    for (int round = 0; round < 3000; round++) {
        fill(values, FR_BLOCK, (unsigned)rnd_below(33), 2);
        uint8_t bytes[FR_PFOR_MAX_BYTES + FR_OVERREAD] = {0};
        uint32_t used = fr_pfor_encode(values, FR_BLOCK, bytes);
        for (uint32_t cut = 0; cut < used; cut += 1 + (uint32_t)rnd_below(9)) {
            uint8_t *exact = malloc(cut + FR_OVERREAD); /* the sanitizer watches its end */
            memcpy(exact, bytes, cut);
            memset(exact + cut, 0, FR_OVERREAD);
            assert_int_equal(fr_pfor_decode(&k.codec, exact, cut, FR_BLOCK, back), 0);
            free(exact);
        }
        for (uint32_t i = 0; i < used; i++) bytes[i] = (uint8_t)rnd();
        uint32_t n = 1 + (uint32_t)rnd_below(FR_BLOCK);
        assert_true(fr_pfor_decode(&k.codec, bytes, used, n, back) <= used);
    }
}

static void norms_are_lucenes(void **unused)
{
    (void)unused;
    /* org.apache.lucene.util.SmallFloat.byte4ToInt, spot values of its table */
    static const struct {
        uint32_t length;
        uint8_t byte;
    } known[] = {{0, 0},   {1, 1},   {23, 23}, {24, 24}, {39, 39},         {40, 40},
                 {42, 41}, {44, 42}, {54, 47}, {56, 48}, {2147483647, 255}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(fr_norm_encode(known[i].length), known[i].byte);
    assert_int_equal(fr_norm_decode(255), 2013265944);
    for (int i = 0; i < 256; i++) {
        assert_int_equal(fr_norm_encode(fr_norm_decode((uint8_t)i)), i);
        if (i) assert_true(fr_norm_decode((uint8_t)i) > fr_norm_decode((uint8_t)(i - 1)));
        if (i == 255) break;
        assert_int_equal(fr_norm_encode(fr_norm_decode((uint8_t)(i + 1)) - 1), i);
        assert_int_equal(fr_norm_decode((uint8_t)i) + (1u << fr_norm_lost_bits((uint8_t)i)),
                         fr_norm_decode((uint8_t)(i + 1)));
    }
}

static void bits_written_at_any_place_read_back(void **unused)
{
    (void)unused;
    uint8_t bytes[4096] = {0};
    uint32_t values[500];
    unsigned widths[500];
    uint64_t at = 0;
    for (int i = 0; i < 500; i++) {
        widths[i] = (unsigned)rnd_below(33);
        values[i] = widths[i] ? (uint32_t)rnd() >> (32 - widths[i]) : 0;
        fr_bits_put(bytes, at, widths[i], values[i]);
        at += widths[i];
    }
    at = 0;
    for (int i = 0; i < 500; at += widths[i++])
        assert_int_equal(fr_bits_get(bytes, at, widths[i]), values[i]);
}

/* n different values below 2^width, ascending: anywhere, close together, or in the upper half. */
static void draw_ascending(uint32_t *values, uint32_t n, unsigned width)
{
    uint64_t most = (1ull << width) - n, kind = rnd_below(4);
    uint64_t from = kind == 1 ? rnd_below(most + 1) : kind == 2 ? most - most / 3 : 0;
    uint64_t span = kind == 0 ? most : rnd_below(most - from + 1);
    for (uint32_t i = 0; i < n; i++) values[i] = (uint32_t)(from + rnd_below(span + 1));
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t k = i; k && values[k] < values[k - 1]; k--) {
            uint32_t larger = values[k - 1];
            values[k - 1] = values[k];
            values[k] = larger;
        }
    for (uint32_t i = 0; i < n; i++) values[i] += i;
}

static void ascending_values_read_back_from_any_place_at_every_level(void **unused)
{
    (void)unused;
    for (uint32_t n = 1; n <= FR_ASCENDING_MOST + 4; n++)
        for (unsigned width = 0; width <= 32; width++)
            for (int round = 0; round < 4 && fr_ascending_fits(n, width); round++) {
                uint32_t values[FR_ASCENDING_MOST + 4], back[FR_ASCENDING_ROOM];
                uint8_t bytes[640 + FR_OVERREAD] = {0};
                uint32_t first = (uint32_t)rnd_below(30);
                struct fr_bit_writer w = {.at = bytes};
                draw_ascending(values, n, width);
                fr_bits_append(&w, first, (1u << first) - 1);
                fr_ascending_append(&w, values, n, width);
                assert_int_equal(8 * (w.at - bytes) + w.held - first, fr_ascending_bits(n, width));
                fr_bits_append(&w, 32, UINT32_MAX);
                assert_int_equal(fr_ascending_first(bytes, first, n, width), values[0]);
                if (n > FR_ASCENDING_MOST)
                    for (uint32_t i = 0; i < n; i++)
                        assert_int_equal(fr_bits_get(bytes, first + (uint64_t)i * width, width),
                                         values[i]);
                for (int isa = 0; isa < FR_ISA_COUNT && n <= FR_ASCENDING_MOST; isa++) {
                    struct fr_kernels k = fr_kernels_of((enum fr_isa)isa);
                    memset(back, 0xEE, sizeof back);
                    assert_true(fr_ascending_decode(&k.codec, bytes, first, n, width, back));
                    assert_memory_equal(values, back, n * sizeof *values);
                    for (uint32_t i = n; i < 16 && n > 1 && n < FR_ASCENDING_BUCKETS; i++)
                        assert_int_equal(back[i], UINT32_MAX);
                }
            }
}

static void ascending_values_take_less_than_plain_ones(void **unused)
{
    (void)unused;
    for (uint32_t n = 2; n <= FR_ASCENDING_MOST; n++)
        for (unsigned width = 0; width <= 32; width++)
            if (fr_ascending_fits(n, width))
                assert_true(fr_ascending_bits(n, width) < (uint64_t)n * width);
    assert_false(fr_ascending_fits(0, 32));
    assert_false(fr_ascending_fits(2, 0));
    assert_false(fr_ascending_fits(129, 7));
    assert_false(fr_ascending_fits(2, 33));
}

static void forged_ascending_values_are_refused_or_harmless(void **unused)
{
    (void)unused;
    uint32_t refused = 0;
    for (int round = 0; round < 20000; round++) {
        uint32_t n = 1 + (uint32_t)rnd_below(FR_ASCENDING_MOST), back[2][FR_ASCENDING_ROOM];
        unsigned width = (unsigned)rnd_below(33);
        if (!fr_ascending_fits(n, width)) continue;
        uint64_t first = rnd_below(8);
        uint8_t bytes[640 + FR_OVERREAD];
        for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)rnd();
        struct fr_kernels scalar = fr_kernels_of(FR_ISA_SCALAR);
        bool sound = fr_ascending_decode(&scalar.codec, bytes, first, n, width, back[0]);
        refused += !sound;
        for (int isa = 1; isa < FR_ISA_COUNT; isa++) {
            struct fr_kernels k = fr_kernels_of((enum fr_isa)isa);
            assert_int_equal(fr_ascending_decode(&k.codec, bytes, first, n, width, back[1]), sound);
            if (sound) assert_memory_equal(back[0], back[1], n * sizeof **back);
        }
    }
    assert_true(refused > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_and_width_reads_back_at_every_level),
        cmocka_unit_test(a_block_is_no_larger_than_plain_packing),
        cmocka_unit_test(short_or_hostile_blocks_are_refused_or_harmless),
        cmocka_unit_test(norms_are_lucenes),
        cmocka_unit_test(bits_written_at_any_place_read_back),
        cmocka_unit_test(ascending_values_read_back_from_any_place_at_every_level),
        cmocka_unit_test(ascending_values_take_less_than_plain_ones),
        cmocka_unit_test(forged_ascending_values_are_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
