/* writer.h: documents → segments → a committed generation. One writer a directory, one thread a
 * writer; it runs workers of its own.
 *
 *   add ─▶ chunk (4 MiB, by input alone) ─▶ workers: analyze, invert, compress
 *                                            │ in input order
 *       sections and runs (memory, then temporary files) ◀┘ ─▶ merge ─▶ segment ─▶ manifest */
#ifndef FR_WRITER_WRITER_H
#define FR_WRITER_WRITER_H

#include "base/process.h"
#include "frai/writer.h"
#include "index/lock.h"
#include "segment/record.h"
#include "writer/background_merge.h"
#include "writer/pipeline.h"

struct fr_writer_options {
    const frai_allocator *mem;
    uint64_t memory_bytes;
    uint32_t threads;
    bool reorder; /* similar documents get neighbouring numbers */
    frai_open_mode mode;
    uint32_t segment_docs;       /* most documents of a segment; 0: what memory allows */
    uint32_t part_bytes;         /* of a long record; 0: FR_PART_BYTES. Tests have others */
    struct fr_settings settings; /* of a new index; one that is there keeps its own */
};

struct fr_writer_stats {
    uint64_t documents, replaced, text_bytes, index_bytes, deleted;
};

/* Its members are for the files that make it: writer.c, commit.c and compact.c. */
struct fr_writer {
    const frai_allocator *mem;
    char dir[FR_PATH_MAX];
    struct fr_lock lock;
    struct fr_process process;        /* that opened it: forked children have no part in it */
    struct fr_manifest manifest;      /* being made */
    struct fr_segment_refs committed; /* its segments, as they were after the latest commit */
    bool replaces;                    /* older segments stop being named */
    bool replaced;                    /* ... as it was after the latest commit */
    bool reopened;                    /* the directory held an index */
    bool begins;        /* the mode wants nothing to be there, and nothing is committed */
    struct fr_buf note; /* of the next commit */
    bool keeps_note;    /* the next commit has the note that the latest has */
    struct fr_settings settings;
    struct fr_pipeline pipeline; /* of the documents of the next commit */
    uint64_t merge_bytes;        /* of a merge in a thread of its own; 0: merges have none */
    struct fr_background_merge *merging; /* under way, or not adopted yet */
    struct fr_pending_deletes deletes;   /* of this commit */
    struct fr_writer_stats stats;        /* of what is committed */
    uint64_t kept;                       /* documents that the next commit keeps of those */
    frai_status status;                  /* sticky */
    frai_error error;
};

frai_status fr_writer_open(const char *dir, const struct fr_writer_options *options,
                           struct fr_writer **out, frai_error *err);

/* `record` is of segment/record.h. Fields were checked by the caller. */
frai_status fr_writer_add(struct fr_writer *w, frai_slice id, const uint8_t *record, size_t len,
                          frai_error *err);

/* Keeps nothing of the record. path: what an empty id is made from. */
frai_status fr_writer_add_source(struct fr_writer *w, frai_slice id, frai_slice path,
                                 const struct fr_record_source *record, frai_error *err);

/* Makes a failure of the caller the writer's own: later calls report it, unless one came before. */
frai_status fr_writer_fail(struct fr_writer *w, const frai_error *error, frai_error *err);

/* At the next commit, deletes the document with this id, whether committed or added before this
 * call. It is no error if there is none. */
frai_status fr_writer_delete(struct fr_writer *w, frai_slice id, frai_error *err);

/* At the next commit, deletes the committed documents with this path. */
frai_status fr_writer_delete_path(struct fr_writer *w, frai_slice path, frai_error *err);

/* The latest commit's note into out (cleared first). */
frai_status fr_writer_user_data(struct fr_writer *w, struct fr_buf *out, frai_error *err);

/* The manifest that the next commit will publish, and the directory of the index. */
const struct fr_manifest *fr_writer_manifest(const struct fr_writer *w);
const char *fr_writer_directory(const struct fr_writer *w);

/* ARGUMENT if there are uncommitted changes, or if the writer begins a new index. */
frai_status fr_writer_require_settled(const struct fr_writer *w, frai_error *err);

/* User data for the next commit. A commit without has none; only after fr_writer_compact it keeps
 * those of the commit before. */
frai_status fr_writer_set_user_data(struct fr_writer *w, frai_slice note, frai_error *err);

/* Drops what was added, deleted or compacted since the latest commit. */
frai_status fr_writer_rollback(struct fr_writer *w, frai_error *err);

const struct fr_settings *fr_writer_settings(const struct fr_writer *w);

void fr_writer_read_stats(const struct fr_writer *w, struct fr_writer_stats *out);
void fr_writer_close(struct fr_writer *w);

/* ---- for commit.c and compact.c ---- */

/* Notes how a step went, and returns the writer's first failure, which every later call reports. */
frai_status fr_writer_sticky(struct fr_writer *w, frai_status status, const frai_error *error,
                             frai_error *err);

/* Can the writer go on? */
frai_status fr_writer_check_usable(const struct fr_writer *w, frai_error *err);

/* ARGUMENT if the writer begins a new index, in which there is nothing to change yet. */
frai_status fr_writer_check_begun(const struct fr_writer *w, frai_error *err);

/* Counts the living documents of the manifest's segments. Damaged segments count as empty: a writer
 * must open to be able to repair. */
frai_status fr_writer_count_documents(const struct fr_writer *w, uint64_t *count, frai_error *err);

/* Removes files that no commit names. */
void fr_writer_sweep(const struct fr_writer *w);

/* Are there no uncommitted changes? */
bool fr_writer_is_clean(const struct fr_writer *w);

#endif
