/* sources.h: the roots and files that an index was built from, as the user data of its commit
 * keeps them, so that the next build reads only what is new or changed, and loses nothing unasked.
 */
#ifndef FRAI_TOOLS_SOURCES_H
#define FRAI_TOOLS_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "frai/admin.h"
#include "frai/writer.h"

enum source_kind {
    SOURCE_NONE = '-',  /* no document came of it */
    SOURCE_TEXT = 't',  /* one document, whose id is the path */
    SOURCE_LINES = 'j', /* documents whose path is the file's */
    SOURCE_MIXED = 'x'  /* some documents have a path of their own */
};

enum source_fate {
    SOURCE_NEW,
    SOURCE_CHANGED,
    SOURCE_SAME,
    SOURCE_KEPT,    /* could not be looked at, so that its documents stay */
    SOURCE_VANISHED /* of those before */
};

struct source {
    char *path; /* its documents' path: the root's name and what is below it */
    long long size, modified, changed, inode; /* times in nanoseconds; size -1: never the same */
    long long device;                         /* 0: the root's */
    unsigned long long documents;
    unsigned root;
    enum source_kind kind;
    enum source_fate fate;
    bool named;                             /* on the command line */
    bool stream;                            /* standard input, a pipe: read once */
    bool seen;                              /* another list has it */
    unsigned long long at_device, at_inode; /* as they are now, to know a file by */
};

/* What was named on a command line. */
struct root {
    char *name;      /* as it was first given, without slashes at its end; "": documents that came
                        from no file that is known */
    char *directory; /* absolute: where it was given, so that a relative name has a meaning */
    char *place;     /* absolute: where it is */
    char *canon;     /* ... without links; made of what there is */
    const char *at;  /* how it was given this time, or place */
    dev_t device;
    bool stream;
};

struct sources {
    struct source *list;
    size_t count, room;
    struct root *roots;
    unsigned root_count;
    char *reading; /* how files are read: another way makes other documents */
    bool exact;    /* which documents are there follows from the files */
    bool follows;  /* links to folders */
};

void sources_free(struct sources *s);

/* NULL: out of memory. */
struct source *sources_add(struct sources *s, const char *path, unsigned root);

/* Adds a root; its number, or -1: out of memory. `directory` NULL: where the program runs. */
int sources_add_root(struct sources *s, const char *name, const char *directory, bool stream);

/* The same root in another list. */
int sources_copy_root(struct sources *s, const struct root *r);

/* The list as user data, for an index in `index`. malloc'ed; NULL: out of memory. */
char *sources_write(const struct sources *s, const char *index, size_t *len);

/* False: it is no such list. The list is sorted by path. Where the folder that holds the index was
 * moved, roots below it are looked for where they are now. */
bool sources_read(struct sources *s, frai_slice data, const char *index);

/* The roots alone, of an index that is open. False: they are not known. */
bool sources_of_index(struct sources *s, const frai_index *index, const char *dir);

/* The file that documents of this path came from: an absolute path, malloc'ed. NULL: of no root. */
char *sources_place(const struct sources *s, frai_slice path);

/* Of a sorted list, the one with this path, or NULL. */
struct source *sources_find(const struct sources *sorted, const char *path);
void sources_sort(struct sources *s);

/* What the file looks like. */
void source_stat(struct source *source, const struct stat *st, dev_t root_device);

/* Was it changed so lately (by the clock of its file system) that another change might not show?
 * Where that is a matter of milliseconds, it is so no more afterwards. */
bool source_is_young(const struct stat *st, int fd);

#define SOURCE_ID_MAX 4064 /* bytes, which leaves room for a number behind */

/* The id of a file's one document: its path, or, where that is too long, its begin and a hash;
 * empty for standard input, whose documents the library numbers. */
const char *source_id(const struct source *source, char out[SOURCE_ID_MAX + 1]);

/* False also if nothing is known of one. */
bool source_is_same(const struct source *a, const struct source *b);

/* Keeps the user data through the next commit of a writer that changes documents, not files. One
 * that is damaged or gone is lost: the index has none then, and documents of unknown origin. */
frai_status sources_keep(frai_writer *b, frai_error *err);

/* The same, but the next build reads all anew: documents were lost. */
frai_status sources_doubt(frai_writer *b, const char *index, frai_error *err);

/* ---- names of places (canonical.c) ---- */

/* An absolute path without links, dots and slashes too many; what isn't there is taken as it is
 * written. malloc'ed. */
char *canonical_path(const char *path);

/* dir/name, or name if that is absolute. malloc'ed. */
char *joined_path(const char *dir, const char *name);

/* dir/name, which is absolute, as it is written, but without dots and slashes too many. malloc'ed.
 */
char *normal_path(const char *dir, const char *name);

/* What `path` has below `dir` (both canonical): "" if they are the same, NULL if it isn't below. */
const char *path_below(const char *path, const char *dir);

#endif
