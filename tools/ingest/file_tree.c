/* Paths of the command line → the files below them. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "input.h"

#define DEPTH_MAX 100

static bool list_file(struct input *in, const char *path, const struct stat *st, bool named,
                      struct sources *sources)
{
    (void)in;
    struct source *source = sources_add(sources, path);
    if (!source) return false;
    source->named = named;
    if (st) source_stat(source, st);
    return true;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of a directory in byte order, so that the same tree gives the same index. */
static char **names_in(const char *dir, size_t *count)
{
    DIR *d = opendir(dir);
    char **names = NULL;
    size_t room = 0;
    *count = 0;
    if (!d) return NULL;
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        if (entry->d_name[0] == '.') continue; /* hidden: .git, .frai */
        if (*count + 1 >= room) {
            char **grown = realloc(names, (room = room ? room * 2 : 64) * sizeof *names);
            if (!grown) break;
            names = grown;
        }
        names[(*count)++] = strdup(entry->d_name);
    }
    closedir(d);
    if (!names) names = calloc(1, sizeof *names);
    qsort(names, *count, sizeof *names, by_name);
    return names;
}

static bool list_tree(struct input *in, const char *path, int depth, bool named,
                      struct sources *sources)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        if (named) return false;
        skip(in, path, 0, SKIP_READ);
        return true;
    }
    if (!S_ISDIR(st.st_mode)) {
        if (S_ISREG(st.st_mode) || named) return list_file(in, path, &st, named, sources);
        skip(in, path, 0, SKIP_TYPE);
        return true;
    }
    if (ends_with(path, ".frai")) return true; /* an index lies among its sources */
    size_t count;
    char **names = depth < DEPTH_MAX ? names_in(path, &count) : NULL;
    if (!names) {
        if (named) return false;
        skip(in, path, 0, SKIP_READ);
        return true;
    }
    bool ok = true;
    size_t base = strlen(path);
    while (base > 1 && path[base - 1] == '/') base--;
    for (size_t i = 0; i < count; i++) {
        size_t room = base + strlen(names[i]) + 2;
        char *child = malloc(room);
        if (ok && child) {
            snprintf(child, room, "%.*s/%s", (int)base, path, names[i]);
            ok = list_tree(in, child, depth + 1, false, sources);
        }
        free(child);
        free(names[i]);
    }
    free(names);
    return ok;
}

bool input_list(struct input *in, const char *path, struct sources *sources)
{
    if (strcmp(path, "-") == 0) return list_file(in, path, NULL, true, sources);
    return list_tree(in, path, 0, true, sources);
}
