/* pending_deletes.h: which documents of the segments that are there a commit deletes: those whose
 * ids were deleted, those of deleted paths, and those whose ids come again in a later segment. */
#ifndef FR_WRITER_PENDING_DELETES_H
#define FR_WRITER_PENDING_DELETES_H

#include "base/interner.h"
#include "writer/delete_set.h"

struct fr_id_mark {
    uint64_t at, hash; /* at: in ids */
    uint32_t len, segment, doc;
};

struct fr_pending_deletes {
    const frai_allocator *mem;
    const char *dir;
    uint32_t settled;           /* segments of the manifest that were committed before */
    struct fr_delete_set *sets; /* of these, opened when the first document goes; or NULL */
    uint64_t gone;              /* documents of these that were deleted by id */
    /* Ids that were deleted while documents of this commit had been added already. */
    struct fr_buf ids;                  /* bytes */
    FR_VECTOR(struct fr_id_mark) marks; /* of each */
    struct fr_interner paths;
    /* Documents of this commit that were committed before, and are added again: those of segments
     * [settled, again_segment), and again_docs of that. Paths are dropped of these, too. */
    uint32_t again_segment, again_docs;
    uint64_t memory_bytes; /* a quarter of it for pages of segments */
};

/* An id that was deleted when segments [0, segment) were whole, and the next had so many documents.
 */
struct fr_pending_id {
    frai_slice id;
    uint64_t hash;
    uint32_t segment, doc;
};

/* dir outlives it. */
void fr_pending_deletes_init(struct fr_pending_deletes *b, const char *dir, uint64_t memory_bytes,
                             const frai_allocator *mem);
void fr_pending_deletes_deinit(struct fr_pending_deletes *b);

/* Nothing to delete; the manifest's segments are committed. */
void fr_pending_deletes_clear(struct fr_pending_deletes *b, const struct fr_manifest *committed);

/* The document with this id of the settled segments, looked for at once, and of those that the
 * commit to come has so far: segments before `segment`, and `doc` documents of that. */
frai_status fr_pending_deletes_by_id(struct fr_pending_deletes *b, const struct fr_manifest *m,
                                     frai_slice id, uint32_t segment, uint32_t doc,
                                     frai_error *err);

/* All documents with this path that were committed before. */
bool fr_pending_deletes_by_path(struct fr_pending_deletes *b, frai_slice path);

/* All documents of the segment that was to be the n-th are gone: another one takes its place. */
void fr_pending_deletes_pass(struct fr_pending_deletes *b, uint32_t segment);

bool fr_pending_deletes_is_empty(const struct fr_pending_deletes *b);
size_t fr_pending_deletes_count(const struct fr_pending_deletes *b);
struct fr_pending_id fr_pending_deletes_at(const struct fr_pending_deletes *b, size_t i);

/* Writes the deletes of the manifest's segments, for the generation after the manifest's, and notes
 * them there; segments of which nothing is left go. *deleted, *replaced: documents that go by id or
 * path, and since their id came again. */
frai_status fr_pending_deletes_write(struct fr_pending_deletes *b, struct fr_manifest *m,
                                     uint64_t *deleted, uint64_t *replaced, frai_error *err);

#endif
