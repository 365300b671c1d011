#include "faults.h"

#include <errno.h>
#include <stdlib.h>

/* Counts down; true for the one that fails. */
static bool fails(long *left)
{
    if (__atomic_load_n(left, __ATOMIC_RELAXED) < 0) return false;
    return __atomic_fetch_sub(left, 1, __ATOMIC_RELAXED) == 0;
}

static void *resize(void *ctx, void *old, size_t old_bytes, size_t new_bytes)
{
    struct failing_memory *m = ctx;
    if (new_bytes == 0) {
        __atomic_sub_fetch(&m->held, (long long)old_bytes, __ATOMIC_RELAXED);
        free(old);
        return NULL;
    }
    if (m->for_good && __atomic_load_n(&m->left, __ATOMIC_RELAXED) == 0) return NULL;
    if (fails(&m->left)) return NULL;
    void *p = realloc(old, new_bytes);
    if (!p) return NULL;
    long long now = __atomic_add_fetch(
        &m->held, (long long)new_bytes - (long long)(old ? old_bytes : 0), __ATOMIC_RELAXED);
    if (now > m->most) m->most = now;
    return p;
}

frai_allocator failing_allocator(struct failing_memory *memory)
{
    return (frai_allocator){resize, memory};
}

long failing_calls_left = -1;
int failing_calls_errno;
static const struct fr_io *below;

static bool call_fails(void)
{
    if (!fails(&failing_calls_left)) return false;
    errno = failing_calls_errno;
    return true;
}

#define FAILING(type, name, params, args, failed)                                                  \
    static type failing_##name params                                                              \
    {                                                                                              \
        return call_fails() && failing_calls_errno ? failed : below->name args;                    \
    }
#define SHORT(name, params, args)                                                                  \
    static ssize_t failing_##name params                                                           \
    {                                                                                              \
        bool bad = call_fails();                                                                   \
        if (bad && failing_calls_errno) return -1;                                                 \
        if (bad && n > 1) n /= 2;                                                                  \
        return below->name args;                                                                   \
    }
FAILING(int, open, (const char *p, int f, mode_t m), (p, f, m), -1)
SHORT(pread, (int fd, void *b, size_t n, off_t at), (fd, b, n, at))
SHORT(write, (int fd, const void *b, size_t n), (fd, b, n))
FAILING(int, fsync, (int fd), (fd), -1)
FAILING(int, fstat, (int fd, struct stat *st), (fd, st), -1)
FAILING(int, ftruncate, (int fd, off_t n), (fd, n), -1)
FAILING(int, fallocate, (int fd, off_t at, off_t n), (fd, at, n), errno)
FAILING(int, flock, (int fd, int op), (fd, op), -1)
FAILING(int, rename, (const char *a, const char *b), (a, b), -1)
FAILING(int, unlink, (const char *p), (p), -1)
FAILING(int, mkdir, (const char *p, mode_t m), (p, m), -1)
FAILING(void *, map, (size_t n, int fd), (n, fd), NULL)
FAILING(int, list, (const char *d, void (*v)(void *, const char *), void *c), (d, v, c), -1)

static int failing_close(int fd)
{
    bool bad = call_fails();
    int rc = below->close(fd);
    if (!bad || !failing_calls_errno) return rc;
    errno = failing_calls_errno;
    return -1;
}

void failing_calls_install(const struct fr_io *io)
{
    static struct fr_io table;
    below = io;
    table = *io;
    table.open = failing_open;
    table.pread = failing_pread;
    table.write = failing_write;
    table.fsync = failing_fsync;
    table.fstat = failing_fstat;
    table.ftruncate = failing_ftruncate;
    table.fallocate = failing_fallocate;
    table.flock = failing_flock;
    table.rename = failing_rename;
    table.unlink = failing_unlink;
    table.mkdir = failing_mkdir;
    table.map = failing_map;
    table.list = failing_list;
    table.close = failing_close;
    fr_io_install(&table);
}
