/* searcher.h: one thread's scratch over a snapshot: plans a query, runs an evaluator a segment. */
#ifndef FR_QUERY_SEARCHER_H
#define FR_QUERY_SEARCHER_H

#include "frai/inspect.h"
#include "index/snapshot.h"
#include "query/lines.h"
#include "query/match.h"
#include "query/rank.h"
#include "query/synonyms.h"
#include "segment/store.h"

/* How s->query was made. */
struct fr_asked {
    struct fr_buf text;
    uint32_t flags;
    uint64_t initials;
};

/* A segment's part of a query: how its documents were found, and the work that took. */
struct fr_step {
    const char *way; /* NULL: no document could match */
    uint64_t base, matches, scored, decoded;
    bool counted; /* matches were, hits were not wanted */
};

struct fr_searcher {
    const struct fr_snapshot *snapshot;
    struct fr_query query;
    struct fr_analyzer analyzer;
    struct fr_stemmer *stemmer;
    struct fr_scratch scratch;
    struct fr_buf heap, cursors, bit_cursors, syllables, syllable_cursors, ordinals, weights, dfs,
        instead;
    struct fr_buf term_postings; /* struct fr_postings of each term in each segment, by weigh() */
    struct fr_buf ranked;        /* uint64_t documents that the latest search ranked by positions */
    struct fr_rank rank;
    struct fr_lines lines;
    struct fr_synonyms synonyms;
    float k_of_norm[2][256];        /* of frai_rank */
    frai_rank ranking;              /* of the latest query */
    float odds;                     /* fr_cursor's, in the segment that is looked at */
    struct fr_store_reader *stores; /* one a segment, opened when needed */
    bool *store_open;
    struct fr_buf text, text2; /* what results point into */
    struct fr_buf rewritten;   /* the latest query, corrected; empty: as typed */
    struct fr_buf suggestion;  /* what the latest query may have meant; empty: nothing */
    struct fr_buf missing;     /* words of the latest query that no hit has, '\n' between */
    struct fr_buf steps;       /* struct fr_step: how the latest query was evaluated */
    bool any;                  /* how the latest query matched */
    bool whole_only;           /* fr_match's */
    uint64_t seen;             /* words (a bit for each of the first 64) that some hit has */
    bool seen_is_known;
    /* The latest query; and as it was asked for hits behind those of first_docs (uint64_t), if
     * there are any of these. */
    struct fr_asked asked[2];
    struct fr_buf first_docs;
};

frai_status fr_searcher_init(struct fr_searcher *s, const struct fr_snapshot *snapshot,
                             frai_error *err);
void fr_searcher_deinit(struct fr_searcher *s);

frai_status fr_searcher_search(struct fr_searcher *s, frai_slice query,
                               const frai_search_options *options, frai_hit *hits,
                               uint32_t *hit_count, frai_error *err);
/* skip: of the best hits so many are left out. */
frai_status fr_searcher_terms(struct fr_searcher *s, frai_slice terms, frai_terms_mode mode,
                              uint32_t skip, uint32_t k, frai_hit *hits, uint32_t *hit_count,
                              uint64_t *total, frai_error *err);

/* Documents that have the word or words of a query, counted up to `limit`. Replaces s->query. */
frai_status fr_searcher_count(struct fr_searcher *s, frai_slice query, uint64_t limit,
                              uint64_t *total, frai_error *err);

/* An error if s->query is no question, or no longer the one that was asked. */
frai_status fr_search_refuse(const struct fr_searcher *s, uint32_t flags, frai_error *err);

frai_status fr_search_memory(frai_error *err);

/* Has any segment the pair? How many documents have the stem, by the lexicons? */
frai_status fr_searcher_has_pair(const struct fr_searcher *s, uint32_t first, uint32_t second,
                                 bool *found, frai_error *err);
frai_status fr_searcher_known(struct fr_searcher *s, frai_slice stem, uint64_t *docs,
                              frai_error *err);

/* The stored record of a document (segment/store.h). */
frai_status fr_searcher_record(struct fr_searcher *s, uint64_t doc, const uint8_t **record,
                               size_t *len, frai_error *err);

/* How the latest query was evaluated, lines into s->text. */
frai_status fr_searcher_plan(struct fr_searcher *s, frai_error *err);

/* Lines for --explain into s->text. */
frai_status fr_searcher_explain(struct fr_searcher *s, uint64_t doc, frai_error *err);

/* Lines on each word of the query and this document, into s->text (why.c). */
frai_status fr_searcher_why(struct fr_searcher *s, frai_slice query, uint64_t doc, uint32_t flags,
                            frai_error *err);

/* snippet.c. From so many characters on, the whole text, repeated lines and all. */
#define FR_SNIPPET_WHOLE (1u << 20)
frai_status fr_snippet_make(struct fr_searcher *s, frai_slice text, uint32_t characters,
                            frai_snippet *out, frai_error *err);

#endif
