/* dense_kernels.h: rows of dense postings (segment/dense.h): 64 ranges of 64 documents, a code of
 * four bits each. */
#ifndef FR_SIMD_DENSE_KERNELS_H
#define FR_SIMD_DENSE_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

#define FR_MANY 8u /* what sum_products tells apart */

struct fr_dense_kernels {
    /* A bit for each of 64 codes, ordered as for sum_codes, that is not zero. */
    uint64_t (*nonzero_codes)(const uint8_t codes[32]);
    /* ORs into masks what the entries of 64 codes, ordered so, say: 1-8 that many bytes, bits 0-5
     * of each the number of a bit, all different; 9-15: 64 bits. Reads up to FR_OVERREAD bytes past
     * the entries. */
    void (*or_entries)(const uint8_t codes[32], const uint8_t *entries, uint64_t masks[64]);
    /* The same of n entries of the ranges that have a bit, in their order; `last` has a bit, from
     * bit `first` on, for each entry that is the last of its range. False, and anything in masks,
     * if there are more or fewer of these than ranges. Reads up to FR_OVERREAD bytes past both. */
    bool (*or_listed)(uint64_t ranges, const uint8_t *last, uint64_t first, const uint8_t *entries,
                      uint32_t n, uint64_t masks[64]);
    /* 64 codes, low half of a byte first: where `where` has a bit the next of `packed`, else 0.
     * Reads up to 9 bytes past those. */
    void (*expand_codes)(const uint8_t *packed, uint64_t where, uint8_t codes[32]);
    /* Groups of bits end with a set one. The nth group (from 0) behind bit `first`: where it
     * begins, and how long it is << 32; 0 if it does not end before `end`. */
    uint64_t (*find_group)(const uint8_t *bits, uint64_t first, uint64_t end, uint32_t nth);
    /* Of the first n of 64 codes of four bits, code i the low half of byte i below 32,
     * else the high half of byte i - 32: the sum of min(code, 8), and that of wide[code] << 32;
     * wide[0] is 0. */
    uint64_t (*sum_codes)(const uint8_t codes[32], uint32_t n, const uint8_t wide[16]);
    /* The sum of 1 + (code + 1) * (widths[i] - 1) over the bits i of mask; each has a code of two
     * bits, one after another. Reads 16 bytes of codes. */
    uint32_t (*sum_wide)(const uint8_t widths[64], uint64_t mask, const uint8_t *codes);
    /* The codes of the bits of mask, as above: values[i] = code + 1 where bit i is set, else 0.
     * Returns the bits of code 3. */
    uint64_t (*spread_codes)(uint64_t mask, const uint8_t *codes, uint32_t values[64]);
    /* values[i] = 4 + the low four bits of a u16 where bit i of `where` is set, u16 after u16;
     * returns the bits of those that are 19. */
    uint64_t (*spread_high)(uint64_t where, const uint8_t *high, uint32_t values[64]);
    /* The sum of 1 + values[i] * (widths[i] - 1) over i < n where values[i] is not 0, modulo 2^32.
     * A bit in *many for each of these values that is FR_MANY or more. */
    uint32_t (*sum_products)(const uint8_t widths[64], const uint32_t values[64], uint32_t n,
                             uint64_t *many);
};

/* Of the scalar level, for levels that have no better. */
void fr_scalar_or_entries(const uint8_t codes[32], const uint8_t *entries, uint64_t masks[64]);
bool fr_scalar_or_listed(uint64_t ranges, const uint8_t *last, uint64_t first,
                         const uint8_t *entries, uint32_t n, uint64_t masks[64]);
void fr_scalar_expand_codes(const uint8_t *packed, uint64_t where, uint8_t codes[32]);
uint32_t fr_scalar_sum_wide(const uint8_t widths[64], uint64_t mask, const uint8_t *codes);
uint64_t fr_scalar_spread_codes(uint64_t mask, const uint8_t *codes, uint32_t values[64]);
uint64_t fr_scalar_spread_high(uint64_t where, const uint8_t *high, uint32_t values[64]);
uint32_t fr_scalar_sum_products(const uint8_t widths[64], const uint32_t values[64], uint32_t n,
                                uint64_t *many);
uint64_t fr_scalar_find_group(const uint8_t *bits, uint64_t first, uint64_t end, uint32_t nth);

/* Only the levels of the architecture that is compiled for exist. */
extern const struct fr_dense_kernels fr_dense_scalar, fr_dense_avx2, fr_dense_avx512, fr_dense_neon;

#endif
