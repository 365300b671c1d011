#include "index/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/sort.h"
#include "index/lock.h"

#define MANIFEST_MAX_BYTES (64u << 20)
#define SEGMENTS_MAX       (1u << 20)
#define NOTE_MAX_BYTES     (1ull << 32)
/* Counting from 1 nobody comes that far: names above it are no writer's, whatever is in them. */
#define NUMBER_MOST        (1ull << 62)
#define NUMBER_LIKELY      (1ull << 61) /* so that there are numbers above every file of a name */
#define TEMPORARY_MANIFEST "tmp-manifest"

enum { FLAG_STORES_TEXT = 1, FLAG_REORDERS = 2 };

void fr_manifest_init(struct fr_manifest *m, const frai_allocator *mem)
{
    *m = (struct fr_manifest){0};
    fr_buf_init(&m->segments, mem);
}

void fr_manifest_deinit(struct fr_manifest *m)
{
    fr_buf_deinit(&m->segments);
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

/* The number in "<prefix><digits><suffix>", as the names above have it; or false. */
static bool name_number(const char *name, const char *prefix, const char *suffix, uint64_t *number)
{
    size_t n = strlen(prefix);
    if (strncmp(name, prefix, n) != 0 || name[n] < '0' || name[n] > '9') return false;
    char *end;
    errno = 0;
    *number = strtoull(name + n, &end, 10);
    int digits = snprintf(NULL, 0, "%010" PRIu64, *number);
    return errno == 0 && *number <= NUMBER_MOST && end - name == (ptrdiff_t)n + digits &&
           strcmp(end, suffix) == 0;
}

static void visit_manifest(void *ctx, const char *name)
{
    uint64_t generation;
    if (name_number(name, "MANIFEST-", "", &generation)) fr_buf_u64(ctx, generation);
}

static int newest_first(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

frai_status fr_manifest_list(const char *dir, struct fr_buf *out, frai_error *err)
{
    out->len = 0;
    if (fr_io_current()->list(dir, visit_manifest, out) < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return fr_fail(err, FRAI_ERR_NOT_FOUND, "%s: there is no index here", dir);
        return fr_fail_os(err, errno, "%s: cannot list the directory", dir);
    }
    if (out->failed) return fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
    if (out->len == 0) return fr_fail(err, FRAI_ERR_NOT_FOUND, "%s: there is no index here", dir);
    fr_sort(out->data, out->len / 8, 8, newest_first, NULL);
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
    uint32_t count = (uint32_t)FR_COUNT(&m->segments, struct fr_segment_ref);
    fr_buf_u32(out, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct fr_segment_ref *s = &FR_AT(&m->segments, struct fr_segment_ref, i);
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
    if (m->generation > NUMBER_MOST || m->next_segment > NUMBER_MOST) return false;
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
    m->segments.len = 0;
    for (uint32_t i = 0; i < count && !r->bad; i++) {
        struct fr_segment_ref ref = {.number = fr_read_u64(r), .bytes = fr_read_u64(r)};
        ref.hash.low = fr_read_u64(r);
        ref.hash.high = fr_read_u64(r);
        ref.deletes = fr_read_u64(r);
        ref.deletes_bytes = fr_read_u64(r);
        ref.deletes_hash.low = fr_read_u64(r);
        ref.deletes_hash.high = fr_read_u64(r);
        fr_buf_put(&m->segments, &ref, sizeof ref);
    }
    m->note = fr_read_u64(r);
    m->note_bytes = fr_read_u64(r);
    m->note_hash.low = fr_read_u64(r);
    m->note_hash.high = fr_read_u64(r);
    return !r->bad && fr_reader_left(r) == 0 && !m->segments.failed;
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
    if (m->segments.failed) return fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
    if (!whole) return fr_fail(err, FRAI_ERR_CORRUPT, "%s: damaged (manifest)", name);
    return FRAI_OK;
}

frai_status fr_manifest_read(const char *dir, uint64_t generation, struct fr_manifest *m,
                             frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    fr_manifest_file_name(generation, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    struct fr_buf bytes;
    fr_buf_init(&bytes, m->segments.mem);
    frai_status status = fr_io_slurp(path, MANIFEST_MAX_BYTES, &bytes, err);
    if (status == FRAI_OK) status = decode(&bytes, path, m, err);
    if (status == FRAI_OK && m->generation != generation)
        status = fr_fail(err, FRAI_ERR_CORRUPT, "%s: damaged (renamed manifest)", path);
    fr_buf_deinit(&bytes);
    return status;
}

/* A manifest that can't be read, the lowest of those above the newest that can. */
struct failure {
    uint64_t generation;
    frai_status status;
    frai_error error;
};

/* Can a writer have left it above the generation that is whole? */
static bool is_left_behind(const struct failure *f, uint64_t whole)
{
    return f->status != FRAI_OK && f->generation - whole <= FR_GENERATIONS_KEPT;
}

/* Of the generations that are listed. *vanished: a writer removed them between. */
static frai_status read_newest(const char *dir, const struct fr_buf *generations,
                               struct fr_manifest *m, bool *fell_back, bool *vanished,
                               frai_error *err)
{
    size_t count = FR_COUNT(generations, uint64_t);
    struct failure damaged = {0}, unread = {0};
    frai_error first = {0}, error = {0};
    for (size_t i = 0; i < count; i++) {
        uint64_t generation = FR_AT(generations, uint64_t, i);
        frai_status status = fr_manifest_read(dir, generation, m, &error);
        *vanished = status == FRAI_ERR_NOT_FOUND;
        if (status == FRAI_OK) {
            *fell_back = is_left_behind(&damaged, generation);
            if (!is_left_behind(&unread, generation)) return FRAI_OK;
            if (err) *err = unread.error;
            return unread.status;
        }
        /* A torn newest manifest falls back to the one before; a foreign version doesn't. */
        if (i == 0) first = error;
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
    struct fr_buf generations;
    frai_status status = FRAI_OK;
    fr_buf_init(&generations, m->segments.mem);
    *fell_back = false;
    for (int attempt = 0; attempt < LIST_ATTEMPTS; attempt++) {
        bool vanished = false;
        status = fr_manifest_list(dir, &generations, err);
        if (status == FRAI_ERR_NOT_FOUND && attempt + 1 < LIST_EMPTY) continue;
        if (status != FRAI_OK) break;
        status = read_newest(dir, &generations, m, fell_back, &vanished, err);
        if (!vanished) break;
    }
    fr_buf_deinit(&generations);
    return status;
}

frai_status fr_manifest_publish(const char *dir, const struct fr_manifest *m, frai_error *err)
{
    char name[64], path[FR_PATH_MAX], temp[FR_PATH_MAX];
    fr_manifest_file_name(m->generation, name);
    if (!fr_path_join(path, sizeof path, dir, name) ||
        !fr_path_join(temp, sizeof temp, dir, TEMPORARY_MANIFEST))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    struct fr_buf bytes;
    fr_buf_init(&bytes, m->segments.mem);
    fr_manifest_encode(m, &bytes);
    frai_status status = bytes.failed ? fr_fail(err, FRAI_ERR_MEMORY, "out of memory") : FRAI_OK;
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
                                  frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    out->len = 0;
    if (!m->note) return FRAI_OK;
    fr_note_file_name(m->note, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    FR_TRY(fr_io_slurp(path, NOTE_MAX_BYTES, out, err));
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

struct sweep {
    const char *dir;
    uint64_t spared;      /* segment in the making */
    struct fr_buf named;  /* struct fr_segment_ref of segments to keep */
    struct fr_buf notes;  /* uint64_t, to keep */
    uint64_t oldest;      /* generation to keep */
    struct fr_buf doomed; /* file names, each with its NUL */
};

/* What kinds of files a writer makes. Nothing else in the directory is touched. */
enum kind { KIND_FOREIGN, KIND_MANIFEST, KIND_SEGMENT, KIND_DELETES, KIND_NOTE, KIND_TEMPORARY };

static enum kind kind_of(const char *name, uint64_t *number)
{
    const char *deletes = strstr(name, ".del-");
    uint64_t generation;
    if (name_number(name, "MANIFEST-", "", number)) return KIND_MANIFEST;
    if (name_number(name, "seg-", ".frai", number)) return KIND_SEGMENT;
    if (deletes && name_number(name, "seg-", deletes, number) &&
        name_number(deletes, ".del-", "", &generation))
        return KIND_DELETES;
    if (name_number(name, "note-", "", number)) return KIND_NOTE;
    if (strcmp(name, TEMPORARY_MANIFEST) == 0) {
        *number = FR_NO_SEGMENT;
        return KIND_TEMPORARY;
    }
    if (strncmp(name, "tmp-", 4) != 0 || name[4] < '0' || name[4] > '9') return KIND_FOREIGN;
    *number = strtoull(name + 4, NULL, 10);
    return KIND_TEMPORARY;
}

static bool is_named(const struct sweep *s, const char *name)
{
    for (size_t i = 0; i < FR_COUNT(&s->named, struct fr_segment_ref); i++) {
        const struct fr_segment_ref *ref = &FR_AT(&s->named, struct fr_segment_ref, i);
        char kept[64];
        fr_segment_file_name(ref->number, kept);
        if (strcmp(name, kept) == 0) return true;
        fr_deletes_file_name(ref->number, ref->deletes, kept);
        if (ref->deletes && strcmp(name, kept) == 0) return true;
    }
    return false;
}

static void visit_doomed(void *ctx, const char *name)
{
    struct sweep *s = ctx;
    uint64_t number = 0;
    bool doomed = false;
    switch (kind_of(name, &number)) {
    case KIND_TEMPORARY: doomed = number == FR_NO_SEGMENT || number != s->spared; break;
    case KIND_SEGMENT: doomed = number != s->spared && !is_named(s, name); break;
    case KIND_DELETES: doomed = !is_named(s, name); break;
    case KIND_NOTE:
        doomed = true;
        for (size_t i = 0; i < FR_COUNT(&s->notes, uint64_t); i++)
            if (FR_AT(&s->notes, uint64_t, i) == number) doomed = false;
        break;
    case KIND_MANIFEST: /* they went before */
    case KIND_FOREIGN: break;
    }
    if (doomed) fr_buf_put(&s->doomed, name, strlen(name) + 1);
}

static bool is_passed_over(const char *name)
{
    return name[0] == '.' || strcmp(name, FR_LOCK_NAME) == 0;
}

struct kinds {
    bool foreign, manifest;
};

static void visit_kind(void *ctx, const char *name)
{
    struct kinds *seen = ctx;
    uint64_t number;
    enum kind kind = kind_of(name, &number);
    seen->manifest |= kind == KIND_MANIFEST;
    seen->foreign |= kind == KIND_FOREIGN && !is_passed_over(name);
}

bool fr_manifest_is_misplaced(const char *dir)
{
    struct kinds seen = {false, false};
    return fr_io_current()->list(dir, visit_kind, &seen) == 0 && seen.foreign && !seen.manifest;
}

void fr_manifest_sweep(const char *dir, uint64_t spared, const frai_allocator *mem)
{
    struct sweep s = {.dir = dir, .spared = spared};
    struct fr_buf generations;
    struct fr_manifest m;
    fr_buf_init(&s.named, mem);
    fr_buf_init(&s.notes, mem);
    fr_buf_init(&s.doomed, mem);
    fr_buf_init(&generations, mem);
    fr_manifest_init(&m, mem);
    bool ok = fr_manifest_list(dir, &generations, NULL) == FRAI_OK;
    size_t kept = 0;
    struct failure unread = {0};
    for (size_t i = 0; ok && i < generations.len / 8 && kept < FR_GENERATIONS_KEPT; i++) {
        uint64_t generation = FR_AT(&generations, uint64_t, i);
        frai_status status = fr_manifest_read(dir, generation, &m, NULL);
        bool may_be_whole = status == FRAI_ERR_IO || status == FRAI_ERR_MEMORY;
        if (may_be_whole && kept > 0) ok = false;
        if (status != FRAI_OK && kept == 0) unread = (struct failure){generation, status, {0}};
        if (status != FRAI_OK) continue;
        if (kept == 0 && is_left_behind(&unread, generation)) ok = false; /* touch nothing */
        kept++;
        s.oldest = generation;
        fr_buf_put(&s.named, m.segments.data, m.segments.len);
        fr_buf_u64(&s.notes, m.note);
    }
    for (size_t i = generations.len / 8; ok && kept && i-- > 0;) { /* before what they name */
        char name[64], path[FR_PATH_MAX];
        uint64_t generation = FR_AT(&generations, uint64_t, i);
        fr_manifest_file_name(generation, name);
        if (generation < s.oldest && fr_path_join(path, sizeof path, dir, name))
            fr_io_current()->unlink(path);
    }
    ok = ok && kept && !s.named.failed && !s.notes.failed &&
         fr_io_current()->list(dir, visit_doomed, &s) == 0;
    for (size_t at = 0; ok && !s.doomed.failed && at < s.doomed.len;) {
        const char *name = (const char *)s.doomed.data + at;
        char path[FR_PATH_MAX];
        if (fr_path_join(path, sizeof path, dir, name)) fr_io_current()->unlink(path);
        at += strlen(name) + 1;
    }
    fr_buf_deinit(&s.named);
    fr_buf_deinit(&s.notes);
    fr_buf_deinit(&s.doomed);
    fr_buf_deinit(&generations);
    fr_manifest_deinit(&m);
}

static void visit_segment(void *ctx, const char *name)
{
    uint64_t number, *next = ctx;
    if (name_number(name, "seg-", ".frai", &number) && number >= *next && number <= NUMBER_LIKELY)
        *next = number + 1;
}

uint64_t fr_manifest_free_number(const char *dir)
{
    uint64_t next = 0;
    fr_io_current()->list(dir, visit_segment, &next);
    return next;
}

struct strangers {
    uint64_t most; /* generation that a writer can have left */
    void (*tell)(void *ctx, const char *name);
    void *ctx;
};

static void visit_stranger(void *ctx, const char *name)
{
    const struct strangers *s = ctx;
    uint64_t number;
    enum kind kind = kind_of(name, &number);
    if (is_passed_over(name)) return;
    if (kind == KIND_FOREIGN || (kind == KIND_MANIFEST && number > s->most)) s->tell(s->ctx, name);
}

void fr_manifest_strangers(const char *dir, const frai_allocator *mem,
                           void (*tell)(void *ctx, const char *name), void *ctx, uint64_t *most)
{
    struct fr_manifest m;
    struct strangers s = {.most = UINT64_MAX, .tell = tell, .ctx = ctx};
    bool fell_back;
    fr_manifest_init(&m, mem);
    if (fr_manifest_newest(dir, &m, &fell_back, NULL) == FRAI_OK)
        s.most = m.generation + FR_GENERATIONS_KEPT;
    fr_manifest_deinit(&m);
    fr_io_current()->list(dir, visit_stranger, &s);
    *most = s.most;
}
