/* file_tree.h: roots → the files below them. Trees of any depth; links lead nowhere twice. */
#ifndef FRAI_TOOLS_FILE_TREE_H
#define FRAI_TOOLS_FILE_TREE_H

#include <fcntl.h>

#include "places.h"
#include "sources.h"

#ifndef O_PATH /* of Linux: what can't be read can be looked at */
#define O_PATH (O_RDONLY | O_NONBLOCK)
#endif

/* A path that could not be looked at. */
struct unseen {
    char *path;
    int error;
};

struct file_link; /* met on the way, followed when all else is known */

struct tree {
    struct sources *to;
    bool follows; /* links to folders */
    bool failed;  /* out of memory */
    bool has_index;
    dev_t index_device; /* the index that is written, which is no source */
    ino_t index_inode;
    struct unseen *unseen;
    size_t unseen_count;
    unsigned long long specials, dangling, folder_links, twice, indexes;
    /* the walk's own */
    struct file_link *links;
    size_t link_count;
    void *folders; /* by device and inode; of search.h */
    struct places canons, unseen_places;
};

/* Roots are all in t->to before the first is listed: each file belongs to the innermost. */

/* Adds the files of a root, or of what `part` of it names ("": all of it). 0, or the errno
 * of the root or part itself. */
int tree_list(struct tree *t, unsigned root, const char *part);

/* After all roots: adds what links lead to, if nothing else led there. */
void tree_follow_links(struct tree *t);

/* After that. Is this path, or a folder above it, one that could not be looked at? */
const struct unseen *tree_unseen(const struct tree *t, const char *path);

void tree_free(struct tree *t);

/* Opens a listed file for reading, whatever became of it; -1 with errno: it is not there, or (then
 * EINVAL) is no regular file any more. Not for standard input. */
int tree_open(const struct sources *s, struct source *source);

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK)

/* open(2) of dir/path, however long. */
int tree_open_below(const char *dir, const char *path, int flags);

/* What a document's path has below its root. */
const char *below_root(const struct root *r, const char *path);

/* After reading and before closing: a file that changed meanwhile is read again the next time. */
void tree_read(const struct sources *s, int fd, struct source *source);

#endif
