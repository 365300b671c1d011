/* The manifest as bytes, checked by its hash, and the steps that make a new one durable
 * (PROTOCOL.md). */
#include "index/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/sort.h"
#include "segment/record.h"

#define MANIFEST_MAX_BYTES (64u << 20)
#define SEGMENTS_MAX       (1u << 20)
#define NOTE_MAX_BYTES     (1ull << 32)

enum { FLAG_STORES_TEXT = 1, FLAG_REORDERS = 2 };

void fr_manifest_init(struct fr_manifest *m, const frai_allocator *mem)
{
    *m = (struct fr_manifest){0};
    fr_buf_init(&m->segments.buf, mem);
}

void fr_manifest_deinit(struct fr_manifest *m)
{
    fr_buf_deinit(&m->segments.buf);
}

void fr_segment_file_name(uint64_t number, char out[64])
{
    snprintf(out, 64, "seg-%010" PRIu64 ".frai", number);
}

void fr_deletes_file_name(uint64_t number, uint64_t deletes, char out[64])
{
    snprintf(out, 64, "seg-%010" PRIu64 ".del-%010" PRIu64, number, deletes);
}

void fr_note_file_name(uint64_t generation, char out[64])
{
    snprintf(out, 64, "note-%010" PRIu64, generation);
}

void fr_manifest_file_name(uint64_t generation, char out[64])
{
    snprintf(out, 64, "MANIFEST-%010" PRIu64, generation);
}

bool fr_manifest_name_number(const char *name, const char *prefix, const char *suffix,
                             uint64_t *number)
{
    size_t n = strlen(prefix);
    if (strncmp(name, prefix, n) != 0 || name[n] < '0' || name[n] > '9') return false;
    char *end;
    errno = 0;
    *number = strtoull(name + n, &end, 10);
    int digits = snprintf(NULL, 0, "%010" PRIu64, *number);
    return errno == 0 && *number <= FR_NUMBER_MOST && end - name == (ptrdiff_t)n + digits &&
           strcmp(end, suffix) == 0;
}

static void visit_manifest(void *ctx, const char *name)
{
    struct fr_generations *out = ctx;
    uint64_t generation;
    if (fr_manifest_name_number(name, "MANIFEST-", "", &generation)) fr_vec_push(out, generation);
}

static int newest_first(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

frai_status fr_manifest_list(const char *dir, struct fr_generations *out, frai_error *err)
{
    fr_vec_set_count(out, 0);
    if (fr_io_current()->list(dir, visit_manifest, out) < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return fr_fail(err, FRAI_ERR_NOT_FOUND, "%s: there is no index here", dir);
        return fr_fail_os(err, errno, "%s: cannot list the directory", dir);
    }
    if (out->buf.failed) return fr_fail_memory(err, "reading the index");
    if (fr_vec_count(out) == 0)
        return fr_fail(err, FRAI_ERR_NOT_FOUND, "%s: there is no index here", dir);
    fr_sort(fr_vec_data(out), fr_vec_count(out), sizeof(uint64_t), newest_first, NULL);
    return FRAI_OK;
}

void fr_manifest_encode(const struct fr_manifest *m, struct fr_buf *out)
{
    fr_buf_put(out, FR_MANIFEST_MAGIC, 8);
    fr_buf_u32(out, FRAI_FORMAT_VERSION);
    fr_buf_u64(out, m->generation);
    fr_buf_u64(out, m->next_segment);
    fr_buf_u64(out, m->next_id);
    fr_buf_u32(out, m->settings.analyzer);
    fr_buf_u32(out, (m->settings.store_text ? FLAG_STORES_TEXT : 0) |
                        (m->settings.reorder ? FLAG_REORDERS : 0));
    fr_buf_put(out, &m->settings.k1, 4);
    fr_buf_put(out, &m->settings.b, 4);
    fr_buf_u32(out, m->settings.field_count);
    for (uint32_t i = 0; i < m->settings.field_count; i++) {
        const struct fr_field_spec *f = &m->settings.fields[i];
        fr_buf_u8(out, (uint8_t)f->kind);
        fr_buf_u8(out, (uint8_t)strlen(f->name));
        fr_buf_put(out, f->name, strlen(f->name));
    }
    uint32_t count = fr_manifest_segment_count(m);
    fr_buf_u32(out, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct fr_segment_ref *s = fr_manifest_segment(m, i);
        fr_buf_u64(out, s->number);
        fr_buf_u64(out, s->bytes);
        fr_buf_u64(out, s->hash.low);
        fr_buf_u64(out, s->hash.high);
        fr_buf_u64(out, s->deletes);
        fr_buf_u64(out, s->deletes_bytes);
        fr_buf_u64(out, s->deletes_hash.low);
        fr_buf_u64(out, s->deletes_hash.high);
    }
    fr_buf_u64(out, m->note);
    fr_buf_u64(out, m->note_bytes);
    fr_buf_u64(out, m->note_hash.low);
    fr_buf_u64(out, m->note_hash.high);
    if (!out->failed) fr_buf_u64(out, fr_hash64(out->data, out->len));
}

static bool decode_body(struct fr_reader *r, struct fr_manifest *m)
{
    m->generation = fr_read_u64(r);
    m->next_segment = fr_read_u64(r);
    m->next_id = fr_read_u64(r);
    if (m->generation > FR_NUMBER_MOST || m->next_segment > FR_NUMBER_MOST) return false;
    struct fr_settings *s = &m->settings;
    s->analyzer = fr_read_u32(r);
    uint32_t flags = fr_read_u32(r);
    s->store_text = (flags & FLAG_STORES_TEXT) != 0;
    s->reorder = (flags & FLAG_REORDERS) != 0;
    uint32_t k1 = fr_read_u32(r), b = fr_read_u32(r);
    memcpy(&s->k1, &k1, 4);
    memcpy(&s->b, &b, 4);
    s->field_count = fr_read_u32(r);
    if (s->field_count > FR_FIELDS_MAX) return false;
    for (uint32_t i = 0; i < s->field_count; i++) {
        s->fields[i].kind = (enum fr_field_kind)fr_read_u8(r);
        uint8_t len = fr_read_u8(r);
        const uint8_t *name = fr_read_bytes(r, len);
        if (!name || len > FR_FIELD_NAME_MAX) return false;
        memcpy(s->fields[i].name, name, len);
        s->fields[i].name[len] = '\0';
    }
    uint32_t count = fr_read_u32(r);
    if (count > SEGMENTS_MAX) return false;
    fr_vec_set_count(&m->segments, 0);
    for (uint32_t i = 0; i < count && !r->bad; i++) {
        struct fr_segment_ref ref = {.number = fr_read_u64(r), .bytes = fr_read_u64(r)};
        ref.hash.low = fr_read_u64(r);
        ref.hash.high = fr_read_u64(r);
        ref.deletes = fr_read_u64(r);
        ref.deletes_bytes = fr_read_u64(r);
        ref.deletes_hash.low = fr_read_u64(r);
        ref.deletes_hash.high = fr_read_u64(r);
        fr_vec_append(&m->segments, &ref, 1);
    }
    m->note = fr_read_u64(r);
    m->note_bytes = fr_read_u64(r);
    m->note_hash.low = fr_read_u64(r);
    m->note_hash.high = fr_read_u64(r);
    return !r->bad && fr_reader_left(r) == 0 && !m->segments.buf.failed;
}

static frai_status decode(const struct fr_buf *bytes, const char *name, struct fr_manifest *m,
                          frai_error *err)
{
    if (bytes->len < 20 || memcmp(bytes->data, FR_MANIFEST_MAGIC, 8) != 0)
        return fr_fail(err, FRAI_ERR_CORRUPT, "%s: not a manifest of a frai index", name);
    uint32_t version = fr_load32(bytes->data + 8);
    if (fr_load64(bytes->data + bytes->len - 8) != fr_hash64(bytes->data, bytes->len - 8))
        return fr_fail(err, FRAI_ERR_CORRUPT, "%s: damaged (manifest)", name);
    if (version < FRAI_FORMAT_VERSION)
        return fr_fail(err, FRAI_ERR_TOO_OLD, "%s: format %u is older than this program's %d", name,
                       version, FRAI_FORMAT_VERSION);
    if (version > FRAI_FORMAT_VERSION)
        return fr_fail(err, FRAI_ERR_TOO_NEW, "%s: format %u is newer than this program's %d", name,
                       version, FRAI_FORMAT_VERSION);
    struct fr_reader r = fr_reader_of(bytes->data + 12, bytes->len - 20);
    bool whole = decode_body(&r, m);
    if (m->segments.buf.failed) return fr_fail_memory(err, "reading the index");
    if (!whole) return fr_fail(err, FRAI_ERR_CORRUPT, "%s: damaged (manifest)", name);
    return FRAI_OK;
}

/* Can a manifest, torn or damaged, have become these bytes? It begins with most of its magic, or
 * has lost it all: it is empty, or zero there. */
static bool may_be_damaged(const struct fr_buf *bytes)
{
    size_t n = bytes->len < 8 ? bytes->len : 8, same = 0, zero = 0;
    for (size_t i = 0; i < n; i++) {
        same += bytes->data[i] == (uint8_t)FR_MANIFEST_MAGIC[i];
        zero += bytes->data[i] == 0;
    }
    return 2 * same >= n || zero == n;
}

frai_status fr_manifest_read(const char *dir, uint64_t generation, struct fr_manifest *m,
                             bool *foreign, frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    *foreign = false;
    fr_manifest_file_name(generation, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    struct fr_buf bytes;
    fr_buf_init(&bytes, m->segments.buf.mem);
    frai_status status = fr_io_slurp(path, MANIFEST_MAX_BYTES, &bytes, err);
    if (status == FRAI_ERR_CORRUPT) *foreign = true; /* a link, a pipe, a directory */
    if (status == FRAI_OK) {
        status = decode(&bytes, path, m, err);
        *foreign = status == FRAI_ERR_CORRUPT && !may_be_damaged(&bytes);
    }
    if (status == FRAI_OK && m->generation != generation)
        status = fr_fail(err, FRAI_ERR_CORRUPT, "%s: damaged (renamed manifest)", path);
    fr_buf_deinit(&bytes);
    return status;
}

/* A manifest that can't be read, the lowest of those above the newest that can; not a foreign one.
 */
struct failure {
    uint64_t generation;
    frai_status status;
    frai_error error;
};

/* A commit publishes two manifests at most, and names so near above them are stepped over. */
#define NEAR (2 + FR_GENERATIONS_KEPT)

uint64_t fr_manifest_reach(const struct fr_generations *generations, uint64_t whole)
{
    for (size_t i = fr_vec_count(generations); i-- > 0;) {
        uint64_t taken = fr_vec_at(generations, i);
        if (taken > whole && taken - whole <= NEAR) whole = taken;
    }
    return whole;
}

/* Of the generations that are listed. *vanished: a writer removed them between. */
static frai_status read_newest(const char *dir, const struct fr_generations *generations,
                               struct fr_manifest *m, bool *fell_back, bool *vanished,
                               frai_error *err)
{
    size_t count = fr_vec_count(generations);
    struct failure damaged = {0}, unread = {0};
    frai_error first = {0}, error = {0};
    for (size_t i = 0; i < count; i++) {
        uint64_t generation = fr_vec_at(generations, i);
        bool foreign;
        frai_status status = fr_manifest_read(dir, generation, m, &foreign, &error);
        *vanished = status == FRAI_ERR_NOT_FOUND;
        if (status == FRAI_OK) {
            uint64_t most = fr_manifest_reach(generations, generation);
            *fell_back = damaged.status != FRAI_OK && damaged.generation <= most;
            if (unread.status == FRAI_OK || unread.generation > most) return FRAI_OK;
            if (err) *err = unread.error;
            return unread.status;
        }
        /* A torn newest manifest falls back to the one before; a foreign version doesn't. */
        if (i == 0) first = error;
        if (foreign) continue;
        if (status == FRAI_ERR_CORRUPT)
            damaged = (struct failure){generation, status, error};
        else if (status == FRAI_ERR_IO)
            unread = (struct failure){generation, status, error};
        else {
            if (err) *err = error;
            return status;
        }
    }
    if (err) *err = first;
    return first.code;
}

/* A directory is not read at one moment: beside a writer that commits and sweeps, what was listed
 * may be gone, or nothing may be listed. */
#define LIST_ATTEMPTS 100
#define LIST_EMPTY    3

frai_status fr_manifest_newest(const char *dir, struct fr_manifest *m, bool *fell_back,
                               frai_error *err)
{
    struct fr_generations generations;
    frai_status status = FRAI_OK;
    fr_buf_init(&generations.buf, m->segments.buf.mem);
    *fell_back = false;
    for (int attempt = 0; attempt < LIST_ATTEMPTS; attempt++) {
        bool vanished = false;
        status = fr_manifest_list(dir, &generations, err);
        if (status == FRAI_ERR_NOT_FOUND && attempt + 1 < LIST_EMPTY) continue;
        if (status != FRAI_OK) break;
        status = read_newest(dir, &generations, m, fell_back, &vanished, err);
        if (!vanished) break;
    }
    fr_buf_deinit(&generations.buf);
    return status;
}

frai_status fr_manifest_step_over(const char *dir, struct fr_manifest *m, bool all, frai_error *err)
{
    struct fr_generations generations;
    fr_buf_init(&generations.buf, m->segments.buf.mem);
    frai_status status = fr_manifest_list(dir, &generations, err);
    for (size_t i = 0; all && i < fr_vec_count(&generations); i++) {
        uint64_t taken = fr_vec_at(&generations, i);
        if (taken > m->generation && taken <= FR_NUMBER_LIKELY) m->generation = taken;
    }
    if (status == FRAI_OK) m->generation = fr_manifest_reach(&generations, m->generation);
    fr_buf_deinit(&generations.buf);
    return status == FRAI_ERR_NOT_FOUND ? FRAI_OK : status;
}

frai_status fr_manifest_publish(const char *dir, const struct fr_manifest *m, frai_error *err)
{
    char name[64], path[FR_PATH_MAX], temp[FR_PATH_MAX];
    fr_manifest_file_name(m->generation, name);
    if (!fr_path_join(path, sizeof path, dir, name) ||
        !fr_path_join(temp, sizeof temp, dir, FR_MANIFEST_TEMPORARY))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    struct fr_buf bytes;
    fr_buf_init(&bytes, m->segments.buf.mem);
    fr_manifest_encode(m, &bytes);
    frai_status status = bytes.failed ? fr_fail_memory(err, "reading the index") : FRAI_OK;
    if (status == FRAI_OK) status = fr_io_sync_dir(dir, err); /* the segments' names */
    if (status == FRAI_OK) status = fr_io_write_file(temp, &bytes, err);
    if (status == FRAI_OK && fr_io_current()->rename(temp, path) < 0) {
        status = fr_fail_os(err, errno, "%s: cannot rename", temp);
        fr_io_current()->unlink(temp);
    }
    if (status == FRAI_OK) status = fr_io_sync_dir(dir, err);
    fr_buf_deinit(&bytes);
    return status;
}

frai_status fr_manifest_read_note(const char *dir, const struct fr_manifest *m, struct fr_buf *out,
                                  bool *gone, frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    out->len = 0;
    if (gone) *gone = false;
    if (!m->note) return FRAI_OK;
    fr_note_file_name(m->note, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    frai_status status = fr_io_slurp(path, NOTE_MAX_BYTES, out, err);
    if (status == FRAI_ERR_NOT_FOUND && gone) *gone = true;
    if (status == FRAI_ERR_NOT_FOUND && !gone)
        return fr_fail(err, FRAI_ERR_CORRUPT, "%s: the note that the manifest names is missing",
                       path);
    if (status != FRAI_OK) return status;
    struct fr_hash128 hash = fr_hash128(out->data, out->len);
    if (out->len == m->note_bytes && hash.low == m->note_hash.low && hash.high == m->note_hash.high)
        return FRAI_OK;
    out->len = 0;
    return fr_fail(err, FRAI_ERR_CORRUPT, "%s: damaged (note)", path);
}

frai_status fr_manifest_peek_note(const char *dir, const struct fr_manifest *m, void *out,
                                  size_t room, size_t *len, frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    int fd;
    *len = 0;
    if (!m->note) return FRAI_OK;
    fr_note_file_name(m->note, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    FR_TRY(fr_io_open_file(path, O_RDONLY, &fd, NULL, err));
    size_t most = room < m->note_bytes ? room : m->note_bytes;
    frai_status status = fr_io_read_at(fd, out, most, 0, path, err);
    fr_io_current()->close(fd);
    if (status == FRAI_OK) *len = m->note_bytes;
    return status;
}

frai_status fr_manifest_write_note(const char *dir, struct fr_manifest *m,
                                   const struct fr_buf *bytes, frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    m->note = m->note_bytes = 0;
    m->note_hash = (struct fr_hash128){0, 0};
    if (bytes->len == 0) return FRAI_OK;
    fr_note_file_name(m->generation + 1, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    FR_TRY(fr_io_write_file(path, bytes, err));
    m->note = m->generation + 1;
    m->note_bytes = bytes->len;
    m->note_hash = fr_hash128(bytes->data, bytes->len);
    return FRAI_OK;
}

bool fr_settings_is_text(const struct fr_settings *settings, uint64_t field)
{
    if (field < FR_FIELD_BUILTIN) return field <= FR_FIELD_BODY;
    return field - FR_FIELD_BUILTIN < settings->field_count &&
           settings->fields[field - FR_FIELD_BUILTIN].kind == FR_FIELD_TEXT;
}
