/* The record is read from front to back, never more of it than a piece, or a field that is no text.
 * Where parts end depends on the record alone. */
#include "writer/long_document.h"

#include "base/bytes.h"

#define NOT_TEXT  UINT32_MAX
#define HEAD_MOST 20u /* two varints */
#define SEEN      16u /* bytes behind a piece that tell where it is cut */

void fr_long_document_init(struct fr_long_document *d, const struct fr_settings *settings,
                           const struct fr_record_source *source, uint32_t part_bytes,
                           const frai_allocator *mem)
{
    *d =
        (struct fr_long_document){.settings = settings, .source = source, .part_bytes = part_bytes};
    fr_buf_init(&d->bytes, mem);
    fr_buf_init(&d->path, mem);
}

void fr_long_document_deinit(struct fr_long_document *d)
{
    fr_buf_deinit(&d->bytes);
    fr_buf_deinit(&d->path);
}

static size_t there(const struct fr_long_document *d)
{
    return d->bytes.len - d->begin;
}

/* So many bytes are there, or all that are left. */
static frai_status fill(struct fr_long_document *d, uint64_t bytes, frai_error *err)
{
    uint64_t left = fr_record_bytes(d->source) - d->read, missing = bytes - there(d);
    if (there(d) >= bytes || left == 0) return FRAI_OK;
    if (missing > left) missing = left;
    if (d->begin) memmove(d->bytes.data, d->bytes.data + d->begin, there(d));
    d->bytes.len = there(d);
    d->begin = 0;
    if (!fr_buf_room(&d->bytes, (size_t)missing)) return fr_fail_memory(err, "building");
    FR_TRY(fr_record_read(d->source, d->read, d->bytes.data + d->bytes.len, (size_t)missing, err));
    d->bytes.len += (size_t)missing;
    d->read += missing;
    return FRAI_OK;
}

static void take(struct fr_long_document *d, struct fr_chunk *chunk, size_t bytes)
{
    fr_buf_put(&chunk->records.bytes, d->bytes.data + d->begin, bytes);
    d->begin += bytes;
}

/* Where a text field stands among them. */
static uint32_t text_field(const struct fr_settings *settings, uint64_t number)
{
    uint32_t field = 0;
    if (!fr_settings_is_text(settings, number)) return NOT_TEXT;
    for (uint64_t i = 0; i < number; i++) field += fr_settings_is_text(settings, i);
    return field;
}

static frai_status begin_field(struct fr_long_document *d, struct fr_chunk *chunk, frai_error *err)
{
    FR_TRY(fill(d, HEAD_MOST, err));
    struct fr_reader r = fr_reader_of(d->bytes.data + d->begin, there(d));
    uint64_t number = fr_read_varint(&r), bytes = fr_read_varint(&r);
    size_t head = (size_t)(r.at - (d->bytes.data + d->begin));
    uint64_t behind = fr_record_bytes(d->source) - d->read + there(d) - head;
    uint32_t field = text_field(d->settings, number);
    bool text = field != NOT_TEXT;
    if (r.bad || bytes > behind || (text ? field < d->next : d->next > 0))
        return fr_fail(err, FRAI_ERR_CORRUPT, "a stored document of %llu bytes is damaged",
                       (unsigned long long)fr_record_bytes(d->source));
    take(d, chunk, head);
    if (text) {
        d->field = field;
        d->next = field + 1;
        d->before = FR_CUT_NONE;
        d->left = bytes;
        return FRAI_OK;
    }
    FR_TRY(fill(d, bytes, err));
    if (number == FR_FIELD_PATH) fr_buf_put(&d->path, d->bytes.data + d->begin, (size_t)bytes);
    take(d, chunk, (size_t)bytes);
    return FRAI_OK;
}

static frai_status cut_piece(struct fr_long_document *d, struct fr_chunk *chunk, frai_error *err)
{
    struct fr_part_piece piece = {
        .at = (uint32_t)chunk->records.bytes.len, .field = d->field, .before = d->before};
    FR_TRY(fill(d, FR_PIECE_BYTES + SEEN, err));
    const char *text = (const char *)d->bytes.data + d->begin;
    size_t len = there(d) < d->left ? there(d) : (size_t)d->left;
    size_t end = fr_piece_end(text, len, FR_PIECE_BYTES, &d->before);
    piece.bytes = (uint32_t)end;
    piece.ahead = (uint32_t)fr_piece_ahead(text, len, end, d->before);
    d->left -= end;
    piece.ends_field = d->left == 0;
    fr_vec_append(&chunk->pieces, &piece, 1);
    take(d, chunk, end);
    return FRAI_OK;
}

frai_status fr_long_document_next(struct fr_long_document *d, struct fr_chunk *chunk,
                                  frai_error *err)
{
    struct fr_buf *bytes = &chunk->records.bytes;
    bool more = true;
    chunk->is_part = true;
    chunk->is_first = !d->begun;
    d->begun = true;
    while (more && (bytes->len < d->part_bytes || d->next == 0)) {
        FR_TRY(d->left ? cut_piece(d, chunk, err) : begin_field(d, chunk, err));
        more = d->left || there(d) || d->read < fr_record_bytes(d->source);
    }
    chunk->is_last = !more;
    chunk->part_bytes = bytes->len;
    size_t count = fr_vec_count(&chunk->pieces);
    if (count && more && d->left)
        fr_buf_put(bytes, d->bytes.data + d->begin, fr_vec_at(&chunk->pieces, count - 1).ahead);
    return bytes->failed || chunk->pieces.buf.failed ? fr_fail_memory(err, "building") : FRAI_OK;
}
