/* pfor.h: a block of up to FR_BLOCK integers in patched frame-of-reference form.
 *
 *   byte 0        width (0..32), + 64 if exceptions follow the body
 *   body          n values, their low `width` bits, horizontally packed
 *   exceptions    count (1 byte), extra bits (1 byte), count indexes (1 byte each, ascending),
 *                 count high parts of `extra` bits, packed
 *
 * After Zukowski et al., Super-Scalar RAM-CPU Cache Compression (ICDE 2006), with the patches out
 * of line. */
#ifndef FR_CODEC_PFOR_H
#define FR_CODEC_PFOR_H

#include "base/units.h"
#include "simd/codec_kernels.h"

#define FR_PFOR_MAX_BYTES (3u + FR_BLOCK * 4u + FR_BLOCK + FR_BLOCK * 4u)

/* Encodes n <= FR_BLOCK values in the fewest bytes; returns how many (at most FR_PFOR_MAX_BYTES).
 * The bytes written are exact: no padding. */
uint32_t fr_pfor_encode(const uint32_t *values, uint32_t n, uint8_t *out);

/* Decodes n <= FR_BLOCK values from at most `avail` bytes; out has room for n + 8. Returns the
 * bytes used, or 0 if the block is not well formed. `in` is readable FR_OVERREAD bytes past avail.
 */
uint32_t fr_pfor_decode(const struct fr_codec_kernels *k, const uint8_t *in, uint64_t avail,
                        uint32_t n, uint32_t *out);

/* No value of a block that decodes has more bits than this. */
unsigned fr_pfor_bits(const uint8_t *in, uint32_t n);

/* Packs the low `width` bits of n values; returns ceil(n * width / 8). */
uint32_t fr_bitpack(const uint32_t *values, uint32_t n, unsigned width, uint8_t *out);

#endif
