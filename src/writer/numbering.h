/* numbering.h: the ids of documents that come without one: "path#n". */
#ifndef FR_WRITER_NUMBERING_H
#define FR_WRITER_NUMBERING_H

#include "base/error.h"

#define FR_ID_BYTES_MAX 4096u

/* The id of a number, in `out`; of a path too long for it, only the beginning is in it. */
frai_slice fr_numbered_id(frai_slice path, uint64_t number, char out[FR_ID_BYTES_MAX]);

/* The number to go on with, so that none comes that an id which was given has, if it looks like
 * one of those. */
uint64_t fr_number_past(uint64_t next, frai_slice id);

#endif
