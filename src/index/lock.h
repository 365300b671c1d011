/* lock.h: one writer a directory. The lock ends with the process that took it, whatever children it
 * forked; a lock can't be stale. */
#ifndef FR_INDEX_LOCK_H
#define FR_INDEX_LOCK_H

#include "base/io.h"

#define FR_LOCK_NAME "lock"

struct fr_lock {
    void *map; /* holds it, or else fd does */
    int fd;    /* -1: none */
};

/* LOCKED: somebody has it. */
frai_status fr_lock_take(const char *dir, struct fr_lock *lock, frai_error *err);

/* Does nothing if there is none. */
void fr_lock_drop(struct fr_lock *lock);

#endif
