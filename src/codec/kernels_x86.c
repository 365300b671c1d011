/* The kernels of codec/kernels.h for AVX2 and AVX-512. */
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
        fr_scalar_unpack(in, out, n, width);
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

__attribute__((target("avx2"))) static uint64_t nonzero_codes(const uint8_t codes[32])
{
    __m256i bytes = _mm256_loadu_si256((const void *)codes), zero = _mm256_setzero_si256();
    __m256i low = _mm256_cmpeq_epi8(_mm256_and_si256(bytes, _mm256_set1_epi8(15)), zero);
    __m256i high = _mm256_cmpeq_epi8(_mm256_and_si256(bytes, _mm256_set1_epi8(-16)), zero);
    return ~((uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
                                                       << 32);
}

/* Eight bytes to eight bits set, those behind the first n dropped; without branches, since codes
 * are a coin's toss. */
__attribute__((target("avx2"))) static uint64_t bits_of(uint64_t word, unsigned n)
{
    const __m256i one = _mm256_set1_epi64x(1), six = _mm256_set1_epi64x(63);
    const __m256i place = _mm256_setr_epi64x(0, 1, 2, 3), four = _mm256_set1_epi64x(4);
    __m128i bytes = _mm_cvtsi64_si128((long long)word);
    __m256i count = _mm256_set1_epi64x(n);
    __m256i low = _mm256_and_si256(_mm256_cvtepu8_epi64(bytes), six);
    __m256i high = _mm256_and_si256(_mm256_cvtepu8_epi64(_mm_srli_si128(bytes, 4)), six);
    low = _mm256_and_si256(_mm256_sllv_epi64(one, low), _mm256_cmpgt_epi64(count, place));
    high = _mm256_and_si256(_mm256_sllv_epi64(one, high),
                            _mm256_cmpgt_epi64(count, _mm256_add_epi64(place, four)));
    __m256i all = _mm256_or_si256(low, high);
    __m128i half = _mm_or_si128(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
    return (uint64_t)_mm_cvtsi128_si64(_mm_or_si128(half, _mm_unpackhi_epi64(half, half)));
}

__attribute__((target("avx2"))) static void or_entries(const uint8_t codes[32],
                                                       const uint8_t *entries, uint64_t masks[64])
{
    for (unsigned i = 0; i < 64; i++) {
        unsigned code = i < 32 ? codes[i] & 15u : codes[i - 32] >> 4;
        uint64_t word;
        memcpy(&word, entries, 8);
        masks[i] |= code <= 8 ? bits_of(word, code) : word;
        entries += code <= 8 ? code : 8;
    }
}

/* Sixteen codes at once: a bit of `where` becomes the lowest of its four, then all four. */
__attribute__((target("bmi2,popcnt"))) static void expand_codes(const uint8_t *packed,
                                                                uint64_t where, uint8_t codes[32])
{
    uint32_t used = 0;
    for (unsigned i = 0; i < 4; i++) {
        uint64_t some = where >> (16 * i) & 0xFFFF, word, next;
        uint64_t halves = _pdep_u64(some, 0x1111111111111111u) * 15;
        memcpy(&word, packed + used / 2, 8);
        next = packed[used / 2 + 8];
        if (used % 2) word = word >> 4 | next << 60;
        word = _pdep_u64(word, halves);
        memcpy(codes + 8 * i, &word, 8);
        used += (uint32_t)__builtin_popcountll(some);
    }
}

__attribute__((target("bmi,bmi2,popcnt"))) static uint64_t find_group(const uint8_t *bits,
                                                                      uint64_t first, uint64_t end,
                                                                      uint32_t nth)
{
    uint64_t at = first, word, begin = first;
    if (nth) { /* behind the last bit of the group before */
        for (;; at += 56) {
            if (at >= end) return 0;
            memcpy(&word, bits + at / 8, 8);
            word = word >> (at % 8) & ((1ull << 56) - 1);
            uint32_t ends = (uint32_t)__builtin_popcountll(word);
            if (ends >= nth) break;
            nth -= ends;
        }
        begin = at + (uint64_t)__builtin_ctzll(_pdep_u64(1ull << (nth - 1), word)) + 1;
    }
    for (at = begin; at < end; at += 56) {
        memcpy(&word, bits + at / 8, 8);
        word = word >> (at % 8) & ((1ull << 56) - 1);
        if (!word) continue;
        at += (uint64_t)__builtin_ctzll(word) + 1;
        return at <= end ? begin | (at - begin) << 32 : 0;
    }
    return 0;
}

__attribute__((target("avx2"))) static uint64_t sum_of(__m256i eight)
{
    __m128i two = _mm_add_epi64(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
    return (uint64_t)_mm_cvtsi128_si64(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two)));
}

__attribute__((target("avx2"))) static uint64_t sum_codes(const uint8_t codes[32], uint32_t n,
                                                          const uint8_t wide[16])
{
    const __m256i place =
        _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                         21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
    const __m256i nibble = _mm256_set1_epi8(15), most = _mm256_set1_epi8(8);
    const __m256i more = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)wide));
    const __m256i zero = _mm256_setzero_si256();
    __m256i bytes = _mm256_loadu_si256((const void *)codes);
    __m256i low = _mm256_and_si256(bytes, nibble);
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble);
    low = _mm256_and_si256(low, _mm256_cmpgt_epi8(_mm256_set1_epi8((char)n), place));
    high = _mm256_and_si256(high, _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(n - 32)), place));
    __m256i sum = _mm256_add_epi8(_mm256_min_epu8(low, most), _mm256_min_epu8(high, most));
    __m256i wides =
        _mm256_add_epi8(_mm256_shuffle_epi8(more, low), _mm256_shuffle_epi8(more, high));
    return sum_of(_mm256_sad_epu8(sum, zero)) | sum_of(_mm256_sad_epu8(wides, zero)) << 32;
}

/* The low bits of the codes of mask's bits where those are, and the high bits. */
__attribute__((target("bmi2"))) static void code_bits(uint64_t mask, const uint8_t *codes,
                                                      uint64_t *low, uint64_t *high)
{
    const uint64_t every_other = 0x5555555555555555u;
    uint64_t a, b;
    memcpy(&a, codes, 8);
    memcpy(&b, codes + 8, 8);
    *low = _pdep_u64(_pext_u64(a, every_other) | _pext_u64(b, every_other) << 32, mask);
    *high = _pdep_u64(_pext_u64(a, ~every_other) | _pext_u64(b, ~every_other) << 32, mask);
}

/* Sums of eight of 32 bytes each, of those that have a bit. */
__attribute__((target("avx2"))) static __m256i sums_where(const uint8_t *bytes, uint32_t where)
{
    const __m256i spread = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2,
                                            2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
    const __m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201u);
    __m256i on = _mm256_shuffle_epi8(_mm256_set1_epi32((int)where), spread);
    on = _mm256_cmpeq_epi8(_mm256_and_si256(on, bit), bit);
    return _mm256_sad_epu8(_mm256_and_si256(_mm256_loadu_si256((const void *)bytes), on),
                           _mm256_setzero_si256());
}

__attribute__((target("avx2,bmi2"))) static uint32_t sum_wide(const uint8_t widths[64],
                                                              uint64_t mask, const uint8_t *codes)
{
    uint64_t low, high;
    __m256i sum = _mm256_setzero_si256();
    code_bits(mask, codes, &low, &high);
    for (int i = 0; i < 64; i += 32) {
        __m256i twice = sums_where(widths + i, (uint32_t)(high >> i));
        sum = _mm256_add_epi64(sum, sums_where(widths + i, (uint32_t)(mask >> i)));
        sum = _mm256_add_epi64(sum, sums_where(widths + i, (uint32_t)(low >> i)));
        sum = _mm256_add_epi64(sum, _mm256_add_epi64(twice, twice));
    }
    return (uint32_t)sum_of(sum);
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

const struct fr_kernels fr_kernels_avx2 = {
    .name = "avx2",
    .unpack = unpack,
    .sum_gaps = sum_gaps,
    .count_bits = count_bits,
    .seek = seek,
    .group_maxima = group_maxima,
    .count_between = count_between,
    .pick_between = pick_between,
    .add_where = add_where,
    .keep_where = keep_where,
    .keep_common = keep_common,
    .nonzero_codes = nonzero_codes,
    .or_entries = or_entries,
    .expand_codes = expand_codes,
    .find_group = find_group,
    .sum_codes = sum_codes,
    .sum_wide = sum_wide,
    .add_levels = add_levels,
};
/* ---- AVX-512, where it is worth its own code ---- */

#define AVX512                                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,"             \
                          "avx512vpopcntdq,gfni,bmi2,popcnt")))

AVX512 static uint64_t count_bits_512(const uint64_t *words, uint32_t n)
{
    __m512i sum = _mm512_setzero_si512();
    uint32_t i = 0;
    for (; i + 8 <= n; i += 8)
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_loadu_si512(words + i)));
    return (uint64_t)_mm512_reduce_add_epi64(sum) + count_bits(words + i, n - i);
}

AVX512 static uint32_t seek_512(const uint32_t *values, uint32_t at, uint32_t target)
{
    const __m512i t = _mm512_set1_epi32((int)target);
    while (values[at + FR_SEEK_PAD - 1] < target) at += FR_SEEK_PAD;
    for (;; at += 16) {
        __mmask16 below = _mm512_cmplt_epu32_mask(_mm512_loadu_si512(values + at), t);
        if (below != 0xFFFF) return at + (uint32_t)__builtin_popcount(below);
    }
}

AVX512 static uint64_t add_where_512(uint16_t sums[64], uint64_t where, uint16_t value,
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

AVX512 static void keep_where_512(uint16_t values[64], uint64_t where)
{
    _mm512_storeu_si512(values, _mm512_maskz_loadu_epi16((__mmask32)where, values));
    _mm512_storeu_si512(values + 32,
                        _mm512_maskz_loadu_epi16((__mmask32)(where >> 32), values + 32));
}

AVX512 static uint32_t keep_common_512(const uint32_t *docs, uint32_t n, const uint32_t *others,
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

AVX512 static uint32_t sum_wide_512(const uint8_t widths[64], uint64_t mask, const uint8_t *codes)
{
    const __m512i zero = _mm512_setzero_si512(), all = _mm512_loadu_si512(widths);
    uint64_t low, high;
    code_bits(mask, codes, &low, &high);
    __m512i sum = _mm512_sad_epu8(_mm512_maskz_mov_epi8(mask, all), zero);
    __m512i once = _mm512_sad_epu8(_mm512_maskz_mov_epi8(low, all), zero);
    __m512i twice = _mm512_sad_epu8(_mm512_maskz_mov_epi8(high, all), zero);
    sum = _mm512_add_epi64(_mm512_add_epi64(sum, once), _mm512_add_epi64(twice, twice));
    return (uint32_t)_mm512_reduce_add_epi64(sum);
}

AVX512 static uint16_t most_of_512(__m512i v)
{
    return most_of(_mm256_max_epu16(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1)));
}

AVX512 static uint16_t group_maxima_512(const uint16_t *values, uint32_t groups, uint16_t *maxima)
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

AVX512 static uint32_t count_between_512(const uint16_t *values, uint32_t n, uint16_t low,
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

/* Eight ranges at once: their bytes are expanded to eight each, and byte pairs (1 << id / 8, 1 <<
 * id % 8) multiplied as bit matrices, which sets bit id of a range's word. After the description of
 * GF2P8AFFINEQB: result bit j of byte x is the parity of byte 7 - j of the matrix and x. */
AVX512 static void or_entries_512(const uint8_t codes[32], const uint8_t *entries,
                                  uint64_t masks[64])
{
    const __m128i counts =
        _mm_setr_epi8(0, 1, 3, 7, 15, 31, 63, 127, -1, -1, -1, -1, -1, -1, -1, -1);
    const __m512i bit = _mm512_set1_epi64((long long)0x8040201008040201u);
    const __m512i places = _mm512_set1_epi64((long long)0x8040201008040201u);
    const __m512i turned = _mm512_set1_epi64(0x0102040810204080);
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t word;
        memcpy(&word, codes + i % 32, 8);
        word = (i < 32 ? word : word >> 4) & 0x0F0F0F0F0F0F0F0Fu;
        __m128i eight = _mm_cvtsi64_si128((long long)word);
        uint64_t kept = (uint64_t)_mm_cvtsi128_si64(_mm_shuffle_epi8(counts, eight));
        __m512i bytes = _mm512_maskz_expand_epi8(kept, _mm512_loadu_si512(entries));
        __m512i low = _mm512_and_si512(bytes, _mm512_set1_epi8(7));
        __m512i high = _mm512_and_si512(_mm512_srli_epi16(bytes, 3), _mm512_set1_epi8(7));
        __m512i u = _mm512_maskz_shuffle_epi8(kept, bit, high);
        __m512i v = _mm512_maskz_shuffle_epi8(kept, bit, low);
        u = _mm512_gf2p8affine_epi64_epi8(places, u, 0);
        v = _mm512_gf2p8affine_epi64_epi8(turned, v, 0);
        __m512i made = _mm512_gf2p8affine_epi64_epi8(u, v, 0);
        __mmask8 wide = (__mmask8)_mm_movemask_epi8(_mm_cmpgt_epi8(eight, _mm_set1_epi8(8)));
        made = _mm512_mask_blend_epi64(wide, made, bytes);
        _mm512_storeu_si512(masks + i, _mm512_or_si512(_mm512_loadu_si512(masks + i), made));
        entries += __builtin_popcountll(kept);
    }
}

const struct fr_kernels fr_kernels_avx512 = {
    .name = "avx512",
    .unpack = unpack,
    .sum_gaps = sum_gaps,
    .count_bits = count_bits_512,
    .seek = seek_512,
    .add_where = add_where_512,
    .group_maxima = group_maxima_512,
    .count_between = count_between_512,
    .pick_between = pick_between,
    .keep_where = keep_where_512,
    .keep_common = keep_common_512,
    .nonzero_codes = nonzero_codes,
    .or_entries = or_entries_512,
    .expand_codes = expand_codes,
    .find_group = find_group,
    .sum_codes = sum_codes,
    .sum_wide = sum_wide_512,
    .add_levels = add_levels,
};
#else
typedef int fr_no_x86_here;
#endif
