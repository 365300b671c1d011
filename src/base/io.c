/* The table of system calls, and what is built of it: whole reads and writes, files written and
 * synced, maps, locks that forked children don't inherit. */
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#define CREATE_ATTEMPTS 3

static int system_open(const char *path, int flags, mode_t mode)
{
    return open(path, flags | O_CLOEXEC, mode);
}

static void *system_map(size_t len, int fd)
{
    void *p = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
    return p == MAP_FAILED ? NULL : p;
}

static int system_list(const char *dir, void (*visit)(void *, const char *), void *ctx)
{
    DIR *d = opendir(dir);
    if (!d) return -1;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(d);
        if (!entry) break;
        visit(ctx, entry->d_name);
    }
    int saved = errno;
    closedir(d);
    errno = saved;
    return saved ? -1 : 0;
}

/* Where it is missing (macOS) a full disk is found when it is full. */
static int system_fallocate(int fd, off_t at, off_t len)
{
#if defined(_POSIX_ADVISORY_INFO) && _POSIX_ADVISORY_INFO > 0
    return posix_fallocate(fd, at, len);
#else
    (void)fd;
    (void)at;
    (void)len;
    return EOPNOTSUPP;
#endif
}

/* On macOS fsync leaves bytes in the drive's own memory. */
static int system_fsync(int fd)
{
#ifdef F_FULLFSYNC
    if (fcntl(fd, F_FULLFSYNC) == 0) return 0; /* not every file system can */
#endif
    return fsync(fd);
}

static int system_forget(void *map, size_t len)
{
    return madvise(map, len, MADV_DONTNEED);
}

#if defined(MADV_DONTFORK) && defined(F_OFD_SETLK)
static void *map_for_parent(int fd)
{
    void *map = system_map(1, fd);
    if (!map || madvise(map, 1, MADV_DONTFORK) == 0) return map;
    munmap(map, 1);
    return NULL;
}

/* Does a mapping keep locks when its fd is closed? Some file systems map another file than the one
 * that was opened (overlayfs). Tried with a byte that nobody else locks. */
static bool maps_keep_locks(const char *path, int fd)
{
    struct flock byte = {.l_whence = SEEK_SET, .l_start = (1ll << 40) + getpid(), .l_len = 1};
    int other = system_open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0);
    if (other < 0) return false;
    byte.l_type = F_WRLCK;
    bool locked = fcntl(other, F_OFD_SETLK, &byte) == 0;
    void *map = map_for_parent(other);
    close(other);
    byte.l_type = F_WRLCK;
    byte.l_pid = 0;
    bool kept = locked && map && fcntl(fd, F_OFD_GETLK, &byte) == 0 && byte.l_type != F_UNLCK;
    if (map) munmap(map, 1);
    return kept;
}

static void *system_hold(const char *path, int fd)
{
    void *map = maps_keep_locks(path, fd) ? map_for_parent(fd) : NULL;
    if (map) close(fd);
    return map;
}
#else
static void *system_hold(const char *path, int fd)
{
    (void)path;
    (void)fd;
    return NULL;
}
#endif

const struct fr_io fr_io_system = {
    .open = system_open,
    .close = close,
    .pread = pread,
    .write = write,
    .fsync = system_fsync,
    .fstat = fstat,
    .ftruncate = ftruncate,
    .fallocate = system_fallocate,
    .flock = flock,
    .hold = system_hold,
    .rename = rename,
    .unlink = unlink,
    .mkdir = mkdir,
    .rmdir = rmdir,
    .map = system_map,
    .forget = system_forget,
    .unmap = munmap,
    .list = system_list,
};

static const struct fr_io *current = &fr_io_system;

const struct fr_io *fr_io_current(void)
{
    return current;
}

void fr_io_install(const struct fr_io *io)
{
    current = io ? io : &fr_io_system;
}

frai_status fr_io_read_at(int fd, void *buf, size_t len, uint64_t at, const char *what,
                          frai_error *err)
{
    uint8_t *to = buf;
    while (len > 0) {
        ssize_t n = current->pread(fd, to, len, (off_t)at);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fr_fail_os(err, errno, "%s: cannot read", what);
        if (n == 0) return fr_fail(err, FRAI_ERR_CORRUPT, "%s: file is shorter than it says", what);
        to += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return FRAI_OK;
}

frai_status fr_io_write_all(int fd, const void *buf, size_t len, const char *what, frai_error *err)
{
    const uint8_t *from = buf;
    while (len > 0) {
        ssize_t n = current->write(fd, from, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fr_fail_os(err, errno, "%s: cannot write", what);
        if (n == 0) return fr_fail_os(err, ENOSPC, "%s: cannot write", what);
        from += n;
        len -= (size_t)n;
    }
    return FRAI_OK;
}

static frai_status no_file(const char *path, frai_error *err)
{
    return fr_fail(err, FRAI_ERR_CORRUPT, "%s: not a regular file, so none of an index", path);
}

static frai_status open_any(const char *path, int flags, int *fd, frai_error *err)
{
    do {
        *fd = current->open(path, flags, 0666);
    } while (*fd < 0 && errno == EINTR);
    if (*fd >= 0) return FRAI_OK;
    if (errno == ENOENT) return fr_fail(err, FRAI_ERR_NOT_FOUND, "%s: not found", path);
    if (errno == EEXIST) return fr_fail(err, FRAI_ERR_EXISTS, "%s: is there already", path);
    if (errno == ELOOP || errno == ENXIO || errno == EISDIR) return no_file(path, err);
    return fr_fail_os(err, errno, "%s: cannot open", path);
}

frai_status fr_io_open_file(const char *path, int flags, int *fd, struct stat *st, frai_error *err)
{
    struct stat own;
    if (!st) st = &own;
    FR_TRY(open_any(path, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, fd, err));
    frai_status status = FRAI_OK;
    if (current->fstat(*fd, st) < 0)
        status = fr_fail_os(err, errno, "%s: cannot read its size", path);
    else if (!S_ISREG(st->st_mode))
        status = no_file(path, err);
    if (status == FRAI_OK) return FRAI_OK;
    current->close(*fd);
    *fd = -1;
    return status;
}

frai_status fr_io_create(const char *path, int flags, int *fd, frai_error *err)
{
    return open_any(path, flags | O_CREAT | O_EXCL | O_NOFOLLOW, fd, err);
}

frai_status fr_io_create_anew(const char *path, int flags, int *fd, frai_error *err)
{
    frai_status status = FRAI_ERR_EXISTS;
    for (int attempt = 0; status == FRAI_ERR_EXISTS && attempt < CREATE_ATTEMPTS; attempt++) {
        status = fr_io_create(path, flags, fd, err);
        if (status == FRAI_ERR_EXISTS && current->unlink(path) < 0 && errno != ENOENT)
            return fr_fail_os(err, errno, "%s: is there already and cannot be removed", path);
    }
    return status;
}

frai_status fr_io_sync(int fd, const char *what, frai_error *err)
{
    int rc;
    do {
        rc = current->fsync(fd);
    } while (rc < 0 && errno == EINTR);
    return rc < 0 ? fr_fail_os(err, errno, "%s: cannot flush to disk", what) : FRAI_OK;
}

frai_status fr_io_sync_dir(const char *dir, frai_error *err)
{
    int fd;
    FR_TRY(open_any(dir, O_RDONLY | O_DIRECTORY, &fd, err));
    frai_status status = fr_io_sync(fd, dir, err);
    current->close(fd);
    return status;
}

frai_status fr_io_write_file(const char *path, const struct fr_buf *bytes, frai_error *err)
{
    int fd;
    FR_TRY(fr_io_create_anew(path, O_WRONLY, &fd, err));
    frai_status status = fr_io_write_all(fd, bytes->data, bytes->len, path, err);
    if (status == FRAI_OK) status = fr_io_sync(fd, path, err);
    if (current->close(fd) < 0 && status == FRAI_OK)
        status = fr_fail_os(err, errno, "%s: cannot close", path);
    if (status != FRAI_OK) current->unlink(path);
    return status;
}

/* For reading; *bytes gets its size. */
static frai_status open_sized(const char *path, int *fd, uint64_t *bytes, frai_error *err)
{
    struct stat st;
    FR_TRY(fr_io_open_file(path, O_RDONLY, fd, &st, err));
    *bytes = (uint64_t)st.st_size;
    return FRAI_OK;
}

frai_status fr_io_slurp(const char *path, size_t limit, struct fr_buf *buf, frai_error *err)
{
    int fd;
    uint64_t bytes;
    frai_status status;
    FR_TRY(open_sized(path, &fd, &bytes, err));
    if (bytes > limit)
        status = fr_fail(err, FRAI_ERR_CORRUPT, "%s: larger than %zu bytes", path, limit);
    else if (!fr_buf_room(buf, (size_t)bytes + 1))
        status = fr_fail(err, FRAI_ERR_MEMORY, "%s: out of memory", path);
    else
        status = fr_io_read_at(fd, buf->data + buf->len, (size_t)bytes, 0, path, err);
    if (status == FRAI_OK) buf->len += (size_t)bytes;
    current->close(fd);
    return status;
}

frai_status fr_map_open(struct fr_map *map, const char *path, frai_error *err)
{
    *map = (struct fr_map){0};
    int fd;
    uint64_t bytes;
    frai_status status = FRAI_OK;
    FR_TRY(open_sized(path, &fd, &bytes, err));
    if (bytes == 0)
        status = fr_fail(err, FRAI_ERR_CORRUPT, "%s: empty", path);
    else if (!(map->data = current->map((size_t)bytes, fd)))
        status = fr_fail_os(err, errno, "%s: cannot map", path);
    else
        map->len = (size_t)bytes;
    current->close(fd);
    return status;
}

void fr_map_close(struct fr_map *map)
{
    if (map->data) current->unmap((void *)(uintptr_t)map->data, map->len);
    *map = (struct fr_map){0};
}

void fr_map_drop_pages(const struct fr_map *map)
{
    if (map->data) current->forget((void *)(uintptr_t)map->data, map->len);
}

bool fr_path_join(char *out, size_t size, const char *dir, const char *name)
{
    int n = snprintf(out, size, "%s/%s", dir, name);
    return n > 0 && (size_t)n < size;
}
