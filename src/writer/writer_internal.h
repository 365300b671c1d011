/* writer_internal.h: what the files of the writer share: writer.c (its life, adding and deleting),
 * commit.c (publishing, merges) and compact.c. */
#ifndef FR_WRITER_WRITER_INTERNAL_H
#define FR_WRITER_WRITER_INTERNAL_H

#include "base/process.h"
#include "index/lock.h"
#include "writer/background_merge.h"
#include "writer/pipeline.h"
#include "writer/writer.h"

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

/* Runs a step unless one failed before; the first failure is what every later call reports. */
frai_status fr_writer_sticky(struct fr_writer *w, frai_status status, const frai_error *error,
                             frai_error *err);

/* Can the writer go on? */
frai_status fr_writer_check_usable(const struct fr_writer *w, frai_error *err);

/* Fails where a call looks for documents and none can be there. */
frai_status fr_writer_check_begun(const struct fr_writer *w, frai_error *err);

/* Living documents of the segments that the manifest names. What is damaged has none: a writer
 * that repairs has to open. */
frai_status fr_writer_count_documents(const struct fr_writer *w, uint64_t *count, frai_error *err);

/* Removes files that no commit names. */
void fr_writer_sweep(const struct fr_writer *w);

/* Is all that was asked for committed? */
bool fr_writer_is_clean(const struct fr_writer *w);

/* ---- commit.c ---- */

/* What the manifest names now is what a rollback goes back to. */
frai_status fr_writer_remember_commit(struct fr_writer *w, frai_error *err);

frai_status fr_writer_commit_changes(struct fr_writer *w, frai_error *err);

/* Begins a merge of what is committed: of all segments, or of those that the policy names. Without
 * memory for it none is under way then; of `all` that is an error. */
frai_status fr_writer_start_merge(struct fr_writer *w, bool all, frai_error *err);
void fr_writer_drop_merge(struct fr_writer *w);

/* Takes the merged segment into the manifest, and publishes that. */
frai_status fr_writer_publish_merge(struct fr_writer *w, bool *adopted, frai_error *err);

#endif
