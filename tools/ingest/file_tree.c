/* Walks directories by descriptors, with a stack of its own; inodes that were seen are in a set. */
#include "file_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEPT_OPEN 64 /* folders above the one that is read; others are opened again */

struct file_id {
    unsigned long long device, inode;
};

struct file_link {
    char *path;
    unsigned root;
    bool folder;
};

/* A folder on the way down. */
struct frame {
    char **names;
    size_t count, next, path_len;
    int fd; /* -1: closed for the time being */
    dev_t device;
    ino_t inode;
};

struct walk {
    struct tree *t;
    unsigned root;
    bool linked; /* by a link to a folder */
    char *path;  /* of the entry that is visited */
    size_t room;
    const char *canon; /* the folder that the walk began with, without links */
    size_t begin;      /* of the part of `path` below it */
    struct frame *stack;
    size_t depth, stack_room;
};

/* ---- arrays that grow ---- */

static void *grow(struct tree *t, void *list, size_t count, size_t size)
{
    if (count & (count + 1)) return list; /* grows at 0, 1, 3, 7 … */
    void *grown = realloc(list, (2 * count + 1) * size);
    if (!grown) t->failed = true;
    return grown ? grown : list;
}

static void mark_unseen(struct tree *t, const char *path, int error)
{
    t->unseen = grow(t, t->unseen, t->unseen_count, sizeof *t->unseen);
    char *copy = t->failed ? NULL : strdup(path);
    if (!copy)
        t->failed = true;
    else
        t->unseen[t->unseen_count++] = (struct unseen){copy, error};
}

static void add_link(struct tree *t, const char *path, unsigned root, bool folder)
{
    t->links = grow(t, t->links, t->link_count, sizeof *t->links);
    char *copy = t->failed ? NULL : strdup(path);
    if (!copy)
        t->failed = true;
    else
        t->links[t->link_count++] = (struct file_link){copy, root, folder};
}

/* ---- names ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++) free(names[i]);
    free(names);
}

/* Names of a folder in byte order, so that the same tree gives the same index. 0 or an errno; what
 * was read till then is there. */
static int names_in(struct tree *t, int fd, char ***names, size_t *count)
{
    int copy = dup(fd);
    DIR *d = copy < 0 ? NULL : fdopendir(copy);
    *names = NULL;
    *count = 0;
    if (!d) {
        int error = errno;
        if (copy >= 0) close(copy);
        return error;
    }
    for (struct dirent *entry; errno = 0, !t->failed && (entry = readdir(d)) != NULL;) {
        if (entry->d_name[0] == '.') continue; /* hidden: .git, .frai */
        *names = grow(t, *names, *count, sizeof **names);
        char *copied = t->failed ? NULL : strdup(entry->d_name);
        if (copied)
            (*names)[(*count)++] = copied;
        else
            t->failed = true;
    }
    int error = t->failed ? ENOMEM : errno;
    closedir(d);
    if (*count) qsort(*names, *count, sizeof **names, by_name);
    return error;
}

/* Has the folder a manifest of an index? */
static bool is_index(int fd, char *const *names, size_t count)
{
    static const char magic[8] = "FRAIMAN\n";
    for (size_t i = 0; i < count; i++) {
        size_t digits = strncmp(names[i], "MANIFEST-", 9) == 0 ? strlen(names[i] + 9) : 0;
        if (digits < 10 || strspn(names[i] + 9, "0123456789") != digits) continue;
        char begin[sizeof magic];
        int file = openat(fd, names[i], O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        ssize_t n = file < 0 ? -1 : read(file, begin, sizeof begin);
        if (file >= 0) close(file);
        if (n == (ssize_t)sizeof begin && memcmp(begin, magic, sizeof begin) == 0) return true;
    }
    return false;
}

/* ---- what is known already ---- */

/* Roots, which are walked by themselves; where all of the only one is walked, none has to be known.
 */
static void sort_canons(struct tree *t, bool all)
{
    const struct sources *s = t->to;
    if (t->canons.list || (s->root_count < 2 && all)) return;
    t->failed |= !places_init(&t->canons, s->root_count);
    for (unsigned i = 0; !t->failed && i < s->root_count; i++)
        if (!s->roots[i].stream) places_add(&t->canons, s->roots[i].canon, i);
    places_sort(&t->canons);
}

/* Is what the walk visits a root of its own? */
static bool is_claimed(const struct walk *w)
{
    if (!w->t->canons.count) return false;
    char *canon = joined_path(w->canon, w->path + w->begin);
    bool claimed = canon && places_find(&w->t->canons, canon);
    if (!canon) w->t->failed = true;
    free(canon);
    return claimed;
}

/* Ids in a tree of search.h. */
static int by_id(const void *a, const void *b)
{
    const struct file_id *x = a, *y = b;
    if (x->inode != y->inode) return x->inode < y->inode ? -1 : 1;
    return x->device < y->device ? -1 : x->device > y->device;
}

static bool has_id(void *const *ids, const struct stat *st)
{
    struct file_id id = {st->st_dev, st->st_ino};
    return tfind(&id, ids, by_id) != NULL;
}

/* Adds it; false if it was there. */
static bool add_id(struct tree *t, void **ids, unsigned long long device, unsigned long long inode)
{
    struct file_id *id = malloc(sizeof *id);
    if (id) *id = (struct file_id){device, inode};
    void *node = id ? tsearch(id, ids, by_id) : NULL;
    if (!node) t->failed = true;
    bool added = node && *(struct file_id **)node == id;
    if (!added) free(id);
    return added;
}

/* ---- the walk ---- */

static bool add_file(struct tree *t, const char *path, unsigned root, const struct stat *st)
{
    struct source *source = sources_add(t->to, path, root);
    if (!source) {
        t->failed = true;
        return false;
    }
    source_stat(source, st, t->to->roots[root].device);
    return true;
}

static bool set_name(struct walk *w, size_t folder_len, const char *name)
{
    size_t n = strlen(name);
    if (folder_len + n + 2 > w->room) {
        size_t room = 2 * (folder_len + n + 2);
        char *grown = realloc(w->path, room);
        if (!grown) return false;
        w->path = grown;
        w->room = room;
    }
    if (folder_len && w->path[folder_len - 1] != '/') w->path[folder_len++] = '/';
    memcpy(w->path + folder_len, name, n + 1);
    return true;
}

static void close_folder(int *fd)
{
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

/* Goes down into an open folder, which it takes. */
static void enter(struct walk *w, int fd, const struct stat *st)
{
    struct tree *t = w->t;
    struct frame f = {.fd = fd, .device = st->st_dev, .inode = st->st_ino};
    f.path_len = strlen(w->path);
    bool known = t->follows && !add_id(t, &t->folders, st->st_dev, st->st_ino);
    if (known && w->linked) {
        t->twice++;
        close(fd);
        return;
    }
    int error = names_in(t, fd, &f.names, &f.count);
    if (error) mark_unseen(t, w->path, error);
    bool skips = (t->has_index && st->st_dev == t->index_device && st->st_ino == t->index_inode) ||
                 is_index(fd, f.names, f.count);
    t->indexes += skips;
    w->stack = grow(t, w->stack, w->depth, sizeof *w->stack);
    if (skips || t->failed) {
        free_names(f.names, f.count);
        close(fd);
        return;
    }
    if (w->depth > KEPT_OPEN) close_folder(&w->stack[w->depth - 1].fd);
    w->stack[w->depth++] = f;
}

static bool is_frame(int fd, const struct frame *f)
{
    struct stat st;
    return fd >= 0 && fstat(fd, &st) == 0 && st.st_dev == f->device && st.st_ino == f->inode;
}

/* Opens the folder on top of the stack again: upwards from the one below it, or, where that was
 * moved meanwhile, down from one that is open. */
static void regain(struct walk *w, int below)
{
    struct frame *top = &w->stack[w->depth - 1];
    if (top->fd >= 0) return;
    int fd = openat(below, "..", FOLDER_FLAGS);
    if (!is_frame(fd, top)) {
        close_folder(&fd);
        size_t k = w->depth - 1;
        while (w->stack[k].fd < 0) k--;
        fd = dup(w->stack[k].fd);
        for (; fd >= 0 && k + 1 < w->depth; k++) {
            int next = openat(fd, w->stack[k].names[w->stack[k].next - 1], FOLDER_FLAGS);
            close(fd);
            fd = next;
        }
        if (!is_frame(fd, top)) close_folder(&fd);
    }
    top->fd = fd;
}

static void leave(struct walk *w)
{
    struct frame *f = &w->stack[--w->depth];
    free_names(f->names, f->count);
    if (w->depth) regain(w, f->fd);
    close_folder(&f->fd);
    if (!w->depth || w->stack[w->depth - 1].fd >= 0) return;
    struct frame *top = &w->stack[w->depth - 1];
    w->path[top->path_len] = '\0';
    mark_unseen(w->t, w->path, ESTALE);
    top->next = top->count;
}

static void visit_folder(struct walk *w, int parent, const char *name)
{
    struct stat st;
    int fd = openat(parent, name, FOLDER_FLAGS | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &st) != 0) {
        mark_unseen(w->t, w->path, errno);
        close_folder(&fd);
        return;
    }
    enter(w, fd, &st);
}

static void visit_link(struct walk *w, int parent, const char *name)
{
    struct stat st;
    struct tree *t = w->t;
    if (fstatat(parent, name, &st, 0) != 0) {
        bool dangles = errno == ENOENT || errno == ELOOP || errno == ENOTDIR;
        t->dangling += dangles;
        mark_unseen(t, w->path, dangles ? 0 : errno);
    } else if (S_ISREG(st.st_mode) || (S_ISDIR(st.st_mode) && t->follows)) {
        add_link(t, w->path, w->root, S_ISDIR(st.st_mode));
    } else if (S_ISDIR(st.st_mode)) {
        t->folder_links++;
    } else {
        t->specials++;
    }
}

static void visit(struct walk *w, const struct frame *folder, const char *name)
{
    struct stat st;
    struct tree *t = w->t;
    if (!set_name(w, folder->path_len, name)) {
        t->failed = true;
        return;
    }
    if (fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        mark_unseen(t, w->path, errno);
        return;
    }
    if (is_claimed(w)) return;
    if (S_ISLNK(st.st_mode))
        visit_link(w, folder->fd, name);
    else if (S_ISDIR(st.st_mode))
        visit_folder(w, folder->fd, name);
    else if (S_ISREG(st.st_mode))
        add_file(t, w->path, w->root, &st);
    else
        t->specials++;
}

/* All files below an open folder, which it takes. */
static void walk_tree(struct tree *t, unsigned root, int fd, const char *path, const char *canon,
                      bool linked)
{
    struct walk w = {.t = t, .root = root, .linked = linked, .canon = canon};
    struct stat st;
    bool named = set_name(&w, 0, path);
    if (!named || fstat(fd, &st) != 0) {
        t->failed = !named;
        close(fd);
        free(w.path);
        return;
    }
    w.begin = strlen(path) + (path[strlen(path) - 1] != '/');
    enter(&w, fd, &st);
    while (w.depth) {
        struct frame *top = &w.stack[w.depth - 1];
        if (top->next == top->count || t->failed)
            leave(&w);
        else
            visit(&w, top, top->names[top->next++]);
    }
    free(w.stack);
    free(w.path);
}

/* ---- roots and links ---- */

/* 0, or an errno value. */
static int stat_and_close(int fd, struct stat *st)
{
    int error = fd < 0 || fstat(fd, st) != 0 ? errno : 0;
    if (fd >= 0) close(fd);
    return error;
}

int tree_list(struct tree *t, unsigned root, const char *part)
{
    struct root *r = &t->to->roots[root];
    struct stat st;
    sort_canons(t, part[0] == '\0');
    if (strcmp(r->name, "-") == 0) {
        struct source *source = sources_add(t->to, r->name, root);
        if (source) source->stream = source->named = true;
        t->failed |= !source;
        return 0;
    }
    int fd = tree_open_below(r->at, "", O_PATH | O_CLOEXEC);
    int error = stat_and_close(fd, &st);
    if (error) return error;
    r->device = st.st_dev;
    bool whole = part[0] == '\0';
    if (!whole) fd = tree_open_below(r->at, part, O_PATH | O_CLOEXEC | O_NOFOLLOW);
    if (!whole && (error = stat_and_close(fd, &st)) != 0) return error;
    char *path = whole ? strdup(r->name) : joined_path(r->name, part);
    char *canon = whole ? strdup(r->canon) : joined_path(r->canon, part);
    if (!path || !canon) {
        t->failed = true;
    } else if (S_ISDIR(st.st_mode)) {
        fd = tree_open_below(r->at, part, FOLDER_FLAGS);
        error = fd < 0 ? errno : 0;
        if (fd >= 0) walk_tree(t, root, fd, path, canon, false);
    } else if (S_ISREG(st.st_mode) || whole) {
        if (add_file(t, path, root, &st)) {
            struct source *source = &t->to->list[t->to->count - 1];
            source->named = true;
            source->stream = r->stream = !S_ISREG(st.st_mode);
        }
    } else {
        t->specials++;
    }
    free(path);
    free(canon);
    return error;
}

static void follow(struct tree *t, const struct file_link *link, void **files)
{
    struct root *r = &t->to->roots[link->root];
    const char *below = below_root(r, link->path);
    struct stat st;
    int fd = tree_open_below(r->at, below, link->folder ? FOLDER_FLAGS : O_PATH | O_CLOEXEC);
    int error = errno;
    char *at = joined_path(r->at, below), *canon = at ? canonical_path(at) : NULL;
    free(at);
    if (fd < 0 || fstat(fd, &st) != 0) {
        mark_unseen(t, link->path, error);
    } else if (!canon) {
        t->failed = true;
    } else if (places_find(&t->canons, canon) || has_id(link->folder ? &t->folders : files, &st)) {
        t->twice++;
    } else if (link->folder) {
        walk_tree(t, link->root, fd, link->path, canon, true);
        fd = -1;
    } else if (add_file(t, link->path, link->root, &st)) {
        add_id(t, files, st.st_dev, st.st_ino);
    }
    close_folder(&fd);
    free(canon);
}

void tree_follow_links(struct tree *t)
{
    void *files = NULL;
    for (size_t i = 0; i < t->link_count && !t->failed; i++)
        if (t->links[i].folder) follow(t, &t->links[i], NULL);
    bool any = false;
    for (size_t i = 0; i < t->link_count; i++) any |= !t->links[i].folder;
    for (size_t i = 0; any && i < t->to->count && !t->failed; i++)
        if (!t->to->list[i].stream)
            add_id(t, &files, t->to->list[i].at_device, t->to->list[i].at_inode);
    for (size_t i = 0; any && i < t->link_count && !t->failed; i++)
        if (!t->links[i].folder) follow(t, &t->links[i], &files);
    tdestroy(files, free);
    if (!t->failed && !places_init(&t->unseen_places, t->unseen_count)) t->failed = true;
    for (size_t i = 0; !t->failed && i < t->unseen_count; i++)
        places_add(&t->unseen_places, t->unseen[i].path, i);
    places_sort(&t->unseen_places);
}

const struct unseen *tree_unseen(const struct tree *t, const char *path)
{
    const struct place *p = places_find(&t->unseen_places, path);
    if (!p) p = places_above(&t->unseen_places, path);
    return p ? &t->unseen[p->number] : NULL;
}

void tree_free(struct tree *t)
{
    for (size_t i = 0; i < t->unseen_count; i++) free(t->unseen[i].path);
    for (size_t i = 0; i < t->link_count; i++) free(t->links[i].path);
    free(t->unseen);
    free(t->links);
    places_free(&t->canons);
    places_free(&t->unseen_places);
    tdestroy(t->folders, free);
}
