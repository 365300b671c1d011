/* frai-index build, add. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clean.h"
#include "ingest/large.h"
#include "messages.h"
#include "progress.h"
#include "summary.h"

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

/* A build under way. */
struct job {
    const struct options *o;
    struct input *in;
    struct update u;
    frai_writer_options options;
    frai_field_spec specs[MAPPINGS_MAX];
    frai_error err;
    double started;
    unsigned long long read;  /* bytes of files that were read */
    unsigned long long begin; /* in->bytes when the file that is read was opened */
    const struct source *old; /* of it, if its document is to be dropped for the new one */
};

static struct job job;

static void look_up(struct input *in)
{
    if (!interrupted || in->status != FRAI_OK) return;
    in->status = FRAI_ERR_CANCELED;
    snprintf(in->err->message, sizeof in->err->message, "%s", say("중단됨", "interrupted"));
}

static void tick(struct input *in)
{
    look_up(in);
    unsigned long long size = in->source->size > 0 ? (unsigned long long)in->source->size : 0,
                       part = in->bytes - job.begin;
    progress_at(in->documents, job.read + (part < size ? part : size));
}

/* How files are read: another way makes other documents. */
static void describe_reading(const struct input *in, bool reorder, char *out, size_t room)
{
    int n = snprintf(out, room, "%s%s", in->format, reorder ? "\treorder" : "");
    for (int i = 0; i < in->mapping_count && n > 0 && (size_t)n < room; i++)
        n += snprintf(out + n, room - (size_t)n, "\t%s=%s\t%d", in->mappings[i].field,
                      in->mappings[i].key, (int)in->mappings[i].kind);
}

/* ---- reading ---- */

static frai_status delete_text(const struct source *s, frai_error *err)
{
    char id[SOURCE_ID_MAX + 1];
    job.u.writes = true;
    return frai_writer_delete(job.in->writer, frai_slice_of(source_id(s, id)), err);
}

/* The new document takes the place of the file's old one. */
static void adding(struct input *in)
{
    const struct source *old = job.old;
    job.old = NULL;
    if (old && in->status == FRAI_OK) in->status = delete_text(old, in->err);
}

/* Documents with paths of their own stay: then the index is not exact. */
static frai_status drop(const struct source *s, frai_error *err)
{
    if (s->documents == 0) return FRAI_OK;
    if (s->kind == SOURCE_TEXT) return delete_text(s, err);
    job.u.writes = true;
    return frai_writer_delete_path(job.in->writer, frai_slice_of(s->path), err);
}

static frai_status drop_vanished(struct update *u, frai_error *err)
{
    frai_status status = FRAI_OK;
    for (size_t i = 0; i < u->before.count && status == FRAI_OK; i++)
        if (u->before.list[i].fate == SOURCE_VANISHED) status = drop(&u->before.list[i], err);
    return status;
}

/* What could not be read stays as it was, and is tried again the next time. */
static void keep(struct source *s, const struct source *old, unsigned long long read)
{
    s->size = -1;
    s->fate = SOURCE_KEPT;
    if (!old || read) return;
    s->kind = old->kind;
    s->documents = old->documents;
}

/* 0, or the exit code: it was named, and can't be read. */
static int read_source(struct input *in, struct source *s)
{
    struct update *u = &job.u;
    const struct source *old = sources_find(&u->before, s->path);
    unsigned long long documents = in->documents, failed = in->skipped[SKIP_READ];
    bool part = u->way == UPDATE_PART;
    job.begin = in->bytes;
    job.old = part && old && old->documents && old->kind == SOURCE_TEXT ? old : NULL;
    errno = 0;
    if (!input_read(in, s) && in->status == FRAI_OK) {
        if (!old || !old->documents) return complain_path(s->path, errno);
        in->skipped[SKIP_READ]++;
    }
    s->documents = in->documents - documents;
    if (s->stream) s->kind = SOURCE_MIXED; /* nothing tells later which documents came from it */
    if (s->documents == 0) s->kind = SOURCE_NONE;
    u->writes |= s->documents > 0;
    if (in->skipped[SKIP_READ] > failed) {
        if (!part && old && old->documents && !s->stream) {
            complain(PROGRAM, s->path,
                     say("모두 다시 읽는 중에 읽을 수 없어 아무것도 바꾸지 않았습니다",
                         "could not be read while all was read anew; nothing was changed"));
            return EXIT_TROUBLE;
        }
        if (part || !s->stream) keep(s, old, s->documents);
    } else if (part && old && s->stream) {
        s->documents += old->documents; /* what was read before is not known from the rest */
    } else if (part && old && (old->kind != SOURCE_TEXT || job.old)) {
        if (in->status == FRAI_OK) in->status = drop(old, in->err);
    }
    return EXIT_DONE;
}

static int read_sources(struct input *in, struct update *u)
{
    unsigned long long total = 0;
    for (size_t i = 0; i < u->now.count; i++)
        if (u->now.list[i].fate < SOURCE_SAME && u->now.list[i].size > 0)
            total += (unsigned long long)u->now.list[i].size;
    progress_phase(PROGRESS_READING);
    progress_total(total);
    for (size_t i = 0; i < u->now.count; i++) {
        struct source *s = &u->now.list[i];
        if (s->fate >= SOURCE_SAME) continue;
        unsigned long long size = s->size > 0 ? (unsigned long long)s->size : 0;
        int rc = read_source(in, s);
        job.read += size;
        progress_at(in->documents, job.read);
        look_up(in);
        if (rc || in->status != FRAI_OK) return rc;
    }
    return EXIT_DONE;
}

/* ---- the commit ---- */

/* 0, or the exit code: there would be nothing to search. */
static int refuse_nothing(struct input *in, struct update *u)
{
    unsigned long long documents = 0;
    for (size_t i = 0; i < u->now.count; i++) {
        const struct source *s = &u->now.list[i];
        if (!u->adds || update_scope(u, s->path, s->root)) documents += s->documents;
    }
    const char *why = documents == in->documents ? input_useless(in) : NULL;
    if (!why && documents == 0)
        why = say("색인할 글이 없습니다", "there is no file with text in it");
    if (why) complain(PROGRAM, job.o->index, why);
    return why ? EXIT_TROUBLE : EXIT_DONE;
}

static frai_status commit_user_data(struct update *u, struct input *in, bool *same)
{
    size_t len;
    char *data = update_user_data(u, &len, same);
    if (!data) return FRAI_ERR_MEMORY;
    frai_status status = FRAI_OK;
    if (u->writes || !*same)
        status = frai_writer_set_user_data(in->writer, (frai_slice){data, len}, in->err);
    if (status == FRAI_OK && (u->writes || !*same))
        status = frai_writer_commit(in->writer, in->err);
    free(data);
    return status;
}

/* Where an id came twice, which document stays depends on the order of reading: the next build
 * reads all anew. */
static frai_status commit(struct update *u, struct input *in)
{
    frai_writer_stats stats = FRAI_WRITER_STATS_INIT;
    bool same;
    progress_phase(PROGRESS_TIDYING);
    frai_status status = commit_user_data(u, in, &same);
    frai_writer_read_stats(in->writer, &stats);
    if (status != FRAI_OK || stats.replaced == 0 || !u->exact) return status;
    u->exact = false;
    return commit_user_data(u, in, &same);
}

static int tell(struct input *in, struct update *u)
{
    frai_writer_stats stats = FRAI_WRITER_STATS_INIT;
    frai_writer_read_stats(in->writer, &stats);
    if (u->there) index_totals(job.o, &stats);
    double seconds = seconds_now() - job.started;
    update_tell(u);
    if (job.o->json)
        summary_json(in, &stats, u, seconds);
    else
        summary_text(in, &stats, u, seconds);
    bool all = skipped_of(in) + u->skipped_before + u->kept == 0;
    return job.o->strict && !all ? EXIT_SKIPPED : EXIT_DONE;
}

static int complain_job(struct input *in)
{
    progress_stop();
    if (in->status != FRAI_ERR_CANCELED) return complain_status(PROGRAM, in->status, in->err);
    complain(PROGRAM, job.o->index,
             say("중단했습니다; 앞서 저장된 색인은 그대로입니다",
                 "interrupted; the index committed before is untouched"));
    return EXIT_INTERRUPTED;
}

/* Reads all sources that are not as they were, and commits. */
static int read_and_commit(struct input *in, struct update *u)
{
    if (u->way == UPDATE_PART) in->status = drop_vanished(u, in->err);
    int rc = in->status == FRAI_OK ? read_sources(in, u) : EXIT_DONE;
    if (rc == EXIT_DONE && in->status != FRAI_OK) return complain_job(in);
    before_line();
    if (rc == EXIT_DONE) input_report(in);
    if (rc == EXIT_DONE) update_count(u);
    if (rc == EXIT_DONE) rc = refuse_nothing(in, u);
    if (rc == EXIT_DONE) rc = update_judge(u);
    if (rc != EXIT_DONE) return rc;
    in->status = commit(u, in);
    if (in->status != FRAI_OK) return complain_job(in);
    progress_stop();
    rc = tell(in, u);
    return wait_for_merges(in->writer, rc);
}

/* ---- opening ---- */

/* An index that is there is opened first, for what it was made from. What can't be read is made
 * anew with --replace only: nobody knows what it has. */
static frai_status open_before(struct input *in, struct update *u, frai_error *err)
{
    if (access(job.o->index, F_OK) != 0) return update_before(u, NULL, err);
    job.options.mode = FRAI_OPEN_EXISTING;
    frai_status status = frai_writer_open(job.o->index, &job.options, &in->writer, err);
    u->there = status == FRAI_OK;
    u->unreadable = status == FRAI_ERR_CORRUPT || status == FRAI_ERR_TOO_OLD;
    bool replaced = u->unreadable && job.o->replace;
    if (!u->there && !replaced && status != FRAI_ERR_NOT_FOUND) return status;
    if (!u->there) in->writer = NULL;
    return update_before(u, in->writer, err);
}

static bool changed_meanwhile(const struct update *u)
{
    unsigned long long generation, documents;
    if (!u->there || u->damaged) return false;
    return !update_read_index(u, &documents, &generation) || generation != u->generation;
}

static int open_builder(struct input *in, struct update *u)
{
    if (u->there && u->way == UPDATE_PART) return EXIT_DONE;
    frai_writer_close(in->writer);
    in->writer = NULL;
    job.options.mode = u->there || u->unreadable ? FRAI_REPLACE : FRAI_CREATE_ONLY;
    frai_status status = frai_writer_open(job.o->index, &job.options, &in->writer, &job.err);
    frai_index *made = NULL;
    bool changed = status == FRAI_OK && changed_meanwhile(u);
    if (status == FRAI_ERR_EXISTS)
        changed = frai_index_open(job.o->index, NULL, &made, NULL) == FRAI_OK;
    frai_index_close(made);
    if (status != FRAI_OK) in->writer = NULL;
    if (!changed) return status == FRAI_OK ? EXIT_DONE : complain_status(PROGRAM, status, &job.err);
    complain(PROGRAM, job.o->index,
             say("그사이 다른 프로세스가 색인을 썼습니다; 다시 실행하세요",
                 "another process wrote the index meanwhile; run it again"));
    return EXIT_TROUBLE;
}

/* A directory that was made for an index that was not goes again. The writer still has the lock:
 * nobody has written there. */
static void remove_empty(frai_writer **b)
{
    frai_index *index;
    char *lock = joined_path(job.o->index, "lock");
    frai_status status = frai_index_open(job.o->index, NULL, &index, NULL);
    if (status == FRAI_OK) frai_index_close(index);
    if (status == FRAI_ERR_NOT_FOUND && lock && *b) unlink(lock);
    frai_writer_close(*b);
    *b = NULL;
    if (status == FRAI_ERR_NOT_FOUND) rmdir(job.o->index);
    free(lock);
}

static void set_options(const struct options *o, struct input *in)
{
    job.options = (frai_writer_options)FRAI_WRITER_OPTIONS_INIT;
    for (int i = 0; i < in->mapping_count; i++)
        if (in->mappings[i].kind)
            job.specs[job.options.field_count++] =
                (frai_field_spec){in->mappings[i].field, in->mappings[i].kind};
    job.options.fields = job.specs;
    job.options.memory_bytes = o->memory;
    job.options.threads = o->threads;
    job.options.reorder = o->reorder;
    in->format = o->format;
    in->err = &job.err;
    in->tick = tick;
    in->adding = adding;
    in->sources = &job.u.now;
    job.o = job.u.o = o;
    job.in = in;
    describe_reading(in, o->reorder, job.u.reading, sizeof job.u.reading);
}

static int run(struct input *in, struct update *u, char **paths, int count)
{
    bool made = access(job.o->index, F_OK) != 0;
    frai_status status = open_before(in, u, &job.err);
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &job.err);
    if (count == 0 && !u->adds && update_is_unknown(u)) {
        complain(
            PROGRAM, job.o->index,
            say("무엇으로 만든 색인인지 알 수 없습니다; `frai-index build 경로 --replace`로 다시 "
                "만드세요",
                "what this index was made from is not known; make it anew with `frai-index "
                "build PATH --replace`"));
        return EXIT_TROUBLE;
    }
    if (count == 0 && (u->adds || u->before.root_count == 0)) {
        complain(PROGRAM, u->adds ? "add" : "build",
                 say("무엇을 읽을지 빠졌습니다; 파일이나 디렉터리를 뒤에 쓰세요 (- 는 표준 입력)",
                     "what to read is missing; name files or directories (- for stdin)"));
        return EXIT_TROUBLE;
    }
    int rc = update_roots(u, paths, count);
    if (rc == EXIT_DONE) rc = update_list(u);
    before_line();
    if (rc == EXIT_DONE) rc = update_compare(u);
    if (rc != EXIT_DONE) return rc;
    rc = open_builder(in, u);
    if (rc != EXIT_DONE) return rc;
    large_directory(job.o->index);
    signal(SIGINT, on_interrupt);
    rc = read_and_commit(in, u);
    if (rc >= EXIT_TROUBLE && made) remove_empty(&in->writer);
    return rc;
}

static int build(const struct options *o, struct input *in, char **paths, int count, bool adds)
{
    job.started = seconds_now();
    job.u.adds = adds;
    set_options(o, in);
    progress_start(o->progress);
    int rc = run(in, &job.u, paths, count);
    progress_stop();
    frai_writer_close(in->writer);
    update_free(&job.u);
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
