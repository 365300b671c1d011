/* Each group of neighbouring words, of one word up to GROUP_WORDS, is looked up as one key in the
 * synonyms and among the names of the lexicon; single words also in the table of newspapers' Han
 * characters and, with the syllables replaced that are spelled in several ways, in the lexicon.
 * What is found is analyzed and covers the words (fr_query_put_text). */
#include "query/expand.h"

#include "query/compile_word.h"
#include "query/synonyms.h"
#include "segment/lexicon.h"
#include "text/charclass.h"
#include "text/hanja.h"
#include "text/spelling.h"
#include "text/utf8.h"

#define GROUP_WORDS      4u /* words of a query that may have one name together */
#define KEY_BYTES        256u
#define SPELLING_MIN     3u /* syllables: shorter words are too many to be the same */
#define SPELLING_MAX     12u
#define SPELLING_CHANGES 2u
#define NAMES_MAX        8u /* in the other script */

/* Words [first, end) of a query, which something may stand for. */
struct group {
    struct fr_context *ctx;
    struct fr_query *q;
    uint32_t first, end;
};

static struct fr_query_word *word_at(const struct group *g, uint32_t i)
{
    return &fr_vec_at(&g->q->words, i);
}

static frai_slice first_stem(const struct group *g)
{
    return fr_query_stem(g->q, word_at(g, g->first));
}

/* The text stands for each of the words. */
static frai_status put_text(const struct group *g, frai_slice text, enum fr_term_origin origin,
                            float boost, frai_error *err)
{
    g->q->origin = origin;
    for (uint32_t i = g->first; i < g->end; i++)
        if (!fr_query_put_text(g->q, word_at(g, i), &g->ctx->analyzer, text, boost))
            return fr_fail_memory(err, "searching");
    g->q->origin = FR_TYPED;
    return FRAI_OK;
}

/* ---- one Han character of the newspapers ---- */

static frai_status expand_news(const struct group *word, frai_error *err)
{
    frai_slice stem = first_stem(word);
    size_t at = 0;
    if (stem.len == 0 || stem.len > 12) return FRAI_OK;
    uint32_t first = fr_utf8_next(stem.ptr, stem.len, &at);
    bool lone = at == stem.len;
    for (size_t n = 0; n < fr_news_hanja_count; n++) {
        frai_slice name = {fr_news_hanja[n].word, strlen(fr_news_hanja[n].word)};
        if (lone && fr_news_hanja[n].han == first) {
            FR_TRY(put_text(word, name, FR_AS_NEWS, word->q->boosts->news, err));
        } else if (name.len == stem.len && memcmp(name.ptr, stem.ptr, stem.len) == 0) {
            char han[4];
            size_t len = fr_utf8_put(han, fr_news_hanja[n].han);
            FR_TRY(put_text(word, (frai_slice){han, len}, FR_AS_NEWS, word->q->boosts->news, err));
            stem = first_stem(word); /* the query's bytes may have moved */
        }
    }
    return FRAI_OK;
}

/* ---- other spellings ---- */

struct spelling {
    const struct group *word;
    uint32_t typed[SPELLING_MAX], now[SPELLING_MAX];
    uint32_t count;
    frai_error *err;
};

static frai_status put_spelling(struct spelling *p)
{
    char text[SPELLING_MAX * 4];
    size_t len = 0;
    uint64_t docs;
    for (uint32_t i = 0; i < p->count; i++) len += fr_utf8_put(text + len, p->now[i]);
    FR_TRY(fr_context_lexicon_df(p->word->ctx, (frai_slice){text, len}, &docs, p->err));
    if (docs == 0) return FRAI_OK;
    return put_text(p->word, (frai_slice){text, len}, FR_AS_SPELLING, p->word->q->boosts->spelling,
                    p->err);
}

/* Tries the others of syllable `at`; pairs that no document has end a branch. */
static frai_status spell(struct spelling *p, uint32_t at, uint32_t changes)
{
    if (at == p->count) return changes ? put_spelling(p) : FRAI_OK;
    uint16_t others[FR_SPELLINGS];
    size_t n = changes < SPELLING_CHANGES ? fr_spelling_others(p->typed[at], at == 0, others) : 0;
    for (size_t i = 0; i <= n; i++) {
        bool changed = i < n, found = true;
        p->now[at] = changed ? others[i] : p->typed[at];
        FR_TRY(fr_interrupt_check(&p->word->ctx->interrupt, p->err));
        if (at && (changed || p->now[at - 1] != p->typed[at - 1]))
            FR_TRY(fr_context_has_pair(p->word->ctx, p->now[at - 1], p->now[at], &found, p->err));
        if (found) FR_TRY(spell(p, at + 1, changes + changed));
    }
    return FRAI_OK;
}

static frai_status expand_spelling(const struct group *word, frai_error *err)
{
    struct spelling p = {.word = word, .err = err};
    frai_slice stem = first_stem(word);
    if (stem.len < 3 * SPELLING_MIN || stem.len > 3 * SPELLING_MAX) return FRAI_OK;
    for (size_t at = 0; at < stem.len;) {
        uint32_t cp = fr_utf8_next(stem.ptr, stem.len, &at);
        if (fr_charclass_of(cp) != FR_CHAR_HANGUL) return FRAI_OK;
        p.typed[p.count++] = cp;
    }
    return spell(&p, 0, 0);
}

/* ---- names in the other script, synonyms ---- */

/* The words as one key, a space between them where `spaced`; 0: they make none. */
static size_t make_key(const struct group *g, bool spaced, char key[KEY_BYTES])
{
    size_t len = 0;
    for (uint32_t i = g->first; i < g->end; i++) {
        const struct fr_query_word *w = word_at(g, i);
        frai_slice stem = fr_query_stem(g->q, w);
        if (w->negative || w->stem_bytes == 0 || len + stem.len + 1 > KEY_BYTES) return 0;
        if (spaced && i > g->first) key[len++] = ' ';
        memcpy(key + len, stem.ptr, stem.len);
        len += stem.len;
    }
    return len;
}

static frai_status expand_names_in(const struct group *g, const struct fr_segment *seg,
                                   const char *key, size_t len, frai_error *err)
{
    char prefix[KEY_BYTES + 1];
    struct fr_buf string;
    uint32_t number;
    uint64_t docs;
    memcpy(prefix, key, len);
    prefix[len] = FR_LEXICON_PAIR;
    fr_buf_init(&string, &g->ctx->mem);
    frai_status status = fr_lexicon_seek(seg, (frai_slice){prefix, len + 1}, &number, err);
    for (uint32_t n = 0; n < NAMES_MAX && status == FRAI_OK && number < seg->stats.lexicon_words;
         n++, number++) {
        status = fr_lexicon_read(seg, number, &string, &docs, err);
        if (status != FRAI_OK || string.len <= len + 1 || memcmp(string.data, prefix, len + 1) != 0)
            break;
        frai_slice name = {(const char *)string.data + len + 1, string.len - len - 1};
        if (docs) status = put_text(g, name, FR_AS_NAME, g->q->boosts->synonym, err);
    }
    fr_buf_deinit(&string);
    return status;
}

static frai_status expand_names(const struct group *g, const char *key, size_t len, frai_error *err)
{
    for (uint32_t i = 0; i < g->ctx->snapshot->segment_count; i++) {
        FR_TRY(fr_interrupt_check(&g->ctx->interrupt, err));
        const struct fr_segment *seg = &g->ctx->snapshot->segments[i];
        if (fr_lexicon_may_name(seg, (frai_slice){key, len}))
            FR_TRY(expand_names_in(g, seg, key, len, err));
    }
    return FRAI_OK;
}

static frai_status expand_synonyms(const struct group *g, const char *key, size_t len,
                                   frai_error *err)
{
    frai_slice others[FRAI_SYNONYMS_MAX];
    uint32_t count =
        fr_synonyms_of(&g->ctx->synonyms, (frai_slice){key, len}, others, FRAI_SYNONYMS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        FR_TRY(fr_interrupt_check(&g->ctx->interrupt, err));
        FR_TRY(put_text(g, others[i], FR_AS_SYNONYM, g->q->boosts->synonym, err));
    }
    return FRAI_OK;
}

static frai_status expand_group(const struct group *g, frai_error *err)
{
    char key[KEY_BYTES];
    size_t len = make_key(g, true, key);
    if (len == 0) return FRAI_OK;
    FR_TRY(expand_synonyms(g, key, len, err));
    bool hangul = (unsigned char)key[0] >= 0xEA; /* names in Hangul are kept without spaces */
    if (hangul && g->end - g->first > 1) len = make_key(g, false, key);
    return expand_names(g, key, len, err);
}

frai_status fr_expand(struct fr_context *ctx, struct fr_query *q, frai_error *err)
{
    uint32_t words = (uint32_t)fr_vec_count(&q->words);
    for (uint32_t i = 0; i < words && !q->truncated; i++) {
        struct group g = {ctx, q, i, i + 1};
        const struct fr_query_word *w = word_at(&g, i);
        if (w->negative || w->stem_bytes == 0) continue;
        FR_TRY(expand_news(&g, err));
        FR_TRY(expand_spelling(&g, err));
        for (; g.end <= words && g.end - i <= GROUP_WORDS; g.end++) FR_TRY(expand_group(&g, err));
    }
    return FRAI_OK;
}
