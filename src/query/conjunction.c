/* All terms in a document: the rarest leads, the others are sought; a phrase checks positions last.
 */
#include "query/evaluate.h"

/* Indexes of cursors, rarest first, into scratch->order. False: memory, or a term is missing. */
static bool order_by_df(struct fr_evaluation *e, uint32_t **order, bool *possible)
{
    struct fr_buf *buf = &e->scratch->order;
    buf->len = 0;
    *possible = e->count > 0;
    if (!fr_buf_room(buf, e->count * sizeof(uint32_t))) return false;
    uint32_t *o = (uint32_t *)(void *)buf->data;
    for (uint32_t t = 0; t < e->count; t++) {
        if (!e->cursors[t].exists) *possible = false;
        uint32_t k = t;
        for (; k > 0 && e->cursors[o[k - 1]].postings.df > e->cursors[t].postings.df; k--)
            o[k] = o[k - 1];
        o[k] = t;
    }
    *order = o;
    return true;
}

/* The lead's next candidate that all terms hold, or FR_END. */
static uint32_t align(struct fr_evaluation *e, const uint32_t *order)
{
    struct fr_cursor *lead = &e->cursors[order[0]];
    for (uint32_t t = 1; t < e->count && lead->doc != FR_END;) {
        struct fr_cursor *c = &e->cursors[order[t]];
        fr_cursor_seek(c, lead->doc);
        if (c->doc == lead->doc) {
            t++;
            continue;
        }
        fr_cursor_seek(lead, c->doc);
        t = 1;
    }
    return lead->doc;
}

static bool norms_touched(struct fr_evaluation *e)
{
    const struct fr_section *norms = &e->seg->sections[FR_SECTION_NORMS];
    if (fr_segment_touch(e->seg, norms->data, norms->len)) return true;
    e->cursors[0].damaged = true;
    return false;
}

#define SLACK 0.9999f

/* Skips the lead's blocks in which no document can reach the threshold. */
static void skip_blocks(struct fr_cursor *lead, float others, float threshold)
{
    if (lead->doc == FR_END || lead->at != 0) return;
    uint32_t block = lead->block;
    while (block < lead->postings.blocks &&
           fr_cursor_bound(lead, fr_postings_bound(&lead->postings, block)) + others < threshold)
        block++;
    if (block == lead->block) return;
    if (block >= lead->postings.blocks)
        fr_cursor_seek(lead, FR_END);
    else
        fr_cursor_load(lead, block);
}

bool fr_evaluate_and(struct fr_evaluation *e)
{
    uint32_t *order;
    bool possible;
    if (!order_by_df(e, &order, &possible)) return false;
    if (!possible || !norms_touched(e)) return true;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    struct fr_cursor *lead = &e->cursors[order[0]];
    if (e->count == 1 && !e->top) {
        e->matches += lead->postings.df;
        return true;
    }
    float others = 0, all = 0;
    for (uint32_t t = 0; t < e->count; t++) {
        fr_cursor_rewind(&e->cursors[t]);
        all += e->cursors[t].max_score;
        if (&e->cursors[t] != lead) others += e->cursors[t].max_score;
    }
    for (;;) {
        float threshold = e->top ? fr_topk_threshold(e->top) * SLACK : 0;
        if (all < threshold) break;
        if (e->top) skip_blocks(lead, others, threshold);
        uint32_t doc = align(e, order);
        if (doc == FR_END) break;
        e->matches++;
        if (e->top) {
            float k = e->k_of_norm[norms[doc]], score = 0;
            for (uint32_t t = 0; t < e->count; t++)
                score += fr_bm25(e->cursors[t].weight, fr_cursor_tf(&e->cursors[t]), k);
            e->scored++;
            fr_topk_offer(e->top, e->base + doc, score);
        }
        fr_cursor_next(lead);
    }
    return true;
}

/* How often the sequence stands in the current document of all cursors. */
static uint32_t count_phrase(struct fr_evaluation *e, const uint32_t *sequence, uint32_t length,
                             bool *ok)
{
    struct fr_buf *starts = &e->scratch->starts, *positions = &e->scratch->positions;
    starts->len = 0;
    *ok = true;
    for (uint32_t i = 0; i < length; i++) {
        positions->len = 0;
        if (!fr_cursor_positions(&e->cursors[sequence[i]], i ? positions : starts)) {
            *ok = !starts->failed && !positions->failed;
            return 0;
        }
        if (i == 0) continue;
        uint32_t *s = (uint32_t *)(void *)starts->data;
        const uint32_t *p = (const uint32_t *)(const void *)positions->data;
        size_t kept = 0, n = FR_COUNT(starts, uint32_t), m = FR_COUNT(positions, uint32_t);
        for (size_t a = 0, b = 0; a < n; a++) {
            while (b < m && p[b] < s[a] + i) b++;
            if (b < m && p[b] == s[a] + i) s[kept++] = s[a];
        }
        starts->len = kept * sizeof *s;
        if (kept == 0) return 0;
    }
    return (uint32_t)FR_COUNT(starts, uint32_t);
}

bool fr_evaluate_phrase(struct fr_evaluation *e, const uint32_t *sequence, uint32_t length)
{
    uint32_t *order;
    bool possible;
    if (!order_by_df(e, &order, &possible)) return false;
    if (!possible || length == 0 || !norms_touched(e)) return true;
    const uint8_t *norms = e->seg->sections[FR_SECTION_NORMS].data;
    float weight = 0;
    for (uint32_t i = 0; i < length; i++) weight += e->cursors[sequence[i]].weight;
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    struct fr_cursor *lead = &e->cursors[order[0]];
    for (uint32_t doc; (doc = align(e, order)) != FR_END; fr_cursor_next(lead)) {
        float k = e->k_of_norm[norms[doc]];
        if (e->top) { /* the phrase is no more frequent than its rarest term */
            uint32_t most = UINT32_MAX;
            for (uint32_t t = 0; t < e->count; t++)
                if (fr_cursor_tf(&e->cursors[t]) < most) most = fr_cursor_tf(&e->cursors[t]);
            if (fr_bm25(weight, most, k) < fr_topk_threshold(e->top)) continue;
        }
        bool ok;
        uint32_t tf = count_phrase(e, sequence, length, &ok);
        if (!ok) return false;
        if (tf == 0) continue;
        e->matches++;
        e->scored++;
        if (e->top) fr_topk_offer(e->top, e->base + doc, fr_bm25(weight, tf, k));
    }
    return true;
}
