/* Arrays that evaluators go through, with NEON. */
#ifdef __aarch64__
#include <arm_neon.h>

#include "simd/scan_kernels.h"

static uint64_t count_bits(const uint64_t *words, uint32_t n)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) sum += vaddv_u8(vcnt_u8(vcreate_u8(words[i])));
    return sum;
}

static uint32_t seek(const uint32_t *values, uint32_t at, uint32_t target)
{
    const uint32x4_t t = vdupq_n_u32(target);
    while (values[at + FR_SEEK_PAD - 1] < target) at += FR_SEEK_PAD;
    for (;; at += 8) {
        uint32x4_t below = vaddq_u32(vcltq_u32(vld1q_u32(values + at), t),
                                     vcltq_u32(vld1q_u32(values + at + 4), t));
        uint32_t count = 0 - vaddvq_u32(below); /* a lane that is below is -1 */
        if (count < 8) return at + count;
    }
}

static const uint16_t lane_bits[8] = {1, 2, 4, 8, 16, 32, 64, 128};

static uint64_t add_where(uint16_t sums[64], uint64_t where, uint16_t value, uint16_t least)
{
    const uint16x8_t bit = vld1q_u16(lane_bits), v = vdupq_n_u16(value), l = vdupq_n_u16(least);
    uint64_t reached = 0;
    for (unsigned i = 0; i < 64; i += 8) {
        uint16x8_t on = vtstq_u16(vdupq_n_u16(where >> i & 0xFF), bit);
        uint16x8_t sum = vaddq_u16(vld1q_u16(sums + i), vandq_u16(v, on));
        vst1q_u16(sums + i, sum);
        reached |= (uint64_t)vaddvq_u16(vandq_u16(vcgeq_u16(sum, l), bit)) << i;
    }
    return reached;
}

static uint64_t raise_where(uint16_t sums[64], uint16_t most[64], uint64_t where, uint16_t value,
                            uint16_t least)
{
    const uint16x8_t bit = vld1q_u16(lane_bits), v = vdupq_n_u16(value), l = vdupq_n_u16(least);
    uint64_t reached = 0;
    for (unsigned i = 0; i < 64; i += 8) {
        uint16x8_t on = vtstq_u16(vdupq_n_u16(where >> i & 0xFF), bit);
        uint16x8_t before = vld1q_u16(most + i);
        uint16x8_t more = vqsubq_u16(vandq_u16(v, on), before);
        uint16x8_t sum = vaddq_u16(vld1q_u16(sums + i), more);
        vst1q_u16(most + i, vaddq_u16(before, more));
        vst1q_u16(sums + i, sum);
        reached |= (uint64_t)vaddvq_u16(vandq_u16(vcgeq_u16(sum, l), bit)) << i;
    }
    return reached;
}

static void keep_where(uint16_t values[64], uint64_t where)
{
    const uint16x8_t bit = vld1q_u16(lane_bits);
    for (unsigned i = 0; i < 64; i += 8) {
        uint16x8_t on = vtstq_u16(vdupq_n_u16(where >> i & 0xFF), bit);
        vst1q_u16(values + i, vandq_u16(vld1q_u16(values + i), on));
    }
}

static uint32_t keep_common(const uint32_t *docs, uint32_t n, const uint32_t *others, uint32_t *out)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t doc = docs[i];
        const uint32x4_t d = vdupq_n_u32(doc);
        while (others[FR_COMMON - 1] < doc) others += FR_COMMON;
        uint32x4_t a = vceqq_u32(vld1q_u32(others), d), b = vceqq_u32(vld1q_u32(others + 4), d),
                   e = vceqq_u32(vld1q_u32(others + 8), d),
                   f = vceqq_u32(vld1q_u32(others + 12), d);
        out[kept] = doc;
        kept += vmaxvq_u32(vorrq_u32(vorrq_u32(a, b), vorrq_u32(e, f))) & 1;
    }
    return kept;
}

static uint16_t group_maxima(const uint16_t *values, uint32_t groups, uint16_t *maxima)
{
    uint16_t all = 0;
    for (uint32_t g = 0; g < groups; g++, values += FR_PICK) {
        maxima[g] = vmaxvq_u16(vmaxq_u16(vld1q_u16(values), vld1q_u16(values + 8)));
        all = maxima[g] > all ? maxima[g] : all;
    }
    return all;
}

static uint16x8_t are_between(const uint16_t *values, uint16_t low, uint16_t high)
{
    uint16x8_t v = vld1q_u16(values);
    return vandq_u16(vcgeq_u16(v, vdupq_n_u16(low)), vcleq_u16(v, vdupq_n_u16(high)));
}

static uint32_t count_between(const uint16_t *values, uint32_t n, uint16_t low, uint16_t high)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i += 8)
        count += vaddvq_u16(vshrq_n_u16(are_between(values + i, low, high), 15));
    return count;
}

static uint32_t pick_between(const uint16_t *values, uint16_t low, uint16_t high)
{
    const uint16x8_t bit = vld1q_u16(lane_bits);
    uint32_t first = vaddvq_u16(vandq_u16(are_between(values, low, high), bit));
    return first | (uint32_t)vaddvq_u16(vandq_u16(are_between(values + 8, low, high), bit)) << 8;
}

/* The levels of 32 codes, eight in each; levels: their low bytes, their high bytes. */
static void levels_of(uint8x16x2_t levels, const uint8_t *codes, uint16x8_t of[4])
{
    uint8x16_t bytes = vld1q_u8(codes);
    uint8x16x2_t code = vzipq_u8(vandq_u8(bytes, vdupq_n_u8(15)), vshrq_n_u8(bytes, 4));
    for (int half = 0; half < 2; half++) {
        uint8x16x2_t v = vzipq_u8(vqtbl1q_u8(levels.val[0], code.val[half]),
                                  vqtbl1q_u8(levels.val[1], code.val[half]));
        of[2 * half] = vreinterpretq_u16_u8(v.val[0]);
        of[2 * half + 1] = vreinterpretq_u16_u8(v.val[1]);
    }
}

static inline uint16x8_t plus(uint16x8_t a, uint16x8_t b)
{
    return vaddq_u16(a, b);
}

static inline uint16x8_t less(uint16x8_t a, uint16x8_t b)
{
    return vminq_u16(a, b);
}

static inline uint16x8_t more(uint16x8_t a, uint16x8_t b)
{
    return vmaxq_u16(a, b);
}

/* values[i] = made of it and of level[code i]. Codes past n change values that nobody reads. */
__attribute__((always_inline)) static inline void each_level(uint16_t *values, const uint8_t *codes,
                                                             uint32_t n, const uint16_t level[16],
                                                             uint16x8_t (*made)(uint16x8_t,
                                                                                uint16x8_t))
{
    const uint8x16x2_t levels = vld2q_u8((const uint8_t *)level);
    for (uint32_t i = 0; i < n; i += 32) {
        uint16x8_t of[4];
        levels_of(levels, codes + i / 2, of);
        for (int k = 0; k < 4; k++)
            vst1q_u16(values + i + 8 * k, made(vld1q_u16(values + i + 8 * k), of[k]));
    }
}

static void add_levels(uint16_t *sums, const uint8_t *codes, uint32_t n, const uint16_t level[16])
{
    each_level(sums, codes, n, level, plus);
}

static void min_levels(uint16_t *values, const uint8_t *codes, uint32_t n, const uint16_t level[16])
{
    each_level(values, codes, n, level, less);
}

static void max_levels(uint16_t *values, const uint8_t *codes, uint32_t n, const uint16_t level[16])
{
    each_level(values, codes, n, level, more);
}

static uint64_t at_least(const float values[64], float least)
{
    static const uint32_t places[4] = {1, 2, 4, 8};
    const uint32x4_t place = vld1q_u32(places);
    uint64_t bits = 0;
    for (int i = 0; i < 64; i += 4) {
        uint32x4_t reaches = vcgeq_f32(vld1q_f32(values + i), vdupq_n_f32(least));
        bits |= (uint64_t)vaddvq_u32(vandq_u32(reaches, place)) << i;
    }
    return bits;
}

const struct fr_scan_kernels fr_scan_neon = {
    .count_bits = count_bits,
    .seek = seek,
    .group_maxima = group_maxima,
    .count_between = count_between,
    .pick_between = pick_between,
    .add_where = add_where,
    .raise_where = raise_where,
    .keep_where = keep_where,
    .keep_common = keep_common,
    .add_levels = add_levels,
    .min_levels = min_levels,
    .max_levels = max_levels,
    .add_scores = fr_scalar_add_scores,
    .at_least = at_least,
};
#else
typedef int fr_no_neon_scan;
#endif
