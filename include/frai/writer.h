/* build.h: write an index.
 *
 * One writer a directory (a lock file holds the others off); a writer serves one thread at a time
 * and starts workers of its own. What was added becomes visible and durable with commit, all of it
 * or nothing.
 *
 * A forked child has no part in its parent's writers: their calls fail with FRAI_ERR_ARGUMENT
 * there, closing them does nothing, and the lock ends with the parent. (Where the file system keeps
 * locks of mapped files only while they are open, overlayfs for one, it ends when the parent closes
 * the writer, or with the last child that was forked before and runs no other program.)
 *
 * After FRAI_ERR_ARGUMENT and FRAI_ERR_UNSUPPORTED a writer goes on as if the call had not been
 * made, and after any failure of frai_writer_set_user_data and _noted. After any other failure it
 * is spent: its calls report that failure from then on, and the last committed index is what there
 * is. Close it and open another. */
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
    const char *name; /* at most 63 bytes; not one of id title body url path date source */
    frai_field_kind kind;
} frai_field_spec;

/* What is to be in the directory, and what becomes of it. */
typedef enum frai_open_mode {
    FRAI_OPEN_OR_CREATE = 0, /* an index that is there is written on; else there is a new one */
    FRAI_OPEN_EXISTING = 1,  /* without one FRAI_ERR_NOT_FOUND, and nothing is made */
    FRAI_CREATE_ONLY = 2,    /* with one, sound or not, FRAI_ERR_EXISTS */
    FRAI_REPLACE = 3         /* the first commit replaces what is there, sound or not */
} frai_open_mode;

typedef struct frai_writer_options {
    size_t struct_size;
    const frai_allocator *allocator; /* NULL: libc */
    uint64_t memory_bytes;           /* what building may hold, at least 64 MiB; 0: 512 MiB */
    uint32_t threads;    /* the caller counts as one; 0: 1; at most 256; a merge has its own */
    frai_open_mode mode; /* default FRAI_OPEN_OR_CREATE: what is there stays */
    int store_text;      /* 1 (default): documents can be shown, not only found */
    uint32_t analyzer;   /* FRAI_ANALYZER_KOREAN; inspect.h has another */
    float k1, b;         /* of BM25; default 0.9 and 0.4 */
    const frai_field_spec *fields; /* declared fields, besides those of frai_document */
    size_t field_count;            /* at most 32 */
    int reorder; /* 1: documents with like terms stand together: queries are quicker, building takes
                    several times as long. Hits and scores are the same; ties may change places */
} frai_writer_options;

#define FRAI_ANALYZER_KOREAN 1u
#define FRAI_WRITER_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(frai_writer_options), 0, 512u << 20, 1, FRAI_OPEN_OR_CREATE, 1,                     \
            FRAI_ANALYZER_KOREAN, 0.9f, 0.4f, 0, 0, 0                                              \
    }

typedef struct frai_field_value {
    frai_slice name, value;
} frai_field_value;

/* All text is UTF-8; broken bytes read as U+FFFD. Empty slices are absent fields. */
typedef struct frai_document {
    size_t struct_size;
    /* At most 4096 bytes. Empty: path, "#" and a number that no document of this index had before,
     * so that such a document never replaces another. */
    frai_slice id;
    frai_slice title, body, url, path;
    frai_slice date; /* "2025-02-10", "2025년 2월 10일 09:30", ISO 8601; else it is only stored */
    frai_slice source;
    const frai_field_value *fields; /* declared ones; an unknown name is an error */
    size_t field_count;             /* at most 32 */
    /* 1: the path is of a file that many documents stand in, as lines of JSON do, and its name is
     * not searched. Else the path's last component is: it finds the document with a low weight,
     * but folders don't. */
    int path_is_shared;
} frai_document;
#define FRAI_DOCUMENT_INIT                                                                         \
    {                                                                                              \
        sizeof(frai_document), {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, 0, 0, 0     \
    }

typedef struct frai_writer_stats {
    size_t struct_size;
    uint64_t documents; /* that live in the index, those of before included */
    uint64_t replaced; /* dropped: their id came again, or was deleted before they were committed */
    uint64_t text_bytes, index_bytes; /* of the segments that this writer's adding made */
    uint64_t deleted;                 /* dropped, of what was committed: by id or path */
} frai_writer_stats;
#define FRAI_WRITER_STATS_INIT                                                                     \
    {                                                                                              \
        sizeof(frai_writer_stats), 0, 0, 0, 0, 0                                                   \
    }

#define FRAI_DOCUMENT_BYTES_MAX  (256u << 20)
#define FRAI_USER_DATA_BYTES_MAX (1u << 30)

/* Opens the index directory `dir` for writing, as options->mode says. options NULL: defaults, so an
 * index that is there is written on, and where there is none, one is made.
 *
 * FRAI_ERR_ARGUMENT     a field's name or kind, k1, b, the analyzer or the mode is out of range
 * FRAI_ERR_NOT_FOUND    FRAI_OPEN_EXISTING, and there is no index
 * FRAI_ERR_EXISTS       FRAI_CREATE_ONLY, and there is one; or the directory has files that are no
 *                       index's, and no index
 * FRAI_ERR_LOCKED       another process writes; err->message names its pid
 * FRAI_ERR_CORRUPT, FRAI_ERR_TOO_OLD, FRAI_ERR_TOO_NEW   what is there can't be written on; only
 *                       FRAI_REPLACE opens it
 * FRAI_ERR_IO, FRAI_ERR_MEMORY
 *
 * An index that is written on keeps the settings that it was made with (store_text, analyzer, k1,
 * b, fields); those of options are not looked at. */
FRAI_API frai_status frai_writer_open(const char *dir, const frai_writer_options *options,
                                      frai_writer **writer, frai_error *err);

/* Copies the document. It replaces one with the same id, of the same build or committed before.
 *
 * FRAI_ERR_ARGUMENT     the id or the document is too long, or a field is not declared; the writer
 *                       goes on as if the call had not been made
 * any other             the writer is spent: later calls report this failure */
FRAI_API frai_status frai_writer_add(frai_writer *writer, const frai_document *document,
                                     frai_error *err);

/* Drops the document with this id at the next commit: what is committed, and what was added before
 * this call. An id that no document has is fine.
 *
 * FRAI_ERR_ARGUMENT     nothing can be there: FRAI_REPLACE or FRAI_CREATE_ONLY, and nothing was
 *                       added yet; the writer goes on */
FRAI_API frai_status frai_writer_delete(frai_writer *writer, frai_slice id, frai_error *err);

/* Makes one segment of all living documents at the next commit, out of their stored text, so that
 * deleted ones take no room. Commits what was asked for before, the note too. An index without
 * stored text is merged into one segment at once.
 *
 * FRAI_ERR_ARGUMENT     FRAI_REPLACE or FRAI_CREATE_ONLY before the first commit; the writer goes
 *                       on */
FRAI_API frai_status frai_writer_compact(frai_writer *writer, frai_error *err);

/* Bytes of the caller's own, kept with the next commit as they are: what it was made of, say. A
 * commit without a note has none, but compacting and merging keep the one that is there.
 *
 * FRAI_ERR_ARGUMENT     it is longer than FRAI_USER_DATA_BYTES_MAX
 * FRAI_ERR_MEMORY       the writer goes on, with the note that it had */
FRAI_API frai_status frai_writer_set_user_data(frai_writer *writer, frai_slice note,
                                               frai_error *err);

/* The note of the latest commit, valid until the writer's next call; empty if it has none, or if
 * the index is being replaced. The writer goes on after any failure, and can commit without it.
 *
 * FRAI_ERR_CORRUPT  it is damaged, or its file is gone
 * FRAI_ERR_IO       its file can't be read
 * FRAI_ERR_MEMORY */
FRAI_API frai_status frai_writer_user_data(frai_writer *writer, frai_slice *note, frai_error *err);

/* Drops all documents whose path is this at the next commit, of what is committed. Reads all stored
 * text then.
 *
 * FRAI_ERR_ARGUMENT     FRAI_REPLACE or FRAI_CREATE_ONLY before the first commit
 * FRAI_ERR_UNSUPPORTED  the index has no stored text; after both the writer goes on */
FRAI_API frai_status frai_writer_delete_path(frai_writer *writer, frai_slice path, frai_error *err);

typedef struct frai_repair_stats {
    size_t struct_size;
    uint32_t segments_kept, segments_damaged;
    uint64_t documents;     /* indexed again, out of damaged segments' stored text */
    uint64_t lost;          /* known to be lost: their id or text can't be read */
    uint32_t segments_lost; /* which don't even tell how many documents they had */
} frai_repair_stats;
#define FRAI_REPAIR_STATS_INIT                                                                     \
    {                                                                                              \
        sizeof(frai_repair_stats), 0, 0, 0, 0, 0                                                   \
    }

/* Makes a damaged index sound at the next commit: verifies every byte, keeps the segments that are
 * sound, and indexes again what the others' ids and stored text still tell. `report` (may be NULL)
 * gets a line for each thing that is damaged. Where segments_damaged is 0 there is nothing to
 * commit.
 *
 * FRAI_ERR_ARGUMENT     something is not committed yet, or FRAI_REPLACE or FRAI_CREATE_ONLY before
 *                       the first commit; the writer goes on
 * FRAI_ERR_CORRUPT from frai_writer_open: no manifest is whole; then only building anew helps */
FRAI_API frai_status frai_writer_repair(frai_writer *writer,
                                        void (*report)(void *ctx, const char *line), void *ctx,
                                        frai_repair_stats *stats, frai_error *err);

/* Forgets what was added, deleted, compacted or noted since the latest commit. */
FRAI_API frai_status frai_writer_rollback(frai_writer *writer, frai_error *err);

/* OK = durable and visible. On failure the last committed index stays as it was, but where the
 * failure comes last, in flushing the directory, say, the commit may be there nevertheless, all of
 * it; opening the index tells which it is.
 *
 * Where segments have become many, or have lost a third of their documents, some are merged once
 * what was added is durable: with two threads or more and 256 MiB beside the writer, in a thread
 * and a quarter of the memory, and published by a later commit, frai_writer_wait or
 * frai_writer_close; else by commit itself, before it returns. A merge that finds no room is left
 * to a later commit; of any other failure the call that would have published it tells. */
FRAI_API frai_status frai_writer_commit(frai_writer *writer, frai_error *err);

/* Waits until nothing is left to merge, and publishes what was merged. What is added or deleted,
 * but not committed, stays so; then the next commit publishes it. */
FRAI_API frai_status frai_writer_wait(frai_writer *writer, frai_error *err);

/* Of what was committed so far; zeros of a writer that is NULL. */
FRAI_API void frai_writer_read_stats(const frai_writer *writer, frai_writer_stats *stats);

/* NULL is fine; drops what is not committed, and waits for merges as frai_writer_wait does. In a
 * forked child it does nothing. */
FRAI_API void frai_writer_close(frai_writer *writer);

#ifdef __cplusplus
}
#endif
#endif
