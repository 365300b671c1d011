/* Why a document is no hit, word by word: which terms it lacks, and which rule would have found it.
 * The rules are tried, not guessed: the word is searched for in this document under each. */
#include "query/diagnose.h"

#include "query/correct.h"
#include "query/explain.h"
#include "query/part.h"

/* A document, and the query that it is asked about. */
struct inquiry {
    struct fr_searcher *s;
    uint32_t g, local; /* its segment, its number there */
    struct fr_plan query;
    struct fr_plan word; /* of a word of it, as some rule has it */
};

/* Adds what was found out; the text is copied. */
static void put_finding(struct inquiry *i, frai_finding finding)
{
    fr_buf_put(&i->s->text, finding.text.ptr, finding.text.len);
    fr_vec_append(&i->s->diagnosis.findings, &finding, 1);
}

static void put_rule(struct inquiry *i, frai_finding_kind kind)
{
    put_finding(i, (frai_finding){.kind = kind});
}

/* Has the document all words of i->word? */
static frai_status is_there(struct inquiry *i, bool *there, frai_error *err)
{
    struct fr_match m;
    FR_TRY(fr_part_words(i->s, &i->word, i->g, NULL, &m, err));
    *there = fr_match_holds(&m, i->local, NULL);
    return fr_part_check(i->s, &m, err);
}

/* A part of a query that has `among` positive words, by BM25: it is looked for, not ranked. */
static struct fr_question part_of_query(frai_slice text, uint32_t among, uint32_t flags)
{
    return (struct fr_question){.text = text,
                                .flags = flags | FR_SEARCH_PLAIN,
                                .ranking = FRAI_RANK_BM25,
                                .match = FRAI_MATCH_ALL,
                                .among = among};
}

static frai_status found_as(struct inquiry *i, frai_slice text, uint32_t among, uint32_t flags,
                            bool *there, frai_error *err)
{
    struct fr_question asked = part_of_query(text, among, flags);
    *there = false;
    if (text.len == 0) return FRAI_OK;
    FR_TRY(fr_plan_make(&i->s->context, &asked, &i->word, err));
    return fr_plan_words(&i->word) ? is_there(i, there, err) : FRAI_OK;
}

static bool has_term(struct fr_cursor *c, uint32_t doc)
{
    if (c->exists) fr_cursor_rewind(c);
    return fr_cursor_has(c, doc);
}

/* Which of the word's own terms the document has, and how many documents have each. */
static frai_status list_terms(struct inquiry *i, frai_slice word, uint32_t flags, frai_error *err)
{
    struct fr_question asked = part_of_query(word, 1, flags | FRAI_SEARCH_EXACT);
    const struct fr_plan *plan = &i->word;
    struct fr_match m;
    bool all = true;
    FR_TRY(fr_plan_make(&i->s->context, &asked, &i->word, err));
    FR_TRY(fr_part_words(i->s, plan, i->g, NULL, &m, err));
    for (uint32_t t = 0; t < fr_plan_term_count(plan); t++) {
        const struct fr_query_term *term = &fr_vec_at(&plan->query.terms, t);
        char pair[8];
        frai_slice text = fr_query_term_text(&plan->query, term, pair);
        bool there = has_term(&m.evaluation.cursors[t], i->local);
        all &= there;
        put_finding(i, (frai_finding){.kind = FRAI_FINDING_TERM,
                                      .present = there,
                                      .text = text,
                                      .df = fr_vec_at(&plan->dfs, t)});
    }
    if (all) put_rule(i, FRAI_FINDING_NOT_ADJACENT);
    return fr_part_check(i->s, &m, err);
}

/* Has the document the word as corrected? */
static frai_status found_corrected(struct inquiry *i, frai_slice word, uint32_t among,
                                   struct fr_correction *c, bool *there, frai_error *err)
{
    struct fr_question asked = part_of_query(word, 1, 0);
    size_t steps = fr_vec_count(&i->s->steps);
    FR_TRY(fr_plan_make(&i->s->context, &asked, &i->word, err));
    frai_status status = fr_correct(i->s, &i->word, true, c, err);
    fr_vec_set_count(&i->s->steps, steps); /* those of the latest query stay */
    i->s->steps.buf.failed = false;
    if (status != FRAI_OK || !c->changed) return status;
    frai_slice text = {(const char *)c->text.data, c->text.len};
    asked = part_of_query(text, among, 0);
    asked.initials_at = c->initials_at;
    asked.initials = c->initials;
    FR_TRY(fr_plan_make(&i->s->context, &asked, &i->word, err));
    return is_there(i, there, err);
}

static frai_status try_corrections(struct inquiry *i, frai_slice word, uint32_t among, bool *there,
                                   frai_error *err)
{
    const frai_allocator *mem = &i->s->context.mem;
    struct fr_buf rewritten, suggestion, replaced;
    struct fr_correction c = {
        .rewritten = &rewritten, .suggestion = &suggestion, .replaced = &replaced};
    fr_buf_init(&rewritten, mem);
    fr_buf_init(&suggestion, mem);
    fr_buf_init(&replaced, mem);
    fr_buf_init(&c.text, mem);
    frai_status status = found_corrected(i, word, among, &c, there, err);
    frai_slice corrected = {(const char *)rewritten.data, rewritten.len};
    if (status == FRAI_OK && *there)
        put_finding(i, (frai_finding){.kind = FRAI_FINDING_CORRECTED,
                                      .text = corrected.len ? corrected : word});
    fr_buf_deinit(&rewritten);
    fr_buf_deinit(&suggestion);
    fr_buf_deinit(&replaced);
    fr_buf_deinit(&c.text);
    return status;
}

static bool is_typed(const struct fr_query_term *t)
{
    return t->origin == FR_TYPED && !t->is_form && t->term_class == FR_TERM_SURFACE;
}

/* Of a word that the document has: the terms that stand there for syllables of which it lacks the
 * terms that were typed. */
static uint32_t put_others(struct inquiry *i, const struct fr_match *m,
                           const struct fr_query_word *w)
{
    const struct fr_query *q = &i->word.query;
    uint64_t typed = 0;
    uint32_t found = 0;
    for (uint32_t pass = 0; pass < 2; pass++)
        for (uint32_t k = 0; k < w->count; k++) {
            const struct fr_covering *a = fr_query_covering_at(q, w->first + k);
            const struct fr_query_term *term = fr_query_term_at(q, a->term);
            char pair[8];
            if (is_typed(term) != (pass == 0)) continue;
            if (!has_term(&m->evaluation.cursors[a->term], i->local)) continue;
            if (pass == 0) typed |= a->mask;
            if (pass == 0 || (a->mask && !(a->mask & ~typed))) continue;
            put_finding(i, (frai_finding){.kind = FRAI_FINDING_FOUND_AS,
                                          .text = fr_query_term_text(q, term, pair),
                                          .df = fr_vec_at(&i->word.dfs, a->term),
                                          .term_class = fr_query_term_kind(term),
                                          .boost = term->boost});
            found++;
        }
    return found;
}

static frai_status list_others(struct inquiry *i, frai_error *err)
{
    struct fr_match m;
    uint32_t found = 0;
    FR_TRY(fr_part_words(i->s, &i->word, i->g, NULL, &m, err));
    for (uint32_t w = 0; w < fr_plan_words(&i->word); w++)
        found += put_others(i, &m, fr_plan_word(&i->word, w));
    if (found == 0) put_rule(i, FRAI_FINDING_IF_NOT_EXACT);
    return fr_part_check(i->s, &m, err);
}

/* How the document has a word that is not there as typed. */
static frai_status explain_presence(struct inquiry *i, frai_slice typed, uint32_t among,
                                    uint32_t flags, frai_error *err)
{
    bool exact, in_text, found = false;
    FR_TRY(found_as(i, typed, among, flags | FRAI_SEARCH_EXACT, &exact, err));
    if (exact) return FRAI_OK;
    FR_TRY(found_as(i, typed, among, flags | FR_SEARCH_TEXT_ONLY, &in_text, err));
    if (in_text) return list_others(i, err);
    FR_TRY(found_as(i, typed, among, flags, &found, err));
    if (found) put_rule(i, FRAI_FINDING_ONLY_FILE_NAME);
    return FRAI_OK;
}

/* Adds the rules that find the word in the document, when it is not there as it is. */
static frai_status try_rules(struct inquiry *i, frai_slice word, uint32_t among, uint32_t flags,
                             frai_error *err)
{
    static const struct {
        uint32_t flags;
        frai_finding_kind kind;
    } rules[] = {{0, FRAI_FINDING_IF_NOT_EXACT}, {FRAI_SEARCH_PREFIX, FRAI_FINDING_AS_PREFIX}};
    bool there = false;
    for (size_t r = 0; r < sizeof rules / sizeof *rules && !there; r++) {
        if (r == 0 && !(flags & FRAI_SEARCH_EXACT)) continue;
        FR_TRY(found_as(i, word, among, rules[r].flags, &there, err));
        if (there) put_rule(i, rules[r].kind);
    }
    if (there) return FRAI_OK;
    FR_TRY(try_corrections(i, word, among, &there, err));
    if (!there) put_rule(i, FRAI_FINDING_NO_RULE);
    return FRAI_OK;
}

/* Whether the document has each word of the query. */
static frai_status look_for_each(struct inquiry *i, bool *there, frai_error *err)
{
    struct fr_match m;
    FR_TRY(fr_part_words(i->s, &i->query, i->g, NULL, &m, err));
    fr_match_each(&m, i->local, there);
    return fr_part_check(i->s, &m, err);
}

static frai_status explain_word(struct inquiry *i, const struct fr_query_word *w, bool there,
                                frai_error *err)
{
    frai_slice query = fr_plan_text(&i->query), word = {query.ptr + w->begin, w->end - w->begin},
               typed = word;
    uint32_t among = i->query.query.required_count, flags = i->query.flags;
    bool quoted = w->begin > 0 && w->end < query.len && query.ptr[w->begin - 1] == '"' &&
                  query.ptr[w->end] == '"';
    if (quoted) typed = (frai_slice){word.ptr - 1, word.len + 2};
    put_finding(i, (frai_finding){.kind = FRAI_FINDING_WORD,
                                  .present = there,
                                  .excluded = w->negative,
                                  .text = typed});
    if (w->negative) {
        if (there) put_rule(i, FRAI_FINDING_EXCLUDED);
        return FRAI_OK;
    }
    if (there) return explain_presence(i, typed, among, flags, err);
    FR_TRY(list_terms(i, typed, flags, err));
    return try_rules(i, word, among, w->phrase ? flags | FRAI_SEARCH_EXACT : flags, err);
}

static bool is_word_there(void *there, const struct fr_query_node *leaf)
{
    return ((const bool *)there)[leaf->word];
}

static frai_status why(struct inquiry *i, const struct fr_question *asked, frai_error *err)
{
    const struct fr_plan *plan = &i->query;
    bool there[FRAI_QUERY_WORDS_MAX];
    FR_TRY(fr_plan_make(&i->s->context, asked, &i->query, err));
    FR_TRY(fr_plan_refuse(plan, err));
    FR_TRY(look_for_each(i, there, err));
    fr_explain_clear(i->s);
    for (uint32_t w = 0; w < fr_plan_words(plan); w++) {
        FR_TRY(fr_interrupt_check(&i->s->context.interrupt, err));
        FR_TRY(explain_word(i, fr_plan_word(plan, w), there[w], err));
    }
    struct fr_tree tree = fr_tree_of(&plan->query, plan->query.root);
    bool hit = fr_tree_holds(&tree, is_word_there, there);
    put_rule(i, fr_plan_words(plan) == 0 && !plan->query.all_documents ? FRAI_FINDING_NO_WORDS
                : hit                                                  ? FRAI_FINDING_HIT
                                                                       : FRAI_FINDING_LACKS_WORD);
    if (i->s->text.failed || i->s->diagnosis.findings.buf.failed)
        return fr_fail_memory(err, "searching");
    size_t at = 0;
    for (size_t f = 0; f < fr_vec_count(&i->s->diagnosis.findings); f++) {
        frai_finding *finding = &fr_vec_at(&i->s->diagnosis.findings, f);
        finding->text = fr_explain_text(i->s, finding->text.len, &at);
    }
    return FRAI_OK;
}

frai_status fr_searcher_diagnose(struct fr_searcher *s, frai_slice query, uint64_t doc,
                                 uint32_t flags, frai_error *err)
{
    struct inquiry i = {.s = s};
    struct fr_question asked = {.text = query, .flags = flags, .ranking = FRAI_RANK_BM25};
    asked.match = FRAI_MATCH_ALL;
    FR_TRY(fr_searcher_require(s, doc, err));
    i.g = fr_snapshot_segment_of(s->context.snapshot, doc, &i.local);
    fr_plan_init(&i.query, &s->context.mem);
    fr_plan_init(&i.word, &s->context.mem);
    frai_status status = why(&i, &asked, err);
    fr_plan_deinit(&i.query);
    fr_plan_deinit(&i.word);
    return status;
}
