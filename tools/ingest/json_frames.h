/* json_frames.h: where the objects of JSON lines, of an array or of a row of values begin and end,
 * by brackets and quotes alone. Works on UTF-8 and CP949 alike: no second byte of theirs is one. */
#ifndef FRAI_TOOLS_JSON_FRAMES_H
#define FRAI_TOOLS_JSON_FRAMES_H

#include <stdbool.h>

#include "frai/common.h"

/* An object that is looked through: what is known at `at`. */
struct json_scan {
    size_t at;
    unsigned long depth;
    bool in_string, escaped, lines; /* lines: it goes over a line's end */
    char last;                      /* that was no white space */
};

enum json_step { JSON_FOUND, JSON_MORE, JSON_WRONG };

/* Goes on from s->at. FOUND: s->at is its end. WRONG: at s->at stands what can't be there. */
enum json_step json_scan_object(struct json_scan *s, frai_slice text);

/* Where one is between objects. Those that are in no array may have a comma behind them, as what is
 * copied out of one has. */
struct json_place {
    bool in_array, follows; /* follows: an element, so that in an array a comma comes first */
    bool comma;             /* ... which was there: in an array an element has to come */
};

/* Goes on from *at to where an object begins. MORE: the text ends before one. */
enum json_step json_next_object(struct json_place *p, frai_slice text, size_t *at);

#endif
