/* titled.h: documents whose title is the query come before all others. They are found by a term of
 * their own, verified as any hit is, and get an addition that no score without it reaches. */
#ifndef FR_QUERY_TITLED_H
#define FR_QUERY_TITLED_H

#include "query/pass.h"

/* Adds the term of such titles to a parsed query; it covers no word and scores nothing. */
void fr_titled_put_term(struct fr_query *q);

/* Fills s->titled with those of the pass's hits, ascending, with their scores. */
frai_status fr_titled_find(struct fr_searcher *s, struct fr_pass *pass, frai_error *err);

/* What a document of the segment gets for its title being the query: 0 or the addition. */
frai_status fr_titled_addition(struct fr_searcher *s, const struct fr_plan *plan,
                               struct fr_match *m, uint32_t doc, float *addition, frai_error *err);

#endif
