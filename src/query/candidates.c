/* Which ranges of 64 documents may hold a document with the words: for each syllable of a word some
 * term that covers it must be in the range. Read from the range maxima of dense terms and from the
 * documents of the others, it costs a fraction of looking at documents. */
#include "query/candidates.h"

/* NULL: the segment doesn't have the term. */
static const uint64_t *term_ranges(void *ctx, uint32_t term)
{
    struct fr_candidates *c = ctx;
    uint64_t *bits = c->terms + (size_t)term * c->words;
    struct fr_cursor *cursor = &c->m->evaluation.cursors[term];
    if (!cursor->exists || (c->unscored && !c->scoreless[term])) return NULL;
    if (c->known[term]) return bits;
    c->known[term] = 1;
    memset(bits, 0, c->words * 8ull);
    if (fr_interrupted(c->m->evaluation.interrupt)) return bits;
    fr_cursor_ranges(cursor, bits);
    fr_work(c->m->evaluation.interrupt, cursor->postings.is_dense ? c->words : cursor->postings.df);
    return bits;
}

/* Lone syllables may be in every range: they have too many terms to look at. */
static void leaf_ranges(void *ctx, const struct fr_query_node *leaf, uint64_t *out)
{
    struct fr_candidates *c = ctx;
    fr_work(c->m->evaluation.interrupt, fr_leaf_rows_work(leaf, c->words));
    if (fr_interrupted(c->m->evaluation.interrupt)) {
        memset(out, 0, c->words * 8ull);
        return;
    }
    if (leaf->place == FR_PLACE_NONE)
        fr_leaf_rows(c->m->query, leaf, &(struct fr_term_rows){c->words, c->clause, term_ranges, c},
                     out);
    else
        memset(out, 0xFF, c->words * 8ull);
}

bool fr_candidates_init(struct fr_candidates *c, struct fr_match *m)
{
    struct fr_scratch *s = m->evaluation.scratch;
    uint32_t ranges = fr_range_count(m->evaluation.seg->stats.docs);
    *c = (struct fr_candidates){.m = m};
    c->words = (ranges + 63) / 64 + FR_WINDOW_DOCS / FR_RANGE_DOCS / 64; /* whole windows */
    size_t rows = m->evaluation.count + 2ull + fr_tree_depth(&m->tree);
    c->ranges = fr_vec_reserve(&s->candidates, rows * c->words);
    if (!c->ranges || !fr_buf_reserve(&s->candidates_known, 2ull * m->evaluation.count))
        return false;
    c->clause = c->ranges + c->words;
    c->terms = c->clause + c->words;
    c->spare = c->terms + (size_t)m->evaluation.count * c->words;
    c->known = s->candidates_known.data;
    c->scoreless = c->known + m->evaluation.count;
    memset(c->known, 0, m->evaluation.count);
    for (uint32_t t = 0; t < m->evaluation.count; t++) {
        const struct fr_cursor *cursor = &m->evaluation.cursors[t];
        c->scoreless[t] = cursor->exists && cursor->weight <= 0;
    }
    return true;
}

bool fr_candidates_find(struct fr_candidates *c)
{
    struct fr_tree_rows rows = {c->words, c->spare, leaf_ranges, c};
    if (!fr_tree_rows(&c->m->tree, &rows, c->ranges)) return false;
    const struct fr_evaluation *e = &c->m->evaluation;
    uint64_t any = 0;
    for (uint64_t row = 0; row * FR_ROW_DOCS < e->seg->stats.docs; row++)
        any |= c->ranges[row] &= fr_accept_row(&e->accept, (uint32_t)row);
    return any != 0;
}

bool fr_candidates_find_unscored(struct fr_candidates *c)
{
    c->unscored = true;
    bool any = fr_candidates_find(c);
    c->unscored = false;
    return any;
}

/* A range, and which of its documents have each term that scores. */
struct range {
    struct fr_candidates *c;
    uint32_t range;
    const uint64_t *masks;
};

/* Which documents of the range may have the term. */
static uint64_t term_documents(const struct range *r, uint32_t term)
{
    if (!r->c->scoreless[term]) return r->masks[term];
    return term_ranges(r->c, term)[r->range / 64] >> (r->range % 64) & 1 ? ~0ull : 0;
}

static uint64_t leaf_documents(void *ctx, const struct fr_query_node *leaf)
{
    const struct range *r = ctx;
    const struct fr_query *q = r->c->m->query;
    const struct fr_covering *coverings =
        fr_query_covering_at(q, fr_query_word_at(q, leaf->word)->first);
    uint64_t all = ~0ull;
    if (leaf->place != FR_PLACE_NONE) return all;
    for (uint32_t i = 0; leaf->kind == FR_NODE_PHRASE && i < leaf->count && all; i++)
        all &= term_documents(r, coverings[i].term);
    for (uint64_t left = leaf->decisive; left && all; left &= left - 1) {
        uint64_t some = 0;
        for (uint32_t i = 0; i < leaf->count && some != ~0ull; i++)
            if (coverings[i].mask & left & -left) some |= term_documents(r, coverings[i].term);
        all &= some;
    }
    return all;
}

uint64_t fr_candidates_in_range(struct fr_candidates *c, uint32_t range, const uint64_t *masks)
{
    return fr_tree_word(&c->m->tree, leaf_documents, &(struct range){c, range, masks});
}
