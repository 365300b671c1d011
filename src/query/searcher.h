/* searcher.h: what one thread has over a snapshot: the plans of the latest query, scratch to
 * evaluate them with, and what results point into. */
#ifndef FR_QUERY_SEARCHER_H
#define FR_QUERY_SEARCHER_H

#include "frai/inspect.h"
#include "query/plan.h"
#include "query/rank.h"
#include "segment/store.h"

/* A segment's part of a query: how its documents were found, and the work that took. */
struct fr_step {
    const char *method; /* NULL: no document could match */
    uint64_t base, matches, scored, decoded;
    bool counted; /* matches were, hits were not wanted */
};

struct fr_searcher {
    struct fr_context context;
    struct fr_scratch scratch;
    struct fr_buf heap, cursors, bit_cursors, syllables, syllable_cursors, variant_of;
    struct fr_buf ranked; /* uint64_t documents that the latest search ranked by positions */
    struct fr_rank rank;
    float k_of_norm[2][256];        /* of frai_rank */
    struct fr_store_reader *stores; /* two a segment, opened when needed */
    bool *store_open;
    struct fr_buf text, text2; /* what results point into */
    struct fr_buf spans;       /* frai_span: of the latest passage */
    struct fr_buf rewritten;   /* the latest query, corrected; empty: as typed */
    struct fr_buf suggestion;  /* what the latest query may have meant; empty: nothing */
    struct fr_buf missing;     /* words of the latest query that no hit has, '\n' between */
    struct fr_buf found;       /* uint8_t: words that a document has, while the others are sought */
    struct fr_buf steps;       /* struct fr_step: how the latest query was evaluated */
    /* `main` is the latest query's plan. Where hits follow that were found by another plan,
     * `second`, first_docs has the documents that `main` found (uint64_t, ascending); else it is
     * empty. */
    struct fr_plan main, second;
    struct fr_buf first_docs;
    struct fr_plan probe; /* of texts that are only counted, and of frai_search_terms */
};

/* Around each public call: afterwards the searcher is fit for the next one, whatever happened. */
void fr_searcher_begin(struct fr_searcher *s);
frai_status fr_searcher_end(struct fr_searcher *s, frai_status status, frai_error *err);

/* There has been no query. */
void fr_searcher_forget(struct fr_searcher *s);

/* The plan of the latest query that found the document: s->main or s->second. */
const struct fr_plan *fr_searcher_plan_of(const struct fr_searcher *s, uint64_t doc);

frai_status fr_searcher_init(struct fr_searcher *s, const struct fr_snapshot *snapshot,
                             frai_error *err);
void fr_searcher_deinit(struct fr_searcher *s);

frai_status fr_searcher_search(struct fr_searcher *s, frai_slice query,
                               const frai_search_options *options, frai_hit *hits,
                               uint32_t *hit_count, frai_error *err);
frai_status fr_searcher_terms(struct fr_searcher *s, frai_slice terms, frai_terms_mode mode,
                              uint32_t k, frai_hit *hits, uint32_t *hit_count, uint64_t *total,
                              frai_error *err);

/* Documents that have all words of a text, counted up to `limit`; by s->probe. */
frai_status fr_searcher_count(struct fr_searcher *s, frai_slice text, uint64_t limit,
                              uint64_t *total, frai_error *err);

/* Room for the best k hits, in s->heap. */
frai_status fr_searcher_heap(struct fr_searcher *s, uint64_t k, struct fr_topk *top,
                             frai_error *err);

/* Makes s->rank ready for a plan; false: out of memory. */
bool fr_searcher_rank(struct fr_searcher *s, const struct fr_plan *plan);

/* FRAI_ERR_ARGUMENT if there is no such document, or no more. */
frai_status fr_searcher_has(const struct fr_searcher *s, uint64_t doc, frai_error *err);

/* The stored record of a document (segment/store.h). */
frai_status fr_searcher_record(struct fr_searcher *s, uint64_t doc, const uint8_t **record,
                               size_t *len, frai_error *err);

/* The same for a look while searching, that of a field in use left as it is. */
frai_status fr_searcher_peek(struct fr_searcher *s, uint64_t doc, const uint8_t **record,
                             size_t *len, frai_error *err);

/* How the latest query was evaluated, lines into s->text. */
frai_status fr_searcher_plan(struct fr_searcher *s, frai_error *err);

/* Why the document has its score under fr_searcher_plan_of: lines for --explain into s->text. */
frai_status fr_searcher_explain(struct fr_searcher *s, uint64_t doc, frai_error *err);

/* Lines on each word of a query and this document, into s->text (why.c). The latest query stays. */
frai_status fr_searcher_diagnose(struct fr_searcher *s, frai_slice query, uint64_t doc,
                                 uint32_t flags, frai_error *err);

/* snippet.c: the part of a text that shows most of the plan's words. Spans point into s->spans. */
frai_status fr_snippet_make(struct fr_searcher *s, const struct fr_plan *plan, frai_slice text,
                            uint32_t characters, frai_passage *out, frai_error *err);

#endif
