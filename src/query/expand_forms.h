/* expand_forms.h: other forms of the predicates of a query (추웠다: 춥다, 추운, 추워), by the rules
 * of text/inflection.h, as far as the corpus has them. Which of several stems a form is of, and
 * whether it is one at all, the corpus tells: a predicate has several endings there. */
#ifndef FR_QUERY_EXPAND_FORMS_H
#define FR_QUERY_EXPAND_FORMS_H

#include "query/context.h"

/* Adds coverings to words that are neither excluded nor quoted. */
frai_status fr_expand_forms(struct fr_context *ctx, struct fr_query *q, frai_error *err);

#endif
