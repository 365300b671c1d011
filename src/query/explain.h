/* explain.h: why a document has its score, and how the latest query was evaluated; what
 * explanations and diagnoses (diagnose.h) share. */
#ifndef FR_QUERY_EXPLAIN_H
#define FR_QUERY_EXPLAIN_H

#include "query/searcher.h"

/* Empties the answers that frai/explain.h hands out. */
void fr_explain_clear(struct fr_searcher *s);

/* The next `len` bytes of s->text, from *at on; *at begins at 0. */
frai_slice fr_explain_text(const struct fr_searcher *s, size_t len, size_t *at);

/* How the latest query was evaluated, into s->described. */
frai_status fr_searcher_plan(struct fr_searcher *s, frai_error *err);

/* Why the document has its score, by the plan that found it, into s->explanation. */
frai_status fr_searcher_explain(struct fr_searcher *s, uint64_t doc, frai_error *err);

#endif
