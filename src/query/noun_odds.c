/* Bayes: before the corpus is asked, a word is a noun with the odds of `prior`; each document that
 * has the stem then counts as a draw that shows a case particle with probability `marked` if it is
 * a noun, and `mismarked` if it is none (a particle that was read wrongly). */
#include "query/noun_odds.h"

#include <math.h>

float fr_noun_probability(const struct fr_noun_model *m, const struct fr_stem_docs *docs,
                          bool predicate)
{
    double prior = predicate ? m->predicate_prior : m->prior, marked = m->marked,
           mismarked = m->mismarked;
    double noun = (double)docs->noun, bare = docs->all > docs->noun ? (double)docs->all - noun : 0;
    double odds = log(prior / (1 - prior)) + noun * log(marked / mismarked) +
                  bare * log((1 - marked) / (1 - mismarked));
    return (float)(1 / (1 + exp(-odds)));
}
