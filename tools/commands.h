/* commands.h: what frai-index does, a command a function. Each returns the exit code, having said
 * on stderr what went wrong. */
#ifndef FRAI_TOOLS_COMMANDS_H
#define FRAI_TOOLS_COMMANDS_H

#include <stdbool.h>
#include <stdio.h>

#include "frai/frai.h"
#include "ingest/input.h"

#define PROGRAM "frai-index"

enum {
    EXIT_DONE = 0,
    EXIT_SKIPPED = 1,
    EXIT_FAILURE_IO = 2,
    EXIT_DAMAGED = 3,
    EXIT_INTERRUPTED = 130
};

struct options {
    const char *index, *format, *progress;
    unsigned long long memory;
    unsigned threads;
    bool json, strict, reorder, fresh, help, version;
    bool dry_run, yes; /* of delete */
    const char *query; /* of delete */
};

/* build: the index is made of these paths, or updated; add: they come to what is there. */
int command_build(const struct options *o, struct input *in, char **paths, int count);
int command_add(const struct options *o, struct input *in, char **paths, int count);

int command_delete(const struct options *o, char **ids, int count);
int command_compact(const struct options *o);

int command_stats(const struct options *o);
int command_check(const struct options *o);
int command_repair(const struct options *o);
int command_dump(const struct options *o, const char *what);
int command_tokens(const char *text);

/* The whole index's figures into `stats`; left alone if it can't be read. */
void index_totals(const struct options *o, frai_build_stats *stats);

/* After a commit: what was asked for is durable, and the user was told so. Returns rc, unless a
 * merge fails. */
int wait_for_merges(frai_builder *b, int rc);

#endif
