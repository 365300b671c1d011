/* The public functions of document.h. */
#include "api/handles.h"
#include "api/structs.h"
#include "frai/document.h"
#include "query/passage.h"
#include "query/snippet.h"
#include "segment/documents.h"
#include "segment/record.h"

static bool is_name(frai_slice field, const char *name)
{
    return field.len == strlen(name) && memcmp(field.ptr, name, field.len) == 0;
}

static bool field_number(const struct fr_settings *settings, frai_slice field, uint32_t *number)
{
    if (fr_field_of_name(field, number)) return true;
    for (uint32_t i = 0; i < settings->field_count; i++)
        if (is_name(field, settings->fields[i].name)) {
            *number = FR_FIELD_BUILTIN + i;
            return true;
        }
    return false;
}

static frai_status find_field(const struct fr_searcher *s, frai_slice field, uint32_t *number,
                              frai_error *err)
{
    if (field_number(&s->context.snapshot->manifest.settings, field, number)) return FRAI_OK;
    return fr_fail(err, FRAI_ERR_ARGUMENT, "%.*s: this index has no such field",
                   (int)(field.len < 64 ? field.len : 64), field.ptr);
}

static frai_status read_id(struct fr_searcher *s, uint64_t doc, frai_slice *value, frai_error *err)
{
    FR_TRY(fr_searcher_require(s, doc, err));
    uint32_t local, g = fr_snapshot_segment_of(s->context.snapshot, doc, &local);
    FR_TRY(fr_document_id(&s->context.snapshot->segments[g], local, &s->id, err));
    *value = (frai_slice){(const char *)s->id.data, s->id.len};
    return FRAI_OK;
}

static frai_status read_field(struct fr_searcher *s, uint64_t doc, frai_slice field,
                              frai_slice *value, frai_error *err)
{
    struct fr_store_reader *store;
    uint32_t local, number;
    if (is_name(field, "id")) return read_id(s, doc, value, err);
    FR_TRY(find_field(s, field, &number, err));
    FR_TRY(fr_searcher_store(s, doc, &store, &local, err));
    return number == FR_FIELD_PATH ? fr_store_read_path(store, local, value, err)
                                   : fr_store_read_field(store, local, number, value, err);
}

frai_status frai_searcher_read_field(frai_searcher *s, uint64_t doc, frai_slice field,
                                     frai_slice *value, frai_error *err)
{
    if (value) *value = (frai_slice){"", 0};
    if (!s || !value || !field.ptr)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher, field and value must not be NULL");
    fr_searcher_begin(&s->searcher);
    frai_slice found = {"", 0};
    frai_status status = read_field(&s->searcher, doc, field, &found, err);
    status = fr_searcher_end(&s->searcher, status, err);
    if (status == FRAI_OK) *value = found;
    return status;
}

static frai_status passage_of(struct fr_searcher *s, uint64_t doc, frai_slice field,
                              uint32_t characters, frai_passage *passage, frai_error *err)
{
    frai_slice id = {"", 0};
    uint32_t number;
    if (is_name(field, "id")) {
        FR_TRY(read_id(s, doc, &id, err));
        const struct fr_plan *plan = fr_searcher_plan_of(s, fr_searcher_hit(s, doc));
        return fr_snippet_make(s, plan, id, characters, passage, err);
    }
    FR_TRY(find_field(s, field, &number, err));
    return fr_passage_make(s, doc, number, characters, passage, err);
}

static frai_status make_passage(frai_searcher *s, uint64_t doc, frai_slice field,
                                uint32_t characters, frai_passage *passage, frai_error *err)
{
    *passage = (frai_passage)FRAI_PASSAGE_INIT;
    if (!s || !field.ptr)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher and field must not be NULL");
    fr_searcher_begin(&s->searcher);
    frai_status status = passage_of(&s->searcher, doc, field, characters, passage, err);
    status = fr_searcher_end(&s->searcher, status, err);
    if (status != FRAI_OK) *passage = (frai_passage)FRAI_PASSAGE_INIT;
    return status;
}

frai_status frai_searcher_make_passage(frai_searcher *s, uint64_t doc, frai_slice field,
                                       uint32_t characters, frai_passage *passage, frai_error *err)
{
    frai_passage made;
    if (!passage) return fr_fail(err, FRAI_ERR_ARGUMENT, "passage must not be NULL");
    frai_status status = make_passage(s, doc, field, characters, &made, err);
    fr_give_struct(passage, &made, sizeof made);
    return status;
}

frai_status frai_index_find(const frai_index *index, frai_slice id, uint64_t *doc, frai_error *err)
{
    if (!index || !doc || (!id.ptr && id.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "index, id and doc must not be NULL");
    if (!id.ptr) id.ptr = "";
    for (uint32_t g = index->snapshot.segment_count; g-- > 0;) {
        uint32_t local;
        frai_status status =
            fr_document_find(&index->snapshot.segments[g], id.ptr, id.len, &local, err);
        if (status == FRAI_OK) *doc = index->snapshot.bases[g] + local;
        if (status != FRAI_ERR_NOT_FOUND) return status;
    }
    return fr_fail(err, FRAI_ERR_NOT_FOUND, "%.*s: no document has this id",
                   (int)(id.len < 128 ? id.len : 128), id.ptr);
}
