/* Each word that no hit has is tried, in turn, in the other keyboard layout, as a date or number,
 * as the nearest word of the lexicon, and cut into words; the first that some document has replaces
 * it. */
#include "query/correct.h"

#include "query/fuzzy.h"
#include "query/initials.h"
#include "query/probe.h"
#include "query/spacing.h"
#include "text/keyboard.h"

/* Words after this are left alone: a correction is for a query, not for a pasted page. */
#define WORDS_MAX 16u
#define SPLIT_MAX FR_INITIALS_WORDS /* words of a query that are cut, or taken as initials */

struct word {
    uint32_t begin, end; /* bytes of the query; of a phrase, with its quotes */
    bool known;          /* some document has it, or it is not to be corrected */
    bool sought;         /* its terms alone don't show that no document has it */
    bool phrase;
};

static frai_status has_documents(struct fr_searcher *s, frai_slice word, bool *found,
                                 frai_error *err)
{
    uint64_t total;
    FR_TRY(fr_probe_count(s, word, 1, &total, err));
    *found = total > 0;
    return FRAI_OK;
}

/* Has each syllable of the word a term that some document has? */
static bool may_be_there(const struct fr_plan *plan, const struct fr_query_word *w)
{
    uint64_t covered = 0, all = w->syllable_count < 64 ? (1ull << w->syllable_count) - 1 : ~0ull;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct fr_covering *a = &fr_vec_at(&plan->query.coverings, w->first + i);
        if (fr_vec_at(&plan->dfs, a->term)) covered |= a->mask;
    }
    return (covered & all) == all;
}

/* Which words are there to look at. */
static uint32_t note_words(const struct fr_plan *plan, uint64_t seen, struct word words[WORDS_MAX])
{
    uint32_t count = fr_plan_words(plan);
    if (count > WORDS_MAX) count = WORDS_MAX;
    for (uint32_t i = 0; i < count; i++) {
        const struct fr_query_word *w = fr_plan_word(plan, i);
        bool quoted = w->phrase && w->begin > 0 && plan->text.data[w->begin - 1] == '"';
        words[i] = (struct word){w->begin - quoted, w->end + quoted, .phrase = quoted};
        words[i].known =
            w->negative || (w->stem_bytes == 0 && !quoted) || w->syllable || (seen >> i & 1);
        words[i].sought = quoted || may_be_there(plan, w);
    }
    return count;
}

/* The word in the other layout, if that one has documents. */
static frai_status other_layout(struct fr_searcher *s, frai_slice word, struct fr_buf *other,
                                bool *found, frai_error *err)
{
    bool (*const ways[])(const char *, size_t, struct fr_buf *) = {fr_keyboard_to_hangul,
                                                                   fr_keyboard_to_latin};
    *found = false;
    for (int i = 0; i < 2 && !*found; i++) {
        fr_buf_clear(other);
        if (ways[i](word.ptr, word.len, other))
            FR_TRY(
                has_documents(s, (frai_slice){(const char *)other->data, other->len}, found, err));
    }
    return FRAI_OK;
}

/* A date or number that no document has as it is: the day of the date, or else its parts. */
static frai_status part_number(struct fr_searcher *s, frai_slice word, struct fr_buf *other,
                               bool *better, frai_error *err)
{
    fr_buf_clear(other);
    *better = false;
    enum fr_spaced_number kind = fr_spacing_number(s, word, false, other);
    if (kind == FR_DATE) {
        frai_slice day = {(const char *)other->data, other->len};
        FR_TRY(has_documents(s, day, better, err));
    }
    if (kind == FR_NO_NUMBER || *better) return FRAI_OK;
    fr_buf_clear(other);
    fr_spacing_number(s, word, true, other);
    *better = true;
    return FRAI_OK;
}

/* The word with spaces, if its pieces are words: all of two, most of more. Lone
 * syllables are words in a sentence only. */
static frai_status split_word(struct fr_searcher *s, frai_slice word, bool loose,
                              struct fr_buf *other, bool *better, frai_error *err)
{
    struct fr_spacing found;
    fr_buf_clear(other);
    *better = false;
    FR_TRY(fr_spacing_split(s, word, loose, other, &found, err));
    uint32_t unknown = found.pieces < 3                    ? 0
                       : found.syllables < FR_SENTENCE_MIN ? found.syllables / 4
                                                           : found.syllables * 2 / 3;
    *better = found.pieces > 1 && found.syllables >= FR_SPACED_MIN && found.unknown <= unknown &&
              (found.lone == 0 || found.syllables >= FR_SENTENCE_MIN);
    if (other->len == word.len && memcmp(other->data, word.ptr, word.len) == 0) *better = false;
    if (!*better) fr_buf_clear(other);
    return FRAI_OK;
}

/* About fr_spacing.syllables, without a look at the index. */
static uint32_t guess_syllables(frai_slice word)
{
    uint32_t size = 0, letters = 0;
    for (size_t i = 0; i < word.len; i++) {
        unsigned char c = (unsigned char)word.ptr[i], small = c | 0x20;
        letters = small >= 'a' && small <= 'z' ? letters + 1 : 0;
        if (letters == 1) size += 2;
        if (c >= 0xC0 || (letters > 4 && letters % 2 == 0)) size++;
    }
    return size;
}

frai_status fr_correct_spacing(struct fr_searcher *s, const struct fr_plan *plan,
                               uint32_t syllables, struct fr_buf *out, frai_error *err)
{
    frai_slice words[SPLIT_MAX], query = fr_plan_text(plan);
    uint32_t count = 0;
    struct fr_buf other;
    frai_status status = FRAI_OK;
    size_t done = 0;
    fr_buf_clear(out);
    fr_buf_init(&other, &s->context.mem);
    for (size_t i = 0; i < fr_plan_words(plan); i++) {
        const struct fr_query_word *w = fr_plan_word(plan, i);
        frai_slice word = {query.ptr + w->begin, w->end - w->begin};
        fr_buf_clear(&other);
        bool date =
            syllables < FR_SENTENCE_MIN && fr_spacing_number(s, word, false, &other) == FR_DATE;
        if (w->negative || w->phrase || count == SPLIT_MAX ||
            (!date && guess_syllables(word) < syllables))
            continue;
        if (count == 0 || word.ptr >= words[count - 1].ptr + words[count - 1].len)
            words[count++] = word;
    }
    for (uint32_t i = 0; i < count && status == FRAI_OK; i++) {
        bool loose = syllables < FR_SENTENCE_MIN, better;
        fr_buf_clear(&other);
        better = loose && fr_spacing_number(s, words[i], false, &other) == FR_DATE;
        if (!better) status = split_word(s, words[i], loose, &other, &better, err);
        if (!better || status != FRAI_OK) continue;
        fr_buf_put(out, query.ptr + done, (size_t)(words[i].ptr - query.ptr) - done);
        fr_buf_put(out, other.data, other.len);
        done = (size_t)(words[i].ptr - query.ptr) + words[i].len;
    }
    if (out->len) fr_buf_put(out, query.ptr + done, query.len - done);
    if (other.failed || out->failed) status = fr_fail_memory(err, "searching");
    fr_buf_deinit(&other);
    return status;
}

/* Appends the inside of quotes as words: what would exclude there without them does not. */
static void put_unquoted(frai_slice phrase, struct fr_buf *out)
{
    for (size_t i = 1; i + 1 < phrase.len; i++) {
        bool starts = i == 1 || (unsigned char)phrase.ptr[i - 1] <= ' ';
        fr_buf_u8(out, starts && phrase.ptr[i] == '-' ? ' ' : (uint8_t)phrase.ptr[i]);
    }
}

/* A phrase that no document has, as its words, if some document has all of them. */
static frai_status unquote(struct fr_searcher *s, frai_slice phrase, struct fr_buf *other,
                           bool *better, frai_error *err)
{
    fr_buf_clear(other);
    *better = false;
    put_unquoted(phrase, other);
    frai_slice words = {(const char *)other->data, other->len};
    bool several = other->len > 0 && memchr(words.ptr, ' ', words.len);
    return several ? has_documents(s, words, better, err) : FRAI_OK;
}

/* What one word may have meant, into `other`; `mended`: by a slip of a finger. */
static frai_status correct_word(struct fr_searcher *s, frai_slice word, struct fr_correction *out,
                                struct fr_buf *other, bool *better, bool *mended, frai_error *err)
{
    FR_TRY(other_layout(s, word, other, better, err));
    if (!*better) FR_TRY(part_number(s, word, other, better, err));
    if (*better) return FRAI_OK;
    fr_buf_clear(other);
    FR_TRY(fr_fuzzy_begun(&s->context, word, other, err));
    *better = other->len > 0;
    if (*better) return FRAI_OK;
    FR_TRY(fr_fuzzy_nearest(&s->context, word, other, err));
    *mended = other->len > 0;
    if (*mended || out->effort++ >= SPLIT_MAX) return FRAI_OK;
    return split_word(s, word, true, other, better, err);
}

/* On one line, in two columns. */
static void put_column(struct fr_buf *out, frai_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = (uint8_t)text.ptr[i];
        fr_buf_u8(out, byte < ' ' ? ' ' : byte);
    }
}

void fr_put_replaced(struct fr_buf *out, frai_slice word, frai_slice instead)
{
    if (out->len) fr_buf_u8(out, '\n');
    put_column(out, word);
    fr_buf_u8(out, '\t');
    put_column(out, instead);
}

/* What the query becomes: as it is searched, as it is shown, and as it may have been meant. */
static void put_all(struct fr_correction *out, const char *text, size_t len)
{
    fr_buf_put(&out->text, text, len);
    fr_buf_put(out->rewritten, text, len);
    fr_buf_put(out->suggestion, text, len);
}

/* One word that no hit has, `word` of the query. *suggests: a slip is suggested. */
static frai_status replace_word(struct fr_searcher *s, frai_slice word, bool phrase, bool fuzzy,
                                struct fr_correction *out, struct fr_buf *other, bool *suggests,
                                frai_error *err)
{
    bool better = false, mended = false;
    fr_buf_clear(other);
    if (phrase) {
        if (out->effort++ < SPLIT_MAX) FR_TRY(unquote(s, word, other, &better, err));
    } else if (fr_initials_are(word) && out->initials < FR_INITIALS_WORDS) {
        FR_TRY(other_layout(s, word, other, &better, err));
        if (!better) {
            fr_buf_clear(other);
            FR_TRY(fr_initials_best(&s->context, word, other, err));
            out->initials_at[out->initials++] = (uint32_t)out->text.len;
            frai_slice shown = {(const char *)other->data, other->len};
            if (shown.len == 0)
                shown = word;
            else
                fr_put_replaced(out->replaced, word, shown);
            out->changed = true;
            fr_buf_put(&out->text, word.ptr, word.len);
            fr_buf_put(out->rewritten, shown.ptr, shown.len);
            fr_buf_put(out->suggestion, shown.ptr, shown.len);
            return FRAI_OK;
        }
    } else {
        FR_TRY(correct_word(s, word, out, other, &better, &mended, err));
    }
    frai_slice instead =
        better || mended ? (frai_slice){(const char *)other->data, other->len} : word;
    bool shown_only = mended && !fuzzy;
    *suggests |= shown_only;
    if (better || (mended && fuzzy)) {
        out->changed = true;
        fr_put_replaced(out->replaced, word, instead);
    }
    fr_buf_put(out->suggestion, instead.ptr, instead.len);
    if (shown_only) instead = word;
    fr_buf_put(&out->text, instead.ptr, instead.len);
    fr_buf_put(out->rewritten, instead.ptr, instead.len);
    return FRAI_OK;
}

static frai_status correct_words(struct fr_searcher *s, const struct fr_plan *plan, bool fuzzy,
                                 struct fr_correction *out, struct fr_buf *other, frai_error *err)
{
    struct word words[WORDS_MAX];
    frai_slice query = fr_plan_text(plan);
    uint32_t count = note_words(plan, out->seen, words), at = 0;
    bool suggests = false;
    for (uint32_t i = 0; i < count; i++) {
        frai_slice word = {query.ptr + words[i].begin, words[i].end - words[i].begin};
        bool known = words[i].known || words[i].begin < at; /* a word may have parts */
        if (!known && words[i].sought) FR_TRY(has_documents(s, word, &known, err));
        if (known) continue;
        FR_TRY(fr_interrupt_check(&s->context.interrupt, err));
        put_all(out, query.ptr + at, words[i].begin - at);
        FR_TRY(replace_word(s, word, words[i].phrase, fuzzy, out, other, &suggests, err));
        at = words[i].end;
    }
    put_all(out, query.ptr + at, query.len - at);
    bool failed = other->failed || out->rewritten->failed || out->suggestion->failed ||
                  out->replaced->failed || out->text.failed;
    if (failed) return fr_fail_memory(err, "searching");
    if (!suggests) fr_buf_clear(out->suggestion);
    bool same =
        out->rewritten->len == query.len && memcmp(out->rewritten->data, query.ptr, query.len) == 0;
    if (!out->changed || same) {
        fr_buf_clear(out->rewritten);
        fr_buf_clear(out->replaced);
    }
    return FRAI_OK;
}

frai_status fr_correct(struct fr_searcher *s, const struct fr_plan *plan, bool fuzzy,
                       struct fr_correction *out, frai_error *err)
{
    struct fr_buf other;
    out->changed = false;
    out->initials = out->effort = 0;
    fr_buf_clear(out->rewritten);
    fr_buf_clear(out->suggestion);
    fr_buf_clear(out->replaced);
    fr_buf_init(&out->text, &s->context.mem);
    fr_buf_init(&other, &s->context.mem);
    frai_status status = correct_words(s, plan, fuzzy, out, &other, err);
    fr_buf_deinit(&other);
    return status;
}
