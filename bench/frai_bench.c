/* frai-bench: the hot path under a stopwatch. Speaks a protocol that drivers of other engines share
 * (bench/README.md):
 *
 *   frai-bench index DOCS.tok DIR [--threads T] [--mem BYTES] [--reorder 1]
 *       a line a document: ID<TAB>term term ...
 *   frai-bench update DIR THREADS PART.tok...
 *       a commit for each file; known ids are replaced. With two threads merges have one of theirs
 *   frai-bench search DIR QUERIES.tok MODE K REPS --out FILE
 *       MODE or, and, phrase, count-or, count-and, and the references or-exhaustive, and-exhaustive
 *       FILE gets a line a query: microseconds<TAB>total<TAB>id:score id:score ...
 *       (microseconds: the least of REPS passes over all queries) */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "frai/experimental/terms.h"
#include "frai/frai.h"
#include "simd/dispatch.h"

static int fail(const char *what, const char *message)
{
    fprintf(stderr, "frai-bench: %s: %s\n", what, message);
    return 2;
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* The library's calls come here. */
static _Thread_local double fsync_us;
int fsync(int fd)
{
    double start = now_us();
    int rc = (int)syscall(SYS_fsync, fd);
    fsync_us += now_us() - start;
    return rc;
}

static frai_status add_lines(frai_writer *writer, const char *path, frai_error *err)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    frai_status status = in ? FRAI_OK : FRAI_ERR_NOT_FOUND;
    if (!in) snprintf(err->message, sizeof err->message, "%s: cannot open", path);
    while (status == FRAI_OK && (len = getline(&line, &room, in)) > 0) {
        if (line[len - 1] == '\n') len--;
        char *tab = memchr(line, '\t', (size_t)len);
        if (!tab) continue;
        frai_document d = {.struct_size = sizeof d,
                           .id = {line, (size_t)(tab - line)},
                           .body = {tab + 1, (size_t)(line + len - tab - 1)}};
        status = frai_writer_add(writer, &d, err);
    }
    free(line);
    if (in && in != stdin) fclose(in);
    return status;
}

static int index_stream(int argc, char **argv)
{
    if (argc < 4)
        return fail("usage",
                    "frai-bench index DOCS.tok DIR [--threads T] [--mem BYTES] [--reorder 1]");
    frai_writer_options options = FRAI_WRITER_OPTIONS_INIT;
    options.analyzer = FRAI_ANALYZER_PRETOKENIZED;
    options.store_text = 0;
    options.mode = FRAI_REPLACE;
    for (int i = 4; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--threads") == 0) options.threads = (uint32_t)atoi(argv[i + 1]);
        if (strcmp(argv[i], "--reorder") == 0) options.reorder = atoi(argv[i + 1]);
        if (strcmp(argv[i], "--mem") == 0) options.memory_bytes = strtoull(argv[i + 1], NULL, 10);
    }
    frai_error err = {0};
    frai_writer *writer;
    double start = now_us();
    if (frai_writer_open(argv[3], &options, &writer, &err)) return fail(argv[3], err.message);
    frai_status status = add_lines(writer, argv[2], &err);
    if (status == FRAI_OK) status = frai_writer_commit(writer, &err);
    frai_writer_stats stats = FRAI_WRITER_STATS_INIT;
    frai_writer_read_stats(writer, &stats);
    frai_writer_close(writer);
    if (status != FRAI_OK) return fail(argv[3], err.message);
    printf("{\"documents\":%llu,\"bytes\":%llu,\"seconds\":%.3f}\n",
           (unsigned long long)stats.documents, (unsigned long long)stats.index_bytes,
           (now_us() - start) / 1e6);
    return 0;
}

/* A commit for each file: seconds of each, of its fsyncs, and of all with merges. */
static int update_stream(int argc, char **argv)
{
    frai_writer_options options = FRAI_WRITER_OPTIONS_INIT;
    frai_writer *writer;
    frai_error err = {0};
    if (argc < 5) return fail("usage", "frai-bench update DIR THREADS PART.tok...");
    double begin = now_us();
    double *synced = calloc((size_t)argc, sizeof *synced);
    if (!synced) return fail("update", "out of memory");
    options.threads = (uint32_t)atoi(argv[3]);
    if (frai_writer_open(argv[2], &options, &writer, &err)) return fail(argv[2], err.message);
    frai_status status = FRAI_OK;
    printf("{\"seconds\":[");
    for (int i = 4; i < argc && status == FRAI_OK; i++) {
        double start = now_us(), synced_before = fsync_us;
        status = add_lines(writer, argv[i], &err);
        if (status == FRAI_OK) status = frai_writer_commit(writer, &err);
        printf("%s%.4f", i > 4 ? "," : "", (now_us() - start) / 1e6);
        synced[i] = (fsync_us - synced_before) / 1e6;
    }
    printf("],\"fsync\":[");
    for (int i = 4; i < argc; i++) printf("%s%.4f", i > 4 ? "," : "", synced[i]);
    free(synced);
    if (status == FRAI_OK) status = frai_writer_wait(writer, &err);
    printf("],\"total\":%.4f}\n", (now_us() - begin) / 1e6);
    frai_writer_close(writer);
    return status == FRAI_OK ? 0 : fail(argv[2], err.message);
}

struct queries {
    char **line;
    size_t count;
};

static bool read_queries(const char *path, struct queries *q)
{
    FILE *in = fopen(path, "r");
    char *line = NULL;
    size_t room = 0, cap = 0;
    ssize_t len;
    if (!in) return false;
    while ((len = getline(&line, &room, in)) > 0) {
        if (line[len - 1] == '\n') line[--len] = '\0';
        if (q->count == cap) {
            cap = cap ? cap * 2 : 1024;
            char **grown = realloc(q->line, cap * sizeof *grown);
            if (!grown) break;
            q->line = grown;
        }
        q->line[q->count++] = strdup(line);
    }
    free(line);
    fclose(in);
    return true;
}

/* Modes of frai_search_terms, then, over text as it is typed, of frai_search. */
enum { WORDS = FRAI_TERMS_OR_TOP_COUNT + 1, WORDS_BM25, WORDS_TOTAL, MODES };

static int mode_of(const char *name)
{
    static const char *const names[MODES] = {
        "or",        "and",           "phrase",         "count-or",
        "count-and", "or-exhaustive", "and-exhaustive", "top-count",
        "words",     "words-bm25",    "words-total"};
    for (int i = 0; i < MODES; i++)
        if (strcmp(name, names[i]) == 0) return i;
    return -1;
}

static frai_status search_one(frai_searcher *searcher, const char *line, int mode, uint32_t k,
                              const frai_results **results, frai_error *err)
{
    if (mode < WORDS)
        return frai_search_terms(searcher, frai_slice_of(line), (frai_terms_mode)mode, k, results,
                                 err);
    frai_search_options o = FRAI_SEARCH_OPTIONS_INIT;
    o.limit = k;
    o.rank = mode == WORDS_BM25 ? FRAI_RANK_BM25 : FRAI_RANK_DEFAULT;
    if (mode != WORDS_TOTAL) o.flags = FRAI_SEARCH_NO_TOTAL;
    return frai_search(searcher, frai_slice_of(line), &o, results, err);
}

static int write_results(FILE *out, frai_searcher *searcher, const struct queries *q, int mode,
                         uint32_t k, const double *best)
{
    frai_error err = {0};
    for (size_t i = 0; i < q->count; i++) {
        const frai_results *results;
        frai_search_info info = FRAI_SEARCH_INFO_INIT;
        frai_slice id;
        if (search_one(searcher, q->line[i], mode, k, &results, &err))
            return fail("search", err.message);
        frai_results_read_info(results, &info);
        fprintf(out, "%.3f\t%llu\t", best[i], (unsigned long long)info.total);
        for (uint32_t h = 0; h < frai_results_count(results); h++) {
            uint64_t doc = frai_results_doc(results, h);
            if (frai_searcher_read_field(searcher, doc, frai_slice_of("id"), &id, &err))
                return fail("search", err.message);
            fprintf(out, "%s%.*s:%.7g", h ? " " : "", (int)id.len, id.ptr,
                    (double)frai_results_score(results, h));
        }
        fputc('\n', out);
    }
    return 0;
}

static int compare_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static int search_stream(int argc, char **argv)
{
    if (argc < 7) return fail("usage", "frai-bench search DIR QUERIES.tok MODE K REPS --out FILE");
    const char *out_path = argc >= 9 && strcmp(argv[7], "--out") == 0 ? argv[8] : NULL;
    int mode = mode_of(argv[4]);
    long k = atol(argv[5]), reps = atol(argv[6]);
    if (mode < 0 || k < 0 || reps < 1)
        return fail("usage", "unknown MODE, or K or REPS out of range");
    struct queries q = {0};
    if (!read_queries(argv[3], &q)) return fail(argv[3], "cannot open");
    frai_error err = {0};
    frai_index *index;
    frai_searcher *searcher;
    double opened = now_us(), first = 0;
    if (frai_index_open(argv[2], NULL, &index, &err) ||
        frai_searcher_create(index, &searcher, &err))
        return fail(argv[2], err.message);
    opened = now_us() - opened;
    double *best = calloc(q.count + 1, sizeof *best);
    const frai_results *results;
    if (!best) return fail("search", "out of memory");
    for (long r = 0; r < reps; r++)
        for (size_t i = 0; i < q.count; i++) {
            double start = now_us();
            if (search_one(searcher, q.line[i], mode, (uint32_t)k, &results, &err))
                return fail("search", err.message);
            double us = now_us() - start;
            if (r == 0 && i == 0) first = us;
            if (r == 0 || us < best[i]) best[i] = us;
        }
    FILE *out = out_path ? fopen(out_path, "w") : stdout;
    if (!out) return fail(out_path, "cannot write");
    int rc = write_results(out, searcher, &q, mode, (uint32_t)k, best);
    if (out != stdout && fclose(out) != 0) rc = fail(out_path, "cannot write");
    double sum = 0;
    for (size_t i = 0; i < q.count; i++) sum += best[i];
    qsort(best, q.count, sizeof *best, compare_double);
    if (q.count)
        fprintf(stderr,
                "%s: %zu queries, mean %.1f, p50 %.1f, p95 %.1f us; open and first %.1f us\n",
                argv[4], q.count, sum / (double)q.count, best[q.count / 2],
                best[q.count * 95 / 100], opened + first);
    frai_searcher_destroy(searcher);
    frai_index_close(index);
    for (size_t i = 0; i < q.count; i++) free(q.line[i]);
    free(q.line);
    free(best);
    return rc;
}

int main(int argc, char **argv)
{
    const char *level = getenv("FRAI_ISA");
    if (level && !fr_kernels_use(level)) fprintf(stderr, "this processor has no %s\n", level);
    if (argc > 1 && strcmp(argv[1], "index") == 0) return index_stream(argc, argv);
    if (argc > 1 && strcmp(argv[1], "search") == 0) return search_stream(argc, argv);
    if (argc > 1 && strcmp(argv[1], "update") == 0) return update_stream(argc, argv);
    return fail("usage", "frai-bench index|search|update ...; see bench/README.md");
}
