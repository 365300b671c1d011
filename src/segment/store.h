/* store.h: documents as they were given, in zstd blocks with random access.
 *
 * A block's plain bytes are: varint count of records, a varint length each, then the records
 * (segment/record.h). */
#ifndef FR_SEGMENT_STORE_H
#define FR_SEGMENT_STORE_H

#include "base/compress.h"
#include "segment/record.h"
#include "segment/segment.h"
#include "segment/segment_writer.h"

#define FR_STORE_LEVEL 3 /* of zstd */

/* Compresses the records of consecutive documents into whole blocks. `lengths` (count of them) say
 * where each record of `records` ends; appends blocks to out, and to index a struct fr_store_entry
 * of each, with offsets in out. */
bool fr_store_pack(struct fr_compressor *c, uint32_t first_doc, const uint8_t *records,
                   const uint32_t *lengths, uint32_t count, struct fr_buf *out,
                   struct fr_buf *index, struct fr_buf *scratch);

/* Appends packed blocks to sections store and store_index; offsets of the entries count from the
 * first of these blocks. */
void fr_store_append(struct fr_segment_writer *w, const struct fr_buf *blocks,
                     const struct fr_buf *entries);

/* The dictionary that the blocks were packed with becomes section store_dict. */
void fr_store_put_dictionary(struct fr_segment_writer *w, frai_slice dictionary);

/* Reads records; one a thread. Keeps the latest block. */
struct fr_store_reader {
    const struct fr_segment *seg;
    struct fr_decompressor *decompressor;
    struct fr_buf plain;
    struct fr_buf ends; /* uint32_t: where in plain the records end, after where the first begins */
    uint64_t block;     /* in plain, or ~0 */
};
void fr_store_reader_init(struct fr_store_reader *r, const struct fr_segment *seg,
                          const frai_allocator *mem);
void fr_store_reader_deinit(struct fr_store_reader *r);

/* The record of a document, valid until the next call. An index without stored text gives an empty
 * one. */
frai_status fr_store_read(struct fr_store_reader *r, uint32_t doc, const uint8_t **record,
                          size_t *len, frai_error *err);

#endif
