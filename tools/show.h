/* show.h: what frai-search writes: hits in each form, notices, the summary. */
#ifndef FRAI_TOOLS_SHOW_H
#define FRAI_TOOLS_SHOW_H

#include "frai/frai.h"
#include "options.h"
#include "terminal.h"

#define PROGRAM "frai-search"

enum { EXIT_HIT = 0, EXIT_NO_HIT = 1, EXIT_TROUBLE = 2 };

enum output { OUTPUT_TERMINAL, OUTPUT_TSV, OUTPUT_JSON, OUTPUT_PATHS, OUTPUT_COUNT };

struct options {
    const char *index, *color, *queries, *path, *synonyms, *why;
    const struct setting *index_place; /* where that was said; NULL: nowhere */
    int told;                          /* -h, --help or -V: nothing else is done; else 0 */
    enum output output;
    struct palette palette;
    unsigned long long limit, offset; /* limit 0: all */
    uint32_t flags, snippet;          /* snippet 0: none */
    frai_match match;
    frai_rank rank;
    bool quiet, explain, timing, full, output_set, limit_set;
    char separator;
};

struct session {
    const struct options *o;
    const char *index_path;
    char here[4096], found[4096 + 8]; /* where we stand; the index that was looked for */
    frai_index *index;
    frai_searcher *searcher;
    frai_hit *hits;
    uint32_t room;
    frai_search_info info;
    bool partial; /* the hit to be shown has some of the words only */
    struct palette colors;
    int columns;
};

/* A field, "" if the document has none or it can't be read; the caller frees it. */
char *field(struct session *s, uint64_t doc, const char *name);

/* One hit. */
void show_terminal(struct session *s, uint32_t rank, const frai_hit *hit);
void show_tsv(struct session *s, uint32_t rank, const frai_hit *hit);
void show_json(struct session *s, uint32_t rank, const frai_hit *hit);
void show_paths(struct session *s, const frai_hit *hit);

/* Behind the hits; notices go to stderr, as does what may have been meant without a hit. */
void json_summary(struct session *s, const char *query, uint32_t shown, double ms);
void terminal_footer(struct session *s, uint32_t shown, double ms);
void notices(struct session *s, const char *query, uint32_t shown);

/* How the query was evaluated, with --explain. */
void show_plan(struct session *s);
void no_hit(struct session *s, const char *query);

/* The lines of frai_why, in Korean where that is spoken. */
void print_why(frai_slice text);

#endif
