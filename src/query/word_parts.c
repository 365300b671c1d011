/* Coverings are put behind those that the word has, and taken from among them. */
#include "query/word_parts.h"

uint32_t fr_cover(struct fr_word_parts *p, uint8_t term_class, frai_slice word, float boost,
                  uint32_t offset, uint64_t mask)
{
    uint32_t term = fr_query_put_term(p->q, term_class, 0, word.ptr, word.len, p->boost * boost);
    fr_query_put_covering(p->q, p->w, term, offset, p->moves ? 0 : mask);
    return term;
}

uint32_t fr_cover_pair(struct fr_word_parts *p, uint32_t first, uint32_t second, float boost,
                       uint32_t offset, uint64_t mask)
{
    uint32_t key = fr_pair_key(first, second);
    uint32_t term = fr_query_put_term(p->q, fr_pair_class(key), key, NULL, 0, p->boost * boost);
    fr_query_put_covering(p->q, p->w, term, offset, p->moves ? 0 : mask);
    return term;
}

void fr_uncover(struct fr_query *q, struct fr_query_word *w, uint64_t mask)
{
    struct fr_covering *all = fr_query_covering_at(q, w->first);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < w->count; i++)
        if (all[i].mask & ~mask) all[kept++] = all[i];
    w->count = kept;
    fr_vec_set_count(&q->coverings, w->first + kept);
}
