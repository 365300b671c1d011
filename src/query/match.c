/* Documents in windows: for each window of FR_WINDOW_DOCS documents, rows of bits say which may
 * match (the tree of the query over the documents of its terms), and each of those is verified by
 * its positions, then scored. A word of one syllable is counted per window, over all pairs that
 * have the syllable. */
#include "query/match.h"

#include "base/lower_bound.h"
#include "base/sort.h"
#include "query/boilerplate.h"
#include "query/lone_syllable.h"
#include "segment/documents.h"

/* A posting of a pair that begins with the syllable of a word, for looking at its positions, is an
 * fr_item: key is the document in the window, doc the word and the cursor, position the posting's
 * number in its list. */
#define LOG_CURSOR_BITS 20u

struct window {
    struct fr_match *m;
    uint32_t first, end;
    uint32_t looked_at;                        /* documents, between questions whether to go on */
    uint64_t *result, *clause, *other, *spare; /* rows: a bit for each document */
    uint64_t *terms;                           /* a row of each query term */
    uint8_t *known;                            /* terms whose row is of this window */
    uint8_t *walked;        /* words whose lone syllables are counted in this window */
    uint64_t *syllables;    /* a row of each word: documents that have its lone syllable */
    uint32_t *syllable_tf;  /* of each word, FR_WINDOW_DOCS each; used by lone syllables */
    uint8_t *syllable_lone; /* 1: the syllable stands by itself */
    uint32_t eojeol_group;  /* read last */
    struct fr_eojeols eojeols[FR_EOJEOL_GROUP];
    bool log_sorted; /* scratch->log is, since it was first looked into */
};

#define WINDOW_WORDS (FR_WINDOW_DOCS / 64)

static uint32_t word_count(const struct fr_match *m)
{
    return (uint32_t)fr_vec_count(&m->query->words);
}

static const struct fr_query_word *word_at(const struct fr_match *m, uint32_t i)
{
    return &fr_vec_at(&m->query->words, i);
}

/* NULL: the segment doesn't have the term. */
static const uint64_t *term_bits(void *ctx, uint32_t term)
{
    struct window *w = ctx;
    uint64_t *bits = w->terms + (size_t)term * WINDOW_WORDS;
    struct fr_cursor *c = &w->m->bit_cursors[term];
    if (!c->exists) return NULL;
    if (w->known[term]) return bits;
    w->known[term] = 1;
    memset(bits, 0, WINDOW_WORDS * 8);
    uint32_t block = c->block;
    fr_cursor_seek(c, w->first);
    fr_cursor_or_into(c, w->first, w->end, bits);
    uint64_t postings = c->postings.is_dense ? 0 : (uint64_t)(c->block - block) * FR_BLOCK;
    fr_work(w->m->evaluation.interrupt, WINDOW_WORDS + postings);
    return bits;
}

/* Documents that may have the leaf, as far as its terms tell. */
static void cover_bits(struct window *w, const struct fr_query_node *leaf, uint64_t *out)
{
    fr_work(w->m->evaluation.interrupt, fr_leaf_rows_work(leaf, WINDOW_WORDS));
    fr_leaf_rows(w->m->query, leaf, &(struct fr_term_rows){WINDOW_WORDS, w->clause, term_bits, w},
                 out);
}

/* Counts a lone syllable in the window: every posting of its pairs, with its tf. */
static void walk_syllable(struct window *w, const struct fr_query_node *leaf)
{
    uint32_t number = leaf->word;
    struct fr_syllable *s = &w->m->syllables[number];
    struct fr_scratch *scratch = w->m->evaluation.scratch;
    uint64_t *bits = w->syllables + (size_t)number * WINDOW_WORDS;
    uint32_t *tf = w->syllable_tf + (size_t)number * FR_WINDOW_DOCS;
    uint8_t *lone = w->syllable_lone + (size_t)number * FR_WINDOW_DOCS;
    uint32_t count = leaf->place == FR_PLACE_WHOLE_WORD ? s->wholes : s->count;
    if (w->walked[number]) return;
    w->walked[number] = 1;
    memset(bits, 0, WINDOW_WORDS * 8);
    memset(tf, 0, FR_WINDOW_DOCS * sizeof *tf);
    memset(lone, 0, FR_WINDOW_DOCS);
    for (uint32_t i = 0; i < count; i++) {
        struct fr_cursor *c = &s->cursors[i];
        if (i % 16 == 15 && fr_interrupted(w->m->evaluation.interrupt)) return;
        fr_cursor_seek(c, w->first);
        fr_work(w->m->evaluation.interrupt, FR_WORK_SEEK);
        while (c->doc < w->end) {
            uint32_t at = c->doc - w->first;
            fr_work(w->m->evaluation.interrupt, FR_WORK_SEEK);
            bits[at / 64] |= 1ull << (at % 64);
            bool whole = i < s->wholes; /* where it is a word, only that counts */
            if (whole || !lone[at]) tf[at] += fr_cursor_tf(c);
            lone[at] |= whole;
            if (i < s->firsts && !whole) {
                fr_vec_push(&scratch->log, at, number << LOG_CURSOR_BITS | i,
                            c->block * FR_BLOCK + c->at);
            }
            fr_cursor_next(c);
        }
    }
}

/* Documents that may have what the leaf asks for. */
static void leaf_bits(void *ctx, const struct fr_query_node *leaf, uint64_t *out)
{
    struct window *w = ctx;
    if (fr_interrupted(w->m->evaluation.interrupt)) {
        memset(out, 0, WINDOW_WORDS * 8);
        return;
    }
    if (leaf->place == FR_PLACE_NONE) {
        cover_bits(w, leaf, out);
        return;
    }
    walk_syllable(w, leaf);
    memcpy(out, w->syllables + (size_t)leaf->word * WINDOW_WORDS, WINDOW_WORDS * 8);
    if (leaf->count < 2) return;
    cover_bits(w, leaf, w->other); /* or what it stands for: 中 is 중국 */
    for (uint32_t k = 0; k < WINDOW_WORDS; k++) out[k] |= w->other[k];
}

/* The first entry of the log that is of this document. */
static size_t find_logged(struct window *w, uint32_t at)
{
    struct fr_scratch *s = w->m->evaluation.scratch;
    struct fr_item *log = fr_vec_data(&s->log);
    size_t count = fr_vec_count(&s->log), first = 0;
    if (!w->log_sorted) {
        struct fr_item *sorted = fr_vec_reserve(&s->log_sorted, count);
        if (!sorted) return count;
        fr_sort_items(log, sorted, count);
    }
    w->log_sorted = true;
    FR_LOWER_BOUND(size_t, first, count, i, log[i].key < at)
    return first;
}

static const struct fr_eojeols *eojeols_of(struct window *w, uint32_t doc)
{
    if (doc / FR_EOJEOL_GROUP != w->eojeol_group) {
        w->eojeol_group = doc / FR_EOJEOL_GROUP;
        if (fr_eojeols_read_group(w->m->evaluation.seg, w->eojeol_group, w->eojeols, NULL)) {
            w->eojeol_group = UINT32_MAX;
            fr_damage_note(w->m->evaluation.damage, FR_SECTION_EOJEOLS);
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
    struct fr_scratch *e = w->m->evaluation.scratch;
    if (!eojeols) return false;
    for (size_t i = find_logged(w, doc - w->first); i < fr_vec_count(&e->log); i++) {
        const struct fr_item *entry = &fr_vec_at(&e->log, i);
        fr_work(w->m->evaluation.interrupt, FR_WORK_SEEK);
        if (entry->key != doc - w->first) break;
        if (entry->doc >> LOG_CURSOR_BITS != number) continue;
        const struct fr_postings *p =
            &s->cursors[entry->doc & ((1u << LOG_CURSOR_BITS) - 1)].postings;
        uint32_t block = entry->position / FR_BLOCK;
        uint32_t docs[FR_BLOCK + 8], tfs[FR_BLOCK + 8], room[FR_ASCENDING_ROOM], n;
        struct fr_position_list list;
        if (!fr_postings_decode(p, block, docs, tfs, &n) ||
            !fr_postings_position_list(p, block, docs, tfs, entry->position % FR_BLOCK, &list) ||
            !fr_position_list_decode(&list, p->seg, room)) {
            fr_damage_note(w->m->evaluation.damage, FR_SECTION_POSITIONS);
            return false;
        }
        fr_work(w->m->evaluation.interrupt, FR_BLOCK);
        if (fr_starts_eojeol(&list, eojeols, w->m->evaluation.interrupt)) return true;
    }
    return false;
}

static bool has_word(const struct fr_match *m, const struct fr_query_node *leaf, uint32_t doc)
{
    return fr_document_has(&(struct fr_lookup){m->query, &m->evaluation, m->gaps}, leaf, doc);
}

/* A document of a window that is looked at. */
struct look {
    struct window *w;
    uint32_t doc;
};

/* Has it what the leaf asks for? The leaf's lone syllable is counted in the window. */
static bool leaf_holds(void *ctx, const struct fr_query_node *leaf)
{
    const struct look *l = ctx;
    struct window *w = l->w;
    if (leaf->place == FR_PLACE_NONE) return has_word(w->m, leaf, l->doc);
    size_t at = (size_t)leaf->word * FR_WINDOW_DOCS + l->doc - w->first;
    bool there = w->syllable_tf[at] != 0;
    if (there && leaf->place == FR_PLACE_EOJEOL_START && !w->syllable_lone[at])
        there = syllable_starts(w, leaf->word, l->doc);
    return there || (leaf->count > 1 && has_word(w->m, leaf, l->doc));
}

/* Do the words of the query, verified, accept the document? */
static bool accepts(struct window *w, uint32_t doc)
{
    struct look look = {w, doc};
    return fr_tree_holds(&w->m->tree, leaf_holds, &look);
}

/* Mentions of a term that are told apart; more than that score like so many outside of lines. */
#define MENTIONS_MOST (1u << 16)

/* Mentions in repeated lines add no more than their share. */
static float score_outside_lines(struct fr_match *m, struct fr_cursor *c, float k)
{
    struct fr_scratch *s = m->evaluation.scratch;
    uint32_t tf = fr_cursor_tf(c), outside = 0;
    float all = fr_bm25(c->weight, tf, k), there = 0;
    struct fr_position_list list;
    if (tf > MENTIONS_MOST || !fr_cursor_position_list(c, &list)) return all;
    fr_work(m->evaluation.interrupt, list.count * (uint64_t)FR_WORK_SEEK);
    for (uint32_t i = 0; i < list.count; i++)
        outside += !fr_boilerplate_holds(s, fr_position_at(&list, i));
    if (outside) there = fr_bm25(c->weight, outside, k);
    return there + m->model->repeated_share * (all - there);
}

/* Are there lines in the document that add less? */
static bool has_lines(struct fr_match *m, uint32_t doc)
{
    return m->fade_lines && fr_vec_count(&m->query->repeated) &&
           fr_boilerplate_find(m->query, &m->evaluation, doc) > 0;
}

static float score_terms(struct fr_match *m, uint32_t doc, float k, bool lines, float *parts)
{
    struct fr_evaluation *e = &m->evaluation;
    float score = 0, best = 0;
    uint32_t scores = 0; /* the best of the alternatives */
    fr_work(e->interrupt, (uint64_t)e->count * FR_WORK_SEEK);
    if (parts) memset(parts, 0, e->count * sizeof *parts);
    for (uint32_t i = 0; i < e->count; i++) {
        const struct fr_summand s = fr_evaluation_summand(e, i);
        struct fr_cursor *c = &e->cursors[s.term];
        if (s.begins) {
            score += best;
            best = 0;
        }
        if (c->weight == 0 || !fr_cursor_has(c, doc)) continue;
        struct fr_cursor *typed = s.typed == FR_NO_QUERY_TERM ? NULL : &e->cursors[s.typed];
        if (typed && typed->weight != 0 && fr_cursor_has(typed, doc)) continue;
        float part = lines ? score_outside_lines(m, c, k) : fr_bm25(c->weight, fr_cursor_tf(c), k);
        if (part <= best) continue;
        if (parts && best > 0) parts[scores] = 0;
        if (parts) parts[s.term] = part;
        best = part;
        scores = s.term;
    }
    return score + best;
}

static float score_syllable(struct window *w, uint32_t number, uint32_t doc, float k, bool alone)
{
    struct fr_syllable *s = &w->m->syllables[number];
    uint32_t at = doc - w->first;
    uint32_t tf = w->syllable_tf[(size_t)number * FR_WINDOW_DOCS + at];
    if (tf == 0) return 0;
    bool whole = w->syllable_lone[(size_t)number * FR_WINDOW_DOCS + at];
    if (!alone) return fr_syllable_score(w->m, number, whole ? tf : 0, k);
    float score = fr_bm25(s->weight, tf, k);
    if (whole) return score + w->m->model->syllable_whole * s->weight;
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
    float score = score_terms(m, doc, k, has_lines(m, doc), parts);
    for (uint32_t i = 0; i < word_count(m); i++) {
        const struct fr_query_word *word = word_at(m, i);
        float part = 0;
        if (word->syllable && !word->negative && w->walked[i])
            part = score_syllable(w, i, doc, k, fr_syllable_is_inside(m->query, word));
        if (parts) parts[m->evaluation.count + i] = part;
        score += part;
    }
    return score;
}

/* Counts the lone syllables of all leaves. */
static void walk_syllables(struct window *w)
{
    const struct fr_tree *t = &w->m->tree;
    for (uint32_t i = t->begin; i <= t->root; i++)
        if (fr_node_is_leaf(&t->nodes[i]) && t->nodes[i].place != FR_PLACE_NONE)
            walk_syllable(w, &t->nodes[i]);
}

/* Documents of the window that may match into w->result. False: there are none. */
static bool find_candidates(struct window *w)
{
    struct fr_tree_rows rows = {WINDOW_WORDS, w->spare, leaf_bits, w};
    if (!fr_tree_rows(&w->m->tree, &rows, w->result)) return false;
    walk_syllables(w); /* those that finding them could do without */
    return true;
}

bool fr_match_is_skipped(const struct fr_match *m, uint32_t doc)
{
    size_t at = 0;
    uint64_t global = m->evaluation.base + doc;
    FR_LOWER_BOUND(size_t, at, m->skip_count, i, m->skip[i] < global)
    if (at < m->skip_count && m->skip[at] == global) return true;
    at = 0;
    FR_LOWER_BOUND(size_t, at, m->titled_count, i, m->titled[i].doc < global)
    return at < m->titled_count && m->titled[at].doc == global;
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
    return bits & fr_accept_mask(&e->accept, first / 64);
}

/* What is known of the window before. */
static void forget_window(struct window *w)
{
    memset(w->known, 0, w->m->evaluation.count);
    memset(w->walked, 0, word_count(w->m));
    fr_buf_clear(&w->m->evaluation.scratch->log.buf);
    w->log_sorted = false;
}

static void take_window(struct window *w)
{
    const struct fr_evaluation *e = &w->m->evaluation;
    struct fr_collector *c = w->m->collector;
    struct fr_eval_stats *stats = &w->m->stats;
    forget_window(w);
    if (!find_candidates(w) || fr_interrupted(e->interrupt)) return;
    for (uint32_t k = 0; k < WINDOW_WORDS; k++)
        for (uint64_t bits = candidates_in(w, k); bits; bits &= bits - 1) {
            uint32_t doc = w->first + k * 64 + (uint32_t)__builtin_ctzll(bits);
            if (fr_match_is_skipped(w->m, doc)) continue;
            fr_work(e->interrupt, FR_WORK_SEEK);
            if (++w->looked_at % 64 == 0 && fr_interrupted(e->interrupt)) return;
            bool counts = stats->matches < w->m->count_limit;
            if (!counts && is_done(w->m, doc)) return;
            float score = 0;
            if (!counts) { /* verifying costs more than scoring */
                score = score_document(w, doc, NULL);
                if (!fr_collector_wants(c, e->base + doc, score)) continue;
            }
            bool accepted = accepts(w, doc); /* what is spent may have cut it short */
            if (fr_work_is_spent(e->interrupt)) return;
            if (!accepted) continue;
            stats->matches += counts;
            if (!c->needs_scores) continue;
            stats->scored++;
            if (counts) score = score_document(w, doc, NULL);
            fr_collector_offer(c, e->base + doc, score);
        }
}

/* May the window from document `first` on hold matches? */
static bool has_candidates(const struct fr_match *m, uint32_t first)
{
    uint32_t row = first / FR_ROW_DOCS, end = row + FR_WINDOW_DOCS / FR_ROW_DOCS;
    uint64_t any = 0;
    for (; row < end && (uint64_t)row * FR_ROW_DOCS < m->evaluation.seg->stats.docs; row++)
        any |= fr_accept_row(&m->evaluation.accept, row) &
               (m->candidates ? m->candidates[row] : ~0ull);
    return any;
}

float fr_match_score(struct fr_match *m, uint32_t doc)
{
    const uint8_t *norms = m->evaluation.seg->sections[FR_SECTION_NORMS].data;
    float k = m->evaluation.k_of_norm[norms[doc]];
    float score = score_terms(m, doc, k, has_lines(m, doc), NULL);
    for (uint32_t i = 0; m->syllables && i < word_count(m); i++)
        if (word_at(m, i)->syllable && !word_at(m, i)->negative)
            score += fr_match_score_syllable(m, i, doc, k);
    return score;
}

void fr_match_fade(struct fr_match *m, uint32_t doc, float *score)
{
    if (has_lines(m, doc)) *score = fr_match_score(m, doc);
}

/* Words of a document. */
struct lookup {
    struct fr_match *m;
    uint32_t doc;
    uint64_t asked, there; /* of the first 64 words, a bit each */
};

static uint64_t bit_of(const struct fr_query_node *leaf)
{
    return leaf->word < 64 ? 1ull << leaf->word : 0;
}

static bool look_up(void *ctx, const struct fr_query_node *leaf)
{
    struct lookup *l = ctx;
    bool there = leaf->place == FR_PLACE_NONE || !l->m->syllables
                     ? has_word(l->m, leaf, l->doc)
                     : fr_match_has_syllable(l->m, leaf, l->doc) ||
                           (leaf->count > 1 && has_word(l->m, leaf, l->doc));
    l->asked |= bit_of(leaf);
    if (there) l->there |= bit_of(leaf);
    return there;
}

bool fr_match_verify(struct fr_match *m, uint32_t doc, uint64_t *seen)
{
    const struct fr_tree *t = &m->tree;
    struct lookup l = {m, doc, 0, 0};
    if (!fr_tree_holds(t, look_up, &l)) return false;
    if (!seen) return true;
    for (uint32_t i = t->begin; t->words & ~(*seen | l.asked) && i <= t->root; i++)
        if (fr_node_is_leaf(&t->nodes[i]) && t->words & ~(*seen | l.asked) & bit_of(&t->nodes[i]))
            look_up(&l, &t->nodes[i]);
    *seen |= l.there & t->words;
    return true;
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
}

/* Cursors of all that is looked at: of all terms, or of those of the words in the tree. */
static void rewind_all(struct fr_match *m)
{
    const struct fr_tree *t = &m->tree;
    uint32_t leaves = 0;
    for (uint32_t i = t->begin; i <= t->root; i++) leaves += fr_node_is_leaf(&t->nodes[i]);
    bool all = leaves >= word_count(m);
    for (uint32_t k = 0; all && k < m->evaluation.count; k++) rewind_term(m, k);
    for (uint32_t i = t->begin; i <= t->root; i++) {
        if (!fr_node_is_leaf(&t->nodes[i])) continue;
        const struct fr_syllable *s = &m->syllables[t->nodes[i].word];
        if (!all) rewind_word(m, t->nodes[i].word);
        for (uint32_t k = 0; k < s->count; k++) fr_cursor_rewind(&s->cursors[k]);
    }
}

/* Lays a window's arrays out in scratch. */
static bool window_init(struct window *w, struct fr_match *m)
{
    struct fr_evaluation *e = &m->evaluation;
    struct fr_scratch *s = e->scratch;
    uint32_t words = word_count(m), counted = 0; /* words that have room to be counted */
    for (uint32_t i = 0; i < words; i++) counted = word_at(m, i)->syllable ? words : counted;
    *w = (struct window){.m = m};
    w->eojeol_group = UINT32_MAX;
    size_t rows = 3 + (size_t)fr_tree_depth(&m->tree) + e->count + counted;
    w->result = fr_vec_reserve(&s->rows, rows * WINDOW_WORDS);
    w->syllable_tf = fr_vec_reserve(&s->syllable_tfs, (size_t)counted * FR_WINDOW_DOCS);
    if (!w->result || !w->syllable_tf || !fr_buf_reserve(&s->flags, (size_t)e->count + words) ||
        !fr_buf_reserve(&s->syllable_lone, (size_t)counted * FR_WINDOW_DOCS))
        return false;
    w->clause = w->result + WINDOW_WORDS;
    w->other = w->clause + WINDOW_WORDS;
    w->terms = w->other + WINDOW_WORDS;
    w->syllables = w->terms + (size_t)e->count * WINDOW_WORDS;
    w->spare = w->syllables + (size_t)counted * WINDOW_WORDS;
    w->known = s->flags.data;
    w->walked = w->known + e->count;
    w->syllable_lone = s->syllable_lone.data;
    return true;
}

void fr_match_segment(struct fr_match *m)
{
    m->stats.method = FRAI_METHOD_WINDOWS;
    struct window w;
    if (!window_init(&w, m) || !fr_evaluation_check_norms(&m->evaluation)) return;
    rewind_all(m);
    uint32_t docs = m->evaluation.seg->stats.docs;
    for (uint64_t first = 0; first < docs; first += FR_WINDOW_DOCS) {
        if (is_done(m, (uint32_t)first) || fr_interrupted(m->evaluation.interrupt)) break;
        if (!has_candidates(m, (uint32_t)first)) continue;
        w.first = (uint32_t)first;
        w.end = docs - w.first < FR_WINDOW_DOCS ? docs : w.first + FR_WINDOW_DOCS;
        take_window(&w);
    }
}

/* Syllables of the window that is this one document. */
static bool look_at_document(struct window *w, struct fr_match *m, uint32_t doc)
{
    if (!window_init(w, m)) return false;
    rewind_all(m);
    w->first = doc;
    w->end = doc + 1;
    forget_window(w);
    walk_syllables(w);
    return true;
}

bool fr_match_holds(struct fr_match *m, uint32_t doc, float *score)
{
    struct window w;
    if (!look_at_document(&w, m, doc) || !accepts(&w, doc)) return false;
    if (score) *score = score_document(&w, doc, NULL);
    return true;
}

void fr_match_each(struct fr_match *m, uint32_t doc, bool *there)
{
    const struct fr_tree *t = &m->tree;
    struct window w;
    struct look look = {&w, doc};
    if (!look_at_document(&w, m, doc)) return;
    for (uint32_t i = t->begin; i <= t->root; i++)
        if (fr_node_is_leaf(&t->nodes[i]))
            there[t->nodes[i].word] = leaf_holds(&look, &t->nodes[i]);
}

float fr_match_explain(struct fr_match *m, uint32_t doc, float *parts)
{
    struct window w;
    return fr_evaluation_check_norms(&m->evaluation) && look_at_document(&w, m, doc)
               ? score_document(&w, doc, parts)
               : 0;
}
