/* checksum.h: XXH3 of bytes: proof against accidents, not against malice. */
#ifndef FR_BASE_CHECKSUM_H
#define FR_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

uint64_t fr_hash64(const void *bytes, size_t len);

struct fr_hash128 {
    uint64_t low, high;
};
struct fr_hash128 fr_hash128(const void *bytes, size_t len);

#endif
