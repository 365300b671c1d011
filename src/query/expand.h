/* expand.h: what else the words of a query may be, by small tables and by what the corpus taught.
 *
 *   프랑스   佛, in one Han character as newspapers write      hanja.h
 *   콘텐츠   컨텐츠, another spelling that the lexicon has      spelling.h
 *   mistral  미스트랄, a name that some text gives in both      lexicon.h
 *   불어     프랑스어, a synonym of the user's own              synonyms.h
 *   회의록   the same in the name of the document's file       expand_path.c
 *
 * Each becomes a covering of its word, at the word's place, with a lower weight. */
#ifndef FR_QUERY_EXPAND_H
#define FR_QUERY_EXPAND_H

#include "query/context.h"

/* Adds coverings to the words of a query; so do the others that take one. */
frai_status fr_expand(struct fr_context *ctx, struct fr_query *q, frai_error *err);

/* As-you-type: the text may go on where the query ends (complete.c). */
frai_status fr_complete(struct fr_context *ctx, struct fr_query *q, frai_error *err);

/* What the file of a document is called may have the words, too (expand_path.c). After all that may
 * stand for them. */
frai_status fr_expand_path(struct fr_context *ctx, struct fr_query *q, frai_error *err);

/* Appends the pairs that begin with what a lone syllable may become (uint32_t ordinals). */
frai_status fr_completed_syllables(const struct fr_segment *seg, uint32_t syllable,
                                   struct fr_buf *ordinals, frai_error *err);

/* Is the word nothing but initial consonants, two or more? */
bool fr_initials_are(frai_slice word);

/* The words that the initials stand for, cut to their length, of most documents first, commas
 * between, appended to out; nothing if there is none. */
frai_status fr_initials_best(struct fr_context *ctx, frai_slice word, struct fr_buf *out,
                             frai_error *err);

/* A word of initial consonants stands for words that begin with them (initials.c). Only for words
 * that no document has as they are: `missing` has a bit for each of the first 64. */
frai_status fr_expand_initials(struct fr_context *ctx, struct fr_query *q, uint64_t missing,
                               frai_error *err);

#endif
