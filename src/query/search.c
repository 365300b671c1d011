/* One search, from the words to the hits, in tiers: documents with all words as they are (after
 * what no document has was corrected), then those with some of them; then, of words typed without
 * their spaces, the same again with spaces put in. A tier is a pass that leaves out what those
 * before it found. Where no tier finds anything, all of it once more for the fronts of the words.
 */
#include "query/search.h"

#include "base/sort.h"
#include "query/correct.h"
#include "query/front.h"
#include "query/missing.h"
#include "query/page.h"
#include "query/rerank.h"
#include "query/terms_search.h"

/* One search: what it asks for, and what it found so far; s->hits has the tiers that are done. */
struct search {
    const frai_search_options *options;
    const struct fr_collection_stats *stats; /* fr_question's */
    struct fr_plan *plan; /* what is searched for: s->main, then s->second for the last hits */
    enum fr_tier tier;
    struct fr_pass pass;
    FR_VECTOR(uint64_t) found_docs; /* documents in s->hits, ascending */
    frai_search_info info;
    bool uncounted;     /* there may be more matches than pass.total */
    uint64_t work_most; /* UINT64_MAX: any number */
    bool fronts; /* of words that were not found, which are known already, are searched for */
};

/* The work that may be done up to a step: so many eighths of all. */
enum { WORK_TO_PLAN = 2, WORK_TO_SPACE = 4, WORK_TO_FIND = 6, WORK_TO_RANK = 8 };

static void allow_work(struct fr_searcher *s, const struct search *q, uint64_t eighths)
{
    struct fr_interrupt *i = &s->context.interrupt;
    i->work_most = q->work_most == UINT64_MAX ? UINT64_MAX : q->work_most / 8 * eighths;
}

static int by_number(const void *a, const void *b, void *ctx)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    (void)ctx;
    return x < y ? -1 : x > y;
}

/* Documents with all words, or, from FR_QUERY_MANY_WORDS on and where it is asked for, with any;
 * ranked. */
static frai_status search_once(struct fr_searcher *s, struct search *q, frai_error *err)
{
    const frai_search_options *o = q->options;
    struct fr_pass *pass = &q->pass;
    uint64_t limit = o->flags & FRAI_SEARCH_NO_TOTAL      ? 0
                     : o->flags & FRAI_SEARCH_COUNT_EXACT ? UINT64_MAX
                                                          : FRAI_TOTAL_EXACT_MAX + 1;
    struct fr_interrupt *i = &s->context.interrupt;
    allow_work(s, q, WORK_TO_FIND);
    FR_TRY(fr_pass_best(s, pass, limit, err));
    q->uncounted = i->cut || (!limit && pass->top.count == pass->top.k);
    if (pass->total < pass->top.count) pass->total = pass->top.count;
    allow_work(s, q, WORK_TO_RANK);
    FR_TRY(fr_rerank(s, pass, err));
    allow_work(s, q, WORK_TO_FIND);
    return FRAI_OK;
}

/* Appends the hits of the pass to those of the passes before. */
static frai_status keep_hits(struct fr_searcher *s, struct search *q, frai_error *err)
{
    const struct fr_topk *top = &q->pass.top;
    if (!fr_vec_room(&s->hits, top->count)) return fr_fail_memory(err, "searching");
    for (uint32_t i = 0; i < top->count; i++)
        fr_vec_push(&s->hits, .doc = top->heap[i].doc, .score = top->heap[i].score,
                    .tier = (uint8_t)q->tier, .ranked = i < q->pass.ranked);
    return FRAI_OK;
}

/* Ends a tier: the next pass leaves its documents out and asks for the rest. */
static frai_status end_tier(struct fr_searcher *s, struct search *q, enum fr_tier next,
                            frai_error *err)
{
    FR_TRY(keep_hits(s, q, err));
    size_t count = fr_vec_count(&s->hits);
    uint64_t *found = fr_vec_reserve(&q->found_docs, count);
    if (!found) return fr_fail_memory(err, "searching");
    for (size_t i = 0; i < count; i++) found[i] = fr_vec_at(&s->hits, i).doc;
    fr_sort(found, count, sizeof *found, by_number, NULL);
    q->pass.skip = found;
    q->pass.skip_count = count;
    q->pass.wanted -= q->pass.top.count;
    q->tier = next;
    return FRAI_OK;
}

/* Is there a word that no hit has? */
static bool may_correct(const struct search *q)
{
    uint64_t wanted = 0;
    for (uint32_t i = 0; i < fr_plan_words(q->plan) && i < 64; i++)
        if (!fr_plan_word(q->plan, i)->negative) wanted |= 1ull << i;
    if (!q->pass.any) return q->pass.top.count == 0;
    return q->pass.seen.known && (q->pass.seen.words & wanted) != wanted;
}

/* A text, asked for as the search wants it. */
static struct fr_question question(const struct search *q, frai_slice text)
{
    const frai_search_options *o = q->options;
    return (struct fr_question){
        .text = text, .flags = o->flags, .ranking = o->rank, .match = o->match, .stats = q->stats};
}

/* Searches for a plan from now on. */
static void use_plan(struct search *q, struct fr_plan *plan)
{
    q->plan = plan;
    q->pass.plan = plan;
    q->pass.any = plan->query.root != plan->query.all;
}

/* Makes the plan that is searched for anew. */
static frai_status make_plan(struct fr_searcher *s, struct search *q,
                             const struct fr_question *asked, frai_error *err)
{
    FR_TRY(fr_plan_make(&s->context, asked, q->plan, err));
    use_plan(q, q->plan);
    return FRAI_OK;
}

/* Searches for the query as corrected. */
static frai_status search_corrected(struct fr_searcher *s, struct search *q,
                                    const struct fr_correction *c, frai_error *err)
{
    frai_slice text = {(const char *)c->text.data, c->text.len};
    struct fr_question asked = question(q, text);
    asked.initials_at = c->initials_at;
    asked.initials = c->initials;
    FR_TRY(make_plan(s, q, &asked, err));
    q->pass.total = 0;
    return search_once(s, q, err);
}

/* Looks for what may have been meant, and searches again for it. */
static frai_status correct_query(struct fr_searcher *s, struct search *q, frai_error *err)
{
    struct fr_correction correction = {
        .rewritten = &s->rewritten, .suggestion = &s->suggestion, .replaced = &s->replaced};
    bool fuzzy = q->options->flags & FRAI_SEARCH_FUZZY, spaced = s->rewritten.len > 0;
    correction.seen = q->pass.seen.words;
    frai_status status = fr_correct(s, q->plan, fuzzy, &correction, err);
    if (fr_interrupt_cuts(&s->context.interrupt, status)) {
        fr_buf_clear(&s->rewritten);
        fr_buf_clear(&s->replaced);
        fr_buf_clear(&s->suggestion);
        correction.changed = false;
        status = FRAI_OK;
    }
    if (status == FRAI_OK && correction.changed)
        status = search_corrected(s, q, &correction, err);
    else if (status == FRAI_OK && spaced)
        fr_buf_put(&s->rewritten, q->plan->text.data, q->plan->text.len);
    q->info.suggestion = (frai_slice){(const char *)s->suggestion.data, s->suggestion.len};
    q->info.rewritten = (frai_slice){(const char *)s->rewritten.data, s->rewritten.len};
    q->info.replaced = (frai_slice){(const char *)s->replaced.data, s->replaced.len};
    fr_buf_deinit(&correction.text);
    return status;
}

/* A sentence without spaces is searched as one with them. */
static frai_status space_sentences(struct fr_searcher *s, struct search *q, frai_error *err)
{
    frai_status status = fr_correct_spacing(s, q->plan, FR_SENTENCE_MIN, &s->rewritten, err);
    if (fr_interrupt_cuts(&s->context.interrupt, status)) {
        fr_buf_clear(&s->rewritten);
        return FRAI_OK;
    }
    FR_TRY(status);
    if (s->rewritten.len == 0) return FRAI_OK;
    allow_work(s, q, WORK_TO_FIND);
    q->info.rewritten = (frai_slice){(const char *)s->rewritten.data, s->rewritten.len};
    struct fr_question asked = question(q, q->info.rewritten);
    return make_plan(s, q, &asked, err);
}

/* The hits so far stay on top; what follows has some of the words. */
static frai_status search_some(struct fr_searcher *s, struct search *q, enum fr_tier tier,
                               frai_error *err)
{
    FR_TRY(end_tier(s, q, tier, err));
    q->pass.any = true;
    return search_once(s, q, err);
}

/* Makes s->second of the query with spaces put into all words; *made: there are some to put. */
static frai_status plan_spaced(struct fr_searcher *s, const struct search *q, bool *made,
                               frai_error *err)
{
    struct fr_buf apart;
    fr_buf_init(&apart, &s->context.mem);
    frai_status status = fr_correct_spacing(s, q->plan, FR_SPACED_MIN, &apart, err);
    struct fr_question asked = question(q, (frai_slice){(const char *)apart.data, apart.len});
    *made = apart.len > 0;
    if (status == FRAI_OK && *made) status = fr_plan_make(&s->context, &asked, &s->second, err);
    fr_buf_deinit(&apart);
    return status;
}

/* Behind the documents that have a word whole, those that have it with spaces in it, anywhere:
 * 투자소식 is asked for as 투자 소식 too. */
static frai_status search_spaced(struct fr_searcher *s, struct search *q, frai_error *err)
{
    bool made;
    frai_status status = plan_spaced(s, q, &made, err);
    if (fr_interrupt_cuts(&s->context.interrupt, status)) return FRAI_OK;
    FR_TRY(status);
    if (!made) return FRAI_OK;
    FR_TRY(end_tier(s, q, FR_TIER_SPACED, err));
    use_plan(q, &s->second);
    FR_TRY(search_once(s, q, err));
    if (q->pass.any || q->pass.top.count >= q->pass.wanted) return FRAI_OK;
    return search_some(s, q, FR_TIER_SPACED_SOME, err);
}

/* How many of the page's hits have all words, among those found first. */
static frai_status count_full(struct fr_searcher *s, struct search *q, frai_error *err)
{
    const frai_search_options *o = q->options;
    const struct fr_topk *top = &q->pass.top;
    uint64_t first = o->offset < top->count ? o->offset : top->count;
    uint64_t count = top->count - first < o->limit ? top->count - first : o->limit;
    q->info.hits_with_all_words = (uint32_t)count;
    q->info.all_words_first = !q->pass.any;
    if (!q->pass.any) return FRAI_OK;
    allow_work(s, q, WORK_TO_RANK);
    frai_status status =
        fr_page_count_full(s, q->plan, top->heap + first, count, &q->info.hits_with_all_words, err);
    return fr_interrupt_cuts(&s->context.interrupt, status) ? FRAI_OK : status;
}

/* Words that no hit has; not known once work is spent. */
static frai_status find_missing(struct fr_searcher *s, const struct search *q, frai_error *err)
{
    allow_work(s, q, WORK_TO_FIND);
    frai_status status = fr_find_missing(s, q->plan, &q->pass.seen, err);
    if (!fr_interrupt_cuts(&s->context.interrupt, status)) return status;
    fr_buf_clear(&s->missing);
    return FRAI_OK;
}

/* The tiers after the first, if that one leaves room. */
static frai_status search_on(struct fr_searcher *s, struct search *q, bool fixes, frai_error *err)
{
    const frai_search_options *o = q->options;
    const struct fr_plan *plan = q->plan;
    uint64_t total = q->pass.total;
    bool automatic = o->match == FRAI_MATCH_AUTO, uncounted = q->uncounted;
    q->pass.total = 0;
    if (automatic && plan->query.required_count > 1 && !q->pass.any &&
        q->pass.top.count < q->pass.wanted) {
        FR_TRY(search_some(s, q, FR_TIER_SOME, err));
        q->info.no_hit_has_all_words = total == 0 && q->pass.total > 0;
    }
    if ((q->pass.any || total == 0) && !q->fronts) FR_TRY(find_missing(s, q, err));
    q->info.missing = (frai_slice){(const char *)s->missing.data, s->missing.len};
    if (automatic && fixes && total > 0 && q->pass.top.count < q->pass.wanted)
        FR_TRY(search_spaced(s, q, err));
    if (total) {
        q->pass.total = total;
        q->uncounted = uncounted;
    }
    return FRAI_OK;
}

/* All tiers of the plan that is searched for. */
static frai_status search_tiers(struct fr_searcher *s, struct search *q, bool fixes,
                                frai_error *err)
{
    const struct fr_interrupt *i = &s->context.interrupt;
    FR_TRY(search_once(s, q, err));
    if (fixes && !i->cut && may_correct(q)) FR_TRY(correct_query(s, q, err));
    FR_TRY(count_full(s, q, err));
    return i->cut ? FRAI_OK : search_on(s, q, fixes, err);
}

static bool found_any(const struct fr_searcher *s, const struct search *q)
{
    return fr_vec_count(&s->hits) > 0 || q->pass.top.count > 0;
}

/* The same of the words' fronts. The buffers are scratch. */
static frai_status search_fronts(struct fr_searcher *s, struct search *q, struct fr_buf *text,
                                 struct fr_buf *replaced, frai_error *err)
{
    allow_work(s, q, WORK_TO_FIND);
    frai_status status = fr_fronts(s, q->plan, text, replaced, err);
    if (fr_interrupt_cuts(&s->context.interrupt, status)) return FRAI_OK;
    FR_TRY(status);
    if (text->len == 0) return FRAI_OK;
    struct fr_question asked = question(q, (frai_slice){(const char *)text->data, text->len});
    q->tier = FR_TIER_WORDS;
    q->fronts = true;
    FR_TRY(make_plan(s, q, &asked, err));
    FR_TRY(search_tiers(s, q, false, err));
    if (!found_any(s, q)) return FRAI_OK;
    fr_buf_clear(&s->rewritten);
    fr_buf_clear(&s->replaced);
    fr_buf_put(&s->rewritten, text->data, text->len);
    fr_buf_put(&s->replaced, replaced->data, replaced->len);
    if (s->rewritten.failed || s->replaced.failed) return fr_fail_memory(err, "searching");
    q->info.rewritten = (frai_slice){(const char *)s->rewritten.data, s->rewritten.len};
    q->info.replaced = (frai_slice){(const char *)s->replaced.data, s->replaced.len};
    q->info.by_fronts = 1;
    return FRAI_OK;
}

/* Nothing was found. Who wants all words doesn't want fronts of them, and a prefix is one. */
static frai_status try_fronts(struct fr_searcher *s, struct search *q, frai_error *err)
{
    const frai_search_options *o = q->options;
    struct fr_buf text, replaced;
    if (o->match == FRAI_MATCH_ALL || (o->flags & FRAI_SEARCH_PREFIX)) return FRAI_OK;
    fr_buf_init(&text, &s->context.mem);
    fr_buf_init(&replaced, &s->context.mem);
    frai_status status = search_fronts(s, q, &text, &replaced, err);
    fr_buf_deinit(&text);
    fr_buf_deinit(&replaced);
    return status;
}

static frai_status search_words(struct fr_searcher *s, struct search *q, frai_error *err)
{
    const frai_search_options *o = q->options;
    const struct fr_plan *plan = q->plan;
    bool fixes = !(o->flags & (FRAI_SEARCH_NO_FIX | FRAI_SEARCH_EXACT));
    q->info.total_is_exact = 1;
    q->info.truncated = plan->query.truncated;
    q->info.words = fr_plan_words(plan) + plan->query.all_documents;
    q->info.words_ignored = plan->query.ignored;
    FR_TRY(fr_plan_refuse(plan, err));
    if (q->info.words == 0) return FRAI_OK;
    allow_work(s, q, WORK_TO_SPACE);
    if (fixes) FR_TRY(space_sentences(s, q, err));
    FR_TRY(search_tiers(s, q, fixes, err));
    if (fixes && !s->context.interrupt.cut && !found_any(s, q)) FR_TRY(try_fronts(s, q, err));
    q->info.total = q->pass.total;
    q->info.total_is_exact = !q->uncounted;
    if (q->info.total > FRAI_TOTAL_EXACT_MAX && !(o->flags & FRAI_SEARCH_COUNT_EXACT)) {
        q->info.total = FRAI_TOTAL_EXACT_MAX;
        q->info.total_is_exact = 0;
    }
    return keep_hits(s, q, err);
}

/* The query itself; of an index of terms they are not parsed. */
static struct fr_question first_question(const struct fr_searcher *s, const struct search *q,
                                         frai_slice query)
{
    struct fr_question asked = question(q, query);
    if (s->context.analyzer.kind != FR_ANALYZER_PRECUT) return asked;
    asked.flags |= FR_SEARCH_TERMS;
    asked.ranking = FRAI_RANK_BM25;
    return asked;
}

static frai_status search(struct fr_searcher *s, struct search *q, frai_slice query,
                          frai_error *err)
{
    struct fr_question asked = first_question(s, q, query);
    allow_work(s, q, WORK_TO_PLAN);
    FR_TRY(make_plan(s, q, &asked, err));
    allow_work(s, q, WORK_TO_RANK);
    if (asked.flags & FR_SEARCH_TERMS) return fr_terms_search(s, q->options, &q->info, err);
    FR_TRY(search_words(s, q, err));
    q->info.scored_docs = q->pass.scored_docs;
    q->info.decoded_postings = q->pass.decoded_postings;
    return fr_page_put(s, q->options->offset, q->options->limit, err);
}

frai_status fr_searcher_search_by(struct fr_searcher *s, frai_slice query,
                                  const frai_search_options *o,
                                  const struct fr_collection_stats *stats, frai_error *err)
{
    struct search q = {.options = o, .stats = stats, .plan = &s->main};
    q.pass.wanted = o->offset + o->limit;
    q.info = (frai_search_info)FRAI_SEARCH_INFO_INIT;
    fr_buf_init(&q.found_docs.buf, &s->context.mem);
    struct fr_interrupt *i = &s->context.interrupt;
    q.work_most = i->work_most;
    frai_status status = search(s, &q, query, err);
    if (fr_interrupt_cuts(i, status)) { /* even what was asked for could not be read */
        fr_searcher_forget(s);
        q.info = (frai_search_info)FRAI_SEARCH_INFO_INIT;
        status = FRAI_OK;
    }
    q.info.work = i->work;
    q.info.partial = i->cut;
    if (i->cut) q.info.total_is_exact = 0;
    if (status == FRAI_OK) s->results.info = q.info;
    fr_buf_deinit(&q.found_docs.buf);
    return status;
}

frai_status fr_searcher_search(struct fr_searcher *s, frai_slice query,
                               const frai_search_options *options, frai_error *err)
{
    return fr_searcher_search_by(s, query, options, NULL, err);
}

frai_status fr_searcher_collect(struct fr_searcher *s, frai_slice query,
                                const frai_search_options *options,
                                struct fr_collection_stats *stats, frai_error *err)
{
    struct search q = {.options = options};
    struct fr_question asked = first_question(s, &q, query);
    FR_TRY(fr_plan_make(&s->context, &asked, &s->probe, err));
    return fr_plan_collect(&s->context, &s->probe, stats, err);
}
