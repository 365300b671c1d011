/* pending_deletes.h: deletes to be applied at the next commit: by id, by path, and committed
 * documents whose id was added again. */
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
    /* Ids deleted after documents of this commit had been added. */
    struct fr_buf ids;                  /* bytes */
    FR_VECTOR(struct fr_id_mark) marks; /* of each */
    struct fr_interner paths;
    /* Documents of this commit that were committed before, and are added again: those of segments
     * [settled, again_segment), and again_docs of that. Paths are dropped of these, too. */
    uint32_t again_segment, again_docs;
    uint64_t memory_bytes; /* a quarter of it for pages of segments */
};

/* An id that was deleted when segments [0, segment) were complete and the next one had `doc`
 * documents. */
struct fr_pending_id {
    frai_slice id;
    uint64_t hash;
    uint32_t segment, doc;
};

/* dir outlives it. */
void fr_pending_deletes_init(struct fr_pending_deletes *b, const char *dir, uint64_t memory_bytes,
                             const frai_allocator *mem);
void fr_pending_deletes_deinit(struct fr_pending_deletes *b);

/* Forgets all deletes; the manifest's segments are committed. */
void fr_pending_deletes_clear(struct fr_pending_deletes *b, const struct fr_manifest *committed);

/* Deletes the document with this id: in settled segments at once, and at the commit in what has
 * been added so far, which is the segments before `segment` and `doc` documents of that one. */
frai_status fr_pending_deletes_by_id(struct fr_pending_deletes *b, const struct fr_manifest *m,
                                     frai_slice id, uint32_t segment, uint32_t doc,
                                     frai_error *err);

/* Deletes all documents with this path that were committed before. */
bool fr_pending_deletes_by_path(struct fr_pending_deletes *b, frai_slice path);

/* Segment `segment` of the commit lost all its documents: the next one takes its number. */
void fr_pending_deletes_pass(struct fr_pending_deletes *b, uint32_t segment);

bool fr_pending_deletes_is_empty(const struct fr_pending_deletes *b);
size_t fr_pending_deletes_count(const struct fr_pending_deletes *b);
struct fr_pending_id fr_pending_deletes_at(const struct fr_pending_deletes *b, size_t i);

/* Writes the deletes of the manifest's segments for the generation after the manifest's, and notes
 * them in it; segments without any document left are dropped. *deleted: documents deleted by id or
 * path; *replaced: those whose id was added again. */
frai_status fr_pending_deletes_write(struct fr_pending_deletes *b, struct fr_manifest *m,
                                     uint64_t *deleted, uint64_t *replaced, frai_error *err);

#endif
