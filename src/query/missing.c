/* Which words of a query no document has. For each word that the search didn't see, the first
 * document is sought that holds a tree of this word and of the query's exclusions. */
#include "query/missing.h"

#include "query/candidates.h"
#include "query/part.h"

/* Sets found[i] of the words that a document of the segment has, and nothing that is excluded. */
static frai_status look_in_segment(struct fr_searcher *s, const struct fr_plan *plan, uint32_t g,
                                   bool *found, frai_error *err)
{
    uint32_t count = fr_plan_words(plan);
    struct fr_match m;
    struct fr_candidates candidates;
    FR_TRY(fr_part_words(s, plan, g, NULL, &m, err));
    m.count_limit = 1;
    if (!fr_candidates_init(&candidates, &m)) return fr_fail_memory(err, "searching");
    m.candidates = candidates.ranges;
    const struct fr_tree asked = m.tree;
    for (uint32_t i = 0; i < count; i++) {
        FR_TRY(fr_interrupt_check(&s->context.interrupt, err));
        m.stats.matches = 0;
        if (found[i]) continue;
        if (!fr_tree_of_word(&asked, i, &s->nodes, &m.tree))
            return fr_fail_memory(err, "searching");
        if (!fr_candidates_find(&candidates)) continue;
        fr_match_segment(&m);
        found[i] = m.stats.matches > 0;
    }
    return fr_part_check(s, &m, err);
}

/* Which words any document has; of excluded ones that is not asked. */
static frai_status find_words(struct fr_searcher *s, const struct fr_plan *plan,
                              const struct fr_seen *seen, bool *found, frai_error *err)
{
    uint32_t count = fr_plan_words(plan), there = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool known = seen->known && i < 64 && seen->words >> i & 1;
        found[i] = known || fr_plan_word(plan, i)->negative;
        there += found[i];
    }
    for (uint32_t g = 0; g < s->context.snapshot->segment_count && there < count; g++) {
        FR_TRY(look_in_segment(s, plan, g, found, err));
        there = 0;
        for (uint32_t i = 0; i < count; i++) there += found[i];
    }
    return FRAI_OK;
}

/* The word as it is typed, with its quotes. */
static frai_slice as_typed(frai_slice query, const struct fr_query_word *w)
{
    uint32_t begin = w->begin, end = w->end;
    if (begin > 0 && end < query.len && query.ptr[begin - 1] == '"' && query.ptr[end] == '"') {
        begin--;
        end++;
    }
    return (frai_slice){query.ptr + begin, end - begin};
}

frai_status fr_find_missing(struct fr_searcher *s, const struct fr_plan *plan,
                            const struct fr_seen *seen, frai_error *err)
{
    uint32_t count = fr_plan_words(plan);
    uint32_t last = UINT32_MAX; /* where the latest missing word begins: one may have parts */
    if (plan->query.required_count == 1 && count > 1)
        return FRAI_OK; /* it may be what is excluded */
    bool *found = fr_vec_reserve(&s->found, count);
    if (!found) return fr_fail_memory(err, "searching");
    FR_TRY(find_words(s, plan, seen, found, err));
    for (uint32_t i = 0; i < count; i++) {
        const struct fr_query_word *w = fr_plan_word(plan, i);
        if (found[i] || w->begin == last) continue;
        frai_slice word = as_typed(fr_plan_text(plan), w);
        if (s->missing.len) fr_buf_u8(&s->missing, '\n');
        fr_buf_put(&s->missing, word.ptr, word.len);
        last = w->begin;
    }
    return s->missing.failed ? fr_fail_memory(err, "searching") : FRAI_OK;
}
