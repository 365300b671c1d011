/* Rows of dense postings, with AVX2 and, where it is worth its own code, AVX-512. */
#ifdef __x86_64__
#include <immintrin.h>
#include <string.h>

#include "simd/dense_kernels.h"
#include "simd/x86.h"

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

/* 32 bytes, -1 where bit i of `where` is set. */
__attribute__((target("avx2"))) static __m256i bytes_where(uint32_t where)
{
    const __m256i spread = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2,
                                            2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
    const __m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201u);
    __m256i on = _mm256_shuffle_epi8(_mm256_set1_epi32((int)where), spread);
    return _mm256_cmpeq_epi8(_mm256_and_si256(on, bit), bit);
}

/* Sums of eight of 32 bytes each, of those that have a bit. */
__attribute__((target("avx2"))) static __m256i sums_where(const uint8_t *bytes, uint32_t where)
{
    __m256i kept = _mm256_and_si256(_mm256_loadu_si256((const void *)bytes), bytes_where(where));
    return _mm256_sad_epu8(kept, _mm256_setzero_si256());
}

/* By their low and their high bits. */
__attribute__((target("popcnt"))) static uint32_t sum_of_codes(uint64_t low, uint64_t high)
{
    return (uint32_t)__builtin_popcountll(low) + 2 * (uint32_t)__builtin_popcountll(high);
}

__attribute__((target("avx2,bmi2,popcnt"))) static uint32_t sum_wide(const uint8_t widths[64],
                                                                     uint64_t mask,
                                                                     const uint8_t *codes)
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
    return (uint32_t)sum_of(sum) - sum_of_codes(low, high);
}

__attribute__((target("avx2,bmi2"))) static uint64_t spread_codes(uint64_t mask,
                                                                  const uint8_t *codes,
                                                                  uint32_t values[64])
{
    uint64_t low, high;
    code_bits(mask, codes, &low, &high);
    for (int i = 0; i < 64; i += 32) {
        __m256i twice = bytes_where((uint32_t)(high >> i)), sum;
        sum =
            _mm256_add_epi8(bytes_where((uint32_t)(mask >> i)), bytes_where((uint32_t)(low >> i)));
        sum = _mm256_add_epi8(sum, _mm256_add_epi8(twice, twice));
        sum = _mm256_sub_epi8(_mm256_setzero_si256(), sum);
        uint8_t bytes[32];
        _mm256_storeu_si256((void *)bytes, sum);
        for (int k = 0; k < 32; k += 8) {
            __m256i eight = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)(bytes + k)));
            _mm256_storeu_si256((void *)(values + i + k), eight);
        }
    }
    return low & high;
}

FR_AVX512 static uint64_t spread_codes_512(uint64_t mask, const uint8_t *codes, uint32_t values[64])
{
    const __m512i one = _mm512_set1_epi32(1), two = _mm512_set1_epi32(2);
    uint64_t low, high;
    code_bits(mask, codes, &low, &high);
    for (int i = 0; i < 64; i += 16) {
        __m512i v = _mm512_maskz_mov_epi32((__mmask16)(mask >> i), one);
        v = _mm512_mask_add_epi32(v, (__mmask16)(low >> i), v, one);
        v = _mm512_mask_add_epi32(v, (__mmask16)(high >> i), v, two);
        _mm512_storeu_si512(values + i, v);
    }
    return low & high;
}

/* Up to 16 u16 are read at once: those of where's bits, and no others. */
FR_AVX512 static uint64_t spread_high_512(uint64_t where, const uint8_t *high, uint32_t values[64])
{
    const __m512i four = _mm512_set1_epi32(4), most = _mm512_set1_epi32(15);
    uint64_t largest = 0;
    for (int i = 0; i < 64; i += 16) {
        __mmask16 mine = (__mmask16)(where >> i);
        unsigned n = (unsigned)__builtin_popcount(mine);
        if (!mine) continue;
        __m256i read = _mm256_maskz_loadu_epi16((__mmask16)((1u << n) - 1), high);
        __m512i v = _mm512_maskz_expand_epi32(mine, _mm512_cvtepu16_epi32(read));
        v = _mm512_and_si512(v, most);
        largest |= (uint64_t)_mm512_mask_cmpeq_epi32_mask(mine, v, most) << i;
        _mm512_mask_storeu_epi32(values + i, mine, _mm512_add_epi32(v, four));
        high += (size_t)n * 2;
    }
    return largest;
}

__attribute__((target("avx2"))) static uint32_t sum_of_lanes(__m256i eight)
{
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
    sum = _mm_add_epi32(sum, _mm_unpackhi_epi64(sum, sum));
    return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_shuffle_epi32(sum, 1)));
}

__attribute__((target("avx2"))) static uint32_t sum_products(const uint8_t widths[64],
                                                             const uint32_t values[64], uint32_t n,
                                                             uint64_t *many)
{
    const __m256i most = _mm256_set1_epi32(FR_MANY - 1);
    const __m256i place = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), one = _mm256_set1_epi32(1);
    __m256i sum = _mm256_setzero_si256();
    *many = 0;
    for (uint32_t i = 0; i < n; i += 8) {
        __m256i before = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(n - i)), place);
        __m256i v = _mm256_maskload_epi32((const void *)(values + i), before);
        __m256i w = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)(widths + i)));
        __m256i more = _mm256_cmpeq_epi32(v, _mm256_min_epu32(v, most));
        *many |= (uint64_t)(uint8_t)~_mm256_movemask_ps(_mm256_castsi256_ps(more)) << i;
        __m256i absent = _mm256_cmpeq_epi32(v, _mm256_setzero_si256());
        v = _mm256_mullo_epi32(v, _mm256_sub_epi32(w, one));
        sum = _mm256_add_epi32(sum, _mm256_add_epi32(v, _mm256_andnot_si256(absent, one)));
    }
    return sum_of_lanes(sum);
}

FR_AVX512 static uint32_t sum_products_512(const uint8_t widths[64], const uint32_t values[64],
                                           uint32_t n, uint64_t *many)
{
    uint64_t before = n < 64 ? (1ull << n) - 1 : ~0ull;
    const __m512i one = _mm512_set1_epi32(1);
    __m512i sum = _mm512_setzero_si512();
    *many = 0;
    for (int i = 0; i < 64; i += 16) {
        __m512i v = _mm512_maskz_loadu_epi32((__mmask16)(before >> i), values + i);
        __m512i w = _mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)(widths + i)));
        *many |= (uint64_t)_mm512_cmpge_epu32_mask(v, _mm512_set1_epi32(FR_MANY)) << i;
        __mmask16 there = _mm512_test_epi32_mask(v, v);
        sum = _mm512_add_epi32(sum, _mm512_mullo_epi32(v, _mm512_sub_epi32(w, one)));
        sum = _mm512_mask_add_epi32(sum, there, sum, one);
    }
    return sum_of_lanes(
        _mm256_add_epi32(_mm512_castsi512_si256(sum), _mm512_extracti64x4_epi64(sum, 1)));
}

FR_AVX512 static uint32_t sum_wide_512(const uint8_t widths[64], uint64_t mask,
                                       const uint8_t *codes)
{
    const __m512i zero = _mm512_setzero_si512(), all = _mm512_loadu_si512(widths);
    uint64_t low, high;
    code_bits(mask, codes, &low, &high);
    __m512i sum = _mm512_sad_epu8(_mm512_maskz_mov_epi8(mask, all), zero);
    __m512i once = _mm512_sad_epu8(_mm512_maskz_mov_epi8(low, all), zero);
    __m512i twice = _mm512_sad_epu8(_mm512_maskz_mov_epi8(high, all), zero);
    sum = _mm512_add_epi64(_mm512_add_epi64(sum, once), _mm512_add_epi64(twice, twice));
    return (uint32_t)_mm512_reduce_add_epi64(sum) - sum_of_codes(low, high);
}

/* Eight ranges at once: their bytes are expanded to eight each, and byte pairs (1 << id / 8, 1 <<
 * id % 8) multiplied as bit matrices, which sets bit id of a range's word. After the description of
 * GF2P8AFFINEQB: result bit j of byte x is the parity of byte 7 - j of the matrix and x. */
/* ORs into eight masks what the entries of eight codes say; returns how many bytes those have. */
FR_AVX512 static inline uint32_t or_eight(__m128i codes, const uint8_t *entries, uint64_t *masks)
{
    const __m128i counts =
        _mm_setr_epi8(0, 1, 3, 7, 15, 31, 63, 127, -1, -1, -1, -1, -1, -1, -1, -1);
    const __m512i bit = _mm512_set1_epi64((long long)0x8040201008040201u);
    const __m512i places = _mm512_set1_epi64((long long)0x8040201008040201u);
    const __m512i turned = _mm512_set1_epi64(0x0102040810204080);
    uint64_t kept = (uint64_t)_mm_cvtsi128_si64(_mm_shuffle_epi8(counts, codes));
    __m512i bytes = _mm512_maskz_expand_epi8(kept, _mm512_loadu_si512(entries));
    __m512i low = _mm512_and_si512(bytes, _mm512_set1_epi8(7));
    __m512i high = _mm512_and_si512(_mm512_srli_epi16(bytes, 3), _mm512_set1_epi8(7));
    __m512i u = _mm512_maskz_shuffle_epi8(kept, bit, high);
    __m512i v = _mm512_maskz_shuffle_epi8(kept, bit, low);
    u = _mm512_gf2p8affine_epi64_epi8(places, u, 0);
    v = _mm512_gf2p8affine_epi64_epi8(turned, v, 0);
    __m512i made = _mm512_gf2p8affine_epi64_epi8(u, v, 0);
    __mmask8 wide = (__mmask8)_mm_movemask_epi8(_mm_cmpgt_epi8(codes, _mm_set1_epi8(8)));
    made = _mm512_mask_blend_epi64(wide, made, bytes);
    _mm512_storeu_si512(masks, _mm512_or_si512(_mm512_loadu_si512(masks), made));
    return (uint32_t)__builtin_popcountll(kept);
}

FR_AVX512 static void or_entries_512(const uint8_t codes[32], const uint8_t *entries,
                                     uint64_t masks[64])
{
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t word;
        memcpy(&word, codes + i % 32, 8);
        word = (i < 32 ? word : word >> 4) & 0x0F0F0F0F0F0F0F0Fu;
        entries += or_eight(_mm_cvtsi64_si128((long long)word), entries, masks + i);
    }
}

/* The 64 bits from bit `first` on. */
static inline uint64_t bits_from(const uint8_t *bits, uint64_t first)
{
    uint64_t word;
    memcpy(&word, bits + first / 8, 8);
    unsigned skipped = first % 8;
    return skipped ? word >> skipped | (uint64_t)bits[first / 8 + 8] << (64 - skipped) : word;
}

/* The same of eight ranges of so many entries. */
FR_AVX512 static inline uint32_t or_counted(__m128i counts, const uint8_t count[8],
                                            const uint8_t *entries, uint64_t *masks)
{
    if (!_mm_movemask_epi8(_mm_cmpgt_epi8(counts, _mm_set1_epi8(8))))
        return or_eight(counts, entries, masks);
    uint32_t at = 0;
    for (unsigned i = 0; i < 8; i++)
        for (unsigned k = 0; k < count[i]; k++) masks[i] |= 1ull << (entries[at++] & 63);
    return at;
}

/* How many entries each range has comes from where groups begin and end, and goes where the ranges
 * are; what 64 entries end is done at once. */
FR_AVX512 static bool or_listed_512(uint64_t ranges, const uint8_t *last, uint64_t first,
                                    const uint8_t *entries, uint32_t n, uint64_t masks[64])
{
    __m512i number = _mm512_set_epi8(63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48,
                                     47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32,
                                     31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
                                     15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    while (n > 0) {
        uint64_t ends = bits_from(last, first);
        if (n < 64) ends &= (1ull << n) - 1;
        if (!ends) return false;
        uint32_t done = 64 - (uint32_t)__builtin_clzll(ends);
        uint64_t begins = (ends << 1 | 1) & (~0ull >> (64 - done));
        uint64_t groups = ~0ull >> (64 - __builtin_popcountll(ends)),
                 mine = _pdep_u64(groups, ranges);
        if (__builtin_popcountll(mine) != __builtin_popcountll(ends)) return false;
        __m512i counts = _mm512_sub_epi8(_mm512_maskz_compress_epi8(ends, number),
                                         _mm512_maskz_compress_epi8(begins, number));
        uint8_t codes[64];
        counts = _mm512_mask_sub_epi8(counts, groups, counts, _mm512_set1_epi8(-1));
        _mm512_storeu_si512(codes, _mm512_maskz_expand_epi8(mine, counts));
        for (unsigned i = 0; i < 64; i += 8) {
            __m128i eight = _mm_loadl_epi64((const void *)(codes + i));
            entries += or_counted(eight, codes + i, entries, masks + i);
        }
        first += done;
        n -= done;
        ranges ^= mine;
    }
    return ranges == 0;
}

const struct fr_dense_kernels fr_dense_avx2 = {
    .nonzero_codes = nonzero_codes,
    .or_entries = or_entries,
    .or_listed = fr_scalar_or_listed,
    .expand_codes = expand_codes,
    .find_group = find_group,
    .sum_codes = sum_codes,
    .sum_wide = sum_wide,
    .spread_codes = spread_codes,
    .spread_high = fr_scalar_spread_high,
    .sum_products = sum_products,
};

const struct fr_dense_kernels fr_dense_avx512 = {
    .nonzero_codes = nonzero_codes,
    .or_entries = or_entries_512,
    .or_listed = or_listed_512,
    .expand_codes = expand_codes,
    .find_group = find_group,
    .sum_codes = sum_codes,
    .sum_wide = sum_wide_512,
    .spread_codes = spread_codes_512,
    .spread_high = spread_high_512,
    .sum_products = sum_products_512,
};
#else
typedef int fr_no_x86_dense;
#endif
