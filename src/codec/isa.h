/* isa.h: which instruction set the kernels use. Every level gives the same bits. */
#ifndef FR_CODEC_ISA_H
#define FR_CODEC_ISA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"

enum fr_isa { FR_ISA_SCALAR, FR_ISA_AVX2, FR_ISA_AVX512, FR_ISA_NEON, FR_ISA_COUNT };

#define FR_OVERREAD 64u /* zero bytes after packed data that kernels may read */

#define FR_SEEK_PAD 256u /* values ~0 behind an array that `seek` reads */

#define FR_PICK 16u /* values that make a group */

#define FR_COMMON 16u /* documents that keep_common compares at once */

/* Kernels work on whole blocks, so that a call costs nothing beside its work. */
struct fr_kernels {
    const char *name;
    /* n values of `width` bits (0..32), value i at bit i*width of `in`. Reads up to FR_OVERREAD
     * bytes past the last value; writes up to 7 values past out[n]. */
    void (*unpack)(const uint8_t *in, uint32_t *out, uint32_t n, unsigned width);
    /* values[i] = base + sum of (values[0..i] + 1), in place; modulo 2^32. */
    void (*sum_gaps)(uint32_t *values, uint32_t n, uint32_t base);
    /* Set bits in n words. */
    uint64_t (*count_bits)(const uint64_t *words, uint32_t n);
    /* The first index from `at` on whose value is >= target; values ascend, FR_SEEK_PAD of them,
     * ~0, follow. target < 2^32 - 1. */
    uint32_t (*seek)(const uint32_t *values, uint32_t at, uint32_t target);
    /* maxima[g]: of the FR_PICK values of group g; returns the largest of all. groups: a multiple
     * of FR_PICK, as n below. */
    uint16_t (*group_maxima)(const uint16_t *values, uint32_t groups, uint16_t *maxima);
    /* Values from low to high, both included; low <= high. */
    uint32_t (*count_between)(const uint16_t *values, uint32_t n, uint16_t low, uint16_t high);
    /* A bit for each of FR_PICK values that is. */
    uint32_t (*pick_between)(const uint16_t *values, uint16_t low, uint16_t high);
    /* sums[i] += value where bit i of `where` is set; which of the 64 then are `least` or more. */
    uint64_t (*add_where)(uint16_t sums[64], uint64_t where, uint16_t value, uint16_t least);
    /* values[i] = 0 where bit i of `where` is not set. */
    void (*keep_where)(uint16_t values[64], uint64_t where);
    /* Copies those of n docs that are among the others to `out`, which may be docs; returns how
     * many. Both ascend; the others are FR_COMMON, or a multiple, with ~0 behind the last, and the
     * last is not below that of docs. */
    uint32_t (*keep_common)(const uint32_t *docs, uint32_t n, const uint32_t *others,
                            uint32_t *out);
    /* A bit for each of 64 codes, ordered as for sum_codes, that is not zero. */
    uint64_t (*nonzero_codes)(const uint8_t codes[32]);
    /* ORs into masks what the entries of 64 codes, ordered so, say: 1-8 that many bytes, bits 0-5
     * of each the number of a bit, all different; 9-15: 64 bits. Reads up to FR_OVERREAD bytes past
     * the entries.
     */
    void (*or_entries)(const uint8_t codes[32], const uint8_t *entries, uint64_t masks[64]);
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
    /* The sum of (code + 1) * widths[i] over the bits i of mask; each has a code of two bits, one
     * after another. Reads 16 bytes of codes. */
    uint32_t (*sum_wide)(const uint8_t widths[64], uint64_t mask, const uint8_t *codes);
    /* sums[i] += level[code i] for n codes of four bits, low nibble first. `codes` is readable 16
     * bytes past its end, `sums` writable to a multiple of 32. */
    void (*add_levels)(uint16_t *sums, const uint8_t *codes, uint32_t n, const uint16_t level[16]);
};

/* Of the scalar level, for levels that have no better. */
void fr_scalar_unpack(const uint8_t *in, uint32_t *out, uint32_t n, unsigned width);
void fr_scalar_or_entries(const uint8_t codes[32], const uint8_t *entries, uint64_t masks[64]);
void fr_scalar_expand_codes(const uint8_t *packed, uint64_t where, uint8_t codes[32]);
uint32_t fr_scalar_sum_wide(const uint8_t widths[64], uint64_t mask, const uint8_t *codes);
uint64_t fr_scalar_find_group(const uint8_t *bits, uint64_t first, uint64_t end, uint32_t nth);

const struct fr_kernels *fr_kernels_of(enum fr_isa isa); /* scalar where isa is not to be had */

/* The best level that this processor has, unless a test or a benchmark has chosen another. */
const struct fr_kernels *fr_kernels_current(void);

/* Chooses a level by name ("scalar", "avx2", "avx512", "neon"; NULL: the best again), for segments
 * that are opened from now on, before any thread starts. False: this processor doesn't have it. */
bool fr_kernels_use(const char *name);

#endif
