/* dense_layout.h: what the writer and the reader of dense postings know of a term from its number
 * of documents and that of the segment. */
#ifndef FR_SEGMENT_DENSE_LAYOUT_H
#define FR_SEGMENT_DENSE_LAYOUT_H

#include "segment/format.h"

#define FR_DENSE_BYTES_MOST 8u /* a coded range of more documents is bits */
#define FR_ROW_RANGES       64u

/* Bytes of tf codes by a range's code: the smallest that hold two bits for each document. */
static const uint8_t fr_wide_bytes[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 5, 6, 8, 11, 16};

/* Of a range of n documents. */
static inline unsigned fr_range_code(uint32_t n)
{
    unsigned code = n <= FR_DENSE_BYTES_MOST ? n : FR_DENSE_BYTES_MOST + 1;
    while (code > FR_DENSE_BYTES_MOST && fr_wide_bytes[code] * 4u < n) code++;
    return code;
}

static inline bool fr_dense_is_coded(uint32_t df, uint32_t docs)
{
    return df >= fr_dense_least(docs, FR_DENSE_CODED_SHARE);
}

/* A listed term's rows are struct fr_listed_row, or, of more documents, fr_wide_listed_row. */
static inline bool fr_listed_is_wide(uint32_t df)
{
    return df > UINT16_MAX;
}

static inline uint32_t fr_row_count(uint32_t ranges)
{
    return ranges / FR_ROW_RANGES + (ranges % FR_ROW_RANGES != 0);
}

static inline uint32_t fr_dense_row_bytes(bool coded, uint32_t df)
{
    return coded                   ? sizeof(struct fr_coded_row)
           : fr_listed_is_wide(df) ? sizeof(struct fr_wide_listed_row)
                                   : sizeof(struct fr_listed_row);
}

/* Ranges that have one offset of positions: the more documents, the fewer. */
static inline uint32_t fr_dense_chunk_ranges(uint32_t df, uint32_t docs)
{
    uint64_t ranges = fr_range_count(docs);
    return !fr_dense_is_coded(df, docs) ? FR_ROW_RANGES
           : df >= 16 * ranges          ? FR_DENSE_CHUNK
           : df >= 8 * ranges           ? 2 * FR_DENSE_CHUNK
           : df >= 4 * ranges           ? 4 * FR_DENSE_CHUNK
                                        : 16 * FR_DENSE_CHUNK;
}

#endif
