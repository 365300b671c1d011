/* 초성: ㅁㅅㅌㄹ for 미스트랄, ㅅㅅㅈㅈ for 삼성전자 and for 삼성 전자. The lexicon has an order by
 * initial consonants, so words that begin with them are a range of it, those of most documents
 * first. */
#include "query/initials.h"

#include "segment/lexicon.h"
#include "text/hangul.h"
#include "text/utf8.h"

#define WORDS_TAKEN 16u
#define HALF_MIN    2u

struct pattern {
    uint32_t letters[FR_INITIALS_MAX]; /* initial consonants, numbered */
    uint32_t count;
};

/* What the initials stand for: the beginnings of words, of most documents first. */
#define NAMES_MAX 8u
struct names {
    struct name {
        char text[FR_INITIALS_MAX * 3];
        size_t len;
        uint64_t docs;
    } name[NAMES_MAX];
    uint32_t count;
    bool more;
};

static void put_name(struct names *names, const char *text, size_t len, uint64_t docs)
{
    struct name *all = names->name, name = {.len = len, .docs = docs};
    uint32_t i = 0;
    if (len > sizeof name.text) return;
    memcpy(name.text, text, len);
    while (i < names->count && (all[i].len != len || memcmp(all[i].text, text, len) != 0)) i++;
    if (i < names->count)
        name.docs += all[i].docs;
    else if (names->count < NAMES_MAX)
        names->count++;
    else
        names->more = true;
    if (i == NAMES_MAX && all[--i].docs >= docs) return;
    for (; i > 0 && all[i - 1].docs < name.docs; i--) all[i] = all[i - 1];
    all[i] = name;
}

static bool read_pattern(frai_slice stem, struct pattern *p)
{
    *p = (struct pattern){.count = 0};
    for (size_t at = 0; at < stem.len; p->count++) {
        int initial = fr_jamo_initial(fr_utf8_next(stem.ptr, stem.len, &at));
        if (initial < 0 || p->count == FR_INITIALS_MAX) return false;
        p->letters[p->count] = (uint32_t)initial;
    }
    return p->count >= HALF_MIN;
}

bool fr_initials_are(frai_slice word)
{
    struct pattern p;
    return read_pattern(word, &p);
}

/* The pairs of a word's first `length` syllables, from the syllable `offset` on. */
static void put_word(struct fr_query *q, struct fr_query_word *w, const struct fr_buf *word,
                     uint32_t length, uint32_t offset)
{
    uint32_t previous = 0, i = 0;
    for (size_t at = 0; at < word->len && i < length; i++) {
        uint32_t cp = fr_utf8_next((const char *)word->data, word->len, &at);
        if (i) {
            uint32_t term = fr_query_put_term(q, FR_TERM_SURFACE, fr_pair_key(previous, cp), NULL,
                                              0, q->boosts->completion);
            if (i == 1) fr_query_begin_run(q, term);
            fr_query_put_covering(q, w, term, offset + i - 1, 3ull << (offset + i - 1));
        }
        previous = cp;
    }
}

/* Words with the initials [first, first + length) of a pattern; longer ones too if `longer`. */
struct sought {
    const struct pattern *p;
    uint32_t first, length;
    bool longer;
};

/* What words of initials are for: coverings of a word of a query, or names to be shown. */
struct use {
    struct fr_query *q; /* with its word w, or NULL */
    struct fr_query_word *w;
    struct names *names; /* or NULL */
};

static void use_word(const struct use *use, const struct sought *sought, const struct fr_buf *word,
                     uint64_t docs)
{
    size_t len = word->len < sought->length * 3ull ? word->len : sought->length * 3ull;
    if (use->q) put_word(use->q, use->w, word, sought->length, sought->first);
    if (use->names) put_name(use->names, (const char *)word->data, len, docs);
}

static frai_status find_words(struct fr_context *ctx, const struct sought *sought,
                              const struct use *use, frai_error *err)
{
    uint32_t length = sought->length;
    uint64_t low = 0;
    struct fr_buf word;
    frai_status status = FRAI_OK;
    for (uint32_t i = 0; i < length; i++)
        low |= (uint64_t)(sought->p->letters[sought->first + i] + 1) << FR_INITIALS_SHIFT(i);
    uint64_t high = sought->longer ? low | ((1ull << FR_INITIALS_SHIFT(length - 1)) - 1) : low;
    fr_buf_init(&word, &ctx->mem);
    for (uint32_t g = 0; g < ctx->snapshot->segment_count && status == FRAI_OK; g++) {
        const struct fr_segment *seg = &ctx->snapshot->segments[g];
        struct fr_span places;
        uint32_t number;
        uint64_t docs;
        status = fr_interrupt_check(&ctx->interrupt, err);
        if (status != FRAI_OK) break;
        status = fr_lexicon_initials(seg, low, high, &word, &places, err);
        for (uint32_t i = places.begin; status == FRAI_OK && i < places.end; i++) {
            if (i - places.begin == WORDS_TAKEN) break;
            status = fr_lexicon_at_place(seg, i, &number, err);
            if (status == FRAI_OK) status = fr_lexicon_read(seg, number, &word, &docs, err);
            frai_slice stem = {(const char *)word.data, word.len};
            if (status == FRAI_OK) status = fr_context_living_docs(seg, stem, &docs, err);
            if (status == FRAI_OK && docs) use_word(use, sought, &word, docs);
        }
    }
    fr_buf_deinit(&word);
    return status;
}

/* The words of the whole pattern. */
static frai_status find_whole(struct fr_context *ctx, const struct pattern *p,
                              const struct use *use, frai_error *err)
{
    return find_words(ctx, &(struct sought){p, 0, p->count, true}, use, err);
}

/* The words on both sides of a space at `cut`. */
static frai_status find_halves(struct fr_context *ctx, const struct pattern *p, uint32_t cut,
                               const struct use *left, const struct use *right, frai_error *err)
{
    FR_TRY(find_words(ctx, &(struct sought){p, 0, cut, false}, left, err));
    return find_words(ctx, &(struct sought){p, cut, p->count - cut, true}, right, err);
}

frai_status fr_expand_initials(struct fr_context *ctx, struct fr_query *q, uint64_t words,
                               frai_error *err)
{
    for (uint32_t i = 0; i < 64 && i < fr_vec_count(&q->words); i++) {
        struct fr_query_word *w = &fr_vec_at(&q->words, i);
        struct use use = {.q = q, .w = w};
        struct pattern p;
        if (!(words >> i & 1) || !read_pattern(fr_query_stem(q, w), &p)) continue;
        fr_query_reopen(q, w);
        FR_TRY(find_whole(ctx, &p, &use, err));
        for (uint32_t cut = HALF_MIN; cut + HALF_MIN <= p.count; cut++)
            FR_TRY(find_halves(ctx, &p, cut, &use, &use, err));
    }
    return fr_query_failed(q) ? fr_fail_memory(err, "searching") : FRAI_OK;
}

static void list_names(const struct names *names, struct fr_buf *out)
{
    for (uint32_t i = 0; i < names->count; i++) {
        if (i) fr_buf_put(out, ", ", 2);
        fr_buf_put(out, names->name[i].text, names->name[i].len);
    }
    if (names->more) fr_buf_print(out, ", …");
}

frai_status fr_initials_best(struct fr_context *ctx, frai_slice word, struct fr_buf *out,
                             frai_error *err)
{
    struct pattern p;
    struct names names = {.count = 0};
    if (!read_pattern(word, &p)) return FRAI_OK;
    FR_TRY(find_whole(ctx, &p, &(struct use){.names = &names}, err));
    list_names(&names, out);
    for (uint32_t cut = HALF_MIN; cut + HALF_MIN <= p.count && out->len == 0; cut++) {
        struct names left = {.count = 0}, right = {.count = 0};
        FR_TRY(find_halves(ctx, &p, cut, &(struct use){.names = &left},
                           &(struct use){.names = &right}, err));
        if (left.count == 0 || right.count == 0) continue;
        left.count = right.count = 1;
        list_names(&left, out);
        fr_buf_u8(out, ' ');
        list_names(&right, out);
    }
    return FRAI_OK;
}
