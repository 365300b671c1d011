/* One search, from the words to the page of hits. */
#include "base/sort.h"
#include "query/correct.h"
#include "query/part.h"

/* One search: what it asks for, and what it found so far. */
struct search {
    const frai_search_options *options;
    struct fr_plan *plan; /* what is searched for: s->main, then s->second for the last hits */
    uint64_t wanted;      /* hits up to the page's end */
    struct fr_topk top;
    struct fr_seen seen;      /* by the latest pass for the best */
    struct fr_buf found;      /* struct fr_scored: hits with all words, in order */
    struct fr_buf found_docs; /* uint64_t: the same documents, ascending */
    frai_search_info info;
};

/* A pass over windows of documents. */
struct pass {
    uint64_t count_limit;              /* fr_match's */
    bool only_count;                   /* hits are not wanted */
    const struct fr_query_word *whole; /* fr_match's */
};

/* Windows of documents that may have the words, verified one by one. */
static frai_status match_words(struct fr_searcher *s, struct search *q, const struct pass *pass,
                               frai_error *err)
{
    const struct fr_plan *plan = q->plan;
    bool only_count = pass->only_count;
    for (uint32_t g = 0; g < s->context.snapshot->segment_count; g++) {
        struct fr_match m;
        struct fr_candidates live;
        FR_TRY(fr_part_words(s, plan, g, only_count ? NULL : &q->top, &m, err));
        m.whole = pass->whole;
        if (pass->count_limit < q->info.total)
            m.count_limit = 0;
        else
            m.count_limit = pass->count_limit - q->info.total;
        m.skip = (const uint64_t *)(const void *)q->found_docs.data;
        m.skip_count = FR_COUNT(&q->found_docs, uint64_t);
        if (plan->query.required_count &&
            (!plan->any || !only_count)) { /* else most ranges hold some */
            if (!fr_candidates_init(&live, &m)) return fr_search_memory(err);
            if (!fr_candidates_find(&live)) continue;
            m.live = live.ranges;
        }
        if (!fr_match_segment(&m)) return fr_search_memory(err);
        FR_TRY(fr_part_check(s, &m, err));
        q->info.total += m.evaluation.matches;
        if (!fr_part_note(s, &m, only_count)) return fr_search_memory(err);
        q->info.scored_docs += m.evaluation.scored;
        q->info.decoded_postings += m.evaluation.decoded;
    }
    return FRAI_OK;
}

/* Can the best documents be had from bounds of their terms? */
static bool is_plain(const struct fr_query *q)
{
    for (uint32_t i = 0; i < FR_COUNT(&q->words, struct fr_query_word); i++) {
        const struct fr_query_word *w = &FR_AT(&q->words, struct fr_query_word, i);
        if (w->negative || w->syllable) return false;
    }
    return true;
}

static int by_doc(const void *a, const void *b, void *ctx)
{
    const struct fr_scored *x = a, *y = b;
    (void)ctx;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

static int by_number(const void *a, const void *b, void *ctx)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    (void)ctx;
    return x < y ? -1 : x > y;
}

static int by_score(const void *a, const void *b, void *ctx)
{
    const struct fr_scored *x = a, *y = b;
    (void)ctx;
    return fr_scored_better(*x, *y) ? -1 : fr_scored_better(*y, *x);
}

typedef frai_status (*hit_visit)(struct fr_searcher *s, struct search *q, struct fr_match *m,
                                 struct fr_scored *hit, frai_error *err);

/* Visits hits of the plan, which are in order of documents, segment by segment. */
static frai_status visit_hits(struct fr_searcher *s, struct search *q, struct fr_scored *hits,
                              uint32_t count, hit_visit visit, frai_error *err)
{
    for (uint32_t i = 0, g = 0; i < count; g++) {
        uint64_t end = g + 1 < s->context.snapshot->segment_count
                           ? s->context.snapshot->bases[g + 1]
                           : UINT64_MAX;
        if (hits[i].doc >= end) continue;
        struct fr_match m;
        FR_TRY(fr_part_terms(s, q->plan, g, NULL, &m, err));
        for (uint32_t t = 0; t < m.evaluation.count; t++)
            fr_cursor_rewind(&m.evaluation.cursors[t]);
        for (; i < count && hits[i].doc < end; i++) FR_TRY(visit(s, q, &m, &hits[i], err));
        FR_TRY(fr_part_check(s, &m, err));
    }
    return FRAI_OK;
}

/* What accepts documents while bounds find them: a match with cursors of its own. */
struct judge {
    struct fr_match m;
    struct fr_candidates live;
    uint64_t *seen; /* words (a bit each) that a document had that came in */
    bool memory;
};

static void rewind_judge(void *ctx)
{
    struct judge *j = ctx;
    for (uint32_t t = 0; t < j->m.evaluation.count; t++)
        fr_cursor_rewind(&j->m.evaluation.cursors[t]);
}

static uint64_t filter_documents(void *ctx, uint32_t range, const uint64_t *masks)
{
    struct judge *j = ctx;
    return fr_candidates_in_range(&j->live, range, masks);
}

static bool judge_document(void *ctx, uint32_t doc, float *score)
{
    struct judge *j = ctx;
    if (j->memory || fr_match_is_skipped(&j->m, doc)) return false;
    bool there = j->m.any ? fr_match_has_any(&j->m, doc, j->seen, &j->memory)
                          : fr_match_has_all(&j->m, doc, &j->memory);
    if (there && j->m.query->repeated.len) *score = fr_match_score(&j->m, doc);
    return there && !j->memory;
}

static frai_status best_of_segment(struct fr_searcher *s, uint32_t g, struct search *q,
                                   frai_error *err)
{
    struct judge j = {.seen = &q->seen.words, .memory = false};
    struct fr_match m;
    FR_TRY(fr_part_terms(s, q->plan, g, &q->top, &m, err));
    j.m = m;
    FR_TRY(fr_part_copy_cursors(s, &m, &j.m.evaluation.cursors, err));
    j.m.skip = (const uint64_t *)(const void *)q->found_docs.data;
    j.m.skip_count = FR_COUNT(&q->found_docs, uint64_t);
    if (!fr_candidates_init(&j.live, &j.m)) return fr_search_memory(err);
    if (!m.any) {
        if (!fr_candidates_find(&j.live)) return FRAI_OK;
        m.evaluation.live = j.live.ranges;
    }
    m.evaluation.filter = filter_documents;
    m.evaluation.accepts = judge_document;
    m.evaluation.rewind = rewind_judge;
    m.evaluation.judge = &j;
    if (!fr_evaluate_or_block_max(&m.evaluation) || j.memory) return fr_search_memory(err);
    FR_TRY(fr_part_check(s, &m, err));
    if (!fr_part_note(s, &m, false)) return fr_search_memory(err);
    q->info.scored_docs += m.evaluation.scored;
    q->info.decoded_postings += m.evaluation.decoded;
    return fr_part_check(s, &j.m, err);
}

/* Only notes which words the hit has. */
static frai_status note_words(struct fr_searcher *s, struct search *q, struct fr_match *m,
                              struct fr_scored *hit, frai_error *err)
{
    bool memory = false;
    (void)s;
    fr_match_has_any(m, (uint32_t)(hit->doc - m->evaluation.base), &q->seen.words, &memory);
    return memory ? fr_search_memory(err) : FRAI_OK;
}

/* The query's only word, if it is a lone syllable, without what stands for it in names of files. */
static bool is_one_syllable(const struct fr_query *q, struct fr_query_word *word)
{
    if (FR_COUNT(&q->words, struct fr_query_word) != 1) return false;
    *word = FR_AT(&q->words, struct fr_query_word, 0);
    word->count = fr_query_text_coverings(q, word);
    return word->syllable && !word->negative;
}

/* The best documents that have all words, or any: by bounds where they allow it. What matches by
 * terms alone that score nothing (syllables that a space parts) takes the second way. */
static frai_status find_best(struct fr_searcher *s, struct search *q, frai_error *err)
{
    const struct fr_query *query = &q->plan->query;
    bool plain = query->required_count && is_plain(query), any = q->plan->any;
    struct fr_query_word syllable;
    struct pass pass = {.whole = NULL};
    q->seen = (struct fr_seen){0, any};
    for (uint32_t g = 0; plain && g < s->context.snapshot->segment_count; g++)
        FR_TRY(best_of_segment(s, g, q, err));
    if (plain && q->top.count >= q->wanted) {
        fr_topk_sort(&q->top);
        return FRAI_OK;
    }
    q->top.count = 0;
    q->seen.words = 0;
    if (is_one_syllable(query, &syllable)) { /* whole words come first: often they will do */
        pass.whole = &syllable;
        FR_TRY(match_words(s, q, &pass, err));
        pass.whole = NULL;
        if (q->top.count == q->top.k) {
            fr_topk_sort(&q->top);
            return FRAI_OK;
        }
        q->top.count = 0;
    }
    FR_TRY(match_words(s, q, &pass, err));
    fr_topk_sort(&q->top);
    uint32_t best = any ? q->top.count : 0;
    if (best > FR_RANK_DEPTH) best = FR_RANK_DEPTH;
    fr_sort(q->top.heap, best, sizeof *q->top.heap, by_doc, NULL);
    FR_TRY(visit_hits(s, q, q->top.heap, best, note_words, err));
    fr_sort(q->top.heap, best, sizeof *q->top.heap, by_score, NULL);
    return FRAI_OK;
}

static frai_status rank_hit(struct fr_searcher *s, struct search *q, struct fr_match *m,
                            struct fr_scored *hit, frai_error *err)
{
    struct fr_rank_parts parts;
    if (!fr_rank_document(&s->rank, &q->plan->query, &m->evaluation,
                          (uint32_t)(hit->doc - m->evaluation.base), &parts))
        return fr_search_memory(err);
    hit->score = fr_rank_sum(hit->score, &parts);
    fr_buf_u64(&s->ranked, hit->doc);
    return FRAI_OK;
}

static frai_status rank_part(struct fr_searcher *s, struct search *q, struct fr_scored *hits,
                             uint32_t count, frai_error *err)
{
    fr_sort(hits, count, sizeof *hits, by_doc, NULL);
    FR_TRY(visit_hits(s, q, hits, count, rank_hit, err));
    fr_sort(hits, count, sizeof *hits, by_score, NULL);
    return FRAI_OK;
}

/* Ranks the best by positions. First those that fill the page, then, of the others, those that
 * could still come before the last of them. */
static frai_status rank_hits(struct fr_searcher *s, struct search *q, frai_error *err)
{
    struct fr_scored *hits = q->top.heap;
    uint32_t depth = q->top.count < FR_RANK_DEPTH ? q->top.count : FR_RANK_DEPTH;
    uint32_t first = q->wanted < depth ? (uint32_t)q->wanted : depth;
    if (q->plan->ranking != FRAI_RANK_DEFAULT || depth == 0 || q->plan->query.required_count == 0)
        return FRAI_OK;
    if (!fr_searcher_rank(s, q->plan)) return fr_search_memory(err);
    FR_TRY(rank_part(s, q, hits, first, err));
    float least = first ? hits[first - 1].score : 0, most = fr_rank_most(&s->rank) * 1.0001f;
    uint32_t last = first;
    while (last < depth && hits[last].score + most >= least) last++;
    FR_TRY(rank_part(s, q, hits + first, last - first, err));
    fr_sort(hits, last, sizeof *hits, by_score, NULL);
    return s->ranked.failed ? fr_search_memory(err) : FRAI_OK;
}

frai_status fr_searcher_count(struct fr_searcher *s, frai_slice text, uint64_t limit,
                              uint64_t *total, frai_error *err)
{
    struct fr_question asked = {.text = text, .flags = FR_SEARCH_PLAIN};
    struct search q = {.plan = &s->probe};
    asked.ranking = FRAI_RANK_BM25;
    asked.match = FRAI_MATCH_ALL;
    frai_status status = fr_plan_make(&s->context, &asked, &s->probe, err);
    if (status == FRAI_OK && s->probe.query.required_count > 0)
        status = match_words(s, &q, &(struct pass){limit, true, NULL}, err);
    *total = q.info.total;
    return status;
}

/* Documents with all words, or, from FR_QUERY_MANY_WORDS on and with -o, with any; ranked. */
static frai_status search_once(struct fr_searcher *s, struct search *q, frai_error *err)
{
    const frai_search_options *o = q->options;
    uint64_t depth = q->wanted;
    if (o->rank == FRAI_RANK_DEFAULT && depth < FR_RANK_DEPTH) depth = FR_RANK_DEPTH;
    uint64_t limit = !o->info || (o->flags & FRAI_SEARCH_NO_TOTAL) ? 0
                     : o->flags & FRAI_SEARCH_COUNT_EXACT          ? UINT64_MAX
                                                                   : FRAI_TOTAL_EXACT_MAX + 1;
    FR_TRY(fr_searcher_heap(s, depth, &q->top, err));
    FR_TRY(find_best(s, q, err));
    if (limit) FR_TRY(match_words(s, q, &(struct pass){limit, true, NULL}, err));
    if (q->info.total < q->top.count) q->info.total = q->top.count;
    return rank_hits(s, q, err);
}

/* Remembers the hits that have all words, so that a second search leaves them out and asks for the
 * rest. */
static frai_status keep_found(struct search *q, frai_error *err)
{
    fr_buf_clear(&q->found_docs);
    fr_buf_put(&q->found, q->top.heap, q->top.count * sizeof(struct fr_scored));
    size_t count = FR_COUNT(&q->found, struct fr_scored);
    if (q->found.failed) return fr_search_memory(err);
    for (size_t i = 0; i < count; i++)
        fr_buf_u64(&q->found_docs, FR_AT(&q->found, struct fr_scored, i).doc);
    if (q->found_docs.failed) return fr_search_memory(err);
    fr_sort(q->found_docs.data, count, 8, by_number, NULL);
    q->wanted -= q->top.count;
    return FRAI_OK;
}

/* Is there a word that no hit has? */
static bool may_correct(const struct search *q)
{
    uint64_t wanted = 0;
    for (uint32_t i = 0; i < fr_plan_words(q->plan) && i < 64; i++)
        if (!fr_plan_word(q->plan, i)->negative) wanted |= 1ull << i;
    if (!q->plan->any) return q->top.count == 0;
    return q->seen.known && (q->seen.words & wanted) != wanted;
}

/* A text, asked for as the search wants it. */
static struct fr_question question(const frai_search_options *o, frai_slice text)
{
    return (struct fr_question){
        .text = text, .flags = o->flags, .ranking = o->rank, .match = o->match};
}

/* Searches for the query as corrected. */
static frai_status search_corrected(struct fr_searcher *s, struct search *q,
                                    const struct fr_correction *c, frai_error *err)
{
    frai_slice text = {(const char *)c->text.data, c->text.len};
    struct fr_question asked = question(q->options, text);
    asked.initials_at = c->initials_at;
    asked.initials = c->initials;
    FR_TRY(fr_plan_make(&s->context, &asked, q->plan, err));
    q->info.total = 0;
    fr_buf_clear(&s->ranked);
    return search_once(s, q, err);
}

/* Looks for what may have been meant, and searches again for it. */
static frai_status correct_query(struct fr_searcher *s, struct search *q, frai_error *err)
{
    struct fr_correction correction = {.rewritten = &s->rewritten, .suggestion = &s->suggestion};
    bool fuzzy = q->options->flags & FRAI_SEARCH_FUZZY, spaced = s->rewritten.len > 0;
    correction.seen = q->seen.words;
    frai_status status = fr_correct(s, q->plan, fuzzy, &correction, err);
    if (status == FRAI_OK && correction.changed)
        status = search_corrected(s, q, &correction, err);
    else if (status == FRAI_OK && spaced)
        fr_buf_put(&s->rewritten, q->plan->text.data, q->plan->text.len);
    q->info.suggestion = (frai_slice){(const char *)s->suggestion.data, s->suggestion.len};
    q->info.rewritten = (frai_slice){(const char *)s->rewritten.data, s->rewritten.len};
    fr_buf_deinit(&correction.text);
    return status;
}

/* A sentence without spaces is searched as one with them. */
static frai_status space_sentences(struct fr_searcher *s, struct search *q, frai_error *err)
{
    FR_TRY(fr_correct_spacing(s, q->plan, FR_SENTENCE_MIN, &s->rewritten, err));
    if (s->rewritten.len == 0) return FRAI_OK;
    q->info.rewritten = (frai_slice){(const char *)s->rewritten.data, s->rewritten.len};
    struct fr_question asked = question(q->options, q->info.rewritten);
    return fr_plan_make(&s->context, &asked, q->plan, err);
}

/* The hits so far stay on top; what follows has some of the words and is searched for without
 * them. */
static frai_status next_tier(struct fr_searcher *s, struct search *q, frai_error *err)
{
    FR_TRY(keep_found(q, err));
    q->plan->any = true;
    return search_once(s, q, err);
}

/* Makes s->second of the query with spaces put into all words; *made: there are some to put. */
static frai_status plan_spaced(struct fr_searcher *s, const struct search *q, bool *made,
                               frai_error *err)
{
    struct fr_buf apart;
    fr_buf_init(&apart, &s->context.mem);
    frai_status status = fr_correct_spacing(s, q->plan, FR_SPACED_MIN, &apart, err);
    struct fr_question asked =
        question(q->options, (frai_slice){(const char *)apart.data, apart.len});
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
    FR_TRY(plan_spaced(s, q, &made, err));
    if (!made) return FRAI_OK;
    FR_TRY(keep_found(q, err));
    fr_buf_clear(&s->first_docs);
    fr_buf_put(&s->first_docs, q->found_docs.data, q->found_docs.len);
    if (s->first_docs.failed) return fr_search_memory(err);
    q->plan = &s->second;
    FR_TRY(search_once(s, q, err));
    if (!q->plan->any && q->top.count < q->wanted) FR_TRY(next_tier(s, q, err));
    return FRAI_OK;
}

static bool has_terms(struct fr_match *m, uint32_t doc)
{
    for (uint32_t t = 0; t < m->evaluation.count; t++) {
        struct fr_cursor *c = &m->evaluation.cursors[t];
        if (c->exists) fr_cursor_seek(c, doc);
        if (!c->exists || c->doc != doc) return false;
    }
    return true;
}

/* Makes the hit's score 1 if it has all words, else 0. */
static frai_status note_full(struct fr_searcher *s, struct search *q, struct fr_match *m,
                             struct fr_scored *hit, frai_error *err)
{
    const struct fr_plan *plan = q->plan;
    struct fr_match words;
    bool memory = false, full;
    uint32_t doc, g = fr_snapshot_segment_of(s->context.snapshot, hit->doc, &doc);
    m->any = false;
    if (fr_plan_words(plan) == 0) {
        full = has_terms(m, doc);
    } else if (is_plain(&plan->query)) {
        full = fr_match_has_all(m, doc, &memory);
    } else {
        FR_TRY(fr_part_words(s, plan, g, NULL, &words, err));
        words.any = false;
        full = fr_match_holds(&words, doc, &memory);
        FR_TRY(fr_part_check(s, &words, err));
    }
    hit->score = full;
    return memory ? fr_search_memory(err) : FRAI_OK;
}

/* How many of the hits have all words. */
static frai_status count_full(struct fr_searcher *s, struct search *q, const struct fr_scored *hits,
                              size_t count, frai_error *err)
{
    uint32_t *full = &q->info.full;
    struct fr_buf copy;
    fr_buf_init(&copy, &s->context.mem);
    fr_buf_put(&copy, hits, count * sizeof *hits);
    struct fr_scored *list = (struct fr_scored *)(void *)copy.data;
    frai_status status = FRAI_OK;
    *full = 0;
    if (copy.failed) return fr_search_memory(err);
    if (count) fr_sort(list, count, sizeof *list, by_doc, NULL);
    status = visit_hits(s, q, list, (uint32_t)count, note_full, err);
    for (size_t i = 0; i < count && status == FRAI_OK; i++) *full += list[i].score > 0;
    fr_buf_deinit(&copy);
    return status;
}

/* Of the page's hits among those found first. */
static frai_status note_page(struct fr_searcher *s, struct search *q, frai_error *err)
{
    const frai_search_options *o = q->options;
    uint64_t first = o->offset < q->top.count ? o->offset : q->top.count;
    uint64_t count = q->top.count - first < o->limit ? q->top.count - first : o->limit;
    q->info.full = (uint32_t)count;
    q->info.full_first = !q->plan->any;
    if (!q->plan->any || !o->info) return FRAI_OK;
    return count_full(s, q, q->top.heap + first, count, err);
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
    if (fixes) FR_TRY(space_sentences(s, q, err));
    FR_TRY(search_once(s, q, err));
    if (fixes && may_correct(q)) FR_TRY(correct_query(s, q, err));
    FR_TRY(note_page(s, q, err));
    uint64_t total = q->info.total;
    q->info.total = 0;
    bool automatic = o->match == FRAI_MATCH_AUTO;
    if (automatic && plan->query.required_count > 1 && !plan->any && q->top.count < q->wanted) {
        FR_TRY(next_tier(s, q, err));
        q->info.partial = total == 0 && q->info.total > 0;
    }
    if (o->info && (plan->any || total == 0)) FR_TRY(fr_find_missing(s, plan, &q->seen, err));
    q->info.missing = (frai_slice){(const char *)s->missing.data, s->missing.len};
    if (automatic && fixes && total > 0 && q->top.count < q->wanted)
        FR_TRY(search_spaced(s, q, err));
    if (total) q->info.total = total;
    if (q->info.total > FRAI_TOTAL_EXACT_MAX && !(o->flags & FRAI_SEARCH_COUNT_EXACT)) {
        q->info.total = FRAI_TOTAL_EXACT_MAX;
        q->info.total_is_exact = 0;
    }
    return FRAI_OK;
}

static void put_page(const struct search *q, frai_hit *hits, uint32_t *hit_count)
{
    for (uint64_t i = q->options->offset; *hit_count < q->options->limit; i++) {
        const struct fr_scored *hit;
        size_t kept = FR_COUNT(&q->found, struct fr_scored);
        if (i < kept)
            hit = &FR_AT(&q->found, struct fr_scored, i);
        else if (i - kept < q->top.count)
            hit = &q->top.heap[i - kept];
        else
            break;
        hits[(*hit_count)++] = (frai_hit){hit->doc, hit->score};
    }
}

/* In an index of pre-tokenized terms. */
static frai_status search_terms(struct fr_searcher *s, struct search *q, frai_hit *hits,
                                uint32_t *hit_count, frai_error *err)
{
    const frai_search_options *o = q->options;
    const struct fr_plan *plan = q->plan;
    frai_search_info *info = &q->info;
    bool all = !plan->any;
    struct fr_terms best = {all ? FRAI_TERMS_AND : FRAI_TERMS_OR_TOP_COUNT, (uint32_t)o->offset,
                            o->limit};
    struct fr_terms count = {FRAI_TERMS_AND_COUNT, 0, 0};
    uint32_t none;
    FR_TRY(fr_terms_search(s, plan, &best, hits, hit_count, &info->total, err));
    info->truncated = plan->query.truncated;
    info->full = *hit_count;
    info->full_first = all;
    info->words = fr_plan_term_count(plan);
    info->total_is_exact = 1;
    if (!o->info) return FRAI_OK;
    if (all) return fr_terms_search(s, plan, &count, NULL, &none, &info->total, err);
    for (uint32_t i = 0; i < *hit_count; i++) {
        struct fr_scored hit = {.doc = hits[i].doc, .score = hits[i].score};
        fr_buf_put(&q->found, &hit, sizeof hit);
    }
    if (q->found.failed) return fr_search_memory(err);
    return count_full(s, q, (const struct fr_scored *)(const void *)q->found.data, *hit_count, err);
}

static frai_status search(struct fr_searcher *s, struct search *q, frai_slice query, frai_hit *hits,
                          uint32_t *hit_count, frai_error *err)
{
    struct fr_question asked = question(q->options, query);
    bool pretokenized = s->context.analyzer.kind == FR_ANALYZER_PRECUT;
    if (pretokenized) {
        asked.flags |= FR_SEARCH_TERMS;
        asked.ranking = FRAI_RANK_BM25;
    }
    FR_TRY(fr_plan_make(&s->context, &asked, q->plan, err));
    if (pretokenized) return search_terms(s, q, hits, hit_count, err);
    FR_TRY(search_words(s, q, err));
    put_page(q, hits, hit_count);
    return FRAI_OK;
}

frai_status fr_searcher_search(struct fr_searcher *s, frai_slice query,
                               const frai_search_options *o, frai_hit *hits, uint32_t *hit_count,
                               frai_error *err)
{
    struct search q = {.options = o, .plan = &s->main, .wanted = o->offset + o->limit};
    q.info = (frai_search_info)FRAI_SEARCH_INFO_INIT;
    fr_buf_init(&q.found, &s->context.mem);
    fr_buf_init(&q.found_docs, &s->context.mem);
    *hit_count = 0;
    frai_status status = search(s, &q, query, hits, hit_count, err);
    if (status == FRAI_OK && o->info) *o->info = q.info;
    fr_buf_deinit(&q.found);
    fr_buf_deinit(&q.found_docs);
    return status;
}
