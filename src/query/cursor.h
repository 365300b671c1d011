/* cursor.h: the postings of one term of a query in one segment. A cursor holds a decoded block, in
 * which next and seek are array steps. */
#ifndef FR_QUERY_CURSOR_H
#define FR_QUERY_CURSOR_H

#include "base/vector.h"
#include "query/bm25.h"
#include "query/damage.h"
#include "segment/postings.h"

#define FR_END UINT32_MAX

struct fr_cursor {
    struct fr_postings postings;
    float weight;        /* in the query, times idf: the score as tf grows without bound */
    float max_score;     /* upper bound in this segment */
    float bound_k_ratio; /* at least K of the stored impacts / K of the query, for any document */
    bool exists;         /* false: the segment has no such term, or it is damaged */
    struct fr_damage *damage;
    uint32_t block, len, at;     /* decoded block and place in it; block ~0: none yet */
    uint32_t doc;                /* current document, FR_END after the last */
    struct fr_dense_range range; /* of a dense term: the block */
    struct fr_dense_high high;
    union {
        struct fr_dense_mark mark;       /* ... where positions were read last */
        struct fr_block_mark block_mark; /* of other terms */
    };
    bool has_tfs;   /* tfs are of this block: they are decoded when first asked for */
    uint64_t tf_at; /* a dense term's are spread over the 64 documents of the range */
    uint32_t docs[FR_BLOCK + 8], tfs[FR_BLOCK + 8];
    uint32_t positions[FR_ASCENDING_ROOM]; /* of the list that was asked for last */
};
FR_VECTOR_TYPE(fr_cursors, struct fr_cursor);

/* Upper bound of a score whose stored impact byte is `impact`. An impact tf / (tf + K) is tf : K in
 * odds, and those grow as K shrinks. The byte is rounded up already; fr_bm25 rounds three times,
 * this does five times, and bound_k_ratio comes of ten: together they are off by less than
 * 18 * 2^-24 = 1.1e-6 of the value, which the last factor makes up for. */
static inline float fr_cursor_bound(const struct fr_cursor *c, uint8_t impact)
{
    float for_it = (float)impact * c->bound_k_ratio, against = 255.0f - (float)impact;
    return impact ? c->weight * (for_it / (for_it + against)) * 1.00001f : 0;
}

/* A cursor over opened postings (df 0: there are none); the score's bound follows from the stored
 * one and from bound_k_ratio of the segment. */
void fr_cursor_open(const struct fr_postings *postings, float ratio, float weight,
                    struct fr_damage *damage, struct fr_cursor *c);

/* Notes damage; the term is as good as not there from now on. */
void fr_cursor_damaged(struct fr_cursor *c, enum fr_section_id section);

/* Puts the cursor on its first document. */
void fr_cursor_rewind(struct fr_cursor *c);

/* Decodes the first block from `from` on that may hold a document >= target, and puts the cursor on
 * the block's first document. */
void fr_cursor_load(struct fr_cursor *c, uint32_t from, uint32_t target);

void fr_cursor_next_block(struct fr_cursor *c);

void fr_cursor_next_dense(struct fr_cursor *c);

static inline void fr_cursor_next(struct fr_cursor *c)
{
    if (c->postings.is_dense)
        fr_cursor_next_dense(c);
    else if (++c->at < c->len)
        c->doc = c->docs[c->at];
    else
        fr_cursor_next_block(c);
}

/* To the first document >= target; target never descends below the current document's block. */
void fr_cursor_seek(struct fr_cursor *c, uint32_t target);

/* Is the term in the document? Documents ascend, as the targets of fr_cursor_seek. */
static inline bool fr_cursor_has(struct fr_cursor *c, uint32_t doc)
{
    if (!c->exists) return false;
    fr_cursor_seek(c, doc);
    return c->doc == doc;
}

/* To `doc`, wherever the cursor is; false, and the cursor is somewhere, if the term is not there.
 */
bool fr_cursor_go(struct fr_cursor *c, uint32_t doc);

/* Which ranges of 64 documents the term is in, a bit each. The cursor stays where it is. */
void fr_cursor_ranges(struct fr_cursor *c, uint64_t *bits);

/* Fills tfs for the decoded block, if they aren't of it. On damage they read as 1. */
void fr_cursor_load_tfs(struct fr_cursor *c);

static inline uint32_t fr_cursor_tf(struct fr_cursor *c)
{
    if (c->postings.is_dense) {
        uint32_t i = c->doc % FR_RANGE_DOCS, nth = c->at;
        unsigned code = c->has_tfs ? 3 : fr_dense_tf_code(&c->range, nth);
        if (code < 3) return code + 1;
        if (!c->has_tfs) fr_cursor_load_tfs(c); /* another of the range is likely to be asked for */
        return c->tfs[i];
    }
    if (!c->has_tfs) fr_cursor_load_tfs(c);
    return c->tfs[c->at];
}

/* Sets the bits (doc - first) of the documents in [first, end); the cursor ends at or after end.
 */
void fr_cursor_or_into(struct fr_cursor *c, uint32_t first, uint32_t end, uint64_t *bits);

/* The same of a dense term and whole rows, first % FR_ROW_DOCS == 0; the cursor does not move. */
void fr_cursor_or_rows(struct fr_cursor *c, uint32_t first, uint32_t end, uint64_t *bits);

/* Positions of the current document, not decoded yet; false if they are damaged, which is noted. */
bool fr_cursor_locate_positions(struct fr_cursor *c, struct fr_position_list *list);

/* Decoded, until the next list of this cursor is. */
bool fr_cursor_position_list(struct fr_cursor *c, struct fr_position_list *list);

#endif
