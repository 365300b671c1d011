/* snippet.h: which part of a text is shown, and what is marked in it. */
#ifndef FR_QUERY_SNIPPET_H
#define FR_QUERY_SNIPPET_H

#include "query/searcher.h"

/* The part of a text that shows most of the plan's words. Spans point into s->spans. */
frai_status fr_snippet_make(struct fr_searcher *s, const struct fr_plan *plan, frai_slice text,
                            uint32_t characters, frai_passage *out, frai_error *err);

#endif
