/* The public functions of search.h. */
#include "api/handles.h"
#include "segment/documents.h"

frai_status frai_index_open(const char *dir, const frai_open_options *options, frai_index **index,
                            frai_error *err)
{
    if (index) *index = NULL;
    if (!dir || !index) return fr_fail(err, FRAI_ERR_ARGUMENT, "dir and index must not be NULL");
    const frai_allocator *mem = fr_allocator_or_libc(
        options && options->struct_size >= sizeof *options ? options->allocator : NULL);
    frai_index *i = fr_new(mem, sizeof *i);
    if (!i) return fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
    frai_status status = fr_snapshot_open(&i->snapshot, dir, mem, err);
    if (status == FRAI_OK)
        *index = i;
    else
        fr_free(mem, i, sizeof *i);
    return status;
}

void frai_index_close(frai_index *index)
{
    if (!index) return;
    const frai_allocator *mem = index->snapshot.mem;
    fr_snapshot_close(&index->snapshot);
    fr_free(mem, index, sizeof *index);
}

uint64_t frai_index_documents(const frai_index *index)
{
    return index->snapshot.live_docs;
}

int frai_index_fell_back(const frai_index *index)
{
    return index->snapshot.fell_back;
}

frai_status frai_searcher_create(frai_index *index, frai_searcher **searcher, frai_error *err)
{
    if (searcher) *searcher = NULL;
    if (!index || !searcher)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "index and searcher must not be NULL");
    const frai_allocator *mem = index->snapshot.mem;
    frai_searcher *s = fr_new(mem, sizeof *s);
    if (!s) return fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
    frai_status status = fr_searcher_init(&s->searcher, &index->snapshot, err);
    if (status == FRAI_OK)
        *searcher = s;
    else
        fr_free(mem, s, sizeof *s);
    return status;
}

void frai_searcher_destroy(frai_searcher *s)
{
    if (!s) return;
    const frai_allocator *mem = s->searcher.snapshot->mem;
    fr_searcher_deinit(&s->searcher);
    fr_free(mem, s, sizeof *s);
}

frai_status frai_searcher_synonyms(frai_searcher *s, frai_slice text, frai_error *err)
{
    if (!s || (!text.ptr && text.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher and text must not be NULL");
    if (fr_synonyms_set(&s->searcher.synonyms, text)) return FRAI_OK;
    return fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
}

frai_status frai_search(frai_searcher *s, frai_slice query, const frai_search_options *options,
                        frai_hit *hits, uint32_t *hit_count, frai_error *err)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    if (hit_count) *hit_count = 0;
    if (!s || !hits || !hit_count || (!query.ptr && query.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher, hits and hit_count must not be NULL");
    if (options)
        memcpy(&o, options, options->struct_size < sizeof o ? options->struct_size : sizeof o);
    if (o.limit == 0 || o.limit > FRAI_LIMIT_MAX || o.offset > FRAI_LIMIT_MAX - o.limit)
        return fr_fail(err, FRAI_ERR_ARGUMENT,
                       "limit must be at least 1, offset + limit at most %u", FRAI_LIMIT_MAX);
    if ((unsigned)o.match > FRAI_MATCH_ANY)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "unknown match mode");
    if ((unsigned)o.rank > FRAI_RANK_BM25)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "unknown ranking");
    if (!query.ptr) query.ptr = "";
    return fr_searcher_search(&s->searcher, query, &o, hits, hit_count, err);
}

static bool is_name(frai_slice field, const char *name)
{
    return field.len == strlen(name) && memcmp(field.ptr, name, field.len) == 0;
}

static bool field_number(const struct fr_settings *settings, frai_slice field, uint32_t *number)
{
    static const char *const names[] = {"title", "body", "url", "path", "date", "source"};
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_name(field, names[i])) {
            *number = i;
            return true;
        }
    for (uint32_t i = 0; i < settings->field_count; i++)
        if (is_name(field, settings->fields[i].name)) {
            *number = FR_FIELD_BUILTIN + i;
            return true;
        }
    return false;
}

frai_status frai_doc_field(frai_searcher *s, uint64_t doc, frai_slice field, frai_slice *value,
                           frai_error *err)
{
    if (!s || !value || !field.ptr) return fr_fail(err, FRAI_ERR_ARGUMENT, "NULL argument");
    struct fr_searcher *in = &s->searcher;
    *value = (frai_slice){"", 0};
    if (is_name(field, "id")) {
        if (doc >= in->snapshot->docs)
            return fr_fail(err, FRAI_ERR_ARGUMENT, "document %llu: there is no such document",
                           (unsigned long long)doc);
        uint32_t local, g = fr_snapshot_segment_of(in->snapshot, doc, &local);
        FR_TRY(fr_document_id(&in->snapshot->segments[g], local, &in->text2, err));
        *value = (frai_slice){(const char *)in->text2.data, in->text2.len};
        return FRAI_OK;
    }
    uint32_t number;
    if (!field_number(&in->snapshot->manifest.settings, field, &number))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "%.*s: this index has no such field",
                       (int)(field.len < 64 ? field.len : 64), field.ptr);
    const uint8_t *record;
    size_t len;
    FR_TRY(fr_searcher_record(in, doc, &record, &len, err));
    *value = number == FR_FIELD_PATH ? fr_record_path(record, len)
                                     : fr_record_field(record, len, number);
    return FRAI_OK;
}

frai_status frai_doc_snippet(frai_searcher *s, uint64_t doc, frai_slice field, uint32_t characters,
                             frai_snippet *snippet, frai_error *err)
{
    frai_slice text;
    if (!snippet) return fr_fail(err, FRAI_ERR_ARGUMENT, "snippet must not be NULL");
    FR_TRY(frai_doc_field(s, doc, field, &text, err));
    if (characters > FR_SNIPPET_WHOLE) characters = FR_SNIPPET_WHOLE;
    return fr_snippet_make(&s->searcher, text, characters, snippet, err);
}

frai_status frai_explain(frai_searcher *s, uint64_t doc, frai_slice *text, frai_error *err)
{
    if (!s || !text) return fr_fail(err, FRAI_ERR_ARGUMENT, "NULL argument");
    FR_TRY(fr_searcher_explain(&s->searcher, doc, err));
    *text = (frai_slice){(const char *)s->searcher.text.data, s->searcher.text.len};
    return FRAI_OK;
}

frai_status frai_plan(frai_searcher *s, frai_slice *text, frai_error *err)
{
    if (!s || !text) return fr_fail(err, FRAI_ERR_ARGUMENT, "NULL argument");
    FR_TRY(fr_searcher_plan(&s->searcher, err));
    *text = (frai_slice){(const char *)s->searcher.text.data, s->searcher.text.len};
    return FRAI_OK;
}

frai_status frai_index_find(const frai_index *index, frai_slice id, uint64_t *doc, frai_error *err)
{
    if (!index || !doc || (!id.ptr && id.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "index, id and doc must not be NULL");
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

frai_status frai_why(frai_searcher *s, frai_slice query, const frai_search_options *options,
                     uint64_t doc, frai_slice *text, frai_error *err)
{
    if (!s || !text || (!query.ptr && query.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher, query and text must not be NULL");
    if (!query.ptr) query.ptr = "";
    FR_TRY(fr_searcher_why(&s->searcher, query, doc, options ? options->flags : 0, err));
    *text = (frai_slice){(const char *)s->searcher.text.data, s->searcher.text.len};
    return FRAI_OK;
}
