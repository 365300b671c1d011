/* show.h: a search by frai-search, and what is written of it. */
#ifndef FRAI_TOOLS_SHOW_H
#define FRAI_TOOLS_SHOW_H

#include "exit_codes.h"
#include "frai/frai.h"
#include "options.h"
#include "sources.h"
#include "terminal.h"

#define PROGRAM "frai-search"

enum output { OUTPUT_TERMINAL, OUTPUT_TSV, OUTPUT_JSON, OUTPUT_PATHS, OUTPUT_COUNT };

struct options {
    const char *index, *color, *queries, *path, *synonyms, *why;
    const struct setting *index_place; /* where that was said; NULL: nowhere */
    int told;                          /* -h, --help or -V: nothing else is done; else 0 */
    enum output output;
    struct palette palette;
    unsigned long long limit, offset; /* limit 0: all */
    unsigned long long work;          /* frai_search_options.work_limit */
    uint32_t flags, snippet;          /* snippet 0: none */
    frai_match match;
    frai_rank rank;
    bool quiet, explain, timing, full, output_set, limit_set;
    char separator;
};

#define PLACE_BYTES 4096u

struct hit {
    uint64_t doc;
    float score;
};

struct session {
    const struct options *o;
    const char *index_path;
    char here[PLACE_BYTES];      /* the current directory; "": unknown */
    char found[PLACE_BYTES + 8]; /* the index that was looked for */
    struct sources sources;      /* that the index was made from, once looked_around */
    bool looked_around;
    frai_index *index;
    frai_searcher *searcher;
    struct hit *hits;
    uint32_t room;
    frai_search_info info;
    char *rewritten, *suggestion, *missing, *replaced; /* of info, copied; NULL: none */
    uint64_t front_total; /* documents that fronts find, which are not counted (find) */
    char *path;           /* that paths.c returned last */
    const char *place;    /* where the query stands in a file of many; or NULL */
    bool partial;         /* the hit to be shown has some of the words only */
    bool broken;          /* something could not be read, and the user told so */
    struct palette colors;
    int columns;
};

/* One hit. */
void show_terminal(struct session *s, uint32_t rank, const struct hit *hit);
void show_tsv(struct session *s, uint32_t rank, const struct hit *hit);
void show_json(struct session *s, uint32_t rank, const struct hit *hit);

/* Behind the hits. `error` stands for a query that could not be searched for; else NULL. */
void json_summary(struct session *s, const char *query, uint32_t shown, double ms,
                  const char *error);
#endif
