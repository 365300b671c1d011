/* operators.h: what other search engines read as operators, and frai as words. */
#ifndef FRAI_TOOLS_OPERATORS_H
#define FRAI_TOOLS_OPERATORS_H

#include <stddef.h>

enum { OPERATOR_WORD = 1, OPERATOR_PREFIX = 2, OPERATOR_FUZZY = 4 };

/* Those outside of quotes, in `out` as "a, b"; "" and 0 if there are none, else their kinds. What
 * is ordinary text (now or never, 10~20, 안녕~, C*) is none. */
int find_operators(const char *query, char *out, size_t room);

#endif
