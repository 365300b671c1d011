/* How many documents have one of the terms, without their scores. */
#include "query/eval_count.h"

#include "query/eval_and.h"

/* Documents of all terms in a window, a bit each. */
static void or_window(const struct fr_evaluation *e, uint32_t first, uint32_t end, uint64_t *bits)
{
    for (uint32_t t = 0; t < e->count; t++) {
        struct fr_cursor *c = &e->cursors[t];
        if (!c->exists) continue;
        if (c->postings.is_dense) {
            fr_cursor_or_rows(c, first, end, bits);
        } else {
            fr_cursor_seek(c, first); /* past windows that were skipped */
            fr_cursor_or_into(c, first, end, bits);
        }
    }
}

void fr_evaluate_or_count(const struct fr_evaluation *e, struct fr_eval_stats *stats)
{
    uint32_t live = 0, docs = e->seg->stats.docs, only = 0;
    for (uint32_t t = 0; t < e->count; t++)
        if (e->cursors[t].exists) {
            live++;
            only = e->cursors[t].postings.df;
        }
    bool whole = fr_accept_all(&e->accept); /* document frequencies are counts */
    if (live <= 1 && whole) {
        stats->matches += live ? only : 0;
        stats->method = FRAI_METHOD_FREQUENCY;
        return;
    }
    const struct fr_cursor *c = e->cursors;
    if (whole && e->count == 2 && !(c[0].postings.is_dense && c[1].postings.is_dense)) {
        struct fr_collector none = fr_count_only();
        struct fr_eval_stats both = {.matches = 0};
        fr_evaluate_and(e, &none, &both);
        stats->decoded += both.decoded;
        stats->matches += (uint64_t)c[0].postings.df + c[1].postings.df - both.matches;
        stats->method = FRAI_METHOD_TWO_TERMS;
        return;
    }
    stats->method = FRAI_METHOD_BITS;
    for (uint32_t t = 0; t < e->count; t++)
        if (!e->cursors[t].postings.is_dense) fr_cursor_rewind(&e->cursors[t]);
    uint64_t *bits = fr_vec_reserve(&e->scratch->rows, FR_WINDOW_DOCS / 64);
    if (!bits) return;
    for (uint64_t first = 0; first < docs; first += FR_WINDOW_DOCS) {
        if (fr_interrupted(e->interrupt)) return;
        memset(bits, 0, FR_WINDOW_DOCS / 8);
        fr_work(e->interrupt, (uint64_t)e->count * (FR_WINDOW_DOCS / 64));
        uint32_t end = first + FR_WINDOW_DOCS < docs ? (uint32_t)first + FR_WINDOW_DOCS : docs;
        if (!fr_accept_any(&e->accept, (uint32_t)first, end - 1)) continue;
        or_window(e, (uint32_t)first, end, bits);
        for (uint32_t i = 0; !whole && i < (end - first + 63) / 64; i++)
            bits[i] &= fr_accept_mask(&e->accept, (uint32_t)(first / 64) + i);
        stats->matches += e->seg->kernels.scan.count_bits(bits, FR_WINDOW_DOCS / 64);
    }
}
