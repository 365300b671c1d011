/* nounhood.h: is a word a noun in this corpus? Told by what stands behind it: case particles
 * (을/를, 이/가, 의) follow nouns only. */
#ifndef FR_QUERY_NOUNHOOD_H
#define FR_QUERY_NOUNHOOD_H

#include "query/context.h"
#include "text/inflection.h"

/* Is some share of the word's mentions, of the first ones, followed by a case particle? */
frai_status fr_nounhood(struct fr_context *ctx, const struct fr_syllables *word, bool *noun,
                        frai_error *err);

#endif
