/* workers.h: chunks go in, come out inverted in the same order. The calling thread works too. */
#ifndef FR_WRITER_WORKERS_H
#define FR_WRITER_WORKERS_H

#include "writer/inverter.h"

struct fr_workers;

/* threads counts the caller. NULL: no memory, or no thread to be had. */
struct fr_workers *fr_workers_create(const struct fr_settings *settings, uint32_t threads,
                                     const frai_allocator *mem);
void fr_workers_destroy(struct fr_workers *w);

/* The dictionary of stored text, when no chunk is under way. dict outlives the workers. */
void fr_workers_set_dictionary(struct fr_workers *w, const void *dict, size_t bytes);

/* Gives the memory of the workers back, when no chunk is under way. False: out of memory. */
bool fr_workers_release_memory(struct fr_workers *w);

/* Takes the chunk over until fr_workers_take gives it back. */
bool fr_workers_submit(struct fr_workers *w, struct fr_chunk *chunk);

/* The oldest chunk given, done; NULL when none is left, or when fewer than `keep` are under way. */
struct fr_chunk *fr_workers_take(struct fr_workers *w, uint32_t keep);

#endif
