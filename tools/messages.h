/* messages.h: what the programs say, in Korean or English by LC_ALL, LC_MESSAGES or LANG. */
#ifndef FRAI_TOOLS_MESSAGES_H
#define FRAI_TOOLS_MESSAGES_H

#include <stdbool.h>

#include "frai/common.h"

bool speaks_korean(void);

/* The one of the two that the user reads. */
const char *say(const char *korean, const char *english);

/* From here on a mapped file that is cut off or can't be read under the program (SIGBUS) ends it
 * with a message and exit code 2. `index` names it and outlives the program's use of it. */
void guard_maps(const char *program, const char *index);

/* "PROGRAM: what: why; what to do" on stderr, fit to be printed. */
void complain(const char *program, const char *what, const char *why);

/* A flag whose value makes no sense; returns exit code 2. */
int bad_value(const char *program, const char *option, const char *value);

/* The same for a failed library call, with what to do about it; returns the exit code. */
int complain_status(const char *program, frai_status status, const frai_error *err);

/* 1234567 → "1,234,567"; one of eight static buffers. */
const char *grouped(unsigned long long n);

#endif
