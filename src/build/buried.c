#include "build/buried.h"

#include "index/snapshot.h"
#include "segment/deletes.h"
#include "segment/documents.h"
#include "segment/store.h"

struct mark {
    uint64_t at, hash;
    uint32_t len, segment, doc;
};

void fr_buried_init(struct fr_buried *b, const frai_allocator *mem)
{
    *b = (struct fr_buried){.settled = 0};
    fr_buf_init(&b->ids, mem);
    fr_buf_init(&b->marks, mem);
    fr_interner_init(&b->paths, mem);
}

void fr_buried_deinit(struct fr_buried *b)
{
    fr_buf_deinit(&b->ids);
    fr_buf_deinit(&b->marks);
    fr_interner_deinit(&b->paths);
}

void fr_buried_clear(struct fr_buried *b, const struct fr_manifest *committed)
{
    b->ids.len = b->marks.len = 0;
    fr_interner_clear(&b->paths);
    b->settled = (uint32_t)FR_COUNT(&committed->segments, struct fr_segment_ref);
}

bool fr_bury(struct fr_buried *b, frai_slice id, uint32_t segment, uint32_t doc)
{
    FR_PUSH(&b->marks, struct mark, b->ids.len, fr_hash64(id.ptr, id.len), (uint32_t)id.len,
            segment, doc);
    fr_buf_put(&b->ids, id.ptr, id.len);
    return !b->ids.failed && !b->marks.failed;
}

bool fr_bury_path(struct fr_buried *b, frai_slice path)
{
    return fr_intern(&b->paths, path.ptr, path.len) != FR_INTERN_FAILED;
}

bool fr_buried_is_empty(const struct fr_buried *b)
{
    return b->marks.len == 0 && fr_interner_count(&b->paths) == 0;
}

size_t fr_buried_count(const struct fr_buried *b)
{
    return FR_COUNT(&b->marks, struct mark);
}

struct fr_buried_id fr_buried_at(const struct fr_buried *b, size_t i)
{
    const struct mark *m = &FR_AT(&b->marks, struct mark, i);
    return (struct fr_buried_id){
        {(const char *)b->ids.data + m->at, m->len}, m->hash, m->segment, m->doc};
}

#define LOOKED_UP_MOST 4096u /* documents, after which a map's pages may go */

/* A segment, and its deletes as they will be. */
struct grave {
    struct fr_segment seg;
    bool open, changed;
    struct fr_buf dead; /* uint64_t words */
    uint32_t docs;      /* deleted */
};

struct graves {
    struct grave *of; /* each segment of the manifest */
    uint32_t count;
    const frai_allocator *mem;
    uint64_t gone, looked_up;
};

static frai_status open_graves(struct graves *g, const char *dir, const struct fr_manifest *m,
                               frai_error *err)
{
    for (uint32_t i = 0; i < g->count; i++) {
        const struct fr_segment_ref *ref = &FR_AT(&m->segments, struct fr_segment_ref, i);
        struct grave *grave = &g->of[i];
        FR_TRY(fr_snapshot_open_segment(dir, ref, g->mem, &grave->seg, err));
        grave->open = true;
        size_t words = (grave->seg.stats.docs + 63ull) / 64;
        fr_buf_init(&grave->dead, g->mem);
        if (!fr_buf_reserve(&grave->dead, words * 8))
            return fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
        memset(grave->dead.data, 0, words * 8);
        if (grave->seg.deletes.dead) memcpy(grave->dead.data, grave->seg.deletes.dead, words * 8);
        grave->docs = grave->seg.deletes.docs;
    }
    return FRAI_OK;
}

static void bury_doc(struct graves *g, struct grave *grave, uint32_t doc)
{
    uint64_t *word = &FR_AT(&grave->dead, uint64_t, doc / 64), bit = 1ull << (doc % 64);
    if (*word & bit) return;
    *word |= bit;
    grave->docs++;
    grave->changed = true;
    g->gone++;
}

/* Deletes the documents that have one of the paths. */
static frai_status bury_paths(struct graves *g, uint32_t segment, const struct fr_interner *paths,
                              frai_error *err)
{
    struct grave *grave = &g->of[segment];
    struct fr_store_reader store;
    frai_status status = fr_store_reader_init(&store, &grave->seg, err);
    for (uint32_t doc = 0; status == FRAI_OK && doc < grave->seg.stats.docs; doc++) {
        const uint8_t *record;
        size_t len;
        if (doc % LOOKED_UP_MOST == 0) fr_map_forget(&grave->seg.map);
        if (!fr_document_is_live(&grave->seg, doc)) continue;
        status = fr_store_read(&store, doc, &record, &len, err);
        if (status != FRAI_OK) break;
        frai_slice path = fr_record_field(record, len, FR_FIELD_PATH);
        if (fr_interner_find(paths, path.ptr, path.len) != FR_INTERN_FAILED)
            bury_doc(g, grave, doc);
    }
    fr_store_reader_deinit(&store);
    return status;
}

/* Deletes the document with this id from the segment, if it is there. */
static frai_status bury_in(struct graves *g, uint32_t segment, frai_slice id, frai_error *err)
{
    struct grave *grave = &g->of[segment];
    uint32_t doc;
    if (++g->looked_up % LOOKED_UP_MOST == 0) fr_map_forget(&grave->seg.map);
    frai_status status = fr_document_find(&grave->seg, id.ptr, id.len, &doc, err);
    if (status == FRAI_ERR_NOT_FOUND) return FRAI_OK;
    FR_TRY(status);
    bury_doc(g, grave, doc);
    return FRAI_OK;
}

/* Ids of a new segment replace those of the segments before it. */
static frai_status bury_replaced(struct graves *g, uint32_t segment, frai_error *err)
{
    const struct fr_segment *seg = &g->of[segment].seg;
    struct fr_buf id;
    fr_buf_init(&id, g->mem);
    frai_status status = FRAI_OK;
    for (uint32_t doc = 0; status == FRAI_OK && doc < seg->stats.docs; doc++) {
        if (!fr_document_is_live(seg, doc)) continue;
        status = fr_document_id(seg, doc, &id, err);
        for (uint32_t i = 0; status == FRAI_OK && i < segment; i++)
            status = bury_in(g, i, (frai_slice){(const char *)id.data, id.len}, err);
    }
    fr_buf_deinit(&id);
    return status;
}

static frai_status write_deletes(const struct grave *grave, const char *dir, uint64_t generation,
                                 struct fr_segment_ref *ref, frai_error *err)
{
    char name[64], path[FR_PATH_MAX];
    struct fr_buf bytes;
    fr_deletes_file_name(ref->number, generation, name);
    if (!fr_path_join(path, sizeof path, dir, name))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    fr_buf_init(&bytes, grave->dead.mem);
    frai_status status =
        fr_deletes_make(&grave->seg, (const uint64_t *)(const void *)grave->dead.data, &bytes, err);
    if (status == FRAI_OK) status = fr_io_write_file(path, &bytes, err);
    if (status == FRAI_OK) {
        ref->deletes = generation;
        ref->deletes_bytes = bytes.len;
        ref->deletes_hash = fr_hash128(bytes.data, bytes.len);
    }
    fr_buf_deinit(&bytes);
    return status;
}

static frai_status settle(struct graves *g, const char *dir, struct fr_manifest *m, frai_error *err)
{
    size_t kept = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        struct grave *grave = &g->of[i];
        struct fr_segment_ref ref = FR_AT(&m->segments, struct fr_segment_ref, i);
        if (grave->changed && grave->docs == grave->seg.stats.live_docs) continue;
        if (grave->changed) FR_TRY(write_deletes(grave, dir, m->generation + 1, &ref, err));
        FR_AT(&m->segments, struct fr_segment_ref, kept++) = ref;
    }
    m->segments.len = kept * sizeof(struct fr_segment_ref);
    return FRAI_OK;
}

frai_status fr_buried_apply(const struct fr_buried *b, const char *dir, struct fr_manifest *m,
                            const frai_allocator *mem, uint64_t *deleted, uint64_t *replaced,
                            frai_error *err)
{
    struct graves g = {.count = (uint32_t)FR_COUNT(&m->segments, struct fr_segment_ref),
                       .mem = mem};
    *deleted = *replaced = 0;
    bool replaces = g.count > b->settled && g.count > 1;
    if (g.count == 0 || (!replaces && fr_buried_is_empty(b))) return FRAI_OK;
    g.of = fr_new(mem, g.count * sizeof *g.of);
    if (!g.of) return fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
    frai_status status = open_graves(&g, dir, m, err);
    for (size_t i = 0; status == FRAI_OK && i < fr_buried_count(b); i++) {
        struct fr_buried_id id = fr_buried_at(b, i);
        for (uint32_t k = 0; status == FRAI_OK && k < id.segment && k < g.count; k++)
            status = bury_in(&g, k, id.id, err);
    }
    bool paths = fr_interner_count(&b->paths) > 0;
    for (uint32_t i = 0; status == FRAI_OK && paths && i < b->settled; i++)
        status = bury_paths(&g, i, &b->paths, err);
    *deleted = g.gone;
    for (uint32_t i = b->settled ? b->settled : 1; status == FRAI_OK && i < g.count; i++)
        status = bury_replaced(&g, i, err);
    if (status == FRAI_OK) status = settle(&g, dir, m, err);
    *replaced = g.gone - *deleted;
    for (uint32_t i = 0; i < g.count; i++) {
        if (!g.of[i].open) continue;
        fr_segment_close(&g.of[i].seg);
        fr_buf_deinit(&g.of[i].dead);
    }
    fr_free(mem, g.of, g.count * sizeof *g.of);
    return status;
}
