/* correct.h: words of a query that no document has, typed with the other keyboard layout on. */
#ifndef FR_QUERY_CORRECT_H
#define FR_QUERY_CORRECT_H

#include "query/searcher.h"

/* Rewrites words that no document has and whose other layout some document has: altmxmfkf →
 * 미스트랄. Acts per word; words in quotes and excluded ones stay. *changed says whether
 * `rewritten` differs from the query. Leaves s->query as it was after its last look: parse again.
 */
frai_status fr_correct_layout(struct fr_searcher *s, frai_slice query, struct fr_buf *rewritten,
                              bool *changed, frai_error *err);

#endif
