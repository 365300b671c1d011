/* doc_map.h: maps document numbers of a source segment to those of the merged segment; deleted
 * documents are left out. */
#ifndef FR_WRITER_DOC_MAP_H
#define FR_WRITER_DOC_MAP_H

#include "base/assert.h"
#include "base/bytes.h"
#include "base/vector.h"
#include "segment/segment.h"

struct fr_doc_map {
    const struct fr_segment *seg;
    uint32_t first, docs;       /* in the merged segment: [first, first + docs) */
    FR_VECTOR(uint64_t) live;   /* a bit for each document of the source */
    FR_VECTOR(uint32_t) before; /* for each word of `live`, the living documents before it */
};

/* On failure, too, it has to be deinitialized. */
frai_status fr_doc_map_init(struct fr_doc_map *s, const struct fr_segment *seg, uint32_t first,
                            const frai_allocator *mem, frai_error *err);
void fr_doc_map_deinit(struct fr_doc_map *s);

static inline bool fr_doc_map_has(const struct fr_doc_map *s, uint32_t doc)
{
    return fr_vec_at(&s->live, doc / 64) >> (doc % 64) & 1;
}

/* The new number of a living document. */
static inline uint32_t fr_doc_map_number(const struct fr_doc_map *s, uint32_t doc)
{
    FR_ASSERT(fr_doc_map_has(s, doc));
    uint64_t before = fr_vec_at(&s->live, doc / 64) & ((1ull << (doc % 64)) - 1);
    return s->first + fr_vec_at(&s->before, doc / 64) + fr_popcount(before);
}

/* Do all documents [begin, end) live? */
bool fr_doc_map_has_all(const struct fr_doc_map *s, uint32_t begin, uint32_t end);

#endif
