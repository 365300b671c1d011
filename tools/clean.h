/* clean.h: text that came from outside (names, fields, messages), fit to be printed. What could
 * drive a terminal or deceive its reader is shown instead of obeyed: C0 and DEL as their pictures
 * (ESC is ␛), C1, bidi controls, tags, line separators and broken UTF-8 as U+FFFD. */
#ifndef FRAI_TOOLS_CLEAN_H
#define FRAI_TOOLS_CLEAN_H

#include <stdbool.h>
#include <stdio.h>

#include "frai/common.h"

/* What a reader takes for one character: a letter and its marks, jamo of a syllable, an emoji of
 * several. */
struct cluster {
    char text[128];
    size_t len;
    int columns;
    bool blank; /* " " stands for it */
};

enum clean_as {
    CLEAN_NAME, /* every control is shown */
    CLEAN_PROSE /* tabs, line ends and the like are blanks */
};

/* The cluster at *at, which goes behind it. Needs *at < text.len. */
void next_cluster(frai_slice text, size_t *at, enum clean_as as, struct cluster *c);

/* A name or message on one line, in one of eight buffers of the program's own; made for the
 * arguments of printf. NULL reads as "". */
const char *shown(const char *text);
const char *shown_slice(frai_slice text);

/* No more than so many clusters of it, and "…". */
const char *shown_part(const char *text, size_t clusters);

void put_shown(FILE *out, frai_slice text);

/* Lines of text: line ends and tabs stay. */
void put_shown_lines(FILE *out, frai_slice text);

/* The end of the part of a name or text that has at most so many clusters. */
size_t cut_at_clusters(frai_slice text, size_t clusters);

/* C1, bidi controls, separators, tags, annotations, noncharacters: nothing to see, or not what is.
 */
bool is_deceptive(uint32_t cp);

/* Length of the well-formed UTF-8 sequence (RFC 3629) at `at`, 0 if there is none. Needs
 * at < text.len. */
size_t utf8_at(frai_slice text, size_t at, uint32_t *cp);

#endif
