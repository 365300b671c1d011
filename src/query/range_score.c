/* One document term by term, or all 64 of a range, lane by lane: both add the same floats in the
 * same order. */
#include "query/range_score.h"

static uint32_t tf_of(const struct fr_range_part *p, uint32_t slot, unsigned i)
{
    if (p->codes)
        return fr_dense_tf(&p->cursor->postings.dense, &p->range[slot], i, &p->cursor->high);
    return p->tfs[p->begin[slot] + fr_popcount(p->mask[slot] & ((1ull << i) - 1))];
}

static const uint8_t *norms_of(const struct fr_range_scorer *s)
{
    return (const uint8_t *)s->e->seg->sections[FR_SECTION_NORMS].data +
           (size_t)s->range * FR_RANGE_DOCS;
}

/* Term frequencies of the documents of the slot's range, 0 where the term adds nothing; of those
 * that are returned, MANY. */
#define MANY UINT32_MAX
static uint64_t spread_tfs(struct fr_range_part *p, uint32_t slot, uint32_t tfs[FR_RANGE_DOCS])
{
    struct fr_cursor *c = p->cursor;
    uint64_t many = 0;
    if (!p->mask[slot]) {
        memset(tfs, 0, FR_RANGE_DOCS * sizeof *tfs);
    } else if (p->codes) {
        many = fr_dense_spread_most(&c->postings.dense, &p->range[slot], &c->high, tfs);
        for (uint64_t left = many; left; left &= left - 1) tfs[__builtin_ctzll(left)] = MANY;
    } else {
        const uint32_t *its = p->tfs + p->begin[slot];
        memset(tfs, 0, FR_RANGE_DOCS * sizeof *tfs);
        for (uint64_t left = p->mask[slot]; left; left &= left - 1)
            tfs[__builtin_ctzll(left)] = *its++;
    }
    for (uint64_t left = p->typed ? p->typed->mask[slot] : 0; left; left &= left - 1)
        tfs[__builtin_ctzll(left)] = 0;
    return many;
}

/* fr_bm25 of the largest tf may be smaller by its rounding than that of another. */
static void make_bounds(float scores[FR_RANGE_DOCS], uint64_t where)
{
    for (; where; where &= where - 1) scores[__builtin_ctzll(where)] *= 1.00001f;
}

uint64_t fr_range_bound_all(const struct fr_range_scorer *s, float scores[FR_RANGE_DOCS])
{
    const struct fr_scan_kernels *kernels = &s->e->seg->kernels.scan;
    const uint8_t *norms = norms_of(s);
    float k[FR_RANGE_DOCS], best[FR_RANGE_DOCS], own[FR_RANGE_DOCS];
    uint64_t many = 0;
    for (unsigned i = 0; i < FR_RANGE_DOCS; i++) {
        k[i] = s->e->k_of_norm[norms[i]];
        scores[i] = 0;
    }
    for (uint32_t t = 0; t < s->count; t++) {
        struct fr_range_part *p = &s->parts[t];
        uint32_t *tfs = s->tfs + (size_t)t * FR_RANGE_DOCS;
        bool there = p->mask[s->slot] != 0;
        many |= spread_tfs(p, s->slot, tfs);
        if (!p->shared && there) kernels->add_scores(scores, tfs, k, p->cursor->weight);
        if (!p->shared) continue;
        memset(own, 0, sizeof own);
        if (p->group == t) memset(best, 0, sizeof best);
        if (there) kernels->add_scores(own, tfs, k, p->cursor->weight);
        for (unsigned i = 0; i < FR_RANGE_DOCS; i++) best[i] = own[i] > best[i] ? own[i] : best[i];
        if (t + 1 < s->count && s->parts[t + 1].group == p->group) continue;
        for (unsigned i = 0; i < FR_RANGE_DOCS; i++) scores[i] += best[i];
    }
    make_bounds(scores, many);
    return many;
}

/* The tf that was spread, or 0. */
static uint32_t spread_tf(const struct fr_range_scorer *s, uint32_t t, unsigned i)
{
    struct fr_cursor *c = s->parts[t].cursor;
    uint32_t tf = s->tfs[(size_t)t * FR_RANGE_DOCS + i];
    return tf == MANY ? fr_dense_rare_tf(&c->postings.dense, s->range * FR_RANGE_DOCS + i, &c->high)
                      : tf;
}

float fr_range_score(const struct fr_range_scorer *s, unsigned i, bool spread)
{
    float score = 0, best = 0, k = s->e->k_of_norm[norms_of(s)[i]];
    const uint64_t bit = 1ull << i;
    for (uint32_t t = 0; t < s->count; t++) {
        const struct fr_range_part *p = &s->parts[t];
        bool there = (p->mask[s->slot] & bit) && !(p->typed && p->typed->mask[s->slot] & bit);
        if (!there && !p->shared) continue;
        uint32_t tf = !there ? 0 : spread ? spread_tf(s, t, i) : tf_of(p, s->slot, i);
        float part = there ? fr_bm25(p->cursor->weight, tf, k) : 0;
        if (p->shared) {
            best = p->group == t || part > best ? part : best;
            if (t + 1 < s->count && s->parts[t + 1].group == p->group) continue;
            part = best;
        }
        score += part;
    }
    return score;
}
