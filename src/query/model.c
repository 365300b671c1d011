/* The default model, and what every model has to fulfil so that bounds hold. */
#include "query/model.h"

#include "query/learned.h"
#include "segment/format.h"

const struct fr_rank_model fr_rank_model_default = {
    .k1 = FR_IMPACT_K1, /* others rank as well, by looser bounds */
    .b = FR_IMPACT_B,
    .boosts = {.stem = 0.5f,
               .value = 0.5f,
               .glued = 0.5f,
               .spelling = 0.5f,
               .news = 0.3f,
               .particle = 0.8f,
               .synonym = 0.5f,
               .completion = 0.3f,
               .form = 0.6f,
               .voice = 0.4f,
               .reading = 0.25f,
               .path = 0.01f,
               .function_word = FR_LEARNED_FUNCTION_WORD,
               .ending = FR_LEARNED_ENDING,
               .seam = FR_LEARNED_SEAM,
               .no_noun = FR_LEARNED_NO_NOUN},
    .nouns = {.prior = 0.8f, .predicate_prior = 0.2f, .marked = 0.25f, .mismarked = 0.03f},
    .repeated_share = 0.1f,
    .syllable_whole = 2.0f,
    .syllable_start = 1.0f,
    .syllable_begun = 0.5f,
    .depth = 100,
    .stretch = 25,
    .lead_half = 200.0f,
    .across = FR_LEARNED_ACROSS,
    .near_length = 192.0f,
    .lead_length = FR_LEARNED_LEAD_LENGTH,
    .lead_most = 2.2f,
    .joint = FR_LEARNED_JOINT,
    .near = FR_LEARNED_NEAR,
    .start = FR_LEARNED_START,
    .end = FR_LEARNED_END,
    .glued = FR_LEARNED_GLUED,
    .title = FR_LEARNED_TITLE,
};

bool fr_rank_model_is_sound(const struct fr_rank_model *m)
{
    const struct fr_boosts *b = &m->boosts;
    const float numbers[] = {m->k1,
                             m->b,
                             m->repeated_share,
                             m->syllable_whole,
                             m->syllable_start,
                             m->syllable_begun,
                             m->across,
                             m->near_length,
                             m->lead_length,
                             m->lead_most,
                             m->joint,
                             m->near,
                             m->start,
                             m->end,
                             m->glued,
                             m->title,
                             b->stem,
                             b->value,
                             b->glued,
                             b->spelling,
                             b->news,
                             b->particle,
                             b->synonym,
                             b->completion,
                             b->reading,
                             b->form,
                             b->voice,
                             b->path,
                             b->function_word,
                             b->ending,
                             b->seam,
                             b->no_noun};
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!(numbers[i] >= 0)) return false;
    const float probabilities[] = {m->nouns.prior, m->nouns.predicate_prior, m->nouns.marked,
                                   m->nouns.mismarked};
    for (unsigned i = 0; i < sizeof probabilities / sizeof *probabilities; i++)
        if (!(probabilities[i] > 0 && probabilities[i] < 1)) return false;
    return m->b <= 1 && m->lead_half > 0;
}
