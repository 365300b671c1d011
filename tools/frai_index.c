/* frai-index: makes, extends and looks into an index. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "backup.h"
#include "config.h"
#include "frai/frai.h"
#include "input.h"
#include "messages.h"
#include "sources.h"

#define PROGRAM "frai-index"

enum {
    EXIT_DONE = 0,
    EXIT_SKIPPED = 1,
    EXIT_FAILURE_IO = 2,
    EXIT_DAMAGED = 3,
    EXIT_INTERRUPTED = 130
};

struct options {
    const char *index, *format, *progress;
    unsigned long long memory;
    unsigned threads;
    bool json, strict, reorder, fresh;
    const char *query; /* of delete */
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
    signal(SIGINT, SIG_DFL); /* the second one quits */
}

static int usage(FILE *out)
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

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- build and add ---- */

static double started, shown;
static bool showing;

static void tick(struct input *in)
{
    if (interrupted && in->status == FRAI_OK) {
        in->status = FRAI_ERR_CANCELED;
        snprintf(in->err->message, sizeof in->err->message, "%s", say("중단됨", "interrupted"));
    }
    if (!showing || in->documents % 64) return;
    double now = seconds_now();
    if (now - shown < 0.1) return;
    shown = now;
    double mb = (double)in->bytes / 1e6;
    fprintf(stderr,
            say("\r  읽는 중  %s 문서 · %.0f MB · %.0f MB/s ",
                "\r  reading  %s documents · %.0f MB · %.0f MB/s "),
            grouped(in->documents), mb, mb / (now - started + 1e-9));
}

static unsigned long long skipped_of(const struct input *in)
{
    unsigned long long n = 0;
    for (int i = 0; i < SKIP_REASONS; i++) n += in->skipped[i];
    return n;
}

/* A build: what it reads, and what the index was made from before. */
struct update {
    struct sources now, before;
    char reading[MAPPINGS_MAX * 256];
    bool updates; /* only what is new or changed is read */
    bool tracked; /* the sources of the commit are known */
    unsigned long long same, changed, added, vanished;
};

static void summary_json(const struct input *in, const frai_build_stats *s, const struct update *u,
                         double seconds, long peak_kb)
{
    printf(
        "{\"documents\":%llu,\"replaced\":%llu,\"input_bytes\":%llu,\"index_bytes\":%llu,"
        "\"seconds\":%.3f,\"peak_memory_bytes\":%lld,\"skipped\":%llu,"
        "\"updated\":%s,\"files\":{\"same\":%llu,\"changed\":%llu,\"new\":%llu,\"vanished\":%llu},"
        "\"encodings\":{\"utf8\":%llu,\"cp949\":%llu,\"utf16\":%llu,\"broken\":%llu}}\n",
        (unsigned long long)s->documents, (unsigned long long)s->replaced, in->bytes,
        (unsigned long long)s->index_bytes, seconds, (long long)peak_kb * 1024, skipped_of(in),
        u->updates ? "true" : "false", u->same, u->changed, u->added, u->vanished,
        in->encodings[ENCODING_UTF8], in->encodings[ENCODING_CP949], in->encodings[ENCODING_UTF16],
        in->encodings[ENCODING_BROKEN]);
}

static void summary_text(const struct input *in, const frai_build_stats *s, const struct update *u,
                         double seconds, long peak_kb)
{
    double input_mb = (double)(u->updates ? s->text_bytes : in->bytes) / 1e6,
           index_mb = (double)s->index_bytes / 1e6;
    fprintf(
        stderr,
        say("완료  %s 문서 · %.1f MB 원문 → %.1f MB 색인 (%.0f %%) · %.1f초 · 최대 메모리 %ld MB\n",
            "done  %s documents · %.1f MB of text → %.1f MB of index (%.0f %%) · %.1f s · peak "
            "memory %ld MB\n"),
        grouped(s->documents), input_mb, index_mb, input_mb > 0 ? 100 * index_mb / input_mb : 0.0,
        seconds, peak_kb / 1024);
    if (u->updates)
        fprintf(stderr,
                say("파일  그대로 %s · 바뀜 %s · 새로 %s · 없어짐 %s\n",
                    "files  %s as they were · %s changed · %s new · %s vanished\n"),
                grouped(u->same), grouped(u->changed), grouped(u->added), grouped(u->vanished));
    if (s->replaced)
        fprintf(stderr,
                say("대체  같은 id가 다시 나온 문서 %s개\n",
                    "replaced  %s documents whose id came again\n"),
                grouped(s->replaced));
    if (skipped_of(in)) {
        fprintf(stderr, say("건너뜀  %s:", "skipped  %s:"), grouped(skipped_of(in)));
        for (int i = 0; i < SKIP_REASONS; i++)
            if (in->skipped[i])
                fprintf(stderr, " %s %s", skip_name((enum skip)i), grouped(in->skipped[i]));
        fputc('\n', stderr);
    }
    static const char *const names[] = {"UTF-8", "CP949", "UTF-16"};
    if (in->documents == 0) return;
    fputs(say("인코딩 ", "encodings "), stderr);
    for (int i = 0; i < 3; i++)
        if (in->encodings[i]) fprintf(stderr, " %s %s", names[i], grouped(in->encodings[i]));
    if (in->encodings[ENCODING_BROKEN])
        fprintf(stderr, say(" 깨진 UTF-8 %s", " broken UTF-8 %s"),
                grouped(in->encodings[ENCODING_BROKEN]));
    fputc('\n', stderr);
}

/* How files are read: another way makes other documents. */
static void describe_reading(const struct input *in, bool reorder, char *out, size_t room)
{
    int n = snprintf(out, room, "%s%s", in->format, reorder ? "\treorder" : "");
    for (int i = 0; i < in->mapping_count && n > 0 && (size_t)n < room; i++)
        n += snprintf(out + n, room - (size_t)n, "\t%s=%s\t%d", in->mappings[i].field,
                      in->mappings[i].key, (int)in->mappings[i].kind);
    for (char *at = out; *at; at++)
        if (*at == '\n') *at = ' ';
}

/* What the index was made from, if it may be updated or, when appending, be noted further. */
static bool read_before(struct update *u, const char *dir, frai_builder *b)
{
    frai_slice note;
    frai_index *index;
    if (frai_index_open(dir, NULL, &index, NULL) != FRAI_OK) return false;
    frai_index_close(index);
    return frai_builder_noted(b, &note, NULL) == FRAI_OK &&
           sources_read(&u->before, note, u->reading);
}

/* Marks what is as it was; false if reading all anew is simpler, or the only way. */
static bool compare(struct update *u)
{
    for (size_t i = 0; i < u->now.count; i++) {
        struct source *s = &u->now.list[i], *old = sources_find(&u->before, s->path);
        if (strcmp(s->path, "-") == 0) return false;
        if (old && old->seen) return false; /* named twice */
        s->same = old && source_is_same(s, old);
        if (s->same) s->kind = old->kind;
        if (old) old->seen = true;
        if (old) old->same = s->same;
        if (old && !s->same && old->kind == SOURCE_MIXED) return false;
        u->same += s->same;
        u->changed += old && !s->same;
        u->added += !old;
    }
    for (size_t i = 0; i < u->before.count; i++) {
        if (u->before.list[i].seen) continue;
        if (u->before.list[i].kind == SOURCE_MIXED) return false;
        u->vanished++;
    }
    return u->same > 0;
}

/* Drops the documents of files that changed or vanished. */
static frai_status drop_old(struct update *u, frai_builder *b, frai_error *err)
{
    frai_status status = FRAI_OK;
    for (size_t i = 0; i < u->before.count && status == FRAI_OK; i++) {
        const struct source *s = &u->before.list[i];
        if (s->same) continue;
        status = s->kind == SOURCE_TEXT ? frai_builder_delete(b, frai_slice_of(s->path), err)
                                        : frai_builder_delete_path(b, frai_slice_of(s->path), err);
    }
    return status;
}

/* An added file is noted too, unless it was there: documents may stay that it has no more. */
static void note_added(struct update *u)
{
    u->tracked = true;
    for (size_t i = 0; i < u->now.count; i++)
        if (strcmp(u->now.list[i].path, "-") == 0 || sources_find(&u->before, u->now.list[i].path))
            u->tracked = false;
    for (size_t i = 0; i < u->before.count && u->tracked; i++) {
        struct source *to = sources_add(&u->now, u->before.list[i].path);
        if (!to) {
            u->tracked = false;
            break;
        }
        char *path = to->path;
        *to = u->before.list[i];
        to->path = path;
        to->same = true;
    }
}

/* Opens the builder: for updating where the index tells what it was made from. */
static frai_status open_builder(struct input *in, const struct options *o,
                                frai_build_options *options, struct update *u, frai_error *err)
{
    bool append = options->append;
    bool there = access(o->index, F_OK) == 0;
    u->tracked = true;
    options->append = append || (there && !o->fresh);
    frai_status status = frai_builder_open(o->index, options, &in->builder, err);
    if (append) {
        if (status != FRAI_OK) return status;
        if (read_before(u, o->index, in->builder))
            note_added(u);
        else
            u->tracked = !there;
        return FRAI_OK;
    }
    for (size_t i = 0; i < u->now.count; i++)
        if (strcmp(u->now.list[i].path, "-") == 0) u->tracked = false;
    if (!options->append || status == FRAI_ERR_LOCKED) return status;
    if (status == FRAI_OK) {
        u->updates = read_before(u, o->index, in->builder) && compare(u);
        if (u->updates) return drop_old(u, in->builder, err);
        frai_builder_close(in->builder);
    }
    for (size_t i = 0; i < u->now.count; i++) u->now.list[i].same = false;
    options->append = 0;
    return frai_builder_open(o->index, options, &in->builder, err);
}

static frai_status note_sources(struct update *u, struct input *in)
{
    size_t len;
    if (!u->tracked) return FRAI_OK;
    char *note = sources_write(&u->now, u->reading, &len);
    if (!note) return FRAI_OK; /* the next build reads all anew */
    frai_status status = frai_builder_note(in->builder, (frai_slice){note, len}, in->err);
    free(note);
    return status;
}

/* The commit. Where an id came twice, which document stays depends on the order of reading: such an
 * index is not updated, and its note goes. */
static frai_status commit(struct update *u, struct input *in)
{
    frai_build_stats stats = {.struct_size = sizeof stats};
    bool changes = !u->updates || u->changed || u->added || u->vanished;
    if (!changes) return FRAI_OK;
    frai_status status = note_sources(u, in);
    if (status == FRAI_OK) status = frai_builder_commit(in->builder, in->err);
    frai_builder_stats(in->builder, &stats);
    if (status != FRAI_OK || stats.replaced == 0 || !u->tracked) return status;
    status = frai_builder_note(in->builder, (frai_slice){"", 0}, in->err);
    return status == FRAI_OK ? frai_builder_commit(in->builder, in->err) : status;
}

/* Of an updated index: all of it. */
static void total(const struct options *o, frai_build_stats *stats)
{
    frai_index *index;
    frai_index_stats s = {.struct_size = sizeof s};
    if (frai_index_open(o->index, NULL, &index, NULL) != FRAI_OK) return;
    if (frai_index_stats_read(index, &s, NULL) == FRAI_OK) {
        stats->documents = s.documents;
        stats->index_bytes = s.bytes;
        stats->text_bytes = s.source_bytes;
    }
    frai_index_close(index);
}

static int finish(struct input *in, const struct options *o, struct update *u)
{
    if (in->status == FRAI_OK) in->status = commit(u, in);
    if (showing) fputs("\r\033[K", stderr);
    if (in->status == FRAI_ERR_CANCELED) {
        complain(PROGRAM, o->index,
                 say("중단했습니다; 앞서 저장된 색인은 그대로입니다",
                     "interrupted; the index committed before is untouched"));
        return EXIT_INTERRUPTED;
    }
    if (in->status != FRAI_OK) return complain_status(PROGRAM, in->status, in->err);
    frai_build_stats stats = {.struct_size = sizeof stats};
    struct rusage usage;
    frai_builder_stats(in->builder, &stats);
    if (u->updates) total(o, &stats);
    getrusage(RUSAGE_SELF, &usage);
    double seconds = seconds_now() - started;
    if (o->json)
        summary_json(in, &stats, u, seconds, usage.ru_maxrss);
    else
        summary_text(in, &stats, u, seconds, usage.ru_maxrss);
    return o->strict && skipped_of(in) ? EXIT_SKIPPED : EXIT_DONE;
}

static int complain_path(const char *path)
{
    fprintf(stderr, PROGRAM ": %s: %s; %s\n", path, strerror(errno ? errno : ENOMEM),
            say("경로를 확인하세요", "check the path"));
    return EXIT_FAILURE_IO;
}

static const char *merging;

static void on_slow_merge(int number)
{
    (void)number;
    ssize_t n = write(STDERR_FILENO, merging, strlen(merging));
    (void)n;
}

/* What was asked for is durable, and the user was told so; rc, unless a merge fails. */
static int wait_for_merges(frai_builder *b, int rc)
{
    frai_error err = {0};
    signal(SIGINT, SIG_DFL);
    merging = say("세그먼트를 합치는 중입니다; 바뀐 내용은 이미 저장되었으니 멈춰도 됩니다\n",
                  "merging segments; what was changed is saved already, so this may be stopped\n");
    if (isatty(STDERR_FILENO)) {
        signal(SIGALRM, on_slow_merge);
        alarm(1);
    }
    frai_status status = frai_builder_wait(b, &err);
    alarm(0);
    return status == FRAI_OK ? rc : complain_status(PROGRAM, status, &err);
}

/* Reads all sources that are not as they were, and commits. */
static int read_and_commit(struct input *in, const struct options *o, struct update *u)
{
    for (size_t i = 0; i < u->now.count; i++) {
        struct source *s = &u->now.list[i];
        if (s->same) continue;
        errno = 0;
        if (!input_read(in, s) && in->status == FRAI_OK) return complain_path(s->path);
        if (in->status != FRAI_OK) break;
    }
    return finish(in, o, u);
}

static int build(const struct options *o, struct input *in, char **paths, int count, bool append)
{
    static struct update u;
    frai_error err = {0};
    frai_build_options build_options = FRAI_BUILD_OPTIONS_INIT;
    frai_field_spec specs[MAPPINGS_MAX];
    if (count == 0) return usage(stderr);
    for (int i = 0; i < in->mapping_count; i++)
        if (in->mappings[i].kind)
            specs[build_options.field_count++] =
                (frai_field_spec){in->mappings[i].field, in->mappings[i].kind};
    build_options.fields = specs;
    build_options.memory_bytes = o->memory;
    build_options.threads = o->threads;
    build_options.reorder = o->reorder;
    build_options.append = append;
    in->format = o->format;
    in->err = &err;
    in->tick = tick;
    for (int i = 0; i < count; i++) {
        errno = 0;
        if ((strcmp(paths[i], "-") != 0 && access(paths[i], R_OK) != 0) ||
            !input_list(in, paths[i], &u.now))
            return complain_path(paths[i]);
    }
    describe_reading(in, o->reorder, u.reading, sizeof u.reading);
    signal(SIGINT, on_interrupt);
    started = seconds_now();
    showing = strcmp(o->progress, "always") == 0 ||
              (strcmp(o->progress, "auto") == 0 && isatty(STDERR_FILENO));
    frai_status status = open_builder(in, o, &build_options, &u, &err);
    int rc =
        status == FRAI_OK ? read_and_commit(in, o, &u) : complain_status(PROGRAM, status, &err);
    if (status == FRAI_OK && in->status == FRAI_OK) rc = wait_for_merges(in->builder, rc);
    frai_builder_close(status == FRAI_OK ? in->builder : NULL);
    sources_free(&u.now);
    sources_free(&u.before);
    return rc;
}

/* ---- delete and compact ---- */

static frai_status delete_lines(frai_builder *b, frai_error *err)
{
    char *line = NULL;
    size_t room = 0;
    frai_status status = FRAI_OK;
    for (ssize_t n; status == FRAI_OK && (n = getline(&line, &room, stdin)) >= 0;) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r')) n--;
        status = frai_builder_delete(b, (frai_slice){line, (size_t)n}, err);
    }
    free(line);
    return status;
}

#define FOUND_MOST 1000000u /* documents, after which a deletion by query commits */
#define READ_MOST  65536u   /* whose ids are read before the map is closed: --mem is a ceiling */

struct found {
    frai_hit *hits; /* room for FOUND_MOST */
    uint32_t count, next;
};

static frai_status open_newest(const struct options *o, frai_index **index,
                               frai_searcher **searcher, frai_error *err)
{
    frai_status status = frai_index_open(o->index, NULL, index, err);
    if (status != FRAI_OK) return status;
    status = frai_searcher_create(*index, searcher, err);
    if (status != FRAI_OK) frai_index_close(*index);
    return status;
}

static frai_status find(const struct options *o, struct found *f, frai_error *err)
{
    frai_index *index;
    frai_searcher *searcher;
    frai_search_options options = FRAI_SEARCH_OPTIONS_INIT;
    options.limit = FOUND_MOST;
    options.match = FRAI_MATCH_ALL;
    options.rank = FRAI_RANK_BM25;
    options.flags = FRAI_SEARCH_NO_FIX;
    frai_status status = open_newest(o, &index, &searcher, err);
    if (status != FRAI_OK) return status;
    status = frai_search(searcher, frai_slice_of(o->query), &options, f->hits, &f->count, err);
    frai_searcher_destroy(searcher);
    frai_index_close(index);
    return status;
}

static frai_status delete_some(frai_builder *b, const struct options *o, struct found *f,
                               frai_error *err)
{
    frai_index *index;
    frai_searcher *searcher;
    frai_status status = open_newest(o, &index, &searcher, err);
    if (status != FRAI_OK) return status;
    for (uint32_t n = 0; status == FRAI_OK && n < READ_MOST && f->next < f->count; n++) {
        frai_slice id;
        status = frai_doc_field(searcher, f->hits[f->next++].doc, frai_slice_of("id"), &id, err);
        if (status == FRAI_OK) status = frai_builder_delete(b, id, err);
    }
    frai_searcher_destroy(searcher);
    frai_index_close(index);
    return status;
}

static int by_document(const void *a, const void *b)
{
    const frai_hit *x = a, *y = b;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

/* All documents that a query finds with all its words. The builder keeps other writers off. */
static frai_status delete_found(frai_builder *b, const struct options *o, frai_error *err)
{
    struct found f = {.hits = calloc(FOUND_MOST, sizeof *f.hits)};
    frai_status status = f.hits ? FRAI_OK : FRAI_ERR_MEMORY;
    for (bool all = false; status == FRAI_OK && !all;) {
        f.count = f.next = 0;
        status = find(o, &f, err);
        all = f.count < FOUND_MOST;
        qsort(f.hits, f.count, sizeof *f.hits, by_document);
        while (status == FRAI_OK && f.next < f.count) status = delete_some(b, o, &f, err);
        if (status == FRAI_OK && !all) status = frai_builder_commit(b, err);
    }
    free(f.hits);
    return status;
}

static int change(const struct options *o, char **ids, int count, bool compact)
{
    frai_error err = {0};
    frai_build_options build_options = FRAI_BUILD_OPTIONS_INIT;
    frai_index *index;
    frai_builder *b;
    if (!compact && count == 0 && !o->query) return usage(stderr);
    frai_status status = frai_index_open(o->index, NULL, &index, &err);
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    frai_index_close(index); /* it has to be there; a builder would make one */
    build_options.append = 1;
    build_options.memory_bytes = o->memory;
    build_options.threads = o->threads;
    build_options.reorder = o->reorder;
    status = frai_builder_open(o->index, &build_options, &b, &err);
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    for (int i = 0; status == FRAI_OK && i < count; i++)
        status = strcmp(ids[i], "-") == 0 ? delete_lines(b, &err)
                                          : frai_builder_delete(b, frai_slice_of(ids[i]), &err);
    if (status == FRAI_OK && o->query) status = delete_found(b, o, &err);
    if (status == FRAI_OK && compact) status = frai_builder_compact(b, &err);
    if (status == FRAI_OK) status = frai_builder_commit(b, &err);
    frai_build_stats s = {.struct_size = sizeof s};
    frai_builder_stats(b, &s);
    if (status != FRAI_OK) {
        frai_builder_close(b);
        return complain_status(PROGRAM, status, &err);
    }
    if (compact) total(o, &s);
    if (compact)
        fprintf(stderr,
                say("완료  %s 문서 · %.1f MB 색인\n", "done  %s documents · %.1f MB of index\n"),
                grouped(s.documents), (double)s.index_bytes / 1e6);
    else
        fprintf(stderr, say("삭제  %s 문서\n", "deleted  %s documents\n"), grouped(s.deleted));
    int rc = wait_for_merges(b, EXIT_DONE);
    frai_builder_close(b);
    return rc;
}

/* ---- looking ---- */

static int stats(const struct options *o)
{
    frai_error err = {0};
    frai_index *index;
    frai_index_stats s = {.struct_size = sizeof s};
    frai_status status = frai_index_open(o->index, NULL, &index, &err);
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    status = frai_index_stats_read(index, &s, &err);
    frai_index_close(index);
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    typedef unsigned long long ull;
    if (o->json) {
        printf("{\"documents\":%llu,\"terms\":%llu,\"pairs\":%llu,\"words\":%llu,\"lexicon_words\":"
               "%llu,"
               "\"postings\":%llu,\"positions\":%llu,\"tokens\":%llu,\"source_bytes\":%llu,"
               "\"bytes\":%llu,"
               "\"segments\":%u,\"generation\":%llu,\"k1\":%g,\"b\":%g,\"average_length\":%.3f,"
               "\"sections\":{",
               (ull)s.documents, (ull)s.terms, (ull)s.pairs, (ull)s.words, (ull)s.lexicon_words,
               (ull)s.postings, (ull)s.positions, (ull)s.tokens, (ull)s.source_bytes, (ull)s.bytes,
               s.segments, (ull)s.generation, (double)s.k1, (double)s.b, (double)s.average_length);
        for (uint32_t i = 0; i < s.section_count; i++)
            printf("%s\"%s\":%llu", i ? "," : "", s.sections[i].name, (ull)s.sections[i].bytes);
        printf("}}\n");
        return EXIT_DONE;
    }
    printf(say("문서 %s · 단어 %s (음절쌍 %s, 낱말 %s) · 토큰 %s · 위치 %s\n",
               "%s documents · %s terms (%s pairs, %s words) · %s tokens · %s positions\n"),
           grouped(s.documents), grouped(s.terms), grouped(s.pairs), grouped(s.words),
           grouped(s.tokens), grouped(s.positions));
    printf(say("색인 %s 바이트 · 세그먼트 %u · 세대 %llu\n",
               "%s bytes · %u segments · generation %llu\n"),
           grouped(s.bytes), s.segments, (ull)s.generation);
    for (uint32_t i = 0; i < s.section_count; i++)
        if (s.sections[i].bytes)
            printf("  %-22s %14s\n", s.sections[i].name, grouped(s.sections[i].bytes));
    return EXIT_DONE;
}

static void report(void *ctx, const char *line)
{
    (void)ctx;
    complain(PROGRAM, line, say("손상", "damaged"));
}

static int check(const struct options *o)
{
    frai_error err = {0};
    frai_status status = frai_index_check(o->index, report, NULL, &err);
    if (status == FRAI_OK) {
        printf("%s: %s\n", o->index, say("이상 없음", "sound"));
        return EXIT_DONE;
    }
    complain_status(PROGRAM, status, &err);
    bool damaged =
        status == FRAI_ERR_CORRUPT || status == FRAI_ERR_TOO_OLD || status == FRAI_ERR_TOO_NEW;
    return damaged ? EXIT_DAMAGED : EXIT_FAILURE_IO;
}

static int print_line(void *ctx, frai_slice text)
{
    (void)ctx;
    fwrite(text.ptr, 1, text.len, stdout);
    return putchar('\n') == EOF;
}

static int repair(const struct options *o)
{
    frai_error err = {0};
    frai_build_options build_options = FRAI_BUILD_OPTIONS_INIT;
    frai_repair_stats s = {.struct_size = sizeof s};
    frai_builder *b;
    frai_status status = frai_index_check(o->index, NULL, NULL, &err);
    if (status == FRAI_OK) {
        printf("%s: %s\n", o->index, say("이상 없음", "sound"));
        return EXIT_DONE;
    }
    if (status != FRAI_ERR_CORRUPT) return complain_status(PROGRAM, status, &err);
    build_options.append = 1;
    build_options.memory_bytes = o->memory;
    build_options.threads = o->threads;
    status = frai_builder_open(o->index, &build_options, &b, &err);
    if (status == FRAI_ERR_CORRUPT) {
        complain(PROGRAM, err.message,
                 say("읽을 수 있는 커밋이 없습니다; `frai-index build --fresh`로 다시 만드세요",
                     "no commit can be read; rebuild with `frai-index build --fresh`"));
        return EXIT_DAMAGED;
    }
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    status = frai_builder_repair(b, report, NULL, &s, &err);
    if (status == FRAI_OK) status = frai_builder_commit(b, &err);
    if (status == FRAI_OK) status = frai_builder_wait(b, &err);
    frai_builder_close(b);
    if (status == FRAI_OK) status = frai_index_check(o->index, NULL, NULL, &err);
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err);
    fprintf(
        stderr,
        say("복구  다시 색인한 문서 %s · 잃은 문서 %s · 열 수 없는 세그먼트 %u\n",
            "repaired  %s documents indexed again · %s lost · %u segments could not be opened\n"),
        grouped(s.documents), grouped(s.lost), s.segments_lost);
    return s.lost || s.segments_lost ? EXIT_DAMAGED : EXIT_DONE;
}

static int dump(const struct options *o, const char *what)
{
    static const char *const names[] = {"docs", "terms", "postings"};
    frai_error err = {0};
    frai_index *index;
    for (int i = 0; i < 3; i++) {
        if (!what || strcmp(what, names[i]) != 0) continue;
        frai_status status = frai_index_open(o->index, NULL, &index, &err);
        if (status == FRAI_OK) {
            status = frai_index_dump(index, (frai_dump)i, print_line, NULL, &err);
            frai_index_close(index);
        }
        return status == FRAI_OK ? EXIT_DONE : complain_status(PROGRAM, status, &err);
    }
    return usage(stderr);
}

static int print_token(void *ctx, const frai_token_info *t)
{
    (void)ctx;
    printf("%u\t%u\t%s\t%.*s\t%llu-%llu\t%s\n", t->position, t->span, t->term_class,
           (int)t->term.len, t->term.ptr, (unsigned long long)t->begin, (unsigned long long)t->end,
           t->starts_word ? "|" : "");
    return 0;
}

static int tokens(const char *text)
{
    frai_error err = {0};
    if (!text) return usage(stderr);
    frai_status status = frai_tokens(frai_slice_of(text), print_token, NULL, &err);
    return status == FRAI_OK ? EXIT_DONE : complain_status(PROGRAM, status, &err);
}

enum {
    OPT_MEM = 256,
    OPT_FIELDS,
    OPT_ID,
    OPT_FORMAT,
    OPT_REORDER,
    OPT_QUERY,
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

int main(int argc, char **argv)
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
    if (strcmp(verb, "build") == 0) return build(&o, &in, argv + optind, argc - optind, false);
    if (strcmp(verb, "add") == 0) return build(&o, &in, argv + optind, argc - optind, true);
    if (strcmp(verb, "delete") == 0) return change(&o, argv + optind, argc - optind, false);
    if (strcmp(verb, "compact") == 0) return change(&o, NULL, 0, true);
    if (strcmp(verb, "stats") == 0) return stats(&o);
    if (strcmp(verb, "check") == 0) return check(&o);
    if (strcmp(verb, "repair") == 0) return repair(&o);
    if (strcmp(verb, "backup") == 0)
        return optind < argc ? backup_write(o.index, argv[optind]) : usage(stderr);
    if (strcmp(verb, "restore") == 0)
        return optind < argc ? backup_restore(argv[optind], o.index) : usage(stderr);
    if (strcmp(verb, "dump") == 0) return dump(&o, optind < argc ? argv[optind] : NULL);
    if (strcmp(verb, "tokens") == 0) return tokens(optind < argc ? argv[optind] : NULL);
    complain(PROGRAM, verb, say("모르는 명령; -h를 보세요", "unknown command; see -h"));
    return EXIT_FAILURE_IO;
}
