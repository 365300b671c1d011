/* Reads the section that column_writer.c writes, where its layout is told. All of it is validated
 * when it is opened, so that the values need no further checks. */
#include "segment/columns.h"

#include <string.h>

#include "base/bytes.h"
#include "base/interner.h"
#include "base/lower_bound.h"
#include "codec/bitstream.h"

/* Ends ascend and stay within the keywords; keywords ascend, so that ordinals compare as they. */
static bool keywords_are_sound(const struct fr_column *c, uint32_t bytes)
{
    uint32_t previous = 0;
    for (uint32_t i = 0; i < c->keyword_count; i++) {
        uint32_t end = fr_load32(c->ends + 4ull * i);
        if (end < previous || end > bytes) return false;
        previous = end;
    }
    for (uint32_t i = 2; i <= c->keyword_count; i++)
        if (fr_slice_compare(fr_column_keyword_at(c, i - 1), fr_column_keyword_at(c, i)) >= 0)
            return false;
    return true;
}

static bool read_body(struct fr_reader r, struct fr_column *c)
{
    uint32_t bytes;
    switch (c->kind) {
    case FR_COLUMN_NUMBER: c->width = 64; break;
    case FR_COLUMN_DATE:
        c->least = (int64_t)fr_read_u64(&r);
        c->width = fr_read_u32(&r);
        if (c->width > 64) return false;
        break;
    case FR_COLUMN_KEYWORD:
        c->keyword_count = fr_read_u32(&r);
        c->width = fr_read_u32(&r);
        c->ends = fr_read_bytes(&r, 4ull * c->keyword_count);
        bytes = fr_read_u32(&r);
        c->keywords = fr_read_bytes(&r, bytes);
        if (r.bad || c->width > 32 || !keywords_are_sound(c, bytes)) return false;
        break;
    default: return false;
    }
    c->values = fr_read_bytes(&r, ((uint64_t)c->docs * c->width + 7) / 8);
    return !r.bad && fr_reader_left(&r) == 0;
}

static bool read_columns(struct fr_columns *columns, const struct fr_segment *seg)
{
    const struct fr_section *s = &seg->sections[FR_SECTION_COLUMNS];
    struct fr_reader r = fr_reader_of(s->data, s->len);
    if (!fr_segment_verify_range(seg, s->data, s->len)) return false;
    for (uint32_t i = 0; i < columns->count; i++) {
        struct fr_column *c = &columns->column[i];
        c->docs = seg->stats.docs;
        c->kind = (enum fr_column_kind)fr_read_u8(&r);
        c->name.len = (size_t)fr_read_varint(&r);
        c->name.ptr = (const char *)fr_read_bytes(&r, c->name.len);
        uint64_t bytes = fr_read_u64(&r);
        const uint8_t *body = fr_read_bytes(&r, bytes);
        if (r.bad || !read_body(fr_reader_of(body, bytes), c)) return false;
    }
    return fr_reader_left(&r) == 0;
}

frai_status fr_columns_open(struct fr_columns *columns, const struct fr_segment *seg,
                            frai_error *err)
{
    *columns = (struct fr_columns){.mem = seg->mem, .count = seg->stats.columns};
    if (columns->count > seg->sections[FR_SECTION_COLUMNS].len) /* each takes a byte and more */
        return fr_segment_damaged(seg, "columns", err);
    columns->column = fr_new(seg->mem, columns->count * sizeof *columns->column);
    if (!columns->column) return fr_fail_memory(err, "reading the index");
    if (read_columns(columns, seg)) return FRAI_OK;
    fr_columns_close(columns);
    return fr_segment_damaged(seg, "columns", err);
}

void fr_columns_close(struct fr_columns *columns)
{
    fr_free(columns->mem, columns->column, columns->count * sizeof *columns->column);
    columns->column = NULL;
    columns->count = 0;
}

const struct fr_column *fr_columns_find(const struct fr_columns *columns, frai_slice name)
{
    for (uint32_t i = 0; i < columns->count; i++)
        if (fr_slice_compare(columns->column[i].name, name) == 0) return &columns->column[i];
    return NULL;
}

static uint64_t packed_value(const struct fr_column *c, uint32_t doc)
{
    uint64_t at = (uint64_t)doc * c->width;
    if (c->width == 0) return 0;
    if (c->width <= 32) return fr_bits_get(c->values, at, c->width);
    return fr_bits_get(c->values, at, 32) | (uint64_t)fr_bits_get(c->values, at + 32, c->width - 32)
                                                << 32;
}

uint32_t fr_column_ordinal(const struct fr_column *c, uint32_t doc)
{
    uint32_t ordinal = (uint32_t)packed_value(c, doc);
    return ordinal <= c->keyword_count ? ordinal : 0; /* a hostile file's */
}

frai_slice fr_column_keyword_at(const struct fr_column *c, uint32_t ordinal)
{
    if (ordinal == 0) return (frai_slice){"", 0};
    uint32_t begin = ordinal > 1 ? fr_load32(c->ends + 4ull * (ordinal - 2)) : 0;
    uint32_t end = fr_load32(c->ends + 4ull * (ordinal - 1));
    return (frai_slice){(const char *)c->keywords + begin, end - begin};
}

frai_slice fr_column_keyword(const struct fr_column *c, uint32_t doc)
{
    return fr_column_keyword_at(c, fr_column_ordinal(c, doc));
}

uint32_t fr_column_lower_bound(const struct fr_column *c, frai_slice keyword)
{
    uint32_t low = 1;
    FR_LOWER_BOUND(uint32_t, low, c->keyword_count + 1, i,
                   fr_slice_compare(fr_column_keyword_at(c, i), keyword) < 0);
    return low;
}

double fr_column_number(const struct fr_column *c, uint32_t doc)
{
    double value;
    memcpy(&value, c->values + 8ull * doc, 8);
    return value;
}

int64_t fr_column_date(const struct fr_column *c, uint32_t doc)
{
    uint64_t value = packed_value(c, doc);
    return value ? (int64_t)((uint64_t)c->least + value - 1) : FR_NO_DATE;
}
