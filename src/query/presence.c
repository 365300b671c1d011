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

/* A covering of the word whose term the document has. Its positions are read when they are asked
 * for, if at all. */
struct fr_occurrence {
    const struct fr_covering *covering;
    struct fr_position_list positions;
    bool is_read;
    uint32_t at;  /* the positions before are before the latest that was asked for */
    uint32_t run; /* so many coverings of a phrase in a row are the same term: 가가가 */
};

static bool read_positions(const struct fr_lookup *l, struct fr_occurrence *o)
{
    if (o->is_read) return true;
    fr_work(l->evaluation->interrupt, FR_BLOCK); /* a block of tfs, mostly */
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

/* Is the whole run there from `wanted` on? Positions ascend, so its last one tells. */
static bool run_is_among(struct fr_occurrence *o, uint32_t wanted)
{
    uint32_t more = o->run - 1;
    return is_among(o, wanted) && more < o->positions.count - o->at &&
           fr_position_at(&o->positions, o->at + more) == wanted + more;
}

/* Starts that are looked at between two questions whether to go on. */
#define STARTS_APART 1024u

/* Does the phrase stand from `start` on? `gaps` has a bit for each count of gaps that the text may
 * lack so far. */
static bool stands_at(const struct fr_lookup *l, uint32_t start)
{
    struct fr_scratch *s = l->evaluation->scratch;
    uint64_t gaps = 1;
    for (size_t i = 0; i < fr_vec_count(&s->occurrences); i++) {
        struct fr_occurrence *o = &fr_vec_at(&s->occurrences, i);
        uint64_t there = 0;
        if (o->covering->after_maybe_gap) gaps |= gaps << 1;
        if (!read_positions(l, o)) return false;
        for (; gaps; gaps &= gaps - 1) {
            uint32_t missing = (uint32_t)__builtin_ctzll(gaps);
            fr_work(l->evaluation->interrupt, FR_WORK_SEEK);
            if (run_is_among(o, start + o->covering->offset - missing * FR_SENTENCE_GAP))
                there |= 1ull << missing;
        }
        if (!there) return false;
        gaps = there;
    }
    return true;
}

/* The phrase's coverings into scratch, runs of one term as one; false: the document lacks a term.
 * *rarest: of those that no gap can move, the one that the document has least often. */
static bool note_phrase(const struct fr_lookup *l, const struct fr_query_word *phrase, uint32_t doc,
                        size_t *rarest)
{
    struct fr_scratch *s = l->evaluation->scratch;
    const struct fr_covering *a = fr_query_covering_at(l->query, phrase->first);
    uint32_t least = UINT32_MAX;
    bool moves = false;
    fr_buf_clear(&s->occurrences.buf);
    for (uint32_t i = 0; i < phrase->count; i++) {
        bool same = i > 0 && a[i].term == a[i - 1].term && a[i].offset == a[i - 1].offset + 1u &&
                    !a[i].after_maybe_gap && !s->occurrences.buf.failed;
        if (same) {
            fr_vec_at(&s->occurrences, fr_vec_count(&s->occurrences) - 1).run++;
            continue;
        }
        struct fr_cursor *c = &l->evaluation->cursors[a[i].term];
        if (!c->exists) return false;
        fr_work(l->evaluation->interrupt, FR_WORK_SEEK);
        if (!fr_cursor_has(c, doc)) return false;
        moves |= a[i].after_maybe_gap;
        if (!moves && fr_cursor_tf(c) < least) {
            least = fr_cursor_tf(c);
            *rarest = fr_vec_count(&s->occurrences);
        }
        fr_vec_push(&s->occurrences, .covering = &a[i], .run = 1);
    }
    return !s->occurrences.buf.failed && least < UINT32_MAX;
}

/* Do the phrase's terms stand one after another, with the gaps that it has? */
static bool phrase_is_there(const struct fr_lookup *l, const struct fr_query_word *phrase,
                            uint32_t doc)
{
    struct fr_scratch *s = l->evaluation->scratch;
    size_t rarest = 0;
    if (!note_phrase(l, phrase, doc, &rarest)) return false;
    struct fr_occurrence *o = &fr_vec_at(&s->occurrences, rarest);
    if (!read_positions(l, o)) return false;
    const struct fr_position_list positions = o->positions;
    uint32_t next = 0;
    for (uint32_t k = 0; k < positions.count; k++) {
        uint32_t start = fr_position_at(&positions, k) - o->covering->offset;
        if (start >= next && stands_at(l, start)) {
            enum fr_gaps gaps = FR_GAPS_HOLD;
            next = start;
            if (phrase->gaps)
                gaps = fr_gaps_hold(l->gaps, l->evaluation, l->query, phrase, doc, &next);
            if (gaps != FR_GAPS_NOT_HERE) return gaps == FR_GAPS_HOLD;
        }
        if (k % STARTS_APART == STARTS_APART - 1 && fr_interrupted(l->evaluation->interrupt))
            return false;
    }
    return false;
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
        fr_work(w->l->evaluation->interrupt, FR_WORK_SEEK + i);
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
            fr_work(l->evaluation->interrupt, 1);
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
    fr_work(l->evaluation->interrupt, (uint64_t)leaf->count * FR_WORK_SEEK);
    for (uint32_t i = 0; i < leaf->count; i++) {
        const struct fr_covering *a = fr_query_covering_at(l->query, word->first + i);
        struct fr_cursor *c = &l->evaluation->cursors[a->term];
        full |= a->mask;
        if (!fr_cursor_has(c, doc)) continue;
        if (covers_alone(word, a) && !a->starts_eojeol) return true;
        there |= a->mask;
        fr_vec_push(&s->occurrences, .covering = a);
    }
    if (s->occurrences.buf.failed) return false;
    if (leaf->needed < 64) full &= (1ull << leaf->needed) - 1;
    return (full & ~there) == 0 && is_covered(l, doc, full);
}
