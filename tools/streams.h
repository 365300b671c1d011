/* streams.h: standard input, output and error, at a program's beginning and end. */
#ifndef FRAI_TOOLS_STREAMS_H
#define FRAI_TOOLS_STREAMS_H

#include <stdbool.h>

/* First of all: a file that is opened later never gets the number of a stream that was closed, and
 * a closed pipe is an error of writing, not a signal. */
void guard_streams(void);

/* True once something could not be written to standard output: no use in going on. */
bool output_failed(void);

/* Last of all: `rc`, or 2 having said so if output was lost. A reader that has gone (a closed pipe)
 * had enough: then 0, unless rc says trouble (2 or more). */
int close_stdout(const char *program, int rc);

#endif
