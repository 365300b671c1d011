/* parts.h: documents that are stored in parts, though they are not very long. */
#ifndef FRAI_TESTS_PARTS_H
#define FRAI_TESTS_PARTS_H

#include "support/support.h"
#include "writer/commit.h"

/* A writer whose parts are of so many bytes, with the declared fields `tag` (keyword) and `summary`
 * (text). */
struct fr_writer *open_parts(const char *dir, uint32_t part_bytes, uint32_t threads, bool reorder);

/* Adds a document with all fields; path "dir/ID.txt". */
void add_parts(struct fr_writer *w, const char *id, const char *title, frai_slice body,
               const char *summary);

void commit_parts(struct fr_writer *w); /* and closes it */

/* Texts that are cut at different places. `to` has room for `bytes`. */
enum parts_text {
    PARTS_SENTENCES,
    PARTS_ONE_LINE,
    PARTS_ONE_SYLLABLE,
    PARTS_SYLLABLES,
    PARTS_LATIN,
    PARTS_BLANK, /* for its first half */
    PARTS_TEXTS
};
size_t parts_text(enum parts_text kind, char *to, size_t bytes);

#endif
