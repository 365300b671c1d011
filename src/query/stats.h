/* stats.h: what scores know of the collection: how many documents, and how many of them have each
 * term of a query. A plan takes it of its own index, or is given it: sums over many indexes, so
 * that each of them scores its documents as one index of all would.
 *
 * A coordinator collects the statistics of a query from every index, adds them, hands the sum to
 * each search, and merges the hits: by tier, then by score, then by index and document. Scores, and
 * with them the order, are those of the one index to the bit: what is added up are integers, and a
 * score is summed in the order of the query. Three things an index decides by what it has itself:
 *
 *   corrections, spaces put in: whether no document has a word. They have to be decided once, and
 *     the query be searched as decided, with FRAI_SEARCH_NO_FIX.
 *   expansions: names in the other script, where an index has both side by side, and words of
 *     initials. Another index may have the one without the other; it has to be told. Spellings,
 *     completions and names of files are whatever stands in the dictionary: a term that is in one
 *     index only is in its statistics only, which is the count in all of them (but for completions
 *     that a limit cuts off).
 *   lines that documents repeat: those that one segment knows as such. */
#ifndef FR_QUERY_STATS_H
#define FR_QUERY_STATS_H

#include "base/memory.h"
#include "query/query.h"

/* All documents together. */
struct fr_collection {
    uint64_t documents, tokens; /* that have text; their terms */
    uint64_t postings;          /* but those of repeated lines */
};

float fr_collection_average(const struct fr_collection *c); /* tokens of a document; or 0 */

/* A term, or a lone syllable, as it is named apart from any query: at most FR_TERM_NAME_MAX bytes.
 */
#define FR_TERM_NAME_MAX (FR_WORD_MAX_BYTES + 8u)
size_t fr_term_name(const struct fr_query *query, uint32_t term, char *name);
size_t fr_syllable_name(const struct fr_query *query, uint32_t word, char *name);

struct fr_term_stats {
    uint32_t name_at, name_bytes;
    uint64_t df;
    uint64_t first_df; /* of a pair that continues a run: of all pairs with its first syllable */
};

struct fr_collection_stats {
    struct fr_collection all;
    struct fr_buf terms; /* struct fr_term_stats, by name */
    struct fr_buf names; /* end to end */
};

void fr_stats_init(struct fr_collection_stats *stats, const frai_allocator *mem);
void fr_stats_deinit(struct fr_collection_stats *stats);
void fr_stats_clear(struct fr_collection_stats *stats);

/* Behind those that are there; fr_stats_sort ends a row of them, and drops what is there twice. */
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
