/* postings_writer.h: writes the postings of one term after another, into sections postings,
 * positions, blocks, terms and term_index. */
#ifndef FR_SEGMENT_POSTINGS_WRITER_H
#define FR_SEGMENT_POSTINGS_WRITER_H

#include "base/vector.h"
#include "segment/dense_writer.h"
#include "segment/segment_writer.h"

#define FR_IMPACT_TFS 8u

struct fr_postings_writer {
    struct fr_segment_writer *out;
    const uint8_t *widths; /* by document */
    const uint8_t *norms;
    float impact_k[256];                /* k1 * (1 - b + b * length / average), by norm */
    uint8_t impact[FR_IMPACT_TFS][256]; /* of tf - 1 and norm */
    /* Document, tf, positions: until there are enough to be dense. Positions of long postings lie
     * in long_positions, one after another, from long_at on. */
    FR_VECTOR(uint32_t) early;
    struct fr_spill_buffer long_positions;
    uint64_t long_at;
    uint32_t long_left; /* positions of the posting that has begun that are to come */
    bool long_is_dense; /* positions of the posting that has begun go to the section at once */
    struct fr_dense_writer dense;
    uint32_t dense_df; /* documents that make a term dense */
    uint32_t latest;   /* document of the term */
    uint32_t docs[FR_BLOCK], tfs[FR_BLOCK];
    unsigned carry_bits; /* of a dense term's positions, not written yet, in carry */
    uint64_t carry;
    uint32_t pending, df, previous; /* previous: last document of the blocks written, or ~0 */
    uint64_t postings_start, positions_start;
    FR_VECTOR(uint32_t) last, doc_at, position_at; /* of the current term's blocks */
    struct fr_buf bounds;                          /* bytes of the same */
    uint8_t *range_max;                            /* largest impact byte of each 64 documents */
    uint32_t range_count;
    uint8_t term_max;
    bool too_large;
    uint32_t ordinal; /* terms written */
    uint64_t blocks_written;
};

bool fr_postings_writer_init(struct fr_postings_writer *w, struct fr_segment_writer *out,
                             const uint8_t *norms, const uint8_t *widths);
void fr_postings_writer_deinit(struct fr_postings_writer *w);

/* A posting with more positions is long: it begins, and its positions come behind in portions. */
#define FR_POSTING_LONG 65536u
void fr_postings_writer_begin_long(struct fr_postings_writer *w, uint32_t doc, uint32_t tf);
void fr_postings_writer_more(struct fr_postings_writer *w, const uint32_t *positions, uint32_t n);

/* Documents ascend within a term; positions (tf of them) ascend within a document. */
void fr_postings_writer_add(struct fr_postings_writer *w, uint32_t doc, uint32_t tf,
                            const uint32_t *positions);
void fr_postings_writer_end_term(struct fr_postings_writer *w); /* needs df > 0 */
frai_status fr_postings_writer_finish(struct fr_postings_writer *w, frai_error *err);

#endif
