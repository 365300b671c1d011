/* Disjunctive top-k that bounds every range of 64 documents first, then visits ranges best first,
 * in rounds; a round ends with a higher threshold and the next takes only ranges above it. After
 * Mallia, Suel & Tonellotto, Faster Learned Sparse Retrieval with Block-Max Pruning (SIGIR 2024),
 * with bounds of dense terms read from the index and those of the others made from their postings.
 *
 *   sums[r]   upper bound of any score in range r, in units of 1/scale, rounded up
 *   dense     16-level range maxima, added by one SIMD pass each
 *   sparse    decoded whole: tf = 1 with the range's least norm, else the block's bound */
#include <math.h>

#include "query/evaluate.h"

#define GROUP       16u /* ranges whose maximum stands in groups[] */
#define FIRST_ROUND 16u

/* One term while ranges are scored. */
struct part {
    struct fr_cursor *cursor;
    const struct part *instead;    /* scores only where that one does not */
    const uint8_t *levels, *codes; /* dense: range maxima */
    const uint32_t *docs, *tfs;    /* sparse: decoded postings, docs end with FR_END */
    uint32_t at;                   /* sparse: place of the current range */
    float level_score[FR_RANGE_LEVELS];
    uint64_t mask;               /* documents of the current range */
    float scores[FR_RANGE_DOCS]; /* valid where mask has a bit */
};

struct ranges {
    struct fr_evaluation *e;
    struct part **parts; /* sparse, then dense, each by falling bound */
    struct part *in_order;
    uint64_t *masks; /* of each cursor, for the filter */
    uint32_t count, range_count;
    uint16_t *sums, *groups;
    float scale;
    const uint8_t *norms;
};

static uint16_t round_up(float v)
{
    float up = ceilf(v);
    return up < 0 ? 0 : up > 65535.0f ? 65535 : (uint16_t)up;
}

/* Decodes a sparse term behind the others in scratch->decoded, and adds its bounds to sums. */
static bool add_sparse(struct ranges *x, struct part *p, size_t *used)
{
    struct fr_evaluation *e = x->e;
    struct fr_cursor *c = p->cursor;
    uint32_t *docs = (uint32_t *)(void *)e->scratch->decoded.data + *used;
    uint32_t *tfs = (uint32_t *)(void *)e->scratch->decoded_tfs.data + *used;
    const uint8_t *least = e->seg->sections[FR_SECTION_RANGE_NORMS].data;
    uint16_t once[256];
    for (int i = 0; i < 256; i++)
        once[i] = round_up(fr_bm25(c->weight, 1, e->k_of_norm[i]) * x->scale * 1.00001f);
    uint32_t previous = UINT32_MAX, n = 0, counted = 0;
    for (uint32_t b = 0; b < c->postings.blocks; b++) {
        uint32_t len = fr_postings_block_len(&c->postings, b);
        if (!fr_postings_decode(&c->postings, b, docs + n, tfs + n)) {
            c->damaged = true;
            break;
        }
        uint32_t more = round_up(fr_cursor_bound(c, fr_postings_bound(&c->postings, b)) * x->scale);
        /* Without branches: whether tf is 1, and whether a range repeats, is a coin's toss. Both
         * bounds hold, so the smaller counts; of several postings in a range, the largest does. */
        for (uint32_t i = n; i < n + len; i++) {
            uint32_t range = docs[i] / FR_RANGE_DOCS;
            uint32_t bound = once[least[range]] | (tfs[i] == 1 ? 0u : 0xFFFFu);
            uint32_t before = range == previous ? counted : 0;
            bound = bound < more ? bound : more;
            counted = bound > before ? bound : before;
            x->sums[range] = (uint16_t)(x->sums[range] + counted - before);
            previous = range;
        }
        n += len;
    }
    e->decoded += n;
    docs[n] = FR_END;
    p->docs = docs;
    p->tfs = tfs;
    *used += n + 16;
    return true;
}

static void add_dense(struct ranges *x, struct part *p)
{
    struct fr_cursor *c = p->cursor;
    uint16_t level[FR_RANGE_LEVELS];
    p->codes = c->postings.ranges;
    for (unsigned i = 0; i < FR_RANGE_LEVELS; i++) {
        p->level_score[i] = fr_cursor_bound(c, c->postings.range_levels[i]);
        level[i] = round_up(p->level_score[i] * x->scale);
    }
    x->e->seg->kernels->add_levels(x->sums, p->codes, x->range_count, level);
}

static unsigned dense_code(const struct part *p, uint32_t range)
{
    return p->codes[range / 2] >> (range % 2 * 4) & 15;
}

static inline void put_score(struct ranges *x, struct part *p, uint32_t doc, uint32_t tf,
                             float *totals, float *best)
{
    float score = fr_bm25(p->cursor->weight, tf, x->e->k_of_norm[x->norms[doc]]);
    uint32_t i = doc % FR_RANGE_DOCS;
    p->scores[i] = score;
    p->mask |= 1ull << i;
    totals[i] += score;
    if (totals[i] > *best) *best = totals[i];
}

static void score_sparse(struct ranges *x, struct part *p, uint32_t first, float *totals,
                         float *best)
{
    uint32_t at = p->at, step = 1;
    while (p->docs[at] < first) { /* gallop, then close in: ranges of a round ascend */
        uint32_t left = p->cursor->postings.df - at;
        if (step < left && p->docs[at + step] < first) {
            at += step;
            step *= 2;
        } else if (step > 1) {
            step /= 2;
        } else {
            at++;
        }
    }
    for (; p->docs[at] < first + FR_RANGE_DOCS && p->docs[at] != FR_END; at++)
        put_score(x, p, p->docs[at], p->tfs[at], totals, best);
    p->at = at;
}

static void score_dense(struct ranges *x, struct part *p, uint32_t first, float *totals,
                        float *best)
{
    struct fr_cursor *c = p->cursor;
    uint32_t block =
        fr_postings_seek(&c->postings, c->block < c->postings.blocks ? c->block : 0, first);
    while (block < c->postings.blocks) {
        if (block != c->block) {
            if (!fr_cursor_load(c, block)) return;
            x->e->decoded += c->len;
        }
        uint32_t at = 0;
        for (uint32_t half = FR_BLOCK / 2; half; half /= 2)
            if (at + half <= c->len && c->docs[at + half - 1] < first) at += half;
        while (at < c->len && c->docs[at] < first) at++;
        if (at < c->len && !c->has_tfs) fr_cursor_load_tfs(c);
        for (; at < c->len && c->docs[at] < first + FR_RANGE_DOCS; at++)
            put_score(x, p, c->docs[at], c->tfs[at], totals, best);
        if (at < c->len || c->docs[c->len - 1] >= first + FR_RANGE_DOCS - 1) return;
        block++;
    }
}

/* Scores a document of the current range as every evaluator does: in query order. */
static float score_in_order(const struct ranges *x, unsigned i)
{
    float score = 0;
    for (uint32_t t = 0; t < x->count; t++)
        if (x->in_order[t].mask >> i & 1 &&
            !(x->in_order[t].instead && x->in_order[t].instead->mask >> i & 1))
            score += x->in_order[t].scores[i];
    return score;
}

/* Sums in another order differ in their last bits. */
#define SLACK 0.9999f

static void score_range(struct ranges *x, uint32_t range)
{
    float totals[FR_RANGE_DOCS] = {0}, best = 0, rest = 0;
    uint32_t first = range * FR_RANGE_DOCS;
    uint64_t any = 0;
    for (uint32_t t = 0; t < x->count; t++) {
        x->parts[t]->mask = 0;
        if (x->parts[t]->codes) rest += x->parts[t]->level_score[dense_code(x->parts[t], range)];
    }
    float threshold = fr_topk_threshold(x->e->top) * SLACK;
    for (uint32_t t = 0; t < x->count; t++) {
        struct part *p = x->parts[t];
        if (p->codes) {
            if (best + rest < threshold) return;
            unsigned code = dense_code(p, range);
            if (code == 0) continue;
            score_dense(x, p, first, totals, &best);
            rest -= p->level_score[code];
        } else {
            score_sparse(x, p, first, totals, &best);
        }
        any |= p->mask;
    }
    if (best < threshold) return;
    if (x->e->filter) {
        for (uint32_t t = 0; t < x->count; t++)
            x->masks[x->in_order[t].cursor - x->e->cursors] = x->in_order[t].mask;
        any &= x->e->filter(x->e->judge, range, x->masks);
    }
    for (; any; any &= any - 1) {
        unsigned i = (unsigned)__builtin_ctzll(any);
        if (totals[i] < threshold) continue;
        float score = score_in_order(x, i);
        x->e->scored++;
        if (!fr_topk_wants(x->e->top, x->e->base + first + i, score)) continue;
        if (x->e->accepts && !x->e->accepts(x->e->judge, first + i, &score)) continue;
        fr_topk_offer(x->e->top, x->e->base + first + i, score);
        threshold = fr_topk_threshold(x->e->top) * SLACK;
    }
}

static void score_ranges(struct ranges *x, const uint32_t *list, size_t n)
{
    for (uint32_t t = 0; t < x->count; t++) {
        x->parts[t]->at = 0;
        if (x->parts[t]->codes) x->parts[t]->cursor->block = UINT32_MAX;
    }
    if (x->e->rewind) x->e->rewind(x->e->judge);
    for (size_t i = 0; i < n; i++) score_range(x, list[i]);
}

/* The largest cut >= floor that at least `want` groups reach; floor if fewer do. */
static uint16_t choose_cut(const struct ranges *x, uint32_t floor, uint32_t top, uint32_t want)
{
    uint32_t groups = (x->range_count + GROUP - 1) / GROUP, low = floor, high = top;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2, reached = 0;
        for (uint32_t g = 0; g < groups; g++)
            reached += x->groups[g] >= middle && x->groups[g] < top;
        if (reached >= want)
            low = middle;
        else
            high = middle;
    }
    return (uint16_t)low;
}

static bool visit_rounds(struct ranges *x)
{
    struct fr_buf *picked = &x->e->scratch->picked;
    uint32_t groups = (x->range_count + GROUP - 1) / GROUP, top = 0;
    for (uint32_t g = 0; g < groups; g++) {
        uint16_t most = 0;
        for (uint32_t r = g * GROUP; r < (g + 1) * GROUP; r++)
            most = x->sums[r] > most ? x->sums[r] : most;
        x->groups[g] = most;
        if (most > top) top = most;
    }
    top++; /* visited so far: sums >= top */
    for (uint32_t want = FIRST_ROUND;; want *= 3) {
        float limit = floorf(fr_topk_threshold(x->e->top) * x->scale * 0.9999f);
        uint32_t floor = limit < 1 ? 1 : (uint32_t)limit;
        if (floor >= top) return true;
        uint16_t cut = choose_cut(x, floor, top, want);
        picked->len = 0;
        for (uint32_t g = 0; g < groups; g++) {
            if (x->groups[g] < cut) continue;
            for (uint32_t r = g * GROUP; r < (g + 1) * GROUP; r++)
                if (x->sums[r] >= cut && x->sums[r] < top) fr_buf_u32(picked, r);
        }
        if (picked->failed) return false;
        score_ranges(x, (const uint32_t *)(const void *)picked->data, FR_COUNT(picked, uint32_t));
        top = cut;
    }
}

/* Sparse parts before dense ones, larger bounds first. */
static void sort_parts(struct part **parts, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t k = i; k > 0; k--) {
            const struct part *a = parts[k - 1], *b = parts[k];
            bool swap = a->codes && !b->codes;
            if (!a->codes == !b->codes) swap = b->cursor->max_score > a->cursor->max_score;
            if (!swap) break;
            struct part *moved = parts[k];
            parts[k] = parts[k - 1];
            parts[k - 1] = moved;
        }
}

bool fr_evaluate_or_ranges(struct fr_evaluation *e)
{
    struct fr_scratch *s = e->scratch;
    const struct fr_section *norms = &e->seg->sections[FR_SECTION_NORMS];
    const struct fr_section *least = &e->seg->sections[FR_SECTION_RANGE_NORMS];
    struct ranges x = {.e = e, .norms = norms->data, .count = 0};
    if (!fr_segment_touch(e->seg, norms->data, norms->len) ||
        !fr_segment_touch(e->seg, least->data, least->len)) {
        for (uint32_t t = 0; t < e->count; t++) e->cursors[t].damaged = true;
        return true;
    }
    x.range_count = fr_range_count(e->seg->stats.docs);
    uint32_t padded = (x.range_count + 63) / 64 * 64;
    size_t postings = 0;
    float sum = 0;
    for (uint32_t t = 0; t < e->count; t++) {
        const struct fr_cursor *c = &e->cursors[t];
        if (!c->exists || c->weight <= 0) continue; /* of other classes: they only match */
        x.count++;
        sum += c->max_score;
        if (!c->postings.ranges) postings += c->postings.df + 16ull;
    }
    if (x.count == 0) return true;
    if (!fr_buf_reserve(&s->sums, padded * 2ull) ||
        !fr_buf_reserve(&s->groups, padded / GROUP * 2ull) ||
        !fr_buf_reserve(&s->decoded, postings * 4) ||
        !fr_buf_reserve(&s->decoded_tfs, postings * 4) ||
        !fr_buf_reserve(&s->parts, x.count * sizeof(struct part)) ||
        !fr_buf_reserve(&s->order, x.count * sizeof(struct part *)) ||
        !fr_buf_reserve(&s->masks, e->count * 8ull))
        return false;
    x.masks = (uint64_t *)(void *)s->masks.data;
    memset(x.masks, 0, e->count * 8ull);
    x.sums = (uint16_t *)(void *)s->sums.data;
    x.groups = (uint16_t *)(void *)s->groups.data;
    memset(x.sums, 0, padded * 2ull);
    x.in_order = (struct part *)(void *)s->parts.data;
    x.parts = (struct part **)(void *)s->order.data;
    x.scale = (64000.0f - 2.0f * (float)x.count) / (sum > 0 ? sum * 1.001f : 1.0f);
    size_t used = 0;
    for (uint32_t t = 0, n = 0; t < e->count; t++) {
        struct fr_cursor *c = &e->cursors[t];
        if (!c->exists || c->weight <= 0) continue;
        struct part *p = &x.in_order[n];
        p->cursor = c;
        p->instead = NULL;
        p->codes = NULL;
        p->mask = 0;
        if (c->postings.ranges)
            add_dense(&x, p);
        else
            add_sparse(&x, p, &used);
        x.parts[n++] = p;
    }
    for (uint32_t n = 0; e->instead && n < x.count; n++) {
        uint32_t typed = e->instead[x.in_order[n].cursor - e->cursors];
        for (uint32_t k = 0; k < x.count && typed != FR_END; k++)
            if (x.in_order[k].cursor == &e->cursors[typed]) x.in_order[n].instead = &x.in_order[k];
    }
    memset(x.sums + x.range_count, 0, (padded - x.range_count) * 2ull);
    for (uint32_t r = 0; e->live && r < x.range_count; r++)
        if (!(e->live[r / 64] >> (r % 64) & 1)) x.sums[r] = 0;
    sort_parts(x.parts, x.count);
    return visit_rounds(&x);
}
