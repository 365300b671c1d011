#include "paths.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "dir/path" without what means nothing: "//", "/./", and "/.." behind a directory of `dir`, which
 * has no links. False: too long. */
static bool join(const char *dir, const char *path, char *out)
{
    size_t len = strlen(dir);
    bool plain = true; /* nothing of `path` is in out yet */
    if (len >= PLACE_BYTES) return false;
    memcpy(out, dir, len + 1);
    while (len > 0 && out[len - 1] == '/') out[--len] = '\0';
    while (*path) {
        size_t n = strcspn(path, "/");
        if (n == 2 && memcmp(path, "..", 2) == 0 && plain) {
            while (len > 0 && out[--len] != '/') continue;
        } else if (n > 0 && !(n == 1 && path[0] == '.')) {
            if (len + n + 2 > PLACE_BYTES) return false;
            out[len++] = '/';
            memcpy(out + len, path, n);
            len += n;
            plain = false;
        }
        out[len] = '\0';
        path += n + (path[n] == '/');
    }
    if (len == 0) memcpy(out, "/", 2);
    return true;
}

/* An absolute path, from `here`. False: too long. */
static bool relative(const char *here, const char *path, char *out)
{
    size_t same = 0, len = 0;
    for (size_t i = 0;; i++) {
        bool ends = (here[i] == '\0' || here[i] == '/') && (path[i] == '\0' || path[i] == '/');
        if (ends && i > 0) same = i;
        if (here[i] != path[i] || here[i] == '\0') break;
    }
    for (const char *p = here + same; *p; p++) {
        if (*p != '/' || p[1] == '\0') continue;
        if (len + 4 > PLACE_BYTES) return false;
        memcpy(out + len, "../", 3);
        len += 3;
    }
    const char *rest = path + same + (path[same] == '/');
    if (len + strlen(rest) + 1 > PLACE_BYTES) return false;
    memcpy(out + len, rest, strlen(rest) + 1);
    return true;
}

/* The directory that the index lies in. */
static void find_neighbour(const char *index, bool looked_for, char *out)
{
    char *real = looked_for ? strdup(index) : realpath(index, NULL);
    char *slash = real ? strrchr(real, '/') : NULL;
    if (slash && slash - real + 1 < (long)PLACE_BYTES) {
        slash[slash == real] = '\0';
        memcpy(out, real, strlen(real) + 1);
    }
    free(real);
}

void find_bases(struct session *s)
{
    if (!s->here[0] && !getcwd(s->here, sizeof s->here)) s->here[0] = '\0';
    find_neighbour(s->index_path, s->index_path == s->found, s->bases[1]);
}

static bool is_there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

frai_slice path_from_here(struct session *s, frai_slice stored)
{
    static char path[PLACE_BYTES], whole[PLACE_BYTES], near[PLACE_BYTES];
    if (stored.len == 0 || stored.len >= PLACE_BYTES || stored.ptr[0] == '/' || !s->here[0] ||
        memchr(stored.ptr, '\0', stored.len))
        return stored;
    memcpy(path, stored.ptr, stored.len);
    path[stored.len] = '\0';
    for (int i = 0; i < 2; i++) {
        if (!s->bases[i][0]) continue;
        bool stands_there = strcmp(s->bases[i], s->here) == 0;
        if (stands_there && (i == 0 || is_there(path))) return stored;
        if (stands_there || !join(s->bases[i], path, whole) || !is_there(whole)) continue;
        bool fits = relative(s->here, whole, near) && near[0];
        return frai_slice_of(fits && strlen(near) <= strlen(whole) ? near : whole);
    }
    return stored;
}

bool path_as_stored(struct session *s, const char *typed, int choice, frai_slice *path)
{
    static char whole[PLACE_BYTES], dotted[PLACE_BYTES + 2];
    *path = frai_slice_of(typed);
    if (choice == 0) return true;
    if (!join(typed[0] == '/' ? "" : s->here, typed, whole)) return false;
    *path = frai_slice_of(whole);
    if (choice == 1) return true;
    const char *base = s->bases[(choice - 2) / 2];
    if (choice >= 6) return false;
    *path = frai_slice_of(typed);
    if (!base[0] || !relative(base, whole, dotted + 2)) return true;
    memcpy(dotted, "./", 2);
    *path = frai_slice_of(choice % 2 ? dotted : dotted + 2);
    return true;
}
