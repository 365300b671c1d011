/* input.h: files, trees and standard input → documents in UTF-8. */
#ifndef FRAI_TOOLS_INPUT_H
#define FRAI_TOOLS_INPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "feed.h"
#include "frai/writer.h"
#include "sources.h"

enum skip {
    SKIP_BINARY,  /* not text */
    SKIP_EMPTY,   /* no letter in it */
    SKIP_TYPE,    /* no regular file: a device, a pipe, a socket */
    SKIP_READ,    /* could not be read */
    SKIP_JSON,    /* malformed, or no object */
    SKIP_SIZE,    /* more than a document may have, or than there is memory for */
    SKIP_REFUSED, /* the library does not take it: too long an id, say */
    SKIP_REASONS
};

/* Of a file that is one document, and of one object or line of JSON. Tests have a small one. */
#ifndef INPUT_BYTES_MAX
#define INPUT_BYTES_MAX FRAI_DOCUMENT_BYTES_MAX
#endif

#define MAPPINGS_MAX 40

/* A field and the JSON key that gives it. */
struct mapping {
    char field[64], key[128];
    frai_field_kind kind; /* of a declared field; 0: built in */
    bool met;             /* a document had the key */
};

/* Names that come again, and how often: extensions of files that are not text, keys of documents.
 */
struct tally {
    char name[64];
    size_t len;
    unsigned long long count, bytes;
};
struct tallies {
    struct tally list[64];
    int count;
    unsigned long long others; /* met when the list was full */
};

struct input {
    frai_writer *writer;
    frai_error *err;
    const char *format; /* "auto", "txt", "html", "json" or "jsonl" */
    struct mapping mappings[MAPPINGS_MAX];
    int mapping_count;
    void (*tick)(struct input *);   /* after every document */
    void (*adding)(struct input *); /* before a file's one document, whose id is its path */
    const struct sources *sources;
    struct source *source; /* being read */
    unsigned long long documents, bytes, encodings[ENCODINGS], skipped[SKIP_REASONS];
    unsigned long long textless;   /* documents without a word that can be searched */
    unsigned long long broken;     /* characters that could not be read */
    unsigned long long doubtful;   /* documents taken for CP949 that are hardly Korean ... */
    char doubtful_path[256];       /* ... and where the first one is from */
    unsigned long long keyed;      /* documents that are JSON objects */
    struct tallies not_text, keys; /* extensions; keys */
    frai_status status;            /* of the library; stops the reading */
};

#define MAPPING_WHY 512

/* "title=제목,price:number=가격"; false with a message in `why`. */
bool input_map(struct input *in, const char *specs, char why[MAPPING_WHY]);

/* The key of ids. */
bool input_map_id(struct input *in, const char *key, char why[MAPPING_WHY]);

/* Reads a file that was listed. False: it was named and can't be read (errno), or in->status is
 * set. */
bool input_read(struct input *in, struct source *source);

/* Reads the open file of in->source. False: in->status is set. */
bool input_read_file(struct input *in, FILE *file, const char *path);

/* After the last file: says on stderr how much more was left out than was named, which files are
 * not text, which keys no document had. */
void input_report(const struct input *in);

/* Why nothing that was read can be searched, in the user's language; NULL: something can, or
 * nothing was to be read. */
const char *input_useless(const struct input *in);

const char *skip_name(enum skip reason);
unsigned long long skipped_of(const struct input *in);

/* Counts what was left out, and says so on stderr if not too many of its kind were named. */
void skip(struct input *in, const char *path, unsigned long long line, enum skip reason);

/* The same at a column of a line (0: the line, or the file, as a whole), and why; NULL or "": the
 * reason alone. */
void skip_at(struct input *in, const char *path, unsigned long long line, unsigned long long column,
             enum skip reason, const char *why);

/* A file that is not text: its name is said where one would take it for text. */
void skip_binary(struct input *in, const char *path);

/* "larger than 256 MiB", of what may be as large as a document. */
const char *too_large(void);

/* Counts a name; NULL: the list is full. */
struct tally *tally_add(struct tallies *t, const char *name, size_t len);

/* How a file is read. */
enum reading { READING_TEXT, READING_HTML, READING_JSON };

/* By in->format, by the name, and by what the file begins with. */
enum reading reading_of(struct input *in, struct feed *feed, const char *path);

/* Behind the last dot of the last part of a path, in small letters; "" if there is none. */
const char *extension_of(const char *path, char out[16]);
bool is_one_of(const char *word, const char *const *words);

/* Adds a document that was read from a line (0: the whole) of a file. False: it was left out, or
 * in->status is set. */
bool input_add(struct input *in, const frai_document *document, const char *path,
               unsigned long long line, const struct decoded *from);

/* Each adds the documents of one open file. */
void read_text(struct input *in, struct feed *feed, const char *path);
void read_html(struct input *in, struct feed *feed, const char *path);
void read_json(struct input *in, struct feed *feed, const char *path);

/* All of a file as UTF-8, or false having said why not. Frees nothing of the feed. */
bool read_whole(struct input *in, struct feed *feed, const char *path);

/* Whether it begins with an object that has text under a key that is known. */
bool json_is_documents(struct input *in, struct feed *feed);

#endif
