/* paths.h: paths are stored as they were named when the index was built; printed so that they can
 * be opened from where one stands. */
#ifndef FRAI_TOOLS_PATHS_H
#define FRAI_TOOLS_PATHS_H

#include "show.h"

/* The path from here, or the absolute one if that is shorter; as it is stored where it can be
 * opened so, or the file is not there. Valid until the next call. */
frai_slice path_from_here(struct session *s, frai_slice stored);

/* A path as one might type it here, as it may be stored: 0 is the text itself, then others; false:
 * no more. Valid until the next call. */
bool path_as_stored(struct session *s, const char *typed, unsigned choice, frai_slice *path);

#endif
