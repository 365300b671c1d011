/* The allocator of a searcher stands between its buffers and the caller's allocator: it adds up
 * what is held, refuses what goes above the limit, and ends the call when there is no more memory.
 * Lookups ask the segments one after the other. */
#include "query/context.h"

#include "segment/deletes.h"
#include "segment/dictionary.h"
#include "segment/lexicon.h"
#include "text/charclass.h"
#include "text/stem.h"
#include "text/utf8.h"

/* A lookup in the lexicon of a segment reads several strings. */
#define LEXICON_WORK (8 * FR_WORK_LOOKUP)

static void *watched_resize(void *watching, void *old, size_t old_bytes, size_t new_bytes)
{
    struct fr_context *ctx = watching;
    uint64_t held = ctx->held - (old ? old_bytes : 0) + new_bytes;
    if (ctx->held_most && held > ctx->held_most && held > ctx->held) ctx->refused = true;
    void *resized = NULL;
    if (!ctx->refused || new_bytes == 0)
        resized = fr_resize(ctx->snapshot->mem, old, old_bytes, new_bytes);
    if (resized || new_bytes == 0)
        ctx->held = held;
    else
        fr_interrupt_memory(&ctx->interrupt);
    return resized;
}

frai_status fr_context_memory(const struct fr_context *ctx, frai_error *err)
{
    if (!ctx->refused) return fr_fail_memory(err, "searching");
    return fr_fail(err, FRAI_ERR_MEMORY, "a searcher may hold %llu bytes, and this needs more",
                   (unsigned long long)ctx->held_most);
}

static bool is_interrupted(void *interrupt)
{
    return fr_interrupted(interrupt);
}

frai_status fr_context_init(struct fr_context *ctx, const struct fr_snapshot *snapshot,
                            frai_error *err)
{
    *ctx = (struct fr_context){.snapshot = snapshot, .mem = {watched_resize, ctx}};
    fr_interrupt_arm(&ctx->interrupt, NULL, NULL, 0);
    const frai_allocator *mem = &ctx->mem;
    ctx->stemmer = fr_stemmer_create();
    if (!ctx->stemmer) return fr_fail_memory(err, "searching");
    fr_analyzer_init(&ctx->analyzer, (enum fr_analyzer_kind)snapshot->manifest.settings.analyzer,
                     mem);
    ctx->analyzer.stop = (struct fr_stop){is_interrupted, &ctx->interrupt};
    fr_synonyms_init(&ctx->synonyms, mem);
    fr_boilerplate_init(&ctx->lines, mem);
    fr_buf_init(&ctx->ordinals.buf, mem);
    return FRAI_OK;
}

void fr_context_deinit(struct fr_context *ctx)
{
    fr_stemmer_destroy(ctx->stemmer);
    fr_analyzer_deinit(&ctx->analyzer);
    fr_synonyms_deinit(&ctx->synonyms);
    fr_boilerplate_deinit(&ctx->lines);
    fr_buf_deinit(&ctx->ordinals.buf);
}

/* Living documents of a segment that have the pair; UINT32_MAX where some have it and none was
 * deleted. */
static frai_status pair_df(const struct fr_segment *seg, uint32_t first, uint32_t second,
                           uint32_t *df, frai_error *err)
{
    struct fr_postings postings;
    uint32_t ordinal;
    *df = 0;
    FR_TRY(fr_dictionary_pair(seg, fr_pair_key(first, second), &ordinal, err));
    if (ordinal == FR_NO_TERM) return FRAI_OK;
    *df = UINT32_MAX;
    if (!seg->deletes.dead) return FRAI_OK;
    FR_TRY(fr_postings_open(seg, ordinal, &postings, err));
    *df = fr_living_df(&postings, ordinal);
    return FRAI_OK;
}

frai_status fr_context_living_docs(const struct fr_segment *seg, frai_slice stem, uint64_t *docs,
                                   frai_error *err)
{
    uint32_t before = 0, df;
    for (size_t at = 0; seg->deletes.dead && *docs && at < stem.len;) {
        uint32_t cp = fr_utf8_next(stem.ptr, stem.len, &at);
        bool hangul = fr_charclass_of(cp) == FR_CHAR_HANGUL;
        if (hangul && before) {
            FR_TRY(pair_df(seg, before, cp, &df, err));
            if (df < *docs) *docs = df;
        }
        before = hangul ? cp : 0;
    }
    return FRAI_OK;
}

frai_status fr_context_has_pair(struct fr_context *ctx, uint32_t first, uint32_t second,
                                bool *found, frai_error *err)
{
    *found = false;
    for (uint32_t g = 0; g < ctx->snapshot->segment_count && !*found; g++) {
        uint32_t df;
        FR_TRY(pair_df(&ctx->snapshot->segments[g], first, second, &df, err));
        fr_work(&ctx->interrupt, FR_WORK_LOOKUP);
        *found = df > 0;
    }
    return FRAI_OK;
}

frai_status fr_context_lexicon_df(struct fr_context *ctx, frai_slice stem, uint64_t *docs,
                                  frai_error *err)
{
    struct fr_buf scratch;
    frai_status status = FRAI_OK;
    *docs = 0;
    fr_buf_init(&scratch, &ctx->mem);
    for (uint32_t g = 0; g < ctx->snapshot->segment_count && status == FRAI_OK; g++) {
        const struct fr_segment *seg = &ctx->snapshot->segments[g];
        uint64_t part = 0;
        fr_work(&ctx->interrupt, LEXICON_WORK);
        if (seg->stats.lexicon_words) status = fr_lexicon_docs(seg, stem, &scratch, &part, err);
        if (status == FRAI_OK) status = fr_context_living_docs(seg, stem, &part, err);
        *docs += part;
    }
    fr_buf_deinit(&scratch);
    return status;
}

frai_status fr_context_stem_docs(const struct fr_context *ctx, frai_slice stem,
                                 struct fr_stem_docs *docs, frai_error *err)
{
    struct fr_buf scratch;
    frai_status status = FRAI_OK;
    *docs = (struct fr_stem_docs){0, 0};
    fr_buf_init(&scratch, &ctx->mem);
    for (uint32_t g = 0; g < ctx->snapshot->segment_count && status == FRAI_OK; g++)
        status = fr_lexicon_stem(&ctx->snapshot->segments[g], stem, &scratch, docs, err);
    fr_buf_deinit(&scratch);
    return status;
}

frai_status fr_context_first_df(const struct fr_context *ctx, uint16_t first, uint64_t *df,
                                frai_error *err)
{
    *df = 0;
    for (uint32_t g = 0; g < ctx->snapshot->segment_count; g++) {
        const struct fr_segment *seg = &ctx->snapshot->segments[g];
        uint32_t part;
        FR_TRY(fr_dictionary_first_df(seg, first, &part, err));
        uint32_t lost = fr_deletes_of_first(seg, first);
        *df += lost < part ? part - lost : 0;
    }
    return FRAI_OK;
}
