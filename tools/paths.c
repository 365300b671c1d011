/* A stored path is made absolute by its root, then relative to the current directory. */
#include "paths.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where files are and where we stand, once. */
static void look_around(struct session *s)
{
    if (s->looked_around) return;
    s->looked_around = true;
    if (!s->here[0] && !getcwd(s->here, sizeof s->here)) s->here[0] = '\0';
    sources_of_index(&s->sources, s->index, s->index_path);
}

/* An absolute path, from `here`; "" if it is `here`. malloc'ed; NULL: out of memory. */
static char *relative(const char *here, const char *path)
{
    size_t same = 0, up = 0;
    for (size_t i = 0;; i++) {
        bool ends = (here[i] == '\0' || here[i] == '/') && (path[i] == '\0' || path[i] == '/');
        if (ends && i > 0) same = i;
        if (here[i] != path[i] || here[i] == '\0') break;
    }
    for (const char *p = here + same; *p; p++) up += *p == '/' && p[1] != '\0';
    const char *rest = path + same + (path[same] == '/');
    char *out = malloc(3 * up + strlen(rest) + 1), *end = out;
    while (out && up-- > 0) end = stpcpy(end, "../");
    if (out) strcpy(end, rest);
    return out;
}

/* Where the file of a stored path is: absolute, malloc'ed. NULL: nobody knows, or it is gone. */
static char *find_place(const struct session *s, frai_slice stored)
{
    struct stat st;
    char *place = sources_place(&s->sources, stored),
         *normal = place ? normal_path("", place) : NULL;
    bool there = normal && lstat(normal, &st) == 0;
    char *out = there ? normal : place && lstat(place, &st) == 0 ? place : NULL;
    if (out != place) free(place);
    if (out != normal) free(normal);
    return out;
}

/* Until the next one. */
static frai_slice keep(struct session *s, char *path)
{
    free(s->path);
    s->path = path;
    return frai_slice_of(path);
}

frai_slice path_from_here(struct session *s, frai_slice stored)
{
    look_around(s);
    if (stored.len == 0 || stored.ptr[0] == '/' || !s->here[0] ||
        memchr(stored.ptr, '\0', stored.len))
        return stored;
    char *place = find_place(s, stored), *path = strndup(stored.ptr, stored.len);
    char *straight = place && path ? normal_path(s->here, path) : NULL;
    bool opens = straight && strcmp(straight, place) == 0;
    char *near = straight && !opens ? relative(s->here, place) : NULL;
    bool fits = near && near[0] && strlen(near) <= strlen(place);
    free(path);
    free(straight);
    if (fits) {
        free(place);
        return keep(s, near);
    }
    free(near);
    if (place && !opens) return keep(s, place);
    free(place);
    return stored;
}

/* The root's name and what of the typed path is below it. NULL: it is elsewhere. */
static char *below_root(const struct session *s, const struct root *r, const char *typed)
{
    char *place = normal_path(s->here, typed), *root = normal_path("", r->place), *out = NULL;
    const char *rest = place && root ? path_below(place, root) : NULL;
    if (rest) out = rest[0] ? joined_path(r->name, rest) : strdup(r->name);
    free(place);
    free(root);
    return out;
}

bool path_as_stored(struct session *s, const char *typed, unsigned choice, frai_slice *path)
{
    *path = frai_slice_of(typed);
    if (choice == 0) return true;
    look_around(s);
    if (choice > s->sources.root_count || !s->here[0]) return false;
    const struct root *r = &s->sources.roots[choice - 1];
    char *below = r->stream ? NULL : below_root(s, r, typed);
    if (below) *path = keep(s, below);
    return true;
}
