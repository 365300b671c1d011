/* feed.h: the bytes of an open file, as many at a time as its reader asks for. */
#ifndef FRAI_TOOLS_FEED_H
#define FRAI_TOOLS_FEED_H

#include <stdio.h>

#include "encoding.h"
#include "frai/common.h"

struct feed {
    FILE *file;
    struct buffer bytes; /* what was read, from `begin` on not yet dropped */
    size_t begin;
    struct buffer raw;                /* of UTF-16 or UTF-32: what is not decoded yet */
    unsigned long long line;          /* of the first byte that is left; 1 is the first */
    unsigned long long total, broken; /* bytes read; characters of those that could not be */
    enum wide wide;
    bool ended, starved; /* starved: there was no memory for what feed_more was to read */
    int error;           /* errno of what ended it, 0: its end was reached */
};

/* What a feed begins with is decided on this many bytes, and so many are read at a time. Tests read
 * in small bites. */
#ifndef FEED_SAMPLE
#define FEED_SAMPLE (64u << 10)
#endif

/* Reads the beginning. */
void feed_open(struct feed *f, FILE *file);
void feed_close(struct feed *f);

/* Reads more bytes behind those that are there; false: there are none, or no memory for them. */
bool feed_more(struct feed *f);

/* The bytes that are there; they move when more are read. */
frai_slice feed_left(const struct feed *f);

/* Reads all, but goes on no further than just above `limit`. */
void feed_all(struct feed *f, size_t limit);

/* From here on bytes are UTF-8, also where the file is UTF-16 or UTF-32; a byte order mark is
 * dropped. */
void feed_decode(struct feed *f);

/* Drops the first bytes. */
void feed_drop(struct feed *f, size_t count);

/* Drops what is left of a line, of any length; false: the file ends with it. */
bool feed_skip_line(struct feed *f);

#endif
