/* plan.h: a question that is ready to be evaluated: its words with all that they may be, what their
 * terms weigh, and where the postings of these begin. A plan is made once and read as const; its
 * owner alone says later that one word is enough. */
#ifndef FR_QUERY_PLAN_H
#define FR_QUERY_PLAN_H

#include "frai/inspect.h"
#include "query/match.h"

/* Beside FRAI_SEARCH_…: a text that is no query of the user's, so "-" and "*" in it are text. */
#define FR_SEARCH_PLAIN (1u << 31)

/* ... and names of files don't count. */
#define FR_SEARCH_TEXT_ONLY (1u << 30)

/* ... terms that are cut already, whatever the index's own analyzer; no words are made of them. */
#define FR_SEARCH_TERMS (1u << 29)

/* What a plan is made of. */
struct fr_question {
    frai_slice text;
    uint32_t flags; /* FRAI_SEARCH_…, FR_SEARCH_… */
    frai_rank ranking;
    frai_match match;
    uint32_t among; /* positive words of the query that the text is a part of, if it is one */
    const uint32_t *initials_at; /* where words of initial consonants begin in the text */
    uint32_t initials;
};

struct fr_plan {
    struct fr_buf text; /* a copy of the question's */
    uint32_t flags;
    frai_rank ranking;
    bool any; /* one word is enough */
    struct fr_query query;
    struct fr_buf dfs;           /* uint64_t: document frequencies of terms, then of words (lone
                                    syllables), over all segments */
    struct fr_buf weights;       /* float: of the same */
    struct fr_buf term_postings; /* struct fr_postings of each term in each segment */
};

struct fr_searcher;

void fr_plan_init(struct fr_plan *plan, const frai_allocator *mem);
void fr_plan_deinit(struct fr_plan *plan);

/* Makes it the plan of no question. */
void fr_plan_clear(struct fr_plan *plan);

/* What was in the plan is gone, also where this fails; the question's text must not be the plan's
 * own. */
frai_status fr_plan_make(struct fr_searcher *s, const struct fr_question *asked,
                         struct fr_plan *plan, frai_error *err);

/* An error if the plan is no question, or, with FRAI_SEARCH_STRICT_LIMITS, no longer the one that
 * was asked. */
frai_status fr_plan_refuse(const struct fr_plan *plan, frai_error *err);

static inline frai_slice fr_plan_text(const struct fr_plan *plan)
{
    return (frai_slice){(const char *)plan->text.data, plan->text.len};
}

static inline uint32_t fr_plan_terms(const struct fr_plan *plan)
{
    return (uint32_t)FR_COUNT(&plan->query.terms, struct fr_query_term);
}

static inline uint32_t fr_plan_words(const struct fr_plan *plan)
{
    return (uint32_t)FR_COUNT(&plan->query.words, struct fr_query_word);
}

static inline const struct fr_query_word *fr_plan_word(const struct fr_plan *plan, size_t i)
{
    return &FR_AT(&plan->query.words, struct fr_query_word, i);
}

/* Room for the best k hits, in the searcher. */
frai_status fr_plan_heap(struct fr_searcher *s, uint64_t k, struct fr_topk *top, frai_error *err);

/* A segment's part of a plan, its cursors in the searcher: those of terms, or with what words need
 * besides. It is good until another part is opened. */
frai_status fr_plan_open_terms(struct fr_searcher *s, const struct fr_plan *plan, uint32_t g,
                               struct fr_topk *top, struct fr_match *m, frai_error *err);
frai_status fr_plan_open_words(struct fr_searcher *s, const struct fr_plan *plan, uint32_t g,
                               struct fr_topk *top, struct fr_match *m, frai_error *err);

/* The segment's cursors once more, as they were opened, for a second walk beside the first. */
frai_status fr_plan_copy_cursors(struct fr_searcher *s, const struct fr_match *m,
                                 struct fr_cursor **copy, frai_error *err);

/* Makes s->rank ready for the plan; false: out of memory. */
bool fr_plan_rank(struct fr_searcher *s, const struct fr_plan *plan);

/* Words that some hit has, a bit for each of the first 64; not known where hits have all. */
struct fr_seen {
    uint64_t words;
    bool known;
};

/* missing.c: into s->missing, words of a plan, just searched for, that no matching document has, if
 * there are two words or more. */
frai_status fr_find_missing(struct fr_searcher *s, const struct fr_plan *plan,
                            const struct fr_seen *seen, frai_error *err);

/* Remembers how a segment was searched; false: out of memory. */
bool fr_plan_note(struct fr_searcher *s, const struct fr_match *m, bool counted);

/* CORRUPT if a cursor met damage. */
frai_status fr_plan_check(const struct fr_searcher *s, const struct fr_match *m, frai_error *err);

/* terms.c: a plan of terms (FR_SEARCH_TERMS), evaluated: the k best but for the first `skip`. */
struct fr_terms {
    frai_terms_mode mode;
    uint32_t skip, k;
};
frai_status fr_terms_search(struct fr_searcher *s, const struct fr_plan *plan,
                            const struct fr_terms *wanted, frai_hit *hits, uint32_t *hit_count,
                            uint64_t *total, frai_error *err);

#endif
