/* parse.h: splits the text of a query into words, phrases and exclusions. Every string is a query.
 */
#ifndef FR_QUERY_PARSE_H
#define FR_QUERY_PARSE_H

#include "query/interrupt.h"
#include "query/query.h"
#include "text/stem.h"

#define FR_PARSE_EXACT 1u /* words as typed: each one is a phrase */
#define FR_PARSE_WHOLE 2u /* a word that is too long, or that a sentence ends in, is a phrase */
#define FR_PARSE_PLAIN 4u /* "-" and "*" are text; quotes still make phrases */

#define FR_PARSE_STRICT 8u /* quotes and "-" are never text, however long the query is */

/* Replaces what is in q. how: FR_PARSE_…. If the call is interrupted, words are left
 * out. False: out of memory. */
bool fr_query_parse(struct fr_query *q, frai_slice text, struct fr_analyzer *analyzer,
                    struct fr_stemmer *stemmer, uint32_t how, struct fr_interrupt *interrupt);

#endif
