/* Section columns: for each column u8 kind, varint length and bytes of its name, u64 length of what
 * follows, then
 *   number   f64 each
 *   date     i64 least, u32 bits, packed (seconds - least + 1; 0: none)
 *   keyword  u32 count, u32 bits, u32 end of each keyword (sorted by bytes), u32 bytes of
 *            keywords, keywords, packed (number + 1; 0: none) */
#include "segment/column_writer.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/sort.h"
#include "base/vector.h"
#include "codec/bitstream.h"

void fr_column_writer_init(struct fr_column_writer *c, const char *name, enum fr_column_kind kind,
                           const frai_allocator *mem, const char *path, size_t limit)
{
    *c = (struct fr_column_writer){.kind = kind, .least = INT64_MAX, .most = INT64_MIN};
    snprintf(c->name, sizeof c->name, "%s", name);
    fr_spill_buffer_init(&c->values, mem, path, limit);
    fr_interner_init(&c->keywords, mem);
}

void fr_column_writer_deinit(struct fr_column_writer *c)
{
    fr_spill_buffer_deinit(&c->values);
    fr_interner_deinit(&c->keywords);
}

void fr_column_writer_keyword(struct fr_column_writer *c, frai_slice value)
{
    uint32_t number = value.len ? fr_intern(&c->keywords, value.ptr, value.len) : 0;
    if (value.len && number == FR_INTERN_FAILED) c->values.buf.failed = true;
    fr_buf_u32(&c->values.buf, value.len ? number + 1 : 0);
    fr_spill_if_full(&c->values);
}

void fr_column_writer_number(struct fr_column_writer *c, double value)
{
    fr_buf_put(&c->values.buf, &value, 8);
    fr_spill_if_full(&c->values);
}

void fr_column_writer_date(struct fr_column_writer *c, int64_t seconds)
{
    if (seconds != FR_NO_DATE && seconds < c->least) c->least = seconds;
    if (seconds != FR_NO_DATE && seconds > c->most) c->most = seconds;
    fr_buf_put(&c->values.buf, &seconds, 8);
    fr_spill_if_full(&c->values);
}

void fr_column_writer_copy(struct fr_column_writer *c, const struct fr_column *from, uint32_t doc)
{
    switch (c->kind) {
    case FR_COLUMN_KEYWORD: fr_column_writer_keyword(c, fr_column_keyword(from, doc)); break;
    case FR_COLUMN_NUMBER: fr_column_writer_number(c, fr_column_number(from, doc)); break;
    case FR_COLUMN_DATE: fr_column_writer_date(c, fr_column_date(from, doc)); break;
    }
}

static int by_keyword(const void *a, const void *b, void *ctx)
{
    return fr_slice_compare(fr_interned(ctx, *(const uint32_t *)a),
                            fr_interned(ctx, *(const uint32_t *)b));
}

#define PIECE 4096u /* values that are packed at once: whole bytes, whatever the width */

/* How values are packed: in so many bits, made by value() of those that the column was given. */
struct packing {
    unsigned bits;
    uint64_t (*value)(const void *ctx, const void *from);
    const void *ctx;
};

static frai_status put_packed(struct fr_column_writer *c, uint32_t count, struct packing packing,
                              struct fr_spill_buffer *out, frai_error *err)
{
    unsigned bits = packing.bits;
    size_t width = c->kind == FR_COLUMN_KEYWORD ? 4 : 8;
    uint8_t piece[PIECE * 8], packed[PIECE * 8 + 16];
    for (uint32_t first = 0; first < count; first += PIECE) {
        uint32_t n = count - first < PIECE ? count - first : PIECE;
        FR_TRY(fr_spill_buffer_read(&c->values, first * (uint64_t)width, piece, n * width, err));
        memset(packed, 0, sizeof packed);
        for (uint32_t i = 0; i < n; i++) {
            uint64_t v = packing.value(packing.ctx, piece + i * width), at = (uint64_t)i * bits;
            unsigned low = bits < 32 ? bits : 32;
            fr_bits_put(packed, at, low, (uint32_t)v);
            if (bits > 32) fr_bits_put(packed, at + 32, bits - 32, (uint32_t)(v >> 32));
        }
        fr_buf_put(&out->buf, packed, ((size_t)n * bits + 7) / 8);
        fr_spill_if_full(out);
    }
    return FRAI_OK;
}

static uint64_t packed_bytes(uint32_t count, unsigned bits)
{
    return ((uint64_t)count * bits + 7) / 8;
}

static uint64_t number_value(const void *ctx, const void *from)
{
    (void)ctx;
    return fr_load64(from);
}

static uint64_t date_value(const void *ctx, const void *from)
{
    int64_t seconds = (int64_t)fr_load64(from);
    return seconds == FR_NO_DATE ? 0 : (uint64_t)seconds - (uint64_t) * (const int64_t *)ctx + 1;
}

static frai_status write_dates(struct fr_column_writer *c, uint32_t docs,
                               struct fr_spill_buffer *out, frai_error *err)
{
    unsigned bits = c->most < c->least ? 0 : fr_bits((uint64_t)c->most - (uint64_t)c->least + 1);
    int64_t least = c->most < c->least ? 0 : c->least;
    fr_buf_u64(&out->buf, 8 + 4 + packed_bytes(docs, bits));
    fr_buf_u64(&out->buf, (uint64_t)least);
    fr_buf_u32(&out->buf, bits);
    return put_packed(c, docs, (struct packing){bits, date_value, &least}, out, err);
}

static uint64_t keyword_value(const void *ctx, const void *from)
{
    uint32_t number = fr_load32(from);
    return number ? ((const uint32_t *)ctx)[number - 1] + 1ull : 0;
}

FR_VECTOR_TYPE(numbers, uint32_t);

/* The numbers of all keywords in the order of their bytes, and each one's place there. */
static bool rank_keywords(struct fr_column_writer *c, struct numbers *order, struct numbers *rank)
{
    uint32_t count = fr_interner_count(&c->keywords);
    for (uint32_t n = 0; n < count; n++) {
        fr_vec_push(order, n);
        fr_vec_push(rank, 0);
    }
    if (order->buf.failed || rank->buf.failed) return false;
    fr_sort(fr_vec_data(order), count, sizeof(uint32_t), by_keyword, &c->keywords);
    for (uint32_t i = 0; i < count; i++) fr_vec_at(rank, fr_vec_at(order, i)) = i;
    return true;
}

static frai_status write_keywords(struct fr_column_writer *c, uint32_t docs,
                                  struct fr_spill_buffer *out, frai_error *err)
{
    uint32_t count = fr_interner_count(&c->keywords), bytes = 0;
    unsigned bits = fr_bits(count);
    struct numbers order, rank, ends;
    fr_buf_init(&order.buf, out->buf.mem);
    fr_buf_init(&rank.buf, out->buf.mem);
    fr_buf_init(&ends.buf, out->buf.mem);
    bool ok = rank_keywords(c, &order, &rank);
    for (uint32_t i = 0; ok && i < count; i++) {
        bytes += (uint32_t)fr_interned(&c->keywords, fr_vec_at(&order, i)).len;
        fr_vec_push(&ends, bytes);
    }
    fr_buf_u64(&out->buf, 8 + 4ull * count + 4 + bytes + packed_bytes(docs, bits));
    fr_buf_u32(&out->buf, count);
    fr_buf_u32(&out->buf, bits);
    fr_buf_put(&out->buf, ends.buf.data, ends.buf.len);
    fr_buf_u32(&out->buf, bytes);
    for (uint32_t i = 0; ok && i < count; i++) {
        frai_slice word = fr_interned(&c->keywords, fr_vec_at(&order, i));
        fr_buf_put(&out->buf, word.ptr, word.len);
    }
    struct packing packing = {bits, keyword_value, fr_vec_data(&rank)};
    frai_status status = ok && !ends.buf.failed ? put_packed(c, docs, packing, out, err)
                                                : fr_fail_memory(err, "building");
    fr_buf_deinit(&order.buf);
    fr_buf_deinit(&rank.buf);
    fr_buf_deinit(&ends.buf);
    return status;
}

static frai_status write_numbers(struct fr_column_writer *c, uint32_t docs,
                                 struct fr_spill_buffer *out, frai_error *err)
{
    fr_buf_u64(&out->buf, packed_bytes(docs, 64));
    return put_packed(c, docs, (struct packing){64, number_value, NULL}, out, err);
}

frai_status fr_columns_write(struct fr_segment_writer *w, struct fr_column_writer *columns,
                             uint32_t count, frai_error *err)
{
    struct fr_spill_buffer *out = fr_segment_writer_section(w, FR_SECTION_COLUMNS);
    w->stats.columns = count;
    for (uint32_t i = 0; i < count; i++) {
        struct fr_column_writer *c = &columns[i];
        fr_buf_u8(&out->buf, (uint8_t)c->kind);
        fr_buf_varint(&out->buf, strlen(c->name));
        fr_buf_put(&out->buf, c->name, strlen(c->name));
        frai_status status = c->kind == FR_COLUMN_NUMBER ? write_numbers(c, w->stats.docs, out, err)
                             : c->kind == FR_COLUMN_DATE
                                 ? write_dates(c, w->stats.docs, out, err)
                                 : write_keywords(c, w->stats.docs, out, err);
        FR_TRY(status);
    }
    return fr_spill_buffer_status(out, err);
}
