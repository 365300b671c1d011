/* Lucene's byte4: a four-bit mantissa and an exponent, after the lengths that stand for themselves.
 */
#include "codec/norm.h"

#include <math.h>

/* A value as a 3-bit mantissa below an implied leading one, and a shift. */
static uint32_t long_to_int4(uint64_t v)
{
    unsigned bits = v ? 64u - (unsigned)__builtin_clzll(v) : 0;
    if (bits < 4) return (uint32_t)v;
    unsigned shift = bits - 4;
    return (uint32_t)(v >> shift & 7) | (shift + 1) << 3;
}

static uint64_t int4_to_long(uint32_t v)
{
    uint64_t bits = v & 7;
    int shift = (int)(v >> 3) - 1;
    return shift < 0 ? bits : (bits | 8) << shift;
}

uint8_t fr_norm_encode(uint32_t length)
{
    if (length > INT32_MAX) length = INT32_MAX;
    if (length < FR_NORM_FREE_VALUES) return (uint8_t)length;
    return (uint8_t)(FR_NORM_FREE_VALUES + long_to_int4(length - FR_NORM_FREE_VALUES));
}

uint32_t fr_norm_decode(uint8_t norm)
{
    return norm < FR_NORM_FREE_VALUES
               ? norm
               : (uint32_t)(FR_NORM_FREE_VALUES + int4_to_long(norm - FR_NORM_FREE_VALUES));
}

float fr_norm_k(uint8_t norm, float k1, float b, float average_length)
{
    float relative = average_length > 0 ? (float)fr_norm_decode(norm) / average_length : 1;
    return k1 * (1 - b + b * relative);
}

void fr_norm_k_table(float k1, float b, float average_length, float out[256])
{
    for (int i = 0; i < 256; i++) out[i] = fr_norm_k((uint8_t)i, k1, b, average_length);
}

uint8_t fr_impact_byte(uint32_t tf, float k)
{
    float scaled = ceilf((float)tf / ((float)tf + k) * 255.0f * 1.000001f);
    return scaled >= 255.0f ? 255 : (uint8_t)scaled;
}
