/* Two syllables that no document has side by side end what may be there; of the fronts up to there
 * the longest is found by bisection, since a document that has one has the shorter ones. */
#include "query/front.h"

#include "base/lower_bound.h"
#include "query/correct.h"
#include "query/probe.h"
#include "text/charclass.h"
#include "text/hangul.h"

/* Words after this are left alone, as by corrections. */
#define WORDS_MAX 16u

/* A word's fronts, of two syllables and up: the bytes of each. */
struct fronts {
    frai_slice word;
    uint32_t count, syllables; /* of the whole word */
    uint32_t bytes[FR_WORD_SYLLABLES_MAX];
};

static frai_status read_fronts(struct fr_searcher *s, struct fronts *f, frai_error *err)
{
    struct fr_folded_text *folded = &s->context.analyzer.folded;
    fr_buf_clear(&folded->buf);
    if (!fr_fold(f->word.ptr, f->word.len, NULL, folded)) return fr_fail_memory(err, "searching");
    const struct fr_folded *cps = fr_vec_data(folded);
    bool there = true;
    for (size_t i = 0; i < fr_vec_count(folded); i++) {
        bool beside = i > 0 && fr_is_syllable(cps[i - 1].cp);
        if (fr_charclass_of(cps[i].cp) == FR_CHAR_DIGIT) there = false;
        if (!fr_is_syllable(cps[i].cp)) continue;
        if (beside && there)
            FR_TRY(fr_context_has_pair(&s->context, cps[i - 1].cp, cps[i].cp, &there, err));
        there = there && f->count < FR_WORD_SYLLABLES_MAX;
        if (++f->syllables > 1 && there && cps[i].end < f->word.len)
            f->bytes[f->count++] = cps[i].end;
    }
    return FRAI_OK;
}

static frai_status has_documents(struct fr_searcher *s, frai_slice text, bool *found,
                                 frai_error *err)
{
    uint64_t total = 0;
    frai_status status = fr_interrupt_check(&s->context.interrupt, err);
    if (status == FRAI_OK) status = fr_probe_count(s, text, 1, &total, err);
    *found = status == FRAI_OK && total > 0;
    return status;
}

/* The longest of the first `found` fronts that says something: it is half of the word, or a word of
 * the lexicon. 0: none does. */
static frai_status choose(struct fr_searcher *s, const struct fronts *f, uint32_t found,
                          uint32_t *bytes, frai_error *err)
{
    *bytes = 0;
    for (uint32_t i = found; i > 0 && *bytes == 0; i--) {
        uint64_t docs = 2ull * (i + 1) >= f->syllables;
        frai_slice front = {f->word.ptr, f->bytes[i - 1]};
        if (!docs) FR_TRY(fr_context_lexicon_df(&s->context, front, &docs, err));
        if (docs) *bytes = f->bytes[i - 1];
    }
    return FRAI_OK;
}

/* How long the front of a word is, in bytes; 0: there is none, or documents have the word. */
static frai_status find_front(struct fr_searcher *s, frai_slice word, uint32_t *bytes,
                              frai_error *err)
{
    struct fronts f = {.word = word};
    frai_status status = FRAI_OK;
    bool found;
    uint32_t low = 0;
    *bytes = 0;
    FR_TRY(read_fronts(s, &f, err));
    if (f.count == 0) return FRAI_OK;
    FR_TRY(has_documents(s, word, &found, err));
    if (found) return FRAI_OK;
    FR_LOWER_BOUND(uint32_t, low, f.count, i,
                   status == FRAI_OK &&
                       (status = has_documents(s, (frai_slice){word.ptr, f.bytes[i]}, &found,
                                               err)) == FRAI_OK &&
                       found);
    return status == FRAI_OK ? choose(s, &f, low, bytes, err) : status;
}

frai_status fr_fronts(struct fr_searcher *s, const struct fr_plan *plan, struct fr_buf *text,
                      struct fr_buf *replaced, frai_error *err)
{
    frai_slice query = fr_plan_text(plan);
    uint32_t count = fr_plan_words(plan), at = 0, bytes;
    fr_buf_clear(text);
    fr_buf_clear(replaced);
    for (uint32_t i = 0; i < count && i < WORDS_MAX; i++) {
        const struct fr_query_word *w = fr_plan_word(plan, i);
        frai_slice word = {query.ptr + w->begin, w->end - w->begin};
        bool quoted = w->begin > 0 && word.ptr[-1] == '"';
        if (w->negative || quoted || w->begin < at) continue; /* a word may have parts */
        FR_TRY(find_front(s, word, &bytes, err));
        if (bytes == 0) continue;
        fr_buf_put(text, query.ptr + at, w->begin + bytes - at);
        fr_put_replaced(replaced, word, (frai_slice){word.ptr, bytes});
        at = w->end;
    }
    if (text->len) fr_buf_put(text, query.ptr + at, query.len - at);
    return text->failed || replaced->failed ? fr_fail_memory(err, "searching") : FRAI_OK;
}
