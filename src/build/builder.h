/* builder.h: documents → segments → a committed generation. One builder a directory, one thread a
 * builder; it runs workers of its own.
 *
 *   add ─▶ chunk (4 MiB, by input alone) ─▶ workers: analyze, invert, compress
 *                                            │ in input order
 *       sections and runs (memory, then temporary files) ◀┘ ─▶ merge ─▶ segment ─▶ manifest */
#ifndef FR_BUILD_BUILDER_H
#define FR_BUILD_BUILDER_H

#include "frai/build.h"
#include "index/manifest.h"
#include "segment/store.h"

struct fr_builder;

struct fr_builder_options {
    const frai_allocator *mem;
    uint64_t memory_bytes;
    uint32_t threads;
    bool reorder; /* documents with like terms stand together */
    frai_open_mode mode;
    uint32_t segment_docs;       /* that a segment may have; 0: what memory allows */
    struct fr_settings settings; /* of a new index; one that is there keeps its own */
};

struct fr_builder_stats {
    uint64_t documents, replaced, text_bytes, index_bytes, deleted;
};

frai_status fr_builder_open(const char *dir, const struct fr_builder_options *options,
                            struct fr_builder **out, frai_error *err);

/* `record` is of segment/store.h. Fields were checked by the caller. */
frai_status fr_builder_add(struct fr_builder *b, frai_slice id, const uint8_t *record, size_t len,
                           frai_error *err);

/* Later calls report this failure of its caller's, unless they have one to report already. */
frai_status fr_builder_spend(struct fr_builder *b, const frai_error *error, frai_error *err);

/* Drops the document with this id from the next commit on: of those committed, and of those added
 * before this call. An id that no document has is fine. */
frai_status fr_builder_delete(struct fr_builder *b, frai_slice id, frai_error *err);

/* Adds all living documents of what is committed, as the next commit's only ones. */
frai_status fr_builder_compact(struct fr_builder *b, frai_error *err);

/* Drops the committed documents whose path is this from the next commit on. */
frai_status fr_builder_delete_path(struct fr_builder *b, frai_slice path, frai_error *err);

/* The latest commit's note into out (cleared first). */
frai_status fr_builder_noted(struct fr_builder *b, struct fr_buf *out, frai_error *err);

/* What the next commit is made from: the segments that are there, and where. */
const struct fr_manifest *fr_builder_manifest(const struct fr_builder *b);
const char *fr_builder_directory(const struct fr_builder *b);

/* What was added since the latest commit was committed before that: it is indexed again. */
frai_status fr_builder_added_again(struct fr_builder *b, frai_error *err);

/* ARGUMENT unless all that was asked for is committed, and the builder doesn't begin an index. */
frai_status fr_builder_is_settled(const struct fr_builder *b, frai_error *err);

/* Of the segments that are there only these (struct fr_segment_ref) stay at the next commit. */
frai_status fr_builder_keep_only(struct fr_builder *b, const struct fr_buf *segments,
                                 frai_error *err);

/* Bytes of the caller's own that the next commit keeps; without them it keeps none, but after
 * fr_builder_compact those of the commit before. */
frai_status fr_builder_note(struct fr_builder *b, frai_slice note, frai_error *err);

/* Forgets what was added, deleted or compacted since the latest commit. */
frai_status fr_builder_rollback(struct fr_builder *b, frai_error *err);

const struct fr_settings *fr_builder_settings(const struct fr_builder *b);
frai_status fr_builder_commit(struct fr_builder *b, frai_error *err);

/* Waits for merges under way, and publishes what they made, unless something is not committed. */
frai_status fr_builder_wait(struct fr_builder *b, frai_error *err);
void fr_builder_stats_of(const struct fr_builder *b, struct fr_builder_stats *out);
void fr_builder_close(struct fr_builder *b);

#endif
