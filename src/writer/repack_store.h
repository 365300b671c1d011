/* repack_store.h: moves the stored text of several segments into one. */
#ifndef FR_WRITER_REPACK_STORE_H
#define FR_WRITER_REPACK_STORE_H

#include "index/manifest.h"
#include "segment/segment_writer.h"
#include "writer/doc_map.h"

/* Writes sections store, store_index and store_dict with the documents that the maps take over.
 * *text_bytes counts the text of all documents of the sources; that of dropped ones is subtracted.
 */
frai_status fr_repack_store(const struct fr_doc_map *sources, uint32_t count,
                            const struct fr_settings *settings, struct fr_segment_writer *out,
                            uint64_t *text_bytes, frai_error *err);

#endif
