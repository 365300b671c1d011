/* The judges of the other evaluators: every posting of every term, a window of documents at a time.
 */
#include "query/evaluate.h"
#include "segment/deletes.h"

static bool zeroed(struct fr_buf *buf, size_t bytes)
{
    fr_buf_clear(buf);
    if (!fr_buf_room(buf, bytes)) return false;
    memset(buf->data, 0, bytes);
    return true;
}

/* Adds a term's scores in [first, end), and counts the terms of each document. */
static void add_term(struct fr_evaluation *e, struct fr_cursor *c, uint32_t first, uint32_t end,
                     float *scores, uint16_t *counts)
{
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    while (c->doc < end) {
        uint32_t doc = c->doc;
        scores[doc - first] += fr_bm25(c->weight, fr_cursor_tf(c), e->k_of_norm[norms[doc]]);
        counts[doc - first]++;
        e->decoded++;
        fr_cursor_next(c);
    }
}

static bool norms_are_sound(struct fr_evaluation *e)
{
    const struct fr_section *norms = &e->seg->sections[FR_SECTION_NORMS];
    if (fr_segment_verify_range(e->seg, norms->data, norms->len)) return true;
    fr_evaluation_damaged(e);
    return false;
}

static bool exhaustive(struct fr_evaluation *e, uint32_t least_terms)
{
    e->method = "every document";
    struct fr_scratch *s = e->scratch;
    if (e->count == 0 || !norms_are_sound(e)) return true;
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    uint32_t docs = e->seg->stats.docs;
    for (uint64_t first = 0; first < docs; first += FR_WINDOW_DOCS) {
        uint32_t end = first + FR_WINDOW_DOCS < docs ? (uint32_t)first + FR_WINDOW_DOCS : docs;
        if (!zeroed(&s->accumulators, FR_WINDOW_DOCS * sizeof(float)) ||
            !zeroed(&s->counts, FR_WINDOW_DOCS * sizeof(uint16_t)))
            return false;
        float *scores = (float *)(void *)s->accumulators.data;
        uint16_t *counts = (uint16_t *)(void *)s->counts.data;
        for (uint32_t t = 0; t < e->count; t++)
            add_term(e, &e->cursors[t], (uint32_t)first, end, scores, counts);
        for (uint32_t i = 0; i < end - first; i++) {
            if (counts[i] < least_terms || fr_deletes_has(e->seg, (uint32_t)first + i)) continue;
            e->matches++;
            e->scored++;
            if (e->top) fr_topk_offer(e->top, e->base + first + i, scores[i]);
        }
    }
    return true;
}

bool fr_evaluate_or_exhaustive(struct fr_evaluation *e)
{
    return exhaustive(e, 1);
}

bool fr_evaluate_and_exhaustive(struct fr_evaluation *e)
{
    return exhaustive(e, e->count);
}

/* Documents of all terms in a window, a bit each. */
static void or_window(struct fr_evaluation *e, uint32_t first, uint32_t end, uint64_t *bits)
{
    for (uint32_t t = 0; t < e->count; t++) {
        struct fr_cursor *c = &e->cursors[t];
        if (!c->exists || c->damaged) continue;
        if (c->postings.is_dense)
            fr_cursor_or_rows(c, first, end, bits);
        else
            fr_cursor_or_into(c, first, end, bits);
    }
}

bool fr_evaluate_or_count(struct fr_evaluation *e)
{
    struct fr_scratch *s = e->scratch;
    uint32_t live = 0, docs = e->seg->stats.docs, only = 0;
    for (uint32_t t = 0; t < e->count; t++)
        if (e->cursors[t].exists) {
            live++;
            only = e->cursors[t].postings.df;
        }
    bool whole = !e->seg->deletes.dead; /* document frequencies are counts */
    if (live <= 1 && whole) {
        e->matches += live ? only : 0;
        e->method = "document frequency of the only term";
        return true;
    }
    const struct fr_cursor *c = e->cursors;
    if (whole && e->count == 2 && !(c[0].postings.is_dense && c[1].postings.is_dense)) {
        struct fr_evaluation both = *e;
        both.top = NULL;
        both.matches = 0;
        if (!fr_evaluate_and(&both)) return false;
        e->matches += (uint64_t)c[0].postings.df + c[1].postings.df - both.matches;
        e->method = "documents of two terms, less those of both";
        return true;
    }
    e->method = "bits of all terms, in windows";
    for (uint32_t t = 0; t < e->count; t++)
        if (!e->cursors[t].postings.is_dense) fr_cursor_rewind(&e->cursors[t]);
    for (uint64_t first = 0; first < docs; first += FR_WINDOW_DOCS) {
        if (!zeroed(&s->bits, FR_WINDOW_DOCS / 8)) return false;
        uint64_t *bits = (uint64_t *)(void *)s->bits.data;
        uint32_t end = first + FR_WINDOW_DOCS < docs ? (uint32_t)first + FR_WINDOW_DOCS : docs;
        or_window(e, (uint32_t)first, end, bits);
        for (uint32_t i = 0; !whole && i < (end - first + 63) / 64; i++)
            bits[i] &= fr_deletes_live_mask(e->seg, (uint32_t)(first / 64) + i);
        e->matches += e->seg->kernels->count_bits(bits, FR_WINDOW_DOCS / 64);
    }
    return true;
}
