/* gaps.h: phrases that go over the end of a sentence. */
#ifndef FR_QUERY_GAPS_H
#define FR_QUERY_GAPS_H

#include "query/match.h"

/* Has the text of a document, in which a phrase's positions agree, the gaps of the phrase? True if
 * the index doesn't store texts. */
bool fr_gaps_hold(struct fr_match *m, const struct fr_query_word *phrase, uint32_t doc);

#endif
