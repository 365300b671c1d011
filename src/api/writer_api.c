/* The public functions of writer.h: arguments are checked here, work is done below. */
#include "api/handles.h"
#include "api/structs.h"
#include "frai/experimental/terms.h"
#include "frai/writer.h"
#include "segment/record.h"
#include "text/analyzer.h"
#include "writer/commit.h"
#include "writer/compact.h"

#define MEMORY_DEFAULT (512ull << 20)

_Static_assert(FRAI_ANALYZER_KOREAN == FR_ANALYZER_KOREAN &&
                   FRAI_ANALYZER_PRETOKENIZED == FR_ANALYZER_PRECUT &&
                   (int)FRAI_FIELD_TEXT == FR_FIELD_TEXT &&
                   (int)FRAI_FIELD_KEYWORD == FR_FIELD_KEYWORD &&
                   (int)FRAI_FIELD_NUMBER == FR_FIELD_NUMBER &&
                   (int)FRAI_FIELD_DATE == FR_FIELD_DATE_KIND,
               "numbers of the interface are those that are stored");

static bool is_builtin(const char *name)
{
    uint32_t field;
    return strcmp(name, "id") == 0 || fr_field_of_name(frai_slice_of(name), &field);
}

static frai_status check_field(const struct fr_settings *before, const frai_field_spec *f,
                               frai_error *err)
{
    if (!f->name || !f->name[0] || strlen(f->name) > FR_FIELD_NAME_MAX || is_builtin(f->name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "field %s: name is empty, too long or built in",
                       f->name ? f->name : "");
    if (f->kind < FRAI_FIELD_TEXT || f->kind > FRAI_FIELD_DATE)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "field %s: unknown kind %d", f->name, (int)f->kind);
    for (uint32_t i = 0; i < before->field_count; i++)
        if (strcmp(before->fields[i].name, f->name) == 0)
            return fr_fail(err, FRAI_ERR_ARGUMENT, "field %s: declared twice", f->name);
    return FRAI_OK;
}

static frai_status check_fields(const frai_writer_options *o, struct fr_settings *settings,
                                frai_error *err)
{
    if (o->field_count > FR_FIELDS_MAX)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "more than %d fields declared", FR_FIELDS_MAX);
    if (o->field_count && !o->fields)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "fields must not be NULL");
    for (size_t i = 0; i < o->field_count; i++) {
        frai_field_spec f = {NULL, FRAI_FIELD_TEXT};
        FR_TRY(fr_take_element(&f, sizeof f, o->fields, o->field_size, i, err));
        FR_TRY(check_field(settings, &f, err));
        memcpy(settings->fields[i].name, f.name, strlen(f.name) + 1);
        settings->fields[i].kind = (enum fr_field_kind)f.kind;
        settings->field_count++;
    }
    return FRAI_OK;
}

frai_status frai_writer_open(const char *dir, const frai_writer_options *options,
                             frai_writer **writer, frai_error *err)
{
    frai_writer_options o = FRAI_WRITER_OPTIONS_INIT;
    if (writer) *writer = NULL;
    if (!dir || !writer) return fr_fail(err, FRAI_ERR_ARGUMENT, "dir and writer must not be NULL");
    FR_TRY(fr_take_struct(&o, sizeof o, options, err));
    if (!(o.k1 >= 0 && o.k1 <= 100) || !(o.b >= 0 && o.b <= 1))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "k1 must be in [0, 100], b in [0, 1]");
    if (o.analyzer != FR_ANALYZER_KOREAN && o.analyzer != FR_ANALYZER_PRECUT)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "unknown analyzer %u", o.analyzer);
    if ((unsigned)o.mode > FRAI_REPLACE)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "unknown mode %d", (int)o.mode);
    struct fr_writer_options internal = {
        .mem = fr_allocator_or_libc(o.allocator),
        .memory_bytes = o.memory_bytes ? o.memory_bytes : MEMORY_DEFAULT,
        .threads = o.threads,
        .reorder = o.reorder != 0,
        .mode = o.mode,
        .settings = {.analyzer = o.analyzer, .store_text = o.store_text != 0, .k1 = o.k1, .b = o.b},
    };
    FR_TRY(check_fields(&o, &internal.settings, err));
    frai_writer *b = fr_new(internal.mem, sizeof *b);
    if (!b) return fr_fail_memory(err, "building");
    b->mem = internal.mem;
    fr_buf_init(&b->document.bytes, b->mem);
    fr_buf_init(&b->user_data, b->mem);
    frai_error error = {0};
    frai_status status = fr_tell(err, fr_writer_open(dir, &internal, &b->writer, &error), &error);
    if (status != FRAI_OK) {
        fr_free(internal.mem, b, sizeof *b);
        return status;
    }
    *writer = b;
    return FRAI_OK;
}

static frai_status declared_number(const frai_writer *b, frai_slice name, uint32_t *number,
                                   frai_error *err)
{
    const struct fr_settings *s = fr_writer_settings(b->writer);
    for (uint32_t i = 0; i < s->field_count; i++) {
        if (strlen(s->fields[i].name) != name.len ||
            memcmp(s->fields[i].name, name.ptr, name.len) != 0)
            continue;
        *number = FR_FIELD_BUILTIN + i;
        return FRAI_OK;
    }
    return fr_fail(err, FRAI_ERR_ARGUMENT, "field %.*s is not declared",
                   (int)(name.len < 64 ? name.len : 64), name.ptr ? name.ptr : "");
}

static bool is_null(frai_slice slice)
{
    return !slice.ptr && slice.len;
}

/* Adds the bytes of a value to those before it; above the limit they are enough to say so. */
static frai_status weigh(frai_slice value, uint64_t *bytes, frai_error *err)
{
    if (is_null(value))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "a slice of a document is NULL and has a length");
    *bytes += value.len < FRAI_DOCUMENT_BYTES_MAX ? value.len : FRAI_DOCUMENT_BYTES_MAX + 1ull;
    if (*bytes <= FRAI_DOCUMENT_BYTES_MAX) return FRAI_OK;
    return fr_fail(err, FRAI_ERR_ARGUMENT, "a document is above the limit of %u bytes",
                   FRAI_DOCUMENT_BYTES_MAX);
}

static frai_status check_document(const frai_document *d, frai_error *err)
{
    const frai_text_source *source = d->body_source;
    const frai_slice values[] = {
        d->title, source ? (frai_slice){"", (size_t)source->bytes} : d->body,
        d->url,   d->path,
        d->date,  d->source};
    uint64_t bytes = 0;
    if (is_null(d->id)) return weigh(d->id, &bytes, err);
    if (source && source->bytes && !source->read)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "read of a source of text must not be NULL");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        FR_TRY(weigh(values[i], &bytes, err));
    if (d->field_count > FR_FIELDS_MAX)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "a document has more than %d fields", FR_FIELDS_MAX);
    if (d->field_count && !d->fields)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "fields of a document must not be NULL");
    for (size_t i = 0; i < d->field_count; i++) {
        frai_field_value f = {{0, 0}, {0, 0}};
        FR_TRY(fr_take_element(&f, sizeof f, d->fields, d->field_size, i, err));
        if (is_null(f.name)) return weigh(f.name, &bytes, err);
        FR_TRY(weigh(f.value, &bytes, err));
    }
    return FRAI_OK;
}

static frai_status take_values(frai_writer *b, const frai_document *d, frai_error *err)
{
    struct fr_document_record *r = &b->document;
    const frai_slice none = {0}, builtin[] = {d->title,
                                              d->body,
                                              d->url,
                                              d->path_is_shared ? none : d->path,
                                              d->date,
                                              d->source,
                                              d->path_is_shared ? d->path : none};
    for (uint32_t i = 0; i < FR_FIELD_BUILTIN; i++)
        r->values[i] = (struct fr_value){.number = i, .text = builtin[i]};
    if (d->body_source) {
        struct fr_value *body = &r->values[FR_FIELD_BODY];
        body->text = (frai_slice){NULL, (size_t)d->body_source->bytes};
        body->read = d->body_source->read;
        body->arg = d->body_source->arg;
    }
    r->count = FR_FIELD_BUILTIN;
    for (size_t i = 0; i < d->field_count; i++) {
        frai_field_value f = {{0, 0}, {0, 0}};
        struct fr_value *v = &r->values[r->count++];
        FR_TRY(fr_take_element(&f, sizeof f, d->fields, d->field_size, i, err));
        *v = (struct fr_value){.text = f.value};
        FR_TRY(declared_number(b, f.name, &v->number, err));
    }
    return FRAI_OK;
}

frai_status frai_writer_add(frai_writer *b, const frai_document *document, frai_error *err)
{
    frai_document d = FRAI_DOCUMENT_INIT;
    frai_error error = {0};
    struct fr_record_source record;
    if (!b || !document)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "writer and document must not be NULL");
    FR_TRY(fr_take_struct(&d, sizeof d, document, err));
    FR_TRY(check_document(&d, err));
    FR_TRY(take_values(b, &d, err));
    const struct fr_settings *settings = fr_writer_settings(b->writer);
    if (fr_document_record_make(&b->document, settings, FR_PART_BYTES, &record, &error) != FRAI_OK)
        return fr_writer_fail(b->writer, &error, err);
    return fr_writer_add_source(b->writer, d.id, d.path, &record, err);
}

frai_status frai_writer_delete(frai_writer *b, frai_slice id, frai_error *err)
{
    if (!b || is_null(id)) return fr_fail(err, FRAI_ERR_ARGUMENT, "writer and id must not be NULL");
    if (id.len == 0) id.ptr = "";
    return fr_writer_delete(b->writer, id, err);
}

frai_status frai_writer_compact(frai_writer *b, frai_error *err)
{
    return b ? fr_writer_compact(b->writer, err)
             : fr_fail(err, FRAI_ERR_ARGUMENT, "writer must not be NULL");
}

frai_status frai_writer_set_user_data(frai_writer *b, frai_slice user_data, frai_error *err)
{
    if (!b || is_null(user_data))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "writer and user data must not be NULL");
    if (user_data.len > FRAI_USER_DATA_BYTES_MAX)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "user data is above the limit of %u bytes",
                       FRAI_USER_DATA_BYTES_MAX);
    return fr_writer_set_user_data(b->writer, user_data, err);
}

frai_status frai_writer_user_data(frai_writer *b, frai_slice *user_data, frai_error *err)
{
    if (user_data) *user_data = (frai_slice){"", 0};
    if (!b || !user_data)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "writer and user data must not be NULL");
    FR_TRY(fr_writer_user_data(b->writer, &b->user_data, err));
    if (b->user_data.len) *user_data = fr_buf_slice(&b->user_data);
    return FRAI_OK;
}

frai_status frai_writer_delete_path(frai_writer *b, frai_slice path, frai_error *err)
{
    if (!b || !path.ptr || !path.len)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "writer and path must not be NULL or empty");
    return fr_writer_delete_path(b->writer, path, err);
}

frai_status frai_writer_rollback(frai_writer *b, frai_error *err)
{
    return b ? fr_writer_rollback(b->writer, err)
             : fr_fail(err, FRAI_ERR_ARGUMENT, "writer must not be NULL");
}

frai_status frai_writer_commit(frai_writer *b, frai_error *err)
{
    return b ? fr_writer_commit(b->writer, err)
             : fr_fail(err, FRAI_ERR_ARGUMENT, "writer must not be NULL");
}

frai_status frai_writer_wait(frai_writer *b, frai_error *err)
{
    return b ? fr_writer_wait(b->writer, err)
             : fr_fail(err, FRAI_ERR_ARGUMENT, "writer must not be NULL");
}

void frai_writer_read_stats(const frai_writer *b, frai_writer_stats *stats)
{
    struct fr_writer_stats s = {0};
    if (!stats) return;
    if (b) fr_writer_read_stats(b->writer, &s);
    const frai_writer_stats out = {sizeof out,   s.documents,   s.replaced,
                                   s.text_bytes, s.index_bytes, s.deleted};
    fr_give_struct(stats, &out, sizeof out);
}

void frai_writer_close(frai_writer *b)
{
    if (!b) return;
    fr_writer_close(b->writer);
    fr_buf_deinit(&b->document.bytes);
    fr_buf_deinit(&b->user_data);
    fr_free(b->mem, b, sizeof *b);
}
