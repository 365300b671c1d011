/* A thread draws the line ten times a second from counters that the work adds to. */
#include "progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clean.h"
#include "messages.h"
#include "terminal.h"

#define EVERY 100000000L /* nanoseconds between two lines */
#define SOON  1.0        /* seconds, before which the time left is a guess */

static struct {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ends;
    bool runs, stops, drawn;
    double started; /* the phase */
    atomic_int phase;
    atomic_ullong total, bytes, documents;
} p = {.lock = PTHREAD_MUTEX_INITIALIZER};

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Puts a piece behind the others, if the line has columns left for it. */
static void put_piece(char *line, size_t room, int *columns, const char *piece)
{
    int width = 0;
    size_t len = strlen(line), n = strlen(piece);
    struct cluster c;
    for (size_t at = 0; at < n; width += c.columns)
        next_cluster((frai_slice){piece, n}, &at, CLEAN_NAME, &c);
    if (width > *columns || len + n + 1 > room) {
        *columns = 0;
        return;
    }
    memcpy(line + len, piece, n + 1);
    *columns -= width;
}

static void put_time(char *line, size_t room, int *columns, double seconds, bool left)
{
    char piece[80];
    const char *form = left ? say(" · %llu%s 남음", " · %llu %s left") : " · %llu%s";
    const char *unit = seconds < 120 ? say("초", "s") : say("분", "min");
    double count = seconds < 120 ? seconds + 0.5 : seconds / 60 + 0.5;
    snprintf(piece, sizeof piece, form, (unsigned long long)count, unit);
    put_piece(line, room, columns, piece);
}

static void describe_reading(char *line, size_t room, int *columns, double seconds)
{
    char piece[80];
    unsigned long long total = p.total, bytes = p.bytes < total || !total ? p.bytes : total;
    double share = total ? (double)bytes / (double)total : 0;
    put_piece(line, room, columns, say("읽는 중", "reading"));
    snprintf(piece, sizeof piece, " %.0f %%", 100 * share);
    if (total) put_piece(line, room, columns, piece);
    if (seconds > SOON && share > 0.001)
        put_time(line, room, columns, seconds / share - seconds, true);
    snprintf(piece, sizeof piece, say(" · %s 문서", " · %s documents"), grouped(p.documents));
    put_piece(line, room, columns, piece);
    snprintf(piece, sizeof piece, " · %.0f MB/s", (double)bytes / 1e6 / (seconds + 1e-9));
    put_piece(line, room, columns, piece);
}

static void draw(void)
{
    char line[400] = "";
    int columns = terminal_columns(stderr) - 1;
    double seconds = seconds_now() - p.started;
    const char *name = "";
    switch (atomic_load(&p.phase)) {
    case PROGRESS_LISTING: name = say("파일을 찾는 중", "looking for files"); break;
    case PROGRESS_READING: describe_reading(line, sizeof line, &columns, seconds); break;
    case PROGRESS_TIDYING: name = say("색인 정리 중", "tidying the index"); break;
    case PROGRESS_MERGING: name = say("합치는 중 (이미 저장됨)", "merging (all is saved)"); break;
    }
    if (*name) put_piece(line, sizeof line, &columns, name);
    if (*name && seconds >= 1) put_time(line, sizeof line, &columns, seconds, false);
    fprintf(stderr, "\r\033[K%s\r", line);
    fflush(stderr);
    p.drawn = true;
}

static void *run(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&p.lock);
    while (!p.stops) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += EVERY;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&p.ends, &p.lock, &until);
        if (!p.stops) draw();
    }
    pthread_mutex_unlock(&p.lock);
    return NULL;
}

static void clear_line(void)
{
    if (p.drawn) fputs("\r\033[K", stderr);
    p.drawn = false;
}

static void clear(void)
{
    pthread_mutex_lock(&p.lock);
    clear_line();
    pthread_mutex_unlock(&p.lock);
}

void progress_start(const char *when)
{
    sigset_t all, before;
    bool wanted =
        strcmp(when, "always") == 0 || (strcmp(when, "auto") == 0 && isatty(STDERR_FILENO));
    if (p.runs || !wanted) return;
    p.stops = p.drawn = false;
    p.started = seconds_now();
    p.phase = PROGRESS_LISTING;
    p.total = p.bytes = p.documents = 0;
    pthread_cond_init(&p.ends, NULL);
    clear_moving_line = clear;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the main thread's */
    p.runs = pthread_create(&p.thread, NULL, run, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void progress_phase(enum progress_phase phase)
{
    pthread_mutex_lock(&p.lock);
    p.phase = phase;
    p.started = seconds_now();
    pthread_mutex_unlock(&p.lock);
}

void progress_total(unsigned long long bytes)
{
    p.total = bytes;
}

void progress_at(unsigned long long documents, unsigned long long bytes)
{
    p.documents = documents;
    p.bytes = bytes;
}

void progress_stop(void)
{
    if (!p.runs) return;
    pthread_mutex_lock(&p.lock);
    p.stops = true;
    pthread_cond_signal(&p.ends);
    pthread_mutex_unlock(&p.lock);
    pthread_join(p.thread, NULL);
    pthread_cond_destroy(&p.ends);
    p.runs = false;
    clear_moving_line = NULL;
    clear_line();
}
