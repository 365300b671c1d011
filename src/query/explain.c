/* Why a document has its score. */
#include "query/explain.h"

#include "query/boilerplate.h"
#include "query/part.h"
#include "query/rank_bound.h"
#include "query/titled.h"

/* What a score is the sum of. */
struct explained {
    float score;
    float *parts; /* of each term, then of each word */
    float titled; /* what positions gave: s->explanation.ranked */
};

void fr_explain_clear(struct fr_searcher *s)
{
    fr_buf_clear(&s->text);
    fr_buf_clear(&s->explanation.parts.buf);
    s->explanation.ranked = (struct fr_rank_parts){0};
    fr_buf_clear(&s->diagnosis.findings.buf);
    fr_buf_clear(&s->described.steps.buf);
}

frai_slice fr_explain_text(const struct fr_searcher *s, size_t len, size_t *at)
{
    if (len == 0) return (frai_slice){"", 0};
    *at += len;
    return (frai_slice){(const char *)s->text.data + *at - len, len};
}

/* Of the boost, what a term keeps for being of a noun, as far as that is known. */
static float noun_share(const struct fr_plan *plan, uint32_t t)
{
    bool known = t < fr_vec_count(&plan->shares) && fr_vec_at(&plan->shares, t) > 0;
    return known && plan->ranking == FRAI_RANK_DEFAULT ? fr_vec_at(&plan->shares, t) : 1;
}

static void put_term(struct fr_searcher *s, const struct fr_plan *plan, uint32_t t, float part,
                     const struct fr_match *m)
{
    const struct fr_query_term *term = &fr_vec_at(&plan->query.terms, t);
    char pair[8];
    frai_slice text = fr_query_term_text(&plan->query, term, pair);
    fr_buf_put(&s->text, text.ptr, text.len);
    fr_vec_push(&s->explanation.parts, .kind = FRAI_SCORE_TERM, .value = part,
                .tf = fr_cursor_tf(&m->evaluation.cursors[t]),
                .term_class = fr_query_term_kind(term), .term = {NULL, text.len},
                .df = fr_vec_at(&plan->dfs, t), .weight = fr_vec_at(&plan->weights, t),
                .boost = term->boost, .noun = noun_share(plan, t));
}

/* Adds what positions gave. */
static frai_status explain_rank(struct fr_searcher *s, const struct fr_plan *plan,
                                struct fr_match *m, uint32_t local, struct explained *out,
                                frai_error *err)
{
    struct fr_evaluation *e = &m->evaluation;
    struct fr_rank_features features = {.shapes = NULL};
    struct fr_rank_place place;
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    if (!fr_searcher_rank(s, plan)) return fr_fail_memory(err, "searching");
    bool repeats = fr_boilerplate_find(&plan->query, e, local) > 0;
    if (fr_rank_locate(&s->rank, e, local, &place))
        fr_rank_read(&s->rank, &place, repeats ? e->scratch : NULL, &features);
    else if (s->rank.lists.buf.failed)
        return fr_fail_memory(err, "searching");
    fr_rank_weigh(&s->rank, &features, &s->explanation.ranked);
    out->score = fr_rank_score(&s->rank, out->score, &features);
    return FRAI_OK;
}

static void put_part(struct fr_searcher *s, frai_score_kind kind, float value)
{
    if (value != 0)
        fr_vec_push(&s->explanation.parts, .kind = kind, .value = value, .term_class = "",
                    .term = {"", 0});
}

/* Parts of the total, in the order in which it is summed. */
static void put_parts(struct fr_searcher *s, const struct fr_plan *plan, const struct fr_match *m,
                      const struct explained *what)
{
    uint32_t terms = fr_plan_term_count(plan);
    const struct fr_rank_parts *ranked = &s->explanation.ranked;
    for (uint32_t i = 0; i < terms; i++) {
        uint32_t t = fr_evaluation_summand(&m->evaluation, i).term;
        if (what->parts[t] != 0) put_term(s, plan, t, what->parts[t], m);
    }
    for (uint32_t w = 0; w < fr_plan_words(plan); w++)
        put_part(s, FRAI_SCORE_SYLLABLE, what->parts[terms + w]);
    put_part(s, FRAI_SCORE_TITLED, what->titled);
    put_part(s, FRAI_SCORE_JOINT, ranked->joint);
    put_part(s, FRAI_SCORE_NEAR, ranked->near);
    put_part(s, FRAI_SCORE_LEAD, ranked->lead);
    put_part(s, FRAI_SCORE_SHAPE, fr_rank_shape(ranked));
    put_part(s, FRAI_SCORE_TITLE, ranked->title);
}

frai_status fr_searcher_plan(struct fr_searcher *s, frai_error *err)
{
    fr_explain_clear(s);
    for (size_t i = 0; i < fr_vec_count(&s->steps); i++) {
        const struct fr_step *step = &fr_vec_at(&s->steps, i);
        uint32_t local;
        fr_vec_push(&s->described.steps, .method = step->stats.method,
                    .segment = fr_snapshot_segment_of(s->context.snapshot, step->base, &local),
                    .counted = step->counted, .matches = step->stats.matches,
                    .scored = step->stats.scored, .decoded = step->stats.decoded);
    }
    return s->described.steps.buf.failed ? fr_fail_memory(err, "searching") : FRAI_OK;
}

static void put_total(struct fr_searcher *s, const struct fr_plan *plan, const struct fr_hit *hit,
                      float score)
{
    bool some = hit && (hit->tier == FR_TIER_SOME || hit->tier == FR_TIER_SPACED_SOME);
    fr_vec_push(&s->explanation.parts, .value = score, .term_class = "",
                .all_documents = plan->query.all_documents && plan->query.required_count == 0,
                .by_positions = plan->ranking != FRAI_RANK_BM25,
                .any_word = some || plan->query.root != plan->query.all, .term = {"", 0});
}

static frai_status explain(struct fr_searcher *s, const struct fr_hit *hit, uint64_t doc,
                           float *parts, frai_error *err)
{
    const struct fr_plan *plan = fr_searcher_plan_of(s, hit);
    uint32_t local, g = fr_snapshot_segment_of(s->context.snapshot, doc, &local);
    struct explained what = {.parts = parts};
    struct fr_match m;
    FR_TRY(fr_part_words(s, plan, g, NULL, &m, err));
    what.score = fr_match_explain(&m, local, parts);
    if (hit) FR_TRY(fr_titled_addition(s, plan, &m, local, &what.titled, err));
    what.score += what.titled;
    if (hit && hit->ranked) FR_TRY(explain_rank(s, plan, &m, local, &what, err));
    FR_TRY(fr_part_check(s, &m, err));
    put_total(s, plan, hit, what.score);
    put_parts(s, plan, &m, &what);
    return FRAI_OK;
}

frai_status fr_searcher_explain(struct fr_searcher *s, uint64_t doc, frai_error *err)
{
    fr_explain_clear(s);
    FR_TRY(fr_searcher_require(s, doc, err));
    const struct fr_hit *hit = fr_searcher_hit(s, doc);
    const struct fr_plan *plan = fr_searcher_plan_of(s, hit);
    size_t count = (size_t)fr_plan_term_count(plan) + fr_plan_words(plan);
    frai_status status = FRAI_OK;
    FR_VECTOR(float) parts;
    fr_buf_init(&parts.buf, &s->context.mem);
    if (!fr_vec_room(&parts, count))
        status = fr_fail_memory(err, "searching");
    else if (plan->query.all_documents && plan->query.required_count == 0)
        put_total(s, plan, hit, 0);
    else if (count > 0)
        status = explain(s, hit, doc, fr_vec_data(&parts), err);
    fr_buf_deinit(&parts.buf);
    if (s->text.failed || s->explanation.parts.buf.failed) return fr_fail_memory(err, "searching");
    size_t at = 0;
    for (size_t i = 0; i < fr_vec_count(&s->explanation.parts); i++) {
        frai_score_part *part = &fr_vec_at(&s->explanation.parts, i);
        part->term = fr_explain_text(s, part->term.len, &at);
    }
    return status;
}
