/* rerank.h: ranks what a pass found by positions too. */
#ifndef FR_QUERY_RERANK_H
#define FR_QUERY_RERANK_H

#include "query/pass.h"

/* Of the pass's best, which are sorted, those of its model's depth: as if each of them were ranked,
 * as far as pass->wanted; pass->ranked of them are, and come first. */
frai_status fr_rerank(struct fr_searcher *s, struct fr_pass *pass, frai_error *err);

#endif
