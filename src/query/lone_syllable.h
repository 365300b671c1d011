/* lone_syllable.h: words of one syllable in one document at a time. */
#ifndef FR_QUERY_LONE_SYLLABLE_H
#define FR_QUERY_LONE_SYLLABLE_H

#include "query/match.h"
#include "segment/documents.h"

/* Puts the cursors of all lone syllables to their first document. */
void fr_match_rewind_syllables(struct fr_match *m);

/* Does the syllable stand in the document where the leaf asks for it? Documents may come in any
 * order, here and below. */
bool fr_match_has_syllable(struct fr_match *m, const struct fr_query_node *leaf, uint32_t doc);

/* What a lone syllable among other words adds to the score of a document that has it: by how often
 * it is a word there; where it is none, its share. */
static inline float fr_syllable_score(const struct fr_match *m, uint32_t word, uint32_t wholes,
                                      float k)
{
    float weight = m->syllables[word].weight;
    return wholes ? fr_bm25(weight, wholes, k) : m->model->syllable_begun * fr_bm25(weight, 1, k);
}

/* What the word, a lone syllable, adds to the score of a document that has it, or what it stands
 * for. */
float fr_match_score_syllable(struct fr_match *m, uint32_t word, uint32_t doc, float k);

/* Does one of the positions, decoded, start an 어절? False if the call is interrupted. */
bool fr_starts_eojeol(const struct fr_position_list *list, const struct fr_eojeols *eojeols,
                      struct fr_interrupt *interrupt);

#endif
