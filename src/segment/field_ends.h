/* field_ends.h: where each text field of a document ends, in positions: title, body, then the
 * declared text fields. A field's positions go from the end of the field before it (0 for the
 * title) to its own; one without text ends where it begins. For the last field nothing is
 * stored: it has all positions from there to the end of the document's text. */
#ifndef FR_SEGMENT_FIELD_ENDS_H
#define FR_SEGMENT_FIELD_ENDS_H

#include "base/vector.h"
#include "segment/segment.h"
#include "segment/segment_writer.h"

struct fr_field_end_writer {
    struct fr_segment_writer *out;
    uint32_t bounds;             /* of each document: text fields but the last */
    FR_VECTOR(uint32_t) lengths; /* of each field, document by document, of the group */
    uint32_t docs;
};
/* Needs out->stats.text_fields. */
void fr_field_end_writer_init(struct fr_field_end_writer *w, struct fr_segment_writer *out);
void fr_field_end_writer_deinit(struct fr_field_end_writer *w);

/* ends: of all text fields but the last; none is before the one before it. */
void fr_field_end_writer_add(struct fr_field_end_writer *w, const uint32_t *ends);
void fr_field_end_writer_finish(struct fr_field_end_writer *w);

/* The ends of the document's first `count` text fields. Needs count < stats.text_fields. */
frai_status fr_field_ends_read(const struct fr_segment *seg, uint32_t doc, uint32_t count,
                               uint32_t *ends, frai_error *err);

#endif
