/* store.h: documents as they were given, in zstd blocks with random access.
 *
 * A block's plain bytes are: varint count of records, a varint length each, then the records
 * (segment/record.h). */
#ifndef FR_SEGMENT_STORE_H
#define FR_SEGMENT_STORE_H

#include "base/compress.h"
#include "base/vector.h"
#include "segment/record.h"
#include "segment/segment.h"
#include "segment/segment_writer.h"

#define FR_STORE_LEVEL 3 /* of zstd */

/* The records of consecutive documents, end to end. */
struct fr_records {
    struct fr_buf bytes;
    FR_VECTOR(uint32_t) lengths; /* of each */
};

static inline void fr_records_add(struct fr_records *r, const void *bytes, size_t len)
{
    fr_buf_put(&r->bytes, bytes, len);
    fr_vec_push(&r->lengths, (uint32_t)len);
}

static inline bool fr_records_failed(const struct fr_records *r)
{
    return r->bytes.failed || r->lengths.buf.failed;
}

/* Whole blocks that are in no segment yet; offsets of the entries count from the first of them. */
struct fr_store_blocks {
    struct fr_buf bytes;
    FR_VECTOR(struct fr_store_entry) entries;
};

/* Compresses records, the first of which is that of first_doc, and appends them to out. */
bool fr_store_pack(struct fr_compressor *c, uint32_t first_doc, const struct fr_records *records,
                   struct fr_store_blocks *out, struct fr_buf *scratch);

/* Appends blocks to sections store and store_index. */
void fr_store_append(struct fr_segment_writer *w, const struct fr_store_blocks *blocks);

/* The dictionary that the blocks were packed with becomes section store_dict. */
void fr_store_put_dictionary(struct fr_segment_writer *w, frai_slice dictionary);

/* Reads records; one a thread. Keeps the latest block. */
struct fr_store_reader {
    const struct fr_segment *seg;
    struct fr_decompressor *decompressor;
    struct fr_buf plain;
    FR_VECTOR(uint32_t) ends; /* where in plain the records end, after where the first begins */
    uint64_t block;           /* in plain, or ~0 */
};
void fr_store_reader_init(struct fr_store_reader *r, const struct fr_segment *seg,
                          const frai_allocator *mem);
void fr_store_reader_deinit(struct fr_store_reader *r);

/* The record of a document, valid until the next call. An index without stored text gives an empty
 * one. */
frai_status fr_store_read(struct fr_store_reader *r, uint32_t doc, const uint8_t **record,
                          size_t *len, frai_error *err);

#endif
