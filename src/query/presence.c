/* Has a document a word: do its terms stand at consistent positions? */
#include "query/presence.h"

#include "base/lower_bound.h"
#include "query/gaps.h"

/* Is the word's only term, or one of them, proof by itself? */
static bool covers_alone(const struct fr_query_word *word, const struct fr_covering *a)
{
    uint64_t full = word->syllable_count == 64 ? ~0ull : (1ull << word->syllable_count) - 1;
    return a->mask == full;
}

/* Where a word would start for a covering's occurrence, and which syllables that covers. Where a
 * phrase would start: a bit for each count of gaps that the text may lack so far. */
struct fr_start {
    uint32_t at;
    uint64_t mask;
};

static int by_start(const struct fr_start *a, const struct fr_start *b)
{
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Shell's sort (1959): starts come as a few ascending lists and are few. */
static void sort_starts(struct fr_start *s, size_t n)
{
    for (size_t gap = n / 2; gap > 0; gap /= 2)
        for (size_t i = gap; i < n; i++) {
            struct fr_start moving = s[i];
            size_t k = i;
            for (; k >= gap && by_start(&s[k - gap], &moving) > 0; k -= gap) s[k] = s[k - gap];
            s[k] = moving;
        }
}

/* Words of fewer syllables are not worth a look beforehand. */
#define LONG_SYLLABLES 16u

/* Have the word's terms too few occurrences in the document to cover it? */
static bool are_too_few(struct fr_match *m, const struct fr_query_node *leaf, uint32_t doc)
{
    uint64_t syllables = 0;
    uint32_t first = fr_query_word_at(m->query, leaf->word)->first, latest[8], kinds = 0;
    for (uint32_t i = 0; i < leaf->count && syllables < leaf->needed; i++) {
        const struct fr_covering *a = fr_query_covering_at(m->query, first + i);
        struct fr_cursor *c = &m->evaluation.cursors[a->term];
        bool again = false; /* of the latest eight terms: a word that repeats has few */
        for (uint32_t k = 0; k < kinds && k < 8 && !again; k++) again = latest[k] == a->term;
        if (again) continue;
        latest[kinds++ % 8] = a->term;
        if (!c->exists || c->damaged) continue;
        fr_cursor_seek(c, doc);
        if (c->doc == doc) syllables += fr_cursor_tf(c) * (uint64_t)__builtin_popcountll(a->mask);
    }
    return syllables < leaf->needed;
}

/* The covering's positions in the document into scratch. False: it is not there. */
static bool read_positions(struct fr_match *m, const struct fr_covering *a, uint32_t doc,
                           bool *memory)
{
    struct fr_scratch *s = m->evaluation.scratch;
    struct fr_cursor *c = &m->evaluation.cursors[a->term];
    fr_buf_clear(&s->positions.buf);
    if (!c->exists || c->damaged) return false;
    fr_cursor_seek(c, doc);
    if (c->doc == doc && fr_cursor_positions(c, &s->positions)) return true;
    *memory |= s->positions.buf.failed;
    return false;
}

static bool is_among(const struct fr_positions *positions, uint32_t wanted)
{
    size_t at = 0, count = fr_vec_count(positions);
    FR_LOWER_BOUND(size_t, at, count, i, fr_vec_at(positions, i) < wanted)
    return at < count && fr_vec_at(positions, at) == wanted;
}

/* Keeps those starts of a phrase from which the term stands where the phrase has it. */
static size_t keep_starts(struct fr_start *starts, size_t count, const struct fr_covering *a,
                          const struct fr_positions *positions)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t gaps = starts[i].mask, there = 0;
        if (a->after_maybe_gap) gaps |= gaps << 1;
        for (; gaps; gaps &= gaps - 1) {
            uint32_t missing = (uint32_t)__builtin_ctzll(gaps);
            uint32_t position = starts[i].at + a->offset - missing * FR_SENTENCE_GAP;
            if (is_among(positions, position)) there |= 1ull << missing;
        }
        if (there) starts[kept++] = (struct fr_start){starts[i].at, there};
    }
    return kept;
}

/* Do the phrase's terms stand one after another, with the gaps that it has? */
static bool phrase_is_there(struct fr_match *m, const struct fr_query_word *phrase, uint32_t doc,
                            bool *memory)
{
    struct fr_scratch *s = m->evaluation.scratch;
    size_t count = 0;
    uint32_t read = FR_NO_QUERY_TERM;
    for (uint32_t i = 0; i < phrase->count; i++) {
        const struct fr_covering *a = fr_query_covering_at(m->query, phrase->first + i);
        if (read != a->term && !read_positions(m, a, doc, memory)) return false;
        read = a->term;
        if (i == 0) {
            count = fr_vec_count(&s->positions);
            if (!fr_vec_reserve(&s->starts, count)) {
                *memory = true;
                return false;
            }
            for (size_t k = 0; k < count; k++)
                fr_vec_push(&s->starts, fr_vec_at(&s->positions, k), 1);
            continue;
        }
        count = keep_starts(fr_vec_data(&s->starts), count, a, &s->positions);
        if (count == 0) return false;
    }
    return count > 0 && (!phrase->gaps || fr_gaps_hold(m, phrase, doc, memory));
}

/* Do coverings at consistent positions cover the word in this document? */
bool fr_match_word(struct fr_match *m, const struct fr_query_node *leaf, uint32_t doc, bool *memory)
{
    const struct fr_query_word *word = fr_query_word_at(m->query, leaf->word);
    struct fr_scratch *s = m->evaluation.scratch;
    fr_buf_clear(&s->starts.buf);
    uint64_t full = 0;
    uint32_t read = FR_NO_QUERY_TERM; /* whose positions s->positions has */
    if (leaf->kind == FR_NODE_PHRASE) return phrase_is_there(m, word, doc, memory);
    if (word->syllable_count >= LONG_SYLLABLES && are_too_few(m, leaf, doc)) return false;
    for (uint32_t i = 0; i < leaf->count; i++) {
        const struct fr_covering *a = fr_query_covering_at(m->query, word->first + i);
        struct fr_cursor *c = &m->evaluation.cursors[a->term];
        full |= a->mask;
        if (!c->exists || c->damaged) continue;
        fr_cursor_seek(c, doc);
        if (c->doc != doc) continue;
        if (covers_alone(word, a)) return true;
        if (read != a->term) {
            fr_buf_clear(&s->positions.buf);
            if (!fr_cursor_positions(c, &s->positions)) {
                *memory |= s->positions.buf.failed;
                return false;
            }
            read = a->term;
        }
        for (size_t k = 0; k < fr_vec_count(&s->positions); k++) {
            /* Below 0 too, modulo 2^32: what stands for syllables may take fewer positions. */
            fr_vec_push(&s->starts, fr_vec_at(&s->positions, k) - a->offset, a->mask);
        }
    }
    if (s->starts.buf.failed) {
        *memory = true;
        return false;
    }
    if (leaf->needed < 64) full &= (1ull << leaf->needed) - 1;
    struct fr_start *starts = fr_vec_data(&s->starts);
    size_t count = fr_vec_count(&s->starts);
    sort_starts(starts, count);
    uint64_t covered = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || starts[i].at != starts[i - 1].at) covered = 0;
        covered |= starts[i].mask;
        if ((covered & full) == full) return true;
    }
    return false;
}
