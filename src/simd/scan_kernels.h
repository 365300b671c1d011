/* scan_kernels.h: arrays of documents, bits and bounds that evaluators of queries go through. */
#ifndef FR_SIMD_SCAN_KERNELS_H
#define FR_SIMD_SCAN_KERNELS_H

#include <stdint.h>

#define FR_SEEK_PAD 256u /* values ~0 behind an array that `seek` reads */

#define FR_PICK 16u /* values that make a group */

#define FR_COMMON 16u /* documents that keep_common compares at once */

struct fr_scan_kernels {
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
    /* Raises most[i] to value, and sums[i] by as much, where bit i of `where` is set; which of the
     * sums then are `least` or more. */
    uint64_t (*raise_where)(uint16_t sums[64], uint16_t most[64], uint64_t where, uint16_t value,
                            uint16_t least);
    /* values[i] = 0 where bit i of `where` is not set. */
    void (*keep_where)(uint16_t values[64], uint64_t where);
    /* Copies those of n docs that are among the others to `out`, which may be docs; returns how
     * many. Both ascend; the others are FR_COMMON, or a multiple, with ~0 behind the last, and the
     * last is not below that of docs. */
    uint32_t (*keep_common)(const uint32_t *docs, uint32_t n, const uint32_t *others,
                            uint32_t *out);
    /* sums[i] += level[code i] for n codes of four bits, low nibble first. `codes` is readable 16
     * bytes past its end, `sums` writable to a multiple of 32. */
    void (*add_levels)(uint16_t *sums, const uint8_t *codes, uint32_t n, const uint16_t level[16]);
    /* The same, but the smaller of values[i] and level[code i] stays. */
    void (*min_levels)(uint16_t *values, const uint8_t *codes, uint32_t n,
                       const uint16_t level[16]);
    /* The same, but the larger stays. */
    void (*max_levels)(uint16_t *values, const uint8_t *codes, uint32_t n,
                       const uint16_t level[16]);
    /* scores[i] += weight * (tfs[i] / (tfs[i] + k[i])) where tfs[i] > 0, each step rounded. */
    void (*add_scores)(float scores[64], const uint32_t tfs[64], const float k[64], float weight);
    /* A bit for each of 64 values that is `least` or more. */
    uint64_t (*at_least)(const float values[64], float least);
};

/* Of the scalar level, for levels that have no better. */
void fr_scalar_add_scores(float scores[64], const uint32_t tfs[64], const float k[64],
                          float weight);

/* Only the levels of the architecture that is compiled for exist. */
extern const struct fr_scan_kernels fr_scan_scalar, fr_scan_avx2, fr_scan_avx512, fr_scan_neon;

#endif
