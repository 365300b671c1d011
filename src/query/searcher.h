/* searcher.h: what one thread searches a snapshot with: the plans of the latest query, scratch
 * space to evaluate them, and the memory that results point into. */
#ifndef FR_QUERY_SEARCHER_H
#define FR_QUERY_SEARCHER_H

#include "frai/document.h"
#include "frai/explain.h"
#include "frai/search.h"
#include "query/gaps.h"
#include "query/plan.h"
#include "query/rank.h"
#include "query/topk.h"
#include "segment/store.h"

/* A segment's part of a query: how its documents were found, and the work that took. */
struct fr_step {
    struct fr_eval_stats stats; /* without a method: no document could match */
    uint64_t base;
    bool counted; /* matches were counted, hits were not wanted */
};

/* The passes of a search, in the order of their hits. */
enum fr_tier {
    FR_TIER_WORDS,       /* documents with all words of `main`; with any, where that is asked for */
    FR_TIER_SOME,        /* ... with some of them */
    FR_TIER_SPACED,      /* documents with all words of `second` */
    FR_TIER_SPACED_SOME, /* ... with some of them */
};

/* A hit, and the pass that found it. */
struct fr_hit {
    uint64_t doc;
    float score;
    uint8_t tier; /* enum fr_tier */
    bool ranked;  /* by positions too */
};

/* What explain.h gives. */
struct frai_explanation {
    FR_VECTOR(frai_score_part) parts;
    struct fr_rank_parts ranked; /* 0: the document was not ranked by positions */
};
struct frai_diagnosis {
    FR_VECTOR(frai_finding) findings;
};
struct frai_query_plan {
    FR_VECTOR(frai_plan_step) steps;
};

/* A page of hits, and what the search says of itself. */
struct frai_results {
    FR_VECTOR(struct fr_scored) hits;
    frai_search_info info;
};

struct fr_searcher {
    struct fr_context context;
    struct fr_scratch scratch;
    struct fr_gap_reader gaps;
    struct fr_damage damage;                   /* of the current call */
    struct fr_collector count_only;            /* of evaluations whose hits nobody wants */
    FR_VECTOR(struct fr_scored) heap, pending; /* pending: documents of a segment to be verified */
    FR_VECTOR(struct fr_scored) titled; /* hits of the current pass whose title is the query */
    struct fr_cursors cursors, bit_cursors, syllable_cursors;
    FR_VECTOR(struct fr_syllable) syllables;
    FR_VECTOR(struct fr_summand) summands; /* with those of lone syllables */
    struct fr_rank rank;
    struct fr_store_reader *stores; /* two a segment, opened when needed */
    bool *store_open;
    struct fr_buf text;         /* what explanations and diagnoses point into */
    struct fr_buf id;           /* an id that was read */
    FR_VECTOR(frai_span) spans; /* of the latest passage */
    /* What ends calls without options of their own. */
    int (*interrupt)(void *arg);
    void *interrupt_arg;
    uint64_t timeout_us;
    uint64_t search_memory;          /* bytes that a search may add, where held_most is 0 */
    struct fr_buf rewritten;         /* the latest query, corrected; empty: as typed */
    struct fr_buf suggestion;        /* what the latest query may have meant; empty: nothing */
    struct fr_buf missing;           /* words of the latest query that no hit has, '\n' between */
    struct fr_buf replaced;          /* words of the latest query, with what was sought instead */
    FR_VECTOR(bool) found;           /* has any document the word? While missing ones are sought */
    struct fr_query_nodes nodes;     /* a tree for one of the words */
    FR_VECTOR(struct fr_step) steps; /* how the latest query was evaluated */
    struct fr_plan main, second;     /* of the latest query */
    FR_VECTOR(struct fr_hit)
    hits;                        /* of the latest query, up to the page's end and those that were
                                    ranked besides */
    bool hits_by_doc;            /* else best first */
    struct frai_results results; /* of the latest search */
    struct frai_explanation explanation;
    struct frai_diagnosis diagnosis;
    struct frai_query_plan described;
    struct fr_plan probe; /* of texts that are only counted, and of frai_search_terms */
};

/* Around each public call, which may arm the context's interrupt in between. Whatever happened, the
 * searcher can be used again afterwards. */
void fr_searcher_begin(struct fr_searcher *s);
frai_status fr_searcher_end(struct fr_searcher *s, frai_status status, frai_error *err);

/* As if there had been no query. */
void fr_searcher_forget(struct fr_searcher *s);

/* The document as a hit of the latest query; NULL if it is none, or ranks after the page. Valid
 * until the next call. */
const struct fr_hit *fr_searcher_hit(struct fr_searcher *s, uint64_t doc);

/* The plan that found a hit; s->main for NULL. */
const struct fr_plan *fr_searcher_plan_of(const struct fr_searcher *s, const struct fr_hit *hit);

frai_status fr_searcher_init(struct fr_searcher *s, const struct fr_snapshot *snapshot,
                             frai_error *err);
void fr_searcher_deinit(struct fr_searcher *s);

/* Limits the bytes that are held; 0: no limit. FRAI_ERR_MEMORY if more are held already. */
frai_status fr_searcher_limit(struct fr_searcher *s, uint64_t bytes, frai_error *err);

/* Bytes that are held, including those of zstd, to which the limit does not apply. */
uint64_t fr_searcher_memory(const struct fr_searcher *s);

/* Frees scratch and empty buffers, none of which an answer points into. */
void fr_searcher_give_back(struct fr_searcher *s);

/* Ranks by another model from now on; at first it is the default one. */
void fr_searcher_set_model(struct fr_searcher *s, const struct fr_rank_model *model);

/* Room for the best k hits, in s->heap. */
frai_status fr_searcher_heap(struct fr_searcher *s, uint64_t k, struct fr_topk *top,
                             frai_error *err);

/* Makes s->rank ready for a plan; false: out of memory. */
bool fr_searcher_rank(struct fr_searcher *s, const struct fr_plan *plan);

/* FRAI_ERR_ARGUMENT if there is no such document, or no more. */
frai_status fr_searcher_require(const struct fr_searcher *s, uint64_t doc, frai_error *err);

/* What reads a document's stored text, and the document's number there. */
frai_status fr_searcher_store(struct fr_searcher *s, uint64_t doc, struct fr_store_reader **store,
                              uint32_t *local, frai_error *err);

#endif
