/* complete.h: search as you type: the last word of the query may be unfinished. */
#ifndef FR_QUERY_COMPLETE_H
#define FR_QUERY_COMPLETE_H

#include "query/context.h"
#include "segment/dictionary.h"

/* Adds coverings to the last word for what it may become: an input method shows syllables before
 * they are complete. */
frai_status fr_complete(struct fr_context *ctx, struct fr_query *q, frai_error *err);

/* Appends the pairs that begin with what a lone syllable may become. */
frai_status fr_completed_syllables(const struct fr_segment *seg, uint32_t syllable,
                                   struct fr_ordinals *ordinals, frai_error *err);

#endif
