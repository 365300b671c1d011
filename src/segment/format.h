/* format.h: the constants of FORMAT.md, and those parts of files that have a fixed layout. Values
 * are stored; none is ever reused. */
#ifndef FR_SEGMENT_FORMAT_H
#define FR_SEGMENT_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "base/units.h"

#define FR_SEGMENT_MAGIC     "FRAISEG\n"
#define FR_SEGMENT_END_MAGIC "\nGESIARF"
#define FR_PAGE_BYTES        4096u /* what one checksum covers */
#define FR_PAGES_PER_GROUP   512u  /* page checksums that one group checksum covers */
#define FR_SECTION_ALIGN     64u
#define FR_SECTION_PAD       64u /* zero bytes after every section: FR_OVERREAD of the codec */

enum fr_section_id {
    FR_SECTION_PAIR_FIRST = 1, /* dictionary of pairs: first codes and where each begins */
    FR_SECTION_PAIR_SECOND,    /* second code of every pair */
    FR_SECTION_PAIR_BY_LAST,   /* the same pairs ordered by second code */
    FR_SECTION_WORDS,          /* word terms, front-coded */
    FR_SECTION_WORD_INDEX,
    FR_SECTION_TERMS, /* df and lengths of every term */
    FR_SECTION_TERM_INDEX,
    FR_SECTION_POSTINGS,
    FR_SECTION_POSITIONS,
    FR_SECTION_BLOCKS,  /* skip data and bounds of terms with more than one block */
    FR_SECTION_LENGTHS, /* of documents: what their norms lose */
    FR_SECTION_NORMS,   /* one byte a document */
    FR_SECTION_WIDTHS,  /* bits of a position, one byte a document */
    FR_SECTION_EOJEOLS, /* positions and 어절 starts */
    FR_SECTION_EOJEOL_INDEX,
    FR_SECTION_IDS,
    FR_SECTION_ID_INDEX,
    FR_SECTION_ID_LOOKUP, /* documents ordered by the hash of their id */
    FR_SECTION_STORE,     /* documents, zstd */
    FR_SECTION_STORE_INDEX,
    FR_SECTION_STORE_DICT,
    FR_SECTION_COLUMNS,
    FR_SECTION_LIVE, /* bitmap; empty when every document lives */
    FR_SECTION_LEXICON,
    FR_SECTION_LEXICON_INDEX,
    FR_SECTION_RANGE_NORMS,   /* least norm of each 64 documents */
    FR_SECTION_PAIR_FIRST_DF, /* document frequencies of all pairs of a first code */
    FR_SECTION_LEXICON_BY_INITIALS,
    FR_SECTION_NAME_FILTER, /* Bloom filter of the names in the lexicon */
    FR_SECTION_FIELD_ENDS,  /* where the text fields of each document end */
    FR_SECTION_FIELD_END_INDEX,
    FR_SECTION_LIMIT
};

/* Of an entry of the section table: a program that doesn't know the section may pass it over. */
#define FR_SECTION_OPTIONAL 1u

/* Second codes up to here say what else a syllable is, not which other follows (text/analyzer.h);
 * such pairs are not in pair_by_last. */
#define FR_PAIR_LONE_MAX 4u

#define FR_RANGE_LEVELS      16u
#define FR_TERM_GROUP        32u
#define FR_RARE_MOST         3u /* postings that stand in a term's entry */
#define FR_WORD_GROUP        16u
#define FR_ID_GROUP          32u
#define FR_EOJEOL_GROUP      64u
#define FR_LENGTH_GROUP      1024u
#define FR_FIELD_END_GROUP   64u
#define FR_STORE_BLOCK_BYTES 32768u

/* K of BM25 with which the bounds in an index of text are made; those of pre-tokenized terms are
 * made with the k1 and b of the index. Rankings with another K use them as well, less tightly. */
#define FR_IMPACT_K1 0.9f
#define FR_IMPACT_B  0.75f

#define FR_DENSE_CHUNK 1u   /* ranges, at the least, whose positions have one offset */
#define FR_DENSE_LEAST 64u  /* documents */
#define FR_DENSE_SHARE 128u /* a term is dense when one document of so many has it */

/* A dense term's ranges are coded, not listed, when one document of so many has it. */
#define FR_DENSE_CODED_SHARE 64u

/* A share of the documents, rounded up. */
static inline uint32_t fr_dense_least(uint32_t docs, uint32_t share)
{
    uint32_t least = docs / share + (docs % share != 0);
    return least > FR_DENSE_LEAST ? least : FR_DENSE_LEAST;
}

static inline int fr_term_is_dense(uint64_t df, uint32_t docs)
{
    return df >= fr_dense_least(docs, FR_DENSE_SHARE);
}

/* What stands in files as it is here: members without gaps, at any address. */
#define FR_PACKED __attribute__((packed))

struct fr_segment_header {
    char magic[8];
    uint32_t format;
    uint8_t zeros[52];
} FR_PACKED;

/* A footer: these, the section table, struct fr_page_table, the group sums. What a segment says of
 * itself. */
struct fr_segment_stats {
    uint64_t tokens; /* surface terms, the sum of lengths */
    uint64_t postings;
    uint64_t positions;
    uint64_t source_bytes; /* of indexed text */
    uint32_t docs;         /* document numbers, holes included */
    uint32_t live_docs;
    uint32_t texts; /* living documents with a surface term: N of BM25, as Lucene counts a field */
    uint32_t pair_terms, word_terms;
    uint32_t path_terms; /* words of class FR_TERM_PATH */
    uint32_t lexicon_words;
    uint32_t columns, text_fields; /* text_fields: title, body and the declared ones */
    uint32_t analyzer;
    float k1, b, average_length; /* that the bounds were made with */
    uint32_t section_count;      /* entries of the section table */
};

struct fr_section_entry {
    uint32_t id, flags;
    uint64_t at, bytes;
} FR_PACKED;

struct fr_page_table {
    uint64_t paged_bytes, page_count; /* pages cover [0, paged_bytes) */
} FR_PACKED;

struct fr_segment_tail {
    uint64_t footer_at, footer_bytes, footer_hash;
    uint8_t zeros[16];
    uint32_t format, zero;
    char magic[8];
    uint64_t hash; /* of what is before it here */
} FR_PACKED;

/* Of section store_index: a block of stored records, or a part of a long one. */
struct fr_store_entry {
    uint64_t at;
    uint32_t bytes, plain_bytes, first_doc;
    uint32_t position; /* of a part: no term that begins in it has a smaller one */
} FR_PACKED;

/* Of section term_index: where things of a group of FR_TERM_GROUP terms begin. */
struct fr_term_group {
    uint64_t terms_at, postings_at, positions_at;
    uint64_t blocks_before;
} FR_PACKED;

/* A dense term's postings: this, the rows, and what FORMAT.md says. */
struct fr_dense_header {
    uint32_t level_bytes, wide_bytes, high_count, rare_count;
    uint8_t levels[FR_RANGE_LEVELS];
} FR_PACKED;

struct fr_coded_row {
    uint8_t codes[32];
    uint32_t entries_at, wide_at, high_at;
} FR_PACKED;

struct fr_listed_row { /* of a term of at most 65,535 documents */
    uint64_t ranges;
    uint16_t entries_at, high_at;
} FR_PACKED;

struct fr_wide_listed_row { /* of others */
    uint64_t ranges;
    uint32_t entries_at, high_at;
} FR_PACKED;

struct fr_rare_tf { /* of a posting of a dense term whose tf is 19 or more */
    uint32_t doc, tf;
} FR_PACKED;

_Static_assert(sizeof(struct fr_segment_header) == 64, "header");
_Static_assert(sizeof(struct fr_segment_stats) == 88, "statistics");
_Static_assert(sizeof(struct fr_section_entry) == 24, "section table");
_Static_assert(sizeof(struct fr_page_table) == 16, "page table");
_Static_assert(sizeof(struct fr_segment_tail) == 64, "tail");
_Static_assert(offsetof(struct fr_segment_tail, hash) == 56, "tail");
_Static_assert(sizeof(struct fr_store_entry) == 24, "store_index");
_Static_assert(sizeof(struct fr_term_group) == 32, "term_index");
_Static_assert(sizeof(struct fr_dense_header) == 32, "dense term");
_Static_assert(sizeof(struct fr_coded_row) == 44, "row of a coded term");
_Static_assert(sizeof(struct fr_listed_row) == 12, "row of a listed term");
_Static_assert(sizeof(struct fr_wide_listed_row) == 16, "row of a listed term");
_Static_assert(sizeof(struct fr_rare_tf) == 8, "rare");

/* Ranges of FR_RANGE_DOCS documents that so many make. */
static inline uint32_t fr_range_count(uint32_t docs)
{
    return docs / FR_RANGE_DOCS + (docs % FR_RANGE_DOCS != 0);
}

#endif
