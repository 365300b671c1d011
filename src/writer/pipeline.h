/* pipeline.h: documents fill chunks, workers invert them, and the builder of the current segment
 * takes them in input order. If documents are to be reordered, a queue stands in front. */
#ifndef FR_WRITER_PIPELINE_H
#define FR_WRITER_PIPELINE_H

#include "writer/reorder_queue.h"
#include "writer/segment_builder.h"
#include "writer/workers.h"

/* Counts of the documents added since the latest commit. */
struct fr_pipeline_stats {
    uint64_t documents, replaced, text_bytes, index_bytes;
};

struct fr_pipeline {
    /* Set before fr_pipeline_open; what they point to outlives it. */
    const frai_allocator *mem;
    const char *dir;
    const struct fr_settings *settings;
    struct fr_manifest *manifest; /* gets the finished segments */
    struct fr_pending_deletes *deletes;
    uint64_t memory_bytes;
    uint32_t threads,
        segment_docs;    /* segment_docs: most documents of a segment; 0: as memory allows */
    uint32_t part_bytes; /* longer records come in parts of this length */
    bool reorders;

    struct fr_workers *workers;
    uint32_t under_way;     /* chunks that may be with the workers */
    struct fr_chunk *chunk; /* being filled */
    struct fr_segment_builder *builder;
    struct fr_reorder_queue queue; /* its mem is NULL while nothing is in it */
    struct fr_buf dictionary;      /* of stored text */
    struct fr_buf record;          /* that was read as a whole */
    uint32_t next_doc;             /* of the segment being made */
    uint32_t docs_most;            /* of it */
    struct fr_pipeline_stats made; /* of the segments made */
};

frai_status fr_pipeline_open(struct fr_pipeline *p, frai_error *err);
void fr_pipeline_close(struct fr_pipeline *p);

/* Keeps nothing of the record. */
frai_status fr_pipeline_add(struct fr_pipeline *p, frai_slice id,
                            const struct fr_record_source *record, frai_error *err);

/* Numbers the documents that wait in the queue; documents of later calls get higher numbers. */
frai_status fr_pipeline_drain_queue(struct fr_pipeline *p, frai_error *err);

/* Puts all documents added so far into segments, and these into the manifest. */
frai_status fr_pipeline_finish(struct fr_pipeline *p, frai_error *err);

/* Drops documents that are in no finished segment. */
void fr_pipeline_discard(struct fr_pipeline *p);

bool fr_pipeline_is_empty(const struct fr_pipeline *p);

/* Options for the next segment, or for a merge. */
struct fr_segment_builder_options fr_pipeline_options(const struct fr_pipeline *p);

#endif
