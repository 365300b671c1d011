/* norm.h: a document's length in one byte, as Lucene's SmallFloat.intToByte4 has it: exact up to
 * 39, then four significant bits; so that BM25 scores compare with Lucene's. */
#ifndef FR_CODEC_NORM_H
#define FR_CODEC_NORM_H

#include <stdint.h>

/* How many small values are exact: 255 - long_to_int4(INT_MAX). */
#define FR_NORM_FREE_VALUES 24u

uint8_t fr_norm_encode(uint32_t length);
uint32_t fr_norm_decode(uint8_t norm); /* the smallest length that has this byte */

/* How many low bits of a length above that the byte has not: the length is fr_norm_decode(norm) and
 * a number of so many bits. */
static inline unsigned fr_norm_lost_bits(uint8_t norm)
{
    unsigned exponent = norm < FR_NORM_FREE_VALUES ? 0 : (norm - FR_NORM_FREE_VALUES) >> 3;
    return exponent > 1 ? exponent - 1 : 0;
}

/* K of BM25, k1 * (1 - b + b * length / average), for a norm and for all of them. */
float fr_norm_k(uint8_t norm, float k1, float b, float average_length);
void fr_norm_k_table(float k1, float b, float average_length, float out[256]);

/* tf / (tf + k) in 255ths, rounded up: a bound whatever the rounding of the float scorer. */
uint8_t fr_impact_byte(uint32_t tf, float k);

#endif
