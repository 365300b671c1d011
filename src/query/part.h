/* part.h: the part of a plan that concerns one segment: cursors over the postings of its terms.
 * They are in the searcher's scratch. */
#ifndef FR_QUERY_PART_H
#define FR_QUERY_PART_H

#include "query/match.h"
#include "query/searcher.h"

/* Opens segment g's part of a plan: fr_part_terms for its terms only, fr_part_words also for lone
 * syllables and with a second set of cursors, as matching of words needs. All parts use the same
 * scratch, so opening one closes the one before. collector: NULL if matches are only counted. */
frai_status fr_part_terms(struct fr_searcher *s, const struct fr_plan *plan, uint32_t g,
                          struct fr_collector *collector, struct fr_match *m, frai_error *err);
frai_status fr_part_words(struct fr_searcher *s, const struct fr_plan *plan, uint32_t g,
                          struct fr_collector *collector, struct fr_match *m, frai_error *err);

/* Remembers how a segment was searched. */
void fr_part_note(struct fr_searcher *s, const struct fr_match *m, bool counted);

/* After evaluating a part: CORRUPT, naming the section, if damage was met; MEMORY or CANCELED if
 * the call was interrupted. */
frai_status fr_part_check(const struct fr_searcher *s, const struct fr_match *m, frai_error *err);

#endif
