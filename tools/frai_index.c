/* frai-index: makes, extends and looks into an index. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "backup.h"
#include "commands.h"
#include "messages.h"
#include "option_names.h"
#include "options.h"
#include "streams.h"

#define THREADS_MAX  256u
#define MEMORY_LEAST (64ull << 20) /* below which the library raises it */

static int usage(void)
{
    fputs(say("frai-index: 한국어 전문 검색 색인\n"
              "\n"
              "  frai-index build 경로…       색인을 만들거나, 바뀐 파일만 읽어 새로 고칩니다\n"
              "                              (글이면 확장자와 상관없이, .jsonl, .json, .html,\n"
              "                              디렉터리, - 는 표준 입력)\n"
              "  frai-index add 경로…         있는 색인에 더합니다; 같은 id의 문서는 바뀝니다\n"
              "  frai-index delete ID…       문서를 지웁니다 (- 는 표준 입력의 id들, 또는 --query "
              "검색어);\n"
              "                              --dry-run 무엇을 지울지만, --yes 묻지 않고\n"
              "  frai-index compact          지운 문서의 자리를 돌려줍니다\n"
              "  frai-index stats [--json]   크기와 개수\n"
              "  frai-index check            모든 바이트를 검사합니다\n"
              "  frai-index repair           손상된 색인에서 읽을 수 있는 문서를 살립니다\n"
              "  frai-index backup 파일      색인을 파일 하나로 (- 는 표준 출력)\n"
              "  frai-index restore 파일     백업을 색인이 없는 곳에 되살립니다\n"
              "  frai-index dump docs|terms|postings\n"
              "  frai-index tokens '글'       분석 결과를 보여 줍니다\n"
              "\n"
              "  build는 같은 경로(없으면 지난번 것)를 새로 고치고, 다른 경로는 add가 더합니다.\n"
              "  앞서 넣은 경로 전체나 문서의 절반 넘게 빠질 때는 --replace를 요구합니다.\n"
              "  없거나 못 읽는 경로의 문서는 남고, 폴더 링크는 --follow로만 따라갑니다.\n"
              "\n"
              "  -o, -i DIR        색인 위치 (기본: FRAI_INDEX 또는 ./.frai)\n"
              "  -j N              스레드 수      --mem 512M   메모리 한도\n"
              "  --reorder bp      비슷한 문서끼리 모음: 검색이 빨라지나 색인은 오래 걸림\n"
              "  --fields 필드=키,…  JSONL 키 지정   --id 키      id로 쓸 키\n"
              "  --format auto|txt|html|json|jsonl   --progress auto|always|never\n"
              "  --fresh           모두 다시 읽음    --json --strict -h -V\n"
              "\n"
              "예:  frai-index build news/          frai-index add more.jsonl\n"
              "     frai-index build a.jsonl --fields title=제목,body=본문\n",
              "frai-index: full-text indexes of Korean\n"
              "\n"
              "  frai-index build PATH...    make an index, or update it: only new and changed "
              "files\n"
              "                              are read (text whatever its name, .jsonl, .json,\n"
              "                              .html, directories, - for stdin)\n"
              "  frai-index add PATH...      add to one; a known id replaces its document\n"
              "  frai-index delete ID...     delete documents (- for ids from stdin, or --query "
              "QUERY);\n"
              "                              --dry-run only says which, --yes asks nothing\n"
              "  frai-index compact          give back the room of deleted documents\n"
              "  frai-index stats [--json]   sizes and counts\n"
              "  frai-index check            verify every byte\n"
              "  frai-index repair           save what a damaged index still has\n"
              "  frai-index backup FILE      the index as one file (- for stdout)\n"
              "  frai-index restore FILE     a backup, where there is no index\n"
              "  frai-index dump docs|terms|postings\n"
              "  frai-index tokens 'text'    what the analyzer makes of a text\n"
              "\n"
              "  The same paths again (or none) update; other paths are added with add.\n"
              "  To drop a whole former path or over half of the documents takes --replace.\n"
              "  Missing and unreadable paths keep their documents. --follow: links to folders.\n"
              "\n"
              "  -o, -i DIR        the index (default: FRAI_INDEX or ./.frai)\n"
              "  -j N              threads       --mem 512M   memory limit\n"
              "  --reorder bp      like documents together: quicker searches, longer to build\n"
              "  --fields FIELD=KEY,...  JSON keys  --id KEY   the key of ids\n"
              "  --format auto|txt|html|json|jsonl  --progress auto|always|never\n"
              "  --fresh           read all files anew    --json --strict -h -V\n"
              "\n"
              "e.g. frai-index build news/          frai-index add more.jsonl\n"
              "     frai-index build a.jsonl --fields title=제목,body=본문\n"),
          stdout);
    return EXIT_DONE;
}

static const struct variable environment[] = {
    {"FRAI_INDEX", 'i'}, {"FRAI_MEM", OPT_MEM}, {"FRAI_THREADS", 'j'}, {NULL, 0}};

static const struct option_rules rules = {
    .program = PROGRAM, .names = index_options, .letters = "o:i:j:hV", .environment = environment};

static int read_mapping(const struct setting *s, struct input *in)
{
    char why[MAPPING_WHY];
    bool good =
        s->option == OPT_ID ? input_map_id(in, s->value, why) : input_map(in, s->value, why);
    return good ? 0 : bad_setting(PROGRAM, s, why);
}

/* 0 to go on, else the exit code. */
static int apply(const struct setting *s, struct options *o, struct input *in)
{
    static const char *const formats[] = {"auto", "txt", "html", "json", "jsonl", NULL},
                             *const progress[] = {"auto", "always", "never", NULL},
                             *const orders[] = {"none", "bp", NULL};
    unsigned long long number = 1;
    int which = 0, rc = 0;
    switch (s->option) {
    case 'o':
    case 'i': rc = read_directory(PROGRAM, s, &o->index); break;
    case 'j':
        rc = read_number(PROGRAM, s, 1, THREADS_MAX, &number);
        o->threads = (unsigned)number;
        break;
    case OPT_MEM: rc = read_bytes(PROGRAM, s, MEMORY_LEAST, &o->memory); break;
    case OPT_FIELDS:
    case OPT_ID: rc = read_mapping(s, in); break;
    case OPT_FORMAT:
        rc = read_choice(PROGRAM, s, formats, &which);
        o->format = formats[which];
        break;
    case OPT_PROGRESS:
        rc = read_choice(PROGRAM, s, progress, &which);
        o->progress = progress[which];
        break;
    case OPT_JSON: o->json = true; break;
    case OPT_STRICT: o->strict = true; break;
    case OPT_QUERY: o->query = s->value; break;
    case OPT_DRY_RUN: o->dry_run = true; break;
    case OPT_YES: o->yes = true; break;
    case OPT_REORDER:
        rc = read_choice(PROGRAM, s, orders, &which);
        o->reorder = which == 1;
        break;
    case OPT_FRESH: o->fresh = true; break;
    case OPT_REPLACE: o->replace = true; break;
    case OPT_FOLLOW: o->follow = true; break;
    case 'h': o->help = true; break;
    case 'V': o->version = true; break;
    }
    return rc;
}

struct command {
    const char *name;
    int least, most; /* words after it */
    const char *missing[2];
    command_function *run;
};

static int run_backup(const struct options *o, struct input *in, char **words, int count)
{
    (void)in, (void)count;
    return backup_write(o->index, words[0]);
}

static int run_restore(const struct options *o, struct input *in, char **words, int count)
{
    (void)in, (void)count;
    return backup_restore(words[0], o->index);
}

#define MANY 1000000000
#define NO_FILE                                                                                    \
    {                                                                                              \
        "파일 이름이 빠졌습니다; 뒤에 쓰세요 (- 는 표준 입출력)",                                  \
            "the file is missing; name it after the command (- for the standard streams)"          \
    }

static const struct command commands[] = {
    {"build", 0, MANY, {0}, command_build},
    {"add", 0, MANY, {0}, command_add},
    {"delete", 0, MANY, {0}, command_delete},
    {"compact", 0, 0, {0}, command_compact},
    {"stats", 0, 0, {0}, command_stats},
    {"check", 0, 0, {0}, command_check},
    {"repair", 0, 0, {0}, command_repair},
    {"backup", 1, 1, NO_FILE, run_backup},
    {"restore", 1, 1, NO_FILE, run_restore},
    {"dump",
     1,
     1,
     {"docs, terms, postings 가운데 하나를 쓰세요", "say docs, terms or postings"},
     command_dump},
    {"tokens",
     1,
     1,
     {"글이 빠졌습니다; 따옴표 안에 쓰세요", "the text is missing; put it in quotes"},
     command_tokens}};

/* Options of some commands only: what would be left aside without a word is an error. */
static const struct {
    int option;
    const char *commands;
} belongs[] = {{OPT_QUERY, "delete"},
               {OPT_DRY_RUN, "delete"},
               {OPT_YES, "delete"},
               {OPT_FRESH, "build"},
               {OPT_REPLACE, "build"},
               {OPT_FOLLOW, "build, add"},
               {OPT_FIELDS, "build, add"},
               {OPT_ID, "build, add"},
               {OPT_FORMAT, "build, add"},
               {OPT_PROGRESS, "build, add"},
               {OPT_REORDER, "build, add, compact"},
               {OPT_STRICT, "build, add, delete"},
               {OPT_JSON, "build, add, stats"}};

/* 0, or exit code 2. What a configuration or the environment sets is for all commands. */
static int check_options(const struct command_line *line, const char *command)
{
    for (size_t i = 0; i < line->count; i++) {
        const struct setting *s = &line->settings[i];
        for (size_t k = 0; k < sizeof belongs / sizeof *belongs && !s->file; k++)
            if (s->option == belongs[k].option && !strstr(belongs[k].commands, command)) {
                fprintf(stderr,
                        say(PROGRAM ": %s: %s에는 없는 옵션입니다; 쓰는 명령은 %s\n",
                            PROGRAM ": %s: %s has no such option; it belongs to %s\n"),
                        s->name, command, belongs[k].commands);
                return EXIT_TROUBLE;
            }
    }
    return 0;
}

static int unknown_command(const char *name)
{
    struct option names[sizeof commands / sizeof *commands + 1] = {{0}};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        names[i].name = commands[i].name;
    const struct option *near = nearest_option(names, name, strlen(name));
    char why[128];
    if (near)
        snprintf(why, sizeof why,
                 say("모르는 명령입니다; 혹시 %s? (-h를 보세요)",
                     "unknown command; did you mean %s? (see -h)"),
                 near->name);
    else
        snprintf(why, sizeof why, "%s",
                 say("모르는 명령입니다; -h를 보세요", "unknown command; see -h"));
    complain(PROGRAM, name, why);
    return EXIT_TROUBLE;
}

static int run_command(const struct command_line *line, const struct options *o, struct input *in)
{
    const char *name = line->words[0];
    int count = line->word_count - 1;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const struct command *c = &commands[i];
        if (strcmp(name, c->name) != 0) continue;
        if (count < c->least) {
            complain(PROGRAM, name, say(c->missing[0], c->missing[1]));
            return EXIT_TROUBLE;
        }
        if (count > c->most) {
            complain(PROGRAM, line->words[1 + c->most],
                     say("이 명령에는 필요 없는 말입니다; 빼거나 따옴표로 묶으세요",
                         "the command takes no such word; leave it out, or use quotes"));
            return EXIT_TROUBLE;
        }
        int rc = check_options(line, name);
        return rc ? rc : c->run(o, in, line->words + 1, count);
    }
    return unknown_command(name);
}

static int run(const struct command_line *line)
{
    struct options o = {.format = "auto", .progress = "auto", .memory = 512u << 20};
    static struct input in;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    o.index = ".frai";
    o.threads = cores > 0 ? (unsigned)cores : 1;
    for (size_t i = 0; i < line->count; i++) {
        int rc = apply(&line->settings[i], &o, &in);
        if (rc) return rc;
    }
    if (o.help) return usage();
    if (o.version) {
        printf("frai-index %s\n", frai_version());
        return EXIT_DONE;
    }
    if (line->word_count == 0) {
        fputs(say(PROGRAM ": 명령이 빠졌습니다; 예: frai-index build 경로 (-h를 보세요)\n",
                  PROGRAM ": what to do is missing; e.g. frai-index build PATH (see -h)\n"),
              stderr);
        return EXIT_TROUBLE;
    }
    guard_maps(PROGRAM, o.index);
    return run_command(line, &o, &in);
}

int main(int argc, char **argv)
{
    struct command_line line;
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 256 << 10); /* what is freed leaves memory: --mem is a ceiling */
#endif
    guard_streams();
    int rc = read_command_line(&rules, argc, argv, &line);
    if (rc == 0) rc = run(&line);
    free_command_line(&line);
    return close_stdout(PROGRAM, rc);
}
