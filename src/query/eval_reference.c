/* The reference for the other evaluators: every posting of every term is added up, a window of
 * documents at a time. */
#include "query/eval_reference.h"

/* Adds a term's scores in [first, end), and counts the terms of each document. */
static void add_term(const struct fr_evaluation *e, struct fr_cursor *c, uint32_t first,
                     uint32_t end, float *scores, uint16_t *counts, struct fr_eval_stats *stats)
{
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    while (c->doc < end) {
        uint32_t doc = c->doc;
        scores[doc - first] += fr_bm25(c->weight, fr_cursor_tf(c), e->k_of_norm[norms[doc]]);
        counts[doc - first]++;
        stats->decoded++;
        fr_cursor_next(c);
    }
}

static bool norms_are_sound(const struct fr_evaluation *e)
{
    const struct fr_section *norms = &e->seg->sections[FR_SECTION_NORMS];
    if (fr_segment_verify_range(e->seg, norms->data, norms->len)) return true;
    fr_evaluation_damaged(e);
    return false;
}

static void exhaustive(const struct fr_evaluation *e, uint32_t least_terms, struct fr_collector *c,
                       struct fr_eval_stats *stats)
{
    stats->method = FRAI_METHOD_EVERY_DOCUMENT;
    struct fr_scratch *s = e->scratch;
    if (e->count == 0 || !norms_are_sound(e)) return;
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    uint32_t docs = e->seg->stats.docs;
    float *scores = fr_vec_reserve(&s->window_scores, FR_WINDOW_DOCS);
    uint16_t *counts = fr_vec_reserve(&s->window_terms, FR_WINDOW_DOCS);
    if (!scores || !counts) return;
    for (uint64_t first = 0; first < docs; first += FR_WINDOW_DOCS) {
        if (fr_interrupted(e->interrupt)) return;
        uint32_t end = first + FR_WINDOW_DOCS < docs ? (uint32_t)first + FR_WINDOW_DOCS : docs;
        memset(scores, 0, FR_WINDOW_DOCS * sizeof *scores);
        memset(counts, 0, FR_WINDOW_DOCS * sizeof *counts);
        for (uint32_t t = 0; t < e->count; t++)
            add_term(e, &e->cursors[t], (uint32_t)first, end, scores, counts, stats);
        for (uint32_t i = 0; i < end - first; i++) {
            if (counts[i] < least_terms || !fr_accept_has(&e->accept, (uint32_t)first + i))
                continue;
            stats->matches++;
            stats->scored++;
            fr_collector_offer(c, e->base + first + i, scores[i]);
        }
    }
}

void fr_evaluate_or_exhaustive(const struct fr_evaluation *e, struct fr_collector *c,
                               struct fr_eval_stats *stats)
{
    exhaustive(e, 1, c, stats);
}

void fr_evaluate_and_exhaustive(const struct fr_evaluation *e, struct fr_collector *c,
                                struct fr_eval_stats *stats)
{
    exhaustive(e, e->count, c, stats);
}
