/* expand_path.h: names of documents' files as a field of low weight. */
#ifndef FR_QUERY_EXPAND_PATH_H
#define FR_QUERY_EXPAND_PATH_H

#include "query/context.h"

/* Lets the name of a document's file have the words too. It comes last: after all coverings that
 * the words get from the text. */
frai_status fr_expand_path(struct fr_context *ctx, struct fr_query *q, frai_error *err);

#endif
