/* Blocks of packed integers, with AVX2. */
#ifdef __x86_64__
#include <immintrin.h>
#include <string.h>

#include "simd/codec_kernels.h"

/* Eight values take exactly `width` bytes, so every group of eight begins on a byte. Each half of
 * the register gets the 16 bytes around its four values; a byte shuffle brings every value's bytes
 * into its lane (four bytes hold width + 7 bits up to width 25), a shift drops what is before it.
 */
__attribute__((target("avx2"))) static void unpack(const uint8_t *in, unsigned first, uint32_t *out,
                                                   uint32_t n, unsigned width)
{
    if (width == 0) {
        memset(out, 0, n * sizeof *out);
        return;
    }
    if (width > 25) {
        fr_scalar_unpack(in, first, out, n, width);
        return;
    }
    const unsigned half = first + 4 * width;
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 0, 1, 2, 3);
    const int phase = (int)(half & 7);
    const int begin = (int)first;
    __m256i bit =
        _mm256_add_epi32(_mm256_mullo_epi32(lane, _mm256_set1_epi32((int)width)),
                         _mm256_setr_epi32(begin, begin, begin, begin, phase, phase, phase, phase));
    __m256i shuffle = _mm256_add_epi8(
        _mm256_mullo_epi32(_mm256_srli_epi32(bit, 3), _mm256_set1_epi32(0x01010101)),
        _mm256_set1_epi32(0x03020100));
    __m256i shift = _mm256_and_si256(bit, _mm256_set1_epi32(7));
    __m256i mask = _mm256_set1_epi32((int)((1u << width) - 1));
    for (uint32_t i = 0; i < n; i += 8, in += width) {
        __m256i bytes =
            _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const void *)in)),
                                    _mm_loadu_si128((const void *)(in + (half >> 3))), 1);
        __m256i v = _mm256_srlv_epi32(_mm256_shuffle_epi8(bytes, shuffle), shift);
        _mm256_storeu_si256((void *)(out + i), _mm256_and_si256(v, mask));
    }
}

__attribute__((target("avx2"))) static void sum_gaps(uint32_t *values, uint32_t n, uint32_t base)
{
    const __m256i one = _mm256_set1_epi32(1), last = _mm256_set1_epi32(7),
                  low_last = _mm256_set1_epi32(3);
    const __m256i high_half = _mm256_setr_epi32(0, 0, 0, 0, -1, -1, -1, -1);
    __m256i carry = _mm256_set1_epi32((int)base);
    uint32_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256i v = _mm256_add_epi32(_mm256_loadu_si256((const void *)(values + i)), one);
        v = _mm256_add_epi32(v, _mm256_slli_si256(v, 4));
        v = _mm256_add_epi32(v, _mm256_slli_si256(v, 8));
        __m256i low = _mm256_permutevar8x32_epi32(v, low_last);
        v = _mm256_add_epi32(v, _mm256_and_si256(low, high_half));
        v = _mm256_add_epi32(v, carry);
        _mm256_storeu_si256((void *)(values + i), v);
        carry = _mm256_permutevar8x32_epi32(v, last);
    }
    if (i < n)
        fr_codec_scalar.sum_gaps(values + i, n - i, (uint32_t)_mm256_extract_epi32(carry, 0));
}

const struct fr_codec_kernels fr_codec_avx2 = {
    .unpack = unpack,
    .sum_gaps = sum_gaps,
};
#else
typedef int fr_no_x86_codec;
#endif
