#include "sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAGIC "frai sources 1\n"

/* Clocks of file systems tick that coarsely; those that keep whole seconds, by two seconds. */
#define TICK        20000000LL
#define COARSE_TICK 2000000000LL
#define SECOND      1000000000LL

void sources_free(struct sources *s)
{
    for (size_t i = 0; i < s->count; i++) free(s->list[i].path);
    free(s->list);
    *s = (struct sources){NULL, 0, 0};
}

struct source *sources_add(struct sources *s, const char *path)
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
    s->list[s->count] = (struct source){.path = copy, .size = -1, .kind = SOURCE_NONE};
    return &s->list[s->count++];
}

static long long nanoseconds(struct timespec t)
{
    return (long long)t.tv_sec * SECOND + t.tv_nsec;
}

void source_stat(struct source *source, const struct stat *st)
{
    struct timespec now;
    source->modified = nanoseconds(st->st_mtim);
    source->changed = nanoseconds(st->st_ctim);
    source->inode = (long long)st->st_ino;
    source->size = st->st_size;
    clock_gettime(CLOCK_REALTIME, &now);
    long long latest = source->modified > source->changed ? source->modified : source->changed;
    long long tick = latest % SECOND ? TICK : COARSE_TICK;
    if (latest > nanoseconds(now) - tick) source->size = -1;
}

char *sources_write(const struct sources *s, const char *options, size_t *len)
{
    char *out = NULL;
    FILE *to = open_memstream(&out, len);
    if (!to) return NULL;
    fprintf(to, "%s%s\n", MAGIC, options);
    for (size_t i = 0; i < s->count; i++) {
        const struct source *x = &s->list[i];
        if (x->kind == SOURCE_NONE) continue;
        fprintf(to, "%c %lld %lld %lld %lld %s%c", x->kind, x->size, x->modified, x->changed,
                x->inode, x->path, 0);
    }
    bool failed = ferror(to) != 0;
    if (fclose(to) == 0 && !failed) return out;
    free(out);
    return NULL;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct source *)a)->path, ((const struct source *)b)->path);
}

bool sources_read(struct sources *s, frai_slice note, const char *options)
{
    size_t magic = strlen(MAGIC), how = strlen(options);
    *s = (struct sources){NULL, 0, 0};
    if (note.len < magic + how + 1 || memcmp(note.ptr, MAGIC, magic) != 0 ||
        memcmp(note.ptr + magic, options, how) != 0 || note.ptr[magic + how] != '\n')
        return false;
    const char *at = note.ptr + magic + how + 1, *end = note.ptr + note.len;
    while (at < end) {
        char kind;
        int path = 0;
        struct source x = {0};
        const char *stop = memchr(at, 0, (size_t)(end - at));
        struct source *to = NULL;
        if (stop &&
            sscanf(at, "%c %lld %lld %lld %lld%n", &kind, &x.size, &x.modified, &x.changed,
                   &x.inode, &path) == 5 &&
            path > 0 && at[path] == ' ' && strchr("tjx", kind))
            to = sources_add(s, at + path + 1);
        if (!to) {
            sources_free(s);
            return false;
        }
        x.path = to->path;
        x.kind = (enum source_kind)kind;
        *to = x;
        at = stop + 1;
    }
    if (s->count) qsort(s->list, s->count, sizeof *s->list, by_path);
    return true;
}

struct source *sources_find(const struct sources *sorted, const char *path)
{
    struct source key = {.path = (char *)path};
    return sorted->count ? bsearch(&key, sorted->list, sorted->count, sizeof key, by_path) : NULL;
}

bool source_is_same(const struct source *a, const struct source *b)
{
    return a->size >= 0 && a->size == b->size && a->modified == b->modified &&
           a->changed == b->changed && a->inode == b->inode;
}
