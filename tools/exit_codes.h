/* exit_codes.h: what the programs end with; scripts rely on the numbers. */
#ifndef FRAI_TOOLS_EXIT_CODES_H
#define FRAI_TOOLS_EXIT_CODES_H

enum {
    EXIT_DONE = 0,
    EXIT_HIT = 0,
    EXIT_NO_HIT = 1,  /* frai-search */
    EXIT_SKIPPED = 1, /* frai-index --strict: something was left out */
    EXIT_TROUBLE = 2, /* nothing was done, as the message says: arguments, files, memory */
    EXIT_DAMAGED = 3,
    EXIT_LOCKED = 4, /* another process writes the index */
    EXIT_INTERRUPTED = 130
};

#endif
