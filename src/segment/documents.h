/* documents.h: what a segment knows of its documents besides terms and text: ids, field ends, 어절
 * starts, which of them live, typed columns. */
#ifndef FR_SEGMENT_DOCUMENTS_H
#define FR_SEGMENT_DOCUMENTS_H

#include "base/interner.h"
#include "segment/segment.h"
#include "segment/segment_writer.h"

/* ---- ids ---- */

/* The id of a document into out (cleared first). */
frai_status fr_document_id(const struct fr_segment *seg, uint32_t doc, struct fr_buf *out,
                           frai_error *err);

/* The live document with this id, or NOT_FOUND (err untouched). */
frai_status fr_document_find(const struct fr_segment *seg, const char *id, size_t len,
                             uint32_t *doc, frai_error *err);

/* Writes section id_lookup: living documents by hash of id. Needs out->stats.docs. */
struct fr_id_lookup_writer {
    struct fr_spill_buffer *to;
    unsigned width, bits; /* bits: in carry */
    uint64_t carry;
};
void fr_id_lookup_writer_init(struct fr_id_lookup_writer *w, struct fr_segment_writer *out);
void fr_id_lookup_writer_put(struct fr_id_lookup_writer *w, uint32_t doc);
void fr_id_lookup_writer_finish(struct fr_id_lookup_writer *w);

/* ---- field ends and 어절 starts ---- */

/* For each document: its positions (last + 1), where its title ends, and where 어절 start. */
struct fr_eojeol_writer {
    struct fr_segment_writer *out;
    struct fr_buf lengths, bitmaps; /* of the group being filled */
    uint32_t docs;
};
void fr_eojeol_writer_init(struct fr_eojeol_writer *w, struct fr_segment_writer *out);
void fr_eojeol_writer_deinit(struct fr_eojeol_writer *w);
void fr_eojeol_writer_add(struct fr_eojeol_writer *w, uint32_t positions, uint32_t title_end,
                          const uint32_t *starts, uint32_t start_count);
void fr_eojeol_writer_finish(struct fr_eojeol_writer *w);

struct fr_eojeols {
    uint32_t positions, title_end;
    const uint8_t *starts; /* a bit a position */
};
void fr_eojeol_writer_copy(struct fr_eojeol_writer *w, const struct fr_eojeols *document);

frai_status fr_eojeols_read(const struct fr_segment *seg, uint32_t doc, struct fr_eojeols *out,
                            frai_error *err);
/* All documents of a group, from document group * FR_EOJEOL_GROUP on, as many as there are. */
frai_status fr_eojeols_read_group(const struct fr_segment *seg, uint32_t group,
                                  struct fr_eojeols out[FR_EOJEOL_GROUP], frai_error *err);
static inline bool fr_eojeol_starts_at(const struct fr_eojeols *e, uint32_t position)
{
    return position < e->positions && (e->starts[position / 8] >> (position % 8) & 1);
}

/* ---- live documents ---- */
bool fr_document_is_live(const struct fr_segment *seg, uint32_t doc);

/* ---- columns ---- */
enum fr_column_kind { FR_COLUMN_KEYWORD = 1, FR_COLUMN_NUMBER = 2, FR_COLUMN_DATE = 3 };

/* Values of one column, given document by document. */
struct fr_column_writer {
    char name[64];
    enum fr_column_kind kind;
    struct fr_spill_buffer values; /* u32 keyword number (0: none), or 8-byte number or date */
    struct fr_interner keywords;
    int64_t least, most; /* of dates */
};
#define FR_NO_DATE INT64_MIN
/* path, limit: of the sink of the values. */
void fr_column_writer_init(struct fr_column_writer *c, const char *name, enum fr_column_kind kind,
                           const frai_allocator *mem, const char *path, size_t limit);
void fr_column_writer_deinit(struct fr_column_writer *c);
void fr_column_writer_keyword(struct fr_column_writer *c, const char *value, size_t len);
void fr_column_writer_number(struct fr_column_writer *c, double value);  /* NaN: none */
void fr_column_writer_date(struct fr_column_writer *c, int64_t seconds); /* FR_NO_DATE: none */

/* Writes section columns. */
frai_status fr_columns_write(struct fr_segment_writer *w, struct fr_column_writer *columns,
                             uint32_t count, frai_error *err);

struct fr_column {
    enum fr_column_kind kind;
    const struct fr_segment *seg;
    uint32_t width;        /* bits of a value */
    int64_t least;         /* of dates */
    const uint8_t *values; /* packed */
    const uint8_t *ends, *keywords;
    uint32_t keyword_count;
};
/* NOT_FOUND (err untouched) if the segment has no such column. */
frai_status fr_column_open(const struct fr_segment *seg, const char *name, struct fr_column *c,
                           frai_error *err);
frai_slice fr_column_keyword(const struct fr_column *c, uint32_t doc); /* empty: none */
double fr_column_number(const struct fr_column *c, uint32_t doc);
int64_t fr_column_date(const struct fr_column *c, uint32_t doc);

#endif
