/* reorder_queue.h: holds documents back until all have come, or as many as memory has room for, and
 * passes them on in the order of writer/graph_bisection.h. */
#ifndef FR_WRITER_REORDER_QUEUE_H
#define FR_WRITER_REORDER_QUEUE_H

#include "base/interner.h"
#include "index/manifest.h"
#include "segment/record.h"
#include "segment/spill_buffer.h"
#include "text/analyzer.h"
#include "writer/graph_bisection.h"

/* Zeroed, it can be deinitialised. */
struct fr_reorder_queue {
    const frai_allocator *mem;
    struct fr_analyzer analyzer;
    struct fr_spill_buffer spool; /* each document: u32 bytes of id and of record, id, record */
    FR_VECTOR(uint64_t) spool_at; /* of each document */
    FR_VECTOR(uint64_t) id_hashes;
    struct fr_interner terms;    /* 4-byte hashes */
    FR_VECTOR(uint32_t) dfs;     /* of each term */
    FR_VECTOR(uint32_t) forward; /* fr_forward's */
    FR_VECTOR(uint64_t) ends;
    FR_VECTOR(uint32_t) found; /* hashes of a document's terms */
    struct fr_buf document;    /* read back: id and record */
    uint32_t sampled;          /* terms whose hash has none of these bits are looked at */
    uint64_t memory_bytes;     /* that the terms of documents may take, and the spool */
};

/* path: of the spool's temporary file. */
void fr_reorder_queue_init(struct fr_reorder_queue *r, const struct fr_settings *settings,
                           const char *path, uint64_t memory_bytes, const frai_allocator *mem);
void fr_reorder_queue_deinit(struct fr_reorder_queue *r);

/* A long record has no terms for the graph: it is like many others. */
frai_status fr_reorder_queue_add(struct fr_reorder_queue *r, frai_slice id,
                                 const struct fr_record_source *record, frai_error *err);

/* How many documents wait. For each, memory must hold its place in the spool, the end of its terms
 * and the hash of its id, and what sorting and the graph take. */
#define FR_REORDER_DOC_BYTES 96u
uint32_t fr_reorder_queue_documents(const struct fr_reorder_queue *r);

typedef frai_status (*fr_reorder_queue_next)(void *ctx, frai_slice id,
                                             const struct fr_record_source *record,
                                             frai_error *err);

/* Passes all documents to `next` and forgets them. Of documents with the same id the last one stays
 * last. */
frai_status fr_reorder_queue_drain(struct fr_reorder_queue *r, uint32_t threads,
                                   fr_reorder_queue_next next, void *ctx, frai_error *err);

#endif
