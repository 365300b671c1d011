/* text.h: how text becomes terms. */
#ifndef FRAI_TEXT_H
#define FRAI_TEXT_H

#include "common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct frai_token_info {
    frai_slice term;
    const char *term_class; /* "surface", "stem", … */
    uint32_t position, span;
    uint64_t begin, end; /* bytes of the text */
    int starts_word;     /* an 어절 begins here */
} frai_token_info;

/* The terms that the analyzer makes of a text; `token` returns 0 to continue. What it is called
 * with is valid during the call, and may be longer in later releases. */
FRAI_API frai_status frai_text_tokenize(frai_slice text,
                                        int (*token)(void *ctx, const frai_token_info *), void *ctx,
                                        frai_error *err);

/* Writes the NFC form of a text, at most `room` bytes and whole characters, to `out`; returns how
 * many bytes. For comparing paths with what is typed. */
FRAI_API size_t frai_text_normalize(frai_slice text, char *out, size_t room);

#ifdef __cplusplus
}
#endif
#endif
