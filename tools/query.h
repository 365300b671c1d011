/* query.h: one query, from its text to what is printed. */
#ifndef FRAI_TOOLS_QUERY_H
#define FRAI_TOOLS_QUERY_H

#include "show.h"

/* Returns the exit code, having shown the hits, or said what is wrong. */
int search_query(struct session *s, const char *query);

/* For a query that can't be searched for, where programs expect an answer to each. Returns exit
 * code 2. */
int search_failed(struct session *s, const char *query, const char *error);

#endif
