/* part.h: a segment's part of a plan, with cursors over its postings in the searcher's scratch; and
 * what evaluates all parts of one. */
#ifndef FR_QUERY_PART_H
#define FR_QUERY_PART_H

#include "query/match.h"
#include "query/searcher.h"

/* Opens a segment's part of a plan: cursors of its terms, or also what matching of words needs. All
 * parts use the same scratch, so opening one ends the one before. */
frai_status fr_part_terms(struct fr_searcher *s, const struct fr_plan *plan, uint32_t g,
                          struct fr_topk *top, struct fr_match *m, frai_error *err);
frai_status fr_part_words(struct fr_searcher *s, const struct fr_plan *plan, uint32_t g,
                          struct fr_topk *top, struct fr_match *m, frai_error *err);

/* The segment's cursors once more, as they were opened, for a second walk beside the first. */
frai_status fr_part_copy_cursors(struct fr_searcher *s, const struct fr_match *m,
                                 struct fr_cursor **copy, frai_error *err);

/* Which words some hit has, a bit for each of the first 64; not known where every hit has all. */
struct fr_seen {
    uint64_t words;
    bool known;
};

/* missing.c: puts into s->missing those words of the plan that no matching document has, if the
 * plan has two words or more. seen: by the search for the plan. */
frai_status fr_find_missing(struct fr_searcher *s, const struct fr_plan *plan,
                            const struct fr_seen *seen, frai_error *err);

/* Remembers how a segment was searched; false: out of memory. */
bool fr_part_note(struct fr_searcher *s, const struct fr_match *m, bool counted);

/* CORRUPT if a cursor met damage. */
frai_status fr_part_check(const struct fr_searcher *s, const struct fr_match *m, frai_error *err);

/* terms.c: a plan of terms (FR_SEARCH_TERMS), evaluated: the k best but for the first `skip`. */
struct fr_terms {
    frai_terms_mode mode;
    uint32_t skip, k;
};
frai_status fr_terms_search(struct fr_searcher *s, const struct fr_plan *plan,
                            const struct fr_terms *wanted, frai_hit *hits, uint32_t *hit_count,
                            uint64_t *total, frai_error *err);

#endif
