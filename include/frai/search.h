/* search.h: read an index.
 *
 * A frai_index is an immutable snapshot of one commit. Threads may share it; it may be opened and
 * closed while a writer is open. To see a later commit, open the directory again: older snapshots
 * stay valid. A frai_searcher is the working memory of a search over one index; it serves one
 * thread at a time. Searchers of one index call its allocator from their own threads.
 *
 * Documents have the numbers 0, 1, 2, ... within a snapshot; deleted ones keep theirs until a merge
 * drops them, and calls that name them fail with FRAI_ERR_ARGUMENT.
 *
 * What points into a searcher is valid until its next call of the same kind: results until the next
 * search, fields and passages until the next field or passage, lists of explain.h until the next
 * call of that header. A query may be such a slice.
 *
 * The latest query is that of the last frai_search; a failed one, and frai_search_terms, leave
 * none. No other call changes it. A searcher and an index stay usable after every error.
 *
 * Files are mapped into memory. If another program truncates a file of the index, or if its disk
 * fails, reading raises SIGBUS. */
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
    uint64_t searcher_memory; /* bytes that each searcher may hold; 0: any number, but a search may
                                 add only FRAI_SEARCH_MEMORY and 128 for each hit that it asks for.
                                 What needs more fails with FRAI_ERR_MEMORY, and the searcher gives
                                 back what it can */
} frai_open_options;
#define FRAI_OPEN_OPTIONS_INIT                                                                     \
    {                                                                                              \
        sizeof(frai_open_options), 0, 0                                                            \
    }

typedef enum frai_match {
    FRAI_MATCH_AUTO = 0, /* 1 or 2 words: documents with all words first, then documents with some.
                            3 or more: any word suffices, and the score decides */
    FRAI_MATCH_ALL = 1,  /* documents with all words */
    FRAI_MATCH_ANY = 2   /* documents with any word */
} frai_match;

typedef enum frai_rank {
    FRAI_RANK_DEFAULT = 0, /* BM25 with k1 0.9 and b 0.75; then the best hundred are ranked again by
                              the positions of the words. Takes two to three times as long */
    FRAI_RANK_BM25 = 1     /* BM25 alone, with k1 and b of the index (frai_writer_options) */
} frai_rank;

#define FRAI_SEARCH_EXACT       1u /* words as typed: no stems, spacing rules or names of files */
#define FRAI_SEARCH_COUNT_EXACT 2u /* info.total is exact however large */
#define FRAI_SEARCH_NO_FIX      4u /* no corrections, no fronts: search for what was typed */
#define FRAI_SEARCH_NO_TOTAL    8u /* don't count: info.total is exact only if all were found */
/* A word that occurs in no document is replaced by the nearest indexed word within one keystroke
 * (two from five syllables). */
#define FRAI_SEARCH_FUZZY 16u
/* As you type: the last word is a prefix. */
#define FRAI_SEARCH_PREFIX 32u
/* Words beyond the limits, exclusions of punctuation alone and dashes that exclude nothing (-6,
 * --amend, longer dashes) are FRAI_ERR_ARGUMENT. Without this flag they are left out, or text. */
#define FRAI_SEARCH_STRICT_LIMITS 64u

#define FRAI_QUERY_WORDS_MAX 128u      /* distinct words of a query; the others are left out */
#define FRAI_LIMIT_MAX       10000000u /* of offset + limit */
#define FRAI_WORK_DEFAULT                                                                          \
    1000000000u /* one or two seconds of one core; most searches take less                         \
                   than a thousandth of it */
#define FRAI_SEARCH_MEMORY   (64u << 20)
#define FRAI_WORK_UNLIMITED  UINT64_MAX
#define FRAI_TOTAL_EXACT_MAX 1000u /* totals up to here are exact even without COUNT_EXACT */

/* What a search says of itself. Its slices last as long as the results. */
typedef struct frai_search_info {
    size_t struct_size;
    uint64_t total; /* matching documents; a lower bound if total_is_exact is 0. Hits that follow
                       those with all words, or with a word whole (frai_search), are not counted */
    int total_is_exact;
    int no_hit_has_all_words; /* every hit has some of the words only */
    int truncated;            /* the query had too many terms; the last ones were left out */
    frai_slice rewritten;     /* the query as it was corrected; empty: as typed */
    uint64_t scored_docs, decoded_postings; /* work done */
    uint32_t hits_with_all_words;           /* of the hits returned */
    frai_slice suggestion;  /* what words that occur in no document may have meant; or empty */
    frai_slice missing;     /* words that occur in no matching document (without any hit: in no
                               document), as typed, separated by '\n' */
    uint32_t words_ignored; /* words beyond the limits: left out, or searched for in part */
    uint32_t words;         /* distinct words and phrases; 0: the query has nothing to look for */
    int all_words_first;    /* hits with all words come before the others */
    frai_slice replaced;    /* words that no document has, with what was searched for in their
                               place: a line "word\tinstead" each. `rewritten` is all of it */
    int by_fronts; /* nothing was found: the hits are of the fronts that replaced the words */
    int partial;   /* frai_search_options.work_limit cut the search short: hits, order and
                      total are those of what it had looked at */
    uint64_t work; /* done, in the units of work_limit */
} frai_search_info;
#define FRAI_SEARCH_INFO_INIT                                                                      \
    {                                                                                              \
        sizeof(frai_search_info), 0, 0, 0, 0, {0, 0}, 0, 0, 0, {0, 0}, {0, 0}, 0, 0, 0, {0, 0}, 0, \
            0, 0                                                                                   \
    }

typedef struct frai_search_options {
    size_t struct_size;
    uint32_t limit;  /* hits wanted, 1 to FRAI_LIMIT_MAX; default 10 */
    uint64_t offset; /* hits skipped; offset + limit at most FRAI_LIMIT_MAX */
    frai_match match;
    uint32_t flags; /* FRAI_SEARCH_… */
    frai_rank rank;
    int (*interrupt)(void *arg); /* NULL, or called often: a result other than 0 ends the search
                                    with FRAI_ERR_CANCELED */
    void *interrupt_arg;
    uint64_t timeout_us; /* the search ends with FRAI_ERR_CANCELED after so long; 0: no limit */
    uint64_t work_limit; /* the work that the search may do: what it has found by then is its
                            result, and info.partial tells. The same query does the same work on
                            every machine. 0: FRAI_WORK_DEFAULT; FRAI_WORK_UNLIMITED */
} frai_search_options;
#define FRAI_SEARCH_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(frai_search_options), 10, 0, FRAI_MATCH_AUTO, 0, FRAI_RANK_DEFAULT, 0, 0, 0, 0      \
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

/* Opens the latest commit of the index in `dir`. Maps its files and checks headers and section
 * tables; pages are verified when they are first read. options NULL: defaults.
 *
 * FRAI_ERR_NOT_FOUND  no directory, or no index in it
 * FRAI_ERR_CORRUPT    manifest, header or section table is damaged; err->message names the file
 * FRAI_ERR_TOO_OLD, FRAI_ERR_TOO_NEW   of another format: build it again, or use a newer library
 * FRAI_ERR_IO, FRAI_ERR_MEMORY */
FRAI_API frai_status frai_index_open(const char *dir, const frai_open_options *options,
                                     frai_index **index, frai_error *err);
FRAI_API void frai_index_close(frai_index *index); /* close its searchers first; NULL is fine */

/* Documents that are not deleted. */
FRAI_API uint64_t frai_index_document_count(const frai_index *index);

/* 1 if the latest manifest is damaged and the one before it was opened instead. */
FRAI_API int frai_index_used_previous_commit(const frai_index *index);

FRAI_API frai_status frai_searcher_create(frai_index *index, frai_searcher **searcher,
                                          frai_error *err);
FRAI_API void frai_searcher_destroy(frai_searcher *searcher); /* NULL is fine */

/* Bytes that the searcher holds now, itself included. What zstd keeps to read stored text, some
 * hundred KiB of each segment, is in it, but not under frai_open_options.searcher_memory. */
FRAI_API uint64_t frai_searcher_memory(const frai_searcher *searcher);

#define FRAI_SYNONYMS_MAX 64u

/* Sets synonyms for later queries of the searcher: each line has some that mean the same, separated
 * by commas; "#" begins a comment. A synonym may consist of several words. The first
 * FRAI_SYNONYMS_MAX synonyms of a word are searched for. An empty text removes the list.
 *
 * FRAI_ERR_MEMORY   the previous list stays */
FRAI_API frai_status frai_searcher_set_synonyms(frai_searcher *searcher, frai_slice text,
                                                frai_error *err);

/* Finds the documents that best match `query`.
 *
 *   query      UTF-8. Invalid bytes read as U+FFFD and are no error. Everything is a word except:
 *              "quoted"   a phrase, of any length: its terms next to each other, with the end of a
 *                         sentence exactly where the quote has one
 *              -word      excludes documents; so do -"a phrase" and -(each of these). The "-" must
 *                         follow a space. Before a digit it is a minus sign (-6도), but -"6도"
 *                         excludes. A dash that nothing follows, two dashes and dashes of other
 *                         kinds are text
 *              *          as a word of its own: all documents. It has no effect next to words;
 *                         "* -word" finds all documents without the word, by number, with score 0
 *   options    NULL: defaults
 *   results    the hits, best first. No match is FRAI_OK with a count of 0. NULL on failure.
 *
 * The score is BM25 over bigrams of syllables (Robertson & Zaragoza, The Probabilistic Relevance
 * Framework, 2009, in Lucene's form without the factor k1 + 1, natural logarithm). By default the
 * best hundred are ranked again: five more parts are added for words that are close together, early
 * in the text, spaced as typed or in the title (explain.h). Hits with equal scores come in order of
 * their numbers, so a snapshot always gives the same list, and pages fit together. With one or two
 * words, documents with all of them come first (info.hits_with_all_words of them), then the others;
 * if a word reads as several words written without spaces, documents with the separate words come
 * after those that have it whole. If nothing is found, and not all words are demanded, words that
 * no document has are replaced by their fronts (info.by_fronts).
 *
 * FRAI_ERR_ARGUMENT  NULL, limit is 0, offset + limit above FRAI_LIMIT_MAX, an unknown match, rank
 *                    or flag; with FRAI_SEARCH_STRICT_LIMITS, a query that is too long
 * FRAI_ERR_SYNTAX    the query has exclusions only
 * FRAI_ERR_CORRUPT   a page is damaged; err->message names segment and section
 * FRAI_ERR_CANCELED  by options->interrupt or options->timeout_us
 * FRAI_ERR_MEMORY
 *
 * Waits for pages to be read, but for no lock. */
FRAI_API frai_status frai_search(frai_searcher *searcher, frai_slice query,
                                 const frai_search_options *options, const frai_results **results,
                                 frai_error *err);

/* What may end those calls of a searcher that take no options: passages, fields, explanations. The
 * parameters are as in frai_search_options, which alone count for calls that take options;
 * timeout_us applies to each call by itself. NULL and 0, the defaults: nothing ends them.
 *
 * FRAI_ERR_ARGUMENT  searcher is NULL */
FRAI_API frai_status frai_searcher_set_interrupt(frai_searcher *searcher,
                                                 int (*interrupt)(void *arg), void *interrupt_arg,
                                                 uint64_t timeout_us, frai_error *err);

#ifdef __cplusplus
}
#endif
#endif
