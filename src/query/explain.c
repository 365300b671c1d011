/* Why a document has its score. */
#include "query/explain.h"

#include "query/part.h"

/* What a score is the sum of. */
struct explained {
    float score;
    float *parts; /* of each term, then of each word */
    struct fr_rank_parts ranked;
};

static void print_term(struct fr_searcher *s, const struct fr_plan *plan, uint32_t t, float part,
                       const struct fr_match *m)
{
    const struct fr_query_term *term = &FR_AT(&plan->query.terms, struct fr_query_term, t);
    char pair[8];
    frai_slice text = fr_query_term_text(&plan->query, term, pair);
    fr_buf_print(&s->text, "  %.9g\t%s %.*s\tdf=%llu idf*boost=%.6g tf=%u\n", (double)part,
                 fr_term_class_name(term->term_class), (int)text.len, text.ptr,
                 (unsigned long long)FR_AT(&plan->dfs, uint64_t, t),
                 (double)FR_AT(&plan->weights, float, t), fr_cursor_tf(&m->evaluation.cursors[t]));
}

/* Adds what positions gave. */
static frai_status explain_rank(struct fr_searcher *s, const struct fr_plan *plan,
                                struct fr_match *m, uint32_t local, struct explained *out,
                                frai_error *err)
{
    struct fr_evaluation *e = &m->evaluation;
    struct fr_rank_features features;
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    if (!fr_searcher_rank(s, plan) || !fr_rank_read(&s->rank, &plan->query, e, local, &features))
        return fr_search_memory(err);
    fr_rank_weigh(&s->rank, &features, &out->ranked);
    out->score = fr_rank_score(&s->rank, out->score, &features);
    return FRAI_OK;
}

static void print_rank(struct fr_searcher *s, const struct fr_rank_parts *parts)
{
    const struct {
        float part;
        const char *what;
    } lines[] = {{parts->joint, "joint\tpairs with a space between"},
                 {parts->near, "near\twords close together"},
                 {parts->lead, "lead\tmentioned early"},
                 {parts->shape, "shape\twords begin, end and are glued as typed"},
                 {parts->title, "title\tin the title"}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].part != 0)
            fr_buf_print(&s->text, "  %.9g\t%s\n", (double)lines[i].part, lines[i].what);
}

/* The lines under the first, in the order in which the score is summed. */
static void print_parts(struct fr_searcher *s, const struct fr_plan *plan, const struct fr_match *m,
                        const struct explained *what)
{
    uint32_t terms = fr_plan_term_count(plan);
    for (uint32_t t = 0; t < terms; t++)
        if (what->parts[t] != 0) print_term(s, plan, t, what->parts[t], m);
    for (uint32_t w = 0; w < fr_plan_words(plan); w++)
        if (what->parts[terms + w] != 0)
            fr_buf_print(&s->text, "  %.9g\tsyllable, with its place in the word\n",
                         (double)what->parts[terms + w]);
    print_rank(s, &what->ranked);
}

frai_status fr_searcher_plan(struct fr_searcher *s, frai_error *err)
{
    fr_buf_clear(&s->text);
    for (size_t i = 0; i < FR_COUNT(&s->steps, struct fr_step); i++) {
        const struct fr_step *step = &FR_AT(&s->steps, struct fr_step, i);
        uint32_t local;
        fr_buf_print(&s->text, "segment %u: %s",
                     (unsigned)fr_snapshot_segment_of(s->context.snapshot, step->base, &local),
                     step->stats.method ? step->stats.method : "no document can match");
        if (step->counted)
            fr_buf_print(&s->text, "; %llu counted", (unsigned long long)step->stats.matches);
        else if (step->stats.method)
            fr_buf_print(&s->text, "; %llu documents scored, %llu postings decoded",
                         (unsigned long long)step->stats.scored,
                         (unsigned long long)step->stats.decoded);
        fr_buf_put(&s->text, "\n", 1);
    }
    return s->text.failed ? fr_search_memory(err) : FRAI_OK;
}

static frai_status explain(struct fr_searcher *s, const struct fr_hit *hit, uint64_t doc,
                           float *parts, frai_error *err)
{
    const struct fr_plan *plan = fr_searcher_plan_of(s, hit);
    uint32_t local, g = fr_snapshot_segment_of(s->context.snapshot, doc, &local);
    struct explained what = {.parts = parts};
    struct fr_match m;
    bool some = hit && (hit->tier == FR_TIER_SOME || hit->tier == FR_TIER_APART_SOME);
    bool any = some || plan->query.root != plan->query.all;
    FR_TRY(fr_part_words(s, plan, g, NULL, &m, err));
    if (!fr_match_explain(&m, local, parts, &what.score)) return fr_search_memory(err);
    if (hit && hit->ranked) FR_TRY(explain_rank(s, plan, &m, local, &what, err));
    FR_TRY(fr_part_check(s, &m, err));
    fr_buf_print(
        &s->text, "%.9g = the sum of the lines below (%s; words: %s)\n", (double)what.score,
        plan->ranking == FRAI_RANK_BM25 ? "BM25" : "BM25 and positions", any ? "any" : "all");
    print_parts(s, plan, &m, &what);
    return FRAI_OK;
}

frai_status fr_searcher_explain(struct fr_searcher *s, uint64_t doc, frai_error *err)
{
    fr_buf_clear(&s->text);
    FR_TRY(fr_searcher_has(s, doc, err));
    const struct fr_hit *hit = fr_searcher_hit(s, doc);
    const struct fr_plan *plan = fr_searcher_plan_of(s, hit);
    size_t count = (size_t)fr_plan_term_count(plan) + fr_plan_words(plan);
    frai_status status = FRAI_OK;
    struct fr_buf parts;
    fr_buf_init(&parts, &s->context.mem);
    if (!fr_buf_room(&parts, count * sizeof(float)))
        status = fr_search_memory(err);
    else if (plan->query.all_documents && plan->query.required_count == 0)
        fr_buf_print(&s->text, "0 = no word is looked for: every document is a hit\n");
    else if (count > 0)
        status = explain(s, hit, doc, (float *)(void *)parts.data, err);
    fr_buf_deinit(&parts);
    return status;
}
