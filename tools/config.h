/* config.h: $FRAI_CONFIG, or $XDG_CONFIG_HOME/frai/config, or ~/.config/frai/config: a `key =
 * value` a line, named as the long flags are. Flags and environment win over it. */
#ifndef FRAI_TOOLS_CONFIG_H
#define FRAI_TOOLS_CONFIG_H

#include <getopt.h>

/* A new argument vector: the program, the file's settings as flags, then the arguments. Keys that
 * the program has no long option for are left to the other program. */
char **config_arguments(int *argc, char **argv, const struct option *options);

#endif
