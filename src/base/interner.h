/* interner.h: byte strings → small numbers, in order of first sight. */
#ifndef FR_BASE_INTERNER_H
#define FR_BASE_INTERNER_H

#include "base/vector.h"

struct fr_interner {
    struct fr_buf bytes; /* strings, end to end */
    FR_VECTOR(uint32_t) ends;
    FR_VECTOR(uint32_t) table; /* number + 1, or 0; open addressing */
};

#define FR_INTERN_FAILED UINT32_MAX

void fr_interner_init(struct fr_interner *in, const frai_allocator *mem);
void fr_interner_deinit(struct fr_interner *in);
void fr_interner_clear(struct fr_interner *in); /* forgets the strings, keeps the memory */

/* The number of a string, new or known; FR_INTERN_FAILED when memory ran out. */
uint32_t fr_intern(struct fr_interner *in, const void *bytes, size_t len);

/* The number of a known string; FR_INTERN_FAILED if it is not known. */
uint32_t fr_interner_find(const struct fr_interner *in, const void *bytes, size_t len);

static inline uint32_t fr_interner_count(const struct fr_interner *in)
{
    return (uint32_t)fr_vec_count(&in->ends);
}
frai_slice fr_interned(const struct fr_interner *in, uint32_t number);

/* Memory order of their bytes, a prefix first. */
int fr_slice_compare(frai_slice a, frai_slice b);

#endif
