/* Has a document a word: do its terms stand at consistent positions? */
#include "query/presence.h"

#include "base/lower_bound.h"
#include "segment/documents.h"

/* Is the word's only term, or one of them, proof by itself? */
static bool covers_alone(const struct fr_query_word *word, const struct fr_covering *a)
{
    uint64_t full = word->syllable_count == 64 ? ~0ull : (1ull << word->syllable_count) - 1;
    return a->mask == full;
}

/* Where a phrase would start: a bit for each count of gaps that the text may lack so far. */
struct fr_start {
    uint32_t at;
    uint64_t gaps;
};

/* A covering of the word whose term the document has. Its positions are read when they are asked
 * for, if at all. */
struct fr_occurrence {
    const struct fr_covering *covering;
    struct fr_position_list positions;
    bool is_read;
    uint32_t at; /* the positions before are before the latest that was asked for */
};

static bool read_positions(const struct fr_lookup *l, struct fr_occurrence *o)
{
    if (o->is_read) return true;
    o->is_read = fr_cursor_position_list(&l->evaluation->cursors[o->covering->term], &o->positions);
    return o->is_read;
}

static bool is_among(struct fr_occurrence *o, uint32_t wanted)
{
    const struct fr_position_list *p = &o->positions;
    uint32_t at = o->at < p->count && fr_position_at(p, o->at) <= wanted ? o->at : 0;
    FR_LOWER_BOUND_FROM(uint32_t, at, p->count, i, fr_position_at(p, i) < wanted);
    o->at = at;
    return at < p->count && fr_position_at(p, at) == wanted;
}

/* Keeps those starts of a phrase from which the term stands where the phrase has it. */
static size_t keep_starts(struct fr_start *starts, size_t count, struct fr_occurrence *o)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t gaps = starts[i].gaps, there = 0;
        if (o->covering->after_maybe_gap) gaps |= gaps << 1;
        for (; gaps; gaps &= gaps - 1) {
            uint32_t missing = (uint32_t)__builtin_ctzll(gaps);
            if (is_among(o, starts[i].at + o->covering->offset - missing * FR_SENTENCE_GAP))
                there |= 1ull << missing;
        }
        if (there) starts[kept++] = (struct fr_start){starts[i].at, there};
    }
    return kept;
}

/* The places where a phrase may start, by its first term. */
static bool first_starts(const struct fr_lookup *l, const struct fr_position_list *positions)
{
    struct fr_scratch *s = l->evaluation->scratch;
    if (!fr_vec_reserve(&s->starts, positions->count)) return false;
    for (uint32_t k = 0; k < positions->count; k++)
        fr_vec_push(&s->starts, fr_position_at(positions, k), 1);
    return true;
}

/* Do the phrase's terms stand one after another, with the gaps that it has? */
static bool phrase_is_there(const struct fr_lookup *l, const struct fr_query_word *phrase,
                            uint32_t doc)
{
    struct fr_scratch *s = l->evaluation->scratch;
    size_t count = 0;
    for (uint32_t i = 0; i < phrase->count; i++) { /* most documents lack one */
        struct fr_cursor *c =
            &l->evaluation->cursors[fr_query_covering_at(l->query, phrase->first + i)->term];
        if (!c->exists) return false;
        fr_cursor_seek(c, doc);
        if (c->doc != doc) return false;
    }
    for (uint32_t i = 0; i < phrase->count; i++) {
        struct fr_occurrence o = {.covering = fr_query_covering_at(l->query, phrase->first + i)};
        if (!read_positions(l, &o)) return false;
        if (i > 0) {
            count = keep_starts(fr_vec_data(&s->starts), count, &o);
        } else {
            count = o.positions.count;
            if (!first_starts(l, &o.positions)) return false;
        }
        if (count == 0 || (i % 64 == 63 && fr_interrupted(l->evaluation->interrupt))) return false;
    }
    return count > 0 &&
           (!phrase->gaps || fr_gaps_hold(l->gaps, l->evaluation, l->query, phrase, doc));
}

/* Where 어절 start in a document; read when first asked for. */
struct word_starts {
    const struct fr_lookup *l;
    uint32_t doc;
    struct fr_eojeols eojeols;
    bool known;
};

/* May the covering stand for a word that starts here? */
static bool may_start(struct word_starts *w, const struct fr_covering *a, uint32_t start)
{
    const struct fr_evaluation *e = w->l->evaluation;
    if (!a->starts_eojeol) return true;
    if (!w->known && fr_eojeols_read(e->seg, w->doc, &w->eojeols, NULL))
        fr_damage_note(e->damage, FR_SECTION_EOJEOLS);
    w->known = true;
    return fr_eojeol_starts_at(&w->eojeols, start);
}

/* Is the word there, if it starts here? `left` are the syllables that are not covered yet. */
static bool starts_here(struct word_starts *w, uint32_t start, uint64_t left)
{
    struct fr_scratch *s = w->l->evaluation->scratch;
    size_t count = fr_vec_count(&s->occurrences), i = 0;
    while (left) {
        uint64_t next = left & -left;
        for (i = 0; i < count; i++) {
            struct fr_occurrence *o = &fr_vec_at(&s->occurrences, i);
            if ((o->covering->mask & next) && may_start(w, o->covering, start) &&
                read_positions(w->l, o) && is_among(o, start + o->covering->offset))
                break;
        }
        if (i == count) return false;
        left &= ~fr_vec_at(&s->occurrences, i).covering->mask;
    }
    return true;
}

/* The syllable, of those in `full`, that the document has least often: each start of the word is
 * one of its; *least: how often. */
static unsigned rarest_syllable(const struct fr_lookup *l, uint64_t full, uint64_t *least)
{
    struct fr_scratch *s = l->evaluation->scratch;
    uint64_t times[64] = {0};
    unsigned rarest = 0;
    for (size_t i = 0; i < fr_vec_count(&s->occurrences); i++) {
        const struct fr_covering *a = fr_vec_at(&s->occurrences, i).covering;
        uint32_t tf = fr_cursor_tf(&l->evaluation->cursors[a->term]);
        for (uint64_t left = a->mask & full; left; left &= left - 1)
            times[__builtin_ctzll(left)] += tf;
    }
    *least = UINT64_MAX;
    for (uint64_t left = full; left; left &= left - 1) {
        unsigned i = (unsigned)__builtin_ctzll(left);
        if (times[i] >= *least) continue;
        *least = times[i];
        rarest = i;
    }
    return rarest;
}

/* Starts that are looked at between two questions whether to go on. */
#define STARTS_APART 1024u

/* Do the coverings in scratch stand so that they cover all of `full`? */
static bool is_covered(const struct fr_lookup *l, uint32_t doc, uint64_t full)
{
    struct word_starts starts = {.l = l, .doc = doc};
    struct fr_scratch *s = l->evaluation->scratch;
    uint64_t least;
    unsigned rarest = rarest_syllable(l, full, &least);
    if (least == 0) return false;
    for (size_t i = 0; i < fr_vec_count(&s->occurrences); i++) {
        struct fr_occurrence *o = &fr_vec_at(&s->occurrences, i);
        if (!(o->covering->mask >> rarest & 1)) continue;
        if (!read_positions(l, o)) return false;
        for (uint32_t k = 0; k < o->positions.count; k++) {
            /* Below 0 too, modulo 2^32: what stands for syllables may take fewer positions. */
            uint32_t start = fr_position_at(&o->positions, k) - o->covering->offset;
            if (may_start(&starts, o->covering, start) &&
                starts_here(&starts, start, full & ~o->covering->mask))
                return true;
            if (k % STARTS_APART == STARTS_APART - 1 && fr_interrupted(l->evaluation->interrupt))
                return false;
        }
    }
    return false;
}

/* Do coverings at consistent positions cover the word in this document? */
bool fr_document_has(const struct fr_lookup *l, const struct fr_query_node *leaf, uint32_t doc)
{
    const struct fr_query_word *word = fr_query_word_at(l->query, leaf->word);
    struct fr_scratch *s = l->evaluation->scratch;
    uint64_t full = 0, there = 0;
    if (leaf->kind == FR_NODE_PHRASE) return phrase_is_there(l, word, doc);
    fr_buf_clear(&s->occurrences.buf);
    for (uint32_t i = 0; i < leaf->count; i++) {
        const struct fr_covering *a = fr_query_covering_at(l->query, word->first + i);
        struct fr_cursor *c = &l->evaluation->cursors[a->term];
        full |= a->mask;
        if (!c->exists) continue;
        fr_cursor_seek(c, doc);
        if (c->doc != doc) continue;
        if (covers_alone(word, a) && !a->starts_eojeol) return true;
        there |= a->mask;
        fr_vec_push(&s->occurrences, .covering = a);
    }
    if (s->occurrences.buf.failed) return false;
    if (leaf->needed < 64) full &= (1ull << leaf->needed) - 1;
    return (full & ~there) == 0 && is_covered(l, doc, full);
}
