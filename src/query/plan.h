/* plan.h: the statistics of a query's terms, and their cursors in a segment. */
#ifndef FR_QUERY_PLAN_H
#define FR_QUERY_PLAN_H

#include "query/searcher.h"

/* Beside FRAI_SEARCH_…: a text that is no query of the user's, so "-" and "*" in it are text. */
#define FR_SEARCH_PLAIN (1u << 31)

/* ... and names of files don't count. */
#define FR_SEARCH_TEXT_ONLY (1u << 30)

static inline uint32_t fr_parse_how(uint32_t flags)
{
    return (flags & FRAI_SEARCH_EXACT ? FR_PARSE_EXACT : 0) |
           (flags & FRAI_SEARCH_NO_FIX ? FR_PARSE_WHOLE : 0) |
           (flags & FR_SEARCH_PLAIN ? FR_PARSE_PLAIN : 0);
}

/* Makes s->query of a text, with all that its words may be, and weighs it. initials: words (a bit
 * each) that are initial consonants. */
frai_status fr_plan_query(struct fr_searcher *s, frai_slice text, uint32_t flags, uint64_t initials,
                          frai_error *err);

/* Room for the best k hits. */
frai_status fr_plan_heap(struct fr_searcher *s, uint64_t k, struct fr_topk *top, frai_error *err);

uint32_t fr_plan_terms(const struct fr_searcher *s);

/* Document frequencies over all segments into s->dfs, weights of terms, then of words (lone
 * syllables), into s->weights. */
frai_status fr_plan_weigh(struct fr_searcher *s, frai_error *err);

/* A segment's part of the query: term-level, or with what words need besides. */
frai_status fr_plan_segment(struct fr_searcher *s, uint32_t g, struct fr_topk *top,
                            struct fr_match *m, frai_error *err);
frai_status fr_plan_words(struct fr_searcher *s, uint32_t g, struct fr_topk *top,
                          struct fr_match *m, frai_error *err);

/* The segment's cursors once more, as they were opened, for a second walk beside the first. */
frai_status fr_plan_copy_cursors(struct fr_searcher *s, struct fr_cursor **copy, frai_error *err);

/* Makes s->rank ready for s->query; false: out of memory. */
bool fr_plan_rank(struct fr_searcher *s);

/* Words that some hit has, a bit for each of the first 64; not known where hits have all. */
struct fr_seen {
    uint64_t words;
    bool known;
};

/* missing.c: into s->missing, words of s->query, just searched for as `query`, that no matching
 * document has, if there are two words or more. */
frai_status fr_find_missing(struct fr_searcher *s, frai_slice query, const struct fr_seen *seen,
                            frai_error *err);

/* Remembers how a segment was searched; false: out of memory. */
bool fr_plan_note(struct fr_searcher *s, const struct fr_match *m, bool counted);

/* CORRUPT if a cursor met damage. */
frai_status fr_plan_check(const struct fr_searcher *s, const struct fr_match *m, frai_error *err);

/* terms.c: pre-cut terms that are searched for: the k best but for the first `skip`. */
struct fr_terms {
    frai_slice text;
    frai_terms_mode mode;
    uint32_t skip, k;
};
frai_status fr_terms_search(struct fr_searcher *s, const struct fr_terms *wanted, frai_hit *hits,
                            uint32_t *hit_count, uint64_t *total, frai_error *err);

#endif
