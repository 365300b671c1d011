/* synonyms.h: a user's own list of words that mean the same: a line of them, commas between.
 *
 *   불어, 프랑스어, French
 *   # a comment */
#ifndef FR_QUERY_SYNONYMS_H
#define FR_QUERY_SYNONYMS_H

#include "base/vector.h"
#include "frai/search.h"
#include "text/analyzer.h"

struct fr_synonym {
    uint32_t key_at, key_bytes;   /* folded, one space between words */
    uint32_t text_at, text_bytes; /* as it is written */
    uint32_t group;
};

struct fr_synonyms {
    struct fr_buf bytes;                  /* of all entries, end to end */
    FR_VECTOR(struct fr_synonym) entries; /* by group and as listed */
    FR_VECTOR(uint32_t) by_key;           /* entries by key, then as listed */
    FR_VECTOR(uint32_t) groups;           /* the first entry of each group, and the end */
};

void fr_synonyms_init(struct fr_synonyms *s, const frai_allocator *mem);
void fr_synonyms_deinit(struct fr_synonyms *s);

/* Replaces the list; an empty text leaves none. False: out of memory. */
bool fr_synonyms_set(struct fr_synonyms *s, frai_slice text);

/* The others of the groups that `key` is in, each once, in the order of the list: at most `room`
 * of them; returns how many. */
uint32_t fr_synonyms_of(const struct fr_synonyms *s, frai_slice key, frai_slice *others,
                        uint32_t room);

#endif
