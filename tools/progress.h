/* progress.h: one line on the terminal that says how far a command is, and goes on moving whatever
 * the command does. */
#ifndef FRAI_TOOLS_PROGRESS_H
#define FRAI_TOOLS_PROGRESS_H

#include <stdbool.h>

enum progress_phase {
    PROGRESS_LISTING,
    PROGRESS_READING,
    PROGRESS_TIDYING, /* merging, writing, flushing */
    PROGRESS_MERGING  /* what was asked for is saved */
};

/* when: "auto" (if standard error is a terminal), "always" or "never". */
void progress_start(const char *when);
void progress_phase(enum progress_phase phase);

/* Of what is to be read. */
void progress_total(unsigned long long bytes);
void progress_at(unsigned long long documents, unsigned long long bytes);

/* Fine if it was not started. */
void progress_stop(void);

#endif
