/* frai-index: makes, extends and looks into an index. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "backup.h"
#include "commands.h"
#include "config.h"
#include "messages.h"
#include "streams.h"

int usage(FILE *out)
{
    fputs(say("frai-index: 한국어 전문 검색 색인\n"
              "\n"
              "  frai-index build 경로…       색인을 만들거나, 바뀐 파일만 읽어 새로 고칩니다\n"
              "                              (.txt, .jsonl, 디렉터리, - 는 표준 입력)\n"
              "  frai-index add 경로…         있는 색인에 더합니다; 같은 id의 문서는 바뀝니다\n"
              "  frai-index delete ID…       문서를 지웁니다 (- 는 표준 입력의 id들, 또는 --query "
              "검색어)\n"
              "  frai-index compact          지운 문서의 자리를 돌려줍니다\n"
              "  frai-index stats [--json]   크기와 개수\n"
              "  frai-index check            모든 바이트를 검사합니다\n"
              "  frai-index repair           손상된 색인에서 읽을 수 있는 문서를 살립니다\n"
              "  frai-index backup 파일      색인을 파일 하나로 (- 는 표준 출력)\n"
              "  frai-index restore 파일     백업을 색인이 없는 곳에 되살립니다\n"
              "  frai-index dump docs|terms|postings\n"
              "  frai-index tokens '글'       분석 결과를 보여 줍니다\n"
              "\n"
              "  -o, -i DIR        색인 위치 (기본: FRAI_INDEX 또는 ./.frai)\n"
              "  -j N              스레드 수      --mem 512M   메모리 한도\n"
              "  --reorder bp      비슷한 문서끼리 모음: 검색이 빨라지나 색인은 오래 걸림\n"
              "  --fields 필드=키,…  JSONL 키 지정   --id 키      id로 쓸 키\n"
              "  --format auto|txt|jsonl        --progress auto|always|never\n"
              "  --fresh           모두 다시 읽음    --json --strict -h -V\n"
              "\n"
              "예:  frai-index build news/          frai-index add more.jsonl\n"
              "     frai-index build a.jsonl --fields title=제목,body=본문\n",
              "frai-index: full-text indexes of Korean\n"
              "\n"
              "  frai-index build PATH...    make an index, or update it: only new and changed "
              "files\n"
              "                              are read (.txt, .jsonl, directories, - for stdin)\n"
              "  frai-index add PATH...      add to one; a known id replaces its document\n"
              "  frai-index delete ID...     delete documents (- for ids from stdin, or --query "
              "QUERY)\n"
              "  frai-index compact          give back the room of deleted documents\n"
              "  frai-index stats [--json]   sizes and counts\n"
              "  frai-index check            verify every byte\n"
              "  frai-index repair           save what a damaged index still has\n"
              "  frai-index backup FILE      the index as one file (- for stdout)\n"
              "  frai-index restore FILE     a backup, where there is no index\n"
              "  frai-index dump docs|terms|postings\n"
              "  frai-index tokens 'text'    what the analyzer makes of a text\n"
              "\n"
              "  -o, -i DIR        the index (default: FRAI_INDEX or ./.frai)\n"
              "  -j N              threads       --mem 512M   memory limit\n"
              "  --reorder bp      like documents together: quicker searches, longer to build\n"
              "  --fields FIELD=KEY,...  JSON keys  --id KEY   the key of ids\n"
              "  --format auto|txt|jsonl         --progress auto|always|never\n"
              "  --fresh           read all files anew    --json --strict -h -V\n"
              "\n"
              "e.g. frai-index build news/          frai-index add more.jsonl\n"
              "     frai-index build a.jsonl --fields title=제목,body=본문\n"),
          out);
    return out == stderr ? EXIT_FAILURE_IO : EXIT_DONE;
}

static bool parse_bytes(const char *text, unsigned long long *bytes)
{
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    static const char units[] = "KMGT";
    double scale = 1;
    const char *unit = *end ? strchr(units, *end & ~32) : NULL;
    if (unit && *unit) {
        for (long i = unit - units; i >= 0; i--) scale *= 1024;
        end++;
    }
    if (*end == 'i') end++;
    if ((*end & ~32) == 'B') end++;
    if (errno || end == text || *end || !(value > 0) || value * scale > 1e18) return false;
    *bytes = (unsigned long long)(value * scale);
    return true;
}

enum {
    OPT_MEM = 256,
    OPT_FIELDS,
    OPT_ID,
    OPT_FORMAT,
    OPT_REORDER,
    OPT_QUERY,
    OPT_DRY_RUN,
    OPT_YES,
    OPT_PROGRESS,
    OPT_JSON,
    OPT_STRICT,
    OPT_FRESH
};

static const struct option long_options[] = {{"output", required_argument, NULL, 'o'},
                                             {"index", required_argument, NULL, 'i'},
                                             {"threads", required_argument, NULL, 'j'},
                                             {"mem", required_argument, NULL, OPT_MEM},
                                             {"fields", required_argument, NULL, OPT_FIELDS},
                                             {"id", required_argument, NULL, OPT_ID},
                                             {"format", required_argument, NULL, OPT_FORMAT},
                                             {"progress", required_argument, NULL, OPT_PROGRESS},
                                             {"json", no_argument, NULL, OPT_JSON},
                                             {"strict", no_argument, NULL, OPT_STRICT},
                                             {"reorder", required_argument, NULL, OPT_REORDER},
                                             {"query", required_argument, NULL, OPT_QUERY},
                                             {"dry-run", no_argument, NULL, OPT_DRY_RUN},
                                             {"yes", no_argument, NULL, OPT_YES},
                                             {"fresh", no_argument, NULL, OPT_FRESH},
                                             {"help", no_argument, NULL, 'h'},
                                             {"version", no_argument, NULL, 'V'},
                                             {NULL, 0, NULL, 0}};

/* Options into o and in; -1 to go on, else the exit code. */
static int read_options(int argc, char **argv, struct options *o, struct input *in)
{
    const char *why;
    char spec[256];
    for (int c; (c = getopt_long(argc, argv, "o:i:j:hV", long_options, NULL)) != -1;) {
        switch (c) {
        case 'o':
        case 'i': o->index = optarg; break;
        case 'j':
            o->threads = (unsigned)strtoul(optarg, NULL, 10);
            if (o->threads < 1 || o->threads > 256) return bad_value(PROGRAM, "-j", optarg);
            break;
        case OPT_MEM:
            if (!parse_bytes(optarg, &o->memory)) return bad_value(PROGRAM, "--mem", optarg);
            break;
        case OPT_FIELDS:
            if (!input_map(in, optarg, &why)) return bad_value(PROGRAM, "--fields", why);
            break;
        case OPT_ID:
            snprintf(spec, sizeof spec, "id=%s", optarg);
            if (!input_map(in, spec, &why)) return bad_value(PROGRAM, "--id", optarg);
            break;
        case OPT_FORMAT:
            o->format = optarg;
            if (strcmp(optarg, "auto") && strcmp(optarg, "txt") && strcmp(optarg, "jsonl"))
                return bad_value(PROGRAM, "--format", optarg);
            break;
        case OPT_PROGRESS: o->progress = optarg; break;
        case OPT_JSON: o->json = true; break;
        case OPT_STRICT: o->strict = true; break;
        case OPT_QUERY: o->query = optarg; break;
        case OPT_DRY_RUN: o->dry_run = true; break;
        case OPT_YES: o->yes = true; break;
        case OPT_REORDER:
            o->reorder = strcmp(optarg, "bp") == 0;
            if (!o->reorder && strcmp(optarg, "none") != 0)
                return bad_value(PROGRAM, "--reorder", optarg);
            break;
        case OPT_FRESH: o->fresh = true; break;
        case 'h': return usage(stdout);
        case 'V': printf("frai-index %s\n", frai_version()); return EXIT_DONE;
        default: return EXIT_FAILURE_IO;
        }
    }
    return -1;
}

static int run(int argc, char **argv)
{
    struct options o = {.format = "auto", .progress = "auto", .memory = 512u << 20};
    static struct input in;
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 256 << 10); /* what is freed leaves memory: --mem is a ceiling */
#endif
    const char *from_env = getenv("FRAI_INDEX"), *mem = getenv("FRAI_MEM"),
               *threads = getenv("FRAI_THREADS");
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    o.index = from_env && from_env[0] ? from_env : ".frai";
    o.threads = cores > 0 ? (unsigned)cores : 1;
    if (threads && atoi(threads) > 0) o.threads = (unsigned)atoi(threads);
    if (mem && mem[0] && !parse_bytes(mem, &o.memory)) return bad_value(PROGRAM, "FRAI_MEM", mem);
    argv = config_arguments(&argc, argv, long_options);
    int rc = read_options(argc, argv, &o, &in);
    if (rc >= 0) return rc;
    guard_maps(PROGRAM, o.index);
    const char *verb = optind < argc ? argv[optind++] : NULL;
    if (!verb) return usage(stderr);
    if (strcmp(verb, "build") == 0) return command_build(&o, &in, argv + optind, argc - optind);
    if (strcmp(verb, "add") == 0) return command_add(&o, &in, argv + optind, argc - optind);
    if (strcmp(verb, "delete") == 0) return command_delete(&o, argv + optind, argc - optind);
    if (strcmp(verb, "compact") == 0) return command_compact(&o);
    if (strcmp(verb, "stats") == 0) return command_stats(&o);
    if (strcmp(verb, "check") == 0) return command_check(&o);
    if (strcmp(verb, "repair") == 0) return command_repair(&o);
    if (strcmp(verb, "backup") == 0)
        return optind < argc ? backup_write(o.index, argv[optind]) : usage(stderr);
    if (strcmp(verb, "restore") == 0)
        return optind < argc ? backup_restore(argv[optind], o.index) : usage(stderr);
    if (strcmp(verb, "dump") == 0) return command_dump(&o, optind < argc ? argv[optind] : NULL);
    if (strcmp(verb, "tokens") == 0) return command_tokens(optind < argc ? argv[optind] : NULL);
    complain(PROGRAM, verb, say("모르는 명령; -h를 보세요", "unknown command; see -h"));
    return EXIT_FAILURE_IO;
}

int main(int argc, char **argv)
{
    guard_streams();
    return close_stdout(PROGRAM, run(argc, argv));
}
