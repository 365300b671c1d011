/* presence.h: does a document have a word? Verified by positions. */
#ifndef FR_QUERY_PRESENCE_H
#define FR_QUERY_PRESENCE_H

#include "query/evaluate.h"
#include "query/gaps.h"
#include "query/tree.h"

/* Words of a query, looked for in documents of a segment. */
struct fr_lookup {
    const struct fr_query *query;
    const struct fr_evaluation *evaluation; /* cursors of the query's terms */
    struct fr_gap_reader *gaps;
};

/* Does the document have what the leaf asks for, judged by the terms of its coverings? Documents
 * ascend between rewinds of the cursors. */
bool fr_document_has(const struct fr_lookup *l, const struct fr_query_node *leaf, uint32_t doc);

#endif
