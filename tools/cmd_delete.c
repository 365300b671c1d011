/* frai-index delete, compact. What a deletion by query would delete is counted before; where that
 * is more than the query seems to say, or somebody sits at a terminal, it is asked for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "commands.h"
#include "messages.h"

#define ID_BYTES_MAX 4096u
#define FOUND_MOST   1000000u /* documents, after which a deletion by query commits */
#define NAMED_MOST   5        /* ids that no document has */
#define NAME_PART    60       /* clusters of each */
#define READ_MOST    65536u   /* whose ids are read before the map is closed: --mem is a ceiling */

static frai_status open_builder(const struct options *o, frai_writer **b, frai_error *err)
{
    frai_writer_options options = FRAI_WRITER_OPTIONS_INIT;
    options.mode = FRAI_OPEN_EXISTING;
    options.memory_bytes = o->memory;
    options.threads = o->threads;
    options.reorder = o->reorder;
    return frai_writer_open(o->index, &options, b, err);
}

static int finish(frai_writer *b, frai_status status, const frai_error *err)
{
    if (status == FRAI_OK) return wait_for_merges(b, EXIT_DONE);
    return complain_status(PROGRAM, status, err);
}

/* In a dry run. That it could be written is seen when the program ends. */
static void print_id(frai_slice id)
{
    if (isatty(STDOUT_FILENO))
        put_shown(stdout, id);
    else
        fwrite(id.ptr, 1, id.len, stdout);
    putchar('\n');
}

/* ---- ids ---- */

struct ids {
    const struct options *o;
    frai_writer *writer; /* NULL: a dry run */
    frai_index *index;   /* as it was before */
    frai_error *err;
    unsigned long long known, unknown;
    char *named[NAMED_MOST]; /* unknown ones, the first; fit to be printed */
    uint64_t *docs;          /* of a dry run: those that are known, maybe again */
    size_t room;
    bool bad; /* an id was refused, and the user told so */
};

static frai_status keep_doc(struct ids *x, uint64_t doc)
{
    if (x->known == x->room) {
        uint64_t *grown = realloc(x->docs, (x->room = x->room * 2 + 64) * sizeof *grown);
        if (!grown) return x->err->code = FRAI_ERR_MEMORY;
        x->docs = grown;
    }
    x->docs[x->known++] = doc;
    return FRAI_OK;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Each once; *x is then what would be deleted. */
static frai_status print_docs(struct ids *x)
{
    frai_searcher *searcher = NULL;
    size_t count = 0;
    frai_status status = frai_searcher_create(x->index, &searcher, x->err);
    if (x->known) qsort(x->docs, (size_t)x->known, sizeof *x->docs, by_number);
    for (size_t i = 0; i < x->known && status == FRAI_OK; i++) {
        frai_slice id;
        if (i && x->docs[i] == x->docs[i - 1]) continue;
        count++;
        status = frai_searcher_read_field(searcher, x->docs[i], frai_slice_of("id"), &id, x->err);
        if (status == FRAI_OK) print_id(id);
    }
    frai_searcher_destroy(searcher);
    x->known = count;
    return status;
}

static frai_status note_unknown(struct ids *x, frai_slice id)
{
    if (x->unknown < NAMED_MOST) {
        frai_slice part = {id.ptr, cut_at_clusters(id, NAME_PART)};
        char *name = NULL;
        if (asprintf(&name, "%s%s", shown_slice(part), part.len < id.len ? "…" : "") < 0)
            return x->err->code = FRAI_ERR_MEMORY;
        x->named[x->unknown] = name;
    }
    x->unknown++;
    return FRAI_OK;
}

static frai_status delete_id(struct ids *x, frai_slice id)
{
    uint64_t doc;
    frai_status status = frai_index_find(x->index, id, &doc, x->err);
    if (status == FRAI_ERR_NOT_FOUND) return note_unknown(x, id);
    if (status != FRAI_OK) return status;
    if (!x->writer) return keep_doc(x, doc);
    x->known++;
    return frai_writer_delete(x->writer, id, x->err);
}

static bool too_long(struct ids *x, size_t len, unsigned long long line)
{
    if (len <= ID_BYTES_MAX) return false;
    x->bad = true;
    fprintf(stderr,
            say(PROGRAM ": %llu번째 id: %s바이트로 너무 깁니다; id는 %s바이트까지입니다\n",
                PROGRAM ": id %llu: %s bytes are too long; an id has at most %s\n"),
            line, grouped(len), grouped(ID_BYTES_MAX));
    return true;
}

static frai_status delete_lines(struct ids *x)
{
    char *text = NULL;
    size_t room = 0;
    frai_status status = FRAI_OK;
    unsigned long long line = 0;
    errno = 0;
    for (ssize_t n; status == FRAI_OK && !x->bad && (n = getline(&text, &room, stdin)) >= 0;) {
        line++;
        if (n > 0 && text[n - 1] == '\n') n--;
        if (n > 0 && text[n - 1] == '\r') n--;
        if (n > 0 && !too_long(x, (size_t)n, line))
            status = delete_id(x, (frai_slice){text, (size_t)n});
    }
    if (ferror(stdin)) {
        x->bad = true;
        fprintf(stderr, PROGRAM ": %s: %s; %s\n", say("표준 입력", "standard input"),
                os_says(errno), say("아무것도 지우지 않았습니다", "nothing was deleted"));
    }
    free(text);
    return status;
}

static frai_status delete_ids(struct ids *x, char **ids, int count)
{
    frai_status status = frai_index_open(x->o->index, NULL, &x->index, x->err);
    for (int i = 0; status == FRAI_OK && !x->bad && i < count; i++) {
        size_t len = strlen(ids[i]);
        if (strcmp(ids[i], "-") == 0)
            status = delete_lines(x);
        else if (!too_long(x, len, (unsigned long long)i + 1))
            status = delete_id(x, (frai_slice){ids[i], len});
    }
    if (status == FRAI_OK && !x->bad && !x->writer) status = print_docs(x);
    frai_index_close(x->index);
    free(x->docs);
    return status;
}

/* ---- what a query finds ---- */

struct found {
    frai_index *index;
    frai_searcher *searcher;
    uint64_t *docs; /* room for FOUND_MOST */
    uint32_t count, next;
    uint64_t skip; /* hits left out before them */
    uint64_t total, documents, generation;
    bool stays; /* a dry run looks at one snapshot */
};

static void close_found(struct found *f)
{
    if (f->stays) return;
    frai_searcher_destroy(f->searcher);
    frai_index_close(f->index);
    f->searcher = NULL;
    f->index = NULL;
}

static frai_status open_newest(const struct options *o, struct found *f, frai_error *err)
{
    frai_index_stats stats = FRAI_INDEX_STATS_INIT;
    if (f->index) return FRAI_OK;
    frai_status status = frai_index_open(o->index, NULL, &f->index, err);
    if (status == FRAI_OK) status = frai_searcher_create(f->index, &f->searcher, err);
    if (status == FRAI_OK) status = frai_index_read_stats(f->index, &stats, err);
    f->documents = stats.documents;
    f->generation = stats.generation;
    return status;
}

/* The documents that have all words of the query, exactly as typed; up to `limit` of them. */
static frai_status find(const struct options *o, struct found *f, uint32_t limit, frai_error *err)
{
    frai_search_options options = FRAI_SEARCH_OPTIONS_INIT;
    frai_search_info info = FRAI_SEARCH_INFO_INIT;
    options.limit = limit;
    options.offset = f->skip;
    options.match = FRAI_MATCH_ALL;
    options.rank = FRAI_RANK_BM25;
    options.work_limit = FRAI_WORK_UNLIMITED;
    options.flags = FRAI_SEARCH_EXACT | FRAI_SEARCH_NO_FIX | FRAI_SEARCH_COUNT_EXACT |
                    FRAI_SEARCH_STRICT_LIMITS;
    const frai_results *results = NULL;
    frai_status status = open_newest(o, f, err);
    if (status == FRAI_OK)
        status = frai_search(f->searcher, frai_slice_of(o->query), &options, &results, err);
    frai_results_read_info(results, &info);
    f->next = 0;
    f->count = frai_results_count(results);
    for (uint32_t i = 0; i < f->count; i++) f->docs[i] = frai_results_doc(results, i);
    f->total = info.total;
    const char *why = info.truncated || info.no_hit_has_all_words || info.rewritten.len
                          ? "the query can't be searched for as it stands"
                      : info.words == 0 && f->total == 0 ? "the query has no words"
                                                         : NULL;
    if (status == FRAI_OK && why) {
        snprintf(err->message, sizeof err->message, "%s, so nothing was deleted", why);
        status = err->code = FRAI_ERR_ARGUMENT;
    }
    close_found(f);
    return status;
}

/* Deletes up to READ_MOST of the hits, or prints their ids in a dry run (b NULL). */
static frai_status delete_some(frai_writer *b, const struct options *o, struct found *f,
                               frai_error *err)
{
    frai_status status = open_newest(o, f, err);
    for (uint32_t n = 0; status == FRAI_OK && n < READ_MOST && f->next < f->count; n++) {
        frai_slice id;
        uint64_t doc = f->docs[f->next++];
        status = frai_searcher_read_field(f->searcher, doc, frai_slice_of("id"), &id, err);
        if (status == FRAI_OK && b) status = frai_writer_delete(b, id, err);
        if (status == FRAI_OK && !b) print_id(id);
    }
    close_found(f);
    return status;
}

static int by_document(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* The writer keeps other writers off. */
static frai_status delete_found(frai_writer *b, const struct options *o, struct found *f,
                                frai_error *err)
{
    frai_status status = FRAI_OK;
    for (bool all = false; status == FRAI_OK && !all;) {
        status = find(o, f, FOUND_MOST, err);
        all = f->count < FOUND_MOST;
        if (!b) f->skip += f->count;
        qsort(f->docs, f->count, sizeof *f->docs, by_document);
        while (status == FRAI_OK && f->next < f->count) status = delete_some(b, o, f, err);
        if (status == FRAI_OK && b && !all) status = sources_keep(b, err);
        if (status == FRAI_OK && b && !all) status = frai_writer_commit(b, err);
    }
    return status;
}

/* False: the user does not want it, or has to say so with --yes; then *rc is the exit code. */
static bool agreed(const struct options *o, const struct found *f, int *rc)
{
    bool terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
    *rc = EXIT_DONE;
    if (o->yes || f->total == 0 || (!terminal && f->total * 2 <= f->documents)) return true;
    fprintf(stderr,
            say(PROGRAM ": %s: 지울 문서가 %s건, 색인의 문서는 %s건입니다; ",
                PROGRAM ": %s: this deletes %s of %s documents; "),
            shown(o->query), grouped(f->total), grouped(f->documents));
    if (!terminal) {
        fprintf(stderr, "%s\n",
                say("정말 지우려면 --yes를, 먼저 보려면 --dry-run을 쓰세요",
                    "use --yes if that is meant, or look first with --dry-run"));
        *rc = EXIT_TROUBLE;
        return false;
    }
    char answer[16];
    fputs(say("지울까요? [y/N] ", "delete them? [y/N] "), stderr);
    bool yes = fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
    if (!yes) fputs(say("아무것도 지우지 않았습니다\n", "nothing was deleted\n"), stderr);
    return yes;
}

/* found: what a dry run would delete. */
static void say_deleted(const struct options *o, const frai_writer *b, unsigned long long found)
{
    frai_writer_stats s = {.struct_size = sizeof s, .deleted = found};
    if (b) frai_writer_read_stats(b, &s);
    unsigned long long deleted = s.deleted;
    fprintf(stderr,
            o->dry_run ? say("지울 문서  %s건\n", "would delete  %s %s\n")
                       : say("삭제  %s 문서\n", "deleted  %s %s\n"),
            grouped(deleted), documents_word(deleted));
}

static void say_unknown(const struct ids *x)
{
    unsigned long long more = x->unknown > NAMED_MOST ? x->unknown - NAMED_MOST : 0;
    if (x->unknown == 0) return;
    fprintf(stderr, say("색인에 없는 id  %s개: ", "ids that no document has  %s: "),
            grouped(x->unknown));
    for (int i = 0; i < NAMED_MOST && x->named[i]; i++)
        fprintf(stderr, "%s%s", i ? ", " : "", x->named[i]);
    if (more) fprintf(stderr, say(" 외 %s개", " and %s more"), grouped(more));
    fputc('\n', stderr);
}

/* Deletes what was counted, unless another process has written since. */
static int delete_counted(const struct options *o, struct found *f)
{
    frai_error err = {0};
    frai_writer *b = NULL;
    uint64_t generation = f->generation, total = f->total;
    frai_status status = o->dry_run ? FRAI_OK : open_builder(o, &b, &err);
    if (status == FRAI_OK && b) status = find(o, f, 1, &err);
    bool changed = status == FRAI_OK && f->generation != generation;
    if (status == FRAI_OK && !changed) status = delete_found(b, o, f, &err);
    if (status == FRAI_OK && !changed && b) status = sources_keep(b, &err);
    if (status == FRAI_OK && !changed && b) status = frai_writer_commit(b, &err);
    if (status == FRAI_OK && !changed) say_deleted(o, b, total);
    int rc = status != FRAI_OK || b ? finish(b, status, &err) : EXIT_DONE;
    frai_writer_close(b);
    if (!changed) return rc;
    complain(PROGRAM, o->index,
             say("그사이 색인이 바뀌어 아무것도 지우지 않았습니다; 다시 실행하세요",
                 "the index changed meanwhile, so nothing was deleted; run it again"));
    return EXIT_TROUBLE;
}

static int delete_by_query(const struct options *o)
{
    frai_error err = {0};
    struct found f = {.docs = calloc(FOUND_MOST, sizeof *f.docs), .stays = o->dry_run};
    int rc = EXIT_DONE;
    frai_status status = f.docs ? find(o, &f, 1, &err) : FRAI_ERR_MEMORY;
    if (status != FRAI_OK)
        rc = complain_status(PROGRAM, status, &err);
    else if (o->dry_run || agreed(o, &f, &rc))
        rc = delete_counted(o, &f);
    f.stays = false;
    close_found(&f);
    free(f.docs);
    return rc;
}

static int delete_by_id(const struct options *o, char **ids, int count)
{
    frai_error err = {0};
    struct ids x = {.o = o, .err = &err};
    frai_status status = o->dry_run ? FRAI_OK : open_builder(o, &x.writer, &err);
    int rc = EXIT_DONE;
    if (status == FRAI_OK) status = delete_ids(&x, ids, count);
    if (status == FRAI_OK && !x.bad && x.writer) status = sources_keep(x.writer, &err);
    if (status == FRAI_OK && !x.bad && x.writer) status = frai_writer_commit(x.writer, &err);
    if (status == FRAI_OK && !x.bad) {
        say_deleted(o, x.writer, x.known);
        say_unknown(&x);
        rc = o->strict && x.unknown ? EXIT_SKIPPED : EXIT_DONE;
    }
    if (x.bad)
        rc = EXIT_TROUBLE;
    else if (status != FRAI_OK || x.writer)
        rc = finish(x.writer, status, &err) ? EXIT_TROUBLE : rc;
    frai_writer_close(x.writer);
    for (int i = 0; i < NAMED_MOST; i++) free(x.named[i]);
    return rc;
}

int command_delete(const struct options *o, struct input *in, char **ids, int count)
{
    (void)in;
    if (o->query && count) {
        complain(PROGRAM, "--query",
                 say("id와 함께 쓸 수 없습니다; 둘 중 하나만 쓰세요",
                     "can't be used together with ids; use one of the two"));
        return EXIT_TROUBLE;
    }
    if (!o->query && count == 0) {
        complain(
            PROGRAM, "delete",
            say("무엇을 지울지 없습니다; id, - (표준 입력의 id들) 또는 --query 검색어를 쓰세요",
                "what to delete is missing; name ids, - (ids from stdin) or --query QUERY"));
        return EXIT_TROUBLE;
    }
    return o->query ? delete_by_query(o) : delete_by_id(o, ids, count);
}

int command_compact(const struct options *o, struct input *in, char **words, int count)
{
    (void)in, (void)words, (void)count;
    frai_error err = {0};
    frai_writer *b = NULL;
    frai_writer_stats s = FRAI_WRITER_STATS_INIT;
    frai_status status = open_builder(o, &b, &err);
    if (status == FRAI_OK) status = frai_writer_compact(b, &err);
    if (status == FRAI_OK) status = frai_writer_commit(b, &err);
    if (status == FRAI_OK) {
        index_totals(o, &s);
        char size[24];
        fprintf(stderr, say("완료  %s %s · %s 색인\n", "done  %s %s · %s of index\n"),
                grouped(s.documents), documents_word(s.documents), size_text(s.index_bytes, size));
    }
    int rc = finish(b, status, &err);
    frai_writer_close(b);
    return rc;
}
