/* encoding.h: bytes of any supported encoding → UTF-8. */
#ifndef FRAI_TOOLS_ENCODING_H
#define FRAI_TOOLS_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* BROKEN: UTF-8, some of which was no UTF-8. */
enum encoding {
    ENCODING_UTF8,
    ENCODING_CP949,
    ENCODING_UTF16,
    ENCODING_UTF32,
    ENCODING_BROKEN,
    ENCODINGS
};

/* Text that grows. `failed`: there was no memory, what is there is no use. */
struct buffer {
    char *data;
    size_t len, room;
    bool failed;
};

/* Room for so many bytes more; false: there is none. */
bool buffer_reserve(struct buffer *t, size_t more);
void buffer_append(struct buffer *t, const char *bytes, size_t len);
void buffer_append_char(struct buffer *t, uint32_t cp);
void buffer_free(struct buffer *t);

struct decoded {
    const char *text; /* in the bytes themselves where they are UTF-8, else in `owned` */
    size_t len;
    struct buffer owned;
    enum encoding encoding;
    bool doubtful;             /* CP949 that reads as hardly any Korean does */
    unsigned long long broken; /* characters that could not be read: U+FFFD stands for them */
};

/* Which encoding it is, the bytes tell: as a whole, and where that is not enough, line by line.
 * Reading goes on behind what is broken. False: out of memory. */
bool decode(const char *bytes, size_t len, struct decoded *out);
void decoded_free(struct decoded *d);

/* The same as a string of its own, with a NUL behind; malloc'ed. NULL: out of memory. */
char *to_utf8(const char *bytes, size_t len, size_t *out_len, enum encoding *encoding);

/* The same, in an encoding of iconv's that the text itself names. False: iconv does not know it, or
 * out of memory. */
bool decode_named(const char *name, const char *bytes, size_t len, struct decoded *out);

enum wide { WIDE_NO, WIDE_LITTLE, WIDE_BIG, WIDE_LITTLE_32, WIDE_BIG_32 };

/* Whether text that begins so is UTF-16 or UTF-32, by its mark (*mark: the mark's length) or its
 * NULs. */
enum wide wide_of(const char *bytes, size_t len, size_t *mark);
enum encoding wide_encoding(enum wide wide);

/* UTF-16 or UTF-32 → UTF-8 behind `out`; returns the bytes read. Unless these are the `last` ones
 * some may be left for the next call. */
size_t wide_decode(enum wide wide, const char *bytes, size_t len, bool last, struct buffer *out,
                   unsigned long long *broken);

/* How CP949 reads bytes: whole pairs, pairs that are Hangul, those that are none of the 2350
 * syllables of KS X 1001, and bytes that are in no pair. */
struct pairs {
    size_t whole, hangul, rare, broken;
};
struct pairs cp949_count(const char *bytes, size_t len);

/* CP949 → UTF-8 behind `out`. */
void cp949_decode(const char *bytes, size_t len, struct buffer *out, unsigned long long *broken);

/* Whether bytes that begin so are anything but text: by the marks of well-known formats, and by the
 * share of control characters. */
bool is_binary(const char *bytes, size_t len);

#endif
