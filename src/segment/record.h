/* record.h: one document as it is stored: for each field that has a value varint number, varint
 * length, bytes. The writer's input, and what the store gives back. */
#ifndef FR_SEGMENT_RECORD_H
#define FR_SEGMENT_RECORD_H

#include "base/memory.h"

enum fr_field { /* numbers of the fields that every index has; declared ones follow */
                FR_FIELD_TITLE = 0,
                FR_FIELD_BODY,
                FR_FIELD_URL,
                FR_FIELD_PATH,
                FR_FIELD_DATE,
                FR_FIELD_SOURCE,
                FR_FIELD_SHARED_PATH, /* instead of FR_FIELD_PATH: of the file with many documents
                                       */
                FR_FIELD_BUILTIN
};

/* The number of a field that every index has, by its name in the public API; false: it is none. */
bool fr_field_of_name(frai_slice name, uint32_t *field);

/* Appends a field; an empty value is none. A record has each field once at most. */
void fr_record_put(struct fr_buf *record, uint32_t field, frai_slice value);

/* What is before a value. */
void fr_record_put_head(struct fr_buf *record, uint32_t field, size_t len);

/* One field of a record; empty if it has none. */
frai_slice fr_record_field(const uint8_t *record, size_t len, uint32_t field);

/* Its path, shared or not. */
frai_slice fr_record_path(const uint8_t *record, size_t len);

/* A record that may be too long for memory: bytes that are there, and those behind them, which are
 * read in their order, each once. */
struct fr_record_source {
    const uint8_t *head;
    size_t head_bytes;
    uint64_t rest_bytes;
    frai_status (*read)(void *ctx, uint64_t at, void *to, size_t bytes, frai_error *err);
    void *ctx; /* of read, whose `at` counts from the record's begin */
};

static inline uint64_t fr_record_bytes(const struct fr_record_source *r)
{
    return r->head_bytes + r->rest_bytes;
}

/* Bytes of the record from `at` on, all of which it has. */
frai_status fr_record_read(const struct fr_record_source *r, uint64_t at, void *to, size_t bytes,
                           frai_error *err);

#endif
