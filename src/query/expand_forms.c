/* The rules say which stems the typed form may be of, and how each looks before each kind of
 * ending. The lexicon is asked which of these begin a word, first for the past tense and the polite
 * ending, without which most words that look like a form are nouns. The stems with most evidence
 * are kept; their forms cover the word, as a pair of syllables or two where an 어절 begins. */
#include "query/expand_forms.h"

#include <math.h>

#include "base/interner.h"
#include "base/vector.h"
#include "query/compile_word.h"
#include "query/nounhood.h"
#include "segment/deletes.h"
#include "segment/dictionary.h"
#include "segment/lexicon.h"
#include "segment/postings.h"
#include "text/charclass.h"
#include "text/hangul.h"
#include "text/particle.h"
#include "text/utf8.h"

#define TERMS_MAX     400u  /* of a query to which forms are added */
#define PROBES_MAX    400u  /* lookups in the lexicon for one word */
#define FORMS_MAX     96u   /* of one word */
#define COMMON_PART   20u   /* of the documents: a predicate that more of them have tells little */
#define ENTRIES_READ  3u    /* of the lexicon, to count documents of what begins so */
#define ENTRIES_SEEN  64u   /* ... and those passed over, of names and of deleted documents */
#define ENDINGS_LEAST 3u    /* that a doubtful predicate has in the corpus */
#define FEW_DOCUMENTS 1000u /* of which one more ending has to do, and all forms are kept */
#define TYPED_MOST    4u    /* times the documents of the next form, of a doubtful one */
#define KEPT_SHARE    0.5f  /* of the best stem's evidence, that another one needs */

/* A text of the corpus that begins as a form does. */
struct form {
    struct fr_syllables text;
    uint64_t docs;
    uint32_t predicate;
    bool whole; /* nothing follows: a noun may look so */
};

/* What the corpus has of a predicate. */
struct evidence {
    float mass;       /* the sum over endings of log2(1 + documents) */
    uint32_t endings; /* different ones */
    bool declares;    /* past tense or polite ending, which no noun has */
    bool common, dropped;
};

/* A word that begins with the text looked for. */
struct beginning {
    struct fr_buf word;
    uint64_t docs;
};

struct search {
    struct fr_context *ctx;
    struct fr_query *q;
    struct fr_query_word *w;
    uint32_t word[FR_FORM_SYLLABLES], n; /* as typed */
    uint32_t probes;
    struct fr_predicate predicates[FR_PREDICATES_MAX];
    struct evidence evidence[FR_PREDICATES_MAX];
    uint32_t count; /* of predicates */
    FR_VECTOR(struct form) forms;
    struct fr_buf scratch;
    struct beginning beginnings[ENTRIES_READ];
    uint32_t beginning_count;
};

/* ---- what the corpus has ---- */

static size_t to_utf8(const struct fr_syllables *text, char out[4 * (FR_FORM_SYLLABLES + 4)])
{
    size_t len = 0;
    for (uint32_t i = 0; i < text->count; i++) len += fr_utf8_put(out + len, text->at[i]);
    return len;
}

/* Puts the word in s->scratch, of so many documents, among the first that begin so. */
static void put_beginning(struct search *s, uint64_t docs)
{
    uint32_t at = 0, last = s->beginning_count;
    int order = 1;
    for (; at < s->beginning_count; at++) {
        order = fr_slice_compare(fr_buf_slice(&s->scratch), fr_buf_slice(&s->beginnings[at].word));
        if (order <= 0) break;
    }
    if (at < s->beginning_count && order == 0) s->beginnings[at].docs += docs;
    if (order == 0 || at == ENTRIES_READ) return;
    if (last == ENTRIES_READ)
        last--;
    else
        s->beginning_count++;
    struct beginning moved = s->beginnings[last];
    memmove(&s->beginnings[at + 1], &s->beginnings[at], (last - at) * sizeof moved);
    fr_buf_clear(&moved.word);
    fr_buf_put(&moved.word, s->scratch.data, s->scratch.len);
    moved.docs = docs;
    s->beginnings[at] = moved;
}

/* Documents of the first words that begin with the key, in whatever segments they are. */
static frai_status count_from(struct search *s, frai_slice key, uint64_t *docs, frai_error *err)
{
    s->beginning_count = 0;
    for (uint32_t g = 0; g < s->ctx->snapshot->segment_count; g++) {
        const struct fr_segment *seg = &s->ctx->snapshot->segments[g];
        uint32_t number;
        FR_TRY(fr_lexicon_seek(seg, key, &number, err));
        for (uint32_t read = 0, seen = 0;
             read < ENTRIES_READ && seen < ENTRIES_SEEN && number < seg->stats.lexicon_words;
             number++, seen++) {
            uint64_t part;
            fr_work(&s->ctx->interrupt, FR_WORK_SEEK);
            FR_TRY(fr_lexicon_read(seg, number, &s->scratch, &part, err));
            if (s->scratch.len < key.len || memcmp(s->scratch.data, key.ptr, key.len) != 0) break;
            if (part == 0 || fr_lexicon_is_marked(&s->scratch)) continue;
            put_beginning(s, part);
            read++;
        }
    }
    for (uint32_t i = 0; i < s->beginning_count; i++) *docs += s->beginnings[i].docs;
    return FRAI_OK;
}

/* Documents in which the syllable is a word. */
static frai_status count_lone(const struct search *s, uint32_t syllable, uint64_t *docs,
                              frai_error *err)
{
    for (uint32_t g = 0; g < s->ctx->snapshot->segment_count; g++) {
        const struct fr_segment *seg = &s->ctx->snapshot->segments[g];
        struct fr_postings postings = {.df = 0};
        uint32_t ordinal;
        FR_TRY(fr_dictionary_pair(seg, fr_pair_key(syllable, 0), &ordinal, err));
        if (ordinal != FR_NO_TERM) FR_TRY(fr_postings_open(seg, ordinal, &postings, err));
        *docs += fr_living_df(&postings, ordinal);
    }
    return FRAI_OK;
}

/* Documents with words that are the text, or, unless it has to be `exact`, begin so. The lexicon
 * has words without what may be a particle; *cut: it was found so. */
static frai_status count_documents(struct search *s, const struct fr_syllables *text, bool exact,
                                   uint64_t *docs, bool *cut, frai_error *err)
{
    char utf8[4 * (FR_FORM_SYLLABLES + 4)];
    uint32_t cps[FR_FORM_SYLLABLES + 4];
    size_t len = to_utf8(text, utf8), n = text->count;
    bool there = true;
    *docs = 0;
    *cut = false;
    if (++s->probes > PROBES_MAX) return FRAI_OK;
    FR_TRY(fr_interrupt_check(&s->ctx->interrupt, err));
    if (exact && n == 1) return count_lone(s, text->at[0], docs, err);
    for (size_t i = n; i > 1 && there; i--) /* the rarest are behind */
        FR_TRY(fr_context_has_pair(s->ctx, text->at[i - 2], text->at[i - 1], &there, err));
    if (!there) return FRAI_OK;
    if (!exact) FR_TRY(count_from(s, (frai_slice){utf8, len}, docs, err));
    if (exact) FR_TRY(fr_context_lexicon_df(s->ctx, (frai_slice){utf8, len}, docs, err));
    if (*docs) return FRAI_OK;
    for (size_t i = 0; i < n; i++) cps[i] = text->at[i];
    size_t rest = fr_particle_stem(cps, n);
    *cut = rest < n;
    if (*cut) FR_TRY(fr_context_lexicon_df(s->ctx, (frai_slice){utf8, 3 * rest}, docs, err));
    return FRAI_OK;
}

static bool starts_with(const uint32_t *word, size_t n, const struct fr_syllables *text)
{
    if (n < text->count) return false;
    for (uint32_t i = 0; i < text->count; i++)
        if (word[i] != text->at[i]) return false;
    return true;
}

static void put_form(struct search *s, uint32_t p, const struct fr_syllables *text, uint64_t docs,
                     bool whole)
{
    if (fr_vec_count(&s->forms) < FORMS_MAX)
        fr_vec_push(&s->forms, .text = *text, .docs = docs, .predicate = p, .whole = whole);
}

/* Looks for the front with each of the endings. One of two syllables or more stands for all of
 * them; `open`: not without an ending. */
static frai_status find_endings(struct search *s, uint32_t p, enum fr_front_kind kind,
                                const struct fr_syllables *front, bool open, frai_error *err)
{
    struct evidence *e = &s->evidence[p];
    for (const wchar_t *at = fr_front_endings(kind); *at; at += *at == L' ') {
        struct fr_syllables text = *front;
        uint64_t docs;
        bool cut;
        for (; *at && *at != L' '; at++) text.at[text.count++] = (uint16_t)*at;
        FR_TRY(count_documents(s, &text, false, &docs, &cut, err));
        if (docs == 0) continue;
        if (!cut && !starts_with(s->word, s->n, &text)) {
            e->endings++;
            e->mass += log2f(1 + (float)docs);
        }
        bool formal = text.at[front->count] == L'습' || kind == FR_FRONT_BIEUP;
        e->declares |= kind == FR_FRONT_PAST || formal;
        if (!open) continue;
        put_form(s, p, &text, docs, text.count == 2 && wcschr(L"고지게면다실신", text.at[1]));
    }
    return FRAI_OK;
}

/* Too few documents to have many forms of a word. */
static bool is_small(const struct search *s)
{
    return s->ctx->snapshot->texts < FEW_DOCUMENTS;
}

/* 내려, of 내리-: few nouns end in such a vowel. */
static bool contracts(const struct fr_predicate *p, const struct fr_syllables *front)
{
    return front->count == p->stem.count &&
           front->at[front->count - 1] != p->stem.at[p->stem.count - 1] &&
           !fr_syllable_split(front->at[front->count - 1]).final;
}

static frai_status find_front(struct search *s, uint32_t p, enum fr_front_kind kind, bool second,
                              frai_error *err)
{
    struct fr_syllables front;
    uint64_t docs = 0, alone = 0;
    bool cut;
    if (!fr_predicate_front(&s->predicates[p], kind, second, &front)) return FRAI_OK;
    if (front.count > FR_FORM_SYLLABLES - 2) return FRAI_OK;
    bool open = front.count == 1 || (front.count == 2 && kind <= FR_FRONT_EU);
    /* The lexicon has no words of one syllable, and begins anything with a stem of one. */
    bool gate = front.count > 1 ? !open : kind == FR_FRONT_BIEUP || kind == FR_FRONT_PAST;
    if (gate) FR_TRY(count_documents(s, &front, false, &docs, &cut, err));
    if (gate && docs == 0) return FRAI_OK;
    FR_TRY(find_endings(s, p, kind, &front, open, err));
    bool complete =
        kind == FR_FRONT_NIEUN || kind == FR_FRONT_RIEUL || (kind == FR_FRONT_AEO && !second);
    if (kind == FR_FRONT_AEO && front.count == 1 && front.at[0] == s->predicates[p].stem.at[0])
        complete = false; /* 가 is more than 가다's */
    if (complete) FR_TRY(count_documents(s, &front, true, &alone, &cut, err));
    if (alone && !starts_with(s->word, s->n, &front)) {
        bool says = !s->predicates[p].bare || (is_small(s) && contracts(&s->predicates[p], &front));
        s->evidence[p].endings += !cut && says;
        s->evidence[p].mass += log2f(1 + (float)alone);
    }
    if (alone || (docs && !open))
        put_form(s, p, &front, docs ? docs : alone, alone && front.count < 3);
    return FRAI_OK;
}

static frai_status has_front(struct search *s, const struct fr_predicate *p,
                             enum fr_front_kind kind, bool *has, frai_error *err)
{
    struct fr_syllables front;
    uint64_t docs = 0;
    bool cut;
    if (!*has && fr_predicate_front(p, kind, false, &front))
        FR_TRY(count_documents(s, &front, false, &docs, &cut, err));
    *has |= docs > 0;
    return FRAI_OK;
}

/* A stem that may be of two classes is of that which the corpus has: 믿어, so not 밀은; 몰라, so
 * not 모라. Some are of both (묻다). */
static frai_status is_of_class(struct search *s, const struct fr_predicate *p, bool *holds,
                               frai_error *err)
{
    struct fr_predicate other = *p;
    bool own = false, others = false;
    *holds = true;
    switch (p->conjugation) {
    case FR_BIEUP: FR_TRY(has_front(s, p, FR_FRONT_PAST, &own, err)); /* fallthrough */
    case FR_SIOT: FR_TRY(has_front(s, p, FR_FRONT_NIEUN, &own, err)); /* fallthrough */
    case FR_DIEUT:
        FR_TRY(has_front(s, p, FR_FRONT_EU, &own, err));
        other.conjugation = FR_REGULAR;
        break;
    case FR_REGULAR:
        if (p->stem.at[p->stem.count - 1] != L'르') return FRAI_OK;
        other.conjugation = FR_REU;
        break;
    default: return FRAI_OK;
    }
    FR_TRY(has_front(s, &other, FR_FRONT_AEO, &others, err));
    FR_TRY(has_front(s, &other, FR_FRONT_PAST, &others, err));
    *holds = own || !others;
    return FRAI_OK;
}

/* 한국이- is a noun with 이다, whose other forms begin with the noun anyway. */
static frai_status is_copula(struct search *s, const struct fr_syllables *stem, bool *copula,
                             frai_error *err)
{
    struct fr_syllables noun = *stem;
    uint64_t docs = 0;
    *copula = false;
    if (stem->count < 3 || stem->at[stem->count - 1] != L'이') return FRAI_OK;
    char utf8[4 * (FR_FORM_SYLLABLES + 4)];
    noun.count--;
    size_t len = to_utf8(&noun, utf8);
    FR_TRY(fr_context_lexicon_df(s->ctx, (frai_slice){utf8, len}, &docs, err));
    *copula = docs > 0;
    return FRAI_OK;
}

/* Has so much of the corpus the predicate that its other forms would cost more than they tell? */
static bool is_common(const struct search *s, uint32_t p)
{
    uint64_t docs = 0, all = s->ctx->snapshot->live_docs;
    for (size_t i = 0; i < fr_vec_count(&s->forms); i++)
        if (fr_vec_at(&s->forms, i).predicate == p) docs += fr_vec_at(&s->forms, i).docs;
    return all > FEW_DOCUMENTS && docs > all / COMMON_PART;
}

static frai_status find_forms(struct search *s, uint32_t p, frai_error *err)
{
    struct evidence *e = &s->evidence[p];
    const struct fr_predicate *predicate = &s->predicates[p];
    bool few = is_small(s);
    bool holds, copula, many = s->q->required_count >= FR_QUERY_MANY_WORDS;
    *e = (struct evidence){.dropped = true};
    if (many && predicate->stem.count == 1 && wcschr(L"하되있없않이", predicate->stem.at[0]))
        return FRAI_OK; /* auxiliaries, among words that say more */
    FR_TRY(is_copula(s, &predicate->stem, &copula, err));
    if (copula) return FRAI_OK;
    /* These first: what has neither, and may be a noun, is one. */
    FR_TRY(find_front(s, p, FR_FRONT_PAST, false, err));
    FR_TRY(find_front(s, p, FR_FRONT_PAST, true, err));
    FR_TRY(find_front(s, p, FR_FRONT_BIEUP, false, err));
    e->common = is_common(s, p);
    if (e->common) return FRAI_OK;
    if (!e->declares && !predicate->certain && !few) return FRAI_OK;
    FR_TRY(is_of_class(s, predicate, &holds, err));
    if (!holds) return FRAI_OK;
    for (uint32_t kind = 0; kind < FR_FRONT_BIEUP && !is_common(s, p); kind++)
        FR_TRY(find_front(s, p, (enum fr_front_kind)kind, false, err));
    FR_TRY(find_front(s, p, FR_FRONT_AEO, false, err));
    FR_TRY(find_front(s, p, FR_FRONT_AEO, true, err));
    e->common = is_common(s, p);
    e->dropped = !predicate->certain && e->endings < (few ? 1 : ENDINGS_LEAST);
    return FRAI_OK;
}

/* ---- what is kept ---- */

/* More documents have it than most other forms of the predicate, and it behaves as a noun. */
static frai_status looks_like_noun(struct search *s, const struct form *form, bool *noun,
                                   frai_error *err)
{
    uint32_t forms = 0;
    uint64_t docs = 0;
    *noun = false;
    if (!form->whole) return FRAI_OK;
    for (size_t i = 0; i < fr_vec_count(&s->forms); i++) {
        if (fr_vec_at(&s->forms, i).predicate != form->predicate) continue;
        docs += fr_vec_at(&s->forms, i).docs;
        forms++;
    }
    if (form->docs * forms <= docs) return FRAI_OK;
    return fr_nounhood(s->ctx, &form->text, noun, err);
}

/* The term of the word, as typed, at the offset or before it. */
static uint32_t typed_term(const struct search *s, uint32_t offset)
{
    const struct fr_query *q = s->q;
    size_t number = (size_t)(s->w - fr_query_word_at(q, 0));
    uint32_t first = 0, term = FR_NO_QUERY_TERM;
    for (size_t i = 0; i < fr_vec_count(&q->units); i++) {
        const struct fr_scored_position *u = &fr_vec_at(&q->units, i);
        if (u->word != number) continue;
        if (term == FR_NO_QUERY_TERM) first = u->position;
        if (term == FR_NO_QUERY_TERM || u->position - first <= offset) term = u->term;
    }
    return term;
}

static bool is_covered(const struct search *s, uint32_t term, uint32_t offset, uint64_t mask)
{
    for (uint32_t i = 0; i < s->w->count; i++) {
        const struct fr_covering *a = fr_query_covering_at(s->q, s->w->first + i);
        if (a->term == term && a->offset == offset && (mask & ~a->mask) == 0) return true;
    }
    return false;
}

static void put_pair(struct search *s, uint32_t first, uint32_t second, uint32_t offset,
                     uint64_t mask, float boost)
{
    struct fr_query *q = s->q;
    uint32_t typed = typed_term(s, offset);
    if (typed == FR_NO_QUERY_TERM || fr_query_failed(q)) return;
    uint32_t key = fr_pair_key(first, second);
    size_t before = fr_vec_count(&q->terms);
    float weight = boost * fr_query_term_at(q, typed)->boost;
    uint32_t term = fr_query_put_term(q, fr_pair_class(key), key, NULL, 0, weight);
    if (term == FR_NO_QUERY_TERM || is_covered(s, term, offset, mask)) return;
    if (fr_vec_count(&q->terms) > before) {
        fr_query_term_at(q, term)->variant_of = typed;
        fr_query_term_at(q, term)->is_form = true;
        if (offset == 0) fr_query_begin_run(q, term);
    }
    fr_query_put_covering(q, s->w, term, offset, mask);
    if (!fr_query_failed(q))
        fr_query_covering_at(q, s->w->first + s->w->count - 1)->starts_eojeol = true;
}

/* The text, where an 어절 begins with it, stands for the word. */
static void cover(struct search *s, const struct fr_syllables *text, float boost)
{
    struct fr_query_word *w = s->w;
    uint32_t n = text->count;
    if (fr_vec_count(&s->q->terms) + n > TERMS_MAX) return;
    bool all = w->min_syllables == w->syllable_count;
    if (n > w->syllable_count) fr_query_widen(s->q, w, n);
    if (all) w->min_syllables = w->syllable_count;
    if (n == 1) put_pair(s, text->at[0], 0, 0, fr_bits_of(0, w->syllable_count), boost);
    for (uint32_t i = 0; i + 1 < n; i++)
        put_pair(s, text->at[i], text->at[i + 1], i,
                 fr_bits_of(i, i + 2 == n ? w->syllable_count : i + 2), boost);
}

/* Is what was typed a noun, or something else for the most part (안, 더, 가지)? */
static frai_status is_other_word(struct search *s, uint32_t p, bool *other, frai_error *err)
{
    struct fr_syllables typed = {.count = (uint8_t)s->n};
    uint64_t docs = 0, most = 0;
    *other = false;
    if (s->predicates[p].certain) return FRAI_OK;
    for (uint32_t i = 0; i < s->n; i++) typed.at[i] = (uint16_t)s->word[i];
    for (size_t i = 0; i < fr_vec_count(&s->forms); i++) {
        const struct form *form = &fr_vec_at(&s->forms, i);
        bool own = form->text.count == s->n && starts_with(s->word, s->n, &form->text);
        uint64_t *sum = own ? &docs : &most;
        if (form->predicate == p && form->docs > *sum) *sum = form->docs;
    }
    *other = docs > TYPED_MOST * most;
    return *other ? FRAI_OK : fr_nounhood(s->ctx, &typed, other, err);
}

static frai_status keep_forms(struct search *s, uint32_t p, float boost, frai_error *err)
{
    bool other;
    if (s->evidence[p].common) return FRAI_OK;
    FR_TRY(is_other_word(s, p, &other, err));
    if (other) return FRAI_OK;
    for (size_t i = 0; i < fr_vec_count(&s->forms); i++) {
        const struct form *form = &fr_vec_at(&s->forms, i);
        bool noun;
        if (form->predicate != p) continue;
        FR_TRY(looks_like_noun(s, form, &noun, err));
        if (!noun) cover(s, &form->text, boost);
    }
    return FRAI_OK;
}

/* 정리하- and 정리되- say the same of two sides. */
static frai_status find_voice(struct search *s, uint32_t p, frai_error *err)
{
    struct fr_syllables *stem = &s->predicates[p].stem;
    uint16_t *last = &stem->at[stem->count - 1];
    if (stem->count < 3 || s->count == FR_PREDICATES_MAX || (*last != L'하' && *last != L'되'))
        return FRAI_OK;
    uint32_t other = s->count++;
    s->predicates[other] = s->predicates[p];
    s->predicates[other].stem.at[stem->count - 1] = *last == L'하' ? L'되' : L'하';
    s->predicates[other].certain = true;
    FR_TRY(find_forms(s, other, err));
    return keep_forms(s, other, s->q->boosts->voice, err);
}

static frai_status expand(struct search *s, frai_error *err)
{
    float best = 0;
    uint32_t count = s->count, kept = 0;
    for (uint32_t p = 0; p < count; p++) {
        FR_TRY(find_forms(s, p, err));
        if (s->evidence[p].common) return FRAI_OK;
        if (s->evidence[p].dropped) continue;
        if (s->evidence[p].mass > best) best = s->evidence[p].mass;
        kept++;
    }
    if (kept == 0) return FRAI_OK;
    fr_query_reopen(s->q, s->w);
    for (uint32_t p = 0; p < count; p++) {
        if (s->evidence[p].dropped || s->evidence[p].mass < KEPT_SHARE * best) continue;
        FR_TRY(keep_forms(s, p, s->q->boosts->form, err));
        FR_TRY(find_voice(s, p, err));
    }
    return FRAI_OK;
}

static frai_status expand_word(struct fr_context *ctx, struct fr_query *q, struct fr_query_word *w,
                               frai_error *err)
{
    struct search s = {.ctx = ctx, .q = q, .w = w};
    frai_slice form = fr_query_slice(q, w->stem_at, w->form_bytes);
    if (form.len == 0 || form.len > 3 * FR_FORM_SYLLABLES) return FRAI_OK;
    for (size_t at = 0; at < form.len; s.n++) {
        if (s.n == FR_FORM_SYLLABLES) return FRAI_OK;
        s.word[s.n] = fr_utf8_next(form.ptr, form.len, &at);
    }
    s.count = (uint32_t)fr_predicates_of(s.word, s.n, s.predicates);
    if (s.count == 0) return FRAI_OK;
    fr_buf_init(&s.forms.buf, &ctx->mem);
    fr_buf_init(&s.scratch, &ctx->mem);
    for (unsigned i = 0; i < ENTRIES_READ; i++) fr_buf_init(&s.beginnings[i].word, &ctx->mem);
    frai_status status = expand(&s, err);
    bool failed = s.forms.buf.failed || s.scratch.failed || fr_query_failed(q);
    fr_buf_deinit(&s.forms.buf);
    fr_buf_deinit(&s.scratch);
    for (unsigned i = 0; i < ENTRIES_READ; i++) {
        failed |= s.beginnings[i].word.failed;
        fr_buf_deinit(&s.beginnings[i].word);
    }
    return status == FRAI_OK && failed ? fr_fail_memory(err, "searching") : status;
}

frai_status fr_expand_forms(struct fr_context *ctx, struct fr_query *q, frai_error *err)
{
    bool many = q->required_count >= FR_QUERY_MANY_WORDS;
    for (size_t i = 0; i < fr_vec_count(&q->words) && !q->truncated; i++) {
        struct fr_query_word *w = fr_query_word_at(q, i);
        bool aside = many && w->share < 1; /* a function word, among words that say more */
        if (!w->negative && !aside) FR_TRY(expand_word(ctx, q, w, err));
    }
    return FRAI_OK;
}
