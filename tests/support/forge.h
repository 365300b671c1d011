/* forge.h: bytes of an index are changed and every checksum is made to fit: answers may be wrong,
 * reads outside are not. */
#ifndef FRAI_TESTS_FORGE_H
#define FRAI_TESTS_FORGE_H

#include "support/support.h"

/* Changes the one segment, makes its sums fit and asks; `rounds` times. */
void forge(const char *dir, int rounds, void (*change)(unsigned char *data, size_t len),
           void (*question)(const char *dir));

/* Some bytes anywhere. */
void change_bytes(unsigned char *data, size_t len);

/* A writer meets it: counts what deletes lose, merges, compacts and repairs. */
void change_copy(const char *dir);

#endif
