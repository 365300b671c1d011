/* A slip of a finger in a Korean word: one keystroke too many, too few, wrong, or two in the wrong
 * order. A word is its keystrokes on the 두벌식 layout; each string one slip away is composed again
 * and looked up, pairs of syllables first, since most strings have one that no document has. */
#include "query/fuzzy.h"

#include "base/interner.h"
#include "segment/lexicon.h"
#include "text/charclass.h"
#include "text/keyboard.h"
#include "text/particle.h"
#include "text/utf8.h"

#define SYLLABLES_MIN 2u
#define SYLLABLES_MAX 16u
#define SHORT_WORD    4u /* up to here one slip, above two */
#define KEYS_MAX      64u
#define PREFIX_READ   64u /* words of the lexicon that begin as the first half does */

static const char keys[] = "abcdefghijklmnopqrstuvwxyzQWERTOP";

struct nearest {
    struct fr_context *ctx;
    struct fr_buf *out;     /* the best so far */
    struct fr_buf composed; /* a string one slip away */
    struct fr_buf string;
    char typed[KEYS_MAX];
    size_t typed_len;
    unsigned distance; /* of the best */
    bool half_typed;   /* words are sought of which the typed keys are the beginning */
    uint64_t docs;
    frai_error *err;
};

/* Edit distance with swaps of neighbours (Damerau, 1964), not above `most` + 1. */
static unsigned key_distance(const char *a, size_t n, const char *b, size_t m, unsigned most)
{
    unsigned rows[3][KEYS_MAX + 1];
    if (n > m + most || m > n + most) return most + 1;
    for (size_t k = 0; k <= m; k++) rows[0][k] = (unsigned)k;
    for (size_t i = 1; i <= n; i++) {
        unsigned *now = rows[i % 3], *last = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];
        now[0] = (unsigned)i;
        unsigned least = now[0];
        for (size_t k = 1; k <= m; k++) {
            unsigned best = last[k - 1] + (a[i - 1] != b[k - 1]);
            if (last[k] + 1 < best) best = last[k] + 1;
            if (now[k - 1] + 1 < best) best = now[k - 1] + 1;
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] &&
                older[k - 2] + 1 < best)
                best = older[k - 2] + 1;
            now[k] = best;
            if (best < least) least = best;
        }
        if (least > most) return most + 1;
    }
    return rows[n % 3][m];
}

static size_t read_syllables(frai_slice word, uint32_t out[SYLLABLES_MAX])
{
    size_t n = 0;
    for (size_t at = 0; at < word.len;) {
        uint32_t cp = fr_utf8_next(word.ptr, word.len, &at);
        if (n == SYLLABLES_MAX || fr_charclass_of(cp) != FR_CHAR_HANGUL) return 0;
        out[n++] = cp;
    }
    return n;
}

static void keep_better(struct nearest *f, frai_slice word, unsigned distance, uint64_t docs)
{
    if (docs == 0 || distance > f->distance || (distance == f->distance && docs <= f->docs)) return;
    f->distance = distance;
    f->docs = docs;
    fr_buf_clear(f->out);
    fr_buf_put(f->out, word.ptr, word.len);
}

static frai_status pairs_exist(struct nearest *f, const uint32_t *cps, size_t n, bool *found)
{
    *found = true;
    for (size_t i = 0; i + 1 < n && *found; i++)
        FR_TRY(fr_context_has_pair(f->ctx, cps[i], cps[i + 1], found, f->err));
    return FRAI_OK;
}

/* f->composed is a word one slip away from the typed one. */
static frai_status look_up(struct nearest *f)
{
    uint32_t cps[SYLLABLES_MAX];
    frai_slice word = {(const char *)f->composed.data, f->composed.len};
    size_t n = read_syllables(word, cps), stem = n ? fr_particle_stem(cps, n) : 0;
    bool found;
    uint64_t docs;
    if (n < SYLLABLES_MIN) return FRAI_OK;
    FR_TRY(pairs_exist(f, cps, stem, &found));
    if (!found) return FRAI_OK;
    FR_TRY(fr_context_lexicon_df(f->ctx, (frai_slice){word.ptr, stem * 3}, &docs, f->err));
    keep_better(f, word, 1, docs);
    return FRAI_OK;
}

/* Keys that are missing at the end, 2 for 2 and more; 0: others are typed. One missing key is a
 * slip like others. */
static unsigned beyond(const struct nearest *f, const struct fr_buf *keys_of_word)
{
    bool begins = keys_of_word->len >= f->typed_len + 2 &&
                  memcmp(keys_of_word->data, f->typed, f->typed_len) == 0;
    return begins ? 2 : 0;
}

/* f->composed may be how a word begins: the words of the lexicon that do, within two slips. */
static frai_status look_up_prefix(struct nearest *f)
{
    uint32_t cps[SYLLABLES_MAX], number;
    frai_slice prefix = {(const char *)f->composed.data, f->composed.len};
    size_t n = read_syllables(prefix, cps);
    bool found;
    struct fr_buf typed;
    FR_TRY(pairs_exist(f, cps, n, &found));
    if (n < SYLLABLES_MIN || !found) return FRAI_OK;
    frai_status status = FRAI_OK;
    fr_buf_init(&typed, &f->ctx->mem);
    for (uint32_t g = 0; g < f->ctx->snapshot->segment_count && status == FRAI_OK; g++) {
        const struct fr_segment *seg = &f->ctx->snapshot->segments[g];
        if (seg->stats.lexicon_words == 0) continue;
        status = fr_lexicon_seek(seg, prefix, &number, f->err);
        for (uint32_t r = 0; r < PREFIX_READ && number < seg->stats.lexicon_words; r++, number++) {
            uint64_t docs;
            if (status != FRAI_OK) break;
            status = fr_lexicon_read(seg, number, &f->string, &docs, f->err);
            if (status != FRAI_OK || f->string.len < prefix.len ||
                memcmp(f->string.data, prefix.ptr, prefix.len) != 0)
                break;
            if (fr_lexicon_is_marked(&f->string)) {
                r--;
                continue;
            }
            fr_buf_clear(&typed);
            frai_slice word = {(const char *)f->string.data, f->string.len};
            if (!fr_keyboard_to_latin(word.ptr, word.len, &typed) || typed.len > KEYS_MAX) continue;
            status = fr_context_living_docs(seg, word, &docs, f->err);
            unsigned distance =
                f->half_typed
                    ? beyond(f, &typed)
                    : key_distance(f->typed, f->typed_len, (const char *)typed.data, typed.len, 2);
            if (distance > 0 && distance <= 2) keep_better(f, word, distance, docs);
        }
    }
    fr_buf_deinit(&typed);
    return status;
}

/* Calls `visit` with f->composed for every string of keys one slip away that makes syllables. */
static frai_status each_slip(struct nearest *f, const char *typed, size_t n,
                             frai_status (*visit)(struct nearest *))
{
    char slip[KEYS_MAX + 1];
    enum { WRONG, EXTRA, MISSING, SWAPPED, KINDS };
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t at = 0; at < n + (kind == MISSING); at++) {
            size_t choices = kind == WRONG || kind == MISSING ? sizeof keys - 1 : 1;
            for (size_t c = 0; c < choices; c++) {
                size_t len = n;
                memcpy(slip, typed, n);
                if (kind == WRONG) {
                    if (slip[at] == keys[c]) continue;
                    slip[at] = keys[c];
                } else if (kind == EXTRA) {
                    memmove(slip + at, slip + at + 1, n - at - 1);
                    len = n - 1;
                } else if (kind == MISSING) {
                    memmove(slip + at + 1, slip + at, n - at);
                    slip[at] = keys[c];
                    len = n + 1;
                } else {
                    if (at + 1 == n || slip[at] == slip[at + 1]) continue;
                    slip[at] = typed[at + 1];
                    slip[at + 1] = typed[at];
                }
                fr_buf_clear(&f->composed);
                FR_TRY(fr_interrupt_check(&f->ctx->interrupt, f->err));
                if (!fr_keyboard_to_hangul(slip, len, &f->composed)) continue;
                FR_TRY(visit(f));
            }
        }
    return FRAI_OK;
}

/* Two slips in a long word: at most one is in one of its halves, mostly. */
static frai_status search_long(struct nearest *f, const char *word, size_t syllables)
{
    struct fr_buf half;
    size_t bytes = (syllables + 1) / 2 * 3;
    frai_status status;
    fr_buf_init(&half, &f->ctx->mem);
    fr_buf_clear(&f->composed);
    fr_buf_put(&f->composed, word, bytes);
    status = look_up_prefix(f);
    if (status == FRAI_OK && fr_keyboard_to_latin(word, bytes, &half) && half.len < KEYS_MAX)
        status = each_slip(f, (const char *)half.data, half.len, look_up_prefix);
    fr_buf_deinit(&half);
    return status;
}

/* Words that the syllables before the last one begin, as the typed keys do. */
static frai_status search_begun(struct nearest *f, frai_slice word)
{
    f->half_typed = true;
    fr_buf_clear(&f->composed);
    fr_buf_put(&f->composed, word.ptr, word.len - 3);
    return look_up_prefix(f);
}

static frai_status search_slips(struct nearest *f, frai_slice word)
{
    uint32_t cps[SYLLABLES_MAX];
    size_t n = read_syllables(word, cps);
    FR_TRY(each_slip(f, f->typed, f->typed_len, look_up));
    bool long_word = n > SHORT_WORD && f->distance > 1;
    return long_word ? search_long(f, word.ptr, fr_particle_stem(cps, n)) : FRAI_OK;
}

static frai_status search(struct fr_context *ctx, frai_slice word, struct fr_buf *out,
                          frai_status (*how)(struct nearest *, frai_slice), frai_error *err)
{
    uint32_t cps[SYLLABLES_MAX];
    size_t n = read_syllables(word, cps);
    struct nearest f = {.ctx = ctx, .out = out, .distance = 3, .err = err};
    frai_status status = FRAI_OK;
    if (n < SYLLABLES_MIN) return FRAI_OK;
    fr_buf_init(&f.composed, &ctx->mem);
    fr_buf_init(&f.string, &ctx->mem);
    if (fr_keyboard_to_latin(word.ptr, word.len, &f.composed) && f.composed.len < KEYS_MAX) {
        f.typed_len = f.composed.len;
        memcpy(f.typed, f.composed.data, f.typed_len);
        status = how(&f, word);
    }
    if (f.composed.failed || f.string.failed || out->failed)
        status = fr_fail_memory(err, "searching");
    fr_buf_deinit(&f.composed);
    fr_buf_deinit(&f.string);
    return status;
}

frai_status fr_fuzzy_nearest(struct fr_context *ctx, frai_slice word, struct fr_buf *out,
                             frai_error *err)
{
    return search(ctx, word, out, search_slips, err);
}

frai_status fr_fuzzy_begun(struct fr_context *ctx, frai_slice word, struct fr_buf *out,
                           frai_error *err)
{
    return search(ctx, word, out, search_begun, err);
}
