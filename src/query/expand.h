/* expand.h: other forms that words of a query may take in texts, from small tables and from what
 * indexing learned of the corpus.
 *
 *   프랑스   佛, in one Han character as newspapers write      hanja.h
 *   콘텐츠   컨텐츠, another spelling that the lexicon has      spelling.h
 *   mistral  미스트랄, a name that some text gives in both      lexicon.h
 *   불어     프랑스어, a synonym of the user's own              synonyms.h
 *   회의록   the same in the name of the document's file       expand_path.h
 *
 * Each becomes a covering of its word, at the word's place, with a lower weight. */
#ifndef FR_QUERY_EXPAND_H
#define FR_QUERY_EXPAND_H

#include "query/context.h"

/* Adds these coverings to the words of the query, except those of file names (expand_path.h). */
frai_status fr_expand(struct fr_context *ctx, struct fr_query *q, frai_error *err);

#endif
