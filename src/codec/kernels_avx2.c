#ifdef __x86_64__
#include <immintrin.h>
#include <string.h>

#include "codec/isa.h"

extern const struct fr_kernels fr_kernels_scalar;

/* Eight values take exactly `width` bytes, so every group of eight begins on a byte. Each half of
 * the register gets the 16 bytes around its four values; a byte shuffle brings every value's bytes
 * into its lane (four bytes hold width + 7 bits up to width 25), a shift drops what is before it.
 */
__attribute__((target("avx2"))) static void unpack(const uint8_t *in, uint32_t *out, uint32_t n,
                                                   unsigned width)
{
    if (width == 0) {
        memset(out, 0, n * sizeof *out);
        return;
    }
    if (width > 25) {
        fr_kernels_scalar.unpack(in, out, n, width);
        return;
    }
    const unsigned half = 4 * width;
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 0, 1, 2, 3);
    const int phase = (int)(half & 7);
    __m256i bit = _mm256_add_epi32(_mm256_mullo_epi32(lane, _mm256_set1_epi32((int)width)),
                                   _mm256_setr_epi32(0, 0, 0, 0, phase, phase, phase, phase));
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
        fr_kernels_scalar.sum_gaps(values + i, n - i, (uint32_t)_mm256_extract_epi32(carry, 0));
}

/* Every processor with AVX2 has popcnt. */
__attribute__((target("popcnt"))) static uint64_t count_bits(const uint64_t *words, uint32_t n)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) sum += (uint64_t)__builtin_popcountll(words[i]);
    return sum;
}

/* Codes past n add level[their nibble] to sums that nobody reads. */
__attribute__((target("avx2"))) static void add_levels(uint16_t *sums, const uint8_t *codes,
                                                       uint32_t n, const uint16_t level[16])
{
    uint8_t low_bytes[16], high_bytes[16];
    for (int i = 0; i < 16; i++) {
        low_bytes[i] = (uint8_t)level[i];
        high_bytes[i] = (uint8_t)(level[i] >> 8);
    }
    const __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)low_bytes));
    const __m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)high_bytes));
    const __m128i nibble = _mm_set1_epi8(15);
    for (uint32_t i = 0; i < n; i += 32) {
        __m128i bytes = _mm_loadu_si128((const void *)(codes + i / 2));
        __m128i even = _mm_and_si128(bytes, nibble);
        __m128i odd = _mm_and_si128(_mm_srli_epi16(bytes, 4), nibble);
        __m256i code =
            _mm256_setr_m128i(_mm_unpacklo_epi8(even, odd), _mm_unpackhi_epi8(even, odd));
        code = _mm256_permute4x64_epi64(code, 0xD8); /* so that unpacking below keeps the order */
        __m256i l = _mm256_shuffle_epi8(low, code), h = _mm256_shuffle_epi8(high, code);
        __m256i *at = (__m256i *)(void *)(sums + i);
        __m256i first = _mm256_unpacklo_epi8(l, h), second = _mm256_unpackhi_epi8(l, h);
        _mm256_storeu_si256(at, _mm256_add_epi16(_mm256_loadu_si256(at), first));
        _mm256_storeu_si256(at + 1, _mm256_add_epi16(_mm256_loadu_si256(at + 1), second));
    }
}

const struct fr_kernels fr_kernels_avx2 = {"avx2", unpack, sum_gaps, count_bits, add_levels};
#else
typedef int fr_no_avx2_here;
#endif
