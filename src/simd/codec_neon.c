/* Blocks of packed integers, with NEON. */
#ifdef __aarch64__
#include <arm_neon.h>

#include "simd/codec_kernels.h"

static void sum_gaps(uint32_t *values, uint32_t n, uint32_t base)
{
    const uint32x4_t zero = vdupq_n_u32(0), one = vdupq_n_u32(1);
    uint32x4_t carry = vdupq_n_u32(base);
    uint32_t i = 0;
    for (; i + 4 <= n; i += 4) {
        uint32x4_t v = vaddq_u32(vld1q_u32(values + i), one);
        v = vaddq_u32(v, vextq_u32(zero, v, 3));
        v = vaddq_u32(v, vextq_u32(zero, v, 2));
        v = vaddq_u32(v, carry);
        vst1q_u32(values + i, v);
        carry = vdupq_laneq_u32(v, 3);
    }
    for (base = vgetq_lane_u32(carry, 0); i < n; i++) values[i] = base += values[i] + 1;
}

const struct fr_codec_kernels fr_codec_neon = {
    .unpack = fr_scalar_unpack,
    .unpack_halves = fr_scalar_unpack_halves,
    .add_buckets = fr_scalar_add_buckets,
    .sum_gaps = sum_gaps,
};
#else
typedef int fr_no_neon_codec;
#endif
