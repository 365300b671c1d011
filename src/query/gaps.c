/* Phrases over a sentence end. Positions alone don't tell a gap from other words in its place
 * (투자. 은행, 투자자들 은행), so a document in which they agree is read, a
 * long one where they do. */
#include "query/gaps.h"

#include "segment/record.h"

static bool is_term(const struct fr_query *q, uint32_t number, const struct fr_analyzer *a,
                    const struct fr_token *t)
{
    const struct fr_query_term *term = &fr_vec_at(&q->terms, number);
    if (term->word_bytes != t->word_bytes) return false;
    if (!t->word_bytes) return term->key == t->key;
    frai_slice word = fr_query_term_bytes(q, term);
    return memcmp(word.ptr, a->words.data + t->key, word.len) == 0;
}

/* Does the phrase stand in the analyzed text from token `at` on? Behind a gap its next term is the
 * text's next one. */
static bool stands_at(const struct fr_query *q, const struct fr_query_word *phrase,
                      const struct fr_analyzer *a, size_t at)
{
    const struct fr_token *t = fr_vec_data(&a->tokens);
    size_t count = fr_vec_count(&a->tokens);
    for (uint32_t i = 0; i < phrase->count; i++) {
        const struct fr_covering *alt = fr_query_covering_at(q, phrase->first + i);
        if (i > 0) {
            uint32_t step = alt->offset - fr_query_covering_at(q, phrase->first + i - 1)->offset;
            uint32_t from = t[at].position, wanted = from + step;
            bool gap = step > t[at].span;
            for (at++; !gap && at < count && t[at].position < wanted;) at++;
            if (at == count) return false;
            if (alt->after_maybe_gap && t[at].position + FR_SENTENCE_GAP == wanted)
                wanted -= FR_SENTENCE_GAP;
            if (t[at].position != wanted) return false;
        }
        if (!is_term(q, alt->term, a, &t[at])) return false;
    }
    return true;
}

static bool text_has(struct fr_gap_reader *r, const struct fr_query *q,
                     const struct fr_query_word *phrase, frai_slice text)
{
    fr_analyzer_reset(&r->analyzer);
    if (!fr_analyze(&r->analyzer, text.ptr, text.len)) return false;
    for (size_t at = 0; at < fr_vec_count(&r->analyzer.tokens); at++)
        if (stands_at(q, phrase, &r->analyzer, at)) return true;
    return false;
}

static bool record_has(struct fr_gap_reader *r, const struct fr_query *q,
                       const struct fr_query_word *phrase, const struct fr_gap_text *record)
{
    for (uint32_t f = 0; f < FR_FIELD_BUILTIN + r->settings->field_count; f++)
        if (fr_settings_is_text(r->settings, f) &&
            text_has(r, q, phrase, fr_record_field(record->bytes, record->len, f)))
            return true;
    return false;
}

enum fr_gaps fr_gaps_hold(struct fr_gap_reader *r, const struct fr_evaluation *e,
                          const struct fr_query *q, const struct fr_query_word *phrase,
                          uint32_t doc, uint32_t *start)
{
    struct fr_gap_text text = {.len = 0};
    uint32_t length = fr_query_covering_at(q, phrase->first + phrase->count - 1)->offset + 1;
    if (fr_interrupted(e->interrupt)) return FR_GAPS_NONE; /* a document is read */
    frai_status status = r->read(r->ctx, e->base + doc, *start, *start + length, &text);
    fr_work(e->interrupt, FR_WORK_READ + (status == FRAI_OK ? 16 * (uint64_t)text.len : 0));
    if (status == FRAI_ERR_MEMORY)
        fr_interrupt_memory(e->interrupt); /* the decompressor's, which none watches */
    else if (status != FRAI_OK)
        fr_damage_note(e->damage, FR_SECTION_STORE);
    if (status != FRAI_OK) return FR_GAPS_NONE;
    if (!r->settings->store_text) return FR_GAPS_HOLD;
    if (text.is_record) return record_has(r, q, phrase, &text) ? FR_GAPS_HOLD : FR_GAPS_NONE;
    frai_slice part = {(const char *)text.bytes, text.len};
    if (text_has(r, q, phrase, part)) return FR_GAPS_HOLD;
    if (text.stop == UINT32_MAX) return FR_GAPS_NONE;
    *start = text.stop > *start + length ? text.stop - length : *start + 1;
    return FR_GAPS_NOT_HERE;
}
