/* deletes.h: documents that were deleted after their segment was written: a file with their bitmap
 * and with how much of each statistic they take away, so that scores are those of an index that
 * never had them. What the lexicon loses is known where text is stored. Immutable; shared between
 * threads. */
#ifndef FR_SEGMENT_DELETES_H
#define FR_SEGMENT_DELETES_H

#include "base/bytes.h"
#include "segment/postings.h"

/* Makes the bytes of the file. `dead` has a bit for each document, in whole words: set for all
 * deleted ones, those of seg->deletes included, but not for documents that the segment was written
 * without (section live). strings: of the lexicon, u32 number, u32 documents that are gone, those
 * included that the segment was written without; ascending. */
frai_status fr_deletes_make(const struct fr_segment *seg, const uint64_t *dead, frai_slice strings,
                            struct fr_buf *out, frai_error *err);

/* Reads the file at `path` into seg->deletes, and verifies it. CORRUPT: not as it was written, or
 * of another segment. */
frai_status fr_deletes_read(struct fr_segment *seg, const char *path, frai_error *err);

/* How many deleted documents have the term; the sum of that over all pairs with this first code;
 * how many have the string of the lexicon. */
uint32_t fr_deletes_of_term(const struct fr_segment *seg, uint32_t ordinal);
uint32_t fr_deletes_of_first(const struct fr_segment *seg, uint16_t first);
uint32_t fr_deletes_of_string(const struct fr_segment *seg, uint32_t number);

/* Living documents of a term whose postings are opened. */
static inline uint32_t fr_living_df(const struct fr_postings *p, uint32_t ordinal)
{
    uint32_t lost = p->df ? fr_deletes_of_term(p->seg, ordinal) : 0;
    return lost < p->df ? p->df - lost : 0;
}

static inline bool fr_deletes_has(const struct fr_segment *seg, uint32_t doc)
{
    return seg->deletes.dead && (seg->deletes.dead[doc / 8] >> (doc % 8) & 1);
}

#endif
