/* codec_kernels.h: blocks of packed integers. A kernel works on a whole block, so that a call costs
 * nothing beside its work. */
#ifndef FR_SIMD_CODEC_KERNELS_H
#define FR_SIMD_CODEC_KERNELS_H

#include <stdint.h>
#include <string.h>

#define FR_OVERREAD 64u /* zero bytes after packed data that kernels may read */

struct fr_codec_kernels {
    /* n values of `width` bits (0..32), value i at bit first + i*width of `in`; first < 8. Reads up
     * to FR_OVERREAD bytes past the last value; writes up to 7 values past out[n]. */
    void (*unpack)(const uint8_t *in, unsigned first, uint32_t *out, uint32_t n, unsigned width);
    /* n values, 2 to 7, of `width` bits (1..32) in halves (codec/ascending.h) from bit first of
     * `in` on, first < 8; if none are written so, any. Reads up to FR_OVERREAD bytes past them;
     * writes ~0 behind them, up to out[15]. */
    void (*unpack_halves)(const uint8_t *in, unsigned first, uint32_t *out, uint32_t n,
                          unsigned width);
    /* Where values lie in buckets (codec/ascending.h), by `bits` <= 256 bits from bit first of `in`
     * on, first < 8: out[i] += bucket of the ith << shift, for n <= 128 values. How many bits are
     * set; if they are not n, what is written is of no use. Reads up to FR_OVERREAD bytes past the
     * bits; writes up to 15 values past out[n]. */
    uint32_t (*add_buckets)(const uint8_t *in, unsigned first, uint32_t bits, uint32_t *out,
                            uint32_t n, unsigned shift);
    /* values[i] = base + sum of (values[0..i] + 1), in place; modulo 2^32. */
    void (*sum_gaps)(uint32_t *values, uint32_t n, uint32_t base);
};

/* Of the scalar level, for levels that have no better. */
void fr_scalar_unpack(const uint8_t *in, unsigned first, uint32_t *out, uint32_t n, unsigned width);
void fr_scalar_unpack_halves(const uint8_t *in, unsigned first, uint32_t *out, uint32_t n,
                             unsigned width);
uint32_t fr_scalar_add_buckets(const uint8_t *in, unsigned first, uint32_t bits, uint32_t *out,
                               uint32_t n, unsigned shift);

/* 32 of those bits from bit `at` on, a multiple of 32. */
static inline uint32_t fr_bucket_word(const uint8_t *in, unsigned first, uint32_t bits, uint32_t at)
{
    uint64_t word;
    memcpy(&word, in + at / 8, 8);
    return (uint32_t)(word >> first) & (bits - at < 32 ? (1u << (bits - at)) - 1 : UINT32_MAX);
}

/* Only the levels of the architecture that is compiled for exist. */
extern const struct fr_codec_kernels fr_codec_scalar, fr_codec_avx2, fr_codec_avx512, fr_codec_neon;

#endif
