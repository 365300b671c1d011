/* inspect.h: what tools and measurements need to see of an index. */
#ifndef FRAI_INSPECT_H
#define FRAI_INSPECT_H

#include "search.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For frai_writer_options.analyzer: body is a stream of terms, cut already, between spaces.
 * Positions are ordinals. Queries are such streams too. */
#define FRAI_ANALYZER_PRETOKENIZED 2u

typedef enum frai_terms_mode {
    FRAI_TERMS_OR = 0,
    FRAI_TERMS_AND,
    FRAI_TERMS_PHRASE,
    FRAI_TERMS_OR_COUNT,
    FRAI_TERMS_AND_COUNT,
    FRAI_TERMS_OR_EXHAUSTIVE, /* the reference evaluators: no pruning */
    FRAI_TERMS_AND_EXHAUSTIVE,
    FRAI_TERMS_OR_TOP_COUNT /* the best of OR, and its exact count */
} frai_terms_mode;

/* Searches for pre-tokenized terms between spaces. OR, AND and counts use the distinct ones; PHRASE
 * keeps all. Finds up to k hits (k may be 0 for the counting and the exhaustive modes); info.total
 * is exact for these modes, else the number of hits. Results and errors as frai_search. */
FRAI_API frai_status frai_search_terms(frai_searcher *searcher, frai_slice terms,
                                       frai_terms_mode mode, uint32_t k,
                                       const frai_results **results, frai_error *err);

typedef struct frai_section_size {
    const char *name;
    uint64_t bytes;
} frai_section_size;

#define FRAI_SECTIONS_MAX 64u

typedef struct frai_index_stats {
    size_t struct_size;
    uint64_t documents, terms, pairs, words, lexicon_words, postings, positions, tokens,
        source_bytes;
    uint64_t bytes; /* of all segment files */
    uint32_t segments;
    uint64_t generation;
    float k1, b, average_length;
    frai_section_size
        sections[FRAI_SECTIONS_MAX]; /* summed over segments; the last is the overhead */
    uint32_t section_count;
} frai_index_stats;
#define FRAI_INDEX_STATS_INIT                                                                      \
    {                                                                                              \
        sizeof(frai_index_stats), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {{0, 0}}, 0         \
    }

FRAI_API frai_status frai_index_read_stats(const frai_index *index, frai_index_stats *stats,
                                           frai_error *err);

/* The note that the commit of this snapshot came with (frai_writer_set_user_data), its first `room`
 * bytes into `out`; *len: how many it has in all, 0 if there is none or a later commit has swept
 * it. What is read is not held against its checksum. */
FRAI_API frai_status frai_index_user_data(const frai_index *index, char *out, size_t room,
                                          size_t *len, frai_error *err);

/* Reads every byte of every segment, both kept manifests, and decodes every block. `report` (may be
 * NULL) is called with a line for each thing that is damaged, and one for each file that is none of
 * an index's: such files count for nothing. OK, or CORRUPT with the first that is damaged. */
FRAI_API frai_status frai_index_check(const char *dir, void (*report)(void *ctx, const char *line),
                                      void *ctx, frai_error *err);

/* Calls `file` with every file that makes this snapshot, its name and bytes, verified, the manifest
 * last: together they are a directory that frai_index_open takes. A writer beside it doesn't
 * matter. `file` returns 0 to go on; else the status is CANCELED. */
FRAI_API frai_status frai_index_export(const frai_index *index,
                                       int (*file)(void *ctx, const char *name, frai_slice bytes),
                                       void *ctx, frai_error *err);

/* Calls `line` for every document (id), term (text, df) or posting (term, id, tf, positions). */
typedef enum frai_dump { FRAI_DUMP_DOCS, FRAI_DUMP_TERMS, FRAI_DUMP_POSTINGS } frai_dump;
FRAI_API frai_status frai_index_dump(frai_index *index, frai_dump what,
                                     int (*line)(void *ctx, frai_slice text), void *ctx,
                                     frai_error *err);

typedef struct frai_token_info {
    frai_slice term;
    const char *term_class; /* "surface", "stem", … */
    uint32_t position, span;
    uint64_t begin, end; /* bytes of the text */
    int starts_word;     /* an 어절 begins here */
} frai_token_info;

/* What the analyzer makes of a text. `token` returns 0 to go on. */
FRAI_API frai_status frai_text_tokenize(frai_slice text,
                                        int (*token)(void *ctx, const frai_token_info *), void *ctx,
                                        frai_error *err);

/* Unicode NFC of a name, for comparing paths as they are typed. Writes at most `room` bytes, never
 * half a character; returns how many. */
FRAI_API size_t frai_text_normalize(frai_slice text, char *out, size_t room);

#ifdef __cplusplus
}
#endif
#endif
