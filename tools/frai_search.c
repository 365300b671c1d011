/* frai-search: queries an index. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "messages.h"
#include "open_index.h"
#include "option_names.h"
#include "options.h"
#include "queries.h"
#include "show.h"
#include "streams.h"

#define SNIPPET_MOST 1000000u /* characters */

static int usage(bool all)
{
    fputs(say("frai-search: 한국어 전문 검색\n"
              "\n"
              "  frai-search [-i DIR] 검색어…\n"
              "      말 말: 그 말들이 있는 문서 · -말: 그 말이 없는 문서 · \"말 말\": 이어진 말 · "
              "*: 모든 문서\n"
              "      빼기만 하려면 '* -말' · -6도는 영하 6도라는 수 (빼려면 -\"6도\")\n"
              "\n"
              "  -n N        결과 수 (기본 10, 0은 모두)   --offset N   건너뛸 수\n"
              "  -i DIR      색인 (기본: FRAI_INDEX 또는 위로 가장 가까운 .frai)\n"
              "  -a / -o     모든 단어 / 아무 단어         -F           쓴 그대로\n"
              "  -c / -q     개수만 / 종료 코드만\n"
              "  -l          파일만, 한 번씩 모두 (-n을 쓰면 N개만)   -0   NUL로 나눔\n"
              "  --json --tsv   출력 형식                  --color auto|always|never\n"
              "  --queries FILE 한 줄에 검색어 하나 (- 는 표준 입력)\n"
              "  --          뒤는 모두 검색어              -h --help -V\n"
              "\n"
              "예:  frai-search 미스트랄 투자\n"
              "     frai-search '\"프랑스 AI\"' -게임\n"
              "     frai-search --json -n 3 생물학 | jq .title\n",
              "frai-search: full-text search for Korean\n"
              "\n"
              "  frai-search [-i DIR] QUERY...\n"
              "      word word: documents with them · -word: without it · \"word word\": a phrase "
              "· *: all\n"
              "      only leaving out: '* -word' · -6도 is a number (-\"6도\" leaves it out)\n"
              "\n"
              "  -n N        results (default 10, 0 for all)   --offset N   skip N\n"
              "  -i DIR      the index (default: FRAI_INDEX, or the nearest .frai upward)\n"
              "  -a / -o     all words / any word              -F           exactly as typed\n"
              "  -c / -q     only the count / only the exit code\n"
              "  -l          only the files, each once, all of them (-n N: only N)   -0   NUL "
              "between\n"
              "  --json --tsv   output                         --color auto|always|never\n"
              "  --queries FILE a query a line (- is stdin)\n"
              "  --          what follows is the query         -h --help -V\n"
              "\n"
              "e.g. frai-search 미스트랄 투자\n"
              "     frai-search '\"프랑스 AI\"' -게임\n"
              "     frai-search --json -n 3 생물학 | jq .title\n"),
          stdout);
    if (all)
        fputs(
            say("\n"
                "  --explain   점수의 근거      --timing   걸린 시간 (발췌와 출력까지)\n"
                "  --why ID    왜 안 나오는지: 없는 말과, 찾아 줄 규칙\n"
                "  --fuzzy     오타를 고쳐 찾기  --prefix  입력 중: 마지막 말이 이어질 수 있음\n"
                "  --no-fix    고치지 않고 찾기  --rank bm25 BM25만으로 순위\n"
                "  --path GLOB 이 경로만 (보이는 경로나 색인에 저장된 경로)\n"
                "  --synonyms FILE  같은 뜻의 말, 한 줄에 쉼표로\n"
                "  --snippet N 발췌 글자 수     --no-snippet   발췌 없이     --full   본문 전체\n"
                "  --work N    여기까지만 찾기 (기본 1000000000: 1~2초, 0: 끝까지)\n"
                "\n"
                "  TSV: 순위, 점수, 경로, 제목, 발췌, id. 경로는 지금 있는 곳에서 열 수 있게 "
                "적습니다. 제어 문자는\n"
                "  기호나 U+FFFD로 보이며, -l은 파이프에 이름을 그대로 적습니다 (줄바꿈이 든 "
                "이름은 -0으로).\n"
                "  JSON: UTF-8이 아닌 이름은 path_bytes와 id_bytes에 %XX로 적습니다.\n"
                "  종료 코드: 0 찾음 · 1 없음 · 2 오류.\n"
                "  설정: ~/.config/frai/config (한 줄에 긴 옵션 이름 = 값) < 환경 < 옵션.\n"
                "  환경: FRAI_INDEX FRAI_CONFIG FRAI_COLORS NO_COLOR CLICOLOR_FORCE\n",
                "\n"
                "  --explain   why a score      --timing   time taken, snippets and output "
                "included\n"
                "  --why ID    which words a document lacks, and what would find it\n"
                "  --fuzzy     mend slips       --prefix   as you type: the last word goes on\n"
                "  --no-fix    as typed, no corrections    --rank bm25   BM25 alone\n"
                "  --path GLOB only these paths, as they are shown or as the index has them\n"
                "  --synonyms FILE  words that mean the same, commas between, a line each\n"
                "  --snippet N characters       --no-snippet   without          --full   the "
                "whole text\n"
                "  --work N    how far a search may go (default 1000000000: a second or two, 0: to "
                "the end)\n"
                "\n"
                "  TSV: rank, score, path, title, snippet, id. Paths are such that they open "
                "from here. Controls\n"
                "  are shown as pictures or U+FFFD; into a pipe -l writes names as they are (-0 "
                "for names with\n"
                "  line ends). JSON: names that are no UTF-8 are in path_bytes and id_bytes too, "
                "as %XX.\n"
                "  exit: 0 hit, 1 no hit, 2 error.\n"
                "  settings: ~/.config/frai/config (a line each: long option = value) < "
                "environment < options.\n"
                "  environment: FRAI_INDEX FRAI_CONFIG FRAI_COLORS NO_COLOR CLICOLOR_FORCE\n"),
            stdout);
    return EXIT_HIT;
}

static const struct variable environment[] = {
    {"FRAI_INDEX", 'i'}, {"FRAI_COLORS", OPT_COLORS}, {NULL, 0}};

static const struct option_rules rules = {.program = PROGRAM,
                                          .names = search_options,
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

/* A bracket that nothing closes stands for itself, which may not be meant. */
static void set_path(struct options *o, const struct setting *s)
{
    const char *at = s->value;
    o->path = s->value;
    while ((at = strpbrk(at, "[\\")) != NULL) {
        if (*at == '\\') {
            at += at[1] ? 2 : 1;
            continue;
        }
        const char *set = at + 1 + (at[1] == '!' || at[1] == '^');
        at = *set ? strchr(set + 1, ']') : NULL;
        if (at) continue;
        complain(PROGRAM, setting_place(s),
                 say("[를 닫는 ]가 없어 [ 글자 그대로 찾습니다",
                     "[ has no ] that closes it, so it stands for itself"));
        return;
    }
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
    case OPT_WORK:
        rc = read_number(PROGRAM, s, 0, INT64_MAX, &o->work);
        if (o->work == 0) o->work = FRAI_WORK_UNLIMITED;
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
    case 'i': o->index_place = s; return read_directory(PROGRAM, s, &o->index);
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
    case OPT_PATH: set_path(o, s); break;
    case OPT_SYNONYMS: o->synonyms = s->value; break;
    case OPT_WHY: o->why = s->value; break;
    case 'h':
    case OPT_HELP:
    case 'V': o->told = s->option; break;
    default: return apply_value(s, o);
    }
    return 0;
}

static int search(const struct options *o, char **words)
{
    struct session s = {.o = o,
                        .colors = palette_for(o->color, o->palette, stdout),
                        .columns = terminal_columns(stdout)};
    int rc = open_index(&s);
    if (rc == 0 && o->synonyms) rc = read_synonyms(&s);
    if (rc == 0) rc = o->queries ? search_lines(&s, o->queries) : search_words(&s, words);
    free(s.hits);
    free(s.rewritten);
    free(s.suggestion);
    free(s.missing);
    free(s.replaced);
    free(s.path);
    sources_free(&s.sources);
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
    if (o.queries && line->word_count > 0) {
        complain(
            PROGRAM, line->words[0],
            say("--queries와 함께 쓸 수 없습니다; 검색어는 파일에 한 줄에 하나씩 쓰세요",
                "can't be used together with --queries; put it into the file, a query a line"));
        return EXIT_TROUBLE;
    }
    if (!o.queries && line->word_count == 1 && strcmp(line->words[0], "-") == 0) o.queries = "-";
    if (!o.output_set) o.output = isatty(STDOUT_FILENO) ? OUTPUT_TERMINAL : OUTPUT_TSV;
    return search(&o, line->words);
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
