/* large.h: memory for what may be as long as a document may be. Blocks above a size lie in files
 * that have no name, so that what of them was looked at can leave memory and come back. */
#ifndef FRAI_TOOLS_LARGE_H
#define FRAI_TOOLS_LARGE_H

#include <stddef.h>

/* Tests have smaller ones. */
#ifndef LARGE_BYTES
#define LARGE_BYTES (8u << 20)

/* Work on a long text goes by steps of this length, with large_rest between. */
#define LARGE_STEP (4u << 20)
#endif

/* Where the files are made; without one, or if none can be made there, blocks lie in memory. The
 * string stays. */
void large_directory(const char *path);

/* As realloc and free. */
void *large_realloc(void *block, size_t bytes);
void large_free(void *block);

/* All blocks in files leave memory. */
void large_rest(void);

/* The same, where work on a text has come a step further; *next is 0 at first. */
static inline void large_pass(size_t at, size_t *next)
{
    if (at < *next) return;
    if (*next) large_rest();
    *next = at + LARGE_STEP;
}

/* As memchr and memcpy. */
const char *large_find(const char *text, char c, size_t len);
void large_copy(char *to, const char *from, size_t len);

#endif
