/* Fields stand one after another, without a table: a record has few of them, and a search for one
 * skips the others by their lengths. */
#include "segment/record.h"

#include "base/bytes.h"

bool fr_field_of_name(frai_slice name, uint32_t *field)
{
    static const char *const names[] = {
        [FR_FIELD_TITLE] = "title", [FR_FIELD_BODY] = "body", [FR_FIELD_URL] = "url",
        [FR_FIELD_PATH] = "path",   [FR_FIELD_DATE] = "date", [FR_FIELD_SOURCE] = "source"};
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++)
        if (name.len == strlen(names[i]) && memcmp(name.ptr, names[i], name.len) == 0) {
            *field = i;
            return true;
        }
    return false;
}

void fr_record_put_head(struct fr_buf *record, uint32_t field, size_t len)
{
    fr_buf_varint(record, field);
    fr_buf_varint(record, len);
}

void fr_record_put(struct fr_buf *record, uint32_t field, frai_slice value)
{
    if (value.len == 0) return;
    fr_record_put_head(record, field, value.len);
    fr_buf_put(record, value.ptr, value.len);
}

frai_slice fr_record_field(const uint8_t *record, size_t len, uint32_t field)
{
    struct fr_reader r = fr_reader_of(record, len);
    while (fr_reader_left(&r) > 0) {
        uint64_t number = fr_read_varint(&r), bytes = fr_read_varint(&r);
        const uint8_t *value = fr_read_bytes(&r, bytes);
        if (r.bad) break;
        if (number == field) return (frai_slice){(const char *)value, (size_t)bytes};
    }
    return (frai_slice){"", 0};
}

frai_slice fr_record_path(const uint8_t *record, size_t len)
{
    frai_slice path = fr_record_field(record, len, FR_FIELD_PATH);
    return path.len ? path : fr_record_field(record, len, FR_FIELD_SHARED_PATH);
}

frai_status fr_record_read(const struct fr_record_source *r, uint64_t at, void *to, size_t bytes,
                           frai_error *err)
{
    if (at < r->head_bytes) {
        size_t n = r->head_bytes - (size_t)at < bytes ? r->head_bytes - (size_t)at : bytes;
        memcpy(to, r->head + at, n);
        at += n;
        to = (uint8_t *)to + n;
        bytes -= n;
    }
    return bytes ? r->read(r->ctx, at, to, bytes, err) : FRAI_OK;
}
