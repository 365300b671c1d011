/* The word is analyzed as a text of its own. Each token becomes a term that covers the syllables it
 * stands for; then come terms that may stand in its place: lone syllables of a pair, stems,
 * readings of Han characters, values of numbers, pairs with what may follow. Matching asks for
 * terms at consistent positions that together cover the word (presence.c). */
#include "query/compile_word.h"

#include "query/cover_number.h"
#include "text/amount.h"
#include "text/charclass.h"
#include "text/fold.h"
#include "text/function_word.h"
#include "text/hanja.h"
#include "text/particle.h"
#include "text/path.h"
#include "text/utf8.h"

#define LONG_WORD 4u /* syllables: from here on, the last two of a Korean word may vary */

/* `term` scores only where `typed` is not: a document with both has said it once. */
static void stands_in(struct fr_query *q, uint32_t term, uint32_t typed)
{
    if (term == FR_NO_QUERY_TERM || term == typed || fr_query_failed(q)) return;
    for (size_t i = 0; i < fr_vec_count(&q->units); i++)
        if (fr_vec_at(&q->units, i).term == term) return; /* it was typed too */
    fr_vec_at(&q->terms, term).variant_of = typed;
}

/* Notes where a scored term stands in the query. `continues`: it follows another pair of its run.
 */
static void put_unit(struct fr_word_parts *p, uint32_t offset, uint32_t span, bool continues)
{
    struct fr_query *q = p->q;
    if (p->w->negative || p->w->count == 0 || fr_query_failed(q)) return;
    uint32_t term = fr_vec_at(&q->coverings, p->w->first + p->w->count - 1).term;
    fr_vec_push(&q->units, term, (uint32_t)fr_vec_count(&q->words), q->syllables + offset, span,
                FR_NO_QUERY_TERM);
    if (!continues) fr_query_begin_run(q, term);
}

/* What else a word of letters or digits may be: stem, part of camelCase, value, joined digits. */
static void cover_word_forms(struct fr_word_parts *p, frai_slice word, uint32_t offset,
                             uint32_t typed)
{
    struct fr_query *q = p->q;
    uint64_t mask = fr_bit(offset);
    if (word.ptr[0] == FR_AMOUNT_PART) return;
    if (fr_is_digits(word)) {
        if (word.len > 1)
            stands_in(q, fr_cover(p, FR_TERM_VALUE, word, q->boosts->value, offset, mask), typed);
        if (word.len > 6)
            stands_in(q, fr_cover(p, FR_TERM_GLUED, word, q->boosts->glued, offset, mask), typed);
        return;
    }
    frai_slice stem;
    bool stemmed = fr_stem(p->stemmer, word.ptr, word.len, &stem.ptr, &stem.len);
    if (!stemmed) stem = word;
    stands_in(q, fr_cover(p, FR_TERM_STEM, stem, q->boosts->stem, offset, mask), typed);
    if (stemmed)
        stands_in(q, fr_cover(p, FR_TERM_SURFACE, stem, q->boosts->stem, offset, mask), typed);
    stands_in(q, fr_cover(p, FR_TERM_GLUED, word, q->boosts->glued, offset, mask), typed);
}

/* The terms that may cover the token at its offset in the word. */
static void cover_token(struct fr_word_parts *p, const struct fr_token *t, uint32_t offset,
                        bool continues)
{
    struct fr_query_word *w = p->w;
    uint32_t typed;
    if (t->word_bytes) {
        frai_slice word = {fr_token_word(p->a, t), t->word_bytes};
        uint64_t mask = t->span == 2 ? fr_bit(offset) | fr_bit(offset + 1) : fr_bit(offset);
        typed = fr_cover(p, FR_TERM_SURFACE, word, 1, offset, mask);
        put_unit(p, offset, t->span, false);
        if (!w->phrase && t->span != 2) cover_word_forms(p, word, offset, typed);
        return;
    }
    uint32_t first = t->key >> 16, second = t->key & 0xFFFF;
    if (t->span == 1) {
        typed = fr_cover_pair(p, first, 0, 1, offset, fr_bit(offset));
        put_unit(p, offset, 1, false);
    } else {
        typed = fr_cover_pair(p, first, second, 1, offset, fr_bit(offset) | fr_bit(offset + 1));
        put_unit(p, offset, 2, continues);
        if (w->phrase) return;
        /* Either syllable may stand alone in the text; it matches, but is not asked for. */
        fr_cover_pair(p, first, 0, 0, offset, fr_bit(offset));
        fr_cover_pair(p, second, 0, 0, offset + 1, fr_bit(offset + 1));
    }
    if (w->phrase || w->syllable) return;
    if (fr_charclass_of(first) == FR_CHAR_HANGUL && !continues)
        stands_in(
            p->q,
            fr_cover_pair(p, first, FR_PAIR_READING, p->q->boosts->reading, offset, fr_bit(offset)),
            typed);
    if (fr_charclass_of(second) == FR_CHAR_HANGUL)
        stands_in(p->q,
                  fr_cover_pair(p, second, FR_PAIR_READING, p->q->boosts->reading, offset + 1,
                                fr_bit(offset + 1)),
                  typed);
}

/* Lone syllables on both sides of a space inside a word never met as a pair: the pair that would
 * stand there when the text is written without the space covers both. */
static void cover_joint(struct fr_word_parts *p, const struct fr_token *left,
                        const struct fr_token *right, uint32_t offset)
{
    if (p->w->phrase || left->word_bytes || right->word_bytes) return;
    uint32_t first = left->span == 2 ? left->key & 0xFFFF : left->key >> 16;
    fr_cover_pair(p, first, right->key >> 16, 0, offset - 1, fr_bit(offset - 1) | fr_bit(offset));
}

/* A Han character of the query and the syllables that it is read as. */
struct readings {
    uint16_t syllables[FR_HANJA_READINGS];
    unsigned count;
};

/* 國會 is 국회 in the text: pairs of readings, or of a reading and the Hangul next to it. */
static void cover_readings(struct fr_word_parts *p)
{
    struct readings at[FR_WORD_SYLLABLES_MAX + 2] = {{{0}, 0}};
    uint32_t syllables = p->w->syllable_count, han = 0;
    for (size_t i = 0; i < fr_vec_count(&p->a->extras); i++) {
        const struct fr_token *t = &fr_vec_at(&p->a->extras, i);
        if (t->term_class != FR_TERM_READING || t->position < p->first_position) continue;
        uint32_t offset = t->position - p->first_position;
        if (offset >= syllables || at[offset].count == FR_HANJA_READINGS) continue;
        at[offset].syllables[at[offset].count++] = (uint16_t)(t->key >> 16);
        han++;
    }
    if (han == 0) return;
    for (size_t i = 0; i < fr_vec_count(&p->a->tokens); i++) {
        const struct fr_token *t = &fr_vec_at(&p->a->tokens, i);
        if (t->word_bytes || t->position < p->first_position) continue;
        for (uint32_t k = 0; k < t->span; k++) {
            uint32_t offset = t->position - p->first_position + k,
                     syllable = k ? t->key & 0xFFFF : t->key >> 16;
            if (offset < syllables && fr_charclass_of(syllable) == FR_CHAR_HANGUL)
                at[offset] = (struct readings){{(uint16_t)syllable}, 1};
        }
    }
    for (uint32_t i = 0; i < syllables; i++)
        for (unsigned r = 0; r < at[i].count; r++) {
            fr_cover_pair(p, at[i].syllables[r], 0, 0, i, fr_bit(i));
            for (unsigned k = 0; i + 1 < syllables && k < at[i + 1].count; k++)
                fr_cover_pair(p, at[i].syllables[r], at[i + 1].syllables[k],
                              2 * p->q->boosts->reading, i, fr_bit(i) | fr_bit(i + 1));
        }
}

/* Values of numbers and dates, joined digits, c++: terms over what the tokens cover. */
static void cover_extras(struct fr_word_parts *p)
{
    for (size_t i = 0; i < fr_vec_count(&p->a->extras); i++) {
        const struct fr_token *t = &fr_vec_at(&p->a->extras, i);
        if (t->word_bytes == 0 || t->position < p->first_position + t->span - 1) continue;
        uint32_t last = t->position - p->first_position, first = last + 1 - t->span;
        if (last >= p->w->syllable_count) continue;
        frai_slice text = {fr_token_word(p->a, t), t->word_bytes};
        uint64_t mask = fr_bits_of(first, last + 1);
        bool symbol = text.ptr[text.len - 1] == '+' || text.ptr[text.len - 1] == '#';
        if (t->term_class == FR_TERM_GLUED && t->span > 1 && !fr_is_digits(text)) {
            fr_cover(p, FR_TERM_GLUED, text, 1, last, mask); /* b2b */
            put_unit(p, first, t->span, false);
            continue;
        }
        if (t->term_class == FR_TERM_GLUED && !fr_is_digits(text)) {
            if (!symbol) continue; /* parts of a word don't stand for it */
            bool c = text.ptr[1] == '#' || (text.ptr[1] == '+' && text.len == 3); /* c#, c++ */
            if (c) fr_uncover(p->q, p->w, fr_bit(first));
            fr_cover(p, FR_TERM_GLUED, text, 1, last, mask);
            put_unit(p, first, 1, false);
            continue;
        }
        if (t->term_class == FR_TERM_VALUE && !memchr(text.ptr, '-', text.len))
            fr_cover_amount(p, t, last, mask);
        else
            fr_cover(p, t->term_class, text, p->q->boosts->value, last, mask);
        if (t->term_class == FR_TERM_GLUED)
            fr_cover(p, FR_TERM_SURFACE, text, p->q->boosts->value, last, mask);
    }
}

/* How many of the word's last syllables are a particle. */
static uint32_t particle_length(const struct fr_query_word *w, const struct fr_analyzer *a)
{
    uint32_t run[FR_WORD_SYLLABLES_MAX];
    const struct fr_folded *cps = fr_vec_data(&a->folded);
    size_t end = fr_vec_count(&a->folded), begin;
    while (end > 0 && fr_charclass_of(cps[end - 1].cp) <= FR_CHAR_PUNCT) end--;
    for (begin = end; begin > 0 && fr_charclass_of(cps[begin - 1].cp) == FR_CHAR_HANGUL;) begin--;
    size_t n = end - begin, rest;
    if (n == 0 || n > FR_WORD_SYLLABLES_MAX) return 0;
    for (size_t i = 0; i < n; i++) run[i] = cps[begin + i].cp;
    enum fr_charclass before = begin ? fr_charclass_of(cps[begin - 1].cp) : FR_CHAR_SPACE;
    bool closed = before == FR_CHAR_PUNCT && (cps[begin - 1].cp == ')' || cps[begin - 1].cp == ']');
    if (before > FR_CHAR_PUNCT || closed)
        rest = fr_particle_rest(run, n);
    else
        rest = fr_particle_stem(run, n);
    if (rest == 0 && before == FR_CHAR_DIGIT) rest = n; /* 3만 is a number */
    return n - rest < w->syllable_count ? (uint32_t)(n - rest) : 0;
}

/* A word that ends in a particle matches without it (프랑스의 finds 프랑스): only the stem has to
 * be there. What the particle adds stays in the score, so the full form ranks first. */
static void leave_particle(struct fr_query *q, struct fr_query_word *w, const struct fr_analyzer *a)
{
    uint32_t length = w->phrase ? 0 : particle_length(w, a), kept = 0;
    if (length == 0) return;
    struct fr_covering *all = fr_query_covering_at(q, w->first);
    uint64_t stem = fr_bits_of(0, w->syllable_count - length);
    bool any = false;
    for (uint32_t i = 0; i < w->count; i++) any |= (all[i].mask & ~stem) == 0;
    if (!any) return;
    /* The pair of the stem's last syllable and the particle still shows that syllable. */
    for (uint32_t i = 0; i < w->count; i++) {
        if (!(all[i].mask & stem)) continue;
        all[kept] = all[i];
        all[kept++].mask &= stem;
    }
    w->count = kept;
    w->syllable_count -= length;
    fr_vec_set_count(&q->coverings, w->first + kept);
}

/* Syllables at the word's ends that stand by themselves beside another script: in the text their
 * run may go on. */
static void cover_ends(struct fr_word_parts *p)
{
    struct fr_query_word *w = p->w;
    const struct fr_token *tokens = fr_vec_data(&p->a->tokens);
    size_t count = fr_vec_count(&p->a->tokens);
    uint32_t last = p->first_position + w->syllable_count - 1;
    if (w->phrase || w->syllable) return;
    for (size_t i = 0; i < count; i++) {
        const struct fr_token *t = &tokens[i];
        uint32_t offset = t->position - p->first_position, syllable = t->key >> 16;
        if (t->word_bytes || t->position < p->first_position ||
            fr_charclass_of(syllable) != FR_CHAR_HANGUL)
            continue;
        if (t->position == p->first_position && t->span == 1)
            fr_cover_pair(p, syllable, FR_PAIR_ENDS, 0, 0, fr_bit(0));
        if (t->position != last || i == 0 || t[-1].position + t[-1].span > last) continue;
        fr_cover_pair(p, syllable, FR_PAIR_GOES_ON, 0, offset, fr_bit(offset));
        fr_cover_pair(p, syllable, FR_PAIR_PARTICLE, 0, offset, fr_bit(offset));
    }
}

void fr_query_widen(struct fr_query *q, struct fr_query_word *w, uint32_t syllables)
{
    uint64_t more = fr_bits_of(w->syllable_count, syllables);
    for (uint32_t i = 0; i < w->count; i++) {
        struct fr_covering *a = fr_query_covering_at(q, w->first + i);
        if (a->mask >> (w->syllable_count - 1) & 1) a->mask |= more;
    }
    w->syllable_count = syllables;
}

bool fr_query_put_text(struct fr_query *q, struct fr_query_word *w, struct fr_analyzer *a,
                       frai_slice text, float boost)
{
    fr_analyzer_reset(a);
    if (!fr_analyze(a, text.ptr, text.len)) return false;
    size_t count = fr_vec_count(&a->tokens);
    fr_query_reopen(q, w);
    if (fr_query_failed(q)) return false;
    if (count == 0) return true;
    const struct fr_token *last = &fr_vec_at(&a->tokens, count - 1);
    uint32_t wide = last->position + last->span;
    if (wide > FR_WORD_SYLLABLES_MAX || w->count == 0) return true;
    uint32_t typed = fr_vec_at(&q->coverings, w->first).term;
    if (wide > w->syllable_count) fr_query_widen(q, w, wide);
    for (size_t i = 0; i < count; i++) {
        const struct fr_token *t = &fr_vec_at(&a->tokens, i);
        uint32_t term = fr_query_put_term(q, FR_TERM_SURFACE, t->key, fr_token_word(a, t),
                                          t->word_bytes, w->negative ? 0 : boost);
        uint32_t end = t->position + t->span;
        bool continues = i && t->position < (t - 1)->position + (t - 1)->span;
        if (!continues) fr_query_begin_run(q, term);
        stands_in(q, term, typed);
        fr_query_put_covering(q, w, term, t->position,
                              fr_bits_of(t->position, end == wide ? w->syllable_count : end));
    }
    return !fr_query_failed(q);
}

/* Keeps the word's characters without punctuation and its last `particle` syllables. */
static void keep_stem(struct fr_query *q, struct fr_query_word *w, const struct fr_analyzer *a,
                      uint32_t particle)
{
    size_t count = fr_vec_count(&a->folded);
    bool syllables = true;
    if (w->phrase) return;
    w->stem_at = (uint32_t)q->bytes.len;
    for (size_t i = 0; i < count; i++) {
        uint32_t cp = fr_vec_at(&a->folded, i).cp;
        char utf8[4];
        if (fr_charclass_of(cp) <= FR_CHAR_PUNCT) continue;
        syllables &= fr_charclass_of(cp) == FR_CHAR_HANGUL;
        fr_buf_put(&q->bytes, utf8, fr_utf8_put(utf8, cp));
    }
    if (fr_query_failed(q)) return;
    w->form_bytes = (uint32_t)q->bytes.len - w->stem_at;
    w->stem_bytes = w->form_bytes - 3 * particle;
    if (syllables && w->syllable_count >= LONG_WORD) w->min_syllables = w->syllable_count - 2;
}

/* Are they made of the same coverings? */
static bool same_word(const struct fr_query *q, const struct fr_query_word *a,
                      const struct fr_query_word *b)
{
    if (a->count != b->count || a->syllable_count != b->syllable_count ||
        a->negative != b->negative || a->phrase != b->phrase)
        return false;
    const struct fr_covering *x = fr_query_covering_at(q, a->first),
                             *y = fr_query_covering_at(q, b->first);
    for (uint32_t i = 0; i < a->count; i++)
        if (x[i].term != y[i].term || x[i].offset != y[i].offset || x[i].mask != y[i].mask)
            return false;
    return true;
}

/* Takes back what was put for a word that is not kept. */
static void drop(struct fr_query *q, const struct fr_query_word *w, uint32_t terms)
{
    size_t units = fr_vec_count(&q->units), words = fr_vec_count(&q->words);
    while (units && fr_vec_at(&q->units, units - 1).word == words) units--;
    fr_vec_set_count(&q->units, units);
    fr_vec_set_count(&q->coverings, w->first);
    fr_vec_set_count(&q->terms, terms);
    for (uint32_t i = 0; i < terms; i++) {
        struct fr_query_term *t = fr_query_term_at(q, i);
        if (t->variant_of >= terms) t->variant_of = FR_NO_QUERY_TERM;
    }
}

/* A word that is there already is left out, and what is beyond the limits: false. `terms`: how many
 * there were before the word. */
static bool put_finished(struct fr_query *q, struct fr_query_word *w, uint32_t positions,
                         uint32_t terms)
{
    size_t count = fr_vec_count(&q->words);
    uint32_t lone = 0;
    bool known = false;
    for (size_t i = 0; i < count && !known && !fr_query_failed(q); i++) {
        const struct fr_query_word *other = fr_query_word_at(q, i);
        lone += other->syllable != 0;
        known = same_word(q, w, other);
    }
    bool beyond = !known && (count == FRAI_QUERY_WORDS_MAX || (q->truncated && w->negative));
    if (known || beyond) {
        drop(q, w, terms);
        return !beyond;
    }
    if (lone >= FR_SYLLABLES_MAX) w->syllable = 0;
    if (!w->negative) {
        q->syllables += positions;
        q->required_count++;
    }
    fr_vec_append(&q->words, w, 1);
    return !q->truncated;
}

/* Does the token go on where the one before it ends, and need no mask wider than one? */
static bool goes_on(const struct fr_token *t, uint32_t first_position)
{
    return t->position <= t[-1].position + t[-1].span &&
           t->position - first_position + 2 <= FR_WORD_SYLLABLES_MAX;
}

static bool is_one_piece(const struct fr_token *tokens, size_t count)
{
    size_t i = 1;
    while (i < count && goes_on(&tokens[i], tokens[0].position)) i++;
    return i >= count;
}

/* Is the last token a syllable by itself, behind which the text may go on? */
static bool ends_alone(const struct fr_token *tokens, size_t count)
{
    const struct fr_token *last = &tokens[count - 1];
    return count > 1 && last->span == 1 && !last->word_bytes;
}

/* The last piece of a word; `whole`: its only one. */
static bool finish_word(struct fr_word_parts *p, bool whole, uint32_t terms)
{
    struct fr_query *q = p->q;
    struct fr_query_word *w = p->w;
    uint32_t positions = w->syllable_count;
    if (whole && !w->phrase && !fr_query_failed(q)) {
        cover_readings(p);
        cover_extras(p);
        fr_cover_units(p);
    }
    if (!fr_query_failed(q)) leave_particle(q, w, p->a);
    if (!fr_query_failed(q)) cover_ends(p);
    w->min_syllables = w->syllable_count;
    if (whole) keep_stem(q, w, p->a, positions - w->syllable_count);
    return put_finished(q, w, positions, terms);
}

/* The text may lack the gap before what was put last. */
static void mark_gap(struct fr_query *q)
{
    size_t count = fr_vec_count(&q->coverings);
    if (!fr_query_failed(q) && !q->truncated)
        fr_vec_at(&q->coverings, count - 1).after_maybe_gap = 1;
}

/* The roles of the analyzed word's syllables; without letters of other kinds, or all content. */
static struct fr_word_roles roles_of(const struct fr_analyzer *a)
{
    struct fr_word_roles all = {UINT32_MAX, false};
    uint32_t run[FR_WORD_SYLLABLES_MAX];
    const struct fr_folded *cps = fr_vec_data(&a->folded);
    size_t n = 0;
    for (size_t i = 0; i < fr_vec_count(&a->folded); i++) {
        enum fr_charclass class = fr_charclass_of(cps[i].cp);
        if (class <= FR_CHAR_PUNCT) continue;
        if (class != FR_CHAR_HANGUL || n == FR_WORD_SYLLABLES_MAX) return all;
        run[n++] = cps[i].cp;
    }
    return n ? fr_word_roles_of(run, n) : all;
}

/* What a term at the offset weighs, next to one of content alone. */
static float share_of(const struct fr_boosts *boosts, struct fr_word_roles roles, uint32_t offset,
                      uint32_t span)
{
    if (roles.content == 0) return boosts->function_word;
    if (offset >= roles.content) return boosts->ending;
    return offset + span > roles.content ? boosts->seam : 1;
}

bool fr_query_put_word(struct fr_query *q, frai_slice text, const struct fr_typed_word *word,
                       struct fr_analyzer *a, struct fr_stemmer *stemmer)
{
    frai_slice typed = {text.ptr + word->begin, word->end - word->begin};
    bool kept = typed.len <= FR_QUERY_BYTES_MAX, whole;
    if (!kept) typed.len = FR_QUERY_BYTES_MAX;
    fr_analyzer_reset(a);
    a->excerpt = true;
    bool analyzed = fr_analyze(a, typed.ptr, typed.len);
    a->excerpt = false;
    if (!analyzed) return false;
    const struct fr_token *tokens = fr_vec_data(&a->tokens);
    size_t count = fr_vec_count(&a->tokens);
    struct fr_query_word w = {.begin = (uint32_t)word->begin,
                              .end = (uint32_t)word->end,
                              .negative = word->negative,
                              .phrase = word->phrase};
    struct fr_word_parts parts = {.q = q, .w = &w, .a = a, .stemmer = stemmer, .boost = 1};
    uint32_t terms = (uint32_t)fr_vec_count(&q->terms);
    q->empty += w.negative && count == 0;
    whole = is_one_piece(tokens, count);
    w.phrase |= !whole && (w.negative || (word->whole && !ends_alone(tokens, count)));
    if (count == 1 && tokens[0].span == 1 && !tokens[0].word_bytes && !w.phrase)
        w.syllable = (uint16_t)(tokens[0].key >> 16);
    if (w.negative || w.syllable) parts.boost = 0; /* match.c scores lone syllables */
    bool plain = whole && !w.phrase;
    struct fr_word_roles roles = plain ? roles_of(a) : (struct fr_word_roles){UINT32_MAX, false};
    float full = parts.boost;
    if (roles.content >= 2 && roles.content <= FR_LEXICON_MAX_SYLLABLES) {
        w.content_bytes = 3 * roles.content;
        w.predicate = roles.predicate;
    }
    w.share = roles.content == 0 ? q->boosts->function_word : 1;
    for (size_t i = 0; i < count && !q->truncated; i++) {
        const struct fr_token *t = &tokens[i];
        bool joins = i && t->position <= t[-1].position + t[-1].span;
        bool continues = i && t->position < t[-1].position + t[-1].span;
        if (w.count && !w.phrase && !goes_on(t, parts.first_position)) {
            w.min_syllables = w.syllable_count;
            kept &= put_finished(q, &w, w.syllable_count, terms);
            terms = (uint32_t)fr_vec_count(&q->terms);
            w.count = w.syllable_count = 0;
            w.dotted = 0;
        }
        if (w.count == 0) {
            parts.first_position = t->position;
            w.first = (uint32_t)fr_vec_count(&q->coverings);
        }
        uint32_t offset = t->position - parts.first_position;
        parts.boost = full * share_of(q->boosts, roles, offset, t->span);
        if (w.count && joins && !continues) cover_joint(&parts, &tokens[i - 1], t, offset);
        w.gaps |= w.phrase && w.count && !joins;
        parts.moves |= w.phrase && w.count && t->maybe_gap;
        cover_token(&parts, t, offset, continues);
        if (w.phrase && w.count > 1 && t->maybe_gap) mark_gap(q);
        if (!w.phrase && fr_path_is_dotted(typed, t->begin)) w.dotted |= fr_bit(offset);
        if (offset + t->span > w.syllable_count) w.syllable_count = offset + t->span;
    }
    if (w.count) kept &= finish_word(&parts, whole, terms);
    q->ignored += !kept || q->truncated;
    return true;
}
