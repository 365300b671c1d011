/* Which ranges of 64 documents may hold a document with the words: for each syllable of a word some
 * term that covers it must be in the range. Read from the range maxima of dense terms and from the
 * documents of the others, it costs a fraction of looking at documents. */
#include "query/candidates.h"

static const uint64_t *term_ranges(struct fr_candidates *c, uint32_t term)
{
    uint64_t *bits = c->terms + (size_t)term * c->words;
    struct fr_cursor *cursor = &c->m->evaluation.cursors[term];
    if (c->known[term]) return bits;
    c->known[term] = 1;
    memset(bits, 0, c->words * 8ull);
    if (!cursor->exists || cursor->damaged || fr_interrupted(c->m->evaluation.interrupt))
        return bits;
    fr_cursor_ranges(cursor, bits);
    return bits;
}

/* A leaf needs one of the terms of each clause: of a syllable, or, in a phrase, each term. */
static uint32_t clause_count(const struct fr_query_node *leaf)
{
    return leaf->kind == FR_NODE_PHRASE ? leaf->count : leaf->needed;
}

/* The leaf's coverings [*first, end) among which those of the clause are. */
static uint32_t clause_range(const struct fr_query_node *leaf, uint32_t clause, uint32_t *first)
{
    *first = leaf->kind == FR_NODE_PHRASE ? clause : 0;
    return leaf->kind == FR_NODE_PHRASE ? clause + 1 : leaf->count;
}

/* Is the covering of the clause? */
static bool is_of_clause(const struct fr_query_node *leaf, uint32_t clause,
                         const struct fr_covering *a)
{
    return leaf->kind == FR_NODE_PHRASE || a->mask >> clause & 1;
}

/* Lone syllables may be in every range: they have too many terms to look at. */
static void leaf_ranges(void *ctx, const struct fr_query_node *leaf, uint64_t *out)
{
    struct fr_candidates *c = ctx;
    const struct fr_query_word *w = fr_query_word_at(c->m->query, leaf->word);
    const struct fr_covering *coverings = fr_query_covering_at(c->m->query, w->first);
    memset(out, 0xFF, c->words * 8ull);
    if (leaf->place != FR_PLACE_NONE) return;
    for (uint32_t clause = 0, clauses = clause_count(leaf); clause < clauses; clause++) {
        uint32_t i, end = clause_range(leaf, clause, &i);
        memset(c->clause, 0, c->words * 8ull);
        for (; i < end; i++) {
            uint32_t term = coverings[i].term;
            if (!is_of_clause(leaf, clause, &coverings[i]) ||
                !c->m->evaluation.cursors[term].exists)
                continue;
            const uint64_t *bits = term_ranges(c, term);
            for (uint32_t k = 0; k < c->words; k++) c->clause[k] |= bits[k];
        }
        for (uint32_t k = 0; k < c->words; k++) out[k] &= c->clause[k];
    }
}

bool fr_candidates_init(struct fr_candidates *c, struct fr_match *m)
{
    struct fr_scratch *s = m->evaluation.scratch;
    uint32_t ranges = fr_range_count(m->evaluation.seg->stats.docs);
    *c = (struct fr_candidates){.m = m};
    c->words = (ranges + 63) / 64 + FR_WINDOW_DOCS / FR_RANGE_DOCS / 64; /* whole windows */
    size_t rows = m->evaluation.count + 2ull + fr_tree_depth(&m->tree);
    c->ranges = fr_vec_reserve(&s->candidates, rows * c->words);
    if (!c->ranges || !fr_buf_reserve(&s->candidates_known, m->evaluation.count)) return false;
    c->clause = c->ranges + c->words;
    c->terms = c->clause + c->words;
    c->spare = c->terms + (size_t)m->evaluation.count * c->words;
    c->known = s->candidates_known.data;
    memset(c->known, 0, m->evaluation.count);
    return true;
}

bool fr_candidates_find(struct fr_candidates *c)
{
    struct fr_tree_rows rows = {c->words, c->spare, leaf_ranges, c};
    return fr_tree_rows(&c->m->tree, &rows, c->ranges);
}

/* A range, and which of its documents have each term that scores. */
struct range {
    struct fr_candidates *c;
    uint32_t range;
    const uint64_t *masks;
};

static uint64_t leaf_documents(void *ctx, const struct fr_query_node *leaf)
{
    const struct range *r = ctx;
    const struct fr_query *q = r->c->m->query;
    const struct fr_cursor *cursors = r->c->m->evaluation.cursors;
    const struct fr_covering *coverings =
        fr_query_covering_at(q, fr_query_word_at(q, leaf->word)->first);
    uint64_t all = ~0ull;
    for (uint32_t clause = 0, clauses = clause_count(leaf); clause < clauses && all; clause++) {
        uint64_t some = 0;
        uint32_t i, end = clause_range(leaf, clause, &i);
        for (; i < end && some != ~0ull; i++) {
            uint32_t term = coverings[i].term;
            if (!is_of_clause(leaf, clause, &coverings[i]) || !cursors[term].exists) continue;
            if (cursors[term].weight > 0)
                some |= r->masks[term];
            else if (term_ranges(r->c, term)[r->range / 64] >> (r->range % 64) & 1)
                some = ~0ull;
        }
        all &= some;
    }
    return all;
}

uint64_t fr_candidates_in_range(struct fr_candidates *c, uint32_t range, const uint64_t *masks)
{
    return fr_tree_word(&c->m->tree, leaf_documents, &(struct range){c, range, masks});
}
