/* workers.h: threads that invert chunks and return them in the order in which they came. The
 * calling thread works too. */
#ifndef FR_WRITER_WORKERS_H
#define FR_WRITER_WORKERS_H

#include "writer/inverter.h"

struct fr_workers;

#define FR_WORKER_BYTES (64ull << 20) /* about what a chunk under way needs */

/* threads includes the caller. NULL: out of memory. */
struct fr_workers *fr_workers_create(const struct fr_settings *settings, uint32_t threads,
                                     const frai_allocator *mem);
void fr_workers_destroy(struct fr_workers *w);

/* Sets the dictionary of stored text. Needs that no chunk is under way; dict outlives the workers.
 */
void fr_workers_set_dictionary(struct fr_workers *w, const void *dict, size_t bytes);

/* Frees the memory of the workers. Needs that no chunk is under way. False: out of memory. */
bool fr_workers_release_memory(struct fr_workers *w);

/* Owns the chunk until fr_workers_take returns it. */
bool fr_workers_submit(struct fr_workers *w, struct fr_chunk *chunk);

/* Waits for the oldest chunk and returns it; NULL if at most `keep` chunks are under way. */
struct fr_chunk *fr_workers_take(struct fr_workers *w, uint32_t keep);

#endif
