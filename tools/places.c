/* A sorted array and binary search; a path comes right before those below it. */
#include "places.h"

#include <stdlib.h>
#include <string.h>

bool places_init(struct places *p, size_t count)
{
    *p = (struct places){malloc((count + 1) * sizeof *p->list), 0};
    return p->list != NULL;
}

void places_free(struct places *p)
{
    free(p->list);
    *p = (struct places){NULL, 0};
}

void places_add(struct places *p, const char *path, size_t number)
{
    p->list[p->count++] = (struct place){path, number};
}

/* As strcmp, but "/" comes before all else, so that what is below a folder stands behind it. The
 * first ends after n bytes. */
static int compare(const char *a, size_t n, const char *b)
{
    size_t i = 0;
    while (i < n && a[i] == b[i]) i++;
    int x = i < n ? (a[i] == '/' ? 1 : (unsigned char)a[i] + 1) : 0,
        y = b[i] ? (b[i] == '/' ? 1 : (unsigned char)b[i] + 1) : 0;
    return x - y;
}

static int by_path(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = compare(x->path, strlen(x->path), y->path);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

void places_sort(struct places *p)
{
    if (p->count) qsort(p->list, p->count, sizeof *p->list, by_path);
}

/* The first that is not before the path. */
static size_t lower_bound(const struct places *p, const char *path, size_t len)
{
    size_t low = 0, high = p->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(path, len, p->list[middle].path) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct place *find(const struct places *p, const char *path, size_t len)
{
    size_t i = lower_bound(p, path, len);
    return i < p->count && compare(path, len, p->list[i].path) == 0 ? &p->list[i] : NULL;
}

const struct place *places_find(const struct places *p, const char *path)
{
    return find(p, path, strlen(path));
}

const struct place *places_above(const struct places *p, const char *path)
{
    const struct place *found = NULL;
    for (size_t n = strlen(path); n > 0 && p->count && !found;) {
        while (n > 0 && path[n - 1] != '/') n--;
        if (n > 1) n--;
        if (n == 0 || (n == 1 && path[1] == '\0')) break;
        found = find(p, path, n);
        if (n == 1) break;
    }
    return found;
}

const struct place *places_below(const struct places *p, const char *path, size_t *count)
{
    size_t len = strlen(path), from = lower_bound(p, path, len), to = from;
    if (len == 1 && path[0] == '/') len = 0;
    while (to < p->count && strncmp(p->list[to].path, path, len) == 0 &&
           (p->list[to].path[len] == '\0' || p->list[to].path[len] == '/'))
        to++;
    *count = to - from;
    return p->list ? p->list + from : NULL;
}
