#include "query/match.h"

#include "base/sort.h"
#include "query/boilerplate.h"
#include "segment/documents.h"

/* A posting of a pair that begins with the syllable of a word, for looking at its positions, is an
 * fr_item: key is the document in the window, doc the word and the cursor, position the posting's
 * number in its list. */
#define LOG_CURSOR_BITS 20u

struct window {
    struct fr_match *m;
    uint32_t first, end;
    uint32_t looked_at;                       /* documents, between questions whether to go on */
    uint64_t *result, *word, *clause, *other; /* bits of FR_WINDOW_DOCS */
    uint64_t *terms;                          /* bits of each query term */
    uint8_t *known;                           /* terms whose bits are of this window */
    uint32_t *syllable_tf;  /* of each word, FR_WINDOW_DOCS each; used by lone syllables */
    uint8_t *syllable_lone; /* 1: the syllable stands by itself */
    struct fr_buf log;      /* struct fr_item; sorted when first looked into */
    uint32_t eojeol_group;  /* read last */
    struct fr_eojeols eojeols[FR_EOJEOL_GROUP];
    bool log_sorted;
    bool memory;
};

#define WINDOW_WORDS (FR_WINDOW_DOCS / 64)

static uint32_t word_count(const struct fr_match *m)
{
    return (uint32_t)FR_COUNT(&m->query->words, struct fr_query_word);
}

static const struct fr_query_word *word_at(const struct fr_match *m, uint32_t i)
{
    return &FR_AT(&m->query->words, struct fr_query_word, i);
}

/* Word i as it is looked for. */
static const struct fr_query_word *sought_at(const struct fr_match *m, uint32_t i)
{
    return m->whole ? m->whole : word_at(m, i);
}

static const uint64_t *term_bits(struct window *w, uint32_t term)
{
    uint64_t *bits = w->terms + (size_t)term * WINDOW_WORDS;
    if (w->known[term]) return bits;
    w->known[term] = 1;
    memset(bits, 0, WINDOW_WORDS * 8);
    struct fr_cursor *c = &w->m->bit_cursors[term];
    if (!c->exists || c->damaged) return bits;
    fr_cursor_seek(c, w->first);
    fr_cursor_or_into(c, w->first, w->end, bits);
    return bits;
}

/* Bits of documents that may have the word: for each syllable, one of the terms that cover it. */
static void cover_bits(struct window *w, const struct fr_query_word *word, uint64_t *out)
{
    memset(out, 0xFF, WINDOW_WORDS * 8);
    if (word->phrase) {
        for (uint32_t i = 0; i < word->count; i++) {
            const uint64_t *bits =
                term_bits(w, fr_query_covering_at(w->m->query, word->first + i)->term);
            for (uint32_t k = 0; k < WINDOW_WORDS; k++) out[k] &= bits[k];
        }
        return;
    }
    for (uint32_t syllable = 0, needed = fr_match_syllables_needed(w->m, word); syllable < needed;
         syllable++) {
        memset(w->clause, 0, WINDOW_WORDS * 8);
        for (uint32_t i = 0; i < word->count; i++) {
            const struct fr_covering *a = fr_query_covering_at(w->m->query, word->first + i);
            if (!(a->mask >> syllable & 1) || !w->m->bit_cursors[a->term].exists) continue;
            const uint64_t *bits = term_bits(w, a->term);
            for (uint32_t k = 0; k < WINDOW_WORDS; k++) w->clause[k] |= bits[k];
        }
        for (uint32_t k = 0; k < WINDOW_WORDS; k++) out[k] &= w->clause[k];
    }
}

/* A lone syllable: every posting of its pairs in the window, with its tf. */
static void syllable_bits(struct window *w, uint32_t number, uint64_t *out)
{
    struct fr_syllable *s = &w->m->syllables[number];
    uint32_t *tf = w->syllable_tf + (size_t)number * FR_WINDOW_DOCS;
    uint8_t *lone = w->syllable_lone + (size_t)number * FR_WINDOW_DOCS;
    memset(out, 0, WINDOW_WORDS * 8);
    memset(tf, 0, FR_WINDOW_DOCS * sizeof *tf);
    memset(lone, 0, FR_WINDOW_DOCS);
    uint32_t count = !w->m->whole ? s->count : s->lone ? 1 : 0;
    for (uint32_t i = 0; i < count; i++) {
        struct fr_cursor *c = &s->cursors[i];
        if (i % 16 == 15 && fr_interrupted(w->m->evaluation.interrupt)) return;
        fr_cursor_seek(c, w->first);
        while (c->doc < w->end) {
            uint32_t at = c->doc - w->first;
            out[at / 64] |= 1ull << (at % 64);
            if (!lone[at]) tf[at] += fr_cursor_tf(c); /* where it is a word, only that counts */
            if (i == 0 && s->lone) lone[at] = 1;
            if (i < s->firsts && !(i == 0 && s->lone)) {
                struct fr_item entry = {at, number << LOG_CURSOR_BITS | i,
                                        c->block * FR_BLOCK + c->at};
                fr_buf_put(&w->log, &entry, sizeof entry);
            }
            fr_cursor_next(c);
        }
    }
    if (w->log.failed) w->memory = true;
}

/* The first entry of the log that is of this document. */
static size_t find_logged(struct window *w, uint32_t at)
{
    size_t low = 0, high = FR_COUNT(&w->log, struct fr_item);
    if (!w->log_sorted) {
        struct fr_buf *scratch = &w->m->evaluation.scratch->order;
        if (!fr_buf_reserve(scratch, w->log.len)) {
            w->memory = true;
            return high;
        }
        fr_sort_items((struct fr_item *)(void *)w->log.data,
                      (struct fr_item *)(void *)scratch->data, high);
    }
    w->log_sorted = true;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (FR_AT(&w->log, struct fr_item, middle).key < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct fr_eojeols *eojeols_of(struct window *w, uint32_t doc)
{
    if (doc / FR_EOJEOL_GROUP != w->eojeol_group) {
        w->eojeol_group = doc / FR_EOJEOL_GROUP;
        if (fr_eojeols_read_group(w->m->evaluation.seg, w->eojeol_group, w->eojeols, NULL)) {
            w->eojeol_group = UINT32_MAX;
            return NULL;
        }
    }
    return &w->eojeols[doc % FR_EOJEOL_GROUP];
}

/* Does the syllable start an 어절 in this document? */
static bool syllable_starts(struct window *w, uint32_t number, uint32_t doc)
{
    struct fr_syllable *s = &w->m->syllables[number];
    const struct fr_eojeols *eojeols = eojeols_of(w, doc);
    struct fr_buf *positions = &w->m->evaluation.scratch->positions;
    if (!eojeols) {
        s->cursors[0].damaged = true;
        return false;
    }
    for (size_t i = find_logged(w, doc - w->first); i < FR_COUNT(&w->log, struct fr_item); i++) {
        const struct fr_item *entry = &FR_AT(&w->log, struct fr_item, i);
        if (entry->key != doc - w->first) break;
        if (entry->doc >> LOG_CURSOR_BITS != number) continue;
        const struct fr_postings *p =
            &s->cursors[entry->doc & ((1u << LOG_CURSOR_BITS) - 1)].postings;
        uint32_t block = entry->position / FR_BLOCK;
        uint32_t docs[FR_BLOCK + 8], tfs[FR_BLOCK + 8], n;
        fr_buf_clear(positions);
        if (!fr_postings_decode(p, block, docs, tfs, &n) ||
            !fr_postings_positions(p, block, docs, tfs, entry->position % FR_BLOCK, positions)) {
            if (positions->failed)
                w->memory = true;
            else
                s->cursors[0].damaged = true;
            return false;
        }
        for (size_t k = 0; k < FR_COUNT(positions, uint32_t); k++)
            if (fr_eojeol_starts_at(eojeols, FR_AT(positions, uint32_t, k))) return true;
    }
    return false;
}

/* The word in this document of the window; the word's candidate bits said that it may be. */
static bool has_word(struct window *w, uint32_t number, uint32_t doc, bool among)
{
    const struct fr_query_word *word = sought_at(w->m, number);
    if (!word->syllable) return fr_match_word(w->m, word, doc, &w->memory);
    uint32_t at = doc - w->first;
    bool there = w->syllable_tf[(size_t)number * FR_WINDOW_DOCS + at] != 0;
    if (there && among && !w->syllable_lone[(size_t)number * FR_WINDOW_DOCS + at])
        there = syllable_starts(w, number, doc);
    return there || (word->count > 1 && fr_match_word(w->m, word, doc, &w->memory));
}

/* Is the term that term t stands in for in the document too? */
static bool typed_is_there(struct fr_match *m, uint32_t t, uint32_t doc)
{
    uint32_t typed = FR_AT(&m->query->terms, struct fr_query_term, t).variant_of;
    if (typed == FR_NO_QUERY_TERM) return false;
    struct fr_cursor *c = &m->evaluation.cursors[typed];
    if (!c->exists || c->damaged) return false;
    fr_cursor_seek(c, doc);
    return c->doc == doc;
}

/* Mentions in repeated lines add no more than their share. */
static float score_outside_lines(struct fr_match *m, struct fr_cursor *c, float k)
{
    struct fr_scratch *s = m->evaluation.scratch;
    uint32_t tf = fr_cursor_tf(c), outside = 0;
    float all = fr_bm25(c->weight, tf, k), there = 0;
    fr_buf_clear(&s->positions);
    if (!fr_cursor_positions(c, &s->positions)) return all;
    for (size_t i = 0; i < FR_COUNT(&s->positions, uint32_t); i++)
        outside += !fr_boilerplate_holds(s, FR_AT(&s->positions, uint32_t, i));
    if (outside) there = fr_bm25(c->weight, outside, k);
    return there + m->model->repeated_share * (all - there);
}

static float score_terms(struct fr_match *m, uint32_t doc, float k, float *parts)
{
    struct fr_evaluation *e = &m->evaluation;
    float score = 0;
    bool lines =
        m->query->repeated.len && m->fade_lines && fr_boilerplate_find(m->query, e, doc) > 0;
    for (uint32_t t = 0; t < e->count; t++) {
        struct fr_cursor *c = &e->cursors[t];
        if (parts) parts[t] = 0;
        if (!c->exists || c->damaged || c->weight == 0) continue;
        fr_cursor_seek(c, doc);
        if (c->doc != doc || typed_is_there(m, t, doc)) continue;
        float part = lines ? score_outside_lines(m, c, k) : fr_bm25(c->weight, fr_cursor_tf(c), k);
        if (parts) parts[t] = part;
        score += part;
    }
    return score;
}

static float score_syllable(struct window *w, uint32_t number, uint32_t doc, float k, bool alone)
{
    struct fr_syllable *s = &w->m->syllables[number];
    uint32_t at = doc - w->first;
    uint32_t tf = w->syllable_tf[(size_t)number * FR_WINDOW_DOCS + at];
    if (tf == 0) return 0;
    float score = fr_bm25(s->weight, tf, k);
    if (!alone) return score;
    if (w->syllable_lone[(size_t)number * FR_WINDOW_DOCS + at])
        return score + w->m->model->syllable_whole * s->weight;
    const struct fr_collector *c = w->m->collector;
    float most = score + w->m->model->syllable_start * s->weight;
    if (c->needs_scores && most < fr_collector_threshold(c)) return score;
    return syllable_starts(w, number, doc) ? most : score;
}

static float score_document(struct window *w, uint32_t doc, float *parts)
{
    struct fr_match *m = w->m;
    const uint8_t *norms = m->evaluation.seg->sections[FR_SECTION_NORMS].data;
    float k = m->evaluation.k_of_norm[norms[doc]];
    float score = score_terms(m, doc, k, parts);
    bool alone = m->query->required_count == 1;
    for (uint32_t i = 0; i < word_count(m); i++) {
        const struct fr_query_word *word = word_at(m, i);
        float part = 0;
        if (word->syllable && !word->negative) part = score_syllable(w, i, doc, k, alone);
        if (parts) parts[m->evaluation.count + i] = part;
        score += part;
    }
    return score;
}

/* Candidates of the window into w->result. */
static void candidates(struct window *w)
{
    struct fr_match *m = w->m;
    bool first = true;
    memset(w->result, m->query->required_count ? 0 : 0xFF, WINDOW_WORDS * 8);
    for (uint32_t n = 0; n < 2 * word_count(m); n++) { /* lone syllables last: they are dear */
        uint32_t i = n % word_count(m);
        const struct fr_query_word *word = sought_at(m, i);
        if ((word->syllable != 0) != (n >= word_count(m))) continue;
        if (!fr_match_wants(m, i) && !(word->negative && word->syllable)) continue;
        if (fr_interrupted(m->evaluation.interrupt)) break;
        uint64_t *to = first && !word->negative ? w->result : w->word;
        if (!word->syllable) {
            cover_bits(w, word, to);
        } else {
            syllable_bits(w, i, to);
            if (word->count > 1) { /* or what it stands for: 中 is 중국 */
                cover_bits(w, word, w->other);
                for (uint32_t k = 0; k < WINDOW_WORDS; k++) to[k] |= w->other[k];
            }
        }
        if (word->negative) continue;
        uint64_t seen = 0;
        for (uint32_t k = 0; k < WINDOW_WORDS; k++) {
            if (to != w->result)
                w->result[k] = m->any ? w->result[k] | to[k] : w->result[k] & to[k];
            seen |= w->result[k];
        }
        first = false;
        if (!seen && !m->any) return;
    }
}

/* Do the words of the query, verified, accept the document? */
static bool accepts(struct window *w, uint32_t doc)
{
    struct fr_match *m = w->m;
    bool among = m->query->required_count > 1, found = m->query->required_count == 0;
    for (uint32_t i = 0; i < word_count(m); i++) {
        const struct fr_query_word *word = word_at(m, i);
        if (!word->negative && ((m->any && found) || !fr_match_wants(m, i))) continue;
        bool there = has_word(w, i, doc, among || word->negative);
        if (word->negative && there) return false;
        if (word->negative) continue;
        if (!there && !m->any) return false;
        found |= there;
    }
    return found;
}

bool fr_match_is_skipped(const struct fr_match *m, uint32_t doc)
{
    size_t low = 0, high = m->skip_count;
    uint64_t global = m->evaluation.base + doc;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (m->skip[middle] < global)
            low = middle + 1;
        else
            high = middle;
    }
    return low < m->skip_count && m->skip[low] == global;
}

/* Are there as many hits and matches as wanted, whatever comes from document `from` on? All score
 * the same where no word is looked for. */
static bool is_done(const struct fr_match *m, uint32_t from)
{
    const struct fr_collector *c = m->collector;
    bool full = !c->needs_scores;
    if (m->query->required_count == 0) full = !fr_collector_wants(c, m->evaluation.base + from, 0);
    return full && m->stats.matches >= m->count_limit;
}

/* Documents [64k, 64k + 64) of the window that may match. */
static uint64_t candidates_in(const struct window *w, uint32_t k)
{
    const struct fr_evaluation *e = &w->m->evaluation;
    uint64_t bits = w->result[k];
    uint32_t first = w->first + 64 * k;
    if (first >= w->end || !bits) return 0;
    if (w->end - first < 64) bits &= (1ull << (w->end - first)) - 1;
    bits &= fr_accept_mask(&e->accept, first / 64);
    /* Numbers without a document have no terms, so they come up only where no word is needed. */
    for (uint64_t left = w->m->query->required_count ? 0 : bits; left; left &= left - 1) {
        uint32_t i = (uint32_t)__builtin_ctzll(left);
        if (!fr_document_is_live(e->seg, first + i)) bits &= ~(1ull << i);
    }
    return bits;
}

static void take_window(struct window *w)
{
    const struct fr_evaluation *e = &w->m->evaluation;
    struct fr_collector *c = w->m->collector;
    struct fr_eval_stats *stats = &w->m->stats;
    memset(w->known, 0, e->count);
    fr_buf_clear(&w->log);
    w->log_sorted = false;
    candidates(w);
    for (uint32_t k = 0; k < WINDOW_WORDS && !w->memory; k++)
        for (uint64_t bits = candidates_in(w, k); bits && !w->memory; bits &= bits - 1) {
            uint32_t doc = w->first + k * 64 + (uint32_t)__builtin_ctzll(bits);
            if (fr_match_is_skipped(w->m, doc)) continue;
            if (++w->looked_at % 64 == 0 && fr_interrupted(w->m->evaluation.interrupt)) return;
            bool counts = stats->matches < w->m->count_limit;
            if (!counts && is_done(w->m, doc)) return;
            float score = 0;
            if (!counts) { /* verifying costs more than scoring */
                score = score_document(w, doc, NULL);
                if (!fr_collector_wants(c, e->base + doc, score)) continue;
            }
            if (!accepts(w, doc)) continue;
            stats->matches += counts;
            if (!c->needs_scores) continue;
            stats->scored++;
            if (counts) score = score_document(w, doc, NULL);
            fr_collector_offer(c, e->base + doc, score);
        }
}

static bool is_live(const struct fr_match *m, uint32_t first)
{
    uint64_t any = 0;
    for (uint32_t k = 0; m->live && k < FR_WINDOW_DOCS / FR_RANGE_DOCS / 64; k++)
        any |= m->live[first / FR_RANGE_DOCS / 64 + k];
    return any || !m->live;
}

float fr_match_score(struct fr_match *m, uint32_t doc)
{
    const uint8_t *norms = m->evaluation.seg->sections[FR_SECTION_NORMS].data;
    return score_terms(m, doc, m->evaluation.k_of_norm[norms[doc]], NULL);
}

bool fr_match_has_all(struct fr_match *m, uint32_t doc, bool *memory)
{
    for (uint32_t i = 0; i < word_count(m); i++)
        if (fr_match_word(m, word_at(m, i), doc, memory) == word_at(m, i)->negative) return false;
    return true;
}

bool fr_match_has_any(struct fr_match *m, uint32_t doc, uint64_t *seen, bool *memory)
{
    bool found = false;
    for (uint32_t i = 0; i < word_count(m); i++) {
        const struct fr_query_word *word = word_at(m, i);
        uint64_t bit = i < 64 ? 1ull << i : 0;
        if (found && !word->negative && (*seen & bit) == bit) continue;
        bool there = fr_match_word(m, word, doc, memory);
        if (word->negative && there) return false;
        if (word->negative || !there) continue;
        found = true;
        *seen |= bit;
    }
    return found;
}

static void rewind_term(struct fr_match *m, uint32_t t)
{
    fr_cursor_rewind(&m->evaluation.cursors[t]);
    fr_cursor_rewind(&m->bit_cursors[t]);
}

static void rewind_word(struct fr_match *m, uint32_t i)
{
    const struct fr_query_word *word = word_at(m, i);
    for (uint32_t k = 0; k < word->count; k++)
        rewind_term(m, fr_query_covering_at(m->query, word->first + k)->term);
    for (uint32_t k = 0; k < m->syllables[i].count; k++)
        fr_cursor_rewind(&m->syllables[i].cursors[k]);
}

/* Cursors of all that is looked at. */
static void rewind_all(struct fr_match *m)
{
    bool all = m->only == FR_ALL_WORDS;
    for (uint32_t t = 0; all && t < m->evaluation.count; t++) rewind_term(m, t);
    for (uint32_t i = 0; i < word_count(m); i++) {
        if (!word_at(m, i)->negative && !fr_match_wants(m, i)) continue;
        if (!all) rewind_word(m, i);
        for (uint32_t k = 0; all && k < m->syllables[i].count; k++)
            fr_cursor_rewind(&m->syllables[i].cursors[k]);
    }
}

/* Lays a window's arrays out in scratch. */
static bool window_init(struct window *w, struct fr_match *m)
{
    struct fr_evaluation *e = &m->evaluation;
    struct fr_scratch *s = e->scratch;
    uint32_t words = 0;
    for (uint32_t i = 0; i < word_count(m); i++)
        words = word_at(m, i)->syllable ? word_count(m) : words;
    *w = (struct window){.m = m};
    w->eojeol_group = UINT32_MAX;
    fr_buf_init(&w->log, s->bits.mem);
    size_t bits = (4 + (size_t)e->count) * WINDOW_WORDS * 8;
    fr_buf_clear(&s->bits);
    fr_buf_clear(&s->counts);
    fr_buf_clear(&s->accumulators);
    if (!fr_buf_room(&s->bits, bits + e->count) ||
        !fr_buf_room(&s->counts, (size_t)words * FR_WINDOW_DOCS) ||
        !fr_buf_room(&s->accumulators, (size_t)words * FR_WINDOW_DOCS * 4))
        return false;
    w->result = (uint64_t *)(void *)s->bits.data;
    w->word = w->result + WINDOW_WORDS;
    w->clause = w->word + WINDOW_WORDS;
    w->other = w->clause + WINDOW_WORDS;
    w->terms = w->other + WINDOW_WORDS;
    w->known = s->bits.data + bits;
    w->syllable_lone = s->counts.data;
    w->syllable_tf = (uint32_t *)(void *)s->accumulators.data;
    return true;
}

static bool norms_touched(struct fr_match *m)
{
    const struct fr_section *norms = &m->evaluation.seg->sections[FR_SECTION_NORMS];
    if (fr_segment_verify_range(m->evaluation.seg, norms->data, norms->len)) return true;
    fr_evaluation_damaged(&m->evaluation);
    return false;
}

bool fr_match_segment(struct fr_match *m)
{
    m->stats.method = "documents one by one, in windows";
    struct window w;
    if (!window_init(&w, m)) return false;
    if (!norms_touched(m)) return true;
    rewind_all(m);
    uint32_t docs = m->evaluation.seg->stats.docs;
    for (uint64_t first = 0; first < docs && !w.memory; first += FR_WINDOW_DOCS) {
        if (is_done(m, (uint32_t)first) || fr_interrupted(m->evaluation.interrupt)) break;
        if (!is_live(m, (uint32_t)first)) continue;
        w.first = (uint32_t)first;
        w.end = docs - w.first < FR_WINDOW_DOCS ? docs : w.first + FR_WINDOW_DOCS;
        take_window(&w);
    }
    fr_buf_deinit(&w.log);
    return !w.memory;
}

/* Syllables of the window that is this one document. */
static bool look_at_document(struct window *w, struct fr_match *m, uint32_t doc)
{
    if (!window_init(w, m)) return false;
    rewind_all(m);
    w->first = doc;
    w->end = doc + 1;
    memset(w->known, 0, m->evaluation.count);
    for (uint32_t i = 0; i < word_count(m); i++)
        if (word_at(m, i)->syllable) syllable_bits(w, i, w->word);
    return true;
}

bool fr_match_holds(struct fr_match *m, uint32_t doc, bool *memory)
{
    struct window w;
    bool there = false;
    *memory = !look_at_document(&w, m, doc);
    if (!*memory) there = accepts(&w, doc);
    *memory |= w.memory;
    fr_buf_deinit(&w.log);
    return there;
}

void fr_match_each(struct fr_match *m, uint32_t doc, bool *there, bool *memory)
{
    struct window w;
    bool among = m->query->required_count > 1;
    *memory = !look_at_document(&w, m, doc);
    for (uint32_t i = 0; i < word_count(m) && !*memory; i++) {
        rewind_word(m, i);
        there[i] = has_word(&w, i, doc, among || word_at(m, i)->negative);
    }
    *memory |= w.memory;
    fr_buf_deinit(&w.log);
}

bool fr_match_explain(struct fr_match *m, uint32_t doc, float *parts, float *score)
{
    struct window w;
    *score = 0;
    if (!norms_touched(m)) return true;
    bool ok = look_at_document(&w, m, doc);
    if (ok) *score = score_document(&w, doc, parts);
    fr_buf_deinit(&w.log);
    return ok && !w.memory;
}
