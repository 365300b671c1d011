/* writer.h: write an index.
 *
 * A directory has one writer at a time; a lock file keeps others out. A writer is used by one
 * thread at a time and starts worker threads of its own, which call its allocator. What was added
 * and deleted becomes visible and durable with commit, all of it or nothing. Indexes of the same
 * directory may be opened and closed while a writer is open.
 *
 * In a forked child the parent's writers don't work: calls fail with FRAI_ERR_ARGUMENT, closing
 * does nothing, and the lock ends with the parent. (Where the file system keeps the locks of mapped
 * files only while they are open, as overlayfs does, the lock ends when the parent closes the
 * writer, or with the last child that was forked before and has not run another program.)
 *
 * After FRAI_ERR_ARGUMENT and FRAI_ERR_UNSUPPORTED a writer works on as if the call had not been
 * made; so it does after any failure of frai_writer_set_user_data and frai_writer_user_data. After
 * any other failure it is spent: every later call reports that failure, and the last committed
 * index is what there is. Close it and open another. */
#ifndef FRAI_WRITER_H
#define FRAI_WRITER_H

#include "common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct frai_writer frai_writer;

typedef enum frai_field_kind {
    FRAI_FIELD_TEXT = 1,    /* analyzed and searched, after the body */
    FRAI_FIELD_KEYWORD = 2, /* a column of strings */
    FRAI_FIELD_NUMBER = 3,  /* a column of doubles */
    FRAI_FIELD_DATE = 4     /* a column of seconds since 1970 */
} frai_field_kind;

typedef struct frai_field_spec {
    const char *name; /* at most 63 bytes; none of id title body url path date source */
    frai_field_kind kind;
} frai_field_spec;

/* What must be in the directory, and what becomes of it. */
typedef enum frai_open_mode {
    FRAI_OPEN_OR_CREATE = 0, /* continue an existing index, or create one */
    FRAI_OPEN_EXISTING = 1,  /* FRAI_ERR_NOT_FOUND without an index; nothing is created */
    FRAI_CREATE_ONLY = 2,    /* FRAI_ERR_EXISTS if there is an index, sound or damaged */
    FRAI_REPLACE = 3         /* the first commit replaces an existing index, sound or damaged */
} frai_open_mode;

typedef struct frai_writer_options {
    size_t struct_size;
    const frai_allocator *allocator; /* NULL: libc */
    uint64_t memory_bytes; /* upper limit while building; 0: 512 MiB; less than 64 MiB: 64 MiB */
    uint32_t threads;      /* the caller included; 0: 1; at most 256, and one for each 128 MiB of
                              memory_bytes, are used. A merge has its own */
    frai_open_mode mode;   /* default FRAI_OPEN_OR_CREATE */
    int store_text;        /* 1 (default): keep the text, so that documents can be shown */
    uint32_t analyzer;     /* FRAI_ANALYZER_KOREAN; experimental/terms.h has another */
    float k1, b;           /* of FRAI_RANK_BM25, in [0, 100] and [0, 1]; default 0.9 and 0.4. The
                              default ranking has constants of its own */
    const frai_field_spec *fields; /* declared fields, besides those of frai_document */
    size_t field_count;            /* at most 32 */
    int reorder; /* 1: reorder documents by recursive graph bisection, so that similar documents get
                    neighbouring numbers. Queries get faster; building takes several times as long.
                    Hits and scores stay the same, but ties may change places */
    size_t field_size; /* sizeof(frai_field_spec) of the caller; 0: as in release 0.1 */
} frai_writer_options;

#define FRAI_ANALYZER_KOREAN 1u
#define FRAI_WRITER_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(frai_writer_options), 0, 512u << 20, 1, FRAI_OPEN_OR_CREATE, 1,                     \
            FRAI_ANALYZER_KOREAN, 0.9f, 0.4f, 0, 0, 0, sizeof(frai_field_spec)                     \
    }

typedef struct frai_field_value {
    frai_slice name, value;
} frai_field_value;

/* A text that is read while it is added: `read` is called for its bytes from the first to the last,
 * some at a time, and returns 0. Anything else is a failure (FRAI_ERR_IO) that spends the writer.
 */
typedef struct frai_text_source {
    uint64_t bytes;
    int (*read)(void *arg, uint64_t offset, char *to, size_t bytes);
    void *arg;
} frai_text_source;

/* All text is UTF-8; invalid bytes read as U+FFFD. Empty slices are absent fields. */
typedef struct frai_document {
    size_t struct_size;
    /* At most 4096 bytes. Empty: path, "#" and a number that no document of this index had before,
     * so that such a document never replaces another. */
    frai_slice id;
    frai_slice title, body, url, path;
    frai_slice date; /* "2025-02-10", "2025년 2월 10일 09:30", ISO 8601; others are only stored */
    frai_slice source;
    const frai_field_value *fields; /* declared ones; an unknown name is an error */
    size_t field_count;             /* at most 32 */
    /* 1: the file at `path` contains many documents, as JSON lines do, and its name is not
     * searched. 0: the last component of the path, but not its folders, finds the document, with a
     * low weight. */
    int path_is_shared;
    size_t field_size; /* sizeof(frai_field_value) of the caller; 0: as in release 0.1 */
    /* Instead of the body: one that need not be in memory. NULL: the body is the slice. */
    const frai_text_source *body_source;
} frai_document;
#define FRAI_DOCUMENT_INIT                                                                         \
    {                                                                                              \
        sizeof(frai_document), {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, 0, 0, 0,    \
            sizeof(frai_field_value), 0                                                            \
    }

typedef struct frai_writer_stats {
    size_t struct_size;
    uint64_t documents; /* in the index after the latest commit, deleted ones not counted */
    uint64_t replaced;  /* documents that were not kept because a later one of this writer had the
                           same id, or because the id was deleted before the commit that added them.
                           What frai_writer_compact and frai_writer_repair add again is added */
    uint64_t text_bytes, index_bytes; /* of the segments made of documents that were added */
    uint64_t deleted; /* previously committed documents that were deleted by id or path */
} frai_writer_stats;
#define FRAI_WRITER_STATS_INIT                                                                     \
    {                                                                                              \
        sizeof(frai_writer_stats), 0, 0, 0, 0, 0                                                   \
    }

#define FRAI_DOCUMENT_BYTES_MAX  (256u << 20)
#define FRAI_USER_DATA_BYTES_MAX (1u << 30)

/* Opens the index directory `dir` for writing, as options->mode says. options NULL: defaults.
 *
 * FRAI_ERR_ARGUMENT     a field's name or kind, k1, b, the analyzer or the mode is out of range
 * FRAI_ERR_NOT_FOUND    FRAI_OPEN_EXISTING, and there is no index
 * FRAI_ERR_EXISTS       FRAI_CREATE_ONLY, and there is an index; or the directory has files that
 *                       belong to no index, and no index
 * FRAI_ERR_LOCKED       another process writes; err->message names its pid
 * FRAI_ERR_CORRUPT, FRAI_ERR_TOO_OLD, FRAI_ERR_TOO_NEW   the existing index can't be continued;
 *                       only FRAI_REPLACE opens it
 * FRAI_ERR_IO, FRAI_ERR_MEMORY
 *
 * An existing index keeps the settings that it was created with (store_text, analyzer, k1, b,
 * fields); those in options are ignored. */
FRAI_API frai_status frai_writer_open(const char *dir, const frai_writer_options *options,
                                      frai_writer **writer, frai_error *err);

/* Adds a copy of the document. It replaces a document with the same id, whether committed or added
 * earlier.
 *
 * FRAI_ERR_ARGUMENT     the id or the document is too long, or a field is not declared */
FRAI_API frai_status frai_writer_add(frai_writer *writer, const frai_document *document,
                                     frai_error *err);

/* Deletes the document with this id, whether committed or added earlier; takes effect at the next
 * commit. It is no error if there is none.
 *
 * FRAI_ERR_ARGUMENT     FRAI_REPLACE or FRAI_CREATE_ONLY, and nothing was added yet */
FRAI_API frai_status frai_writer_delete(frai_writer *writer, frai_slice id, frai_error *err);

/* At the next commit, deletes all committed documents whose path equals `path`; documents that this
 * writer added are kept. Reads all stored text then.
 *
 * FRAI_ERR_ARGUMENT     FRAI_REPLACE or FRAI_CREATE_ONLY before the first commit
 * FRAI_ERR_UNSUPPORTED  the index has no stored text */
FRAI_API frai_status frai_writer_delete_path(frai_writer *writer, frai_slice path, frai_error *err);

/* At the next commit, rebuilds the index as one segment from the stored text of its documents, so
 * that deleted ones take no space. First commits what is pending, user data included. An index
 * without stored text is merged into one segment at once. Takes as long as building.
 *
 * FRAI_ERR_ARGUMENT     FRAI_REPLACE or FRAI_CREATE_ONLY before the first commit */
FRAI_API frai_status frai_writer_compact(frai_writer *writer, frai_error *err);

/* Bytes of the caller's own that the next commit keeps as they are: what the index was made of,
 * for example. A commit without user data has none; compacting and merging keep what is there.
 *
 * FRAI_ERR_ARGUMENT     longer than FRAI_USER_DATA_BYTES_MAX
 * FRAI_ERR_MEMORY       the writer works on, with the user data that was set before */
FRAI_API frai_status frai_writer_set_user_data(frai_writer *writer, frai_slice user_data,
                                               frai_error *err);

/* The user data of the latest commit, valid until the writer's next call; empty if it has none, or
 * if the index is being replaced. The writer works on after any failure.
 *
 * FRAI_ERR_CORRUPT  it is damaged, or its file is missing
 * FRAI_ERR_IO       its file can't be read
 * FRAI_ERR_MEMORY */
FRAI_API frai_status frai_writer_user_data(frai_writer *writer, frai_slice *user_data,
                                           frai_error *err);

/* Discards what was added, deleted, compacted or set since the latest commit. */
FRAI_API frai_status frai_writer_rollback(frai_writer *writer, frai_error *err);

/* FRAI_OK: durable and visible. On failure the last committed index stays as it was; only if the
 * failure comes last, when the directory is synced, the new commit may be there nevertheless, all
 * of it. Opening the index tells which one it is. Syncs files two times or more.
 *
 * Commit may start a merge when there are too many segments, or when one has lost a third of its
 * documents. With two threads or more and at least 256 MiB it runs in the background, in a thread
 * and a quarter of the memory, and is published by a later commit, frai_writer_wait or
 * frai_writer_close; otherwise commit runs it before returning. A merge that lacks memory is
 * postponed; any other failure is reported by the call that would have published its result. */
FRAI_API frai_status frai_writer_commit(frai_writer *writer, frai_error *err);

/* Waits until there is nothing left to merge, and publishes the results. What is pending stays so,
 * and a merge that ended is then published by the next commit. */
FRAI_API frai_status frai_writer_wait(frai_writer *writer, frai_error *err);

/* After the latest commit; zeros if writer is NULL. */
FRAI_API void frai_writer_read_stats(const frai_writer *writer, frai_writer_stats *stats);

/* Discards what is not committed, waits for merges as frai_writer_wait does, and gives the lock
 * back. NULL is fine. Does nothing in a forked child. */
FRAI_API void frai_writer_close(frai_writer *writer);

#ifdef __cplusplus
}
#endif
#endif
