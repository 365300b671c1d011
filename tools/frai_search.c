/* frai-search: queries an index. */
#include <cjson/cJSON.h>
#include <fnmatch.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "frai/frai.h"
#include "input.h"
#include "messages.h"
#include "terminal.h"

#define PROGRAM "frai-search"

enum { EXIT_HIT = 0, EXIT_NO_HIT = 1, EXIT_TROUBLE = 2 };

enum output { OUTPUT_TERMINAL, OUTPUT_TSV, OUTPUT_JSON, OUTPUT_PATHS, OUTPUT_COUNT };

struct options {
    const char *index, *color, *queries, *path, *synonyms, *why;
    enum output output;
    unsigned long long limit, offset; /* limit 0: all */
    uint32_t flags, snippet;          /* snippet 0: none */
    frai_match match;
    frai_rank rank;
    bool quiet, explain, timing, full, output_set;
    char separator;
};

struct session {
    const struct options *o;
    frai_index *index;
    frai_searcher *searcher;
    frai_hit *hits;
    uint32_t room;
    frai_search_info info;
    struct palette colors;
    int columns;
};

static int usage(FILE *out, bool all)
{
    fputs(say("frai-search: 한국어 전문 검색\n"
              "\n"
              "  frai-search [-i DIR] 검색어\n"
              "\n"
              "  -n N        결과 수 (기본 10, 0은 모두)   --offset N   건너뛸 수\n"
              "  -i DIR      색인 (기본: FRAI_INDEX 또는 위로 가장 가까운 .frai)\n"
              "  -a / -o     모든 단어 / 아무 단어         -F           쓴 그대로\n"
              "  -c / -l     개수만 / 경로만               -q           종료 코드만\n"
              "  --json --tsv   출력 형식                  --color auto|always|never\n"
              "  --queries FILE 한 줄에 검색어 하나 (- 는 표준 입력)\n"
              "  -h --help -V\n"
              "\n"
              "예:  frai-search '미스트랄 투자'\n"
              "     frai-search '\"프랑스 AI\" -게임'\n"
              "     frai-search --json -n 3 -- 생물학 | jq .title\n",
              "frai-search: full-text search for Korean\n"
              "\n"
              "  frai-search [-i DIR] QUERY\n"
              "\n"
              "  -n N        results (default 10, 0 for all)   --offset N   skip N\n"
              "  -i DIR      the index (default: FRAI_INDEX, or the nearest .frai upward)\n"
              "  -a / -o     all words / any word              -F           exactly as typed\n"
              "  -c / -l     only the count / only paths       -q           only the exit code\n"
              "  --json --tsv   output                         --color auto|always|never\n"
              "  --queries FILE a query a line (- is stdin)\n"
              "  -h --help -V\n"
              "\n"
              "e.g. frai-search '미스트랄 투자'\n"
              "     frai-search '\"프랑스 AI\" -게임'\n"
              "     frai-search --json -n 3 -- 생물학 | jq .title\n"),
          out);
    if (all)
        fputs(
            say("\n  --explain   점수의 근거      --timing   걸린 시간\n"
                "  --why ID    왜 안 나오는지: 없는 말과, 찾아 줄 규칙\n"
                "  --fuzzy     오타를 고쳐 찾기  --prefix  입력 중: 마지막 말이 이어질 수 있음\n"
                "  --rank bm25 BM25만으로 순위   --path GLOB  이 경로만\n"
                "  --synonyms FILE  같은 뜻의 말, 한 줄에 쉼표로\n"
                "  --snippet N 발췌 글자 수     --no-snippet --full   본문 전체   -0  NUL로 구분\n"
                "  --no-fix    고치지 않고 찾기\n"
                "\n종료 코드: 0 찾음 · 1 없음 · 2 오류.  환경: FRAI_INDEX FRAI_COLORS NO_COLOR "
                "CLICOLOR_FORCE\n",
                "\n  --explain   why a score      --timing   time taken\n"
                "  --why ID    which words a document lacks, and what would find it\n"
                "  --fuzzy     mend slips       --prefix   as you type: the last word goes on\n"
                "  --no-fix    as typed, no corrections    --rank bm25   BM25 alone\n"
                "  --synonyms FILE  words that mean the same, commas between, a line each\n"
                "  --path GLOB only these paths\n"
                "  --snippet N characters       --no-snippet --full   whole text   -0  NUL "
                "separated\n"
                "\nexit: 0 hit, 1 no hit, 2 error.  environment: FRAI_INDEX FRAI_COLORS NO_COLOR "
                "CLICOLOR_FORCE\n"),
            out);
    return out == stderr ? EXIT_TROUBLE : EXIT_HIT;
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* A field, "" if the document has none or it can't be read. `keep`: copied, since the next call of
 * the searcher takes the slice back. */
static char *field(struct session *s, uint64_t doc, const char *name)
{
    frai_slice value = {"", 0};
    frai_error err;
    if (frai_doc_field(s->searcher, doc, frai_slice_of(name), &value, &err) != FRAI_OK)
        complain(PROGRAM, s->o->index, err.message);
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

/* The snippet, marked with the palette's match colour; returns columns. */
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

static void show_terminal(struct session *s, uint32_t rank, const frai_hit *hit)
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
    printf(" · %.2f%s\n", (double)hit->score, s->colors.off);
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

static void show_tsv(struct session *s, uint32_t rank, const frai_hit *hit)
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

static void put_json_snippet(struct session *s, cJSON *object, uint64_t doc)
{
    frai_snippet snippet;
    if (!get_snippet(s, doc, &snippet)) return;
    char *text = strndup(snippet.text.ptr, snippet.text.len);
    if (!text) return;
    cJSON_AddStringToObject(object, "snippet", text);
    cJSON_AddNumberToObject(object, "snippet_offset", (double)snippet.offset);
    cJSON *matches = cJSON_AddArrayToObject(object, "matches");
    for (uint32_t i = 0; i < snippet.span_count; i++) {
        double pair[2] = {(double)snippet.spans[i].begin, (double)snippet.spans[i].end};
        cJSON_AddItemToArray(matches, cJSON_CreateDoubleArray(pair, 2));
    }
    free(text);
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

static void show_json(struct session *s, uint32_t rank, const frai_hit *hit)
{
    static const char *const fields[] = {"id", "path", "title", "url", "source", "date"};
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "rank", rank);
    add_raw(object, "score", "%.7g", (double)hit->score);
    for (int i = 0; i < 6; i++) put_json_field(s, object, hit->doc, fields[i]);
    put_json_snippet(s, object, hit->doc);
    if (s->o->explain) {
        frai_slice text;
        frai_error err;
        if (frai_explain(s->searcher, hit->doc, &text, &err) == FRAI_OK) {
            char *copy = strndup(text.ptr, text.len);
            cJSON_AddStringToObject(object, "explain", copy ? copy : "");
            free(copy);
        }
    }
    print_json(object);
}

static void show_paths(struct session *s, const frai_hit *hit)
{
    char *path = field(s, hit->doc, "path");
    if (!path[0]) {
        free(path);
        path = field(s, hit->doc, "id");
    }
    printf("%s%c", path, s->o->separator);
    free(path);
}

static void json_summary(struct session *s, const char *query, uint32_t shown, double ms)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "type", "summary");
    cJSON_AddNumberToObject(object, "total", (double)s->info.total);
    cJSON_AddNumberToObject(object, "shown", shown);
    cJSON_AddStringToObject(object, "total_relation", s->info.total_is_exact ? "eq" : "gte");
    cJSON_AddBoolToObject(object, "partial", s->info.partial);
    add_raw(object, "ms", "%.3f", ms);
    cJSON_AddStringToObject(object, "query", query);
    if (s->info.rewritten.len) {
        char *text = strndup(s->info.rewritten.ptr, s->info.rewritten.len);
        cJSON_AddStringToObject(object, "rewritten", text ? text : "");
        free(text);
    } else {
        cJSON_AddNullToObject(object, "rewritten");
    }
    if (s->info.suggestion.len) {
        char *text = strndup(s->info.suggestion.ptr, s->info.suggestion.len);
        cJSON_AddStringToObject(object, "suggestion", text ? text : "");
        free(text);
    }
    print_json(object);
}

static void terminal_footer(struct session *s, uint32_t shown, double ms)
{
    fprintf(stderr, say("%u건 / 전체 %s건%s · %.1f ms\n", "%u of %s%s documents · %.1f ms\n"),
            shown, grouped(s->info.total), s->info.total_is_exact ? "" : say(" 이상", " or more"),
            ms);
}

static void notices(struct session *s, const char *query)
{
    if (s->info.rewritten.len)
        fprintf(stderr,
                say("'%.*s'(으)로 검색했습니다 (원문: %s)\n", "searched for '%.*s' (typed: %s)\n"),
                (int)s->info.rewritten.len, s->info.rewritten.ptr, query);
    if (s->info.partial)
        fputs(say("모든 단어가 있는 문서 없음 — 일부 단어만 맞는 결과입니다\n",
                  "no document has all words: these have some of them\n"),
              stderr);
    if (s->info.truncated)
        fputs(say("검색어가 너무 길어 뒷부분은 빼고 찾았습니다\n",
                  "the query was too long: its end was left out\n"),
              stderr);
}

/* No hit: what may have been meant, and how many documents that has. */
static void no_hit(struct session *s, const char *query)
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

/* Does the document's path fit --path? Both in NFC, so that names from any disk fit as typed. */
static bool path_fits(struct session *s, uint64_t doc)
{
    char glob[4096], nfc[4096];
    char *path = field(s, doc, "path");
    size_t n = frai_nfc(frai_slice_of(s->o->path), glob, sizeof glob - 1);
    glob[n] = '\0';
    n = frai_nfc(frai_slice_of(path), nfc, sizeof nfc - 1);
    nfc[n] = '\0';
    free(path);
    return fnmatch(glob, nfc, 0) == 0;
}

/* Keeps, of all hits, the page of those whose path fits; info.total counts them. */
static uint32_t filter_paths(struct session *s, uint32_t count)
{
    uint64_t fitting = 0;
    uint32_t kept = 0;
    unsigned long long limit = s->o->limit ? s->o->limit : FRAI_LIMIT_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (!path_fits(s, s->hits[i].doc)) continue;
        if (fitting++ >= s->o->offset && kept < limit) s->hits[kept++] = s->hits[i];
    }
    s->info.total = fitting;
    s->info.total_is_exact = 1;
    return kept;
}

/* The library's lines, in Korean where that is spoken: each ends in one of these. */
static void print_why(frai_slice text)
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

/* --why: by id, which a file's path is. */
static int why(struct session *s, const char *query)
{
    frai_error err = {0};
    uint64_t doc;
    frai_slice text;
    frai_search_options options = FRAI_SEARCH_OPTIONS_INIT;
    options.flags = s->o->flags;
    if (frai_index_find(s->index, frai_slice_of(s->o->why), &doc, &err) != FRAI_OK) {
        complain(PROGRAM, s->o->why,
                 say("이 문서가 색인에 없습니다; `frai-index dump docs`로 확인하세요",
                     "the index has no such document; see `frai-index dump docs`"));
        return EXIT_TROUBLE;
    }
    frai_status status = frai_why(s->searcher, frai_slice_of(query), &options, doc, &text, &err);
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    print_why(text);
    return EXIT_HIT;
}

static bool make_room(struct session *s, unsigned long long wanted)
{
    if (wanted > FRAI_LIMIT_MAX) wanted = FRAI_LIMIT_MAX;
    if (wanted < 1) wanted = 1;
    if (s->hits && s->room == wanted) return true;
    free(s->hits);
    s->hits = calloc(wanted, sizeof *s->hits);
    s->room = (uint32_t)wanted;
    return s->hits != NULL;
}

/* One query; returns the exit code. */
static int run(struct session *s, const char *query)
{
    const struct options *o = s->o;
    frai_error err = {0};
    uint32_t count = 0;
    unsigned long long limit = o->limit;
    if (o->why) return why(s, query);
    if (o->output == OUTPUT_COUNT || o->quiet) limit = 1;
    if (limit == 0 || o->path) limit = frai_index_documents(s->index);
    if (limit + o->offset > FRAI_LIMIT_MAX && o->offset < FRAI_LIMIT_MAX)
        limit = FRAI_LIMIT_MAX - o->offset;
    if (!make_room(s, limit)) {
        complain(PROGRAM, "-n", say("메모리가 모자랍니다", "out of memory"));
        return EXIT_TROUBLE;
    }
    frai_search_options options = FRAI_SEARCH_OPTIONS_INIT;
    options.limit = s->room;
    options.offset = o->path ? 0 : o->offset;
    options.match = o->match;
    options.rank = o->rank;
    options.flags = o->flags | (o->output == OUTPUT_COUNT ? FRAI_SEARCH_COUNT_EXACT : 0);
    s->info = (frai_search_info)FRAI_SEARCH_INFO_INIT;
    options.info = &s->info;
    double start = now_ms();
    frai_status status =
        frai_search(s->searcher, frai_slice_of(query), &options, s->hits, &count, &err);
    double ms = now_ms() - start;
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    if (o->path) count = filter_paths(s, count);
    bool found = s->info.total > 0;
    if (o->quiet) return found ? EXIT_HIT : EXIT_NO_HIT;
    if (o->output != OUTPUT_JSON) notices(s, query);
    if (o->output == OUTPUT_COUNT) printf("%llu\n", (unsigned long long)s->info.total);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t rank = (uint32_t)o->offset + i + 1;
        if (o->output == OUTPUT_TERMINAL) show_terminal(s, rank, &s->hits[i]);
        if (o->output == OUTPUT_TSV) show_tsv(s, rank, &s->hits[i]);
        if (o->output == OUTPUT_JSON) show_json(s, rank, &s->hits[i]);
        if (o->output == OUTPUT_PATHS) show_paths(s, &s->hits[i]);
    }
    if (o->output == OUTPUT_JSON) json_summary(s, query, count, ms);
    if (o->output == OUTPUT_TERMINAL && found) {
        fflush(stdout);
        terminal_footer(s, count, ms);
    }
    if (!found && o->output != OUTPUT_JSON) no_hit(s, query);
    if (o->timing) fprintf(stderr, "%.3f ms\n", ms);
    return found ? EXIT_HIT : EXIT_NO_HIT;
}

static int run_file(struct session *s, const char *path)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (!in) {
        complain(PROGRAM, path,
                 say("열 수 없습니다; 경로를 확인하세요", "cannot open; check the path"));
        return EXIT_TROUBLE;
    }
    char *line = NULL;
    size_t room = 0;
    int result = EXIT_NO_HIT;
    for (ssize_t n; (n = getline(&line, &room, in)) >= 0;) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r')) line[--n] = '\0';
        int rc = run(s, line);
        if (rc == EXIT_TROUBLE) result = rc;
        if (rc == EXIT_HIT && result == EXIT_NO_HIT) result = rc;
        if (rc == EXIT_TROUBLE) break;
    }
    free(line);
    if (in != stdin) fclose(in);
    return result;
}

/* The nearest .frai from here upward, as git looks for its directory. */
static const char *find_index(void)
{
    static char path[4096];
    const char *env = getenv("FRAI_INDEX");
    if (env && env[0]) return env;
    if (!getcwd(path, sizeof path - 8)) return ".frai";
    for (size_t len = strlen(path);;) {
        snprintf(path + len, sizeof path - len, "%s.frai", len > 1 ? "/" : "");
        if (access(path, F_OK) == 0) return path;
        while (len > 0 && path[--len] != '/') continue;
        if (len == 0) {
            if (access("/.frai", F_OK) == 0) return "/.frai";
            return ".frai";
        }
    }
}

enum {
    OPT_OFFSET = 256,
    OPT_JSON,
    OPT_TSV,
    OPT_COLOR,
    OPT_SNIPPET,
    OPT_NO_SNIPPET,
    OPT_FULL,
    OPT_EXPLAIN,
    OPT_TIMING,
    OPT_QUERIES,
    OPT_NO_FIX,
    OPT_FUZZY,
    OPT_PREFIX,
    OPT_RANK,
    OPT_PATH,
    OPT_SYNONYMS,
    OPT_WHY,
    OPT_HELP
};

static const struct option long_options[] = {{"limit", required_argument, NULL, 'n'},
                                             {"index", required_argument, NULL, 'i'},
                                             {"offset", required_argument, NULL, OPT_OFFSET},
                                             {"json", no_argument, NULL, OPT_JSON},
                                             {"tsv", no_argument, NULL, OPT_TSV},
                                             {"color", required_argument, NULL, OPT_COLOR},
                                             {"exact", no_argument, NULL, 'F'},
                                             {"snippet", required_argument, NULL, OPT_SNIPPET},
                                             {"no-snippet", no_argument, NULL, OPT_NO_SNIPPET},
                                             {"full", no_argument, NULL, OPT_FULL},
                                             {"explain", no_argument, NULL, OPT_EXPLAIN},
                                             {"timing", no_argument, NULL, OPT_TIMING},
                                             {"queries", required_argument, NULL, OPT_QUERIES},
                                             {"no-fix", no_argument, NULL, OPT_NO_FIX},
                                             {"fuzzy", no_argument, NULL, OPT_FUZZY},
                                             {"prefix", no_argument, NULL, OPT_PREFIX},
                                             {"rank", required_argument, NULL, OPT_RANK},
                                             {"path", required_argument, NULL, OPT_PATH},
                                             {"synonyms", required_argument, NULL, OPT_SYNONYMS},
                                             {"why", required_argument, NULL, OPT_WHY},
                                             {"help", no_argument, NULL, OPT_HELP},
                                             {"version", no_argument, NULL, 'V'},
                                             {NULL, 0, NULL, 0}};

static bool number(const char *text, unsigned long long *value)
{
    char *end;
    *value = strtoull(text, &end, 10);
    return end != text && *end == '\0' && text[0] != '-';
}

static void set_output(struct options *o, enum output output)
{
    o->output = output;
    o->output_set = true;
}

/* -1 to go on, else the exit code. */
static int read_options(int argc, char **argv, struct options *o)
{
    unsigned long long value;
    for (int c; (c = getopt_long(argc, argv, "n:k:i:lc0qFaohV", long_options, NULL)) != -1;) {
        switch (c) {
        case 'n':
        case 'k':
            if (!number(optarg, &o->limit)) return bad_value(PROGRAM, "-n", optarg);
            break;
        case 'i': o->index = optarg; break;
        case 'l': set_output(o, OUTPUT_PATHS); break;
        case 'c': set_output(o, OUTPUT_COUNT); break;
        case '0': o->separator = '\0'; break;
        case 'q': o->quiet = true; break;
        case 'F': o->flags |= FRAI_SEARCH_EXACT; break;
        case 'a': o->match = FRAI_MATCH_ALL; break;
        case 'o': o->match = FRAI_MATCH_ANY; break;
        case OPT_OFFSET:
            if (!number(optarg, &o->offset) || o->offset >= FRAI_LIMIT_MAX)
                return bad_value(PROGRAM, "--offset", optarg);
            break;
        case OPT_JSON: set_output(o, OUTPUT_JSON); break;
        case OPT_TSV: set_output(o, OUTPUT_TSV); break;
        case OPT_COLOR:
            if (strcmp(optarg, "auto") && strcmp(optarg, "always") && strcmp(optarg, "never"))
                return bad_value(PROGRAM, "--color", optarg);
            o->color = optarg;
            break;
        case OPT_SNIPPET:
            if (!number(optarg, &value) || value > 1000000)
                return bad_value(PROGRAM, "--snippet", optarg);
            o->snippet = (uint32_t)value;
            break;
        case OPT_NO_SNIPPET: o->snippet = 0; break;
        case OPT_FULL: o->full = true; break;
        case OPT_EXPLAIN: o->explain = true; break;
        case OPT_TIMING: o->timing = true; break;
        case OPT_QUERIES: o->queries = optarg; break;
        case OPT_NO_FIX: o->flags |= FRAI_SEARCH_NO_FIX; break;
        case OPT_FUZZY: o->flags |= FRAI_SEARCH_FUZZY; break;
        case OPT_PREFIX: o->flags |= FRAI_SEARCH_PREFIX; break;
        case OPT_RANK:
            if (strcmp(optarg, "default") && strcmp(optarg, "bm25"))
                return bad_value(PROGRAM, "--rank", optarg);
            o->rank = strcmp(optarg, "bm25") == 0 ? FRAI_RANK_BM25 : FRAI_RANK_DEFAULT;
            break;
        case OPT_PATH: o->path = optarg; break;
        case OPT_SYNONYMS: o->synonyms = optarg; break;
        case OPT_WHY: o->why = optarg; break;
        case 'h': return usage(stdout, false);
        case OPT_HELP: return usage(stdout, true);
        case 'V': printf("frai-search %s\n", frai_version()); return EXIT_HIT;
        default: return EXIT_TROUBLE;
        }
    }
    return -1;
}

/* The words of the command line as one query in UTF-8. */
static char *join(char **words, int count)
{
    size_t len = 1, at = 0;
    for (int i = 0; i < count; i++) len += strlen(words[i]) + 1;
    char *text = malloc(len);
    if (!text) return NULL;
    for (int i = 0; i < count; i++)
        at += (size_t)sprintf(text + at, "%s%s", i ? " " : "", words[i]);
    enum encoding encoding;
    char *utf8 = to_utf8(text, at, &len, &encoding);
    free(text);
    return utf8;
}

static bool read_synonyms(struct session *s)
{
    FILE *in = fopen(s->o->synonyms, "r");
    char *text = NULL;
    size_t room = 0;
    frai_error err = {0};
    ssize_t len = in ? getdelim(&text, &room, '\0', in) : -1;
    bool ok = in && (len >= 0 || feof(in)) &&
              frai_searcher_synonyms(s->searcher, (frai_slice){text, len > 0 ? (size_t)len : 0},
                                     &err) == FRAI_OK;
    if (!ok)
        complain(PROGRAM, s->o->synonyms,
                 say("동의어 파일을 읽을 수 없습니다; 경로를 확인하세요",
                     "cannot read the synonyms; check the path"));
    if (in) fclose(in);
    free(text);
    return ok;
}

int main(int argc, char **argv)
{
    struct options o = {.color = "auto", .limit = 10, .snippet = 100, .separator = '\n'};
    signal(SIGPIPE, SIG_IGN);
    argv = config_arguments(&argc, argv, long_options);
    int rc = read_options(argc, argv, &o);
    if (rc >= 0) return rc;
    if (optind >= argc && !o.queries) return usage(stderr, false);
    if (!o.queries && argc - optind == 1 && strcmp(argv[optind], "-") == 0) o.queries = "-";
    if (!o.output_set) o.output = isatty(STDOUT_FILENO) ? OUTPUT_TERMINAL : OUTPUT_TSV;
    if (!o.index) o.index = find_index();
    struct session s = {
        .o = &o, .colors = palette_for(o.color, stdout), .columns = terminal_columns(stdout)};
    frai_error err = {0};
    frai_status status = frai_index_open(o.index, NULL, &s.index, &err);
    if (status == FRAI_OK) status = frai_searcher_create(s.index, &s.searcher, &err);
    if (status != FRAI_OK) {
        rc = complain_status(PROGRAM, status, &err);
        frai_index_close(s.index);
        return rc == 4 ? EXIT_TROUBLE : rc;
    }
    if (frai_index_fell_back(s.index))
        complain(PROGRAM, o.index,
                 say("가장 새 목록이 손상되어 바로 앞의 것을 썼습니다; `frai-index check`",
                     "the newest manifest is damaged, the one before it was used; run `frai-index "
                     "check`"));
    if (o.synonyms && !read_synonyms(&s)) return EXIT_TROUBLE;
    char *query = o.queries ? NULL : join(argv + optind, argc - optind);
    rc = o.queries ? run_file(&s, o.queries) : query ? run(&s, query) : EXIT_TROUBLE;
    free(query);
    free(s.hits);
    frai_searcher_destroy(s.searcher);
    frai_index_close(s.index);
    if (fflush(stdout) != 0)
        return rc == EXIT_TROUBLE ? rc : EXIT_HIT; /* a closed pipe is no error */
    return rc;
}
