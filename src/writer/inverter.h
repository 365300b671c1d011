/* inverter.h: turns a chunk of documents into a run, which is their postings sorted by term, and
 * what each document adds to the other sections. Where chunks end depends on the input alone, so
 * runs don't depend on threads. */
#ifndef FR_WRITER_INVERTER_H
#define FR_WRITER_INVERTER_H

#include "base/compress.h"
#include "base/interner.h"
#include "base/sort.h"
#include "index/manifest.h"
#include "segment/store.h"
#include "text/analyzer.h"
#include "text/stem.h"

#define FR_CHUNK_BYTES (4u << 20)
#define FR_CHUNK_DOCS  16384u /* their numbers fit the payload's 14 bits */

/* A longer record goes through chunks of its own, a part of this length in each. */
#define FR_PART_BYTES (2u << 20)

/* What positions of a part begin at, but for the first part: what is before it is not known yet. */
#define FR_PART_ORIGIN 8u

/* A piece of a text field of a part (text/piece.h). */
struct fr_part_piece {
    uint32_t at, bytes, ahead; /* in the chunk's records */
    uint32_t field;            /* 0 title, 1 body, then the declared text fields */
    uint32_t position;         /* output: before it */
    enum fr_cut before;
    bool ends_field;
};

/* Input: records (segment/record.h) and ids of consecutive documents, one of each per document; or
 * a part of the record of one document, whose id is that of its first part. */
struct fr_chunk {
    uint32_t first_doc, docs;
    struct fr_records records, ids;
    bool is_part, is_first, is_last;
    FR_VECTOR(struct fr_part_piece) pieces;
    uint32_t field_bounds; /* text fields, but the last */
    size_t part_bytes;     /* of the record; behind them is what the last piece looks at */
    struct fr_buf path;    /* of the document, with its last part */

    /* Output. The parts of `run`, in this order: pairs, words, lexicon, each ascending:
     *   pair     u32 key, u32 payload bytes, payload
     *   word     u8 class, u16 length, bytes, u32 payload bytes, payload
     *   lexicon  u16 length, bytes, u32 documents
     * payload: u32 documents, then for each: u16 (document - first_doc) << 2 | form, and
     *   form 0      u16 position
     *   form 1      u16 position, two times
     *   form 2      u16 tf, u16 position tf times
     *   form 3      u32 tf, u32 position tf times */
    struct fr_buf run;
    size_t words_at, lexicon_at;
    FR_VECTOR(uint32_t) lengths;   /* surface terms of each document */
    FR_VECTOR(uint32_t) positions; /* last position + 1 of its text */
    struct fr_buf widths;          /* bits of its last position, that of the name included */
    FR_VECTOR(uint32_t)
    field_ends;                       /* of each text field but the last (segment/field_ends.h);
                                         ~0: not in this part */
    FR_VECTOR(uint32_t) starts;       /* of 어절, document by document */
    FR_VECTOR(uint32_t) start_counts; /* how many of them each document has */
    struct fr_store_blocks store;
    uint64_t text_bytes;
    uint32_t first_position; /* of a part: of its first term, ~0 if it has none */
    uint32_t end_position;   /* behind its last one, that of the name included */
    bool failed;             /* out of memory */
};

void fr_chunk_init(struct fr_chunk *c, const frai_allocator *mem);
void fr_chunk_deinit(struct fr_chunk *c);

/* A string of the lexicon: documents that have it, and the last of them. */
struct fr_string_seen {
    uint32_t docs, latest_doc;
};

struct fr_line_seen {
    uint32_t docs, latest_doc, bytes;
    uint64_t at; /* in the chunk's records, where it was seen first */
};

/* An interned string, with its first bytes, so that most comparisons don't look at it. */
struct fr_prefixed {
    uint64_t prefix;
    uint32_t number;
};

FR_VECTOR_TYPE(fr_items, struct fr_item);

/* Scratch of one worker. */
struct fr_inverter {
    struct fr_analyzer analyzer;
    struct fr_stemmer *stemmer;
    const struct fr_settings *settings;
    struct fr_items pair_items, word_items, item_scratch;
    struct fr_interner words;    /* class byte, then bytes */
    FR_VECTOR(uint32_t) stem_of; /* number of each word's stem, or ~0 */
    struct fr_interner lexicon;
    FR_VECTOR(struct fr_string_seen) lexicon_docs; /* of each */
    struct fr_interner lines;                      /* 8-byte hashes of lines */
    FR_VECTOR(struct fr_line_seen) line_seen;      /* of each */
    struct fr_items line_items;                    /* where each line stands; key: its number */
    FR_VECTOR(struct fr_prefixed) sorted;          /* strings that are being put in order */
    FR_VECTOR(uint32_t) order, rank;
    struct fr_buf title, scratch;
    uint32_t doc_terms, doc_starts; /* surface terms and 어절 of the current document, so far */
};

bool fr_inverter_init(struct fr_inverter *in, const struct fr_settings *settings,
                      const frai_allocator *mem);
void fr_inverter_deinit(struct fr_inverter *in);

/* Fills the chunk's output. compressor NULL: no stored text. chunk->failed: out of memory. */
void fr_invert(struct fr_inverter *in, struct fr_chunk *chunk, struct fr_compressor *compressor);

#endif
