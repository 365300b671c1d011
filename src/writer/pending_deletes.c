/* Ids are looked up at once in the segments that are committed, and kept for those that the commit
 * makes. At the commit these are searched too, the documents of deleted paths are found by reading
 * the stored records, and every id of a new segment is looked up in the segments before it. */
#include "writer/pending_deletes.h"

#include "segment/documents.h"
#include "segment/store.h"

/* Looking an id up touches a dozen places, and the system may map sixteen pages around each. */
#define LOOKUP_BYTES (12u << 16)

/* ---- sets of deletes ---- */

static void close_sets(struct fr_delete_set *sets, uint32_t count, const frai_allocator *mem)
{
    for (uint32_t i = 0; sets && i < count; i++) fr_delete_set_close(&sets[i]);
    fr_free(mem, sets, (count + 1ull) * sizeof *sets);
}

static frai_status open_settled(struct fr_pending_deletes *b, const struct fr_manifest *m,
                                frai_error *err)
{
    if (b->sets) return FRAI_OK;
    b->sets = fr_new(b->mem, (b->settled + 1ull) * sizeof *b->sets);
    if (!b->sets) return fr_fail_memory(err, "deleting");
    for (uint32_t i = 0; i < b->settled; i++)
        FR_TRY(fr_delete_set_open(&b->sets[i], b->dir, fr_manifest_segment(m, i), &m->settings,
                                  b->mem, err));
    return FRAI_OK;
}

/* Lets pages that looking ids up brought in go, where all of them may be too many. */
static void forget_lookups(const struct fr_pending_deletes *b, struct fr_delete_set *set)
{
    const struct fr_section *s = set->seg.sections;
    uint64_t all = s[FR_SECTION_IDS].len + s[FR_SECTION_ID_INDEX].len + s[FR_SECTION_ID_LOOKUP].len;
    uint64_t room = b->memory_bytes / 4 / (b->settled ? b->settled : 1);
    set->walked += LOOKUP_BYTES;
    if (all <= room || set->walked < room) return;
    fr_map_drop_pages(&set->seg.map);
    set->walked = 0;
}

/* Deletes the document with this id, which lives in one of these segments or in none. */
static frai_status delete_id(struct fr_pending_deletes *b, struct fr_delete_set *sets,
                             uint32_t count, frai_slice id, uint64_t *gone, frai_error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t doc;
        forget_lookups(b, &sets[i]);
        frai_status status = fr_document_find(&sets[i].seg, id.ptr, id.len, &doc, err);
        if (status == FRAI_ERR_NOT_FOUND) continue;
        if (status != FRAI_OK) return status;
        if (!fr_delete_set_add(&sets[i], doc)) continue; /* was deleted meanwhile */
        ++*gone;
        break;
    }
    return FRAI_OK;
}

/* ---- what is to go ---- */

void fr_pending_deletes_init(struct fr_pending_deletes *b, const char *dir, uint64_t memory_bytes,
                             const frai_allocator *mem)
{
    *b = (struct fr_pending_deletes){.mem = mem, .dir = dir, .memory_bytes = memory_bytes};
    fr_buf_init(&b->ids, mem);
    fr_buf_init(&b->marks.buf, mem);
    fr_interner_init(&b->paths, mem);
}

void fr_pending_deletes_deinit(struct fr_pending_deletes *b)
{
    close_sets(b->sets, b->settled, b->mem);
    fr_buf_deinit(&b->ids);
    fr_buf_deinit(&b->marks.buf);
    fr_interner_deinit(&b->paths);
}

void fr_pending_deletes_clear(struct fr_pending_deletes *b, const struct fr_manifest *committed)
{
    close_sets(b->sets, b->settled, b->mem);
    b->sets = NULL;
    b->gone = 0;
    fr_buf_clear(&b->ids);
    fr_buf_clear(&b->marks.buf);
    fr_interner_clear(&b->paths);
    b->settled = fr_manifest_segment_count(committed);
    b->again_segment = b->again_docs = 0;
}

frai_status fr_pending_deletes_by_id(struct fr_pending_deletes *b, const struct fr_manifest *m,
                                     frai_slice id, uint32_t segment, uint32_t doc, frai_error *err)
{
    if (b->settled) FR_TRY(open_settled(b, m, err));
    FR_TRY(delete_id(b, b->sets, b->settled, id, &b->gone, err));
    if (segment == b->settled && doc == 0) return FRAI_OK;
    fr_vec_push(&b->marks, b->ids.len, fr_hash64(id.ptr, id.len), (uint32_t)id.len, segment, doc);
    fr_buf_put(&b->ids, id.ptr, id.len);
    return b->ids.failed || b->marks.buf.failed ? fr_fail_memory(err, "deleting") : FRAI_OK;
}

bool fr_pending_deletes_by_path(struct fr_pending_deletes *b, frai_slice path)
{
    return fr_intern(&b->paths, path.ptr, path.len) != FR_INTERN_FAILED;
}

void fr_pending_deletes_pass(struct fr_pending_deletes *b, uint32_t segment)
{
    for (size_t i = 0; i < fr_pending_deletes_count(b); i++) {
        struct fr_id_mark *m = &fr_vec_at(&b->marks, i);
        if (m->segment == segment) m->doc = 0;
    }
    if (b->again_segment == segment) b->again_docs = 0;
}

bool fr_pending_deletes_is_empty(const struct fr_pending_deletes *b)
{
    return b->gone == 0 && fr_vec_count(&b->marks) == 0 && fr_interner_count(&b->paths) == 0;
}

size_t fr_pending_deletes_count(const struct fr_pending_deletes *b)
{
    return fr_vec_count(&b->marks);
}

struct fr_pending_id fr_pending_deletes_at(const struct fr_pending_deletes *b, size_t i)
{
    const struct fr_id_mark *m = &fr_vec_at(&b->marks, i);
    return (struct fr_pending_id){
        {(const char *)b->ids.data + m->at, m->len}, m->hash, m->segment, m->doc};
}

/* ---- at the commit ---- */

/* All segments of the manifest: the settled ones, and those that the commit made. */
struct committed_segments {
    struct fr_pending_deletes *b;
    struct fr_delete_set *of;
    uint32_t count;
};

static frai_status open_committed(struct committed_segments *g, const struct fr_manifest *m,
                                  frai_error *err)
{
    struct fr_pending_deletes *b = g->b;
    FR_TRY(open_settled(b, m, err));
    memcpy(g->of, b->sets, b->settled * sizeof *g->of); /* they are these from here on */
    memset(b->sets, 0, b->settled * sizeof *b->sets);
    for (uint32_t i = b->settled; i < g->count; i++)
        FR_TRY(fr_delete_set_open(&g->of[i], b->dir, fr_manifest_segment(m, i), &m->settings,
                                  b->mem, err));
    return FRAI_OK;
}

/* Deletes those of the first `docs` documents that have one of the paths. */
static frai_status delete_paths(struct fr_delete_set *set, uint32_t docs,
                                const struct fr_interner *paths, uint64_t *gone, frai_error *err)
{
    struct fr_store_reader store;
    uint64_t walked = 0, blocks = 0;
    frai_status status = fr_live_check(&set->seg, err);
    fr_store_reader_init(&store, &set->seg, set->seg.mem);
    for (uint32_t doc = 0; status == FRAI_OK && doc < docs; doc++) {
        frai_slice path;
        if (!fr_document_is_live(&set->seg, doc)) continue;
        status = fr_store_read_path(&store, doc, &path, err);
        if (status != FRAI_OK) break;
        fr_segment_account_scan(&set->seg, &walked,
                                (store.blocks_read - blocks) * FR_STORE_BLOCK_BYTES);
        blocks = store.blocks_read;
        if (fr_interner_find(paths, path.ptr, path.len) != FR_INTERN_FAILED)
            *gone += fr_delete_set_add(set, doc);
    }
    fr_store_reader_deinit(&store);
    return status;
}

/* So many of a segment's documents, its first ones, were committed before. */
static uint32_t committed_docs(const struct committed_segments *g, uint32_t segment)
{
    const struct fr_pending_deletes *b = g->b;
    uint32_t docs = g->of[segment].seg.stats.docs;
    if (segment < b->settled || segment < b->again_segment) return docs;
    if (segment > b->again_segment) return 0;
    return b->again_docs < docs ? b->again_docs : docs;
}

/* Ids of a new segment replace those of the segments before it. */
static frai_status delete_replaced(struct committed_segments *g, uint32_t segment, uint64_t *gone,
                                   frai_error *err)
{
    const struct fr_segment *seg = &g->of[segment].seg;
    struct fr_buf id;
    fr_buf_init(&id, g->b->mem);
    frai_status status = fr_live_check(seg, err);
    for (uint32_t doc = 0; status == FRAI_OK && doc < seg->stats.docs; doc++) {
        if (!fr_document_is_live(seg, doc)) continue;
        status = fr_document_id(seg, doc, &id, err);
        if (status == FRAI_OK)
            status = delete_id(g->b, g->of, segment, fr_buf_slice(&id), gone, err);
    }
    fr_buf_deinit(&id);
    return status;
}

static frai_status delete_all(struct committed_segments *g, uint64_t *deleted, uint64_t *replaced,
                              frai_error *err)
{
    struct fr_pending_deletes *b = g->b;
    *deleted = b->gone;
    /* Segments that the commit made may each have a document with the id. */
    for (size_t i = 0; i < fr_pending_deletes_count(b); i++) {
        struct fr_pending_id id = fr_pending_deletes_at(b, i);
        for (uint32_t k = b->settled; k < id.segment && k < g->count; k++)
            FR_TRY(delete_id(b, &g->of[k], 1, id.id, deleted, err));
    }
    for (uint32_t i = 0; fr_interner_count(&b->paths) > 0 && i < g->count; i++)
        FR_TRY(delete_paths(&g->of[i], committed_docs(g, i), &b->paths, deleted, err));
    for (uint32_t i = b->settled ? b->settled : 1; i < g->count; i++)
        FR_TRY(delete_replaced(g, i, replaced, err));
    return FRAI_OK;
}

static frai_status settle(struct committed_segments *g, struct fr_manifest *m, frai_error *err)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        struct fr_segment_ref ref = *fr_manifest_segment(m, i);
        bool gone;
        FR_TRY(fr_delete_set_write(&g->of[i], g->b->dir, m->generation + 1, &ref, &gone, err));
        if (!gone) *fr_manifest_segment(m, kept++) = ref;
    }
    fr_vec_set_count(&m->segments, kept);
    return FRAI_OK;
}

frai_status fr_pending_deletes_write(struct fr_pending_deletes *b, struct fr_manifest *m,
                                     uint64_t *deleted, uint64_t *replaced, frai_error *err)
{
    struct committed_segments g = {.b = b, .count = fr_manifest_segment_count(m)};
    *deleted = *replaced = 0;
    if (g.count == b->settled && fr_pending_deletes_is_empty(b)) return FRAI_OK;
    g.of = fr_new(b->mem, (g.count + 1ull) * sizeof *g.of);
    if (!g.of) return fr_fail_memory(err, "deleting");
    frai_status status = open_committed(&g, m, err);
    if (status == FRAI_OK) status = delete_all(&g, deleted, replaced, err);
    if (status == FRAI_OK) status = settle(&g, m, err);
    close_sets(g.of, g.count, b->mem);
    return status;
}
