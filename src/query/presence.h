/* presence.h: does a document have a word? Verified by positions. */
#ifndef FR_QUERY_PRESENCE_H
#define FR_QUERY_PRESENCE_H

#include "query/match.h"

/* Does the document have what the leaf asks for, judged by the terms of its coverings? Documents
 * ascend between rewinds of the cursors. */
bool fr_match_word(struct fr_match *m, const struct fr_query_node *leaf, uint32_t doc);

#endif
