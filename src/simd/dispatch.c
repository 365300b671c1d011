/* Asks the processor which levels it has, once for each segment that is opened. */
#include "simd/dispatch.h"

#include <string.h>

static bool has(enum fr_isa isa)
{
#ifdef __x86_64__
    if (isa == FR_ISA_AVX2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
               __builtin_cpu_supports("popcnt");
    if (isa == FR_ISA_AVX512)
        return has(FR_ISA_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vbmi") &&
               __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vpopcntdq") &&
               __builtin_cpu_supports("gfni");
#elif defined(__aarch64__)
    if (isa == FR_ISA_NEON) return true; /* every such processor has it */
#endif
    return isa == FR_ISA_SCALAR;
}

struct fr_kernels fr_kernels_of(enum fr_isa isa)
{
    switch (has(isa) ? isa : FR_ISA_SCALAR) {
#ifdef __x86_64__
    case FR_ISA_AVX512:
        return (struct fr_kernels){isa, fr_codec_avx512, fr_dense_avx512, fr_scan_avx512};
    case FR_ISA_AVX2: return (struct fr_kernels){isa, fr_codec_avx2, fr_dense_avx2, fr_scan_avx2};
#elif defined(__aarch64__)
    case FR_ISA_NEON: return (struct fr_kernels){isa, fr_codec_neon, fr_dense_neon, fr_scan_neon};
#endif
    default:
        return (struct fr_kernels){FR_ISA_SCALAR, fr_codec_scalar, fr_dense_scalar, fr_scan_scalar};
    }
}

static enum fr_isa chosen = FR_ISA_COUNT; /* by fr_kernels_use */

struct fr_kernels fr_kernels_current(void)
{
    enum fr_isa best = FR_ISA_SCALAR;
    for (enum fr_isa isa = FR_ISA_SCALAR; isa < FR_ISA_COUNT; isa++)
        if (has(isa)) best = isa;
    return fr_kernels_of(chosen < FR_ISA_COUNT ? chosen : best);
}

const char *fr_isa_name(enum fr_isa isa)
{
    static const char *const names[FR_ISA_COUNT] = {"scalar", "avx2", "avx512", "neon"};
    return names[isa];
}

bool fr_kernels_use(const char *name)
{
    chosen = FR_ISA_COUNT;
    for (enum fr_isa isa = FR_ISA_SCALAR; isa < FR_ISA_COUNT && name; isa++)
        if (has(isa) && strcmp(fr_isa_name(isa), name) == 0) chosen = isa;
    return chosen < FR_ISA_COUNT || !name;
}
