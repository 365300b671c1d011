/* frai-index build, add. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "clean.h"
#include "commands.h"
#include "messages.h"
#include "sources.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
    signal(SIGINT, SIG_DFL); /* the second one quits */
}

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double started, shown_at;
static bool showing;

static void tick(struct input *in)
{
    if (interrupted && in->status == FRAI_OK) {
        in->status = FRAI_ERR_CANCELED;
        snprintf(in->err->message, sizeof in->err->message, "%s", say("중단됨", "interrupted"));
    }
    if (!showing || in->documents % 64) return;
    double now = seconds_now();
    if (now - shown_at < 0.1) return;
    shown_at = now;
    double mb = (double)in->bytes / 1e6;
    fprintf(stderr,
            say("\r  읽는 중  %s 문서 · %.0f MB · %.0f MB/s ",
                "\r  reading  %s documents · %.0f MB · %.0f MB/s "),
            grouped(in->documents), mb, mb / (now - started + 1e-9));
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
    bool append = options->mode != FRAI_REPLACE;
    bool there = access(o->index, F_OK) == 0;
    u->tracked = true;
    if (!append && there && !o->fresh) options->mode = FRAI_OPEN_OR_CREATE;
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
    if (options->mode == FRAI_REPLACE || status == FRAI_ERR_LOCKED) return status;
    if (status == FRAI_OK) {
        u->updates = read_before(u, o->index, in->builder) && compare(u);
        if (u->updates) return drop_old(u, in->builder, err);
        frai_builder_close(in->builder);
    }
    for (size_t i = 0; i < u->now.count; i++) u->now.list[i].same = false;
    options->mode = FRAI_REPLACE;
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

static int finish(struct input *in, const struct options *o, struct update *u)
{
    if (showing) fputs("\r\033[K", stderr);
    if (in->status == FRAI_OK) input_report(in);
    const char *useless = in->status == FRAI_OK && u->same == 0 ? input_useless(in) : NULL;
    if (useless) {
        complain(PROGRAM, o->index, useless);
        return EXIT_FAILURE_IO;
    }
    if (in->status == FRAI_OK) in->status = commit(u, in);
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
    if (u->updates) index_totals(o, &stats);
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
    fprintf(stderr, PROGRAM ": %s: %s; %s\n", shown(path), os_says(errno ? errno : ENOMEM),
            say("경로를 확인하세요", "check the path"));
    return EXIT_FAILURE_IO;
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
    if (count == 0) {
        complain(PROGRAM, append ? "add" : "build",
                 say("무엇을 읽을지 빠졌습니다; 파일이나 디렉터리를 뒤에 쓰세요 (- 는 표준 입력)",
                     "what to read is missing; name files or directories behind (- for stdin)"));
        return EXIT_FAILURE_IO;
    }
    for (int i = 0; i < in->mapping_count; i++)
        if (in->mappings[i].kind)
            specs[build_options.field_count++] =
                (frai_field_spec){in->mappings[i].field, in->mappings[i].kind};
    build_options.fields = specs;
    build_options.memory_bytes = o->memory;
    build_options.threads = o->threads;
    build_options.reorder = o->reorder;
    build_options.mode = append ? FRAI_OPEN_OR_CREATE : FRAI_REPLACE;
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

int command_build(const struct options *o, struct input *in, char **paths, int count)
{
    return build(o, in, paths, count, false);
}

int command_add(const struct options *o, struct input *in, char **paths, int count)
{
    return build(o, in, paths, count, true);
}
