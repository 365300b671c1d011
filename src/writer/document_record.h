/* document_record.h: the values of a document → its record, which is made in memory or, where it is
 * long, read from the values as it goes. */
#ifndef FR_WRITER_DOCUMENT_RECORD_H
#define FR_WRITER_DOCUMENT_RECORD_H

#include "index/manifest.h"
#include "segment/record.h"

#define FR_VALUES_MAX (FR_FIELD_BUILTIN + FR_FIELDS_MAX)

/* Without `read`, text.ptr has the bytes. */
struct fr_value {
    uint32_t number; /* of the field */
    frai_slice text;
    int (*read)(void *arg, uint64_t offset, char *to, size_t bytes);
    void *arg;
};

struct fr_document_record {
    struct fr_value values[FR_VALUES_MAX];
    uint32_t count;
    struct fr_buf bytes; /* the record; of a long one what is before each value */
    size_t ends[FR_VALUES_MAX];
};

/* Makes a source of the values, which it may put in another order, and of r->bytes. part_bytes:
 * from where on a record is long. */
frai_status fr_document_record_make(struct fr_document_record *r,
                                    const struct fr_settings *settings, uint32_t part_bytes,
                                    struct fr_record_source *out, frai_error *err);

#endif
