/* The evaluator finds documents that may come in by their terms. They are verified best first, some
 * at a time, and only while they still may. */
#include "query/best.h"

#include "query/candidates.h"
#include "query/eval_or_block_max.h"
#include "query/lone_syllable.h"

/* Documents that wait before any is verified, and that are verified between two looks at what comes
 * in: cursors go through them in ascending order. */
#define PENDING_MOST 64u
#define TOGETHER     32u

struct verifier {
    struct fr_verifier base;
    struct fr_searcher *s;
    struct fr_match m; /* with cursors of its own */
    struct fr_candidates candidates;
    const struct fr_topk *top;
    uint32_t wholes; /* number of the first cursor of a syllable as a word */
    uint64_t *seen;  /* words (a bit each) that a document had that came in; or NULL */
};

static uint64_t prefilter(void *ctx, uint32_t range, const uint64_t *masks)
{
    struct verifier *v = ctx;
    return fr_candidates_in_range(&v->candidates, range, masks);
}

/* Documents in which some lone syllable is no word: its pairs are none of the evaluator's terms. */
static uint64_t has_more(void *ctx, const uint64_t *masks)
{
    struct verifier *v = ctx;
    uint64_t all = ~0ull;
    uint32_t cursor = v->wholes;
    for (uint32_t i = 0; i < fr_vec_count(&v->m.query->words); i++) {
        uint64_t whole = 0;
        if (fr_syllable_is_inside(v->m.query, fr_query_word_at(v->m.query, i))) return ~0ull;
        for (uint32_t k = 0; k < v->m.syllables[i].wholes; k++) whole |= masks[cursor++];
        if (v->m.syllables[i].count) all &= whole;
    }
    return ~all;
}

static bool is_wanted(const struct verifier *v, struct fr_scored hit)
{
    return fr_collector_wants(v->m.collector, v->m.evaluation.base + hit.doc, hit.score);
}

static void verify(struct verifier *v, struct fr_scored hit)
{
    uint32_t doc = (uint32_t)hit.doc;
    if (!is_wanted(v, hit) || fr_match_is_skipped(&v->m, doc)) return;
    if (!fr_match_verify(&v->m, doc, v->seen) || fr_work_is_spent(v->m.evaluation.interrupt))
        return;
    if (!v->m.syllables) fr_match_fade(&v->m, doc, &hit.score);
    fr_collector_offer(v->m.collector, v->m.evaluation.base + doc, hit.score);
}

static void rewind_terms(struct verifier *v)
{
    for (uint32_t t = 0; t < v->m.evaluation.count; t++)
        fr_cursor_rewind(&v->m.evaluation.cursors[t]);
}

/* Takes the best of those that wait and may come in out of the heap, by ascending document. */
static size_t pop_best(const struct verifier *v, struct fr_scored *heap, size_t *count,
                       struct fr_scored best[TOGETHER])
{
    size_t n = 0;
    while (*count > 0 && n < TOGETHER && is_wanted(v, heap[0])) {
        size_t at = n++;
        for (; at > 0 && best[at - 1].doc > heap[0].doc; at--) best[at] = best[at - 1];
        best[at] = heap[0];
        fr_scored_heap_pop(heap, (*count)--);
    }
    return n;
}

/* Verifies the best of those that wait, `most` of them unless those that come in are many enough;
 * the others wait on, for better ones may come. */
static void verify_best(struct verifier *v, size_t most)
{
    struct fr_scored *heap = fr_vec_data(&v->s->pending), best[TOGETHER];
    size_t count = fr_vec_count(&v->s->pending), tried = 0, n;
    fr_scored_heap_make(heap, count);
    while (count > 0 && !fr_interrupted(v->m.evaluation.interrupt)) {
        if (tried >= most && v->top->count < v->top->k) break;
        n = pop_best(v, heap, &count, best);
        tried += n;
        if (n == 0) count = 0; /* no other may come in */
        if (n) rewind_terms(v);
        for (size_t i = 0; i < n && !fr_interrupted(v->m.evaluation.interrupt); i++)
            verify(v, best[i]);
    }
    fr_vec_set_count(&v->s->pending, count);
    if (v->m.syllables) rewind_terms(v); /* take goes on */
}

static void settle(void *ctx, bool last)
{
    struct verifier *v = ctx;
    verify_best(v, last ? SIZE_MAX : v->top->k);
}

/* The evaluator's score of lone syllables is a bound; what they add is known without a look at
 * where they stand. */
static void take(void *ctx, uint32_t doc, float most)
{
    struct verifier *v = ctx;
    if (v->m.syllables) {
        most = fr_match_score(&v->m, doc);
        if (!is_wanted(v, (struct fr_scored){doc, most})) return;
    }
    fr_vec_push(&v->s->pending, doc, most);
    if (v->s->pending.buf.failed) fr_interrupt_memory(v->m.evaluation.interrupt);
    if (fr_vec_count(&v->s->pending) < PENDING_MOST) return;
    verify_best(v, v->top->k);
    if (fr_vec_count(&v->s->pending) > PENDING_MOST / 2) verify_best(v, SIZE_MAX);
}

/* What lone syllables add beyond what the evaluator knows: as a word by itself, or, in documents in
 * which it is none, once, which in the shortest is the most. */
static float most_of_syllables(const struct fr_match *m)
{
    float k = m->evaluation.k_of_norm[0], most = 0; /* K doesn't fall as documents grow */
    for (uint32_t i = 0; i < fr_vec_count(&m->query->words); i++) {
        float weight = m->syllables[i].weight;
        if (!m->syllables[i].count) continue;
        most += fr_syllable_is_inside(m->query, fr_query_word_at(m->query, i))
                    ? weight * m->model->syllable_whole
                    : m->model->syllable_begun * fr_bm25(weight, 1, k);
    }
    return most * 1.00001f; /* what is rounded down elsewhere is far less */
}

/* The part's evaluation with cursors of its own, those of lone syllables as words behind the rest.
 */
static frai_status open_evaluation(struct fr_searcher *s, const struct fr_match *m,
                                   struct fr_evaluation *e, frai_error *err)
{
    uint32_t terms = m->evaluation.count, words = (uint32_t)fr_vec_count(&m->query->words);
    *e = m->evaluation;
    for (uint32_t i = 0; m->syllables && i < words; i++) e->count += m->syllables[i].wholes;
    e->cursors = fr_vec_reserve(&s->bit_cursors, e->count);
    struct fr_summand *order = fr_vec_reserve(&s->summands, e->count);
    if (!e->cursors || !order) return fr_fail_memory(err, "searching");
    memcpy(e->cursors, m->evaluation.cursors, terms * sizeof *e->cursors);
    if (e->count == terms) return FRAI_OK;
    for (uint32_t t = 0; t < terms; t++) order[t] = fr_evaluation_summand(&m->evaluation, t);
    for (uint32_t i = 0, to = terms; i < words; i++) {
        const struct fr_syllable *syllable = &m->syllables[i];
        for (uint32_t k = 0; k < syllable->wholes; k++, to++) {
            fr_cursor_open(&syllable->cursors[k].postings, e->cursors[0].bound_k_ratio,
                           syllable->weight, e->damage, &e->cursors[to]);
            order[to] = (struct fr_summand){to, FR_NO_QUERY_TERM, true};
        }
    }
    if (e->order) e->order = order;
    return FRAI_OK;
}

static frai_status open_part(struct fr_searcher *s, uint32_t g, struct fr_pass *pass,
                             struct fr_match *m, frai_error *err)
{
    bool plain = fr_pass_is_plain(&pass->plan->query);
    return (plain ? fr_part_terms : fr_part_words)(s, pass->plan, g, &pass->top.collector, m, err);
}

frai_status fr_best_of_segment(struct fr_searcher *s, uint32_t g, struct fr_pass *pass,
                               const struct fr_tree *tree, bool *complete, frai_error *err)
{
    struct verifier v = {.s = s, .top = &pass->top, .seen = pass->any ? &pass->seen.words : NULL};
    struct fr_evaluation e;
    v.base = (struct fr_verifier){
        .ctx = &v, .prefilter = prefilter, .has_more = has_more, .take = take, .settle = settle};
    FR_TRY(fr_interrupt_check(&s->context.interrupt, err));
    FR_TRY(open_part(s, g, pass, &v.m, err));
    FR_TRY(open_evaluation(s, &v.m, &e, err));
    v.m.bit_cursors = NULL; /* the evaluation has their room */
    v.m.tree = tree ? *tree : fr_pass_tree(pass);
    fr_pass_leave_out(s, pass, &v.m, false);
    if (v.m.syllables) {
        fr_match_rewind_syllables(&v.m);
        rewind_terms(&v);
        v.wholes = v.m.evaluation.count;
        v.base.more = most_of_syllables(&v.m);
    }
    if (!fr_candidates_init(&v.candidates, &v.m)) return fr_fail_memory(err, "searching");
    if (!pass->any) {
        if (!fr_candidates_find(&v.candidates)) return FRAI_OK;
        v.base.ranges = v.candidates.ranges;
    }
    fr_buf_clear(&s->pending.buf);
    fr_evaluate_or_block_max(&e, &v.base, v.m.collector, &v.m.stats);
    fr_part_note(s, &v.m, false);
    FR_TRY(fr_part_check(s, &v.m, err));
    pass->scored_docs += v.m.stats.scored;
    pass->decoded_postings += v.m.stats.decoded;
    bool full = fr_collector_threshold(v.m.collector) > v.base.more; /* unscored ones have less */
    if (*complete && !full) *complete = !pass->any && !fr_candidates_find_unscored(&v.candidates);
    return FRAI_OK;
}
