/* Words typed without the spaces between them. The cheapest way to cut a word is found over its
 * syllables (Viterbi, 1967): a piece that the lexicon has, its particle left out, costs what it
 * says by itself, -ln of its share of the documents; a piece that it lacks costs more than the
 * rarest word for every syllable. */
#include <math.h>

#include "query/correct.h"
#include "text/charclass.h"
#include "text/particle.h"
#include "text/utf8.h"

#define SYLLABLES_MAX 60u
#define PIECE_MAX     10u  /* syllables */
#define LONE_COST     3.0f /* of a piece of one syllable, besides */
#define UNKNOWN_COST  4.0f /* of an unknown syllable, besides */
#define PIECE_COST    1.0f

struct cut {
    float cost;
    uint32_t from; /* where the last piece begins */
    bool known;
};

/* pairs[i]: some document has syllables i and i + 1 of the piece side by side; without that it is
 * not looked up. */
static frai_status piece_cost(struct fr_searcher *s, const uint32_t *cps, const char *text,
                              const bool *pairs, uint32_t n, float *cost, bool *known,
                              frai_error *err)
{
    uint64_t docs = 0;
    float rarest = logf((float)s->snapshot->texts + 1);
    size_t stem = n, joined = 1;
    while (joined < n && pairs[joined - 1]) joined++;
    if (joined == n && n > 2) stem = fr_particle_stem(cps, n);
    if (joined == n) FR_TRY(fr_searcher_known(s, (frai_slice){text, 3ull * stem}, &docs, err));
    if (docs == 0 && stem < n && joined == n)
        FR_TRY(fr_searcher_known(s, (frai_slice){text, 3ull * n}, &docs, err));
    *known = docs > 0;
    if (docs > s->snapshot->texts) docs = s->snapshot->texts;
    *cost = docs ? PIECE_COST + rarest - logf((float)docs)
                 : PIECE_COST + (float)n * (rarest + UNKNOWN_COST);
    if (n == 1) *cost += LONE_COST;
    return FRAI_OK;
}

/* Cuts a run of n syllables; appends its pieces, a space between, to out. */
static frai_status split_run(struct fr_searcher *s, const uint32_t *cps, const char *text,
                             uint32_t n, struct fr_buf *out, struct fr_spacing *found,
                             frai_error *err)
{
    struct cut best[SYLLABLES_MAX + 1];
    bool pairs[SYLLABLES_MAX] = {false};
    for (uint32_t i = 0; i + 1 < n; i++)
        FR_TRY(fr_searcher_has_pair(s, cps[i], cps[i + 1], &pairs[i], err));
    best[0] = (struct cut){0, 0, true};
    for (uint32_t end = 1; end <= n; end++) {
        best[end].cost = INFINITY;
        for (uint32_t len = 1; len <= end && len <= PIECE_MAX; len++) {
            uint32_t from = end - len;
            float cost;
            bool known;
            FR_TRY(piece_cost(s, cps + from, text + 3ull * from, pairs + from, len, &cost, &known,
                              err));
            if (best[from].cost + cost < best[end].cost)
                best[end] = (struct cut){best[from].cost + cost, from, known};
        }
    }
    uint32_t ends[SYLLABLES_MAX], count = 0;
    for (uint32_t end = n; end > 0; end = best[end].from) ends[count++] = end;
    for (uint32_t from = 0; count-- > 0; from = ends[count]) {
        if (out->len) fr_buf_u8(out, ' ');
        fr_buf_put(out, text + 3ull * from, 3ull * (ends[count] - from));
        found->pieces++;
        found->lone += ends[count] - from == 1;
        if (!best[ends[count]].known) found->unknown += ends[count] - from;
    }
    return FRAI_OK;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* SQLServerBroker → SQL Server Broker: what was typed in capitals begins a word. */
static void split_letters(frai_slice run, struct fr_buf *out, struct fr_spacing *found)
{
    for (size_t i = 0, begin = 0; i < run.len; i++) {
        bool last = i + 1 == run.len;
        bool cuts = !last && ((is_lower(run.ptr[i]) && is_upper(run.ptr[i + 1])) ||
                              (i + 2 < run.len && is_upper(run.ptr[i]) &&
                               is_upper(run.ptr[i + 1]) && is_lower(run.ptr[i + 2])));
        if (!cuts && !last) continue;
        if (out->len) fr_buf_u8(out, ' ');
        fr_buf_put(out, run.ptr + begin, i + 1 - begin);
        found->pieces++;
        bool letters = is_upper(run.ptr[begin]) || is_lower(run.ptr[begin]);
        found->syllables += letters && i > begin ? 2 : 0; /* a word, roughly; a number is none */
        begin = i + 1;
    }
}

frai_status fr_spacing_split(struct fr_searcher *s, frai_slice word, struct fr_buf *out,
                             struct fr_spacing *found, frai_error *err)
{
    uint32_t cps[SYLLABLES_MAX];
    *found = (struct fr_spacing){0, 0, 0, 0};
    for (size_t at = 0; at < word.len;) {
        size_t begin = at, next = at;
        uint32_t n = 0, cp = fr_utf8_next(word.ptr, word.len, &next);
        bool hangul = fr_charclass_of(cp) == FR_CHAR_HANGUL;
        while (at < word.len && n < SYLLABLES_MAX) {
            next = at;
            cp = fr_utf8_next(word.ptr, word.len, &next);
            if ((fr_charclass_of(cp) == FR_CHAR_HANGUL) != hangul) break;
            cps[n++] = cp;
            at = next;
        }
        if (hangul) {
            found->syllables += n;
            FR_TRY(split_run(s, cps, word.ptr + begin, n, out, found, err));
        } else {
            split_letters((frai_slice){word.ptr + begin, at - begin}, out, found);
        }
    }
    return out->failed ? fr_search_memory(err) : FRAI_OK;
}
