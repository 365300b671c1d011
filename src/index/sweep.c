/* Removes what neither of the two newest manifests names, and nothing that an index may not own. */
#include "index/sweep.h"

#include <stdlib.h>

#include "index/lock.h"

struct sweep {
    const char *dir;
    uint64_t spared;              /* segment in the making */
    struct fr_segment_refs named; /* segments to keep */
    FR_VECTOR(uint64_t) notes;    /* to keep */
    struct fr_buf doomed;         /* file names, each with its NUL */
};

/* What kinds of files a writer makes. Nothing else in the directory is touched. */
enum kind { KIND_FOREIGN, KIND_MANIFEST, KIND_SEGMENT, KIND_DELETES, KIND_NOTE, KIND_TEMPORARY };

static enum kind kind_of(const char *name, uint64_t *number)
{
    const char *deletes = strstr(name, ".del-");
    uint64_t generation;
    if (fr_manifest_name_number(name, "MANIFEST-", "", number)) return KIND_MANIFEST;
    if (fr_manifest_name_number(name, "seg-", ".frai", number)) return KIND_SEGMENT;
    if (deletes && fr_manifest_name_number(name, "seg-", deletes, number) &&
        fr_manifest_name_number(deletes, ".del-", "", &generation))
        return KIND_DELETES;
    if (fr_manifest_name_number(name, "note-", "", number)) return KIND_NOTE;
    if (strcmp(name, FR_MANIFEST_TEMPORARY) == 0) {
        *number = FR_NO_SEGMENT;
        return KIND_TEMPORARY;
    }
    if (strncmp(name, "tmp-", 4) != 0 || name[4] < '0' || name[4] > '9') return KIND_FOREIGN;
    *number = strtoull(name + 4, NULL, 10);
    return KIND_TEMPORARY;
}

static bool is_named(const struct sweep *s, const char *name)
{
    for (size_t i = 0; i < fr_vec_count(&s->named); i++) {
        const struct fr_segment_ref *ref = &fr_vec_at(&s->named, i);
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
        for (size_t i = 0; i < fr_vec_count(&s->notes); i++)
            if (fr_vec_at(&s->notes, i) == number) doomed = false;
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
    struct fr_generations generations;
    struct fr_manifest m;
    fr_buf_init(&s.named.buf, mem);
    fr_buf_init(&s.notes.buf, mem);
    fr_buf_init(&s.doomed, mem);
    fr_buf_init(&generations.buf, mem);
    fr_manifest_init(&m, mem);
    bool ok = fr_manifest_list(dir, &generations, NULL) == FRAI_OK;
    uint64_t keep[FR_GENERATIONS_KEPT] = {0}; /* the newest first */
    size_t kept = 0;
    uint64_t unread = UINT64_MAX; /* the lowest above the newest */
    for (size_t i = 0; ok && i < fr_vec_count(&generations) && kept < FR_GENERATIONS_KEPT; i++) {
        uint64_t generation = fr_vec_at(&generations, i);
        bool foreign;
        frai_status status = fr_manifest_read(dir, generation, &m, &foreign, NULL);
        bool may_be_whole = status == FRAI_ERR_IO || status == FRAI_ERR_MEMORY;
        if (may_be_whole && kept > 0) ok = false;
        if (status != FRAI_OK && kept == 0 && !foreign) unread = generation;
        if (status != FRAI_OK) continue;
        if (kept == 0 && unread <= fr_manifest_reach(&generations, generation))
            ok = false; /* touch nothing */
        keep[kept++] = generation;
        fr_vec_append(&s.named, fr_vec_data(&m.segments), fr_vec_count(&m.segments));
        fr_vec_push(&s.notes, m.note);
    }
    for (size_t i = fr_vec_count(&generations);
         ok && kept && i-- > 0;) { /* before what they name */
        char name[64], path[FR_PATH_MAX];
        uint64_t generation = fr_vec_at(&generations, i);
        fr_manifest_file_name(generation, name);
        if (generation < keep[0] && generation != keep[1] &&
            fr_path_join(path, sizeof path, dir, name))
            fr_io_current()->unlink(path);
    }
    ok = ok && kept && !s.named.buf.failed && !s.notes.buf.failed &&
         fr_io_current()->list(dir, visit_doomed, &s) == 0;
    for (size_t at = 0; ok && !s.doomed.failed && at < s.doomed.len;) {
        const char *name = (const char *)s.doomed.data + at;
        char path[FR_PATH_MAX];
        if (fr_path_join(path, sizeof path, dir, name)) fr_io_current()->unlink(path);
        at += strlen(name) + 1;
    }
    fr_buf_deinit(&s.named.buf);
    fr_buf_deinit(&s.notes.buf);
    fr_buf_deinit(&s.doomed);
    fr_buf_deinit(&generations.buf);
    fr_manifest_deinit(&m);
}

static void visit_segment(void *ctx, const char *name)
{
    uint64_t number, *next = ctx;
    if (fr_manifest_name_number(name, "seg-", ".frai", &number) && number >= *next &&
        number <= FR_NUMBER_LIKELY)
        *next = number + 1;
}

uint64_t fr_manifest_free_number(const char *dir)
{
    uint64_t next = 0;
    fr_io_current()->list(dir, visit_segment, &next);
    return next;
}

struct strangers {
    const char *dir;
    const frai_allocator *mem;
    uint64_t most; /* generation that a writer can have left */
    void (*tell)(void *ctx, const char *name);
    void *ctx;
};

bool fr_manifest_is_foreign(const char *dir, uint64_t generation, uint64_t most,
                            const frai_allocator *mem)
{
    struct fr_manifest m;
    bool foreign = generation > most;
    if (foreign || most == UINT64_MAX) return foreign;
    fr_manifest_init(&m, mem);
    fr_manifest_read(dir, generation, &m, &foreign, NULL);
    fr_manifest_deinit(&m);
    return foreign;
}

static void visit_stranger(void *ctx, const char *name)
{
    const struct strangers *s = ctx;
    uint64_t number;
    enum kind kind = kind_of(name, &number);
    if (is_passed_over(name)) return;
    if (kind == KIND_FOREIGN ||
        (kind == KIND_MANIFEST && fr_manifest_is_foreign(s->dir, number, s->most, s->mem)))
        s->tell(s->ctx, name);
}

void fr_manifest_strangers(const char *dir, const frai_allocator *mem,
                           void (*tell)(void *ctx, const char *name), void *ctx, uint64_t *most)
{
    struct fr_manifest m;
    struct fr_generations generations;
    struct strangers s = {.dir = dir, .mem = mem, .most = UINT64_MAX, .tell = tell, .ctx = ctx};
    bool fell_back;
    fr_manifest_init(&m, mem);
    fr_buf_init(&generations.buf, mem);
    if (fr_manifest_newest(dir, &m, &fell_back, NULL) == FRAI_OK &&
        fr_manifest_list(dir, &generations, NULL) == FRAI_OK)
        s.most = fr_manifest_reach(&generations, m.generation);
    fr_buf_deinit(&generations.buf);
    fr_manifest_deinit(&m);
    fr_io_current()->list(dir, visit_stranger, &s);
    *most = s.most;
}
