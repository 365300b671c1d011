/* model.h: the numbers of ranking. All of them belong to a collection, none to a document; those of
 * the default lie on plateaus that bench/effectiveness found. */
#ifndef FR_QUERY_MODEL_H
#define FR_QUERY_MODEL_H

#include <stdbool.h>
#include <stdint.h>

/* Weights of terms that stand for a word, next to 1 for the word itself. */
struct fr_boosts {
    float stem, value, glued, spelling, news, synonym, completion;
    float reading; /* of each syllable */
    float path;    /* at most, of what the same term weighs in the text */
    /* What terms of the query weigh, next to those of content: function words, endings and
     * particles, the pair of the last syllable before these with the first of them, and stems that
     * an ending makes predicates (text/function_word.h). */
    float function_word, ending, seam, predicate;
};

/* Bounds of scores are made of it, so every number is 0 or more, and lead_half is more. */
struct fr_rank_model {
    float k1, b; /* of BM25 */
    struct fr_boosts boosts;
    float repeated_share; /* what a mention in a repeated line keeps of its score */
    /* A lone syllable that is a whole word, or starts an 어절, adds so many times its weight. */
    float syllable_whole, syllable_start;
    /* The best `depth` candidates are ranked by positions too (rank.h), whatever the page. */
    uint32_t depth;
    uint32_t stretch;  /* syllables that count as near one another */
    float lead_half;   /* syllables after which a mention is worth half */
    float across;      /* of a pair across two words, next to its neighbours */
    float near_share;  /* stretches in a document of average length that make Near all of it */
    float lead_length; /* average length at which Lead weighs as much as BM25 */
    float lead_most;
    float joint, near, start, end, glued, title; /* weights of features */
};

extern const struct fr_rank_model fr_rank_model_default;

bool fr_rank_model_is_sound(const struct fr_rank_model *model);

#endif
