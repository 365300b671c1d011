/* config.h: $FRAI_CONFIG, or $XDG_CONFIG_HOME/frai/config, or ~/.config/frai/config: a `key =
 * value` a line, named as the long flags are; "#" begins a comment. */
#ifndef FRAI_TOOLS_CONFIG_H
#define FRAI_TOOLS_CONFIG_H

#include "options.h"

/* Appends the file's settings. Keys that only the other program has are left to it; what neither
 * has is told, and left out. 0, or exit code 2 having said what is wrong with the file. */
int read_config(const struct option_rules *rules, struct command_line *line);

#endif
