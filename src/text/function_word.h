/* function_word.h: which part of a Korean word says what is asked about, and which only how. */
#ifndef FR_TEXT_FUNCTION_WORD_H
#define FR_TEXT_FUNCTION_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fr_word_roles {
    uint32_t content; /* syllables at the front before an ending or a particle; 0: it is a question
                         word (무엇, 어디서) or a function word (때문에, 있는) */
    bool predicate;   /* the rest is an ending of a verb or an adjective */
};

/* Of n folded syllables of Hangul. */
struct fr_word_roles fr_word_roles_of(const uint32_t *cps, size_t n);

#endif
