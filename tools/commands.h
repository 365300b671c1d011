/* commands.h: what frai-index does, a command a function. Each returns the exit code, having said
 * on stderr what went wrong. */
#ifndef FRAI_TOOLS_COMMANDS_H
#define FRAI_TOOLS_COMMANDS_H

#include <stdbool.h>
#include <stdio.h>

#include "exit_codes.h"
#include "frai/frai.h"
#include "ingest/input.h"

#define PROGRAM "frai-index"

struct options {
    const char *index, *format, *progress;
    unsigned long long memory;
    unsigned threads;
    bool json, strict, reorder, fresh, replace, follow, help, version;
    bool dry_run, yes; /* of delete */
    const char *query; /* of delete */
};

/* `in` says how files are read; the words stand behind the command, as many as it takes. */
typedef int command_function(const struct options *o, struct input *in, char **words, int count);

command_function command_build; /* the index is made of these paths, or updated */
command_function command_add;   /* these come to what is there */
command_function command_delete, command_compact;
command_function command_stats, command_check, command_repair, command_dump, command_tokens;

/* The whole index's figures into `stats`; left alone if it can't be read. */
void index_totals(const struct options *o, frai_writer_stats *stats);

/* After a commit: what was asked for is durable, and the user was told so. Returns rc, unless a
 * merge fails. */
int wait_for_merges(frai_writer *b, int rc);

#endif
