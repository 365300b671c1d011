/* compress.h: zstd blocks with a shared, trained dictionary. */
#ifndef FR_BASE_COMPRESS_H
#define FR_BASE_COMPRESS_H

#include "base/error.h"
#include "base/memory.h"

struct fr_compressor;   /* one a thread */
struct fr_decompressor; /* one a thread */

/* dict may be empty. NULL: out of memory. */
struct fr_compressor *fr_compressor_create(const void *dict, size_t dict_bytes, int level);
void fr_compressor_destroy(struct fr_compressor *c);

/* Appends one compressed block; the same input gives the same bytes. False: out of memory. */
bool fr_compress(struct fr_compressor *c, const void *in, size_t len, struct fr_buf *out);

struct fr_decompressor *fr_decompressor_create(const void *dict, size_t dict_bytes);
void fr_decompressor_destroy(struct fr_decompressor *d);
size_t fr_decompressor_bytes(const struct fr_decompressor *d); /* that it holds, of libc's */

/* Decompresses into exactly raw_bytes; false when the block holds anything else. */
bool fr_decompress(struct fr_decompressor *d, const void *in, size_t len, void *out,
                   size_t raw_bytes);

/* Trains a dictionary of at most dict_bytes on `count` samples laid end to end. Returns its size, 0
 * when the samples are too few to learn from. */
size_t fr_compress_train(void *dict, size_t dict_bytes, const void *samples, const size_t *sizes,
                         unsigned count);

#endif
