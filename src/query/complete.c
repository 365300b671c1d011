/* As you type: what an input method shows before a word is whole. The last syllable may still take
 * a final consonant (미스트라 → 미스트랄), give its final to the next one (밋 → 미스), or make a
 * compound of its vowel or final (고 → 과, 업 → 없); a lone consonant begins a syllable
 * (미스ㅌ → 미스트). Pairs of the dictionary are in the order of their characters, so each of these
 * is a range of them. */
#include "query/complete.h"

#include "segment/dictionary.h"
#include "segment/postings.h"
#include "text/charclass.h"
#include "text/hangul.h"
#include "text/utf8.h"

#define TERMS_MAX   512u /* of a query that completes */
#define WORDS_READ  512u
#define WORDS_TAKEN 32u

struct range {
    uint16_t low, high;
};

/* What the last syllable may become, itself included: at most four ranges. */
struct endings {
    struct range same[4]; /* more of the same syllable */
    uint32_t same_count;
    uint16_t shorter;  /* without the final consonant that moves on; 0: none does */
    struct range next; /* what begins with that consonant */
};

static struct range begins_with(int initial)
{
    uint16_t low = fr_syllable_join((uint32_t)initial, 0, 0);
    return (struct range){low, (uint16_t)(low + FR_INITIAL_SYLLABLES - 1)};
}

/* Compound letters: the first part, what the second part begins, the whole. */
static const struct {
    uint8_t first, whole;
    uint16_t second;
} final_compounds[] = {{1, 3, 0x3145},  {4, 5, 0x3148},  {4, 6, 0x314E},  {8, 9, 0x3131},
                       {8, 10, 0x3141}, {8, 11, 0x3142}, {8, 12, 0x3145}, {8, 13, 0x314C},
                       {8, 14, 0x314D}, {8, 15, 0x314E}, {17, 18, 0x3145}};
static const struct {
    uint8_t first, least, most;
} vowel_compounds[] = {{8, 9, 11}, {13, 14, 16}, {18, 19, 19}};

static struct endings endings_of(uint32_t syllable)
{
    struct endings e = {.same_count = 0};
    struct fr_syllable_letters l = fr_syllable_split(syllable);
    uint32_t base = syllable - l.final, final = l.final;
    if (final == 0) {
        e.same[e.same_count++] =
            (struct range){(uint16_t)syllable, (uint16_t)(syllable + FR_JAMO_FINALS - 1)};
        for (size_t i = 0; i < sizeof vowel_compounds / sizeof *vowel_compounds; i++) {
            if (vowel_compounds[i].first != l.vowel) continue;
            e.same[e.same_count++] = (struct range){
                fr_syllable_join(l.initial, vowel_compounds[i].least, 0),
                fr_syllable_join(l.initial, vowel_compounds[i].most, FR_JAMO_FINALS - 1)};
        }
        return e;
    }
    uint16_t moving = fr_jamo_finals[final];
    uint32_t left = 0;
    e.same[e.same_count++] = (struct range){(uint16_t)syllable, (uint16_t)syllable};
    for (size_t i = 0; i < sizeof final_compounds / sizeof *final_compounds; i++) {
        uint16_t whole = (uint16_t)(base + final_compounds[i].whole);
        if (final_compounds[i].first == final && e.same_count < 4) {
            if (e.same_count > 1 && e.same[e.same_count - 1].high + 1 == whole)
                e.same[e.same_count - 1].high = whole;
            else
                e.same[e.same_count++] = (struct range){whole, whole};
        }
        if (final_compounds[i].whole == final) {
            moving = final_compounds[i].second;
            left = final_compounds[i].first;
        }
    }
    if (fr_jamo_initial(moving) < 0) return e;
    e.shorter = (uint16_t)(base + left);
    e.next = begins_with(fr_jamo_initial(moving));
    return e;
}

/* The last word of a query, which completes. */
struct ending {
    struct fr_context *ctx;
    struct fr_query *q;
    struct fr_query_word *w;
};

/* Every pair (first, a character of the range), wherever a segment has it. */
static frai_status put_pairs(const struct ending *e, uint32_t first, struct range range,
                             uint32_t offset, uint64_t mask, frai_error *err)
{
    struct fr_context *ctx = e->ctx;
    struct fr_query *q = e->q;
    struct fr_buf unused;
    frai_status status = FRAI_OK;
    fr_buf_init(&unused, &ctx->mem);
    for (uint32_t g = 0; g < ctx->snapshot->segment_count && status == FRAI_OK; g++) {
        const struct fr_segment *seg = &ctx->snapshot->segments[g];
        struct fr_span found;
        status = fr_interrupt_check(&ctx->interrupt, err);
        if (status != FRAI_OK) break;
        status =
            fr_dictionary_first_range(seg, (uint16_t)first, range.low, range.high, &found, err);
        for (uint32_t i = found.begin; status == FRAI_OK && i < found.end; i++) {
            uint32_t key;
            bool is_pair;
            if (fr_vec_count(&q->terms) >= TERMS_MAX) break;
            status = fr_dictionary_term(seg, i, &is_pair, &key, &unused, err);
            if (status != FRAI_OK || !fr_pair_is_two(key)) continue;
            uint32_t term =
                fr_query_put_term(q, FR_TERM_SURFACE, key, NULL, 0, q->boosts->completion);
            if (offset == 0) fr_query_begin_run(q, term);
            fr_query_put_covering(q, e->w, term, offset, mask);
        }
    }
    fr_buf_deinit(&unused);
    return status;
}

static uint64_t bit(uint32_t syllable)
{
    return 1ull << syllable;
}

/* The word ends in Hangul: `last` at syllable k, `before` (0: none) at k - 1. */
static frai_status complete_syllable(const struct ending *ending, uint32_t before, uint32_t last,
                                     frai_error *err)
{
    struct fr_query_word *w = ending->w;
    struct endings e = endings_of(last);
    uint32_t k = w->syllable_count - 1;
    if (k == 0) {
        w->completes = w->syllable != 0;
        return FRAI_OK;
    }
    if (!before) return FRAI_OK;
    for (uint32_t i = 0; i < e.same_count; i++)
        FR_TRY(put_pairs(ending, before, e.same[i], k - 1, bit(k - 1) | bit(k), err));
    if (!e.shorter) return FRAI_OK;
    struct range shorter = {e.shorter, e.shorter};
    FR_TRY(put_pairs(ending, before, shorter, k - 1, bit(k - 1), err));
    return put_pairs(ending, e.shorter, e.next, k, bit(k), err);
}

/* The word ends in letters or digits: words that begin with them. */
static frai_status complete_letters(const struct ending *e, frai_slice letters, frai_error *err)
{
    struct fr_context *ctx = e->ctx;
    struct fr_query_word *w = e->w;
    struct fr_buf word;
    frai_status status = FRAI_OK;
    fr_buf_init(&word, &ctx->mem);
    for (uint32_t g = 0; g < ctx->snapshot->segment_count && status == FRAI_OK; g++) {
        const struct fr_segment *seg = &ctx->snapshot->segments[g];
        uint32_t number, taken = 0;
        status = fr_interrupt_check(&ctx->interrupt, err);
        if (status != FRAI_OK) break;
        status =
            fr_dictionary_word_seek(seg, FR_TERM_SURFACE, letters.ptr, letters.len, &number, err);
        for (uint32_t read = 0; read < WORDS_READ && taken < WORDS_TAKEN && status == FRAI_OK &&
                                number < seg->stats.word_terms;
             read++, number++) {
            bool is_pair;
            uint32_t key;
            status =
                fr_dictionary_term(seg, seg->stats.pair_terms + number, &is_pair, &key, &word, err);
            if (status != FRAI_OK || word.len < letters.len + 1 ||
                word.data[0] != FR_TERM_SURFACE ||
                memcmp(word.data + 1, letters.ptr, letters.len) != 0)
                break;
            uint32_t term = fr_query_put_term(e->q, FR_TERM_SURFACE, 0, (const char *)word.data + 1,
                                              word.len - 1, e->q->boosts->completion);
            fr_query_put_covering(e->q, w, term, w->syllable_count - 1, bit(w->syllable_count - 1));
            taken++;
        }
    }
    fr_buf_deinit(&word);
    return status;
}

frai_status fr_complete(struct fr_context *ctx, struct fr_query *q, frai_error *err)
{
    size_t count = fr_vec_count(&q->words);
    if (count == 0) return FRAI_OK;
    struct fr_query_word *w = &fr_vec_at(&q->words, count - 1);
    frai_slice stem = fr_query_stem(q, w);
    if (w->negative || stem.len == 0) return FRAI_OK;
    uint32_t last = 0, before = 0;
    size_t letters = 0;
    char tail[FR_WORD_MAX_BYTES];
    for (size_t at = 0; at < stem.len;) {
        size_t begin = at;
        before = last;
        last = fr_utf8_next(stem.ptr, stem.len, &at);
        if (fr_charclass_of(last) != FR_CHAR_LETTER || !before ||
            fr_charclass_of(before) != FR_CHAR_LETTER)
            letters = begin;
    }
    fr_query_reopen(q, w);
    struct ending ending = {ctx, q, w};
    enum fr_charclass class = fr_charclass_of(last);
    bool follows = before && fr_charclass_of(before) == FR_CHAR_HANGUL;
    if (class == FR_CHAR_HANGUL) return complete_syllable(&ending, follows ? before : 0, last, err);
    if (class == FR_CHAR_JAMO && follows && fr_jamo_initial(last) >= 0 && w->syllable_count > 1)
        return put_pairs(&ending, before, begins_with(fr_jamo_initial(last)), w->syllable_count - 2,
                         bit(w->syllable_count - 2) | bit(w->syllable_count - 1), err);
    if (class == FR_CHAR_LETTER && stem.len - letters < sizeof tail) {
        memcpy(tail, stem.ptr + letters, stem.len - letters); /* the query's bytes move */
        return complete_letters(&ending, (frai_slice){tail, stem.len - letters}, err);
    }
    return FRAI_OK;
}

frai_status fr_completed_syllables(const struct fr_segment *seg, uint32_t syllable,
                                   struct fr_ordinals *ordinals, frai_error *err)
{
    struct endings e = endings_of(syllable);
    struct fr_span found;
    for (uint32_t i = 0; i < e.same_count; i++)
        for (uint32_t c = e.same[i].low; c <= e.same[i].high; c++) {
            if (c == syllable) continue;
            FR_TRY(fr_dictionary_beginning(seg, (uint16_t)c, 0, ordinals, err));
        }
    if (e.shorter) {
        FR_TRY(fr_dictionary_first_range(seg, e.shorter, e.next.low, e.next.high, &found, err));
        for (; found.begin < found.end; found.begin++) fr_vec_push(ordinals, found.begin);
    }
    return ordinals->buf.failed ? fr_fail_memory(err, "searching") : FRAI_OK;
}
