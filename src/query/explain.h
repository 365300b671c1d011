/* explain.h: why a document has its score, and how the latest query was evaluated. */
#ifndef FR_QUERY_EXPLAIN_H
#define FR_QUERY_EXPLAIN_H

#include "query/searcher.h"

/* How the latest query was evaluated, lines into s->text. */
frai_status fr_searcher_plan(struct fr_searcher *s, frai_error *err);

/* Why the document has its score, by the plan that found it: lines for --explain into s->text. */
frai_status fr_searcher_explain(struct fr_searcher *s, uint64_t doc, frai_error *err);

#endif
