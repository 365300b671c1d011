/* Positions tell where in a long text the words of the query stand; the parts of stored text that
 * are there are read, and looked through as if they were all of it. */
#include "query/passage.h"

#include "query/place.h"
#include "query/snippet.h"
#include "segment/field_ends.h"

/* The positions that a text field takes. */
static frai_status extent_of(const struct fr_searcher *s, const struct fr_segment *seg,
                             uint32_t doc, uint32_t field, struct fr_stretch *out, frai_error *err)
{
    uint32_t ends[FR_FIELD_BUILTIN + FR_FIELDS_MAX] = {0}, before = 0,
                                     bounds = seg->stats.text_fields - 1;
    const struct fr_settings *settings = &s->context.snapshot->manifest.settings;
    for (uint32_t i = 0; i < field; i++) before += fr_settings_is_text(settings, i);
    uint32_t count = before < bounds ? before + 1 : bounds;
    *out = (struct fr_stretch){0, UINT32_MAX};
    if (count > sizeof ends / sizeof *ends) return fr_segment_damaged(seg, "field_ends", err);
    FR_TRY(fr_field_ends_read(seg, doc, count, ends, err));
    if (before > 0 && before <= bounds) out->begin = ends[before - 1];
    if (before < bounds) out->end = ends[before];
    return FRAI_OK;
}

static frai_status find_field(struct fr_store_reader *store, const struct fr_stored *stored,
                              uint32_t number, struct fr_stored_field *out, frai_error *err)
{
    for (uint64_t at = 0; at < stored->bytes;) {
        FR_TRY(fr_store_next_field(store, stored, &at, out, err));
        if (out->number == number) return FRAI_OK;
    }
    *out = (struct fr_stored_field){number, 0, 0};
    return FRAI_OK;
}

static frai_status make_of_long(struct fr_searcher *s, const struct fr_place_question *question,
                                struct fr_store_reader *store, const struct fr_stored_field *field,
                                frai_passage *out, frai_error *err)
{
    struct fr_stored_place where = {.field = *field};
    struct fr_stored stored;
    struct fr_stored_text part;
    struct fr_stretch place;
    bool found;
    FR_TRY(fr_place_find(s, question, &found, &place, err));
    where.begin = found ? place.begin : question->within.begin;
    where.end = found ? place.end : where.begin + 1;
    FR_TRY(fr_store_find(store, question->doc, &stored, err));
    FR_TRY(fr_store_read_near(store, &stored, &where, &part, err));
    FR_TRY(fr_snippet_make(s, question->plan, part.text, question->span, out, err));
    out->offset += part.at;
    for (size_t i = 0; i < fr_vec_count(&s->spans); i++) {
        fr_vec_at(&s->spans, i).begin += part.at;
        fr_vec_at(&s->spans, i).end += part.at;
    }
    out->cut_before |= part.at > 0;
    out->cut_after |= part.at + part.text.len < field->bytes;
    return FRAI_OK;
}

frai_status fr_passage_make(struct fr_searcher *s, uint64_t doc, uint32_t field,
                            uint32_t characters, frai_passage *out, frai_error *err)
{
    const struct fr_settings *settings = &s->context.snapshot->manifest.settings;
    const struct fr_plan *plan = fr_searcher_plan_of(s, fr_searcher_hit(s, doc));
    struct fr_store_reader *store;
    struct fr_stored stored;
    frai_slice text;
    uint32_t local;
    FR_TRY(fr_searcher_store(s, doc, &store, &local, err));
    FR_TRY(fr_store_find(store, local, &stored, err));
    if (fr_stored_is_long(&stored) && fr_settings_is_text(settings, field) &&
        characters < FRAI_PASSAGE_WHOLE) {
        struct fr_place_question question = {
            .plan = plan,
            .g = fr_snapshot_segment_of(s->context.snapshot, doc, &local),
            .doc = local,
            .span = characters};
        struct fr_stored_field where;
        FR_TRY(find_field(store, &stored, field, &where, err));
        FR_TRY(extent_of(s, store->seg, local, field, &question.within, err));
        return make_of_long(s, &question, store, &where, out, err);
    }
    FR_TRY(field == FR_FIELD_PATH ? fr_store_read_path(store, local, &text, err)
                                  : fr_store_read_field(store, local, field, &text, err));
    return fr_snippet_make(s, plan, text, characters, out, err);
}
