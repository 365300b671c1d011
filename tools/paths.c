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

/* "dir/path", or path if it is absolute, without "//", "/./" and "/../". False: too long. */
static bool join(const char *dir, const char *path, char *out)
{
    size_t len = 0;
    const char *parts[] = {path[0] == '/' ? "" : dir, path};
    for (int i = 0; i < 2; i++)
        for (const char *p = parts[i]; *p;) {
            size_t n = strcspn(p, "/");
            bool up = n == 2 && memcmp(p, "..", 2) == 0, stays = n == 0 || (n == 1 && p[0] == '.');
            if (len + n + 2 > PLACE_BYTES) return false;
            while (up && len > 0 && out[--len] != '/') continue;
            if (!up && !stays) {
                out[len++] = '/';
                memcpy(out + len, p, n);
                len += n;
            }
            p += n + (p[n] == '/');
        }
    if (len == 0) out[len++] = '/';
    out[len] = '\0';
    return true;
}

/* An absolute path, from `here`. False: too long, or it is `here`. */
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
    return out[0] != '\0';
}

/* Where the file of a stored path is: absolute, in `out`. False: nobody knows, or it is gone. */
static bool find_place(const struct session *s, frai_slice stored, char *out)
{
    struct stat st;
    char *place = sources_place(&s->sources, stored);
    bool there = place && join("", place, out) && lstat(out, &st) == 0;
    if (place && !there && strlen(place) < PLACE_BYTES && lstat(place, &st) == 0) {
        memcpy(out, place, strlen(place) + 1);
        there = true;
    }
    free(place);
    return there;
}

frai_slice path_from_here(struct session *s, frai_slice stored)
{
    static char path[PLACE_BYTES], place[PLACE_BYTES], near[PLACE_BYTES];
    look_around(s);
    if (stored.len == 0 || stored.len >= PLACE_BYTES || stored.ptr[0] == '/' || !s->here[0] ||
        memchr(stored.ptr, '\0', stored.len))
        return stored;
    memcpy(path, stored.ptr, stored.len);
    path[stored.len] = '\0';
    if (!find_place(s, stored, place)) return stored;
    if (join(s->here, path, near) && strcmp(near, place) == 0) return stored;
    bool fits = relative(s->here, place, near) && strlen(near) <= strlen(place);
    return frai_slice_of(fits ? near : place);
}

bool path_as_stored(struct session *s, const char *typed, unsigned choice, frai_slice *path)
{
    static char place[PLACE_BYTES], below[2 * PLACE_BYTES + 2], root[PLACE_BYTES];
    *path = frai_slice_of(typed);
    if (choice == 0) return true;
    look_around(s);
    if (choice > s->sources.root_count || !join(s->here, typed, place)) return false;
    const struct root *r = &s->sources.roots[choice - 1];
    if (r->stream || !join("", r->place, root)) return true;
    const char *rest = path_below(place, root);
    if (!rest || strlen(r->name) >= PLACE_BYTES) return true;
    bool slash = rest[0] && r->name[strlen(r->name) - 1] != '/';
    snprintf(below, sizeof below, "%s%s%s", r->name, slash ? "/" : "", rest);
    *path = frai_slice_of(below);
    return true;
}
