/* stem.h: English stems of Latin words (libstemmer's Porter 2). One stemmer a thread. */
#ifndef FR_TEXT_STEM_H
#define FR_TEXT_STEM_H

#include <stdbool.h>
#include <stddef.h>

struct fr_stemmer; /* libstemmer's own allocation: it takes no hook */

struct fr_stemmer *fr_stemmer_create(void); /* NULL: out of memory */
void fr_stemmer_destroy(struct fr_stemmer *stemmer);

/* The stem of a folded word, valid until the next call; the word itself where it has none
 * (other letters than a-z, fewer than three of them, or a stem equal to the word gives false). */
bool fr_stem(struct fr_stemmer *stemmer, const char *word, size_t len, const char **stem,
             size_t *stem_len);

#endif
