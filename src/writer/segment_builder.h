/* segment_builder.h: builds one segment, from chunks that workers inverted or from existing
 * segments (copy_segments.h). */
#ifndef FR_WRITER_SEGMENT_BUILDER_H
#define FR_WRITER_SEGMENT_BUILDER_H

#include "segment/documents.h"
#include "segment/external_sort.h"
#include "segment/field_ends.h"
#include "segment/front_coding.h"
#include "writer/column_builder.h"
#include "writer/inverter.h"
#include "writer/pending_deletes.h"

#define FR_SEGMENT_DOCS_MAX (1u << 28)

/* Building a segment holds about four bytes per document in memory (norm, width, and what postings
 * of the densest term need), which limits its documents. */
static inline uint32_t fr_segment_docs_most(uint64_t memory_bytes)
{
    uint64_t most = memory_bytes / 4;
    return most < FR_SEGMENT_DOCS_MAX ? (uint32_t)most : FR_SEGMENT_DOCS_MAX;
}

struct fr_segment_builder_options {
    const frai_allocator *mem;
    const char *dir;
    uint64_t number; /* of the segment's file */
    uint64_t memory_bytes;
    uint32_t threads;
    const struct fr_settings *settings; /* outlive the builder */
};

/* What the parts of a long document have made so far. */
struct fr_long_totals {
    uint32_t length, end, name_end; /* surface terms; behind the last position; of the name too */
    FR_VECTOR(uint32_t) field_ends;
    struct fr_buf starts; /* a bitmap: 어절 */
    struct fr_buf id;
};

/* Its members are for the files that make segments: segment_builder.c and copy_segments.c. */
struct fr_segment_builder {
    const frai_allocator *mem;
    const struct fr_settings *settings;
    uint64_t number, memory_bytes;
    uint32_t threads;
    char path[FR_PATH_MAX];
    FR_VECTOR(struct fr_doc_map) sources; /* when it copies segments */
    struct fr_segment_writer writer;
    struct fr_spill_buffer runs;
    FR_VECTOR(struct fr_run) run_list;
    struct fr_external_sort hashes;                 /* of ids; numbers are documents */
    struct fr_spill_buffer norm_bytes, width_bytes; /* of each document, while they come */
    struct fr_buf norms, widths;                    /* all of them, at the end */
    struct fr_spill_buffer lengths;                 /* uint32_t of each document */
    struct fr_list_writer ids;
    struct fr_eojeol_writer eojeols;
    struct fr_field_end_writer field_ends;
    struct fr_column_builder columns;
    struct fr_long_totals long_totals;
    uint32_t docs;
    uint64_t text_bytes, tokens;
    uint32_t texts; /* documents with a token */
};

/* The finished segment. */
struct fr_built_segment {
    struct fr_segment_ref ref;
    uint32_t documents, replaced; /* living; dropped, as their id was added again */
    uint64_t text_bytes;
};

frai_status fr_segment_builder_create(const struct fr_segment_builder_options *options,
                                      struct fr_segment_builder **out, frai_error *err);
void fr_segment_builder_destroy(struct fr_segment_builder *a);

/* Adds an inverted chunk, in input order. Failures of the temporary files are reported by the call
 * that first meets them, and by fr_segment_builder_finish. */
frai_status fr_segment_builder_add_chunk(struct fr_segment_builder *a, struct fr_chunk *chunk,
                                         frai_error *err);

/* The id, length and width of the next document. */
void fr_segment_builder_put_document(struct fr_segment_builder *a, frai_slice id, uint32_t length,
                                     uint8_t width);

/* Writes and fsyncs the file. dictionary: that of the chunks' stored text. deletes (may be NULL):
 * documents deleted after they had been added; `place` is the segment's in the manifest. */
frai_status fr_segment_builder_finish(struct fr_segment_builder *a, frai_slice dictionary,
                                      const struct fr_pending_deletes *deletes, uint32_t place,
                                      struct fr_built_segment *out, frai_error *err);

#endif
