/* bitstream.h: integers of any width up to 32 bits, one after another, at any bit. */
#ifndef FR_CODEC_BITSTREAM_H
#define FR_CODEC_BITSTREAM_H

#include <stdint.h>
#include <string.h>

/* The value of `width` <= 32 bits at bit `at`. Reads 8 bytes from at/8 on. */
static inline uint32_t fr_bits_get(const uint8_t *in, uint64_t at, unsigned width)
{
    uint64_t word;
    memcpy(&word, in + (at >> 3), 8);
    return (uint32_t)(word >> (at & 7) & ((1ull << width) - 1));
}

/* Puts value (< 2^width) at bit `at`; 8 bytes from at/8 on are writable and zero from `at` on. */
static inline void fr_bits_put(uint8_t *out, uint64_t at, unsigned width, uint32_t value)
{
    (void)width;
    uint64_t word;
    memcpy(&word, out + (at >> 3), 8);
    word |= (uint64_t)value << (at & 7);
    memcpy(out + (at >> 3), &word, 8);
}

/* Where bits are put one value after another: `held` low bits of `word` stand before `at`. */
struct fr_bit_writer {
    uint8_t *at;
    uint64_t word;
    unsigned held; /* less than 8 */
};

/* Writes 8 bytes from w->at on. */
static inline void fr_bits_append(struct fr_bit_writer *w, unsigned width, uint32_t value)
{
    w->word |= (uint64_t)value << w->held;
    w->held += width;
    memcpy(w->at, &w->word, 8);
    w->at += w->held / 8;
    w->word >>= w->held & ~7u;
    w->held %= 8;
}

#endif
