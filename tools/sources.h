/* sources.h: the files that an index was built from, as the note of its commit keeps them, so that
 * the next build reads only what is new or changed. */
#ifndef FRAI_TOOLS_SOURCES_H
#define FRAI_TOOLS_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "frai/common.h"

enum source_kind {
    SOURCE_NONE = '-',  /* no document came of it, or it was not read */
    SOURCE_TEXT = 't',  /* one document, whose id is the path */
    SOURCE_LINES = 'j', /* documents whose path is the file's */
    SOURCE_MIXED = 'x'  /* some documents have a path of their own */
};

struct source {
    char *path;
    long long size, modified, changed, inode; /* times in nanoseconds; size -1: never the same */
    enum source_kind kind;
    bool named; /* on the command line */
    bool seen;  /* another list has it */
    bool same;  /* ... as it is here */
};

struct sources {
    struct source *list;
    size_t count, room;
};

void sources_free(struct sources *s);

/* NULL: out of memory. */
struct source *sources_add(struct sources *s, const char *path);

/* What the file looks like before it is read. One that was changed so lately that another change
 * might not show is never the same. */
void source_stat(struct source *source, const struct stat *st);

/* The note's bytes: `options` (one line) says how files are read. malloc'ed; NULL: out of memory.
 */
char *sources_write(const struct sources *s, const char *options, size_t *len);

/* False: it is no such note, or files were read in another way. Sorted by path. */
bool sources_read(struct sources *s, frai_slice note, const char *options);

/* Of a sorted list, the one with this path, or NULL. */
struct source *sources_find(const struct sources *sorted, const char *path);

bool source_is_same(const struct source *a, const struct source *b);

#endif
