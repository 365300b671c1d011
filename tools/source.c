/* One file: its id, and whether it is as it was. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif

#include "sources.h"

/* Clocks of file systems tick that coarsely; those that keep whole seconds, by two seconds. Those
 * of other machines are not this one's clock. */
#define TICK        20000000LL
#define SECOND      1000000000LL
#define COARSE_TICK (2 * SECOND)
#define REMOTE_TICK (60 * SECOND)

static long long nanoseconds(struct timespec t)
{
    return (long long)t.tv_sec * SECOND + t.tv_nsec;
}

void source_stat(struct source *source, const struct stat *st, dev_t root_device)
{
    source->modified = nanoseconds(st->st_mtim);
    source->changed = nanoseconds(st->st_ctim);
    source->inode = (long long)st->st_ino;
    source->device = st->st_dev == root_device ? 0 : (long long)st->st_dev;
    source->size = st->st_size;
    source->at_device = st->st_dev;
    source->at_inode = st->st_ino;
}

#ifdef __linux__
/* Magic numbers of statfs(2): NFS, SMB, CIFS, SMB2, 9p, FUSE, Ceph, AFS. */
static bool is_remote(int fd)
{
    static const unsigned magics[] = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42,
                                      0x01021997, 0x65735546, 0x00C36400, 0x5346414F};
    struct statfs fs;
    if (fd < 0 || fstatfs(fd, &fs) != 0) return false;
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if ((unsigned)fs.f_type == magics[i]) return true;
    return false;
}
#else
static bool is_remote(int fd)
{
    (void)fd;
    return false;
}
#endif

static long long clock_now(void)
{
    struct timespec clock;
    clock_gettime(CLOCK_REALTIME, &clock);
    return nanoseconds(clock);
}

/* For how long it is within a tick of now; 0: it isn't. */
static long long is_near_for(long long time, long long now, long long tick)
{
    return time > now - tick && time < now + tick ? time + tick - now : 0;
}

bool source_is_young(const struct stat *st, int fd)
{
    long long now = clock_now(), modified = nanoseconds(st->st_mtim),
              changed = nanoseconds(st->st_ctim);
    if (!is_near_for(modified, now, REMOTE_TICK) && !is_near_for(changed, now, REMOTE_TICK))
        return false;
    bool remote = is_remote(fd), coarse = changed % SECOND == 0;
    long long tick = remote ? REMOTE_TICK : coarse ? COARSE_TICK : TICK;
    long long wait = is_near_for(modified, now, tick), other = is_near_for(changed, now, tick);
    if (other > wait) wait = other;
    if (wait && tick == TICK) nanosleep(&(struct timespec){0, wait}, NULL);
    return wait != 0;
}

const char *source_id(const struct source *source, char out[SOURCE_ID_MAX + 1])
{
    if (source->stream) return "";
    if (strlen(source->path) <= SOURCE_ID_MAX) return source->path;
    unsigned long long hash = 0xCBF29CE484222325u; /* FNV-1a */
    for (const char *at = source->path; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 0x100000001B3u;
    snprintf(out, SOURCE_ID_MAX + 1, "%.*s#%016llx", SOURCE_ID_MAX - 17, source->path, hash);
    return out;
}

bool source_is_same(const struct source *a, const struct source *b)
{
    return a->size >= 0 && a->size == b->size && a->modified == b->modified &&
           a->changed == b->changed && a->inode == b->inode && a->device == b->device;
}
