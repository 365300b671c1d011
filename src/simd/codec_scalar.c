/* Blocks of packed integers: the reference that every other level has to equal, bit for bit. */
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

void fr_scalar_unpack_halves(const uint8_t *in, unsigned first, uint32_t *out, uint32_t n,
                             unsigned width)
{
    uint32_t values[7], low = 1, half = 1u << (width - 1);
    fr_scalar_unpack(in, first + 1, values, n, width - 1);
    while (low < n && values[low - 1] < values[low]) low++;
    low -= in[0] >> first & 1;
    for (uint32_t i = 0; i < low; i++) out[i] = values[i];
    for (uint32_t i = low; i < n; i++) out[i] = half | values[n - 1 - (i - low)];
    for (uint32_t i = n; i < 16; i++) out[i] = UINT32_MAX;
}

uint32_t fr_scalar_add_buckets(const uint8_t *in, unsigned first, uint32_t bits, uint32_t *out,
                               uint32_t n, unsigned shift)
{
    uint32_t i = 0;
    for (uint32_t at = 0; at < bits; at += 32)
        for (uint32_t word = fr_bucket_word(in, first, bits, at); word; word &= word - 1, i++)
            if (i < n) out[i] += (at + (uint32_t)__builtin_ctz(word) - i) << shift;
    return i;
}

static void sum_gaps(uint32_t *values, uint32_t n, uint32_t base)
{
    for (uint32_t i = 0; i < n; i++) values[i] = base += values[i] + 1;
}

const struct fr_codec_kernels fr_codec_scalar = {
    .unpack = fr_scalar_unpack,
    .unpack_halves = fr_scalar_unpack_halves,
    .add_buckets = fr_scalar_add_buckets,
    .sum_gaps = sum_gaps,
};
