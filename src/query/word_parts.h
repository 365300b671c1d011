/* word_parts.h: a word of the query while terms are put that cover its syllables; for
 * compile_word.c and cover_number.c alone. */
#ifndef FR_QUERY_WORD_PARTS_H
#define FR_QUERY_WORD_PARTS_H

#include "query/query.h"
#include "text/stem.h"

/* One word being put together. */
struct fr_word_parts {
    struct fr_query *q;
    struct fr_query_word *w;
    const struct fr_analyzer *a;
    struct fr_stemmer *stemmer;
    uint32_t first_position; /* of the word's first token in the analyzer */
    bool moves;              /* what comes may stand nearer in the text: it may lack a gap */
    float boost;             /* of a surface term */
};

/* Puts a term that covers the syllables of the mask; boost: next to a surface term's. */
uint32_t fr_cover(struct fr_word_parts *p, uint8_t term_class, frai_slice word, float boost,
                  uint32_t offset, uint64_t mask);
uint32_t fr_cover_pair(struct fr_word_parts *p, uint32_t first, uint32_t second, float boost,
                       uint32_t offset, uint64_t mask);

/* Removes the coverings of these syllables: only what is put next covers them. */
void fr_uncover(struct fr_query *q, struct fr_query_word *w, uint64_t mask);

static inline bool fr_is_digits(frai_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
    return text.len > 0;
}

#endif
