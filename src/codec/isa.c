#include "codec/isa.h"

#include <stdlib.h>
#include <string.h>

extern const struct fr_kernels fr_kernels_scalar;
#ifdef __x86_64__
extern const struct fr_kernels fr_kernels_avx2;
#endif

static int has_avx2(void)
{
#ifdef __x86_64__
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
#else
    return 0;
#endif
}

enum fr_isa fr_isa_best(void)
{
    const char *forced = getenv("FRAI_ISA");
    if (forced && strcmp(forced, "scalar") == 0) return FR_ISA_SCALAR;
    return has_avx2() ? FR_ISA_AVX2 : FR_ISA_SCALAR;
}

const struct fr_kernels *fr_kernels_of(enum fr_isa isa)
{
#ifdef __x86_64__
    if (isa == FR_ISA_AVX2 && has_avx2()) return &fr_kernels_avx2;
#endif
    (void)isa;
    return &fr_kernels_scalar;
}
