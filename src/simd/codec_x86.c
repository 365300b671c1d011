/* Blocks of packed integers, with AVX2. */
#ifdef __x86_64__
#include <immintrin.h>

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
        _mm256_add_epi32(_mm256_madd_epi16(lane, _mm256_set1_epi32((int)width)),
                         _mm256_setr_epi32(begin, begin, begin, begin, phase, phase, phase, phase));
    const __m256i lowest = _mm256_setr_epi8(0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12, 0,
                                            0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12);
    __m256i shuffle = _mm256_add_epi8(_mm256_shuffle_epi8(_mm256_srli_epi32(bit, 3), lowest),
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

/* Eight values of up to 14 bits: four take less than a word, and each lane shifts its own down. */
__attribute__((target("avx2"))) static __m256i unpack_eight(const uint8_t *in, unsigned first,
                                                            unsigned width)
{
    const __m256i by = _mm256_add_epi64(
        _mm256_set1_epi64x(first % 8),
        _mm256_mul_epu32(_mm256_setr_epi64x(0, 1, 2, 3), _mm256_set1_epi64x(width)));
    const __m256i even = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
    uint64_t words[2];
    memcpy(&words[0], in + first / 8, 8);
    memcpy(&words[1], in + (first + 4 * width) / 8, 8);
    words[1] = words[1] >> ((first + 4 * width) % 8) << first % 8;
    __m256i low = _mm256_srlv_epi64(_mm256_set1_epi64x((long long)words[0]), by);
    __m256i high = _mm256_srlv_epi64(_mm256_set1_epi64x((long long)words[1]), by);
    __m256i v = _mm256_blend_epi32(_mm256_permutevar8x32_epi32(low, even),
                                   _mm256_permutevar8x32_epi32(high, even), 0xF0);
    return _mm256_and_si256(v, _mm256_set1_epi32((int)((1u << width) - 1)));
}

/* Up to 15 bits wide; those that the highest bit is set in are turned around by a permutation. */
__attribute__((target("avx2"))) static __m256i unpack_short_halves(const uint8_t *in,
                                                                   unsigned first, uint32_t n,
                                                                   unsigned width)
{
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i next = _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 7);
    __m256i v = unpack_eight(in, first + 1, width - 1);
    __m256i grows = _mm256_cmpgt_epi32(_mm256_permutevar8x32_epi32(v, next), v);
    uint32_t ends = ~(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(grows)) | 1u << (n - 1);
    int low = __builtin_ctz(ends) + 1 - (in[0] >> first & 1);
    __m256i above = _mm256_cmpgt_epi32(lane, _mm256_set1_epi32(low - 1));
    __m256i from = _mm256_sub_epi32(_mm256_set1_epi32((int)n - 1 + low), lane);
    v = _mm256_permutevar8x32_epi32(v, _mm256_blendv_epi8(lane, from, above));
    v = _mm256_or_si256(v, _mm256_and_si256(above, _mm256_set1_epi32((int)(1u << (width - 1)))));
    return _mm256_or_si256(v, _mm256_cmpgt_epi32(lane, _mm256_set1_epi32((int)n - 1)));
}

__attribute__((target("avx2"))) static void unpack_halves(const uint8_t *in, unsigned first,
                                                          uint32_t *out, uint32_t n, unsigned width)
{
    if (width > 15) {
        fr_scalar_unpack_halves(in, first, out, n, width);
        return;
    }
    _mm256_storeu_si256((void *)out, unpack_short_halves(in, first, n, width));
    _mm256_storeu_si256((void *)(out + 8), _mm256_set1_epi32(-1));
}

/* In one write, which a read of all that follows does not wait for. */
__attribute__((target("avx2,avx512f"))) static void unpack_halves_512(const uint8_t *in,
                                                                      unsigned first, uint32_t *out,
                                                                      uint32_t n, unsigned width)
{
    if (width > 15) {
        fr_scalar_unpack_halves(in, first, out, n, width);
        return;
    }
    __m256i v = unpack_short_halves(in, first, n, width);
    _mm512_storeu_si512(out, _mm512_inserti64x4(_mm512_set1_epi32(-1), v, 0));
}

/* Sixteen bits at once: the places of set ones are compressed into the first lanes. */
__attribute__((target("avx512f,popcnt"))) static uint32_t add_buckets_512(
    const uint8_t *in, unsigned first, uint32_t bits, uint32_t *out, uint32_t n, unsigned shift)
{
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m128i by = _mm_cvtsi32_si128((int)shift);
    uint32_t i = 0;
    for (uint32_t at = 0; at < bits; at += 32) {
        uint32_t word = fr_bucket_word(in, first, bits, at);
        for (uint32_t place = at; word; place += 16, word >>= 16) {
            uint32_t set = (uint32_t)__builtin_popcount(word & 0xFFFF);
            __mmask16 these = (__mmask16)((1u << set) - 1);
            __m512i buckets = _mm512_maskz_compress_epi32((__mmask16)word, lane);
            buckets = _mm512_add_epi32(buckets, _mm512_set1_epi32((int)(place - i)));
            buckets = _mm512_sll_epi32(_mm512_sub_epi32(buckets, lane), by);
            if (i < n)
                _mm512_mask_storeu_epi32(
                    out + i, these,
                    _mm512_add_epi32(buckets, _mm512_maskz_loadu_epi32(these, out + i)));
            i += set;
        }
    }
    return i;
}

const struct fr_codec_kernels fr_codec_avx2 = {
    .unpack = unpack,
    .unpack_halves = unpack_halves,
    .add_buckets = fr_scalar_add_buckets,
    .sum_gaps = sum_gaps,
};

const struct fr_codec_kernels fr_codec_avx512 = {
    .unpack = unpack,
    .unpack_halves = unpack_halves_512,
    .add_buckets = add_buckets_512,
    .sum_gaps = sum_gaps,
};
#else
typedef int fr_no_x86_codec;
#endif
