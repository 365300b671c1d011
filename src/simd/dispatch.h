/* dispatch.h: kernels, and the instruction set that they use. Every level gives the same bits. */
#ifndef FR_SIMD_DISPATCH_H
#define FR_SIMD_DISPATCH_H

#include <stdbool.h>

#include "simd/codec_kernels.h"
#include "simd/dense_kernels.h"
#include "simd/scan_kernels.h"

enum fr_isa { FR_ISA_SCALAR, FR_ISA_AVX2, FR_ISA_AVX512, FR_ISA_NEON, FR_ISA_COUNT };

struct fr_kernels {
    enum fr_isa isa;
    struct fr_codec_kernels codec;
    struct fr_dense_kernels dense;
    struct fr_scan_kernels scan;
};

struct fr_kernels fr_kernels_of(enum fr_isa isa); /* scalar where isa is not to be had */

/* The best level that this processor has, unless a test or a benchmark has chosen another. */
struct fr_kernels fr_kernels_current(void);

/* "scalar", "avx2", "avx512" or "neon". */
const char *fr_isa_name(enum fr_isa isa);

/* Chooses a level by name (NULL: the best again), for segments that are opened from now on, before
 * any thread starts. False: this processor doesn't have it. */
bool fr_kernels_use(const char *name);

#endif
