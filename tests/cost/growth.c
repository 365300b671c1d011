/* Work of the library at sizes n, 2n and 4n, each counted by callgrind by itself: growth.py runs
 * it.
 *
 * usage: growth DIR [KIND] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

#include "frai/frai.h"

static const char *root;
static frai_error err;

#define OK(call)                                                                                   \
    do {                                                                                           \
        if ((call) != FRAI_OK) {                                                                   \
            fprintf(stderr, "%s: %s\n", #call, err.message);                                       \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* ---- texts ---- */

struct text {
    char *ptr;
    size_t len;
};

/* `unit` n times; a %u in it is the number of the time. */
static struct text repeat(const char *unit, unsigned n)
{
    struct text t = {NULL, 0};
    char part[512];
    t.ptr = malloc(n * (strlen(unit) + 12) + 1);
    for (unsigned i = 0; i < n; i++) {
        size_t len = (size_t)snprintf(part, sizeof part, unit, i);
        memcpy(t.ptr + t.len, part, len);
        t.len += len;
    }
    return t;
}

static frai_slice slice(struct text t)
{
    return (frai_slice){t.ptr, t.len};
}

/* ---- an index ---- */

static frai_writer *writer;
enum { HITS_MAX = 2000 };

static frai_index *idx;
static frai_searcher *searcher;

static int directories;

static void begin_index(void)
{
    char dir[4096];
    snprintf(dir, sizeof dir, "%s/%d", root, directories++);
    OK(frai_writer_open(dir, NULL, &writer, &err));
}

static void add(frai_slice id, frai_slice body)
{
    frai_document d = {.struct_size = sizeof d, .id = id, .body = body};
    OK(frai_writer_add(writer, &d, &err));
}

static void add_field(const char *field, frai_slice text)
{
    frai_document d = {.struct_size = sizeof d, .id = frai_slice_of("a")};
    *(strcmp(field, "title") == 0  ? &d.title
      : strcmp(field, "path") == 0 ? &d.path
                                   : &d.body) = text;
    OK(frai_writer_add(writer, &d, &err));
}

static void commit(void)
{
    OK(frai_writer_commit(writer, &err));
    frai_writer_close(writer);
}

static void open_index(void)
{
    char dir[4096];
    snprintf(dir, sizeof dir, "%s/%d", root, directories - 1);
    OK(frai_index_open(dir, NULL, &idx, &err));
    OK(frai_searcher_create(idx, &searcher, &err));
}

static void close_index(void)
{
    frai_searcher_destroy(searcher);
    frai_index_close(idx);
}

static void search(frai_slice query, uint32_t flags)
{
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    const frai_results *results;
    o.limit = HITS_MAX;
    o.flags = flags;
    frai_status status = frai_search(searcher, query, &o, &results, &err);
    if (status != FRAI_OK && status != FRAI_ERR_SYNTAX) OK(status);
}

static void passage(const char *field, uint32_t characters)
{
    frai_passage p = FRAI_PASSAGE_INIT;
    OK(frai_searcher_make_passage(searcher, 0, frai_slice_of(field), characters, &p, &err));
}

/* ---- what is counted ---- */

static void begin_count(void)
{
    CALLGRIND_ZERO_STATS;
}

static void end_count(const char *name, unsigned size)
{
    char label[256];
    snprintf(label, sizeof label, "%s@%u", name, size);
    CALLGRIND_DUMP_STATS_AT(label);
}

struct kind {
    const char *name;
    unsigned n;
    const char *text, *query; /* as repeat() takes them */
    uint32_t flags;
    const char *field;  /* of a document; NULL: its body */
    const char *repeat; /* a line that other documents have, or NULL */
};

/* A document of a text n times: read, written, found and shown. */
static void count_document(const struct kind *k, unsigned n)
{
    struct text body = repeat(k->text, n);
    const char *field = k->field ? k->field : "body";
    begin_count();
    begin_index();
    add_field(field, slice(body));
    for (unsigned i = 0; k->repeat && i < 220; i++) {
        char id[16], line[512];
        snprintf(id, sizeof id, "%u", i);
        snprintf(line, sizeof line, "%u번 기사\n%s", i, k->repeat);
        add(frai_slice_of(id), frai_slice_of(line));
    }
    commit();
    open_index();
    search(frai_slice_of(k->query), 0);
    passage(field, 100);
    passage(field, FRAI_PASSAGE_WHOLE);
    close_index();
    end_count(k->name, n);
    free(body.ptr);
}

/* A query of a text n times, against a few documents. */
static void count_query(const struct kind *k, unsigned n)
{
    struct text query = repeat(k->query, n);
    const frai_explanation *explanation;
    const frai_diagnosis *diagnosis;
    begin_index();
    for (unsigned i = 0; i < 50; i++) {
        struct text body = repeat(k->text, 1 + i);
        char id[16];
        snprintf(id, sizeof id, "%u", i);
        add(frai_slice_of(id), slice(body));
        free(body.ptr);
    }
    commit();
    open_index();
    search(slice(query), k->flags);
    begin_count();
    search(slice(query), k->flags);
    passage("body", 100);
    OK(frai_searcher_explain(searcher, 0, &explanation, &err));
    OK(frai_searcher_diagnose(searcher, slice(query), NULL, 0, &diagnosis, &err));
    end_count(k->name, n);
    close_index();
    free(query.ptr);
}

/* n documents of a text each; ids are repeat(query, 1) of their number. */
static void count_documents(const struct kind *k, unsigned n)
{
    begin_count();
    begin_index();
    for (unsigned i = 0; i < n; i++) {
        char id[8192], body[512];
        snprintf(id, sizeof id, k->query, i);
        snprintf(body, sizeof body, k->text, i);
        add(frai_slice_of(id), frai_slice_of(body));
    }
    commit();
    open_index();
    search(frai_slice_of("투자 소식"), FRAI_SEARCH_COUNT_EXACT);
    for (unsigned i = 0; i < n; i++) {
        char id[8192];
        uint64_t doc;
        snprintf(id, sizeof id, k->query, i);
        frai_index_find(idx, frai_slice_of(id), &doc, &err);
    }
    close_index();
    end_count(k->name, n);
}

/* n documents, each second of them deleted. */
static void count_deletes(const struct kind *k, unsigned n)
{
    char dir[4096], id[32];
    begin_index();
    for (unsigned i = 0; i < n; i++) {
        snprintf(id, sizeof id, k->query, i);
        add(frai_slice_of(id), frai_slice_of(k->text));
    }
    commit();
    snprintf(dir, sizeof dir, "%s/%d", root, directories - 1);
    begin_count();
    OK(frai_writer_open(dir, NULL, &writer, &err));
    for (unsigned i = 0; i < n; i += 2) {
        snprintf(id, sizeof id, k->query, i);
        OK(frai_writer_delete(writer, frai_slice_of(id), &err));
    }
    commit();
    open_index();
    search(frai_slice_of(k->text), FRAI_SEARCH_COUNT_EXACT);
    close_index();
    end_count(k->name, n);
}

/* A list of synonyms, `text` n times, read and asked. */
static void count_synonyms(const struct kind *k, unsigned n)
{
    struct text list = repeat(k->text, n);
    begin_index();
    add(frai_slice_of("a"), frai_slice_of("투자 소식 서울"));
    commit();
    open_index();
    begin_count();
    OK(frai_searcher_set_synonyms(searcher, slice(list), &err));
    search(frai_slice_of(k->query), 0);
    end_count(k->name, n);
    close_index();
    free(list.ptr);
}

static char long_id[5000];

#define REPEATED "ⓒ 가온경제 무단전재 및 재배포 금지, 투자 판단은 독자의 몫입니다\n"

static const struct kind documents[] = {
    {"matches in a line", 1000, "서울 투자 소식 ", "투자", 0},
    {"matches in lines", 1000, "서울 투자 소식\n", "투자", 0},
    {"one word", 2000, "투자 ", "투자", 0},
    {"one syllable", 4000, "가", "가가가", 0},
    {"different words", 1000, "낱말%u ", "낱말7", 0},
    {"a line without spaces", 1000, "미스트랄투자소식", "투자소식", 0},
    {"digits", 8000, "7", "77", 0},
    {"numbers with commas", 1500, "1,111", "1,111", 0},
    {"numbers with points", 2000, "1.", "1", 0},
    {"numbers with hyphens", 2000, "12-", "12", 0},
    {"units", 1500, "1만", "1만", 0},
    {"combining marks", 4000, "\xCC\x81", "a", 0},
    {"joined emoji", 2000, "\xF0\x9F\x91\xA9\xE2\x80\x8D", "a", 0},
    {"parentheses", 4000, "(", "a", 0},
    {"names in parentheses", 1500, "가(a", "가", 0},
    {"camel case", 3000, "aB", "ab", 0},
    {"letters and signs", 2000, "a+", "a", 0},
    {"letters and digits", 2000, "a1", "a1", 0},
    {"Han", 1500, "國會", "국회", 0},
    {"white space", 10000, " \n", "a", 0},
    {"short lines", 2500, "a\n", "a", 0},
    {"a long title", 1000, "서울 투자 소식 ", "투자", 0, "title"},
    {"a long path", 1000, "서울-투자 소식/", "투자", 0, "path"},
    {"a line among repeated ones", 400, "서울 투자 소식 ", "투자", 0, NULL, REPEATED},
    {"repeated lines", 80, REPEATED, "투자", 0, NULL, REPEATED},
    {"a long name of a file", 1000, "서울-투자 소식.", "투자", 0, "path"},
};

static const struct kind queries[] = {
    {"words of a query", 16, "낱말%u 투자 ", "낱말%u ", 0},
    {"words beyond the limit", 500, "낱말%u 투자 ", "낱말%u ", 0},
    {"exclusions", 10, "낱말%u 투자 ", "* -낱말%u ", 0},
    {"exclusions beyond the limit", 500, "낱말%u 투자 ", "* -낱말%u ", 0},
    {"quotes", 1000, "투자 소식 ", "\"", 0},
    {"empty phrases", 1000, "투자 소식 ", "\". ", 0},
    {"phrases", 16, "투자 소식%u ", "\"투자 소식%u\" ", 0},
    {"a phrase", 100, "투자 소식 ", "투자 소식 ", FRAI_SEARCH_EXACT},
    {"a query without spaces", 60, "미스트랄 투자 소식 ", "미스트랄투자소식", 0},
    {"letters without spaces", 60, "sql server express ", "sqlserverexpress", 0},
    {"initials", 60, "미스트랄 투자 ", "ㅁㅅㅌㄹ ", 0},
    {"slips", 16, "미스트랄 투자 ", "미스트럴%u ", FRAI_SEARCH_FUZZY},
    {"completed words", 16, "미스트랄 투자 ", "미스%u ", FRAI_SEARCH_PREFIX},
};

static const struct kind lists[] = {
    {"documents", 300, "투자 소식 %u번", "id%u", 0},
    {"documents of one id", 300, "투자 소식 %u번", "same", 0},
    {"ids of one prefix", 150, "투자 소식 %u번", long_id, 0},
};

static const struct kind deletes[] = {
    {"deleted documents", 300, "투자 소식", "id%u", 0},
};

static const struct kind synonyms[] = {
    {"lines of synonyms", 500, "투자,낱말%u\n", "투자 소식", 0},
    {"a line of synonyms", 500, "투자,낱말%u,", "투자 소식", 0},
    {"a synonym of itself", 500, "투자,", "투자 소식", 0},
    {"one line again", 500, "투자,소식\n", "투자 소식", 0},
};

#define EACH(list, count)                                                                          \
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)                                        \
        for (unsigned times = 1; times <= 4; times *= 2)                                           \
            if (argc < 3 || strcmp(list[i].name, argv[2]) == 0) count(&list[i], times *list[i].n)

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    root = argv[1];
    memset(long_id, 'i', 4000);
    strcat(long_id, "%u");
    EACH(documents, count_document);
    EACH(queries, count_query);
    EACH(lists, count_documents);
    EACH(deletes, count_deletes);
    EACH(synonyms, count_synonyms);
    return 0;
}
