/* documents.h: what a segment knows of its documents besides terms and text: ids, 어절 starts,
 * which of them live. */
#ifndef FR_SEGMENT_DOCUMENTS_H
#define FR_SEGMENT_DOCUMENTS_H

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

/* ---- 어절 starts ---- */

/* For each document: its positions (last + 1), and where 어절 start. */
struct fr_eojeol_writer {
    struct fr_segment_writer *out;
    struct fr_buf lengths, bitmaps; /* of the group being filled */
    uint32_t docs;
};
void fr_eojeol_writer_init(struct fr_eojeol_writer *w, struct fr_segment_writer *out);
void fr_eojeol_writer_deinit(struct fr_eojeol_writer *w);
void fr_eojeol_writer_add(struct fr_eojeol_writer *w, uint32_t positions, const uint32_t *starts,
                          uint32_t start_count);
void fr_eojeol_writer_finish(struct fr_eojeol_writer *w);

struct fr_eojeols {
    uint32_t positions;
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

/* FRAI_ERR_CORRUPT if it can't be told which live. Comes before fr_document_is_live: what seems
 * dead is left out and forgotten. */
frai_status fr_live_check(const struct fr_segment *seg, frai_error *err);
bool fr_document_is_live(const struct fr_segment *seg, uint32_t doc);

#endif
