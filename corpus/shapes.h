/* shapes.h: queries that may cost much, at random: combinations of operators over repeated
 * syllables, frequent and rare words, slips, prefixes, numbers and letters, of any size. A shape is
 * small and can be changed a little, so that a search over shapes climbs. */
#ifndef FRAI_CORPUS_SHAPES_H
#define FRAI_CORPUS_SHAPES_H

#include <stddef.h>
#include <stdint.h>

#define SHAPE_PARTS 6u

struct shape_part {
    uint8_t as;      /* a word, a phrase, an exclusion, … */
    uint8_t of;      /* what it is made of */
    uint16_t count;  /* so many of it */
    uint16_t length; /* units in each */
    uint32_t seed;   /* of its words */
};

struct shape {
    struct shape_part part[SHAPE_PARTS];
    uint32_t parts;
    uint32_t flags; /* FRAI_SEARCH_… */
    uint32_t match, rank;
    uint32_t limit, offset;
};

/* Words to choose from, the more frequent ones more often repeated. */
struct vocabulary {
    const char *const *words;
    size_t count;
};

uint64_t shape_random(uint64_t *state, uint64_t below);

void shape_make(struct shape *s, uint64_t *state);
void shape_change(struct shape *s, uint64_t *state);

/* The query; at most `room` bytes, no line ends. Returns its length. */
size_t shape_text(const struct shape *s, const struct vocabulary *v, char *out, size_t room);

/* In a few words. */
void shape_name(const struct shape *s, char *out, size_t room);

#endif
