/* column_builder.h: the columns of a new segment, from records or from existing segments: source
 * and date, which every index has, then the declared keywords, numbers and dates. */
#ifndef FR_WRITER_COLUMN_BUILDER_H
#define FR_WRITER_COLUMN_BUILDER_H

#include "index/manifest.h"
#include "segment/column_writer.h"
#include "writer/doc_map.h"

struct fr_column_builder {
    const frai_allocator *mem;
    const struct fr_settings *settings;
    struct fr_column_writer *columns;
    uint32_t count, room; /* columns made; columns there is room for */
};

/* prefix, limit: of the spill buffers. */
frai_status fr_column_builder_init(struct fr_column_builder *b, const struct fr_settings *settings,
                                   const char *prefix, size_t limit, const frai_allocator *mem,
                                   frai_error *err);
void fr_column_builder_deinit(struct fr_column_builder *b);

/* Adds the values of the next document. Text that is no number or date gives no value. */
void fr_column_builder_add(struct fr_column_builder *b, const uint8_t *record, size_t len);

/* Adds the values of all documents that the map takes over. */
frai_status fr_column_builder_copy(struct fr_column_builder *b, const struct fr_doc_map *map,
                                   frai_error *err);

frai_status fr_column_builder_finish(struct fr_column_builder *b, struct fr_segment_writer *out,
                                     frai_error *err);

#endif
