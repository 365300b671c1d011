/* codec_kernels.h: blocks of packed integers. A kernel works on a whole block, so that a call costs
 * nothing beside its work. */
#ifndef FR_SIMD_CODEC_KERNELS_H
#define FR_SIMD_CODEC_KERNELS_H

#include <stdint.h>

#define FR_OVERREAD 64u /* zero bytes after packed data that kernels may read */

struct fr_codec_kernels {
    /* n values of `width` bits (0..32), value i at bit first + i*width of `in`; first < 8. Reads up
     * to FR_OVERREAD bytes past the last value; writes up to 7 values past out[n]. */
    void (*unpack)(const uint8_t *in, unsigned first, uint32_t *out, uint32_t n, unsigned width);
    /* values[i] = base + sum of (values[0..i] + 1), in place; modulo 2^32. */
    void (*sum_gaps)(uint32_t *values, uint32_t n, uint32_t base);
};

/* Of the scalar level, for levels that have no better. */
void fr_scalar_unpack(const uint8_t *in, unsigned first, uint32_t *out, uint32_t n, unsigned width);

/* Only the levels of the architecture that is compiled for exist. */
extern const struct fr_codec_kernels fr_codec_scalar, fr_codec_avx2, fr_codec_neon;

#endif
