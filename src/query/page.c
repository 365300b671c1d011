/* What a page says of its hits: each is looked at again, with all words required. */
#include "query/page.h"

#include "query/pass.h"

struct page {
    struct fr_searcher *s;
    const struct fr_plan *plan;
    uint32_t full; /* hits that have all words */
};

static bool has_terms(struct fr_match *m, uint32_t doc)
{
    for (uint32_t t = 0; t < m->evaluation.count; t++)
        if (!fr_cursor_has(&m->evaluation.cursors[t], doc)) return false;
    return true;
}

/* Counts the hit if it has all words. */
static frai_status count_full(void *ctx, struct fr_match *m, struct fr_scored *hit, frai_error *err)
{
    struct page *p = ctx;
    struct fr_match words;
    bool full;
    uint32_t doc, g = fr_snapshot_segment_of(p->s->context.snapshot, hit->doc, &doc);
    m->tree = fr_tree_of(&p->plan->query, p->plan->query.all);
    if (fr_plan_words(p->plan) == 0) {
        full = has_terms(m, doc);
    } else if (fr_pass_is_plain(&p->plan->query)) {
        full = fr_match_verify(m, doc, NULL);
    } else {
        FR_TRY(fr_part_words(p->s, p->plan, g, NULL, &words, err));
        words.tree = m->tree;
        full = fr_match_holds(&words, doc, NULL);
        FR_TRY(fr_part_check(p->s, &words, err));
    }
    p->full += full;
    return FRAI_OK;
}

frai_status fr_page_count_full(struct fr_searcher *s, const struct fr_plan *plan,
                               const struct fr_scored *hits, size_t count, uint32_t *full,
                               frai_error *err)
{
    struct page p = {s, plan, 0};
    FR_VECTOR(struct fr_scored) copy;
    *full = 0;
    fr_buf_init(&copy.buf, &s->context.mem);
    fr_vec_append(&copy, hits, count);
    if (copy.buf.failed) return fr_fail_memory(err, "searching");
    struct fr_scored *list = fr_vec_data(&copy);
    struct fr_hit_visitor visitor = {count_full, &p};
    frai_status status = fr_pass_visit(s, plan, list, count, &visitor, err);
    *full = p.full;
    fr_buf_deinit(&copy.buf);
    return status;
}

frai_status fr_page_put(struct fr_searcher *s, uint64_t offset, uint32_t limit, frai_error *err)
{
    size_t found = fr_vec_count(&s->hits);
    for (uint64_t i = offset; i < found && i - offset < limit; i++) {
        const struct fr_hit *hit = &fr_vec_at(&s->hits, i);
        fr_vec_push(&s->results.hits, .doc = hit->doc, .score = hit->score);
    }
    return s->results.hits.buf.failed ? fr_fail_memory(err, "searching") : FRAI_OK;
}
