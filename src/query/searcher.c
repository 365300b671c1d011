/* Buffers live as long as the searcher and are reused by each call; after one that ran out of
 * memory those are freed that no answer points into. */
#include "query/searcher.h"

#include "base/compress.h"
#include "base/lower_bound.h"
#include "base/sort.h"
#include "segment/documents.h"

void fr_searcher_set_model(struct fr_searcher *s, const struct fr_rank_model *model)
{
    FR_ASSERT(fr_rank_model_is_sound(model));
    s->context.model = *model;
}

/* Buffer i of the searcher's own, NULL after the last. No answer points into the first ones. */
#define SCRATCH_BUFFERS 10u
static struct fr_buf *buffer(struct fr_searcher *s, unsigned i)
{
    struct fr_buf *all[] = {
        &s->heap.buf, &s->pending.buf, &s->summands.buf, &s->cursors.buf, &s->bit_cursors.buf,
        &s->syllables.buf, &s->syllable_cursors.buf, &s->found.buf, &s->nodes.buf, &s->titled.buf,
        /* answers: */
        &s->text, &s->id, &s->spans.buf, &s->rewritten, &s->suggestion, &s->missing, &s->replaced,
        &s->hits.buf, &s->steps.buf, &s->results.hits.buf, &s->explanation.parts.buf,
        &s->diagnosis.findings.buf, &s->described.steps.buf};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

static struct fr_plan *plan(struct fr_searcher *s, unsigned i)
{
    struct fr_plan *all[] = {&s->main, &s->second, &s->probe};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}

/* The reader of the document's segment, of the first set or of the second. */
static struct fr_store_reader *store_of(struct fr_searcher *s, uint32_t set, uint64_t doc,
                                        uint32_t *local)
{
    uint32_t g = fr_snapshot_segment_of(s->context.snapshot, doc, local),
             i = set * s->context.snapshot->segment_count + g;
    if (!s->store_open[i]) {
        fr_store_reader_init(&s->stores[i], &s->context.snapshot->segments[g], &s->context.mem);
        s->store_open[i] = true;
    }
    return &s->stores[i];
}

/* What fr_searcher_store gave stays as it is. */
static frai_status read_for_gaps(void *searcher, uint64_t doc, uint32_t position, uint32_t end,
                                 struct fr_gap_text *text)
{
    uint32_t local;
    struct fr_store_reader *store = store_of(searcher, 1, doc, &local);
    struct fr_stored stored;
    struct fr_stored_text part;
    FR_TRY(fr_store_find(store, local, &stored, NULL));
    text->is_record = !fr_stored_is_long(&stored);
    if (text->is_record) return fr_store_read(store, local, &text->bytes, &text->len, NULL);
    const struct fr_stored_place place = {{0, 0, stored.bytes}, position, end};
    FR_TRY(fr_store_read_near(store, &stored, &place, &part, NULL));
    text->bytes = (const uint8_t *)part.text.ptr;
    text->len = part.text.len;
    text->stop = part.stop;
    return FRAI_OK;
}

frai_status fr_searcher_init(struct fr_searcher *s, const struct fr_snapshot *snapshot,
                             frai_error *err)
{
    *s = (struct fr_searcher){.search_memory = FRAI_SEARCH_MEMORY};
    FR_TRY(fr_context_init(&s->context, snapshot, err));
    const frai_allocator *mem = &s->context.mem;
    fr_scratch_init(&s->scratch, mem);
    s->gaps = (struct fr_gap_reader){
        .settings = &snapshot->manifest.settings, .read = read_for_gaps, .ctx = s};
    fr_analyzer_init(&s->gaps.analyzer, s->context.analyzer.kind, mem);
    s->gaps.analyzer.stop = s->context.analyzer.stop;
    s->count_only = fr_count_only();
    for (unsigned i = 0; buffer(s, i); i++) fr_buf_init(buffer(s, i), mem);
    for (unsigned i = 0; plan(s, i); i++) fr_plan_init(plan(s, i), mem);
    size_t readers = 2 * (size_t)snapshot->segment_count;
    s->stores = fr_new(mem, readers * sizeof *s->stores);
    s->store_open = fr_new(mem, readers * sizeof *s->store_open);
    fr_rank_init(&s->rank, mem, &s->context.interrupt, &s->damage);
    fr_searcher_set_model(s, &fr_rank_model_default);
    if (s->stores && s->store_open) return FRAI_OK;
    fr_searcher_deinit(s);
    return fr_fail_memory(err, "searching");
}

void fr_searcher_deinit(struct fr_searcher *s)
{
    const frai_allocator *mem = &s->context.mem;
    size_t readers = 2 * (size_t)s->context.snapshot->segment_count;
    for (size_t i = 0; s->stores && s->store_open && i < readers; i++)
        if (s->store_open[i]) fr_store_reader_deinit(&s->stores[i]);
    fr_free(mem, s->stores, readers * sizeof *s->stores);
    fr_free(mem, s->store_open, readers * sizeof *s->store_open);
    fr_scratch_deinit(&s->scratch);
    fr_analyzer_deinit(&s->gaps.analyzer);
    fr_rank_deinit(&s->rank);
    for (unsigned i = 0; plan(s, i); i++) fr_plan_deinit(plan(s, i));
    for (unsigned i = 0; buffer(s, i); i++) fr_buf_deinit(buffer(s, i));
    fr_context_deinit(&s->context);
}

frai_status fr_searcher_limit(struct fr_searcher *s, uint64_t bytes, frai_error *err)
{
    s->context.held_most = bytes;
    s->context.refused = bytes && s->context.held > bytes;
    return s->context.refused ? fr_context_memory(&s->context, err) : FRAI_OK;
}

uint64_t fr_searcher_memory(const struct fr_searcher *s)
{
    size_t readers = 2 * (size_t)s->context.snapshot->segment_count;
    uint64_t bytes = s->context.held;
    for (size_t i = 0; i < readers; i++)
        if (s->store_open[i] && s->stores[i].decompressor)
            bytes += fr_decompressor_bytes(s->stores[i].decompressor);
    return bytes;
}

void fr_searcher_give_back(struct fr_searcher *s)
{
    for (unsigned i = 0; buffer(s, i); i++)
        if (i < SCRATCH_BUFFERS || buffer(s, i)->len == 0) fr_buf_deinit(buffer(s, i));
    fr_buf_deinit(&s->context.ordinals.buf);
    fr_plan_deinit(&s->probe);
    if (s->main.text.len == 0) fr_plan_deinit(&s->main);
    if (s->second.text.len == 0) fr_plan_deinit(&s->second);
    fr_scratch_deinit(&s->scratch);
    fr_analyzer_deinit(&s->gaps.analyzer);
    fr_rank_deinit(&s->rank);
    fr_analyzer_deinit(&s->context.analyzer);
}

void fr_searcher_begin(struct fr_searcher *s)
{
    s->context.refused = false;
    s->damage.met = false;
    fr_interrupt_arm(&s->context.interrupt, s->interrupt, s->interrupt_arg, s->timeout_us);
}

frai_status fr_searcher_end(struct fr_searcher *s, frai_status status, frai_error *err)
{
    const struct fr_interrupt *interrupt = &s->context.interrupt;
    if (!interrupt->fired) return status;
    if (!interrupt->out_of_memory) return fr_interrupt_status(interrupt, err);
    fr_searcher_give_back(s);
    return fr_context_memory(&s->context, err);
}

void fr_searcher_forget(struct fr_searcher *s)
{
    fr_plan_clear(&s->main);
    fr_plan_clear(&s->second);
    fr_buf_clear(&s->rewritten);
    fr_buf_clear(&s->suggestion);
    fr_buf_clear(&s->missing);
    fr_buf_clear(&s->replaced);
    fr_buf_clear(&s->hits.buf);
    s->hits_by_doc = false;
    fr_buf_clear(&s->steps.buf);
    fr_buf_clear(&s->results.hits.buf);
    s->results.info = (frai_search_info)FRAI_SEARCH_INFO_INIT;
}

static int by_doc(const void *a, const void *b, void *ctx)
{
    const struct fr_hit *x = a, *y = b;
    (void)ctx;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

const struct fr_hit *fr_searcher_hit(struct fr_searcher *s, uint64_t doc)
{
    struct fr_hit *hits = fr_vec_data(&s->hits);
    size_t count = fr_vec_count(&s->hits), at = 0;
    if (count && !s->hits_by_doc) fr_sort(hits, count, sizeof *hits, by_doc, NULL);
    s->hits_by_doc = true;
    FR_LOWER_BOUND(size_t, at, count, i, hits[i].doc < doc)
    return at < count && hits[at].doc == doc ? &hits[at] : NULL;
}

const struct fr_plan *fr_searcher_plan_of(const struct fr_searcher *s, const struct fr_hit *hit)
{
    return hit && hit->tier >= FR_TIER_SPACED ? &s->second : &s->main;
}

frai_status fr_searcher_heap(struct fr_searcher *s, uint64_t k, struct fr_topk *top,
                             frai_error *err)
{
    if (k > s->context.snapshot->live_docs) k = s->context.snapshot->live_docs;
    struct fr_scored *heap = fr_vec_reserve(&s->heap, (size_t)k);
    if (!heap) return fr_fail_memory(err, "searching");
    fr_topk_init(top, heap, (uint32_t)k);
    return FRAI_OK;
}

bool fr_searcher_rank(struct fr_searcher *s, const struct fr_plan *p)
{
    struct fr_rank_collection all = {(float)p->collection.documents, p->average_length};
    return fr_rank_prepare(&s->rank, &s->context.model, &p->query, fr_vec_data(&p->weights), &all);
}

frai_status fr_searcher_require(const struct fr_searcher *s, uint64_t doc, frai_error *err)
{
    if (doc >= s->context.snapshot->docs)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "document %llu: there is no such document",
                       (unsigned long long)doc);
    uint32_t local, g = fr_snapshot_segment_of(s->context.snapshot, doc, &local);
    const struct fr_segment *seg = &s->context.snapshot->segments[g];
    FR_TRY(fr_live_check(seg, err));
    if (fr_document_is_live(seg, local)) return FRAI_OK;
    return fr_fail(err, FRAI_ERR_ARGUMENT, "document %llu: it was deleted",
                   (unsigned long long)doc);
}

frai_status fr_searcher_store(struct fr_searcher *s, uint64_t doc, struct fr_store_reader **store,
                              uint32_t *local, frai_error *err)
{
    FR_TRY(fr_searcher_require(s, doc, err));
    *store = store_of(s, 0, doc, local);
    return FRAI_OK;
}
