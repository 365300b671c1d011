/* One thread merges terms and fills batches, another encodes them: a ring of BATCHES buffers under
 * one lock. Without a second thread each full batch is encoded at once. */
#include "writer/term_writer.h"

#include <pthread.h>

#include "base/bytes.h"
#include "base/vector.h"
#include "segment/dictionary.h"
#include "text/analyzer.h"

#define BATCH_BYTES (256u << 10)
#define BATCHES     4u

/* A batch has postings (document, tf, positions; those of a long one may go on in the next), and
 * after those of a term TERM, PAIR, its key; or TERM, its class, how many bytes, and these, padded.
 */
#define TERM UINT32_MAX
#define PAIR UINT32_MAX

FR_VECTOR_TYPE(batch, uint32_t);

struct fr_term_writer {
    struct fr_segment_writer *out;
    struct fr_dictionary_writer dictionary;
    struct fr_postings_writer postings;
    struct batch batches[BATCHES];
    uint32_t filling; /* the batch that is being filled */
    uint32_t left;    /* of the long posting that is being encoded: positions in batches to come */
    bool any;         /* the term to come has postings */
    bool failed;      /* out of memory */
    /* With a thread: `full` batches before `filling` wait for it. */
    bool has_thread, done;
    uint32_t full;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static void write_term(struct fr_term_writer *e, const uint32_t *term)
{
    uint32_t df = e->postings.df;
    if (term[0] == PAIR)
        fr_dictionary_writer_pair(&e->dictionary, term[1], df);
    else
        fr_dictionary_writer_word(&e->dictionary, (uint8_t)term[0], (const uint8_t *)(term + 2),
                                  term[1]);
    fr_postings_writer_end_term(&e->postings);
    /* Which lines are terms depends on how documents came together: no score may. */
    bool is_text = term[0] == PAIR ? fr_pair_is_text(term[1]) : fr_term_is_text(term[0]);
    if (!is_text) e->out->stats.postings -= df;
}

static void write_batch(struct fr_term_writer *e, const struct batch *batch)
{
    if (fr_vec_count(batch) == 0) return;
    const uint32_t *at = fr_vec_data(batch), *end = at + fr_vec_count(batch);
    while (at < end) {
        if (e->left) {
            uint32_t n = (uint64_t)(end - at) < e->left ? (uint32_t)(end - at) : e->left;
            fr_postings_writer_more(&e->postings, at, n);
            e->left -= n;
            at += n;
            continue;
        }
        if (at[0] != TERM && at[1] > FR_POSTING_LONG) {
            e->left = at[1];
            fr_postings_writer_begin_long(&e->postings, at[0], at[1]);
            at += 2;
            continue;
        }
        if (at[0] != TERM) {
            fr_postings_writer_add(&e->postings, at[0], at[1], at + 2);
            at += 2 + at[1];
            continue;
        }
        write_term(e, at + 1);
        at += at[1] == PAIR ? 3 : 3 + (at[2] + 3) / 4;
    }
}

static void *write_batches(void *arg)
{
    struct fr_term_writer *e = arg;
    uint32_t next = 0;
    pthread_mutex_lock(&e->lock);
    for (;;) {
        while (e->full == 0 && !e->done) pthread_cond_wait(&e->changed, &e->lock);
        if (e->full == 0) break;
        pthread_mutex_unlock(&e->lock);
        write_batch(e, &e->batches[next]);
        next = (next + 1) % BATCHES;
        pthread_mutex_lock(&e->lock);
        e->full--;
        pthread_cond_signal(&e->changed);
    }
    pthread_mutex_unlock(&e->lock);
    return NULL;
}

/* Hands the batch on and begins another. */
static void pass_batch(struct fr_term_writer *e)
{
    if (!e->has_thread) {
        write_batch(e, &e->batches[e->filling]);
    } else {
        pthread_mutex_lock(&e->lock);
        while (e->full == BATCHES - 1) pthread_cond_wait(&e->changed, &e->lock);
        e->full++;
        pthread_cond_signal(&e->changed);
        pthread_mutex_unlock(&e->lock);
        e->filling = (e->filling + 1) % BATCHES;
    }
    fr_vec_set_count(&e->batches[e->filling], 0);
}

struct fr_term_writer *fr_term_writer_create(struct fr_segment_writer *out, const uint8_t *norms,
                                             const uint8_t *widths, uint32_t threads)
{
    struct fr_term_writer *e = fr_new(out->mem, sizeof *e);
    if (!e) return NULL;
    e->out = out;
    fr_dictionary_writer_init(&e->dictionary, out);
    for (uint32_t i = 0; i < BATCHES; i++) fr_buf_init(&e->batches[i].buf, out->mem);
    pthread_mutex_init(&e->lock, NULL);
    pthread_cond_init(&e->changed, NULL);
    if (!fr_postings_writer_init(&e->postings, out, norms, widths)) {
        fr_term_writer_destroy(e);
        return NULL;
    }
    e->has_thread = threads > 1 && pthread_create(&e->thread, NULL, write_batches, e) == 0;
    return e;
}

static void stop_thread(struct fr_term_writer *e)
{
    if (!e->has_thread) return;
    pthread_mutex_lock(&e->lock);
    e->done = true;
    pthread_cond_signal(&e->changed);
    pthread_mutex_unlock(&e->lock);
    pthread_join(e->thread, NULL);
    e->has_thread = false;
}

void fr_term_writer_destroy(struct fr_term_writer *e)
{
    if (!e) return;
    stop_thread(e);
    fr_dictionary_writer_deinit(&e->dictionary);
    fr_postings_writer_deinit(&e->postings);
    for (uint32_t i = 0; i < BATCHES; i++) fr_buf_deinit(&e->batches[i].buf);
    pthread_mutex_destroy(&e->lock);
    pthread_cond_destroy(&e->changed);
    fr_free(e->out->mem, e, sizeof *e);
}

/* Room for n numbers in a batch, which is a new one if the one before is full: a term may have more
 * postings than memory holds. What failed lacks a part: nothing comes behind it. */
static uint32_t *append(struct fr_term_writer *e, size_t n)
{
    struct batch *batch = &e->batches[e->filling];
    if (e->failed) return NULL;
    if (batch->buf.len >= BATCH_BYTES) {
        pass_batch(e);
        batch = &e->batches[e->filling];
    }
    if (!fr_vec_room(batch, n)) {
        e->failed = true;
        return NULL;
    }
    uint32_t *to = fr_vec_end(batch);
    fr_vec_add(batch, n);
    return to;
}

uint32_t *fr_term_writer_add(struct fr_term_writer *e, uint32_t doc, uint32_t tf)
{
    uint32_t *to = append(e, 2 + (size_t)tf);
    if (!to) return NULL;
    to[0] = doc;
    to[1] = tf;
    e->any = true;
    return to + 2;
}

void fr_term_writer_begin_long(struct fr_term_writer *e, uint32_t doc, uint32_t tf)
{
    uint32_t *to = append(e, 2);
    if (!to) return;
    to[0] = doc;
    to[1] = tf;
    e->any = true;
}

uint32_t *fr_term_writer_more(struct fr_term_writer *e, uint32_t count)
{
    return append(e, count);
}

static void end_term(struct fr_term_writer *e, uint32_t kind, uint32_t number, const uint8_t *bytes,
                     size_t len)
{
    struct fr_buf *batch = &e->batches[e->filling].buf;
    const uint32_t head[] = {TERM, kind, number}, zero = 0;
    if (!e->any) return;
    e->any = false;
    fr_buf_put(batch, head, sizeof head);
    fr_buf_put(batch, bytes, len);
    fr_buf_put(batch, &zero, (4 - len % 4) % 4);
    e->failed |= batch->failed;
    if (e->failed) batch->len = 0; /* it may lack a part */
    if (batch->len >= BATCH_BYTES) pass_batch(e);
}

void fr_term_writer_begin_pair(struct fr_term_writer *e, uint32_t key)
{
    end_term(e, PAIR, key, NULL, 0);
}

void fr_term_writer_begin_word(struct fr_term_writer *e, uint8_t term_class, const uint8_t *bytes,
                               size_t len)
{
    end_term(e, term_class, (uint32_t)len, bytes, len);
}

frai_status fr_term_writer_finish(struct fr_term_writer *e, frai_error *err)
{
    pass_batch(e);
    stop_thread(e);
    if (e->failed) return fr_fail_memory(err, "merging");
    FR_TRY(fr_dictionary_writer_finish(&e->dictionary, err));
    return fr_postings_writer_finish(&e->postings, err);
}
