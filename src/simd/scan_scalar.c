/* Arrays that evaluators go through: the reference that every other level has to equal, bit for
 * bit. */
#include "simd/scan_kernels.h"

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

static uint64_t raise_where(uint16_t sums[64], uint16_t most[64], uint64_t where, uint16_t value,
                            uint16_t least)
{
    uint64_t reached = 0;
    for (unsigned i = 0; i < 64; i++) {
        if (where >> i & 1 && most[i] < value) {
            sums[i] = (uint16_t)(sums[i] + value - most[i]);
            most[i] = value;
        }
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

static void add_levels(uint16_t *sums, const uint8_t *codes, uint32_t n, const uint16_t level[16])
{
    for (uint32_t i = 0; i < n; i++)
        sums[i] = (uint16_t)(sums[i] + level[codes[i / 2] >> (i % 2 * 4) & 15]);
}

static void min_levels(uint16_t *values, const uint8_t *codes, uint32_t n, const uint16_t level[16])
{
    for (uint32_t i = 0; i < n; i++) {
        uint16_t its = level[codes[i / 2] >> (i % 2 * 4) & 15];
        if (its < values[i]) values[i] = its;
    }
}

static void max_levels(uint16_t *values, const uint8_t *codes, uint32_t n, const uint16_t level[16])
{
    for (uint32_t i = 0; i < n; i++) {
        uint16_t its = level[codes[i / 2] >> (i % 2 * 4) & 15];
        if (its > values[i]) values[i] = its;
    }
}

void fr_scalar_add_scores(float scores[64], const uint32_t tfs[64], const float k[64], float weight)
{
    for (unsigned i = 0; i < 64; i++)
        if (tfs[i]) scores[i] += weight * ((float)tfs[i] / ((float)tfs[i] + k[i]));
}

static uint64_t at_least(const float values[64], float least)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i++) bits |= (uint64_t)(values[i] >= least) << i;
    return bits;
}

const struct fr_scan_kernels fr_scan_scalar = {
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
    .add_scores = fr_scalar_add_scores,
    .at_least = at_least,
};
