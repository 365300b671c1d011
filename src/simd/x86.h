/* x86.h: what a function of the AVX-512 level may use. */
#ifndef FR_SIMD_X86_H
#define FR_SIMD_X86_H

#define FR_AVX512                                                                                  \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,"             \
                          "avx512vpopcntdq,gfni,bmi2,popcnt")))

#endif
