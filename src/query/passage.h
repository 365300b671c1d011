/* passage.h: the part of a document's field that is shown. */
#ifndef FR_QUERY_PASSAGE_H
#define FR_QUERY_PASSAGE_H

#include "query/searcher.h"

/* Of a field that is long as much is read as is shown. Spans point into s->spans. */
frai_status fr_passage_make(struct fr_searcher *s, uint64_t doc, uint32_t field,
                            uint32_t characters, frai_passage *out, frai_error *err);

#endif
