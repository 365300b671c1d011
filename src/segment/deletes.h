/* deletes.h: documents that were deleted after their segment was written: a file with their bitmap
 * and with what sums lose by them. What a single term loses is counted when somebody asks, and
 * remembered; so scores are those of an index that never had the documents. Immutable but for what
 * is remembered; shared between threads. */
#ifndef FR_SEGMENT_DELETES_H
#define FR_SEGMENT_DELETES_H

#include "base/bytes.h"
#include "segment/postings.h"

/* Documents that a thing of the segment loses, by its number. */
struct fr_loss {
    uint32_t number, docs;
};

/* What an index of text loses besides, by documents that were not counted before. Of things that
 * stand there several times the sum counts. */
struct fr_lost {
    uint64_t postings;                /* as the segment's statistics count them */
    FR_VECTOR(struct fr_loss) firsts; /* of pairs with the same first code */
    FR_VECTOR(struct fr_loss)
    strings; /* of the lexicon; also by documents that the segment was
                written without */
};
void fr_lost_init(struct fr_lost *lost, const frai_allocator *mem);
void fr_lost_deinit(struct fr_lost *lost);

/* Adds what it is to lose the documents of a term. */
void fr_lost_pair(struct fr_lost *lost, uint32_t key, uint32_t docs);
void fr_lost_word(struct fr_lost *lost, unsigned term_class, uint32_t docs);

/* Adds what `gone` documents, a bit each in whole words, take from all terms: by a walk over these.
 */
frai_status fr_lost_postings(const struct fr_segment *seg, const uint64_t *gone,
                             struct fr_lost *lost, frai_error *err);

/* Makes the bytes of the file. `dead` has a bit for each document, in whole words: set for all
 * deleted ones, those of seg->deletes included, but not for documents that the segment was written
 * without (section live). lost: by those that seg->deletes has not; is sorted. */
frai_status fr_deletes_make(const struct fr_segment *seg, const uint64_t *dead,
                            struct fr_lost *lost, struct fr_buf *out, frai_error *err);

/* Reads the file at `path` into seg->deletes, and verifies it. CORRUPT: not as it was written, or
 * of another segment. */
frai_status fr_deletes_read(struct fr_segment *seg, const char *path, frai_error *err);

/* How many deleted documents have the term; the sum of that over all pairs with this first code;
 * how many have the string of the lexicon. */
uint32_t fr_deletes_of_term(const struct fr_postings *p, uint32_t ordinal);
uint32_t fr_deletes_of_first(const struct fr_segment *seg, uint16_t first);
uint32_t fr_deletes_of_string(const struct fr_segment *seg, uint32_t number);

/* Living documents of a term whose postings are opened. */
static inline uint32_t fr_living_df(const struct fr_postings *p, uint32_t ordinal)
{
    return p->df && p->seg->deletes.dead ? p->df - fr_deletes_of_term(p, ordinal) : p->df;
}

static inline bool fr_deletes_has(const struct fr_segment *seg, uint32_t doc)
{
    return seg->deletes.dead && (seg->deletes.dead[doc / 8] >> (doc % 8) & 1);
}

#endif
