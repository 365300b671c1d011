/* Rows of dense postings, with NEON. */
#ifdef __aarch64__
#include <arm_neon.h>

#include "simd/dense_kernels.h"

/* A bit for each byte that has any of the bits of `some`. */
static uint64_t bytes_with(uint8x16_t bytes, uint8_t some)
{
    static const uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t on = vandq_u8(vtstq_u8(bytes, vdupq_n_u8(some)), vld1q_u8(bits));
    return vaddv_u8(vget_low_u8(on)) | (uint64_t)vaddv_u8(vget_high_u8(on)) << 8;
}

static uint64_t nonzero_codes(const uint8_t codes[32])
{
    uint8x16_t a = vld1q_u8(codes), b = vld1q_u8(codes + 16);
    return bytes_with(a, 0x0F) | bytes_with(b, 0x0F) << 16 | bytes_with(a, 0xF0) << 32 |
           bytes_with(b, 0xF0) << 48;
}

static uint64_t sum_codes(const uint8_t codes[32], uint32_t n, const uint8_t wide[16])
{
    static const uint8_t places[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const uint8x16_t place = vld1q_u8(places), table = vld1q_u8(wide), most = vdupq_n_u8(8);
    uint32_t bytes = 0, more = 0;
    for (uint32_t i = 0; i < 4; i++) { /* low halves of 16 bytes, of the next, high halves */
        uint8x16_t code = vld1q_u8(codes + i % 2 * 16);
        code = i < 2 ? vandq_u8(code, vdupq_n_u8(15)) : vshrq_n_u8(code, 4);
        uint32_t count = n > 16 * i ? n - 16 * i : 0;
        code = vandq_u8(code, vcltq_u8(place, vdupq_n_u8(count < 16 ? (uint8_t)count : 16)));
        bytes += vaddlvq_u8(vminq_u8(code, most));
        more += vaddlvq_u8(vqtbl1q_u8(table, code));
    }
    return bytes | (uint64_t)more << 32;
}

const struct fr_dense_kernels fr_dense_neon = {
    .nonzero_codes = nonzero_codes,
    .or_entries = fr_scalar_or_entries,
    .or_listed = fr_scalar_or_listed,
    .expand_codes = fr_scalar_expand_codes,
    .find_group = fr_scalar_find_group,
    .sum_codes = sum_codes,
    .sum_wide = fr_scalar_sum_wide,
    .spread_codes = fr_scalar_spread_codes,
    .spread_high = fr_scalar_spread_high,
    .sum_products = fr_scalar_sum_products,
};
#else
typedef int fr_no_neon_dense;
#endif
