/* io.h: every system call on files goes through one table, so that tests can fail, tear or reorder
 * each of them. Retries of EINTR and of short reads and writes are here, once. */
#ifndef FR_BASE_IO_H
#define FR_BASE_IO_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/memory.h"

struct fr_io {
    int (*open)(const char *path, int flags, mode_t mode);
    int (*close)(int fd);
    ssize_t (*pread)(int fd, void *buf, size_t len, off_t at);
    ssize_t (*write)(int fd, const void *buf, size_t len);
    int (*fsync)(int fd);
    int (*fstat)(int fd, struct stat *st);
    int (*ftruncate)(int fd, off_t len);
    int (*fallocate)(int fd, off_t at, off_t len); /* returns an errno value, as posix_fallocate */
    int (*flock)(int fd, int operation);
    /* Keeps what is locked through fd locked without it, by a mapping of one byte that forked
     * children don't get, and closes fd. NULL where that can't be: fd stays open. */
    void *(*hold)(const char *path, int fd);
    int (*rename)(const char *from, const char *to);
    int (*unlink)(const char *path);
    int (*mkdir)(const char *path, mode_t mode);
    int (*rmdir)(const char *path);
    void *(*map)(size_t len, int fd); /* read-only, shared; NULL on failure */
    int (*unmap)(void *map, size_t len);
    int (*forget)(void *map, size_t len); /* its pages may go; they are read again when needed */
    /* Calls visit for each name in the directory (no order); -1 on failure. */
    int (*list)(const char *dir, void (*visit)(void *ctx, const char *name), void *ctx);
};

extern const struct fr_io fr_io_system;

/* The table in use: fr_io_system unless a test has installed its own (before any thread starts). */
const struct fr_io *fr_io_current(void);
void fr_io_install(const struct fr_io *io);

/* Whole reads and writes. A short file is CORRUPT, with `what` naming the file. */
frai_status fr_io_read_at(int fd, void *buf, size_t len, uint64_t at, const char *what,
                          frai_error *err);
frai_status fr_io_write_all(int fd, const void *buf, size_t len, const char *what, frai_error *err);
frai_status fr_io_sync(int fd, const char *what, frai_error *err);
frai_status fr_io_sync_dir(const char *dir, frai_error *err);

/* Opens a regular file; st may be NULL. What others may have put in its place, a link, a pipe, a
 * device or a directory, is CORRUPT, and never waited for. NOT_FOUND if there is none. */
frai_status fr_io_open_file(const char *path, int flags, int *fd, struct stat *st, frai_error *err);

/* Makes a file where nothing has its name, EXISTS if something has; or in place of what has it. */
frai_status fr_io_create(const char *path, int flags, int *fd, frai_error *err);
frai_status fr_io_create_anew(const char *path, int flags, int *fd, frai_error *err);

/* Writes a file anew and flushes it to disk; on failure it is removed. */
frai_status fr_io_write_file(const char *path, const struct fr_buf *bytes, frai_error *err);

/* Reads a whole file of at most `limit` bytes into buf (appending). NOT_FOUND if there is none. */
frai_status fr_io_slurp(const char *path, size_t limit, struct fr_buf *buf, frai_error *err);

/* A file mapped read-only. A zero-length file is CORRUPT. */
struct fr_map {
    const uint8_t *data;
    size_t len;
};
frai_status fr_map_open(struct fr_map *map, const char *path, frai_error *err);
void fr_map_close(struct fr_map *map);

/* What was read of it no longer counts as memory of the process. */
void fr_map_drop_pages(const struct fr_map *map);

/* dir + "/" + name into out; false when it does not fit. */
bool fr_path_join(char *out, size_t size, const char *dir, const char *name);
#define FR_PATH_MAX 4096

#endif
