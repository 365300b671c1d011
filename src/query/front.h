/* front.h: a query that finds nothing, as the fronts of its words: of 서울깡통 is left 서울. */
#ifndef FR_QUERY_FRONT_H
#define FR_QUERY_FRONT_H

#include "query/searcher.h"

/* The text of a plan with each word that no document has replaced by its front, and the lines of
 * these (fr_put_replaced); both are empty if there are none. A front is the longest one that some
 * document has, of two syllables or more; if it is less than half of the word, it has to be a word
 * of the lexicon (서울 of 서울깡통막걸리). Quoted and excluded words stay, and a front has no
 * digit: part of a number is another number. */
frai_status fr_fronts(struct fr_searcher *s, const struct fr_plan *plan, struct fr_buf *text,
                      struct fr_buf *replaced, frai_error *err);

#endif
