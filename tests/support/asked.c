#include "support/asked.h"

#include <stdio.h>
#include <string.h>

struct hit request_hits[REQUEST_LIMIT_MAX];
uint32_t request_hit_count;

static void put(struct answer *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct answer *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    a->text = realloc(a->text, a->len + (size_t)n + 1);
    va_start(args, format);
    vsnprintf(a->text + a->len, (size_t)n + 1, format, args);
    va_end(args);
    a->len += (size_t)n;
}

static void put_slice(struct answer *a, const char *name, frai_slice s)
{
    put(a, "%s %zu ", name, s.len);
    a->text = realloc(a->text, a->len + s.len + 2);
    if (s.len) memcpy(a->text + a->len, s.ptr, s.len);
    a->len += s.len;
    a->text[a->len++] = '\n';
    a->text[a->len] = '\0';
}

static void begin(struct answer *a)
{
    a->len = 0;
    memset(a->slices, 0, sizeof a->slices);
}

static int counts_down(void *left)
{
    return --*(long *)left == 0;
}

frai_status answer_request(frai_searcher *s, const struct request *r, struct answer *a)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    uint32_t count = 99;
    begin(a);
    o.limit = r->limit;
    o.offset = r->offset;
    o.match = r->match;
    o.flags = r->flags;
    o.rank = r->rank;
    long left = r->cancel_at;
    o.interrupt = left ? counts_down : NULL;
    o.interrupt_arg = &left;
    frai_status status = find_info(s, r->query, &o, request_hits, &count, &info);
    put(a, "%s %u\n", frai_status_name(status), count);
    request_hit_count = count;
    for (uint32_t i = 0; i < count; i++)
        put(a, "%llu %a\n", (unsigned long long)request_hits[i].doc, (double)request_hits[i].score);
    put(a, "%llu %d %d %d %llu %llu %u %d %u %u\n", (unsigned long long)info.total,
        info.total_is_exact, info.no_hit_has_all_words, info.truncated,
        (unsigned long long)info.scored_docs, (unsigned long long)info.decoded_postings,
        info.hits_with_all_words, info.all_words_first, info.words, info.words_ignored);
    put_slice(a, "rewritten", info.rewritten);
    put_slice(a, "suggestion", info.suggestion);
    put_slice(a, "missing", info.missing);
    put_slice(a, "replaced", info.replaced);
    a->slices[0] = info.rewritten;
    a->slices[1] = info.suggestion;
    a->slices[2] = info.missing;
    a->slices[3] = info.replaced;
    return status;
}

static void put_spans(struct answer *a, const frai_span *spans, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        put(a, "%llu-%llu ", (unsigned long long)spans[i].begin, (unsigned long long)spans[i].end);
    put(a, "\n");
}

static frai_status answer_passage(frai_searcher *s, const struct question *q, struct answer *a)
{
    frai_passage p = FRAI_PASSAGE_INIT;
    frai_status status =
        frai_searcher_make_passage(s, q->doc, frai_slice_of(q->field), q->characters, &p, &error_);
    put_slice(a, "passage", p.text);
    put(a, "%llu %d %d ", (unsigned long long)p.offset, p.cut_before, p.cut_after);
    a->slices[0] = p.text;
    a->slices[1] = (frai_slice){(const char *)p.spans, (size_t)p.span_count * sizeof *p.spans};
    put_spans(a, p.spans, p.span_count);
    return status;
}

static void put_explanation(struct answer *a, const frai_explanation *e)
{
    for (uint32_t i = 0; i < frai_explanation_count(e); i++) {
        const frai_score_part *p = frai_explanation_part(e, i);
        put(a, "%d %a %d %d %d %u %s %llu %a\n", p->kind, (double)p->value, p->all_documents,
            p->by_positions, p->any_word, p->tf, p->term_class, (unsigned long long)p->df,
            (double)p->weight);
        put_slice(a, "term", p->term);
        if (p->term.len) a->slices[0] = p->term;
        a->slices[1] = (frai_slice){(const char *)p, sizeof *p};
    }
}

static void put_diagnosis(struct answer *a, const frai_diagnosis *d)
{
    for (uint32_t i = 0; i < frai_diagnosis_count(d); i++) {
        const frai_finding *f = frai_diagnosis_finding(d, i);
        put(a, "%d %d %d %llu\n", f->kind, f->present, f->excluded, (unsigned long long)f->df);
        put_slice(a, "text", f->text);
        if (f->text.len) a->slices[0] = f->text;
        a->slices[1] = (frai_slice){(const char *)f, sizeof *f};
    }
}

static void put_plan(struct answer *a, const frai_query_plan *plan)
{
    for (uint32_t i = 0; i < frai_query_plan_count(plan); i++) {
        const frai_plan_step *p = frai_query_plan_step(plan, i);
        put(a, "%d %u %d %llu %llu %llu\n", p->method, p->segment, p->counted,
            (unsigned long long)p->matches, (unsigned long long)p->scored,
            (unsigned long long)p->decoded);
        a->slices[0] = (frai_slice){(const char *)p, sizeof *p};
    }
}

static frai_status answer_field(frai_searcher *s, const struct question *q, struct answer *a)
{
    frai_slice text;
    frai_status status =
        frai_searcher_read_field(s, q->doc, frai_slice_of(q->field), &text, &error_);
    a->slices[0] = text;
    put_slice(a, "text", text);
    return status;
}

frai_status answer_question(frai_searcher *s, const struct question *q, struct answer *a)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    const frai_explanation *e = NULL;
    const frai_diagnosis *d = NULL;
    const frai_query_plan *plan = NULL;
    frai_status status = FRAI_OK;
    begin(a);
    o.flags = q->flags;
    switch (q->call) {
    case CALL_EXPLAIN: status = frai_searcher_explain(s, q->doc, &e, &error_); break;
    case CALL_WHY: status = frai_searcher_diagnose(s, q->query, &o, q->doc, &d, &error_); break;
    case CALL_PLAN: status = frai_searcher_describe_plan(s, &plan, &error_); break;
    case CALL_FIELD: status = answer_field(s, q, a); break;
    case CALL_PASSAGE: status = answer_passage(s, q, a); break;
    case CALLS: break;
    }
    put_explanation(a, e);
    put_diagnosis(a, d);
    put_plan(a, plan);
    put(a, "%s\n", frai_status_name(status));
    return status;
}
