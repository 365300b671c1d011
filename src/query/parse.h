/* parse.h: query text → words to match and terms to score. Every string is a query. */
#ifndef FR_QUERY_PARSE_H
#define FR_QUERY_PARSE_H

#include "frai/search.h"
#include "text/analyzer.h"
#include "text/stem.h"

/* From so many words on a document need not have them all. */
#define FR_QUERY_MANY_WORDS   3u
#define FR_LONG_WORD          4u          /* syllables */
#define FR_QUERY_BYTES_MAX    (64u << 10) /* that are looked at; terms run out long before */
#define FR_QUERY_TERMS_MAX    1024u
#define FR_SYLLABLES_MAX      8u  /* words of one syllable that are looked for inside others too */
#define FR_WORD_SYLLABLES_MAX 60u /* a longer word is matched in parts, or as a phrase */

#define FR_NO_QUERY_TERM UINT32_MAX
struct fr_query_term {
    uint32_t key;        /* of a pair; for a word, where its bytes begin in query->bytes */
    uint16_t word_bytes; /* 0: a pair */
    uint8_t term_class;
    bool continues; /* a pair that only stands behind another one in its run */
    float boost;    /* 0: matches, but is not scored */
    uint32_t
        variant_of;   /* scores only where this term is not in the document; or FR_NO_QUERY_TERM */
    uint32_t in_text; /* of a path term: the same in the text, which weighs more; or none */
};

/* A scored surface term where it stands in the query, for ranking by positions. */
struct fr_scored_position {
    uint32_t term;
    uint32_t word;     /* of query->words */
    uint32_t position; /* syllables from the query's start */
    uint32_t span;
};

/* A term that covers some syllables of a word, when it stands `offset` positions from its start. */
struct fr_covering {
    uint32_t term;
    uint32_t offset : 31;
    uint32_t after_maybe_gap : 1; /* of a phrase: the text may lack the gap before it */
    uint64_t mask;                /* atoms covered; of a phrase, the first 64 only */
};

/* Boosts of what stands for a word, next to 1 for the word itself. */
#define FR_BOOST_STEM       0.5f
#define FR_BOOST_READING    0.25f /* of each syllable */
#define FR_BOOST_VALUE      0.5f
#define FR_BOOST_GLUED      0.5f
#define FR_BOOST_SPELLING   0.5f
#define FR_BOOST_NEWS       0.3f
#define FR_BOOST_SYNONYM    0.5f
#define FR_BOOST_COMPLETION 0.3f
#define FR_BOOST_PATH       0.01f /* of what the same weighs in the text */

/* What stands between spaces in a query (a phrase: between quotes). A document has the word when
 * alternatives at consistent positions cover all its atoms; a phrase needs every alternative. */
struct fr_query_word {
    uint32_t first, count; /* of query->alternatives */
    uint32_t syllable_count;
    uint64_t dotted; /* atoms that stand as an extension does, behind a dot */
    /* Where any word will do, among many, its first `enough` atoms will: Korean words of four
     * syllables and more change in their last two (발생했는가, 발생한). */
    uint32_t min_syllables;
    bool negative, phrase;
    bool gaps;           /* a phrase: sentences end in it */
    uint16_t syllable;   /* a lone syllable, else 0 */
    uint32_t begin, end; /* bytes of the query text */
    /* What expand.c looks up: the folded characters without particle and punctuation, in
     * query->bytes. 0 bytes where nothing may stand for the word (in quotes, exact). */
    uint32_t stem_at, stem_bytes;
    bool completes; /* as you type: the text may go on */
};

/* A repeated line that shares a term with the query (lines.h). */
struct fr_query_line {
    uint32_t term, span;
};

struct fr_query {
    struct fr_buf terms;        /* struct fr_query_term, distinct */
    struct fr_buf alternatives; /* struct fr_covering */
    struct fr_buf words;        /* struct fr_query_word */
    struct fr_buf units;        /* struct fr_scored_position, in order */
    struct fr_buf sequence;     /* pre-tokenized terms: uint32_t term of each token, in order */
    struct fr_buf bytes;
    struct fr_buf repeated; /* struct fr_query_line */
    bool truncated;         /* more than FR_QUERY_TERMS_MAX terms: the rest is left out */
    bool all_documents;     /* a "*" as a word of its own */
    uint32_t empty;         /* exclusions that have nothing to look for */
    uint32_t unclear;       /* words with a dash before them that excludes nothing: -6도, –6 */
    uint32_t ignored;       /* words beyond the limits, left out or looked for in part */
    uint32_t required_count;
    uint32_t syllables; /* positions of the positive words so far */
};

void fr_query_init(struct fr_query *q, const frai_allocator *mem);
void fr_query_deinit(struct fr_query *q);
void fr_query_clear(struct fr_query *q);

#define FR_PARSE_EXACT 1u /* words as typed: each is a phrase */
#define FR_PARSE_WHOLE                                                                             \
    2u /* a word too long to be covered, or that a sentence ends in, is a phrase */
#define FR_PARSE_PLAIN 4u /* "-" and "*" are text; quotes are not */

/* how: FR_PARSE_…. False: out of memory. */
bool fr_query_parse(struct fr_query *q, frai_slice text, struct fr_analyzer *analyzer,
                    struct fr_stemmer *stemmer, uint32_t how);

/* Takes the query as a part of one of so many positive words, if it has fewer: among three words or
 * more a lone syllable is a term like others, a whole word. */
void fr_query_place_among(struct fr_query *q, uint32_t positive);

/* Does the query only say what to leave out? */
static inline bool fr_query_only_excludes(const struct fr_query *q)
{
    return q->required_count == 0 && !q->all_documents && q->words.len > 0;
}

/* cover.c: one word, from text[begin, end), analyzed by itself; several where a sentence ends in
 * it, unless it is `whole`. False: out of memory. */
struct fr_word_kind {
    bool negative, phrase, whole;
};
bool fr_query_put_word(struct fr_query *q, frai_slice text, size_t begin, size_t end,
                       struct fr_word_kind kind, struct fr_analyzer *analyzer,
                       struct fr_stemmer *stemmer);

/* ---- for expand.c and complete.c: more alternatives for a word ---- */

/* Makes w, a word of q, the last one in q->alternatives, so that more can be put behind its own. */
void fr_query_reopen(struct fr_query *q, struct fr_query_word *w);

/* The number of a term, new or known, or FR_NO_QUERY_TERM if there are too many. */
uint32_t fr_query_put_term(struct fr_query *q, uint8_t term_class, uint32_t key, const char *word,
                           size_t word_bytes, float boost);

/* The term begins a run: its first syllable has not been said by a pair before. */
void fr_query_begin_run(struct fr_query *q, uint32_t term);

/* The term covers the atoms in mask when it stands `offset` positions from the word's start. */
void fr_query_put_covering(struct fr_query *q, struct fr_query_word *w, uint32_t term,
                           uint32_t offset, uint64_t mask);

/* How many of the word's alternatives the text has; those of names stand behind them. */
uint32_t fr_query_text_coverings(const struct fr_query *q, const struct fr_query_word *w);

/* The whole word may be this text instead; it may have spaces. False: out of memory. */
bool fr_query_put_text(struct fr_query *q, struct fr_query_word *w, struct fr_analyzer *a,
                       frai_slice text, float boost);

static inline frai_slice fr_query_slice(const struct fr_query *q, size_t at, size_t len)
{
    return (frai_slice){len ? (const char *)q->bytes.data + at : NULL, len};
}

static inline frai_slice fr_query_stem(const struct fr_query *q, const struct fr_query_word *w)
{
    return fr_query_slice(q, w->stem_at, w->stem_bytes);
}

static inline frai_slice fr_query_term_bytes(const struct fr_query *q,
                                             const struct fr_query_term *t)
{
    return fr_query_slice(q, t->key, t->word_bytes);
}

/* What a term is, to be read; `pair` has room for the two characters of one. */
static inline frai_slice fr_query_term_text(const struct fr_query *q, const struct fr_query_term *t,
                                            char pair[8])
{
    return t->word_bytes ? fr_query_term_bytes(q, t)
                         : (frai_slice){pair, fr_pair_text(t->key, pair)};
}

#endif
