/* long_document.h: a record that is too long for a chunk → chunks with a part of it each. Of a long
 * record the fields that are no text come first, then the text fields in their order. */
#ifndef FR_WRITER_LONG_DOCUMENT_H
#define FR_WRITER_LONG_DOCUMENT_H

#include "segment/record.h"
#include "writer/inverter.h"

struct fr_long_document {
    const struct fr_settings *settings;
    const struct fr_record_source *source;
    struct fr_buf bytes; /* of the record, from `begin` on not in a chunk yet */
    size_t begin;
    struct fr_buf path; /* of the document; known with its first part */
    uint32_t part_bytes;
    uint64_t read, left;  /* bytes of the record that were read; of the field's that are to come */
    uint32_t field, next; /* text field that is being cut, the least that may follow */
    enum fr_cut before;   /* the next piece of it */
    bool begun;           /* a part was made */
};

void fr_long_document_init(struct fr_long_document *d, const struct fr_settings *settings,
                           const struct fr_record_source *source, uint32_t part_bytes,
                           const frai_allocator *mem);
void fr_long_document_deinit(struct fr_long_document *d);

/* The next part, into an empty chunk; the last one is marked as such. */
frai_status fr_long_document_next(struct fr_long_document *d, struct fr_chunk *chunk,
                                  frai_error *err);

#endif
