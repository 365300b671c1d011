/* structs.h: public structs that begin with struct_size, in the size that the caller knows. A
 * smaller one is of an older header: options that it lacks keep their defaults, results that it
 * lacks are left out. Of a larger one what this library doesn't know is left alone. */
#ifndef FR_API_STRUCTS_H
#define FR_API_STRUCTS_H

#include <string.h>

#include "base/error.h"

/* How much of a struct of `known` bytes the caller's has: whole words, for no member is cut there
 * but a slice, whose length then is 0. */
static inline size_t fr_struct_bytes(size_t given, size_t known)
{
    return given < known ? given / sizeof(uint64_t) * sizeof(uint64_t) : known;
}

/* Puts the caller's options, NULL for none, over the defaults in `out`. */
static inline frai_status fr_take_struct(void *out, size_t known, const void *given,
                                         frai_error *err)
{
    size_t size = known;
    if (!given) return FRAI_OK;
    memcpy(&size, given, sizeof size);
    if (size < sizeof size)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "struct_size is not set; begin with the INIT macro");
    memcpy((char *)out + sizeof size, (const char *)given + sizeof size,
           fr_struct_bytes(size, known) - sizeof size);
    return FRAI_OK;
}

/* Element i of an array whose elements have `given` bytes each in the caller's header (0: as many
 * as here), put over the defaults in `out`. */
static inline frai_status fr_take_element(void *out, size_t known, const void *array, size_t given,
                                          size_t i, frai_error *err)
{
    if (given == 0) given = known;
    if (given < sizeof(uint64_t))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "field_size is not set; begin with the INIT macro");
    memcpy(out, (const char *)array + i * given, fr_struct_bytes(given, known));
    return FRAI_OK;
}

/* Puts results into the caller's struct; into none whose struct_size is not set. */
static inline void fr_give_struct(void *out, const void *results, size_t known)
{
    size_t size;
    memcpy(&size, out, sizeof size);
    size_t bytes = fr_struct_bytes(size, known);
    if (bytes > sizeof size)
        memcpy((char *)out + sizeof size, (const char *)results + sizeof size, bytes - sizeof size);
}

#endif
