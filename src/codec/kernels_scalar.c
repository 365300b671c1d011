/* The reference that every other level has to equal, bit for bit. */
#include <string.h>

#include "codec/isa.h"

void fr_scalar_unpack(const uint8_t *in, uint32_t *out, uint32_t n, unsigned width)
{
    uint64_t mask = (1ull << width) - 1;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t bit = i * width;
        uint64_t word;
        memcpy(&word, in + (bit >> 3), 8);
        out[i] = (uint32_t)(word >> (bit & 7) & mask);
    }
}

static void sum_gaps(uint32_t *values, uint32_t n, uint32_t base)
{
    for (uint32_t i = 0; i < n; i++) values[i] = base += values[i] + 1;
}

static uint64_t count_bits(const uint64_t *words, uint32_t n)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) sum += (uint64_t)__builtin_popcountll(words[i]);
    return sum;
}

static uint32_t seek(const uint32_t *values, uint32_t at, uint32_t target)
{
    while (values[at + FR_SEEK_PAD - 1] < target) at += FR_SEEK_PAD;
    while (values[at] < target) at++;
    return at;
}

static uint16_t group_maxima(const uint16_t *values, uint32_t groups, uint16_t *maxima)
{
    uint16_t all = 0;
    for (uint32_t g = 0; g < groups; g++, values += FR_PICK) {
        uint16_t most = 0;
        for (uint32_t i = 0; i < FR_PICK; i++) most = values[i] > most ? values[i] : most;
        maxima[g] = most;
        all = most > all ? most : all;
    }
    return all;
}

static uint32_t count_between(const uint16_t *values, uint32_t n, uint16_t low, uint16_t high)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++) count += values[i] >= low && values[i] <= high;
    return count;
}

static uint32_t pick_between(const uint16_t *values, uint16_t low, uint16_t high)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < FR_PICK; i++)
        bits |= (uint32_t)(values[i] >= low && values[i] <= high) << i;
    return bits;
}

static uint64_t add_where(uint16_t sums[64], uint64_t where, uint16_t value, uint16_t least)
{
    uint64_t reached = 0;
    for (unsigned i = 0; i < 64; i++) {
        if (where >> i & 1) sums[i] = (uint16_t)(sums[i] + value);
        reached |= (uint64_t)(sums[i] >= least) << i;
    }
    return reached;
}

static void keep_where(uint16_t values[64], uint64_t where)
{
    for (unsigned i = 0; i < 64; i++)
        if (!(where >> i & 1)) values[i] = 0;
}

static uint32_t keep_common(const uint32_t *docs, uint32_t n, const uint32_t *others, uint32_t *out)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t doc = docs[i];
        while (*others < doc) others++;
        out[kept] = doc;
        kept += *others == doc;
    }
    return kept;
}

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
        sum += ((codes[k / 4] >> (k % 4 * 2) & 3) + 1u) * widths[__builtin_ctzll(mask)];
    return sum;
}

static void add_levels(uint16_t *sums, const uint8_t *codes, uint32_t n, const uint16_t level[16])
{
    for (uint32_t i = 0; i < n; i++)
        sums[i] = (uint16_t)(sums[i] + level[codes[i / 2] >> (i % 2 * 4) & 15]);
}

const struct fr_kernels fr_kernels_scalar = {
    .name = "scalar",
    .unpack = fr_scalar_unpack,
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
    .or_entries = fr_scalar_or_entries,
    .expand_codes = fr_scalar_expand_codes,
    .find_group = fr_scalar_find_group,
    .sum_codes = sum_codes,
    .sum_wide = fr_scalar_sum_wide,
    .add_levels = add_levels,
};
