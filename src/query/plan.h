/* plan.h: a query that is ready to be evaluated: its words with everything that may stand for them,
 * the weights of their terms, and these terms' postings in each segment. fr_plan_make makes a plan,
 * everything else reads it as const. */
#ifndef FR_QUERY_PLAN_H
#define FR_QUERY_PLAN_H

#include "query/context.h"
#include "query/query.h"
#include "query/stats.h"

/* In addition to FRAI_SEARCH_…: the text was not typed as a query; "-" and "*" in it mean nothing
 * special. */
#define FR_SEARCH_PLAIN (1u << 31)

/* ... file names are not searched. */
#define FR_SEARCH_TEXT_ONLY (1u << 30)

/* ... pre-tokenized terms, whatever the index's own analyzer; they are not made into words. */
#define FR_SEARCH_TERMS (1u << 29)

/* What a plan is made of. */
struct fr_question {
    frai_slice text;
    uint32_t flags; /* FRAI_SEARCH_…, FR_SEARCH_… */
    frai_rank ranking;
    frai_match match;
    uint32_t among; /* if the text is a part of a query: how many positive words that has; else 0 */
    const uint32_t *initials_at; /* where words begin that are initial consonants, bytes of text */
    uint32_t initials;           /* ... how many do */
    /* Statistics to score by, summed over several indexes; NULL: those of this one. Terms that they
     * lack are counted here. */
    const struct fr_collection_stats *stats;
};

/* K of BM25 for each of the 256 norms, and what it was made of. */
struct fr_plan_norms {
    float k1, b, average_length;
    float k[256];
};

struct fr_plan {
    struct fr_buf text; /* a copy of the question's */
    uint32_t flags;
    frai_rank ranking;
    struct fr_query query;
    /* All that scores depend on besides the document. */
    struct fr_collection collection;
    float average_length; /* of its documents */
    struct fr_plan_norms norms;
    FR_VECTOR(uint64_t) dfs;              /* of each term, then of each word (lone syllables) */
    FR_VECTOR(uint64_t) first_dfs;        /* of each term (stats.h); 0 where it is not needed */
    FR_VECTOR(struct fr_stem_docs) stems; /* of each word; 0 of those that can't be nouns */
    FR_VECTOR(float) shares;  /* of each term: what nouns would weigh; 0: of no word's content */
    FR_VECTOR(float) weights; /* of each term, then of each word */
    FR_VECTOR(struct fr_postings) term_postings; /* of each term in each segment */
};

void fr_plan_init(struct fr_plan *plan, const frai_allocator *mem);
void fr_plan_deinit(struct fr_plan *plan);

/* Makes it a plan without words. */
void fr_plan_clear(struct fr_plan *plan);

/* Replaces what was in the plan, which is unfit for use if this fails. The question's text is
 * copied; it must not be the plan's own. */
frai_status fr_plan_make(struct fr_context *ctx, const struct fr_question *asked,
                         struct fr_plan *plan, frai_error *err);

/* The statistics of a plan's terms in its own index; the plan must not have been given others. */
frai_status fr_plan_collect(const struct fr_context *ctx, const struct fr_plan *plan,
                            struct fr_collection_stats *stats, frai_error *err);

/* An error if the query only excludes, or if FRAI_SEARCH_STRICT_LIMITS is set and something of it
 * was left out. */
frai_status fr_plan_refuse(const struct fr_plan *plan, frai_error *err);

static inline frai_slice fr_plan_text(const struct fr_plan *plan)
{
    return (frai_slice){(const char *)plan->text.data, plan->text.len};
}

static inline uint32_t fr_plan_term_count(const struct fr_plan *plan)
{
    return (uint32_t)fr_vec_count(&plan->query.terms);
}

static inline uint32_t fr_plan_words(const struct fr_plan *plan)
{
    return (uint32_t)fr_vec_count(&plan->query.words);
}

static inline const struct fr_query_word *fr_plan_word(const struct fr_plan *plan, size_t i)
{
    return &fr_vec_at(&plan->query.words, i);
}

/* What a lone syllable stands for in a segment: terms of which `firsts` are pairs that it begins.
 */
struct fr_syllable_terms {
    uint32_t firsts;
    bool lone;          /* the first term is the syllable by itself */
    bool with_particle; /* the next one is the syllable with a particle, also among its pairs */
};

/* Of word w, which is one; its terms into ctx->ordinals. */
frai_status fr_plan_syllable(struct fr_context *ctx, const struct fr_plan *plan,
                             const struct fr_segment *seg, uint32_t w,
                             struct fr_syllable_terms *found, frai_error *err);

#endif
