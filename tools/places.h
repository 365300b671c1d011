/* places.h: a sorted set of paths, each with a number, that is asked what is above or below one. */
#ifndef FRAI_TOOLS_PLACES_H
#define FRAI_TOOLS_PLACES_H

#include <stdbool.h>
#include <stddef.h>

struct place {
    const char *path;
    size_t number;
};

struct places {
    struct place *list;
    size_t count;
};

/* Room for `count`; false: out of memory. */
bool places_init(struct places *p, size_t count);
void places_free(struct places *p);

/* The path is not copied. All are added, then sorted, then looked for. */
void places_add(struct places *p, const char *path, size_t number);
void places_sort(struct places *p);

/* Of several of the same path, the one added with the lowest number; NULL: there is none. */
const struct place *places_find(const struct places *p, const char *path);

/* The nearest one above the path, but not the path itself. */
const struct place *places_above(const struct places *p, const char *path);

/* Those below the path, and the path itself: from the one returned on, *count of them. */
const struct place *places_below(const struct places *p, const char *path, size_t *count);

#endif
