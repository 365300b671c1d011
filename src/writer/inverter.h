/* inverter.h: a chunk of documents → a run: their postings sorted by term, and what each document
 * adds to the other sections. Chunks are cut by the input alone, so runs don't depend on threads.
 */
#ifndef FR_WRITER_INVERTER_H
#define FR_WRITER_INVERTER_H

#include "base/compress.h"
#include "base/interner.h"
#include "base/sort.h"
#include "index/manifest.h"
#include "text/analyzer.h"
#include "text/stem.h"

#define FR_CHUNK_BYTES (4u << 20)
#define FR_CHUNK_DOCS  16384u /* their numbers fit the payload's 14 bits */

/* What comes in: records (segment/record.h) and ids of consecutive documents. */
struct fr_chunk {
    uint32_t first_doc, docs;
    struct fr_buf records, record_lengths; /* bytes; uint32_t each */
    struct fr_buf ids, id_lengths;         /* bytes; uint32_t each */

    /* What comes out. Part of `run`, in order: pairs, words, lexicon, each ascending:
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
    struct fr_buf lengths;    /* uint32_t surface terms of each document */
    struct fr_buf positions;  /* uint32_t last position + 1 of the text */
    struct fr_buf widths;     /* uint8_t bits of the last position, the name's behind the text's */
    struct fr_buf field_ends; /* uint32_t of each text field but the last (segment/field_ends.h) */
    struct fr_buf starts;     /* uint32_t 어절 starts */
    struct fr_buf start_counts; /* uint32_t */
    struct fr_buf store, store_index;
    uint64_t text_bytes;
    bool failed; /* out of memory */
};

void fr_chunk_init(struct fr_chunk *c, const frai_allocator *mem);
void fr_chunk_deinit(struct fr_chunk *c);

struct fr_line_seen {
    uint32_t docs, latest_doc, bytes;
    uint64_t at; /* in the chunk's records, where it was seen first */
};

/* Scratch of one worker. */
struct fr_inverter {
    struct fr_analyzer analyzer;
    struct fr_stemmer *stemmer;
    const struct fr_settings *settings;
    struct fr_buf pair_items, word_items, item_scratch; /* struct fr_item */
    struct fr_interner words;                           /* class byte, then bytes */
    struct fr_buf stem_of; /* uint32_t word number of each word's stem, or ~0 */
    struct fr_interner lexicon;
    struct fr_buf lexicon_docs; /* uint32_t documents, uint32_t latest document, of each */
    struct fr_interner lines;   /* 8-byte hashes of lines */
    struct fr_buf line_seen;    /* struct fr_line_seen of each */
    struct fr_buf line_items;   /* struct fr_item: where each line stands; key: its number */
    struct fr_buf order, rank;  /* uint32_t */
    struct fr_buf scratch;
};

bool fr_inverter_init(struct fr_inverter *in, const struct fr_settings *settings,
                      const frai_allocator *mem);
void fr_inverter_deinit(struct fr_inverter *in);

/* Fills the chunk's out part. compressor NULL: no stored text. Sets chunk->failed on no memory. */
void fr_invert(struct fr_inverter *in, struct fr_chunk *chunk, struct fr_compressor *compressor);

#endif
