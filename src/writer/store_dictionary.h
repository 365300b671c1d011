/* store_dictionary.h: the zstd dictionary that the stored text of an index shares. */
#ifndef FR_WRITER_STORE_DICTIONARY_H
#define FR_WRITER_STORE_DICTIONARY_H

#include "segment/segment.h"
#include "writer/inverter.h"

/* Copies a segment's dictionary into `dictionary`, which stays empty if the segment has none. */
frai_status fr_store_dictionary_borrow(struct fr_buf *dictionary, struct fr_segment *seg,
                                       frai_error *err);

/* Trains one on the records of a chunk; `dictionary` stays empty if there are too few. */
frai_status fr_store_dictionary_learn(struct fr_buf *dictionary, const struct fr_chunk *chunk,
                                      frai_error *err);

#endif
