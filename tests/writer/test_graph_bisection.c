/* The order of documents: every one once, likes together, the same for any number of threads. */
#include <math.h>
#include <string.h>

#include "support/support.h"
#include "writer/graph_bisection.h"

enum { DOCS_MAX = 3000, TERMS = 400, TERMS_MOST = 30 };

static uint64_t ends[DOCS_MAX];
static uint32_t forward[DOCS_MAX * TERMS_MOST], order[DOCS_MAX];

static void *plain(void *ctx, void *old, size_t old_bytes, size_t new_bytes)
{
    (void)ctx;
    (void)old_bytes;
    if (new_bytes) return realloc(old, new_bytes);
    free(old);
    return NULL;
}

/* Documents of `topics`, in turn; each topic has terms of its own, beside some that all have. */
static struct fr_forward make(uint32_t docs, uint32_t topics)
{
    uint64_t at = 0;
    for (uint32_t d = 0; d < docs; d++) {
        uint32_t n = (uint32_t)rnd_below(TERMS_MOST + 1), own = TERMS / 2 / topics;
        bool has[TERMS] = {false};
        for (uint32_t i = 0; i < n; i++) {
            uint32_t t = rnd_below(4) ? d % topics * own + (uint32_t)rnd_below(own)
                                      : TERMS / 2 + (uint32_t)rnd_below(TERMS / 2);
            if (!has[t]) forward[at++] = t;
            has[t] = true;
        }
        ends[d] = at;
    }
    return (struct fr_forward){docs, TERMS, ends, forward};
}

/* Bits of the gaps between the documents of each term, in this order. */
static double gap_bits(const struct fr_forward *in, const uint32_t *in_order)
{
    static uint32_t last[TERMS];
    double bits = 0;
    memset(last, 0, sizeof last);
    for (uint32_t place = 0; place < in->docs; place++) {
        uint32_t d = in_order[place];
        for (uint64_t i = d ? in->ends[d - 1] : 0; i < in->ends[d]; i++) {
            bits += log2(place + 1 - last[in->forward[i]]);
            last[in->forward[i]] = place + 1;
        }
    }
    return bits;
}

static void every_document_once_whatever_the_threads(void **unused)
{
    (void)unused;
    const frai_allocator mem = {plain, NULL};
    for (int round = 0; round < 60; round++) {
        uint32_t docs = (uint32_t)rnd_below(round % 4 ? 400 : DOCS_MAX) + 1;
        struct fr_forward in = make(docs, 1 + (uint32_t)rnd_below(8));
        static uint32_t again[DOCS_MAX];
        static bool seen[DOCS_MAX];
        memset(seen, 0, sizeof seen);
        assert_true(fr_graph_bisection(&in, 1, order, &mem));
        for (uint32_t i = 0; i < docs; i++) {
            assert_true(order[i] < docs && !seen[order[i]]);
            seen[order[i]] = true;
        }
        assert_true(fr_graph_bisection(&in, 2 + (uint32_t)rnd_below(6), again, &mem));
        assert_memory_equal(order, again, docs * sizeof *order);
    }
}

static void likes_stand_together(void **unused)
{
    (void)unused;
    const frai_allocator mem = {plain, NULL};
    static uint32_t natural[DOCS_MAX];
    for (uint32_t i = 0; i < DOCS_MAX; i++) natural[i] = i;
    for (uint32_t topics = 2; topics <= 16; topics *= 2) {
        struct fr_forward in = make(DOCS_MAX, topics);
        assert_true(fr_graph_bisection(&in, 1, order, &mem));
        double before = gap_bits(&in, natural), after = gap_bits(&in, order);
        /* at best, the terms of a topic, three of four, have gaps `topics` times smaller */
        double saved = before - after, best = 0.75 * (double)in.ends[DOCS_MAX - 1] * log2(topics);
        if (saved < 0.7 * best) fail_msg("%u topics: %.0f of %.0f bits saved", topics, saved, best);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_document_once_whatever_the_threads),
                                       cmocka_unit_test(likes_stand_together)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
