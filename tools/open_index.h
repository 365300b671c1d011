/* open_index.h: which index frai-search reads. */
#ifndef FRAI_TOOLS_OPEN_INDEX_H
#define FRAI_TOOLS_OPEN_INDEX_H

#include "show.h"

/* Opens the index that was named, or the nearest .frai from here upward, as git looks for its
 * directory, and a searcher. 0, or exit code 2 having said what is wrong. */
int open_index(struct session *s);

#endif
