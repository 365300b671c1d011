/* search.h: read an index.
 *
 * frai_index is an immutable snapshot of one commit: share it between threads. frai_searcher is
 * scratch: one a thread. Refreshing is opening a new snapshot; old ones stay valid.
 *
 * What points into a searcher is valid until its next call of the same kind: results until the next
 * search, fields and passages until the next field or passage, what explain.h gives until its next
 * call there. A query may be such a slice.
 *
 * The latest query is that of the last frai_search; one that failed, and frai_search_terms, leave
 * none. No other call changes it. After any error a searcher goes on working. */
#ifndef FRAI_SEARCH_H
#define FRAI_SEARCH_H

#include "common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct frai_index frai_index;
typedef struct frai_searcher frai_searcher;

typedef struct frai_open_options {
    size_t struct_size;
    const frai_allocator *allocator; /* NULL: libc */
    uint64_t searcher_memory; /* bytes that each searcher may hold; 0: any number. What needs more
                                 fails with FRAI_ERR_MEMORY, and the searcher gives back what it
                                 can */
} frai_open_options;
#define FRAI_OPEN_OPTIONS_INIT                                                                     \
    {                                                                                              \
        sizeof(frai_open_options), 0, 0                                                            \
    }

typedef enum frai_match {
    FRAI_MATCH_AUTO = 0, /* one or two words: documents with all of them, behind them those with
                            some; three or more: those with any, by how much they have */
    FRAI_MATCH_ALL = 1,
    FRAI_MATCH_ANY = 2
} frai_match;

typedef enum frai_rank {
    FRAI_RANK_DEFAULT = 0, /* BM25, then the best hundred by what positions know */
    FRAI_RANK_BM25 = 1     /* BM25 alone, with the index's k1 and b */
} frai_rank;

#define FRAI_SEARCH_EXACT       1u /* words as typed: no stems, spacing rules or names of files */
#define FRAI_SEARCH_COUNT_EXACT 2u /* info.total is exact however large */
#define FRAI_SEARCH_NO_FIX      4u /* no corrections: search for what was typed */
#define FRAI_SEARCH_NO_TOTAL    8u /* don't count: info.total is a lower bound, the hits at least */
#define FRAI_SEARCH_FUZZY       16u /* a word that no document has is searched as one a slip away */
#define FRAI_SEARCH_PREFIX      32u /* as you type: the last word may go on */
#define FRAI_SEARCH_STRICT_LIMITS                                                                  \
    64u /* words beyond the limits, exclusions of punctuation alone, and dashes that exclude       \
           nothing (-6, --amend, and longer dashes) are an error; without it they are left out, or \
           text */

#define FRAI_QUERY_WORDS_MAX 128u /* different words of a query; the others are left out */
#define FRAI_LIMIT_MAX       10000000u
#define FRAI_TOTAL_EXACT_MAX                                                                       \
    1000u /* totals up to here are exact without FRAI_SEARCH_COUNT_EXACT                           \
           */

/* What a search says of itself. Its slices last as long as the results. */
typedef struct frai_search_info {
    size_t struct_size;
    uint64_t total; /* matching documents; a lower bound if total_is_exact is 0 */
    int total_is_exact;
    int no_hit_has_all_words; /* every hit has some of the words only */
    int truncated;            /* the query had too many terms; the last ones were left out */
    frai_slice rewritten;     /* the query as it was corrected; empty: as typed */
    uint64_t scored_docs, decoded_postings; /* work done */
    uint32_t hits_with_all_words;           /* of the hits returned */
    frai_slice suggestion;  /* what words that occur in no document may have meant; or empty */
    frai_slice missing;     /* if the query has two words or more: those that occur in no matching
                               document (without any hit: in no document), as typed, separated by
                               '\n' */
    uint32_t words_ignored; /* words beyond the limits: left out, or searched for in part */
    uint32_t words;         /* distinct words and phrases; 0: the query has nothing to look for */
    int all_words_first;    /* hits with all words come before the others */
} frai_search_info;
#define FRAI_SEARCH_INFO_INIT                                                                      \
    {                                                                                              \
        sizeof(frai_search_info), 0, 0, 0, 0, {0, 0}, 0, 0, 0, {0, 0}, {0, 0}, 0, 0, 0             \
    }

typedef struct frai_search_options {
    size_t struct_size;
    uint32_t limit;  /* documents wanted, 1 to FRAI_LIMIT_MAX; default 10 */
    uint64_t offset; /* documents skipped; offset + limit at most FRAI_LIMIT_MAX */
    frai_match match;
    uint32_t flags; /* FRAI_SEARCH_… */
    frai_rank rank;
    int (*interrupt)(void *arg); /* NULL, or asked often: any answer but 0 ends the call */
    void *interrupt_arg;
    uint64_t timeout_us; /* after so many microseconds the call ends; 0: never */
} frai_search_options;
#define FRAI_SEARCH_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(frai_search_options), 10, 0, FRAI_MATCH_AUTO, 0, FRAI_RANK_DEFAULT, 0, 0, 0         \
    }

/* What a search found. It belongs to the searcher and lasts until the searcher's next frai_search
 * or frai_search_terms, or its end. Every function takes NULL: no results. */
typedef struct frai_results frai_results;

FRAI_API uint32_t frai_results_count(const frai_results *results);

/* Hit i, best first: its document, a number within this snapshot, and its score, which has no unit
 * and is comparable within one query and snapshot. From the count on UINT64_MAX and 0. */
FRAI_API uint64_t frai_results_doc(const frai_results *results, uint32_t i);
FRAI_API float frai_results_score(const frai_results *results, uint32_t i);

FRAI_API void frai_results_read_info(const frai_results *results, frai_search_info *info);

/* Opens the newest committed state of the index in `dir`. options NULL: defaults.
 *
 * FRAI_ERR_NOT_FOUND  no directory, or no index in it
 * FRAI_ERR_CORRUPT    manifest, header or section table is damaged; err->message names the file
 * FRAI_ERR_TOO_OLD, FRAI_ERR_TOO_NEW   of another format; build it again, or use a newer library
 * FRAI_ERR_IO, FRAI_ERR_MEMORY */
FRAI_API frai_status frai_index_open(const char *dir, const frai_open_options *options,
                                     frai_index **index, frai_error *err);
FRAI_API void frai_index_close(frai_index *index); /* after its searchers; NULL is fine */

/* Living documents. */
FRAI_API uint64_t frai_index_document_count(const frai_index *index);

/* 1 if the newest manifest was damaged and the one before it was opened instead. */
FRAI_API int frai_index_used_previous_commit(const frai_index *index);

FRAI_API frai_status frai_searcher_create(frai_index *index, frai_searcher **searcher,
                                          frai_error *err);
FRAI_API void frai_searcher_destroy(frai_searcher *searcher); /* NULL is fine */

/* Bytes that the searcher holds now, itself included. What zstd keeps to read stored text, some
 * hundred KiB of each segment, is in it, but not under frai_open_options.searcher_memory. */
FRAI_API uint64_t frai_searcher_memory(const frai_searcher *searcher);

#define FRAI_SYNONYMS_MAX 64u

/* Words that mean the same, for the searcher's later queries: a line of them, commas between, "#"
 * begins a comment. Each may be several words; of those that mean the same as a word the first
 * FRAI_SYNONYMS_MAX are searched for. An empty text takes the list back.
 * FRAI_ERR_MEMORY   the list from before stays */
FRAI_API frai_status frai_searcher_set_synonyms(frai_searcher *searcher, frai_slice text,
                                                frai_error *err);

/* Finds the documents that best match `query`.
 *
 *   query      UTF-8. Broken bytes read as U+FFFD; they are not an error. Everything is a word but:
 *              "quoted"   a phrase: these terms side by side, a sentence end where the quote has
 *                         one, however long it is
 *              -word      excludes, as do -"a phrase" and -(each of these), where the "-" follows a
 *                         space. Before a digit it is a minus (-6도); -"6도" excludes. A dash that
 *                         nothing follows, two dashes and those of other kinds are text.
 *              *          as a word of its own: all documents. Beside words it changes nothing;
 *                         "* -word" is all documents without the word, in their order, with
 *                         score 0.
 *              A query that only excludes is a syntax error.
 *   options    NULL for defaults. options->limit is in documents (default 10).
 *   results    the hits, best first. No match is FRAI_OK with a count of 0. NULL on failure.
 *
 * Score is BM25 over character bigrams (Robertson & Zaragoza, The Probabilistic Relevance
 * Framework, 2009, in Lucene's form, without the factor k1 + 1); by default the best hundred are
 * ranked again by what positions know: near, early, spaced as typed, in the title. Equal scores
 * come in ascending document order, so the same snapshot always gives the same list, and pages
 * follow each other. With one or two words, documents with all of them come first
 * (info.hits_with_all_words of them), then the others; if a word reads as several words written
 * without spaces, documents with the separate words come after those that have it whole.
 *
 * FRAI_ERR_ARGUMENT  NULL, limit is 0, offset + limit above FRAI_LIMIT_MAX, an unknown match, rank
 *                    or flag; with FRAI_SEARCH_STRICT_LIMITS, a query that is too long
 * FRAI_ERR_SYNTAX    the query only says what to leave out
 * FRAI_ERR_CORRUPT   a block failed its check; err->message names segment and section
 * FRAI_ERR_CANCELED  options->interrupt said so, or options->timeout_us are over
 * FRAI_ERR_MEMORY
 *
 * Threads: one searcher per thread. Blocks on page faults, never on locks. */
FRAI_API frai_status frai_search(frai_searcher *searcher, frai_slice query,
                                 const frai_search_options *options, const frai_results **results,
                                 frai_error *err);

/* A field of a document as it was given: "id", "title", "body", "url", "path", "date", "source" or
 * a declared one; empty if the document has none.
 *
 * FRAI_ERR_ARGUMENT   no such document, or deleted, or no such field in this index
 * FRAI_ERR_CORRUPT, FRAI_ERR_MEMORY */
FRAI_API frai_status frai_searcher_read_field(frai_searcher *searcher, uint64_t doc,
                                              frai_slice field, frai_slice *value, frai_error *err);

/* Bytes of a text. Stands in arrays: it never grows. */
typedef struct frai_span {
    uint64_t begin, end;
} frai_span;

/* A part of a field. */
typedef struct frai_passage {
    size_t struct_size;
    frai_slice text;           /* cut at whole characters */
    uint64_t offset;           /* of text in the field */
    int cut_before, cut_after; /* something but white space was left out before, behind */
    const frai_span *spans; /* all matched syllables in it, bytes of the field; ascending, apart */
    uint64_t span_count;
} frai_passage;
#define FRAI_PASSAGE_INIT                                                                          \
    {                                                                                              \
        sizeof(frai_passage), {"", 0}, 0, 0, 0, 0, 0                                               \
    }

/* As `characters`, and any number above it: the whole text, however long. */
#define FRAI_PASSAGE_WHOLE (1u << 20)

/* The part of a field, at most about `characters` of them, that shows most of what the searcher's
 * latest query matches. Lines that the corpus repeats are shown last and their matches are not
 * marked, but for the whole text. Without a match it is the field's beginning. Takes time in
 * proportion to the field.
 *
 * Errors: those of frai_searcher_read_field. */
FRAI_API frai_status frai_searcher_make_passage(frai_searcher *searcher, uint64_t doc,
                                                frai_slice field, uint32_t characters,
                                                frai_passage *passage, frai_error *err);

/* The document with this id.
 * FRAI_ERR_NOT_FOUND  there is none */
FRAI_API frai_status frai_index_find(const frai_index *index, frai_slice id, uint64_t *doc,
                                     frai_error *err);

#ifdef __cplusplus
}
#endif
#endif
