#include "query/parse.h"

#include "text/charclass.h"
#include "text/fold.h"
#include "text/utf8.h"

/* A stem counts half of the word itself: the exact form stays ahead. */
#define STEM_BOOST 0.5f

/* Bytes of a query that are looked at; terms run out long before. */
#define QUERY_BYTES_MAX (64u << 10)

void fr_query_init(struct fr_query *q, const frai_allocator *mem)
{
    *q = (struct fr_query){0};
    fr_buf_init(&q->terms, mem);
    fr_buf_init(&q->alternatives, mem);
    fr_buf_init(&q->words, mem);
    fr_buf_init(&q->sequence, mem);
    fr_buf_init(&q->bytes, mem);
}

void fr_query_deinit(struct fr_query *q)
{
    fr_buf_deinit(&q->terms);
    fr_buf_deinit(&q->alternatives);
    fr_buf_deinit(&q->words);
    fr_buf_deinit(&q->sequence);
    fr_buf_deinit(&q->bytes);
}

#define NO_TERM UINT32_MAX

/* The number of a term, new or known; a boost already given stays unless the new one is larger. */
static uint32_t put_term(struct fr_query *q, uint8_t term_class, uint32_t key, const char *word,
                         size_t word_bytes, float boost)
{
    uint32_t count = (uint32_t)FR_COUNT(&q->terms, struct fr_query_term);
    for (uint32_t i = 0; i < count; i++) {
        struct fr_query_term *t = &FR_AT(&q->terms, struct fr_query_term, i);
        if (t->word_bytes != word_bytes || t->term_class != term_class) continue;
        if (word_bytes ? memcmp(q->bytes.data + t->key, word, word_bytes) != 0 : t->key != key)
            continue;
        if (boost > t->boost) t->boost = boost;
        return i;
    }
    if (count == FR_QUERY_TERMS_MAX) {
        q->truncated = true;
        return NO_TERM;
    }
    struct fr_query_term t = {.key = word_bytes ? (uint32_t)q->bytes.len : key,
                              .word_bytes = (uint16_t)word_bytes,
                              .term_class = term_class,
                              .boost = boost};
    fr_buf_put(&q->bytes, word, word_bytes);
    fr_buf_put(&q->terms, &t, sizeof t);
    return count;
}

static void put_alternative(struct fr_query *q, struct fr_query_word *w, uint32_t term,
                            uint32_t offset, uint64_t mask)
{
    struct fr_alternative a = {term, (uint16_t)offset, mask};
    if (term == NO_TERM) return;
    fr_buf_put(&q->alternatives, &a, sizeof a);
    w->count++;
}

static uint64_t atom(uint32_t i)
{
    return 1ull << i;
}

/* The terms that may cover the token at its offset in the word. */
static void cover_token(struct fr_query *q, struct fr_query_word *w, const struct fr_analyzer *a,
                        const struct fr_token *t, uint32_t offset, struct fr_stemmer *stemmer,
                        bool exact)
{
    float boost = w->negative || w->syllable ? 0.0f : 1.0f; /* match.c scores lone syllables */
    if (t->word_bytes) {
        const char *word = (const char *)a->words.data + t->key;
        uint64_t mask = t->span == 2 ? atom(offset) | atom(offset + 1) : atom(offset);
        put_alternative(q, w, put_term(q, FR_TERM_SURFACE, 0, word, t->word_bytes, boost), offset,
                        mask);
        const char *stem;
        size_t stem_bytes;
        if (w->phrase || exact || t->span == 2) return;
        if (!fr_stem(stemmer, word, t->word_bytes, &stem, &stem_bytes)) {
            put_alternative(q, w,
                            put_term(q, FR_TERM_STEM, 0, word, t->word_bytes, boost * STEM_BOOST),
                            offset, mask);
            return;
        }
        uint32_t term = put_term(q, FR_TERM_STEM, 0, stem, stem_bytes, boost * STEM_BOOST);
        put_alternative(q, w, term, offset, mask);
        term = put_term(q, FR_TERM_SURFACE, 0, stem, stem_bytes, boost * STEM_BOOST);
        put_alternative(q, w, term, offset, mask);
        return;
    }
    uint32_t term = put_term(q, FR_TERM_SURFACE, t->key, NULL, 0, boost);
    if (t->span == 1) {
        put_alternative(q, w, term, offset, atom(offset));
        return;
    }
    put_alternative(q, w, term, offset, atom(offset) | atom(offset + 1));
    if (w->phrase) return;
    /* Either syllable may stand alone in the text; it matches, but is not asked for. */
    term = put_term(q, FR_TERM_SURFACE, fr_pair_key(t->key >> 16, 0), NULL, 0, 0);
    put_alternative(q, w, term, offset, atom(offset));
    term = put_term(q, FR_TERM_SURFACE, fr_pair_key(t->key & 0xFFFF, 0), NULL, 0, 0);
    put_alternative(q, w, term, offset + 1, atom(offset + 1));
}

/* Lone syllables on both sides of a space inside a word never met as a pair: the pair that would
 * stand there when the text is written without the space covers both. */
static void cover_joint(struct fr_query *q, struct fr_query_word *w, const struct fr_token *left,
                        const struct fr_token *right, uint32_t offset)
{
    if (w->phrase || left->word_bytes || right->word_bytes) return;
    uint32_t first = left->span == 2 ? left->key & 0xFFFF : left->key >> 16;
    uint32_t term = put_term(q, FR_TERM_SURFACE, fr_pair_key(first, right->key >> 16), NULL, 0, 0);
    put_alternative(q, w, term, offset - 1, atom(offset - 1) | atom(offset));
}

/* A word that ends in a particle matches without it (프랑스의 finds 프랑스): only the stem has to
 * be there. What the particle adds stays in the score, so the full form ranks first. */
static void leave_particle(struct fr_query *q, struct fr_query_word *w, const struct fr_analyzer *a)
{
    size_t stems = FR_COUNT(&a->stems, struct fr_stem_range);
    size_t pairs = FR_COUNT(&a->tokens, struct fr_token);
    if (w->phrase || stems != 1 || pairs + 1 != w->atoms) return;
    for (uint32_t i = 0; i < pairs; i++) { /* one run of syllables, or nothing is taken off */
        const struct fr_token *t = &FR_AT(&a->tokens, struct fr_token, i);
        if (t->word_bytes || t->span != 2 || t->position != i) return;
    }
    uint32_t stem = FR_AT(&a->stems, struct fr_stem_range, 0).bytes / 3, kept = 0;
    if (stem < 2 || stem >= w->atoms) return;
    struct fr_alternative *all = &FR_AT(&q->alternatives, struct fr_alternative, w->first);
    for (uint32_t i = 0; i < w->count; i++)
        if (all[i].mask >> stem == 0) all[kept++] = all[i];
    w->count = kept;
    w->atoms = stem;
    q->alternatives.len = (w->first + kept) * sizeof *all;
}

/* One word of the query from text[begin, end); analyzed by itself. */
static bool put_word(struct fr_query *q, frai_slice text, size_t begin, size_t end, bool negative,
                     bool phrase, struct fr_analyzer *a, struct fr_stemmer *stemmer, bool exact)
{
    fr_analyzer_reset(a);
    if (!fr_analyze(a, text.ptr + begin, end - begin)) return false;
    const struct fr_token *tokens = (const struct fr_token *)(const void *)a->tokens.data;
    size_t count = FR_COUNT(&a->tokens, struct fr_token);
    struct fr_query_word w = {.begin = (uint32_t)begin,
                              .end = (uint32_t)end,
                              .negative = negative,
                              .phrase = phrase || exact};
    uint32_t first_position = 0;
    if (count == 1 && tokens[0].span == 1 && !tokens[0].word_bytes && !w.phrase)
        w.syllable = (uint16_t)(tokens[0].key >> 16);
    for (size_t i = 0; i < count && !q->truncated; i++) {
        const struct fr_token *t = &tokens[i];
        /* A sentence gap, or too many syllables for one mask: a word of its own. */
        bool gap = i && t->position > tokens[i - 1].position + tokens[i - 1].span;
        if (w.count && (gap || t->position - first_position + 2 > FR_WORD_ATOMS_MAX)) {
            fr_buf_put(&q->words, &w, sizeof w);
            w.count = w.atoms = 0;
        }
        if (w.count == 0) {
            first_position = t->position;
            w.first = (uint32_t)FR_COUNT(&q->alternatives, struct fr_alternative);
        }
        uint32_t offset = t->position - first_position;
        if (w.count && !gap && t->position == tokens[i - 1].position + tokens[i - 1].span)
            cover_joint(q, &w, &tokens[i - 1], t, offset);
        cover_token(q, &w, a, t, offset, stemmer, exact);
        if (offset + t->span > w.atoms) w.atoms = offset + t->span;
    }
    if (w.count == 0) return true;
    if (!q->alternatives.failed) leave_particle(q, &w, a);
    fr_buf_put(&q->words, &w, sizeof w);
    return true;
}

static bool is_space(unsigned char c)
{
    return c <= ' ' || c == 0x7F;
}

/* Has the run at [begin, end) anything to search for? */
static bool has_letters(frai_slice text, size_t begin, size_t end)
{
    while (begin < end) {
        uint32_t cp = fr_utf8_next(text.ptr, end, &begin);
        if (fr_charclass_of(cp) > FR_CHAR_PUNCT) return true;
    }
    return false;
}

static bool parse_precut(struct fr_query *q, frai_slice text, struct fr_analyzer *a)
{
    fr_analyzer_reset(a);
    if (!fr_analyze(a, text.ptr, text.len)) return false;
    const struct fr_token *t = (const struct fr_token *)(const void *)a->tokens.data;
    for (size_t i = 0; i < FR_COUNT(&a->tokens, struct fr_token); i++, t++) {
        uint32_t term = put_term(q, FR_TERM_SURFACE, t->key, (const char *)a->words.data + t->key,
                                 t->word_bytes, 1.0f);
        if (term != NO_TERM) fr_buf_u32(&q->sequence, term);
    }
    return true;
}

static bool parse_words(struct fr_query *q, frai_slice text, struct fr_analyzer *a,
                        struct fr_stemmer *stemmer, bool exact)
{
    for (size_t i = 0; i < text.len && !q->truncated;) {
        while (i < text.len && is_space((unsigned char)text.ptr[i])) i++;
        bool negative = i < text.len && text.ptr[i] == '-';
        size_t begin = i + negative;
        bool quoted = false;
        if (begin < text.len && text.ptr[begin] == '"') {
            const char *close = memchr(text.ptr + begin + 1, '"', text.len - begin - 1);
            if (close && has_letters(text, begin + 1, (size_t)(close - text.ptr))) {
                i = (size_t)(close - text.ptr);
                if (!put_word(q, text, begin + 1, i, negative, true, a, stemmer, exact))
                    return false;
                i++;
                quoted = true;
            }
        }
        if (quoted) continue;
        i = begin;
        while (i < text.len && !is_space((unsigned char)text.ptr[i]) &&
               (text.ptr[i] != '"' || i == begin))
            i++;
        if (i > begin && !put_word(q, text, begin, i, negative, false, a, stemmer, exact))
            return false;
    }
    return true;
}

bool fr_query_parse(struct fr_query *q, frai_slice text, struct fr_analyzer *a,
                    struct fr_stemmer *stemmer, bool exact)
{
    q->terms.len = q->alternatives.len = q->words.len = q->sequence.len = q->bytes.len = 0;
    q->truncated = false;
    q->positive = 0;
    if (text.len > QUERY_BYTES_MAX) {
        text.len = QUERY_BYTES_MAX;
        q->truncated = true;
    }
    bool cut = q->truncated;
    q->truncated = false;
    bool ok = a->kind == FR_ANALYZER_PRECUT ? parse_precut(q, text, a)
                                            : parse_words(q, text, a, stemmer, exact);
    q->truncated |= cut;
    for (size_t i = 0; i < FR_COUNT(&q->words, struct fr_query_word); i++)
        q->positive += !FR_AT(&q->words, struct fr_query_word, i).negative;
    return ok && !q->terms.failed && !q->alternatives.failed && !q->words.failed &&
           !q->sequence.failed && !q->bytes.failed;
}
