/* XXH3 of libxxhash, in 64 and 128 bits. */
#include "base/checksum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t fr_hash64(const void *bytes, size_t len)
{
    return XXH3_64bits(bytes, len);
}

struct fr_hash128 fr_hash128(const void *bytes, size_t len)
{
    XXH128_hash_t h = XXH3_128bits(bytes, len);
    return (struct fr_hash128){h.low64, h.high64};
}
