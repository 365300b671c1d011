#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "support.h"

enum { INODES = 16384, FDS = 64, NAMES = 256, SECTOR = 512 };

struct inode {
    uint8_t *data;
    size_t len;
    uint8_t *base; /* durable when the log began */
    size_t base_len;
    bool is_directory; /* somebody's, in place of a file */
};

struct name {
    char name[64];
    int inode;
};

struct directory {
    struct name names[NAMES];
    int count;
};

enum kind { WRITE, TRUNCATE, SYNC, LINK, RENAME, UNLINK, SYNC_DIR };

struct operation {
    enum kind kind;
    int inode;
    size_t at, len;
    uint8_t *data;
    char name[64], to[64];
};

static struct inode inodes[INODES];
static int inode_count, saved_count;
static struct directory now, base, saved;
static struct operation *operations;
static size_t operation_count, operation_room;
static struct {
    int inode; /* -1: the directory; -2: not open */
    size_t at;
    bool locked;
} fds[FDS];
static bool replaying; /* nothing is written down */

static struct operation *note(enum kind kind)
{
    static struct operation nowhere;
    if (replaying) return &nowhere;
    if (operation_count == operation_room) {
        operation_room = operation_room ? operation_room * 2 : 256;
        operations = realloc(operations, operation_room * sizeof *operations);
    }
    operations[operation_count] = (struct operation){.kind = kind};
    return &operations[operation_count++];
}

static const char *name_of(const char *path)
{
    return strncmp(path, DISK_DIR "/", strlen(DISK_DIR) + 1) == 0 ? path + strlen(DISK_DIR) + 1
                                                                  : NULL;
}

static struct name *look_up(struct directory *d, const char *name)
{
    for (int i = 0; i < d->count; i++)
        if (strcmp(d->names[i].name, name) == 0) return &d->names[i];
    return NULL;
}

static void link_name(struct directory *d, const char *name, int inode)
{
    struct name *n = look_up(d, name);
    if (!n) {
        assert_true(d->count < NAMES);
        n = &d->names[d->count++];
        strcpy(n->name, name);
    }
    n->inode = inode;
}

static void unlink_name(struct directory *d, const char *name)
{
    struct name *n = look_up(d, name);
    if (n) *n = d->names[--d->count];
}

static void resize(struct inode *i, size_t len)
{
    if (len > i->len) {
        i->data = realloc(i->data, len);
        memset(i->data + i->len, 0, len - i->len);
    }
    i->len = len;
}

static void put(struct inode *i, size_t at, const uint8_t *data, size_t len)
{
    if (at + len > i->len) resize(i, at + len);
    if (len) memcpy(i->data + at, data, len);
}

static int make(const char *name)
{
    assert_true(inode_count < INODES);
    struct operation *o = note(LINK);
    o->inode = inode_count;
    strcpy(o->name, name);
    link_name(&now, name, inode_count);
    return inode_count++;
}

static bool is_directory(const char *name)
{
    const struct name *n = look_up(&now, name);
    return n && inodes[n->inode].is_directory;
}

/* ---- the table ---- */

static int disk_open(const char *path, int flags, mode_t mode)
{
    (void)mode;
    int fd = 0, inode = -1;
    while (fd < FDS && fds[fd].inode != -2) fd++;
    assert_true(fd < FDS);
    const char *name = name_of(path);
    if (name) {
        struct name *n = look_up(&now, name);
        if (!n && !(flags & O_CREAT)) {
            errno = ENOENT;
            return -1;
        }
        if (n && (flags & O_EXCL)) {
            errno = EEXIST;
            return -1;
        }
        if (!n) {
            inode = make(name);
        } else {
            inode = n->inode;
        }
        if (n && (flags & O_TRUNC)) {
            note(TRUNCATE)->inode = inode;
            resize(&inodes[inode], 0);
        }
    } else if (strcmp(path, DISK_DIR) != 0) {
        errno = ENOENT;
        return -1;
    }
    fds[fd].inode = inode;
    fds[fd].at = 0;
    fds[fd].locked = false;
    return fd;
}

static int disk_close(int fd)
{
    fds[fd].inode = -2;
    return 0;
}

static ssize_t disk_pread(int fd, void *buf, size_t len, off_t at)
{
    const struct inode *i = &inodes[fds[fd].inode];
    if ((size_t)at >= i->len) return 0;
    if (len > i->len - (size_t)at) len = i->len - (size_t)at;
    memcpy(buf, i->data + at, len);
    return (ssize_t)len;
}

static ssize_t disk_write(int fd, const void *buf, size_t len)
{
    struct operation *o = note(WRITE);
    o->inode = fds[fd].inode;
    o->at = fds[fd].at;
    o->len = len;
    if (!replaying) {
        o->data = malloc(len ? len : 1);
        memcpy(o->data, buf, len);
    }
    put(&inodes[fds[fd].inode], fds[fd].at, buf, len);
    fds[fd].at += len;
    return (ssize_t)len;
}

static int disk_fsync(int fd)
{
    if (fds[fd].inode < 0)
        note(SYNC_DIR);
    else
        note(SYNC)->inode = fds[fd].inode;
    return 0;
}

static int disk_fstat(int fd, struct stat *st)
{
    memset(st, 0, sizeof *st);
    st->st_mode = (inodes[fds[fd].inode].is_directory ? S_IFDIR : S_IFREG) | 0644;
    st->st_size = (off_t)inodes[fds[fd].inode].len;
    return 0;
}

static int disk_ftruncate(int fd, off_t len)
{
    struct operation *o = note(TRUNCATE);
    o->inode = fds[fd].inode;
    o->len = (size_t)len;
    resize(&inodes[fds[fd].inode], (size_t)len);
    return 0;
}

static int disk_fallocate(int fd, off_t at, off_t len)
{
    (void)fd;
    (void)at;
    (void)len;
    return 0;
}

static int disk_flock(int fd, int operation)
{
    for (int i = 0; i < FDS && !(operation & LOCK_UN); i++) {
        if (i == fd || fds[i].inode != fds[fd].inode || !fds[i].locked) continue;
        errno = EWOULDBLOCK;
        return -1;
    }
    fds[fd].locked = !(operation & LOCK_UN);
    return 0;
}

static void *disk_hold(const char *path, int fd)
{
    (void)path;
    (void)fd;
    return NULL;
}

static int disk_rename(const char *from, const char *to)
{
    const char *a = name_of(from), *b = name_of(to);
    struct name *n = look_up(&now, a);
    assert_non_null(n);
    if (is_directory(b)) {
        errno = EISDIR;
        return -1;
    }
    int inode = n->inode;
    struct operation *o = note(RENAME);
    strcpy(o->name, a);
    strcpy(o->to, b);
    unlink_name(&now, a);
    link_name(&now, b, inode);
    return 0;
}

static int remove_name(const char *path, bool directory)
{
    const char *name = name_of(path);
    if (!look_up(&now, name) || is_directory(name) != directory) {
        errno = !look_up(&now, name) ? ENOENT : directory ? ENOTDIR : EISDIR;
        return -1;
    }
    strcpy(note(UNLINK)->name, name);
    unlink_name(&now, name);
    return 0;
}

static int disk_unlink(const char *path)
{
    return remove_name(path, false);
}

static int disk_mkdir(const char *path, mode_t mode)
{
    const char *name = name_of(path);
    (void)mode;
    if (!name || look_up(&now, name)) {
        errno = EEXIST;
        return -1;
    }
    inodes[make(name)].is_directory = true;
    return 0;
}

static int disk_rmdir(const char *path)
{
    if (name_of(path)) return remove_name(path, true);
    errno = EBUSY;
    return -1;
}

static void *disk_map(size_t len, int fd)
{
    void *p = malloc(len);
    assert_int_equal(disk_pread(fd, p, len, 0), len);
    return p;
}

static int disk_unmap(void *map, size_t len)
{
    (void)len;
    free(map);
    return 0;
}

static int disk_list(const char *dir, void (*visit)(void *, const char *), void *ctx)
{
    (void)dir;
    struct directory copy = now; /* what is visited may be removed */
    for (int i = 0; i < copy.count; i++) visit(ctx, copy.names[i].name);
    return 0;
}

static int disk_forget(void *map, size_t len)
{
    (void)map;
    (void)len;
    return 0;
}

/* Threads of one writer use it; what is listed may be removed meanwhile. */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
#define LOCKED(type, name, params, args)                                                           \
    static type locked_##name params                                                               \
    {                                                                                              \
        pthread_mutex_lock(&lock);                                                                 \
        type result = disk_##name args;                                                            \
        pthread_mutex_unlock(&lock);                                                               \
        return result;                                                                             \
    }
LOCKED(int, open, (const char *p, int f, mode_t m), (p, f, m))
LOCKED(int, close, (int fd), (fd))
LOCKED(ssize_t, pread, (int fd, void *b, size_t n, off_t at), (fd, b, n, at))
LOCKED(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n))
LOCKED(int, fsync, (int fd), (fd))
LOCKED(int, fstat, (int fd, struct stat *st), (fd, st))
LOCKED(int, ftruncate, (int fd, off_t n), (fd, n))
LOCKED(int, rename, (const char *a, const char *b), (a, b))
LOCKED(int, unlink, (const char *p), (p))
LOCKED(int, mkdir, (const char *p, mode_t m), (p, m))
LOCKED(int, rmdir, (const char *p), (p))
LOCKED(void *, map, (size_t n, int fd), (n, fd))
LOCKED(int, list, (const char *d, void (*v)(void *, const char *), void *c), (d, v, c))

static const struct fr_io table = {
    .open = locked_open,
    .close = locked_close,
    .pread = locked_pread,
    .write = locked_write,
    .fsync = locked_fsync,
    .fstat = locked_fstat,
    .ftruncate = locked_ftruncate,
    .fallocate = disk_fallocate,
    .flock = disk_flock,
    .hold = disk_hold,
    .rename = locked_rename,
    .unlink = locked_unlink,
    .mkdir = locked_mkdir,
    .rmdir = locked_rmdir,
    .map = locked_map,
    .unmap = disk_unmap,
    .forget = disk_forget,
    .list = locked_list,
};

void disk_install(void)
{
    for (int i = 0; i < FDS; i++) fds[i].inode = -2;
    fr_io_install(&table);
}

static void forget_log(void)
{
    for (size_t i = 0; i < operation_count; i++) free(operations[i].data);
    operation_count = 0;
}

void disk_remove(void)
{
    fr_io_install(NULL);
    forget_log();
    free(operations);
    operations = NULL;
    operation_room = 0;
    for (int i = 0; i < inode_count; i++) {
        free(inodes[i].data);
        free(inodes[i].base);
        inodes[i] = (struct inode){.data = NULL};
    }
    inode_count = 0;
    now.count = base.count = 0;
}

/* Files without a name, which no operation is about any more, make room for others. */
static void drop_nameless(void)
{
    static int moved[INODES];
    int kept = 0;
    for (int i = 0; i < inode_count; i++) moved[i] = -1;
    for (int i = 0; i < now.count; i++) moved[now.names[i].inode] = 0;
    for (int i = 0; i < FDS; i++)
        if (fds[i].inode >= 0) moved[fds[i].inode] = 0;
    for (int i = 0; i < inode_count; i++) {
        struct inode was = inodes[i];
        inodes[i] = (struct inode){.data = NULL};
        if (moved[i] < 0) {
            free(was.data);
            free(was.base);
            continue;
        }
        moved[i] = kept;
        inodes[kept++] = was;
    }
    inode_count = kept;
    for (int i = 0; i < now.count; i++) now.names[i].inode = moved[now.names[i].inode];
    for (int i = 0; i < FDS; i++)
        if (fds[i].inode >= 0) fds[i].inode = moved[fds[i].inode];
}

void disk_settle(void)
{
    forget_log();
    drop_nameless();
    for (int i = 0; i < inode_count; i++) {
        struct inode *n = &inodes[i];
        n->base = realloc(n->base, n->len ? n->len : 1);
        if (n->len) memcpy(n->base, n->data, n->len);
        n->base_len = n->len;
    }
    base = saved = now;
    replaying = false;
}

size_t disk_log_length(void)
{
    return operation_count;
}

/* ---- crashes ---- */

static void apply_to_directory(struct directory *d, const struct operation *o)
{
    if (o->kind == LINK) link_name(d, o->name, o->inode);
    if (o->kind == UNLINK) unlink_name(d, o->name);
    if (o->kind != RENAME) return;
    struct name *n = look_up(d, o->name);
    int inode = n ? n->inode : -1;
    for (const struct operation *c = o; inode < 0 && c-- > operations;) /* its creation was lost */
        if (c->kind == LINK && strcmp(c->name, o->name) == 0) inode = c->inode;
    unlink_name(d, o->name);
    if (inode >= 0) link_name(d, o->to, inode);
}

/* The last of its kind in the prefix, + 1; 0: there is none. */
static size_t last_sync(size_t prefix, enum kind kind, int inode)
{
    for (size_t i = prefix; i > 0; i--)
        if (operations[i - 1].kind == kind &&
            (kind == SYNC_DIR || operations[i - 1].inode == inode))
            return i;
    return 0;
}

static void crash_file(int number, size_t prefix)
{
    struct inode *n = &inodes[number];
    size_t synced = last_sync(prefix, SYNC, number);
    unsigned style = (unsigned)rnd_below(4); /* of what was not synced: nothing, all, some, some */
    resize(n, 0);
    put(n, 0, n->base, n->base_len);
    for (size_t i = 0; i < prefix; i++) {
        const struct operation *o = &operations[i];
        if (o->inode != number || (o->kind != WRITE && o->kind != TRUNCATE)) continue;
        bool durable = i < synced;
        if (o->kind == TRUNCATE) {
            if (durable || style == 1 || (style > 1 && rnd_below(2))) resize(n, o->len);
            continue;
        }
        for (size_t at = 0; at < o->len;) {
            size_t end = (o->at + at) / SECTOR * SECTOR + SECTOR - o->at;
            if (end > o->len) end = o->len;
            if (durable || style == 1 || (style > 1 && rnd_below(2)))
                put(n, o->at + at, o->data + at, end - at);
            at = end;
        }
    }
}

/* Those that a writer in a crashed state made. */
static void drop_new_inodes(void)
{
    while (inode_count > saved_count) {
        free(inodes[--inode_count].data);
        free(inodes[inode_count].base);
        inodes[inode_count] = (struct inode){.data = NULL};
    }
}

void disk_crash(size_t prefix)
{
    if (!replaying) {
        saved = now;
        saved_count = inode_count;
    }
    drop_new_inodes();
    replaying = true;
    now = base;
    size_t synced = last_sync(prefix, SYNC_DIR, 0);
    unsigned style = (unsigned)rnd_below(4); /* nothing, all, those before one, any */
    size_t some = synced + rnd_below(prefix - synced + 1);
    for (size_t i = 0; i < prefix; i++)
        if (i < synced || style == 1 || (style == 2 && i < some) || (style == 3 && rnd_below(2)))
            apply_to_directory(&now, &operations[i]);
    for (int i = 0; i < inode_count; i++) crash_file(i, prefix);
}

void disk_recover(void)
{
    drop_new_inodes();
    for (int i = 0; i < inode_count; i++) {
        struct inode *n = &inodes[i];
        resize(n, 0);
        put(n, 0, n->base, n->base_len);
        for (size_t k = 0; k < operation_count; k++) {
            const struct operation *o = &operations[k];
            if (o->inode != i) continue;
            if (o->kind == WRITE) put(n, o->at, o->data, o->len);
            if (o->kind == TRUNCATE) resize(n, o->len);
        }
    }
    now = saved;
    replaying = false;
}
