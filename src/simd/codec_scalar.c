/* Blocks of packed integers: the reference that every other level has to equal, bit for bit. */
#include <string.h>

#include "simd/codec_kernels.h"

void fr_scalar_unpack(const uint8_t *in, unsigned first, uint32_t *out, uint32_t n, unsigned width)
{
    uint64_t mask = (1ull << width) - 1;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t bit = first + (uint64_t)i * width;
        uint64_t word;
        memcpy(&word, in + (bit >> 3), 8);
        out[i] = (uint32_t)(word >> (bit & 7) & mask);
    }
}

static void sum_gaps(uint32_t *values, uint32_t n, uint32_t base)
{
    for (uint32_t i = 0; i < n; i++) values[i] = base += values[i] + 1;
}

const struct fr_codec_kernels fr_codec_scalar = {
    .unpack = fr_scalar_unpack,
    .sum_gaps = sum_gaps,
};
