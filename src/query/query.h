/* query.h: the data structure of a query: its terms, the words that terms cover, and where terms
 * stand in it. The parser fills it word by word (parse.h, compile_word.h), expansions add coverings
 * to words that are there (expand.h); afterwards it is only read. */
#ifndef FR_QUERY_QUERY_H
#define FR_QUERY_QUERY_H

#include "base/vector.h"
#include "frai/search.h"
#include "query/model.h"
#include "text/analyzer.h"

/* A query of this many words or more matches documents that have only some of them. */
#define FR_QUERY_MANY_WORDS 3u

/* Limits. Text after the first FR_QUERY_BYTES_MAX bytes is not read (terms run out long before);
 * a word of more than FR_WORD_SYLLABLES_MAX syllables is matched in parts or as a phrase; of words
 * of one syllable, only the first FR_SYLLABLES_MAX are looked for inside other words too. */
#define FR_QUERY_BYTES_MAX    (64u << 10)
#define FR_QUERY_TERMS_MAX    1024u
#define FR_SYLLABLES_MAX      8u
#define FR_WORD_SYLLABLES_MAX 60u

/* What brought a term into the query, besides what was typed. Other forms have is_form. */
enum fr_term_origin {
    FR_TYPED,
    FR_AS_NEWS,     /* a Han character of newspapers, or what it stands for */
    FR_AS_SPELLING, /* spelled in another way */
    FR_AS_NAME,     /* a name in the other script */
    FR_AS_SYNONYM,
    FR_AS_COMPLETION,
    FR_AS_INITIALS
};

#define FR_NO_QUERY_TERM UINT32_MAX
struct fr_query_term {
    uint32_t key;        /* of a pair; for a word, where its bytes begin in query->bytes */
    uint16_t word_bytes; /* 0: a pair */
    uint8_t term_class;
    bool continues;      /* a pair that, in the query, only occurs after another pair of its run */
    bool is_form;        /* of another form of the word: weighs no more than what it stands for */
    uint8_t origin;      /* enum fr_term_origin */
    float boost;         /* 0: matches, but adds no score */
    uint32_t variant_of; /* scores only in documents without this term; or FR_NO_QUERY_TERM */
    uint32_t in_text;    /* of a path term: the same term in the text; or FR_NO_QUERY_TERM */
};

/* Bit i, and bits [first, end), of the first 64. */
static inline uint64_t fr_bit(uint32_t i)
{
    return i < 64 ? 1ull << i : 0;
}

static inline uint64_t fr_bits_of(uint32_t first, uint32_t end)
{
    uint64_t below = end >= 64 ? ~0ull : fr_bit(end) - 1;
    return below & ~(fr_bit(first) - 1);
}

/* An occurrence of a scored surface term in the query, for ranking by positions. */
struct fr_scored_position {
    uint32_t term;
    uint32_t word;     /* of query->words */
    uint32_t position; /* in syllables, from the start of the query */
    uint32_t span;
    uint32_t other; /* a term that says the same elsewhere; or FR_NO_QUERY_TERM */
};

/* A term that covers some syllables of a word, if it stands `offset` positions after the beginning
 * of the word. */
struct fr_covering {
    uint32_t term;
    uint32_t offset : 30;
    uint32_t starts_eojeol : 1;   /* only where an 어절 starts with the word */
    uint32_t after_maybe_gap : 1; /* in a phrase: the text may lack the gap before this term */
    uint64_t mask;                /* the syllables, a bit each; of a phrase, only the first 64 */
};

/* A term in the order in which a score is summed. Alternatives, a term and other forms of it,
 * follow one another; of these only the best scores (a disjunction max). */
struct fr_summand {
    uint32_t term;
    uint32_t typed; /* beside which it doesn't score; or FR_NO_QUERY_TERM */
    bool begins;    /* the first of its alternatives */
};

/* What stands between spaces in a query, or between quotes (a phrase). A document has the word if
 * coverings at consistent positions cover all its syllables; it has a phrase if it has every
 * covering at consistent positions. */
struct fr_query_word {
    uint32_t first, count; /* of query->coverings */
    uint32_t syllable_count;
    /* How many leading syllables suffice in a query of many words that asks for any of them: Korean
     * words of four syllables or more vary in their last two (발생했는가, 발생한). */
    uint32_t min_syllables;
    uint64_t dotted; /* syllables that follow a dot as a file's extension does, a bit each */
    bool negative;   /* excluded: it is matched, but not scored, marked or corrected */
    bool phrase;
    bool gaps;           /* a phrase that crosses the end of a sentence */
    bool completes;      /* as you type: the text may go on */
    float share;         /* weight of a lone syllable as a term, relative to content */
    uint16_t syllable;   /* the syllable, if the word is just one; else 0 */
    uint32_t begin, end; /* bytes of the query text */
    /* The folded word without particle and punctuation, in query->bytes, which expand.c looks up.
     * 0 bytes if nothing may stand for the word (quoted, or an exact search). */
    uint32_t stem_at, stem_bytes;
    uint32_t form_bytes;    /* the same with its particle */
    uint32_t content_bytes; /* of the folded word: what stands before an ending or a particle, if it
                               may be a noun that the lexicon knows; else 0 */
    bool predicate;         /* ... an ending */
};

/* A query is a tree whose leaves are words; a document is a hit if the root holds for it. An AND
 * without children always holds, an OR without children never does. */
enum fr_node_kind { FR_NODE_WORD, FR_NODE_PHRASE, FR_NODE_AND, FR_NODE_OR, FR_NODE_NOT };

/* Of a word that is a lone syllable: where that has to stand. */
enum fr_syllable_place {
    FR_PLACE_NONE, /* the word is none */
    FR_PLACE_ANY,
    FR_PLACE_EOJEOL_START,
    FR_PLACE_WHOLE_WORD
};

#define FR_NO_NODE UINT32_MAX
struct fr_query_node {
    enum fr_node_kind kind;
    uint32_t next;        /* child of the same parent; or FR_NO_NODE */
    uint32_t first_child; /* of AND, OR and NOT, which has one; or FR_NO_NODE */
    /* The rest is of leaves. A word has the same in all leaves of a tree. */
    uint32_t word;   /* of query->words */
    uint32_t count;  /* of its coverings, the first ones, that are looked for */
    uint32_t needed; /* of its syllables, the first ones, that have to be there */
    /* Of a word: syllables, a bit each. Where each of them has a term that covers it, all do. */
    uint64_t decisive;
    enum fr_syllable_place place;
};
FR_VECTOR_TYPE(fr_query_nodes, struct fr_query_node); /* trees: see tree.h */

/* A repeated line that shares a term with the query (boilerplate.h). */
struct fr_query_line {
    uint32_t term, span;
};

struct fr_query {
    const struct fr_boosts *boosts;        /* of terms that stand for a word */
    FR_VECTOR(struct fr_query_term) terms; /* distinct */
    FR_VECTOR(struct fr_covering) coverings;
    FR_VECTOR(struct fr_query_word) words; /* distinct */
    struct fr_query_nodes nodes;
    FR_VECTOR(struct fr_summand) summands;      /* of all terms; none if no term is a variant */
    FR_VECTOR(struct fr_scored_position) units; /* ascending */
    FR_VECTOR(uint32_t) sequence; /* of a pre-tokenized text: the term of each token */
    FR_VECTOR(struct fr_query_line) repeated;
    struct fr_buf bytes;
    enum fr_term_origin origin; /* of terms that are put from now on */
    struct fr_buf title;        /* what a title has to be to be the query (text/title.h) */
    uint32_t titled;            /* the term of such titles; or FR_NO_QUERY_TERM */
    bool truncated;             /* terms beyond FR_QUERY_TERMS_MAX were left out */
    bool all_documents;         /* a "*" as a word of its own */
    uint32_t empty;             /* exclusions in which there is nothing to look for */
    uint32_t unclear;           /* words after a dash that excludes nothing: -6도, –6 */
    uint32_t ignored;           /* words beyond the limits: left out, or looked for in part */
    uint32_t required_count;    /* words that are not excluded */
    uint32_t syllables;         /* positions that these take, so far */
    /* Roots of the tree that asks for all words, of the tree that asks for any, and of whichever of
     * the two the query asks for. */
    uint32_t all, any, root;
};

void fr_query_init(struct fr_query *q, const frai_allocator *mem);
void fr_query_deinit(struct fr_query *q);
void fr_query_clear(struct fr_query *q);

/* Did memory run out while it was filled? */
bool fr_query_failed(const struct fr_query *q);

/* Puts the summands of a query whose terms are final. */
void fr_query_order_summands(struct fr_query *q);

/* Treats the query as part of one with `positive` words, if it has fewer itself: among
 * FR_QUERY_MANY_WORDS words a lone syllable is a term like any other, a whole word. */
void fr_query_place_among(struct fr_query *q, uint32_t positive);

/* Is the lone syllable also looked for at the end of other syllables' pairs? Only where it is all
 * that is asked for. */
static inline bool fr_syllable_is_inside(const struct fr_query *q, const struct fr_query_word *w)
{
    return q->required_count == 1 && !w->negative;
}

/* Does the query only say what to leave out? */
static inline bool fr_query_only_excludes(const struct fr_query *q)
{
    return q->required_count == 0 && !q->all_documents && fr_vec_count(&q->words) > 0;
}

static inline struct fr_query_word *fr_query_word_at(const struct fr_query *q, size_t i)
{
    return &fr_vec_at(&q->words, i);
}

static inline struct fr_query_term *fr_query_term_at(const struct fr_query *q, size_t i)
{
    return &fr_vec_at(&q->terms, i);
}

static inline struct fr_covering *fr_query_covering_at(const struct fr_query *q, size_t i)
{
    return &fr_vec_at(&q->coverings, i);
}

/* Moves the coverings of w, a word of q, to the end, so that more can be added. */
void fr_query_reopen(struct fr_query *q, struct fr_query_word *w);

/* The number of a term, which is added if it is new; FR_NO_QUERY_TERM if there are too many. */
uint32_t fr_query_put_term(struct fr_query *q, uint8_t term_class, uint32_t key, const char *word,
                           size_t word_bytes, float boost);

/* Says that the term begins a run somewhere in the query: no pair before it has its first syllable.
 */
void fr_query_begin_run(struct fr_query *q, uint32_t term);

/* Adds a covering to the word whose coverings are the last ones. */
void fr_query_put_covering(struct fr_query *q, struct fr_query_word *w, uint32_t term,
                           uint32_t offset, uint64_t mask);

/* How many of the word's coverings are terms of the text. Those of file names come after them. */
uint32_t fr_query_text_coverings(const struct fr_query *q, const struct fr_query_word *w);

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

/* How a term stands for what was typed: "form", "synonym", …; else the name of its class. */
const char *fr_query_term_kind(const struct fr_query_term *t);

/* A term as text; `pair` is room for the two characters of a pair. */
static inline frai_slice fr_query_term_text(const struct fr_query *q, const struct fr_query_term *t,
                                            char pair[8])
{
    return t->word_bytes ? fr_query_term_bytes(q, t)
                         : (frai_slice){pair, fr_pair_text(t->key, pair)};
}

#endif
