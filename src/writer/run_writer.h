/* run_writer.h: the items of a chunk → its run (writer/inverter.h). */
#ifndef FR_WRITER_RUN_WRITER_H
#define FR_WRITER_RUN_WRITER_H

#include "writer/inverter.h"

/* Each appends a part of the run; false: out of memory. */
bool fr_write_pairs(struct fr_inverter *in, struct fr_chunk *chunk);
bool fr_write_words(struct fr_inverter *in, struct fr_chunk *chunk);
bool fr_write_lexicon(struct fr_inverter *in, struct fr_chunk *chunk);

#endif
