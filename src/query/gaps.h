/* gaps.h: phrases that cross the end of a sentence. */
#ifndef FR_QUERY_GAPS_H
#define FR_QUERY_GAPS_H

#include "query/match.h"

/* Does the text of a document, whose positions agree with the phrase, have the phrase's gaps? True
 * if the index doesn't store texts. */
bool fr_gaps_hold(struct fr_match *m, const struct fr_query_word *phrase, uint32_t doc);

#endif
