/* norm.h: a document's length in one byte, as Lucene's SmallFloat.intToByte4 has it: exact up to
 * 39, then four significant bits; so that BM25 scores compare with Lucene's. */
#ifndef FR_CODEC_NORM_H
#define FR_CODEC_NORM_H

#include <stdint.h>

uint8_t fr_norm_encode(uint32_t length);
uint32_t fr_norm_decode(uint8_t norm); /* the smallest length that has this byte */

/* K of BM25, k1 * (1 - b + b * length / average), for a norm and for all of them. */
float fr_norm_k(uint8_t norm, float k1, float b, float average_length);
void fr_norm_k_table(float k1, float b, float average_length, float out[256]);

/* tf / (tf + k) in 255ths, rounded up: a bound whatever the rounding of the float scorer. */
uint8_t fr_impact_byte(uint32_t tf, float k);

#endif
