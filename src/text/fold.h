/* fold.h: UTF-8 → folded code points that remember where they came from.
 *
 * Folding = NFC, compatibility forms made plain (width, circled, squared), lower case,
 * default-ignorable code points dropped, Hanyang's private-use codes read as letters. Every jamo
 * variant ends in the compatibility block (U+3131..318E) and is never composed across it: NFKC as
 * such would turn ㅋㅋ into conjoining jamo. */
#ifndef FR_TEXT_FOLD_H
#define FR_TEXT_FOLD_H

#include "base/vector.h"

/* One folded code point and the bytes [begin, end) of the source that it stands for. Several may
 * share their bytes (㎞ → k, m). */
struct fr_folded {
    uint32_t cp, begin, end;
};

FR_VECTOR_TYPE(fr_folded_text, struct fr_folded);

/* Whether work on a long text is to end, asked once in FR_STOP_STRIDE characters. */
struct fr_stop {
    bool (*stops)(void *ctx); /* NULL: never */
    void *ctx;
};
#define FR_STOP_STRIDE 65536u

static inline bool fr_stops(const struct fr_stop *stop)
{
    return stop && stop->stops && stop->stops(stop->ctx);
}

/* Appends to out. Texts are cut at 2^32-1 bytes. A cluster of more than 64 code
 * points (marks piled on one letter) is folded in pieces: memory stays bounded.
 * stop: NULL, or may end it. False: it did, or out of memory. */
bool fr_fold(const char *text, size_t len, const struct fr_stop *stop, struct fr_folded_text *out);

/* NFC, nothing else, of a path or a name. */
bool fr_nfc(const char *text, size_t len, struct fr_buf *out);

#endif
