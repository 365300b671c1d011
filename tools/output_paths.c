/* A tree (tsearch) keeps the paths that were printed. */
#include "output_paths.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "hit.h"
#include "messages.h"
#include "paths.h"

static int by_bytes(const void *a, const void *b)
{
    const struct field_copy *x = a, *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int order = len ? memcmp(x->ptr, y->ptr, len) : 0;
    return order ? order : x->len < y->len ? -1 : x->len > y->len;
}

static void free_text(void *text)
{
    free(((struct field_copy *)text)->ptr);
    free(text);
}

void free_path_list(struct path_list *list)
{
    tdestroy(list->seen, free_text);
    *list = (struct path_list){0};
}

static void put_path(const struct session *s, frai_slice path)
{
    if (s->o->separator == '\n' && isatty(STDOUT_FILENO))
        put_shown(stdout, path);
    else
        fwrite(path.ptr, 1, path.len, stdout);
    putchar(s->o->separator);
}

void list_path(struct session *s, struct path_list *list, const struct hit *hit)
{
    struct field_copy path = take_field(s, hit->doc, "path", FIELD_MOST), *kept;
    if (path.ptr && path.len == 0) {
        free(path.ptr);
        path = take_field(s, hit->doc, "id", FIELD_MOST);
    }
    if (!path.ptr || tfind(&path, &list->seen, by_bytes)) {
        free(path.ptr);
        return;
    }
    kept = malloc(sizeof *kept);
    if (kept) *kept = path;
    if (!kept || !tsearch(kept, &list->seen, by_bytes)) {
        if (!s->broken) complain_os(PROGRAM, "-l", ENOMEM);
        s->broken = true;
        free(path.ptr);
        free(kept);
        return;
    }
    if (list->skip > 0) {
        list->skip--;
        return;
    }
    put_path(s, path_from_here(s, slice_of(kept)));
    list->count++;
}
