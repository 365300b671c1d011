/* parse.h: query text → words to match and terms to score. Every string is a query. */
#ifndef FR_QUERY_PARSE_H
#define FR_QUERY_PARSE_H

#include "text/analyzer.h"
#include "text/stem.h"

#define FR_QUERY_TERMS_MAX 1024u
#define FR_WORD_ATOMS_MAX  60u /* a longer word is matched in parts */

struct fr_query_term {
    uint32_t key;        /* of a pair; for a word, where its bytes begin in query->bytes */
    uint16_t word_bytes; /* 0: a pair */
    uint8_t term_class;
    float boost; /* 0: matches, but is not scored */
};

/* A term that covers some syllables of a word, when it stands `offset` positions from its start. */
struct fr_alternative {
    uint32_t term;
    uint16_t offset;
    uint64_t mask; /* atoms covered */
};

/* What stands between spaces in a query (a phrase: between quotes). A document has the word when
 * alternatives at consistent positions cover all its atoms; a phrase needs every alternative. */
struct fr_query_word {
    uint32_t first, count; /* of query->alternatives */
    uint32_t atoms;
    bool negative, phrase;
    uint16_t syllable;   /* a lone syllable, else 0 */
    uint32_t begin, end; /* bytes of the query text */
};

struct fr_query {
    struct fr_buf terms;        /* struct fr_query_term, distinct */
    struct fr_buf alternatives; /* struct fr_alternative */
    struct fr_buf words;        /* struct fr_query_word */
    struct fr_buf sequence;     /* pre-cut terms: uint32_t term of each token, in order */
    struct fr_buf bytes;
    bool truncated; /* more than FR_QUERY_TERMS_MAX terms: the rest is left out */
    uint32_t positive;
};

void fr_query_init(struct fr_query *q, const frai_allocator *mem);
void fr_query_deinit(struct fr_query *q);

/* exact: no stems. False: out of memory. */
bool fr_query_parse(struct fr_query *q, frai_slice text, struct fr_analyzer *analyzer,
                    struct fr_stemmer *stemmer, bool exact);

static inline frai_slice fr_query_term_bytes(const struct fr_query *q,
                                             const struct fr_query_term *t)
{
    return (frai_slice){(const char *)q->bytes.data + t->key, t->word_bytes};
}

#endif
