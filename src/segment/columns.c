/* Section columns: for each column u8 kind, varint length and bytes of its name, u64 length of what
 * follows, then
 *   number   f64 each
 *   date     i64 least, u32 bits, packed (seconds - least + 1; 0: none)
 *   keyword  u32 count, u32 bits, u32 end of each keyword (sorted by bytes), u32 bytes of
 *            keywords, keywords, packed (number + 1; 0: none) */
#include <math.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/sort.h"
#include "codec/bitstream.h"
#include "segment/documents.h"

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

void fr_column_writer_keyword(struct fr_column_writer *c, const char *value, size_t len)
{
    uint32_t number = len ? fr_intern(&c->keywords, value, len) : 0;
    if (len && number == FR_INTERN_FAILED) c->values.buf.failed = true;
    fr_buf_u32(&c->values.buf, len ? number + 1 : 0);
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

static int by_keyword(const void *a, const void *b, void *ctx)
{
    return fr_slice_compare(fr_interned(ctx, *(const uint32_t *)a),
                            fr_interned(ctx, *(const uint32_t *)b));
}

#define PIECE 4096u /* values that are packed at once: whole bytes, whatever the width */

/* Packs count values of `bits` each; value() makes them of those of the column. */
static frai_status put_packed(struct fr_column_writer *c, uint32_t count, unsigned bits,
                              uint64_t (*value)(const void *ctx, const void *from), const void *ctx,
                              struct fr_spill_buffer *out, frai_error *err)
{
    size_t width = c->kind == FR_COLUMN_KEYWORD ? 4 : 8;
    uint8_t piece[PIECE * 8], packed[PIECE * 8 + 16];
    for (uint32_t first = 0; first < count; first += PIECE) {
        uint32_t n = count - first < PIECE ? count - first : PIECE;
        FR_TRY(fr_spill_buffer_read(&c->values, first * (uint64_t)width, piece, n * width, err));
        memset(packed, 0, sizeof packed);
        for (uint32_t i = 0; i < n; i++) {
            uint64_t v = value(ctx, piece + i * width), at = (uint64_t)i * bits;
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
    return seconds == FR_NO_DATE ? 0 : (uint64_t)(seconds - *(const int64_t *)ctx) + 1;
}

static frai_status write_dates(struct fr_column_writer *c, uint32_t docs,
                               struct fr_spill_buffer *out, frai_error *err)
{
    unsigned bits = c->most < c->least ? 0 : fr_bits((uint64_t)(c->most - c->least) + 1);
    int64_t least = c->most < c->least ? 0 : c->least;
    fr_buf_u64(&out->buf, 8 + 4 + packed_bytes(docs, bits));
    fr_buf_u64(&out->buf, (uint64_t)least);
    fr_buf_u32(&out->buf, bits);
    return put_packed(c, docs, bits, date_value, &least, out, err);
}

static uint64_t keyword_value(const void *ctx, const void *from)
{
    uint32_t number = fr_load32(from);
    return number ? ((const uint32_t *)ctx)[number - 1] + 1ull : 0;
}

/* The numbers of all keywords in the order of their bytes, and each one's place there. */
static bool rank_keywords(struct fr_column_writer *c, struct fr_buf *order, struct fr_buf *rank)
{
    uint32_t count = fr_interner_count(&c->keywords);
    for (uint32_t n = 0; n < count; n++) {
        fr_buf_u32(order, n);
        fr_buf_u32(rank, 0);
    }
    if (order->failed || rank->failed) return false;
    fr_sort(order->data, count, 4, by_keyword, &c->keywords);
    for (uint32_t i = 0; i < count; i++) FR_AT(rank, uint32_t, FR_AT(order, uint32_t, i)) = i;
    return true;
}

static frai_status write_keywords(struct fr_column_writer *c, uint32_t docs,
                                  struct fr_spill_buffer *out, frai_error *err)
{
    uint32_t count = fr_interner_count(&c->keywords), bytes = 0;
    unsigned bits = fr_bits(count);
    struct fr_buf order, rank, ends;
    fr_buf_init(&order, out->buf.mem);
    fr_buf_init(&rank, out->buf.mem);
    fr_buf_init(&ends, out->buf.mem);
    bool ok = rank_keywords(c, &order, &rank);
    for (uint32_t i = 0; ok && i < count; i++) {
        bytes += (uint32_t)fr_interned(&c->keywords, FR_AT(&order, uint32_t, i)).len;
        fr_buf_u32(&ends, bytes);
    }
    fr_buf_u64(&out->buf, 8 + 4ull * count + 4 + bytes + packed_bytes(docs, bits));
    fr_buf_u32(&out->buf, count);
    fr_buf_u32(&out->buf, bits);
    fr_buf_put(&out->buf, ends.data, ends.len);
    fr_buf_u32(&out->buf, bytes);
    for (uint32_t i = 0; ok && i < count; i++) {
        frai_slice word = fr_interned(&c->keywords, FR_AT(&order, uint32_t, i));
        fr_buf_put(&out->buf, word.ptr, word.len);
    }
    frai_status status = ok && !ends.failed
                             ? put_packed(c, docs, bits, keyword_value, rank.data, out, err)
                             : fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
    fr_buf_deinit(&order);
    fr_buf_deinit(&rank);
    fr_buf_deinit(&ends);
    return status;
}

static frai_status write_numbers(struct fr_column_writer *c, uint32_t docs,
                                 struct fr_spill_buffer *out, frai_error *err)
{
    fr_buf_u64(&out->buf, packed_bytes(docs, 64));
    return put_packed(c, docs, 64, number_value, NULL, out, err);
}

frai_status fr_columns_write(struct fr_segment_writer *w, struct fr_column_writer *columns,
                             uint32_t count, frai_error *err)
{
    struct fr_spill_buffer *out = &w->sections[FR_SECTION_COLUMNS];
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

/* ---- reading ---- */

static bool open_body(const struct fr_segment *seg, struct fr_reader r, struct fr_column *c)
{
    uint64_t docs = seg->stats.docs;
    if (c->kind == FR_COLUMN_NUMBER) {
        c->width = 64;
        c->values = fr_read_bytes(&r, docs * 8);
        return c->values != NULL;
    }
    if (c->kind == FR_COLUMN_DATE) {
        c->least = (int64_t)fr_read_u64(&r);
        c->width = fr_read_u32(&r);
        if (c->width > 64) return false;
    } else if (c->kind == FR_COLUMN_KEYWORD) {
        c->keyword_count = fr_read_u32(&r);
        c->width = fr_read_u32(&r);
        if (c->width > 32) return false;
        c->ends = fr_read_bytes(&r, 4ull * c->keyword_count);
        uint32_t bytes = fr_read_u32(&r);
        c->keywords = fr_read_bytes(&r, bytes);
        if (r.bad) return false;
        uint32_t previous = 0;
        for (uint32_t i = 0; i < c->keyword_count; i++) {
            uint32_t end = fr_load32(c->ends + 4ull * i);
            if (end < previous || end > bytes) return false;
            previous = end;
        }
    } else {
        return false;
    }
    c->values = fr_read_bytes(&r, (docs * c->width + 7) / 8);
    return !r.bad;
}

frai_status fr_column_open(const struct fr_segment *seg, const char *name, struct fr_column *c,
                           frai_error *err)
{
    const struct fr_section *s = &seg->sections[FR_SECTION_COLUMNS];
    struct fr_reader r = fr_reader_of(s->data, s->len);
    *c = (struct fr_column){.seg = seg};
    for (uint32_t i = 0; i < seg->stats.columns; i++) {
        if (!fr_segment_verify_range(seg, r.at, fr_reader_left(&r) < 80 ? fr_reader_left(&r) : 80))
            return fr_segment_damaged(seg, "columns", err);
        unsigned kind = fr_read_u8(&r);
        uint64_t len = fr_read_varint(&r);
        const uint8_t *label = fr_read_bytes(&r, len);
        uint64_t bytes = fr_read_u64(&r);
        const uint8_t *body = fr_read_bytes(&r, bytes);
        if (r.bad) return fr_segment_damaged(seg, "columns", err);
        if (len != strlen(name) || memcmp(label, name, len) != 0) continue;
        c->kind = (enum fr_column_kind)kind;
        if (!fr_segment_verify_range(seg, body, bytes) ||
            !open_body(seg, fr_reader_of(body, bytes), c))
            return fr_segment_damaged(seg, "columns", err);
        return FRAI_OK;
    }
    return FRAI_ERR_NOT_FOUND;
}

static uint64_t packed_value(const struct fr_column *c, uint32_t doc)
{
    if (doc >= c->seg->stats.docs || c->width == 0) return 0;
    uint64_t at = (uint64_t)doc * c->width;
    if (c->width <= 32) return fr_bits_get(c->values, at, c->width);
    return fr_bits_get(c->values, at, 32) | (uint64_t)fr_bits_get(c->values, at + 32, c->width - 32)
                                                << 32;
}

frai_slice fr_column_keyword(const struct fr_column *c, uint32_t doc)
{
    uint64_t number = packed_value(c, doc);
    if (number == 0 || number > c->keyword_count) return (frai_slice){"", 0};
    uint32_t begin = number > 1 ? fr_load32(c->ends + 4 * (number - 2)) : 0;
    uint32_t end = fr_load32(c->ends + 4 * (number - 1));
    return (frai_slice){(const char *)c->keywords + begin, end - begin};
}

double fr_column_number(const struct fr_column *c, uint32_t doc)
{
    if (doc >= c->seg->stats.docs) return NAN;
    double value;
    memcpy(&value, c->values + 8ull * doc, 8);
    return value;
}

int64_t fr_column_date(const struct fr_column *c, uint32_t doc)
{
    uint64_t value = packed_value(c, doc);
    return value ? (int64_t)((uint64_t)c->least + value - 1) : FR_NO_DATE;
}
