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

/* One field of a record; empty if it has none. */
frai_slice fr_record_field(const uint8_t *record, size_t len, uint32_t field);

/* Its path, shared or not. */
frai_slice fr_record_path(const uint8_t *record, size_t len);

#endif
