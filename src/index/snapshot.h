/* snapshot.h: the segments of one committed generation as one searchable thing. Immutable but for
 * what is opened when it is first asked for; shared between threads. */
#ifndef FR_INDEX_SNAPSHOT_H
#define FR_INDEX_SNAPSHOT_H

#include "index/manifest.h"
#include "segment/columns.h"

struct fr_snapshot {
    const frai_allocator *mem;
    struct fr_manifest manifest;
    struct fr_segment *segments;
    uint64_t *bases;             /* first document number of each segment */
    struct fr_columns **columns; /* of each segment; NULL until they are asked for; atomic */
    uint32_t segment_count;
    uint64_t docs; /* numbers, holes included */
    uint64_t live_docs;
    uint64_t texts;            /* N of BM25 */
    uint64_t tokens, postings; /* postings: but those of repeated lines */
    float average_length;
    bool fell_back; /* the newest manifest was damaged */
    char dir[FR_PATH_MAX];
};

frai_status fr_snapshot_open(struct fr_snapshot *s, const char *dir, const frai_allocator *mem,
                             frai_error *err);
void fr_snapshot_close(struct fr_snapshot *s);

/* One segment that a manifest names, with its deletes. */
frai_status fr_snapshot_open_segment(const char *dir, const struct fr_segment_ref *ref,
                                     const frai_allocator *mem, struct fr_segment *seg,
                                     frai_error *err);

/* The columns of a segment, opened and validated by the first call; they live as the snapshot. */
frai_status fr_snapshot_columns(const struct fr_snapshot *s, uint32_t segment,
                                const struct fr_columns **out, frai_error *err);

/* Which segment a document is in, and its number there. Needs doc < docs. */
uint32_t fr_snapshot_segment_of(const struct fr_snapshot *s, uint64_t doc, uint32_t *local);

#endif
