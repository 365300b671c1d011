/* terminal.h: colours, widths, and text that can't drive the terminal. */
#ifndef FRAI_TOOLS_TERMINAL_H
#define FRAI_TOOLS_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#include "frai/common.h"

struct palette {
    char match[32], path[32], dim[32], off[8];
};

/* when: "auto", "always" or "never"; looks at NO_COLOR, CLICOLOR_FORCE, TERM and FRAI_COLORS
 * (mt=01;31:fn=32:me=2). */
struct palette palette_for(const char *when, FILE *out);

/* Columns of the terminal on `out`, 80 if it says none. */
int terminal_columns(FILE *out);

/* Writes text with control characters (C0, C1, DEL) turned into spaces, runs of white space into
 * one. Stops before `columns` columns are passed (0: no limit), with … where it cut. Returns
 * columns written. */
int put_clean(FILE *out, frai_slice text, int columns);

#endif
