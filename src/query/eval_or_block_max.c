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
#include "query/range_score.h"

#define FIRST_ROUND 16u /* half as many if there is but one term */
#define TOGETHER    3u  /* documents of a range from which on all of it is scored */

#define SMALL_TF 4u
#define WITH_BIT 15u /* sparse parts that have a bit of their own in `present` */

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
    uint32_t *tfs;   /* of a range, of each part */
    uint32_t count, sparse, range_count, group_count;
    uint32_t slices, begin, end; /* ranges [begin, end) of the slice that is looked at */
    uint16_t *sums, *groups;
    uint16_t *most;    /* of alternatives, the largest bound of each range */
    uint16_t *present; /* of each range: the sparse parts that are in it */
    uint32_t *lasts;   /* of the first WITH_BIT of them, and, for all others, one more */
    float scale;
    uint16_t least; /* the threshold in units */
    const uint8_t *norms;
    /* Of the score that no tf exceeds: how much a tf below SMALL_TF gives at each norm, in
     * 65,536ths, rounded up; for others, at 0, all. */
    uint32_t share[SMALL_TF][256];
    /* Slots: ranges whose documents' bounds, in units, are summed. */
    const uint32_t *range;
    uint32_t slots, rest[FR_RANGE_SLOTS]; /* rest: what dense parts to come may add */
    uint16_t there[FR_RANGE_SLOTS];       /* the sparse parts that are in their ranges */
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

/* A block of a sparse term whose bounds are added. */
struct bounded {
    const uint32_t *docs, *tfs;
    uint16_t *bounds;
    uint32_t len, first;          /* first: its number in the part */
    uint32_t *last;               /* of each range, the number of its last posting */
    const uint32_t (*share)[256]; /* of small tf and each norm, as of struct ranges */
    uint32_t units;               /* that the term scores at the most */
    const uint8_t *norms;         /* of documents, or the least of each range */
    unsigned shift;               /* a document's number to the number of its norm */
    uint32_t most;                /* bound of the block */
    uint32_t previous, counted;   /* the range of the posting before, and what it was given */
};

/* Without branches: whether tf is 1, and whether a range repeats, is a coin's toss. Both bounds
 * hold, so the smaller counts; of several postings in a range, the largest does. `raise`: a range
 * that has more already stays as it is. */
__attribute__((always_inline)) static inline void add_bounds(const struct ranges *x,
                                                             struct bounded *p, uint16_t bit,
                                                             uint16_t *row, bool raise)
{
    uint32_t *last = p->last;
    uint32_t previous = p->previous, counted = p->counted, most = p->most;
    for (uint32_t i = 0; i < p->len; i++) {
        uint32_t range = p->docs[i] / FR_RANGE_DOCS, tf = p->tfs[i];
        uint32_t share = p->share[tf < SMALL_TF ? tf : 0][p->norms[p->docs[i] >> p->shift]];
        uint64_t exact = ((uint64_t)share * p->units >> 16) + 1;
        uint32_t before = range == previous ? counted : raise ? row[range] : 0;
        uint32_t bound = exact < most ? (uint32_t)exact : most;
        p->bounds[i] = (uint16_t)bound;
        counted = bound > before ? bound : before;
        row[range] = raise ? (uint16_t)counted : (uint16_t)(row[range] + counted - before);
        x->present[range] |= bit;
        last[range] = p->first + i;
        previous = range;
    }
    p->previous = previous;
    p->counted = counted;
}

/* Norms that were verified bound documents; else the least of their range does, so that a first
 * query need not read all norms. */
static void choose_norms(const struct ranges *x, struct bounded *p)
{
    const struct fr_segment *seg = x->e->seg;
    bool known = p->len > 0;
    if (known) {
        uint64_t from = (uint64_t)(x->norms - seg->map.data),
                 page = (from + p->docs[0]) / FR_PAGE_BYTES;
        for (; page <= (from + p->docs[p->len - 1]) / FR_PAGE_BYTES; page++)
            known &= fr_segment_is_verified(seg, page);
    }
    p->norms = known ? x->norms : seg->sections[FR_SECTION_RANGE_NORMS].data;
    p->shift = known ? 0 : 6;
}

/* Decodes a sparse term's part of the slice after the others in scratch->docs, and adds its
 * bounds to sums. */
static void add_sparse(struct ranges *x, struct fr_range_part *p, uint32_t *last, size_t *used)
{
    const struct fr_evaluation *e = x->e;
    struct fr_cursor *c = p->cursor;
    uint32_t *docs = fr_vec_data(&e->scratch->docs) + *used;
    uint32_t *tfs = fr_vec_data(&e->scratch->tfs) + *used;
    uint16_t *bounds = fr_vec_data(&e->scratch->bounds) + *used;
    float units = c->weight * x->scale * 1.00001f; /* as fr_cursor_bound */
    struct bounded block = {.share = x->share, .last = last, .previous = UINT32_MAX};
    block.units = (uint32_t)(units < 0x1p31f ? units : 0x1p31f) + 1;
    uint32_t n = 0, b;
    for (uint32_t end = slice_blocks(x, &c->postings, &b); b < end; b++) {
        uint32_t len;
        if (!fr_evaluation_wants(e, &c->postings, b)) continue;
        if (!fr_postings_decode(&c->postings, b, docs + n, tfs + n, &len)) {
            fr_cursor_damaged(c, FR_SECTION_POSTINGS);
            break;
        }
        if (x->slices > 1) len = fr_range_trim(docs + n, tfs + n, len, x->begin, x->end);
        block.most = round_up(fr_cursor_bound(c, fr_postings_bound(&c->postings, b)) * x->scale);
        block.docs = docs + n;
        block.tfs = tfs + n;
        block.bounds = bounds + n;
        block.len = len;
        block.first = n;
        choose_norms(x, &block);
        if (p->shared)
            add_bounds(x, &block, p->bit, x->most, true);
        else
            add_bounds(x, &block, p->bit, x->sums, false);
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

/* The threshold in units: what is below it can't come in. A score is the sum of n floats, none of
 * which is above its bound; it is rounded n - 1 times, each time up by at most 2^-24 of itself, and
 * the product here twice. Bounds are summed without rounding. */
static void note_threshold(struct ranges *x)
{
    float slack = 1 - (float)(x->count + 8) * 0x1p-24f;
    float least = fr_collector_threshold(x->collector) * slack;
    if (x->verifier) least -= x->verifier->more;
    least *= x->scale;
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

/* The number of the first posting of a sparse part behind the range, of which it has some. */
static uint32_t end_in(struct ranges *x, struct fr_range_part *p, uint32_t range)
{
    if (p->last) return p->last[range] + 1;
    p->at = x->e->seg->kernels.scan.seek(p->docs, p->at, (range + 1) * FR_RANGE_DOCS);
    return p->at;
}

/* A bit for each slot in whose range the sparse part may be. */
static uint32_t slots_with(const struct ranges *x, const struct fr_range_part *p)
{
    uint16_t its[FR_RANGE_SLOTS];
    const struct fr_scan_kernels *k = &x->e->seg->kernels.scan;
    for (uint32_t s = 0; s < FR_RANGE_SLOTS; s++) its[s] = x->there[s] & p->bit;
    return k->pick_between(its, 1, UINT16_MAX) | k->pick_between(its + FR_PICK, 1, UINT16_MAX)
                                                     << FR_PICK;
}

static void bound_sparse(struct ranges *x, struct fr_range_part *p)
{
    const uint32_t *docs = p->docs;
    const uint16_t *bounds = p->bounds;
    uint32_t slots = slots_with(x, p);
    memset(p->mask, 0, sizeof p->mask);
    for (uint32_t left = slots; left; left &= left - 1) {
        uint32_t s = (uint32_t)__builtin_ctz(left), first = x->range[s] * FR_RANGE_DOCS;
        uint64_t mask = 0;
        uint16_t *sums = x->bounds[s];
        uint32_t at = end_in(x, p, x->range[s]);
        while (at > 0 && docs[at - 1] >= first) {
            at--;
            uint32_t i = docs[at] - first, bound = bounds[at];
            if (p->shared) bound = raise(&x->highest[s][i], bound);
            mask |= 1ull << i;
            sums[i] = (uint16_t)(sums[i] + bound);
        }
        p->begin[s] = at;
        p->mask[s] = mask;
    }
    for (uint32_t s = 0; x->all && s < x->slots; s++) x->wanted[s] &= p->mask[s];
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
    uint64_t any = x->reached[slot], base = x->e->base + first, more = 0;
    if (v) {
        for (uint32_t t = 0; t < x->count; t++)
            x->masks[x->in_order[t].cursor - x->e->cursors] = x->in_order[t].mask[slot];
        any &= v->prefilter(v->ctx, range, x->masks);
        if (v->more > 0) more = v->has_more(v->ctx, x->masks);
    }
    bool together = fr_popcount(any) >= TOGETHER;
    float scores[FR_RANGE_DOCS], off = v && v->more > 0 ? 0.00001f : 0; /* it sums otherwise */
    struct fr_range_scorer scorer = {x->e, x->in_order, x->count, slot, range, x->tfs};
    uint64_t bounded = together ? fr_range_bound_all(&scorer, scores) : any;
    fr_work(x->e->interrupt, fr_popcount(any) * x->count * 2ull);
    x->stats->scored += fr_popcount(any);
    float least = (fr_collector_threshold(x->collector) - (v ? v->more : 0)) * (1 - off);
    if (together) any &= x->e->seg->kernels.scan.at_least(scores, least);
    for (; any && !fr_work_is_spent(x->e->interrupt); any &= any - 1) {
        unsigned i = (unsigned)__builtin_ctzll(any);
        float above = more >> i & 1 ? v->more : 0;
        float score = together ? scores[i] * (1 + off) + above : 0;
        if (together && !fr_collector_wants(x->collector, base + i, score)) continue;
        if (bounded >> i & 1) score = fr_range_score(&scorer, i, together) * (1 + off) + above;
        if (!fr_collector_wants(x->collector, base + i, score)) continue;
        if (v)
            v->take(v->ctx, first + i, score);
        else
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
    memset(x->there, 0, sizeof x->there);
    for (uint32_t s = 0; s < n; s++) {
        x->wanted[s] = fr_accept_mask(&x->e->accept, ranges[s]);
        x->there[s] = x->present[ranges[s]];
    }
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
    for (size_t i = 0; i < n && !fr_interrupted(x->e->interrupt);) {
        uint32_t ranges[FR_RANGE_SLOTS], slots = 0;
        for (; i < n && slots < FR_RANGE_SLOTS; i++) { /* the threshold may have risen */
            ranges[slots] = list[i];
            slots += x->sums[list[i]] >= x->least;
        }
        score_slots(x, ranges, slots);
    }
    if (!x->verifier) return;
    x->verifier->settle(x->verifier->ctx, false);
    note_threshold(x);
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
    x->lasts =
        fr_vec_reserve(&s->lasts, padded * (x->sparse > WITH_BIT ? WITH_BIT + 1 : x->sparse));
    x->tfs = fr_vec_reserve(&s->range_tfs, x->count * (size_t)FR_RANGE_DOCS);
    if (x->masks) memset(x->masks, 0, e->count * sizeof *x->masks);
    return fr_vec_reserve(&s->order, e->count) && x->sums && x->present && x->most && x->groups &&
           x->in_order && x->parts && x->masks && x->tfs && x->lasts &&
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
    uint32_t *lasts = x->lasts;
    memset(x->sums, 0, padded * 2);
    memset(x->present, 0, padded * 2);
    for (uint32_t n = 0; n < x->count; n++) {
        struct fr_range_part *p = &x->in_order[n];
        p->codes = NULL;
        p->at = 0;
        p->bit = 0;
        if (p->shared && p->group == n) memset(x->most, 0, padded * 2);
        if (p->cursor->postings.is_dense) {
            add_dense(x, p, levels);
        } else {
            p->bit = (uint16_t)(1u << (sparse < WITH_BIT ? sparse : WITH_BIT));
            p->last = sparse < WITH_BIT ? lasts + padded * sparse : NULL;
            add_sparse(x, p, p->last ? p->last : lasts + padded * WITH_BIT, &used);
            sparse++;
        }
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

static void fill_shares(struct ranges *x)
{
    for (unsigned i = 0; i < 256; i++) x->share[0][i] = 65536;
    for (unsigned tf = 1; tf < SMALL_TF; tf++)
        for (unsigned i = 0; i < 256; i++)
            x->share[tf][i] =
                (uint32_t)((float)tf / ((float)tf + x->e->k_of_norm[i]) * 65536.0f) + 1;
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
    if (x->sparse) fill_shares(x);
    fr_range_parts_make(e, x->in_order, fr_vec_data(&e->scratch->order));
    for (uint32_t i = 0; i < x->slices; i++) {
        x->begin = x->end;
        x->end = (uint32_t)((uint64_t)x->range_count * (i + 1) / x->slices);
        if (fr_interrupted(e->interrupt) || !make_slice_room(x)) return;
        add_parts(x);
        fr_range_parts_sort(x->parts, x->count);
        visit_rounds(x);
    }
    if (x->verifier) x->verifier->settle(x->verifier->ctx, true);
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
