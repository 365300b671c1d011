/* The user data of a commit as text: roots, then files with what tells that they changed; each
 * string ends with a NUL. */
#include "sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC "frai sources 2\n"

#define HEAD_BYTES (64u << 10) /* of user data, in which roots stand as a rule */

static void free_root(struct root *r)
{
    free(r->name);
    free(r->directory);
    free(r->place);
    free(r->canon);
}

void sources_free(struct sources *s)
{
    for (size_t i = 0; i < s->count; i++) free(s->list[i].path);
    for (unsigned i = 0; i < s->root_count; i++) free_root(&s->roots[i]);
    free(s->list);
    free(s->roots);
    free(s->reading);
    *s = (struct sources){0};
}

struct source *sources_add(struct sources *s, const char *path, unsigned root)
{
    if (s->count == s->room) {
        size_t room = s->room ? s->room * 2 : 64;
        struct source *grown = realloc(s->list, room * sizeof *grown);
        if (!grown) return NULL;
        s->list = grown;
        s->room = room;
    }
    char *copy = strdup(path);
    if (!copy) return NULL;
    s->list[s->count] =
        (struct source){.path = copy, .size = -1, .kind = SOURCE_NONE, .root = root};
    return &s->list[s->count++];
}

static bool is_stream_name(const char *name)
{
    return name[0] == '\0' || strcmp(name, "-") == 0;
}

int sources_add_root(struct sources *s, const char *name, const char *directory, bool stream)
{
    struct root *grown = realloc(s->roots, (s->root_count + 1) * sizeof *grown);
    if (!grown) return -1;
    s->roots = grown;
    struct root r = {.name = strdup(name), .stream = stream || is_stream_name(name)};
    r.directory = directory ? strdup(directory) : getcwd(NULL, 0);
    if (!r.directory) r.directory = strdup("");
    r.place = r.directory ? joined_path(r.directory, name) : NULL;
    r.canon = !r.place ? NULL : strdup(name);
    if (r.place && !r.stream) {
        free(r.canon);
        r.canon = canonical_path(directory ? r.place : name);
    }
    if (!r.name || !r.place || !r.canon) {
        free_root(&r);
        return -1;
    }
    r.at = r.place;
    s->roots[s->root_count] = r;
    return (int)s->root_count++;
}

int sources_copy_root(struct sources *s, const struct root *r)
{
    struct root *grown = realloc(s->roots, (s->root_count + 1) * sizeof *grown);
    if (!grown) return -1;
    s->roots = grown;
    struct root copy = {.stream = r->stream, .name = strdup(r->name)};
    copy.directory = strdup(r->directory);
    copy.place = strdup(r->place);
    copy.canon = strdup(r->canon);
    copy.at = copy.place;
    if (!copy.name || !copy.directory || !copy.place || !copy.canon) {
        free_root(&copy);
        return -1;
    }
    s->roots[s->root_count] = copy;
    return (int)s->root_count++;
}

/* ---- as user data ----
 *
 * MAGIC, "exact follows roots\n"; for each root its name, its directory, where it is without links,
 * and how many folders above the index that directory is (0: it isn't; -1: a stream), each ended by
 * a NUL; how files are read, and a NUL; for each file its kind and numbers between spaces, its
 * path, and a NUL. */

#define STREAM (-1)

/* By how many folders `dir` is above the index; 0: it isn't above it. */
static int folders_above(const char *index, const char *dir)
{
    const char *below = index ? path_below(index, dir) : NULL;
    if (!below || !below[0]) return 0;
    int ups = 1;
    for (const char *at = below; *at; at++) ups += *at == '/';
    return ups;
}

char *sources_write(const struct sources *s, const char *index, size_t *len)
{
    char *out = NULL, *place = canonical_path(index);
    FILE *to = open_memstream(&out, len);
    if (!to) {
        free(place);
        return NULL;
    }
    fprintf(to, "%s%d %d %u\n", MAGIC, s->exact, s->follows, s->root_count);
    for (unsigned i = 0; i < s->root_count; i++) {
        const struct root *r = &s->roots[i];
        int above = r->stream ? STREAM : r->name[0] == '/' ? 0 : folders_above(place, r->directory);
        fprintf(to, "%s%c%s%c%s%c%d%c", r->name, 0, r->directory, 0, r->canon, 0, above, 0);
    }
    fprintf(to, "%s%c", s->reading ? s->reading : "", 0);
    for (size_t i = 0; i < s->count; i++) {
        const struct source *x = &s->list[i];
        if (x->fate == SOURCE_VANISHED) continue;
        fprintf(to, "%c %lld %lld %lld %lld %lld %llu %u %s%c", x->kind, x->size, x->modified,
                x->changed, x->inode, x->device, x->documents, x->root, x->path, 0);
    }
    bool failed = ferror(to) != 0;
    free(place);
    if (fclose(to) == 0 && !failed) return out;
    free(out);
    return NULL;
}

/* The string at *at, which goes behind it; NULL if there is none. */
static const char *next_string(const char **at, const char *end)
{
    const char *begin = *at, *stop = begin < end ? memchr(begin, 0, (size_t)(end - begin)) : NULL;
    if (stop) *at = stop + 1;
    return stop ? begin : NULL;
}

static bool is_there(const char *directory, const char *name)
{
    char *place = joined_path(directory, name);
    bool there = place && access(place, F_OK) == 0;
    free(place);
    return there;
}

/* A root that can't be reached as it was named is where it was then. */
static bool find_again(struct root *r, const char *canon)
{
    if (access(r->place, F_OK) == 0) return true;
    free(r->canon);
    r->canon = strdup(canon);
    if (!r->canon || access(canon, F_OK) != 0) return r->canon != NULL;
    free(r->place);
    r->at = r->place = strdup(canon);
    return r->place != NULL;
}

static bool read_root(struct sources *s, const char **at, const char *end, const char *index)
{
    const char *name = next_string(at, end), *directory = next_string(at, end),
               *canon = next_string(at, end), *above = next_string(at, end);
    if (!name || !directory || !canon || !above) return false;
    char *moved = index && atoi(above) > 0 ? strdup(index) : NULL;
    for (int ups = atoi(above); moved && ups > 0; ups--) {
        char *cut = strrchr(moved, '/');
        if (cut) *(cut == moved ? cut + 1 : cut) = '\0';
    }
    bool uses_moved = moved && (is_there(moved, name) || !is_there(directory, name));
    int added = sources_add_root(s, name, uses_moved ? moved : directory, atoi(above) == STREAM);
    free(moved);
    return added >= 0 && (s->roots[added].stream || find_again(&s->roots[added], canon));
}

/* From MAGIC to the roots' end; NULL if it is not there whole. */
static const char *read_head(struct sources *s, frai_slice data, const char *index)
{
    size_t magic = strlen(MAGIC);
    int exact, follows;
    unsigned roots;
    *s = (struct sources){0};
    const char *line =
        data.len > magic && memcmp(data.ptr, MAGIC, magic) == 0 ? data.ptr + magic : NULL;
    const char *end = data.ptr + data.len;
    const char *stop = line ? memchr(line, '\n', (size_t)(end - line)) : NULL;
    char numbers[64];
    if (!stop || stop - line >= (long)sizeof numbers) return NULL;
    memcpy(numbers, line, (size_t)(stop - line));
    numbers[stop - line] = '\0';
    if (sscanf(numbers, "%d %d %u", &exact, &follows, &roots) != 3) return NULL;
    s->exact = exact != 0;
    s->follows = follows != 0;
    const char *at = stop + 1;
    for (unsigned i = 0; i < roots; i++)
        if (!read_root(s, &at, end, index)) return NULL;
    return at;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct source *)a)->path, ((const struct source *)b)->path);
}

void sources_sort(struct sources *s)
{
    if (s->count) qsort(s->list, s->count, sizeof *s->list, by_path);
}

static bool read_file(struct sources *s, const char *line)
{
    struct source x = {0};
    char kind;
    int path = 0;
    if (sscanf(line, "%c %lld %lld %lld %lld %lld %llu %u%n", &kind, &x.size, &x.modified,
               &x.changed, &x.inode, &x.device, &x.documents, &x.root, &path) != 8 ||
        path <= 0 || line[path] != ' ' || !strchr("-tjx", kind) || x.root >= s->root_count)
        return false;
    struct source *to = sources_add(s, line + path + 1, x.root);
    if (!to) return false;
    x.path = to->path;
    x.kind = (enum source_kind)kind;
    x.stream = s->roots[x.root].stream;
    *to = x;
    return true;
}

bool sources_read(struct sources *s, frai_slice data, const char *index)
{
    char *place = canonical_path(index);
    const char *at = read_head(s, data, place), *end = data.ptr + data.len;
    const char *reading = at ? next_string(&at, end) : NULL;
    bool ok = reading && (s->reading = strdup(reading)) != NULL;
    for (const char *line; ok && at < end;)
        ok = (line = next_string(&at, end)) != NULL && read_file(s, line);
    free(place);
    if (ok)
        sources_sort(s);
    else
        sources_free(s);
    return ok;
}

bool sources_of_index(struct sources *s, const frai_index *index, const char *dir)
{
    char *place = canonical_path(dir);
    bool ok = false;
    *s = (struct sources){0};
    for (size_t room = HEAD_BYTES, len = room + 1; !ok && len > room / 2; room *= 2) {
        char *data = malloc(room);
        sources_free(s);
        if (!data || frai_index_user_data(index, data, room, &len, NULL) != FRAI_OK) len = 0;
        if (len) ok = read_head(s, (frai_slice){data, len < room ? len : room}, place) != NULL;
        free(data);
        if (len <= room) break;
    }
    free(place);
    if (!ok) sources_free(s);
    return ok;
}

char *sources_place(const struct sources *s, frai_slice path)
{
    const struct root *best = NULL;
    size_t longest = 0;
    for (unsigned i = 0; i < s->root_count; i++) {
        const struct root *r = &s->roots[i];
        size_t n = strlen(r->name);
        if (r->stream || n > path.len || memcmp(r->name, path.ptr, n) != 0 || n < longest) continue;
        if (n < path.len && path.ptr[n] != '/' && r->name[n - 1] != '/') continue;
        best = r;
        longest = n;
    }
    if (!best) return NULL;
    char *rest = strndup(path.ptr + longest, path.len - longest);
    char *out = !rest     ? NULL
                : rest[0] ? joined_path(best->place, rest + strspn(rest, "/"))
                          : strdup(best->place);
    free(rest);
    return out;
}

struct source *sources_find(const struct sources *sorted, const char *path)
{
    struct source key = {.path = (char *)path};
    return sorted->count ? bsearch(&key, sorted->list, sorted->count, sizeof key, by_path) : NULL;
}

frai_status sources_keep(frai_writer *b, frai_error *err)
{
    frai_slice data;
    frai_status status = frai_writer_user_data(b, &data, err);
    if (status == FRAI_ERR_CORRUPT) return FRAI_OK;
    return status == FRAI_OK && data.len ? frai_writer_set_user_data(b, data, err) : status;
}

frai_status sources_doubt(frai_writer *b, const char *index, frai_error *err)
{
    frai_slice data;
    struct sources s;
    size_t len;
    if (frai_writer_user_data(b, &data, NULL) != FRAI_OK || !sources_read(&s, data, index))
        return FRAI_OK;
    s.exact = false;
    char *doubted = sources_write(&s, index, &len);
    frai_status status =
        doubted ? frai_writer_set_user_data(b, (frai_slice){doubted, len}, err) : FRAI_ERR_MEMORY;
    free(doubted);
    sources_free(&s);
    return status;
}
