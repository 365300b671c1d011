/* numbering.h: ids for documents that come without one: "path#n". */
#ifndef FR_WRITER_NUMBERING_H
#define FR_WRITER_NUMBERING_H

#include "base/error.h"

#define FR_ID_BYTES_MAX 4096u

/* The id with this number, in `out`; a path that is too long is cut. */
frai_slice fr_numbered_id(frai_slice path, uint64_t number, char out[FR_ID_BYTES_MAX]);

/* The next number to use once `id` was given by a caller: if the id looks like a numbered one, a
 * number above its own. */
uint64_t fr_number_past(uint64_t next, frai_slice id);

#endif
