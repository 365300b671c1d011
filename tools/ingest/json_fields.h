/* json_fields.h: one JSON object → the values of the keys that documents are made of. */
#ifndef FRAI_TOOLS_JSON_FIELDS_H
#define FRAI_TOOLS_JSON_FIELDS_H

#include "input.h"

enum { KEY_ID, KEY_TITLE, KEY_TEXT, KEY_BODY, KEY_URL, KEY_PATH, KEY_DATE, KEY_SOURCE, KEYS };

struct json_value {
    const char *key;
    size_t key_len;
    const char *between; /* the parts of a list */
    struct buffer text;  /* of the latest object */
    bool met;
};

struct json_fields {
    struct json_value values[KEYS + MAPPINGS_MAX]; /* those of mappings behind KEYS */
    int count;
    struct tallies *keys; /* get all keys that are met; may be NULL */
};

enum json_result { JSON_DONE, JSON_MALFORMED, JSON_MEMORY };

struct json_fault {
    size_t at; /* byte of the text */
    char why[160];
};

void json_fields_init(struct json_fields *f, const struct input *in);
void json_fields_free(struct json_fields *f);

/* Reads an object. U+FFFD stands for halves of surrogate pairs, counted in *broken. A list or an
 * object under a key gives its parts. Strings may have NULs, numbers keep their digits. The last of
 * equal keys counts. */
enum json_result json_read_object(struct json_fields *f, frai_slice text,
                                  unsigned long long *broken, struct json_fault *fault);

frai_slice json_value_of(const struct json_fields *f, int key);

#endif
