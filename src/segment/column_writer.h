/* column_writer.h: collects the values of a column, document by document, and writes the section of
 * all columns. */
#ifndef FR_SEGMENT_COLUMN_WRITER_H
#define FR_SEGMENT_COLUMN_WRITER_H

#include "base/interner.h"
#include "segment/columns.h"
#include "segment/segment_writer.h"

struct fr_column_writer {
    char name[64];
    enum fr_column_kind kind;
    struct fr_spill_buffer values; /* u32 keyword number + 1 (0: none), or 8-byte number or date */
    struct fr_interner keywords;
    int64_t least, most; /* of dates */
};

/* path, limit: of the spill buffer of the values. */
void fr_column_writer_init(struct fr_column_writer *c, const char *name, enum fr_column_kind kind,
                           const frai_allocator *mem, const char *path, size_t limit);
void fr_column_writer_deinit(struct fr_column_writer *c);

void fr_column_writer_keyword(struct fr_column_writer *c, frai_slice value); /* empty: none */
void fr_column_writer_number(struct fr_column_writer *c, double value);      /* NaN: none */
void fr_column_writer_date(struct fr_column_writer *c, int64_t seconds);     /* FR_NO_DATE: none */

/* Copies the value of a document from another segment's column of the same kind. */
void fr_column_writer_copy(struct fr_column_writer *c, const struct fr_column *from, uint32_t doc);

/* Writes section columns. Needs w->stats.docs, as many as each column has values. */
frai_status fr_columns_write(struct fr_segment_writer *w, struct fr_column_writer *columns,
                             uint32_t count, frai_error *err);

#endif
