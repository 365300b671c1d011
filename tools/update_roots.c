/* What a command line names, held against the roots that are known. */
#include "update.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct given {
    const char *path;
    char *canon, *name;
    int before; /* the root of before that it names, or -1 */
    int in;     /* ... that it is a part of, or -1 */
    bool inner; /* what another one names has it too */
    bool stream, renamed;
};

struct command {
    struct given *list;
    size_t count;
    struct places canons; /* of the list, without streams */
};

static bool is_stream(const char *path)
{
    struct stat st;
    if (strcmp(path, "-") == 0) return true;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static bool read_given(struct given *g, const char *path)
{
    *g = (struct given){.path = path, .before = -1, .in = -1, .stream = is_stream(path)};
    g->canon = g->stream ? strdup(path) : canonical_path(path);
    g->name = strdup(path);
    if (!g->canon || !g->name) return false;
    for (size_t n = strlen(g->name); n > 1 && g->name[n - 1] == '/';) g->name[--n] = '\0';
    return true;
}

/* Canonical places of roots, a stream's being its name. */
static bool list_roots(const struct sources *s, struct places *p)
{
    if (!places_init(p, s->root_count)) return false;
    for (unsigned i = 0; i < s->root_count; i++) places_add(p, s->roots[i].canon, i);
    places_sort(p);
    return true;
}

/* What is hidden below a root is not the root's. */
static const struct place *above(const struct places *p, const char *canon)
{
    const struct place *found = places_above(p, canon);
    const char *below = found ? path_below(canon, found->path) : NULL;
    return below && below[0] != '.' && !strstr(below, "/.") ? found : NULL;
}

/* A part of a root that was known is called as its documents were. */
static bool name_part(const struct update *u, struct given *g, const struct places *roots)
{
    const struct place *in = above(roots, g->canon);
    if (!in || u->before.roots[in->number].stream) return true;
    g->in = (int)in->number;
    free(g->name);
    g->name = joined_path(u->before.roots[in->number].name, path_below(g->canon, in->path));
    return g->name != NULL;
}

static bool read_command(struct update *u, struct command *c, char **paths, size_t count)
{
    struct places roots = {NULL, 0};
    *c = (struct command){calloc(count + 1, sizeof *c->list), 0, {NULL, 0}};
    bool ok = c->list && places_init(&c->canons, count) && list_roots(&u->before, &roots);
    for (size_t i = 0; ok && i < count; i++, c->count++) {
        struct given *g = &c->list[i];
        ok = read_given(g, paths[i]);
        const struct place *root = ok ? places_find(&roots, g->canon) : NULL;
        if (root && u->before.roots[root->number].stream == g->stream)
            g->before = (int)root->number;
        if (ok && !g->stream) places_add(&c->canons, g->canon, i);
        if (ok && !g->stream && g->before < 0) ok = name_part(u, g, &roots);
    }
    places_free(&roots);
    places_sort(&c->canons);
    for (size_t i = 0; ok && i < count; i++) {
        struct given *g = &c->list[i];
        if (g->stream)
            for (size_t k = 0; k < i; k++) g->inner |= strcmp(g->canon, c->list[k].canon) == 0;
        else
            g->inner = places_find(&c->canons, g->canon)->number != i ||
                       (g->before < 0 && above(&c->canons, g->canon));
    }
    return ok;
}

static bool add_scope(struct update *u, unsigned root, const char *part, const char *path)
{
    if ((u->scope_count & (u->scope_count + 1)) == 0) {
        struct scope *grown = realloc(u->scopes, (2 * u->scope_count + 1) * sizeof *grown);
        if (!grown) return false;
        u->scopes = grown;
    }
    const char *name = u->now.roots[root].name;
    struct scope s = {.root = root, .part = strdup(part), .path = path};
    s.place = part[0] ? joined_path(name, part) : strdup(name);
    u->scopes[u->scope_count++] = s;
    return s.part && s.place;
}

/* Takes a root of before over, if it stays, and says whether it is looked at. */
static bool keep_root(struct update *u, unsigned old, const struct command *c, const char *path)
{
    const struct root *r = &u->before.roots[old];
    bool all = c->count == 0 && !r->stream,
         around = !r->stream && above(&c->canons, r->canon) != NULL;
    u->becomes[old] = -1;
    if (!path && c->count && !u->adds && (!around || u->o->replace)) return true;
    int root = sources_copy_root(&u->now, r);
    if (root < 0) return false;
    u->becomes[old] = root;
    if (path) u->now.roots[root].at = path;
    return !(path || all || around) || add_scope(u, (unsigned)root, "", path);
}

static bool keep_roots(struct update *u, const struct command *c)
{
    const char **paths = calloc(u->before.root_count + 1, sizeof *paths);
    u->becomes = calloc(u->before.root_count + 1, sizeof *u->becomes);
    bool ok = paths && u->becomes;
    for (size_t i = 0; ok && i < c->count; i++)
        if (c->list[i].before >= 0) paths[c->list[i].before] = c->list[i].path;
    for (unsigned i = 0; ok && i < u->before.root_count; i++) ok = keep_root(u, i, c, paths[i]);
    free(paths);
    return ok;
}

/* Does `in`, below `out` by name, lie there? */
static bool fits(const char *in, const char *in_place, const char *out, const char *out_place)
{
    const char *below = path_below(in, out), *there = path_below(in_place, out_place);
    return below && there && strcmp(below, there) == 0;
}

/* Roots whose documents' paths would meet though the places are others are called by their
 * canonical place. */
static bool name_roots(struct update *u, struct command *c)
{
    struct places names;
    if (!places_init(&names, c->count + u->now.root_count)) return false;
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].before < 0 && !c->list[i].inner && !c->list[i].stream)
            places_add(&names, c->list[i].name, i);
    for (unsigned i = 0; i < u->now.root_count; i++)
        if (!u->now.roots[i].stream) places_add(&names, u->now.roots[i].name, c->count + i);
    places_sort(&names);
    for (size_t i = 0; i < c->count; i++) {
        struct given *g = &c->list[i];
        bool meets = false;
        size_t count;
        if (g->before >= 0 || g->inner || g->stream) continue;
        const struct place *around = places_above(&names, g->name),
                           *in = places_below(&names, g->name, &count);
#define CANON(n) ((n) < c->count ? c->list[n].canon : u->now.roots[(n)-c->count].canon)
        if (around) meets = !fits(g->name, g->canon, around->path, CANON(around->number));
        for (size_t k = 0; k < count && !meets; k++)
            meets = !fits(in[k].path, CANON(in[k].number), g->name, g->canon);
#undef CANON
        if (!meets) continue;
        g->renamed = true;
    }
    places_free(&names);
    return true;
}

/* What was a part of a root goes on being called so. */
static bool add_new_root(struct update *u, const struct given *g)
{
    const struct root *in = g->in < 0 ? NULL : &u->before.roots[g->in];
    int root = sources_add_root(&u->now, g->renamed ? g->canon : g->name, in ? in->directory : NULL,
                                g->stream);
    if (root < 0) return false;
    u->now.roots[root].at = g->path;
    if (!add_scope(u, (unsigned)root, "", g->path)) return false;
    u->scopes[u->scope_count - 1].fresh = true;
    return true;
}

/* New roots, and parts of roots that stay, which are looked at without the rest. */
static bool add_roots(struct update *u, struct command *c)
{
    struct places roots = {NULL, 0};
    bool ok = name_roots(u, c) && (!u->adds || list_roots(&u->now, &roots));
    for (size_t i = 0; ok && i < c->count; i++) {
        const struct given *g = &c->list[i];
        if (g->before >= 0 || g->inner) continue;
        const struct place *in = g->stream ? NULL : above(&roots, g->canon);
        ok = in ? add_scope(u, (unsigned)in->number, path_below(g->canon, in->path), g->path)
                : add_new_root(u, g);
    }
    places_free(&roots);
    return ok;
}

static int check_paths(const struct command *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct given *g = &c->list[i];
        if (g->before < 0 && !g->stream && access(g->path, F_OK) != 0)
            return complain_path(g->path, errno);
    }
    return EXIT_DONE;
}

int update_roots(struct update *u, char **paths, int count)
{
    struct command c;
    bool ok = read_command(u, &c, paths, (size_t)count);
    int rc = ok ? check_paths(&c) : EXIT_DONE;
    if (ok && rc == EXIT_DONE) ok = keep_roots(u, &c) && add_roots(u, &c);
    for (size_t i = 0; c.list && i < (size_t)count; i++) {
        free(c.list[i].canon);
        free(c.list[i].name);
    }
    free(c.list);
    places_free(&c.canons);
    if (ok && rc == EXIT_DONE) {
        ok = places_init(&u->places, u->scope_count);
        for (size_t i = 0; ok && i < u->scope_count; i++)
            places_add(&u->places, u->scopes[i].place, i);
        places_sort(&u->places);
    }
    return ok ? rc : update_no_memory();
}
