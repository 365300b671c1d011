/* Names of places. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sources.h"

#define LINKS_MAX 40 /* followed one after the other */

static char *canonical(const char *path, int links);

char *joined_path(const char *dir, const char *name)
{
    size_t n = strlen(dir), m = strlen(name);
    bool whole = name[0] == '/' || n == 0;
    char *out = malloc(n + m + 2);
    if (!out) return NULL;
    if (whole) return memcpy(out, name, m + 1);
    while (n > 1 && dir[n - 1] == '/') n--;
    memcpy(out, dir, n);
    if (dir[n - 1] != '/') out[n++] = '/';
    memcpy(out + n, name, m + 1);
    return out;
}

/* Of an absolute path: its parts without "." and "..", as they are written. */
static char *normal(char *path)
{
    size_t len = 0;
    for (const char *at = path; *at;) {
        at += strspn(at, "/");
        size_t n = strcspn(at, "/");
        if (n == 2 && at[0] == '.' && at[1] == '.') {
            while (len > 0 && path[--len] != '/') {
            }
        } else if (n > 0 && !(n == 1 && at[0] == '.')) {
            path[len] = '/';
            memmove(path + len + 1, at, n);
            len += n + 1;
        }
        at += n;
    }
    if (len == 0) path[len++] = '/';
    path[len] = '\0';
    return path;
}

char *normal_path(const char *dir, const char *name)
{
    char *whole = joined_path(dir, name);
    return whole ? normal(whole) : NULL;
}

/* dir, without links, and a path below it whose first part is not there, or leads nowhere. */
static char *canonical_below(const char *dir, const char *rest, int links)
{
    char *whole = joined_path(dir, rest + strspn(rest, "/"));
    size_t part = strlen(rest);
    char target[PATH_MAX];
    ssize_t n = -1;
    if (whole && part) {
        char *end = strchrnul(whole + strlen(whole) - strlen(rest + strspn(rest, "/")), '/'),
             cut = *end;
        *end = '\0';
        n = links ? readlink(whole, target, sizeof target - 1) : -1;
        *end = cut;
        part = (size_t)(end - whole);
    }
    if (n < 0) return whole ? normal(whole) : NULL;
    target[n] = '\0';
    char *there = joined_path(dir, target), *out = NULL;
    char *further = there ? joined_path(there, whole + part + strspn(whole + part, "/")) : NULL;
    if (further) out = canonical(further, links - 1);
    free(whole);
    free(there);
    free(further);
    return out;
}

static char *canonical(const char *path, int links)
{
    char *real = realpath(path, NULL);
    if (real) return real;
    char *here = path[0] == '/' ? strdup("") : getcwd(NULL, 0);
    char *whole = joined_path(here ? here : "/", path), *out = NULL;
    free(here);
    /* The longest part of it that is there. */
    for (size_t cut = whole ? strlen(whole) : 0; cut > 1 && !out;) {
        while (cut > 0 && whole[cut - 1] != '/') cut--;
        while (cut > 1 && whole[cut - 1] == '/') cut--;
        char kept = whole[cut];
        whole[cut] = '\0';
        real = realpath(whole, NULL);
        whole[cut] = kept;
        if (real) out = canonical_below(real, whole + cut, links);
        free(real);
    }
    if (out) {
        free(whole);
        return out;
    }
    return whole ? normal(whole) : NULL;
}

char *canonical_path(const char *path)
{
    return canonical(path, LINKS_MAX);
}

const char *path_below(const char *path, const char *dir)
{
    size_t n = strlen(dir);
    if (strncmp(path, dir, n) != 0) return NULL;
    if (path[n] == '\0') return path + n;
    if (n == 1 && dir[0] == '/') return path + 1;
    return path[n] == '/' ? path + n + 1 : NULL;
}
