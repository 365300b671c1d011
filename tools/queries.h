/* queries.h: where queries and synonyms come from. */
#ifndef FRAI_TOOLS_QUERIES_H
#define FRAI_TOOLS_QUERIES_H

#include "show.h"

/* The words of the command line as one query, ended by NULL. Returns the exit code. */
int search_words(struct session *s, char **words);

/* A query a line of a file, or of standard input ("-"). A line that is no query is named, and the
 * others are searched for; then the exit code is 2. */
int search_lines(struct session *s, const char *path);

/* --synonyms. 0, or exit code 2 having said what is wrong. */
int read_synonyms(struct session *s);

#endif
