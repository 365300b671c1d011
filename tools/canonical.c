/* Names of places. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sources.h"

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

char *canonical_path(const char *path)
{
    char *real = realpath(path, NULL);
    if (real) return real;
    char *here = path[0] == '/' ? strdup("") : getcwd(NULL, 0);
    char *whole = joined_path(here ? here : "/", path);
    free(here);
    /* The longest part of it that is there, and the rest as it is written. */
    for (size_t cut = whole ? strlen(whole) : 0; cut > 0 && !real;) {
        while (cut > 0 && whole[cut - 1] != '/') cut--;
        while (cut > 1 && whole[cut - 1] == '/') cut--;
        char kept = whole[cut];
        whole[cut] = '\0';
        real = realpath(whole, NULL);
        whole[cut] = kept;
        if (real) {
            char *out = joined_path(real, whole + cut + strspn(whole + cut, "/"));
            free(real);
            free(whole);
            return out ? normal(out) : NULL;
        }
        if (cut == 1) break;
    }
    return whole ? normal(whole) : NULL;
}

const char *path_below(const char *path, const char *dir)
{
    size_t n = strlen(dir);
    if (strncmp(path, dir, n) != 0) return NULL;
    if (path[n] == '\0') return path + n;
    if (n == 1 && dir[0] == '/') return path + 1;
    return path[n] == '/' ? path + n + 1 : NULL;
}
