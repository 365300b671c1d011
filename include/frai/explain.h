/* explain.h: why a document has its score, why it is a hit or none, and how a query was evaluated.
 *
 * Each is a list that belongs to the searcher and lasts until the searcher's next call of these
 * three. Its elements are structs that later releases may lengthen at the end: read them where they
 * are. Of an element beyond the last the functions give NULL, of a list that is NULL a count of 0.
 * The searcher's latest query stays as it is. */
#ifndef FRAI_EXPLAIN_H
#define FRAI_EXPLAIN_H

#include "search.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- why a document has its score ---- */

typedef enum frai_score_kind {
    FRAI_SCORE_TOTAL = 0,    /* the score: the sum of the parts that follow, in their order */
    FRAI_SCORE_TERM = 1,     /* BM25 of a term */
    FRAI_SCORE_SYLLABLE = 2, /* a word of one syllable, with its place in the word */
    FRAI_SCORE_JOINT = 3,    /* pairs of syllables with a space between */
    FRAI_SCORE_NEAR = 4,     /* words close together */
    FRAI_SCORE_LEAD = 5,     /* mentioned early */
    FRAI_SCORE_SHAPE = 6,    /* words begin, end and are joined as typed */
    FRAI_SCORE_TITLE = 7,    /* in the title */
    FRAI_SCORE_TITLED = 8    /* the title is the query: more than any other score */
} frai_score_kind;

typedef struct frai_score_part {
    frai_score_kind kind;
    float value;
    /* of FRAI_SCORE_TOTAL */
    int all_documents; /* the query looks for no word: every document is a hit, with score 0 */
    int by_positions;  /* ranked by positions, not by BM25 alone */
    int any_word;      /* the query asks for any of its words, not for all */
    /* of FRAI_SCORE_TERM */
    uint32_t tf; /* how often the document has it */
    /* "surface": as typed. Of what stands for a word: "form" (of a verb), "stem", "reading" (of Han
     * characters), "value" (of a number), "glued" (over changes of script), "spelling", "name" (in
     * the other script), "news" (a newspaper's abbreviation), "synonym", "completion" (as you
     * type), "initials", "path" (the file's name) */
    const char *term_class;
    frai_slice term;
    uint64_t df;  /* documents that have it */
    float weight; /* idf, times boost and noun; less of what the pair before says already */
    float boost;  /* 1; less of what is not as typed, of question words, endings and the like */
    float noun;   /* 1; less the more likely it is that the word is no noun */
} frai_score_part;

typedef struct frai_explanation frai_explanation;

/* Empty if there is no latest query, or if it looks for nothing. Takes about as long as scoring
 * the document once. Errors: those of frai_searcher_read_field. */
FRAI_API frai_status frai_searcher_explain(frai_searcher *searcher, uint64_t doc,
                                           const frai_explanation **explanation, frai_error *err);
FRAI_API uint32_t frai_explanation_count(const frai_explanation *explanation);
FRAI_API const frai_score_part *frai_explanation_part(const frai_explanation *explanation,
                                                      uint32_t i);

/* ---- why a document is a hit of a query, or none ---- */

typedef enum frai_finding_kind {
    /* Words of the query, in order. */
    FRAI_FINDING_WORD = 0, /* text: the word as typed */
    /* About the word before. */
    FRAI_FINDING_TERM = 1,           /* text: a term that the word is made of */
    FRAI_FINDING_NOT_ADJACENT = 2,   /* every term is there, but not side by side */
    FRAI_FINDING_EXCLUDED = 3,       /* it is there, and excluded */
    FRAI_FINDING_ONLY_FILE_NAME = 4, /* it is only in the name of the document's file */
    FRAI_FINDING_IF_NOT_EXACT = 5,   /* found if it need not be as typed: spacing, particles, ... */
    FRAI_FINDING_AS_PREFIX = 6,      /* found as the beginning of a word: FRAI_SEARCH_PREFIX */
    FRAI_FINDING_CORRECTED = 7,      /* text: what it is found as, one slip away, typed in the other
                                        keyboard layout or as initial consonants */
    FRAI_FINDING_NO_RULE = 8,        /* no rule finds it */
    FRAI_FINDING_FOUND_AS = 12,      /* text: a term that is there and stands for the word, which is
                                        not there as typed */
    /* The last one: the verdict. */
    FRAI_FINDING_HIT = 9,         /* the document has every word */
    FRAI_FINDING_LACKS_WORD = 10, /* no hit with FRAI_MATCH_ALL */
    FRAI_FINDING_NO_WORDS = 11    /* the query has no words */
} frai_finding_kind;

typedef struct frai_finding {
    frai_finding_kind kind;
    int present;  /* of a word or term: the document has it */
    int excluded; /* of a word: it must not be there */
    frai_slice text;
    uint64_t df; /* of a term */
    /* of FRAI_FINDING_FOUND_AS: how it stands for the word, and its boost, as in frai_score_part */
    const char *term_class; /* else NULL */
    float boost;
} frai_finding;

typedef struct frai_diagnosis frai_diagnosis;

/* Tries which rule finds each word in the document; takes a few searches. Of the options flags,
 * interrupt and timeout_us count; NULL: defaults. Errors: those of frai_search and
 * frai_searcher_read_field. */
FRAI_API frai_status frai_searcher_diagnose(frai_searcher *searcher, frai_slice query,
                                            const frai_search_options *options, uint64_t doc,
                                            const frai_diagnosis **diagnosis, frai_error *err);
FRAI_API uint32_t frai_diagnosis_count(const frai_diagnosis *diagnosis);
FRAI_API const frai_finding *frai_diagnosis_finding(const frai_diagnosis *diagnosis, uint32_t i);

/* ---- how the latest query was evaluated ---- */

typedef enum frai_method {
    FRAI_METHOD_NONE = 0,           /* no document can match */
    FRAI_METHOD_FREQUENCY = 1,      /* the document frequency of the only term */
    FRAI_METHOD_WINDOWS = 2,        /* documents one by one, in windows */
    FRAI_METHOD_EVERY_DOCUMENT = 3, /* the reference evaluators */
    FRAI_METHOD_TWO_TERMS = 4,      /* documents of two terms, less those of both */
    FRAI_METHOD_BITS = 5,           /* bits of all terms, in windows */
    FRAI_METHOD_RAREST_TERM = 6,    /* documents of the rarest term; the others sought */
    FRAI_METHOD_ROWS = 7,           /* bits of all terms, by rows of 4096 documents */
    FRAI_METHOD_BLOCK_MAX = 8,      /* ranges of 64 documents, by falling bound */
    FRAI_METHOD_BLOCK_MAX_AND = 9   /* the same of those that have all terms */
} frai_method;

/* A pass over a segment. */
typedef struct frai_plan_step {
    frai_method method;
    uint32_t segment;
    int counted;              /* matches were counted, hits were not wanted */
    uint64_t matches;         /* of a step that counted */
    uint64_t scored, decoded; /* of the others: documents, postings */
} frai_plan_step;

typedef struct frai_query_plan frai_query_plan;

/* Of the latest query, or of terms that were searched for since then. */
FRAI_API frai_status frai_searcher_describe_plan(frai_searcher *searcher,
                                                 const frai_query_plan **plan, frai_error *err);
FRAI_API uint32_t frai_query_plan_count(const frai_query_plan *plan);
FRAI_API const frai_plan_step *frai_query_plan_step(const frai_query_plan *plan, uint32_t i);

#ifdef __cplusplus
}
#endif
#endif
