/* Which words of a query no matching document has. */
#include "query/plan.h"

static const struct fr_query_word *word_at(const struct fr_searcher *s, uint32_t i)
{
    return &FR_AT(&s->query.words, struct fr_query_word, i);
}

/* Has any document word i of s->query, and nothing that is excluded? */
static frai_status is_anywhere(struct fr_searcher *s, uint32_t i, bool *found, frai_error *err)
{
    *found = false;
    for (uint32_t g = 0; g < s->snapshot->segment_count && !*found; g++) {
        struct fr_match m;
        struct fr_live live;
        FR_TRY(fr_plan_words(s, g, NULL, &m, err));
        m.only = i;
        m.count_limit = 1;
        if (!fr_live_init(&live, &m)) return fr_search_memory(err);
        if (!fr_live_find(&live)) continue;
        m.live = live.ranges;
        if (!fr_match_segment(&m)) return fr_search_memory(err);
        FR_TRY(fr_plan_check(s, &m, err));
        *found = m.evaluation.matches > 0;
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

frai_status fr_find_missing(struct fr_searcher *s, frai_slice query, frai_error *err)
{
    uint32_t count = (uint32_t)FR_COUNT(&s->query.words, struct fr_query_word);
    uint32_t last = UINT32_MAX; /* where the latest missing word begins: one may have parts */
    if (s->query.positive < 2) return FRAI_OK;
    for (uint32_t i = 0; i < count; i++) {
        bool found = s->seen_is_known && i < 64 && s->seen >> i & 1;
        const struct fr_query_word *w = word_at(s, i);
        if (w->negative || w->begin == last) continue;
        if (!found) FR_TRY(is_anywhere(s, i, &found, err));
        if (found) continue;
        frai_slice word = as_typed(query, w);
        if (s->missing.len) fr_buf_u8(&s->missing, '\n');
        fr_buf_put(&s->missing, word.ptr, word.len);
        last = w->begin;
    }
    return s->missing.failed ? fr_search_memory(err) : FRAI_OK;
}
