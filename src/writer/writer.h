/* writer.h: documents → segments → a committed generation. One writer a directory, one thread a
 * writer; it runs workers of its own.
 *
 *   add ─▶ chunk (4 MiB, by input alone) ─▶ workers: analyze, invert, compress
 *                                            │ in input order
 *       sections and runs (memory, then temporary files) ◀┘ ─▶ merge ─▶ segment ─▶ manifest */
#ifndef FR_WRITER_WRITER_H
#define FR_WRITER_WRITER_H

#include "frai/writer.h"
#include "index/manifest.h"
#include "segment/record.h"

struct fr_writer;

struct fr_writer_options {
    const frai_allocator *mem;
    uint64_t memory_bytes;
    uint32_t threads;
    bool reorder; /* documents with like terms stand together */
    frai_open_mode mode;
    uint32_t segment_docs;       /* that a segment may have; 0: what memory allows */
    struct fr_settings settings; /* of a new index; one that is there keeps its own */
};

struct fr_writer_stats {
    uint64_t documents, replaced, text_bytes, index_bytes, deleted;
};

frai_status fr_writer_open(const char *dir, const struct fr_writer_options *options,
                           struct fr_writer **out, frai_error *err);

/* `record` is of segment/record.h. Fields were checked by the caller. */
frai_status fr_writer_add(struct fr_writer *w, frai_slice id, const uint8_t *record, size_t len,
                          frai_error *err);

/* Later calls report this failure of its caller's, unless they have one to report already. */
frai_status fr_writer_fail(struct fr_writer *w, const frai_error *error, frai_error *err);

/* Drops the document with this id from the next commit on: of those committed, and of those added
 * before this call. An id that no document has is fine. */
frai_status fr_writer_delete(struct fr_writer *w, frai_slice id, frai_error *err);

/* Adds all living documents of what is committed, as the next commit's only ones. */
frai_status fr_writer_compact(struct fr_writer *w, frai_error *err);

/* Drops the committed documents whose path is this from the next commit on. */
frai_status fr_writer_delete_path(struct fr_writer *w, frai_slice path, frai_error *err);

/* The latest commit's note into out (cleared first). */
frai_status fr_writer_user_data(struct fr_writer *w, struct fr_buf *out, frai_error *err);

/* What the next commit is made from: the segments that are there, and where. */
const struct fr_manifest *fr_writer_manifest(const struct fr_writer *w);
const char *fr_writer_directory(const struct fr_writer *w);

/* What was added since the latest commit was committed before that: it is indexed again. */
frai_status fr_writer_added_again(struct fr_writer *w, frai_error *err);

/* ARGUMENT unless all that was asked for is committed, and the writer doesn't begin an index. */
frai_status fr_writer_is_settled(const struct fr_writer *w, frai_error *err);

/* Of the segments that are there only these stay at the next commit. */
frai_status fr_writer_keep_only(struct fr_writer *w, const struct fr_segment_refs *segments,
                                frai_error *err);

/* Bytes of the caller's own that the next commit keeps; without them it keeps none, but after
 * fr_writer_compact those of the commit before. */
frai_status fr_writer_set_user_data(struct fr_writer *w, frai_slice note, frai_error *err);

/* Forgets what was added, deleted or compacted since the latest commit. */
frai_status fr_writer_rollback(struct fr_writer *w, frai_error *err);

const struct fr_settings *fr_writer_settings(const struct fr_writer *w);
frai_status fr_writer_commit(struct fr_writer *w, frai_error *err);

/* Waits for merges under way, and publishes what they made, unless something is not committed. */
frai_status fr_writer_wait(struct fr_writer *w, frai_error *err);
void fr_writer_read_stats(const struct fr_writer *w, struct fr_writer_stats *out);
void fr_writer_close(struct fr_writer *w);

#endif
