/* Opening what was listed, which may have changed since: what is no regular file any more is told.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_tree.h"
#include "input.h"
#include "messages.h"

int tree_open_below(const char *dir, const char *path, int flags)
{
    size_t n = strlen(dir), m = strlen(path);
    if (n + m + 2 < PATH_MAX) {
        char *whole = path[0] ? joined_path(dir[0] ? dir : "/", path) : strdup(dir);
        int fd = whole ? open(whole, flags) : -1;
        free(whole);
        return fd;
    }
    char *whole = path[0] ? joined_path(dir, path) : strdup(dir), *at = whole;
    int fd = whole ? open(*at == '/' ? "/" : ".", FOLDER_FLAGS) : -1;
    if (whole) at += strspn(at, "/");
    while (fd >= 0) {
        size_t left = strlen(at), cut = left;
        if (cut >= PATH_MAX)
            for (cut = PATH_MAX - 1; cut > 0 && at[cut] != '/';) cut--;
        at[cut] = '\0';
        int next = openat(fd, at, cut == left ? flags : FOLDER_FLAGS);
        int error = errno;
        close(fd);
        errno = error;
        fd = next;
        if (cut == left) break;
        at += cut + 1;
    }
    free(whole);
    return fd;
}

const char *below_root(const struct root *r, const char *path)
{
    const char *rest = path + strlen(r->name);
    return rest + strspn(rest, "/");
}

int tree_open(const struct sources *s, struct source *source)
{
    const struct root *r = &s->roots[source->root];
    struct stat st;
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (source->stream ? 0 : O_NONBLOCK);
    int fd = tree_open_below(r->at, below_root(r, source->path), flags);
    if (fd < 0 || source->stream) return fd;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
#ifdef SYNC_FILE_RANGE_WRITE
    /* Pages that another program has written through a map are clean from here on: writing to them
     * again changes the file's times. */
    sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    fstat(fd, &st);
#endif
    bool young = source_is_young(&st, fd);
    if (young && fstat(fd, &st) == 0) young = source_is_young(&st, fd);
    source_stat(source, &st, r->device);
    if (young) source->size = -1;
    return fd;
}

void tree_read(const struct sources *s, int fd, struct source *source)
{
    struct stat st;
    struct source now = {0};
    if (source->stream || fstat(fd, &st) != 0) return;
    source_stat(&now, &st, s->roots[source->root].device);
    if (!source_is_same(source, &now)) source->size = -1;
}

bool input_read(struct input *in, struct source *source)
{
    in->source = source;
    if (strcmp(source->path, "-") == 0) return input_read_file(in, stdin, "-");
    int fd = tree_open(in->sources, source);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "rb");
    if (!file) {
        int error = errno;
        if (fd >= 0) close(fd);
        errno = error;
        if (source->named) return false;
        skip_at(in, source->path, 0, 0, SKIP_READ, errno == EINVAL ? "" : os_says(errno));
        return true;
    }
    bool done = input_read_file(in, file, source->path);
    tree_read(in->sources, fd, source);
    fclose(file);
    return done;
}
