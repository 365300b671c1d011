/* The reference for the other evaluators: every posting of every term is added up, a window of
 * documents at a time. */
#include "query/eval_reference.h"

/* Documents [first, end): the score of each, and how many terms it has. */
struct window {
    uint32_t first, end;
    float *scores;
    uint16_t *terms;
};

/* Adds a term; returns how many postings it has in the window. */
static uint64_t add_term(const struct fr_evaluation *e, struct fr_cursor *c, struct window *w)
{
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    uint64_t postings = 0;
    for (; c->doc < w->end; postings++) {
        uint32_t doc = c->doc;
        w->scores[doc - w->first] += fr_bm25(c->weight, fr_cursor_tf(c), e->k_of_norm[norms[doc]]);
        w->terms[doc - w->first]++;
        fr_cursor_next(c);
    }
    return postings;
}

static void exhaustive(const struct fr_evaluation *e, uint32_t least_terms, struct fr_collector *c,
                       struct fr_eval_stats *stats)
{
    stats->method = FRAI_METHOD_EVERY_DOCUMENT;
    struct fr_scratch *s = e->scratch;
    if (e->count == 0 || !fr_evaluation_check_norms(e)) return;
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    uint32_t docs = e->seg->stats.docs;
    struct window w = {.scores = fr_vec_reserve(&s->window_scores, FR_WINDOW_DOCS),
                       .terms = fr_vec_reserve(&s->window_terms, FR_WINDOW_DOCS)};
    if (!w.scores || !w.terms) return;
    for (uint64_t first = 0; first < docs; first += FR_WINDOW_DOCS) {
        if (fr_interrupted(e->interrupt)) return;
        fr_work(e->interrupt, FR_WINDOW_DOCS * (1ull + e->count));
        w.first = (uint32_t)first;
        w.end = docs - w.first < FR_WINDOW_DOCS ? docs : w.first + FR_WINDOW_DOCS;
        memset(w.scores, 0, FR_WINDOW_DOCS * sizeof *w.scores);
        memset(w.terms, 0, FR_WINDOW_DOCS * sizeof *w.terms);
        for (uint32_t t = 0; t < e->count; t++) stats->decoded += add_term(e, &e->cursors[t], &w);
        for (uint32_t i = 0; i < w.end - w.first; i++) {
            if (w.terms[i] < least_terms || !fr_accept_has(&e->accept, w.first + i)) continue;
            stats->matches++;
            stats->scored++;
            fr_collector_offer(c, e->base + w.first + i, w.scores[i]);
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
