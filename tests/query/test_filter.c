/* Documents that a filter leaves: what every evaluator finds through one, against what it finds
 * without, filtered afterwards. */
#include <stdio.h>
#include <string.h>

#include "query/eval_and.h"
#include "query/eval_count.h"
#include "query/eval_or_block_max.h"
#include "query/eval_phrase.h"
#include "query/eval_reference.h"
#include "query/part.h"
#include "support/support.h"

#define DOCS  30000u /* numbers may be fewer in a segment, never more */
#define WORDS 24u    /* each in two of three documents of the one before */

static void fill(const char *dir, bool pretokenized)
{
    for (int part = 0; part < 3; part++) {
        frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
        frai_writer *writer;
        if (pretokenized) o.analyzer = FRAI_ANALYZER_PRETOKENIZED;
        o.mode = part ? FRAI_OPEN_OR_CREATE : FRAI_REPLACE;
        assert_ok(frai_writer_open(dir, &o, &writer, &error_));
        for (uint32_t d = 0; d < DOCS / 3; d++) {
            char body[1024];
            size_t n = (size_t)sprintf(body, "x ");
            for (unsigned w = 0; w < WORDS && rnd_below(w ? 3 : 2) > 0; w++)
                for (uint64_t times = 1 + rnd_below(3); times-- > 0;)
                    n += (size_t)sprintf(body + n, "w%u 단%u ", w, w % 7);
            add_body(writer, (size_t)part * DOCS / 4 + d, (frai_slice){body, n}); /* some again */
        }
        assert_ok(frai_writer_commit(writer, &error_));
        frai_writer_close(writer);
    }
}

/* What one evaluation found, over all segments. */
struct found {
    struct fr_topk top;
    struct fr_scored heap[DOCS];
    uint64_t matches;
};

enum way {
    OR,
    AND,
    PHRASE,
    COUNT_OR,
    COUNT_AND,
    COUNT_PHRASE,
    OR_REFERENCE,
    AND_REFERENCE,
    WINDOWS,
    WAYS
};

static void evaluate(enum way way, struct fr_match *m)
{
    static const uint32_t neighbours[] = {0, 1};
    struct fr_sequence sequence = {neighbours, m->evaluation.count < 2 ? 1 : 2};
    struct fr_collector none = fr_count_only(), *c = m->collector;
    switch (way) {
    case OR: fr_evaluate_or_block_max(&m->evaluation, NULL, c, &m->stats); break;
    case AND: fr_evaluate_and(&m->evaluation, c, &m->stats); break;
    case PHRASE: fr_evaluate_phrase(&m->evaluation, &sequence, c, &m->stats); break;
    case COUNT_OR: fr_evaluate_or_count(&m->evaluation, &m->stats); break;
    case COUNT_AND: fr_evaluate_and(&m->evaluation, &none, &m->stats); break;
    case COUNT_PHRASE: fr_evaluate_phrase(&m->evaluation, &sequence, &none, &m->stats); break;
    case OR_REFERENCE: fr_evaluate_or_exhaustive(&m->evaluation, c, &m->stats); break;
    case AND_REFERENCE: fr_evaluate_and_exhaustive(&m->evaluation, c, &m->stats); break;
    default: fr_match_segment(m); break;
    }
}

/* filters: one for each segment; NULL: none. */
static void find(struct fr_searcher *s, enum way way, uint64_t **filters, uint32_t k,
                 struct found *out)
{
    fr_topk_init(&out->top, out->heap, k);
    out->matches = 0;
    for (uint32_t g = 0; g < s->context.snapshot->segment_count; g++) {
        struct fr_match m;
        frai_status (*open)(struct fr_searcher *, const struct fr_plan *, uint32_t,
                            struct fr_collector *, struct fr_match *, frai_error *) =
            way == WINDOWS ? fr_part_words : fr_part_terms;
        assert_ok(open(s, &s->main, g, &out->top.collector, &m, &error_));
        if (filters) {
            static uint64_t ranges[DOCS / 64 / 64 + 1];
            fr_accept_find_ranges(filters[g], m.evaluation.seg->stats.docs, ranges);
            m.evaluation.accept.filter = filters[g];
            m.evaluation.accept.ranges = ranges;
        }
        evaluate(way, &m);
        assert_ok(fr_part_check(s, &m, &error_));
        out->matches += m.stats.matches;
    }
    fr_topk_sort(&out->top, &(struct fr_interrupt){.armed = false});
}

/* Leaves of all hits the k best that the filters have. */
static void filter(const struct fr_snapshot *snapshot, uint64_t **filters, uint32_t k,
                   struct found *all)
{
    uint32_t kept = 0;
    all->matches = 0;
    for (uint32_t i = 0; i < all->top.count; i++) {
        uint32_t doc, g = fr_snapshot_segment_of(snapshot, all->heap[i].doc, &doc);
        if (!(filters[g][doc / 64] >> (doc % 64) & 1)) continue;
        if (kept < k) all->heap[kept++] = all->heap[i];
        all->matches++;
    }
    all->top.count = kept;
}

static bool has_hits(enum way way)
{
    return way != COUNT_OR && way != COUNT_AND && way != COUNT_PHRASE;
}

/* Is `matches` of this way the number of all? */
static bool counts(enum way way)
{
    return way != OR && way != AND && way != PHRASE;
}

static void compare(struct fr_searcher *s, const char *text, bool terms)
{
    static struct found all, some;
    static uint64_t bits[8][DOCS / 64 + 1];
    uint64_t *filters[8];
    static const enum way judged_by[WAYS] = {
        [OR] = OR_REFERENCE,           [AND] = AND_REFERENCE,           [PHRASE] = PHRASE,
        [COUNT_OR] = OR_REFERENCE,     [COUNT_AND] = AND_REFERENCE,     [COUNT_PHRASE] = PHRASE,
        [OR_REFERENCE] = OR_REFERENCE, [AND_REFERENCE] = AND_REFERENCE, [WINDOWS] = WINDOWS};
    struct fr_question asked = {.text = {text, strlen(text)}, .match = FRAI_MATCH_ALL};
    if (terms) asked.flags = FR_SEARCH_TERMS;
    asked.ranking = FRAI_RANK_BM25;
    assert_ok(fr_plan_make(&s->context, &asked, &s->main, &error_));
    static const uint64_t odds[] = {3, 300, 10000};
    uint64_t one_in = 1 + rnd_below(odds[rnd_below(3)]);
    assert_true(s->context.snapshot->segment_count <= 8);
    for (uint32_t g = 0; g < s->context.snapshot->segment_count; g++) {
        filters[g] = bits[g];
        memset(bits[g], 0, sizeof bits[g]);
        uint32_t first = (uint32_t)rnd_below(DOCS / 3), end = DOCS; /* all in one place, or not */
        if (rnd_below(2)) end = first + (uint32_t)rnd_below(DOCS / 30);
        for (uint32_t d = end < DOCS ? first : 0; d < end; d++)
            if (rnd_below(one_in) == 0) bits[g][d / 64] |= 1ull << (d % 64);
    }
    for (enum way way = terms ? OR : WINDOWS; way < (terms ? WINDOWS : WAYS); way++) {
        static const uint32_t ks[] = {1, 10, 200, DOCS};
        uint32_t k = ks[rnd_below(4)];
        find(s, judged_by[way], NULL, DOCS, &all);
        filter(s->context.snapshot, filters, k, &all);
        find(s, way, filters, k, &some);
        if (counts(way) && some.matches != all.matches)
            fail_msg("%s, way %d: %llu, not %llu", text, way, (unsigned long long)some.matches,
                     (unsigned long long)all.matches);
        if (!has_hits(way)) continue;
        if (some.top.count != all.top.count)
            fail_msg("%s, way %d: %u hits, not %u", text, way, some.top.count, all.top.count);
        for (uint32_t i = 0; i < some.top.count; i++) {
            assert_int_equal(some.heap[i].doc, all.heap[i].doc);
            assert_memory_equal(&some.heap[i].score, &all.heap[i].score, sizeof(float));
        }
    }
}

static void search(bool pretokenized, const char *const *queries, size_t n)
{
    const char *dir = temp_dir();
    struct fr_snapshot snapshot;
    struct fr_searcher s;
    fill(dir, pretokenized);
    assert_ok(fr_snapshot_open(&snapshot, dir, fr_allocator_or_libc(NULL), &error_));
    assert_int_equal(snapshot.segment_count, 3);
    assert_true(snapshot.segments[0].deletes.docs > 0);
    assert_ok(fr_searcher_init(&s, &snapshot, &error_));
    for (int round = 0; round < (full_run() ? 40 : 4); round++)
        for (size_t i = 0; i < n; i++) compare(&s, queries[i], pretokenized);
    fr_searcher_deinit(&s);
    fr_snapshot_close(&snapshot);
}

static void terms_find_what_a_filter_leaves(void **unused)
{
    static const char *const queries[] = {"w0",       "w6",
                                          "x w0",     "w0 w1",
                                          "w2 w3 w4", "w5 w6",
                                          "x w4 단5", "w13 w12",
                                          "w2 w14",   "w4 w6",
                                          "단1 단2",  "nowhere",
                                          "w0 nope",  "w0 w1 w2 w3 w4 w5 w6 w7 w8"};
    (void)unused;
    search(true, queries, sizeof queries / sizeof *queries);
}

static void words_find_what_a_filter_leaves(void **unused)
{
    static const char *const queries[] = {"w0", "단1", "w3 -w4", "\"w1 단2\"", "* -w0", "단", "*"};
    (void)unused;
    search(false, queries, sizeof queries / sizeof *queries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(terms_find_what_a_filter_leaves),
                                       cmocka_unit_test(words_find_what_a_filter_leaves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
