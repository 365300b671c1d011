/* The arrays of a query. Terms are distinct: a new one is compared with all that are there, which
 * are few. */
#include "query/query.h"

void fr_query_init(struct fr_query *q, const frai_allocator *mem)
{
    *q = (struct fr_query){0};
    fr_buf_init(&q->terms, mem);
    fr_buf_init(&q->coverings, mem);
    fr_buf_init(&q->words, mem);
    fr_buf_init(&q->nodes, mem);
    fr_buf_init(&q->units, mem);
    fr_buf_init(&q->sequence, mem);
    fr_buf_init(&q->bytes, mem);
    fr_buf_init(&q->repeated, mem);
}

void fr_query_deinit(struct fr_query *q)
{
    fr_buf_deinit(&q->terms);
    fr_buf_deinit(&q->coverings);
    fr_buf_deinit(&q->words);
    fr_buf_deinit(&q->nodes);
    fr_buf_deinit(&q->units);
    fr_buf_deinit(&q->sequence);
    fr_buf_deinit(&q->bytes);
    fr_buf_deinit(&q->repeated);
}

uint32_t fr_query_put_term(struct fr_query *q, uint8_t term_class, uint32_t key, const char *word,
                           size_t word_bytes, float boost)
{
    uint32_t count = (uint32_t)FR_COUNT(&q->terms, struct fr_query_term);
    for (uint32_t i = 0; i < count; i++) {
        struct fr_query_term *t = fr_query_term_at(q, i);
        if (t->word_bytes != word_bytes || t->term_class != term_class) continue;
        if (word_bytes ? memcmp(q->bytes.data + t->key, word, word_bytes) != 0 : t->key != key)
            continue;
        if (boost > t->boost) t->boost = boost;
        return i;
    }
    if (count == FR_QUERY_TERMS_MAX) {
        q->truncated = true;
        return FR_NO_QUERY_TERM;
    }
    struct fr_query_term t = {.key = word_bytes ? (uint32_t)q->bytes.len : key,
                              .word_bytes = (uint16_t)word_bytes,
                              .term_class = term_class,
                              .continues = true,
                              .boost = boost,
                              .variant_of = FR_NO_QUERY_TERM,
                              .in_text = FR_NO_QUERY_TERM};
    fr_buf_put(&q->bytes, word, word_bytes);
    if (q->bytes.failed) return FR_NO_QUERY_TERM;
    fr_buf_put(&q->terms, &t, sizeof t);
    return q->terms.failed ? FR_NO_QUERY_TERM : count;
}

void fr_query_begin_run(struct fr_query *q, uint32_t term)
{
    if (term != FR_NO_QUERY_TERM && !q->terms.failed) fr_query_term_at(q, term)->continues = false;
}

void fr_query_put_covering(struct fr_query *q, struct fr_query_word *w, uint32_t term,
                           uint32_t offset, uint64_t mask)
{
    struct fr_covering a = {.term = term, .offset = offset & 0x7FFFFFFFu, .mask = mask};
    if (term == FR_NO_QUERY_TERM || q->coverings.failed) return;
    fr_buf_put(&q->coverings, &a, sizeof a);
    w->count += !q->coverings.failed;
}

uint32_t fr_query_text_coverings(const struct fr_query *q, const struct fr_query_word *w)
{
    uint32_t count = w->count;
    for (; count > 0; count--) {
        uint32_t term = fr_query_covering_at(q, w->first + count - 1)->term;
        if (fr_query_term_at(q, term)->term_class != FR_TERM_PATH) break;
    }
    return count;
}

void fr_query_reopen(struct fr_query *q, struct fr_query_word *w)
{
    size_t bytes = w->count * sizeof(struct fr_covering);
    if (w->first + w->count == FR_COUNT(&q->coverings, struct fr_covering)) return;
    if (!fr_buf_room(&q->coverings, bytes)) return;
    memcpy(q->coverings.data + q->coverings.len, fr_query_covering_at(q, w->first), bytes);
    w->first = (uint32_t)FR_COUNT(&q->coverings, struct fr_covering);
    q->coverings.len += bytes;
}

void fr_query_place_among(struct fr_query *q, uint32_t positive)
{
    size_t words = FR_COUNT(&q->words, struct fr_query_word);
    if (q->required_count && positive > q->required_count) q->required_count = positive;
    if (q->required_count < FR_QUERY_MANY_WORDS || q->terms.failed || q->coverings.failed) return;
    for (size_t i = 0; i < words; i++) {
        struct fr_query_word *w = fr_query_word_at(q, i);
        if (!w->syllable || w->negative) continue;
        w->syllable = 0;
        uint32_t term = fr_query_covering_at(q, w->first)->term;
        fr_query_term_at(q, term)->boost = 1;
    }
}

void fr_query_clear(struct fr_query *q)
{
    fr_buf_clear(&q->terms);
    fr_buf_clear(&q->coverings);
    fr_buf_clear(&q->words);
    fr_buf_clear(&q->nodes);
    fr_buf_clear(&q->sequence);
    fr_buf_clear(&q->bytes);
    fr_buf_clear(&q->units);
    fr_buf_clear(&q->repeated);
    q->all = q->any = q->root = 0;
    q->required_count = q->syllables = q->ignored = q->empty = q->unclear = 0;
    q->truncated = q->all_documents = false;
}
