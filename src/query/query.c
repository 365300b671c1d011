/* The arrays of a query. Terms are distinct: a new one is compared with all that are there, which
 * are few. */
#include "query/query.h"

/* The buffers of a query. */
#define BUFFERS(q)                                                                                 \
    {                                                                                              \
        &(q)->terms.buf, &(q)->coverings.buf, &(q)->words.buf, &(q)->nodes.buf, &(q)->units.buf,   \
            &(q)->summands.buf, &(q)->sequence.buf, &(q)->repeated.buf, &(q)->bytes, &(q)->title   \
    }
#define BUFFER_COUNT 10u

void fr_query_init(struct fr_query *q, const frai_allocator *mem)
{
    struct fr_buf *all[BUFFER_COUNT] = BUFFERS(q);
    *q = (struct fr_query){.titled = FR_NO_QUERY_TERM};
    for (unsigned i = 0; i < BUFFER_COUNT; i++) fr_buf_init(all[i], mem);
}

void fr_query_deinit(struct fr_query *q)
{
    struct fr_buf *all[BUFFER_COUNT] = BUFFERS(q);
    for (unsigned i = 0; i < BUFFER_COUNT; i++) fr_buf_deinit(all[i]);
}

void fr_query_clear(struct fr_query *q)
{
    struct fr_buf *all[BUFFER_COUNT] = BUFFERS(q);
    for (unsigned i = 0; i < BUFFER_COUNT; i++) fr_buf_clear(all[i]);
    q->all = q->any = q->root = 0;
    q->required_count = q->syllables = q->ignored = q->empty = q->unclear = 0;
    q->truncated = q->all_documents = false;
    q->titled = FR_NO_QUERY_TERM;
    q->origin = FR_TYPED;
}

bool fr_query_failed(const struct fr_query *q)
{
    const struct fr_buf *all[BUFFER_COUNT] = BUFFERS(q);
    bool failed = false;
    for (unsigned i = 0; i < BUFFER_COUNT; i++) failed |= all[i]->failed;
    return failed;
}

uint32_t fr_query_put_term(struct fr_query *q, uint8_t term_class, uint32_t key, const char *word,
                           size_t word_bytes, float boost)
{
    uint32_t count = (uint32_t)fr_vec_count(&q->terms);
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
                              .origin = (uint8_t)q->origin,
                              .boost = boost,
                              .variant_of = FR_NO_QUERY_TERM,
                              .in_text = FR_NO_QUERY_TERM};
    fr_buf_put(&q->bytes, word, word_bytes);
    if (q->bytes.failed) return FR_NO_QUERY_TERM;
    fr_vec_append(&q->terms, &t, 1);
    return q->terms.buf.failed ? FR_NO_QUERY_TERM : count;
}

const char *fr_query_term_kind(const struct fr_query_term *t)
{
    static const char *const kinds[] = {
        [FR_AS_NEWS] = "news",
        [FR_AS_SPELLING] = "spelling",
        [FR_AS_NAME] = "name",
        [FR_AS_SYNONYM] = "synonym",
        [FR_AS_COMPLETION] = "completion",
        [FR_AS_INITIALS] = "initials",
    };
    if (t->is_form) return "form";
    return t->origin ? kinds[t->origin] : fr_term_class_name(t->term_class);
}

/* The term that stands for all its alternatives. */
static uint32_t alternatives_of(const struct fr_query *q, uint32_t t)
{
    const struct fr_query_term *term = fr_query_term_at(q, t);
    return term->is_form && term->variant_of != FR_NO_QUERY_TERM ? term->variant_of : t;
}

static bool has_variants(const struct fr_query *q)
{
    for (size_t t = 0; t < fr_vec_count(&q->terms); t++)
        if (fr_query_term_at(q, t)->variant_of != FR_NO_QUERY_TERM) return true;
    return false;
}

void fr_query_order_summands(struct fr_query *q)
{
    fr_buf_clear(&q->summands.buf);
    if (!has_variants(q)) return;
    uint32_t terms = (uint32_t)fr_vec_count(&q->terms), sum = 0, at[FR_QUERY_TERMS_MAX] = {0};
    struct fr_summand *order = fr_vec_reserve(&q->summands, terms);
    if (!order) return;
    for (uint32_t t = 0; t < terms; t++) at[alternatives_of(q, t)]++;
    for (uint32_t t = 0; t < terms; t++) {
        uint32_t count = at[t];
        at[t] = sum;
        sum += count;
    }
    for (uint32_t t = 0; t < terms; t++)
        order[at[alternatives_of(q, t)]++] =
            (struct fr_summand){.term = t, .typed = fr_query_term_at(q, t)->variant_of};
    for (uint32_t i = 0; i < terms; i++)
        order[i].begins =
            i == 0 || alternatives_of(q, order[i].term) != alternatives_of(q, order[i - 1].term);
    fr_vec_set_count(&q->summands, terms);
}

void fr_query_begin_run(struct fr_query *q, uint32_t term)
{
    if (term != FR_NO_QUERY_TERM && !q->terms.buf.failed)
        fr_query_term_at(q, term)->continues = false;
}

void fr_query_put_covering(struct fr_query *q, struct fr_query_word *w, uint32_t term,
                           uint32_t offset, uint64_t mask)
{
    if (term == FR_NO_QUERY_TERM || q->coverings.buf.failed) return;
    fr_vec_push(&q->coverings, .term = term, .offset = offset & 0x3FFFFFFFu, .mask = mask);
    w->count += !q->coverings.buf.failed;
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
    uint32_t end = (uint32_t)fr_vec_count(&q->coverings);
    if (w->first + w->count == end || !fr_vec_room(&q->coverings, w->count)) return;
    fr_vec_append(&q->coverings, fr_query_covering_at(q, w->first), w->count);
    w->first = end;
}

/* The word, a lone syllable, as a term among others: it is there as a whole word, with a particle,
 * or where it begins a run behind another script. */
static void make_term(struct fr_query *q, uint32_t number)
{
    struct fr_query_word *w = fr_query_word_at(q, number);
    uint32_t term = fr_query_covering_at(q, w->first)->term;
    uint32_t particle =
        fr_query_put_term(q, FR_TERM_GLUED, fr_pair_key(w->syllable, FR_PAIR_PARTICLE), NULL, 0,
                          w->share * q->boosts->particle);
    uint32_t goes_on =
        fr_query_put_term(q, FR_TERM_GLUED, fr_pair_key(w->syllable, FR_PAIR_GOES_ON), NULL, 0, 0);
    fr_query_reopen(q, w);
    fr_query_put_covering(q, w, particle, 0, 1);
    fr_query_put_covering(q, w, goes_on, 0, 1);
    w->syllable = 0;
    if (fr_query_failed(q)) return;
    fr_query_term_at(q, term)->boost = w->share;
    if (particle == FR_NO_QUERY_TERM) return;
    fr_query_term_at(q, particle)->variant_of = term;
    for (size_t i = 0; i < fr_vec_count(&q->units); i++)
        if (fr_vec_at(&q->units, i).word == number) fr_vec_at(&q->units, i).other = particle;
}

void fr_query_place_among(struct fr_query *q, uint32_t positive)
{
    size_t words = fr_vec_count(&q->words);
    if (q->required_count && positive > q->required_count) q->required_count = positive;
    if (q->required_count < FR_QUERY_MANY_WORDS || fr_query_failed(q)) return;
    for (size_t i = 0; i < words; i++) {
        const struct fr_query_word *w = fr_query_word_at(q, i);
        if (w->syllable && !w->negative) make_term(q, (uint32_t)i);
    }
}
