/* The judge of every other level. */
#include <string.h>

#include "codec/isa.h"

static void unpack(const uint8_t *in, uint32_t *out, uint32_t n, unsigned width)
{
    uint64_t mask = (1ull << width) - 1;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t bit = i * width;
        uint64_t word;
        memcpy(&word, in + (bit >> 3), 8);
        out[i] = (uint32_t)(word >> (bit & 7) & mask);
    }
}

static void sum_gaps(uint32_t *values, uint32_t n, uint32_t base)
{
    for (uint32_t i = 0; i < n; i++) values[i] = base += values[i] + 1;
}

static uint64_t count_bits(const uint64_t *words, uint32_t n)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) sum += (uint64_t)__builtin_popcountll(words[i]);
    return sum;
}

static void add_levels(uint16_t *sums, const uint8_t *codes, uint32_t n, const uint16_t level[16])
{
    for (uint32_t i = 0; i < n; i++)
        sums[i] = (uint16_t)(sums[i] + level[codes[i / 2] >> (i % 2 * 4) & 15]);
}

const struct fr_kernels fr_kernels_scalar = {"scalar", unpack, sum_gaps, count_bits, add_levels};
