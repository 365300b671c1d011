/* A long record has its text behind all else, and is never there as a whole. */
#include "writer/document_record.h"

#define HEADS_MOST (FR_VALUES_MAX * 20u) /* two varints each */

static frai_status read_value(const struct fr_value *v, uint64_t at, void *to, size_t bytes,
                              frai_error *err)
{
    if (!v->read)
        memcpy(to, v->text.ptr + at, bytes);
    else if (v->read(v->arg, at, to, bytes) != 0)
        return fr_fail(err, FRAI_ERR_IO, "the source of a text can't be read");
    return FRAI_OK;
}

static frai_status make_whole(struct fr_document_record *r, frai_error *err)
{
    for (uint32_t i = 0; i < r->count; i++) {
        const struct fr_value *v = &r->values[i];
        size_t len = v->text.len;
        fr_record_put_head(&r->bytes, v->number, len);
        if (!fr_buf_room(&r->bytes, len)) break;
        FR_TRY(read_value(v, 0, r->bytes.data + r->bytes.len, len, err));
        r->bytes.len += len;
    }
    return r->bytes.failed ? fr_fail_memory(err, "building") : FRAI_OK;
}

/* Of a long record, whose parts are heads and values in turns. */
static frai_status read_long(void *ctx, uint64_t at, void *to, size_t bytes, frai_error *err)
{
    const struct fr_document_record *r = ctx;
    uint64_t begin = 0;
    size_t head = 0;
    for (uint32_t i = 0; i < r->count && bytes; i++) {
        const struct fr_value *v = &r->values[i];
        size_t head_bytes = r->ends[i] - head;
        for (int part = 0; part < 2; part++) {
            uint64_t len = part ? v->text.len : head_bytes;
            if (bytes && at - begin < len) {
                uint64_t from = at - begin;
                size_t n = len - from < bytes ? (size_t)(len - from) : bytes;
                if (!part)
                    memcpy(to, r->bytes.data + head + from, n);
                else
                    FR_TRY(read_value(v, from, to, n, err));
                to = (char *)to + n;
                at += n;
                bytes -= n;
            }
            begin += len;
        }
        head = r->ends[i];
    }
    return FRAI_OK;
}

/* Text behind all else, each in the order of the fields; of a field that comes twice the first. */
static void put_in_order(struct fr_document_record *r, const struct fr_settings *settings)
{
    for (uint32_t i = 1; i < r->count; i++)
        for (uint32_t k = i; k > 0; k--) {
            struct fr_value *a = &r->values[k - 1], *b = &r->values[k], c = *a;
            bool text = fr_settings_is_text(settings, a->number),
                 next = fr_settings_is_text(settings, b->number);
            if (text == next ? a->number <= b->number : next) break;
            *a = *b;
            *b = c;
        }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->count; i++)
        if (kept == 0 || r->values[kept - 1].number != r->values[i].number)
            r->values[kept++] = r->values[i];
    r->count = kept;
}

frai_status fr_document_record_make(struct fr_document_record *r,
                                    const struct fr_settings *settings, uint32_t part_bytes,
                                    struct fr_record_source *out, frai_error *err)
{
    uint64_t bytes = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        if (r->values[i].text.len == 0) continue;
        bytes += r->values[i].text.len;
        r->values[count++] = r->values[i];
    }
    r->count = count;
    fr_buf_clear(&r->bytes);
    *out = (struct fr_record_source){.read = read_long, .ctx = r};
    if (bytes + HEADS_MOST <= part_bytes) {
        FR_TRY(make_whole(r, err));
        out->head = r->bytes.data;
        out->head_bytes = r->bytes.len;
        return FRAI_OK;
    }
    put_in_order(r, settings);
    for (uint32_t i = 0; i < r->count; i++) {
        out->rest_bytes += r->values[i].text.len;
        fr_record_put_head(&r->bytes, r->values[i].number, r->values[i].text.len);
        r->ends[i] = r->bytes.len;
    }
    out->rest_bytes += r->bytes.len;
    return r->bytes.failed ? fr_fail_memory(err, "building") : FRAI_OK;
}
