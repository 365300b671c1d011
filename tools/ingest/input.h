/* input.h: files, trees and standard input → documents in UTF-8. */
#ifndef FRAI_TOOLS_INPUT_H
#define FRAI_TOOLS_INPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "encoding.h"
#include "frai/build.h"
#include "sources.h"

enum skip {
    SKIP_BINARY,
    SKIP_EMPTY,
    SKIP_TYPE, /* neither .txt nor .jsonl */
    SKIP_READ, /* could not be read */
    SKIP_JSON, /* malformed line */
    SKIP_SIZE,
    SKIP_REASONS
};

#define MAPPINGS_MAX 40

/* A field and the JSON key that gives it. */
struct mapping {
    char field[64], key[128];
    frai_field_kind kind; /* of a declared field; 0: built in */
};

struct input {
    frai_builder *builder;
    frai_error *err;
    const char *format; /* "auto", "txt" or "jsonl" */
    struct mapping mappings[MAPPINGS_MAX];
    int mapping_count;
    void (*tick)(struct input *); /* after every document */
    struct source *source;        /* being read */
    unsigned long long documents, bytes, encodings[ENCODINGS], skipped[SKIP_REASONS];
    frai_status status; /* of the library; stops the reading */
};

/* "title=제목,price:number=가격"; false with a message in `why`. */
bool input_map(struct input *in, const char *spec, const char **why);

/* Adds what a command-line path names: a file, "-" or the files of a tree. False: it is not there
 * or can't be read (errno). */
bool input_list(struct input *in, const char *path, struct sources *sources);

/* Reads a file that was listed. False: it was named and can't be read (errno), or in->status is
 * set. */
bool input_read(struct input *in, struct source *source);

const char *skip_name(enum skip reason);

/* Notes on stderr what was left out. */
void skip(struct input *in, const char *path, unsigned long long line, enum skip reason);

/* How a file is read, by its name and in->format. */
bool is_lines(const struct input *in, const char *path);
bool is_text(const struct input *in, const char *path);
bool ends_with(const char *text, const char *end);

/* Each adds the documents of one open file. */
void read_text(struct input *in, FILE *file, const char *path);
void read_json_lines(struct input *in, FILE *file, const char *path);

#endif
