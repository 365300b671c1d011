/* frai-index delete, compact. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "messages.h"

void index_totals(const struct options *o, frai_build_stats *stats)
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

static const char *merging;

static void on_slow_merge(int number)
{
    (void)number;
    ssize_t n = write(STDERR_FILENO, merging, strlen(merging));
    (void)n;
}

int wait_for_merges(frai_builder *b, int rc)
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
    if (compact) index_totals(o, &s);
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

int command_delete(const struct options *o, char **ids, int count)
{
    return change(o, ids, count, false);
}

int command_compact(const struct options *o)
{
    return change(o, NULL, 0, true);
}
