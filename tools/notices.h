/* notices.h: what frai-search says beside the hits, on stderr, in lines of the terminal's width. */
#ifndef FRAI_TOOLS_NOTICES_H
#define FRAI_TOOLS_NOTICES_H

#include "show.h"

/* How the query was taken; `shown` hits follow. */
void notices(struct session *s, const char *query, uint32_t shown);

/* How the query was evaluated, with --explain. */
void show_plan(struct session *s);

/* There are no hits: what may have been meant. Searches anew. */
void no_hit(struct session *s, const char *query);

/* What may have been meant, behind hits of something else. */
void suggest(struct session *s);

/* There are hits, but none behind --offset. */
void nothing_there(struct session *s);

/* Behind the hits of a terminal. */
void terminal_footer(struct session *s, uint32_t shown_hits, double ms);

/* The query has no word: says so, and how it is said. */
void no_words(const struct session *s, const char *query);
const char *without_words(void);

#endif
