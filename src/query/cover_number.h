/* cover_number.h: terms of the query that cover numbers and what stands behind them. */
#ifndef FR_QUERY_COVER_NUMBER_H
#define FR_QUERY_COVER_NUMBER_H

#include "query/word_parts.h"

/* The value of a number, over the syllables of the mask, whose last one is given: it is there by
 * its value alone, so that 8500만 is not in 3억8500만; or as a part that its text begins with, or
 * that stands between spaces. */
void fr_cover_amount(struct fr_word_parts *p, const struct fr_token *value, uint32_t last,
                     uint64_t mask);

/* What stands behind numbers, once they are covered. */
void fr_cover_units(struct fr_word_parts *p);

#endif
