/* One column writer for each column, fed with fields of records, or with the values of a segment's
 * column of the same name. */
#include "writer/column_builder.h"

#include <math.h>
#include <stdio.h>

#include "segment/record.h"
#include "text/date.h"

_Static_assert((int)FR_FIELD_KEYWORD == FR_COLUMN_KEYWORD &&
                   (int)FR_FIELD_NUMBER == FR_COLUMN_NUMBER &&
                   (int)FR_FIELD_DATE_KIND == FR_COLUMN_DATE,
               "a declared field and its column are of one kind");

static void make_column(struct fr_column_builder *b, const char *prefix, size_t limit,
                        const char *name, enum fr_column_kind kind)
{
    char path[FR_PATH_MAX];
    snprintf(path, sizeof path, "%.4000s-column%u", prefix, b->count);
    fr_column_writer_init(&b->columns[b->count++], name, kind, b->mem, path, limit);
}

frai_status fr_column_builder_init(struct fr_column_builder *b, const struct fr_settings *settings,
                                   const char *prefix, size_t limit, const frai_allocator *mem,
                                   frai_error *err)
{
    *b = (struct fr_column_builder){.mem = mem, .settings = settings, .room = 2};
    for (uint32_t i = 0; i < settings->field_count; i++)
        b->room += settings->fields[i].kind != FR_FIELD_TEXT;
    b->columns = fr_new(mem, b->room * sizeof *b->columns);
    if (!b->columns) return fr_fail_memory(err, "building");
    make_column(b, prefix, limit, "source", FR_COLUMN_KEYWORD);
    make_column(b, prefix, limit, "date", FR_COLUMN_DATE);
    for (uint32_t i = 0; i < settings->field_count; i++) {
        const struct fr_field_spec *f = &settings->fields[i];
        if (f->kind != FR_FIELD_TEXT)
            make_column(b, prefix, limit, f->name, (enum fr_column_kind)f->kind);
    }
    return FRAI_OK;
}

void fr_column_builder_deinit(struct fr_column_builder *b)
{
    for (uint32_t i = 0; i < b->count; i++) fr_column_writer_deinit(&b->columns[i]);
    if (b->columns) fr_free(b->mem, b->columns, b->room * sizeof *b->columns);
    b->columns = NULL;
    b->count = 0;
}

static double parse_number(frai_slice text)
{
    char number[64];
    double parsed;
    if (text.len == 0 || text.len >= sizeof number) return NAN;
    memcpy(number, text.ptr, text.len);
    number[text.len] = '\0';
    return sscanf(number, "%lf", &parsed) == 1 ? parsed : NAN;
}

static void put_value(struct fr_column_writer *c, frai_slice value)
{
    int64_t seconds;
    switch (c->kind) {
    case FR_COLUMN_KEYWORD: fr_column_writer_keyword(c, value); break;
    case FR_COLUMN_NUMBER: fr_column_writer_number(c, parse_number(value)); break;
    case FR_COLUMN_DATE:
        if (!fr_date_parse(value.ptr, value.len, &seconds)) seconds = FR_NO_DATE;
        fr_column_writer_date(c, seconds);
        break;
    }
}

void fr_column_builder_add(struct fr_column_builder *b, const uint8_t *record, size_t len)
{
    put_value(&b->columns[0], fr_record_field(record, len, FR_FIELD_SOURCE));
    put_value(&b->columns[1], fr_record_field(record, len, FR_FIELD_DATE));
    uint32_t next = 2;
    for (uint32_t i = 0; i < b->settings->field_count; i++)
        if (b->settings->fields[i].kind != FR_FIELD_TEXT)
            put_value(&b->columns[next++], fr_record_field(record, len, FR_FIELD_BUILTIN + i));
}

static frai_status copy_values(struct fr_column_builder *b, const struct fr_doc_map *map,
                               const struct fr_columns *from, frai_error *err)
{
    for (uint32_t i = 0; i < b->count; i++) {
        struct fr_column_writer *to = &b->columns[i];
        const struct fr_column *column = fr_columns_find(from, frai_slice_of(to->name));
        if (!column || column->kind != to->kind)
            return fr_segment_damaged(map->seg, "columns", err);
        for (uint32_t doc = 0; doc < column->docs; doc++)
            if (fr_doc_map_has(map, doc)) fr_column_writer_copy(to, column, doc);
    }
    return FRAI_OK;
}

frai_status fr_column_builder_copy(struct fr_column_builder *b, const struct fr_doc_map *map,
                                   frai_error *err)
{
    struct fr_columns from;
    FR_TRY(fr_columns_open(&from, map->seg, err));
    frai_status status = copy_values(b, map, &from, err);
    fr_columns_close(&from);
    return status;
}

frai_status fr_column_builder_finish(struct fr_column_builder *b, struct fr_segment_writer *out,
                                     frai_error *err)
{
    return fr_columns_write(out, b->columns, b->count, err);
}
