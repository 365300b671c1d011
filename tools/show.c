#include "show.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "messages.h"

/* A field, "" if the document has none or it can't be read. The caller frees it. */
char *field(struct session *s, uint64_t doc, const char *name)
{
    frai_slice value = {"", 0};
    frai_error err;
    if (frai_doc_field(s->searcher, doc, frai_slice_of(name), &value, &err) != FRAI_OK)
        complain(PROGRAM, s->index_path, err.message);
    char *copy = malloc(value.len + 1);
    if (!copy) exit(EXIT_TROUBLE);
    memcpy(copy, value.ptr, value.len);
    for (size_t i = 0; i < value.len; i++)
        if (copy[i] == '\0') copy[i] = ' ';
    copy[value.len] = '\0';
    return copy;
}

/* Title, else the body's first line, else the path or id. */
static char *heading(struct session *s, uint64_t doc)
{
    static const char *const order[] = {"title", "body", "path", "id"};
    for (int i = 0; i < 4; i++) {
        char *value = field(s, doc, order[i]);
        char *begin = value + strspn(value, " \t\r\n");
        begin[strcspn(begin, "\n")] = '\0';
        if (begin[0]) {
            memmove(value, begin, strlen(begin) + 1);
            return value;
        }
        free(value);
    }
    return strdup("");
}

static bool get_snippet(struct session *s, uint64_t doc, frai_snippet *snippet)
{
    frai_error err;
    uint32_t characters = s->o->full ? 1u << 20 : s->o->snippet;
    return characters && frai_doc_snippet(s->searcher, doc, frai_slice_of("body"), characters,
                                          snippet, &err) == FRAI_OK;
}

/* The snippet, marked with the palette's match colour. */
static void put_snippet(struct session *s, uint64_t doc, FILE *out)
{
    frai_snippet snippet;
    if (!get_snippet(s, doc, &snippet)) return;
    if (snippet.cut_before) fputs("…", out);
    uint64_t at = snippet.offset, end = snippet.offset + snippet.text.len;
    for (uint32_t i = 0; i < snippet.span_count; i++) {
        const frai_span *span = &snippet.spans[i];
        put_clean(out, (frai_slice){snippet.text.ptr + (at - snippet.offset), span->begin - at}, 0);
        fputs(s->colors.match, out);
        put_clean(out,
                  (frai_slice){snippet.text.ptr + (span->begin - snippet.offset),
                               span->end - span->begin},
                  0);
        fputs(s->colors.off, out);
        at = span->end;
        if (at < end && snippet.text.ptr[at - snippet.offset] == ' ') fputc(' ', out);
    }
    put_clean(out, (frai_slice){snippet.text.ptr + (at - snippet.offset), end - at}, 0);
    if (snippet.cut_after) fputs("…", out);
}

static void show_explain(struct session *s, uint64_t doc, FILE *out)
{
    frai_slice text;
    frai_error err;
    if (!s->o->explain) return;
    if (frai_explain(s->searcher, doc, &text, &err) == FRAI_OK) fwrite(text.ptr, 1, text.len, out);
}

void show_terminal(struct session *s, uint32_t rank, const frai_hit *hit)
{
    char *title = heading(s, hit->doc), *path = field(s, hit->doc, "path");
    char *source = field(s, hit->doc, "source"), *date = field(s, hit->doc, "date");
    int used = printf("%u  ", rank);
    put_clean(stdout, frai_slice_of(title), s->columns > 20 ? s->columns - used : 20);
    printf("\n   %s", s->colors.path);
    put_clean(stdout, frai_slice_of(path), 0);
    printf("%s%s", s->colors.off, s->colors.dim);
    if (source[0]) {
        fputs(" · ", stdout);
        put_clean(stdout, frai_slice_of(source), 40);
    }
    if (date[0]) {
        fputs(" · ", stdout);
        put_clean(stdout, frai_slice_of(date), 20);
    }
    printf(" · %.2f%s%s\n", (double)hit->score,
           s->partial ? say(" · 일부 단어", " · some words") : "", s->colors.off);
    if (s->o->snippet || s->o->full) {
        fputs("   ", stdout);
        put_snippet(s, hit->doc, stdout);
        fputs("\n", stdout);
    }
    show_explain(s, hit->doc, stdout);
    fputs("\n", stdout);
    free(title);
    free(path);
    free(source);
    free(date);
}

void show_tsv(struct session *s, uint32_t rank, const frai_hit *hit)
{
    char *title = heading(s, hit->doc), *path = field(s, hit->doc, "path");
    printf("%u\t%.4f\t", rank, (double)hit->score);
    put_clean(stdout, frai_slice_of(path), 0);
    putchar('\t');
    put_clean(stdout, frai_slice_of(title), 0);
    putchar('\t');
    put_snippet(s, hit->doc, stdout);
    putchar('\n');
    show_explain(s, hit->doc, stderr);
    free(title);
    free(path);
}

static void put_json_field(struct session *s, cJSON *object, uint64_t doc, const char *name)
{
    char *value = field(s, doc, name);
    cJSON_AddStringToObject(object, name, value);
    free(value);
}

static void put_json_slice(cJSON *object, const char *name, frai_slice value)
{
    char *text = strndup(value.ptr, value.len);
    cJSON_AddStringToObject(object, name, text ? text : "");
    free(text);
}

static void put_json_snippet(struct session *s, cJSON *object, uint64_t doc)
{
    frai_snippet snippet;
    if (!get_snippet(s, doc, &snippet)) return;
    put_json_slice(object, "snippet", snippet.text);
    cJSON_AddNumberToObject(object, "snippet_offset", (double)snippet.offset);
    cJSON *matches = cJSON_AddArrayToObject(object, "matches");
    for (uint32_t i = 0; i < snippet.span_count; i++) {
        double pair[2] = {(double)snippet.spans[i].begin, (double)snippet.spans[i].end};
        cJSON_AddItemToArray(matches, cJSON_CreateDoubleArray(pair, 2));
    }
}

static void print_json(cJSON *object)
{
    char *line = cJSON_PrintUnformatted(object);
    if (line) puts(line);
    cJSON_free(line);
    cJSON_Delete(object);
}

static void add_raw(cJSON *object, const char *name, const char *format, double value)
{
    char number[64];
    snprintf(number, sizeof number, format, value);
    cJSON_AddRawToObject(object, name, number);
}

void show_json(struct session *s, uint32_t rank, const frai_hit *hit)
{
    static const char *const fields[] = {"id", "path", "title", "url", "source", "date"};
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "rank", rank);
    add_raw(object, "score", "%.7g", (double)hit->score);
    for (int i = 0; i < 6; i++) put_json_field(s, object, hit->doc, fields[i]);
    put_json_snippet(s, object, hit->doc);
    if (s->partial) cJSON_AddTrueToObject(object, "partial");
    if (s->o->explain) {
        frai_slice text;
        frai_error err;
        if (frai_explain(s->searcher, hit->doc, &text, &err) == FRAI_OK)
            put_json_slice(object, "explain", text);
    }
    print_json(object);
}

void show_paths(struct session *s, const frai_hit *hit)
{
    char *path = field(s, hit->doc, "path");
    if (!path[0]) {
        free(path);
        path = field(s, hit->doc, "id");
    }
    printf("%s%c", path, s->o->separator);
    free(path);
}

void json_summary(struct session *s, const char *query, uint32_t shown, double ms)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "type", "summary");
    cJSON_AddNumberToObject(object, "total", (double)s->info.total);
    cJSON_AddNumberToObject(object, "shown", shown);
    cJSON_AddStringToObject(object, "total_relation", s->info.total_is_exact ? "eq" : "gte");
    cJSON_AddBoolToObject(object, "partial", s->info.partial);
    add_raw(object, "ms", "%.3f", ms);
    cJSON_AddStringToObject(object, "query", query);
    if (s->info.rewritten.len)
        put_json_slice(object, "rewritten", s->info.rewritten);
    else
        cJSON_AddNullToObject(object, "rewritten");
    if (s->info.suggestion.len) put_json_slice(object, "suggestion", s->info.suggestion);
    frai_slice plan;
    if (s->o->explain && frai_plan(s->searcher, &plan, NULL) == FRAI_OK)
        put_json_slice(object, "plan", plan);
    print_json(object);
}

void terminal_footer(struct session *s, uint32_t shown, double ms)
{
    fprintf(stderr, say("%u건 / 전체 %s건%s · %.1f ms\n", "%u of %s%s documents · %.1f ms\n"),
            shown, grouped(s->info.total), s->info.total_is_exact ? "" : say(" 이상", " or more"),
            ms);
}

void notices(struct session *s, const char *query, uint32_t shown)
{
    if (s->info.rewritten.len)
        fprintf(stderr,
                say("'%.*s'(으)로 검색했습니다 (원문: %s)\n", "searched for '%.*s' (typed: %s)\n"),
                (int)s->info.rewritten.len, s->info.rewritten.ptr, query);
    if (s->info.partial)
        fputs(say("모든 단어가 있는 문서 없음 — 일부 단어만 맞는 결과입니다\n",
                  "no document has all words: these have some of them\n"),
              stderr);
    else if (s->info.full < shown)
        fprintf(stderr,
                say("모든 단어가 있는 결과 %u건, 그 뒤는 일부 단어만 맞습니다\n",
                    "%u with all words; those behind have some of them\n"),
                s->info.full);
    if (s->info.truncated)
        fputs(say("검색어가 너무 길어 뒷부분은 빼고 찾았습니다\n",
                  "the query was too long: its end was left out\n"),
              stderr);
}

void show_plan(struct session *s)
{
    frai_slice text;
    frai_error err;
    if (s->o->explain && frai_plan(s->searcher, &text, &err) == FRAI_OK && text.len)
        fwrite(text.ptr, 1, text.len, stderr);
}

/* No hit: what may have been meant, and how many documents that has. */
void no_hit(struct session *s, const char *query)
{
    fprintf(stderr, say("결과 없음: %s", "no hit: %s"), query);
    char *meant =
        strndup(s->info.suggestion.ptr ? s->info.suggestion.ptr : "", s->info.suggestion.len);
    if (meant && meant[0]) {
        frai_search_options options = FRAI_SEARCH_OPTIONS_INIT;
        frai_search_info info = FRAI_SEARCH_INFO_INIT;
        frai_hit hit;
        uint32_t count;
        options.limit = 1;
        options.info = &info;
        if (frai_search(s->searcher, frai_slice_of(meant), &options, &hit, &count, NULL) == FRAI_OK)
            fprintf(stderr, say(" · 혹시: %s (%s건)", " · did you mean: %s (%s)"), meant,
                    grouped(info.total));
    }
    fputc('\n', stderr);
    free(meant);
}

/* The library's lines, in Korean where that is spoken: each ends in one of these. */
void print_why(frai_slice text)
{
    static const char *const lines[][2] = {
        {"the document has every word: it is a hit", "모든 단어가 있어 결과에 나옵니다"},
        {"the document lacks a word", "없는 단어가 있어 결과에 나오지 않습니다"},
        {"the query has no words", "검색어에 단어가 없습니다"},
        {"no rule finds it", "어떤 규칙으로도 찾을 수 없습니다"},
        {"every term is there, but not side by side", "글자쌍은 모두 있지만 이어져 있지 않습니다"},
        {"it is there, and excluded", "있는 단어인데 빼라고 했습니다"},
        {"found by --prefix: as the beginning of a word", "--prefix로 찾음: 단어의 앞부분"},
        {"found by without quotes and -F: spacing, particles, readings, values, spellings, names",
         "따옴표와 -F 없이 찾음: 띄어쓰기, 조사, 한자음, 수의 값, 표기, 이름"},
        {"found by --fuzzy, the other layout or initial consonants: ",
         "--fuzzy, 한/영 자판이나 초성으로 찾음: "}};
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len, skip = 0;
        while (skip < len && text.ptr[skip] == ' ') skip++;
        size_t i = 0, n = sizeof lines / sizeof *lines;
        while (i < n && (len - skip < strlen(lines[i][0]) ||
                         memcmp(text.ptr + skip, lines[i][0], strlen(lines[i][0])) != 0))
            i++;
        size_t known = i < n ? strlen(lines[i][0]) : 0;
        if (known) printf("%.*s%s", (int)skip, text.ptr, say(lines[i][1], lines[i][0]));
        size_t done = known ? skip + known : 0;
        printf("%.*s\n", (int)(len - done), text.ptr + done);
        text.ptr += len + (end != NULL);
        text.len -= len + (end != NULL);
    }
}
