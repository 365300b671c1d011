/* rank.h: the default ranking of the best candidates, by what positions tell beyond BM25.
 *
 *   score = BM25 + Joint + Near + Lead + Shape + Title
 *
 *   Joint  pairs that a space hides in the text or in the query, as BM25 would count them
 *   Near   the most of the query that one stretch of syllables holds, up to a share
 *          of the whole: proximity and coverage in one
 *   Lead   what is mentioned early: each unit by its first place
 *   Shape  words that begin and end where an 어절 does, and that the text glues as the query does
 *   Title  what stands in the title
 *
 * Weights of units are those of BM25 (conditional on the syllable before, see fr_rank_conditional),
 * so every part is in the same unit. All constants belong to a collection, none to a document. */
#ifndef FR_QUERY_RANK_H
#define FR_QUERY_RANK_H

#include "query/evaluate.h"
#include "query/query.h"

/* What a pair says, given its first syllable: ln(D(x)/df) / ln(D/df), where D(x) is how often any
 * syllable follows x and D how often any pair stands in the corpus. Only document frequencies are
 * needed. 0 to 1. */
float fr_rank_conditional(uint64_t pair_df, uint64_t first_df, uint64_t all_df);

/* A unit of the query with its weight. Pairs across two words of the query follow the others. */
struct fr_rank_unit {
    uint32_t term;     /* of the query; of a pair across words: none */
    uint32_t other;    /* ... that says the same elsewhere, or none */
    uint32_t position; /* in the query */
    uint32_t span, word;
    float weight;
    uint32_t next;   /* the first unit after its end */
    uint32_t across; /* the pair of its end and the next word's start; or FR_NO_QUERY_TERM */
};

/* A document's positions of the units, found but not read. */
struct fr_rank_place {
    const struct fr_segment *seg;
    uint32_t doc; /* of the segment */
    float k;      /* of BM25 */
    uint32_t title_end;
    size_t lists; /* of r->lists: for each unit that has a term its list, then the other term's */
};

/* A document that may be ranked by positions. */
struct fr_rank_candidate {
    struct fr_rank_place place;
    struct fr_scored hit; /* as it was found */
    float bound;          /* of its score; of one that is ranked, the score */
    bool ranked;
};

/* Where a unit is found in a document. */
enum fr_shape { FR_SHAPE_STARTS = 1, FR_SHAPE_ENDS = 2, FR_SHAPE_GLUED = 4, FR_SHAPE_TITLED = 8 };

/* What positions tell of a document, in weights of units, before the model weighs it. */
struct fr_rank_features {
    float joint, near, lead;
    const uint32_t *shapes; /* of each unit, enum fr_shape; NULL: none of them is there */
};

/* Features as the model weighs them; a score is BM25 and their sum. Shape is start, end and glued.
 */
struct fr_rank_parts {
    float joint, near, lead, start, end, glued, title;
};

static inline float fr_rank_shape(const struct fr_rank_parts *parts)
{
    return parts->start + parts->end + parts->glued;
}

/* A unit of the query at a place of the document. */
struct fr_rank_event {
    uint32_t position, unit;
    bool joint; /* no term shows it: its halves stand side by side */
};
FR_VECTOR_TYPE(fr_rank_events, struct fr_rank_event);

struct fr_rank {
    const struct fr_rank_model *model;
    struct fr_interrupt *interrupt;
    struct fr_damage *damage;
    FR_VECTOR(struct fr_rank_unit) units;
    uint32_t across; /* the first unit that is a pair across words */
    float total;     /* weights of all units */
    float near_most; /* Near's upper bound */
    float lead_scale;
    FR_VECTOR(struct fr_position_list) lists; /* of the places since the latest preparation */
    struct fr_rank_events events, sorted;     /* scratch */
    FR_VECTOR(uint32_t) firsts, counts, joints;
    FR_VECTOR(struct fr_rank_candidate) candidates; /* rerank.c's */
    FR_VECTOR(struct fr_scored) best;
};

static inline uint32_t fr_rank_unit_count(const struct fr_rank *r)
{
    return (uint32_t)fr_vec_count(&r->units);
}

static inline const struct fr_rank_unit *fr_rank_unit_at(const struct fr_rank *r, uint32_t i)
{
    return &fr_vec_at(&r->units, i);
}

/* Which unit two neighbours make: the pair across their words, or the pair between them in a word
 * that the text has in two. FR_NO_QUERY_TERM: none. */
static inline uint32_t fr_rank_joint_of(const struct fr_rank *r, uint32_t left, uint32_t right)
{
    const struct fr_rank_unit *u = fr_rank_unit_at(r, left), *v = fr_rank_unit_at(r, right);
    if (v->word != u->word) return u->across;
    bool between = right == left + 2 && fr_rank_unit_at(r, left + 1)->position == v->position - 1;
    return between ? left + 1 : FR_NO_QUERY_TERM;
}

/* Shapes that a unit can have behind the title. */
uint32_t fr_rank_shapes_possible(const struct fr_rank *r, uint32_t unit);

void fr_rank_init(struct fr_rank *r, const frai_allocator *mem, struct fr_interrupt *interrupt,
                  struct fr_damage *damage);
void fr_rank_deinit(struct fr_rank *r);

/* A collection as its documents' scores depend on it. */
struct fr_rank_collection {
    float documents;
    float average_length; /* in terms */
};

/* weights: of query->terms. The model has to stay while r is used. False: out of memory. */
bool fr_rank_prepare(struct fr_rank *r, const struct fr_rank_model *model,
                     const struct fr_query *query, const float *weights,
                     const struct fr_rank_collection *collection);

/* Reads the features there; they are valid until the next call. repeated: where repeated lines
 * stand, whose mentions don't count; or NULL. */
void fr_rank_read(struct fr_rank *r, const struct fr_rank_place *place,
                  const struct fr_scratch *repeated, struct fr_rank_features *features);

void fr_rank_weigh(const struct fr_rank *r, const struct fr_rank_features *features,
                   struct fr_rank_parts *parts);

/* A document's score; bm25: the one that it was found with. */
float fr_rank_score(const struct fr_rank *r, float bm25, const struct fr_rank_features *features);

#endif
