/* The query's letters, hashed as titles are at indexing, name a term; its postings are all there is
 * to look at, and mostly there are none. */
#include "query/titled.h"

#include <math.h>

#include "query/rank_bound.h"
#include "segment/lexicon.h"

void fr_titled_put_term(struct fr_query *q)
{
    char name[FR_LINE_NAME_BYTES];
    q->titled = FR_NO_QUERY_TERM;
    if (q->title.len == 0 || q->ignored || fr_vec_count(&q->terms) == FR_QUERY_TERMS_MAX) return;
    fr_line_name(q->title.data, q->title.len, name);
    q->titled = fr_query_put_term(q, FR_TERM_TITLE, 0, name, FR_TITLE_NAME_BYTES, 0);
}

/* A power of two above every score, so that an addition rounds off little. */
static float addition_of(const struct fr_searcher *s, const struct fr_plan *plan)
{
    const struct fr_rank_model *model = &s->context.model;
    uint32_t terms = fr_plan_term_count(plan), words = fr_plan_words(plan);
    float syllable = 1 + model->syllable_whole + model->syllable_start, most = 0;
    for (uint32_t i = 0; i < terms + words; i++)
        most += fr_vec_at(&plan->weights, i) * (i < terms ? 1 : syllable);
    return exp2f(floorf(log2f(fr_rank_bound(&s->rank, most) + 1)) + 1);
}

/* The hits among the title's documents in one segment. */
static frai_status find_in(struct fr_searcher *s, struct fr_pass *pass, struct fr_match *m,
                           float addition, frai_error *err)
{
    struct fr_evaluation *e = &m->evaluation;
    bool plain = fr_pass_is_plain(m->query);
    struct fr_cursor title = e->cursors[m->query->titled];
    for (uint32_t t = 0; t < e->count; t++) fr_cursor_rewind(&e->cursors[t]);
    for (fr_cursor_rewind(&title); title.doc != FR_END; fr_cursor_next(&title)) {
        float score = 0;
        FR_TRY(fr_interrupt_check(&s->context.interrupt, err));
        if (!fr_accept_has(&e->accept, title.doc) || fr_match_is_skipped(m, title.doc)) continue;
        if (plain && !fr_match_verify(m, title.doc, pass->any ? &pass->seen.words : NULL)) continue;
        if (!plain && !fr_match_holds(m, title.doc, &score)) continue;
        if (plain) score = fr_match_score(m, title.doc);
        FR_TRY(
            fr_interrupt_status(&s->context.interrupt, err)); /* else it was not verified whole */
        fr_vec_push(&s->titled, e->base + title.doc, score + addition);
        pass->scored_docs++;
    }
    return s->titled.buf.failed ? fr_fail_memory(err, "searching") : FRAI_OK;
}

frai_status fr_titled_find(struct fr_searcher *s, struct fr_pass *pass, frai_error *err)
{
    const struct fr_plan *plan = pass->plan;
    uint32_t term = plan->query.titled;
    fr_buf_clear(&s->titled.buf);
    if (term == FR_NO_QUERY_TERM || fr_vec_at(&plan->dfs, term) == 0) return FRAI_OK;
    if (!fr_searcher_rank(s, plan)) return fr_fail_memory(err, "searching");
    float addition = addition_of(s, plan);
    for (uint32_t g = 0; g < s->context.snapshot->segment_count; g++) {
        size_t at = (size_t)g * fr_plan_term_count(plan) + term;
        struct fr_match m;
        if (fr_vec_at(&plan->term_postings, at).df == 0) continue;
        FR_TRY(fr_part_words(s, plan, g, NULL, &m, err));
        m.tree = fr_pass_tree(pass);
        m.skip = pass->skip;
        m.skip_count = pass->skip_count;
        if (!fr_evaluation_check_norms(&m.evaluation)) return fr_part_check(s, &m, err);
        FR_TRY(find_in(s, pass, &m, addition, err));
        FR_TRY(fr_part_check(s, &m, err));
    }
    return FRAI_OK;
}

frai_status fr_titled_addition(struct fr_searcher *s, const struct fr_plan *plan,
                               struct fr_match *m, uint32_t doc, float *addition, frai_error *err)
{
    uint32_t term = plan->query.titled;
    *addition = 0;
    if (term == FR_NO_QUERY_TERM || !m->evaluation.cursors[term].exists) return FRAI_OK;
    fr_cursor_rewind(&m->evaluation.cursors[term]);
    if (!fr_cursor_go(&m->evaluation.cursors[term], doc)) return FRAI_OK;
    if (!fr_searcher_rank(s, plan)) return fr_fail_memory(err, "searching");
    *addition = addition_of(s, plan);
    return FRAI_OK;
}
