/* A queue of jobs under one lock, each waiting, worked on, or done. Workers take the oldest waiting
 * job; whoever asks for the oldest one works, too, while it is not done. */
#include "writer/workers.h"

#include <pthread.h>

#define THREADS_MAX 256u

enum state { WAITING, WORKING, DONE };

struct job {
    struct fr_chunk *chunk;
    enum state state;
};

struct worker {
    struct fr_workers *all;
    struct fr_inverter inverter;
    struct fr_compressor *compressor;
    bool ready;
    pthread_t thread;
};

struct fr_workers {
    const frai_allocator *mem;
    const struct fr_settings *settings;
    const void *dict;
    size_t dict_bytes;
    uint32_t threads; /* workers[0] is the caller */
    struct worker *workers;
    uint32_t started;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    FR_VECTOR(struct job) jobs; /* oldest first */
    bool stop;
};

/* Inverts one chunk; without the lock. */
static void work(struct worker *self, struct fr_chunk *chunk)
{
    struct fr_workers *w = self->all;
    if (w->settings->store_text && !self->compressor) {
        self->compressor = fr_compressor_create(w->dict, w->dict_bytes, FR_STORE_LEVEL);
        if (!self->compressor) {
            chunk->failed = true;
            return;
        }
    }
    fr_invert(&self->inverter, chunk, self->compressor);
}

/* Claims a waiting job and does it; called and returns with the lock held. */
static bool work_one(struct worker *self)
{
    struct fr_workers *w = self->all;
    struct fr_chunk *chunk = NULL;
    for (size_t i = 0; i < fr_vec_count(&w->jobs) && !chunk; i++) {
        struct job *job = &fr_vec_at(&w->jobs, i);
        if (job->state != WAITING) continue;
        job->state = WORKING;
        chunk = job->chunk;
    }
    if (!chunk) return false;
    pthread_mutex_unlock(&w->lock);
    work(self, chunk);
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < fr_vec_count(&w->jobs); i++)
        if (fr_vec_at(&w->jobs, i).chunk == chunk) fr_vec_at(&w->jobs, i).state = DONE;
    pthread_cond_broadcast(&w->changed);
    return true;
}

static void *worker_main(void *arg)
{
    struct worker *self = arg;
    struct fr_workers *w = self->all;
    pthread_mutex_lock(&w->lock);
    while (!w->stop)
        if (!work_one(self)) pthread_cond_wait(&w->changed, &w->lock);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct fr_workers *fr_workers_create(const struct fr_settings *settings, uint32_t threads,
                                     const frai_allocator *mem)
{
    if (threads < 1) threads = 1;
    if (threads > THREADS_MAX) threads = THREADS_MAX;
    struct fr_workers *w = fr_new(mem, sizeof *w);
    if (!w) return NULL;
    w->mem = mem;
    w->settings = settings;
    w->threads = threads;
    fr_buf_init(&w->jobs.buf, mem);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    w->workers = fr_new(mem, threads * sizeof *w->workers);
    if (!w->workers) {
        fr_workers_destroy(w);
        return NULL;
    }
    for (uint32_t i = 0; i < threads; i++) {
        struct worker *worker = &w->workers[i];
        worker->all = w;
        worker->ready = fr_inverter_init(&worker->inverter, settings, mem);
        if (!worker->ready ||
            (i > 0 && pthread_create(&worker->thread, NULL, worker_main, worker) != 0)) {
            if (i > 0 && worker->ready) break; /* fewer threads do as well */
            fr_workers_destroy(w);
            return NULL;
        }
        w->started = i + 1;
    }
    return w;
}

void fr_workers_destroy(struct fr_workers *w)
{
    if (!w) return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    for (uint32_t i = 1; i < w->started; i++) pthread_join(w->workers[i].thread, NULL);
    for (uint32_t i = 0; w->workers && i < w->threads; i++) {
        if (w->workers[i].all) fr_inverter_deinit(&w->workers[i].inverter);
        fr_compressor_destroy(w->workers[i].compressor);
    }
    for (size_t i = 0; i < fr_vec_count(&w->jobs); i++) {
        struct fr_chunk *chunk = fr_vec_at(&w->jobs, i).chunk;
        fr_chunk_deinit(chunk);
        fr_free(w->mem, chunk, sizeof *chunk);
    }
    fr_buf_deinit(&w->jobs.buf);
    if (w->workers) fr_free(w->mem, w->workers, w->threads * sizeof *w->workers);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->changed);
    fr_free(w->mem, w, sizeof *w);
}

void fr_workers_set_dictionary(struct fr_workers *w, const void *dict, size_t bytes)
{
    for (uint32_t i = 0; i < w->threads; i++) { /* none is at work */
        fr_compressor_destroy(w->workers[i].compressor);
        w->workers[i].compressor = NULL;
    }
    w->dict = dict;
    w->dict_bytes = bytes;
}

bool fr_workers_submit(struct fr_workers *w, struct fr_chunk *chunk)
{
    pthread_mutex_lock(&w->lock);
    fr_vec_push(&w->jobs, chunk, WAITING);
    bool ok = !w->jobs.buf.failed;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    return ok;
}

bool fr_workers_release_memory(struct fr_workers *w)
{
    bool ok = true;
    for (uint32_t i = 0; i < w->threads && ok; i++) {
        struct worker *worker = &w->workers[i];
        if (!worker->ready) continue;
        fr_inverter_deinit(&worker->inverter);
        worker->ready = ok = fr_inverter_init(&worker->inverter, w->settings, w->mem);
    }
    fr_trim(w->mem);
    return ok;
}

struct fr_chunk *fr_workers_take(struct fr_workers *w, uint32_t keep)
{
    struct fr_chunk *chunk = NULL;
    pthread_mutex_lock(&w->lock);
    while (fr_vec_count(&w->jobs) > keep) {
        struct job *oldest = &fr_vec_at(&w->jobs, 0);
        if (oldest->state == DONE) {
            chunk = oldest->chunk;
            size_t left = fr_vec_count(&w->jobs) - 1;
            memmove(oldest, oldest + 1, left * sizeof *oldest);
            fr_vec_set_count(&w->jobs, left);
            break;
        }
        if (!work_one(&w->workers[0])) pthread_cond_wait(&w->changed, &w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return chunk;
}
