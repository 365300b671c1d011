/* A lock file, held by flock and by a mapping that forked children don't get. */
#include "index/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define PID_BYTES 24 /* of the text, at the most */

/* What the file says, if it is the number of a process and nothing else; else "". */
static void read_pid(int fd, char pid[PID_BYTES])
{
    char text[PID_BYTES];
    ssize_t n = fr_io_current()->pread(fd, text, sizeof text, 0);
    size_t digits = 0;
    while (n > 0 && digits < (size_t)n && text[digits] >= '0' && text[digits] <= '9') digits++;
    bool is_one = n > 0 && n < PID_BYTES && (size_t)n == digits + 1 && text[digits] == '\n';
    if (is_one) memcpy(pid, text, digits);
    pid[is_one ? digits : 0] = '\0';
}

static frai_status lock_file(const char *dir, const char *path, int fd, frai_error *err)
{
    char pid[PID_BYTES];
    int rc;
    do {
        rc = fr_io_current()->flock(fd, LOCK_EX | LOCK_NB);
    } while (rc < 0 && errno == EINTR);
    if (rc == 0) return FRAI_OK;
    if (errno != EWOULDBLOCK) return fr_fail_os(err, errno, "%s: cannot lock", path);
    read_pid(fd, pid);
    return fr_fail(err, FRAI_ERR_LOCKED, "%s: another process (%s) is writing this index", dir,
                   pid[0] ? pid : "?");
}

/* For those who find it locked; only into a file of ours: with other names, or other bytes in it,
 * it may be somebody's. Where the disk is full, it stays unwritten. */
static void write_pid(int fd, const struct stat *st)
{
    char pid[PID_BYTES];
    read_pid(fd, pid);
    if (st->st_nlink > 1 || (st->st_size > 0 && !pid[0])) return;
    snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (fr_io_current()->ftruncate(fd, 0) == 0)
        fr_io_write_all(fd, pid, strlen(pid), FR_LOCK_NAME, NULL);
}

/* Is the file that was locked the one of that name? Whoever had the lock before may have removed
 * it. */
static frai_status is_there_still(const char *path, const struct stat *st, bool *is,
                                  frai_error *err)
{
    struct stat now;
    int fd;
    frai_status status = fr_io_open_file(path, O_RDONLY, &fd, &now, err);
    *is = status == FRAI_OK && now.st_dev == st->st_dev && now.st_ino == st->st_ino;
    if (status == FRAI_OK) fr_io_current()->close(fd);
    return status == FRAI_ERR_NOT_FOUND ? FRAI_OK : status;
}

static frai_status take_once(const char *dir, const char *path, struct fr_lock *lock, bool *taken,
                             frai_error *err)
{
    struct stat st;
    frai_status status = fr_io_open_file(path, O_RDWR | O_CREAT, &lock->fd, &st, err);
    if (status == FRAI_ERR_CORRUPT)
        return fr_fail(err, FRAI_ERR_IO, "%s: not a regular file; remove it", path);
    if (status != FRAI_OK) return status;
    status = lock_file(dir, path, lock->fd, err);
    if (status == FRAI_OK) status = is_there_still(path, &st, taken, err);
    if (status == FRAI_OK && *taken) write_pid(lock->fd, &st);
    if (status == FRAI_OK && *taken) return FRAI_OK;
    fr_io_current()->close(lock->fd);
    lock->fd = -1;
    return status;
}

#define ATTEMPTS 100 /* at a file that others make and remove */

frai_status fr_lock_take(const char *dir, struct fr_lock *lock, frai_error *err)
{
    char path[FR_PATH_MAX];
    bool taken = false;
    *lock = (struct fr_lock){NULL, -1};
    if (!fr_path_join(path, sizeof path, dir, FR_LOCK_NAME))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "path too long");
    for (int i = 0; i < ATTEMPTS && !taken; i++) FR_TRY(take_once(dir, path, lock, &taken, err));
    if (!taken)
        return fr_fail(err, FRAI_ERR_LOCKED, "%s: other processes make and remove it", path);
    lock->map = fr_io_current()->hold(path, lock->fd);
    if (lock->map) lock->fd = -1;
    return FRAI_OK;
}

void fr_lock_drop(struct fr_lock *lock)
{
    if (lock->map) fr_io_current()->unmap(lock->map, 1);
    if (lock->fd >= 0) {
        fr_io_current()->flock(lock->fd, LOCK_UN); /* children may have it open */
        fr_io_current()->close(lock->fd);
    }
    *lock = (struct fr_lock){NULL, -1};
}
