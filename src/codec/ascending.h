/* ascending.h: n ascending integers below 2^width, all different, in so many bits as n and width
 * tell: what lies behind them is found without reading them.
 *
 *   1          the value
 *   2 to 7     a bit, then all values without their highest bit: first those that it is not set
 *              in, ascending, then the others, descending. The largest of these n is of the second
 *              kind if the bit is set
 *   8 to 128   Elias-Fano (Elias, Efficient Storage and Retrieval by Content and Address of Static
 *              Files, 1974): of 2^h buckets, 2^h the least power that is not below n, a set bit for
 *              each value, a zero between buckets; then the values without their highest h bits
 *   more       the values: any can be read by itself */
#ifndef FR_CODEC_ASCENDING_H
#define FR_CODEC_ASCENDING_H

#include <stdbool.h>

#include "codec/bitstream.h"
#include "simd/codec_kernels.h"
#include "simd/dense_kernels.h"

#define FR_ASCENDING_BUCKETS FR_MANY /* so many or more lie in buckets */
#define FR_ASCENDING_MOST    128u    /* more are only packed */
#define FR_ASCENDING_ROOM    (FR_ASCENDING_MOST + 16u)

/* h, of n >= 2. */
static inline unsigned fr_ascending_bucket_bits(uint32_t n)
{
    return 32u - (unsigned)__builtin_clz(n - 1);
}

/* Bits that the buckets take: one a value, one between two buckets. */
static inline uint32_t fr_ascending_all_buckets(uint32_t n, unsigned h)
{
    return n + (1u << h) - 1;
}

/* What n >= FR_ASCENDING_BUCKETS values take beyond 1 + n * (width - 1), modulo 2^64. */
static inline uint64_t fr_ascending_beyond(uint32_t n)
{
    unsigned h = fr_ascending_bucket_bits(n);
    return n > FR_ASCENDING_MOST ? n - 1 : (1ull << h) - 2 - n * (h - 2ull);
}

/* Bits that n >= 1 values take. */
static inline uint64_t fr_ascending_bits(uint32_t n, unsigned width)
{
    uint64_t bits = 1 + n * ((uint64_t)width - 1);
    return n < FR_ASCENDING_BUCKETS ? bits : bits + fr_ascending_beyond(n);
}

/* Are there n different values? No list has others. */
static inline bool fr_ascending_fits(uint32_t n, unsigned width)
{
    return n > 0 && width <= 32 && (uint64_t)(n - 1) >> width == 0;
}

/* The first of n values, from bit `first` of `in` on. */
uint32_t fr_ascending_first(const uint8_t *in, uint64_t first, uint32_t n, unsigned width);

/* Appends n values; they fit. Writes up to fr_ascending_bits / 8 + 9 bytes. */
void fr_ascending_append_many(struct fr_bit_writer *w, const uint32_t *values, uint32_t n,
                              unsigned width);

static inline void fr_ascending_append(struct fr_bit_writer *w, const uint32_t *values, uint32_t n,
                                       unsigned width)
{
    if (n == 1)
        fr_bits_append(w, width, *values);
    else
        fr_ascending_append_many(w, values, n, width);
}

/* n <= FR_ASCENDING_MOST values, which fit, from bit `first` of `in` on; out has room for
 * FR_ASCENDING_ROOM. Behind 2 to 7 follows ~0, up to out[15]. False: none are written so. */
static inline bool fr_ascending_decode(const struct fr_codec_kernels *k, const uint8_t *in,
                                       uint64_t first, uint32_t n, unsigned width, uint32_t *out)
{
    if (n == 1) {
        out[0] = fr_bits_get(in, first, width);
        return true;
    }
    if (n < FR_ASCENDING_BUCKETS) {
        k->unpack_halves(in + first / 8, first % 8, out, n, width);
        return true;
    }
    unsigned h = fr_ascending_bucket_bits(n), low = width - h;
    uint32_t bits = fr_ascending_all_buckets(n, h);
    uint64_t values = first + bits;
    k->unpack(in + values / 8, values % 8, out, n, low);
    return k->add_buckets(in + first / 8, first % 8, bits, out, n, low) == n;
}

#endif
