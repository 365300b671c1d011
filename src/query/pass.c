/* The passes over a plan's segments. The best documents are found by bounds of ranges, each
 * verified before it comes in (fr_best_of_segment). What bounds can't find, exclusions and
 * syllables that seldom are words, goes through windows of documents that are verified one by one
 * (fr_match_segment); so does what matches by terms that score nothing, when bounds find too
 * little. */
#include "query/pass.h"

#include <math.h>

#include "base/sort.h"
#include "query/best.h"
#include "query/candidates.h"
#include "query/titled.h"

/* A look at windows of documents. */
struct look {
    uint64_t count_limit;       /* fr_match's, over all segments */
    bool only_count;            /* hits are not wanted */
    const struct fr_tree *tree; /* NULL: that of the pass */
};

struct fr_tree fr_pass_tree(const struct fr_pass *pass)
{
    const struct fr_query *q = &pass->plan->query;
    return fr_tree_of(q, pass->any ? q->any : q->all);
}

void fr_pass_leave_out(const struct fr_searcher *s, const struct fr_pass *pass, struct fr_match *m,
                       bool only_count)
{
    m->skip = pass->skip;
    m->skip_count = pass->skip_count;
    m->titled = fr_vec_data(&s->titled);
    m->titled_count = only_count ? 0 : fr_vec_count(&s->titled);
}

/* Looks for the best anew. */
static void start_heap(const struct fr_searcher *s, struct fr_pass *pass)
{
    fr_topk_clear(&pass->top);
    for (size_t i = 0; i < fr_vec_count(&s->titled); i++) {
        struct fr_scored hit = fr_vec_at(&s->titled, i);
        fr_collector_offer(&pass->top.collector, hit.doc, hit.score);
    }
}

static void add_work(struct fr_pass *pass, const struct fr_eval_stats *stats)
{
    pass->scored_docs += stats->scored;
    pass->decoded_postings += stats->decoded;
}

/* Windows of documents that may have the words, verified one by one. */
static frai_status match_words(struct fr_searcher *s, struct fr_pass *pass, const struct look *look,
                               frai_error *err)
{
    const struct fr_plan *plan = pass->plan;
    for (uint32_t g = 0; g < s->context.snapshot->segment_count; g++) {
        struct fr_match m;
        struct fr_candidates candidates;
        FR_TRY(fr_interrupt_check(&s->context.interrupt, err));
        FR_TRY(fr_part_words(s, plan, g, look->only_count ? NULL : &pass->top.collector, &m, err));
        m.tree = look->tree ? *look->tree : fr_pass_tree(pass);
        m.count_limit = look->count_limit < pass->total ? 0 : look->count_limit - pass->total;
        fr_pass_leave_out(s, pass, &m, look->only_count);
        if (plan->query.required_count &&
            (!pass->any || !look->only_count)) { /* else most ranges hold some */
            if (!fr_candidates_init(&candidates, &m)) return fr_fail_memory(err, "searching");
            if (!fr_candidates_find(&candidates)) continue;
            m.candidates = candidates.ranges;
        }
        fr_match_segment(&m);
        fr_part_note(s, &m, look->only_count);
        FR_TRY(fr_part_check(s, &m, err));
        pass->total += m.stats.matches;
        add_work(pass, &m.stats);
    }
    return FRAI_OK;
}

frai_status fr_pass_count(struct fr_searcher *s, struct fr_pass *pass, uint64_t limit,
                          frai_error *err)
{
    return match_words(s, pass, &(struct look){limit, true, NULL}, err);
}

bool fr_pass_is_plain(const struct fr_query *q)
{
    for (uint32_t i = 0; i < fr_vec_count(&q->words); i++) {
        const struct fr_query_word *w = &fr_vec_at(&q->words, i);
        if (w->negative || w->syllable) return false;
    }
    return true;
}

static int by_doc(const void *a, const void *b, void *ctx)
{
    const struct fr_scored *x = a, *y = b;
    (void)ctx;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

static int by_score(const void *a, const void *b, void *ctx)
{
    const struct fr_scored *x = a, *y = b;
    (void)ctx;
    return fr_scored_better(*x, *y) ? -1 : fr_scored_better(*y, *x);
}

void fr_pass_sort(struct fr_scored *hits, size_t count)
{
    if (count) fr_sort(hits, count, sizeof *hits, by_score, NULL);
}

frai_status fr_pass_visit(struct fr_searcher *s, const struct fr_plan *plan, struct fr_scored *hits,
                          size_t count, const struct fr_hit_visitor *visitor, frai_error *err)
{
    if (count) fr_sort(hits, count, sizeof *hits, by_doc, NULL);
    size_t i = 0;
    for (uint32_t g = 0; i < count; g++) {
        uint64_t end = g + 1 < s->context.snapshot->segment_count
                           ? s->context.snapshot->bases[g + 1]
                           : UINT64_MAX;
        if (hits[i].doc >= end) continue;
        struct fr_match m;
        FR_TRY(fr_part_terms(s, plan, g, NULL, &m, err));
        for (uint32_t t = 0; t < m.evaluation.count; t++)
            fr_cursor_rewind(&m.evaluation.cursors[t]);
        for (; i < count && hits[i].doc < end; i++) {
            FR_TRY(fr_interrupt_check(&s->context.interrupt, err));
            FR_TRY(visitor->visit(visitor->ctx, &m, &hits[i], err));
        }
        FR_TRY(fr_part_check(s, &m, err));
    }
    return FRAI_OK;
}

/* Only notes which words the hit has. */
static frai_status note_words(void *ctx, struct fr_match *m, struct fr_scored *hit, frai_error *err)
{
    struct fr_pass *pass = ctx;
    (void)err;
    m->tree = fr_pass_tree(pass);
    fr_match_verify(m, (uint32_t)(hit->doc - m->evaluation.base), &pass->seen.words);
    return FRAI_OK;
}

/* If the query's only word is a lone syllable: the leaf that looks for it as a whole word of the
 * text, not of a file's name. */
static bool is_one_syllable(const struct fr_query *q, struct fr_query_node *leaf)
{
    if (fr_vec_count(&q->words) != 1) return false;
    const struct fr_query_word *word = fr_query_word_at(q, 0);
    *leaf = (struct fr_query_node){.kind = FR_NODE_WORD, .place = FR_PLACE_WHOLE_WORD};
    leaf->next = leaf->first_child = FR_NO_NODE;
    leaf->count = fr_query_text_coverings(q, word);
    fr_leaf_ask(q, leaf, word->syllable_count);
    return word->syllable && !word->negative;
}

/* By bounds; *enough: none was missed that may come in, or they fill the page, and those without a
 * term that scores come last. */
static frai_status best_by_bounds(struct fr_searcher *s, struct fr_pass *pass, bool *enough,
                                  frai_error *err)
{
    const struct fr_query *query = &pass->plan->query;
    bool complete = true;
    *enough = false;
    if (!query->required_count) return FRAI_OK;
    for (uint32_t g = 0; g < s->context.snapshot->segment_count; g++)
        FR_TRY(fr_best_of_segment(s, g, pass, NULL, &complete, err));
    pass->complete = complete && pass->top.count < pass->top.k;
    *enough = complete || (fr_pass_is_plain(query) && pass->top.count >= pass->wanted);
    return FRAI_OK;
}

/* Whole words of one syllable come before all others: often they will do. */
static frai_status best_whole_words(struct fr_searcher *s, struct fr_pass *pass, bool *enough,
                                    frai_error *err)
{
    struct fr_query_node syllable;
    struct fr_tree whole = {.nodes = &syllable};
    bool complete = false;
    *enough = false;
    if (!is_one_syllable(&pass->plan->query, &syllable)) return FRAI_OK;
    for (uint32_t g = 0; g < s->context.snapshot->segment_count; g++)
        FR_TRY(fr_best_of_segment(s, g, pass, &whole, &complete, err));
    *enough = pass->top.count == pass->top.k;
    return FRAI_OK;
}

/* Which words the best hits have. */
static frai_status note_best(struct fr_searcher *s, struct fr_pass *pass, frai_error *err)
{
    uint32_t best = pass->any ? pass->top.count : 0;
    if (best > s->context.model.depth) best = s->context.model.depth;
    struct fr_hit_visitor visitor = {note_words, pass};
    frai_status status = fr_pass_visit(s, pass->plan, pass->top.heap, best, &visitor, err);
    fr_pass_sort(pass->top.heap, best);
    return status;
}

/* A syllable is seldom a word that is one in fewer documents than one of so many. */
#define SELDOM 64u

/* Can the best be found by the bounds of terms? Where a syllable is seldom a word, they don't tell
 * enough. */
static bool is_bounded(const struct fr_pass *pass)
{
    const struct fr_plan *p = pass->plan;
    for (uint32_t i = 0; i < fr_plan_words(p); i++) {
        const struct fr_query_word *w = fr_plan_word(p, i);
        if (w->negative) return false;
        if (!w->syllable) continue;
        if (pass->any || fr_syllable_is_inside(&p->query, w)) return false;
        uint64_t whole = fr_vec_at(&p->dfs, fr_query_covering_at(&p->query, w->first)->term);
        if (whole < p->collection.documents / SELDOM) return false;
    }
    return true;
}

/* *by_windows: matches are counted, and which words the hits have is not known. */
static frai_status find_best(struct fr_searcher *s, struct fr_pass *pass, uint64_t limit,
                             bool *by_windows, frai_error *err)
{
    bool enough = false, bounded = is_bounded(pass);
    *by_windows = false;
    FR_TRY(fr_titled_find(s, pass, err));
    start_heap(s, pass);
    if (bounded) FR_TRY(best_by_bounds(s, pass, &enough, err));
    if (enough) return FRAI_OK;
    start_heap(s, pass);
    pass->seen.words = 0;
    FR_TRY(best_whole_words(s, pass, &enough, err));
    if (enough) return FRAI_OK;
    start_heap(s, pass);
    *by_windows = true;
    size_t titled = fr_vec_count(&s->titled); /* match_words leaves them out */
    pass->total += titled < limit ? titled : limit;
    return match_words(s, pass, &(struct look){limit, false, NULL}, err);
}

/* What is found by then stays if the work is spent. */
frai_status fr_pass_best(struct fr_searcher *s, struct fr_pass *pass, uint64_t limit,
                         frai_error *err)
{
    bool by_windows;
    uint64_t depth = pass->plan->ranking == FRAI_RANK_DEFAULT ? s->context.model.depth : 0;
    if (depth < pass->wanted) depth = pass->wanted;
    FR_TRY(fr_searcher_heap(s, depth, &pass->top, err));
    pass->ranked = 0;
    pass->complete = false;
    pass->seen = (struct fr_seen){0, pass->any};
    frai_status status = find_best(s, pass, limit, &by_windows, err);
    bool cut = fr_interrupt_cuts(&s->context.interrupt, status);
    if (status != FRAI_OK && !cut) return status;
    fr_topk_sort(&pass->top, &s->context.interrupt);
    if (cut) return FRAI_OK;
    if (by_windows)
        status = note_best(s, pass, err);
    else if (pass->complete)
        pass->total += limit ? pass->top.count : 0;
    else if (limit)
        status = fr_pass_count(s, pass, limit, err);
    return fr_interrupt_cuts(&s->context.interrupt, status) ? FRAI_OK : status;
}
