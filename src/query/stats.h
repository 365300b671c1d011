/* stats.h: what scores depend on besides the document: the size of the collection, and in how many
 * documents each term of a query occurs. A plan takes these numbers from its own index, or is given
 * sums over several indexes; then each index scores its documents as a single index of all
 * documents would.
 *
 * A coordinator collects the statistics of a query from every index, adds them up, passes the sum
 * to each search, and merges the hits by tier, then score, then index and document. Scores and
 * order are those of the single index to the bit, since the sums are of integers and a score is
 * always added up in the order of the query. With the default ranking this holds for tiers of no
 * more documents than are ranked by positions (fr_rank_model.depth): each index ranks that many of
 * its own.
 *
 * Some decisions depend on what an index contains; a coordinator has to make them once for all:
 *
 * - Corrections and added spaces depend on whether any document has a word. Search for the
 *   corrected text, with FRAI_SEARCH_NO_FIX.
 * - Names in the other script, words for initials, and forms of verbs: an index uses only those
 *   that it has seen.
 * - Spellings, completions and file names come from the dictionary. A term that occurs in one index
 *   only is in the statistics of that index only, so its sum is right; but each segment offers only
 *   a limited number of completions.
 * - What a stem is (noun_odds.h) is counted by lexicons, which leave out stems of single documents
 *   in segments of many, and, where no text is stored, don't forget deleted ones.
 * - Repeated lines are those that a segment knows to be repeated. */
#ifndef FR_QUERY_STATS_H
#define FR_QUERY_STATS_H

#include "base/vector.h"
#include "query/query.h"

struct fr_collection {
    uint64_t documents, tokens; /* documents with text, and their terms */
    uint64_t postings;          /* without those of repeated lines */
};

float fr_collection_average(const struct fr_collection *c); /* terms per document; or 0 */

/* The name of a term, a lone syllable or the stem of a word, that is the same in every index:
 * FR_TERM_NAME_MAX bytes at most. */
#define FR_TERM_NAME_MAX (FR_WORD_MAX_BYTES + 8u)
size_t fr_term_name(const struct fr_query *query, uint32_t term, char *name);
size_t fr_stem_name(frai_slice stem, char *name);
size_t fr_syllable_name(const struct fr_query *query, uint32_t word, char *name);

struct fr_term_stats {
    uint32_t name_at, name_bytes;
    uint64_t df;
    uint64_t first_df; /* of a pair that continues a run: summed over pairs that begin as it does;
                          of the stem of a word: documents where it is a noun */
};

struct fr_collection_stats {
    struct fr_collection all;
    FR_VECTOR(struct fr_term_stats) terms; /* by name */
    struct fr_buf names;                   /* end to end */
};

void fr_stats_init(struct fr_collection_stats *stats, const frai_allocator *mem);
void fr_stats_deinit(struct fr_collection_stats *stats);
void fr_stats_clear(struct fr_collection_stats *stats);

/* Appends a term. After the last one fr_stats_sort has to be called, which drops duplicates. */
void fr_stats_put(struct fr_collection_stats *stats, frai_slice name, uint64_t df,
                  uint64_t first_df);
void fr_stats_sort(struct fr_collection_stats *stats);

/* NULL: there is none. */
const struct fr_term_stats *fr_stats_find(const struct fr_collection_stats *stats, frai_slice name);

/* Adds other's numbers to those of sum. False: out of memory, and sum is as it was. */
bool fr_stats_add(struct fr_collection_stats *sum, const struct fr_collection_stats *other);

/* Appends bytes that fr_stats_read reads. */
void fr_stats_write(const struct fr_collection_stats *stats, struct fr_buf *out);

/* Replaces what is in stats. FRAI_ERR_CORRUPT: these are no such bytes; nothing is in stats. */
frai_status fr_stats_read(struct fr_collection_stats *stats, const void *bytes, size_t len,
                          frai_error *err);

#endif
