/* frai-search: queries an index. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "frai/frai.h"
#include "ingest/encoding.h"
#include "messages.h"
#include "open_index.h"
#include "options.h"
#include "show.h"
#include "streams.h"

#define SNIPPET_MOST 1000000u /* characters */

static int usage(bool all)
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
          stdout);
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
            stdout);
    return EXIT_HIT;
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

#define PATH_BYTES 4096u

/* In NFC, so that names from any disk fit as typed. */
static void put_nfc(const char *text, char out[PATH_BYTES])
{
    out[frai_nfc(frai_slice_of(text), out, PATH_BYTES - 1)] = '\0';
}

static bool path_fits(struct session *s, uint64_t doc, const char *glob)
{
    char nfc[PATH_BYTES], *path = field(s, doc, "path");
    put_nfc(path, nfc);
    free(path);
    return fnmatch(glob, nfc, 0) == 0;
}

/* Keeps, of all hits, the page of those whose path fits; info.total counts them. */
static uint32_t filter_paths(struct session *s, uint32_t count)
{
    char glob[PATH_BYTES];
    uint64_t fitting = 0;
    uint32_t kept = 0;
    unsigned long long limit = s->o->limit ? s->o->limit : FRAI_LIMIT_MAX;
    put_nfc(s->o->path, glob);
    for (uint32_t i = 0; i < count; i++) {
        if (!path_fits(s, s->hits[i].doc, glob)) continue;
        if (fitting++ >= s->o->offset && kept < limit) s->hits[kept++] = s->hits[i];
    }
    s->info.total = fitting;
    s->info.total_is_exact = 1;
    return kept;
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
    if (o->output != OUTPUT_JSON) {
        notices(s, query, o->path || o->output == OUTPUT_COUNT ? s->info.full : count);
        show_plan(s);
    }
    if (o->output == OUTPUT_COUNT) printf("%llu\n", (unsigned long long)s->info.total);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t rank = (uint32_t)o->offset + i + 1;
        s->partial = !o->path && i >= s->info.full;
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
    struct stat st;
    bool waits = fstat(fileno(in), &st) == 0 && !S_ISREG(st.st_mode); /* somebody for answers */
    for (ssize_t n; (n = getline(&line, &room, in)) >= 0;) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r')) line[--n] = '\0';
        int rc = run(s, line);
        if (waits) fflush(stdout);
        if (rc == EXIT_TROUBLE) result = rc;
        if (rc == EXIT_HIT && result == EXIT_NO_HIT) result = rc;
        if (rc == EXIT_TROUBLE) break;
    }
    free(line);
    if (in != stdin) fclose(in);
    return result;
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
    OPT_COLORS, /* of the environment only */
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

static const struct variable environment[] = {
    {"FRAI_INDEX", 'i'}, {"FRAI_COLORS", OPT_COLORS}, {NULL, 0}};

static const struct option_rules rules = {.program = PROGRAM,
                                          .names = long_options,
                                          .letters = "n:k:i:lc0qFaohV",
                                          .environment = environment,
                                          .takes_query = true,
                                          .numbers = "nk"};

static void set_output(struct options *o, enum output output)
{
    o->output = output;
    o->output_set = true;
}

/* How much of a document is shown; the last one said counts. */
static void set_snippet(struct options *o, unsigned long long characters, bool full)
{
    o->snippet = (uint32_t)characters;
    o->full = full;
}

/* Those that are numbers or words of a list; 0, or exit code 2. */
static int apply_value(const struct setting *s, struct options *o)
{
    static const char *const colors[] = {"auto", "always", "never", NULL}, *const ranks[] = {
                                                                               "default", "bm25",
                                                                               NULL};
    unsigned long long characters = o->snippet;
    int which = 0, rc = 0;
    switch (s->option) {
    case 'n':
    case 'k': o->limit_set = true; return read_number(PROGRAM, s, 0, FRAI_LIMIT_MAX, &o->limit);
    case OPT_OFFSET: return read_number(PROGRAM, s, 0, FRAI_LIMIT_MAX - 1, &o->offset);
    case OPT_SNIPPET:
        rc = read_number(PROGRAM, s, 0, SNIPPET_MOST, &characters);
        set_snippet(o, characters, false);
        break;
    case OPT_COLOR:
        rc = read_choice(PROGRAM, s, colors, &which);
        o->color = colors[which];
        break;
    case OPT_COLORS: return read_colors(PROGRAM, s, &o->palette);
    case OPT_RANK:
        rc = read_choice(PROGRAM, s, ranks, &which);
        o->rank = which == 1 ? FRAI_RANK_BM25 : FRAI_RANK_DEFAULT;
        break;
    }
    return rc;
}

/* 0 to go on, else exit code 2. */
static int apply(const struct setting *s, struct options *o)
{
    switch (s->option) {
    case 'i':
        o->index = s->value;
        o->index_place = s;
        break;
    case 'l': set_output(o, OUTPUT_PATHS); break;
    case 'c': set_output(o, OUTPUT_COUNT); break;
    case '0': o->separator = '\0'; break;
    case 'q': o->quiet = true; break;
    case 'F': o->flags |= FRAI_SEARCH_EXACT; break;
    case 'a': o->match = FRAI_MATCH_ALL; break;
    case 'o': o->match = FRAI_MATCH_ANY; break;
    case OPT_JSON: set_output(o, OUTPUT_JSON); break;
    case OPT_TSV: set_output(o, OUTPUT_TSV); break;
    case OPT_NO_SNIPPET: set_snippet(o, 0, false); break;
    case OPT_FULL: set_snippet(o, o->snippet, true); break;
    case OPT_EXPLAIN: o->explain = true; break;
    case OPT_TIMING: o->timing = true; break;
    case OPT_QUERIES: o->queries = s->value; break;
    case OPT_NO_FIX: o->flags |= FRAI_SEARCH_NO_FIX; break;
    case OPT_FUZZY: o->flags |= FRAI_SEARCH_FUZZY; break;
    case OPT_PREFIX: o->flags |= FRAI_SEARCH_PREFIX; break;
    case OPT_PATH: o->path = s->value; break;
    case OPT_SYNONYMS: o->synonyms = s->value; break;
    case OPT_WHY: o->why = s->value; break;
    case 'h':
    case OPT_HELP:
    case 'V': o->told = s->option; break;
    default: return apply_value(s, o);
    }
    return 0;
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

static int search(struct options *o, char **words, int count)
{
    struct session s = {.o = o,
                        .colors = palette_for(o->color, o->palette, stdout),
                        .columns = terminal_columns(stdout)};
    int rc = open_index(&s);
    if (rc == 0 && o->synonyms && !read_synonyms(&s)) rc = EXIT_TROUBLE;
    if (rc == 0 && o->queries) {
        rc = run_file(&s, o->queries);
    } else if (rc == 0) {
        char *query = join(words, count);
        rc = query ? run(&s, query) : EXIT_TROUBLE;
        free(query);
    }
    free(s.hits);
    frai_searcher_destroy(s.searcher);
    frai_index_close(s.index);
    return rc;
}

static int start(const struct command_line *line)
{
    struct options o = {
        .color = "auto", .limit = 10, .snippet = 100, .separator = '\n', .palette = PALETTE_USUAL};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < line->count; i++) rc = apply(&line->settings[i], &o);
    if (rc) return rc;
    if (o.told == 'V') {
        printf("frai-search %s\n", frai_version());
        return EXIT_HIT;
    }
    if (o.told) return usage(o.told == OPT_HELP);
    if (line->word_count == 0 && !o.queries) {
        complain(PROGRAM, say("검색어", "query"),
                 say("찾을 말이 빠졌습니다; 예: frai-search '미스트랄 투자' (-h를 보세요)",
                     "what to search for is missing; e.g. frai-search '미스트랄 투자' (see -h)"));
        return EXIT_TROUBLE;
    }
    if (!o.queries && line->word_count == 1 && strcmp(line->words[0], "-") == 0) o.queries = "-";
    if (!o.output_set) o.output = isatty(STDOUT_FILENO) ? OUTPUT_TERMINAL : OUTPUT_TSV;
    return search(&o, line->words, line->word_count);
}

int main(int argc, char **argv)
{
    struct command_line line;
    guard_streams();
    int rc = read_command_line(&rules, argc, argv, &line);
    if (rc == 0) rc = start(&line);
    free_command_line(&line);
    return close_stdout(PROGRAM, rc);
}
