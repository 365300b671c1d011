/* admin.h: looking after an index: what it is made of, whether it is sound, repair, and copies. */
#ifndef FRAI_ADMIN_H
#define FRAI_ADMIN_H

#include "search.h"
#include "writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sums over the segments, so that a term counts in each that has it. Deleted documents are left out
 * of documents and tokens; the others lose them when a merge drops them. */
typedef struct frai_index_stats {
    size_t struct_size;
    uint64_t documents, terms, pairs, words, lexicon_words, postings, positions, tokens,
        source_bytes;
    uint64_t bytes; /* of all segment files */
    uint32_t segments;
    uint64_t generation;
    float k1, b, average_length;
} frai_index_stats;
#define FRAI_INDEX_STATS_INIT                                                                      \
    {                                                                                              \
        sizeof(frai_index_stats), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0                      \
    }

FRAI_API frai_status frai_index_read_stats(const frai_index *index, frai_index_stats *stats,
                                           frai_error *err);

typedef struct frai_section_stats {
    size_t struct_size;
    const char *name;
    uint64_t bytes; /* in all segments */
} frai_section_stats;
#define FRAI_SECTION_STATS_INIT                                                                    \
    {                                                                                              \
        sizeof(frai_section_stats), 0, 0                                                           \
    }

/* Section i of the segment files; the last one is what is in none of them, checksums and padding.
 * 1, or 0 from the last one on. */
FRAI_API int frai_index_read_section(const frai_index *index, uint32_t i,
                                     frai_section_stats *section);

/* The user data of this snapshot's commit (frai_writer_set_user_data): its first `room` bytes into
 * `out`, the length of all of it into *len; 0 if there is none, or if a later commit has swept it.
 * Its checksum is not verified. */
FRAI_API frai_status frai_index_user_data(const frai_index *index, char *out, size_t room,
                                          size_t *len, frai_error *err);

/* Verifies an index: reads every byte of every segment and both kept manifests, and decodes every
 * block. `report` (may be NULL) is called for each thing that is damaged or can't be read, and with
 * the code FRAI_OK for each file that belongs to no index, which is no damage. Takes about as long
 * as reading all files.
 *
 * FRAI_ERR_CORRUPT    with the first damage
 * FRAI_ERR_NOT_FOUND  there is no index
 * FRAI_ERR_TOO_OLD, FRAI_ERR_TOO_NEW
 * FRAI_ERR_IO, FRAI_ERR_MEMORY   nothing damaged was found, and not all was read */
FRAI_API frai_status frai_index_check(const char *dir,
                                      void (*report)(void *ctx, const frai_error *finding),
                                      void *ctx, frai_error *err);

typedef struct frai_repair_stats {
    size_t struct_size;
    uint32_t segments_kept, segments_damaged;
    uint64_t documents;     /* indexed again, from the stored text of damaged segments */
    uint64_t lost;          /* documents whose id or text can't be read */
    uint32_t segments_lost; /* segments so damaged that their number of documents is unknown */
} frai_repair_stats;
#define FRAI_REPAIR_STATS_INIT                                                                     \
    {                                                                                              \
        sizeof(frai_repair_stats), 0, 0, 0, 0, 0                                                   \
    }

/* Makes a damaged index sound at the next commit: verifies every byte, keeps the sound segments and
 * indexes again what the ids and the stored text of the others still tell. `report` (may be NULL)
 * is called for each thing that is damaged. If segments_damaged is 0 there is nothing
 * to commit.
 *
 * FRAI_ERR_ARGUMENT     something is not committed yet, or FRAI_REPLACE or FRAI_CREATE_ONLY before
 *                       the first commit
 *
 * If frai_writer_open fails with FRAI_ERR_CORRUPT no commit can be read, and only building anew
 * helps. */
FRAI_API frai_status frai_writer_repair(frai_writer *writer,
                                        void (*report)(void *ctx, const frai_error *finding),
                                        void *ctx, frai_repair_stats *stats, frai_error *err);

/* Calls `file` with the name and the verified bytes of every file of this snapshot, the manifest
 * last; written into a directory they are an index. Safe while another process writes. `file`
 * returns 0 to continue; otherwise the status is FRAI_ERR_CANCELED. */
FRAI_API frai_status frai_index_export(const frai_index *index,
                                       int (*file)(void *ctx, const char *name, frai_slice bytes),
                                       void *ctx, frai_error *err);

typedef enum frai_dump { FRAI_DUMP_DOCS, FRAI_DUMP_TERMS, FRAI_DUMP_POSTINGS } frai_dump;

typedef struct frai_dump_entry {
    frai_slice id;          /* of a document and of a posting */
    const char *term_class; /* of a term and of a posting: "surface", "stem", ... */
    frai_slice term;
    uint32_t df; /* documents of the segment that have the term */
    uint32_t tf; /* of a posting: how often, and where */
    const uint32_t *positions;
    uint32_t position_count;
} frai_dump_entry;

/* Calls `visit` for every document, term or posting that is not deleted, segment by segment; it
 * returns 0 to continue. The entry is valid during the call. */
FRAI_API frai_status frai_index_dump(frai_index *index, frai_dump what,
                                     int (*visit)(void *ctx, const frai_dump_entry *entry),
                                     void *ctx, frai_error *err);

#ifdef __cplusplus
}
#endif
#endif
