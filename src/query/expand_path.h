/* expand_path.h: the names of documents' files, searched as a field of low weight. */
#ifndef FR_QUERY_EXPAND_PATH_H
#define FR_QUERY_EXPAND_PATH_H

#include "query/context.h"

/* Lets words match the name of a document's file too. It comes last, when the words have all
 * coverings of the text. */
frai_status fr_expand_path(struct fr_context *ctx, struct fr_query *q, frai_error *err);

#endif
