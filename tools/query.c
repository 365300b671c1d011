/* Searches, filters by path, and hands hits to the writer of the wanted form. */
#include "query.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clean.h"
#include "hit.h"
#include "messages.h"
#include "notices.h"
#include "output_paths.h"
#include "paths.h"
#include "reasons.h"
#include "streams.h"

#define NFC_BYTES 8192u

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- searching ---- */

/* Copies the hits, for other searches may come before they are shown. */
static bool keep_hits(struct session *s, const frai_results *results)
{
    uint32_t count = frai_results_count(results);
    if (count > s->room) {
        free(s->hits);
        s->hits = calloc(count, sizeof *s->hits);
        s->room = s->hits ? count : 0;
    }
    for (uint32_t i = 0; s->hits && i < count; i++)
        s->hits[i] = (struct hit){frai_results_doc(results, i), frai_results_score(results, i)};
    return s->room >= count;
}

static bool keep(char **to, frai_slice text)
{
    free(*to);
    *to = text.len ? strndup(text.ptr, text.len) : NULL;
    return text.len == 0 || *to;
}

/* Hits [offset, offset + limit) into s->hits; limit 0: all. */
static frai_status find(struct session *s, const char *query, unsigned long long offset,
                        unsigned long long limit, uint32_t *count, frai_error *err)
{
    const struct options *o = s->o;
    frai_search_options options = FRAI_SEARCH_OPTIONS_INIT;
    unsigned long long all = frai_index_document_count(s->index);
    if (limit == 0 || limit > all) limit = all;
    if (limit > FRAI_LIMIT_MAX - offset) limit = FRAI_LIMIT_MAX - offset;
    options.limit = limit ? (uint32_t)limit : 1;
    options.offset = offset;
    options.match = o->match;
    options.rank = o->rank;
    options.work_limit = o->work;
    options.flags = o->flags | (o->output == OUTPUT_COUNT ? FRAI_SEARCH_COUNT_EXACT : 0);
    const frai_results *results;
    frai_status status = frai_search(s->searcher, frai_slice_of(query), &options, &results, err);
    s->info = (frai_search_info)FRAI_SEARCH_INFO_INIT;
    frai_results_read_info(results, &s->info);
    *count = frai_results_count(results);
    if (status == FRAI_OK &&
        (!keep_hits(s, results) || !keep(&s->rewritten, s->info.rewritten) ||
         !keep(&s->suggestion, s->info.suggestion) || !keep(&s->missing, s->info.missing) ||
         !keep(&s->replaced, s->info.replaced))) {
        snprintf(err->message, sizeof err->message, "out of memory");
        status = FRAI_ERR_MEMORY;
        *count = 0;
    }
    /* A number alone, or an exit status, would not tell that it is of something else. */
    bool untold = s->info.by_fronts && (o->quiet || o->output == OUTPUT_COUNT);
    s->front_total = untold && !o->path ? s->info.total : 0;
    if (untold) {
        s->info.total = *count = 0;
        s->info.by_fronts = s->info.no_hit_has_all_words = 0;
    }
    return status;
}

static bool has_no_words(const struct session *s)
{
    return s->info.total == 0 && s->info.words == 0 && !s->info.partial;
}

/* ---- --path ---- */

/* In NFC, so that names from any disk fit as typed. */
static bool fits(frai_slice path, const char *glob)
{
    char nfc[NFC_BYTES];
    nfc[frai_text_normalize(path, nfc, NFC_BYTES - 1)] = '\0';
    return fnmatch(glob, nfc, 0) == 0;
}

static bool path_fits(struct session *s, uint64_t doc, const char *glob)
{
    struct field_copy path = take_field(s, doc, "path", FIELD_MOST);
    bool yes =
        path.ptr && (fits(slice_of(&path), glob) || fits(path_from_here(s, slice_of(&path)), glob));
    free(path.ptr);
    return yes;
}

/* Keeps, of all hits, the page of those whose path fits; info.total counts them. */
static uint32_t filter_paths(struct session *s, uint32_t count)
{
    char glob[NFC_BYTES];
    uint64_t fitting = 0, offset = s->o->output == OUTPUT_PATHS ? 0 : s->o->offset;
    uint32_t kept = 0;
    unsigned long long limit =
        s->o->output == OUTPUT_PATHS || !s->o->limit ? FRAI_LIMIT_MAX : s->o->limit;
    glob[frai_text_normalize(frai_slice_of(s->o->path), glob, NFC_BYTES - 1)] = '\0';
    for (uint32_t i = 0; i < count; i++) {
        if (!path_fits(s, s->hits[i].doc, glob)) continue;
        if (fitting++ >= offset && kept < limit) s->hits[kept++] = s->hits[i];
    }
    s->info.total = fitting;
    s->info.total_is_exact = !s->info.partial;
    return kept;
}

/* ---- showing ---- */

/* -l: without -n all files; with it, hits are asked for until so many files came of them. */
static frai_status list_files(struct session *s, const char *query, uint32_t *count,
                              frai_error *err)
{
    const struct options *o = s->o;
    struct path_list list = {.skip = o->offset};
    unsigned long long files = o->limit_set ? o->limit : 0, ask = files ? o->offset + files : 0;
    uint32_t next = 0;
    if (o->path) ask = 0;
    for (;;) {
        frai_status status = find(s, query, 0, ask, count, err);
        if (status != FRAI_OK) {
            free_path_list(&list);
            return status;
        }
        bool all = ask == 0 || *count < ask;
        if (next == 0) notices(s, query, s->info.hits_with_all_words);
        if (o->path) *count = filter_paths(s, *count);
        while (next < *count && (!files || list.count < files) && !output_failed())
            list_path(s, &list, &s->hits[next++]);
        if (all || (files && list.count == files) || output_failed()) break;
        ask *= 4;
    }
    *count = (uint32_t)list.count;
    free_path_list(&list);
    return FRAI_OK;
}

static void show_hits(struct session *s, uint32_t count)
{
    const struct options *o = s->o;
    for (uint32_t i = 0; i < count && !output_failed(); i++) {
        uint32_t rank = (uint32_t)o->offset + i + 1;
        s->partial = !o->path && s->info.all_words_first && i >= s->info.hits_with_all_words;
        if (o->output == OUTPUT_TERMINAL) show_terminal(s, rank, &s->hits[i]);
        if (o->output == OUTPUT_TSV) show_tsv(s, rank, &s->hits[i]);
        if (o->output == OUTPUT_JSON) show_json(s, rank, &s->hits[i]);
    }
}

/* A page of hits, or only how many there are. */
static frai_status show_page(struct session *s, const char *query, uint32_t *count, frai_error *err)
{
    const struct options *o = s->o;
    bool only_total = o->output == OUTPUT_COUNT || o->quiet;
    unsigned long long limit = o->path ? 0 : only_total ? 1 : o->limit;
    frai_status status = find(s, query, o->path || only_total ? 0 : o->offset, limit, count, err);
    if (status != FRAI_OK) return status;
    if (has_no_words(s)) return status;
    if (o->path) *count = filter_paths(s, *count);
    if (o->quiet) return status;
    if (o->output != OUTPUT_JSON) {
        notices(s, query,
                o->path || o->output == OUTPUT_COUNT ? s->info.hits_with_all_words : *count);
        show_plan(s);
    }
    if (o->output == OUTPUT_COUNT)
        printf("%llu\n", (unsigned long long)s->info.total);
    else
        show_hits(s, *count);
    return status;
}

/* Behind the hits: what was found, and how long it took until all of it was written. */
static int sum_up(struct session *s, const char *query, uint32_t count, double start)
{
    const struct options *o = s->o;
    bool only_total = o->output == OUTPUT_COUNT || o->quiet, found = s->info.total > 0;
    bool shown = found && (only_total || count > 0);
    if (has_no_words(s) && !s->broken) {
        no_words(s, query);
        return search_failed(s, query, without_words());
    }
    fflush(stdout);
    double ms = now_ms() - start;
    if (o->output == OUTPUT_JSON && !o->quiet) json_summary(s, query, count, ms, NULL);
    if (o->output == OUTPUT_TERMINAL && shown && !o->quiet) terminal_footer(s, count, ms);
    if (o->timing) fprintf(stderr, "%.3f ms\n", ms);
    if (s->broken) return EXIT_TROUBLE;
    if (o->quiet) return shown ? EXIT_HIT : EXIT_NO_HIT;
    if (!found && o->output != OUTPUT_JSON) no_hit(s, query);
    if (found && !shown) nothing_there(s);
    if (shown && s->info.by_fronts && o->output != OUTPUT_JSON) suggest(s);
    return shown ? EXIT_HIT : EXIT_NO_HIT;
}

/* --why: by id, which a file's path is. */
static int why(struct session *s, const char *query)
{
    frai_error err = {0};
    uint64_t doc;
    frai_slice id;
    const frai_diagnosis *diagnosis;
    frai_search_options options = FRAI_SEARCH_OPTIONS_INIT;
    frai_status status = FRAI_ERR_NOT_FOUND;
    options.flags = s->o->flags;
    for (unsigned i = 0; status == FRAI_ERR_NOT_FOUND && path_as_stored(s, s->o->why, i, &id); i++)
        status = frai_index_find(s->index, id, &doc, &err);
    if (status == FRAI_ERR_NOT_FOUND) {
        complain(PROGRAM, s->o->why,
                 say("이 문서가 색인에 없습니다; `frai-index dump docs`로 확인하세요",
                     "the index has no such document; see `frai-index dump docs`"));
        return EXIT_TROUBLE;
    }
    if (status == FRAI_OK)
        status = frai_searcher_diagnose(s->searcher, frai_slice_of(query), &options, doc,
                                        &diagnosis, &err);
    if (status != FRAI_OK) return complain_status(PROGRAM, status, &err) ? EXIT_TROUBLE : 0;
    if (s->o->output == OUTPUT_JSON)
        print_diagnosis_json(diagnosis, id, frai_slice_of(query));
    else
        print_diagnosis(diagnosis);
    return EXIT_HIT;
}

int search_failed(struct session *s, const char *query, const char *error)
{
    s->info = (frai_search_info)FRAI_SEARCH_INFO_INIT;
    s->info.total_is_exact = 1;
    keep(&s->rewritten, (frai_slice){"", 0});
    keep(&s->suggestion, (frai_slice){"", 0});
    keep(&s->missing, (frai_slice){"", 0});
    keep(&s->replaced, (frai_slice){"", 0});
    if (s->o->output == OUTPUT_JSON && !s->o->quiet) json_summary(s, query, 0, 0, error);
    if (s->o->queries && s->o->output == OUTPUT_COUNT && !s->o->quiet) putchar('\n');
    return EXIT_TROUBLE;
}

int search_query(struct session *s, const char *query)
{
    frai_error err = {0};
    char program[4608];
    uint32_t count = 0;
    double start = now_ms();
    if (s->o->why) return why(s, query);
    bool files = s->o->output == OUTPUT_PATHS && !s->o->quiet;
    frai_status status =
        files ? list_files(s, query, &count, &err) : show_page(s, query, &count, &err);
    if (status == FRAI_OK) return sum_up(s, query, count, start);
    snprintf(program, sizeof program, PROGRAM "%s%s", s->place ? ": " : "", shown(s->place));
    complain_status(program, status, &err);
    if (status != FRAI_ERR_SYNTAX && status != FRAI_ERR_ARGUMENT) s->broken = true;
    return search_failed(s, query, library_says(status, err.message));
}
