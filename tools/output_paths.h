/* output_paths.h: -l, the files that have hits, each once. */
#ifndef FRAI_TOOLS_OUTPUT_PATHS_H
#define FRAI_TOOLS_OUTPUT_PATHS_H

#include "show.h"

/* Those that were listed. */
struct path_list {
    void *seen;                     /* of tsearch */
    unsigned long long skip, count; /* files to be left out yet; listed */
};

/* Lists the hit's file, or the id of one without, unless it was listed. Written as it is, so that
 * it can be opened; at a terminal, and not separated by NUL, fit to be printed. */
void list_path(struct session *s, struct path_list *list, const struct hit *hit);
void free_path_list(struct path_list *list);

#endif
