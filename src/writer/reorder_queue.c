/* Documents wait in a spool file while the terms of each are collected for the graph, as sampled
 * 32-bit hashes: when memory for them runs short, every second term is dropped, of all documents
 * alike. Once the order is known the spool is read back in it. */
#include "writer/reorder_queue.h"

#include "base/bytes.h"
#include "base/checksum.h"
#include "base/sort.h"

/* Terms in fewer documents say little of where these should stand, terms in most say nothing. */
#define DF_LEAST       16u
#define DF_LEAST_SHARE 4096u /* ... nor those in fewer than one document of so many */
#define DF_MOST_SHARE  8u

static struct fr_buf *buffer(struct fr_reorder_queue *r, unsigned i)
{
    struct fr_buf *all[] = {&r->spool_at.buf, &r->id_hashes.buf, &r->dfs.buf, &r->forward.buf,
                            &r->ends.buf,     &r->found.buf,     &r->document};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

void fr_reorder_queue_init(struct fr_reorder_queue *r, const struct fr_settings *settings,
                           const char *path, uint64_t memory_bytes, const frai_allocator *mem)
{
    *r = (struct fr_reorder_queue){.mem = mem, .memory_bytes = memory_bytes};
    fr_analyzer_init(&r->analyzer, (enum fr_analyzer_kind)settings->analyzer, mem);
    fr_spill_buffer_init(&r->spool, mem, path, (size_t)(memory_bytes / 8));
    fr_interner_init(&r->terms, mem);
    for (unsigned i = 0; buffer(r, i); i++) fr_buf_init(buffer(r, i), mem);
}

void fr_reorder_queue_deinit(struct fr_reorder_queue *r)
{
    if (!r->mem) return;
    fr_analyzer_deinit(&r->analyzer);
    fr_spill_buffer_deinit(&r->spool);
    fr_interner_deinit(&r->terms);
    for (unsigned i = 0; buffer(r, i); i++) fr_buf_deinit(buffer(r, i));
}

static uint32_t hash_of(uint32_t number)
{
    return (uint32_t)fr_hash64(&number, 4);
}

/* Of every two terms one is forgotten. */
static void thin_out(struct fr_reorder_queue *r)
{
    uint64_t *ends = fr_vec_data(&r->ends), begin = 0, kept = 0;
    uint32_t *forward = fr_vec_data(&r->forward);
    r->sampled = r->sampled << 1 | 1;
    for (size_t d = 0; d < fr_vec_count(&r->ends); d++) {
        uint64_t end = ends[d];
        for (uint64_t i = begin; i < end; i++) {
            uint32_t hash = fr_load32(fr_interned(&r->terms, forward[i]).ptr);
            if (!(hash & r->sampled)) forward[kept++] = forward[i];
        }
        begin = end;
        ends[d] = kept;
    }
    fr_vec_set_count(&r->forward, kept);
}

static int by_number(const void *a, const void *b, void *ctx)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    (void)ctx;
    return x < y ? -1 : x > y;
}

static bool analyze(struct fr_reorder_queue *r, const uint8_t *record, size_t len)
{
    fr_analyzer_reset(&r->analyzer);
    for (unsigned field = FR_FIELD_TITLE; field <= FR_FIELD_BODY; field++) {
        frai_slice text = fr_record_field(record, len, field);
        if (text.len && !fr_analyze(&r->analyzer, text.ptr, text.len)) return false;
    }
    return true;
}

/* The hashes of a document's terms, ascending, into found. */
static bool find_terms(struct fr_reorder_queue *r, const uint8_t *record, size_t len)
{
    const struct fr_analyzer *a = &r->analyzer;
    fr_vec_set_count(&r->found, 0);
    if (!analyze(r, record, len)) return false;
    for (size_t i = 0; i < fr_vec_count(&a->tokens); i++) {
        const struct fr_token *t = &fr_vec_at(&a->tokens, i);
        uint32_t hash = t->word_bytes ? (uint32_t)fr_hash64(a->words.data + t->key, t->word_bytes)
                                      : hash_of(t->key);
        if (!(hash & r->sampled)) fr_vec_push(&r->found, hash);
    }
    size_t count = fr_vec_count(&r->found);
    if (count) fr_sort(fr_vec_data(&r->found), count, sizeof(uint32_t), by_number, NULL);
    return !r->found.buf.failed;
}

static bool add_terms(struct fr_reorder_queue *r)
{
    uint32_t previous = 0;
    for (size_t i = 0; i < fr_vec_count(&r->found); i++) {
        uint32_t hash = fr_vec_at(&r->found, i), known = fr_interner_count(&r->terms);
        if (i && hash == previous) continue;
        previous = hash;
        uint32_t term = fr_intern(&r->terms, &hash, 4);
        if (term == FR_INTERN_FAILED) return false;
        if (term == known) fr_vec_push(&r->dfs, 0);
        fr_vec_push(&r->forward, term);
        if (r->dfs.buf.failed || r->forward.buf.failed) return false;
        fr_vec_at(&r->dfs, term)++;
    }
    fr_vec_push(&r->ends, fr_vec_count(&r->forward));
    return !r->ends.buf.failed;
}

#define READ_BYTES (1u << 20) /* of a record at a time, and of those whose terms are looked at */

static frai_status spool(struct fr_reorder_queue *r, frai_slice id,
                         const struct fr_record_source *record, frai_error *err)
{
    struct fr_buf *to = &r->spool.buf;
    uint64_t len = fr_record_bytes(record);
    fr_vec_push(&r->spool_at, fr_spill_buffer_len(&r->spool));
    fr_vec_push(&r->id_hashes, fr_hash64(id.ptr, id.len));
    fr_buf_u32(to, (uint32_t)id.len);
    fr_buf_u32(to, (uint32_t)len);
    fr_buf_put(to, id.ptr, id.len);
    for (uint64_t at = 0; at < len;) {
        size_t n = len - at < READ_BYTES ? (size_t)(len - at) : READ_BYTES;
        if (!fr_buf_reserve(&r->document, n)) return fr_fail_memory(err, "building");
        FR_TRY(fr_record_read(record, at, r->document.data, n, err));
        fr_buf_put(to, r->document.data, n);
        if (to->failed) break;
        fr_spill_if_full(&r->spool);
        at += n;
    }
    bool failed = to->failed || r->spool_at.buf.failed || r->id_hashes.buf.failed;
    fr_spill_if_full(&r->spool);
    return failed ? fr_fail_memory(err, "building") : FRAI_OK;
}

frai_status fr_reorder_queue_add(struct fr_reorder_queue *r, frai_slice id,
                                 const struct fr_record_source *record, frai_error *err)
{
    FR_TRY(spool(r, id, record, err));
    size_t len = (size_t)fr_record_bytes(record);
    fr_vec_set_count(&r->found, 0);
    bool looked = len > READ_BYTES || find_terms(r, r->document.data, len);
    if (!looked || !add_terms(r)) return fr_fail_memory(err, "building");
    if (r->forward.buf.len > r->memory_bytes / 4) thin_out(r);
    return FRAI_OK;
}

uint32_t fr_reorder_queue_documents(const struct fr_reorder_queue *r)
{
    return (uint32_t)fr_vec_count(&r->ends);
}

/* Leaves out terms that are too rare or too frequent, and numbers the others anew. */
static bool choose_terms(struct fr_reorder_queue *r, struct fr_forward *out)
{
    uint32_t docs = (uint32_t)fr_vec_count(&r->ends), least = docs / DF_LEAST_SHARE,
             most = docs / DF_MOST_SHARE, count = 0;
    uint64_t *ends = fr_vec_data(&r->ends), begin = 0, kept = 0;
    if (least < DF_LEAST) least = DF_LEAST;
    if (!fr_vec_room(&r->forward, 1)) return false; /* never NULL, though there is no term */
    uint32_t *df = fr_vec_data(&r->dfs), *forward = fr_vec_data(&r->forward);
    for (uint32_t t = 0; t < fr_interner_count(&r->terms); t++)
        df[t] = df[t] >= least && df[t] <= most ? count++ : UINT32_MAX;
    for (uint32_t d = 0; d < docs; d++) {
        for (uint64_t i = begin; i < ends[d]; i++)
            if (df[forward[i]] != UINT32_MAX) forward[kept++] = df[forward[i]];
        begin = ends[d];
        ends[d] = kept;
    }
    *out = (struct fr_forward){docs, count, ends, forward};
    return true;
}

struct numbered {
    uint64_t hash;
    uint32_t doc, place;
};

static int by_hash(const void *a, const void *b, void *ctx)
{
    const struct numbered *x = a, *y = b;
    (void)ctx;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static int by_doc(const void *a, const void *b, void *ctx)
{
    const struct numbered *x = a, *y = b;
    (void)ctx;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

/* Documents with equal ids keep their order among the places that they were given. */
static bool keep_order_of_equals(struct fr_reorder_queue *r, uint32_t *order, uint32_t docs)
{
    FR_VECTOR(struct numbered) numbered;
    fr_buf_init(&numbered.buf, r->mem);
    struct numbered *all = fr_vec_reserve(&numbered, docs);
    if (!all) return false;
    for (uint32_t i = 0; i < docs; i++)
        all[i] = (struct numbered){fr_vec_at(&r->id_hashes, order[i]), order[i], i};
    fr_sort(all, docs, sizeof *all, by_hash, NULL);
    for (uint32_t i = 0, end; i < docs; i = end) {
        for (end = i + 1; end < docs && all[end].hash == all[i].hash;) end++;
        if (end - i == 1) continue;
        FR_VECTOR(uint32_t) places;
        fr_buf_init(&places.buf, r->mem);
        for (uint32_t k = i; k < end; k++) fr_vec_push(&places, all[k].place);
        fr_sort(all + i, end - i, sizeof *all, by_doc, NULL);
        for (uint32_t k = i; !places.buf.failed && k < end; k++)
            order[fr_vec_at(&places, k - i)] = all[k].doc;
        bool failed = places.buf.failed;
        fr_buf_deinit(&places.buf);
        if (failed) {
            fr_buf_deinit(&numbered.buf);
            return false;
        }
    }
    fr_buf_deinit(&numbered.buf);
    return true;
}

/* Where a document's record begins in the spool. */
struct spooled {
    struct fr_spill_buffer *spool;
    uint64_t at;
};

static frai_status read_spooled(void *ctx, uint64_t at, void *to, size_t bytes, frai_error *err)
{
    const struct spooled *s = ctx;
    return fr_spill_buffer_read(s->spool, s->at + at, to, bytes, err);
}

static frai_status hand_on(struct fr_reorder_queue *r, uint32_t doc, fr_reorder_queue_next next,
                           void *ctx, frai_error *err)
{
    uint64_t at = fr_vec_at(&r->spool_at, doc);
    uint32_t sizes[2];
    FR_TRY(fr_spill_buffer_read(&r->spool, at, sizes, sizeof sizes, err));
    if (!fr_buf_reserve(&r->document, sizes[0] + 1ull)) return fr_fail_memory(err, "reordering");
    FR_TRY(fr_spill_buffer_read(&r->spool, at + sizeof sizes, r->document.data, sizes[0], err));
    struct spooled spooled = {&r->spool, at + sizeof sizes + sizes[0]};
    const struct fr_record_source record = {
        .rest_bytes = sizes[1], .read = read_spooled, .ctx = &spooled};
    return next(ctx, (frai_slice){(const char *)r->document.data, sizes[0]}, &record, err);
}

frai_status fr_reorder_queue_drain(struct fr_reorder_queue *r, uint32_t threads,
                                   fr_reorder_queue_next next, void *ctx, frai_error *err)
{
    struct fr_forward in;
    FR_VECTOR(uint32_t) order;
    uint32_t docs = (uint32_t)fr_vec_count(&r->ends);
    if (docs == 0) return FRAI_OK;
    FR_TRY(fr_spill_buffer_status(&r->spool, err));
    fr_buf_init(&order.buf, r->mem);
    uint32_t *numbers = fr_vec_reserve(&order, docs);
    bool ok = numbers && choose_terms(r, &in) &&
              fr_graph_bisection(&in, threads, numbers, r->mem) &&
              keep_order_of_equals(r, numbers, docs);
    frai_status status = ok ? FRAI_OK : fr_fail_memory(err, "reordering");
    struct fr_buf *done[] = {&r->forward.buf, &r->ends.buf, &r->id_hashes.buf, &r->dfs.buf};
    for (unsigned i = 0; i < sizeof done / sizeof *done; i++) fr_buf_deinit(done[i]);
    fr_interner_deinit(&r->terms);
    fr_interner_init(&r->terms, r->mem);
    for (uint32_t i = 0; status == FRAI_OK && i < docs; i++)
        status = hand_on(r, numbers[i], next, ctx, err);
    fr_buf_deinit(&order.buf);
    return status;
}
