/* Patched frame of reference (Zukowski et al., Super-Scalar RAM-CPU Cache Compression, 2006): the
 * width is the one that makes the block shortest, exceptions included. */
#include "codec/pfor.h"

#include <string.h>

#define HAS_EXCEPTIONS 64u

static unsigned bits_of(uint32_t v)
{
    return 63u - (unsigned)__builtin_clzll(2ull * v + 1);
}

static uint32_t packed_bytes(uint32_t n, unsigned width)
{
    return (n * width + 7) / 8;
}

uint32_t fr_bitpack(const uint32_t *values, uint32_t n, unsigned width, uint8_t *out)
{
    uint64_t word = 0, mask = (1ull << width) - 1;
    unsigned used = 0;
    uint8_t *at = out;
    for (uint32_t i = 0; i < n; i++) {
        word |= (values[i] & mask) << used;
        used += width;
        if (used < 32) continue;
        memcpy(at, &word, 4);
        at += 4;
        word >>= 32;
        used -= 32;
    }
    memcpy(at, &word, (used + 7) / 8);
    return packed_bytes(n, width);
}

uint32_t fr_pfor_encode(const uint32_t *values, uint32_t n, uint8_t *out)
{
    uint32_t histogram[33] = {0}, odd[33] = {0}, all = 0; /* two, so as not to wait for stores */
    for (uint32_t i = 0; i < n; i++) {
        (i % 2 ? odd : histogram)[bits_of(values[i])]++;
        all |= values[i];
    }
    unsigned most = bits_of(all);
    for (unsigned b = 0; b <= most; b++) histogram[b] += odd[b];
    unsigned best = most;
    uint32_t best_bytes = 1 + packed_bytes(n, most), above = 0;
    for (unsigned width = most; width-- > 0;) {
        above += histogram[width + 1];
        uint32_t bytes = 1 + packed_bytes(n, width) + 2 + above + packed_bytes(above, most - width);
        if (bytes < best_bytes) {
            best_bytes = bytes;
            best = width;
        }
    }
    uint8_t *at = out;
    *at++ = (uint8_t)(best | (best < most ? HAS_EXCEPTIONS : 0));
    at += fr_bitpack(values, n, best, at);
    if (best < most) {
        uint32_t high[FR_BLOCK], count = 0;
        uint8_t *indexes = at + 2;
        for (uint32_t i = 0; i < n; i++)
            if (bits_of(values[i]) > best) {
                indexes[count] = (uint8_t)i;
                high[count++] = values[i] >> best;
            }
        at[0] = (uint8_t)count;
        at[1] = (uint8_t)(most - best);
        at = indexes + count;
        at += fr_bitpack(high, count, most - best, at);
    }
    return (uint32_t)(at - out);
}

uint32_t fr_pfor_decode(const struct fr_codec_kernels *k, const uint8_t *in, uint64_t avail,
                        uint32_t n, uint32_t *out)
{
    if (avail < 1) return 0;
    unsigned width = in[0] & (HAS_EXCEPTIONS - 1);
    if (width > 32 || in[0] >= 2 * HAS_EXCEPTIONS) return 0;
    uint32_t used = 1 + packed_bytes(n, width);
    if (used > avail) return 0;
    k->unpack(in + 1, 0, out, n, width);
    if (!(in[0] & HAS_EXCEPTIONS)) return used;
    if (avail - used < 2) return 0;
    uint32_t count = in[used], extra = in[used + 1];
    const uint8_t *indexes = in + used + 2;
    used += 2;
    if (count == 0 || count > n || extra == 0 || width + extra > 32) return 0;
    uint32_t tail = count + packed_bytes(count, extra);
    if (tail > avail - used) return 0;
    uint32_t high[FR_BLOCK + 8];
    k->unpack(indexes + count, 0, high, count, extra);
    for (uint32_t i = 0; i < count; i++) {
        if (indexes[i] >= n) return 0;
        out[indexes[i]] |= high[i] << width;
    }
    return used + tail;
}

unsigned fr_pfor_bits(const uint8_t *in, uint32_t n)
{
    unsigned width = in[0] & (HAS_EXCEPTIONS - 1);
    return in[0] & HAS_EXCEPTIONS ? width + in[1 + packed_bytes(n, width) + 1] : width;
}
