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
                           const frai_allocator *mem)
{
    *c = (struct fr_column_writer){.kind = kind};
    snprintf(c->name, sizeof c->name, "%s", name);
    fr_buf_init(&c->values, mem);
    fr_interner_init(&c->keywords, mem);
}

void fr_column_writer_deinit(struct fr_column_writer *c)
{
    fr_buf_deinit(&c->values);
    fr_interner_deinit(&c->keywords);
}

void fr_column_writer_keyword(struct fr_column_writer *c, const char *value, size_t len)
{
    uint32_t number = len ? fr_intern(&c->keywords, value, len) : 0;
    if (len && number == FR_INTERN_FAILED) c->values.failed = true;
    fr_buf_u32(&c->values, len ? number + 1 : 0);
}

void fr_column_writer_number(struct fr_column_writer *c, double value)
{
    fr_buf_put(&c->values, &value, 8);
}

void fr_column_writer_date(struct fr_column_writer *c, int64_t seconds)
{
    fr_buf_put(&c->values, &seconds, 8);
}

static int by_keyword(const void *a, const void *b, void *ctx)
{
    return fr_slice_compare(fr_interned(ctx, *(const uint32_t *)a),
                            fr_interned(ctx, *(const uint32_t *)b));
}

/* Packs count values of `bits` each at the end of out; value(i) gives them. */
static bool put_packed(struct fr_buf *out, uint32_t count, unsigned bits,
                       uint64_t (*value)(const void *ctx, uint32_t i), const void *ctx)
{
    size_t bytes = (size_t)(((uint64_t)count * bits + 7) / 8);
    if (!fr_buf_room(out, bytes + 16)) return false;
    uint8_t *to = out->data + out->len;
    memset(to, 0, bytes + 16);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t v = value(ctx, i), at = (uint64_t)i * bits;
        unsigned low = bits < 32 ? bits : 32;
        fr_bits_put(to, at, low, (uint32_t)v);
        if (bits > 32) fr_bits_put(to, at + 32, bits - 32, (uint32_t)(v >> 32));
    }
    out->len += bytes;
    return true;
}

struct date_values {
    const int64_t *seconds;
    int64_t least;
};

static uint64_t date_value(const void *ctx, uint32_t i)
{
    const struct date_values *d = ctx;
    return d->seconds[i] == FR_NO_DATE ? 0 : (uint64_t)(d->seconds[i] - d->least) + 1;
}

static void write_dates(const struct fr_column_writer *c, uint32_t docs, struct fr_buf *out)
{
    const int64_t *seconds = (const int64_t *)(const void *)c->values.data;
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (uint32_t i = 0; i < docs; i++) {
        if (seconds[i] == FR_NO_DATE) continue;
        if (seconds[i] < least) least = seconds[i];
        if (seconds[i] > most) most = seconds[i];
    }
    unsigned bits = most < least ? 0 : fr_bits((uint64_t)(most - least) + 1);
    if (most < least) least = 0;
    fr_buf_u64(out, (uint64_t)least);
    fr_buf_u32(out, bits);
    struct date_values values = {seconds, least};
    put_packed(out, docs, bits, date_value, &values);
}

struct keyword_values {
    const uint32_t *numbers, *rank;
};

static uint64_t keyword_value(const void *ctx, uint32_t i)
{
    const struct keyword_values *k = ctx;
    return k->numbers[i] ? k->rank[k->numbers[i] - 1] + 1ull : 0;
}

static void write_keywords(struct fr_column_writer *c, uint32_t docs, struct fr_buf *out)
{
    uint32_t count = fr_interner_count(&c->keywords), bytes = 0;
    struct fr_buf order, rank;
    fr_buf_init(&order, out->mem);
    fr_buf_init(&rank, out->mem);
    for (uint32_t n = 0; n < count; n++) {
        fr_buf_u32(&order, n);
        fr_buf_u32(&rank, 0);
    }
    out->failed |= order.failed || rank.failed;
    if (!out->failed) {
        fr_sort(order.data, count, 4, by_keyword, &c->keywords);
        unsigned bits = fr_bits(count);
        fr_buf_u32(out, count);
        fr_buf_u32(out, bits);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t number = FR_AT(&order, uint32_t, i);
            FR_AT(&rank, uint32_t, number) = i;
            bytes += (uint32_t)fr_interned(&c->keywords, number).len;
            fr_buf_u32(out, bytes);
        }
        fr_buf_u32(out, bytes);
        for (uint32_t i = 0; i < count; i++) {
            frai_slice word = fr_interned(&c->keywords, FR_AT(&order, uint32_t, i));
            fr_buf_put(out, word.ptr, word.len);
        }
        struct keyword_values values = {(const uint32_t *)(const void *)c->values.data,
                                        (const uint32_t *)(const void *)rank.data};
        put_packed(out, docs, bits, keyword_value, &values);
    }
    fr_buf_deinit(&order);
    fr_buf_deinit(&rank);
}

frai_status fr_columns_write(struct fr_segment_writer *w, struct fr_column_writer *columns,
                             uint32_t count, frai_error *err)
{
    struct fr_sink *sink = &w->sections[FR_SECTION_COLUMNS];
    struct fr_buf body;
    fr_buf_init(&body, w->mem);
    bool failed = false;
    for (uint32_t i = 0; i < count && !failed; i++) {
        struct fr_column_writer *c = &columns[i];
        failed = c->values.failed;
        if (failed) break;
        body.len = 0;
        if (c->kind == FR_COLUMN_NUMBER)
            fr_buf_put(&body, c->values.data, c->values.len);
        else if (c->kind == FR_COLUMN_DATE)
            write_dates(c, w->stats.docs, &body);
        else
            write_keywords(c, w->stats.docs, &body);
        fr_buf_u8(&sink->buf, (uint8_t)c->kind);
        fr_buf_varint(&sink->buf, strlen(c->name));
        fr_buf_put(&sink->buf, c->name, strlen(c->name));
        fr_buf_u64(&sink->buf, body.len);
        fr_buf_put(&sink->buf, body.data, body.len);
        fr_sink_settle(sink);
        failed = body.failed;
    }
    w->stats.columns = count;
    fr_buf_deinit(&body);
    return failed ? fr_fail(err, FRAI_ERR_MEMORY, "out of memory") : FRAI_OK;
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
        if (!fr_segment_touch(seg, r.at, fr_reader_left(&r) < 80 ? fr_reader_left(&r) : 80))
            return fr_segment_damaged(seg, "columns", err);
        unsigned kind = fr_read_u8(&r);
        uint64_t len = fr_read_varint(&r);
        const uint8_t *label = fr_read_bytes(&r, len);
        uint64_t bytes = fr_read_u64(&r);
        const uint8_t *body = fr_read_bytes(&r, bytes);
        if (r.bad) return fr_segment_damaged(seg, "columns", err);
        if (len != strlen(name) || memcmp(label, name, len) != 0) continue;
        c->kind = (enum fr_column_kind)kind;
        if (!fr_segment_touch(seg, body, bytes) || !open_body(seg, fr_reader_of(body, bytes), c))
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
