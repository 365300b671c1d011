/* option_names.h: the long options of both programs, which are the keys of the configuration that
 * they share. */
#ifndef FRAI_TOOLS_OPTION_NAMES_H
#define FRAI_TOOLS_OPTION_NAMES_H

#include <getopt.h>

/* Those without a letter. */
enum {
    OPT_MEM = 256,
    OPT_FIELDS,
    OPT_ID,
    OPT_FORMAT,
    OPT_REORDER,
    OPT_QUERY,
    OPT_DRY_RUN,
    OPT_YES,
    OPT_PROGRESS,
    OPT_JSON,
    OPT_STRICT,
    OPT_FRESH,
    OPT_REPLACE,
    OPT_FOLLOW,
    OPT_OFFSET,
    OPT_TSV,
    OPT_COLOR,
    OPT_SNIPPET,
    OPT_NO_SNIPPET,
    OPT_FULL,
    OPT_EXPLAIN,
    OPT_TIMING,
    OPT_QUERIES,
    OPT_NO_FIX,
    OPT_FUZZY,
    OPT_PREFIX,
    OPT_RANK,
    OPT_PATH,
    OPT_SYNONYMS,
    OPT_WHY,
    OPT_WORK,
    OPT_COLORS, /* of the environment only */
    OPT_HELP
};

/* With a NULL name at the end. */
extern const struct option index_options[], search_options[];

#endif
