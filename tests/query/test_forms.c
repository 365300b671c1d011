/* Other forms of predicates, measured on tables made from the grammar: predicates.tsv has 300 verbs
 * and adjectives in twelve forms, nouns.tsv 209 nouns that end as predicates do. Every form and
 * every noun with its particles is a document. Half of each table is held: whoever changes a rule
 * looks at failures of the open half only (FRAI_SHOW=1 prints them). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"
#include "text/hangul.h"
#include "text/particle.h"
#include "text/utf8.h"

#define FORMS      12u
#define WORDS_MAX  512u
#define HITS_MAX   4000u
#define WITH_NOUNS 5u /* a noun alone, and with particles */

struct entry {
    char forms[FORMS][64];
    uint32_t count, first; /* its documents */
    bool held, harmed;
};

static struct entry predicates[WORDS_MAX], nouns[WORDS_MAX];
static uint32_t predicate_count, noun_count;
static char documents[WORDS_MAX * FORMS][64];
static uint32_t document_count;

/* Lines "held|open <tab> ... <tab> forms with spaces between". */
static uint32_t read_table(const char *name, struct entry *entries)
{
    char path[600], line[2048];
    uint32_t count = 0;
    snprintf(path, sizeof path, "%s/tests/query/%s", getenv("FRAI_SOURCE"), name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        struct entry *e = &entries[count++];
        line[strcspn(line, "\n")] = '\0';
        *e = (struct entry){.held = strncmp(line, "held\t", 5) == 0};
        for (char *w = strtok(strrchr(line, '\t') + 1, " "); w; w = strtok(NULL, " "))
            snprintf(e->forms[e->count++], sizeof e->forms[0], "%s", w);
    }
    fclose(in);
    return count;
}

/* A noun and its particles; of one syllable, not alone, where a form of a verb may be the same. */
static void put_particles(struct entry *e)
{
    char noun[64];
    snprintf(noun, sizeof noun, "%s", e->forms[0]);
    size_t at = strlen(noun) - 3;
    bool closed = fr_syllable_split(fr_utf8_next(noun, strlen(noun), &at)).final;
    const char *particles[] = {closed ? "이" : "가", closed ? "을" : "를", "에서", "의", ""};
    e->count = strlen(noun) > 3 ? WITH_NOUNS : WITH_NOUNS - 1;
    for (uint32_t i = 0; i < e->count; i++)
        snprintf(e->forms[i], sizeof e->forms[i], "%.32s%s", noun, particles[i]);
}

static void put_documents(frai_writer *writer, struct entry *e)
{
    e->first = document_count;
    for (uint32_t i = 0; i < e->count; i++) {
        char id[16], body[128];
        snprintf(id, sizeof id, "%u", document_count);
        snprintf(body, sizeof body, "%s 오늘 아침 신문 첫째 쪽", e->forms[i]);
        snprintf(documents[document_count++], 64, "%s", e->forms[i]);
        frai_document d = {
            .struct_size = sizeof d, .id = frai_slice_of(id), .body = frai_slice_of(body)};
        assert_ok(frai_writer_add(writer, &d, &error_));
    }
}

static frai_index *build(void)
{
    const char *dir = temp_dir();
    frai_writer *writer;
    frai_index *index;
    predicate_count = read_table("predicates.tsv", predicates);
    noun_count = read_table("nouns.tsv", nouns);
    assert_int_equal(predicate_count, 300);
    assert_true(noun_count >= 200);
    document_count = 0;
    assert_ok(frai_writer_open(dir, NULL, &writer, &error_));
    for (uint32_t i = 0; i < predicate_count; i++) put_documents(writer, &predicates[i]);
    for (uint32_t i = 0; i < noun_count; i++) {
        put_particles(&nouns[i]);
        put_documents(writer, &nouns[i]);
    }
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
    assert_ok(frai_index_open(dir, NULL, &index, &error_));
    return index;
}

static uint32_t hits_of(frai_searcher *s, const char *query, frai_match match, struct hit *hits)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    uint32_t count;
    o.limit = HITS_MAX;
    o.match = match;
    assert_ok(find_hits(s, frai_slice_of(query), &o, hits, &count, &error_));
    return count;
}

/* Has the document the query, or what is left of it without a particle? */
static bool has_typed(const char *document, const char *query)
{
    uint32_t cps[32];
    size_t n = 0;
    char stem[64];
    for (size_t at = 0; at < strlen(query);) cps[n++] = fr_utf8_next(query, strlen(query), &at);
    snprintf(stem, sizeof stem, "%.*s", (int)(3 * fr_particle_stem(cps, n)), query);
    return strstr(document, stem) != NULL;
}

static bool is_form_of(const struct entry *e, const char *text)
{
    for (uint32_t i = 0; i < e->count; i++)
        if (strcmp(e->forms[i], text) == 0) return true;
    return false;
}

static void show(const struct entry *e, const char *query, const char *document)
{
    if (getenv("FRAI_SHOW") && !e->held) printf("  %s: %s\n", query, document);
}

/* Nouns that a form brought without being typed are harmed. */
static void check_nouns(const struct entry *p, const char *query, const struct hit *hits,
                        uint32_t count)
{
    for (uint32_t h = 0; h < count; h++)
        for (uint32_t i = 0; i < noun_count; i++) {
            struct entry *noun = &nouns[i];
            if (hits[h].doc < noun->first || hits[h].doc >= noun->first + noun->count) continue;
            const char *document = documents[hits[h].doc];
            if (has_typed(document, query) || is_form_of(p, document)) continue;
            noun->harmed = true;
            show(noun, query, document);
        }
}

/* Shares of the open and of the held half. */
struct shares {
    uint32_t good[2], all[2];
};

static void count(struct shares *s, bool held, bool good)
{
    s->good[held] += good;
    s->all[held]++;
}

static void assert_shares(const struct shares *s, const char *what, double least)
{
    for (int held = 0; held < 2; held++) {
        double share = (double)s->good[held] / s->all[held];
        printf("  %s, %s: %.4f of %u\n", what, held ? "held" : "open", share, s->all[held]);
        assert_true(share >= least);
    }
}

static void try_predicates(frai_searcher *s, frai_match match, struct shares *found,
                           struct shares *first)
{
    static struct hit hits[HITS_MAX];
    for (uint32_t i = 0; i < predicate_count; i++) {
        const struct entry *p = &predicates[i];
        for (uint32_t f = 0; f < FORMS; f++) {
            uint32_t n = hits_of(s, p->forms[f], match, hits);
            for (uint32_t k = 0; k < FORMS; k++) {
                bool there = false;
                for (uint32_t h = 0; h < n && !there; h++) there = hits[h].doc == p->first + k;
                count(found, p->held, there);
                if (!there) show(p, p->forms[f], p->forms[k]);
            }
            bool typed =
                n && strncmp(documents[hits[0].doc], p->forms[f], strlen(p->forms[f])) == 0;
            count(first, p->held, typed);
            check_nouns(p, p->forms[f], hits, n);
        }
    }
}

static void try_nouns(frai_searcher *s, struct shares *whole)
{
    static struct hit hits[HITS_MAX];
    for (uint32_t i = 0; i < noun_count; i++) {
        struct entry *e = &nouns[i];
        char noun[64];
        snprintf(noun, sizeof noun, "%.*s", (int)strlen(e->forms[0]) - 3, e->forms[0]);
        uint32_t n = hits_of(s, noun, FRAI_MATCH_AUTO, hits);
        for (uint32_t h = 0; h < n; h++) {
            if (strstr(documents[hits[h].doc], noun)) continue;
            e->harmed = true;
            show(e, noun, documents[hits[h].doc]);
        }
        count(whole, e->held, !e->harmed);
    }
}

static void forms_find_one_another_and_no_nouns(void **unused)
{
    struct shares found = {0}, all = {0}, first = {0}, whole = {0};
    frai_index *index = build();
    frai_searcher *s;
    (void)unused;
    assert_ok(frai_searcher_create(index, &s, &error_));
    try_predicates(s, FRAI_MATCH_AUTO, &found, &first);
    try_predicates(s, FRAI_MATCH_ALL, &all, &first);
    try_nouns(s, &whole);
    assert_shares(&found, "forms found", 0.95);
    assert_shares(&all, "forms found, all words asked for", 0.95);
    assert_shares(&first, "what was typed is first", 0.98);
    assert_shares(&whole, "nouns left whole", 0.98);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* A hit that has another form says so; one that has the typed form doesn't. */
static void other_forms_are_told(void **unused)
{
    static struct hit hits[HITS_MAX];
    frai_index *index = build();
    frai_searcher *s;
    const frai_diagnosis *d;
    uint64_t typed = predicates[0].first, other = typed + 1;
    (void)unused;
    assert_ok(frai_searcher_create(index, &s, &error_));
    uint32_t n = hits_of(s, predicates[0].forms[0], FRAI_MATCH_AUTO, hits), at = 0;
    while (at < n && hits[at].doc != other) at++;
    assert_true(at < n);
    assert_true(assert_explained(s, other, hits[at].score, "form"));
    assert_int_equal(hits[0].doc, typed);
    assert_false(assert_explained(s, typed, hits[0].score, "form"));
    frai_slice query = frai_slice_of(predicates[0].forms[0]);
    assert_ok(frai_searcher_diagnose(s, query, NULL, other, &d, &error_));
    assert_non_null(find_kind(d, FRAI_FINDING_FOUND_AS));
    assert_int_equal(verdict(d), FRAI_FINDING_HIT);
    assert_ok(frai_searcher_diagnose(s, query, NULL, typed, &d, &error_));
    assert_null(find_kind(d, FRAI_FINDING_FOUND_AS));
    frai_searcher_destroy(s);
    frai_index_close(index);
}

/* Many forms, and endings alone, cost no more than the limits of a query let them. */
static void queries_full_of_forms_are_bounded(void **unused)
{
    static struct hit hits[HITS_MAX];
    static char query[1 << 16];
    frai_index *index = build();
    frai_searcher *s;
    size_t len = 0;
    (void)unused;
    assert_ok(frai_searcher_create(index, &s, &error_));
    for (uint32_t i = 0; i < 1000; i++)
        len +=
            (size_t)snprintf(query + len, sizeof query - len, "%s%s ", predicates[0].forms[i % 12],
                             predicates[i % 300].forms[i / 300] + 3);
    assert_true(hits_of(s, query, FRAI_MATCH_ANY, hits) > 0);
    len = 0;
    for (uint32_t i = 0; i < 1000; i++)
        len += (size_t)snprintf(query + len, sizeof query - len, "습니다는데요%s ",
                                i % 2 ? "었겠더라" : "으니까네요");
    hits_of(s, query, FRAI_MATCH_ANY, hits);
    hits_of(s, "었었었었었었었었었었", FRAI_MATCH_ALL, hits);
    frai_searcher_destroy(s);
    frai_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(forms_find_one_another_and_no_nouns),
                                       cmocka_unit_test(other_forms_are_told),
                                       cmocka_unit_test(queries_full_of_forms_are_bounded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
