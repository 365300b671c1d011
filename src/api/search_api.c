/* The public functions of search.h. */
#include "api/search_api.h"

#include "api/structs.h"
#include "query/search.h"

frai_status frai_index_open(const char *dir, const frai_open_options *options, frai_index **index,
                            frai_error *err)
{
    if (index) *index = NULL;
    if (!dir || !index) return fr_fail(err, FRAI_ERR_ARGUMENT, "dir and index must not be NULL");
    frai_open_options o = FRAI_OPEN_OPTIONS_INIT;
    FR_TRY(fr_take_struct(&o, sizeof o, options, err));
    const frai_allocator *mem = fr_allocator_or_libc(o.allocator);
    frai_index *i = fr_new(mem, sizeof *i);
    if (!i) return fr_fail_memory(err, "opening the index");
    i->searcher_memory = o.searcher_memory;
    frai_error error = {0};
    frai_status status = fr_tell(err, fr_snapshot_open(&i->snapshot, dir, mem, &error), &error);
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

uint64_t frai_index_document_count(const frai_index *index)
{
    return index ? index->snapshot.live_docs : 0;
}

int frai_index_used_previous_commit(const frai_index *index)
{
    return index && index->snapshot.fell_back;
}

frai_status frai_searcher_create(frai_index *index, frai_searcher **searcher, frai_error *err)
{
    if (searcher) *searcher = NULL;
    if (!index || !searcher)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "index and searcher must not be NULL");
    const frai_allocator *mem = index->snapshot.mem;
    frai_searcher *s = fr_new(mem, sizeof *s);
    if (!s) return fr_fail_memory(err, "opening the index");
    frai_status status = fr_searcher_init(&s->searcher, &index->snapshot, err);
    if (status == FRAI_OK) {
        s->searcher.context.held += sizeof *s;
        status = fr_searcher_limit(&s->searcher, index->searcher_memory, err);
        if (status != FRAI_OK) fr_searcher_deinit(&s->searcher);
    }
    if (status == FRAI_OK)
        *searcher = s;
    else
        fr_free(mem, s, sizeof *s);
    return status;
}

void frai_searcher_destroy(frai_searcher *s)
{
    if (!s) return;
    const frai_allocator *mem = s->searcher.context.snapshot->mem;
    fr_searcher_deinit(&s->searcher);
    fr_free(mem, s, sizeof *s);
}

uint64_t frai_searcher_memory(const frai_searcher *s)
{
    return s ? fr_searcher_memory(&s->searcher) : 0;
}

frai_status frai_searcher_set_synonyms(frai_searcher *s, frai_slice text, frai_error *err)
{
    if (!s || (!text.ptr && text.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher and text must not be NULL");
    if (!text.ptr) text.ptr = "";
    fr_searcher_begin(&s->searcher);
    if (fr_synonyms_set(&s->searcher.context.synonyms, text)) return FRAI_OK;
    return fr_searcher_end(&s->searcher, fr_fail_memory(err, "opening the index"), err);
}

frai_status frai_searcher_set_interrupt(frai_searcher *s, int (*interrupt)(void *arg),
                                        void *interrupt_arg, uint64_t timeout_us, frai_error *err)
{
    if (!s) return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher must not be NULL");
    s->searcher.interrupt = interrupt;
    s->searcher.interrupt_arg = interrupt_arg;
    s->searcher.timeout_us = timeout_us;
    return FRAI_OK;
}

#define FLAGS                                                                                      \
    (FRAI_SEARCH_EXACT | FRAI_SEARCH_COUNT_EXACT | FRAI_SEARCH_NO_FIX | FRAI_SEARCH_NO_TOTAL |     \
     FRAI_SEARCH_FUZZY | FRAI_SEARCH_PREFIX | FRAI_SEARCH_STRICT_LIMITS)

frai_status fr_read_options(const frai_search_options *given, frai_search_options *o,
                            frai_error *err)
{
    *o = (frai_search_options)FRAI_SEARCH_OPTIONS_INIT;
    FR_TRY(fr_take_struct(o, sizeof *o, given, err));
    if ((unsigned)o->match > FRAI_MATCH_ANY)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "unknown match mode");
    if ((unsigned)o->rank > FRAI_RANK_BM25)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "unknown ranking");
    if (o->flags & ~FLAGS) return fr_fail(err, FRAI_ERR_ARGUMENT, "unknown flags");
    return FRAI_OK;
}

/* Of a hit, in all lists that it goes through. */
#define HIT_BYTES 128u

/* What the searcher may hold by the end of a search. */
static uint64_t memory_for(const struct fr_searcher *s, const frai_search_options *o)
{
    uint64_t hits = o->offset + o->limit, all = s->context.snapshot->live_docs;
    return s->context.held + s->search_memory + (hits < all ? hits : all) * HIT_BYTES;
}

frai_status frai_search(frai_searcher *s, frai_slice query, const frai_search_options *options,
                        const frai_results **results, frai_error *err)
{
    frai_search_options o;
    if (results) *results = NULL;
    if (s) fr_searcher_forget(&s->searcher);
    if (!s || !results || (!query.ptr && query.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "searcher, results and query must not be NULL");
    FR_TRY(fr_read_options(options, &o, err));
    if (o.limit == 0 || o.limit > FRAI_LIMIT_MAX || o.offset > FRAI_LIMIT_MAX - o.limit)
        return fr_fail(err, FRAI_ERR_ARGUMENT,
                       "limit must be at least 1, offset + limit at most %u", FRAI_LIMIT_MAX);
    if (!query.ptr) query.ptr = "";
    struct fr_searcher *in = &s->searcher;
    fr_searcher_begin(in);
    fr_interrupt_arm(&in->context.interrupt, o.interrupt, o.interrupt_arg, o.timeout_us);
    in->context.interrupt.work_most = o.work_limit ? o.work_limit : FRAI_WORK_DEFAULT;
    uint64_t limit = in->context.held_most;
    if (!limit) in->context.held_most = memory_for(in, &o);
    frai_status status = fr_searcher_search(in, query, &o, err);
    status = fr_give_results(in, status, results, err);
    in->context.held_most = limit;
    return status;
}

frai_status fr_give_results(struct fr_searcher *s, frai_status status, const frai_results **results,
                            frai_error *err)
{
    status = fr_searcher_end(s, status, err);
    if (status == FRAI_OK)
        *results = &s->results;
    else
        fr_searcher_forget(s);
    if (status == FRAI_ERR_MEMORY) fr_searcher_give_back(s);
    return status;
}

uint32_t frai_results_count(const frai_results *results)
{
    return results ? (uint32_t)fr_vec_count(&results->hits) : 0;
}

uint64_t frai_results_doc(const frai_results *results, uint32_t i)
{
    if (i >= frai_results_count(results)) return UINT64_MAX;
    return fr_vec_at(&results->hits, i).doc;
}

float frai_results_score(const frai_results *results, uint32_t i)
{
    if (i >= frai_results_count(results)) return 0;
    return fr_vec_at(&results->hits, i).score;
}

void frai_results_read_info(const frai_results *results, frai_search_info *info)
{
    const frai_search_info none = FRAI_SEARCH_INFO_INIT;
    if (info) fr_give_struct(info, results ? &results->info : &none, sizeof none);
}
