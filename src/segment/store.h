/* store.h: documents as they were given, in zstd blocks with random access.
 *
 * A block's plain bytes are: varint count of records, a varint length each, then the records
 * (segment/record.h); or, where several blocks have the same first document, a part of its record.
 */
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

/* Compresses a block; of the entry, `at` and the sizes are set. */
bool fr_store_pack_block(struct fr_compressor *c, const uint8_t *plain, size_t len,
                         struct fr_store_entry entry, struct fr_store_blocks *out);

/* Appends blocks to sections store and store_index; their positions count from `base`. */
void fr_store_append(struct fr_segment_writer *w, const struct fr_store_blocks *blocks,
                     uint32_t base);

/* The dictionary that the blocks were packed with becomes section store_dict. */
void fr_store_put_dictionary(struct fr_segment_writer *w, frai_slice dictionary);

/* Reads records; one a thread. Keeps the latest block. */
struct fr_store_reader {
    const struct fr_segment *seg;
    struct fr_decompressor *decompressor;
    struct fr_buf plain;
    FR_VECTOR(uint32_t) ends; /* where in plain the records end, after where the first begins */
    uint64_t block;           /* in plain, or ~0 */
    struct fr_buf joined;     /* bytes of several blocks */
    uint64_t blocks_read;     /* so far */
    /* Where the latest byte of a long record was read, which others are often behind. */
    uint64_t place, place_at; /* block; of its first byte in the record */
    uint32_t place_doc;
    uint64_t walked; /* bytes of parts since pages of the map were dropped */
};
void fr_store_reader_init(struct fr_store_reader *r, const struct fr_segment *seg,
                          const frai_allocator *mem);
void fr_store_reader_deinit(struct fr_store_reader *r);

/* The record of a document, valid until the next call. An index without stored text gives an empty
 * one. */
frai_status fr_store_read(struct fr_store_reader *r, uint32_t doc, const uint8_t **record,
                          size_t *len, frai_error *err);

/* The blocks that have a document's record: one with others, or the parts of a long one. */
struct fr_stored {
    uint32_t doc;
    uint64_t first, count; /* blocks */
    uint64_t bytes;        /* of a long record */
};
frai_status fr_store_find(struct fr_store_reader *r, uint32_t doc, struct fr_stored *out,
                          frai_error *err);

static inline bool fr_stored_is_long(const struct fr_stored *s)
{
    return s->count > 1;
}

/* Bytes of a long record; those that are asked for in their order are found at once. */
frai_status fr_store_read_bytes(struct fr_store_reader *r, const struct fr_stored *s, uint64_t at,
                                void *to, size_t bytes, frai_error *err);

/* The field of a long record that begins at *at, which moves behind it: its number, and where its
 * value is. */
struct fr_stored_field {
    uint64_t number, at, bytes;
};
frai_status fr_store_next_field(struct fr_store_reader *r, const struct fr_stored *s, uint64_t *at,
                                struct fr_stored_field *field, frai_error *err);

/* What a long record's field has at the positions and shortly around them: whole parts, as far as
 * they are of the field. Valid until the next call. */
struct fr_stored_place {
    struct fr_stored_field field;
    uint32_t begin, end;
};
struct fr_stored_text {
    frai_slice text;
    uint64_t at;   /* where it begins in the field */
    uint32_t stop; /* the position of the next part; ~0: there is none */
};
frai_status fr_store_read_near(struct fr_store_reader *r, const struct fr_stored *s,
                               const struct fr_stored_place *place, struct fr_stored_text *out,
                               frai_error *err);

/* The bytes of a block as they are when decompressed, valid until the next call. */
frai_status fr_store_read_block(struct fr_store_reader *r, uint64_t block, frai_slice *plain,
                                frai_error *err);

/* The record of a document, however long. A short one is valid until the next call. */
struct fr_store_source {
    struct fr_store_reader *reader;
    struct fr_stored stored;
    struct fr_record_source record;
};
frai_status fr_store_source(struct fr_store_reader *r, uint32_t doc, struct fr_store_source *out,
                            frai_error *err);

/* One field of the record; of a long one the blocks are read that have it. Valid until the next
 * call. */
frai_status fr_store_read_field(struct fr_store_reader *r, uint32_t doc, uint32_t field,
                                frai_slice *value, frai_error *err);

/* The path, shared or not. */
frai_status fr_store_read_path(struct fr_store_reader *r, uint32_t doc, frai_slice *path,
                               frai_error *err);

/* Reads all blocks of the document. */
frai_status fr_store_check(struct fr_store_reader *r, uint32_t doc, frai_error *err);

#endif
