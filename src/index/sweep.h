/* sweep.h: which files of a directory are the index's, and which of these nobody needs any more. */
#ifndef FR_INDEX_SWEEP_H
#define FR_INDEX_SWEEP_H

#include "index/manifest.h"

/* Removes what no kept generation names: old manifests, segments, temporary files; but not those of
 * the segment `spared`, which a merge is making. Failures are left for the next time. Needs the
 * writer lock. */
#define FR_NO_SEGMENT UINT64_MAX
void fr_manifest_sweep(const char *dir, uint64_t spared, const frai_allocator *mem);

/* Has the directory files that no index has, hidden ones aside, and no index? */
bool fr_manifest_is_misplaced(const char *dir);

/* Names files that are no index's, and foreign manifests. *most: the highest generation that a
 * writer can have left; UINT64_MAX, and none is foreign, where no manifest is whole. */
void fr_manifest_strangers(const char *dir, const frai_allocator *mem,
                           void (*tell)(void *ctx, const char *name), void *ctx, uint64_t *most);

bool fr_manifest_is_foreign(const char *dir, uint64_t generation, uint64_t most,
                            const frai_allocator *mem);

/* A segment number above all files that are there, named or left behind by a killed writer. */
uint64_t fr_manifest_free_number(const char *dir);

#endif
