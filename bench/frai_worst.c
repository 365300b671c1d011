/* frai-worst: looks for the queries that cost most.
 *
 *   frai-worst INDEX WORDS.txt SECONDS SEED WORK [silence]
 *
 * WORDS.txt has a word a line, frequent ones first. Half of the queries are new shapes, half are
 * the most expensive ones so far, changed a little. WORK is frai_search_options.work_limit. Prints
 * a line of JSON for each of the most expensive queries, and one for all.
 *
 * A search that has a deadline asks for it now and then: "silent ms" is the longest time, of the
 * thread, in which it doesn't, and so what a search may take beyond its deadline. With `silence`
 * the queries are looked for that are silent for long, and their hits' passages are read too. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "frai/frai.h"
#include "shapes.h"

#define KEPT       20u
#define TEXT       (1u << 20)
#define WORDS_MOST 65536u

static uint64_t held, peak;

static void *resize(void *ctx, void *old, size_t old_bytes, size_t new_bytes)
{
    (void)ctx;
    held += new_bytes - (old ? old_bytes : 0);
    if (held > peak) peak = held;
    if (new_bytes) return realloc(old, new_bytes);
    free(old);
    return NULL;
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct run {
    struct shape shape;
    double cpu, silent;
    uint64_t work, peak;
    size_t bytes;
    uint32_t hits;
    int partial;
    frai_status status;
};

static struct run kept[KEPT];
static uint32_t kept_count;
static bool by_silence;

static double cost(const struct run *r)
{
    return by_silence ? r->silent : r->cpu;
}

static void keep(const struct run *r)
{
    uint32_t at = kept_count < KEPT ? kept_count++ : KEPT - 1;
    if (kept_count == KEPT && at == KEPT - 1 && cost(&kept[at]) > cost(r)) return;
    for (; at > 0 && cost(&kept[at - 1]) < cost(r); at--) kept[at] = kept[at - 1];
    kept[at] = *r;
}

/* ---- what a search is asked for, and when it asks ---- */

static double asked, silent;

static int note(void *unused)
{
    double now = seconds(CLOCK_THREAD_CPUTIME_ID);
    (void)unused;
    if (now - asked > silent) silent = now - asked;
    asked = now;
    return 0;
}

static void begin(void)
{
    asked = seconds(CLOCK_THREAD_CPUTIME_ID);
}

static void read_passages(frai_searcher *s, const frai_results *results)
{
    frai_error err;
    frai_passage passage = FRAI_PASSAGE_INIT;
    frai_searcher_set_interrupt(s, note, NULL, 0, &err);
    for (uint32_t i = 0; i < frai_results_count(results) && i < 20; i++) {
        begin();
        frai_searcher_make_passage(s, frai_results_doc(results, i), frai_slice_of("body"), 200,
                                   &passage, &err);
        note(NULL);
    }
}

static void ask(frai_searcher *s, const struct vocabulary *v, uint64_t work, struct run *r)
{
    static char text[TEXT];
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    const frai_results *results;
    frai_error err;
    r->bytes = shape_text(&r->shape, v, text, sizeof text);
    o.limit = r->shape.limit;
    o.offset = r->shape.offset;
    o.match = (frai_match)r->shape.match;
    o.rank = (frai_rank)r->shape.rank;
    o.flags = r->shape.flags;
    o.work_limit = work;
    if (by_silence) o.interrupt = note;
    peak = held;
    silent = 0;
    begin();
    double start = asked;
    r->status = frai_search(s, (frai_slice){text, r->bytes}, &o, &results, &err);
    r->cpu = seconds(CLOCK_THREAD_CPUTIME_ID) - start;
    if (by_silence) note(NULL);
    if (by_silence && r->status == FRAI_OK) read_passages(s, results);
    r->silent = silent;
    frai_results_read_info(results, &info);
    r->peak = peak;
    r->work = info.work;
    r->partial = info.partial;
    r->hits = frai_results_count(results);
}

static void print(const struct run *r)
{
    char name[1024];
    shape_name(&r->shape, name, sizeof name);
    printf("{\"shape\":\"%s\",\"bytes\":%zu,\"cpu ms\":%.1f,\"work\":%" PRIu64
           ",\"silent ms\":%.2f,\"peak MiB\":%.1f,\"hits\":%u,\"partial\":%s,\"status\":%d}\n",
           name, r->bytes, r->cpu * 1e3, r->work, r->silent * 1e3, (double)r->peak / (1 << 20),
           r->hits, r->partial ? "true" : "false", (int)r->status);
}

static size_t read_words(const char *path, char **words)
{
    FILE *in = fopen(path, "r");
    char line[256];
    size_t count = 0;
    while (in && count < WORDS_MOST && fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line && (words[count] = strdup(line)) != NULL) count++;
    }
    if (in) fclose(in);
    return count;
}

int main(int argc, char **argv)
{
    static char *words[WORDS_MOST];
    frai_allocator counting = {resize, NULL};
    frai_open_options open = FRAI_OPEN_OPTIONS_INIT;
    frai_index *index;
    frai_searcher *s;
    frai_error err = {0};
    if (argc < 6) {
        fprintf(stderr, "usage: frai-worst INDEX WORDS.txt SECONDS SEED WORK\n");
        return 2;
    }
    struct vocabulary v = {(const char *const *)words, read_words(argv[2], words)};
    uint64_t state = strtoull(argv[4], NULL, 10), work = strtoull(argv[5], NULL, 10);
    by_silence = argc > 6 && strcmp(argv[6], "silence") == 0;
    open.allocator = &counting;
    if (v.count == 0 || frai_index_open(argv[1], &open, &index, &err) ||
        frai_searcher_create(index, &s, &err)) {
        fprintf(stderr, "frai-worst: %s: %s\n", argv[1], v.count ? err.message : "no words");
        return 2;
    }
    double end = seconds(CLOCK_MONOTONIC) + atof(argv[3]), sum = 0;
    uint64_t queries = 0, cut = 0, failed = 0, most = 0;
    while (seconds(CLOCK_MONOTONIC) < end) {
        struct run r;
        memset(&r, 0, sizeof r);
        if (kept_count && shape_random(&state, 2)) {
            r.shape = kept[shape_random(&state, kept_count)].shape;
            shape_change(&r.shape, &state);
        } else {
            shape_make(&r.shape, &state);
        }
        ask(s, &v, work, &r);
        keep(&r);
        queries++;
        sum += r.cpu;
        cut += r.partial != 0;
        failed += r.status != FRAI_OK && r.status != FRAI_ERR_SYNTAX;
        if (r.peak > most) most = r.peak;
    }
    for (uint32_t i = 0; i < kept_count; i++) print(&kept[i]);
    printf("{\"queries\":%" PRIu64 ",\"mean ms\":%.2f,\"partial\":%" PRIu64 ",\"failed\":%" PRIu64
           ",\"peak MiB\":%.1f}\n",
           queries, queries ? sum / (double)queries * 1e3 : 0, cut, failed,
           (double)most / (1 << 20));
    frai_searcher_destroy(s);
    frai_index_close(index);
    return 0;
}
