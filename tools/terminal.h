/* terminal.h: colours, widths, and text that can't drive the terminal. */
#ifndef FRAI_TOOLS_TERMINAL_H
#define FRAI_TOOLS_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#include "frai/common.h"
#include "options.h"

struct palette {
    char match[32], path[32], dim[32], title[32], off[8];
};

#define PALETTE_USUAL                                                                              \
    {                                                                                              \
        "\033[1;31m", "\033[32m", "\033[2m", "\033[1m", "\033[0m"                                  \
    }

/* FRAI_COLORS (mt=01;31:fn=32:me=2:ti=1) into a palette. 0, or exit code 2 having said what is
 * wrong. */
int read_colors(const char *program, const struct setting *colors, struct palette *p);

/* The coloured one or none. when: "auto", "always" or "never"; looks at NO_COLOR, CLICOLOR_FORCE
 * and TERM. */
struct palette palette_for(const char *when, struct palette coloured, FILE *out);

/* Columns of the terminal on `out`, 80 if it says none. */
int terminal_columns(FILE *out);

#endif
