/* The word's first documents are walked by its last pair, and beside each mention is looked for the
 * pair of its last syllable and a particle; a lone syllable with its particle is in the lexicon. */
#include "query/nounhood.h"

#include "query/cursor.h"
#include "segment/dictionary.h"
#include "segment/documents.h"
#include "text/hangul.h"

#define DOCS_LOOKED_AT 64u
#define SHARE          32u /* a noun has a particle in one of so many mentions, or more often */
#define PARTICLES      3u

/* Not 가 or 이: 살다가, 걸어가고 and 젊은이 are written as well. */
static const wchar_t *particles_behind(uint32_t syllable)
{
    return fr_is_syllable(syllable) && fr_syllable_split(syllable).final ? L"을에의" : L"를에의";
}

/* Puts the cursor on the pair's first document; exists: false if the segment has none. */
static frai_status open_pair(const struct fr_segment *seg, uint32_t first, uint32_t second,
                             struct fr_damage *damage, struct fr_cursor *c, frai_error *err)
{
    struct fr_postings postings = {.df = 0};
    uint32_t ordinal;
    FR_TRY(fr_dictionary_pair(seg, fr_pair_key(first, second), &ordinal, err));
    if (ordinal != FR_NO_TERM) FR_TRY(fr_postings_open(seg, ordinal, &postings, err));
    fr_cursor_open(&postings, 1, 0, damage, c);
    if (c->exists) fr_cursor_rewind(c);
    return FRAI_OK;
}

/* Is the pair `beside` in the document, `step` positions from a mention of the word's last pair? */
static bool stands_beside(struct fr_cursor *beside, uint32_t doc,
                          const struct fr_position_list *mentions, uint32_t step)
{
    struct fr_position_list positions;
    if (!fr_cursor_has(beside, doc) || !fr_cursor_position_list(beside, &positions)) return false;
    for (uint32_t i = 0, k = 0; i < mentions->count; i++) {
        uint32_t wanted = fr_position_at(mentions, i) + step;
        while (k < positions.count && fr_position_at(&positions, k) < wanted) k++;
        if (k < positions.count && fr_position_at(&positions, k) == wanted) return true;
    }
    return false;
}

/* How often the word is there, in documents, and how often with a particle. */
struct mentions {
    uint32_t docs, followed;
};

/* To the first document that both have, from the current one on; false if there is none. */
static bool go_to_common(struct fr_cursor *pair, struct fr_cursor *before)
{
    while (pair->doc != FR_END) {
        fr_cursor_seek(before, pair->doc);
        if (before->doc == FR_END) return false;
        if (before->doc == pair->doc) return true;
        fr_cursor_seek(pair, before->doc);
    }
    return false;
}

static frai_status count_in(struct fr_context *ctx, const struct fr_segment *seg,
                            const struct fr_syllables *word, struct mentions *found,
                            frai_error *err)
{
    uint32_t last = word->at[word->count - 1];
    const wchar_t *particles = particles_behind(last);
    struct fr_cursor pair, before, next[PARTICLES];
    struct fr_position_list at;
    struct fr_damage damage = {.met = false};
    bool longer = word->count > 2;
    uint32_t looked_at = 0;
    FR_TRY(fr_live_check(seg, err));
    FR_TRY(open_pair(seg, word->at[word->count - 2], last, &damage, &pair, err));
    if (!pair.exists) return FRAI_OK;
    if (longer) {
        FR_TRY(open_pair(seg, word->at[word->count - 3], word->at[word->count - 2], &damage,
                         &before, err));
        if (!before.exists) return FRAI_OK;
    }
    for (unsigned p = 0; p < PARTICLES; p++)
        FR_TRY(open_pair(seg, last, (uint32_t)particles[p], &damage, &next[p], err));
    for (; found->docs < DOCS_LOOKED_AT; fr_cursor_next(&pair)) {
        bool noun = false;
        if (longer ? !go_to_common(&pair, &before) : pair.doc == FR_END) break;
        fr_work(&ctx->interrupt, (2 + PARTICLES) * FR_WORK_SEEK);
        if (++looked_at % 64 == 0) FR_TRY(fr_interrupt_check(&ctx->interrupt, err));
        if (!fr_document_is_live(seg, pair.doc)) continue;
        if (!fr_cursor_position_list(&pair, &at)) break;
        if (longer && !stands_beside(&before, pair.doc, &at, UINT32_MAX)) continue;
        for (unsigned p = 0; p < PARTICLES && !noun; p++)
            noun = stands_beside(&next[p], pair.doc, &at, 1);
        found->docs++;
        found->followed += noun;
    }
    if (damage.met) return fr_segment_damaged(seg, fr_section_name(damage.section), err);
    return FRAI_OK;
}

/* A lone syllable and its particle are a word of the lexicon. */
static frai_status lone_is_noun(struct fr_context *ctx, uint32_t syllable, bool *noun,
                                frai_error *err)
{
    const wchar_t *particles = particles_behind(syllable);
    unsigned found = 0;
    for (unsigned p = 0; p < PARTICLES; p++) {
        char text[8];
        uint64_t docs;
        size_t len = fr_pair_text(fr_pair_key(syllable, (uint32_t)particles[p]), text);
        FR_TRY(fr_context_lexicon_df(ctx, (frai_slice){text, len}, &docs, err));
        found += docs > 0;
    }
    *noun = found > 1;
    return FRAI_OK;
}

frai_status fr_nounhood(struct fr_context *ctx, const struct fr_syllables *word, bool *noun,
                        frai_error *err)
{
    struct mentions found = {0, 0};
    *noun = false;
    if (word->count == 1) return lone_is_noun(ctx, word->at[0], noun, err);
    for (uint32_t g = 0; g < ctx->snapshot->segment_count && found.docs < DOCS_LOOKED_AT; g++)
        FR_TRY(count_in(ctx, &ctx->snapshot->segments[g], word, &found, err));
    *noun = found.followed * SHARE >= found.docs && found.followed > 0;
    return FRAI_OK;
}
