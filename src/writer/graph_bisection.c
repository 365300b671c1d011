/* Documents begin in the order in which they came, and each part is halved until it has LEAF
 * documents: for each term the gain of moving a document with it to the other half is computed,
 * documents are ordered by the sum over their terms, and the best half is selected; again, until
 * few move. The halves are independent, and go to threads of their own while there are any. */
#include "writer/graph_bisection.h"

#include <math.h>
#include <pthread.h>

#include "base/sort.h"
#include "base/vector.h"

#define LEAF       64u /* documents of a range: their order is of no consequence */
#define ITERATIONS 12u
#define FEW_MOVES  2000u /* fewer than one document in so many moves: the halves are settled */
#define LOGS       4096u

/* One term in the part that is being halved. */
struct degree {
    uint32_t left, right;        /* documents of each half that have it */
    float from_left, from_right; /* what is gained when one of them goes over */
};

struct biased {
    float right; /* how much it would rather stand in the right half */
    uint32_t doc;
    bool is_left; /* where it stood before */
};

/* A part of the order that one thread halves until it is in leaves. */
struct task {
    const struct fr_forward *in;
    const float *logs;
    const frai_allocator *mem;
    struct biased *docs;
    uint32_t count, threads;
    bool failed;
};

/* What a thread works with. */
struct scratch {
    const struct task *task;
    struct degree *degrees;
    FR_VECTOR(uint32_t) touched; /* terms whose degrees are not 0 */
};

static float log_of(const float *logs, uint32_t n)
{
    return n < LOGS ? logs[n] : log2f((float)n);
}

/* Bits that a term's gaps take, about: n (log documents - log (n + 1)) in each half. */
static float cost(const float *logs, float log_docs, uint32_t n)
{
    return (float)n * (log_docs - log_of(logs, n + 1));
}

static void terms_of(const struct fr_forward *in, uint32_t doc, const uint32_t **begin,
                     const uint32_t **end)
{
    *begin = in->forward + (doc ? in->ends[doc - 1] : 0);
    *end = in->forward + in->ends[doc];
}

static void count_degrees(struct scratch *s, const struct biased *docs, uint32_t count,
                          uint32_t half)
{
    fr_vec_set_count(&s->touched, 0);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *t, *end;
        for (terms_of(s->task->in, docs[i].doc, &t, &end); t < end; t++) {
            struct degree *d = &s->degrees[*t];
            if (d->left + d->right == 0) fr_vec_push(&s->touched, *t);
            if (i < half)
                d->left++;
            else
                d->right++;
        }
    }
}

static void find_gains(struct scratch *s, uint32_t count, uint32_t half)
{
    const float *logs = s->task->logs;
    float left = log_of(logs, half), right = log_of(logs, count - half);
    for (size_t i = 0; i < fr_vec_count(&s->touched); i++) {
        struct degree *d = &s->degrees[fr_vec_at(&s->touched, i)];
        float now = cost(logs, left, d->left) + cost(logs, right, d->right);
        if (d->left)
            d->from_left = now - cost(logs, left, d->left - 1) - cost(logs, right, d->right + 1);
        if (d->right)
            d->from_right = now - cost(logs, left, d->left + 1) - cost(logs, right, d->right - 1);
    }
}

static void find_biases(struct scratch *s, struct biased *docs, uint32_t count, uint32_t half)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *t, *end;
        float sum = 0;
        for (terms_of(s->task->in, docs[i].doc, &t, &end); t < end; t++)
            sum += i < half ? s->degrees[*t].from_left : -s->degrees[*t].from_right;
        docs[i].right = sum;
        docs[i].is_left = i < half;
    }
}

static void forget_degrees(struct scratch *s)
{
    for (size_t i = 0; i < fr_vec_count(&s->touched); i++)
        s->degrees[fr_vec_at(&s->touched, i)] = (struct degree){0, 0, 0, 0};
}

static bool before(struct biased a, struct biased b)
{
    return a.right != b.right ? a.right < b.right : a.doc < b.doc;
}

static struct biased middle_of(struct biased a, struct biased b, struct biased c)
{
    if (before(b, a)) {
        struct biased swap = a;
        a = b;
        b = swap;
    }
    return before(c, a) ? a : before(c, b) ? c : b;
}

/* The `half` documents that would rather stand left come first (Hoare's selection). */
static void select_half(struct biased *docs, uint32_t count, uint32_t half)
{
    uint32_t low = 0, high = count;
    while (high - low > 1) {
        struct biased pivot = middle_of(docs[low], docs[low + (high - low) / 2], docs[high - 1]);
        uint32_t i = low, k = high - 1;
        for (;;) {
            while (before(docs[i], pivot)) i++;
            while (before(pivot, docs[k])) k--;
            if (i >= k) break;
            struct biased swap = docs[i];
            docs[i++] = docs[k];
            docs[k--] = swap;
        }
        /* Now docs[low, i) < docs[i, high), but for docs[i] == pivot if the two met there. */
        if (half < i)
            high = i;
        else if (half > i + (i == k))
            low = i + (i == k);
        else
            return;
    }
}

/* Moves documents between the halves as long as that gains. False: out of memory. */
static bool settle(struct scratch *s, struct biased *docs, uint32_t count, uint32_t half)
{
    for (unsigned i = 0; i < ITERATIONS; i++) {
        uint32_t moves = 0;
        count_degrees(s, docs, count, half);
        if (s->touched.buf.failed) return false;
        find_gains(s, count, half);
        find_biases(s, docs, count, half);
        forget_degrees(s);
        select_half(docs, count, half);
        for (uint32_t k = 0; k < half; k++) moves += !docs[k].is_left;
        if (moves <= count / FEW_MOVES) break;
    }
    return true;
}

static int by_doc(const void *a, const void *b, void *ctx)
{
    const struct biased *x = a, *y = b;
    (void)ctx;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

static void *run_task(void *arg);

/* Halves begin at whole leaves. */
static bool halve(struct scratch *s, struct biased *docs, uint32_t count, uint32_t threads)
{
    if (count <= LEAF) {
        fr_sort(docs, count, sizeof *docs, by_doc, NULL);
        return true;
    }
    uint32_t leaves = (count + LEAF - 1) / LEAF, half = leaves / 2 * LEAF;
    if (!settle(s, docs, count, half)) return false;
    struct task other = *s->task;
    pthread_t thread;
    other.docs = docs + half;
    other.count = count - half;
    other.threads = threads / 2;
    bool apart = threads > 1 && pthread_create(&thread, NULL, run_task, &other) == 0;
    bool ok = halve(s, docs, half, apart ? threads - threads / 2 : threads);
    if (apart) {
        pthread_join(thread, NULL);
        return ok && !other.failed;
    }
    return ok && halve(s, docs + half, count - half, threads);
}

static void *run_task(void *arg)
{
    struct task *task = arg;
    struct scratch s = {.task = task};
    size_t bytes = task->in->terms * sizeof *s.degrees;
    fr_buf_init(&s.touched.buf, task->mem);
    s.degrees = fr_new(task->mem, bytes);
    task->failed = !s.degrees || !halve(&s, task->docs, task->count, task->threads);
    fr_free(task->mem, s.degrees, bytes);
    fr_buf_deinit(&s.touched.buf);
    return NULL;
}

bool fr_graph_bisection(const struct fr_forward *in, uint32_t threads, uint32_t *order,
                        const frai_allocator *mem)
{
    size_t bytes = in->docs * sizeof(struct biased);
    float logs[LOGS];
    struct task task = {
        .in = in, .logs = logs, .mem = mem, .count = in->docs, .threads = threads ? threads : 1};
    task.docs = fr_new(mem, bytes);
    if (!task.docs) return false;
    for (uint32_t i = 0; i < LOGS; i++) logs[i] = log2f((float)(i ? i : 1));
    for (uint32_t i = 0; i < in->docs; i++) task.docs[i].doc = i;
    run_task(&task);
    for (uint32_t i = 0; !task.failed && i < in->docs; i++) order[i] = task.docs[i].doc;
    fr_free(mem, task.docs, bytes);
    return !task.failed;
}
