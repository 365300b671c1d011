/* The part of BM25 that is computed once per term. */
#include "query/bm25.h"

#include <math.h>

float fr_bm25_idf(uint64_t docs, uint64_t df)
{
    double n = (double)docs, d = (double)df;
    return (float)log(1.0 + (n - d + 0.5) / (d + 0.5));
}
