/* Rows of dense postings: the reference that every other level has to equal, bit for bit. */
#include <string.h>

#include "simd/dense_kernels.h"

static uint64_t nonzero_codes(const uint8_t codes[32])
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < 32; i++)
        bits |= (uint64_t)((codes[i] & 15) != 0) << i | (uint64_t)(codes[i] >> 4 != 0) << (i + 32);
    return bits;
}

void fr_scalar_or_entries(const uint8_t codes[32], const uint8_t *entries, uint64_t masks[64])
{
    for (unsigned i = 0; i < 64; i++) {
        unsigned code = i < 32 ? codes[i] & 15 : codes[i - 32] >> 4;
        uint64_t word, mask = 0;
        memcpy(&word, entries, 8);
        for (unsigned k = 0; k < code && code <= 8; k++) mask |= 1ull << (word >> (8 * k) & 63);
        masks[i] |= code <= 8 ? mask : word;
        entries += code <= 8 ? code : 8;
    }
}

bool fr_scalar_or_listed(uint64_t ranges, const uint8_t *last, uint64_t first,
                         const uint8_t *entries, uint32_t n, uint64_t masks[64])
{
    uint8_t range[64];
    uint32_t count = 0, at = 0, is_last = 1;
    for (uint64_t left = ranges; left; left &= left - 1)
        range[count++] = (uint8_t)__builtin_ctzll(left);
    for (uint32_t k = 0; k < n && at < count; k++) {
        masks[range[at]] |= 1ull << (entries[k] & 63);
        is_last = last[(first + k) / 8] >> ((first + k) % 8) & 1;
        at += is_last;
        if (at == count) return k + 1 == n;
    }
    return count == 0 && n == 0;
}

void fr_scalar_expand_codes(const uint8_t *packed, uint64_t where, uint8_t codes[32])
{
    memset(codes, 0, 32);
    for (uint32_t k = 0; where; where &= where - 1, k++) {
        uint32_t i = (uint32_t)__builtin_ctzll(where);
        codes[i / 2] |= (uint8_t)((packed[k / 2] >> (k % 2 * 4) & 15) << (i % 2 * 4));
    }
}

uint64_t fr_scalar_find_group(const uint8_t *bits, uint64_t first, uint64_t end, uint32_t nth)
{
    uint64_t begin = first;
    for (uint64_t at = first; at < end; at++) {
        if (!(bits[at / 8] >> (at % 8) & 1)) continue;
        if (nth-- == 0) return begin | (at + 1 - begin) << 32;
        begin = at + 1;
    }
    return 0;
}

static uint64_t sum_codes(const uint8_t codes[32], uint32_t n, const uint8_t wide[16])
{
    uint32_t bytes = 0, more = 0;
    for (uint32_t i = 0; i < n; i++) {
        unsigned code = i < 32 ? codes[i] & 15 : codes[i - 32] >> 4;
        bytes += code < 8 ? code : 8;
        more += wide[code];
    }
    return bytes | (uint64_t)more << 32;
}

uint32_t fr_scalar_sum_wide(const uint8_t widths[64], uint64_t mask, const uint8_t *codes)
{
    uint32_t sum = 0;
    for (uint32_t k = 0; mask; mask &= mask - 1, k++)
        sum += 1 + ((codes[k / 4] >> (k % 4 * 2) & 3) + 1u) * (widths[__builtin_ctzll(mask)] - 1u);
    return sum;
}

uint64_t fr_scalar_spread_codes(uint64_t mask, const uint8_t *codes, uint32_t values[64])
{
    uint64_t largest = 0;
    memset(values, 0, 64 * sizeof *values);
    for (uint32_t k = 0; mask; mask &= mask - 1, k++) {
        unsigned i = (unsigned)__builtin_ctzll(mask);
        values[i] = (codes[k / 4] >> (k % 4 * 2) & 3) + 1u;
        largest |= (uint64_t)(values[i] == 4) << i;
    }
    return largest;
}

uint64_t fr_scalar_spread_high(uint64_t where, const uint8_t *high, uint32_t values[64])
{
    uint64_t largest = 0;
    for (; where; where &= where - 1, high += 2) {
        unsigned i = (unsigned)__builtin_ctzll(where);
        values[i] = 4 + (*high & 15u);
        largest |= (uint64_t)(values[i] == 19) << i;
    }
    return largest;
}

uint32_t fr_scalar_sum_products(const uint8_t widths[64], const uint32_t values[64], uint32_t n,
                                uint64_t *many)
{
    uint32_t sum = 0;
    *many = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (values[i]) sum += 1 + values[i] * (widths[i] - 1u);
        *many |= (uint64_t)(values[i] >= FR_MANY) << i;
    }
    return sum;
}

const struct fr_dense_kernels fr_dense_scalar = {
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
