/* Disjunctive top-k that bounds every range of 64 documents first, then visits ranges best first,
 * in rounds; a round ends with a higher threshold and the next takes only ranges above it. After
 * Mallia, Suel & Tonellotto, Faster Learned Sparse Retrieval with Block-Max Pruning (SIGIR 2024),
 * with bounds of dense terms read from the index and those of the others made from their postings.
 *
 *   sums[r]   upper bound of any score in range r, in units of 1/scale, rounded up; of alternatives
 *             the largest bound counts
 *   dense     16-level range maxima, added by one SIMD pass each
 *   sparse    decoded, in slices where they are many: tf = 1 with the range's least norm, else the
 * block's bound */
#include "query/eval_or_block_max.h"

#include "query/eval_blocks.h"
#include "query/range_part.h"
#include "query/range_rounds.h"

#define FIRST_ROUND 16u /* half as many if there is but one term */
#define TOGETHER    8u  /* documents of a range from which on all of it is scored */

/* Sparse postings that are decoded at once: of more, the documents are taken in slices. */
#define POSTINGS_MOST (256u << 10)

struct ranges {
    const struct fr_evaluation *e;
    const struct fr_verifier *verifier;
    struct fr_collector *collector;
    struct fr_eval_stats *stats;
    bool all;                      /* documents without one of the terms stay out */
    const uint64_t *wanted_ranges; /* a bit each; NULL: all */
    struct fr_range_part **parts;  /* sparse, then dense, each by falling bound */
    struct fr_range_part *in_order;
    uint64_t *masks; /* of each cursor, for the filter */
    uint32_t count, sparse, range_count, group_count;
    uint32_t slices, begin, end; /* ranges [begin, end) of the slice that is looked at */
    uint16_t *sums, *groups;
    uint16_t *most;    /* of alternatives, the largest bound of each range */
    uint16_t *present; /* of each range: the sparse parts that are in it */
    float scale;
    uint16_t least; /* the threshold in units */
    const uint8_t *norms;
    /* Slots: ranges whose documents' bounds, in units, are summed. */
    const uint32_t *range;
    uint32_t slots, rest[FR_RANGE_SLOTS]; /* rest: what dense parts to come may add */
    uint64_t reached[FR_RANGE_SLOTS];     /* documents that may come in */
    uint64_t wanted[FR_RANGE_SLOTS];      /* those that may be found; all: with all terms so far */
    uint16_t bounds[FR_RANGE_SLOTS][FR_RANGE_DOCS];
    uint16_t (*highest)[FR_RANGE_DOCS]; /* of the alternatives that are looked at */
};

/* Not below v, and 0 for 0: what is after the point makes one more, exact or not. */
static uint16_t round_up(float v)
{
    return v <= 0 ? 0 : !(v < 65534.0f) ? 65535 : (uint16_t)((uint16_t)v + 1);
}

/* The blocks that a sparse term has in the slice: [*first, returned). */
static uint32_t slice_blocks(const struct ranges *x, const struct fr_postings *p, uint32_t *first)
{
    *first = fr_postings_seek(p, 0, x->begin * FR_RANGE_DOCS);
    if (x->end == x->range_count) return p->blocks;
    uint32_t last = fr_postings_seek(p, *first, x->end * FR_RANGE_DOCS - 1);
    return last < p->blocks ? last + 1 : p->blocks;
}

/* Drops what a block has outside the slice; returns what is left. */
static uint32_t trim(const struct ranges *x, uint32_t *docs, uint32_t *tfs, uint32_t len)
{
    uint32_t from = 0;
    while (from < len && docs[from] / FR_RANGE_DOCS < x->begin) from++;
    while (len > from && docs[len - 1] / FR_RANGE_DOCS >= x->end) len--;
    memmove(docs, docs + from, (len - from) * sizeof *docs);
    memmove(tfs, tfs + from, (len - from) * sizeof *tfs);
    return len - from;
}

/* A block of a sparse term whose bounds are added. */
struct bounded {
    const uint32_t *docs, *tfs;
    uint16_t *bounds;
    uint32_t len;
    const uint16_t *once;       /* bounds of tf = 1, of each norm */
    uint32_t most;              /* bound of the block */
    uint32_t previous, counted; /* the range of the posting before, and what it was given */
};

/* Without branches: whether tf is 1, and whether a range repeats, is a coin's toss. Both bounds
 * hold, so the smaller counts; of several postings in a range, the largest does. `raise`: a range
 * that has more already stays as it is. */
__attribute__((always_inline)) static inline void add_bounds(const struct ranges *x,
                                                             struct bounded *p,
                                                             const uint8_t *least, uint16_t bit,
                                                             uint16_t *row, bool raise)
{
    uint32_t previous = p->previous, counted = p->counted, most = p->most;
    for (uint32_t i = 0; i < p->len; i++) {
        uint32_t range = p->docs[i] / FR_RANGE_DOCS;
        uint32_t bound = p->once[least[range]] | (p->tfs[i] == 1 ? 0u : 0xFFFFu);
        uint32_t before = range == previous ? counted : raise ? row[range] : 0;
        bound = bound < most ? bound : most;
        p->bounds[i] = (uint16_t)bound;
        counted = bound > before ? bound : before;
        row[range] = raise ? (uint16_t)counted : (uint16_t)(row[range] + counted - before);
        x->present[range] |= bit;
        previous = range;
    }
    p->previous = previous;
    p->counted = counted;
}

/* Decodes a sparse term's part of the slice after the others in scratch->docs, and adds its
 * bounds to sums. */
static void add_sparse(struct ranges *x, struct fr_range_part *p, size_t *used)
{
    const struct fr_evaluation *e = x->e;
    struct fr_cursor *c = p->cursor;
    uint32_t *docs = fr_vec_data(&e->scratch->docs) + *used;
    uint32_t *tfs = fr_vec_data(&e->scratch->tfs) + *used;
    uint16_t *bounds = fr_vec_data(&e->scratch->bounds) + *used;
    const uint8_t *least = e->seg->sections[FR_SECTION_RANGE_NORMS].data;
    uint16_t once[256];
    float units = c->weight * x->scale * 1.00001f; /* as fr_cursor_bound */
    for (int i = 0; i < 256; i++) { /* shorter documents than the term's pass what fits */
        float v = units / (1 + e->k_of_norm[i]);
        once[i] = (uint16_t)((int32_t)(v < 65534.0f ? v : 65534.0f) + 1);
    }
    struct bounded block = {.once = once, .previous = UINT32_MAX};
    uint32_t n = 0, b;
    for (uint32_t end = slice_blocks(x, &c->postings, &b); b < end; b++) {
        uint32_t len;
        if (!fr_evaluation_wants(e, &c->postings, b)) continue;
        if (!fr_postings_decode(&c->postings, b, docs + n, tfs + n, &len)) {
            fr_cursor_damaged(c, FR_SECTION_POSTINGS);
            break;
        }
        if (x->slices > 1) len = trim(x, docs + n, tfs + n, len);
        block.most = round_up(fr_cursor_bound(c, fr_postings_bound(&c->postings, b)) * x->scale);
        block.docs = docs + n;
        block.tfs = tfs + n;
        block.bounds = bounds + n;
        block.len = len;
        if (p->shared)
            add_bounds(x, &block, least, p->bit, x->most, true);
        else
            add_bounds(x, &block, least, p->bit, x->sums, false);
        n += len;
    }
    x->stats->decoded += n;
    fr_work(e->interrupt, 2ull * n);
    for (uint32_t i = 0; i < FR_SEEK_PAD; i++) docs[n + i] = FR_END;
    p->docs = docs;
    p->tfs = tfs;
    p->bounds = bounds;
    *used += n + FR_SEEK_PAD;
}

static void add_dense(struct ranges *x, struct fr_range_part *p, uint8_t *scratch)
{
    struct fr_cursor *c = p->cursor;
    p->codes = fr_dense_levels(&c->postings.dense, scratch);
    for (unsigned i = 0; i < FR_RANGE_LEVELS; i++)
        p->levels[i] = round_up(fr_cursor_bound(c, c->postings.dense.levels[i]) * x->scale);
    const struct fr_scan_kernels *k = &x->e->seg->kernels.scan;
    if (p->shared)
        k->max_levels(x->most, p->codes, x->range_count, p->levels);
    else
        k->add_levels(x->sums, p->codes, x->range_count, p->levels);
    fr_work(x->e->interrupt, x->range_count / 8);
}

static uint32_t tf_of(const struct fr_range_part *p, uint32_t slot, unsigned i)
{
    if (p->codes)
        return fr_dense_tf(&p->cursor->postings.dense, &p->range[slot], i, &p->cursor->high);
    return p->tfs[p->begin[slot] + fr_popcount(p->mask[slot] & ((1ull << i) - 1))];
}

/* Scores a document of a slot's range as every evaluator does: in the order of the summands. */
static float score_in_order(const struct ranges *x, uint32_t slot, unsigned i)
{
    float score = 0, best = 0, k = x->e->k_of_norm[x->norms[x->range[slot] * FR_RANGE_DOCS + i]];
    const uint64_t bit = 1ull << i;
    for (uint32_t t = 0; t < x->count; t++) {
        const struct fr_range_part *p = &x->in_order[t];
        bool there = (p->mask[slot] & bit) && !(p->typed && p->typed->mask[slot] & bit);
        if (!there && !p->shared) continue;
        float part = there ? fr_bm25(p->cursor->weight, tf_of(p, slot, i), k) : 0;
        if (p->shared) {
            best = p->group == t || part > best ? part : best;
            if (t + 1 < x->count && x->in_order[t + 1].group == p->group) continue;
            part = best;
        }
        score += part;
    }
    return score;
}

/* Term frequencies of the documents of the slot's range; 0 where the term adds nothing. */
static void spread_tfs(struct fr_range_part *p, uint32_t slot, uint32_t tfs[FR_RANGE_DOCS])
{
    struct fr_cursor *c = p->cursor;
    if (p->codes) {
        fr_dense_spread_tfs(&c->postings.dense, &p->range[slot], &c->high, tfs);
    } else {
        const uint32_t *its = p->tfs + p->begin[slot];
        memset(tfs, 0, FR_RANGE_DOCS * sizeof *tfs);
        for (uint64_t left = p->mask[slot]; left; left &= left - 1)
            tfs[__builtin_ctzll(left)] = *its++;
    }
    for (uint64_t left = p->typed ? p->typed->mask[slot] : 0; left; left &= left - 1)
        tfs[__builtin_ctzll(left)] = 0;
}

/* The same of all documents of the slot's range. */
static void score_together(struct ranges *x, uint32_t slot, float scores[FR_RANGE_DOCS])
{
    const struct fr_scan_kernels *kernels = &x->e->seg->kernels.scan;
    const uint8_t *norms = x->norms + (size_t)x->range[slot] * FR_RANGE_DOCS;
    uint32_t tfs[FR_RANGE_DOCS];
    float k[FR_RANGE_DOCS], best[FR_RANGE_DOCS], own[FR_RANGE_DOCS];
    for (unsigned i = 0; i < FR_RANGE_DOCS; i++) {
        k[i] = x->e->k_of_norm[norms[i]];
        scores[i] = 0;
    }
    for (uint32_t t = 0; t < x->count; t++) {
        struct fr_range_part *p = &x->in_order[t];
        if (p->mask[slot]) spread_tfs(p, slot, tfs);
        if (!p->shared && p->mask[slot]) kernels->add_scores(scores, tfs, k, p->cursor->weight);
        if (!p->shared) continue;
        memset(own, 0, sizeof own);
        if (p->group == t) memset(best, 0, sizeof best);
        if (p->mask[slot]) kernels->add_scores(own, tfs, k, p->cursor->weight);
        for (unsigned i = 0; i < FR_RANGE_DOCS; i++) best[i] = own[i] > best[i] ? own[i] : best[i];
        if (t + 1 < x->count && x->in_order[t + 1].group == p->group) continue;
        for (unsigned i = 0; i < FR_RANGE_DOCS; i++) scores[i] += best[i];
    }
}

/* The threshold in units: what is below it can't come in. A score is the sum of n floats, none of
 * which is above its bound; it is rounded n - 1 times, each time up by at most 2^-24 of itself, and
 * the product here twice. Bounds are summed without rounding. */
static void note_threshold(struct ranges *x)
{
    float slack = 1 - (float)(x->count + 8) * 0x1p-24f;
    float least = fr_collector_threshold(x->collector) * slack * x->scale;
    x->least = !(least >= 1) ? 1 : least > 65535.0f ? 65535 : (uint16_t)least;
}

/* Adds a part's bound to documents of a slot, or, `shared`, what it is above its alternatives';
 * can any still come in? */
static bool add_bound(struct ranges *x, uint32_t slot, uint64_t mask, uint16_t level, bool shared)
{
    const struct fr_scan_kernels *k = &x->e->seg->kernels.scan;
    uint32_t rest = x->rest[slot];
    uint16_t least = x->least > rest ? (uint16_t)(x->least - rest) : 0, *bounds = x->bounds[slot];
    uint64_t reached = shared ? k->raise_where(bounds, x->highest[slot], mask, level, least)
                              : k->add_where(bounds, mask, level, least);
    x->reached[slot] = reached & x->wanted[slot];
    return x->reached[slot] != 0;
}

static void read_levels(struct ranges *x, struct fr_range_part *p)
{
    const struct fr_dense *d = &p->cursor->postings.dense;
    const uint8_t *codes = p->codes;
    uint16_t levels[FR_RANGE_LEVELS];
    memcpy(levels, p->levels, sizeof levels);
    for (uint32_t s = 0; s < x->slots; s++) {
        uint32_t range = x->range[s];
        uint16_t level = levels[codes[range / 2] >> (range % 2 * 4) & 15];
        p->level[s] = p->rest[s] = level;
        p->mask[s] = 0;
        x->rest[s] += level;
        if (level) fr_dense_prefetch(d, range);
    }
}

/* Of alternatives only the largest level counts; the last of them has it. */
static void share_rest(struct ranges *x, struct fr_range_part *before, struct fr_range_part *p)
{
    for (uint32_t s = 0; s < x->slots; s++) {
        uint16_t less = before->rest[s] < p->rest[s] ? before->rest[s] : p->rest[s];
        x->rest[s] -= less;
        p->rest[s] = (uint16_t)(before->rest[s] + p->rest[s] - less);
        before->rest[s] = 0;
    }
}

static void forget_alternatives(struct ranges *x, const struct fr_range_part *p)
{
    if (p->shared && !p->follows) memset(x->highest, 0, x->slots * sizeof *x->highest);
}

/* Returns by how much. */
static uint32_t raise(uint16_t *highest, uint32_t bound)
{
    uint32_t before = *highest;
    if (bound <= before) return 0;
    *highest = (uint16_t)bound;
    return bound - before;
}

static void bound_sparse(struct ranges *x, struct fr_range_part *p)
{
    const uint32_t *docs = p->docs;
    const uint16_t *bounds = p->bounds;
    for (uint32_t s = 0; s < x->slots; s++) {
        uint32_t first = x->range[s] * FR_RANGE_DOCS;
        uint64_t mask = 0;
        p->mask[s] = 0;
        if (!(x->present[x->range[s]] & p->bit)) {
            if (x->all) x->wanted[s] = 0;
            continue;
        }
        p->at = x->e->seg->kernels.scan.seek(p->docs, p->at, first);
        p->begin[s] = p->at;
        uint16_t *sums = x->bounds[s];
        for (uint32_t at = p->at; docs[at] < first + FR_RANGE_DOCS; at++) {
            uint32_t i = docs[at] - first, bound = bounds[at];
            if (p->shared) bound = raise(&x->highest[s][i], bound);
            mask |= 1ull << i;
            sums[i] = (uint16_t)(sums[i] + bound);
        }
        p->mask[s] = mask;
        if (x->all) x->wanted[s] &= mask;
    }
}

/* Of n slots, those in which a document may still come in stay. */
static uint32_t bound_dense(struct ranges *x, struct fr_range_part *p, uint8_t *slots, uint32_t n)
{
    const struct fr_dense *d = &p->cursor->postings.dense;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (p->level[slots[i]] && !fr_dense_locate(d, x->range[slots[i]], &p->range[slots[i]])) {
            fr_cursor_damaged(p->cursor, FR_SECTION_POSTINGS);
            return 0;
        }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t s = slots[i];
        bool stays = true;
        x->rest[s] -= p->rest[s];
        if (p->level[s]) {
            if (!fr_dense_load(d, &p->range[s])) {
                fr_cursor_damaged(p->cursor, FR_SECTION_POSTINGS);
                return 0;
            }
            p->mask[s] = p->range[s].mask;
            if (x->all) x->wanted[s] &= p->mask[s];
            stays = add_bound(x, s, p->mask[s], p->level[s], p->shared);
        }
        slots[kept] = (uint8_t)s;
        kept += stays;
    }
    return kept;
}

/* Scores the documents of a slot that may come in. */
static void score_slot(struct ranges *x, uint32_t slot)
{
    if (!add_bound(x, slot, 0, 0, false)) return; /* the threshold may have risen */
    const struct fr_verifier *v = x->verifier;
    uint32_t range = x->range[slot], first = range * FR_RANGE_DOCS;
    uint64_t any = x->reached[slot], base = x->e->base + first;
    if (v && v->prefilter) {
        for (uint32_t t = 0; t < x->count; t++)
            x->masks[x->in_order[t].cursor - x->e->cursors] = x->in_order[t].mask[slot];
        any &= v->prefilter(v->ctx, range, x->masks);
    }
    bool together = fr_popcount(any) >= TOGETHER;
    float scores[FR_RANGE_DOCS];
    if (together) score_together(x, slot, scores);
    for (; any && !fr_work_is_spent(x->e->interrupt); any &= any - 1) {
        unsigned i = (unsigned)__builtin_ctzll(any);
        fr_work(x->e->interrupt, x->count * 2ull);
        float score = together ? scores[i] : score_in_order(x, slot, i);
        x->stats->scored++;
        if (!fr_collector_wants(x->collector, base + i, score)) continue;
        if (v && !v->verify(v->ctx, first + i, &score)) continue;
        fr_collector_offer(x->collector, base + i, score);
        note_threshold(x);
    }
}

static void score_slots(struct ranges *x, const uint32_t *ranges, uint32_t n)
{
    uint8_t slots[FR_RANGE_SLOTS];
    uint32_t left = 0;
    fr_work(x->e->interrupt, n * (16 + x->count * 4ull));
    x->range = ranges;
    x->slots = n;
    memset(x->rest, 0, sizeof x->rest);
    memset(x->bounds, 0, n * sizeof *x->bounds);
    for (uint32_t s = 0; s < n; s++) x->wanted[s] = fr_accept_mask(&x->e->accept, ranges[s]);
    for (uint32_t t = x->sparse; t < x->count; t++) {
        read_levels(x, x->parts[t]);
        if (x->parts[t]->follows) share_rest(x, x->parts[t - 1], x->parts[t]);
    }
    for (uint32_t t = 0; t < x->sparse; t++) {
        forget_alternatives(x, x->parts[t]);
        bound_sparse(x, x->parts[t]);
    }
    for (uint32_t s = 0; s < n; s++) {
        FR_ASSERT(s == 0 || ranges[s - 1] < ranges[s]);
        uint32_t first = ranges[s] * FR_RANGE_DOCS, docs = x->e->seg->stats.docs - first;
        if (!fr_segment_verify_range(x->e->seg, x->norms + first, docs < 64 ? docs : 64)) {
            fr_damage_note(x->e->damage, FR_SECTION_NORMS);
            return;
        }
        __builtin_prefetch(x->norms + first);
        slots[left] = (uint8_t)s;
        left += add_bound(x, s, 0, 0, false);
    }
    for (uint32_t t = x->sparse; t < x->count && left; t++) {
        forget_alternatives(x, x->parts[t]);
        left = bound_dense(x, x->parts[t], slots, left);
    }
    for (uint32_t i = 0; i < left; i++) score_slot(x, slots[i]);
}

static void score_ranges(struct ranges *x, const uint32_t *list, size_t n)
{
    for (uint32_t t = 0; t < x->count; t++) x->parts[t]->at = 0;
    if (x->verifier) x->verifier->rewind(x->verifier->ctx);
    for (size_t i = 0; i < n && !fr_interrupted(x->e->interrupt); i += FR_RANGE_SLOTS)
        score_slots(x, list + i, n - i < FR_RANGE_SLOTS ? (uint32_t)(n - i) : FR_RANGE_SLOTS);
}

static void visit_rounds(struct ranges *x)
{
    struct fr_scratch *s = x->e->scratch;
    struct fr_range_rounds rounds = {.kernels = &x->e->seg->kernels.scan,
                                     .bounds = x->sums,
                                     .groups = x->groups,
                                     .group_count = x->group_count};
    fr_range_rounds_begin(&rounds);
    note_threshold(x);
    uint32_t first = x->count == 1 ? FIRST_ROUND / 2 : FIRST_ROUND;
    for (uint32_t want = first; !fr_interrupted(x->e->interrupt); want *= 3) {
        fr_work(x->e->interrupt, x->group_count);
        if (!fr_range_rounds_next(&rounds, x->least, want, s)) return;
        score_ranges(x, fr_vec_data(&s->picked), fr_vec_count(&s->picked));
    }
}

/* Counts the parts, sets the scale and makes room for all. */
static bool make_room(struct ranges *x)
{
    const struct fr_evaluation *e = x->e;
    struct fr_scratch *s = e->scratch;
    size_t postings = 0, listed = 0;
    float sum = 0, largest[2] = {0, 0}; /* of alternatives: sparse and dense ones are added */
    x->range_count = fr_range_count(e->seg->stats.docs);
    x->group_count = fr_range_groups(x->range_count);
    for (uint32_t i = 0; i < e->count; i++) {
        const struct fr_cursor *c = &e->cursors[e->order ? e->order[i].term : i];
        float *counted = &largest[c->postings.is_dense];
        if (!e->order || e->order[i].begins) largest[0] = largest[1] = 0;
        if (!fr_cursor_scores(c)) continue;
        x->count++;
        sum += c->max_score > *counted ? c->max_score - *counted : 0;
        *counted = c->max_score > *counted ? c->max_score : *counted;
        listed += c->postings.is_dense && !c->postings.dense.coded;
        x->sparse += !c->postings.is_dense;
        if (!c->postings.is_dense) postings += c->postings.df;
    }
    x->slices = (uint32_t)(postings / POSTINGS_MOST) + 1;
    if (x->slices > x->range_count) x->slices = x->range_count;
    /* Each bound is rounded up by one or less, and sums of them fit 16 bits. */
    x->scale = (64000.0f - 2.0f * (float)x->count) / (sum > 0 ? sum * 1.001f : 1.0f);
    size_t padded = (size_t)x->group_count * FR_PICK;
    x->sums = fr_vec_reserve(&s->sums, padded);
    x->present = fr_vec_reserve(&s->present, padded);
    x->most = fr_vec_reserve(&s->alternatives, e->order ? padded : 0);
    x->groups = fr_vec_reserve(&s->groups, x->group_count);
    x->in_order = fr_vec_reserve(&s->parts, x->count);
    x->parts = fr_vec_reserve(&s->part_order, x->count);
    x->masks = fr_vec_reserve(&s->masks, e->count);
    if (x->masks) memset(x->masks, 0, e->count * sizeof *x->masks);
    return fr_vec_reserve(&s->order, e->count) && x->sums && x->present && x->most && x->groups &&
           x->in_order && x->parts && x->masks &&
           fr_buf_reserve(&s->levels, listed * FR_DENSE_LEVEL_BYTES(x->range_count));
}

/* Room for the sparse postings of the slice, whole blocks. */
static bool make_slice_room(struct ranges *x)
{
    struct fr_scratch *s = x->e->scratch;
    size_t postings = 0;
    for (uint32_t t = 0; t < x->e->count; t++) {
        const struct fr_cursor *c = &x->e->cursors[t];
        uint32_t first;
        if (!fr_cursor_scores(c) || c->postings.is_dense) continue;
        postings += (slice_blocks(x, &c->postings, &first) - first) * (size_t)FR_BLOCK;
        postings += FR_SEEK_PAD + 8;
    }
    return fr_vec_reserve(&s->docs, postings) && fr_vec_reserve(&s->tfs, postings) &&
           fr_vec_reserve(&s->bounds, postings);
}

static void add_row(uint16_t *sums, const uint16_t *most, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) sums[i] = (uint16_t)(sums[i] + most[i]);
}

/* Bounds of the slice's ranges, of all parts. */
static void add_parts(struct ranges *x)
{
    const struct fr_evaluation *e = x->e;
    uint8_t *levels = e->scratch->levels.data;
    uint32_t sparse = 0;
    size_t used = 0, padded = (size_t)x->group_count * FR_PICK;
    memset(x->sums, 0, padded * 2);
    memset(x->present, 0, padded * 2);
    for (uint32_t n = 0; n < x->count; n++) {
        struct fr_range_part *p = &x->in_order[n];
        p->codes = NULL;
        p->at = 0;
        p->bit = 0;
        if (p->shared && p->group == n) memset(x->most, 0, padded * 2);
        if (!p->cursor->postings.is_dense) p->bit = (uint16_t)(1u << sparse++ % 16);
        if (p->cursor->postings.is_dense)
            add_dense(x, p, levels);
        else
            add_sparse(x, p, &used);
        if (p->codes == levels) levels += FR_DENSE_LEVEL_BYTES(x->range_count);
        if (p->shared && (n + 1 == x->count || x->in_order[n + 1].group != p->group))
            add_row(x->sums, x->most, x->range_count);
        x->parts[n] = p;
    }
    memset(x->sums, 0, x->begin * 2ull);
    memset(x->sums + x->end, 0, (padded - x->end) * 2);
    for (uint32_t r = 0; r < x->range_count && (x->wanted_ranges || e->accept.filter); r += 64) {
        uint64_t wanted = fr_accept_row(&e->accept, r / 64);
        if (x->wanted_ranges) wanted &= x->wanted_ranges[r / 64];
        e->seg->kernels.scan.keep_where(x->sums + r, wanted);
    }
}

static void evaluate(struct ranges *x)
{
    uint16_t highest[FR_RANGE_SLOTS][FR_RANGE_DOCS];
    x->highest = highest;
    const struct fr_evaluation *e = x->e;
    const struct fr_section *least = &e->seg->sections[FR_SECTION_RANGE_NORMS];
    x->norms = e->seg->sections[FR_SECTION_NORMS].data;
    if (!fr_segment_verify_range(e->seg, least->data, least->len)) {
        fr_damage_note(e->damage, FR_SECTION_RANGE_NORMS);
        return;
    }
    if (!make_room(x) || x->count == 0) return;
    fr_range_parts_make(e, x->in_order, fr_vec_data(&e->scratch->order));
    for (uint32_t i = 0; i < x->slices; i++) {
        x->begin = x->end;
        x->end = (uint32_t)((uint64_t)x->range_count * (i + 1) / x->slices);
        if (fr_interrupted(e->interrupt) || !make_slice_room(x)) return;
        add_parts(x);
        fr_range_parts_sort(x->parts, x->count);
        visit_rounds(x);
    }
}

void fr_evaluate_or_block_max(const struct fr_evaluation *e, const struct fr_verifier *verifier,
                              struct fr_collector *c, struct fr_eval_stats *stats)
{
    struct ranges x = {.e = e, .verifier = verifier, .collector = c, .stats = stats};
    x.wanted_ranges = verifier ? verifier->ranges : NULL;
    stats->method = FRAI_METHOD_BLOCK_MAX;
    if (!verifier && e->count == 1 && fr_cursor_scores(e->cursors) &&
        !e->cursors->postings.is_dense)
        fr_evaluate_blocks(e, c, stats);
    else
        evaluate(&x);
}

void fr_evaluate_and_block_max(const struct fr_evaluation *e, const uint64_t *ranges,
                               struct fr_collector *c, struct fr_eval_stats *stats)
{
    struct ranges x = {.e = e, .collector = c, .stats = stats};
    x.all = true;
    x.wanted_ranges = ranges;
    stats->method = FRAI_METHOD_BLOCK_MAX_AND;
    evaluate(&x);
}
