/* bm25.h: Lucene's BM25: idf * tf / (tf + K), without the factor k1 + 1 (LUCENE-8563). K, which
 * depends on the document's length, is tabulated by norm (codec/norm.h). */
#ifndef FR_QUERY_BM25_H
#define FR_QUERY_BM25_H

#include <stdint.h>

/* The score of one term; weight: its idf times its weight in the query. */
static inline float fr_bm25(float weight, uint32_t tf, float k)
{
    return weight * ((float)tf / ((float)tf + k));
}

/* ln(1 + (N - df + .5) / (df + .5)) */
float fr_bm25_idf(uint64_t docs, uint64_t df);

#endif
