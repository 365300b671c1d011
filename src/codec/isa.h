/* isa.h: which instruction set the kernels use. Every level gives the same bits. */
#ifndef FR_CODEC_ISA_H
#define FR_CODEC_ISA_H

#include <stdint.h>

enum fr_isa { FR_ISA_SCALAR = 0, FR_ISA_AVX2 = 1, FR_ISA_COUNT };

#define FR_BLOCK    128u /* postings in a full block */
#define FR_OVERREAD 64u  /* zero bytes after packed data that kernels may read */

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
    /* sums[i] += level[code i] for n codes of four bits, low nibble first. `codes` is readable 16
     * bytes past its end, `sums` writable to a multiple of 32. */
    void (*add_levels)(uint16_t *sums, const uint8_t *codes, uint32_t n, const uint16_t level[16]);
};

/* The best level that this processor has, or that FRAI_ISA ("scalar", "avx2") asks for. */
enum fr_isa fr_isa_best(void);
const struct fr_kernels *fr_kernels_of(enum fr_isa isa); /* scalar where isa is not to be had */

#endif
