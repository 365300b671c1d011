/* Asks the processor which levels it has; their kernels are tables of functions. */
#include "codec/isa.h"

#include <string.h>

extern const struct fr_kernels fr_kernels_scalar;
#ifdef __x86_64__
extern const struct fr_kernels fr_kernels_avx2, fr_kernels_avx512;

static int has(enum fr_isa isa)
{
    if (isa == FR_ISA_AVX2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
               __builtin_cpu_supports("popcnt");
    return has(FR_ISA_AVX2) && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vpopcntdq") &&
           __builtin_cpu_supports("gfni");
}

const struct fr_kernels *fr_kernels_of(enum fr_isa isa)
{
    if (isa == FR_ISA_AVX512 && has(isa)) return &fr_kernels_avx512;
    if (isa == FR_ISA_AVX2 && has(isa)) return &fr_kernels_avx2;
    return &fr_kernels_scalar;
}
#else
#ifdef __aarch64__
extern const struct fr_kernels fr_kernels_neon; /* every such processor has it */
#endif

const struct fr_kernels *fr_kernels_of(enum fr_isa isa)
{
#ifdef __aarch64__
    if (isa == FR_ISA_NEON) return &fr_kernels_neon;
#endif
    (void)isa;
    return &fr_kernels_scalar;
}
#endif

static const struct fr_kernels *chosen; /* by fr_kernels_use */

const struct fr_kernels *fr_kernels_current(void)
{
    const struct fr_kernels *best = &fr_kernels_scalar;
    if (chosen) return chosen;
    for (int isa = FR_ISA_AVX2; isa < FR_ISA_COUNT; isa++) {
        const struct fr_kernels *k = fr_kernels_of((enum fr_isa)isa);
        if (k != &fr_kernels_scalar) best = k;
    }
    return best;
}

bool fr_kernels_use(const char *name)
{
    chosen = NULL;
    for (int isa = FR_ISA_SCALAR; isa < FR_ISA_COUNT && name; isa++) {
        const struct fr_kernels *k = fr_kernels_of((enum fr_isa)isa);
        if (strcmp(k->name, name) == 0) chosen = k;
    }
    return chosen || !name;
}
