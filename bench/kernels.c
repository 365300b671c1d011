/* kernels: what each kernel takes at each level, beside what the machine's memory gives, as JSON.
 *
 *   frai-kernels
 *
 * Times are the least of many rounds over data that fits the first cache, but for those of memory.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "simd/dispatch.h"

#define ROUNDS 200
#define BATCH  64
#define VALUES 128u /* of a block */

static uint64_t state = 20250210;

static uint64_t rnd(void)
{
    uint64_t z = state += 0x9E3779B97F4A7C15ull; /* SplitMix64 */
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ---- data that all kernels share ---- */
static uint8_t bytes[8192];
static uint32_t values[VALUES + 8], docs[4096 + FR_SEEK_PAD];
static uint32_t some[12], found[12];
static uint16_t sums[4096], maxima[256];
static uint64_t masks[64];
static uint8_t codes[32], expanded[32];
static const uint8_t wide[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 5, 6, 8, 11, 16};
static volatile uint64_t sink;

static void fill(void)
{
    uint32_t doc = 0;
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)rnd();
    for (size_t i = 0; i < sizeof codes; i++)
        codes[i] = (uint8_t)(rnd() % 4 | rnd() % 4 << 4); /* some 1.5 documents a range */
    for (uint32_t i = 0; i < 4096; i++) docs[i] = doc += 1 + (uint32_t)(rnd() % 400);
    for (uint32_t i = 0; i < 12; i++) some[i] = docs[10 * i] + i % 2;
    memset(docs + 4096, 0xFF, FR_SEEK_PAD * sizeof *docs);
}

enum kernel {
    UNPACK_10,
    SUM_GAPS,
    COUNT_BITS,
    SEEK,
    GROUP_MAXIMA,
    COUNT_BETWEEN,
    ADD_WHERE,
    KEEP_WHERE,
    KEEP_COMMON,
    NONZERO_CODES,
    OR_ENTRIES,
    EXPAND_CODES,
    FIND_GROUP,
    SUM_CODES,
    SUM_WIDE,
    ADD_LEVELS,
    KERNELS
};

/* What one call works on, and how many of that. */
static const struct {
    const char *name, *unit;
    double count;
} kernels[KERNELS] = {{"unpack, 10 bits", "value", VALUES},
                      {"sum_gaps", "value", VALUES},
                      {"count_bits", "document", 64 * 64},
                      {"seek, 50 values on", "call", 1},
                      {"group_maxima", "range", 4096},
                      {"count_between", "group", 256},
                      {"add_where", "range", 1},
                      {"keep_where", "range", 64},
                      {"keep_common, one in ten", "document", 12},
                      {"nonzero_codes", "row", 1},
                      {"or_entries", "range", 64},
                      {"expand_codes", "range", 64},
                      {"find_group, the 20th", "call", 1},
                      {"sum_codes", "call", 1},
                      {"sum_wide", "range", 1},
                      {"add_levels", "range", 4096}};

static void call(const struct fr_kernels *k, enum kernel which, uint32_t i)
{
    static const uint16_t level[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    switch (which) {
    case UNPACK_10: k->codec.unpack(bytes, 0, values, VALUES, 10); break;
    case SUM_GAPS: k->codec.sum_gaps(values, VALUES, i); break;
    case COUNT_BITS: sink = k->scan.count_bits(masks, 64); break;
    case SEEK: sink = k->scan.seek(docs, i * 50, docs[i * 50 + 50]); break;
    case GROUP_MAXIMA: sink = k->scan.group_maxima(sums, 256, maxima); break;
    case COUNT_BETWEEN: sink = k->scan.count_between(maxima, 256, 100, 40000); break;
    case ADD_WHERE: sink = k->scan.add_where(sums + 64 * (i % 32), masks[i], 7, 40000); break;
    case KEEP_WHERE: k->scan.keep_where(sums + 64 * (i % 32), masks[i]); break;
    case KEEP_COMMON: sink = k->scan.keep_common(some, 12, docs, found); break;
    case NONZERO_CODES: sink = k->dense.nonzero_codes(codes); break;
    case OR_ENTRIES: k->dense.or_entries(codes, bytes, masks); break;
    case EXPAND_CODES: k->dense.expand_codes(bytes, masks[i], expanded); break;
    case FIND_GROUP: sink = k->dense.find_group(bytes, i * 97, 40000, 20); break;
    case SUM_CODES: sink = k->dense.sum_codes(codes, i, wide); break;
    case SUM_WIDE: sink = k->dense.sum_wide(bytes, masks[i], bytes + 64); break;
    case ADD_LEVELS: k->scan.add_levels(sums, bytes, 4096, level); break;
    case KERNELS: break;
    }
}

/* Nanoseconds of a call. */
static double measure(const struct fr_kernels *k, enum kernel which)
{
    double best = 1e18;
    for (int r = 0; r < ROUNDS; r++) {
        double start = now_ns();
        for (uint32_t i = 0; i < BATCH; i++) call(k, which, i);
        double ns = (now_ns() - start) / BATCH;
        if (ns < best) best = ns;
    }
    return best;
}

/* GB/s of reading `size` bytes in order. */
static double read_rate(const uint64_t *data, size_t size)
{
    double best = 1e18;
    for (int r = 0; r < 5; r++) {
        uint64_t sum[4] = {0};
        double start = now_ns();
        for (size_t i = 0; i < size / 8; i += 4)
            for (int l = 0; l < 4; l++) sum[l] += data[i + l];
        double ns = now_ns() - start;
        sink = sum[0] + sum[1] + sum[2] + sum[3];
        if (ns < best) best = ns;
    }
    return (double)size / best;
}

/* Nanoseconds of a read that depends on the one before. */
static double read_latency(uint64_t *data, size_t size)
{
    size_t lines = size / 64, at = 0;
    double start;
    for (size_t i = 0; i < lines; i++) data[i * 8] = i;
    for (size_t i = lines - 1; i > 0; i--) { /* one cycle over all: Sattolo's algorithm */
        size_t k = rnd() % i;
        uint64_t swap = data[i * 8];
        data[i * 8] = data[k * 8];
        data[k * 8] = swap;
    }
    start = now_ns();
    for (int i = 0; i < 1000000; i++) at = data[at * 8];
    sink = at;
    return (now_ns() - start) / 1e6;
}

int main(void)
{
    size_t size = (size_t)256 << 20;
    uint64_t *data = malloc(size);
    if (!data) return 1;
    memset(data, 1, size);
    printf("{\n \"command\": \"frai-kernels\",\n \"memory read, GB/s\": %.1f,\n",
           read_rate(data, size));
    printf(" \"dependent read of 256 MB, ns\": %.0f,\n \"ns per\": {", read_latency(data, size));
    free(data);
    for (int which = 0; which < KERNELS; which++) {
        const char *comma = "";
        printf("%s\n  \"%s, %s\": {", which ? "," : "", kernels[which].name, kernels[which].unit);
        for (int isa = 0; isa < FR_ISA_COUNT; isa++) {
            const struct fr_kernels k = fr_kernels_of((enum fr_isa)isa);
            if (k.isa != (enum fr_isa)isa) continue;
            fill();
            for (int i = 0; i < 64; i++) masks[i] = rnd() & rnd();
            printf("%s\"%s\": %.3f", comma, fr_isa_name(k.isa),
                   measure(&k, (enum kernel)which) / kernels[which].count);
            comma = ", ";
        }
        printf("}");
    }
    printf("\n }\n}\n");
    return 0;
}
