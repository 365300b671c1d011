/* Why a document is no hit, word by word: which terms it lacks, and which rule would have found it.
 * The rules are tried, not guessed: the word is searched for in this document under each. */
#include "query/correct.h"
#include "query/expand.h"
#include "query/plan.h"

/* Has the document all words of s->query? */
static frai_status is_there(struct fr_searcher *s, uint64_t doc, bool *there, frai_error *err)
{
    uint32_t local, g = fr_snapshot_segment_of(s->snapshot, doc, &local);
    struct fr_match m;
    bool memory = false;
    s->any = false;
    FR_TRY(fr_plan_weigh(s, err));
    FR_TRY(fr_plan_words(s, g, NULL, &m, err));
    *there = fr_match_holds(&m, local, &memory);
    if (memory) return fr_search_memory(err);
    return fr_plan_check(s, &m, err);
}

/* `among`: how many positive words the query has that the text is of. */
static frai_status parse(struct fr_searcher *s, frai_slice text, uint32_t among, uint32_t flags,
                         frai_error *err)
{
    if (!fr_query_parse(&s->query, text, &s->analyzer, s->stemmer, fr_parse_how(flags)))
        return fr_search_memory(err);
    fr_query_place_among(&s->query, among);
    s->ranking = FRAI_RANK_BM25;
    if (flags & FRAI_SEARCH_EXACT) return FRAI_OK;
    FR_TRY(fr_expand(s, err));
    if (flags & FRAI_SEARCH_PREFIX) FR_TRY(fr_complete(s, err));
    return flags & FR_SEARCH_TEXT_ONLY ? FRAI_OK : fr_expand_path(s, err);
}

static frai_status found_as(struct fr_searcher *s, frai_slice text, uint32_t among, uint32_t flags,
                            uint64_t doc, bool *there, frai_error *err)
{
    *there = false;
    if (text.len == 0) return FRAI_OK;
    FR_TRY(parse(s, text, among, flags | FR_SEARCH_PLAIN, err));
    if (FR_COUNT(&s->query.words, struct fr_query_word) == 0) return FRAI_OK;
    return is_there(s, doc, there, err);
}

/* Which of the word's own terms the document has, and how many documents have each. */
static frai_status list_terms(struct fr_searcher *s, frai_slice word, uint64_t doc, uint32_t flags,
                              frai_error *err)
{
    uint32_t local, g = fr_snapshot_segment_of(s->snapshot, doc, &local);
    struct fr_match m;
    bool all = true;
    FR_TRY(parse(s, word, 1, flags | FRAI_SEARCH_EXACT | FR_SEARCH_PLAIN, err));
    FR_TRY(fr_plan_weigh(s, err));
    FR_TRY(fr_plan_words(s, g, NULL, &m, err));
    for (uint32_t t = 0; t < fr_plan_terms(s); t++) {
        const struct fr_query_term *term = &FR_AT(&s->query.terms, struct fr_query_term, t);
        struct fr_cursor *c = &m.evaluation.cursors[t];
        char pair[8];
        frai_slice text = fr_query_term_text(&s->query, term, pair);
        bool there = false;
        if (c->exists) {
            fr_cursor_rewind(c);
            fr_cursor_seek(c, local);
            there = c->doc == local;
        }
        all &= there;
        fr_buf_print(&s->text, "    %s %.*s\tdf=%llu\n", there ? "+" : "-", (int)text.len, text.ptr,
                     (unsigned long long)FR_AT(&s->dfs, uint64_t, t));
    }
    if (all) fr_buf_print(&s->text, "    every term is there, but not side by side\n");
    return fr_plan_check(s, &m, err);
}

static frai_status try_corrections(struct fr_searcher *s, frai_slice word, uint32_t among,
                                   uint64_t doc, bool *there, frai_error *err)
{
    struct fr_buf rewritten, suggestion;
    struct fr_correction c = {.rewritten = &rewritten, .suggestion = &suggestion};
    size_t steps = s->steps.len;
    FR_TRY(parse(s, word, 1, FR_SEARCH_PLAIN, err));
    FR_TRY(fr_plan_weigh(s, err));
    fr_buf_init(&rewritten, &s->mem);
    fr_buf_init(&suggestion, &s->mem);
    frai_status status = fr_correct(s, word, true, &c, err);
    s->steps.len = steps; /* those of the latest query stay */
    s->steps.failed = false;
    if (status == FRAI_OK && c.changed) {
        frai_slice text = {(const char *)c.text.data, c.text.len};
        status = parse(s, text, among, FR_SEARCH_PLAIN, err);
        if (status == FRAI_OK)
            status = fr_expand_initials(s, fr_correction_initials(&c, &s->query), err);
        if (status == FRAI_OK) status = is_there(s, doc, there, err);
    }
    if (status == FRAI_OK && *there)
        fr_buf_print(
            &s->text,
            "    found as one slip away, in the other layout or by initial consonants: %.*s\n",
            (int)(rewritten.len ? rewritten.len : word.len),
            rewritten.len ? (const char *)rewritten.data : word.ptr);
    fr_buf_deinit(&rewritten);
    fr_buf_deinit(&suggestion);
    fr_buf_deinit(&c.text);
    return status;
}

/* Lines for the rules that find the word in the document, when it is not there as it is. */
static frai_status try_rules(struct fr_searcher *s, frai_slice word, uint32_t among, uint64_t doc,
                             uint32_t flags, frai_error *err)
{
    static const struct {
        uint32_t flags;
        const char *rule;
    } rules[] = {{0, "found if it need not be as typed: spacing, particles, readings, values, "
                     "spellings, names, "
                     "the file's name"},
                 {FRAI_SEARCH_PREFIX, "found as the beginning of a word"}};
    bool there = false;
    for (size_t i = 0; i < sizeof rules / sizeof *rules && !there; i++) {
        if (i == 0 && !(flags & FRAI_SEARCH_EXACT)) continue;
        FR_TRY(found_as(s, word, among, rules[i].flags, doc, &there, err));
        if (there) fr_buf_print(&s->text, "    %s\n", rules[i].rule);
    }
    if (there) return FRAI_OK;
    FR_TRY(try_corrections(s, word, among, doc, &there, err));
    if (!there) fr_buf_print(&s->text, "    no rule finds it\n");
    return FRAI_OK;
}

struct piece {
    uint32_t begin, end; /* in the query, without quotes */
    uint32_t among;
    bool negative, phrase, there;
};

/* The words of s->query and whether the document has each. pieces: of each word. */
static frai_status look_for_each(struct fr_searcher *s, uint64_t doc, struct piece *pieces,
                                 frai_error *err)
{
    uint32_t local, g = fr_snapshot_segment_of(s->snapshot, doc, &local);
    size_t count = FR_COUNT(&s->query.words, struct fr_query_word);
    struct fr_match m;
    bool there[FRAI_QUERY_WORDS_MAX], memory = false;
    s->any = false;
    FR_TRY(fr_plan_words(s, g, NULL, &m, err));
    fr_match_each(&m, local, there, &memory);
    if (memory) return fr_search_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct fr_query_word *w = &FR_AT(&s->query.words, struct fr_query_word, i);
        pieces[i] =
            (struct piece){w->begin, w->end, s->query.positive, w->negative, w->phrase, there[i]};
    }
    return fr_plan_check(s, &m, err);
}

static frai_status explain_piece(struct fr_searcher *s, frai_slice query, const struct piece *p,
                                 uint64_t doc, uint32_t flags, frai_error *err)
{
    frai_slice word = {query.ptr + p->begin, p->end - p->begin}, typed = word;
    bool quoted = p->begin > 0 && p->end < query.len && query.ptr[p->begin - 1] == '"' &&
                  query.ptr[p->end] == '"';
    if (quoted) typed = (frai_slice){word.ptr - 1, word.len + 2};
    fr_buf_print(&s->text, "%s %s%.*s\n", p->there != p->negative ? "+" : "-",
                 p->negative ? "-" : "", (int)typed.len, typed.ptr);
    if (p->negative) {
        if (p->there) fr_buf_print(&s->text, "    it is there, and excluded\n");
        return FRAI_OK;
    }
    if (p->there) {
        bool found = false, in_text;
        FR_TRY(found_as(s, typed, p->among, flags | FR_SEARCH_TEXT_ONLY, doc, &in_text, err));
        if (!in_text) FR_TRY(found_as(s, typed, p->among, flags, doc, &found, err));
        if (found) fr_buf_print(&s->text, "    only in the name of its file\n");
        return FRAI_OK;
    }
    FR_TRY(list_terms(s, typed, doc, flags, err));
    return try_rules(s, word, p->among, doc, p->phrase ? flags | FRAI_SEARCH_EXACT : flags, err);
}

frai_status fr_searcher_why(struct fr_searcher *s, frai_slice query, uint64_t doc, uint32_t flags,
                            frai_error *err)
{
    struct piece pieces[FRAI_QUERY_WORDS_MAX];
    bool hit = true;
    FR_TRY(fr_searcher_has(s, doc, err));
    FR_TRY(fr_searcher_keep(s, &query, err));
    s->ranking = FRAI_RANK_BM25;
    FR_TRY(fr_plan_query(s, query, flags, 0, err));
    FR_TRY(fr_search_refuse(s, flags, err));
    bool all = s->query.all_documents;
    size_t count = FR_COUNT(&s->query.words, struct fr_query_word);
    FR_TRY(look_for_each(s, doc, pieces, err));
    fr_buf_clear(&s->text);
    for (size_t i = 0; i < count; i++) {
        hit &= pieces[i].there != pieces[i].negative;
        FR_TRY(explain_piece(s, query, &pieces[i], doc, flags, err));
    }
    fr_buf_print(&s->text, "%s\n",
                 count == 0 && !all ? "the query has no words"
                 : hit              ? "the document has every word: it is a hit"
                                    : "the document lacks a word");
    return s->text.failed ? fr_search_memory(err) : FRAI_OK;
}
