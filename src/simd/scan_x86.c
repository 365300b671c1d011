/* Arrays that evaluators go through, with AVX2 and, where it is worth its own code, AVX-512. */
#ifdef __x86_64__
#include <immintrin.h>

#include "simd/scan_kernels.h"
#include "simd/x86.h"

/* Every processor with AVX2 has popcnt. */
__attribute__((target("popcnt"))) static uint64_t count_bits(const uint64_t *words, uint32_t n)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) sum += (uint64_t)__builtin_popcountll(words[i]);
    return sum;
}

__attribute__((target("avx2,popcnt"))) static uint32_t seek(const uint32_t *values, uint32_t at,
                                                            uint32_t target)
{
    const __m256i sign = _mm256_set1_epi32(INT32_MIN);
    const __m256i t = _mm256_xor_si256(_mm256_set1_epi32((int)target), sign);
    while (values[at + FR_SEEK_PAD - 1] < target) at += FR_SEEK_PAD;
    for (;; at += 16) {
        __m256i a = _mm256_xor_si256(_mm256_loadu_si256((const void *)(values + at)), sign);
        __m256i b = _mm256_xor_si256(_mm256_loadu_si256((const void *)(values + at + 8)), sign);
        __m256i below = _mm256_packs_epi32(_mm256_cmpgt_epi32(t, a), _mm256_cmpgt_epi32(t, b));
        uint32_t bits = (uint32_t)_mm256_movemask_epi8(below); /* two for each of the 16 */
        if (bits != UINT32_MAX) return at + (uint32_t)__builtin_popcount(bits) / 2;
    }
}

__attribute__((target("avx2"))) static uint16_t most_of(__m256i v)
{
    __m128i m = _mm_max_epu16(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    m = _mm_xor_si128(m, _mm_set1_epi16(-1)); /* there is only a least of eight */
    return (uint16_t)~_mm_extract_epi16(_mm_minpos_epu16(m), 0);
}

__attribute__((target("avx2"))) static uint16_t group_maxima(const uint16_t *values,
                                                             uint32_t groups, uint16_t *maxima)
{
    __m256i all = _mm256_setzero_si256();
    for (uint32_t g = 0; g < groups; g++) {
        __m256i v = _mm256_loadu_si256((const void *)(values + (size_t)g * FR_PICK));
        all = _mm256_max_epu16(all, v);
        maxima[g] = most_of(v);
    }
    return most_of(all);
}

__attribute__((target("avx2"))) static __m256i are_between(const uint16_t *values, uint16_t low,
                                                           uint16_t high)
{
    __m256i v = _mm256_loadu_si256((const void *)values);
    __m256i l = _mm256_set1_epi16((short)low), h = _mm256_set1_epi16((short)high);
    return _mm256_cmpeq_epi16(_mm256_min_epu16(_mm256_max_epu16(v, l), h), v);
}

/* Lanes count to 2^16 at the most: values that are between are taken off from time to time. */
__attribute__((target("avx2"))) static uint32_t count_between(const uint16_t *values, uint32_t n,
                                                              uint16_t low, uint16_t high)
{
    const __m256i one = _mm256_set1_epi16(1);
    __m256i count = _mm256_setzero_si256();
    for (uint32_t i = 0; i < n;) {
        __m256i some = _mm256_setzero_si256();
        uint32_t stop = n - i > 16384 * FR_PICK ? i + 16384 * FR_PICK : n;
        for (; i < stop; i += FR_PICK)
            some = _mm256_sub_epi16(some, are_between(values + i, low, high));
        count = _mm256_add_epi32(count, _mm256_madd_epi16(some, one));
    }
    uint32_t lanes[8], sum = 0;
    _mm256_storeu_si256((void *)lanes, count);
    for (int i = 0; i < 8; i++) sum += lanes[i];
    return sum;
}

__attribute__((target("avx2"))) static uint32_t pick_between(const uint16_t *values, uint16_t low,
                                                             uint16_t high)
{
    __m256i on = are_between(values, low, high);
    __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(on), _mm256_extracti128_si256(on, 1));
    return (uint32_t)_mm_movemask_epi8(bytes);
}

__attribute__((target("avx2"))) static uint64_t add_where(uint16_t sums[64], uint64_t where,
                                                          uint16_t value, uint16_t least)
{
    const __m256i bit = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096,
                                          8192, 16384, -32768);
    const __m256i v = _mm256_set1_epi16((short)value), l = _mm256_set1_epi16((short)least);
    uint64_t reached = 0;
    for (int i = 0; i < 64; i += 32) {
        __m256i *at = (__m256i *)(void *)(sums + i), reach[2];
        for (int half = 0; half < 2; half++) {
            __m256i on = _mm256_set1_epi16((short)(where >> (i + 16 * half)));
            on = _mm256_cmpeq_epi16(_mm256_and_si256(on, bit), bit);
            __m256i sum = _mm256_add_epi16(_mm256_loadu_si256(at + half), _mm256_and_si256(v, on));
            _mm256_storeu_si256(at + half, sum);
            reach[half] = _mm256_cmpeq_epi16(_mm256_max_epu16(sum, l), sum);
        }
        __m256i bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(reach[0], reach[1]), 0xD8);
        reached |= (uint64_t)(uint32_t)_mm256_movemask_epi8(bytes) << i;
    }
    return reached;
}

__attribute__((target("avx2"))) static uint64_t raise_where(uint16_t sums[64], uint16_t most[64],
                                                            uint64_t where, uint16_t value,
                                                            uint16_t least)
{
    const __m256i bit = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096,
                                          8192, 16384, -32768);
    const __m256i v = _mm256_set1_epi16((short)value), l = _mm256_set1_epi16((short)least);
    uint64_t reached = 0;
    for (int i = 0; i < 64; i += 16) {
        __m256i *at = (__m256i *)(void *)(sums + i), *highest = (__m256i *)(void *)(most + i);
        __m256i on = _mm256_set1_epi16((short)(where >> i)), before = _mm256_loadu_si256(highest);
        on = _mm256_cmpeq_epi16(_mm256_and_si256(on, bit), bit);
        __m256i more = _mm256_subs_epu16(_mm256_and_si256(v, on), before);
        __m256i sum = _mm256_add_epi16(_mm256_loadu_si256(at), more);
        _mm256_storeu_si256(highest, _mm256_add_epi16(before, more));
        _mm256_storeu_si256(at, sum);
        __m256i reach = _mm256_cmpeq_epi16(_mm256_max_epu16(sum, l), sum);
        __m128i bytes =
            _mm_packs_epi16(_mm256_castsi256_si128(reach), _mm256_extracti128_si256(reach, 1));
        reached |= (uint64_t)(uint32_t)_mm_movemask_epi8(bytes) << i;
    }
    return reached;
}

__attribute__((target("avx2"))) static void keep_where(uint16_t values[64], uint64_t where)
{
    const __m256i bit = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096,
                                          8192, 16384, -32768);
    for (int i = 0; i < 64; i += 16) {
        __m256i *at = (__m256i *)(void *)(values + i);
        __m256i on = _mm256_set1_epi16((short)(where >> i));
        on = _mm256_cmpeq_epi16(_mm256_and_si256(on, bit), bit);
        _mm256_storeu_si256(at, _mm256_and_si256(_mm256_loadu_si256(at), on));
    }
}

__attribute__((target("avx2"))) static uint32_t keep_common(const uint32_t *docs, uint32_t n,
                                                            const uint32_t *others, uint32_t *out)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t doc = docs[i];
        const __m256i d = _mm256_set1_epi32((int)doc);
        while (others[FR_COMMON - 1] < doc) others += FR_COMMON;
        __m256i a = _mm256_cmpeq_epi32(_mm256_loadu_si256((const void *)others), d);
        __m256i b = _mm256_cmpeq_epi32(_mm256_loadu_si256((const void *)(others + 8)), d);
        out[kept] = doc;
        kept += !_mm256_testz_si256(_mm256_or_si256(a, b), _mm256_or_si256(a, b));
    }
    return kept;
}

/* Low and high bytes of the levels, in both halves. */
struct level_bytes {
    __m256i low, high;
};

__attribute__((target("avx2"))) static struct level_bytes split_levels(const uint16_t level[16])
{
    uint8_t low[16], high[16];
    for (int i = 0; i < 16; i++) {
        low[i] = (uint8_t)level[i];
        high[i] = (uint8_t)(level[i] >> 8);
    }
    return (struct level_bytes){_mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)low)),
                                _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)high))};
}

/* The levels of 32 codes, in two times 16 lanes. */
__attribute__((target("avx2"))) static void levels_of(const struct level_bytes *level,
                                                      const uint8_t *codes, __m256i of[2])
{
    const __m128i nibble = _mm_set1_epi8(15);
    __m128i bytes = _mm_loadu_si128((const void *)codes);
    __m128i even = _mm_and_si128(bytes, nibble);
    __m128i odd = _mm_and_si128(_mm_srli_epi16(bytes, 4), nibble);
    __m256i code = _mm256_setr_m128i(_mm_unpacklo_epi8(even, odd), _mm_unpackhi_epi8(even, odd));
    code = _mm256_permute4x64_epi64(code, 0xD8); /* so that unpacking below keeps the order */
    __m256i l = _mm256_shuffle_epi8(level->low, code), h = _mm256_shuffle_epi8(level->high, code);
    of[0] = _mm256_unpacklo_epi8(l, h);
    of[1] = _mm256_unpackhi_epi8(l, h);
}

__attribute__((target("avx2"))) static inline __m256i plus(__m256i a, __m256i b)
{
    return _mm256_add_epi16(a, b);
}

__attribute__((target("avx2"))) static inline __m256i less(__m256i a, __m256i b)
{
    return _mm256_min_epu16(a, b);
}

__attribute__((target("avx2"))) static inline __m256i more(__m256i a, __m256i b)
{
    return _mm256_max_epu16(a, b);
}

/* values[i] = made of it and of level[code i]. Codes past n change values that nobody reads. */
__attribute__((target("avx2"), always_inline)) static inline void each_level(
    uint16_t *values, const uint8_t *codes, uint32_t n, const uint16_t level[16],
    __m256i (*made)(__m256i, __m256i))
{
    const struct level_bytes split = split_levels(level);
    for (uint32_t i = 0; i < n; i += 32) {
        __m256i *at = (__m256i *)(void *)(values + i), of[2];
        levels_of(&split, codes + i / 2, of);
        for (int k = 0; k < 2; k++)
            _mm256_storeu_si256(at + k, made(_mm256_loadu_si256(at + k), of[k]));
    }
}

__attribute__((target("avx2"))) static void add_levels(uint16_t *sums, const uint8_t *codes,
                                                       uint32_t n, const uint16_t level[16])
{
    each_level(sums, codes, n, level, plus);
}

__attribute__((target("avx2"))) static void min_levels(uint16_t *values, const uint8_t *codes,
                                                       uint32_t n, const uint16_t level[16])
{
    each_level(values, codes, n, level, less);
}

__attribute__((target("avx2"))) static void max_levels(uint16_t *values, const uint8_t *codes,
                                                       uint32_t n, const uint16_t level[16])
{
    each_level(values, codes, n, level, more);
}

/* Halves of 16 bits are exact, and so is the upper one as it counts: their sum is rounded once. */
__attribute__((target("avx2"))) static __m256 floats_of(__m256i v)
{
    __m256 high = _mm256_cvtepi32_ps(_mm256_srli_epi32(v, 16));
    __m256 low = _mm256_cvtepi32_ps(_mm256_and_si256(v, _mm256_set1_epi32(0xFFFF)));
    return _mm256_add_ps(_mm256_mul_ps(high, _mm256_set1_ps(65536.0f)), low);
}

__attribute__((target("avx2"))) static void add_scores(float scores[64], const uint32_t tfs[64],
                                                       const float k[64], float weight)
{
    const __m256 w = _mm256_set1_ps(weight), zero = _mm256_setzero_ps();
    for (int i = 0; i < 64; i += 8) {
        __m256 tf = floats_of(_mm256_loadu_si256((const void *)(tfs + i)));
        __m256 score = _mm256_div_ps(tf, _mm256_add_ps(tf, _mm256_loadu_ps(k + i)));
        score = _mm256_and_ps(_mm256_mul_ps(w, score), _mm256_cmp_ps(tf, zero, _CMP_GT_OQ));
        _mm256_storeu_ps(scores + i, _mm256_add_ps(_mm256_loadu_ps(scores + i), score));
    }
}

__attribute__((target("avx2"))) static uint64_t at_least(const float values[64], float least)
{
    uint64_t bits = 0;
    for (int i = 0; i < 64; i += 8) {
        __m256 reaches =
            _mm256_cmp_ps(_mm256_loadu_ps(values + i), _mm256_set1_ps(least), _CMP_GE_OQ);
        bits |= (uint64_t)_mm256_movemask_ps(reaches) << i;
    }
    return bits;
}

FR_AVX512 static uint64_t at_least_512(const float values[64], float least)
{
    uint64_t bits = 0;
    for (int i = 0; i < 64; i += 16)
        bits |= (uint64_t)_mm512_cmp_ps_mask(_mm512_loadu_ps(values + i), _mm512_set1_ps(least),
                                             _CMP_GE_OQ)
                << i;
    return bits;
}

FR_AVX512 static void add_scores_512(float scores[64], const uint32_t tfs[64], const float k[64],
                                     float weight)
{
    const __m512 w = _mm512_set1_ps(weight);
    for (int i = 0; i < 64; i += 16) {
        __m512i v = _mm512_loadu_si512(tfs + i);
        __m512 tf = _mm512_cvtepu32_ps(v), sum = _mm512_loadu_ps(scores + i);
        __m512 score =
            _mm512_mul_ps(w, _mm512_div_ps(tf, _mm512_add_ps(tf, _mm512_loadu_ps(k + i))));
        sum = _mm512_mask_add_ps(sum, _mm512_test_epi32_mask(v, v), sum, score);
        _mm512_storeu_ps(scores + i, sum);
    }
}

FR_AVX512 static uint64_t count_bits_512(const uint64_t *words, uint32_t n)
{
    __m512i sum = _mm512_setzero_si512();
    uint32_t i = 0;
    for (; i + 8 <= n; i += 8)
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_loadu_si512(words + i)));
    return (uint64_t)_mm512_reduce_add_epi64(sum) + count_bits(words + i, n - i);
}

FR_AVX512 static uint32_t seek_512(const uint32_t *values, uint32_t at, uint32_t target)
{
    const __m512i t = _mm512_set1_epi32((int)target);
    while (values[at + FR_SEEK_PAD - 1] < target) at += FR_SEEK_PAD;
    for (;; at += 16) {
        __mmask16 below = _mm512_cmplt_epu32_mask(_mm512_loadu_si512(values + at), t);
        if (below != 0xFFFF) return at + (uint32_t)__builtin_popcount(below);
    }
}

FR_AVX512 static uint64_t add_where_512(uint16_t sums[64], uint64_t where, uint16_t value,
                                        uint16_t least)
{
    const __m512i v = _mm512_set1_epi16((short)value), l = _mm512_set1_epi16((short)least);
    __m512i low = _mm512_loadu_si512(sums), high = _mm512_loadu_si512(sums + 32);
    low = _mm512_mask_add_epi16(low, (__mmask32)where, low, v);
    high = _mm512_mask_add_epi16(high, (__mmask32)(where >> 32), high, v);
    _mm512_storeu_si512(sums, low);
    _mm512_storeu_si512(sums + 32, high);
    return _mm512_cmpge_epu16_mask(low, l) | (uint64_t)_mm512_cmpge_epu16_mask(high, l) << 32;
}

FR_AVX512 static uint64_t raise_where_512(uint16_t sums[64], uint16_t most[64], uint64_t where,
                                          uint16_t value, uint16_t least)
{
    const __m512i v = _mm512_set1_epi16((short)value), l = _mm512_set1_epi16((short)least);
    uint64_t reached = 0;
    for (int i = 0; i < 64; i += 32) {
        __m512i before = _mm512_loadu_si512(most + i);
        __m512i more = _mm512_maskz_subs_epu16((__mmask32)(where >> i), v, before);
        __m512i sum = _mm512_add_epi16(_mm512_loadu_si512(sums + i), more);
        _mm512_storeu_si512(most + i, _mm512_add_epi16(before, more));
        _mm512_storeu_si512(sums + i, sum);
        reached |= (uint64_t)_mm512_cmpge_epu16_mask(sum, l) << i;
    }
    return reached;
}

FR_AVX512 static void keep_where_512(uint16_t values[64], uint64_t where)
{
    _mm512_storeu_si512(values, _mm512_maskz_loadu_epi16((__mmask32)where, values));
    _mm512_storeu_si512(values + 32,
                        _mm512_maskz_loadu_epi16((__mmask32)(where >> 32), values + 32));
}

FR_AVX512 static uint32_t keep_common_512(const uint32_t *docs, uint32_t n, const uint32_t *others,
                                          uint32_t *out)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t doc = docs[i];
        while (others[FR_COMMON - 1] < doc) others += FR_COMMON;
        __mmask16 same =
            _mm512_cmpeq_epi32_mask(_mm512_loadu_si512(others), _mm512_set1_epi32((int)doc));
        out[kept] = doc;
        kept += same != 0;
    }
    return kept;
}

FR_AVX512 static uint16_t most_of_512(__m512i v)
{
    return most_of(_mm256_max_epu16(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1)));
}

FR_AVX512 static uint16_t group_maxima_512(const uint16_t *values, uint32_t groups,
                                           uint16_t *maxima)
{
    __m512i all = _mm512_setzero_si512();
    for (uint32_t g = 0; g < groups; g += 2) {
        __m512i v = _mm512_loadu_si512(values + (size_t)g * FR_PICK);
        all = _mm512_max_epu16(all, v);
        maxima[g] = most_of(_mm512_castsi512_si256(v));
        maxima[g + 1] = most_of(_mm512_extracti64x4_epi64(v, 1));
    }
    return most_of_512(all);
}

FR_AVX512 static uint32_t count_between_512(const uint16_t *values, uint32_t n, uint16_t low,
                                            uint16_t high)
{
    const __m512i l = _mm512_set1_epi16((short)low), span = _mm512_set1_epi16((short)(high - low));
    uint32_t count = 0, i = 0;
    for (; i + 32 <= n; i += 32) {
        __m512i v = _mm512_sub_epi16(_mm512_loadu_si512(values + i), l);
        count += (uint32_t)__builtin_popcount(_mm512_cmple_epu16_mask(v, span));
    }
    return i < n ? count + count_between(values + i, n - i, low, high) : count;
}

const struct fr_scan_kernels fr_scan_avx2 = {
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
    .add_scores = add_scores,
    .at_least = at_least,
};

const struct fr_scan_kernels fr_scan_avx512 = {
    .count_bits = count_bits_512,
    .seek = seek_512,
    .group_maxima = group_maxima_512,
    .count_between = count_between_512,
    .pick_between = pick_between,
    .add_where = add_where_512,
    .raise_where = raise_where_512,
    .keep_where = keep_where_512,
    .keep_common = keep_common_512,
    .add_levels = add_levels,
    .min_levels = min_levels,
    .max_levels = max_levels,
    .add_scores = add_scores_512,
    .at_least = at_least_512,
};
#else
typedef int fr_no_x86_scan;
#endif
