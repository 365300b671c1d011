/* Strings go end to end into analyzer->stem_bytes, each with its place in analyzer->stems. */
#include "text/lexicon_words.h"

#include "text/names.h"
#include "text/particle.h"
#include "text/utf8.h"

static void put_characters(struct fr_buf *out, const struct fr_folded *cps, size_t from, size_t to)
{
    for (; from < to; from++) {
        char utf8[4];
        fr_buf_put(out, utf8, fr_utf8_put(utf8, cps[from].cp));
    }
}

/* What was put into the stems' bytes from `begin` on is one of them. */
static void end_stem(struct fr_analyzer *a, size_t begin)
{
    fr_vec_push(&a->stems, (uint32_t)begin, (uint32_t)(a->stem_bytes.len - begin));
}

void fr_lexicon_put_stem(struct fr_analyzer *a, const struct fr_folded *cps, size_t from, size_t to)
{
    uint32_t word[FR_LEXICON_MAX_SYLLABLES];
    size_t n = to - from;
    if (n < 2 || n > FR_LEXICON_MAX_SYLLABLES) return;
    for (size_t i = 0; i < n; i++) word[i] = cps[from + i].cp;
    size_t stem = fr_particle_stem(word, n);
    int noun = fr_particle_of_noun(word + stem, n - stem);
    for (int marked = 0; marked <= noun; marked++) {
        size_t begin = a->stem_bytes.len;
        put_characters(&a->stem_bytes, cps, from, from + stem);
        if (marked) fr_buf_u8(&a->stem_bytes, FR_NOUN_MARK);
        end_stem(a, begin);
    }
}

/* Words [first, end) of a name. */
struct name_part {
    const struct fr_name_words *words;
    size_t first, end;
};

/* Into the stems' bytes; Latin words keep a space between. */
static void put_name_part(struct fr_analyzer *a, const struct fr_folded *cps, struct name_part part,
                          bool spaced)
{
    for (size_t i = part.first; i < part.end; i++) {
        if (spaced && i > part.first) fr_buf_u8(&a->stem_bytes, ' ');
        put_characters(&a->stem_bytes, cps, part.words->begin[i], part.words->end[i]);
    }
}

/* Two strings for the lexicon, one for each direction. */
static void put_name(struct fr_analyzer *a, const struct fr_folded *cps, struct name_part hangul,
                     struct name_part latin)
{
    for (int turn = 0; turn < 2; turn++) {
        size_t begin = a->stem_bytes.len;
        for (int side = 0; side < 2; side++) {
            if (side) fr_buf_u8(&a->stem_bytes, FR_NAME_SEPARATOR);
            if (side == turn)
                put_name_part(a, cps, hangul, false);
            else
                put_name_part(a, cps, latin, true);
        }
        end_stem(a, begin);
        a->names++;
    }
}

void fr_lexicon_put_names(struct fr_analyzer *a, const struct fr_folded *cps, size_t open,
                          size_t count)
{
    struct fr_name_words hangul, latin;
    if (!fr_names_read(cps, open, count, &hangul, &latin)) return;
    size_t n = latin.count, skip = hangul.count - n, alike = 0;
    if (n > 1 && n <= hangul.count) {
        for (size_t i = 0; i < n; i++)
            alike += fr_names_sound_alike(cps + hangul.begin[skip + i],
                                          hangul.end[skip + i] - hangul.begin[skip + i],
                                          cps + latin.begin[i], latin.end[i] - latin.begin[i]);
        if (alike == n) {
            for (size_t i = 0; i < n; i++)
                for (size_t k = i + 1; k <= n; k++)
                    if (k - i > 1 || hangul.end[skip + i] - hangul.begin[skip + i] > 1)
                        put_name(a, cps, (struct name_part){&hangul, skip + i, skip + k},
                                 (struct name_part){&latin, i, k});
            return;
        }
    }
    size_t last = hangul.count - 1;
    size_t syllables = hangul.end[last] - hangul.begin[last];
    if (syllables > 1 &&
        fr_names_sound_alike(cps + hangul.begin[last], syllables, cps + latin.begin[0],
                             latin.end[n - 1] - latin.begin[0]))
        put_name(a, cps, (struct name_part){&hangul, last, last + 1},
                 (struct name_part){&latin, 0, n});
}
