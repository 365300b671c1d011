/* Blocks of the highest bounds first, until no other has a document that can come in: ranges of
 * documents would need every block to be decoded. */
#include "query/eval_blocks.h"

/* Numbers of the blocks, by falling bound; NULL: no memory. */
static const uint32_t *order_blocks(const struct fr_evaluation *e, const struct fr_postings *p)
{
    uint32_t end[257] = {0}, *order = fr_vec_reserve(&e->scratch->picked, p->blocks);
    if (!order) return NULL;
    for (uint32_t b = 0; b < p->blocks; b++) end[256 - fr_postings_bound(p, b)]++;
    for (unsigned v = 1; v < 257; v++) end[v] += end[v - 1];
    for (uint32_t b = 0; b < p->blocks; b++) order[end[255 - fr_postings_bound(p, b)]++] = b;
    return order;
}

static bool score_block(const struct fr_evaluation *e, struct fr_cursor *c, uint32_t block,
                        struct fr_collector *collector, struct fr_eval_stats *stats)
{
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    uint32_t docs[FR_BLOCK + 8], tfs[FR_BLOCK + 8], n;
    if (!fr_postings_decode(&c->postings, block, docs, tfs, &n)) {
        fr_cursor_damaged(c, FR_SECTION_POSTINGS);
        return false;
    }
    if (!fr_segment_verify_range(e->seg, norms + docs[0], docs[n - 1] - docs[0] + 1ull)) {
        fr_damage_note(e->damage, FR_SECTION_NORMS);
        return false;
    }
    stats->decoded += n;
    stats->scored += n;
    fr_work(e->interrupt, 2ull * n);
    for (uint32_t i = 0; i < n; i++) {
        float score = fr_bm25(c->weight, tfs[i], e->k_of_norm[norms[docs[i]]]);
        if (score >= fr_collector_threshold(collector) && fr_accept_has(&e->accept, docs[i]))
            fr_collector_offer(collector, e->base + docs[i], score);
    }
    return true;
}

void fr_evaluate_blocks(const struct fr_evaluation *e, struct fr_collector *collector,
                        struct fr_eval_stats *stats)
{
    struct fr_cursor *c = &e->cursors[0];
    const struct fr_postings *p = &c->postings;
    const uint32_t *order = order_blocks(e, p);
    for (uint32_t i = 0; order && i < p->blocks && !fr_interrupted(e->interrupt); i++) {
        float most = fr_cursor_bound(c, fr_postings_bound(p, order[i]));
        if (most < fr_collector_threshold(collector)) return;
        if (fr_evaluation_wants(e, p, order[i]) && !score_block(e, c, order[i], collector, stats))
            return;
    }
}
