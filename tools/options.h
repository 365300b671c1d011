/* options.h: what the configuration, the environment and the arguments set, by the same names, the
 * same rules and with the same errors. */
#ifndef FRAI_TOOLS_OPTIONS_H
#define FRAI_TOOLS_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

struct setting {
    int option;        /* `val` of its struct option */
    const char *name;  /* as it was given: "-n", "--limit", "FRAI_MEM", "limit" */
    const char *value; /* NULL: it takes none */
    const char *file;  /* where a configuration has it; NULL: elsewhere */
    unsigned long line;
};

struct variable {
    const char *name; /* of the environment */
    int option;
};

struct option_rules {
    const char *program;
    const struct option *names;         /* as for getopt_long; with a NULL name at the end */
    const char *letters;                /* as for getopt */
    const struct variable *environment; /* with a NULL name at the end */
    bool takes_query;    /* what begins with "-" and can be no option is a word: -투자, -6도 */
    const char *numbers; /* letters whose values are numbers: -naver is a word */
};

struct command_line {
    struct setting *settings; /* those that win come later: file, environment, arguments */
    size_t count, room;
    char **words; /* ends in NULL */
    int word_count;
    char **kept; /* what settings point into */
    size_t kept_count;
};

/* 0, or exit code 2 having said what is wrong, and where. */
int read_command_line(const struct option_rules *rules, int argc, char **argv,
                      struct command_line *line);
void free_command_line(struct command_line *line);

/* Appends; false: out of memory. */
bool add_setting(struct command_line *line, struct setting s);

/* Takes over a string of malloc, that lives as long as the settings. False: out of memory, and it
 * is freed. */
bool keep_string(struct command_line *line, char *text);

/* The name that a mistyped one is near to, or NULL. */
const struct option *nearest_option(const struct option *names, const char *name, size_t len);

/* Values. Each is 0, or exit code 2 having said what is wanted. */
int read_directory(const char *program, const struct setting *s, const char **directory);
int read_number(const char *program, const struct setting *s, unsigned long long least,
                unsigned long long most, unsigned long long *value);
/* "512M", "1.5GiB", at least `least` bytes. */
int read_bytes(const char *program, const struct setting *s, unsigned long long least,
               unsigned long long *value);
/* Which of the choices, a list that ends in NULL. */
int read_choice(const char *program, const struct setting *s, const char *const *choices,
                int *which);

/* "PROGRAM: where it came from: 'value': wanted" on stderr; returns exit code 2. */
int bad_setting(const char *program, const struct setting *s, const char *wanted);

/* "PROGRAM: FLAG or FILE:LINE: name", for complaints about a setting; in a buffer of its own. */
const char *setting_place(const struct setting *s);

#endif
