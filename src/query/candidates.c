/* Which ranges of 64 documents may hold a document with the words: for each syllable of a word some
 * term that covers it must be in the range. Read from the range maxima of dense terms and from the
 * documents of the others, it costs a fraction of looking at documents. */
#include "query/match.h"

static const uint64_t *term_ranges(struct fr_candidates *l, uint32_t term)
{
    uint64_t *bits = l->terms + (size_t)term * l->words;
    struct fr_cursor *c = &l->m->evaluation.cursors[term];
    if (l->known[term]) return bits;
    l->known[term] = 1;
    memset(bits, 0, l->words * 8ull);
    if (!c->exists || c->damaged || fr_interrupted(l->m->evaluation.interrupt)) return bits;
    fr_cursor_ranges(c, bits);
    return bits;
}

/* A word needs one of the terms of each clause: of an syllable, or, in a phrase, each term. */
static uint32_t clause_count(const struct fr_candidates *l, const struct fr_query_word *w)
{
    return w->phrase ? w->count : fr_match_syllables_needed(l->m, w);
}

/* The word's coverings [*first, end) among which those of the clause are. */
static uint32_t clause_range(const struct fr_query_word *w, uint32_t clause, uint32_t *first)
{
    *first = w->phrase ? clause : 0;
    return w->phrase ? clause + 1 : w->count;
}

/* The term of the word's covering i if it is of the clause and in the segment; or
 * FR_NO_QUERY_TERM. */
static uint32_t clause_term(const struct fr_candidates *l, const struct fr_query_word *w,
                            uint32_t clause, uint32_t i)
{
    const struct fr_covering *a = fr_query_covering_at(l->m->query, w->first + i);
    bool covers = w->phrase || a->mask >> clause & 1;
    return covers && l->m->evaluation.cursors[a->term].exists ? a->term : FR_NO_QUERY_TERM;
}

static void word_ranges(struct fr_candidates *l, const struct fr_query_word *w, uint64_t *out)
{
    memset(out, 0xFF, l->words * 8ull);
    if (w->syllable) return;
    for (uint32_t clause = 0, clauses = clause_count(l, w); clause < clauses; clause++) {
        uint32_t i, end = clause_range(w, clause, &i);
        memset(l->clause, 0, l->words * 8ull);
        for (; i < end; i++) {
            uint32_t term = clause_term(l, w, clause, i);
            if (term == FR_NO_QUERY_TERM) continue;
            const uint64_t *bits = term_ranges(l, term);
            for (uint32_t k = 0; k < l->words; k++) l->clause[k] |= bits[k];
        }
        for (uint32_t k = 0; k < l->words; k++) out[k] &= l->clause[k];
    }
}

bool fr_candidates_init(struct fr_candidates *l, struct fr_match *m)
{
    struct fr_buf *buf = &m->evaluation.scratch->live;
    uint32_t ranges = fr_range_count(m->evaluation.seg->stats.docs);
    *l = (struct fr_candidates){.m = m};
    l->words = (ranges + 63) / 64 + FR_WINDOW_DOCS / FR_RANGE_DOCS / 64; /* whole windows */
    size_t rows = m->evaluation.count + 3ull;
    if (!fr_buf_reserve(buf, rows * l->words * 8 + m->evaluation.count)) return false;
    l->ranges = (uint64_t *)(void *)buf->data;
    l->word = l->ranges + l->words;
    l->clause = l->word + l->words;
    l->terms = l->clause + l->words;
    l->known = buf->data + rows * l->words * 8;
    memset(l->known, 0, m->evaluation.count);
    return true;
}

bool fr_candidates_find(struct fr_candidates *l)
{
    struct fr_match *m = l->m;
    uint64_t any = 0;
    memset(l->ranges, m->any ? 0 : 0xFF, l->words * 8ull);
    for (uint32_t i = 0; i < FR_COUNT(&m->query->words, struct fr_query_word); i++) {
        if (!fr_match_wants(m, i)) continue;
        word_ranges(l, fr_query_word_at(l->m->query, i), l->word);
        any = 0;
        for (uint32_t k = 0; k < l->words; k++) {
            l->ranges[k] = m->any ? l->ranges[k] | l->word[k] : l->ranges[k] & l->word[k];
            any |= l->ranges[k];
        }
    }
    return any != 0;
}

static uint64_t word_documents(struct fr_candidates *l, const struct fr_query_word *w,
                               uint32_t range, const uint64_t *masks)
{
    uint64_t all = ~0ull;
    for (uint32_t clause = 0, clauses = clause_count(l, w); clause < clauses && all; clause++) {
        uint64_t some = 0;
        uint32_t i, end = clause_range(w, clause, &i);
        for (; i < end && some != ~0ull; i++) {
            uint32_t term = clause_term(l, w, clause, i);
            if (term == FR_NO_QUERY_TERM) continue;
            if (l->m->evaluation.cursors[term].weight > 0)
                some |= masks[term];
            else if (term_ranges(l, term)[range / 64] >> (range % 64) & 1)
                some = ~0ull;
        }
        all &= some;
    }
    return all;
}

uint64_t fr_candidates_in_range(struct fr_candidates *l, uint32_t range, const uint64_t *masks)
{
    uint64_t documents = l->m->any ? 0 : ~0ull;
    for (uint32_t i = 0; i < FR_COUNT(&l->m->query->words, struct fr_query_word); i++) {
        const struct fr_query_word *w = fr_query_word_at(l->m->query, i);
        if (w->negative) continue;
        uint64_t mine = word_documents(l, w, range, masks);
        documents = l->m->any ? documents | mine : documents & mine;
    }
    return documents;
}
