/* Each candidate is bounded by where its terms stand first, then they are read, the highest bound
 * first, until none left can come before the last of the page. */
#include "query/rerank.h"

#include "base/sort.h"
#include "query/boilerplate.h"
#include "query/rank_bound.h"

static void rank_candidate(struct fr_rank *r, struct fr_rank_candidate *c,
                           const struct fr_scratch *repeated)
{
    struct fr_rank_features features;
    fr_rank_read(r, &c->place, repeated, &features);
    float score = fr_rank_score(r, c->hit.score, &features);
    /* Bounds hold of positions that ascend. */
    if (!repeated && score > c->bound) fr_damage_note(r->damage, FR_SECTION_POSITIONS);
    c->bound = score;
    c->ranked = true;
}

struct ranking {
    struct fr_rank *rank;
    const struct fr_query *query;
};

/* Candidates in which lines repeat are ranked at once: where these are is known only here. */
static frai_status put_candidate(void *ctx, struct fr_match *m, struct fr_scored *hit,
                                 frai_error *err)
{
    const struct ranking *all = ctx;
    struct fr_evaluation *e = &m->evaluation;
    uint32_t doc = (uint32_t)(hit->doc - e->base);
    struct fr_rank_candidate *c = fr_vec_end(&all->rank->candidates);
    fr_vec_add(&all->rank->candidates, 1);
    *c = (struct fr_rank_candidate){.hit = *hit};
    if (!fr_rank_locate(all->rank, e, doc, &c->place))
        return all->rank->lists.buf.failed ? fr_fail_memory(err, "searching") : FRAI_OK;
    if (fr_vec_count(&all->query->repeated) && fr_boilerplate_find(all->query, e, doc) > 0)
        rank_candidate(all->rank, c, e->scratch);
    else
        c->bound = fr_rank_place_bound(all->rank, &c->place, hit->score);
    return FRAI_OK;
}

static int by_bound(const void *a, const void *b, void *ctx)
{
    const struct fr_rank_candidate *x = a, *y = b;
    (void)ctx;
    if (x->bound != y->bound) return x->bound > y->bound ? -1 : 1;
    return x->hit.doc < y->hit.doc ? -1 : x->hit.doc > y->hit.doc;
}

/* Those that are ranked by their scores, before the others by theirs. */
static int by_rank(const void *a, const void *b, void *ctx)
{
    const struct fr_rank_candidate *x = a, *y = b;
    if (x->ranked != y->ranked) return x->ranked ? -1 : 1;
    if (x->ranked) return by_bound(a, b, ctx);
    return fr_scored_better(x->hit, y->hit) ? -1 : fr_scored_better(y->hit, x->hit);
}

/* Reads candidates until the first `page` are certain. */
static frai_status rank_best(struct fr_rank *r, uint32_t page, frai_error *err)
{
    struct fr_rank_candidate *all = fr_vec_data(&r->candidates);
    struct fr_scored *heap = fr_vec_reserve(&r->best, page);
    size_t count = fr_vec_count(&r->candidates);
    struct fr_topk best;
    if (!heap) return fr_fail_memory(err, "searching");
    fr_topk_init(&best, heap, page);
    for (size_t i = 0; i < count && all[i].bound >= fr_collector_threshold(&best.collector); i++) {
        FR_TRY(fr_interrupt_check(r->interrupt, err));
        if (!all[i].ranked) rank_candidate(r, &all[i], NULL);
        FR_TRY(fr_interrupt_status(r->interrupt, err));
        if (r->damage->met)
            return fr_segment_damaged(all[i].place.seg, fr_section_name(r->damage->section), err);
        fr_collector_offer(&best.collector, all[i].hit.doc, all[i].bound);
    }
    return FRAI_OK;
}

/* The candidates become the hits. */
static uint32_t take_hits(struct fr_rank *r, struct fr_scored *hits)
{
    struct fr_rank_candidate *all = fr_vec_data(&r->candidates);
    uint32_t count = (uint32_t)fr_vec_count(&r->candidates), ranked = 0;
    fr_sort(all, count, sizeof *all, by_rank, NULL);
    for (uint32_t i = 0; i < count; i++) {
        hits[i] =
            (struct fr_scored){all[i].hit.doc, all[i].ranked ? all[i].bound : all[i].hit.score};
        ranked += all[i].ranked;
    }
    return ranked;
}

frai_status fr_rerank(struct fr_searcher *s, struct fr_pass *pass, frai_error *err)
{
    struct fr_rank *r = &s->rank;
    struct fr_scored *hits = pass->top.heap;
    uint32_t depth = s->context.model.depth;
    if (depth > pass->top.count) depth = pass->top.count;
    uint32_t page = pass->wanted < depth ? (uint32_t)pass->wanted : depth;
    if (pass->plan->ranking != FRAI_RANK_DEFAULT || page == 0 ||
        pass->plan->query.required_count == 0)
        return FRAI_OK;
    if (!fr_searcher_rank(s, pass->plan) || !fr_vec_reserve(&r->candidates, depth))
        return fr_fail_memory(err, "searching");
    struct ranking all = {r, &pass->plan->query};
    struct fr_hit_visitor visitor = {put_candidate, &all};
    frai_status status = fr_pass_visit(s, pass->plan, hits, depth, &visitor, err);
    if (status == FRAI_OK) {
        fr_sort(fr_vec_data(&r->candidates), depth, sizeof(struct fr_rank_candidate), by_bound,
                NULL);
        status = rank_best(r, page, err);
    }
    if (fr_interrupt_cuts(r->interrupt, status)) { /* none of them is */
        fr_pass_sort(hits, depth);
        return FRAI_OK;
    }
    FR_TRY(status);
    pass->ranked = take_hits(r, hits);
    return FRAI_OK;
}
