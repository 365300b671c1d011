/* columns.h: typed values of documents, one array for each column. Validated as a whole when
 * opened, and read without further checks; shared between threads.
 *
 * A document without a value has the keyword ordinal 0 and an empty keyword, the number NaN, or the
 * date FR_NO_DATE. Deleted documents keep their values: whoever counts must ask which live. */
#ifndef FR_SEGMENT_COLUMNS_H
#define FR_SEGMENT_COLUMNS_H

#include "segment/segment.h"

/* Numbered as the kinds of declared fields are. */
enum fr_column_kind { FR_COLUMN_KEYWORD = 2, FR_COLUMN_NUMBER = 3, FR_COLUMN_DATE = 4 };

#define FR_NO_DATE INT64_MIN

struct fr_column {
    frai_slice name;
    enum fr_column_kind kind;
    uint32_t docs;
    uint32_t width;                 /* bits of a value; 0: no document has one */
    int64_t least;                  /* of dates */
    const uint8_t *values;          /* packed */
    const uint8_t *ends, *keywords; /* u32 end of each, their bytes; ascending by bytes */
    uint32_t keyword_count;
};

struct fr_columns {
    const frai_allocator *mem;
    struct fr_column *column;
    uint32_t count;
};

/* Reads and checks all bytes of all columns. */
frai_status fr_columns_open(struct fr_columns *columns, const struct fr_segment *seg,
                            frai_error *err);
void fr_columns_close(struct fr_columns *columns);

/* NULL if there is no such column. */
const struct fr_column *fr_columns_find(const struct fr_columns *columns, frai_slice name);

/* A keyword's ordinal is its place, from 1 on, among the column's keywords in the order of their
 * bytes: ordinals compare as keywords do, within a segment. doc < column->docs in all of these. */
uint32_t fr_column_ordinal(const struct fr_column *c, uint32_t doc);
frai_slice fr_column_keyword_at(const struct fr_column *c, uint32_t ordinal);
frai_slice fr_column_keyword(const struct fr_column *c, uint32_t doc);

/* The first ordinal whose keyword is not before this one; keyword_count + 1 if all are. */
uint32_t fr_column_lower_bound(const struct fr_column *c, frai_slice keyword);

double fr_column_number(const struct fr_column *c, uint32_t doc);
int64_t fr_column_date(const struct fr_column *c, uint32_t doc);

#endif
