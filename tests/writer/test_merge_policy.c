/* Which segments are merged: over long runs of commits there are few segments, no document is
 * written again often, and what is chosen can be done. */
#include <string.h>

#include "support/support.h"
#include "writer/merge_policy.h"

enum { SEGMENTS_MOST = 4096 };

static struct fr_merge_candidate segments[SEGMENTS_MOST];
static uint32_t count;
static uint64_t written; /* documents, by commits and merges */

static uint64_t living(const struct fr_merge_candidate *s)
{
    return s->docs - s->dead;
}

static void add_segment(uint32_t docs)
{
    assert_true(count < SEGMENTS_MOST);
    segments[count++] = (struct fr_merge_candidate){docs, 0};
    written += docs;
}

/* Merges until nothing is chosen; each step is a sound one. */
static void merge_all(uint32_t most)
{
    uint32_t begin, end;
    for (int steps = 0; fr_merge_policy_choose(segments, count, most, &begin, &end); steps++) {
        uint64_t docs = 0, dead = 0;
        assert_true(begin < end && end <= count);
        for (uint32_t i = begin; i < end; i++) {
            docs += living(&segments[i]);
            dead += segments[i].dead;
        }
        assert_true(docs <= most);
        assert_true(end - begin > 1 || dead > 0); /* else it would be chosen for ever */
        assert_true(steps < 100);
        segments[begin] = (struct fr_merge_candidate){(uint32_t)docs, 0};
        memmove(segments + begin + 1, segments + end, (count - end) * sizeof *segments);
        count -= end - begin - 1;
        written += docs;
    }
}

static void start(void)
{
    count = 0;
    written = 0;
}

static void commits_leave_few_segments(void **unused)
{
    (void)unused;
    for (uint32_t size = 1; size <= 10000; size *= 10) {
        uint64_t added = 0, levels = 1;
        start();
        for (int commit = 0; commit < 3000; commit++) {
            uint32_t docs = 1 + (uint32_t)rnd_below(2 * size);
            add_segment(docs);
            added += docs;
            merge_all(UINT32_MAX);
        }
        for (uint64_t most = FR_LEVEL_DOCS; most < added; most *= FR_LEVEL_FACTOR) levels++;
        assert_true(count <= levels * FR_LEVEL_FACTOR);
        /* The lowest level is written again as its segments grow, each other one once. */
        assert_true(written <= added * (levels + 1 + FR_LEVEL_DOCS / size / FR_LEVEL_FACTOR));
    }
}

static void a_segment_that_lost_much_is_written_anew(void **unused)
{
    (void)unused;
    for (int round = 0; round < 2000; round++) {
        uint32_t docs = 1 + (uint32_t)rnd_below(100000), dead = (uint32_t)rnd_below(docs + 1ull);
        uint32_t begin, end;
        struct fr_merge_candidate one = {docs, dead};
        bool much = dead > 0 && (uint64_t)dead * FR_LEVEL_LOST_PART >= docs;
        assert_int_equal(fr_merge_policy_choose(&one, 1, UINT32_MAX, &begin, &end), much);
        if (much) assert_true(begin == 0 && end == 1);
    }
}

static void no_merge_is_larger_than_it_may_be(void **unused)
{
    (void)unused;
    for (int round = 0; round < 200; round++) {
        uint32_t most = 1 + (uint32_t)rnd_below(100000);
        start();
        for (int commit = 0; commit < 200; commit++) {
            add_segment(1 + (uint32_t)rnd_below(3000));
            for (uint64_t n = rnd_below(3); n > 0; n--) {
                struct fr_merge_candidate *s = &segments[rnd_below(count)];
                s->dead += (uint32_t)rnd_below(living(s) + 1);
            }
            merge_all(most); /* which checks each */
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commits_leave_few_segments),
        cmocka_unit_test(a_segment_that_lost_much_is_written_anew),
        cmocka_unit_test(no_merge_is_larger_than_it_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
