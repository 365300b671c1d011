/* Models of ranking, drawn at random: what bounds leave out could not have come in. */
#include <stdio.h>
#include <string.h>

#include "query/eval_or_block_max.h"
#include "query/eval_reference.h"
#include "query/noun_odds.h"
#include "query/rerank.h"
#include "support/support.h"

#define DOCS 3000
#define BEST 5u

/* 나 다 라 …, the first ones more often. */
static size_t put_word(char *out)
{
    size_t n = 0;
    for (uint64_t left = 2 + rnd_below(3); left-- > 0;) {
        unsigned cp = 0xAC00 + 28 * (unsigned)rnd_below(1 + rnd_below(60));
        n += (size_t)sprintf(out + n, "%c%c%c", 0xE0 | cp >> 12, 0x80 | (cp >> 6 & 63),
                             0x80 | (cp & 63));
    }
    out[n++] = ' ';
    return n;
}

static void fill(const char *dir)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *writer;
    assert_ok(frai_writer_open(dir, &o, &writer, &error_));
    for (size_t d = 0; d < DOCS; d++) {
        static char body[200 * 16];
        size_t n = 0;
        for (uint64_t words = 1 + rnd_below(1 + rnd_below(200)); words-- > 0;)
            n += put_word(body + n);
        add_body(writer, d, (frai_slice){body, n});
    }
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
}

static float below(float most)
{
    return rnd_below(4) ? most * (float)rnd_below(1001) / 1000 : 0;
}

static struct fr_rank_model draw(void)
{
    struct fr_rank_model m = fr_rank_model_default;
    m.k1 = below(4);
    m.b = below(1);
    m.stretch = 1 + (uint32_t)rnd_below(300);
    m.lead_half = 1 + below(500);
    m.across = below(3);
    m.near_length = below(800);
    m.lead_length = below(900);
    m.lead_most = below(5);
    m.joint = below(4);
    m.start = below(2);
    m.end = below(2);
    m.glued = below(2);
    m.title = below(2);
    m.boosts.stem = below(2);
    m.boosts.no_noun = below(2);
    assert_true(fr_rank_model_is_sound(&m));
    return m;
}

/* Of a page that is ranked in part, the hits are those of all candidates ranked. */
static void check_ranked(struct fr_searcher *s, frai_slice text, frai_match match)
{
    struct fr_question asked = {.text = text, .ranking = FRAI_RANK_DEFAULT, .match = match};
    assert_ok(fr_plan_make(&s->context, &asked, &s->main, &error_));
    struct fr_pass page = {.plan = &s->main, .wanted = BEST}, all;
    struct fr_scored best[BEST];
    page.any = s->main.query.root != s->main.query.all;
    all = page;
    assert_ok(fr_pass_best(s, &page, 0, &error_));
    assert_ok(fr_rerank(s, &page, &error_));
    uint32_t count = page.top.count < BEST ? page.top.count : BEST;
    memcpy(best, page.top.heap, count * sizeof *best);
    all.wanted = s->context.model.depth;
    assert_ok(fr_pass_best(s, &all, 0, &error_));
    assert_ok(fr_rerank(s, &all, &error_));
    assert_true(all.top.count >= count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(best[i].doc, all.top.heap[i].doc);
        assert_memory_equal(&best[i].score, &all.top.heap[i].score, sizeof(float));
    }
}

static void assert_same(const struct fr_topk top[2])
{
    assert_int_equal(top[0].count, top[1].count);
    for (uint32_t i = 0; i < top[0].count; i++) {
        assert_int_equal(top[0].heap[i].doc, top[1].heap[i].doc);
        assert_memory_equal(&top[0].heap[i].score, &top[1].heap[i].score, sizeof(float));
    }
}

/* Bounds of the index, which are made with another K, are bounds of the model's too. */
static void check_bounds(struct fr_searcher *s, frai_slice text)
{
    struct fr_question asked = {.text = text, .flags = FR_SEARCH_TERMS};
    struct fr_scored heap[2][BEST];
    struct fr_topk top[2];
    asked.ranking = FRAI_RANK_DEFAULT;
    assert_ok(fr_plan_make(&s->context, &asked, &s->main, &error_));
    for (int way = 0; way < 2; way++) {
        struct fr_match m;
        fr_topk_init(&top[way], heap[way], BEST);
        assert_ok(fr_part_terms(s, &s->main, 0, &top[way].collector, &m, &error_));
        if (way)
            fr_evaluate_or_exhaustive(&m.evaluation, m.collector, &m.stats);
        else
            fr_evaluate_or_block_max(&m.evaluation, NULL, m.collector, &m.stats);
        assert_ok(fr_part_check(s, &m, &error_));
        fr_topk_sort(&top[way], &s->context.interrupt);
    }
    assert_same(top);
}

/* Any terms as alternatives of one another, frequent and rare ones with weights alike. */
static void draw_alternatives(struct fr_match *m, struct fr_summand *order)
{
    struct fr_evaluation *e = &m->evaluation;
    for (uint32_t t = 0; t < e->count; t++) {
        struct fr_cursor *c = &e->cursors[t];
        order[t] = (struct fr_summand){t, FR_END, t == 0 || rnd_below(3) == 0};
        if (rnd_below(4) == 0) order[t].typed = (t + 1) % e->count;
        if (order[t].typed == t) order[t].typed = FR_END;
        if (!c->exists) continue;
        c->weight = 1 + (float)rnd_below(101) / 100;
        c->max_score = fr_cursor_bound(c, c->postings.max_impact);
    }
    e->order = order;
}

/* Of alternatives only the best scores: bounds that know it leave out nothing that comes in. */
static void check_alternatives(struct fr_searcher *s, frai_slice text)
{
    struct fr_question asked = {.text = text, .flags = FR_SEARCH_TERMS, .ranking = FRAI_RANK_BM25};
    struct fr_scored heap[2][BEST];
    struct fr_summand order[64];
    struct fr_topk top[2];
    struct fr_match m;
    for (int way = 0; way < 2; way++) fr_topk_init(&top[way], heap[way], BEST);
    assert_ok(fr_plan_make(&s->context, &asked, &s->main, &error_));
    assert_true(fr_plan_term_count(&s->main) <= 64);
    assert_ok(fr_part_terms(s, &s->main, 0, &top[0].collector, &m, &error_));
    draw_alternatives(&m, order);
    fr_evaluate_or_block_max(&m.evaluation, NULL, m.collector, &m.stats);
    for (uint32_t t = 0; t < m.evaluation.count; t++) fr_cursor_rewind(&m.evaluation.cursors[t]);
    for (uint32_t doc = 0; doc < DOCS; doc++) {
        float score = fr_match_score(&m, doc);
        if (score > 0) fr_collector_offer(&top[1].collector, doc, score);
    }
    assert_ok(fr_part_check(s, &m, &error_));
    for (int way = 0; way < 2; way++) fr_topk_sort(&top[way], &s->context.interrupt);
    assert_same(top);
}

static void bounds_hold_in_every_model(void **unused)
{
    (void)unused;
    const char *dir = temp_dir();
    struct fr_snapshot snapshot;
    struct fr_searcher s;
    fill(dir);
    assert_ok(fr_snapshot_open(&snapshot, dir, fr_allocator_or_libc(NULL), &error_));
    assert_ok(fr_searcher_init(&s, &snapshot, &error_));
    for (int round = 0; round < (full_run() ? 3000 : 150); round++) {
        struct fr_rank_model model = draw();
        char text[80], pairs[80];
        size_t n = 0, p = 0;
        fr_searcher_set_model(&s, &model);
        for (uint64_t words = 1 + rnd_below(4); words-- > 0;) n += put_word(text + n);
        for (size_t i = 0; i + 6 < n; i++)
            if (text[i] != ' ' && (text[i] & 0xC0) == 0xC0 && text[i + 3] != ' ' && p < 60)
                p += (size_t)sprintf(pairs + p, "%.6s ", text + i);
        check_ranked(&s, (frai_slice){text, n}, round % 2 ? FRAI_MATCH_ANY : FRAI_MATCH_AUTO);
        check_bounds(&s, (frai_slice){pairs, p});
        check_alternatives(&s, (frai_slice){pairs, p});
    }
    fr_searcher_deinit(&s);
    fr_snapshot_close(&snapshot);
}

/* Words that come and go in the same order for long: what rounding adds each time must not add up.
 */
static void a_long_text_scores_no_more_than_its_bound(void **unused)
{
    (void)unused;
    enum { TEXTS = 300, REPEATED = 3000 };
    static const char *const words[] = {"나다", "라마", "바사", "아자", "차카"};
    static char body[REPEATED * 100];
    const char *dir = temp_dir();
    struct fr_rank_model model = fr_rank_model_default;
    struct fr_snapshot snapshot;
    struct fr_searcher s;
    frai_writer *writer;
    assert_ok(frai_writer_open(dir, NULL, &writer, &error_));
    for (size_t d = 0; d < TEXTS; d++) {
        char pattern[100];
        size_t n = 0, len = 0;
        for (uint64_t k = 4 + rnd_below(8); k-- > 0;) /* the last word comes seldom */
            len += (size_t)sprintf(pattern + len, "%s ", words[rnd_below(4)]);
        for (int k = 0; k < (d % 10 ? REPEATED : 1); k++)
            n += (size_t)sprintf(body + n, "%s", pattern);
        if (d % 10 == 0) n += (size_t)sprintf(body + n, "%s", words[4]);
        add_body(writer, d, (frai_slice){body, n});
    }
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
    model.joint = model.start = model.end = model.glued = model.title = 0;
    model.lead_most = 0;
    model.near_length = 1e9f;
    assert_ok(fr_snapshot_open(&snapshot, dir, fr_allocator_or_libc(NULL), &error_));
    assert_ok(fr_searcher_init(&s, &snapshot, &error_));
    for (uint32_t stretch = 4; stretch < 40; stretch++) {
        model.stretch = stretch;
        fr_searcher_set_model(&s, &model);
        check_ranked(&s, frai_slice_of("나다 라마 바사 아자 차카"), FRAI_MATCH_ANY);
    }
    fr_searcher_deinit(&s);
    fr_snapshot_close(&snapshot);
}

static void a_model_that_bounds_cannot_follow_is_known(void **unused)
{
    (void)unused;
    struct fr_rank_model m = fr_rank_model_default;
    assert_true(fr_rank_model_is_sound(&m));
    m.title = -0.1f;
    assert_false(fr_rank_model_is_sound(&m));
    m = fr_rank_model_default;
    m.b = 1.5f;
    assert_false(fr_rank_model_is_sound(&m));
    m = fr_rank_model_default;
    m.lead_half = 0;
    assert_false(fr_rank_model_is_sound(&m));
}

static float noun_odds(uint64_t all, uint64_t noun, bool predicate)
{
    return fr_noun_probability(&fr_rank_model_default.nouns, &(struct fr_stem_docs){all, noun},
                               predicate);
}

static void what_the_corpus_shows_makes_a_noun(void **unused)
{
    (void)unused;
    assert_true(noun_odds(0, 0, false) > 0.5f && noun_odds(0, 0, true) < 0.5f);
    assert_true(noun_odds(100, 30, true) > 0.99f && noun_odds(100, 1, false) < 0.01f);
    for (int i = 0; i < 10000; i++) {
        uint64_t all = rnd_below(1ull << rnd_below(40)), noun = rnd_below(all + 1);
        bool predicate = rnd_below(2);
        float some = noun_odds(all, noun, predicate);
        assert_true(some >= 0 && some <= 1);
        assert_true(noun_odds(all + 1, noun + 1, predicate) >= some);
        assert_true(noun_odds(all + 1, noun, predicate) <= some);
        assert_true(noun_odds(noun, all, predicate) >= 0); /* a hostile lexicon's */
    }
}

/* Two words as rare as each other, in documents of one length. */
static void a_noun_ranks_above_what_is_none(void **unused)
{
    (void)unused;
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    frai_search_options so = FRAI_SEARCH_OPTIONS_INIT;
    const char *dir = temp_dir();
    frai_writer *writer;
    frai_index *index;
    frai_searcher *searcher;
    const frai_results *results;
    assert_ok(frai_writer_open(dir, &o, &writer, &error_));
    for (size_t i = 0; i < 40; i++)
        add_body(writer, i, frai_slice_of(i % 2 ? "자꾸 눈물이 난다" : "거북을 보러 간다"));
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    assert_ok(frai_searcher_create(index, &searcher, &error_));
    assert_ok(frai_search(searcher, frai_slice_of("자꾸 거북 없는낱말"), &so, &results, &error_));
    assert_int_equal(frai_results_doc(results, 0) % 2, 0);
    assert_int_equal(frai_results_doc(results, 9) % 2, 0);
    frai_searcher_destroy(searcher);
    frai_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_corpus_shows_makes_a_noun),
        cmocka_unit_test(a_noun_ranks_above_what_is_none),
        cmocka_unit_test(bounds_hold_in_every_model),
        cmocka_unit_test(a_long_text_scores_no_more_than_its_bound),
        cmocka_unit_test(a_model_that_bounds_cannot_follow_is_known)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
