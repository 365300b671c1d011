/* model.h: the parameters of ranking. They belong to a collection, not to a document. The default
 * values lie on plateaus: bench/effectiveness shows that neighbouring values rank as well. Those of
 * learned.h are fitted by bench/learn on the mean nDCG@10 of nine sets, each weighted alike
 * (questions to an encyclopedia, of KorQuAD and of TyDi with and without titles; titles, headings
 * and questions of technical documents; first sentences to their paragraphs; chat; paraphrases). */
#ifndef FR_QUERY_MODEL_H
#define FR_QUERY_MODEL_H

#include <stdbool.h>
#include <stdint.h>

/* Weights of terms that stand for a word, next to 1 for the word itself. */
struct fr_boosts {
    float stem, value, glued, spelling, news, synonym, completion;
    float reading;     /* of each syllable */
    float particle;    /* a lone syllable with a particle after it */
    float form, voice; /* another form of a predicate; and of 되다 for 하다 */
    float path;        /* at most, as a share of the same term's weight in the text */
    /* What terms of the query weigh, next to those of content: function words, endings and
     * particles, the pair of the last syllable before these with the first of them
     * (text/function_word.h). */
    float function_word, ending, seam;
    float no_noun; /* what is surely no noun (noun_odds.h) */
};

/* Which words are nouns (noun_odds.h); probabilities, above 0 and below 1. */
struct fr_noun_model {
    float prior, predicate_prior, marked, mismarked;
};

/* Score bounds are derived from it, so no number is negative, and lead_half is positive. */
struct fr_rank_model {
    float k1, b; /* of BM25 */
    struct fr_boosts boosts;
    struct fr_noun_model nouns;
    float repeated_share; /* of its score, that a mention in a repeated line keeps */
    /* What a lone syllable adds, in multiples of its weight, where it is a whole word or starts an
     * 어절. */
    float syllable_whole, syllable_start;
    float syllable_begun; /* share of its score, where, among other words, it only begins one */
    /* The best `depth` candidates are ranked by positions too (rank.h), whatever the page. */
    uint32_t depth;
    uint32_t stretch;  /* syllables that count as near one another */
    float lead_half;   /* syllables after which a mention is worth half */
    float across;      /* weight of a pair across two words, relative to its neighbours */
    float near_length; /* average length up to which Near may be all of the query */
    float lead_length; /* average length at which Lead weighs as much as BM25 */
    float lead_most;
    float joint, near, start, end, glued, title; /* weights of features */
};

extern const struct fr_rank_model fr_rank_model_default;

bool fr_rank_model_is_sound(const struct fr_rank_model *model);

#endif
