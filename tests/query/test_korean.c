/* What Korean search has to do, rule by rule: tests/query/korean.txt.
 *
 *   == name of a rule              a new index
 *   a: text          a(title): text          a document, named by a letter
 *   a[path]: text                            ... in a file of its own
 *   query => a b !c                hits a and b, no hit c (others may be)
 *   query => a > b                 a and b are hits, a ranks above b
 *   query => =a b                  a and b are the only hits
 *   query => a ~rewritten          and the query was searched as that ("~": as typed)
 *   query => a $word$other         and no hit has these words of the query ("$": each is in one)
 *   query => ^a ~fronts            found by the words' fronts, which otherwise count for nothing
 *   query => ^                     nothing is found, nor by fronts
 *   query => error                 a syntax error
 *   query => ?suggestion           no hits, and this is suggested ("?": nothing is)
 *   [fuzzy prefix exact nofix all any] query => …     with those flags
 *   synonyms 불어, 프랑스어        of this index's queries from here on */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/search.h"
#include "support/support.h"

#define DOCS_MAX 26

struct world {
    char rule[200], *bodies[DOCS_MAX], *titles[DOCS_MAX], *paths[DOCS_MAX];
    int docs, line;
    frai_index *index;
    frai_searcher *searcher;
    int queries, failures;
};

static void close_world(struct world *w)
{
    frai_searcher_destroy(w->searcher);
    frai_index_close(w->index);
    w->searcher = NULL;
    w->index = NULL;
    for (int i = 0; i < w->docs; i++) {
        free(w->bodies[i]);
        free(w->titles[i]);
        free(w->paths[i]);
    }
    w->docs = 0;
}

static void open_world(struct world *w)
{
    if (w->searcher) return;
    const char *dir = temp_dir();
    frai_writer *writer;
    assert_ok(frai_writer_open(dir, NULL, &writer, &error_));
    for (int i = 0; i < w->docs; i++) {
        char id[2] = {(char)('a' + i), '\0'};
        frai_document d = {.struct_size = sizeof d,
                           .id = frai_slice_of(id),
                           .title = frai_slice_of(w->titles[i]),
                           .body = frai_slice_of(w->bodies[i]),
                           .path = frai_slice_of(w->paths[i])};
        assert_ok(frai_writer_add(writer, &d, &error_));
    }
    assert_ok(frai_writer_commit(writer, &error_));
    frai_writer_close(writer);
    assert_ok(frai_index_open(dir, NULL, &w->index, &error_));
    assert_ok(frai_searcher_create(w->index, &w->searcher, &error_));
}

static void take_flags(char **text, frai_search_options *o)
{
    static const struct {
        const char *name;
        uint32_t flag;
    } flags[] = {{"fuzzy", FRAI_SEARCH_FUZZY},
                 {"prefix", FRAI_SEARCH_PREFIX},
                 {"exact", FRAI_SEARCH_EXACT},
                 {"nofix", FRAI_SEARCH_NO_FIX}};
    if (**text != '[' || !strchr(*text, ']')) return;
    char *end = strchr(*text, ']'), *word = *text + 1;
    bool known = false;
    *end = '\0';
    for (word = strtok(word, " "); word; word = strtok(NULL, " ")) {
        for (size_t i = 0; i < 4; i++)
            if (strcmp(word, flags[i].name) == 0) o->flags |= flags[i].flag, known = true;
        if (strcmp(word, "all") == 0) o->match = FRAI_MATCH_ALL, known = true;
        if (strcmp(word, "any") == 0) o->match = FRAI_MATCH_ANY, known = true;
    }
    if (!known) { /* brackets of the query itself */
        *end = ']';
        return;
    }
    *text = end + 1 + strspn(end + 1, " ");
}

static int place_of(const struct hit *hits, uint32_t count, char doc)
{
    for (uint32_t i = 0; i < count; i++)
        if (hits[i].doc == (uint64_t)(doc - 'a')) return (int)i;
    return -1;
}

static bool same(frai_slice got, const char *wanted)
{
    return got.len == strlen(wanted) && (got.len == 0 || memcmp(got.ptr, wanted, got.len) == 0);
}

/* The same, with '\n' for each '$'. */
static bool same_lines(frai_slice got, const char *wanted)
{
    char lines[300];
    snprintf(lines, sizeof lines, "%s", wanted);
    for (char *p = lines; *p; p++)
        if (*p == '$') *p = '\n';
    return same(got, lines);
}

/* Goes on: a change of a rule shows all that it moves. */
static void fail_line(struct world *w, const char *query, const char *why)
{
    printf("korean.txt:%d (%s): '%s': %s\n", w->line, w->rule, query, why);
    w->failures++;
}

static void check_query(struct world *w, char *query, char *wanted)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    struct hit hits[DOCS_MAX];
    uint32_t count, named = 0;
    char why[300], *suggestion = strchr(wanted, '?'), *rewritten = strchr(wanted, '~'),
                   *missing = strchr(wanted, '$');
    bool fronts = *wanted == '^', only = fronts || *wanted == '=';
    open_world(w);
    o.limit = DOCS_MAX;
    take_flags(&query, &o);
    w->queries++;
    if (strcmp(wanted, "error") == 0) {
        frai_status status =
            find_hits(w->searcher, frai_slice_of(query), &o, hits, &count, &error_);
        if (status != FRAI_ERR_SYNTAX) fail_line(w, query, frai_status_name(status));
        return;
    }
    assert_ok(find_info(w->searcher, frai_slice_of(query), &o, hits, &count, &info));
    if (fronts && info.by_fronts != (wanted[1] != '\0')) fail_line(w, query, "fronts");
    if (!fronts && info.by_fronts) count = 0;
    if (suggestion) {
        if (count) fail_line(w, query, "has hits");
        if (!same(info.suggestion, suggestion + 1)) {
            snprintf(why, sizeof why, "'%.*s' is suggested", (int)info.suggestion.len,
                     info.suggestion.ptr);
            fail_line(w, query, why);
        }
        return;
    }
    if (missing && !same_lines(info.missing, missing + 1)) {
        snprintf(why, sizeof why, "missing is '%.*s'", (int)info.missing.len, info.missing.ptr);
        fail_line(w, query, why);
    }
    if (missing) *missing = '\0';
    if (rewritten && (fronts || !info.by_fronts)) {
        if (!same(info.rewritten, rewritten + 1)) {
            snprintf(why, sizeof why, "searched as '%.*s'", (int)info.rewritten.len,
                     info.rewritten.ptr);
            fail_line(w, query, why);
        }
    }
    if (rewritten) *rewritten = '\0';
    int last = -1;
    bool above = false;
    for (char *p = wanted + only; *p; p++) {
        bool no = *p == '!';
        if (*p == '>') above = true;
        if (*p == ' ' || *p == '>') continue;
        p += no;
        int place = place_of(hits, count, *p);
        snprintf(why, sizeof why, "%c is %s hit", *p, no ? "a" : "no");
        if (no != (place < 0)) fail_line(w, query, why);
        snprintf(why, sizeof why, "%c is above", *p);
        if (above && place < last) fail_line(w, query, why);
        last = place;
        above = false;
        named += !no;
    }
    if (only && named != count) {
        snprintf(why, sizeof why, "%u hits", count);
        fail_line(w, query, why);
    }
}

static void take_document(struct world *w, char *line)
{
    char *title = line[1] == '(' ? line + 2 : NULL, *path = line[1] == '[' ? line + 2 : NULL;
    char *body = strstr(line, ": ") + 2;
    assert_int_equal(line[0], 'a' + w->docs);
    if (title) *strstr(line, "): ") = '\0';
    if (path) *strstr(line, "]: ") = '\0';
    w->titles[w->docs] = strdup(title ? title : "");
    w->paths[w->docs] = strdup(path ? path : "");
    w->bodies[w->docs++] = strdup(body);
}

static void every_example_holds(void **unused)
{
    (void)unused;
    char path[600], line[4096];
    static struct world w;
    snprintf(path, sizeof path, "%s/tests/query/korean.txt", getenv("FRAI_SOURCE"));
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        w.line++;
        line[strcspn(line, "\n")] = '\0';
        char *arrow = strstr(line, " => ");
        if (line[0] == '\0' || line[0] == '#') continue;
        if (strncmp(line, "== ", 3) == 0) {
            close_world(&w);
            snprintf(w.rule, sizeof w.rule, "%.190s", line + 3);
        } else if (strncmp(line, "synonyms ", 9) == 0) {
            open_world(&w);
            assert_ok(frai_searcher_set_synonyms(w.searcher, frai_slice_of(line + 9), &error_));
        } else if (arrow) {
            *arrow = '\0';
            check_query(&w, line, arrow + 4);
        } else if (line[0] >= 'a' && line[0] <= 'z' && strchr(":([", line[1])) {
            take_document(&w, line);
        } else {
            fail_line(&w, line, "neither document nor query");
        }
    }
    fclose(in);
    close_world(&w);
    printf("  %d queries of korean.txt tried\n", w.queries);
    assert_int_equal(w.failures, 0);
    assert_true(w.queries > 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_example_holds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
